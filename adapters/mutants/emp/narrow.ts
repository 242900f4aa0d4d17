// Mutants whose fields and tables are too small: nothing is wrong until numbers get large, or messages many.
import type { Answer } from '../../../reference/core/buffers.ts'
import { serialDistance } from '../../../reference/core/serial.ts'
import { DescriptorPool } from '../../../reference/emp/descriptors.ts'
import type { FrameView } from '../../../reference/emp/frame.ts'
import { HostLibrary } from '../../../reference/emp/host.ts'
import { Matching } from '../../../reference/emp/matching.ts'
import { Receiver } from '../../../reference/emp/receiver.ts'
import { Sender } from '../../../reference/emp/sender.ts'
import { empAny } from '../../../spec/vocabulary/emp.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

/** Compares IDs as numbers with a sign, so that 2147483648 is the least of all. */
class SignedComparison extends Receiver {
  protected override isDone(peer: number, id: number): boolean {
    return (id | 0) <= (this.unfinished.highest(peer) | 0)
  }
}

const octet = 0xff

/** Marks a frame by the low octet of its number. */
class FrameOctet extends Receiver {
  protected override mark(record: number, frame: number): boolean {
    return super.mark(record, frame & octet)
  }

  protected override collectionComplete(record: number, collection: number): boolean {
    const size = this.board.configuration.collection
    const end = Math.min((collection + 1) * size, this.unfinished.frames[record] ?? 0)
    for (let frame = collection * size; frame < end; frame++) {
      if (!this.unfinished.marked(record, frame & octet)) return false
    }
    return true
  }
}

/** Keeps the length of a message in sixteen bits. */
class ShortLength extends Receiver {
  protected override reportedBytes(record: number): number {
    return super.reportedBytes(record) & 0xffff
  }
}

/** Keeps receives with wildcards apart from the others, and numbers all of them by an octet to know which is older. */
class OrderOctet extends Matching {
  /** By head slot. */
  private readonly order: number[] = []
  private posts = 0

  override clear(): void {
    super.clear()
    this.posts = 0
  }

  override post(head: number): void {
    this.order[head] = this.posts++ & octet
    super.post(head)
  }

  protected override choose(peer: number, tag: number): number {
    const fitting = [...this.posted.subarray(0, this.count)].filter((head) => this.compatible(head, peer, tag))
    const wild = fitting.find((head) => this.isWild(head))
    const exact = fitting.find((head) => !this.isWild(head))
    if (wild === undefined || exact === undefined) return wild ?? exact ?? -1
    return (this.order[wild] ?? 0) < (this.order[exact] ?? 0) ? wild : exact
  }

  private isWild(head: number): boolean {
    return this.descriptors.peer(head) === empAny || this.descriptors.tag(head) === empAny
  }
}

/** Places in the table of a peer's unfinished messages; a power of two. */
const places = 64

/** Finds messages by the low bits of their IDs, and has no place for one while another is there. */
class SmallTable extends Receiver {
  override receive(view: FrameView): void {
    const { sender, message } = view
    const isNew = this.unfinished.find(sender, message) < 0 && !this.isDone(sender, message)
    if (isNew && this.isOccupied(sender, message % places)) this.drop('table-full')
    else super.receive(view)
  }

  private isOccupied(peer: number, place: number): boolean {
    const { unfinished } = this
    for (let i = 0; i < unfinished.count(peer); i++) {
      if ((unfinished.ids[unfinished.at(peer, i)] ?? 0) % places === place) return true
    }
    return false
  }
}

/** Timers that a NIC has. */
const timersMax = 64

/** Does not time what finds no free timer. */
class FewTimers extends Sender {
  private armed = new Set<number>()

  override clear(): void {
    super.clear()
    this.armed = new Set<number>()
  }

  override expire(): void {
    this.armed.delete(this.board.timers.first)
    super.expire()
  }

  protected override startTimer(flight: number): void {
    if (this.armed.size >= timersMax) return
    this.armed.add(flight)
    super.startTimer(flight)
  }

  protected override stopTimer(flight: number): void {
    this.armed.delete(flight)
    super.stopTimer(flight)
  }
}

/** Pages for lists of addresses, and the pieces of the longest chain. */
const listsMax = 64
const chainedMax = 7

class FewLists extends DescriptorPool {
  private readonly listed = new Set<number>()

  override clear(): void {
    super.clear()
    this.listed.clear()
  }

  override take(pieces: number): number {
    if (pieces <= chainedMax) return super.take(pieces)
    const head = this.listed.size < listsMax ? super.take(pieces) : -1
    if (head >= 0) this.listed.add(head)
    return head
  }

  override release(head: number): void {
    super.release(head)
    this.listed.delete(head)
  }
}

/** Receives that a NIC looks at. */
const receivesMax = 256

class FewReceives extends Matching {
  protected override choose(peer: number, tag: number): number {
    const head = super.choose(peer, tag)
    return this.posted.subarray(0, Math.min(this.count, receivesMax)).includes(head) ? head : -1
  }
}

/** Messages that a NIC has room for in flight. */
const messagesMax = 256

/** Lets further sends wait until one is done. */
class FewMessages extends Sender {
  private waiting: readonly number[] = []

  override clear(): void {
    super.clear()
    this.waiting = []
  }

  override start(head: number): void {
    if (this.messagesInFlight < messagesMax) super.start(head)
    else this.waiting = [...this.waiting, head]
  }

  protected override finish(head: number, outcome?: number): void {
    super.finish(head, outcome)
    const [next, ...others] = this.waiting
    if (next === undefined) return
    this.waiting = others
    super.start(next)
  }
}

/** Messages back to which a NIC remembers that they are done. */
const historyMax = 16

class ShortHistory extends Receiver {
  protected override repeated(view: FrameView): void {
    const behind = serialDistance(view.message, this.unfinished.highest(view.sender))
    if (behind < historyMax) super.repeated(view)
    else this.drop('duplicate')
  }
}

class ShortProbe extends HostLibrary {
  protected override look(from: number, tag: number): Answer {
    const answer = super.look(from, tag)
    const { message } = answer
    return message ? { ...answer, message: { ...message, bytes: message.bytes & 0xffff } } : answer
  }
}

export const narrowMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-signed-id-compare',
    words: 'Compares message IDs as numbers with a sign, so that after 2147483647 every message counts as done.',
    violates: ['EMP-REL-019'],
    make: withEmpParts({ receiver: SignedComparison }),
  },
  {
    name: 'emp-frame-octet',
    words: 'Marks frames by the low octet of their number, so that frame 256 counts as a duplicate of frame 0.',
    violates: ['EMP-REL-001', 'EMP-REL-010'],
    make: withEmpParts({ receiver: FrameOctet }),
  },
  {
    name: 'emp-short-length',
    words: 'Reports the length of a message in sixteen bits.',
    violates: ['EMP-MATCH-009', 'EMP-MATCH-010'],
    make: withEmpParts({ receiver: ShortLength }),
  },
  {
    name: 'emp-order-octet',
    words: 'Numbers receives by an octet, so that after 256 postings a younger wildcard goes before an older receive.',
    violates: ['EMP-MATCH-018'],
    make: withEmpParts({ matching: OrderOctet }),
  },
  {
    name: 'emp-small-table',
    words: 'Drops a message while one is unfinished whose ID agrees with its own in the low six bits.',
    violates: ['EMP-MATCH-004'],
    make: withEmpParts({ receiver: SmallTable }),
  },
  {
    name: 'emp-few-timers',
    words: 'Times 64 collections at once, and never sends those again that find no free timer.',
    violates: ['EMP-REL-006', 'EMP-REL-001', 'EMP-MATCH-006'],
    make: withEmpParts({ sender: FewTimers }),
  },
  {
    name: 'emp-few-lists',
    words: 'Refuses a posting in the indirect format while 64 others are outstanding, though slots are free.',
    violates: ['EMP-DESC-002', 'EMP-DESC-007'],
    make: withEmpParts({ descriptors: FewLists }),
  },
  {
    name: 'emp-few-receives',
    words: 'Looks for the receive of a message among the oldest 256 only.',
    violates: ['EMP-DESC-002', 'EMP-MATCH-002', 'EMP-MATCH-004'],
    make: withEmpParts({ matching: FewReceives }),
  },
  {
    name: 'emp-few-messages',
    words: 'Sends 256 messages at once, and lets others wait until one is done.',
    violates: ['EMP-MATCH-004'],
    make: withEmpParts({ sender: FewMessages }),
  },
  {
    name: 'emp-short-history',
    words: 'Does not acknowledge a message again that is done when its sender has sent sixteen others since.',
    violates: ['EMP-REL-013'],
    make: withEmpParts({ receiver: ShortHistory }),
  },
  {
    name: 'emp-short-probe',
    words: 'Tells a probe the length of a message in sixteen bits.',
    violates: ['EMP-MATCH-017'],
    make: withEmpParts({ host: ShortProbe }),
  },
])

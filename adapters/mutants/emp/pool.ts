// Mutants that lay out descriptors wrongly, or take the wrong number of slots of the pool.
import { DescriptorPool, stat } from '../../../reference/emp/descriptors.ts'
import type { PieceList, Posting } from '../../../reference/emp/descriptors.ts'
import { HostLibrary } from '../../../reference/emp/host.ts'
import { serialAdd } from '../../../reference/core/serial.ts'
import type { Memory } from '../../../reference/core/memory.ts'
import { Sender } from '../../../reference/emp/sender.ts'
import { StatusWriter } from '../../../reference/emp/status.ts'
import type { Range } from '../../../spec/vocabulary/memory.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

type Post = Parameters<HostLibrary['post']>
type PostAnswer = ReturnType<HostLibrary['post']>

/** Stores the tag where the peer belongs and the peer where the tag belongs, and reads them so too. */
class TagBeforePeer extends DescriptorPool {
  override compose(head: number, posting: Posting, pieces: PieceList): void {
    super.compose(head, { direction: posting.direction, peer: posting.tag, tag: posting.peer }, pieces)
  }

  override peer(head: number): number {
    return super.tag(head)
  }

  override tag(head: number): number {
    return super.peer(head)
  }
}

class LastSlotUnused extends DescriptorPool {
  constructor(memory: Memory, size: number) {
    super(memory, Math.max(1, size - 1))
  }
}

class SplitHost extends HostLibrary {
  override post(...[call, id, now]: Post): PostAnswer {
    const { descriptors } = this.means
    if (descriptors instanceof SplitPool) descriptors.sending = call.operation === 'emp.isend'
    return super.post(call, id, now)
  }
}

class SplitPool extends DescriptorPool {
  /** Whether the next posting is a send. */
  sending = false
  private readonly half: number
  /** Whether the request at a head slot is a send. */
  private readonly held = new Map<number, boolean>()

  constructor(memory: Memory, size: number) {
    super(memory, size)
    this.half = Math.ceil(size / 2)
  }

  override clear(): void {
    super.clear()
    this.held.clear()
  }

  override take(pieces: number): number {
    const alike = [...this.held.values()].filter((sending) => sending === this.sending)
    const head = alike.length < this.half ? super.take(pieces) : -1
    if (head >= 0) this.held.set(head, this.sending)
    return head
  }

  override release(head: number): void {
    super.release(head)
    this.held.delete(head)
  }
}

class FullPageHost extends HostLibrary {
  override post(...[call, id, now]: Post): PostAnswer {
    const { descriptors, memory } = this.means
    const bytes = call.pieces.reduce((sum, range) => sum + range.bytes, 0)
    if (descriptors instanceof FullPagePool) descriptors.fullPage = bytes >= memory.page
    return super.post(call, id, now)
  }
}

/** Takes the short format for messages of less than a page, as if its length had to be one, too. */
class FullPagePool extends DescriptorPool {
  /** Whether the next posting is a page long, or longer. */
  fullPage = false

  override take(pieces: number): number {
    return super.take(pieces === 1 && this.fullPage ? 2 : pieces)
  }
}

/** Slots of the longest chain, and a number of pieces that takes the indirect format. */
const chainMax = 4
const manyPieces = 8

class OnePiecePerSlot extends DescriptorPool {
  override take(pieces: number): number {
    if (pieces <= 1 || pieces >= manyPieces) return super.take(pieces)
    // As many slots as two pieces in each further one would fill.
    return super.take(pieces <= chainMax ? 2 * pieces - 1 : manyPieces)
  }
}

/** Takes for a chain whatever is free, and keeps that though it is too little. */
class KeepsWhatItFound extends DescriptorPool {
  override take(pieces: number): number {
    const head = super.take(pieces)
    if (head < 0 && pieces > 1 && pieces < manyPieces) while (super.take(1) >= 0);
    return head
  }
}

/** Posts as much of a message as has room in its indirect page. */
class DropsExcessPieces extends HostLibrary {
  override post(...[call, id, now]: Post): PostAnswer {
    let answer = super.post(call, id, now)
    for (let { pieces } = call; answer?.status === 'too-many-pieces' && pieces.length > 0;) {
      pieces = this.shortened(pieces)
      answer = super.post({ ...call, pieces }, id, now)
    }
    return answer
  }

  /** Without the last page. */
  private shortened(pieces: readonly Range[]): readonly Range[] {
    const { page } = this.means.memory
    const last = pieces.at(-1)
    const others = pieces.slice(0, -1)
    return last && last.bytes > page ? [...others, { ...last, bytes: last.bytes - page }] : others
  }
}

class CountsRefused extends HostLibrary {
  override post(...[call, id, now]: Post): PostAnswer {
    const answer = super.post(call, id, now)
    const { descriptors } = this.means
    const isRefused = answer?.status === 'no-descriptor' && call.operation === 'emp.isend'
    if (isRefused && descriptors instanceof RefusalsCounted) descriptors.count(call.to)
    return answer
  }
}

class RefusalsCounted extends DescriptorPool {
  /** Sends that found no slot, by peer. */
  private readonly refused = new Map<number, number>()

  override clear(): void {
    super.clear()
    this.refused.clear()
  }

  count(peer: number): void {
    this.refused.set(peer, this.refusedTo(peer) + 1)
  }

  refusedTo(peer: number): number {
    return this.refused.get(peer) ?? 0
  }
}

/** Leaves out an ID for each send that was refused: it was taken before there was a slot. */
class LeavesOutRefused extends Sender {
  override start(head: number): void {
    super.start(head)
    const { descriptors } = this.board
    const refused = descriptors instanceof RefusalsCounted ? descriptors.refusedTo(this.peers[head] ?? 0) : 0
    this.ids[head] = serialAdd(this.ids[head] ?? 0, refused)
  }
}

class HandsBackTwice extends StatusWriter {
  protected override complete(head: number, bytes: number, outcome: number): void {
    super.complete(head, bytes, outcome)
    // The host may have seen it, so that the slot is free.
    if (this.descriptors.stat(head) !== stat.free) super.complete(head, bytes, outcome)
  }
}

export const poolMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-descriptor-tag-before-peer',
    words: 'Lays a descriptor out with its tag in the place of its peer, and its peer in the place of its tag.',
    violates: ['EMP-DESC-001'],
    make: withEmpParts({ descriptors: TagBeforePeer }),
  },
  {
    name: 'emp-last-slot-unused',
    words: 'Takes the pool for exhausted when one slot is still free.',
    violates: ['EMP-DESC-002'],
    make: withEmpParts({ descriptors: LastSlotUnused }),
  },
  {
    name: 'emp-pool-split',
    words: 'Keeps one half of the pool for sends and the other half for receives.',
    violates: ['EMP-DESC-002'],
    make: withEmpParts({ host: SplitHost, descriptors: SplitPool }),
  },
  {
    name: 'emp-full-page-chained',
    words: 'Takes two slots for a message of one full page.',
    violates: ['EMP-DESC-005'],
    make: withEmpParts({ host: FullPageHost, descriptors: FullPagePool }),
  },
  {
    name: 'emp-chain-slot-per-piece',
    words: 'Holds one piece in each further slot of a chain, and takes the indirect format from five pieces on.',
    violates: ['EMP-DESC-006'],
    make: withEmpParts({ descriptors: OnePiecePerSlot }),
  },
  {
    name: 'emp-chain-keeps-slots',
    words: 'Keeps the free slots that it found for a chain which it then refuses.',
    violates: ['EMP-DESC-012'],
    make: withEmpParts({ descriptors: KeepsWhatItFound }),
  },
  {
    name: 'emp-drops-excess-pieces',
    words: 'Accepts a posting of too many pieces and forgets those that do not fit.',
    violates: ['EMP-DESC-011'],
    make: withEmpParts({ host: DropsExcessPieces }),
  },
  {
    name: 'emp-refusal-takes-id',
    words: 'Uses up a message ID for a send that it refuses because no slot is free.',
    violates: ['EMP-DESC-003', 'EMP-REL-018'],
    make: withEmpParts({ host: CountsRefused, descriptors: RefusalsCounted, sender: LeavesOutRefused }),
  },
  {
    name: 'emp-hands-back-twice',
    words: 'Writes the status of a finished descriptor twice, so that its host is told twice.',
    violates: ['EMP-DESC-010', 'EMP-REL-011'],
    make: withEmpParts({ status: HandsBackTwice }),
  },
])

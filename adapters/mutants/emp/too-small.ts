// Mutants with fields, words and tables that are too small for what is rare: large collections, many pieces, odd frames.
import type { Board } from '../../../reference/emp/board.ts'
import { stat } from '../../../reference/emp/descriptors.ts'
import { Dma } from '../../../reference/emp/dma.ts'
import type { FrameView } from '../../../reference/emp/frame.ts'
import { HostLibrary, type OpenWait } from '../../../reference/emp/host.ts'
import { Intake } from '../../../reference/emp/intake.ts'
import { Receiver } from '../../../reference/emp/receiver.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

/** Bits of a word. */
const wordBits = 32

/** Marks the frames of a collection in one word. */
class CollectionWord extends Receiver {
  protected override collectionComplete(record: number, collection: number): boolean {
    const size = this.board.configuration.collection
    const first = collection * size
    const end = Math.min(first + size, this.unfinished.frames[record] ?? 0)
    const bits = new Set<number>()
    for (let frame = first; frame < end; frame++) {
      if (this.unfinished.marked(record, frame)) bits.add((frame - first) % wordBits)
    }
    return bits.size >= Math.min(wordBits, end - first)
  }
}

/** Compares the length of a message with that of its receive in sixteen bits. */
class ShortComparison extends Receiver {
  protected override finish(record: number): void {
    const { peers, tags, totals, heads } = this.unfinished
    const total = totals[record] ?? 0
    const head = heads[record] ?? 0
    const capacity = this.capacity(record)
    if (total <= capacity || (total & 0xffff) > (capacity & 0xffff)) return super.finish(record)
    this.board.descriptors.bind(head, peers[record] ?? 0, tags[record] ?? 0)
    this.board.status.finish(head, this.reportedBytes(record), stat.done)
  }
}

/** Sets the high octet of a field of the waiting frame to 0, as if the field had eight bits. */
function narrowed({ memory, ring }: Board, field: number): void {
  memory.octets[ring.place + field] = 0
}

class TypeOctet extends Intake {
  override take(): void {
    narrowed(this.board, 16)
    super.take()
  }
}

class SenderOctet extends Intake {
  override take(): void {
    narrowed(this.board, 14)
    super.take()
  }
}

/** Compares the last four octets of a MAC, and believes that of the two before them what the other address says. */
class LowMac extends Intake {
  protected override destinationMatches(view: FrameView): boolean {
    const isAlike = this.board.link.isMac(this.board.node, view.sourceHigh, view.destinationLow)
    return isAlike || super.destinationMatches(view)
  }

  protected override sourceMatches(view: FrameView): boolean {
    return this.board.link.isMac(view.sender, view.destinationHigh, view.sourceLow) || super.sourceMatches(view)
  }
}

/** Bits for the requests of a waitall. */
const requestsMax = 16

/** Marks what is done of a waitall in sixteen bits. */
class WaitBits extends HostLibrary {
  protected override isOver(wait: OpenWait): boolean {
    return super.isOver({ ...wait, requests: wait.requests.slice(0, requestsMax) })
  }
}

/** Addresses that the engine takes for one frame. */
const piecesMax = 16

/** Sends what lies beyond the last piece that the engine took as it finds it. */
class FewPieces extends Dma {
  override gather(head: number, offset: number, bytes: number, to: number): void {
    let room = 0
    let start = 0
    for (let piece = 0, taken = 0; piece < this.descriptors.pieceCount(head) && taken < piecesMax; piece++) {
      const end = start + this.descriptors.pieceBytes(head, piece)
      if (end > offset) {
        taken++
        room = end - offset
      }
      start = end
    }
    super.gather(head, offset, Math.min(bytes, room), to)
  }
}

/** Has one table for the unfinished messages of all peers. */
class TableForAll extends Receiver {
  override receive(view: FrameView): void {
    const { sender, message } = view
    const isNew = this.unfinished.find(sender, message) < 0 && !this.isDone(sender, message)
    if (isNew && this.unfinished.total >= this.board.configuration.descriptors) this.drop('table-full')
    else super.receive(view)
  }
}

/** Places in which a NIC remembers what it has received. */
const placesMax = 256

/** Takes a place for each message that it has received, and gives none back. */
class PlacesRunOut extends Receiver {
  private taken = 0

  override clear(): void {
    super.clear()
    this.taken = 0
  }

  override receive(view: FrameView): void {
    const { sender, message } = view
    const isNew = this.unfinished.find(sender, message) < 0 && !this.isDone(sender, message)
    if (isNew && this.taken >= placesMax) this.drop('table-full')
    else super.receive(view)
  }

  protected override finish(record: number): void {
    super.finish(record)
    this.taken++
  }
}

export const tooSmallMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-collection-word',
    words: 'Marks the frames of a collection in a word of 32 bits, so that one stands for those 32 behind it.',
    violates: ['EMP-REL-002', 'EMP-REL-005'],
    make: withEmpParts({ receiver: CollectionWord }),
  },
  {
    name: 'emp-short-comparison',
    words: 'Compares the length of a message with that of its receive in sixteen bits.',
    violates: ['EMP-MATCH-009'],
    make: withEmpParts({ receiver: ShortComparison }),
  },
  {
    name: 'emp-type-octet',
    words: 'Reads the type of a frame in eight bits.',
    violates: ['EMP-FRAME-006'],
    make: withEmpParts({ intake: TypeOctet }),
  },
  {
    name: 'emp-sender-octet',
    words: 'Reads the sender of a frame in eight bits.',
    violates: ['EMP-FRAME-008'],
    make: withEmpParts({ intake: SenderOctet }),
  },
  {
    name: 'emp-compares-low-mac',
    words: 'Compares the last four octets of addresses, and not the two before them.',
    violates: ['EMP-FRAME-008'],
    make: withEmpParts({ intake: LowMac }),
  },
  {
    name: 'emp-wait-bits',
    words: 'Returns from a waitall when the first sixteen of its requests are done.',
    violates: ['EMP-HOST-004', 'EMP-REL-010', 'EMP-REL-011'],
    make: withEmpParts({ host: WaitBits }),
  },
  {
    name: 'emp-few-pieces-in-frame',
    words: 'Gathers at most sixteen pieces for a frame, and sends what happens to stand behind them.',
    violates: ['EMP-DESC-007', 'EMP-DESC-009'],
    make: withEmpParts({ dma: FewPieces }),
  },
  {
    name: 'emp-table-for-all',
    words: 'Has room for as many unfinished messages of all peers together as there are descriptors.',
    violates: ['EMP-STATE-002', 'EMP-REL-001', 'EMP-REL-003'],
    make: withEmpParts({ receiver: TableForAll }),
  },
  {
    name: 'emp-places-run-out',
    words: 'Keeps a place for each message that it has received, and has 256 of them.',
    violates: ['EMP-REL-001'],
    make: withEmpParts({ receiver: PlacesRunOut }),
  },
])

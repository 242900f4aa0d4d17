// Mutants that give descriptors back at the wrong time, or take the wrong format for them.
import { DescriptorPool } from '../../../reference/emp/descriptors.ts'
import type { PieceList, Posting } from '../../../reference/emp/descriptors.ts'
import { Dma } from '../../../reference/emp/dma.ts'
import { HostLibrary } from '../../../reference/emp/host.ts'
import { StatusWriter } from '../../../reference/emp/status.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

class FreedWhenDone extends StatusWriter {
  protected override complete(head: number, bytes: number, outcome: number): void {
    this.descriptors.release(head)
    super.complete(head, bytes, outcome)
  }
}

class Leak extends HostLibrary {
  protected override release(_head: number): void {
    // Its slots stay taken for ever.
  }
}

/** Takes any range of at most a page for one page. */
class OnePageHost extends HostLibrary {
  override post(...posting: Parameters<HostLibrary['post']>): ReturnType<HostLibrary['post']> {
    const [call] = posting
    const { descriptors, memory } = this.means
    const bytes = call.pieces.reduce((sum, range) => sum + range.bytes, 0)
    if (descriptors instanceof OnePagePool) descriptors.onePage = call.pieces.length === 1 && bytes <= memory.page
    return super.post(...posting)
  }
}

class OnePagePool extends DescriptorPool {
  /** Whether the next posting is written as a single piece. */
  onePage = false

  override take(pieces: number): number {
    return super.take(this.onePage ? 1 : pieces)
  }

  override compose(head: number, posting: Posting, pieces: PieceList): void {
    const joined = { ...pieces, lengths: Int32Array.of(pieces.total), count: 1 }
    super.compose(head, posting, this.onePage ? joined : pieces)
  }
}

/** What the bus does: a piece that is too long for its page goes on in the next physical one, whosever that is. */
class PhysicalDma extends Dma {
  override gather(head: number, offset: number, bytes: number, to: number): void {
    if (this.descriptors.pieceCount(head) > 1) {
      super.gather(head, offset, bytes, to)
      return
    }
    const { octets } = this.memory
    for (const { done, place, part } of this.runs(head, offset, bytes)) {
      octets.copyWithin(to + done, place, place + part)
    }
  }

  override scatter(head: number, offset: number, bytes: number, from: number): void {
    if (this.descriptors.pieceCount(head) > 1) {
      super.scatter(head, offset, bytes, from)
      return
    }
    const { octets } = this.memory
    for (const { done, place, part } of this.runs(head, offset, bytes)) {
      octets.copyWithin(place, from + done, from + done + part)
    }
  }

  /** The parts of a single piece that lie within one physical page each. */
  private *runs(head: number, offset: number, bytes: number) {
    const { page } = this.memory
    const address = this.descriptors.pieceAddress(head, 0) + offset
    for (let done = 0; done < bytes;) {
      const part = Math.min(bytes - done, page - ((address + done) % page))
      yield { done, place: this.memory.place(address + done), part }
      done += part
    }
  }
}

/** Takes a piece of no octets for the end of the list. */
class EmptyPieceEnds extends HostLibrary {
  override post(...[call, id, now]: Parameters<HostLibrary['post']>): ReturnType<HostLibrary['post']> {
    const end = call.pieces.findIndex(({ bytes }) => bytes === 0)
    const pieces = end > 0 ? call.pieces.slice(0, end) : call.pieces
    return super.post({ ...call, pieces }, id, now)
  }
}

export const descriptorMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-descriptor-freed-early',
    words: 'Frees a descriptor when its request is done, before the host has seen it.',
    violates: ['EMP-DESC-004'],
    make: withEmpParts({ status: FreedWhenDone }),
  },
  {
    name: 'emp-descriptor-leak',
    words: 'Never gives a descriptor back to the pool.',
    violates: ['EMP-DESC-003', 'EMP-DESC-004'],
    make: withEmpParts({ host: Leak }),
  },
  {
    name: 'emp-chain-never',
    words: 'Takes a buffer of at most a page for one physical page, also where it lies on two.',
    violates: ['EMP-DESC-008', 'EMP-REL-001'],
    make: withEmpParts({ host: OnePageHost, descriptors: OnePagePool, dma: PhysicalDma }),
  },
  {
    name: 'emp-empty-piece-ends',
    words: 'Takes a piece of no octets for the end of the message.',
    violates: ['EMP-DESC-009', 'EMP-MATCH-010'],
    make: withEmpParts({ host: EmptyPieceEnds }),
  },
])

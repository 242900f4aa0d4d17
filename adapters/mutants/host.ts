// Mutants that answer the host wrongly.
import { Buffers } from '../../reference/emp/buffers.ts'
import type { Answer, Buffer } from '../../reference/emp/buffers.ts'
import { HostLibrary } from '../../reference/emp/host.ts'
import type { HostMeans } from '../../reference/emp/host.ts'
import type { EmpCompletion } from '../../spec/vocabulary/emp.ts'
import type { Range } from '../../spec/vocabulary/memory.ts'
import { withParts, type Mutant } from './mutant.ts'

/** Shows the buffers of another as locked, all of them. */
class LockedBuffers extends Buffers {
  private readonly real: Buffers

  constructor({ memory, buffers }: HostMeans) {
    super(memory)
    this.real = buffers
  }

  override holding(range: Range): Buffer | undefined {
    const buffer = this.real.holding(range)
    return buffer && { ...buffer, locked: true }
  }
}

class PostsUnlocked extends HostLibrary {
  constructor(means: HostMeans) {
    super({ ...means, buffers: new LockedBuffers(means) })
  }
}

/** Answers each wait at once, with what the completion of a pending request should be. */
class ReturnsEarly extends HostLibrary {
  private readonly guesses = new Map<string, EmpCompletion>()

  override clear(): void {
    super.clear()
    this.guesses.clear()
  }

  override post(call: Parameters<HostLibrary['post']>[0]): Answer {
    const answer = super.post(call)
    if (answer.status !== 'ok') return answer
    const peer = call.operation === 'emp.isend' ? call.to : call.from
    const bytes = call.pieces.reduce((sum, range) => sum + range.bytes, 0)
    this.guesses.set(call.as, { request: call.as, outcome: 'done', bytes, peer, tag: call.tag })
    return answer
  }

  override wait(_call: number, names: readonly string[]): Answer {
    const completions: EmpCompletion[] = []
    for (const name of names) {
      const guess = this.guesses.get(name)
      // Nobody knows a request by this name, or no longer.
      if (!guess || this.descriptor(name).status !== 'ok') return { status: 'invalid' }
      completions.push(this.test(name).completions?.[0] ?? guess)
    }
    return { status: 'ok', completions }
  }
}

export const hostMutants: readonly Mutant[] = [
  {
    name: 'emp-posts-unlocked',
    words: 'Accepts sends and receives in memory that is not locked.',
    violates: ['EMP-MEM-001'],
    make: withParts({ host: PostsUnlocked }),
  },
  {
    name: 'emp-wait-returns-early',
    words: 'Returns from wait and waitall at once, whether the requests are done or not.',
    violates: ['EMP-HOST-003', 'EMP-HOST-004'],
    make: withParts({ host: ReturnsEarly }),
  },
]

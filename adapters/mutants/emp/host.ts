// Mutants that answer the host wrongly.
import { IntegerQueue } from '../../../reference/core/integer-queue.ts'
import { Buffers } from '../../../reference/core/buffers.ts'
import type { Answer, Buffer } from '../../../reference/core/buffers.ts'
import { HostLibrary } from '../../../reference/emp/host.ts'
import type { HostMeans, OpenWait } from '../../../reference/emp/host.ts'
import { Postings } from '../../../reference/emp/postings.ts'
import type { PostingMeans } from '../../../reference/emp/postings.ts'
import type { EmpCompletion } from '../../../spec/vocabulary/emp.ts'
import type { Range } from '../../../spec/vocabulary/memory.ts'
import { BlockingSends } from './blocking-sends.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

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

  override post(...posting: Parameters<HostLibrary['post']>): Answer | undefined {
    const answer = super.post(...posting)
    if (answer?.status !== 'ok') return answer
    const [call] = posting
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

/** Keeps postings back until it is told to pass them to the NIC. */
class RingsWhenTold extends Postings {
  private readonly written: IntegerQueue
  private readonly doorbell: IntegerQueue

  constructor(means: PostingMeans) {
    const written = new IntegerQueue()
    super({ ...means, doorbell: written })
    this.written = written
    this.doorbell = means.doorbell
  }

  override clear(): void {
    super.clear()
    this.written.clear()
  }

  ring(): void {
    while (this.written.count > 0) this.doorbell.push(this.written.shift())
  }
}

/** Tells it when the host calls the next time. */
class RingsLater extends HostLibrary {
  override post(...posting: Parameters<HostLibrary['post']>): Answer | undefined {
    this.ring()
    return super.post(...posting)
  }

  override test(name: string): Answer {
    this.ring()
    return super.test(name)
  }

  override wait(call: number, names: readonly string[]): Answer | undefined {
    this.ring()
    return super.wait(call, names)
  }

  private ring(): void {
    if (this.means.postings instanceof RingsWhenTold) this.means.postings.ring()
  }
}

/** Looks at a descriptor once, and afterwards only at what it found then. */
class LooksOnce extends HostLibrary {
  /** Requests that were found pending. */
  private readonly pending = new Set<string>()

  override clear(): void {
    super.clear()
    this.pending.clear()
  }

  override post(...posting: Parameters<HostLibrary['post']>): Answer | undefined {
    const answer = super.post(...posting)
    if (answer?.status === 'ok') this.pending.delete(posting[0].as)
    return answer
  }

  override test(name: string): Answer {
    if (this.pending.has(name) && this.descriptor(name).status === 'ok') return { status: 'pending' }
    const answer = super.test(name)
    if (answer.status === 'pending') this.pending.add(name)
    return answer
  }
}

/** Wakes the thread that has waited longest when a request is done; if that waits for another, it sleeps on, and so do all. */
class WakesOne extends HostLibrary {
  /** What it looks at the open waits for: a call that has just come, or a request that was handed back. */
  private reason: { readonly call: number } | 'handed-back' | undefined
  private woken: OpenWait | undefined

  override handedBack(head: number): void {
    this.reason = 'handed-back'
    this.woken = undefined
    super.handedBack(head)
    this.reason = undefined
  }

  protected override open(call: number, names: readonly string[], any: boolean): Answer | undefined {
    this.reason = { call }
    const answer = super.open(call, names, any)
    this.reason = undefined
    return answer
  }

  protected override isOver(wait: OpenWait): boolean {
    if (this.reason === 'handed-back') this.woken ??= wait
    const looks = this.reason === 'handed-back' ? wait === this.woken : wait.call === (this.reason?.call ?? wait.call)
    return looks && super.isOver(wait)
  }
}

export const hostMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-posts-unlocked',
    words: 'Accepts sends and receives in memory that is not locked.',
    violates: ['EMP-MEM-001'],
    make: withEmpParts({ host: PostsUnlocked }),
  },
  {
    name: 'emp-wait-returns-early',
    words: 'Returns from wait and waitall at once, whether the requests are done or not.',
    violates: ['EMP-HOST-003', 'EMP-HOST-004'],
    make: withEmpParts({ host: ReturnsEarly }),
  },
  {
    name: 'emp-rings-late',
    words: 'Passes a posting to the NIC only when its host calls again.',
    violates: ['EMP-HOST-001'],
    make: withEmpParts({ host: RingsLater, postings: RingsWhenTold }),
  },
  {
    name: 'emp-send-blocks',
    words: 'Answers the posting of a send only when the message has been acknowledged.',
    violates: ['EMP-HOST-001'],
    make: (setting) => new BlockingSends(setting),
  },
  {
    name: 'emp-test-looks-once',
    words: 'Says pending for ever of a request that was once tested before it was done.',
    violates: ['EMP-HOST-002'],
    make: withEmpParts({ host: LooksOnce }),
  },
  {
    name: 'emp-wakes-one',
    words: 'Wakes one of several threads that wait when a request is done, whether that is its own or not.',
    violates: ['EMP-HOST-003', 'EMP-HOST-004'],
    make: withEmpParts({ host: WakesOne }),
  },
])

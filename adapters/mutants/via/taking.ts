// Mutants of the VIA reference that hand complete descriptors out wrongly, or wait for them wrongly.
import { answer } from '../../../reference/via/answers.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import { CompletionCalls } from '../../../reference/via/completion-calls.ts'
import { ViaEndpoint } from '../../../reference/via/endpoint.ts'
import type { CompletionQueue, Posting, WorkQueue } from '../../../reference/via/objects.ts'
import { Waits } from '../../../reference/via/waits.ts'
import type { Call } from '../../../spec/vocabulary/calls.ts'
import type { OutputSink } from '../../../spec/vocabulary/endpoint.ts'
import type { Instant } from '../../../spec/vocabulary/units.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { viaInfinite, viaStatusBits, viaStatusMasks } from '../../../spec/vocabulary/via-constants.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'

type Taking<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

/** Hands each descriptor out twice. */
class HandsOutTwice extends Waits {
  private readonly taken = new WeakSet<Posting>()

  protected override takeDescriptor(queue: WorkQueue): ViaAnswer {
    const [first] = queue.postings
    const given = super.takeDescriptor(queue)
    if (!first || queue.postings[0] === first || this.taken.has(first)) return given
    this.taken.add(first)
    queue.postings.unshift(first)
    return given
  }
}

class PointerMissing extends Waits {
  protected override takeDescriptor(queue: WorkQueue): ViaAnswer {
    const given = super.takeDescriptor(queue)
    return given.vip?.code === 'VIP_DESCRIPTOR_ERROR' ? answer('VIP_DESCRIPTOR_ERROR', { descriptor: null }) : given
  }
}

/** Hands out the next descriptor for the one that it takes. */
class PointerOfNext extends Waits {
  protected override takeDescriptor(queue: WorkQueue): ViaAnswer {
    const next = queue.postings[1]
    const given = super.takeDescriptor(queue)
    const code = given.vip?.code
    if (code !== 'VIP_SUCCESS' || !next) return given
    return answer(code, { descriptor: this.board.written.returned(next.address) })
  }
}

class FailedStays extends Waits {
  protected override takeDescriptor(queue: WorkQueue): ViaAnswer {
    const [first] = queue.postings
    const given = super.takeDescriptor(queue)
    const { errors } = viaStatusMasks
    const failed = first?.state === 'done' && first.status & errors & ~viaStatusBits['descriptor-flushed']
    if (first && failed) queue.postings.unshift(first)
    return given
  }
}

class EmptyNotDone extends Waits {
  protected override emptyQueue(): ViaAnswer {
    return answer('VIP_NOT_DONE')
  }
}

class OutstandingAsEmpty extends Waits {
  protected override takeDescriptor(queue: WorkQueue): ViaAnswer {
    const given = super.takeDescriptor(queue)
    return given.vip?.code === 'VIP_NOT_DONE' ? this.emptyQueue() : given
  }
}

class SendsPolledOnly extends CompletionCalls {
  override done(call: Taking<'VipSendDone' | 'VipRecvDone'>): ViaAnswer {
    const given = super.done(call)
    const empty = given.vip?.descriptor === null && call.operation === 'VipSendDone'
    return empty ? answer('VIP_NOT_DONE') : given
  }
}

class WaitAsleep extends Waits {
  override review(source: WorkQueue | CompletionQueue): void {
    if (!('postings' in source)) super.review(source)
  }
}

class FlushAsleep extends Waits {
  override review(source: WorkQueue | CompletionQueue): void {
    const flushed = 'postings' in source && (source.postings[0]?.status ?? 0) & viaStatusBits['descriptor-flushed']
    if (!flushed) super.review(source)
  }
}

class WaitHurries extends CompletionCalls {
  override wait(id: number, call: Taking<'VipSendWait' | 'VipRecvWait'>): ViaAnswer | undefined {
    const timeout = call.timeout === viaInfinite ? viaInfinite : Math.floor(call.timeout / 1000)
    return super.wait(id, { ...call, timeout })
  }
}

class WaitForEver extends CompletionCalls {
  override wait(id: number, call: Taking<'VipSendWait' | 'VipRecvWait'>): ViaAnswer | undefined {
    return super.wait(id, { ...call, timeout: call.timeout === 0 ? 0 : viaInfinite })
  }
}

class WaitOfZero extends CompletionCalls {
  override wait(id: number, call: Taking<'VipSendWait' | 'VipRecvWait'>): ViaAnswer | undefined {
    return super.wait(id, { ...call, timeout: call.timeout || viaInfinite })
  }
}

/** Reads VIP_INFINITE as a signed number, and finds that the time is over. */
class InfiniteIsNegative extends CompletionCalls {
  override wait(id: number, call: Taking<'VipSendWait' | 'VipRecvWait'>): ViaAnswer | undefined {
    return super.wait(id, { ...call, timeout: Math.max(0, call.timeout | 0) })
  }
}

/** A Wait that has found no complete descriptor takes the first one with it. */
class TimeoutTakes extends Waits {
  override wait(call: number, source: WorkQueue | CompletionQueue, timeout: number): ViaAnswer | undefined {
    const given = super.wait(call, source, timeout)
    if (given?.vip?.code === 'VIP_TIMEOUT' && 'postings' in source) source.postings.shift()
    return given
  }
}

/** Done waits behind a Wait of the same VI. */
class DoneBlocks extends ViaEndpoint {
  /** VIs by the Wait that is open on them, and the calls that stand behind it. */
  private readonly waiting = new Map<number, string>()
  private held: Call[] = []
  private told: Instant = 0

  override apply(call: Call, now: Instant): void {
    const { body, id } = call
    this.told = now
    if (body.operation === 'VipRecvDone' && [...this.waiting.values()].includes(body.vi ?? '')) {
      this.held.push(call)
      return
    }
    if (body.operation === 'VipRecvWait') this.waiting.set(id, body.vi ?? '')
    super.apply(call, now)
  }

  override deliver(octets: Uint8Array, length: number, now: Instant): void {
    this.told = now
    super.deliver(octets, length, now)
  }

  override wake(now: Instant): void {
    this.told = now
    super.wake(now)
  }

  override drain(sink: OutputSink): void {
    super.drain({
      frame: (octets, length) => sink.frame(octets, length),
      event: (event) => sink.event(event),
      returned: (given) => {
        sink.returned(given)
        this.waiting.delete(given.id)
      },
    })
    if (this.held.length === 0 || this.waiting.size > 0) return
    const { held } = this
    this.held = []
    for (const call of held) super.apply(call, this.told)
    super.drain(sink)
  }

  override reset(seed: number): void {
    super.reset(seed)
    this.waiting.clear()
    this.held = []
  }
}

export const takingMutants = mutantsOf('via', [
  {
    name: 'via-hands-out-twice',
    words: 'Hands every descriptor out twice.',
    violates: ['VIA-DONE-001', 'VIA-DONE-005', 'VIA-DONE-007'],
    make: withViaParts({ waits: HandsOutTwice }),
  },
  {
    name: 'via-failed-without-pointer',
    words: 'Hands out NULL for a descriptor that has failed.',
    violates: ['VIA-DONE-002', 'VIA-DONE-005', 'VIA-DONE-007', 'VIA-FLUSH-003'],
    make: withViaParts({ waits: PointerMissing }),
  },
  {
    name: 'via-pointer-of-next',
    words: 'Hands out the descriptor that stands behind the one which is complete.',
    violates: ['VIA-DONE-001', 'VIA-DONE-005', 'VIA-DONE-007'],
    make: withViaParts({ waits: PointerOfNext }),
  },
  {
    name: 'via-failed-stays',
    words: 'Leaves a descriptor that has failed on its queue.',
    violates: ['VIA-DONE-002', 'VIA-DONE-005', 'VIA-DONE-007'],
    make: withViaParts({ waits: FailedStays }),
  },
  {
    name: 'via-empty-not-done',
    words: 'Answers VIP_NOT_DONE on an empty queue, and waits there.',
    violates: ['VIA-DONE-003', 'VIA-DONE-005', 'VIA-WAIT-004'],
    make: withViaParts({ waits: EmptyNotDone }),
  },
  {
    name: 'via-outstanding-as-empty',
    words: 'Answers for an outstanding descriptor as for an empty queue.',
    violates: ['VIA-DONE-004', 'VIA-DONE-005', 'VIA-WAIT-001', 'VIA-WAIT-002', 'VIA-WAIT-005'],
    make: withViaParts({ waits: OutstandingAsEmpty }),
  },
  {
    name: 'via-sends-polled-only',
    words: 'Answers VIP_NOT_DONE on an empty send queue.',
    violates: ['VIA-DONE-005'],
    make: withViaParts({ completionCalls: SendsPolledOnly }),
  },
  {
    name: 'via-wait-asleep',
    words: 'Does not wake a Wait when its descriptor completes.',
    violates: ['VIA-WAIT-001', 'VIA-WAIT-005', 'VIA-FLUSH-007'],
    make: withViaParts({ waits: WaitAsleep }),
  },
  {
    name: 'via-flush-wakes-nobody',
    words: 'Does not wake a Wait when its descriptor is flushed.',
    violates: ['VIA-FLUSH-007', 'VIA-WAIT-005'],
    make: withViaParts({ waits: FlushAsleep }),
  },
  {
    name: 'via-wait-hurries',
    words: 'Takes the milliseconds of a Wait for microseconds.',
    violates: ['VIA-WAIT-002', 'VIA-WAIT-001'],
    make: withViaParts({ completionCalls: WaitHurries }),
  },
  {
    name: 'via-wait-for-ever',
    words: 'Lets a Wait wait without an end.',
    violates: ['VIA-WAIT-002'],
    make: withViaParts({ completionCalls: WaitForEver }),
  },
  {
    name: 'via-wait-of-zero',
    words: 'Lets a Wait with a timeout of zero wait without an end.',
    violates: ['VIA-WAIT-003'],
    make: withViaParts({ completionCalls: WaitOfZero }),
  },
  {
    name: 'via-infinite-is-negative',
    words: 'Ends a Wait with VIP_INFINITE at once.',
    violates: ['VIA-WAIT-005'],
    make: withViaParts({ completionCalls: InfiniteIsNegative }),
  },
  {
    name: 'via-timeout-takes',
    words: 'Takes the first descriptor off its queue when a Wait of zero finds it outstanding.',
    violates: ['VIA-WAIT-002', 'VIA-DONE-007'],
    make: withViaParts({ waits: TimeoutTakes }),
  },
  {
    name: 'via-done-blocks',
    words: 'Lets VipRecvDone wait behind a VipRecvWait of the same VI.',
    violates: ['VIA-DONE-006'],
    make: (setting) => new DoneBlocks(setting),
  },
])

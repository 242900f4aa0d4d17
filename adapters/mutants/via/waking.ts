// Mutants of the VIA reference that wake too few, wait too long, or do not look because there is no time.
import { answer } from '../../../reference/via/answers.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import { Connector } from '../../../reference/via/connector.ts'
import { Handlers } from '../../../reference/via/handlers.ts'
import type { Armed } from '../../../reference/via/handlers.ts'
import type { CompletionQueue, Vi, WorkQueue } from '../../../reference/via/objects.ts'
import { ViCalls } from '../../../reference/via/vi-calls.ts'
import { deadline, Waits } from '../../../reference/via/waits.ts'
import type { OpenWait } from '../../../reference/via/waits.ts'
import type { Instant } from '../../../spec/vocabulary/units.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { viaInfinite, viaStatusBits } from '../../../spec/vocabulary/via-constants.ts'
import { mutantsOf, withViaParts, type Mutant } from '../mutant.ts'

type Source = WorkQueue | CompletionQueue

/** Whether there is something to take. */
function hasOne(source: Source): boolean {
  return 'postings' in source ? source.postings[0]?.state === 'done' : source.entries.length > 0
}

class ZeroIsBlind extends Waits {
  override wait(call: number, source: Source, timeout: number): ViaAnswer | undefined {
    const isBlind = timeout === 0 && 'postings' in source && source.postings.length > 0
    return isBlind ? answer('VIP_TIMEOUT') : super.wait(call, source, timeout)
  }
}

class ZeroIsDone extends Waits {
  override wait(call: number, source: Source, timeout: number): ViaAnswer | undefined {
    return timeout === 0 && 'entries' in source ? this.take(source) : super.wait(call, source, timeout)
  }
}

/** VIP_INFINITE is -1, and so the shortest time of all. */
class InfiniteIsShort extends Connector {
  override wait(call: number, server: Parameters<Connector['wait']>[1], timeout: number): ViaAnswer | undefined {
    return super.wait(call, server, timeout === viaInfinite ? 0 : timeout)
  }

  override request(call: number, vi: Vi, who: Parameters<Connector['request']>[2], timeout: number): void {
    super.request(call, vi, who, timeout === viaInfinite ? 1 : timeout)
  }
}

/** Who wakes up and finds nothing sleeps again, for as long as was said. */
class SleepsAgain extends Waits {
  private readonly timeouts = new Map<number, number>()

  override clear(): void {
    super.clear()
    this.timeouts.clear()
  }

  override wait(call: number, source: Source, timeout: number): ViaAnswer | undefined {
    this.timeouts.set(call, timeout)
    return super.wait(call, source, timeout)
  }

  protected override hears(wait: OpenWait): boolean {
    const { board } = this
    const end = deadline(board.now, this.timeouts.get(wait.call) ?? viaInfinite)
    if (!hasOne(wait.source) && end !== undefined) board.alarms.set(wait.alarm, end)
    return super.hears(wait)
  }
}

/** Rings once for all that completes at a queue at one moment. */
class RingsOnce extends Waits {
  private readonly rung = new WeakMap<Source, Instant>()

  protected override hears(wait: OpenWait): boolean {
    const { source } = wait
    if (!hasOne(source)) return super.hears(wait)
    if (this.rung.get(source) === this.board.now) return false
    this.rung.set(source, this.board.now)
    return super.hears(wait)
  }
}

class AlikeOnce extends Handlers {
  override arm(armed: Armed): void {
    const { source, handler, context } = armed
    const isAlike = (one: Armed): boolean => one.source === source && one.handler === handler && one.context === context
    if (!this.armed.some(isAlike)) super.arm(armed)
  }
}

class FlushedAsTaken extends ViCalls {
  override query(call: Extract<ViplCall, { operation: 'VipQueryVi' }>): ViaAnswer {
    const given = super.query(call)
    const vi = this.board.names.find('vi', call.vi)
    if (!vi || !given.vip) return given
    const flushed = viaStatusBits['descriptor-flushed']
    const isEmpty = ({ postings }: WorkQueue): boolean => postings.every(({ status }) => (status & flushed) !== 0)
    return { ...given, vip: { ...given.vip, sendQueueEmpty: isEmpty(vi.send), recvQueueEmpty: isEmpty(vi.recv) } }
  }
}

export const wakingMutants: readonly Mutant[] = mutantsOf('via', [
  {
    name: 'via-wait-of-zero-blind',
    words: 'Ends a Wait with a timeout of zero before it looks whether the first descriptor is complete.',
    violates: ['VIA-WAIT-001'],
    make: withViaParts({ waits: ZeroIsBlind }),
  },
  {
    name: 'via-queue-wait-of-zero-not-done',
    words: 'Answers a VipCQWait with a timeout of zero as VipCQDone.',
    violates: ['VIA-CQ-008', 'VIA-CQ-009'],
    make: withViaParts({ waits: ZeroIsDone }),
  },
  {
    name: 'via-connecting-infinite-is-negative',
    words: 'Ends VipConnectWait and VipConnectRequest with VIP_INFINITE at once.',
    violates: ['VIA-CON-009', 'VIA-CON-012'],
    make: withViaParts({ connector: InfiniteIsShort }),
  },
  {
    name: 'via-wait-begins-anew',
    words: 'Lets a call that waits beside another wait for all of its time again when the other one is served.',
    violates: ['VIA-WAIT-002', 'VIA-CQ-008'],
    make: withViaParts({ waits: SleepsAgain }),
  },
  {
    name: 'via-wait-wakes-one',
    words: 'Wakes one of the calls that wait at a queue for all that completes there at one moment.',
    violates: ['VIA-WAIT-005', 'VIA-FLUSH-007'],
    make: withViaParts({ waits: RingsOnce }),
  },
  {
    name: 'via-notify-alike-once',
    words: 'Arms a handler once that is armed several times with the same context.',
    violates: ['VIA-NTFY-004'],
    make: withViaParts({ handlers: AlikeOnce }),
  },
  {
    name: 'via-flushed-counts-as-empty',
    words: 'Tells that a queue is empty when all of its descriptors are flushed.',
    violates: ['VIA-VI-013'],
    make: withViaParts({ viCalls: FlushedAsTaken }),
  },
])

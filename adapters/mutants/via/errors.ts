// Mutants of the VIA reference that tell error handlers too little, too much, or the wrong one.
import { success } from '../../../reference/via/answers.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import { Lifecycle } from '../../../reference/via/lifecycle.ts'
import { NicCalls } from '../../../reference/via/nic-calls.ts'
import type { Nic, Vi } from '../../../reference/via/objects.ts'
import { Reports } from '../../../reference/via/reports.ts'
import type { Told } from '../../../reference/via/reports.ts'
import type { ViEvent } from '../../../reference/via/states.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import type { ViaErrorCode } from '../../../spec/vocabulary/via-constants.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

class NothingTold extends Reports {
  protected override tell(): void {}
}

class ToldTwice extends Reports {
  protected override tell(nic: Nic, told: Told): void {
    super.tell(nic, told)
    super.tell(nic, told)
  }
}

class ContextForgotten extends Reports {
  protected override tell(nic: Nic, told: Told): void {
    super.tell({ ...nic, context: 0 }, told)
  }
}

class LastHandlerTold extends Reports {
  protected override tell(nic: Nic, told: Told): void {
    const { handler, context } = this.board.names.all('nic').findLast((one) => one.handler !== null) ?? nic
    super.tell({ ...nic, handler, context }, told)
  }
}

class EveryHandlerTold extends Reports {
  protected override tell(nic: Nic, told: Told): void {
    for (const { handler, context } of this.board.names.all('nic')) super.tell({ ...nic, handler, context }, told)
  }
}

class NicBlamed extends Reports {
  protected override tell(nic: Nic, told: Told): void {
    super.tell(nic, { ...told, resource: 'nic' })
  }
}

class FirstViBlamed extends Reports {
  protected override tell(nic: Nic, told: Told): void {
    const first = this.board.names.all('vi').find((vi) => vi.nic.name === nic.name)
    super.tell(nic, { ...told, ...(first && { vi: first.name }) })
  }
}

/** Tells every error but one. */
class BadDescriptorsUntold extends Reports {
  override descriptor(): void {}
}

class EmptyQueueUntold extends Reports {
  override vi(vi: Vi, code: ViaErrorCode): void {
    if (code !== 'receive-queue-empty') super.vi(vi, code)
  }
}

class EmptyQueueAsLoss extends Reports {
  override vi(vi: Vi, code: ViaErrorCode): void {
    super.vi(vi, code === 'receive-queue-empty' ? 'connection-lost' : code)
  }
}

class NullIgnored extends NicCalls {
  override handleErrors(call: Call<'VipErrorCallback'>): ViaAnswer {
    return call.handler === null ? success : super.handleErrors(call)
  }
}

class FirstStays extends NicCalls {
  override handleErrors(call: Call<'VipErrorCallback'>): ViaAnswer {
    const nic = this.board.names.find('nic', call.nic)
    const taken = nic && nic.handler !== null && call.handler !== null
    return taken ? success : super.handleErrors(call)
  }
}

/** Tells of connections that are there now. */
class ConnectionsTold extends Lifecycle {
  override move(vi: Vi, event: ViEvent): boolean {
    const moved = super.move(vi, event)
    if (event === 'established') this.board.reports.vi(vi, 'receive-queue-empty')
    return moved
  }
}

/** Breaks down when a connection was quiet for a while, as if the peer had gone. */
class QuietBreaks extends Lifecycle {
  override move(vi: Vi, event: ViEvent): boolean {
    const moved = super.move(vi, event)
    const { channel } = vi
    if (event !== 'established' || !channel) return moved
    const alarm = this.board.alarms.make(() => {
      this.board.alarms.release(alarm)
      if (channel.open && channel.expected === 0 && channel.high === 0) this.silent(channel)
    })
    this.board.alarms.set(alarm, this.board.now + this.board.configuration.silence)
    return moved
  }
}

/** Nanoseconds within which an error is taken for the one before. */
const alike = 1_000_000

class ToldTogether extends Reports {
  private readonly last = new WeakMap<Nic, { code: Told['code']; at: number }>()

  protected override tell(nic: Nic, told: Told): void {
    const { now: at } = this.board
    const last = this.last.get(nic)
    const isAlike = last?.code === told.code && at - last.at < alike
    if (isAlike) return
    this.last.set(nic, { code: told.code, at })
    super.tell(nic, told)
  }
}

export const errorMutants = mutantsOf('via', [
  {
    name: 'via-nothing-told',
    words: 'Never runs an error handler.',
    violates: ['VIA-ERR-001', 'VIA-ERR-007', 'VIA-ERR-008', 'VIA-ERR-010', 'VIA-ERR-011', 'VIA-DISC-002'],
    make: withViaParts({ reports: NothingTold }),
  },
  {
    name: 'via-told-twice',
    words: 'Runs the error handler twice for each error.',
    violates: ['VIA-ERR-001'],
    make: withViaParts({ reports: ToldTwice }),
  },
  {
    name: 'via-context-forgotten',
    words: 'Runs the error handler without its context.',
    violates: ['VIA-ERR-001'],
    make: withViaParts({ reports: ContextForgotten }),
  },
  {
    name: 'via-null-handler-ignored',
    words: 'Leaves the error handler in its place when NULL is registered.',
    violates: ['VIA-ERR-002'],
    make: withViaParts({ nicCalls: NullIgnored }),
  },
  {
    name: 'via-first-handler-stays',
    words: 'Runs the error handler that was registered first.',
    violates: ['VIA-ERR-003'],
    make: withViaParts({ nicCalls: FirstStays }),
  },
  {
    name: 'via-last-handle-told',
    words: 'Tells errors to the handler of the NIC handle that was opened last.',
    violates: ['VIA-ERR-004'],
    make: withViaParts({ reports: LastHandlerTold }),
  },
  {
    name: 'via-every-handle-told',
    words: 'Tells errors to the handlers of all NIC handles.',
    violates: ['VIA-ERR-004'],
    make: withViaParts({ reports: EveryHandlerTold }),
  },
  {
    name: 'via-nic-blamed',
    words: 'Says of every error that it concerns the NIC.',
    violates: ['VIA-ERR-005'],
    make: withViaParts({ reports: NicBlamed }),
  },
  {
    name: 'via-first-vi-blamed',
    words: 'Names the first VI of a NIC handle in every error.',
    violates: ['VIA-ERR-005'],
    make: withViaParts({ reports: FirstViBlamed }),
  },
  {
    name: 'via-bad-descriptors-untold',
    words: 'Does not tell of descriptors that are not valid.',
    violates: ['VIA-ERR-007', 'VIA-DESC-004', 'VIA-DESC-006'],
    make: withViaParts({ reports: BadDescriptorsUntold }),
  },
  {
    name: 'via-no-receive-untold',
    words: 'Does not tell that a message found no receive.',
    violates: ['VIA-ERR-010', 'VIA-ERR-011'],
    make: withViaParts({ reports: EmptyQueueUntold }),
  },
  {
    name: 'via-no-receive-as-loss',
    words: 'Tells of a lost connection when a message finds no receive.',
    violates: ['VIA-ERR-009', 'VIA-ERR-010', 'VIA-ERR-011'],
    make: withViaParts({ reports: EmptyQueueAsLoss }),
  },
  {
    name: 'via-connections-told',
    words: 'Tells of an error when a VI becomes connected.',
    violates: ['VIA-ERR-024'],
    make: withViaParts({ lifecycle: ConnectionsTold }),
  },
  {
    name: 'via-quiet-breaks',
    words: 'Takes a peer that has nothing to send for one that has gone.',
    violates: ['VIA-VI-020', 'VIA-ERR-024'],
    make: withViaParts({ lifecycle: QuietBreaks }),
  },
  {
    name: 'via-errors-told-together',
    words: 'Tells errors of one code within a millisecond once, whichever VIs they concern.',
    violates: ['VIA-ERR-001', 'VIA-DISC-002'],
    make: withViaParts({ reports: ToldTogether }),
  },
])

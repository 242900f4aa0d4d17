// Mutants of the VIA reference that change something where they refuse, or for several at once.
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import { CompletionCalls } from '../../../reference/via/completion-calls.ts'
import { NicCalls } from '../../../reference/via/nic-calls.ts'
import type { CompletionQueue, Granted, Nic, Ptag } from '../../../reference/via/objects.ts'
import { Reports } from '../../../reference/via/reports.ts'
import type { Told } from '../../../reference/via/reports.ts'
import { ViCalls } from '../../../reference/via/vi-calls.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { mutantsOf, withViaParts, type Mutant } from '../mutant.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

/** Takes away what is of a VI, and then looks whether it may go. */
class ForgetsFirst extends ViCalls {
  override destroy(call: Call<'VipDestroyVi'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    if (vi) this.board.completions.forget(vi)
    return super.destroy(call)
  }
}

/** Ends what waits at a completion queue, and then looks whether it may go. */
class CancelsFirst extends CompletionCalls {
  override destroyCq(call: Call<'VipDestroyCQ'>): ViaAnswer {
    const cq = this.board.names.find('cq', call.cq)
    if (cq) this.board.waits.cancel(cq)
    return super.destroyCq(call)
  }
}

/** What VIs that were refused still have. */
const held = new WeakSet<CompletionQueue | Ptag>()

class RefusedHoldQueues extends ViCalls {
  override create(call: Call<'VipCreateVi'>): ViaAnswer {
    const given = super.create(call)
    if (given.vip?.code === 'VIP_SUCCESS') return given
    for (const name of [call.sendCq, call.recvCq]) {
      const cq = this.board.names.find('cq', name)
      if (cq) held.add(cq)
    }
    return given
  }
}

class HeldQueues extends CompletionCalls {
  protected override isUsed(cq: CompletionQueue): boolean {
    return held.has(cq) || super.isUsed(cq)
  }
}

class RefusedHoldTags extends ViCalls {
  override create(call: Call<'VipCreateVi'>): ViaAnswer {
    const given = super.create(call)
    const ptag = this.board.names.find('ptag', call.attributes?.ptag ?? null)
    if (ptag && given.vip?.code !== 'VIP_SUCCESS') held.add(ptag)
    return given
  }
}

class HeldTags extends NicCalls {
  protected override isTagUsed(ptag: Ptag): boolean {
    return held.has(ptag) || super.isTagUsed(ptag)
  }
}

/** Takes NULL for the wish that no handler be armed, and answers that it is none. */
class NullDisarms extends CompletionCalls {
  override notify(call: Call<'VipSendNotify' | 'VipRecvNotify'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    const isNull = vi && call.handler === null
    if (isNull) this.board.handlers.cancel(call.operation === 'VipSendNotify' ? vi.send : vi.recv)
    return super.notify(call)
  }
}

/** Errors of NIC handles without a handler. */
const kept = new WeakMap<Nic, Told[]>()

class KeepsErrors extends Reports {
  protected override tell(nic: Nic, told: Told): void {
    if (nic.handler === null) kept.set(nic, [...(kept.get(nic) ?? []), told])
    super.tell(nic, told)
  }

  /** The handler of `nic` is told of all that was kept. */
  hand(nic: Nic): void {
    for (const told of kept.get(nic) ?? []) super.tell(nic, told)
    kept.delete(nic)
  }
}

class HandsErrors extends NicCalls {
  override handleErrors(call: Call<'VipErrorCallback'>): ViaAnswer {
    const given = super.handleErrors(call)
    const nic = this.board.names.find('nic', call.nic)
    const { reports } = this.board
    if (nic && nic.handler !== null && reports instanceof KeepsErrors) reports.hand(nic)
    return given
  }
}

function areAlike(one: Granted, other: Granted): boolean {
  return (
    one.ptag === other.ptag &&
    one.reliabilityLevel === other.reliabilityLevel &&
    one.maxTransferSize === other.maxTransferSize &&
    one.qos === other.qos &&
    one.enableRdmaWrite === other.enableRdmaWrite &&
    one.enableRdmaRead === other.enableRdmaRead
  )
}

/** Has one record for all VIs that have the same attributes. */
class OneRecord extends ViCalls {
  override change(call: Call<'VipSetViAttributes'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    const before = vi?.attributes
    const given = super.change(call)
    if (!before || vi.attributes === before) return given
    for (const one of this.board.names.all('vi')) if (areAlike(one.attributes, before)) one.attributes = vi.attributes
    return given
  }
}

export const refusalMutants: readonly Mutant[] = mutantsOf('via', [
  {
    name: 'via-refused-destroy-forgets',
    words: 'Takes the entries of a VI away that it then refuses to destroy.',
    violates: ['VIA-VI-009', 'VIA-VI-010', 'VIA-CQ-004'],
    make: withViaParts({ viCalls: ForgetsFirst }),
  },
  {
    name: 'via-refused-destroy-cancels',
    words: 'Ends calls and handlers that wait at a completion queue which it then refuses to destroy.',
    violates: ['VIA-CQ-012', 'VIA-NTFY-001'],
    make: withViaParts({ completionCalls: CancelsFirst }),
  },
  {
    name: 'via-refused-vi-holds-queue',
    words: 'Takes a completion queue for used by a VI that it has refused to make.',
    violates: ['VIA-CQ-012', 'VIA-CQ-001'],
    make: withViaParts({ viCalls: RefusedHoldQueues, completionCalls: HeldQueues }),
  },
  {
    name: 'via-refused-vi-holds-tag',
    words: 'Takes a protection tag for used by a VI that it has refused to make.',
    violates: ['VIA-PTAG-004', 'VIA-PTAG-003'],
    make: withViaParts({ viCalls: RefusedHoldTags, nicCalls: HeldTags }),
  },
  {
    name: 'via-notify-null-disarms',
    words: 'Disarms the handlers of a work queue when it refuses a handler of NULL.',
    violates: ['VIA-NTFY-007', 'VIA-NTFY-004'],
    make: withViaParts({ completionCalls: NullDisarms }),
  },
  {
    name: 'via-errors-kept',
    words: 'Tells an error handler that is registered of all errors that came while there was none.',
    violates: ['VIA-ERR-001', 'VIA-ERR-002', 'VIA-ERR-024'],
    make: withViaParts({ reports: KeepsErrors, nicCalls: HandsErrors }),
  },
  {
    name: 'via-attributes-of-all-alike',
    words: 'Sets with the attributes of a VI those of all VIs that had the same.',
    violates: ['VIA-VI-002', 'VIA-VI-012', 'VIA-VI-015'],
    make: withViaParts({ viCalls: OneRecord }),
  },
])

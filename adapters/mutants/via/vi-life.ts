// Mutants of the VIA reference that tell of VIs wrongly, or destroy them.
import { noResource, success } from '../../../reference/via/answers.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import { Lifecycle } from '../../../reference/via/lifecycle.ts'
import type { Vi } from '../../../reference/via/objects.ts'
import type { ViEvent } from '../../../reference/via/states.ts'
import { ViCalls } from '../../../reference/via/vi-calls.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { ghostNic, ghostTag } from './ghosts.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

class DestroyedAnyway extends Lifecycle {
  override allows(vi: Vi, event: ViEvent): boolean {
    return event === 'destroy' || super.allows(vi, event)
  }
}

class DestroyedInError extends Lifecycle {
  override allows(vi: Vi, event: ViEvent): boolean {
    return (event === 'destroy' && vi.state === 'error') || super.allows(vi, event)
  }
}

class DescriptorsForgotten extends ViCalls {
  override destroy(call: Call<'VipDestroyVi'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    if (vi?.state === 'idle') for (const { postings } of [vi.send, vi.recv]) postings.length = 0
    return super.destroy(call)
  }
}

/** Takes a queue with nothing but complete descriptors for empty. */
class CompleteForgotten extends ViCalls {
  override destroy(call: Call<'VipDestroyVi'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    const queues = vi?.state === 'idle' ? [vi.send.postings, vi.recv.postings] : []
    if (queues.flat().every(({ state }) => state === 'done')) for (const postings of queues) postings.length = 0
    return super.destroy(call)
  }
}

class DestroyedStays extends ViCalls {
  override destroy(call: Call<'VipDestroyVi'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    const given = super.destroy(call)
    if (vi && given === success) Object.assign(vi, { alive: true, state: 'idle' })
    return given
  }
}

/** A destroyed VI goes on counting. */
class VisLeak extends ViCalls {
  override destroy(call: Call<'VipDestroyVi'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    const given = super.destroy(call)
    if (vi && given === success) {
      const attributes = { ...vi.attributes, ptag: ghostTag('none') }
      const [send, recv] = [vi.send, vi.recv].map((queue) => ({ ...queue, cq: undefined, postings: [] }))
      if (send && recv) {
        const name = `destroyed ${vi.name}`
        this.board.names.bind({ ...vi, name, nic: ghostNic(), attributes, send, recv, alive: true })
      }
    }
    return given
  }
}

/** A destroyed VI goes on using its protection tag. */
class TagHeld extends ViCalls {
  override destroy(call: Call<'VipDestroyVi'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    const given = super.destroy(call)
    if (vi && given === success) {
      const { ptag } = vi.attributes
      const nothing = { value: -1, address: 0, bytes: 0, enableRdmaWrite: false, enableRdmaRead: false }
      this.board.names.bind({ kind: 'region', name: `of ${vi.name}`, nic: ghostNic(), ...nothing, ptag, alive: true })
    }
    return given
  }
}

class ErrorUntold extends ViCalls {
  override query(call: Call<'VipQueryVi'>): ViaAnswer {
    const given = super.query(call)
    return given.vip?.state === 'error' ? { ...given, vip: { ...given.vip, state: 'idle' } } : given
  }
}

class PendingUntold extends ViCalls {
  override query(call: Call<'VipQueryVi'>): ViaAnswer {
    const given = super.query(call)
    return given.vip?.state === 'connect-pending' ? { ...given, vip: { ...given.vip, state: 'idle' } } : given
  }
}

class OutstandingOnly extends ViCalls {
  override query(call: Call<'VipQueryVi'>): ViaAnswer {
    const given = super.query(call)
    const vi = this.board.names.find('vi', call.vi)
    if (!vi || !given.vip) return given
    const [sendQueueEmpty, recvQueueEmpty] = [vi.send, vi.recv].map(({ postings }) =>
      postings.every(({ state }) => state === 'done'),
    )
    return {
      ...given,
      vip: { ...given.vip, sendQueueEmpty: sendQueueEmpty ?? true, recvQueueEmpty: recvQueueEmpty ?? true },
    }
  }
}

class FlagsSwapped extends ViCalls {
  override query(call: Call<'VipQueryVi'>): ViaAnswer {
    const given = super.query(call)
    if (!given.vip) return given
    const { sendQueueEmpty = true, recvQueueEmpty = true } = given.vip
    return { ...given, vip: { ...given.vip, sendQueueEmpty: recvQueueEmpty, recvQueueEmpty: sendQueueEmpty } }
  }
}

class NullIsDone extends ViCalls {
  override destroy(call: Call<'VipDestroyVi'>): ViaAnswer {
    return call.vi === null ? success : super.destroy(call)
  }

  override disconnect(call: Call<'VipDisconnect'>): ViaAnswer {
    return call.vi === null ? success : super.disconnect(call)
  }
}

class EntriesHold extends ViCalls {
  override destroy(call: Call<'VipDestroyVi'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    const held = [vi?.send.cq, vi?.recv.cq].some((cq) => cq?.entries.some((entry) => entry.vi === vi?.name))
    return held && vi?.state === 'idle' ? noResource : super.destroy(call)
  }
}

export const viLifeMutants = mutantsOf('via', [
  {
    name: 'via-destroys-connected',
    words: 'Destroys a VI in whatever state it is.',
    violates: ['VIA-VI-009'],
    make: withViaParts({ lifecycle: DestroyedAnyway }),
  },
  {
    name: 'via-destroys-in-error',
    words: 'Destroys a VI in the error state.',
    violates: ['VIA-VI-009'],
    make: withViaParts({ lifecycle: DestroyedInError }),
  },
  {
    name: 'via-destroys-with-descriptors',
    words: 'Destroys a VI with descriptors on its queues, and forgets them.',
    violates: ['VIA-VI-010'],
    make: withViaParts({ viCalls: DescriptorsForgotten }),
  },
  {
    name: 'via-destroys-with-complete',
    words: 'Destroys a VI whose complete descriptors nobody has taken.',
    violates: ['VIA-VI-010'],
    make: withViaParts({ viCalls: CompleteForgotten }),
  },
  {
    name: 'via-destroyed-vi-usable',
    words: 'Answers well when a VI is destroyed, and goes on taking its handle.',
    violates: ['VIA-VI-011', 'VIA-VI-019'],
    make: withViaParts({ viCalls: DestroyedStays }),
  },
  {
    name: 'via-vis-leak',
    words: 'Counts destroyed VIs against the limit for ever.',
    violates: ['VIA-VI-007'],
    make: withViaParts({ viCalls: VisLeak }),
  },
  {
    name: 'via-destroyed-vi-holds-tag',
    words: 'Refuses to destroy a protection tag that a VI had, also when the VI is gone.',
    violates: ['VIA-FLUSH-006', 'VIA-PTAG-004'],
    make: withViaParts({ viCalls: TagHeld }),
  },
  {
    name: 'via-error-told-as-idle',
    words: 'Tells that a VI in the error state is idle.',
    violates: ['VIA-VI-012', 'VIA-DISC-002', 'VIA-ERR-009'],
    make: withViaParts({ viCalls: ErrorUntold }),
  },
  {
    name: 'via-pending-told-as-idle',
    words: 'Tells that a VI with an outstanding request is idle.',
    violates: ['VIA-CON-023', 'VIA-VI-012'],
    make: withViaParts({ viCalls: PendingUntold }),
  },
  {
    name: 'via-complete-counts-as-empty',
    words: 'Tells that a queue is empty when all of its descriptors are complete.',
    violates: ['VIA-VI-013'],
    make: withViaParts({ viCalls: OutstandingOnly }),
  },
  {
    name: 'via-empty-flags-swapped',
    words: 'Tells of the send queue whether the receive queue is empty, and the other way round.',
    violates: ['VIA-VI-013'],
    make: withViaParts({ viCalls: FlagsSwapped }),
  },
  {
    name: 'via-null-vi-accepted',
    words: 'Destroys and disconnects the NULL handle of a VI with success.',
    violates: ['VIA-VI-019'],
    make: withViaParts({ viCalls: NullIsDone }),
  },
  {
    name: 'via-entries-hold-vi',
    words: 'Refuses to destroy a VI while its entries are on a completion queue.',
    violates: ['VIA-CQ-013'],
    make: withViaParts({ viCalls: EntriesHold }),
  },
])

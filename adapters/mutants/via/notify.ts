// Mutants of the VIA reference whose handlers are armed, served or run wrongly.
import { success } from '../../../reference/via/answers.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import { CompletionCalls } from '../../../reference/via/completion-calls.ts'
import { Handlers } from '../../../reference/via/handlers.ts'
import type { Armed, Due } from '../../../reference/via/handlers.ts'
import type { CompletionQueue, WorkQueue } from '../../../reference/via/objects.ts'
import type { ProviderEvent } from '../../../spec/vocabulary/calls.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { viaStatusBits, viaStatusMasks } from '../../../spec/vocabulary/via-constants.ts'
import { mutantsOf, withViaParts, type Mutant } from '../mutant.ts'

type Source = WorkQueue | CompletionQueue
type QueueCall = Extract<ViplCall, { operation: 'VipSendNotify' | 'VipRecvNotify' }>
type EntryCall = Extract<ViplCall, { operation: 'VipCQNotify' }>

/** Shows a handler its descriptor, and leaves it to be taken again. */
class LeavesDescriptor extends Handlers {
  protected override take(armed: Armed): Due | undefined {
    const due = super.take(armed)
    if (due && 'address' in due.taken) due.taken.queue.postings.unshift(due.taken)
    return due
  }
}

class MissesComplete extends Handlers {
  override arm(armed: Armed): void {
    this.armed.push(armed)
  }
}

class StaysArmed extends Handlers {
  protected override release(): void {}
}

class LastArmedFirst extends Handlers {
  protected override pick(source: Source): Armed | undefined {
    return this.armed.findLast((one) => one.source === source)
  }
}

/** One completion runs all the handlers that wait for one. */
class RunsAll extends Handlers {
  protected override tell(due: Due): void {
    super.tell(due)
    const { source } = due.armed
    for (const armed of this.armed.filter((one) => one.source === source)) super.tell({ ...due, armed })
    this.armed = this.armed.filter((one) => one.source !== source)
  }
}

class OtherQueue extends CompletionCalls {
  override notify(call: QueueCall): ViaAnswer {
    const operation = call.operation === 'VipSendNotify' ? 'VipRecvNotify' : 'VipSendNotify'
    return super.notify({ ...call, operation })
  }
}

/** Gives a completion to whichever handler has waited longest for one of that kind. */
class AnyVi extends Handlers {
  protected override pick(source: Source): Armed | undefined {
    return this.armed.find((one) => kindOf(one.source) === kindOf(source))
  }

  protected override take(armed: Armed): Due | undefined {
    const { source } = armed
    if (!('postings' in source)) return super.take(armed)
    for (const vi of this.board.names.all('vi')) {
      const due = super.take({ ...armed, source: vi[source.queue] })
      if (due) return due
    }
    return undefined
  }
}

function kindOf(source: Source): string {
  return 'postings' in source ? source.queue : 'cq'
}

class ContextLost extends Handlers {
  protected override eventOf(due: Due): ProviderEvent {
    const event = super.eventOf(due)
    return 'context' in event ? { ...event, context: 0 } : event
  }
}

/** Tells every handler of the send queue. */
class QueueUntold extends Handlers {
  protected override eventOf(due: Due): ProviderEvent {
    const event = super.eventOf(due)
    return event.event === 'via.notify' || event.event === 'via.cq-notify' ? { ...event, queue: 'send' } : event
  }
}

class FlushUnheard extends Handlers {
  protected override take(armed: Armed): Due | undefined {
    const { source } = armed
    const [first] = 'postings' in source ? source.postings : []
    return (first?.status ?? 0) & viaStatusBits['descriptor-flushed'] ? undefined : super.take(armed)
  }
}

class GoodOnly extends Handlers {
  protected override take(armed: Armed): Due | undefined {
    const { source } = armed
    const [first] = 'postings' in source ? source.postings : []
    const failed = (first?.status ?? 0) & viaStatusMasks.errors & ~viaStatusBits['descriptor-flushed']
    return failed ? undefined : super.take(armed)
  }
}

class AfterDisconnect extends Handlers {
  override settle(): void {}
}

class EmptyForgotten extends Handlers {
  override arm(armed: Armed): void {
    if ('postings' in armed.source && armed.source.postings.length === 0) return
    super.arm(armed)
  }
}

/** A handler whose queue is gone serves the next that has something complete. */
class OutlivesSource extends Handlers {
  private orphans: Armed[] = []

  override clear(): void {
    super.clear()
    this.orphans = []
  }

  override cancel(source: Source): void {
    if (this.isOutlived(source)) this.orphans.push(...this.armed.filter((one) => one.source === source))
    super.cancel(source)
  }

  protected override pick(source: Source): Armed | undefined {
    const orphan = this.orphans.find((one) => kindOf(one.source) === kindOf(source))
    return orphan ? { ...orphan, source } : super.pick(source)
  }

  protected override release(armed: Armed): void {
    const i = this.orphans.findIndex(({ handler, context }) => handler === armed.handler && context === armed.context)
    if (i < 0) super.release(armed)
    else this.orphans.splice(i, 1)
  }

  protected isOutlived(source: Source): boolean {
    return 'postings' in source
  }
}

class OutlivesQueue extends OutlivesSource {
  protected override isOutlived(source: Source): boolean {
    return !('postings' in source)
  }
}

/** Shows a handler its entry, and leaves it on the completion queue. */
class KeepsEntry extends Handlers {
  protected override take(armed: Armed): Due | undefined {
    const due = super.take(armed)
    if (due && !('postings' in armed.source) && !('address' in due.taken)) armed.source.entries.unshift(due.taken)
    return due
  }
}

/** Takes the descriptor off its work queue with the entry. */
class EntryWithDescriptor extends Handlers {
  protected override take(armed: Armed): Due | undefined {
    const due = super.take(armed)
    if (!due || 'address' in due.taken) return due
    this.board.names.find('vi', due.vi)?.[due.taken.queue].postings.shift()
    return due
  }
}

class ViUnchecked extends CompletionCalls {
  override notify(call: QueueCall): ViaAnswer {
    return this.board.names.find('vi', call.vi) ? super.notify(call) : success
  }
}

class QueueUnchecked extends CompletionCalls {
  override cqNotify(call: EntryCall): ViaAnswer {
    return this.board.names.find('cq', call.cq) ? super.cqNotify(call) : success
  }
}

class NullHandler extends CompletionCalls {
  override notify(call: QueueCall): ViaAnswer {
    return call.handler === null ? success : super.notify(call)
  }

  override cqNotify(call: EntryCall): ViaAnswer {
    return call.handler === null ? success : super.cqNotify(call)
  }
}

/** Keeps one context for a handler, however often it is armed. */
class ContextOfLast extends Handlers {
  private readonly contexts = new Map<string, number>()

  override clear(): void {
    super.clear()
    this.contexts.clear()
  }

  override arm(armed: Armed): void {
    this.contexts.set(armed.handler, armed.context)
    super.arm(armed)
  }

  protected override eventOf(due: Due): ProviderEvent {
    const { armed } = due
    return super.eventOf({ ...due, armed: { ...armed, context: this.contexts.get(armed.handler) ?? armed.context } })
  }
}

export const notifyMutants: readonly Mutant[] = mutantsOf('via', [
  {
    name: 'via-notify-leaves-descriptor',
    words: 'A handler is given a descriptor that stays on its queue.',
    violates: ['VIA-NTFY-004'],
    make: withViaParts({ handlers: LeavesDescriptor }),
  },
  {
    name: 'via-notify-misses-complete',
    words: 'A Notify call waits for the next completion, even if one is there.',
    violates: ['VIA-NTFY-001', 'VIA-NTFY-004'],
    make: withViaParts({ handlers: MissesComplete }),
  },
  {
    name: 'via-notify-stays-armed',
    words: 'A handler stays armed when it has run.',
    violates: ['VIA-NTFY-002', 'VIA-NTFY-004'],
    make: withViaParts({ handlers: StaysArmed }),
  },
  {
    name: 'via-notify-last-armed-first',
    words: 'Of several handlers the one that was armed last is served first.',
    violates: ['VIA-NTFY-002', 'VIA-NTFY-004'],
    make: withViaParts({ handlers: LastArmedFirst }),
  },
  {
    name: 'via-notify-runs-all',
    words: 'One completion runs all the handlers that are armed for it.',
    violates: ['VIA-NTFY-002', 'VIA-NTFY-004'],
    make: withViaParts({ handlers: RunsAll }),
  },
  {
    name: 'via-notify-other-queue',
    words: 'VipSendNotify arms a handler of the receive queue, and VipRecvNotify one of the send queue.',
    violates: ['VIA-NTFY-004'],
    make: withViaParts({ completionCalls: OtherQueue }),
  },
  {
    name: 'via-notify-any-vi',
    words: 'A handler is given descriptors of any VI.',
    violates: ['VIA-NTFY-004'],
    make: withViaParts({ handlers: AnyVi }),
  },
  {
    name: 'via-notify-context-lost',
    words: 'Handlers are given a context of zero.',
    violates: ['VIA-NTFY-006'],
    make: withViaParts({ handlers: ContextLost }),
  },
  {
    name: 'via-notify-context-of-last',
    words: 'A handler that is armed several times is given the context of the last time each time.',
    violates: ['VIA-NTFY-006'],
    make: withViaParts({ handlers: ContextOfLast }),
  },
  {
    name: 'via-notify-queue-untold',
    words: 'Handlers are told of the send queue, whichever it was.',
    violates: ['VIA-NTFY-001', 'VIA-NTFY-006'],
    make: withViaParts({ handlers: QueueUntold }),
  },
  {
    name: 'via-notify-flush-unheard',
    words: 'A flushed descriptor is left to Done, though a handler is armed.',
    violates: ['VIA-NTFY-005'],
    make: withViaParts({ handlers: FlushUnheard }),
  },
  {
    name: 'via-notify-good-only',
    words: 'A descriptor that has failed is left to Done, though a handler is armed.',
    violates: ['VIA-NTFY-004'],
    make: withViaParts({ handlers: GoodOnly }),
  },
  {
    name: 'via-notify-after-disconnect',
    words: 'Handlers that are given what VipDisconnect has flushed run after it has returned.',
    violates: ['VIA-DISC-007', 'VIA-NTFY-005'],
    make: withViaParts({ handlers: AfterDisconnect }),
  },
  {
    name: 'via-notify-empty-forgotten',
    words: 'A handler of an empty queue is accepted and never runs.',
    violates: ['VIA-NTFY-008'],
    make: withViaParts({ handlers: EmptyForgotten }),
  },
  {
    name: 'via-notify-outlives-vi',
    words: 'A handler of a VI that was destroyed is given a descriptor of another one.',
    violates: ['VIA-NTFY-005'],
    make: withViaParts({ handlers: OutlivesSource }),
  },
  {
    name: 'via-notify-outlives-queue',
    words: 'A handler of a completion queue that was destroyed is given an entry of another one.',
    violates: ['VIA-NTFY-003'],
    make: withViaParts({ handlers: OutlivesQueue }),
  },
  {
    name: 'via-notify-keeps-entry',
    words: 'A handler is given an entry that stays on its completion queue.',
    violates: ['VIA-NTFY-001', 'VIA-NTFY-002'],
    make: withViaParts({ handlers: KeepsEntry }),
  },
  {
    name: 'via-notify-entry-with-descriptor',
    words: 'A handler of a completion queue takes the descriptor with the entry.',
    violates: ['VIA-NTFY-001', 'VIA-CQ-005'],
    make: withViaParts({ handlers: EntryWithDescriptor }),
  },
  {
    name: 'via-notify-vi-unchecked',
    words: 'VipSendNotify and VipRecvNotify succeed for a VI that is not valid.',
    violates: ['VIA-NTFY-007'],
    make: withViaParts({ completionCalls: ViUnchecked }),
  },
  {
    name: 'via-notify-queue-unchecked',
    words: 'VipCQNotify succeeds for a completion queue that is not valid.',
    violates: ['VIA-NTFY-007'],
    make: withViaParts({ completionCalls: QueueUnchecked }),
  },
  {
    name: 'via-notify-null-handler',
    words: 'The Notify calls succeed with a handler of NULL.',
    violates: ['VIA-NTFY-007'],
    make: withViaParts({ completionCalls: NullHandler }),
  },
])

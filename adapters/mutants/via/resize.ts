// Mutants of the VIA reference that resize completion queues wrongly.
import { noResource, success } from '../../../reference/via/answers.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import { CompletionCalls } from '../../../reference/via/completion-calls.ts'
import { Completions } from '../../../reference/via/completions.ts'
import { Handlers } from '../../../reference/via/handlers.ts'
import type { CompletionQueue, Posting, WorkQueue } from '../../../reference/via/objects.ts'
import { Waits } from '../../../reference/via/waits.ts'
import type { OpenWait } from '../../../reference/via/waits.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { mutantsOf, withViaParts, type Mutant } from '../mutant.ts'

type Resize = Extract<ViplCall, { operation: 'VipResizeCQ' }>

class Resizes extends CompletionCalls {
  override resizeCq(call: Resize): ViaAnswer {
    const cq = this.board.names.find('cq', call.cq)
    return cq ? this.resize(cq, call) : super.resizeCq(call)
  }

  protected resize(_cq: CompletionQueue, call: Resize): ViaAnswer {
    return super.resizeCq(call)
  }
}

class ForgetsEntries extends Resizes {
  protected override resize(cq: CompletionQueue, call: Resize): ViaAnswer {
    const given = super.resize(cq, call)
    if (given.vip?.code === 'VIP_SUCCESS') cq.entries.length = 0
    return given
  }
}

/** Completion queues that were resized, with the room that they were made with. */
const rooms = new WeakMap<CompletionQueue, number>()

class InNameOnly extends Resizes {
  protected override resize(cq: CompletionQueue, call: Resize): ViaAnswer {
    rooms.set(cq, Math.min(rooms.get(cq) ?? cq.capacity, cq.capacity))
    return super.resize(cq, call)
  }
}

/** Drops entries for which there was no room when the completion queue was made. */
class DropsSurplus extends Completions {
  protected override putEntry(posting: Posting): void {
    const { cq } = posting.queue
    const room = cq && rooms.get(cq)
    if (cq && room !== undefined && cq.entries.length >= room) return
    super.putEntry(posting)
  }
}

class GrowsOnly extends Resizes {
  protected override resize(cq: CompletionQueue, call: Resize): ViaAnswer {
    return call.entryCount < cq.capacity && call.entryCount > 0 ? noResource : super.resize(cq, call)
  }
}

class CutsEntries extends Resizes {
  protected override resize(cq: CompletionQueue, call: Resize): ViaAnswer {
    if (call.entryCount > 0 && cq.entries.length > call.entryCount) cq.entries.length = call.entryCount
    return super.resize(cq, call)
  }
}

class RefusesTooLate extends Resizes {
  protected override resize(cq: CompletionQueue, call: Resize): ViaAnswer {
    const given = super.resize(cq, call)
    if (given.vip?.code !== 'VIP_SUCCESS' && cq.entries.length > call.entryCount) cq.entries.length = call.entryCount
    return given
  }
}

class ToNothing extends Resizes {
  protected override resize(cq: CompletionQueue, call: Resize): ViaAnswer {
    return call.entryCount === 0 && cq.entries.length === 0 ? success : super.resize(cq, call)
  }
}

class BeyondLimit extends Resizes {
  protected override resize(cq: CompletionQueue, call: Resize): ViaAnswer {
    return call.entryCount > this.board.configuration.cqEntries ? success : super.resize(cq, call)
  }
}

class Unchecked extends CompletionCalls {
  override resizeCq(call: Resize): ViaAnswer {
    return this.board.names.find('cq', call.cq) ? super.resizeCq(call) : success
  }
}

/** Counts entries that were taken long ago. */
class CountsTaken extends Completions {
  readonly put = new WeakMap<CompletionQueue, number>()

  protected override putEntry(posting: Posting): void {
    const { cq } = posting.queue
    if (cq) this.put.set(cq, (this.put.get(cq) ?? 0) + 1)
    super.putEntry(posting)
  }
}

class WantsRoomForTaken extends Resizes {
  protected override resize(cq: CompletionQueue, call: Resize): ViaAnswer {
    const { completions } = this.board
    const put = completions instanceof CountsTaken ? (completions.put.get(cq) ?? 0) : 0
    return call.entryCount > 0 && call.entryCount < put ? noResource : super.resize(cq, call)
  }
}

/** Leaves the old completion queue to the VIs, and gives the host one that nobody uses. */
class MakesAnother extends Resizes {
  protected override resize(cq: CompletionQueue, call: Resize): ViaAnswer {
    const given = super.resize(cq, call)
    if (given.vip?.code === 'VIP_SUCCESS') this.board.names.bind({ ...cq, entries: cq.entries })
    return given
  }
}

const resized = new WeakSet<WorkQueue | CompletionQueue>()

class WaitsAsleep extends Waits {
  protected override hears(wait: OpenWait): boolean {
    return !resized.has(wait.source)
  }
}

class HandlersAsleep extends Handlers {
  override review(source: WorkQueue | CompletionQueue): void {
    if (!resized.has(source)) super.review(source)
  }
}

class MarksResized extends Resizes {
  protected override resize(cq: CompletionQueue, call: Resize): ViaAnswer {
    resized.add(cq)
    return super.resize(cq, call)
  }
}

export const resizeMutants: readonly Mutant[] = mutantsOf('via', [
  {
    name: 'via-resize-forgets-entries',
    words: 'A completion queue that is resized is empty.',
    violates: ['VIA-CQ-015'],
    make: withViaParts({ completionCalls: ForgetsEntries }),
  },
  {
    name: 'via-resize-in-name-only',
    words: 'A completion queue that is made larger loses what it had no room for before.',
    violates: ['VIA-CQ-015'],
    make: withViaParts({ completionCalls: InNameOnly, completions: DropsSurplus }),
  },
  {
    name: 'via-resize-grows-only',
    words: 'A completion queue cannot be made smaller.',
    violates: ['VIA-CQ-015'],
    make: withViaParts({ completionCalls: GrowsOnly }),
  },
  {
    name: 'via-resize-cuts-entries',
    words: 'A completion queue is made smaller than what is on it, and the rest is lost.',
    violates: ['VIA-CQ-016'],
    make: withViaParts({ completionCalls: CutsEntries }),
  },
  {
    name: 'via-resize-refuses-too-late',
    words: 'A completion queue that cannot be made so small is refused, and loses its entries.',
    violates: ['VIA-CQ-016'],
    make: withViaParts({ completionCalls: RefusesTooLate }),
  },
  {
    name: 'via-resize-to-nothing',
    words: 'A completion queue can be resized to no entries.',
    violates: ['VIA-CQ-016'],
    make: withViaParts({ completionCalls: ToNothing }),
  },
  {
    name: 'via-resize-beyond-limit',
    words: 'A completion queue can be resized to more entries than the NIC has.',
    violates: ['VIA-CQ-021'],
    make: withViaParts({ completionCalls: BeyondLimit }),
  },
  {
    name: 'via-resize-unchecked',
    words: 'VipResizeCQ succeeds for a completion queue that is not valid.',
    violates: ['VIA-CQ-022'],
    make: withViaParts({ completionCalls: Unchecked }),
  },
  {
    name: 'via-resize-counts-taken',
    words: 'Entries that were taken count when a completion queue is made smaller.',
    violates: ['VIA-CQ-015'],
    make: withViaParts({ completionCalls: WantsRoomForTaken, completions: CountsTaken }),
  },
  {
    name: 'via-resize-makes-another',
    words: 'A completion queue that is resized is another one than that of its VIs.',
    violates: ['VIA-CQ-015'],
    make: withViaParts({ completionCalls: MakesAnother }),
  },
  {
    name: 'via-resize-wakes-nobody',
    words: 'Whoever waits at a completion queue that is resized, call or handler, waits for ever.',
    violates: ['VIA-CQ-015'],
    make: withViaParts({ completionCalls: MarksResized, waits: WaitsAsleep, handlers: HandlersAsleep }),
  },
])

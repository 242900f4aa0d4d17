// Mutants of the VIA reference that keep completion queues and their entries wrongly.
import { answer, success } from '../../../reference/via/answers.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import { CompletionCalls } from '../../../reference/via/completion-calls.ts'
import { Completions } from '../../../reference/via/completions.ts'
import type { CompletionQueue, Posting, Vi, WorkQueue } from '../../../reference/via/objects.ts'
import { Waits } from '../../../reference/via/waits.ts'
import { WorkQueues } from '../../../reference/via/work-queues.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { viaInfinite, viaStatusBits, viaStatusMasks } from '../../../spec/vocabulary/via-constants.ts'
import { ghostNic } from './ghosts.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

class QueueStays extends CompletionCalls {
  override destroyCq(call: Call<'VipDestroyCQ'>): ViaAnswer {
    const cq = this.board.names.find('cq', call.cq)
    const given = super.destroyCq(call)
    if (cq) cq.alive = true
    return given
  }
}

class QueueOfNone extends CompletionCalls {
  override createCq(call: Call<'VipCreateCQ'>): ViaAnswer {
    return super.createCq({ ...call, entryCount: call.entryCount || 1 })
  }
}

class OneQueueMore extends CompletionCalls {
  protected override hasRoom(): boolean {
    return this.board.names.all('cq').length <= this.board.configuration.cqs
  }
}

class EntriesCut extends CompletionCalls {
  override createCq(call: Call<'VipCreateCQ'>): ViaAnswer {
    return super.createCq({ ...call, entryCount: Math.min(call.entryCount, this.board.configuration.cqEntries) })
  }
}

class QueuesLeak extends CompletionCalls {
  override destroyCq(call: Call<'VipDestroyCQ'>): ViaAnswer {
    const given = super.destroyCq(call)
    if (given === success) {
      const name = `destroyed ${call.cq}`
      this.board.names.bind({ kind: 'cq', name, nic: ghostNic(), entries: [], capacity: 1, alive: true })
    }
    return given
  }
}

class QueueAnyway extends CompletionCalls {
  protected override isUsed(): boolean {
    return false
  }
}

/** Holds a queue for the entries of a VI that is no more. */
class QueueOfEntries extends CompletionCalls {
  protected override isUsed(cq: CompletionQueue): boolean {
    return cq.entries.length > 0 || super.isUsed(cq)
  }
}

class EmptyTimesOut extends CompletionCalls {
  override cqDone(call: Call<'VipCQDone'>): ViaAnswer {
    const given = super.cqDone(call)
    return given.vip?.code === 'VIP_NOT_DONE' ? answer('VIP_TIMEOUT') : given
  }
}

/** Puts entries in a way of its own. */
class EntryTwice extends Completions {
  protected override putEntry(posting: Posting): void {
    super.putEntry(posting)
    super.putEntry(posting)
  }
}

class EntryLost extends Completions {
  protected override putEntry(posting: Posting): void {
    if (posting.queue.queue === 'recv') super.putEntry(posting)
  }
}

class OtherQueueNamed extends Completions {
  protected override putEntry(posting: Posting): void {
    const queue = posting.queue.queue === 'send' ? 'recv' : 'send'
    super.putEntry({ ...posting, queue: { ...posting.queue, queue } })
  }
}

/** Thinks that one entry is enough for all descriptors of a queue that nobody has looked at. */
class EntriesMerged extends Completions {
  protected override putEntry(posting: Posting): void {
    const { cq, queue } = posting.queue
    const told = cq?.entries.some((entry) => entry.vi === posting.vi.name && entry.queue === queue)
    if (!told) super.putEntry(posting)
  }
}

class FirstViNamed extends Completions {
  protected override putEntry(posting: Posting): void {
    const { cq } = posting.queue
    const first = this.board.names.all('vi').find(({ send, recv }) => send.cq === cq || recv.cq === cq)
    super.putEntry({ ...posting, vi: first ?? posting.vi })
  }
}

class FlushWithoutEntry extends Completions {
  protected override putEntry(posting: Posting): void {
    if ((posting.status & viaStatusBits['descriptor-flushed']) === 0) super.putEntry(posting)
  }
}

class ErrorWithoutEntry extends Completions {
  protected override putEntry(posting: Posting): void {
    const { errors } = viaStatusMasks
    if ((posting.status & errors & ~viaStatusBits['descriptor-flushed']) === 0) super.putEntry(posting)
  }
}

class EntriesStay extends Completions {
  override forget(): void {}
}

/** Puts the entry of a receive when the first frame of its message comes, and none when it is complete. */
class EntryOnFirstFrame extends WorkQueues {
  override takeReceive(vi: Vi): Posting | undefined {
    const posting = super.takeReceive(vi)
    const { completions } = this.board
    if (posting && completions instanceof EntryBefore) completions.announce(posting)
    return posting
  }
}

class EntryBefore extends Completions {
  private readonly announced = new WeakSet<Posting>()

  announce(posting: Posting): void {
    this.announced.add(posting)
    super.putEntry(posting)
  }

  protected override putEntry(posting: Posting): void {
    if (!this.announced.has(posting)) super.putEntry(posting)
  }
}

class EntryTakesDescriptor extends Waits {
  protected override takeEntry(cq: CompletionQueue): ViaAnswer {
    const given = super.takeEntry(cq)
    const entry = given.vip?.entry
    const vi = entry ? this.board.names.find('vi', entry.vi) : undefined
    if (entry && vi) vi[entry.queue].postings.shift()
    return given
  }
}

/** Hands an entry out, and leaves it there until the descriptor was taken. */
class EntryStays extends Waits {
  protected override takeEntry(cq: CompletionQueue): ViaAnswer {
    const [entry] = cq.entries
    const given = super.takeEntry(cq)
    const vi = entry ? this.board.names.find('vi', entry.vi) : undefined
    if (entry && vi?.[entry.queue].postings[0]?.state === 'done') cq.entries.unshift(entry)
    return given
  }
}

class QueueWaitAsleep extends Waits {
  override review(source: WorkQueue | CompletionQueue): void {
    if ('postings' in source) super.review(source)
  }
}

class QueueWaitHurries extends CompletionCalls {
  override cqWait(id: number, call: Call<'VipCQWait'>): ViaAnswer | undefined {
    return super.cqWait(id, { ...call, timeout: Math.floor(call.timeout / 1000) })
  }
}

class QueueWaitForEver extends CompletionCalls {
  override cqWait(id: number, call: Call<'VipCQWait'>): ViaAnswer | undefined {
    return super.cqWait(id, { ...call, timeout: call.timeout === 0 ? 0 : viaInfinite })
  }
}

/** Looks for entries of a VI that is destroyed only where those of its receives are. */
class DeadSendsStay extends Completions {
  override forget(vi: Vi): void {
    super.forget({ ...vi, send: vi.recv })
  }
}

export const completionMutants = mutantsOf('via', [
  {
    name: 'via-destroyed-queue-usable',
    words: 'Answers well when a completion queue is destroyed, and goes on taking its handle.',
    violates: ['VIA-CQ-001', 'VIA-CQ-019'],
    make: withViaParts({ completionCalls: QueueStays }),
  },
  {
    name: 'via-queue-of-no-entries',
    words: 'Makes a completion queue of one entry for one of none.',
    violates: ['VIA-CQ-002'],
    make: withViaParts({ completionCalls: QueueOfNone }),
  },
  {
    name: 'via-queue-limit-off-by-one',
    words: 'Makes one completion queue more than it says that it can.',
    violates: ['VIA-CQ-003'],
    make: withViaParts({ completionCalls: OneQueueMore }),
  },
  {
    name: 'via-entries-cut',
    words: 'Makes a shorter completion queue where the wanted one would be too long.',
    violates: ['VIA-CQ-003'],
    make: withViaParts({ completionCalls: EntriesCut }),
  },
  {
    name: 'via-queues-leak',
    words: 'Counts destroyed completion queues against the limit for ever.',
    violates: ['VIA-CQ-003'],
    make: withViaParts({ completionCalls: QueuesLeak }),
  },
  {
    name: 'via-used-queue-destroyed',
    words: 'Destroys a completion queue that a VI uses.',
    violates: ['VIA-CQ-012'],
    make: withViaParts({ completionCalls: QueueAnyway }),
  },
  {
    name: 'via-entries-hold-queue',
    words: 'Refuses to destroy a completion queue that has entries, and keeps those of VIs that are gone.',
    violates: ['VIA-CQ-013', 'VIA-CQ-014'],
    make: withViaParts({ completionCalls: QueueOfEntries, completions: EntriesStay }),
  },
  {
    name: 'via-empty-queue-times-out',
    words: 'Answers VIP_TIMEOUT where VipCQDone finds no entry.',
    violates: ['VIA-CQ-007'],
    make: withViaParts({ completionCalls: EmptyTimesOut }),
  },
  {
    name: 'via-entry-twice',
    words: 'Puts two entries for each descriptor.',
    violates: ['VIA-CQ-004', 'VIA-CQ-006', 'VIA-CQ-010'],
    make: withViaParts({ completions: EntryTwice }),
  },
  {
    name: 'via-send-entry-lost',
    words: 'Puts no entries for sends.',
    violates: ['VIA-CQ-004', 'VIA-CQ-010', 'VIA-VI-008'],
    make: withViaParts({ completions: EntryLost }),
  },
  {
    name: 'via-entry-of-other-queue',
    words: 'Names the other work queue of the VI in an entry.',
    violates: ['VIA-CQ-004', 'VIA-CQ-006', 'VIA-CQ-010'],
    make: withViaParts({ completions: OtherQueueNamed }),
  },
  {
    name: 'via-entries-merged',
    words: 'Puts no entry while one of the same work queue is there.',
    violates: ['VIA-CQ-004'],
    make: withViaParts({ completions: EntriesMerged }),
  },
  {
    name: 'via-entry-of-first-vi',
    words: 'Names the first VI of a completion queue in every entry.',
    violates: ['VIA-CQ-004', 'VIA-CQ-010'],
    make: withViaParts({ completions: FirstViNamed }),
  },
  {
    name: 'via-flush-without-entry',
    words: 'Puts no entries for flushed descriptors.',
    violates: ['VIA-FLUSH-004', 'VIA-CQ-018'],
    make: withViaParts({ completions: FlushWithoutEntry }),
  },
  {
    name: 'via-error-without-entry',
    words: 'Puts no entries for descriptors that have failed.',
    violates: ['VIA-CQ-018', 'VIA-CQ-004'],
    make: withViaParts({ completions: ErrorWithoutEntry }),
  },
  {
    name: 'via-entries-of-destroyed-vi',
    words: 'Hands out entries of VIs that are destroyed.',
    violates: ['VIA-CQ-014'],
    make: withViaParts({ completions: EntriesStay }),
  },
  {
    name: 'via-entry-on-first-frame',
    words: 'Puts the entry of a receive when the first frame of its message comes.',
    violates: ['VIA-CQ-006', 'VIA-CQ-011'],
    make: withViaParts({ queues: EntryOnFirstFrame, completions: EntryBefore }),
  },
  {
    name: 'via-entry-takes-descriptor',
    words: 'Takes the descriptor off its work queue together with the entry.',
    violates: ['VIA-CQ-005'],
    make: withViaParts({ waits: EntryTakesDescriptor }),
  },
  {
    name: 'via-entry-stays',
    words: 'Hands an entry out again and again until its descriptor was taken.',
    violates: ['VIA-CQ-004', 'VIA-CQ-005', 'VIA-CQ-007'],
    make: withViaParts({ waits: EntryStays }),
  },
  {
    name: 'via-queue-wait-asleep',
    words: 'Does not wake a VipCQWait when an entry comes.',
    violates: ['VIA-CQ-009'],
    make: withViaParts({ waits: QueueWaitAsleep }),
  },
  {
    name: 'via-queue-wait-hurries',
    words: 'Takes the milliseconds of a VipCQWait for microseconds.',
    violates: ['VIA-CQ-008', 'VIA-CQ-009'],
    make: withViaParts({ completionCalls: QueueWaitHurries }),
  },
  {
    name: 'via-queue-wait-for-ever',
    words: 'Lets a VipCQWait wait without an end.',
    violates: ['VIA-CQ-008'],
    make: withViaParts({ completionCalls: QueueWaitForEver }),
  },
  {
    name: 'via-entries-of-dead-sends',
    words: 'Leaves entries of a VI that is destroyed on the completion queue of its sends.',
    violates: ['VIA-CQ-014'],
    make: withViaParts({ completions: DeadSendsStay }),
  },
])

// Mutants that go wrong when two threads call at once, or one while an activity is at work.
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import { Completions } from '../../../reference/via/completions.ts'
import type { CompletionQueue, Nic, Posting, Vi, WorkQueue } from '../../../reference/via/objects.ts'
import { Reports } from '../../../reference/via/reports.ts'
import type { Told } from '../../../reference/via/reports.ts'
import { Waits } from '../../../reference/via/waits.ts'
import type { OpenWait } from '../../../reference/via/waits.ts'
import { WorkQueues } from '../../../reference/via/work-queues.ts'
import { Moments, type Momentary } from './moments.ts'
import { racesOf, withViaParts, type Mutant } from '../mutant.ts'

/** Does not ring for a queue again while a ring of it is unanswered. */
class RingsOnce extends WorkQueues {
  /** Queues whose ring is unanswered, in order. */
  private rung: WorkQueue[] = []

  override clear(): void {
    super.clear()
    this.rung = []
  }

  override answerDoorbell(): void {
    this.rung.shift()
    super.answerDoorbell()
  }

  protected override knock(posting: Posting): void {
    if (this.rung.includes(posting.queue)) return
    this.rung.push(posting.queue)
    super.knock(posting)
  }
}

/** A Wait that is woken takes its descriptor off the queue a moment later. */
class TakesLate extends Waits implements Momentary {
  private isWaking = false
  private fresh: Posting[] = []
  private old: Posting[] = []

  override clear(): void {
    super.clear()
    this.fresh = []
    this.old = []
  }

  override review(source: WorkQueue | CompletionQueue): void {
    this.isWaking = true
    super.review(source)
    this.isWaking = false
  }

  pass(): void {
    for (const posting of this.old) remove(posting)
    this.old = this.fresh
    this.fresh = []
  }

  rest(): void {
    this.pass()
    this.pass()
  }

  protected override takeDescriptor(queue: WorkQueue): ViaAnswer {
    if (!this.isWaking) return super.takeDescriptor(queue)
    // Another Wait is not woken with the same.
    for (const posting of [...this.old, ...this.fresh]) if (posting.queue === queue) remove(posting)
    const [first] = queue.postings
    const given = super.takeDescriptor(queue)
    if (!first || queue.postings[0] === first) return given
    queue.postings.unshift(first)
    this.fresh.push(first)
    return given
  }
}

function remove(posting: Posting): void {
  const { postings } = posting.queue
  const at = postings.indexOf(posting)
  if (at >= 0) postings.splice(at, 1)
}

/** A VipCQWait has looked, and for a moment does not hear yet that an entry comes. */
class DrowsyWaits extends Waits implements Momentary {
  private readonly drowsy = new Set<number>()

  override clear(): void {
    super.clear()
    this.drowsy.clear()
  }

  override wait(call: number, source: WorkQueue | CompletionQueue, timeout: number): ViaAnswer | undefined {
    const answer = super.wait(call, source, timeout)
    if (!answer && 'entries' in source) this.drowsy.add(call)
    return answer
  }

  pass(): void {
    this.drowsy.clear()
  }

  rest(): void {
    this.drowsy.clear()
  }

  protected override hears({ call }: OpenWait): boolean {
    return !this.drowsy.has(call)
  }
}

/** Where activities are stepped the handler runs a moment later: one that is to run meanwhile takes its place. */
class OneError extends Reports implements Momentary {
  private fresh: (() => void) | undefined
  private old: (() => void) | undefined

  pass(): void {
    this.old?.()
    this.old = this.fresh
    this.fresh = undefined
  }

  rest(): void {
    this.pass()
    this.pass()
  }

  protected override tell(nic: Nic, told: Told): void {
    if (!this.board.setting.stepped) {
      super.tell(nic, told)
      return
    }
    this.old = undefined
    this.fresh = () => super.tell(nic, told)
  }
}

/** Forgets the entries of a VI that are on its completion queues, not those that are still to be put there. */
class ForgetsEntriesPut extends Completions {
  override forget(vi: Vi): void {
    const pending = this.entries.take((one) => one.vi === vi)
    super.forget(vi)
    for (const each of pending) this.entries.push(each)
  }
}

export const racingCallMutants: readonly Mutant[] = racesOf('via', [
  {
    name: 'via-rings-once',
    words: 'Does not ring for a work queue while an earlier ring is unanswered, though each passes one descriptor on.',
    violates: ['VIA-SEND-005', 'VIA-POST-003', 'VIA-POST-004', 'VIA-ERR-007'],
    make: withViaParts({ queues: RingsOnce }),
  },
  {
    name: 'via-takes-late',
    words: 'Leaves a descriptor that a Wait returned with on its queue for a moment, where Done finds it again.',
    violates: ['VIA-DONE-007'],
    make: (setting) => new Moments(setting, { waits: TakesLate }),
  },
  {
    name: 'via-queue-wait-drowsy',
    words: 'Does not hear of an entry that comes just after a VipCQWait has looked and before it sleeps.',
    violates: ['VIA-CQ-009'],
    make: (setting) => new Moments(setting, { waits: DrowsyWaits }),
  },
  {
    name: 'via-error-overtaken',
    words: 'Loses an error that another follows before the handler runs.',
    violates: ['VIA-ERR-001', 'VIA-ERR-007', 'VIA-DISC-007'],
    make: (setting) => new Moments(setting, { reports: OneError }),
  },
  {
    name: 'via-pending-entry-stays',
    words: 'Puts the entry of a descriptor although its VI was destroyed meanwhile.',
    violates: ['VIA-CQ-014'],
    make: withViaParts({ completions: ForgetsEntriesPut }),
  },
])

// Mutants whose host and NIC miss each other when something happens between two calls, or between a call and an activity.
import { IntegerQueue } from '../../../reference/core/integer-queue.ts'
import type { Answer } from '../../../reference/core/buffers.ts'
import { DescriptorPool } from '../../../reference/emp/descriptors.ts'
import type { PieceList, Posting } from '../../../reference/emp/descriptors.ts'
import { EmpEndpoint } from '../../../reference/emp/endpoint.ts'
import { HostLibrary } from '../../../reference/emp/host.ts'
import type { OpenWait } from '../../../reference/emp/host.ts'
import { Matching } from '../../../reference/emp/matching.ts'
import { Postings } from '../../../reference/emp/postings.ts'
import type { PostingMeans } from '../../../reference/emp/postings.ts'
import type { EndpointSetting, OutputSink } from '../../../spec/vocabulary/endpoint.ts'
import type { Instant } from '../../../spec/vocabulary/units.ts'
import { racesOf, withEmpParts, type Mutant } from '../mutant.ts'

/** A bell that is not rung again before the NIC has answered it. */
class OneRing extends IntegerQueue {
  private readonly doorbell: IntegerQueue

  constructor(doorbell: IntegerQueue) {
    super()
    this.doorbell = doorbell
  }

  override push(head: number): void {
    if (this.doorbell.count === 0) this.doorbell.push(head)
  }
}

class RingsOnce extends Postings {
  constructor(means: PostingMeans) {
    super({ ...means, doorbell: new OneRing(means.doorbell) })
  }
}

/** Puts the youngest posting before those that the NIC has not fetched yet. */
class Stack extends IntegerQueue {
  private readonly doorbell: IntegerQueue

  constructor(doorbell: IntegerQueue) {
    super()
    this.doorbell = doorbell
  }

  override push(head: number): void {
    const { doorbell } = this
    const older: number[] = []
    while (doorbell.count > 0) older.push(doorbell.shift())
    for (const each of [head, ...older]) doorbell.push(each)
  }
}

class StacksPostings extends Postings {
  constructor(means: PostingMeans) {
    super({ ...means, doorbell: new Stack(means.doorbell) })
  }
}

/** A wait has looked, and for a moment does not hear yet that a request is done. */
class DrowsyHost extends HostLibrary {
  private readonly drowsy = new Set<number>()

  override clear(): void {
    super.clear()
    this.drowsy.clear()
  }

  override wait(call: number, names: readonly string[]): Answer | undefined {
    const answer = super.wait(call, names)
    this.drowsy.add(call)
    return answer
  }

  /** The moment is over. */
  fallAsleep(): void {
    this.drowsy.clear()
  }

  protected override isOver(wait: OpenWait): boolean {
    return !this.drowsy.has(wait.call) && super.isOver(wait)
  }
}

/** Its waits are asleep after the next activity, or once there is none. */
class Drowsy extends EmpEndpoint {
  constructor(setting: EndpointSetting) {
    super(setting, { host: DrowsyHost })
  }

  override drain(sink: OutputSink): void {
    super.drain(sink)
    if (this.runnableCount === 0) this.fallAsleep()
  }

  override run(one: number, now: Instant): void {
    super.run(one, now)
    this.fallAsleep()
  }

  private fallAsleep(): void {
    if (this.host instanceof DrowsyHost) this.host.fallAsleep()
  }
}

/** Knows how many headers had come when each descriptor was passed to the NIC. */
class DatedPool extends DescriptorPool {
  headers = 0
  private readonly headersBefore = new Map<number, number>()

  override clear(): void {
    super.clear()
    this.headers = 0
    this.headersBefore.clear()
  }

  override compose(head: number, posting: Posting, pieces: PieceList): void {
    super.compose(head, posting, pieces)
    this.headersBefore.set(head, this.headers)
  }

  /** Whether no header has come since. */
  isFresh(head: number): boolean {
    return this.headersBefore.get(head) === this.headers
  }
}

/** Looks for a message that waits as of the posting, not of the fetch. */
class LooksAtPosting extends Matching {
  override post(head: number): void {
    const { descriptors } = this
    if (!(descriptors instanceof DatedPool)) return
    if (!descriptors.isFresh(head)) {
      this.posted[this.count++] = head
      return
    }
    const { headers } = descriptors
    super.post(head)
    descriptors.headers = headers
  }

  override bind(peer: number): void {
    super.bind(peer)
    if (this.descriptors instanceof DatedPool) this.descriptors.headers++
  }
}

export const racingCallMutants: readonly Mutant[] = racesOf('emp', [
  {
    name: 'emp-rings-once',
    words: 'Does not ring the doorbell while an earlier ring is unanswered, though each ring passes one posting on.',
    violates: ['EMP-HOST-001', 'EMP-REL-001', 'EMP-MATCH-004', 'EMP-MATCH-006', 'EMP-MATCH-012'],
    make: withEmpParts({ postings: RingsOnce }),
  },
  {
    name: 'emp-stacks-postings',
    words: 'Fetches the youngest of several postings first that the NIC has not seen yet.',
    violates: ['EMP-REL-018', 'EMP-MATCH-001', 'EMP-MATCH-003'],
    make: withEmpParts({ postings: StacksPostings }),
  },
  {
    name: 'emp-wait-drowsy',
    words: 'Does not hear of a request that is done just after a wait has looked and before it sleeps.',
    violates: ['EMP-HOST-003', 'EMP-HOST-004'],
    make: (setting) => new Drowsy(setting),
  },
  {
    name: 'emp-reservation-missed',
    words: 'Does not bind a receive to a message that waits if a header came after the posting and before its fetch.',
    violates: ['EMP-MATCH-006', 'EMP-MATCH-007', 'EMP-MATCH-012', 'EMP-REL-001'],
    make: withEmpParts({ descriptors: DatedPool, matching: LooksAtPosting }),
  },
])

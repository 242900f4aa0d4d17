// Calls that post, from the call to its return: pages are translated (E48), then the descriptor is written (E49).
import type { Duration, Instant } from '../../spec/vocabulary/units.ts'
import type { IntegerQueue } from '../core/integer-queue.ts'
import type { DescriptorPool } from './descriptors.ts'

/** What postings work on. */
export interface PostingMeans {
  readonly descriptors: DescriptorPool
  /** Rung when the host begins to write, so that the NIC finds the slot; what it finds there is another matter. */
  readonly doorbell: IntegerQueue
  /** How long the kernel takes for one page; how many words the host writes before anything else may happen. */
  readonly translation: Duration
  readonly burst: number
}

/** A call that posts and has not returned. */
export interface OpenPosting {
  readonly call: number
  readonly name: string
  readonly head: number
  /** When its addresses are known. */
  readonly translated: Instant
  /** Words that stand in NIC memory. */
  stored: number
}

/** The host writes one descriptor at a time, in the order in which their addresses are known. */
export class Postings {
  protected readonly means: PostingMeans
  /** In that order. */
  private readonly open: OpenPosting[] = []

  constructor(means: PostingMeans) {
    this.means = means
  }

  clear(): void {
    this.open.length = 0
  }

  get count(): number {
    return this.open.length
  }

  has(name: string): boolean {
    return this.open.some((posting) => posting.name === name)
  }

  /** When the next addresses will be known; undefined if none are asked for. */
  wakeAt(now: Instant): Instant | undefined {
    return this.open.find(({ translated }) => translated > now)?.translated
  }

  /** Whether there is something to write. */
  ready(now: Instant): boolean {
    const [first] = this.open
    return first !== undefined && first.translated <= now
  }

  /**
   * A posting has begun, and the host is at it: what it can write at once is written at once. True if that was all; or else
   * it goes on when it is its turn, and `write` tells of its end.
   */
  begin(posting: Pick<OpenPosting, 'call' | 'name' | 'head'>, pages: number, now: Instant): boolean {
    const isFirst = !this.ready(now)
    const translated = now + pages * this.means.translation
    const later = this.open.findIndex((other) => other.translated > translated)
    this.open.splice(later < 0 ? this.open.length : later, 0, { ...posting, translated, stored: 0 })
    return isFirst && this.ready(now) && this.write() !== undefined
  }

  /** Writes the next words of the first posting: that posting, if they were the last. */
  write(): OpenPosting | undefined {
    const [posting] = this.open
    if (!posting) return undefined
    const { descriptors, doorbell, burst } = this.means
    const { head } = posting
    if (posting.stored === 0) doorbell.push(head)
    const words = descriptors.wordCount(head)
    for (const end = Math.min(words, posting.stored + burst); posting.stored < end; posting.stored++) {
      descriptors.store(head, posting.stored)
    }
    return posting.stored < words ? undefined : this.open.shift()
  }
}

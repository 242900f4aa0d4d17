// Mutants that do not cope with addresses that take time to be translated.
import { EmpEndpoint } from '../../../reference/emp/endpoint.ts'
import { activity } from '../../../reference/emp/activities.ts'
import { DescriptorPool } from '../../../reference/emp/descriptors.ts'
import { Postings } from '../../../reference/emp/postings.ts'
import type { OpenPosting } from '../../../reference/emp/postings.ts'
import type { Call } from '../../../spec/vocabulary/calls.ts'
import type { Instant } from '../../../spec/vocabulary/units.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

/** Words of a descriptor that hold its first address. */
const addressWords = 2

/** Leaves the address that a slot has from before, if it is told that the new one is not known. */
class OldAddressPool extends DescriptorPool {
  isAddressKnown = true

  override store(head: number, nth: number): void {
    if (this.isAddressKnown || this.wordAt(head, nth) >= addressWords) super.store(head, nth)
  }
}

/** Does not wait for the kernel. */
class PostsUntranslated extends Postings {
  override begin(posting: Pick<OpenPosting, 'call' | 'name' | 'head'>, pages: number, now: Instant): boolean {
    const { descriptors, translation } = this.means
    if (descriptors instanceof OldAddressPool) descriptors.isAddressKnown = pages * translation === 0
    return super.begin(posting, 0, now)
  }
}

/** Its NIC stands still while the kernel looks addresses up. */
class StopsNic extends EmpEndpoint {
  protected override isRunnable(one: number): boolean {
    return (this.translatedAt === undefined || one === activity.post) && super.isRunnable(one)
  }

  override get wakeAt(): Instant | undefined {
    return this.translatedAt ?? super.wakeAt
  }
}

/** Keeps other calls back while the kernel looks addresses up. */
class HoldsCalls extends EmpEndpoint {
  private readonly held: Call[] = []

  override apply(call: Call, now: Instant): void {
    if (this.translatedAt === undefined) super.apply(call, now)
    else this.held.push(call)
  }

  override wake(now: Instant): void {
    super.wake(now)
    if (this.translatedAt !== undefined) return
    for (const call of this.held.splice(0)) super.apply(call, now)
  }

  override reset(seed: number): void {
    super.reset(seed)
    this.held.length = 0
  }
}

export const translatingMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-posts-untranslated',
    words: 'Passes a descriptor without waiting for the address of its first page, when that takes time.',
    violates: ['EMP-MEM-006', 'EMP-REL-001', 'EMP-MATCH-013'],
    make: withEmpParts({ descriptors: OldAddressPool, postings: PostsUntranslated }),
  },
  {
    name: 'emp-translation-stops-nic',
    words: 'Does nothing on the NIC while the addresses for a posting are translated.',
    violates: ['EMP-MEM-006'],
    make: (setting) => new StopsNic(setting),
  },
  {
    name: 'emp-translation-holds-calls',
    words: 'Answers no other call while the addresses for a posting are translated.',
    violates: ['EMP-MEM-006', 'EMP-HOST-002'],
    make: (setting) => new HoldsCalls(setting),
  },
])

// Mutants of the VIA reference that overlook what becomes of a descriptor while it is posted.
import { DescriptorAccess } from '../../../reference/via/descriptor-access.ts'
import type { Posting } from '../../../reference/via/objects.ts'
import { Reports } from '../../../reference/via/reports.ts'
import { WorkQueues } from '../../../reference/via/work-queues.ts'
import type { ViaErrorCode } from '../../../spec/vocabulary/via-constants.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'

class LinkUnchecked extends DescriptorAccess {
  override isValid(posting: Posting): boolean {
    return super.isValid({ ...posting, ...this.link(posting.address) })
  }
}

class NextOnly extends DescriptorAccess {
  override isValid(posting: Posting): boolean {
    const { nextHandle } = this.link(posting.address)
    return super.isValid({ ...posting, nextHandle })
  }
}

class ClearLinkWanted extends DescriptorAccess {
  override isValid(posting: Posting): boolean {
    return posting.next === 0 && super.isValid(posting)
  }
}

/** Reports nothing of descriptors that were good when they were posted. */
class ChangesUntold extends Reports {
  override descriptor(posting: Posting, code: ViaErrorCode): void {
    const { next, nextHandle } = this.board.descriptors.link(posting.address)
    if (next === posting.next && nextHandle === posting.nextHandle) super.descriptor(posting, code)
  }
}

class VanishedUntold extends Reports {
  override descriptor(posting: Posting, code: ViaErrorCode): void {
    if (this.board.protection.region(posting.vi.nic, posting.handle)) super.descriptor(posting, code)
  }
}

/** Writes where the descriptor was. */
class VanishedWritten extends DescriptorAccess {
  private readonly known = new WeakSet<Posting>()

  override isValid(posting: Posting): boolean {
    const isValid = super.isValid(posting)
    if (isValid) this.known.add(posting)
    return isValid
  }

  protected override reaches(posting: Posting, bytes: number): boolean {
    return this.known.has(posting) || super.reaches(posting, bytes)
  }
}

/** What cannot be written to waits on its queue for ever. */
class StayQueued extends WorkQueues {
  override drop(posting: Posting): void {
    if (this.board.protection.region(posting.vi.nic, posting.handle)) super.drop(posting)
    else posting.state = 'active'
  }
}

export const postedDescriptorMutants = mutantsOf('via', [
  {
    name: 'via-link-unchecked',
    words: 'Does not notice that the link of a posted descriptor was changed.',
    violates: ['VIA-DESC-022'],
    make: withViaParts({ descriptors: LinkUnchecked }),
  },
  {
    name: 'via-link-of-next-only',
    words: 'Does not notice that NextHandle of a posted descriptor was changed.',
    violates: ['VIA-DESC-022'],
    make: withViaParts({ descriptors: NextOnly }),
  },
  {
    name: 'via-link-must-be-clear',
    words: 'Takes a descriptor for none if its Next is not zero when it is posted.',
    violates: ['VIA-DESC-022'],
    make: withViaParts({ descriptors: ClearLinkWanted }),
  },
  {
    name: 'via-link-change-untold',
    words: 'Drops a descriptor whose link was changed, and tells nobody.',
    violates: ['VIA-DESC-022'],
    make: withViaParts({ reports: ChangesUntold }),
  },
  {
    name: 'via-vanished-untold',
    words: 'Drops a descriptor whose memory is gone, and tells nobody.',
    violates: ['VIA-ERR-021'],
    make: withViaParts({ reports: VanishedUntold }),
  },
  {
    name: 'via-vanished-written',
    words: 'Writes what came of a descriptor into its memory, though that was deregistered.',
    violates: ['VIA-ERR-021'],
    make: withViaParts({ descriptors: VanishedWritten }),
  },
  {
    name: 'via-vanished-stay-queued',
    words: 'Leaves a descriptor whose memory is gone on its queue for ever.',
    violates: ['VIA-ERR-021'],
    make: withViaParts({ queues: StayQueued }),
  },
])

// Mutants that go wrong when a handler is armed, or a completion queue resized, while a completion comes.
import { Completions } from '../../../reference/via/completions.ts'
import { Handlers, type Armed } from '../../../reference/via/handlers.ts'
import type { CompletionQueue, Posting, WorkQueue } from '../../../reference/via/objects.ts'
import { Moments, type Momentary } from './moments.ts'
import { racesOf, type Mutant } from '../mutant.ts'

/** A handler that has been armed does not hear for a moment of what comes. */
class DrowsyHandlers extends Handlers implements Momentary {
  private readonly drowsy = new Set<Armed>()

  override clear(): void {
    super.clear()
    this.drowsy.clear()
  }

  override arm(armed: Armed): void {
    super.arm(armed)
    if (this.armed.includes(armed)) this.drowsy.add(armed)
  }

  pass(): void {
    this.drowsy.clear()
  }

  rest(): void {
    this.drowsy.clear()
  }

  protected override pick(source: WorkQueue | CompletionQueue): Armed | undefined {
    return this.armed.find((one) => one.source === source && !this.drowsy.has(one))
  }
}

/** While a completion queue moves to its new size, what is put on the old one is gone with it. */
class LosesWhileMoving extends Completions implements Momentary {
  /** The sizes as they were a moment ago. */
  private sizes = new Map<CompletionQueue, number>()

  override clear(): void {
    super.clear()
    this.sizes = new Map()
  }

  pass(): void {
    this.sizes = new Map(this.board.names.all('cq').map((cq) => [cq, cq.capacity]))
  }

  rest(): void {
    this.pass()
  }

  protected override putEntry(posting: Posting): void {
    const { cq } = posting.queue
    const size = cq && this.sizes.get(cq)
    if (size === undefined || size === cq?.capacity) super.putEntry(posting)
  }
}

export const racingNotifyMutants: readonly Mutant[] = racesOf('via', [
  {
    name: 'via-notify-drowsy',
    words: 'Does not hear of a completion that comes just after a handler was armed.',
    violates: ['VIA-NTFY-004', 'VIA-NTFY-008'],
    make: (setting) => new Moments(setting, { handlers: DrowsyHandlers }),
  },
  {
    name: 'via-resize-loses',
    words: 'Loses an entry that is put on a completion queue while it is resized.',
    violates: ['VIA-CQ-015', 'VIA-CQ-016', 'VIA-CQ-004'],
    make: (setting) => new Moments(setting, { completions: LosesWhileMoving }),
  },
])

// A mutant whose counters are those of the hardware: reading them clears them.
import type { Call } from '../../../spec/vocabulary/calls.ts'
import type { OutputSink } from '../../../spec/vocabulary/endpoint.ts'
import type { Instant } from '../../../spec/vocabulary/units.ts'
import { EmpEndpoint } from '../../../reference/emp/endpoint.ts'
import { mutantsOf, type Mutant } from '../mutant.ts'

type Counters = Readonly<Record<string, number>>

/** Tells what was counted since the last reading. */
class ClearsOnReading extends EmpEndpoint {
  private readonly readings = new Set<number>()
  private read: Counters = {}

  override apply(call: Call, now: Instant): void {
    if (call.body.operation === 'emp.counters') this.readings.add(call.id)
    super.apply(call, now)
  }

  override drain(sink: OutputSink): void {
    super.drain({
      frame: (octets, length) => sink.frame(octets, length),
      returned: (answer) => {
        const { counters } = answer
        if (counters && this.readings.delete(answer.id)) sink.returned({ ...answer, counters: this.since(counters) })
        else sink.returned(answer)
      },
      event: (event) => sink.event(event),
    })
  }

  override reset(seed: number): void {
    super.reset(seed)
    this.readings.clear()
    this.read = {}
  }

  private since(counters: Counters): Counters {
    const before = this.read
    this.read = counters
    const counted = Object.entries(counters).map(([reason, count]) => [reason, count - (before[reason] ?? 0)] as const)
    return Object.fromEntries(counted.filter(([, count]) => count > 0))
  }
}

export const countingMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-counters-clear',
    words: 'Begins to count dropped frames anew when its counters are read.',
    violates: ['EMP-FRAME-010'],
    make: (setting) => new ClearsOnReading(setting),
  },
])

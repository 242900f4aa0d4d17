// Mutants that go wrong when calls about a request for a peer meet what comes of it.
import type { Vi } from '../../../reference/via/objects.ts'
import { Peers } from '../../../reference/via/peers.ts'
import { Moments, type Momentary } from './moments.ts'
import { racesOf, type Mutant } from '../mutant.ts'

/** That an outcome was told is noted a moment later. */
class NotedLate extends Peers implements Momentary {
  private fresh: Vi[] = []
  private old: Vi[] = []

  override clear(): void {
    super.clear()
    this.fresh = []
    this.old = []
  }

  pass(): void {
    for (const vi of this.old) super.tell(vi)
    this.old = this.fresh
    this.fresh = []
  }

  rest(): void {
    this.pass()
    this.pass()
  }

  protected override tell(vi: Vi): void {
    this.fresh.push(vi)
  }
}

export const racingPeerMutants: readonly Mutant[] = racesOf('via', [
  {
    name: 'via-peer-told-again',
    words: 'Tells the outcome of a request for a peer again to a call that comes just after another was told.',
    violates: ['VIA-PEER-005'],
    make: (setting) => new Moments(setting, { peers: NotedLate }),
  },
])

// VIA as the fuzzer speaks it.
import { millisecond } from '../../../spec/vocabulary/units.ts'
import type { Dealt } from '../deck.ts'
import type { Language } from '../language.ts'
import type { Pics } from '../../subject/pics.ts'
import { waysBeside } from './beside.ts'
import { blunderKinds } from './blunders.ts'
import { withdrawals } from './leaving.ts'
import { viaMistakes, viaMoves, type ViaMove } from './moves.ts'
import { viaProgram } from './program.ts'
import { viaSettings } from './settings.ts'
import { waysToSpoil } from './spoiling.ts'
import { tries } from './tries.ts'

const dealt: readonly (Dealt & Pick<ViaMove, 'act'>)[] = [
  { act: 'try', number: 'what', of: tries.length },
  { act: 'blunder', number: 'kind', of: blunderKinds },
  { act: 'withdraw', number: 'kind', of: withdrawals.length },
  { act: 'beside', number: 'what', of: waysBeside },
  { act: 'spoil', number: 'how', of: waysToSpoil },
]

/** The wire is the provider's own: only how long a frame is tells it from others. */
function frameKind(octets: Uint8Array): number {
  return 32 - Math.clz32(octets.length)
}

export function viaLanguage({ wire }: Pics): Language<ViaMove> {
  const means = { seesWire: wire === 'frames' }
  return {
    interface: 'via',
    class: 'functional',
    moves: viaMoves,
    mistakes: viaMistakes,
    drawnForOne: 1,
    dealt,
    frameKind,
    blackout: { after: 24_000, lasts: 9 * millisecond },
    settings: viaSettings,
    compile: (plan, configuration) => viaProgram(plan, configuration, means),
  }
}

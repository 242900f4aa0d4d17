// Frames of other protocols on the link that VIA shares: the harness sends them in the name of a host, and nobody is to mind.
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { CraftStep } from '../../plan/permutation.ts'
import { drawn, pick } from '../drawn.ts'
import type { ViaMove } from './moves.ts'

/** The Internet's protocols, and a length where others have their type. */
const ethertypes = [0x0800, 0x0806, 0x86dd, 1_500] as const

/** How many come together: one, a few, or more than a provider is likely to have room for. */
const bursts = [1, 3, 40] as const

/** Octets of each, from the shortest frame's to the longest's. */
const lengths = [46, 100, 1_500] as const

/** To all hosts of the link. */
const everybody = 'ffffffffffff'

/** What one move puts on the link, from a host to another. */
export function foreignFrames(
  { kind, burst }: Extract<ViaMove, { act: 'foreign' }>,
  ends: { readonly from: NodeIndex; readonly to: NodeIndex },
): readonly CraftStep[] {
  const isForAll = kind % 2 === 1
  const frame: CraftStep = {
    kind: 'craft',
    ...ends,
    fields: {},
    ethertype: pick(ethertypes, kind >> 1),
    payload: { pattern: { kind: 'prng', seed: kind }, position: 0, bytes: pick(lengths, kind) },
    ...(isForAll ? { destination: everybody } : {}),
    position: drawn,
  }
  return Array.from({ length: pick(bursts, burst) }, () => frame)
}

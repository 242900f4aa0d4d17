// Frames that nobody may take for true: the harness puts them on the wire in the name of a host.
import { empDefaults, type Configuration } from '../../../spec/vocabulary/endpoint.ts'
import type { CraftStep } from '../../plan/case.ts'
import { drawn } from '../drawn.ts'
import type { EmpMove } from './moves.ts'

/** Numbers of frame types, as the layout of the wire has them; the last is none. */
const types = { data: 1, acknowledgement: 2, unknown: 7 } as const

/** Octets in a forged frame, all equal, so that they are known where they should not be. */
const octets = 10
const payload = { pattern: { kind: 'const', seed: 0xee }, position: 0, bytes: octets } as const
const noPayload = { ...payload, bytes: 0 } as const

/** An address that no host has. */
const stranger = '02000000ee00'

/** A message ID and a frame number that nothing in a drawn run gets to. */
const farMessage = 1_000
const farFrame = 900

type Forgery = Pick<CraftStep, 'fields' | 'payload' | 'source' | 'destination'>

/** One of the ways in which a frame from `host` to `peer` can be wrong. */
export function forgery(
  { host, peer, kind }: Extract<EmpMove, { act: 'forge' }>,
  hosts: number,
  configuration: Configuration,
): CraftStep {
  const from = host % hosts
  const to = peer % hosts === from ? (from + 1) % hosts : peer % hosts
  const message = configuration['emp.first-message'] ?? empDefaults['emp.first-message']
  const common = { kind: 'craft', from, to, position: drawn } as const
  return { ...forged(kind, message), ...common }
}

function forged(kind: number, message: number): Forgery {
  const data = { type: types.data, message, frame: 0, tag: 0 }
  switch (kind % 7) {
    case 0:
      return { fields: { ...data, type: types.unknown }, payload }
    case 1:
      return { fields: data, payload, source: stranger }
    case 2:
      return { fields: data, payload, destination: stranger }
    case 3:
      return { fields: { ...data, length: 2 * octets + 100 }, payload }
    case 4:
      return { fields: { ...data, frames: 5 }, payload }
    case 5: {
      const unknown = (message + farMessage) >>> 0
      return { fields: { type: types.acknowledgement, length: 0, message: unknown, frame: 0 }, payload: noPayload }
    }
    default:
      return { fields: { type: types.acknowledgement, length: 0, message, frame: farFrame }, payload: noPayload }
  }
}

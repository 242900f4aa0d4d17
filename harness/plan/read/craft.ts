// Reads a `craft` step: a frame that the harness puts on a link itself.
import { frameOctetsMax } from '../../../spec/vocabulary/faults.ts'
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { CraftStep } from '../permutation.ts'
import type { Place } from '../yaml/place.ts'
import type { Scope } from './scope.ts'
import { integerAt } from '../yaml/scalars.ts'
import { patternAt } from './values.ts'

/** Values of the field `type` in every profile so far. */
export const typeValues: Readonly<Record<string, number>> = { data: 1, acknowledgement: 2 }

/** Fields that a case may name, besides the type. */
export const craftedNumbers = ['sender', 'length', 'message', 'frame', 'total', 'frames', 'tag'] as const

export function readCraft(place: Place, scope: Scope): CraftStep | undefined {
  const { findings } = scope
  scope.need('wire.frames', place, '`craft`')
  const from = scope.host(place.get('from'))
  const to = scope.host(place.get('to'))
  const named = place.get('type').text()
  const type = typeValues[named ?? ''] ?? integerAt(place.get('type'), findings)
  if (from === undefined || to === undefined || type === undefined) return undefined
  const payload = readPayload(place.get('payload'), scope)
  const sent = { from, bytes: payload.bytes }
  const fields: Record<string, number> = { type, ...usualFields({ type }, sent) }
  for (const name of craftedNumbers) {
    const value = integerAt(place.get(name), findings)
    if (value !== undefined) fields[name] = value
  }
  for (const [name, value] of Object.entries(usualFields(fields, sent))) fields[name] ??= value
  const source = addressAt(place.get('source'), scope)
  const destination = addressAt(place.get('destination'), scope)
  return {
    kind: 'craft',
    from,
    to,
    fields,
    payload,
    ...(source === undefined ? {} : { source }),
    ...(destination === undefined ? {} : { destination }),
    position: place.position(),
  }
}

/** Frames of another protocol, which the harness puts on a link one behind the other. */
export function readForeign(place: Place, scope: Scope): readonly CraftStep[] {
  const { findings } = scope
  scope.need('wire.frames', place, '`foreign`')
  const from = scope.host(place.get('from'))
  const to = scope.host(place.get('to'))
  const ethertype = integerAt(place.get('ethertype'), findings)
  const count = place.get('count').present ? (integerAt(place.get('count'), findings) ?? 0) : 1
  if (from === undefined || to === undefined || ethertype === undefined) return []
  const destination = addressAt(place.get('destination'), scope)
  const frame: CraftStep = {
    kind: 'craft',
    from,
    to,
    fields: {},
    ethertype,
    payload: readPayload(place.get('payload'), scope),
    ...(destination === undefined ? {} : { destination }),
    position: place.position(),
  }
  return Array.from({ length: count }, () => ({ ...frame }))
}

/** What a correct frame would have in fields that go without saying, where these others are said. */
export function usualFields(
  { type, frame, total }: Readonly<Record<string, number>>,
  { from, bytes }: { readonly from: NodeIndex; readonly bytes: number },
): Readonly<Record<string, number>> {
  const usual = { sender: from, length: bytes }
  if (type !== typeValues['data'] || frame !== 0) return usual
  return { ...usual, total: bytes, ...((total ?? bytes) <= bytes ? { frames: 1 } : {}) }
}

function readPayload(place: Place, { findings }: Scope): CraftStep['payload'] {
  const none: CraftStep['payload'] = { pattern: { kind: 'const', seed: 0 }, position: 0, bytes: 0 }
  if (!place.present) return none
  const bytes = integerAt(place.get('bytes'), findings) ?? 0
  if (bytes > frameOctetsMax)
    findings.add(place.get('bytes').mark(), `no link carries a frame of ${bytes} octets`, `${frameOctetsMax} at most`)
  return {
    pattern: patternAt(place, findings) ?? none.pattern,
    position: integerAt(place.get('position'), findings) ?? 0,
    bytes,
  }
}

/** Twelve hexadecimal digits, or a host whose address is meant. */
function addressAt(place: Place, scope: Scope): string | number | undefined {
  const text = place.text()
  if (text !== undefined && /^[0-9a-fA-F]{12}$/.test(text)) return text.toLowerCase()
  return scope.host(place)
}

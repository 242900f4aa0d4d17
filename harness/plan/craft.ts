// Reads a `craft` step: a frame that the harness puts on a link itself.
import type { CraftStep } from './case.ts'
import type { Place } from './place.ts'
import type { Scope } from './scope.ts'
import { integerAt, patternAt } from './values.ts'

/** Values of the field `type` in every profile so far. */
const typeValues: Readonly<Record<string, number>> = { data: 1, acknowledgement: 2 }

const numbers = ['sender', 'length', 'message', 'frame', 'total', 'frames', 'tag'] as const

export function readCraft(place: Place, scope: Scope): CraftStep | undefined {
  const { findings } = scope
  scope.need('wire.frames', place, '`craft`')
  const from = scope.host(place.get('from'))
  const to = scope.host(place.get('to'))
  const named = place.get('type').text()
  const type = typeValues[named ?? ''] ?? integerAt(place.get('type'), findings)
  if (from === undefined || to === undefined || type === undefined) return undefined
  const payload = readPayload(place.get('payload'), scope)
  const fields: Record<string, number> = { type, sender: from, length: payload.bytes }
  for (const name of numbers) {
    const value = integerAt(place.get(name), findings)
    if (value !== undefined) fields[name] = value
  }
  if (type === typeValues['data'] && fields['frame'] === 0) {
    fields['total'] ??= payload.bytes
    if (fields['total'] <= payload.bytes) fields['frames'] ??= 1
  }
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

function readPayload(place: Place, { findings }: Scope): CraftStep['payload'] {
  const none: CraftStep['payload'] = { pattern: { kind: 'const', seed: 0 }, position: 0, bytes: 0 }
  if (!place.present) return none
  return {
    pattern: patternAt(place, findings) ?? none.pattern,
    position: integerAt(place.get('position'), findings) ?? 0,
    bytes: integerAt(place.get('bytes'), findings) ?? 0,
  }
}

/** Twelve hexadecimal digits, or a host whose address is meant. */
function addressAt(place: Place, scope: Scope): string | number | undefined {
  const text = place.text()
  if (text !== undefined && /^[0-9a-fA-F]{12}$/.test(text)) return text.toLowerCase()
  return scope.host(place)
}

// Says where two answers differ that should be the same: at which member, and for a frame in which octet.
import { counted } from '../../../spec/vocabulary/units.ts'
import { quote } from '../../../adapters/process/lines.ts'

/** In words where two answers first differ, as `outputs[1].octets is "..", where it was ".."`; empty if they do not. */
export function differenceOf(now: string, before: string): string {
  if (now === before) return ''
  const place = placeOf(parsed(now), parsed(before), '')
  // Alike as values, such as two orders of members, or no JSON at all.
  if (!place) return `it is ${quote(now)}, where it was ${quote(before)}`
  return inOctets(place) ?? `${place.path} is ${wordsOf(place.now)}, where it was ${wordsOf(place.before)}`
}

/** How much of a member is shown. */
const charactersMax = 100

interface Place {
  readonly path: string
  readonly now: unknown
  readonly before: unknown
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function placeOf(now: unknown, before: unknown, path: string): Place | undefined {
  if (typeof now !== 'object' || typeof before !== 'object' || now === null || before === null)
    return Object.is(now, before) ? undefined : { path, now, before }
  const [some, others] = [new Map(Object.entries(now)), new Map(Object.entries(before))]
  for (const key of new Set([...some.keys(), ...others.keys()])) {
    const member = Array.isArray(now) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`
    const found = placeOf(some.get(key), others.get(key), member)
    if (found) return found
  }
  return undefined
}

/** Of the octets of two frames the first that differs. */
function inOctets({ path, now, before }: Place): string | undefined {
  if (!path.endsWith('.octets') || typeof now !== 'string' || typeof before !== 'string') return undefined
  const [some, others] = [Buffer.from(now, 'base64'), Buffer.from(before, 'base64')]
  if (some.length !== others.length)
    return `${path}: the frame has ${counted(some.length, 'octet')}, where it had ${others.length}`
  const at = some.findIndex((octet, i) => octet !== others[i])
  if (at < 0) return undefined
  const [one, other] = [some[at] ?? 0, others[at] ?? 0].map((octet) => `0x${octet.toString(16).padStart(2, '0')}`)
  return `${path}: octet ${at} of the frame is ${one ?? ''}, where it was ${other ?? ''}`
}

function wordsOf(value: unknown): string {
  if (value === undefined) return 'not there'
  const text = JSON.stringify(value)
  return text.length > charactersMax ? `${text.slice(0, charactersMax)} ...` : text
}

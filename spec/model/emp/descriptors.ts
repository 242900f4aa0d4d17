// The octets of descriptors, as far as the paper fixes them: their number, and length, peer and tag (E40, R13).
import type { Return } from '../../vocabulary/calls.ts'
import { empAny } from '../../vocabulary/emp.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import type { Request } from './request.ts'

/**
 * Octets of a slot, and where in the first one the three fields stand that the host gave (E40). In a receive that is done,
 * `totlen` may be the length of its message (R10).
 */
const slotOctets = 20
const fields = [
  { name: 'totlen', offset: 8, octets: 4, of: ({ kind, bytes }: Request) => (kind === 'send' ? bytes : undefined) },
  { name: 'peer', offset: 16, octets: 2, of: ({ peer }: Request) => named(peer) },
  { name: 'tag', offset: 18, octets: 2, of: ({ tag }: Request) => named(tag) },
] as const

/** Where any was posted, the peer or the tag of the message that was taken may stand (R18). */
function named(given: number): number | undefined {
  return given === empAny ? undefined : given
}

/** Judges the answer to `emp.descriptor`. Of a request that is gone, or never was, nothing is said. */
export function judgeDescriptor(request: Request | undefined, { status, octets }: Return): Judged {
  if (request?.stage !== 'accepted' || status === 'unsupported') return undefined
  const { host, name, need } = request
  const wrong = (requirement: string, words: string): Judged =>
    forbidden([requirement], `${host.name}'s descriptor of ${name} ${words}`)
  if (status !== 'ok' || octets === undefined)
    return wrong('EMP-DESC-001', `answered ${status}, though it is outstanding`)
  const slots = octets.length / 2 / slotOctets
  if (!Number.isInteger(slots)) return wrong('EMP-DESC-001', `is no multiple of ${slotOctets} octets`)
  if (slots < need.slotsLeast || slots > need.slotsMost) {
    return wrong('EMP-DESC-006', `has ${slots} slots; it needs ${need.slotsMost}`)
  }
  for (const field of fields) {
    const seen = Number.parseInt(octets.slice(field.offset * 2, (field.offset + field.octets) * 2), 16)
    const right = field.of(request)
    if (right !== undefined && seen !== right)
      return wrong('EMP-DESC-001', `has ${field.name} ${seen}; the host gave ${right}`)
  }
  return undefined
}

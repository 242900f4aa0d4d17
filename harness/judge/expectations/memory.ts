// Expectations about memory: what a range must hold, and guard zones that must be intact.
import type { Range } from '../../../spec/vocabulary/memory.ts'
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import { counted, type NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { Expectation, ExpectedOctets } from '../../plan/expectation.ts'
import { expectedRanges, octetCount, writeExpected, type ExpectedRange } from '../memory/expected-octets.ts'
import type { CallSeen } from '../seen/history.ts'
import { octetsOfHex } from '../frames/octets.ts'
import { hostName, type View } from '../seen/view.ts'
import { timeWords } from '../words.ts'
import { failed, failedBy, missing, passed, type Checked } from './checked.ts'

export function checkMemory(expectation: Extract<Expectation, { kind: 'memory' }>, view: View): Checked {
  const { node, at, octets, untouched } = expectation
  const content = checkOctets(view, node, { at: [at], octets })
  return untouched && content.verdict === 'fail' ? { ...content, seen: `${content.seen}: it was written to` } : content
}

export function checkGuards(expectation: Extract<Expectation, { kind: 'guards' }>, view: View): Checked {
  const { node, buffer } = expectation
  const asked = last(view, node, (body) => body.operation === 'memory.guards' && body.buffer === buffer)
  const answer = asked?.answer
  if (!answer) return missing(`the guard zones of ${buffer} were not looked at`)
  const { status, damaged } = answer.content
  if (status === 'unsupported' || (status === 'ok' && damaged === undefined))
    return missing('memory.guards is unsupported')
  if (status !== 'ok') return failed(`memory.guards of ${buffer} answered ${status}`, answer.time)
  if (damaged === null || damaged === undefined) return passed(`the guard zones of ${buffer} were intact`)
  return failed(`the octet at offset ${damaged} of ${buffer}, in its guard zone, was overwritten`, answer.time)
}

/** What a labelled reading found at its moment. */
export function checkReading({ label, octets }: Extract<Expectation, { kind: 'octets' }>, view: View): Checked {
  const call = view.labels.get(label)
  const answer = call?.answer
  const at = call?.call.body.operation === 'memory.read' ? call.call.body.at : undefined
  if (!answer || !at) return missing(`${label} read nothing`)
  const { status, octets: digits } = answer.content
  if (status === 'unsupported' || digits === undefined) return missing(`${label} answered ${status} without octets`)
  const wanted = writeExpected(octets)
  const difference = differenceWords(at, wanted, octetsOfHex(digits))
  const words = `${label} at ${timeWords(answer.time)}`
  if (difference !== undefined) return failedBy(call, `${words} differs in ${difference}`)
  return passed(`${words} found ${counted(wanted.length, 'octet')} as expected`)
}

/** Ranges, in order, against octets, one after the other. */
export function checkOctets(
  view: View,
  node: NodeIndex,
  expected: { readonly at: readonly Range[]; readonly octets: ExpectedOctets },
): Checked {
  const count = octetCount(expected.octets)
  const ranges = expectedRanges(expected.at, expected.octets)
  for (const range of ranges) {
    const content = checkRange(view, node, { range, octets: expected.octets })
    if (content.verdict !== 'pass') return content
  }
  const held = ranges.reduce((sum, { at }) => sum + at.bytes, 0)
  if (held < count) return failed(`the ranges hold ${held} of ${counted(count, 'expected octet')}`)
  return passed(`${counted(count, 'octet')} as expected`)
}

function checkRange(
  view: View,
  node: NodeIndex,
  { range, octets }: { readonly range: ExpectedRange; readonly octets: ExpectedOctets },
): Checked {
  const { at, from, digest: right } = range
  const asked = last(view, node, (body) => body.operation === 'memory.digest' && isSame(body.at, at))
  const digest = asked?.answer
  const words = `${hostName(view, node)}'s ${at.buffer}@${at.offset}+${at.bytes}`
  if (digest?.content.digest === right) return passed(`${words} as expected`)
  const read = last(view, node, (body) => body.operation === 'memory.read' && isSame(body.at, at))?.answer
  const found = read?.content.octets === undefined ? undefined : octetsOfHex(read.content.octets)
  const wanted = writeExpected(octets).subarray(from, from + at.bytes)
  const difference = found && differenceWords(at, wanted, found)
  if (difference !== undefined) return failed(`${words} differs in ${difference}`, read?.time)
  if (asked && digest?.content.digest !== undefined) {
    const seen = `the digest of ${words} is ${hex(digest.content.digest)}, not ${hex(right)}`
    return failedBy(asked, `${seen} (read at ${timeWords(digest.time)})`)
  }
  if (found) return passed(`${words} as expected`)
  const status = digest?.content.status ?? read?.content.status
  if (status === undefined) return missing(`${words} was not looked at`)
  if (status === 'unsupported' || status === 'ok') return missing(`memory.digest of ${words} is unsupported`)
  return failed(`memory.digest of ${words} answered ${status}`, digest?.time ?? read?.time)
}

/** How many octets differ, and the first of them; undefined if none does. */
function differenceWords(at: Range, wanted: Uint8Array, octets: Uint8Array): string | undefined {
  const place = wanted.findIndex((octet, i) => octets[i] !== octet)
  if (place < 0) return undefined
  const count = wanted.reduce((sum, octet, i) => sum + (octets[i] === octet ? 0 : 1), 0)
  const offset = at.offset + place
  return `${counted(count, 'octet')}: the first at offset ${offset} is ${octets[place] ?? 'absent'}, not ${wanted[place] ?? 0}`
}

function last(view: View, node: NodeIndex, isAsked: (body: CallBody) => boolean): CallSeen | undefined {
  return view.history.calls.findLast((call) => call.node === node && isAsked(call.call.body))
}

function isSame(one: Range, other: Range): boolean {
  return one.buffer === other.buffer && one.offset === other.offset && one.bytes === other.bytes
}

function hex(digest: number): string {
  return digest.toString(16).padStart(8, '0')
}

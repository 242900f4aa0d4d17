// Expectations about single answers: labelled returns, deadlines, counters and descriptors.
import type { EmpMessage } from '../../../spec/vocabulary/emp.ts'
import { counted } from '../../../spec/vocabulary/units.ts'
import type { Expectation } from '../../plan/expectation.ts'
import { numberAt, octetsOfHex } from '../frames/octets.ts'
import { hostName, type View } from '../seen/view.ts'
import { isWithin, timesWords, timeWords } from '../words.ts'
import { failed, failedBy, judged, missing, passed, type Checked } from './checked.ts'

export function checkReturned(expectation: Extract<Expectation, { kind: 'returned' }>, view: View): Checked {
  const { label, status } = expectation
  const call = view.labels.get(label)
  if (!call) return missing(`the call ${label} was never made`)
  const { answer } = call
  if (!answer) return judged(status === 'open', `${label}, called at ${timeWords(call.time)}, had not returned`)
  const { content, time } = answer
  if (content.status === 'unsupported' && status !== 'unsupported') return missing(`${label} answered unsupported`)
  if (content.status !== status) return failedBy(call, `${label} answered ${content.status} at ${timeWords(time)}`)
  const said = `${label} answered ${content.status}`
  const named = (content.completions ?? []).map(({ request }) => request)
  if (!namesAsked(expectation, named)) {
    return failed(`${said} with ${named.length === 0 ? 'no completion' : `completions of ${named.join(', ')}`}`, time)
  }
  const found = expectation.message && messageDiffers(expectation.message, content.message, view)
  return found === undefined ? passed(`${said} at ${timeWords(time)}`) : failed(`${said} with ${found}`, time)
}

type Returned = Extract<Expectation, { kind: 'returned' }>

function namesAsked({ completions, oneOf }: Returned, named: readonly string[]): boolean {
  if (completions && !(named.length === completions.length && named.every((name, i) => completions[i] === name)))
    return false
  return !oneOf || (named.length === 1 && named.every((name) => oneOf.includes(name)))
}

/** What a probe found, if it is not what it should have. */
function messageDiffers(expected: EmpMessage, found: EmpMessage | undefined, view: View): string | undefined {
  if (!found) return 'no message'
  if (found.peer === expected.peer && found.tag === expected.tag && found.bytes === expected.bytes) return undefined
  return `a message of ${counted(found.bytes, 'octet')} from ${hostName(view, found.peer)} with tag ${found.tag}`
}

export function checkDeadline(expectation: Extract<Expectation, { kind: 'deadline' }>, view: View): Checked {
  const deadline = view.history.deadlines.get(expectation.node)
  const name = hostName(view, expectation.node)
  if (!deadline) return missing(`the deadline of ${name} at the end is not known`)
  const isArmed = deadline.amount >= 0
  const words = isArmed
    ? `a deadline of ${name} was armed for ${timeWords(deadline.amount)}`
    : `no deadline of ${name} was armed`
  return judged(isArmed === expectation.armed, `at the end ${words}`, deadline.time)
}

export function checkCounted(expectation: Extract<Expectation, { kind: 'counted' }>, view: View): Checked {
  const { node, reason, times } = expectation
  const asked = view.history.calls.findLast(
    ({ node: where, call, answer }) => where === node && call.body.operation === 'emp.counters' && answer,
  )
  const answer = asked?.answer
  if (!answer) return missing(`${hostName(view, node)} was not asked for its counters`)
  const { status, counters } = answer.content
  if (status === 'unsupported') return missing('emp.counters is unsupported')
  if (status !== 'ok' || !counters) return failed(`emp.counters answered ${status} without counters`, answer.time)
  const count = counters[reason] ?? 0
  return judged(isWithin(count, times), `${count} counted for ${reason}, ${timesWords(times)} expected`, answer.time)
}

export function checkDescriptor(expectation: Extract<Expectation, { kind: 'descriptor' }>, view: View): Checked {
  const { label, slots, fields } = expectation
  const answer = view.labels.get(label)?.answer
  if (!answer) return missing(`the call ${label} gave no descriptor`)
  const layout = view.descriptor
  if (!layout) return missing('no layout of descriptors is known')
  const { status, octets } = answer.content
  if (status === 'unsupported') return missing('emp.descriptor is unsupported')
  if (status !== 'ok' || octets === undefined) return failed(`${label} answered ${status} without octets`, answer.time)
  const content = octetsOfHex(octets)
  const count = content.length / layout.octets
  if (count < 1 || !Number.isInteger(count)) {
    return failed(`${label} gave ${counted(content.length, 'octet')}, no multiple of ${layout.octets}`, answer.time)
  }
  if (slots !== undefined && count !== slots)
    return failed(`${label} gave ${counted(count, 'slot')}, not ${slots}`, answer.time)
  for (const [name, value] of Object.entries(fields)) {
    const field = layout.fields.find((each) => each.name === name)
    if (!field) return missing(`descriptors have no field ${name}`)
    const found = numberAt(content, field.offset, field.octets, layout.octetOrder)
    if (found !== value) return failed(`field ${name} of ${label} is ${found}, not ${value}`, answer.time)
  }
  return passed(`${counted(count, 'slot')} with the expected fields`)
}

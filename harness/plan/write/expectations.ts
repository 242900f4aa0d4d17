// Writes what must hold: expectations with their requirements, and the outcomes that a case allows.
import type { Outcome } from '../permutation.ts'
import type { Expectation, HostExpectation, WireExpectation } from '../expectation.ts'
import { onlyOutcome } from '../usual.ts'
import type { Names } from './names.ts'
import { writeErrorFilter, writeFilter, writeNotifiedFilter } from './sightings.ts'
import { writeDuration, writeTimes } from './values.ts'
import { writeAnswered } from './via-expectations.ts'
import { oneOrMore, unless, type Written, type WrittenMap } from './written.ts'

/** `expect`, and `expect-any` where a case allows several ends: what holds in all of them is written once. */
export function writeOutcomes(outcomes: readonly Outcome[], names: Names): WrittenMap {
  const all = outcomes.map(({ expectations }) => expectations.map((each) => writeExpectation(each, names)))
  const [first] = outcomes
  if (outcomes.length === 1 && first?.name === onlyOutcome.name && first.label === onlyOutcome.label)
    return { expect: all[0] }
  const shared = sharedBy(all)
  return {
    expect: shared === 0 ? undefined : all[0]?.slice(0, shared),
    'expect-any': outcomes.map(({ name, label }, i) => ({ outcome: name, label, expect: all[i]?.slice(shared) })),
  }
}

/** How many expectations all outcomes begin with; each keeps one of its own. */
function sharedBy(all: readonly (readonly WrittenMap[])[]): number {
  const texts = all.map((each) => each.map((one) => JSON.stringify(one)))
  const most = Math.min(...texts.map(({ length }) => length - 1))
  for (let i = 0; i < most; i++) if (texts.some((each) => each[i] !== texts[0]?.[i])) return i
  return Math.max(0, most)
}

function writeExpectation(expectation: Expectation, names: Names): WrittenMap {
  const said = saidOf(expectation, names)
  const { requirements } = expectation
  return { ...said, for: requirements.length === 0 ? undefined : oneOrMore(requirements) }
}

function saidOf(expectation: Expectation, names: Names): WrittenMap {
  if (expectation.kind === 'allowed') return { 'model.allows': 'everything' }
  return 'node' in expectation ? ofHost(expectation, names) : ofWire(expectation, names)
}

function ofHost(expectation: HostExpectation, names: Names): WrittenMap {
  const { node } = expectation
  if (expectation.kind === 'memory') return { ...writeMemory(expectation, names) }
  const kind = expectation.kind === 'answered' ? 'returned' : expectation.kind
  return { [`${names.host(node)}.${kind}`]: writeHostExpectation(expectation, names) }
}

type Memory = Extract<HostExpectation, { kind: 'memory' }>

function writeMemory({ node, at, octets, untouched }: Memory, names: Names): WrittenMap {
  const range = names.range(node, at)
  const host = names.host(node)
  if (untouched) return { [`${host}.untouched`]: range }
  return { [`${host}.memory`]: { at: range, equals: names.octets(node, octets) } }
}

function writeHostExpectation(expectation: Exclude<HostExpectation, Memory>, names: Names): Written {
  switch (expectation.kind) {
    case 'done':
      return writeDone(expectation, names)
    case 'pending':
      return { request: expectation.request }
    case 'returned':
      return writeReturned(expectation, names)
    case 'answered':
      return writeAnswered(expectation, names)
    case 'guards':
      return expectation.buffer
    case 'deadline':
      return expectation.armed ? 'armed' : 'none'
    case 'counted':
      return { reason: expectation.reason, times: writeTimes(expectation.times) }
    case 'order':
      return { requests: expectation.requests }
    case 'descriptor':
      return { call: expectation.label, slots: expectation.slots, fields: expectation.fields }
    case 'octets':
      return { call: expectation.label, equals: names.octets(expectation.node, expectation.octets) }
    case 'error': {
      const { filter, times } = expectation
      const isUsual = times.least === 1 && times.most === undefined
      return { ...writeErrorFilter(filter), times: isUsual ? undefined : writeTimes(times) }
    }
    case 'notified': {
      const { filter, times } = expectation
      const isUsual = times.least === 1 && times.most === undefined
      return { ...writeNotifiedFilter(filter), times: isUsual ? undefined : writeTimes(times) }
    }
  }
}

type Returned = Extract<HostExpectation, { kind: 'returned' }>

function writeReturned({ label, status, completions, oneOf, message }: Returned, names: Names): WrittenMap {
  return {
    call: label,
    status,
    completions,
    'one-of': oneOf,
    message: message && { peer: names.host(message.peer), tag: message.tag, bytes: message.bytes },
  }
}

type Done = Extract<HostExpectation, { kind: 'done' }>

function writeDone({ node, request, outcome, bytes, peer, tag, data, times }: Done, names: Names): WrittenMap {
  return {
    request,
    outcome: unless('done', outcome),
    bytes,
    peer: names.hostIf(peer),
    tag,
    data: data && names.octets(node, data.octets),
    times: unless(1, times),
  }
}

function ofWire(expectation: WireExpectation, names: Names): WrittenMap {
  return { [`wire.${expectation.kind}`]: writeWireExpectation(expectation, names) }
}

function writeWireExpectation(expectation: WireExpectation, names: Names): WrittenMap {
  if (expectation.kind === 'frames')
    return { ...writeFilter(expectation.filter, names), times: writeTimes(expectation.times) }
  const from = names.host(expectation.from)
  if (expectation.kind === 'message-ids') return { from, to: names.host(expectation.to), ids: expectation.ids }
  const ofMessage = { from, message: unless(1, expectation.message) }
  switch (expectation.kind) {
    case 'retransmitted': {
      const { frame, times, others } = expectation
      return { ...ofMessage, 'collection-of': frame, times: writeTimes(times), others: writeTimes(others) }
    }
    case 'cut':
      return { ...ofMessage, total: expectation.total, tag: expectation.tag }
    case 'acknowledged':
      return { ...ofMessage, each: writeTimes(expectation.each) }
    case 'first-window':
      return { ...ofMessage, times: writeTimes(expectation.times) }
    case 'back-off': {
      const { frame, first, cap, atLeast } = expectation
      const bounds = { first: writeDuration(first), cap: writeDuration(cap), 'at-least': atLeast }
      return { ...ofMessage, frame: unless(0, frame), ...bounds }
    }
  }
}

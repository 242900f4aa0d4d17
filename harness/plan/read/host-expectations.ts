// Reads expectations about one host: `right.done: {...}`.
import { returnStatuses } from '../../../spec/vocabulary/calls.ts'
import { empDropReasons, empOutcomes } from '../../../spec/vocabulary/emp.ts'
import type { EmpMessage } from '../../../spec/vocabulary/emp.ts'
import type { Range } from '../../../spec/vocabulary/memory.ts'
import { counted, type NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { ExpectedOctets, HostExpectation, Times } from '../expectation.ts'
import type { Place } from '../yaml/place.ts'
import type { KnownRequest, Scope } from './scope.ts'
import { setMember } from '../set-member.ts'
import { readFields } from './sightings.ts'
import { choiceAt, integerAt } from '../yaml/scalars.ts'
import { timesAt } from './values.ts'
import { readAnswered, readErrorExpectation, readNotifiedExpectation } from './via/expectations.ts'

/** One entry of a file may be several expectations (`untouched` and `guards` take lists). */
export function readHostExpectation(kind: string, place: Place, node: NodeIndex, scope: Scope): HostExpectation[] {
  const one = readOne(kind, place, node, scope)
  if (one) return [one]
  switch (kind) {
    case 'untouched':
      return place.oneOrMore().flatMap((item) => readUntouched(item, node, scope))
    case 'guards':
      return place.oneOrMore().flatMap((item) => {
        const buffer = scope.buffer(item, node)
        return buffer ? [{ kind: 'guards', node, buffer: buffer.name }] : []
      })
    default:
      return []
  }
}

function readOne(kind: string, place: Place, node: NodeIndex, scope: Scope): HostExpectation | undefined {
  switch (kind) {
    case 'done':
      return readDone(place, node, scope)
    case 'pending': {
      const request = scope.request(place.get('request'), node)
      return request && { kind, node, request: request.name }
    }
    case 'returned':
      return readReturned(place, node, scope)
    case 'memory':
      return readMemory(place, node, scope)
    case 'deadline': {
      // By a clock of its own an endpoint does not tell its deadlines.
      scope.implied.add('clock.virtual')
      const choice = choiceAt(place, ['none', 'armed'], scope.findings)
      return choice && { kind, node, armed: choice === 'armed' }
    }
    case 'counted': {
      scope.need('emp.counters', place, '`counted`')
      const reason = choiceAt(place.get('reason'), empDropReasons, scope.findings)
      const times: Times | undefined = timesAt(place.get('times'), scope.findings)
      return reason && times && { kind, node, reason, times }
    }
    case 'order':
      scope.need('emp.completion-events', place, '`order`')
      return { kind, node, requests: scope.requestNames(place.get('requests'), node) }
    case 'descriptor':
      return readDescriptor(place, node, scope)
    case 'octets':
      return readOctets(place, node, scope)
    case 'error':
      return readErrorExpectation(place, node, scope)
    case 'notified':
      return readNotifiedExpectation(place, node, scope)
    default:
      return undefined
  }
}

function readDone(place: Place, node: NodeIndex, scope: Scope): HostExpectation | undefined {
  const { findings } = scope
  const request = scope.request(place.get('request'), node)
  if (!request) return undefined
  const done: { -readonly [K in keyof Done]: Done[K] } = {
    kind: 'done',
    node,
    request: request.name,
    outcome: choiceAt(place.get('outcome'), empOutcomes, findings) ?? 'done',
    times: integerAt(place.get('times'), findings) ?? 1,
  }
  if (place.get('bytes').present && place.get('length').present) {
    findings.add(place.get('length').keyMark(), '`length` is another word for `bytes`', 'remove one')
  }
  setMember(done, 'bytes', integerAt(place.get('bytes'), findings) ?? integerAt(place.get('length'), findings))
  setMember(done, 'peer', scope.host(place.get('peer')))
  setMember(done, 'tag', integerAt(place.get('tag'), findings))
  setMember(done, 'data', readData(place.get('data'), request, scope))
  return done
}

type Done = Extract<HostExpectation, { kind: 'done' }>

function readData(place: Place, request: KnownRequest, scope: Scope): Done['data'] {
  const { findings } = scope
  const octets = scope.octets(place)
  if (!octets) return undefined
  if (request.send) {
    findings.add(place.keyMark(), `\`${request.name}\` is a send: nothing arrives in it`, 'expect data of the receive')
  }
  const bytes = total(octets)
  const room = total(request.pieces)
  if (bytes > room && request.isWhole)
    findings.add(place.mark(), `data has ${counted(bytes, 'octet')}, but \`${request.name}\` takes ${room}`)
  return { at: firstOctets(request.pieces, bytes), octets }
}

function total(pieces: readonly { readonly bytes: number }[]): number {
  return pieces.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** The ranges that the first `bytes` octets of these fill. */
function firstOctets(ranges: readonly Range[], bytes: number): Range[] {
  const first: Range[] = []
  let left = bytes
  for (const range of ranges) {
    const taken = Math.min(left, range.bytes)
    if (taken > 0) first.push({ ...range, bytes: taken })
    left -= taken
  }
  return first
}

/** A call of VIPL answers a code; any other call, a status. */
function readReturned(place: Place, node: NodeIndex, scope: Scope): HostExpectation | undefined {
  const label = scope.label(place.get('call'))
  if (label === undefined) return undefined
  checkOwner(label, node, place, scope)
  if (scope.interface === 'via' && !place.get('status').present) return readAnswered(place, node, label, scope)
  const status = choiceAt(place.get('status'), [...returnStatuses, 'open'], scope.findings)
  if (status === undefined) {
    if (!place.get('status').present)
      scope.findings.add(place.keyMark(), 'nothing is expected of the return', 'add `status:`')
    return undefined
  }
  const returned: { -readonly [K in keyof Returned]: Returned[K] } = { kind: 'returned', node, label, status }
  const [completions, oneOf] = [place.get('completions'), place.get('one-of')]
  if (completions.present) returned.completions = scope.requestNames(completions, node)
  if (oneOf.present) returned.oneOf = scope.requestNames(oneOf, node)
  setMember(returned, 'message', readMessage(place.get('message'), scope))
  return returned
}

type Returned = Extract<HostExpectation, { kind: 'returned' }>

function readMessage(place: Place, scope: Scope): EmpMessage | undefined {
  const peer = scope.host(place.get('peer'))
  const tag = integerAt(place.get('tag'), scope.findings)
  const bytes = integerAt(place.get('bytes'), scope.findings)
  return peer === undefined || tag === undefined || bytes === undefined ? undefined : { peer, tag, bytes }
}

function readOctets(place: Place, node: NodeIndex, scope: Scope): HostExpectation | undefined {
  const label = scope.label(place.get('call'))
  const octets = scope.octets(place.get('equals'))
  if (label === undefined || !octets) return undefined
  checkOwner(label, node, place, scope)
  return { kind: 'octets', node, label, octets }
}

function checkOwner(label: string, node: NodeIndex, place: Place, scope: Scope): void {
  const owner = scope.labels.get(label)?.node
  if (owner === undefined || owner === node) return
  const [caller, here] = [scope.hosts[owner] ?? '', scope.hosts[node] ?? '']
  scope.findings.add(place.get('call').mark(), `\`${label}\` is a call of \`${caller}\`, not of \`${here}\``)
}

function readMemory(place: Place, node: NodeIndex, scope: Scope): HostExpectation | undefined {
  const at = scope.range(place.get('at'), node)
  const octets = scope.octets(place.get('equals'))
  if (!at || !octets) return undefined
  const bytes = total(octets)
  if (bytes !== at.bytes) {
    scope.findings.add(place.get('equals').mark(), `has ${counted(bytes, 'octet')}, but the range has ${at.bytes}`)
  }
  return { kind: 'memory', node, at, octets, untouched: false }
}

function readUntouched(place: Place, node: NodeIndex, scope: Scope): HostExpectation[] {
  const at = scope.range(place, node)
  const fill = at && scope.buffers.get(`${node}.${at.buffer}`)?.fill
  if (!at || !fill) return []
  const octets: ExpectedOctets = [{ pattern: fill, position: at.offset, bytes: at.bytes }]
  return [{ kind: 'memory', node, at, octets, untouched: true }]
}

function readDescriptor(place: Place, node: NodeIndex, scope: Scope): HostExpectation | undefined {
  scope.need('emp.descriptors', place, '`descriptor`')
  const label = scope.label(place.get('call'))
  if (label === undefined) return undefined
  checkOwner(label, node, place, scope)
  const slots = integerAt(place.get('slots'), scope.findings)
  const fields = readFields(place.get('fields'), scope)
  return { kind: 'descriptor', node, label, ...(slots === undefined ? {} : { slots }), fields }
}

// Calls, returns and provider events as members of a line: flattened on the way out, checked on the way in.
import { returnStatuses } from '../../spec/vocabulary/calls.ts'
import type { Call, CallBody, ProviderEvent, Return } from '../../spec/vocabulary/calls.ts'
import { empOutcomes } from '../../spec/vocabulary/emp.ts'
import type { EmpCompletion, EmpMessage } from '../../spec/vocabulary/emp.ts'
import type { Pattern, Range } from '../../spec/vocabulary/memory.ts'
import {
  keyOf,
  listOf,
  mapOf,
  member,
  nullOr,
  oneOf,
  optional,
  readCount,
  readDigits,
  readInteger,
  readMembers,
  readText,
  readTruth,
} from './shape.ts'
import type { Draft, Members } from './shape.ts'
import { viaCallReaders } from './via-call-members.ts'
import { readViaReturn, viaEventReaders } from './via-return-members.ts'
import { readControl } from './via-values.ts'

type Operation = CallBody['operation']
type BodyReaders = { readonly [Name in Operation]: (members: Members) => CallBody & { readonly operation: Name } }

/** What each operation carries. The keys are all operations that there are. */
const bodyReaders: BodyReaders = {
  'memory.allocate': (members) => ({
    operation: 'memory.allocate',
    as: member(members, 'as', readText),
    bytes: member(members, 'bytes', readInteger),
    align: member(members, 'align', readInteger),
    offset: member(members, 'offset', readInteger),
    fill: member(members, 'fill', readPattern),
    guard: member(members, 'guard', readInteger),
    locked: member(members, 'locked', readTruth),
  }),
  'memory.write': (members) => ({
    operation: 'memory.write',
    at: member(members, 'at', readRange),
    fill: member(members, 'fill', readPattern),
  }),
  'memory.digest': (members) => ({ operation: 'memory.digest', at: member(members, 'at', readRange) }),
  'memory.read': (members) => ({ operation: 'memory.read', at: member(members, 'at', readRange) }),
  'memory.guards': (members) => ({ operation: 'memory.guards', buffer: member(members, 'buffer', readText) }),
  'memory.free': (members) => ({ operation: 'memory.free', buffer: member(members, 'buffer', readText) }),
  'emp.isend': (members) => ({
    operation: 'emp.isend',
    as: member(members, 'as', readText),
    to: member(members, 'to', readInteger),
    tag: member(members, 'tag', readInteger),
    pieces: member(members, 'pieces', listOf(readRange)),
  }),
  'emp.irecv': (members) => ({
    operation: 'emp.irecv',
    as: member(members, 'as', readText),
    from: member(members, 'from', readInteger),
    tag: member(members, 'tag', readInteger),
    pieces: member(members, 'pieces', listOf(readRange)),
  }),
  'emp.test': (members) => ({ operation: 'emp.test', request: member(members, 'request', readText) }),
  'emp.wait': (members) => ({ operation: 'emp.wait', request: member(members, 'request', readText) }),
  'emp.waitall': (members) => ({
    operation: 'emp.waitall',
    requests: member(members, 'requests', listOf(readText)),
  }),
  'emp.testall': (members) => ({
    operation: 'emp.testall',
    requests: member(members, 'requests', listOf(readText)),
  }),
  'emp.waitany': (members) => ({
    operation: 'emp.waitany',
    requests: member(members, 'requests', listOf(readText)),
  }),
  'emp.cancel': (members) => ({ operation: 'emp.cancel', request: member(members, 'request', readText) }),
  'emp.probe': (members) => ({
    operation: 'emp.probe',
    from: member(members, 'from', readInteger),
    tag: member(members, 'tag', readInteger),
  }),
  'emp.configure': (members) => ({
    operation: 'emp.configure',
    collection: member(members, 'collection', readInteger),
  }),
  'emp.counters': () => ({ operation: 'emp.counters' }),
  'emp.descriptor': (members) => ({ operation: 'emp.descriptor', request: member(members, 'request', readText) }),
  ...viaCallReaders,
}

export function writeCall(call: Call): Members {
  return { kind: 'call', id: call.id, thread: call.thread, ...call.body }
}

/** A call, or the id of one whose operation is not known here. */
export function readCall(members: Members): Call | { readonly unknown: number } {
  const id = member(members, 'id', readCount)
  const operation = member(members, 'operation', readText)
  if (!isOperation(operation)) return { unknown: id }
  return { id, thread: member(members, 'thread', readCount), body: bodyReaders[operation](members) }
}

export function writeReturn(answer: Return): Members {
  return { kind: 'return', ...answer }
}

export function readReturn(members: Members): Return {
  const answer: Draft<Return> = {
    id: member(members, 'id', readCount),
    status: member(members, 'status', readStatus),
  }
  const completions = optional(members, 'completions', readCompletions)
  if (completions) answer.completions = completions
  const message = optional(members, 'message', readMessage)
  if (message) answer.message = message
  const digest = optional(members, 'digest', readCount)
  if (digest !== undefined) answer.digest = digest
  const octets = optional(members, 'octets', readDigits)
  if (octets !== undefined) answer.octets = octets
  const damaged = optional(members, 'damaged', readDamaged)
  if (damaged !== undefined) answer.damaged = damaged
  const counters = optional(members, 'counters', readCounters)
  if (counters) answer.counters = counters
  const vip = optional(members, 'vip', readViaReturn)
  if (vip) answer.vip = vip
  const control = optional(members, 'control', readControl)
  if (control) answer.control = control
  return answer
}

export function writeEvent(event: ProviderEvent): Members {
  return { kind: 'event', ...event }
}

export function readEvent(members: Members): ProviderEvent {
  const event = member(members, 'event', readEventName)
  if (event !== 'emp.completion') return viaEventReaders[event](members)
  return { event, ...readCompletion(members) }
}

const readStatus = oneOf(returnStatuses)
const readOutcome = oneOf(empOutcomes)
const readEventName = keyOf({ 'emp.completion': 0, ...viaEventReaders })
const readPatternKind = oneOf(['ramp', 'prng', 'const'])
const readCompletions = listOf(readCompletion)
const readDamaged = nullOr(readInteger)
const readCounters = mapOf(readCount)

function readCompletion(value: unknown): EmpCompletion {
  const members = readMembers(value)
  return {
    request: member(members, 'request', readText),
    outcome: member(members, 'outcome', readOutcome),
    bytes: member(members, 'bytes', readCount),
    peer: member(members, 'peer', readInteger),
    tag: member(members, 'tag', readInteger),
  }
}

function readMessage(value: unknown): EmpMessage {
  const members = readMembers(value)
  return {
    peer: member(members, 'peer', readInteger),
    tag: member(members, 'tag', readInteger),
    bytes: member(members, 'bytes', readCount),
  }
}

function readRange(value: unknown): Range {
  const members = readMembers(value)
  return {
    buffer: member(members, 'buffer', readText),
    offset: member(members, 'offset', readInteger),
    bytes: member(members, 'bytes', readInteger),
  }
}

function readPattern(value: unknown): Pattern {
  const members = readMembers(value)
  return { kind: member(members, 'kind', readPatternKind), seed: member(members, 'seed', readInteger) }
}

function isOperation(name: string): name is Operation {
  return Object.hasOwn(bodyReaders, name)
}

// Reads the call of a host: `left.isend: {...}` and its like.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import { empAny } from '../../../spec/vocabulary/emp.ts'
import { memoryReadMax } from '../../../spec/vocabulary/memory.ts'
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import { optionsOf } from '../options.ts'
import type { Place } from '../yaml/place.ts'
import type { Scope } from './scope.ts'
import { readAllocation } from './settings.ts'
import { integerAt } from '../yaml/scalars.ts'
import { patternAt } from './values.ts'
import { isViaKind, readViaCalls } from './via/calls.ts'

/** The calls that a step of that kind makes, in order; none if something in it cannot be, which was reported. */
export function readCalls(kind: string, place: Place, node: NodeIndex, scope: Scope): readonly CallBody[] {
  const of = isViaKind(kind) ? 'via' : memoryKinds.has(kind) ? scope.interface : 'emp'
  if (of !== scope.interface) {
    scope.findings.add(place.keyMark(), `\`${kind}\` is a call of ${of}, and this case is about ${scope.interface}`)
    return []
  }
  if (isViaKind(kind)) return readViaCalls(kind, place, node, scope)
  const body = memoryKinds.has(kind) ? readMemoryCall(kind, place, node, scope) : readEmpCall(kind, place, node, scope)
  if (!body) return []
  for (const option of optionsOf(body)) scope.need(option, place, `\`${kind}\``)
  return [body]
}

/** Calls on memory, which every interface has. */
const memoryKinds: ReadonlySet<string> = new Set(['write', 'read', 'free', 'allocate'])

function readEmpCall(kind: string, place: Place, node: NodeIndex, scope: Scope): CallBody | undefined {
  switch (kind) {
    case 'isend':
    case 'irecv':
      return readPost(kind, place, node, scope)
    case 'test':
    case 'wait': {
      const request = scope.request(place.get('request'), node)
      return request && { operation: `emp.${kind}`, request: request.name }
    }
    case 'waitall':
      return { operation: 'emp.waitall', requests: scope.requestNames(place.get('requests'), node) }
    case 'testall':
    case 'waitany':
      return { operation: `emp.${kind}`, requests: scope.requestNames(place.get('requests'), node) }
    case 'cancel': {
      const request = scope.request(place.get('request'), node)
      return request && { operation: 'emp.cancel', request: request.name }
    }
    case 'probe': {
      const from = readPeer(place.get('from'), scope)
      const tag = readTag(place.get('tag'), scope)
      return from === undefined || tag === undefined ? undefined : { operation: 'emp.probe', from, tag }
    }
    case 'configure': {
      const collection = integerAt(place.get('collection'), scope.findings)
      return collection === undefined ? undefined : { operation: 'emp.configure', collection }
    }
    case 'counters':
      return { operation: 'emp.counters' }
    case 'descriptor': {
      const request = scope.request(place.get('request'), node)
      return request && { operation: 'emp.descriptor', request: request.name }
    }
    default:
      return undefined
  }
}

function readPost(kind: 'isend' | 'irecv', place: Place, node: NodeIndex, scope: Scope): CallBody | undefined {
  const { findings } = scope
  const [buffer, list] = [place.get('buffer'), place.get('pieces')]
  if (buffer.present === list.present) {
    const message = buffer.present ? 'has both `buffer` and `pieces`' : 'has neither `buffer` nor `pieces`'
    findings.add(place.keyMark(), message, 'give `buffer` one range, or `pieces` a list of ranges')
  }
  const places = list.present ? list.items() : buffer.oneOrMore()
  const pieces = places.flatMap((piece) => scope.range(piece, node) ?? [])
  const peer = kind === 'isend' ? scope.host(place.get('to')) : readPeer(place.get('from'), scope)
  const tag = kind === 'isend' ? integerAt(place.get('tag'), findings) : readTag(place.get('tag'), scope)
  const as = place.get('as').text()
  if (as === undefined) {
    scope.doubt.lose('requests', node)
    scope.doubt.lose('sends')
    return undefined
  }
  if (scope.requests.has(`${node}.${as}`)) {
    const host = scope.hosts[node] ?? ''
    findings.add(place.get('as').mark(), `\`${host}\` has a request \`${as}\` already`, 'a name stands for one request')
  }
  // Known even if the rest is wrong, so that every later use of the name is not wrong as well.
  const isWhole = pieces.length === places.length && pieces.length > 0
  scope.requests.set(`${node}.${as}`, { node, name: as, send: kind === 'isend', pieces, isWhole })
  if (peer === undefined || tag === undefined || !isWhole) return undefined
  return kind === 'isend'
    ? { operation: 'emp.isend', as, to: peer, tag, pieces }
    : { operation: 'emp.irecv', as, from: peer, tag, pieces }
}

/** The host that a message is to come from, or any (R18). */
function readPeer(place: Place, scope: Scope): NodeIndex | undefined {
  return isAny(place, scope) ? empAny : scope.host(place)
}

function readTag(place: Place, scope: Scope): number | undefined {
  return isAny(place, scope) ? empAny : integerAt(place, scope.findings)
}

function isAny(place: Place, scope: Scope): boolean {
  return place.text() === 'any' && !scope.hosts.includes('any')
}

function readMemoryCall(kind: string, place: Place, node: NodeIndex, scope: Scope): CallBody | undefined {
  const { findings } = scope
  switch (kind) {
    case 'write': {
      const at = scope.range(place.get('at'), node)
      const fill = patternAt(place.get('fill'), findings)
      return at && fill && { operation: 'memory.write', at, fill }
    }
    case 'read': {
      const at = scope.range(place.get('at'), node)
      if (at && at.bytes > memoryReadMax) {
        findings.add(place.get('at').mark(), `${at.bytes} octets are more than the ${memoryReadMax} of one reading`)
      }
      return at && { operation: 'memory.read', at }
    }
    case 'free': {
      const buffer = scope.buffer(place.get('buffer'), node)
      return buffer && { operation: 'memory.free', buffer: buffer.name }
    }
    case 'allocate': {
      const as = place.get('as').text()
      const allocate = as === undefined ? undefined : readAllocation(place, as, scope)
      if (as === undefined) scope.doubt.lose('buffers', node)
      else if (!allocate) scope.doubt.distrust(place.get('as'))
      if (as === undefined || !allocate) return undefined
      if (scope.buffers.has(`${node}.${as}`)) {
        const host = scope.hosts[node] ?? ''
        findings.add(
          place.get('as').mark(),
          `\`${host}\` has a buffer \`${as}\` already`,
          'a name stands for one buffer',
        )
      }
      scope.buffers.set(`${node}.${as}`, { node, name: as, bytes: allocate.bytes, fill: allocate.fill })
      return allocate
    }
    default:
      return undefined
  }
}

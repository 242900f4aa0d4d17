// Reads what a case expects of VIPL: answers of labelled calls, and handlers that run: for errors and for completions.
import { viaAttributes } from '../../../../spec/vocabulary/via-attributes.ts'
import {
  viaErrorCodes,
  viaResources,
  viaStates,
  viaStatusBits,
  viaStatusOperations,
  type ViaStatusBit,
} from '../../../../spec/vocabulary/via-constants.ts'
import type { NodeIndex } from '../../../../spec/vocabulary/units.ts'
import { vipReturns, type ViaCompletionEntry, type VipReturn } from '../../../../spec/vocabulary/via-returns.ts'
import type { Times } from '../../expectation.ts'
import { didYouMean } from '../../yaml/nearest.ts'
import type { Place } from '../../yaml/place.ts'
import type { Scope } from '../scope.ts'
import { setMember } from '../../set-member.ts'
import { choiceAt, flagAt, integerAt } from '../../yaml/scalars.ts'
import { durationAt, timesAt } from '../values.ts'
import { readAddress } from './arguments.ts'
import type {
  AnsweredExpectation,
  DescriptorExpected,
  ErrorExpectation,
  ErrorFilter,
  NotifiedExpectation,
  NotifiedFilter,
  OutputsExpected,
} from '../../via/expectation.ts'

type Draft<T> = { -readonly [K in keyof T]: T[K] }

export const vipCodes = keysOf(vipReturns)
const states = keysOf(viaStates)
const resources = keysOf(viaResources)
const errorCodes = keysOf(viaErrorCodes)
const operations = keysOf(viaStatusOperations)
const queues = ['send', 'recv'] as const
const attributeNames = keysOf(viaAttributes)

/** Answers that are neither what was asked for nor the promise of it. */
export const refusals = vipCodes.filter((code) => code !== 'VIP_SUCCESS' && code !== 'VIP_NOT_DONE')

function keysOf<T extends object>(table: T): (keyof T & string)[] {
  const names: string[] = Object.keys(table)
  return names.filter((name): name is keyof T & string => name in table)
}

/** `HOST.returned: { call, code, .. }`; the label has been looked up. */
export function readAnswered(place: Place, node: NodeIndex, label: string, scope: Scope): AnsweredExpectation {
  const { findings } = scope
  const expectation: Draft<AnsweredExpectation> = {
    kind: 'answered',
    node,
    label,
    codes: readCodes(place.get('code'), scope),
    outputs: readOutputs(place, node, scope),
  }
  setMember(expectation, 'within', durationAt(place.get('within'), findings))
  setMember(expectation, 'after', durationAt(place.get('after'), findings))
  return expectation
}

function readCodes(place: Place, { findings }: Scope): AnsweredExpectation['codes'] {
  const word = place.example()
  if (word === 'open') return 'open'
  if (word === 'refused') return refusals
  return place.oneOrMore().flatMap((item): VipReturn[] => {
    const code = choiceAt(item, vipCodes, findings)
    return code === undefined ? [] : [code]
  })
}

function readOutputs(place: Place, node: NodeIndex, scope: Scope): OutputsExpected {
  const { findings } = scope
  const outputs: Draft<OutputsExpected> = {}
  const descriptor = place.get('descriptor')
  if (descriptor.isNull) outputs.descriptor = null
  else setMember(outputs, 'descriptor', knownDescriptor(descriptor, node, scope))
  const fields = readDescriptorFields(place, scope)
  if (Object.keys(fields).length > 0) outputs.fields = fields
  if (place.get('state').present) {
    outputs.states = place
      .get('state')
      .oneOrMore()
      .flatMap((item) => choiceAt(item, states, findings) ?? [])
  }
  setMember(outputs, 'sendQueueEmpty', flagAt(place.get('send-queue-empty'), findings))
  setMember(outputs, 'recvQueueEmpty', flagAt(place.get('recv-queue-empty'), findings))
  if (place.get('entry').present) setMember(outputs, 'entry', readEntry(place.get('entry'), node, scope))
  if (place.get('address').present) setMember(outputs, 'address', readAddress(place.get('address'), scope))
  setMember(outputs, 'name', place.get('name').text())
  setMember(outputs, 'nameLength', timesAt(place.get('name-length'), findings))
  setMember(outputs, 'discovered', choiceAt(place.get('discovered'), ['once', 'hosts'], findings))
  if (place.get('attributes').present) outputs.attributes = readAttributes(place.get('attributes'), scope)
  if (place.get('limits').present) outputs.limitsDeclared = true
  if (place.get('same-as').present) setMember(outputs, 'sameAs', scope.label(place.get('same-as')))
  return outputs
}

function knownDescriptor(place: Place, node: NodeIndex, scope: Scope): string | undefined {
  const name = place.text()
  if (name === undefined || scope.handles.hasDescriptor(node, name)) return name
  if (!scope.doubt.has('handles', name, node)) {
    const help = didYouMean(name, scope.handles.descriptorNames(node))
    scope.findings.add(place.mark(), `\`${scope.hosts[node] ?? ''}\` writes no descriptor \`${name}\``, help)
  }
  return undefined
}

function readDescriptorFields(place: Place, { findings }: Scope): DescriptorExpected {
  const fields: Draft<DescriptorExpected> = {}
  setMember(fields, 'length', timesAt(place.get('length'), findings))
  setMember(fields, 'operation', choiceAt(place.get('operation'), operations, findings))
  setMember(fields, 'done', flagAt(place.get('done'), findings))
  setMember(fields, 'status', integerAt(place.get('status-word'), findings))
  setMember(fields, 'segmentCount', integerAt(place.get('segment-count'), findings))
  const errors = place.get('errors')
  const word = errors.example()
  if (word === 'none' || word === 'any') fields.errors = word
  else if (errors.present)
    fields.errors = errors.oneOrMore().flatMap((item) => choiceAt(item, bitNames, findings) ?? [])
  const immediate = place.get('immediate')
  if (immediate.example() === 'none') fields.immediate = 'none'
  else setMember(fields, 'immediate', integerAt(immediate, findings))
  if (place.get('reserved').present) fields.reservedZero = true
  return fields
}

const bitNames: readonly ViaStatusBit[] = keysOf(viaStatusBits).filter((bit) => bit !== 'done' && bit !== 'immediate')

function readEntry(place: Place, node: NodeIndex, scope: Scope): ViaCompletionEntry | undefined {
  const vi = knownHandle(place.get('vi'), 'vi', node, scope)
  const queue = choiceAt(place.get('queue'), queues, scope.findings)
  return vi === undefined || queue === undefined ? undefined : { vi, queue }
}

function readAttributes(place: Place, { findings }: Scope): NonNullable<OutputsExpected['attributes']> {
  const attributes: Record<string, string | boolean | Times> = {}
  for (const { name, key, value } of place.entries()) {
    if (!attributeNames.some((known) => known === name)) {
      findings.add(key.mark(), `there is no attribute \`${name}\``, didYouMean(name, attributeNames))
      continue
    }
    const text = value.text()
    if (text === 'true' || text === 'false') attributes[name] = text === 'true'
    else if (value.isMap || value.number() !== undefined) attributes[name] = timesAt(value, findings) ?? { least: 0 }
    else if (text !== undefined) attributes[name] = text
  }
  return attributes
}

/** `HOST.error: {...}`: how often the host was told; at least once unless said. */
export function readErrorExpectation(place: Place, node: NodeIndex, scope: Scope): ErrorExpectation {
  const times = timesAt(place.get('times'), scope.findings) ?? { least: 1 }
  return { kind: 'error', node, filter: readErrorFilter(place, node, scope), times }
}

export function readErrorFilter(place: Place, node: NodeIndex, scope: Scope): ErrorFilter {
  const { findings } = scope
  const filter: Draft<ErrorFilter> = { node }
  setMember(filter, 'code', choiceAt(place.get('code'), errorCodes, findings))
  setMember(filter, 'vi', knownHandle(place.get('vi'), 'vi', node, scope))
  setMember(filter, 'nic', knownHandle(place.get('nic'), 'nic', node, scope))
  setMember(filter, 'descriptor', knownDescriptor(place.get('descriptor'), node, scope))
  if (place.get('resource').present) {
    filter.resources = place
      .get('resource')
      .oneOrMore()
      .flatMap((item) => choiceAt(item, resources, findings) ?? [])
  }
  setMember(filter, 'handler', place.get('handler').text())
  setMember(filter, 'context', integerAt(place.get('context'), findings))
  return filter
}

/** `HOST.notified: {...}`: how often handlers ran; at least once unless said. */
export function readNotifiedExpectation(place: Place, node: NodeIndex, scope: Scope): NotifiedExpectation {
  const times = timesAt(place.get('times'), scope.findings) ?? { least: 1 }
  return { kind: 'notified', node, filter: readNotifiedFilter(place, node, scope), times }
}

export function readNotifiedFilter(place: Place, node: NodeIndex, scope: Scope): NotifiedFilter {
  const { findings } = scope
  const filter: Draft<NotifiedFilter> = { node }
  setMember(filter, 'handler', place.get('handler').text())
  setMember(filter, 'context', integerAt(place.get('context'), findings))
  setMember(filter, 'nic', knownHandle(place.get('nic'), 'nic', node, scope))
  setMember(filter, 'vi', knownHandle(place.get('vi'), 'vi', node, scope))
  setMember(filter, 'queue', choiceAt(place.get('queue'), queues, findings))
  setMember(filter, 'descriptor', knownDescriptor(place.get('descriptor'), node, scope))
  const fields = readDescriptorFields(place, scope)
  if (Object.keys(fields).length > 0) filter.fields = fields
  if (place.get('entry').present) setMember(filter, 'entry', readEntry(place.get('entry'), node, scope))
  return filter
}

function knownHandle(place: Place, kind: 'vi' | 'nic', node: NodeIndex, scope: Scope): string | undefined {
  const name = place.text()
  if (name === undefined || scope.handles.kindOf(node, name) === kind || scope.doubt.has('handles', name, node))
    return name
  scope.findings.add(
    place.mark(),
    `\`${scope.hosts[node] ?? ''}\` makes no ${kind === 'vi' ? 'VI' : 'NIC handle'} \`${name}\``,
    didYouMean(name, scope.handles.names(node, kind)),
  )
  return undefined
}

// Puts what a case expects of VIPL in plain words.
import { formatDuration } from '../../../spec/vocabulary/units.ts'
import type { Times } from '../expectation.ts'
import { countWords, hostWord, listWords, timesWords, type HostNames } from './octets.ts'
import { addressWords } from './via-calls.ts'
import type {
  AnsweredExpectation,
  DescriptorExpected,
  ErrorFilter,
  NotifiedFilter,
  OutputsExpected,
} from '../via/expectation.ts'

/** `received of right answered VIP_SUCCESS, with descriptor r, Length 100, no error`. */
export function answeredWords(expectation: AnsweredExpectation, host: string, hosts: HostNames): string {
  const { label, codes, outputs, within, after } = expectation
  const who = `${label} of ${host}`
  if (codes === 'open') return `${who} has not returned`
  const parts = outputWords(outputs, hosts)
  if (within !== undefined) parts.push(`at most ${formatDuration(within)} after it was called`)
  if (after !== undefined) parts.push(`not before ${formatDuration(after)} had passed`)
  const answered = codes.length === 0 ? 'was answered' : `answered ${codeWords(codes)}`
  return parts.length === 0 ? `${who} ${answered}` : `${who} ${answered}, ${parts.join(', ')}`
}

/** More codes than this are named by what they are not. */
const codesNamed = 6

export function codeWords(codes: readonly string[]): string {
  return codes.length > codesNamed ? 'a refusal' : listWords(codes).replace(/ and (?=\S+$)/, ' or ')
}

function outputWords(outputs: OutputsExpected, hosts: HostNames): string[] {
  const { descriptor, fields, states, sendQueueEmpty, recvQueueEmpty, entry, address, attributes } = outputs
  const { name: hostName, nameLength, discovered } = outputs
  const parts: string[] = []
  if (descriptor !== undefined) parts.push(descriptor === null ? 'descriptor NULL' : `descriptor ${descriptor}`)
  if (fields) parts.push(...fieldWords(fields))
  if (states) parts.push(`state ${states.join(' or ')}`)
  if (sendQueueEmpty !== undefined) parts.push(`send queue ${sendQueueEmpty ? 'empty' : 'not empty'}`)
  if (recvQueueEmpty !== undefined) parts.push(`receive queue ${recvQueueEmpty ? 'empty' : 'not empty'}`)
  if (entry) parts.push(`an entry for the ${entry.queue} queue of ${entry.vi}`)
  if (address) parts.push(`address ${addressWords(address, hosts)}`)
  if (hostName !== undefined) parts.push(`name ${hostName}`)
  if (nameLength) parts.push(`NameLen ${valueWords(nameLength)}`)
  if (discovered) parts.push(`${discovered === 'hosts' ? 'addresses of hosts' : 'addresses'}, each once, if any`)
  for (const [name, value] of Object.entries(attributes ?? {})) parts.push(`${name} ${valueWords(value)}`)
  if (outputs.limitsDeclared === true) parts.push('the limits that were declared')
  if (outputs.sameAs !== undefined) parts.push(`the same as ${outputs.sameAs}`)
  return parts
}

export function valueWords(value: string | boolean | Times): string {
  return typeof value === 'object' ? countWords(value).replace(/^exactly /, '') : String(value)
}

function fieldWords(fields: DescriptorExpected): string[] {
  const parts: string[] = []
  if (fields.length) parts.push(`Length ${valueWords(fields.length)}`)
  if (fields.segmentCount !== undefined) parts.push(`SegCount ${fields.segmentCount}`)
  if (fields.status !== undefined) parts.push(`Status 0x${fields.status.toString(16)}`)
  if (fields.operation !== undefined) parts.push(`operation ${fields.operation}`)
  if (fields.done !== undefined) parts.push(fields.done ? 'DONE' : 'not DONE')
  if (fields.errors !== undefined) parts.push(errorBitsWords(fields.errors))
  if (fields.immediate !== undefined) {
    parts.push(fields.immediate === 'none' ? 'no immediate data' : `immediate data ${fields.immediate}`)
  }
  if (fields.reservedZero === true) parts.push('reserved bits zero')
  return parts
}

function errorBitsWords(errors: NonNullable<DescriptorExpected['errors']>): string {
  if (errors === 'none') return 'no error'
  if (errors === 'any') return 'some error'
  return errors.join(' or ')
}

/** `right is told of receive-queue-empty, about v, exactly once`. */
export function errorWords(filter: ErrorFilter, times: Times, hosts: HostNames): string {
  const { code, vi, nic, descriptor, resources, handler, context } = filter
  const about = [vi, descriptor, nic].filter((name) => name !== undefined)
  const parts = [
    `${hostWord(filter.node, hosts)} is told of ${code === undefined ? 'an asynchronous error' : `the error ${code}`}`,
    ...(about.length === 0 ? [] : [`about ${about.join(' and ')}`]),
    ...(resources ? [`as a resource of kind ${resources.join(' or ')}`] : []),
    ...(handler === undefined ? [] : [`by handler ${handler}`]),
    ...(context === undefined ? [] : [`with context ${context}`]),
    timesWords(times),
  ]
  return parts.join(', ')
}

/** `handler h of right runs, with descriptor r, no error, exactly once`. */
export function notifiedWords(filter: NotifiedFilter, times: Times, hosts: HostNames): string {
  const { handler, context, nic, vi, queue, descriptor, fields, entry } = filter
  const parts = [
    `${handler === undefined ? 'a handler' : `handler ${handler}`} of ${hostWord(filter.node, hosts)} runs`,
    ...(context === undefined ? [] : [`with context ${context}`]),
    ...(descriptor === undefined ? [] : [`with descriptor ${descriptor}`]),
    ...(fields ? fieldWords(fields) : []),
    ...(entry ? [`for an entry of the ${entry.queue} queue of ${entry.vi}`] : []),
    ...(queue === undefined ? [] : [`for the ${queue} queue`]),
    ...(vi === undefined ? [] : [`for ${vi}`]),
    ...(nic === undefined ? [] : [`for ${nic}`]),
    timesWords(times),
  ]
  return parts.join(', ')
}

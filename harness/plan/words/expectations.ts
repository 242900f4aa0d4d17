// Puts expectations in plain words: what had to hold.
import { formatDuration, ordinal } from '../../../spec/vocabulary/units.ts'
import type { ExpectationBody, HostExpectation, WireExpectation } from '../expectation.ts'
import {
  contentWords,
  countWords,
  hostWord,
  listWords,
  octets,
  rangeWords,
  timesWords,
  type HostNames,
} from './octets.ts'
import { framesWords } from './sightings.ts'
import { answeredWords, errorWords, notifiedWords } from './via-expectations.ts'

export function expectationWords(expectation: ExpectationBody, hosts: HostNames): string {
  if (expectation.kind === 'allowed') return 'the model allows everything that the hosts are told'
  return 'node' in expectation ? hostExpectationWords(expectation, hosts) : wireWords(expectation, hosts)
}

function hostExpectationWords(expectation: HostExpectation, hosts: HostNames): string {
  const host = hostWord(expectation.node, hosts)
  switch (expectation.kind) {
    case 'done':
      return doneWords(expectation, host, hosts)
    case 'pending':
      return `${expectation.request} of ${host} is not complete`
    case 'returned':
      if (expectation.status === 'open') return `${expectation.label} of ${host} has not returned`
      return `${expectation.label} of ${host} answered ${expectation.status}${withWords(expectation, hosts)}`
    case 'memory': {
      if (expectation.untouched) return `${rangeWords(expectation.at)} of ${host} is as it was at first`
      return `${rangeWords(expectation.at)} of ${host} holds ${contentWords(expectation.octets)}`
    }
    case 'guards':
      return `the guard zones of ${expectation.buffer} of ${host} are intact`
    case 'deadline':
      return expectation.armed ? `${host} has a deadline armed at the end` : `${host} has nothing armed at the end`
    case 'counted':
      return `the NIC of ${host} counted ${countWords(expectation.times)} dropped as ${expectation.reason}`
    case 'order':
      return `${host} completed ${expectation.requests.join(', then ')}`
    case 'answered':
      return answeredWords(expectation, host, hosts)
    case 'error':
      return errorWords(expectation.filter, expectation.times, hosts)
    case 'notified':
      return notifiedWords(expectation.filter, expectation.times, hosts)
    case 'octets':
      return `${expectation.label} of ${host} found ${contentWords(expectation.octets)}`
    case 'descriptor': {
      const slots = expectation.slots === undefined ? '' : ` fills ${expectation.slots} slots and`
      const values = Object.entries(expectation.fields).map(([name, value]) => `${name} ${value}`)
      return `the descriptor that ${expectation.label} of ${host} read${slots} has ${listWords(values)}`
    }
  }
}

type Returned = Extract<HostExpectation, { kind: 'returned' }>

function withWords({ completions, oneOf, message }: Returned, hosts: HostNames): string {
  const parts: string[] = []
  if (completions) parts.push(`${listWords(completions)} complete`)
  if (oneOf) parts.push(`one of ${listWords(oneOf)} complete`)
  if (message)
    parts.push(`a message of ${octets(message.bytes)} from ${hostWord(message.peer, hosts)}, tag ${message.tag}`)
  return parts.length === 0 ? '' : ` with ${parts.join(' and ')}`
}

function doneWords(done: Extract<HostExpectation, { kind: 'done' }>, host: string, hosts: HostNames): string {
  const ends = { done: 'is done', truncated: 'ended truncated', failed: 'ended failed', cancelled: 'was cancelled' }
  const parts = [`${done.request} of ${host} ${ends[done.outcome]}`]
  if (done.bytes !== undefined) parts.push(`with ${octets(done.bytes)}`)
  if (done.peer !== undefined) parts.push(`peer ${hostWord(done.peer, hosts)}`)
  if (done.tag !== undefined) parts.push(`tag ${done.tag}`)
  if (done.data) parts.push(`holding ${contentWords(done.data.octets)}`)
  if (done.times !== 1) parts.push(`reported ${timesWords({ least: done.times, most: done.times })}`)
  return parts.join(', ')
}

function wireWords(expectation: WireExpectation, hosts: HostNames): string {
  if (expectation.kind === 'frames') {
    return framesWords(expectation.filter, 'was sent', expectation.times, hosts)
  }
  const host = hostWord(expectation.from, hosts)
  switch (expectation.kind) {
    case 'retransmitted': {
      const { frame, times, others } = expectation
      const where = frame === 'last' ? 'the last collection' : `the collection of frame ${frame}`
      const message = `the ${ordinal(expectation.message)} message`
      return `${host} sent ${where} of ${message} again ${timesWords(times)}, and other frames ${timesWords(others)}`
    }
    case 'cut':
      return `${host} cut its ${ordinal(expectation.message)} message of ${octets(expectation.total)} with tag ${expectation.tag} as the specification says`
    case 'acknowledged':
      return `${host} acknowledged the ${ordinal(expectation.message)} message by whole collections, each ${timesWords(expectation.each)}`
    case 'first-window':
      return `${host} sent ${countWords(expectation.times)} data frames of its ${ordinal(expectation.message)} message before the first acknowledgement`
    case 'back-off': {
      const { frame, first, cap, atLeast } = expectation
      const growth = `at least ${formatDuration(first)} apart and ever longer, up to ${formatDuration(cap)}`
      return `${host} sent frame ${frame} of its ${ordinal(expectation.message)} message at least ${atLeast} times, ${growth}`
    }
    case 'message-ids':
      return `messages of ${host} to ${hostWord(expectation.to, hosts)} had the IDs ${listWords(expectation.ids.map(String))}, in this order`
  }
}

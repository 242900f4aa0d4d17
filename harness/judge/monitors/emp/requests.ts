// Invariants of requests as the host sees them.
import type { CallBody } from '../../../../spec/vocabulary/calls.ts'
import { empDefaults } from '../../../../spec/vocabulary/endpoint.ts'
import { counted, type Duration } from '../../../../spec/vocabulary/units.ts'
import { postingAt } from '../../emp/open-postings.ts'
import { requestKey, type CallSeen, type CompletionSeen, type PostedSeen } from '../../seen/history.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor, Watching } from '../monitor.ts'
import { piecesOf } from './pieces.ts'
import { openCollections, openWords } from './sends.ts'

export const completedOnce: Monitor = {
  name: 'completed-once',
  words: 'a request is told to have completed once, and the same each time it is asked for',
  requirements: ['EMP-REL-011'],
  needsWire: false,
  watch(view, watching) {
    for (const { node, request, completions } of view.history.postings) {
      const [first] = completions
      if (!first) continue
      watching.watched(node)
      let events = 0
      let other: CompletionSeen | undefined
      for (const each of completions) {
        if (each.source === 'event' && ++events === 2) {
          const seen = `events told more than once that ${hostName(view, node)}'s ${request} had completed`
          watching.broken({ node, seen, at: each.time })
        }
        if (!isSame(each, first)) other ??= each
      }
      if (!other) continue
      const seen = `${hostName(view, node)}'s ${request} was told to have ended with ${endWords(first)}, then with ${endWords(other)}`
      watching.broken({ node, seen, at: other.time })
    }
  },
}

function isSame(one: CompletionSeen, other: CompletionSeen): boolean {
  const [a, b] = [one.completion, other.completion]
  return a.outcome === b.outcome && a.bytes === b.bytes && a.peer === b.peer && a.tag === b.tag
}

function endWords({ completion }: CompletionSeen): string {
  return `outcome ${completion.outcome}, ${counted(completion.bytes, 'octet')}, peer ${completion.peer}, tag ${completion.tag}`
}

export const steadyTests: Monitor = {
  name: 'steady-tests',
  words: 'a request that has completed is not pending, and one that was never accepted does not complete',
  requirements: ['EMP-HOST-002'],
  needsWire: false,
  watch(view, watching) {
    const { history } = view
    for (const call of history.calls) {
      const { body } = call.call
      if (body.operation === 'emp.test' && call.answer?.content.status === 'pending') {
        watching.watched(call.node)
        watchPending(view, watching, call, body.request)
      }
    }
    for (const { node, completion, time, source } of history.completions) {
      watching.watched(node)
      const post = history.posted.get(requestKey(node, completion.request))
      const status = post?.call.answer?.content.status
      if (post && (status === undefined || status === 'ok')) continue
      const seen = `${source === 'event' ? 'an event' : 'a return'} told that ${completion.request} of ${hostName(view, node)} had completed, which was never accepted`
      watching.broken({ node, seen, at: time })
    }
  },
}

function watchPending(view: View, watching: Watching, { node, record, answer }: CallSeen, request: string): void {
  const post = view.history.posted.get(requestKey(node, request))
  const before = post?.completions[0]
  if (!answer || !post || !before || before.record > record || post.call.record > record) return
  const seen = `${request} of ${hostName(view, node)} had completed by ${timeWords(before.time)}, but tested pending at ${timeWords(answer.time)}`
  watching.broken({ node, seen, at: answer.time })
}

export const waits: Monitor = {
  name: 'waits',
  words: 'waits stay open until their requests are done, or one of them, and name what they were asked for',
  requirements: ['EMP-HOST-003', 'EMP-HOST-004', 'EMP-HOST-005', 'EMP-HOST-006'],
  needsWire: false,
  watch(view, watching) {
    for (const call of view.history.calls) {
      const { body } = call.call
      if (body.operation === 'emp.wait') watchWait(view, watching, call, [body.request])
      if (body.operation === 'emp.waitall') watchWait(view, watching, call, body.requests)
      if (body.operation === 'emp.testall' && call.answer?.content.status === 'ok')
        watchWait(view, watching, call, body.requests)
      if (body.operation === 'emp.waitany') watchOne(watching, call, body.requests)
    }
  },
}

export const goneWhenNamed: Monitor = {
  name: 'gone-when-named',
  words: 'a request that a waitany has named is seen: nothing can be asked of it any more',
  requirements: ['EMP-HOST-006'],
  needsWire: false,
  watch(view, watching) {
    for (const { call, source, node, completion, record } of view.history.completions) {
      if (source !== 'return' || call?.call.body.operation !== 'emp.waitany') continue
      const { request } = completion
      if ((view.history.posted.get(requestKey(node, request))?.call.record ?? Infinity) > record) continue
      watching.watched(node)
      const later = view.history.calls.find(
        (each) => each.node === node && each.record > record && isKnown(each, request),
      )
      if (!later?.answer) continue
      const { answer } = later
      const seen = `${hostName(view, node)}'s ${later.call.body.operation} answered ${answer.content.status} at ${timeWords(answer.time)}, though ${request} had been named by a waitany`
      watching.broken({ node, seen, at: answer.time })
    }
  },
}

/** Whether a question about a request was answered as if it were there. */
function isKnown({ call: { body }, answer }: CallSeen, request: string): boolean {
  const status = answer?.content.status
  if (status !== 'ok' && status !== 'pending') return false
  switch (body.operation) {
    case 'emp.test':
    case 'emp.wait':
      return body.request === request
    case 'emp.testall':
    case 'emp.waitall':
    case 'emp.waitany':
      return body.requests.includes(request)
    default:
      return false
  }
}

const requirementOf: Readonly<Record<string, string>> = {
  'emp.test': 'EMP-HOST-002',
  'emp.wait': 'EMP-HOST-003',
  'emp.waitall': 'EMP-HOST-004',
  'emp.testall': 'EMP-HOST-005',
  'emp.waitany': 'EMP-HOST-006',
  'emp.cancel': 'EMP-MATCH-016',
  'emp.probe': 'EMP-MATCH-017',
}

/** A waitany names one request, and one that it was asked for. */
function watchOne(watching: Watching, { node, answer }: CallSeen, requests: readonly string[]): void {
  if (answer?.content.status !== 'ok' && answer?.content.status !== 'pending') return
  watching.watched(node, 'EMP-HOST-006')
  const named = (answer.content.completions ?? []).map(({ request }) => request)
  if (named.length === 1 && named.every((request) => requests.includes(request))) return
  const what = named.length === 0 ? 'no completion' : `completions of ${named.join(', ')}`
  const seen = `emp.waitany of ${requests.join(', ')} returned ${answer.content.status} at ${timeWords(answer.time)} with ${what}`
  watching.broken({ node, seen, at: answer.time, requirements: ['EMP-HOST-006'] })
}

function watchWait(view: View, watching: Watching, call: CallSeen, requests: readonly string[]): void {
  const { node, answer } = call
  if (!answer || (answer.content.status !== 'ok' && answer.content.status !== 'pending')) return
  const { operation } = call.call.body
  const requirement = requirementOf[operation] ?? 'EMP-HOST-003'
  watching.watched(node, requirement)
  const named = answer.content.completions ?? []
  const wrong = named.length !== requests.length || named.some(({ request }, place) => request !== requests[place])
  const broken = (what: string): void => {
    const start = `${operation} of ${requests.join(', ')} returned ${answer.content.status} at ${timeWords(answer.time)}`
    watching.broken({ node, seen: `${start}${what}`, at: answer.time, requirements: [requirement] })
  }
  if (wrong) {
    const names = named.map(({ request }) => request)
    broken(` with ${names.length === 0 ? 'no completion' : `completions of ${names.join(', ')}`}`)
    return
  }
  if (!view.isWireKnown) return
  for (const { request, outcome } of named) {
    const send = view.history.posted.get(requestKey(node, request))
    const course = send?.kind === 'send' && outcome === 'done' ? view.emp.messageOf(send) : undefined
    const open = openCollections(course, answer.record)
    if (!course || open === undefined || open === 0) continue
    broken(`, but ${openWords(course, answer.record)} of ${request} had not been acknowledged`)
  }
}

const immediate: ReadonlySet<string> = new Set<CallBody['operation']>([
  'emp.isend',
  'emp.irecv',
  'emp.test',
  'emp.testall',
  'emp.cancel',
  'emp.probe',
])

export const answersAtOnce: Monitor = {
  name: 'answers-at-once',
  words:
    'testing, cancelling and probing return at once, and posting does as soon as addresses are known, without a frame, a timer or another call',
  requirements: ['EMP-HOST-001', 'EMP-HOST-002', 'EMP-HOST-005', 'EMP-MATCH-016', 'EMP-MATCH-017', 'EMP-MEM-006'],
  needsWire: false,
  needsExactTime: true,
  watch(view, watching) {
    const translates = (view.permutation.configuration['emp.translation'] ?? empDefaults['emp.translation']) > 0
    for (const call of view.history.calls) {
      const { node, time, answer } = call
      const { operation } = call.call.body
      if (!immediate.has(operation)) continue
      const own = requirementOf[operation] ?? 'EMP-HOST-001'
      watching.watched(node, own)
      if (translates && postingAt(view, call)) watching.watched(node, 'EMP-MEM-006')
      const until = answer?.time ?? view.history.end
      if (until <= time + translationOf(view, call)) continue
      const how = answer
        ? `returned ${timeWords(until - time)} later`
        : `had not returned ${timeWords(until - time)} later`
      const seen = `${hostName(view, node)}'s ${operation}, called at ${timeWords(time)}, ${how}`
      // What another posting holds up does not wait for anything of its own.
      const requirement = postingAt(view, call) ? 'EMP-MEM-006' : own
      watching.broken({ node, seen, at: until, requirements: [requirement] })
    }
  },
}

/** What the kernel may take for the addresses of a posting (R28). */
function translationOf(view: View, call: CallSeen): Duration {
  const { configuration } = view.permutation
  const cost = configuration['emp.translation'] ?? empDefaults['emp.translation']
  return cost === 0 ? 0 : cost * piecesOf(call, configuration['emp.page'] ?? empDefaults['emp.page']).most
}

export const waitsEnd: Monitor = {
  name: 'waits-end',
  words: 'wait and waitall return once all their requests are done',
  requirements: ['EMP-HOST-003', 'EMP-HOST-004'],
  needsWire: false,
  needsExactTime: true,
  watch(view, watching) {
    for (const call of view.history.calls) {
      const { body } = call.call
      if (body.operation === 'emp.wait') watchEnd(view, watching, call, [body.request])
      if (body.operation === 'emp.waitall') watchEnd(view, watching, call, body.requests)
    }
  },
}

/** Only by events: a request that was seen done by another call is gone, and what a wait for it does is open. */
function watchEnd(view: View, watching: Watching, wait: CallSeen, requests: readonly string[]): void {
  const { node, time, answer, call } = wait
  let since = time
  for (const request of requests) {
    const post = view.history.posted.get(requestKey(node, request))
    const told = post ? toldAt(post, call.id) : Infinity
    if (told === Infinity) return
    since = Math.max(since, told)
  }
  const due = since + view.emp.patience
  const requirement = call.body.operation === 'emp.wait' ? 'EMP-HOST-003' : 'EMP-HOST-004'
  watching.watched(node, requirement)
  if ((answer?.time ?? view.history.end) <= due) return
  const seen = `${hostName(view, node)}'s ${call.body.operation} of ${requests.join(', ')} was still open at ${timeWords(due)}, though ${counted(requests.length, 'request')} had been told done by ${timeWords(since)}`
  watching.broken({ node, seen, at: due, requirements: [requirement] })
}

/** Whether an event had told before a record that a request was done, and no call but this one has seen it. */
export function toldBefore({ completions }: PostedSeen, call: number, record: number): boolean {
  let isTold = false
  for (const each of completions) {
    if (each.source === 'event') isTold ||= each.record < record
    else if (each.call?.call.id !== call) return false
  }
  return isTold
}

/** When an event told that a request was done; Infinity if none did, or another call saw it done. */
function toldAt({ completions }: PostedSeen, wait: number): number {
  let told = Infinity
  for (const { source, time, call } of completions) {
    if (source === 'event') told = Math.min(told, time)
    else if (call?.call.id !== wait) return Infinity
  }
  return told
}

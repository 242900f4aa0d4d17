// Expectations about requests: done, pending, and the order in which they completed.
import type { EmpCompletion } from '../../../spec/vocabulary/emp.ts'
import { counted, type NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { Expectation } from '../../plan/expectation.ts'
import { requestKey, type CallSeen } from '../seen/history.ts'
import { hostName, type View } from '../seen/view.ts'
import { namesWords, timeWords } from '../words.ts'
import { failed, failedBy, judged, missing, passed, type Checked } from './checked.ts'
import { checkOctets } from './memory.ts'

type Done = Extract<Expectation, { kind: 'done' }>

export function checkDone(expectation: Done, view: View): Checked {
  const { node, request } = expectation
  const reports = view.history.completionsOf(node, request)
  if (reports.length === 0) return notCompleted(view, node, request)
  for (const { completion, time, source, call } of reports) {
    const difference = differs(expectation, completion, view)
    if (difference === undefined) continue
    const words = `the ${source} at ${timeWords(time)} says that ${request} ended with ${difference}`
    return call ? failedBy(call, words) : failed(words, time)
  }
  const events = reports.filter(({ source }) => source === 'event')
  const last = events.at(-1)
  if (events.length > expectation.times) {
    return failed(`${request} was reported as completed ${counted(events.length, 'time')} by events`, last?.time)
  }
  const first = reports[0]
  const words = `${request} ended ${first?.completion.outcome ?? ''}, ${counted(first?.completion.bytes ?? 0, 'octet')}, at ${timeWords(first?.time ?? 0)}`
  if (!expectation.data) return passed(words)
  const content = checkOctets(view, node, expectation.data)
  return content.verdict === 'pass' ? passed(`${words}; ${content.seen}`) : content
}

export function checkPending(expectation: Extract<Expectation, { kind: 'pending' }>, view: View): Checked {
  const { node, request } = expectation
  const first = view.history.completionsOf(node, request)[0]
  if (first) return failed(`${request} had completed by ${timeWords(first.time)}`, first.time)
  const state = questionState(view, node, request)
  if (state === undefined) return missing(`nothing was asked or answered about ${request}`)
  if (state.status === 'unsupported') return missing(`${state.operation} is unsupported`)
  if (state.status === 'pending') return passed(`${request} was pending at ${timeWords(state.time)}`)
  if (state.status === 'open')
    return judged(state.operation !== 'emp.test', `${state.operation} of ${request} was still open`)
  return failed(`${state.operation} of ${request} answered ${state.status} at ${timeWords(state.time)}`, state.time)
}

/** Requests completed in this order; only events tell when. */
export function checkOrder(expectation: Extract<Expectation, { kind: 'order' }>, view: View): Checked {
  const { node, requests } = expectation
  const events = view.history.completions.filter((each) => each.source === 'event' && each.node === node)
  if (events.length === 0) return missing(`${hostName(view, node)} told of no completion by an event`)
  const order: string[] = []
  for (const { completion } of events) {
    if (requests.includes(completion.request) && !order.includes(completion.request)) order.push(completion.request)
  }
  const absent = requests.filter((request) => !order.includes(request))
  if (absent.length > 0) return failed(`no event told that ${namesWords(absent)} had completed`)
  const holds = requests.every((request, place) => order[place] === request)
  return judged(holds, `they completed in the order ${order.join(', ')}`)
}

function differs(expected: Done, completion: EmpCompletion, view: View): string | undefined {
  if (completion.outcome !== expected.outcome) return `outcome ${completion.outcome}`
  if (expected.bytes !== undefined && completion.bytes !== expected.bytes) {
    return `${counted(completion.bytes, 'octet')}, not ${expected.bytes}`
  }
  if (expected.peer !== undefined && completion.peer !== expected.peer) {
    return `peer ${hostName(view, completion.peer)}, not ${hostName(view, expected.peer)}`
  }
  if (expected.tag !== undefined && completion.tag !== expected.tag) return `tag ${completion.tag}, not ${expected.tag}`
  return undefined
}

function notCompleted(view: View, node: NodeIndex, request: string): Checked {
  const post = view.history.posted.get(requestKey(node, request))
  if (!post) return missing(`${request} was never posted`)
  const { answer, time } = post.call
  if (!answer) return failed(`posting ${request} at ${timeWords(time)} was never answered`, time)
  const { status } = answer.content
  if (status === 'unsupported') return missing(`posting ${request} answered unsupported`)
  if (status !== 'ok') return failed(`posting ${request} answered ${status} at ${timeWords(answer.time)}`, answer.time)
  const state = questionState(view, node, request)
  if (state === undefined) return missing(`${request} was not seen to complete, and nothing asked at the end`)
  if (state.status === 'unsupported') return missing(`${state.operation} is unsupported`)
  if (state.status === 'pending') return failed(`${request} was still pending at ${timeWords(state.time)}`, state.time)
  if (state.status === 'open')
    return failed(`${state.operation} of ${request}, called at ${timeWords(state.time)}, never returned`, state.time)
  if (state.status === 'ok')
    return failed(`${state.operation} answered ok at ${timeWords(state.time)} without naming ${request}`, state.time)
  return failed(`${state.operation} of ${request} answered ${state.status} at ${timeWords(state.time)}`, state.time)
}

/** How the last question about a request stands. */
function questionState(
  view: View,
  node: NodeIndex,
  request: string,
): { operation: string; status: string; time: number } | undefined {
  const last = view.history.calls.findLast((call) => call.node === node && asks(call, request))
  if (!last) return undefined
  const { operation } = last.call.body
  if (!last.answer) return { operation, status: 'open', time: last.time }
  return { operation, status: last.answer.content.status, time: last.answer.time }
}

function asks({ call }: CallSeen, request: string): boolean {
  const { body } = call
  if (body.operation === 'emp.test' || body.operation === 'emp.wait') return body.request === request
  return 'requests' in body && body.requests.includes(request)
}

// Invariants of sends: done only when acknowledged, waited for as long as that takes, numbered in posting order.
import { isIn } from '../../acknowledgement.ts'
import { collectionsOf } from '../../cutting.ts'
import { requestKey, type CallSeen, type PostedSeen } from '../../history.ts'
import type { MessageSeen } from '../../messages.ts'
import { hostName, idCount, messageOfSend, sendsBetween, type View } from '../../view.ts'
import { numbersWords, timeWords } from '../../words.ts'
import { hasSteadyHeader } from './frames.ts'
import type { Monitor, Watching } from '../monitor.ts'

/** Whether the acknowledgements were true is for `acknowledged-whole` to say: it is the receiver's doing. */
export const sendDone: Monitor = {
  name: 'send-done',
  words: 'a send is done only when all collections of its message have been acknowledged',
  requirements: ['EMP-REL-009'],
  needsWire: true,
  watch(view, watching) {
    for (const send of view.history.posted.values()) {
      if (send.kind !== 'send') continue
      const done = view.history.completionsOf(send.node, send.request)[0]
      if (done?.completion.outcome !== 'done') continue
      const open = openFrames(view, send, done.record)
      if (open === undefined) continue
      watching.watched(send.node)
      if (open.length === 0) continue
      const seen = `${hostName(view, send.node)}'s send ${send.request} was done at ${timeWords(done.time)}, but frames ${numbersWords(open)} had not been acknowledged`
      watching.broken({ node: send.node, seen, at: done.time })
    }
  },
}

export const waits: Monitor = {
  name: 'waits',
  words: 'wait and waitall stay open until all their requests are done',
  requirements: ['EMP-HOST-003', 'EMP-HOST-004'],
  needsWire: false,
  watch(view, watching) {
    for (const call of view.history.calls) {
      const { body } = call.call
      if (body.operation === 'emp.wait') watchWait(view, watching, call, [body.request])
      if (body.operation === 'emp.waitall') watchWait(view, watching, call, body.requests)
    }
  },
}

function watchWait(view: View, watching: Watching, call: CallSeen, requests: readonly string[]): void {
  const { node, answer } = call
  if (!answer || (answer.content.status !== 'ok' && answer.content.status !== 'pending')) return
  const { operation } = call.call.body
  const requirements = [operation === 'emp.wait' ? 'EMP-HOST-003' : 'EMP-HOST-004']
  const start = `${operation} of ${requests.join(', ')} returned ${answer.content.status} at ${timeWords(answer.time)}`
  watching.watched(node)
  const named = (answer.content.completions ?? []).map(({ request }) => request)
  if (named.length !== requests.length || named.some((request, place) => request !== requests[place])) {
    const seen = `${start} with ${named.length === 0 ? 'no completion' : `completions of ${named.join(', ')}`}`
    watching.broken({ node, seen, at: answer.time, requirements })
    return
  }
  if (!view.isWireKnown) return
  for (const request of requests) {
    const send = view.history.posted.get(requestKey(node, request))
    const open = send?.kind === 'send' ? openFrames(view, send, answer.record) : undefined
    const hasFailed = answer.content.completions?.some((each) => each.request === request && each.outcome !== 'done')
    if (!open || open.length === 0 || hasFailed === true) continue
    const seen = `${start}, but frames ${numbersWords(open)} of ${request} had not been acknowledged`
    watching.broken({ node, seen, at: answer.time, requirements })
  }
}

export const messageIds: Monitor = {
  name: 'message-ids',
  words: 'message IDs to one host are consecutive, in posting order, from the configured first',
  requirements: ['EMP-REL-018'],
  needsWire: true,
  watch(view, watching) {
    const first = view.permutation.configuration['emp.first-message'] ?? 0
    const count = idCount(view.layout)
    for (const message of view.messages.sent) {
      const { from: node, to } = message
      if (to === undefined || to === node) continue
      watching.watched(node)
      const start = [...message.sent.values()].reduce(
        (least, sent) => Math.min(least, sent[0]?.record ?? least),
        Infinity,
      )
      const place = (message.id - first + count) % count
      const name = `message ${message.id} from ${hostName(view, node)} to ${hostName(view, to)}`
      const posted = postedBefore(view, message, start)
      if (place >= posted) {
        watching.broken({
          node,
          seen: `${name} was sent when ${posted} messages had been posted, counted from ${first}`,
        })
        continue
      }
      watchHeader(view, watching, { message, place, name })
    }
  },
}

function watchHeader(
  view: View,
  watching: Watching,
  given: { message: MessageSeen; place: number; name: string },
): void {
  const { message, place, name } = given
  const { from: node, to, header } = message
  const sends = to === undefined ? undefined : sendsBetween(view, node, to)
  const send = sends?.[place]
  if (!sends || !send || !header || !hasSteadyHeader(message)) return
  if (header.tag === send.tag && header.total === send.bytes) return
  const isMisplaced = sends.some((other) => other.tag === header.tag && other.bytes === header.total)
  watching.broken({
    node,
    seen: `${name} has tag ${header.tag} and ${header.total} octets, but ${send.request}, which was posted in its place, has tag ${send.tag} and ${send.bytes} octets`,
    requirements: [isMisplaced ? 'EMP-REL-018' : 'EMP-FRAME-002'],
  })
}

/** Sends between the hosts of a message that had been called before a record, and were not refused before it. */
function postedBefore(view: View, message: MessageSeen, record: number): number {
  let count = 0
  for (const { kind, node, peer, call } of view.history.posted.values()) {
    if (kind !== 'send' || node !== message.from || peer !== message.to || call.record > record) continue
    const { answer } = call
    if (!answer || answer.record > record || answer.content.status === 'ok') count++
  }
  return count
}

/** Frames of collections that no acknowledgement had answered before a record; undefined when that cannot be told. */
export function openFrames(view: View, send: PostedSeen, record: number): readonly number[] | undefined {
  const size = view.collection
  const message = send.peer === send.node ? undefined : messageOfSend(view, send)
  const header = message?.header
  if (size === undefined || !message || !header || !hasSteadyHeader(message)) return undefined
  const open: number[] = []
  for (const collection of collectionsOf(size, header.frames)) {
    if (message.acknowledged.some((each) => each.record < record && isIn(collection, each.frame))) continue
    for (let frame = collection.first; frame <= collection.last; frame++) open.push(frame)
  }
  return open
}

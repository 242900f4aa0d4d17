// Invariants of messages: nothing arrives that was not sent, twice, or out of order, and nothing is lost unnoticed.
import { viaTimeoutDuration } from '../../../../spec/vocabulary/via-calls.ts'
import { viaReliabilityLevels, viaStatusBits } from '../../../../spec/vocabulary/via-constants.ts'
import { counted } from '../../../../spec/vocabulary/units.ts'
import { onceFor } from '../../../plan/once-for.ts'
import { returned, type CallSeen } from '../../seen/history.ts'
import { isError } from '../../via/errors.ts'
import { viOf } from '../../via/lives.ts'
import { sessionsOf, type Session, type SessionEnd } from '../../via/sessions.ts'
import { isMessage, lengthOf, storyOf, type PostingSeen, type QueueStory, type TakenSeen } from '../../via/story.ts'
import { isAnyTouched } from '../../via/touched.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor, Watching } from '../monitor.ts'

const { 'reliable-delivery': delivery, 'reliable-reception': reception } = viaReliabilityLevels

/** One way through a connection: what one end posted that takes a receive, and what the other received well. */
interface Stream {
  readonly session: Session
  readonly from: SessionEnd
  readonly to: SessionEnd
  readonly sent: readonly PostingSeen[]
  /** What came back to the sender, in order. */
  readonly completed: readonly TakenSeen[]
  readonly received: readonly TakenSeen[]
  /** Everything that came back from the receive queue. */
  readonly taken: readonly TakenSeen[]
}

const streamsOf: (view: View) => readonly Stream[] = onceFor((view) =>
  sessionsOf(view)
    .filter(({ isOnly }) => isOnly)
    .flatMap((session) => [
      ...streamOf(view, session, session.client, session.server),
      ...streamOf(view, session, session.server, session.client),
    ]),
)

/** None where it cannot be told whether a send was posted on a connected VI. */
function streamOf(view: View, session: Session, from: SessionEnd, to: SessionEnd): readonly Stream[] {
  const sending = storyOf(view, from.node, from.vi, 'send')
  const receiving = storyOf(view, to.node, to.vi, 'recv')
  // In which order a handler and a call were given their messages is not known.
  if (receiving?.isNotified && !receiving.isOrdered) return []
  const completed = sending?.taken ?? []
  const established = from === session.client ? session.established.client : session.established.server
  const sent: PostingSeen[] = []
  for (const posting of sending?.posted ?? []) {
    const early = posting.call.record < established
    const back = early ? completed.find(({ name }) => name === posting.name) : undefined
    if (early && !back) return []
    // What is posted without a connection comes back flushed, and goes nowhere.
    if (!isFlushed(back) && isMessage(posting.written)) sent.push(posting)
  }
  const taken = takenIn(session, receiving, view)
  const received = taken.filter(({ isGood }) => isGood)
  return [{ session, from, to, sent, completed, received, taken }]
}

/** Receives that came back, without those that a disconnect before the connection flushed. */
function takenIn({ from }: Session, receiving: QueueStory | undefined, view: View): readonly TakenSeen[] {
  if (!receiving) return []
  const left = viOf(view, receiving.node, receiving.vi)?.disconnects.findLast(({ record }) => record < from)
  if (!left) return receiving.taken
  return receiving.taken.filter((one) => {
    const posting = receiving.posted.find(({ name }) => name === one.name)
    return !isFlushed(one) || !posting || posting.call.record > left.record
  })
}

function isFlushed(taken: TakenSeen | undefined): boolean {
  return ((taken?.fields?.status ?? 0) & viaStatusBits['descriptor-flushed']) !== 0
}

export const messagesAsSent: Monitor = {
  name: 'messages-as-sent',
  words: 'every message that is received was sent, is received once, and on a reliable VI in the order sent',
  requirements: ['VIA-REL-001', 'VIA-REL-004', 'VIA-REL-008', 'VIA-REL-012'],
  needsWire: false,
  watch(view, watching) {
    for (const stream of streamsOf(view)) {
      if (stream.received.length === 0) continue
      watching.watched(stream.to.node, 'VIA-REL-001')
      watching.watched(stream.to.node, orderRequirement(stream.session))
      const wrong = wrongOf(stream)
      if (!wrong || isTampered(view, stream)) continue
      const { to, from } = stream
      const seen = `${hostName(view, to.node)}'s ${to.vi} received ${wrong.words}; ${hostName(view, from.node)}'s ${from.vi} posted ${counted(stream.sent.length, 'send')}`
      watching.broken({ node: to.node, seen, at: wrong.time, requirements: [wrong.requirement] })
    }
  },
}

/** What was sent, or what is said of it, may be the work of who wrote over a descriptor. */
function isTampered(view: View, { from, to }: Stream): boolean {
  const queues = [storyOf(view, from.node, from.vi, 'send'), storyOf(view, to.node, to.vi, 'recv')]
  return queues.some((queue) => queue !== undefined && isAnyTouched(view, queue))
}

interface Wrong {
  readonly words: string
  readonly time: number
  readonly requirement: string
}

/** By which requirement a message is one that was sent, and on a reliable VI in its place. */
function orderRequirement({ level }: Session): string {
  return level === delivery ? 'VIA-REL-008' : level === reception ? 'VIA-REL-012' : 'VIA-REL-004'
}

function wrongOf({ session, sent, received }: Stream): Wrong | undefined {
  const excess = received[sent.length]
  if (excess) {
    return { words: counted(received.length, 'message'), time: excess.time, requirement: 'VIA-REL-001' }
  }
  const isReliable = session.level === delivery || session.level === reception
  const left = [...sent]
  for (const [place, one] of received.entries()) {
    const match = isReliable ? (isOf(one, sent[place]) ? place : -1) : left.findIndex((posting) => isOf(one, posting))
    if (match >= 0) {
      if (!isReliable) left.splice(match, 1)
      continue
    }
    const words = `${one.name} of ${counted(one.fields?.length ?? 0, 'octet')} as its message ${place + 1} at ${timeWords(one.time)}, which is none that was sent${isReliable ? ' in that place' : ''}`
    return { words, time: one.time, requirement: orderRequirement(session) }
  }
  return undefined
}

/** Whether what was received can be what was posted: by length, and by immediate data if there is some. */
function isOf({ fields }: TakenSeen, posting: PostingSeen | undefined): boolean {
  if (!posting) return false
  const length = lengthOf(posting.written)
  // A descriptor that was tampered with may say anything, and so may a receive that the peer wrote to.
  if (!fields || length === undefined || posting.written?.op !== 'send') return true
  if (fields.length !== length) return false
  const { immediate } = posting.written
  const came = (fields.status & viaStatusBits.immediate) !== 0
  return immediate === undefined || !came || fields.immediate === immediate
}

export const immediateAsSent: Monitor = {
  name: 'immediate-as-sent',
  words: 'immediate data comes with a message if and only if it was sent with it',
  requirements: ['VIA-IMM-001', 'VIA-IMM-002'],
  needsWire: false,
  watch(view, watching) {
    for (const stream of streamsOf(view)) {
      const { session, sent, received, to } = stream
      if (received.length === 0 || !sent.every(({ written }) => written?.op === 'send' && !written.patch)) continue
      const isMarked = sent.some(({ written }) => written?.immediate !== undefined)
      const isUnmarked = sent.some(({ written }) => written?.immediate === undefined)
      if (isMarked) watching.watched(to.node, 'VIA-IMM-001')
      if (isUnmarked) watching.watched(to.node, 'VIA-IMM-002')
      const isReliable = session.level === delivery || session.level === reception
      for (const [place, { name, fields, time }] of received.entries()) {
        if (!fields) continue
        const came = (fields.status & viaStatusBits.immediate) !== 0 ? fields.immediate : undefined
        const candidates = isReliable ? sent.slice(place, place + 1) : sent
        if (candidates.length === 0 || candidates.some(({ written }) => written?.immediate === came)) continue
        if (isTampered(view, stream)) break
        const what = came === undefined ? 'without immediate data' : `with immediate data 0x${came.toString(16)}`
        const seen = `${hostName(view, to.node)}'s ${to.vi} received ${name} ${what} at ${timeWords(time)}, and no message was sent so${isReliable ? ' in that place' : ''}`
        const wasSent = candidates.some(({ written }) => written?.immediate !== undefined)
        watching.broken({ node: to.node, seen, at: time, requirements: [wasSent ? 'VIA-IMM-001' : 'VIA-IMM-002'] })
        break
      }
    }
  },
}

export const receivedIfSaidSo: Monitor = {
  name: 'received-if-said-so',
  words: 'at Reliable Reception a send that completes well has been received',
  requirements: ['VIA-REL-011'],
  needsWire: false,
  watch(view, watching) {
    for (const stream of streamsOf(view)) {
      const { session, from, sent, completed } = stream
      if (session.level !== reception) continue
      const receives = receivesOf(view, stream)
      const messages = completed.filter(({ name }) => sent.some((posting) => posting.name === name))
      for (const [place, send] of messages.entries()) {
        // A send that ended badly, and what came after it, is for the case to say.
        if (!send.isGood) break
        watching.watched(from.node)
        const receive = receives[place]
        if (!receive || receive.isGood || isTampered(view, stream)) continue
        const seen = `${hostName(view, from.node)}'s send ${send.name} completed well at ${timeWords(send.time)}, but its receive ${receive.name} came back with an error`
        watching.broken({ node: from.node, seen, at: send.time })
      }
    }
  },
}

/** What came back from the receive queue, without what a disconnect had flushed before the VIs were connected. */
function receivesOf(view: View, { session, to, taken }: Stream): readonly TakenSeen[] {
  const established = to === session.client ? session.established.client : session.established.server
  const left = view.history.calls.findLast(
    ({ node, record, call: { body } }) =>
      node === to.node && record < established && body.operation === 'VipDisconnect' && body.vi === to.vi,
  )
  if (!left) return taken
  const posted = storyOf(view, to.node, to.vi, 'recv')?.posted ?? []
  const early = new Set(posted.filter(({ call }) => call.record < left.record).map(({ name }) => name))
  return taken.filter((one) => !(isFlushed(one) && early.has(one.name)))
}

export const noSilentLoss: Monitor = {
  name: 'no-silent-loss',
  words: 'on a reliable VI a message arrives, or the connection breaks',
  requirements: ['VIA-REL-007', 'VIA-REL-012'],
  needsWire: false,
  watch(view, watching) {
    for (const stream of streamsOf(view)) {
      const { session } = stream
      if (session.level !== delivery && session.level !== reception) continue
      for (const wait of view.history.calls) watchWait(view, watching, stream, wait)
    }
  },
}

/** A wait for a receive that ended in vain, long after the message was sent, while nothing had broken. */
function watchWait(view: View, watching: Watching, stream: Stream, wait: CallSeen): void {
  const { session, to, from, sent, received, completed } = stream
  const { body } = wait.call
  const { answer } = wait
  if (body.operation !== 'VipRecvWait' || wait.node !== to.node || body.vi !== to.vi || !answer) return
  const silence = view.permutation.configuration['via.connection-timeout'] ?? Infinity
  const isLong = viaTimeoutDuration(body.timeout) >= 2 * silence
  if (!isLong || answer.record > session.until || isBroken(view, stream, answer.record)) return
  // Of a send that failed its own end knows; the other one may have missed every notice.
  const hasFailed = (send: PostingSeen): boolean => completed.some(({ name, isGood }) => name === send.name && !isGood)
  const before = sent.filter((send) => returned(send.call) < wait.record && !hasFailed(send)).length
  const had = received.filter(({ record }) => record < answer.record).length
  const requirement = session.level === delivery ? 'VIA-REL-007' : 'VIA-REL-012'
  if (before > 0) watching.watched(from.node, requirement)
  if (before <= had || answer.content.vip?.code !== 'VIP_TIMEOUT' || isTampered(view, stream)) return
  const seen = `${hostName(view, to.node)}'s ${to.vi} waited in vain until ${timeWords(answer.time)}: ${counted(before, 'message')} had been sent, ${had} received, and the connection had not broken`
  watching.broken({ node: from.node, seen, at: answer.time, requirements: [requirement] })
}

/** Whether either end knows of an error: by an event, or by a descriptor that came back with one. */
function isBroken(view: View, { from, to, taken, completed }: Stream, record: number): boolean {
  const isEnd = (node: number, vi: string | undefined): boolean =>
    [from, to].some((end) => end.node === node && (vi === undefined || end.vi === vi))
  return (
    view.history.viaEvents.filter(isError).some(({ node, event }) => isEnd(node, event.vi)) ||
    [...taken, ...completed].some((one) => !one.isGood && one.record < record)
  )
}

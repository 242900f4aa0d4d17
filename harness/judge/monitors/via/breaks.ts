// Invariants of what a broken connection leaves behind: flushed descriptors with a cause, all of them, and nothing good after.
import { viaReliabilityLevels, viaStatusBits } from '../../../../spec/vocabulary/via-constants.ts'
import type { ViaQueue } from '../../../../spec/vocabulary/via-returns.ts'
import { accountAt, areQueued } from '../../via/account.ts'
import { livesOf, type ViLife } from '../../via/lives.ts'
import { succeeded } from '../../via/sessions.ts'
import { storyOf, type PostingSeen, type TakenSeen } from '../../via/story.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import { returned, type CallSeen } from '../../seen/history.ts'
import type { Monitor, Watching } from '../monitor.ts'

const queues = ['send', 'recv'] as const
const { unreliable } = viaReliabilityLevels

export const staysPosted: Monitor = {
  name: 'stays-posted',
  words: 'receives of a VI that was never connected stay posted until it is disconnected',
  requirements: ['VIA-POST-001', 'VIA-CON-024'],
  needsWire: false,
  watch(view, watching) {
    for (const life of livesOf(view).vis) {
      for (const take of life.recv.takes) {
        const flushed = statusOf(take)
        if (flushed === undefined && !stays(view, life, take)) continue
        const end = returned(take)
        if (life.disconnects.some(({ record }) => record < end) || mayConnect(life, end)) continue
        const wasTried = life.connects.some(({ record }) => record < end)
        const requirement = wasTried ? 'VIA-CON-024' : 'VIA-POST-001'
        watching.watched(life.node, requirement)
        if (((flushed ?? 0) & viaStatusBits['descriptor-flushed']) === 0) continue
        const seen = `a receive of ${hostName(view, life.node)}'s ${life.name} came back flushed at ${timeWords(take.answer?.time ?? 0)}, though it had neither been connected nor disconnected`
        watching.broken({ node: life.node, seen, at: take.time, requirements: [requirement] })
      }
    }
  },
}

/** Whether a call found nothing complete where a receive was posted. */
function stays(view: View, life: ViLife, take: CallSeen): boolean {
  const code = take.answer?.content.vip?.code
  if (code !== 'VIP_NOT_DONE' && code !== 'VIP_TIMEOUT') return false
  return (accountAt(view, life, life.recv, take)?.least ?? 0) > 0 && areQueued(view, life, life.recv, take)
}

/** The Status of the descriptor that a call handed out. */
function statusOf({ answer }: CallSeen): number | undefined {
  const descriptor = answer?.content.vip?.descriptor
  return typeof descriptor === 'object' ? descriptor?.status : undefined
}

/** Whether a VI may have been connected by a record: a call that connects was open, or had succeeded; peer requests always may. */
function mayConnect({ connects }: ViLife, record: number): boolean {
  for (const connect of connects) {
    if (connect.record > record) break
    const isPeer = connect.call.body.operation === 'VipConnectPeerRequest'
    if (isPeer || succeeded(connect) || returned(connect) > record) return true
  }
  return false
}

export const goodIfConnected: Monitor = {
  name: 'good-if-connected',
  words: 'no descriptor completes well on a VI that was never connected',
  requirements: ['VIA-POST-003', 'VIA-REL-001'],
  needsWire: false,
  watch(view, watching) {
    for (const life of livesOf(view).vis) {
      for (const queue of queues) {
        for (const take of life[queue].takes) {
          const code = take.answer?.content.vip?.code
          if (code === undefined || mayConnect(life, returned(take))) continue
          const requirement = queue === 'send' ? 'VIA-POST-003' : 'VIA-REL-001'
          watching.watched(life.node, requirement)
          if (code !== 'VIP_SUCCESS') continue
          const seen = `a descriptor of the ${queue} queue of ${hostName(view, life.node)}'s ${life.name}, which had not been connected, completed well at ${timeWords(take.answer?.time ?? 0)}`
          watching.broken({ node: life.node, seen, at: take.time, requirements: [requirement] })
          break
        }
      }
    }
  },
}

export const nothingGoodAfter: Monitor = {
  name: 'nothing-good-after',
  words:
    'behind a descriptor that was flushed, or on a reliable VI failed, none completes well until it connects again',
  requirements: ['VIA-FLUSH-003', 'VIA-REL-015'],
  needsWire: false,
  watch(view, watching) {
    for (const life of livesOf(view).vis) {
      for (const queue of queues) {
        const story = storyOf(view, life.node, life.name, queue)
        if (!story?.isOrdered || story.taken.length === 0) continue
        watchAfter(view, watching, { life, queue }, story)
      }
    }
  },
}

interface QueueOf {
  readonly life: ViLife
  readonly queue: ViaQueue
}

function watchAfter(
  view: View,
  watching: Watching,
  { life, queue }: QueueOf,
  { posted, taken }: { posted: readonly PostingSeen[]; taken: readonly TakenSeen[] },
): void {
  let bad: TakenSeen | undefined
  for (const [place, one] of taken.entries()) {
    const posting = posted[place]
    // What was dropped, or comes back in another order, is for other monitors.
    if (posting?.name !== one.name) return
    const isFlush = bad !== undefined && isFlushed(bad)
    const requirement = isFlush ? 'VIA-FLUSH-003' : 'VIA-REL-015'
    if (bad) watching.watched(life.node, requirement)
    if (bad && one.isGood) {
      const seen = `${one.name} of the ${queue} queue of ${hostName(view, life.node)}'s ${life.name} completed well at ${timeWords(one.time)}, behind ${bad.name}, which ${isFlush ? 'was flushed' : 'had failed'}`
      watching.broken({ node: life.node, seen, at: one.time, requirements: [requirement] })
      return
    }
    const ends = !one.isGood && (isFlushed(one) || (isReliable(life) && !isUnusable(queue, one)))
    if (ends && isInLastConnection(view, { life, queue }, posting.call)) bad ??= one
  }
}

function isFlushed({ fields }: TakenSeen): boolean {
  return ((fields?.status ?? 0) & viaStatusBits['descriptor-flushed']) !== 0
}

/** A receive that is malformed may fail without any transfer. */
function isUnusable(queue: ViaQueue, { fields }: TakenSeen): boolean {
  return queue === 'recv' && ((fields?.status ?? 0) & viaStatusBits['format-error']) !== 0
}

function isReliable({ body, isChanged }: ViLife): boolean {
  return !isChanged && (body.attributes?.reliabilityLevel ?? unreliable) !== unreliable
}

/** Whether nothing can connect the VI any more after a posting; a send must also have been posted when it was connected. */
function isInLastConnection(view: View, { life, queue }: QueueOf, post: CallSeen): boolean {
  const last = life.connects.at(-1)
  if (!last) return true
  return (queue === 'recv' ? last.record : establishedAt(view, life, last)) < post.record
}

/** When a VI was surely connected by a call: a request for a peer has only begun when it returns. */
function establishedAt(view: View, { node, name }: ViLife, connect: CallSeen): number {
  if (connect.call.body.operation !== 'VipConnectPeerRequest') return returned(connect)
  const told = view.history.calls.find((call) => {
    const { body } = call.call
    if (body.operation !== 'VipConnectPeerDone' && body.operation !== 'VipConnectPeerWait') return false
    return call.node === node && body.vi === name && call.record > connect.record && succeeded(call)
  })
  return told ? returned(told) : Infinity
}

export const disconnectCompletes: Monitor = {
  name: 'disconnect-completes',
  words: 'when VipDisconnect has returned, no descriptor of the VI is outstanding',
  requirements: ['VIA-FLUSH-001'],
  needsWire: false,
  watch(view, watching) {
    for (const life of livesOf(view).vis) {
      for (const disconnect of life.disconnects) {
        if (!succeeded(disconnect)) continue
        for (const queue of queues) watchOutstanding(view, watching, { life, queue }, disconnect)
      }
    }
  },
}

/** A descriptor that was not done, though nothing was posted since. */
function watchOutstanding(view: View, watching: Watching, { life, queue }: QueueOf, disconnect: CallSeen): void {
  const { posts, takes } = life[queue]
  const since = returned(disconnect)
  for (const take of takes) {
    if (take.record < since) continue
    const code = take.answer?.content.vip?.code
    if (code === undefined || posts.some((post) => returned(post) > disconnect.record && post.record < returned(take)))
      return
    watching.watched(life.node)
    if (code !== 'VIP_NOT_DONE' || !areQueued(view, life, life[queue], take)) continue
    const seen = `a descriptor of the ${queue} queue of ${hostName(view, life.node)}'s ${life.name} was outstanding at ${timeWords(take.time)}, though VipDisconnect had returned and nothing been posted since`
    watching.broken({ node: life.node, seen, at: take.time })
    return
  }
}

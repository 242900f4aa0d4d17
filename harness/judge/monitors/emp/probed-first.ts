// The invariant of a probe and of the receive that follows it: what one finds the other takes, also among several senders (R24).
import type { Inbound, Incoming } from '../../emp/inbound.ts'
import { isCompatible } from '../../emp/inbound.ts'
import { isAccepted } from '../../emp/lanes.ts'
import { returned, type PostedSeen } from '../../seen/history.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor } from '../monitor.ts'
import { foundWords, isFound, probesOf, type Probe } from './probing.ts'

export const probedIsTaken: Monitor = {
  name: 'probed-is-taken',
  words:
    'a receive that is posted right after a probe, and for the same node and tag or any, takes what that has found',
  requirements: ['EMP-MATCH-017'],
  needsWire: true,
  needsExactTime: true,
  watch(view, watching) {
    // What a NIC sees when is up to the order of its activities, where these are run one by one.
    if (view.history.isStepped) return
    for (const probe of probesOf(view)) {
      const { node, answer, found } = probe
      const inbound = found && found.peer !== node ? view.emp.inboundOf(node) : undefined
      const receive = inbound && sameWantedAfter(inbound, probe)
      const taken = receive && inbound?.takenBy(receive)
      if (!found || !inbound || !taken || !isUndisturbed(view, inbound, probe, receive)) continue
      // Of one message alone there is nothing to choose.
      if (inbound.messages.some((each) => !isFound(each, found) && mayWait(each, probe))) watching.watched(node)
      if (taken.some((each) => isFound(each, found))) continue
      const [other] = taken
      const told = receive.completions[0]
      const words = other ? foundWords(view, { peer: other.from, ...other }) : 'another'
      const seen = `${hostName(view, node)}'s probe at ${timeWords(answer.time)} found ${foundWords(view, found)}; the receive ${receive.request}, posted for the same before anything else came, was told at ${timeWords(told?.time ?? answer.time)} to have taken ${words}`
      watching.broken({ node, seen, at: told?.time ?? answer.time })
    }
  },
}

/** The first receive after a probe, if it was accepted and wants the same as that. */
function sameWantedAfter({ receives }: Inbound, { answer, asked }: Probe): PostedSeen | undefined {
  const next = receives.find(({ call }) => call.record > answer.record)
  return next && isAccepted(next) && next.peer === asked.peer && next.tag === asked.tag ? next : undefined
}

/**
 * Whether nothing can have changed what waits first between a probe and the receive after it: no frame came, nor shortly
 * before or after, since nobody is quick; no other receive was open, nor was one posted or withdrawn meanwhile; and the host
 * sends itself nothing that they could mean.
 */
function isUndisturbed(view: View, { messages, receives }: Inbound, probe: Probe, receive: PostedSeen): boolean {
  const { node, call, asked } = probe
  const { emp, history } = view
  const until = receive.call.answer
  if (!until) return false
  if (messages.some((each) => each.from === node && isCompatible(asked, each))) return false
  const mayTake = receives.some(
    (other) => other !== receive && other.call.record < until.record && toldOf(other) > call.record,
  )
  if (mayTake) return false
  const isOtherPosted = history.calls.some(
    (other) =>
      other.node === node &&
      other.call.body.operation !== 'emp.probe' &&
      other.call.id !== receive.call.call.id &&
      other.record < until.record &&
      returned(other) > call.record,
  )
  if (isOtherPosted) return false
  const [since, till] = [call.time - emp.latency, until.time + emp.latency]
  return !history.arrivals.some(({ node: at, time }) => at === node && time >= since && time <= till)
}

/** By which record a receive was told to be done. */
function toldOf({ completions }: PostedSeen): number {
  return completions[0]?.record ?? Infinity
}

/** Whether a message may have been found as well: its header had come, and nothing shows that it was taken before. */
function mayWait(message: Incoming, { asked, call }: Probe): boolean {
  return isCompatible(asked, message) && message.released < call.record && message.answered > call.record
}

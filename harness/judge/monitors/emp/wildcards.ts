// The invariant of receives for any node or any tag: they keep their place, and so do the messages that they could take (R18).
import { counted } from '../../../../spec/vocabulary/units.ts'
import { empAny } from '../../../../spec/vocabulary/emp.ts'
import { isCompatible, type Inbound, type Incoming } from '../../emp/inbound.ts'
import { isAccepted, isBefore } from '../../emp/lanes.ts'
import type { PostedSeen } from '../../seen/history.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Breach, Monitor } from '../monitor.ts'
import { isToBeWithdrawn } from './cancelling.ts'
import { hasSentFoul } from './foul.ts'

/** Where receives name any, what takes what depends on when messages came; what is told of them still rules much out. */
export const keepsPlace: Monitor = {
  name: 'keeps-place',
  words:
    'a message takes the oldest receive that is compatible, and a receive the earliest message of a sender, also where any node or tag is named',
  requirements: ['EMP-MATCH-018', 'EMP-MATCH-001', 'EMP-MATCH-003'],
  needsWire: true,
  watch(view, watching) {
    const { emp, permutation } = view
    for (let node = 0; node < permutation.hosts.length; node++) {
      const inbound = emp.isWild(node) ? emp.inboundOf(node) : undefined
      if (!inbound) continue
      for (const receive of inbound.receives) {
        const taken = inbound.takenBy(receive)
        if (!taken) continue
        for (const requirement of isWild(receive) ? ofAny : ofOne) watching.watched(node, requirement)
        const breach = leftBehind(view, inbound, receive, taken) ?? passedOver(view, inbound, receive, taken)
        if (breach) watching.broken(breach)
      }
    }
  },
}

const ofAny = ['EMP-MATCH-018'] as const
const ofOne = ['EMP-MATCH-001', 'EMP-MATCH-003'] as const

/** An earlier message of the same sender that the receive had to take, since no older receive can have taken it. */
function leftBehind(view: View, inbound: Inbound, receive: PostedSeen, taken: readonly Incoming[]): Breach | undefined {
  const { node, request, completions } = receive
  const place = taken.reduce((least, each) => Math.min(least, each.place), Infinity)
  const sender = taken[0]?.from ?? node
  for (const message of inbound.messages) {
    if (message.from !== sender || message.place >= place || !isCompatible(receive, message)) continue
    const mayBeGone = inbound.receives.some(
      (other) => other !== receive && !isBefore(receive, other) && inbound.mayHold(other, message),
    )
    if (mayBeGone || hasSentFoul(view, sender)) continue
    const at = completions[0]?.time ?? 0
    const seen = `${hostName(view, node)}'s receive ${request} was told at ${timeWords(at)} to have taken ${messageWords(view, taken[0] ?? message)}; no older receive can have taken the earlier ${messageWords(view, message)}`
    return { node, seen, at, requirements: [isWild(receive) ? 'EMP-MATCH-018' : 'EMP-MATCH-003'] }
  }
  return undefined
}

/** An older receive that the message had to take, since nothing else can have taken that before. */
function passedOver(
  view: View,
  inbound: Inbound,
  receive: PostedSeen,
  [message]: readonly Incoming[],
): Breach | undefined {
  if (!message || inbound.takerOf(message) !== receive) return undefined
  const { node, request, completions } = receive
  const told = completions[0]
  const until = Math.min(told?.record ?? Infinity, message.answered)
  for (const older of inbound.receives) {
    if (!isBefore(older, receive) || !isAccepted(older) || !isCompatible(older, message)) continue
    if (mayHaveBeenTaken(inbound, older, { message, until }) || isToBeWithdrawn(view, older)) continue
    if (hasSentFoul(view, message.from)) continue
    const seen = `${messageWords(view, message)} went to ${hostName(view, node)}'s receive ${request}, as was told at ${timeWords(told?.time ?? 0)}; the older ${older.request} is compatible with it, and nothing else can have taken that before`
    const isOfAny = isWild(receive) || isWild(older)
    // A receive that takes nothing at all may be one that any is not read in.
    const blind = inbound.takenBy(older) ? [] : anyRequirements(older)
    const requirements = isOfAny ? ['EMP-MATCH-018', ...blind] : ['EMP-MATCH-001']
    return { node, seen, at: told?.time ?? 0, requirements }
  }
  return undefined
}

/** Whether another message may have had a receive before one was taken by another receive: messages of one sender in their order. */
function mayHaveBeenTaken(
  inbound: Inbound,
  receive: PostedSeen,
  { message, until }: { message: Incoming; until: number },
): boolean {
  return inbound.messages.some(
    (other) =>
      other !== message &&
      other.released < until &&
      (other.from !== message.from || other.place < message.place) &&
      inbound.mayHold(receive, other),
  )
}

/** The requirements about receives for any peer, and about those for any tag, as far as it is one. */
export function anyRequirements({ peer, tag }: Pick<PostedSeen, 'peer' | 'tag'>): readonly string[] {
  return [...(peer === empAny ? ['EMP-MATCH-014'] : []), ...(tag === empAny ? ['EMP-MATCH-015'] : [])]
}

function isWild({ peer, tag }: PostedSeen): boolean {
  return peer === empAny || tag === empAny
}

function messageWords(view: View, { from, place, tag, bytes }: Incoming): string {
  return `message ${place + 1} of ${hostName(view, from)}, ${counted(bytes, 'octet')} with tag ${tag}`
}

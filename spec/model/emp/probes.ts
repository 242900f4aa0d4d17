// Probe: which message it may find (R18, R24).
import type { Return } from '../../vocabulary/calls.ts'
import { empAny, type EmpCall, type EmpMessage } from '../../vocabulary/emp.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import type { Lane } from './matching.ts'
import { matches, type Host, type Request } from './request.ts'
import type { World } from './world.ts'

type ProbeCall = Extract<EmpCall, { readonly operation: 'emp.probe' }>

/** A probe that has not been answered. */
export interface OpenProbe {
  readonly from: number
  readonly tag: number
  /** An argument cannot be. */
  readonly isInvalid: boolean
  /** Wants any peer or any tag. */
  readonly isWild: boolean
  /** Receives of its host that were being posted when it was asked, and the serial number of those that came later. */
  readonly meets: readonly Request[]
  readonly later: number
}

export function probe(world: World, host: Host, { from, tag }: ProbeCall): OpenProbe {
  const isPeer = from === empAny || (from >= 0 && from < world.hosts.length)
  const isTag = tag >= 0 && tag <= empAny
  const meets = host.openPostings > 0 ? host.holding.filter(({ stage }) => stage === 'asked') : []
  const isWild = from === empAny || tag === empAny
  return { from, tag, isInvalid: !isPeer || !isTag, isWild, meets, later: world.postings }
}

/**
 * Judges the answer. That nothing was found is always allowed: whether a header has come is about frames. What is found is a
 * message that was posted and that no receive has taken, and of its sender the oldest such one that matches.
 */
export function judgeProbe(world: World, host: Host, open: OpenProbe, { status, message }: Return): Judged {
  const wrong = (right: string, requirements: readonly string[] = ['EMP-MATCH-017']): Judged =>
    forbidden(requirements, `${host.name}'s probe answered ${wordsOf(status, message)}; ${right}`)
  if (status === 'pending') return open.isInvalid ? wrong('one of its arguments cannot be') : undefined
  if (status === 'invalid') return open.isInvalid ? undefined : wrong('all of its arguments can be')
  if (status === 'unsupported') {
    const isOffered = world.setting.probe && (!open.isWild || world.setting.wildcards)
    return isOffered ? wrong('the option is declared') : undefined
  }
  if (status !== 'ok' || !message) return wrong('it finds a message, or none')
  const isAsked = matches(open.from, message.peer) && matches(open.tag, message.tag)
  if (!isAsked) return wrong('that is not what it was asked for')
  const first = waiting(world, host, open).filter(({ host: sender }) => sender.node === message.peer)
  const found = first.filter(({ tag, bytes }) => tag === message.tag && bytes === message.bytes)
  for (const each of found) each.wasFound = true
  if (found.length > 0) return undefined
  // What a probe has found must be found again.
  const again = first.some(({ wasFound }) => wasFound) ? ['EMP-MATCH-020'] : []
  return wrong('no such message waits first of its sender', ['EMP-MATCH-017', ...again])
}

/** The messages that may be found: of each sender the oldest that may wait; where the order is open, all that may. */
function waiting(world: World, host: Host, open: OpenProbe): readonly Request[] {
  const bySender = new Map<Host, { oldest: Request | undefined; loose: Request[] }>()
  for (const lane of world.matching.lanes.values()) {
    if (lane.receiver !== host || !matches(open.from, lane.sender.node) || !matches(open.tag, tagOf(lane))) continue
    const known = bySender.get(lane.sender) ?? { oldest: undefined, loose: [] }
    bySender.set(lane.sender, known)
    // Receives that are posted at the same time may be there or not.
    const posted = lane.receives.filter((each) => each.serial < open.later && !open.meets.includes(each)).length
    if (lane.isLoose || host.takesAny) known.loose.push(...lane.messages.filter(mayWait))
    else if (posted < lane.receives.length) known.loose.push(...lane.messages.slice(posted, lane.receives.length + 1))
    else {
      const next = lane.messages[posted]
      if (next?.isCrossed === true) known.loose.push(next)
      else if (next && (!known.oldest || next.serial < known.oldest.serial)) known.oldest = next
    }
  }
  return [...bySender.values()].flatMap(({ oldest, loose }) => (oldest ? [oldest, ...loose] : loose))
}

/** Whether it may wait for a receive still. That its sender has given up the receiver does not know (R23). */
function mayWait({ completion }: Request): boolean {
  return completion === undefined || completion.outcome === 'failed'
}

function tagOf({ messages }: Lane): number {
  return messages[0]?.tag ?? empAny
}

function wordsOf(status: string, message: EmpMessage | undefined): string {
  return message ? `${message.bytes} octets of node ${message.peer} with tag ${message.tag}` : status
}

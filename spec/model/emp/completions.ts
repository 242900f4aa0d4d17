// When a request may be said to be done, and with what (R6, R7, R10, R11, R19, R23).
import { empAny, type EmpCompletion } from '../../vocabulary/emp.ts'
import { counted } from '../../vocabulary/units.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import { scatter } from '../memory.ts'
import type { Request } from './request.ts'
import type { World } from './world.ts'

/** How a completion became known. */
export type Source = 'test' | 'testall' | 'wait' | 'waitall' | 'waitany' | 'event'

/** Judges a completion of a request, and remembers the first. */
export function judgeCompletion(world: World, request: Request, seen: EmpCompletion, source: Source): Judged {
  const wrong = (requirements: readonly string[], right: string): Judged =>
    forbidden(requirements, `${request.host.name}'s ${source} of ${request.name} answered ${wordsOf(seen)}; ${right}`)
  if (request.stage === 'refused') return wrong(['EMP-DESC-003', 'EMP-HOST-002'], 'its posting was refused')
  const before = request.completion
  if (before) {
    if (isEqual(before, seen)) return undefined
    return wrong(requirementsOfAnother(before, seen), `it was reported as ${wordsOf(before)} before`)
  }
  if (seen.outcome === 'failed') {
    if (request.kind === 'receive' || !world.setting.retryLimit) {
      return wrong(['EMP-REL-001', 'EMP-REL-022'], 'only a send can fail, and only where a retry limit is configured')
    }
    request.host.givenUp.add(request.peer)
    world.matching.unpromise(request.host, request.peer)
  } else if (seen.outcome === 'cancelled') {
    const judged = judgeCancelled(world, request, wrong)
    if (judged) return judged
  } else {
    const judged =
      request.kind === 'send' ? judgeSent(world, request, wrong) : judgeReceived(world, request, seen, wrong)
    if (judged) return judged
    const expected = request.kind === 'send' ? request : world.matching.counterpart(request)
    const mismatch = expected && judgeMembers(request, expected, seen, wrong)
    if (mismatch) return mismatch
    if (expected && !world.matching.isOpen(request)) affirm(world, request, expected)
  }
  request.completion = seen
  world.changes++
  if (request.kind === 'receive' && seen.outcome !== 'cancelled') land(world, request)
  return undefined
}

/** By which requirement a request is not reported otherwise than before: no message takes a cancelled receive, and one that is done stays so. */
function requirementsOfAnother(before: EmpCompletion, seen: EmpCompletion): string[] {
  if (before.outcome === 'cancelled') return ['EMP-MATCH-016']
  return [seen.outcome === 'cancelled' ? 'EMP-MATCH-019' : 'EMP-HOST-002']
}

/** A receive is withdrawn only when that was asked, and takes no message then (R24). */
function judgeCancelled(world: World, request: Request, wrong: Wrong): Judged {
  if (request.kind === 'send') return wrong(['EMP-MATCH-019'], 'a send cannot be cancelled')
  if (!request.cancelAsked) return wrong(['EMP-MATCH-016'], 'only its host can cancel it')
  if (request.partner) return wrong(['EMP-MATCH-019'], `${request.partner.name} has been told to be done by it`)
  world.matching.leave(request)
  return undefined
}

type Wrong = (requirements: readonly string[], right: string) => Judged

/** A send is acknowledged by frames that a receive took (E6, E16), never before there is one (R7). */
function judgeSent(world: World, send: Request, wrong: Wrong): Judged {
  const { matching } = world
  const hasReceive = matching.isOpen(send) ? matching.hasTaker(send) : matching.counterpart(send) !== undefined
  if (!hasReceive) {
    // One that was cancelled may have taken it, before or after.
    const cancelled = matching.hasCancelled(send) ? ['EMP-MATCH-016', 'EMP-MATCH-019'] : []
    return wrong([...cancelled, 'EMP-MATCH-005', 'EMP-REL-009'], `no receive takes ${world.wordsOf(send)}`)
  }
  if (send.hopeless) {
    return wrong(['EMP-REL-022'], `${world.nameOf(send.peer)} had been given up when it was posted`)
  }
  return undefined
}

/** A receive takes its own message, which must have been posted (R6); where the order is open, one that fits. */
function judgeReceived(world: World, receive: Request, seen: EmpCompletion, wrong: Wrong): Judged {
  const { matching } = world
  if (!matching.isOpen(receive)) {
    const own = matching.counterpart(receive)
    if (own) return pair(receive, own)
    const isLater = receive.place > 0
    return isLater
      ? wrong(['EMP-REL-011', 'EMP-MATCH-001'], `earlier receives take all messages that were posted for it`)
      : wrong(['EMP-MATCH-002', 'EMP-REL-010'], `no message for ${world.wordsOf(receive)} was posted`)
  }
  const fits = (message: Request): boolean =>
    message.bytes === seen.bytes && message.host.node === seen.peer && message.tag === seen.tag
  const message = matching.find(receive, fits)
  if (!message) {
    // One that differs in its length alone was told wrongly.
    const isOfPeer =
      matching.find(receive, ({ host, tag }) => host.node === seen.peer && tag === seen.tag) !== undefined
    const ofLength = isOfPeer ? [seen.bytes > receive.bytes ? 'EMP-MATCH-009' : 'EMP-MATCH-010'] : []
    return wrong([...requirementsOfNone(receive, seen), ...ofLength], 'no such message that it could take was posted')
  }
  // With two that fit, which of them it took stays open, and so does what it holds.
  if (matching.count(receive, fits) > 1) receive.steady = false
  return pair(receive, message)
}

/** By which requirement a receive cannot have taken such a message where the order is open. */
function requirementsOfNone({ cancelAsked, peer, tag }: Request, seen: EmpCompletion): string[] {
  if (seen.peer === empAny && peer === empAny) return ['EMP-MATCH-014']
  if (seen.tag === empAny && tag === empAny) return ['EMP-MATCH-015']
  return [...(cancelAsked && seen.bytes === 0 ? ['EMP-MATCH-016'] : []), 'EMP-MATCH-001', 'EMP-MATCH-002']
}

function pair(receive: Request, message: Request): undefined {
  message.partner = receive
  receive.partner = message
}

/** Outcome, length, peer and tag are those of the message (R10). */
function judgeMembers(request: Request, message: Request, seen: EmpCompletion, wrong: Wrong): Judged {
  const { kind, bytes: room } = request
  const outcome = kind === 'receive' && message.bytes > room ? 'truncated' : 'done'
  const peer = kind === 'send' ? message.peer : message.host.node
  if (seen.outcome === outcome && seen.bytes === message.bytes && seen.peer === peer && seen.tag === message.tag)
    return undefined
  const what = kind === 'send' ? 'it' : `the message that it takes, ${message.name} of ${message.host.name},`
  const limit = kind === 'receive' ? ` and the receive room for ${room}` : ''
  const right = `${what} has ${counted(message.bytes, 'octet')}, tag ${message.tag} and node ${peer} at the other end${limit}`
  if (seen.peer !== peer || seen.tag !== message.tag) return wrong(['EMP-MATCH-002'], right)
  return wrong(requirementsOfLength(request, message, seen), right)
}

/** What is told is that of the one message that it can have been. */
function affirm({ affirmed }: World, { kind, bytes: room }: Request, { bytes }: Request): void {
  affirmed.right('EMP-MATCH-002')
  if (kind === 'send') return
  if (bytes > room) affirmed.right('EMP-MATCH-009')
  else affirmed.right(bytes === 0 ? 'EMP-MATCH-011' : 'EMP-MATCH-010')
}

function requirementsOfLength({ kind, bytes: room, lane }: Request, message: Request, seen: EmpCompletion): string[] {
  if (kind === 'send') return ['EMP-MATCH-009', 'EMP-REL-009']
  const isOfAnother = lane?.messages.some(({ bytes }) => bytes === seen.bytes) && seen.bytes !== message.bytes
  if (isOfAnother) return ['EMP-MATCH-003', 'EMP-MATCH-001']
  if (message.bytes > room) return ['EMP-MATCH-009']
  return message.bytes === 0 ? ['EMP-MATCH-011'] : ['EMP-MATCH-010']
}

/** From the first report on the message stands in the receive's pieces (R25); what is left of a long one is open (R10). */
function land(world: World, receive: Request): void {
  const message = world.matching.counterpart(receive)
  if (!message) return
  const isKnown = receive.steady && message.bytes <= receive.bytes && !receive.unpromised && !message.unpromised
  if (message.bytes > receive.bytes) scatter(receive.pieces, receive.bytes, undefined)
  else scatter(receive.pieces, message.bytes, isKnown ? message : undefined)
}

function isEqual(one: EmpCompletion, other: EmpCompletion): boolean {
  return one.outcome === other.outcome && one.bytes === other.bytes && one.peer === other.peer && one.tag === other.tag
}

function wordsOf({ outcome, bytes, peer, tag }: EmpCompletion): string {
  const from = peer === empAny ? 'any node' : `node ${peer}`
  return `${outcome}, ${counted(bytes, 'octet')}, ${from}, tag ${tag}`
}

// Posting a send or a receive: what may be refused, and with which status (R13 to R16, R18, E48).
import { empAny, type EmpCall } from '../../vocabulary/emp.ts'
import type { Return } from '../../vocabulary/calls.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import { overlap, overlapEachOther, pieceAt, type Piece } from '../memory.ts'
import { mayBeRefused, mayFit, needOf, piecesMax, slotsOf } from './pool.ts'
import { isTransferred } from './matching.ts'
import { Request, type Host } from './request.ts'
import type { World } from './world.ts'

export type PostingCall = Extract<EmpCall, { readonly operation: 'emp.isend' | 'emp.irecv' }>

/** A posting that has not been answered. */
export interface OpenPosting {
  readonly request: Request
  /** The request that had the name before. */
  readonly before: Request | undefined
  /** An argument cannot be. */
  readonly isInvalid: boolean
  /** Wanted a wildcard. */
  readonly isWild: boolean
  /** Pages that it touches are not locked; or it touches none, in a buffer that is not. */
  readonly isUnlocked: boolean
  readonly mayBeUnlocked: boolean
}

/** A host asks for a send or a receive: from here on it may be done, though whether it is accepted comes later. */
export function post(world: World, host: Host, call: PostingCall): OpenPosting {
  const isSend = call.operation === 'emp.isend'
  const peer = isSend ? call.to : call.from
  const pieces: Piece[] = []
  for (const range of call.pieces) {
    const piece = pieceAt(host.buffers, range)
    if (piece) pieces.push(piece)
  }
  const isWild = !isSend && (peer === empAny || call.tag === empAny)
  const isInvalid = pieces.length < call.pieces.length || !isPeer(world, peer, isSend) || !isTag(call.tag, isSend)
  const posting = {
    kind: isSend ? 'send' : 'receive',
    host,
    name: call.as,
    peer,
    tag: call.tag,
    pieces,
    bytes: pieces.reduce((sum, { bytes }) => sum + bytes, 0),
    need: needOf(pieces, host.page),
  } as const
  const request = new Request(posting, world.postings++)
  const before = host.requests.get(call.as)
  if (host.openPostings++ > 0) cross(host, request)
  if (!isInvalid) take(world, request)
  return {
    request,
    before,
    isInvalid,
    isWild,
    isUnlocked: pieces.some(({ buffer, bytes }) => !buffer.locked && bytes > 0),
    mayBeUnlocked: pieces.some(({ buffer }) => !buffer.locked),
  }
}

function cross({ holding }: Host, request: Request): void {
  request.isCrossed = true
  for (const other of holding) if (other.stage === 'asked') other.isCrossed = true
}

/** Judges the answer to a posting, and takes a refused one out again: a refusal has no effect. */
export function judgePosted(world: World, open: OpenPosting, { status }: Return): Judged {
  const { request, before, isInvalid } = open
  const { host, name } = request
  const judged = judgeStatus(world, open, status)
  host.openPostings--
  if (status === 'ok') {
    request.stage = 'accepted'
  } else {
    request.stage = 'refused'
    host.release(request)
    if (host.requests.get(name) === request) {
      if (before) host.requests.set(name, before)
      else host.requests.delete(name)
    }
    const counterpart = isInvalid ? undefined : world.matching.counterpart(request)
    world.matching.leave(request)
    if (!judged && (request.told || isTransferred(counterpart))) {
      return forbidden(['EMP-DESC-003'], `${host.name}'s posting of ${name} was refused, and yet transferred a message`)
    }
  }
  if (host.openPostings === 0) host.slotsCameBack = false
  return judged
}

function judgeStatus(world: World, open: OpenPosting, status: Return['status']): Judged {
  const { request } = open
  const { host, need } = request
  const { affirmed } = world
  const wrong = (requirements: readonly string[], right: string): Judged =>
    forbidden(requirements, `${host.name}'s posting of ${request.name} answered ${status}; ${right}`)
  const slots = `it needs ${need.slotsMost} of ${host.descriptors} slots, and ${host.holding.length - 1} other requests hold some`
  const max = piecesMax(host.page)
  switch (status) {
    case 'ok':
      if (open.isInvalid) return wrong([], 'one of its arguments cannot be')
      if (open.isUnlocked) return wrong(['EMP-MEM-001'], 'not all of its pages are locked')
      if (need.piecesLeast > max) return wrong(['EMP-DESC-011'], `it has ${need.piecesLeast} pieces, of ${max} at most`)
      if (!mayFit(request)) return wrong(['EMP-DESC-002', 'EMP-DESC-003', 'EMP-DESC-004'], slots)
      return undefined
    case 'invalid':
      return open.isInvalid || isTaken(open) ? undefined : wrong(formatOf(request), 'all of its arguments can be')
    case 'not-locked':
      if (open.isUnlocked && !open.isInvalid) affirmed.right('EMP-MEM-001')
      return open.mayBeUnlocked ? undefined : wrong(['EMP-MEM-001'], 'all of its pages are locked')
    case 'too-many-pieces':
      if (need.piecesLeast > max && !open.isInvalid) affirmed.right('EMP-DESC-011')
      if (need.piecesMost > max) return undefined
      return wrong(formatOf(request), `it has ${need.piecesMost} pieces, and may have ${max}`)
    case 'no-descriptor':
      if (!open.isInvalid && !mayFit(request)) affirmed.right('EMP-DESC-002')
      if (mayBeRefused(request)) {
        host.hasRefused = true
        if (need.slotsMost > 1) host.hasRefusedChain = true
        return undefined
      }
      return wrong(promisesOfSlots(request), `${slots}, so that as many free neighbours are left`)
    case 'unsupported':
      if (open.isWild && !world.setting.wildcards) return undefined
      return wrong(['EMP-HOST-001'], 'every implementation can post')
    case 'pending':
      return wrong(['EMP-HOST-001'], 'a posting is accepted or refused')
  }
}

/** By which requirements there must be slots: also that what was given back, or taken for a chain in vain, is free again. */
function promisesOfSlots(request: Request): string[] {
  const { hasReleased, hasRefused, hasRefusedChain } = request.host
  return [
    'EMP-DESC-002',
    ...formatOf(request),
    ...(hasReleased ? ['EMP-DESC-004'] : []),
    ...(hasReleased && hasRefused ? ['EMP-DESC-003'] : []),
    ...(hasRefusedChain ? ['EMP-DESC-012'] : []),
  ]
}

/** The requirement of the format that the posting has. */
function formatOf({ need }: Request): string[] {
  if (need.piecesMost <= 1) return ['EMP-DESC-005']
  return slotsOf(need.piecesMost) > 1 ? ['EMP-DESC-006'] : ['EMP-DESC-007']
}

/** The protocol does not say what becomes of a name that an outstanding request has. */
function isTaken({ before }: OpenPosting): boolean {
  return before !== undefined && before.stage !== 'seen' && before.stage !== 'refused'
}

function isPeer({ hosts }: World, peer: number, isSend: boolean): boolean {
  return (peer >= 0 && peer < hosts.length) || (!isSend && peer === empAny)
}

function isTag(tag: number, isSend: boolean): boolean {
  return tag >= 0 && (tag < empAny || (!isSend && tag === empAny))
}

function take(world: World, request: Request): void {
  const { host, peer, tag, kind } = request
  world.changes++
  host.requests.set(request.name, request)
  const other = world.hosts[peer]
  if (other && tag !== empAny) world.matching.enter(request, other)
  else host.takesAny = true
  request.hopeless = kind === 'send' && host.givenUp.has(peer)
  request.unpromised ||= request.hopeless
  // Ends with unequal collections are a misconfiguration (R21).
  if (request.lane && kind === 'send' && other?.collection !== host.collection) world.matching.misfit(request.lane)
  // Of octets that two requests, or two pieces of a receive, work on at once nothing is known.
  if (kind === 'receive' && overlapEachOther(request.pieces)) request.steady = false
  for (const outstanding of host.holding) {
    if ((kind === 'send' && outstanding.kind === 'send') || world.matching.isDelivered(outstanding)) continue
    if (!overlap(request.pieces, outstanding.pieces)) continue
    request.steady = false
    outstanding.steady = false
  }
  host.holding.push(request)
}

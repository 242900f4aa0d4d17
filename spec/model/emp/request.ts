// A send or a receive that a host has asked for, and the host that asked.
import { empAny, type EmpCompletion } from '../../vocabulary/emp.ts'
import type { NodeIndex } from '../../vocabulary/units.ts'
import type { Lane } from './matching.ts'
import type { Buffer, MessageOctets, Piece } from '../memory.ts'
import type { Need } from './pool.ts'

/** Whether what a receive or a probe names, a peer or a tag, is that of a message (R18). */
export function matches(named: number, own: number): boolean {
  return named === empAny || named === own
}

/** A host of the world, with what its program has made. */
export class Host {
  readonly node: NodeIndex
  readonly name: string
  /** Octets of a page, and slots of the descriptor pool. */
  readonly page: number
  readonly descriptors: number
  /** Addresses take time: a posting may be open while time passes (R28). */
  readonly translates: boolean
  readonly collectionAtFirst: number
  collection: number
  readonly buffers = new Map<string, Buffer>()
  /** By name, the latest of that name. */
  readonly requests = new Map<string, Request>()
  /** Those that may hold slots: asked for, not refused, not seen done. */
  readonly holding: Request[] = []
  /** Requests were seen done, and gave their slots back; and postings were refused for want of slots, chains among them. */
  hasReleased = false
  hasRefused = false
  hasRefusedChain = false
  /** Postings that have not been answered yet; whether slots came back meanwhile. */
  openPostings = 0
  slotsCameBack = false
  /** A receive took any peer or tag: which message it takes depends on what arrives first (R18). */
  takesAny = false
  /** Destinations that were given up (R23). */
  readonly givenUp = new Set<NodeIndex>()

  constructor(
    place: { node: NodeIndex; name: string },
    limits: { page: number; descriptors: number; collection: number; translates: boolean },
  ) {
    this.node = place.node
    this.name = place.name
    this.page = limits.page
    this.descriptors = limits.descriptors
    this.translates = limits.translates
    this.collectionAtFirst = limits.collection
    this.collection = limits.collection
  }

  reset(): void {
    this.collection = this.collectionAtFirst
    this.buffers.clear()
    this.requests.clear()
    this.holding.length = 0
    this.hasReleased = this.hasRefused = this.hasRefusedChain = false
    this.openPostings = 0
    this.slotsCameBack = false
    this.takesAny = false
    this.givenUp.clear()
  }

  /** The request holds no slot any more (R16, R17). */
  release(request: Request): void {
    const place = this.holding.indexOf(request)
    if (place >= 0) this.holding.splice(place, 1)
    if (this.openPostings > 0) this.slotsCameBack = true
  }
}

/** What was posted, before it is known whether it is accepted. */
export interface Posting {
  readonly kind: 'send' | 'receive'
  readonly host: Host
  readonly name: string
  readonly peer: NodeIndex
  readonly tag: number
  /** Empty if any of the ranges is none. */
  readonly pieces: readonly Piece[]
  /** Octets of the message, or room for one. */
  readonly bytes: number
  readonly need: Need
}

/** Asked for; accepted; refused; or seen done by its host, and with that gone (R17). */
export type Stage = 'asked' | 'accepted' | 'refused' | 'seen'

/** A posting and what has become of it. */
export class Request implements MessageOctets {
  readonly kind: 'send' | 'receive'
  readonly host: Host
  readonly name: string
  readonly peer: NodeIndex
  readonly tag: number
  readonly pieces: readonly Piece[]
  readonly bytes: number
  readonly need: Need
  /** Layers of each piece's buffer at posting. */
  readonly depths: readonly number[]
  /** Counted over the world, in the order of asking. */
  readonly serial: number
  steady = true
  stage: Stage = 'asked'
  /** Its place among the sends, or the receives, of its lane. */
  lane: Lane | undefined
  place = -1
  /** As first reported, by return or event. */
  completion: EmpCompletion | undefined
  /** An event has told of it. */
  told = false
  /** Its host has asked that it be withdrawn (R24). */
  cancelAsked = false
  /** Another posting of its host was open at the same time: which came first is open. */
  isCrossed = false
  /** A probe has found it, or one like it. */
  wasFound = false
  /** The requirement of a question about several that left it outstanding, and of the one that has seen it done. */
  passedOver: string | undefined
  seenBy: string | undefined
  /** Open calls that ask for it. */
  asking = 0
  /** The world has come to rest, so that it must be done. */
  due = false
  /** The first calm rest of the world that it saw, counted from 1; 0 before. And the last that is known to have left it over. */
  firstRest = 0
  leftOverUntil = 0
  /** Nothing is promised of it (R21, R23). */
  unpromised = false
  /** A send that was posted when its peer had been given up (R23). */
  hopeless = false
  /** The other side, where only the completion showed which it was. */
  partner: Request | undefined

  constructor(posting: Posting, serial: number) {
    this.kind = posting.kind
    this.host = posting.host
    this.name = posting.name
    this.peer = posting.peer
    this.tag = posting.tag
    this.pieces = posting.pieces
    this.bytes = posting.bytes
    this.need = posting.need
    this.depths = posting.kind === 'send' ? posting.pieces.map(({ buffer }) => buffer.layers.length) : []
    this.serial = serial
  }
}

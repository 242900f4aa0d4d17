// Connections, the requests that lead to them, and the messages that are under way on them.
import type { Instant } from '../../vocabulary/units.ts'
import type { ViaNetAddress, ViaRemoteAttributes } from '../../vocabulary/via-attributes.ts'
import type { Nic } from './host.ts'
import type { Revealing } from './spoiled.ts'
import { states, type Posting, type Vi } from './vi.ts'

/** A client's call of VipConnectRequest. */
export interface ConnectionRequest {
  readonly vi: Vi
  readonly local: ViaNetAddress | null
  readonly remote: ViaNetAddress | null
  /** A server that waits has been given it. */
  isHanded: boolean
  /** Another request of the same look may have been handed out for it. */
  isUnclear: boolean
  /** It has been answered; and not by VIP_SUCCESS. */
  isOver: boolean
  hasFailed: boolean
  /** A server has called to accept it; and why it should have been refused, if it was called so that it could not be. */
  isAccepted: boolean
  refusal: string | undefined
  /** When a server called to reject it; Infinity: never. */
  rejectedAt: Instant
  /** Its VI was disconnected meanwhile. */
  isCancelled: boolean
  /** Somebody was waiting at its address when it was made, or came to wait since. */
  mayMatch: boolean
}

/** What VipConnectWait handed out: a request that is to be accepted or rejected. */
export interface Invitation {
  readonly nic: Nic
  readonly request: ConnectionRequest
  readonly attributes: ViaRemoteAttributes
  /** It may be another request of the same look. */
  readonly isUnclear: boolean
  /** It has not been answered; or an answer has failed in a way that may have used it up. */
  isLive: boolean
  isDoubtful: boolean
}

/** What may break a connection: frames that suffer, an end that leaves, a message of either end, a receive that was spoiled, or something else. */
export const causes = { weather: 1, left: 2, fromClient: 4, fromServer: 8, spoiled: 16, other: 32 } as const

/** Two VIs that are, were or may be connected. */
export class Connection {
  readonly client: Vi
  readonly server: Vi
  /** Messages of client and server that no receive took yet. */
  readonly fromClient: Posting[] = []
  readonly fromServer: Posting[] = []
  /** It came of two requests for peers. */
  isOfPeers = false
  /** What may have broken it, as a set of causes. */
  troubles = 0
  /** Notices of its end may have been lost with their frames. */
  isExposed = false
  /** Ends of which a send has failed, or was flushed. */
  readonly failed = new Set<Vi>()
  /** By end, the first message behind which none arrives (REL-014), and the last one that did. */
  readonly stops = new Map<Vi, Posting>()
  readonly arrived = new Map<Vi, Posting>()
  /** Ends that must hear that the connection is lost, and since which message. */
  readonly owed = new Map<Vi, Posting>()
  /** Something has broken it for certain: a transfer failed at a reliable level. */
  isBroken = false
  /** There was RDMA that takes no receive. */
  hadPlain = false
  /** By end, how many of its writes that take no receive may still be told to have broken off at the other one. */
  readonly breakable = new Map<Vi, number>()
  /** Ends whose memory the peer has written or read without a receive, and such as were told that the transport failed. */
  readonly served = new Set<Vi>()
  readonly toldTransport = new Set<Vi>()
  /** The first message that is sure to come for a receive that was spoiled: then that is told (DESC-022, ERR-021). */
  revealing: Revealing | undefined = undefined
  /** Which messages receives have taken is not known. */
  isBlurred = false
  /** Ends at which a call has said that it stands. */
  readonly stands = new Set<Vi>()
  /** Ends that were disconnected by their programs, and when in the order of postings; those whose handler was told of the loss. */
  readonly left = new Map<Vi, number>()
  readonly told = new Set<Vi>()

  constructor(client: Vi, server: Vi) {
    this.client = client
    this.server = server
  }

  get hasTrouble(): boolean {
    return this.troubles !== 0
  }

  /** The cause that a message of this end is. */
  causeOf(vi: Vi): number {
    return vi === this.client ? causes.fromClient : causes.fromServer
  }

  peerOf(vi: Vi): Vi {
    return vi === this.client ? this.server : this.client
  }

  messagesFrom(vi: Vi): Posting[] {
    return vi === this.client ? this.fromClient : this.fromServer
  }

  messagesTo(vi: Vi): Posting[] {
    return vi === this.client ? this.fromServer : this.fromClient
  }

  /** An end is disconnected by its program: the other one goes into error. */
  leave(vi: Vi, serial: number): void {
    this.left.set(vi, serial)
    this.trouble(causes.left)
  }

  /** Frames may be lost: notices with them, and messages before they can find that there is no receive. */
  expose(): void {
    this.isExposed = true
    this.loseNotices(causes.weather)
  }

  /** What else than messages of one end may break it may keep these from finding that there is no receive. */
  private loseNotices(cause: number): void {
    // What breaks it for a cause that is known already changes nothing.
    if (cause === 0) return
    if (cause !== causes.fromClient) for (const message of this.fromClient) message.isUnserved = false
    if (cause !== causes.fromServer) for (const message of this.fromServer) message.isUnserved = false
  }

  /** A transfer has failed: at a reliable level that breaks it (REL-015). */
  break(cause: number = causes.other): void {
    this.isBroken = true
    this.trouble(cause)
  }

  /** A receive was spoiled: when it is found out is open, and so is what becomes of its VI then. */
  troubleBySpoiled(): void {
    this.trouble(causes.spoiled)
  }

  /** Something may break it: each end that has it may be in error, and nothing of it is certain to arrive. */
  trouble(cause: number = causes.other): void {
    if ((this.troubles & cause) !== 0) return
    this.troubles |= cause
    if (cause !== 0) this.loseNotices(cause)
    for (const vi of [this.client, this.server]) {
      if (vi.connection !== this || this.left.has(vi)) continue
      if (vi.may(states.connected)) vi.mayBreak()
    }
    for (const message of this.fromClient) message.isServed = false
    for (const message of this.fromServer) message.isServed = false
  }
}

/** Two VIs may be connected from now on: what frames may suffer already, and what is not known of either. */
export function watchBegin(connection: Connection, isCalm: boolean): void {
  const { client, server } = connection
  if (!isCalm) connection.expose()
  if (server.isReliable && !isCalm) connection.trouble(causes.weather)
  // What is found out about a receive only when a message comes may break it.
  const ghosts = [...client.recv.items, ...server.recv.items].filter(({ isGhost }) => isGhost)
  for (const { spoiled } of ghosts) {
    if (spoiled) connection.troubleBySpoiled()
    else connection.trouble()
  }
  if (client.isLoose || server.isLoose) client.isLoose = server.isLoose = true
}

export function sameAddress(one: ViaNetAddress | null, other: ViaNetAddress | null): boolean {
  if (!one || !other) return false
  return one.host === other.host && one.discriminator === other.discriminator
}

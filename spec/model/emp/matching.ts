// Which receive takes which message (R6, R18): lanes of one sender, one receiver and one tag, in the order of posting.
import { matches, type Host, type Request } from './request.ts'

/** All messages of one node to another with one tag, and all receives for them, each in the order of posting. */
export interface Lane {
  readonly sender: Host
  readonly receiver: Host
  readonly messages: Request[]
  readonly receives: Request[]
  /** Two postings of one side overlapped in time, or a misfit was in flight, so that their order is open. */
  isLoose: boolean
  /** A message was in flight while the sizes of collections were changed, or unequal: from then on nothing is promised (R21). */
  isMisfit: boolean
}

/** The lanes of one world. Without wildcards the n-th message of a lane goes to its n-th receive, whatever the timing. */
export class Matching {
  readonly lanes = new Map<number, Lane>()

  reset(): void {
    this.lanes.clear()
  }

  /** Takes a request that was asked for into its lane; a receive for any peer or tag has none. */
  enter(request: Request, peer: Host): void {
    const isSend = request.kind === 'send'
    const [sender, receiver] = isSend ? [request.host, peer] : [peer, request.host]
    const lane = this.laneOf(sender, receiver, request.tag)
    const own = isSend ? lane.messages : lane.receives
    if (own[own.length - 1]?.stage === 'asked') lane.isLoose = true
    request.lane = lane
    request.unpromised ||= lane.isMisfit
    request.place = own.push(request) - 1
  }

  /** Takes a request out that was refused. */
  leave(request: Request): void {
    const own = request.kind === 'send' ? request.lane?.messages : request.lane?.receives
    const place = own?.indexOf(request) ?? -1
    if (!own || place < 0) return
    own.splice(place, 1)
    for (let i = place; i < own.length; i++) {
      const later = own[i]
      if (later) later.place = i
    }
  }

  /** The other side of a transfer, if it has been asked for; undefined also where the order is open and nothing shows it. */
  counterpart(request: Request): Request | undefined {
    if (request.partner) return request.partner
    const { lane, place } = request
    if (!lane || isOpen(lane)) return undefined
    return request.kind === 'send' ? lane.receives[place] : lane.messages[place]
  }

  /** Whether a receive for any peer or tag, or calls that overlapped, leave open what takes what. */
  isOpen({ lane, host }: Request): boolean {
    return lane ? isOpen(lane) : host.takesAny
  }

  /** Whether the request is over: it was told of, or its octets are known to have arrived, since the other end was told so. */
  isDelivered(request: Request): boolean {
    return request.completion !== undefined || isTransferred(this.counterpart(request))
  }

  /** A host has given a peer up: nothing is promised of what was in flight to it (R23). */
  unpromise(host: Host, peer: number): void {
    for (const { sender, receiver, messages } of this.lanes.values()) {
      if (sender !== host || receiver.node !== peer) continue
      for (const message of messages) if (!this.isDelivered(message)) message.unpromised = true
    }
  }

  /** A host has changed the size of its collections: what was in flight from or to it is none of that size (R21). */
  resize(host: Host): void {
    for (const lane of this.lanes.values()) {
      if (lane.sender !== host && lane.receiver !== host) continue
      if (lane.messages.some((message) => !this.isDelivered(message))) this.misfit(lane)
    }
  }

  /** A message may be taken for done that was not delivered, and the next one take its place. */
  misfit(lane: Lane): void {
    for (const request of [...lane.messages, ...lane.receives])
      if (!this.isDelivered(request)) request.unpromised = true
    lane.isMisfit = lane.isLoose = true
  }

  /** Whether some receive can take the message at all; asked only where the order is open. */
  hasTaker({ lane }: Request): boolean {
    return lane !== undefined && (lane.receives.length > 0 || lane.receiver.takesAny)
  }

  /** Whether a receive that could have taken the message was told to be cancelled. */
  hasCancelled(message: Request): boolean {
    if (!message.lane) return false
    for (const receive of message.lane.receiver.requests.values()) {
      if (receive.kind === 'receive' && receive.completion?.outcome === 'cancelled' && takes(receive, message))
        return true
    }
    return false
  }

  /** A message that no other receive has shown to have taken, and that the receive may; undefined if there is none. */
  find(receive: Request, wanted: (message: Request) => boolean): Request | undefined {
    for (const lane of this.lanes.values()) {
      if (lane.receiver !== receive.host) continue
      for (const message of lane.messages) {
        if (message.partner || !takes(receive, message)) continue
        if (wanted(message)) return message
      }
    }
    return undefined
  }

  /** How many messages the receive could have taken, whoever has. */
  count(receive: Request, wanted: (message: Request) => boolean): number {
    let count = 0
    for (const lane of this.lanes.values()) {
      if (lane.receiver !== receive.host) continue
      for (const message of lane.messages) if (takes(receive, message) && wanted(message)) count++
    }
    return count
  }

  /** How many messages a host had posted to that node before the one with that serial number. */
  countBefore(sender: Host, peer: number, serial: number): number {
    let count = 0
    for (const lane of this.lanes.values()) {
      if (lane.sender !== sender || lane.receiver.node !== peer) continue
      for (const message of lane.messages) if (message.serial < serial) count++
    }
    return count
  }

  private laneOf(sender: Host, receiver: Host, tag: number): Lane {
    // Nodes are below 256 and tags below 65536, so the key is a small integer.
    const key = (receiver.node * 256 + sender.node) * 65_536 + tag
    let lane = this.lanes.get(key)
    if (!lane) {
      lane = { sender, receiver, messages: [], receives: [], isLoose: false, isMisfit: false }
      this.lanes.set(key, lane)
    }
    return lane
  }
}

/** Whether its completion says that the message went through; one that was given up may have left some of its octets. */
export function isTransferred(request: Request | undefined): boolean {
  return request?.completion !== undefined && request.completion.outcome !== 'failed'
}

function isOpen({ isLoose, receiver }: Lane): boolean {
  return isLoose || receiver.takesAny
}

/** Whether the receive is for such a message. */
export function takes({ peer, tag }: Request, message: Request): boolean {
  return matches(peer, message.host.node) && matches(tag, message.tag)
}

// Peer-to-peer connections: two equal requests that find each other, whichever comes first and however they cross.
import type { Duration, Instant } from '../../spec/vocabulary/units.ts'
import type { ViaRemoteAttributes } from '../../spec/vocabulary/via-attributes.ts'
import type { VipReturn } from '../../spec/vocabulary/via-returns.ts'
import type { Alarm } from '../core/alarms.ts'
import { writeIntroduction } from './addresses.ts'
import type { Introduction, KnownAddress } from './addresses.ts'
import { answer, badState } from './answers.ts'
import type { ViaAnswer } from './answers.ts'
import type { Board } from './board.ts'
import type { Channel } from './channel.ts'
import { introduced } from './connector.ts'
import { frameKind, reasons } from './frame.ts'
import type { ViaHeader } from './frame.ts'
import type { Vi } from './objects.ts'
import { deadline } from './waits.ts'

/**
 * A request that is open. Of two hosts the one with the lower node leads: it picks who is paired with whom, and waits
 * until the other says that it is connected.
 */
export interface PeerAttempt {
  readonly channel: Channel
  /** Discriminators: of this end, and of the one that is looked for. */
  readonly own: string
  readonly wanted: string
  readonly alarm: Alarm
  readonly end: Instant | undefined
  timeout: Duration
  /** What the peer has told of itself, once this end leads one. */
  peer: ViaRemoteAttributes | undefined
  /** Channels of the peer that have gone. */
  readonly gone: Set<number>
}

/** What has been asked for a VI: the request, its outcome until it is told, and the calls that wait for it. */
interface PeerRequest {
  outcome: ViaAnswer | undefined
  readonly waits: number[]
}

const mismatches: readonly (readonly [code: VipReturn, reason: number])[] = [
  ['VIP_INVALID_RELIABILITY_LEVEL', reasons.badLevel],
  ['VIP_INVALID_MTU', reasons.badTransfer],
  ['VIP_INVALID_QOS', reasons.badQos],
]

export class Peers {
  protected readonly board: Board
  /** By channel, in the order of the requests. */
  protected readonly attempts = new Map<number, PeerAttempt>()
  private readonly requests = new Map<Vi, PeerRequest>()

  constructor(board: Board) {
    this.board = board
  }

  clear(): void {
    this.attempts.clear()
    this.requests.clear()
  }

  /** Begins a request of an idle VI. */
  request(vi: Vi, who: { own: string; remote: KnownAddress }, timeout: number): void {
    const { own, remote } = who
    this.board.lifecycle.move(vi, 'request')
    this.requests.set(vi, { outcome: undefined, waits: [] })
    const channel = this.board.connector.make(vi, remote.node)
    const alarm = this.board.alarms.make(() => this.repeat(attempt))
    const attempt: PeerAttempt = {
      channel,
      own,
      wanted: remote.discriminator,
      alarm,
      end: deadline(this.board.now, timeout),
      timeout: this.board.configuration.retransmission,
      peer: undefined,
      gone: new Set(),
    }
    this.attempts.set(channel.number, attempt)
    this.say(attempt)
  }

  /** The outcome of a VI's request, which is told once. */
  done(vi: Vi): ViaAnswer {
    const request = this.requests.get(vi)
    if (!request) return badState
    if (request.outcome) this.tell(vi)
    return request.outcome ?? answer('VIP_NOT_DONE')
  }

  /** As `done`, but stays open until there is an outcome. */
  wait(call: number, vi: Vi): ViaAnswer | undefined {
    const request = this.requests.get(vi)
    if (!request || request.outcome) return this.done(vi)
    request.waits.push(call)
    return undefined
  }

  /** VipDisconnect while a request is open. */
  abandon(vi: Vi): void {
    const attempt = vi.channel && this.attempts.get(vi.channel.number)
    if (attempt) this.giveUp(attempt)
  }

  /** The VI is no more. */
  forget(vi: Vi): void {
    this.requests.delete(vi)
  }

  /** A peer asks. */
  requested(node: number, header: ViaHeader, introduction: Introduction): void {
    const { connector } = this.board
    const refusal = connector.refusal(node, header.from)
    if (refusal !== undefined) {
      connector.refuse(node, header.from, refusal)
      return
    }
    const attempt = this.find(node, header.from, introduction)
    if (!attempt) return
    if (!this.leads(attempt, header.from)) {
      // It has asked before this end did: now it can be found.
      this.say(attempt)
      return
    }
    if (connector.leadsTo(node, header.from)) return
    const mismatch = this.mismatch(introduction.attributes, attempt)
    if (mismatch) this.turnAway(attempt, header.from, mismatch)
    else this.pair(attempt, header.from, introduction.attributes)
  }

  /** The one that leads has paired a request of this end with its own. */
  accepted(node: number, header: ViaHeader, { attributes }: Introduction): void {
    const channel = this.board.connector.channel(header.to, node, header.from)
    const attempt = channel && this.attempts.get(channel.number)
    if (!channel || attempt?.gone.has(header.from) === true) {
      this.board.outbox.post(node, { kind: frameKind.cancel, to: header.from, from: header.to })
      return
    }
    channel.remote = header.from
    this.board.outbox.post(node, { kind: frameKind.confirm, to: header.from, from: header.to })
    if (attempt) this.establish(attempt, attributes)
  }

  /** The one that follows is connected, as it says or as what it sends shows. */
  confirmed(channel: Channel): void {
    const attempt = this.attempts.get(channel.number)
    if (attempt?.peer) this.establish(attempt, attempt.peer)
  }

  /** The one that leads cannot pair a request of this end. */
  refused(node: number, header: ViaHeader): void {
    const attempt = this.attempts.get(header.to)
    const code = mismatches.find(([, reason]) => reason === header.reason)?.[0]
    if (attempt?.channel.node === node && code) this.fail(attempt, code)
  }

  /** One that this end leads has given up before it was connected. */
  cancelled(node: number, header: ViaHeader): void {
    for (const attempt of this.attempts.values()) {
      const { channel, peer } = attempt
      if (peer && channel.node === node && channel.remote === header.from) this.unpair(attempt)
    }
  }

  /** A request that is open is told that the other end has left: it looks for another. */
  dismissed(channel: Channel, from: number): boolean {
    const attempt = this.attempts.get(channel.number)
    // What this end leads may have been connected before it left.
    if (!attempt || attempt.peer) return false
    attempt.gone.add(from)
    channel.remote = 0
    return true
  }

  /** The request of this end that is for a peer's. */
  protected find(node: number, from: number, introduction: Introduction): PeerAttempt | undefined {
    const isOwn = node === this.board.setting.node
    for (const attempt of this.attempts.values()) {
      const { channel, peer, gone } = attempt
      if (peer || channel.node !== node || gone.has(from) || (isOwn && channel.number === from)) continue
      if (this.fits(attempt, introduction)) return attempt
    }
    return undefined
  }

  /** Whether two requests have the same addresses, exchanged. */
  protected fits(attempt: PeerAttempt, { own, wanted }: Introduction): boolean {
    return attempt.own === wanted && attempt.wanted === own
  }

  /** In what the two ends do not agree. */
  protected mismatch(other: ViaRemoteAttributes, { channel }: PeerAttempt): VipReturn | undefined {
    const { attributes } = channel.vi
    if (other.reliabilityLevel !== attributes.reliabilityLevel) return 'VIP_INVALID_RELIABILITY_LEVEL'
    if (other.maxTransferSize !== attributes.maxTransferSize) return 'VIP_INVALID_MTU'
    return other.qos === attributes.qos ? undefined : 'VIP_INVALID_QOS'
  }

  /** Whether this end decides. */
  protected leads({ channel }: PeerAttempt, from: number): boolean {
    const { node } = this.board.setting
    return channel.node === node ? channel.number < from : node < channel.node
  }

  /** Two requests that are for each other do not agree: both fail. */
  protected turnAway(attempt: PeerAttempt, from: number, code: VipReturn): void {
    const reason = mismatches.find(([mismatch]) => mismatch === code)?.[1] ?? reasons.rejected
    this.board.connector.refuse(attempt.channel.node, from, reason)
    this.fail(attempt, code)
  }

  protected pair(attempt: PeerAttempt, from: number, peer: ViaRemoteAttributes): void {
    attempt.channel.remote = from
    attempt.peer = peer
    attempt.timeout = this.board.configuration.retransmission
    this.say(attempt)
  }

  /** Whoever was picked has gone: another may be. */
  protected unpair(attempt: PeerAttempt): void {
    attempt.gone.add(attempt.channel.remote)
    attempt.channel.remote = 0
    attempt.peer = undefined
    attempt.timeout = this.board.configuration.retransmission
    this.say(attempt)
  }

  /** Sends what there is to say, and again later. */
  protected say(attempt: PeerAttempt): void {
    const { channel, own, wanted, peer, alarm, timeout, end } = attempt
    const payload = writeIntroduction({ attributes: introduced(channel.vi.attributes), wanted, own })
    const kind = peer ? frameKind.peerAccept : frameKind.peerRequest
    if (channel.node >= 0)
      this.board.outbox.post(channel.node, { kind, to: channel.remote, from: channel.number }, payload)
    this.board.alarms.set(alarm, Math.min(this.board.now + timeout, end ?? Infinity))
  }

  protected repeat(attempt: PeerAttempt): void {
    const { now, configuration } = this.board
    if (attempt.end !== undefined && now >= attempt.end) {
      this.giveUp(attempt)
      return
    }
    attempt.timeout = Math.min(attempt.timeout * 2, configuration.silence)
    this.say(attempt)
  }

  /** The time of a request is over, or its program does not want it any more. */
  protected giveUp(attempt: PeerAttempt): void {
    const { channel, peer } = attempt
    if (peer) this.board.farewells.say(channel, reasons.disconnected, 0)
    else if (channel.node >= 0) this.board.outbox.post(channel.node, { kind: frameKind.cancel, from: channel.number })
    this.fail(attempt, 'VIP_TIMEOUT')
  }

  protected establish(attempt: PeerAttempt, remoteAttributes: ViaRemoteAttributes): void {
    this.end(attempt)
    this.board.lifecycle.move(attempt.channel.vi, 'established')
    this.conclude(attempt.channel.vi, answer('VIP_SUCCESS', { remoteAttributes }))
  }

  protected fail(attempt: PeerAttempt, code: VipReturn): void {
    this.end(attempt)
    this.board.connector.close(attempt.channel)
    this.board.lifecycle.move(attempt.channel.vi, 'refused')
    this.conclude(attempt.channel.vi, answer(code))
  }

  /** An outcome has been told. */
  protected tell(vi: Vi): void {
    this.requests.delete(vi)
  }

  private end(attempt: PeerAttempt): void {
    this.attempts.delete(attempt.channel.number)
    this.board.alarms.release(attempt.alarm)
  }

  /** There is an outcome: the first call that waits is told of it, and there is none for the others. */
  private conclude(vi: Vi, outcome: ViaAnswer): void {
    const request = this.requests.get(vi)
    if (!request) return
    request.outcome = outcome
    const [first, ...others] = request.waits
    if (first === undefined) return
    this.tell(vi)
    this.board.returns(first, outcome)
    for (const call of others) this.board.returns(call, badState)
  }
}

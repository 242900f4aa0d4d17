// The connection agent: clients that ask, servers that wait and answer, and the channels that come of it.
import type { Duration, Instant } from '../../spec/vocabulary/units.ts'
import type { ViaRemoteAttributes } from '../../spec/vocabulary/via-attributes.ts'
import type { VipReturn } from '../../spec/vocabulary/via-returns.ts'
import type { Alarm } from '../core/alarms.ts'
import { writeIntroduction } from './addresses.ts'
import type { Introduction, KnownAddress } from './addresses.ts'
import { answer } from './answers.ts'
import type { ViaAnswer } from './answers.ts'
import type { Board } from './board.ts'
import { Channel } from './channel.ts'
import { frameKind, reasons } from './frame.ts'
import type { ViaHeader } from './frame.ts'
import type { ConnectionRequest, Granted, Nic, Vi } from './objects.ts'
import { deadline } from './waits.ts'

/** A VipConnectRequest or VipConnectAccept that is open, and the frame that it repeats. */
export interface Attempt {
  readonly call: number
  readonly channel: Channel
  /** The handle that is being accepted. */
  readonly accepting: ConnectionRequest | undefined
  readonly header: Partial<ViaHeader>
  readonly payload: Uint8Array
  readonly alarm: Alarm
  readonly end: Instant | undefined
  timeout: Duration
}

/** An open VipConnectWait. */
export interface OpenServer {
  readonly call: number
  readonly as: string
  readonly nic: Nic
  readonly discriminator: string
  readonly alarm: Alarm
}

/** Answers to requests that are remembered, should the request come again. */
const rememberedMost = 1024

export class Connector {
  protected readonly board: Board
  private readonly channels = new Map<number, Channel>()
  private readonly attempts = new Map<number, Attempt>()
  private servers: OpenServer[] = []
  /** By node and channel of the client: the handle that was made, or the reason of the refusal. */
  private readonly requests = new Map<string, ConnectionRequest | number>()
  private lastNumber = 0

  constructor(board: Board) {
    this.board = board
  }

  clear(): void {
    this.channels.clear()
    this.attempts.clear()
    this.requests.clear()
    this.servers = []
    this.lastNumber = 0
  }

  /** The open channel of that number, if it leads to `node` and to the peer's channel `remote`. */
  channel(number: number, node: number, remote: number): Channel | undefined {
    const channel = this.channels.get(number)
    return channel && channel.node === node && (channel.remote === remote || channel.remote === 0) ? channel : undefined
  }

  /** Whether an open channel leads to the peer's channel `remote`. */
  leadsTo(node: number, remote: number): boolean {
    for (const channel of this.channels.values()) if (channel.node === node && channel.remote === remote) return true
    return false
  }

  /** For what reason the request of the peer's channel `from` was refused before. */
  refusal(node: number, from: number): number | undefined {
    const before = this.requests.get(`${node}:${from}`)
    return typeof before === 'number' ? before : undefined
  }

  /** Whether calls of a NIC handle are open here. */
  serves(nic: Nic): boolean {
    return this.servers.some((server) => server.nic === nic)
  }

  /** Opens a VipConnectWait. */
  wait(call: number, server: { as: string; nic: Nic; discriminator: string }, timeout: number): ViaAnswer | undefined {
    if (timeout === 0) return answer('VIP_TIMEOUT')
    const alarm = this.board.alarms.make(() => this.endWait(call, answer('VIP_TIMEOUT')))
    this.servers.push({ call, ...server, alarm })
    const end = deadline(this.board.now, timeout)
    if (end !== undefined) this.board.alarms.set(alarm, end)
    return undefined
  }

  /** Opens a VipConnectRequest of an idle VI. */
  request(call: number, vi: Vi, who: { own: string; remote: KnownAddress }, timeout: number): void {
    const { remote, own } = who
    this.board.lifecycle.move(vi, 'request')
    const channel = this.make(vi, remote.node)
    const payload = writeIntroduction({ attributes: introduced(vi.attributes), wanted: remote.discriminator, own })
    const header = { kind: frameKind.request, from: channel.number }
    this.begin({ call, channel, accepting: undefined, header, payload, end: deadline(this.board.now, timeout) })
  }

  /** Opens a VipConnectAccept of an idle VI. */
  accept(call: number, vi: Vi, accepting: ConnectionRequest): void {
    this.board.lifecycle.move(vi, 'accept')
    accepting.alive = false
    const channel = this.make(vi, accepting.node)
    channel.remote = accepting.channel
    const payload = writeIntroduction({ attributes: introduced(vi.attributes), wanted: '', own: '' })
    const header = { kind: frameKind.accept, to: channel.remote, from: channel.number }
    const end = this.board.now + this.board.configuration.silence
    this.begin({ call, channel, accepting, header, payload, end })
  }

  reject(connection: ConnectionRequest): void {
    connection.alive = false
    this.refuse(connection.node, connection.channel, reasons.rejected)
  }

  /** VipDisconnect while a request or an accept is open. */
  abandon(vi: Vi): void {
    const attempt = vi.channel && this.attempts.get(vi.channel.number)
    if (!attempt) return
    if (attempt.accepting) this.board.farewells.say(attempt.channel, reasons.disconnected, 0)
    else this.cancel(attempt.channel.node, 0, attempt.channel.number)
    this.fail(attempt, 'VIP_TIMEOUT')
  }

  /** Nothing goes through the channel any more. */
  close(channel: Channel): void {
    channel.open = false
    this.channels.delete(channel.number)
    if (channel.alarm) this.board.alarms.release(channel.alarm)
    channel.alarm = undefined
  }

  /** A client asks. */
  requested(node: number, header: ViaHeader, introduction: Introduction): void {
    const key = `${node}:${header.from}`
    const before = this.requests.get(key)
    if (typeof before === 'number') this.refuse(node, header.from, before)
    if (before !== undefined) return
    const server = this.serverFor(introduction)
    if (!server) {
      this.refuse(node, header.from, reasons.noMatch)
      return
    }
    const { attributes, own } = introduction
    const { nic, as: name } = server
    const made = { kind: 'connection', name, nic, node, channel: header.from, attributes } as const
    const connection: ConnectionRequest = { ...made, alive: true, gone: false }
    this.board.names.bind(connection)
    this.remember(key, connection)
    const remoteAddress = { host: node, discriminator: own }
    this.endWait(server.call, answer('VIP_SUCCESS', { remoteAddress, remoteAttributes: attributes }))
  }

  /** A server has accepted. */
  accepted(node: number, header: ViaHeader, { attributes }: Introduction): void {
    const channel = this.channel(header.to, node, header.from)
    const attempt = channel && this.attempts.get(channel.number)
    if (!channel || attempt?.accepting) {
      this.cancel(node, header.from, header.to)
      return
    }
    channel.remote = header.from
    this.board.outbox.post(node, { kind: frameKind.confirm, to: header.from, from: header.to })
    if (attempt) this.establish(attempt, { remoteAttributes: attributes })
  }

  /** The client is connected, as it says or as what it sends shows. */
  confirmed(channel: Channel): void {
    const attempt = this.attempts.get(channel.number)
    if (attempt?.accepting) this.establish(attempt)
  }

  /** A server has refused. */
  refused(node: number, header: ViaHeader): void {
    const attempt = this.attempts.get(header.to)
    if (!attempt || attempt.accepting || attempt.channel.node !== node) return
    this.fail(attempt, header.reason === reasons.noMatch ? 'VIP_NO_MATCH' : 'VIP_REJECT')
  }

  /** A client has given up, or does not know of what was accepted. */
  cancelled(node: number, header: ViaHeader): void {
    const request = this.requests.get(`${node}:${header.from}`)
    if (typeof request === 'object') request.gone = true
    for (const attempt of this.attempts.values()) {
      const { channel, accepting } = attempt
      if (accepting && channel.node === node && channel.remote === header.from) this.fail(attempt, 'VIP_TIMEOUT')
    }
  }

  /** A client that asks is told that the server has left already. */
  dismissed(channel: Channel): boolean {
    const attempt = this.attempts.get(channel.number)
    if (!attempt || attempt.accepting) return false
    this.fail(attempt, 'VIP_REJECT')
    return true
  }

  /** Who waits for a request. */
  protected serverFor({ wanted }: Introduction): OpenServer | undefined {
    return this.servers.find(({ discriminator }) => this.matches(discriminator, wanted))
  }

  /** Whether a request for `wanted` is for one who waits as `waiting`. */
  protected matches(waiting: string, wanted: string): boolean {
    return waiting === wanted
  }

  /** Sends the frame of an attempt. */
  protected ask({ channel, header, payload }: Attempt): void {
    if (channel.node >= 0) this.board.outbox.post(channel.node, header, payload)
  }

  /** The time of an attempt is over. */
  protected giveUp(attempt: Attempt): void {
    const { channel, accepting } = attempt
    if (!accepting) this.cancel(channel.node, channel.remote, channel.number)
    this.fail(attempt, 'VIP_TIMEOUT')
  }

  /** A new end of a connection, of which nobody knows yet. */
  make(vi: Vi, node: number): Channel {
    const channel = this.channelOf(vi, ++this.lastNumber, node)
    this.channels.set(channel.number, channel)
    vi.channel = channel
    return channel
  }

  protected channelOf(vi: Vi, number: number, node: number): Channel {
    return new Channel(vi, number, node)
  }

  private begin(started: Omit<Attempt, 'alarm' | 'timeout'>): void {
    const alarm = this.board.alarms.make(() => this.repeat(attempt))
    const attempt: Attempt = { ...started, alarm, timeout: this.board.configuration.retransmission }
    this.attempts.set(attempt.channel.number, attempt)
    this.ask(attempt)
    this.setAlarm(attempt)
  }

  private repeat(attempt: Attempt): void {
    if (attempt.end !== undefined && this.board.now >= attempt.end) {
      this.giveUp(attempt)
      return
    }
    attempt.timeout = Math.min(attempt.timeout * 2, this.board.configuration.silence)
    this.ask(attempt)
    this.setAlarm(attempt)
  }

  private setAlarm({ alarm, timeout, end }: Attempt): void {
    this.board.alarms.set(alarm, Math.min(this.board.now + timeout, end ?? Infinity))
  }

  protected establish(attempt: Attempt, outputs: { remoteAttributes?: ViaRemoteAttributes } = {}): void {
    this.end(attempt)
    this.board.lifecycle.move(attempt.channel.vi, 'established')
    this.board.returns(attempt.call, answer('VIP_SUCCESS', outputs))
  }

  protected fail(attempt: Attempt, code: VipReturn): void {
    this.end(attempt)
    this.close(attempt.channel)
    this.board.lifecycle.move(attempt.channel.vi, 'refused')
    this.board.returns(attempt.call, answer(code))
  }

  private end(attempt: Attempt): void {
    this.attempts.delete(attempt.channel.number)
    this.board.alarms.release(attempt.alarm)
  }

  private endWait(call: number, result: ViaAnswer): void {
    const i = this.servers.findIndex((server) => server.call === call)
    const [server] = i < 0 ? [] : this.servers.splice(i, 1)
    if (!server) return
    this.board.alarms.release(server.alarm)
    this.board.returns(call, result)
  }

  /** Refuses a request, whenever it comes. */
  refuse(node: number, channel: number, reason: number): void {
    this.remember(`${node}:${channel}`, reason)
    this.board.outbox.post(node, { kind: frameKind.refuse, to: channel, reason })
  }

  private cancel(node: number, to: number, from: number): void {
    if (node >= 0) this.board.outbox.post(node, { kind: frameKind.cancel, to, from })
  }

  /** Keeps what was answered to a request. */
  protected remember(key: string, what: ConnectionRequest | number): void {
    this.requests.set(key, what)
    for (const oldest of this.requests.keys()) {
      if (this.requests.size <= rememberedMost) break
      this.requests.delete(oldest)
    }
  }
}

/** Attributes as the other end learns them. */
export function introduced(granted: Granted): ViaRemoteAttributes {
  const { reliabilityLevel, maxTransferSize, qos, enableRdmaWrite, enableRdmaRead } = granted
  return { reliabilityLevel, maxTransferSize, qos, enableRdmaWrite, enableRdmaRead }
}

// Takes frames from the receive ring and gives each to whom it concerns.
import { readU16, readU32 } from '../core/octets.ts'
import { readIntroduction } from './addresses.ts'
import type { Introduction } from './addresses.ts'
import type { Board } from './board.ts'
import type { Channel } from './channel.ts'
import { emptyHeader, frameKind, ethernetOctets, headerOctets, isOfMessage, readHeader } from './frame.ts'

export class Intake {
  protected readonly board: Board
  private readonly header = emptyHeader()

  constructor(board: Board) {
    this.board = board
  }

  /** Classifies one frame. */
  take(): void {
    const { ring, memory } = this.board
    const node = this.sender(ring.place, ring.length)
    if (node < 0 || !readHeader(memory.octets, ring.place, ring.length, this.header)) {
      ring.discard()
      return
    }
    if (isOfMessage(this.header.kind)) {
      this.takeData(node)
      return
    }
    const introduction = readIntroduction(memory.octets, ring.place + ethernetOctets + headerOctets, this.header.bytes)
    ring.discard()
    this.dispatch(node, introduction)
  }

  private takeData(node: number): void {
    const { board, header } = this
    const channel = board.connector.channel(header.to, node, header.from)
    if (channel) this.confirmed(channel)
    if (channel && this.isConnected(channel)) board.receiver.data(channel, header)
    else board.ring.discard()
  }

  /** Whether data that comes for a channel is taken. */
  protected isConnected({ vi }: Channel): boolean {
    return vi.state === 'connected'
  }

  /** The other end of a channel is connected. */
  private confirmed(channel: Channel): void {
    this.board.connector.confirmed(channel)
    this.board.peers.confirmed(channel)
  }

  private dispatch(node: number, introduction: Introduction | undefined): void {
    const { header } = this
    const { connector, farewells, peers, sender, receiver } = this.board
    switch (header.kind) {
      case frameKind.request:
        if (introduction) connector.requested(node, header, introduction)
        return
      case frameKind.accept:
        if (introduction) connector.accepted(node, header, introduction)
        return
      case frameKind.peerRequest:
        if (introduction) peers.requested(node, header, introduction)
        return
      case frameKind.peerAccept:
        if (introduction) peers.accepted(node, header, introduction)
        return
      case frameKind.refuse:
        connector.refused(node, header)
        peers.refused(node, header)
        return
      case frameKind.cancel:
        connector.cancelled(node, header)
        peers.cancelled(node, header)
        return
      case frameKind.farewellSeen:
        farewells.heard(node, header.to)
        return
      case frameKind.farewell:
        this.takeFarewell(node)
        return
      case frameKind.confirm:
      case frameKind.probe:
      case frameKind.acknowledge: {
        const channel = connector.channel(header.to, node, header.from)
        if (channel) this.confirmed(channel)
        if (channel && header.kind === frameKind.probe) receiver.asked(channel)
        if (channel && header.kind === frameKind.acknowledge) {
          sender.acknowledged(channel, header.sequence, header.message)
        }
      }
    }
  }

  /** The peer has left a channel, which it is told that it was heard of even if it is not known here any more. */
  private takeFarewell(node: number): void {
    const { board, header } = this
    board.outbox.post(node, { kind: frameKind.farewellSeen, to: header.from, from: header.to })
    const channel = board.connector.channel(header.to, node, header.from)
    if (!channel || board.connector.dismissed(channel) || board.peers.dismissed(channel, header.from)) return
    this.confirmed(channel)
    board.sender.acknowledged(channel, header.sequence, header.message)
    board.lifecycle.left(channel, header.reason, header.total)
  }

  /** The node that a frame for this one comes from; -1 if it is not for this one, or of nobody known. */
  private sender(place: number, length: number): number {
    const { link, setting, memory } = this.board
    const { octets } = memory
    if (length < ethernetOctets) return -1
    if (!link.isMac(setting.node, readU16(octets, place), readU32(octets, place + 2))) return -1
    const high = readU16(octets, place + 6)
    const low = readU32(octets, place + 8)
    for (let node = 0; node < setting.hosts.length; node++) if (link.isMac(node, high, low)) return node
    return -1
  }
}

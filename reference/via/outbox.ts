// Frames that carry no message data: what connecting and leaving say, in order, until the link takes them.
import { Fifo } from '../core/fifo.ts'
import type { Board } from './board.ts'
import { emptyHeader, ethernetOctets, headerOctets, writeHeader } from './frame.ts'
import type { ViaHeader } from './frame.ts'

interface Letter {
  readonly node: number
  readonly header: ViaHeader
  readonly payload: Uint8Array | undefined
}

export class Outbox {
  private readonly board: Board
  private readonly letters = new Fifo<Letter>()

  constructor(board: Board) {
    this.board = board
  }

  clear(): void {
    this.letters.clear()
  }

  post(node: number, header: Partial<ViaHeader>, payload?: Uint8Array): void {
    this.letters.push({ node, header: { ...emptyHeader(), ...header, bytes: payload?.length ?? 0 }, payload })
  }

  get ready(): boolean {
    const letter = this.letters.front
    return letter !== undefined && this.board.link.room(letter.node)
  }

  /** Sends the oldest frame. */
  send(): void {
    const letter = this.letters.shift()
    if (!letter) return
    const { link, memory } = this.board
    const place = link.open(letter.node)
    writeHeader(memory.octets, place, letter.header)
    const data = place + ethernetOctets + headerOctets
    if (letter.payload) memory.octets.set(letter.payload, data)
    link.close(letter.node, place, ethernetOctets + headerOctets + letter.header.bytes)
  }
}

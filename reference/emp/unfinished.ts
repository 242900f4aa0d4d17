// Which messages of each peer have been heard of and are not done: the set U and the highest ID seen (R5).
import { serialAdd, serialDistance } from '../core/serial.ts'

/** What is known of an unfinished message. `gone`: the record is free. */
export const messageState = { gone: 0, unknown: 1, waiting: 2, active: 3 } as const

/** Room for so many records of a peer at first. */
const listAtFirst = 8
const noRecords = new Int32Array(0)

/** Records are small integers, used again once their message is done. Their fields are arrays by record. */
export class Unfinished {
  readonly peers: number[] = []
  readonly ids: number[] = []
  readonly states: number[] = []
  readonly tags: number[] = []
  readonly totals: number[] = []
  readonly frames: number[] = []
  /** When the header came: its place among the headers of all peers. */
  readonly arrivals: number[] = []
  /** Head slot of the receive that an active message is bound to. */
  readonly heads: number[] = []
  /** Frames that have been taken, and those of them whose data is in host memory. */
  readonly taken: number[] = []
  readonly written: number[] = []
  /** 1 once the status of the receive is to be written. */
  readonly told: number[] = []
  /** One bit for each frame that has arrived. */
  private readonly marks: Uint8Array[] = []
  /** By peer: the highest ID seen; before any, the one before the first. */
  private readonly highs: Uint32Array
  /** By peer: how many messages are unfinished, and their records, in the order of their IDs. */
  private readonly counts: Int32Array
  private readonly lists: Int32Array[]
  /** Lists that no peer needs now: memory follows the messages, not the peers (E32). */
  private readonly spareLists: Int32Array[] = []
  private readonly free: number[] = []
  private readonly most: number
  private readonly firstId: number
  /** The record found last: the next frame is mostly of the same message. */
  private last = 0
  private headers = 0

  /** At most `most` unfinished messages for each of `nodes` peers, the first of which has ID `firstId`. */
  constructor(nodes: number, most: number, firstId: number) {
    this.most = most
    this.firstId = firstId
    this.highs = new Uint32Array(nodes)
    this.counts = new Int32Array(nodes)
    this.lists = Array.from({ length: nodes }, () => noRecords)
    this.clear()
  }

  clear(): void {
    this.highs.fill(serialAdd(this.firstId, -1))
    for (let peer = 0; peer < this.counts.length; peer++) if (this.count(peer) > 0) this.setCount(peer, 0)
    this.headers = 0
    this.free.length = 0
    for (let record = this.states.length - 1; record >= 0; record--) {
      this.states[record] = messageState.gone
      this.free.push(record)
    }
  }

  /** Unfinished messages of all peers. */
  get total(): number {
    return this.states.length - this.free.length
  }

  get peerCount(): number {
    return this.highs.length
  }

  highest(peer: number): number {
    return this.highs[peer] ?? 0
  }

  /** Number of unfinished messages of `peer`, and the record of the one at `index` in the order of their IDs. */
  count(peer: number): number {
    return this.counts[peer] ?? 0
  }
  at(peer: number, index: number): number {
    return this.lists[peer]?.[index] ?? 0
  }

  state(record: number): number {
    return this.states[record] ?? messageState.gone
  }

  /** The record of message `id` of `peer`, or -1. */
  find(peer: number, id: number): number {
    const { last } = this
    if (this.ids[last] === id && this.peers[last] === peer && this.states[last] !== messageState.gone) return last
    const list = this.lists[peer] ?? noRecords
    for (let i = 0; i < this.count(peer); i++) {
      const record = list[i] ?? 0
      if (this.ids[record] === id) return (this.last = record)
    }
    return -1
  }

  /** Enters `id` and the IDs skipped before it as unknown; its record, or -1 if the table is too full. */
  add(peer: number, id: number): number {
    const before = this.count(peer)
    const ahead = Math.max(1, serialDistance(this.highest(peer), id))
    if (before + ahead > this.most) return -1
    const list = this.listFor(peer, before + ahead)
    let record = -1
    for (let behind = ahead - 1; behind >= 0; behind--) {
      record = this.enter(peer, serialAdd(id, -behind))
      list[before + ahead - 1 - behind] = record
    }
    this.counts[peer] = before + ahead
    if (serialDistance(this.highest(peer), id) > 0) this.highs[peer] = id
    return record
  }

  remove(record: number): void {
    if (this.state(record) === messageState.gone) return
    const peer = this.peers[record] ?? 0
    const list = this.lists[peer] ?? noRecords
    const at = list.indexOf(record)
    list.copyWithin(at, at + 1, this.count(peer))
    this.setCount(peer, this.count(peer) - 1)
    this.states[record] = messageState.gone
    this.free.push(record)
  }

  /** The header of an unknown message has come: it waits for a receive. */
  learn(record: number, header: { readonly total: number; readonly frames: number; readonly tag: number }): void {
    this.states[record] = messageState.waiting
    this.arrivals[record] = this.headers++
    this.totals[record] = header.total
    this.frames[record] = header.frames
    this.tags[record] = header.tag
    const octets = (header.frames + 7) >> 3
    const marks = this.marks[record]
    if (marks && marks.length >= octets) marks.fill(0, 0, octets)
    else this.marks[record] = new Uint8Array(Math.max(256, octets))
  }

  /** Whether `frame` has arrived. */
  marked(record: number, frame: number): boolean {
    return (((this.marks[record]?.[frame >> 3] ?? 0) >> (frame & 7)) & 1) === 1
  }

  mark(record: number, frame: number): void {
    const marks = this.marks[record]
    if (marks) marks[frame >> 3] = (marks[frame >> 3] ?? 0) | (1 << (frame & 7))
  }

  /** The list of `peer`, with room for `count` records. */
  private listFor(peer: number, count: number): Int32Array {
    const list = this.lists[peer] ?? noRecords
    if (list.length >= count) return list
    let room = listAtFirst
    while (room < count) room *= 2
    const larger = (room === listAtFirst ? this.spareLists.pop() : undefined) ?? new Int32Array(room)
    larger.set(list)
    this.lists[peer] = larger
    return larger
  }

  private setCount(peer: number, count: number): void {
    this.counts[peer] = count
    if (count > 0) return
    const list = this.lists[peer] ?? noRecords
    this.lists[peer] = noRecords
    if (list.length === listAtFirst) this.spareLists.push(list)
  }

  private enter(peer: number, id: number): number {
    const record = this.free.pop() ?? this.states.length
    this.peers[record] = peer
    this.ids[record] = id
    this.states[record] = messageState.unknown
    this.tags[record] = 0
    this.totals[record] = 0
    this.frames[record] = 0
    this.arrivals[record] = 0
    this.heads[record] = -1
    this.taken[record] = 0
    this.written[record] = 0
    this.told[record] = 0
    return record
  }
}

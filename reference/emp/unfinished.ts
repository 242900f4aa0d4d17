// Which messages of each peer have been heard of and are not done: the set U and the highest ID seen (R5).
import { serialAdd, serialDistance } from '../core/serial.ts'

/** What is known of an unfinished message. `gone`: the record is free. */
export const messageState = { gone: 0, unknown: 1, waiting: 2, active: 3 } as const

interface Peer {
  /** Highest ID seen; before any, the one before the first. */
  high: number
  /** Records of its unfinished messages, by ID. */
  readonly records: Int32Array
  count: number
}

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
  private readonly table: Peer[] = []
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
    for (let i = 0; i < nodes; i++) this.table.push({ high: 0, records: new Int32Array(most), count: 0 })
    this.clear()
  }

  clear(): void {
    for (const peer of this.table) {
      peer.high = serialAdd(this.firstId, -1)
      peer.count = 0
    }
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
    return this.table.length
  }

  highest(peer: number): number {
    return this.table[peer]?.high ?? 0
  }

  /** Number of unfinished messages of `peer`, and the record of the one at `index` in the order of their IDs. */
  count(peer: number): number {
    return this.table[peer]?.count ?? 0
  }
  at(peer: number, index: number): number {
    return this.table[peer]?.records[index] ?? 0
  }

  state(record: number): number {
    return this.states[record] ?? messageState.gone
  }

  /** The record of message `id` of `peer`, or -1. */
  find(peer: number, id: number): number {
    const { last } = this
    if (this.ids[last] === id && this.peers[last] === peer && this.states[last] !== messageState.gone) return last
    const list = this.table[peer]
    if (!list) return -1
    for (let i = 0; i < list.count; i++) {
      const record = list.records[i] ?? 0
      if (this.ids[record] === id) return (this.last = record)
    }
    return -1
  }

  /** Enters `id` and the IDs skipped before it as unknown; its record, or -1 if the table is too full. */
  add(peer: number, id: number): number {
    const list = this.table[peer]
    if (!list) return -1
    const ahead = Math.max(1, serialDistance(list.high, id))
    if (list.count + ahead > this.most) return -1
    let record = -1
    for (let behind = ahead - 1; behind >= 0; behind--) {
      record = this.enter(peer, serialAdd(id, -behind))
      list.records[list.count++] = record
    }
    if (serialDistance(list.high, id) > 0) list.high = id
    return record
  }

  remove(record: number): void {
    const list = this.table[this.peers[record] ?? 0]
    if (!list || this.state(record) === messageState.gone) return
    const at = list.records.subarray(0, list.count).indexOf(record)
    list.records.copyWithin(at, at + 1, list.count)
    list.count--
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

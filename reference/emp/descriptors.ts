// The static pool of descriptors in NIC memory, laid out to the octet (E40, R13, R14).
import { readU16, readU32, readU64, toHex, writeU16, writeU32, writeU64 } from '../core/octets.ts'
import type { Memory } from '../core/memory.ts'

/** Octets of a slot: u64 addr, u32 totlen, u16 stat, u16 len, u16 peer, u16 tag. */
// cites: EMP-DESC-001
export const descriptorOctets = 20
const field = { addr: 0, totlen: 8, stat: 12, len: 14, peer: 16, tag: 18 } as const

/** Octets of a (u64 addr, u16 len) pair; two of them fill a further slot of a chain, many an indirect page. */
const pairOctets = 10
const chainedPiecesMax = 7

/** Programmed I/O writes whole words (E49). `stat` shares its word with `len`, and that word goes last (E43). */
const wordOctets = 4
const wordsOfSlot = descriptorOctets / wordOctets
const statWord = field.stat / wordOctets

/** What `stat` says: who owns the descriptor, what it is for, in which format, and how it ended. */
export const stat = {
  free: 0,
  nic: 0x8000,
  send: 0x0001,
  receive: 0x0002,
  chained: 0x0010,
  indirect: 0x0020,
  done: 0x0100,
  truncated: 0x0200,
  failed: 0x0400,
  cancelled: 0x0800,
} as const

/** Pieces of host memory by physical address, none crossing a page. Filled anew for each posting. */
export interface PieceList {
  readonly addresses: Float64Array
  readonly lengths: Int32Array
  count: number
  /** Sum of all lengths. */
  total: number
}

/** What the host writes into a descriptor (E42). `direction` is `stat.send` or `stat.receive`. */
export interface Posting {
  readonly direction: number
  readonly peer: number
  readonly tag: number
}

/** The slots. A request is known by its head slot. */
export class DescriptorPool {
  private readonly memory: Memory
  private readonly size: number
  /** NIC memory. */
  private readonly octets: Uint8Array
  /** What the host is going to write there, slot by slot. */
  private readonly drafts: Uint8Array
  /** Host side: 1 for a slot in use; by head, how many slots and which indirect page (-1: none). */
  protected readonly used: Uint8Array
  protected readonly extents: Uint8Array
  private readonly listPages: Int32Array

  constructor(memory: Memory, size: number) {
    this.memory = memory
    this.size = size
    this.octets = new Uint8Array(size * descriptorOctets)
    this.drafts = new Uint8Array(size * descriptorOctets)
    this.used = new Uint8Array(size)
    this.extents = new Uint8Array(size)
    this.listPages = new Int32Array(size).fill(-1)
  }

  clear(): void {
    this.octets.fill(0)
    this.used.fill(0)
    this.extents.fill(0)
    this.listPages.fill(-1)
  }

  /** The most pieces that a posting may have: as many as an indirect page lists. */
  // cites: EMP-DESC-007, EMP-DESC-011
  get piecesMax(): number {
    return Math.floor(this.memory.page / pairOctets)
  }

  /** Takes what a posting of `pieces` pieces needs, all or nothing: the head slot, or -1. */
  // cites: EMP-DESC-002, EMP-DESC-003, EMP-DESC-005, EMP-DESC-006, EMP-DESC-008, EMP-DESC-012
  take(pieces: number): number {
    const chained = pieces > 1 && pieces <= chainedPiecesMax
    const slots = chained ? 1 + Math.ceil((pieces - 1) / 2) : 1
    const head = this.freeRun(slots)
    if (head < 0) return -1
    this.used.fill(1, head, head + slots)
    this.extents[head] = slots
    this.listPages[head] = pieces > chainedPiecesMax ? this.memory.takePage() : -1
    return head
  }

  /** Gives the slots of `head` back to the pool. */
  // cites: EMP-DESC-004
  release(head: number): void {
    const slots = this.extents[head] ?? 0
    if (slots === 0) return
    // Also of those that were none: whoever looks at a slot before it is written must find it free.
    for (let slot = head; slot < head + slots; slot++) this.setStat(slot, stat.free)
    this.used.fill(0, head, head + slots)
    this.extents[head] = 0
    const list = this.listPages[head] ?? -1
    if (list >= 0) this.memory.givePage(list)
  }

  /** The host makes up its mind what to write for a posting; none of it is in NIC memory yet. */
  compose(head: number, posting: Posting, pieces: PieceList): void {
    const at = head * descriptorOctets
    const list = this.listPages[head] ?? -1
    const indirect = list >= 0
    const format = indirect ? stat.indirect : pieces.count > 1 ? stat.chained : 0
    const { drafts } = this
    drafts.fill(0, at, at + (this.extents[head] ?? 0) * descriptorOctets)
    writeU64(drafts, at + field.addr, indirect ? this.memory.address(list) : (pieces.addresses[0] ?? 0))
    writeU32(drafts, at + field.totlen, pieces.total)
    writeU16(drafts, at + field.stat, stat.nic | posting.direction | format)
    writeU16(drafts, at + field.len, indirect ? pieces.count * pairOctets : (pieces.lengths[0] ?? 0))
    writeU16(drafts, at + field.peer, posting.peer)
    writeU16(drafts, at + field.tag, posting.tag)
    for (let i = indirect ? 0 : 1; i < pieces.count; i++) {
      const octets = indirect ? this.memory.octets : drafts
      const pair = indirect ? list + i * pairOctets : at + descriptorOctets + (i - 1) * pairOctets
      writeU64(octets, pair, pieces.addresses[i] ?? 0)
      writeU16(octets, pair + 8, pieces.lengths[i] ?? 0)
    }
  }

  /** How many words the descriptor at `head` has, those of its further slots included. */
  wordCount(head: number): number {
    return (this.extents[head] ?? 0) * wordsOfSlot
  }

  /** The host writes the `nth` word of what it composed, from 0; with the last one the NIC owns the descriptor (E43, E49). */
  // cites: EMP-DESC-010
  store(head: number, nth: number): void {
    const at = head * descriptorOctets + this.wordAt(head, nth) * wordOctets
    for (let i = at; i < at + wordOctets; i++) this.octets[i] = this.drafts[i] ?? 0
  }

  /** Whether the NIC owns the descriptor at `head`. Until it does, nothing else in it means anything (E43). */
  // cites: EMP-DESC-013
  isOwned(head: number): boolean {
    return (this.stat(head) & stat.nic) !== 0
  }

  /** Which word of the descriptor is written as the `nth`: that of `stat` after all others. */
  // cites: EMP-DESC-010
  protected wordAt(head: number, nth: number): number {
    if (nth === this.wordCount(head) - 1) return statWord
    return nth < statWord ? nth : nth + 1
  }

  /** The NIC hands a descriptor back: the message's whole length, and `stat` last. */
  // cites: EMP-DESC-010
  complete(head: number, bytes: number, outcome: number): void {
    writeU32(this.octets, head * descriptorOctets + field.totlen, bytes)
    this.setStat(head, (this.stat(head) & ~stat.nic) | outcome)
  }

  /** Whose message, with which tag, a receive has taken that was posted for any (R18). Written before `stat`. */
  // cites: EMP-MATCH-014
  bind(head: number, peer: number, tag: number): void {
    writeU16(this.octets, head * descriptorOctets + field.peer, peer)
    writeU16(this.octets, head * descriptorOctets + field.tag, tag)
  }

  stat(head: number): number {
    return readU16(this.octets, head * descriptorOctets + field.stat)
  }

  /** Length of the buffer while the NIC owns the descriptor, length of the message after. */
  totalLength(head: number): number {
    return readU32(this.octets, head * descriptorOctets + field.totlen)
  }

  peer(head: number): number {
    return readU16(this.octets, head * descriptorOctets + field.peer)
  }

  tag(head: number): number {
    return readU16(this.octets, head * descriptorOctets + field.tag)
  }

  /** How many pieces the NIC finds: a chain ends where its lengths have summed up to `totlen` (R13). */
  pieceCount(head: number): number {
    const word = this.stat(head)
    if (word & stat.indirect) return readU16(this.octets, head * descriptorOctets + field.len) / pairOctets
    if (!(word & stat.chained)) return 1
    const total = this.totalLength(head)
    let count = 0
    for (let sum = 0; sum < total; count++) sum += this.pieceBytes(head, count)
    return count
  }

  /** Physical address of piece `index`. */
  pieceAddress(head: number, index: number): number {
    const pair = this.pair(head, index)
    return pair < 0 ? readU64(this.octets, head * descriptorOctets) : readU64(this.pairOctetsOf(head), pair)
  }

  /** Octets of piece `index`. */
  pieceBytes(head: number, index: number): number {
    const pair = this.pair(head, index)
    if (pair < 0) return readU16(this.octets, head * descriptorOctets + field.len)
    return readU16(this.pairOctetsOf(head), pair + 8)
  }

  /** The octets of all slots of `head` as hexadecimal digits. */
  hex(head: number): string {
    const at = head * descriptorOctets
    return toHex(this.octets, at, at + (this.extents[head] ?? 0) * descriptorOctets)
  }

  private setStat(head: number, word: number): void {
    writeU16(this.octets, head * descriptorOctets + field.stat, word)
  }

  /** Where the pair of piece `index` stands; -1: in the head's own fields. */
  private pair(head: number, index: number): number {
    if (this.stat(head) & stat.indirect) {
      return this.memory.place(readU64(this.octets, head * descriptorOctets)) + index * pairOctets
    }
    return index === 0 ? -1 : (head + 1) * descriptorOctets + (index - 1) * pairOctets
  }

  private pairOctetsOf(head: number): Uint8Array {
    return this.stat(head) & stat.indirect ? this.memory.octets : this.octets
  }

  protected freeRun(slots: number): number {
    for (let run = 0, i = 0; i < this.size; i++) {
      run = this.used[i] ? 0 : run + 1
      if (run === slots) return i - slots + 1
    }
    return -1
  }
}

// Simulated physical memory of one host, with the staging space of its NIC in front of it.

/** Consecutive pages are scrambled within blocks of this many. */
const blockPages = 64
/** Addresses lie above 32 bits, so that both halves of a 64-bit field matter. */
const lowestPage = 0x20_0000
const hostPagesAtFirst = 8

/**
 * One arena holds the NIC's staging slots and the host's pages, so that moving octets between them is one copyWithin
 * and needs no view. A *place* is an index into the arena, where a buffer is contiguous, as in virtual memory. An
 * *address* is physical: neighbouring pages never have neighbouring addresses, and addresses differ per seed.
 */
export class Memory {
  /** The arena. Replaced by a larger one when it is full, so never kept. */
  octets: Uint8Array
  readonly page: number
  private readonly hostStart: number
  private pagesUsed = 0
  private readonly sparePages: number[] = []
  private basePage = 0
  private stride = 1
  private strideInverse = 1
  private shift = 0

  /** `staging` is the number of octets that the NIC needs for itself, at the front. */
  constructor(page: number, staging: number, seed: number) {
    this.page = page
    this.hostStart = Math.ceil(staging / page) * page
    this.octets = new Uint8Array(this.hostStart + hostPagesAtFirst * page)
    this.reset(seed)
  }

  /** Forgets all pages; physical addresses follow from `seed`. */
  reset(seed: number): void {
    this.pagesUsed = 0
    this.sparePages.length = 0
    const draw = scramble(seed)
    this.basePage = lowestPage + (draw & 0xffff) * blockPages
    this.shift = (draw >>> 16) % blockPages
    // Odd, so that it permutes a block; neither 1 nor -1, so that no two pages that follow each other are neighbours.
    this.stride = 3 + 2 * ((draw >>> 22) % 30)
    this.strideInverse = 1
    while (((this.stride * this.strideInverse) & (blockPages - 1)) !== 1) this.strideInverse += 2
  }

  /** Takes `pages` pages that follow each other in the arena; returns the place of the first. */
  takePages(pages: number): number {
    const place = this.hostStart + this.pagesUsed * this.page
    this.pagesUsed += pages
    this.reserve(place + pages * this.page)
    return place
  }

  takePage(): number {
    return this.sparePages.pop() ?? this.takePages(1)
  }

  givePage(place: number): void {
    this.sparePages.push(place)
  }

  /** Whether all `bytes` octets from `place` lie in pages of the host. */
  holds(place: number, bytes: number): boolean {
    return place >= this.hostStart && place + bytes <= this.hostStart + this.pagesUsed * this.page
  }

  /** The physical address of the octet at `place`. */
  address(place: number): number {
    const index = Math.floor((place - this.hostStart) / this.page)
    const within = (place - this.hostStart) % this.page
    const scrambled = (index & (blockPages - 1)) * this.stride + this.shift
    return (this.basePage + (index & -blockPages) + (scrambled & (blockPages - 1))) * this.page + within
  }

  /** The place of the octet at physical `address`. */
  place(address: number): number {
    const index = Math.floor(address / this.page) - this.basePage
    const within = address % this.page
    const plain = ((index & (blockPages - 1)) - this.shift) * this.strideInverse
    return this.hostStart + ((index & -blockPages) + (plain & (blockPages - 1))) * this.page + within
  }

  private reserve(end: number): void {
    if (end <= this.octets.length) return
    const before = this.octets
    this.octets = new Uint8Array(Math.max(end, before.length * 2))
    this.octets.set(before)
  }
}

function scramble(seed: number): number {
  let x = Math.imul(seed | 0, 0x9e37_79b9) ^ 0x5bd1_e995
  x = Math.imul(x ^ (x >>> 16), 0x85eb_ca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2_ae35)
  return (x ^ (x >>> 16)) >>> 0
}

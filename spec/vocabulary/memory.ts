// Buffers, ranges and patterns: the only view that the harness has of an endpoint's memory.

/** A range of a named buffer. Suite files write it `rx@1024+512`. */
export interface Range {
  readonly buffer: string
  readonly offset: number
  readonly bytes: number
}

/** What a buffer or a payload is filled with. Bit-exact; the octets are defined by `writePattern`. */
export type Pattern =
  | { readonly kind: 'ramp'; readonly seed: number }
  | { readonly kind: 'prng'; readonly seed: number }
  | { readonly kind: 'const'; readonly seed: number }

/** Calls on memory. The adapter owns the memory; these are the harness' only way to it. */
export type MemoryCall =
  | {
      /** Makes buffer `as`, with `guard` octets of guard zone on either side, filled with `fill` (zero unless said). */
      readonly operation: 'memory.allocate'
      readonly as: string
      readonly bytes: number
      /** Alignment of the first octet; the buffer starts `offset` octets past it. */
      readonly align: number
      readonly offset: number
      readonly fill: Pattern
      readonly guard: number
      /** False leaves the pages unlocked: posting them must be refused (EMP paper 3.2). */
      readonly locked: boolean
    }
  | { readonly operation: 'memory.write'; readonly at: Range; readonly fill: Pattern }
  | { readonly operation: 'memory.digest'; readonly at: Range }
  | { readonly operation: 'memory.read'; readonly at: Range }
  | { readonly operation: 'memory.guards'; readonly buffer: string }
  | { readonly operation: 'memory.free'; readonly buffer: string }

/**
 * The most octets that a buffer may take with its guard zones, its alignment and its offset: 256 MiB. A case is to be run on any
 * machine that runs tests at all, with the buffers of all its hosts in memory at once.
 */
export const bufferBytesMax = 0x1000_0000

/** The most octets that one `memory.read` may return. */
export const memoryReadMax = 4096

/**
 * Writes `pattern` into octets `from` up to `to` of `into`; `position` is the place in the pattern of the first of them.
 * `ramp`: octet i is (seed + i) mod 256. `const`: every octet is seed mod 256. `prng`: octet i is the low octet of
 * mix(seed + floor(i / 4) * 0x9E3779B9) shifted right by 8 * (i mod 4), where mix is the 32-bit finalizer
 * x ^= x >>> 16; x *= 0x85EBCA6B; x ^= x >>> 13; x *= 0xC2B2AE35; x ^= x >>> 16 (modulo 2^32).
 */
export function writePattern(
  pattern: Pattern,
  into: Uint8Array,
  span: { from: number; to: number; position: number },
): void {
  const { from, to, position } = span
  switch (pattern.kind) {
    case 'const':
      into.fill(pattern.seed & 0xff, from, to)
      return
    case 'ramp':
      for (let i = from; i < to; i++) into[i] = (pattern.seed + position + i - from) & 0xff
      return
    case 'prng':
      for (let i = from; i < to; i++) {
        const place = position + i - from
        into[i] = mix(pattern.seed + Math.imul(place >>> 2, 0x9e3779b9)) >>> ((place & 3) << 3)
      }
  }
}

function mix(seed: number): number {
  let x = seed | 0
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return x ^ (x >>> 16)
}

const crcTable: Uint32Array = makeCrcTable()

function makeCrcTable(): Uint32Array {
  const table = new Uint32Array(256)
  for (let i = 0; i < 256; i++) {
    let value = i
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
    table[i] = value >>> 0
  }
  return table
}

/** CRC-32C (Castagnoli) of octets `from` up to `to`, as an unsigned 32-bit number: the digest of memory and traces. */
export function crc32c(octets: Uint8Array, from = 0, to: number = octets.length, before = 0): number {
  let crc = ~before
  for (let i = from; i < to; i++) crc = (crc >>> 8) ^ (crcTable[(crc ^ (octets[i] ?? 0)) & 0xff] ?? 0)
  return ~crc >>> 0
}

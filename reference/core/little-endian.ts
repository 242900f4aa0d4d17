// Bounds-checked little-endian access to octets.

/** Reads an unsigned 16-bit number at `at`. */
export function readU16le(octets: Uint8Array, at: number): number {
  check(octets, at, 2)
  return (octets[at] ?? 0) | ((octets[at + 1] ?? 0) << 8)
}

/** Reads an unsigned 32-bit number at `at`. */
export function readU32le(octets: Uint8Array, at: number): number {
  check(octets, at, 4)
  const low = (octets[at] ?? 0) | ((octets[at + 1] ?? 0) << 8)
  return (low | ((octets[at + 2] ?? 0) << 16) | ((octets[at + 3] ?? 0) << 24)) >>> 0
}

/** Reads an unsigned 64-bit number; above 2^53 only nearly, which is no simulated address anyway. */
export function readU64le(octets: Uint8Array, at: number): number {
  return readU32le(octets, at) + readU32le(octets, at + 4) * 0x1_0000_0000
}

/** Writes the low 32 bits of `value`. */
export function writeU32le(octets: Uint8Array, at: number, value: number): void {
  check(octets, at, 4)
  octets[at] = value
  octets[at + 1] = value >>> 8
  octets[at + 2] = value >>> 16
  octets[at + 3] = value >>> 24
}

/** Writes the low octets of `value`, as many as `width` says. */
export function writeLe(octets: Uint8Array, at: number, width: 1 | 2 | 4 | 8, value: number): void {
  check(octets, at, width)
  if (width === 8) writeU32le(octets, at + 4, Math.floor(value / 0x1_0000_0000))
  if (width >= 4) {
    writeU32le(octets, at, value % 0x1_0000_0000)
    return
  }
  octets[at] = value
  if (width === 2) octets[at + 1] = value >>> 8
}

function check(octets: Uint8Array, at: number, width: number): void {
  if (at < 0 || at + width > octets.length) throw new RangeError(`octets ${at}+${width} of ${octets.length}`)
}

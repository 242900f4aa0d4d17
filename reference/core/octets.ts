// Bounds-checked big-endian access to octets, and octets as hexadecimal digits.

/** Reads an unsigned 16-bit number at `at`. */
export function readU16(octets: Uint8Array, at: number): number {
  check(octets, at, 2)
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0)
}

/** Reads an unsigned 32-bit number at `at`. */
export function readU32(octets: Uint8Array, at: number): number {
  check(octets, at, 4)
  const high = ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0)
  return ((high << 16) | ((octets[at + 2] ?? 0) << 8) | (octets[at + 3] ?? 0)) >>> 0
}

/** Reads an unsigned 64-bit number below 2^53, which is what a simulated address is. */
export function readU64(octets: Uint8Array, at: number): number {
  return readU32(octets, at) * 0x1_0000_0000 + readU32(octets, at + 4)
}

/** Writes the low 16 bits of `value` at `at`. */
export function writeU16(octets: Uint8Array, at: number, value: number): void {
  check(octets, at, 2)
  octets[at] = value >>> 8
  octets[at + 1] = value
}

/** Writes the low 32 bits of `value` at `at`. */
export function writeU32(octets: Uint8Array, at: number, value: number): void {
  check(octets, at, 4)
  octets[at] = value >>> 24
  octets[at + 1] = value >>> 16
  octets[at + 2] = value >>> 8
  octets[at + 3] = value
}

/** Writes a whole number below 2^53 as 64 bits. */
export function writeU64(octets: Uint8Array, at: number, value: number): void {
  writeU32(octets, at, Math.floor(value / 0x1_0000_0000))
  writeU32(octets, at + 4, value % 0x1_0000_0000)
}

const hexOfOctet = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'))

/** Octets `from` up to `to` as lower-case hexadecimal digits. */
export function toHex(octets: Uint8Array, from: number, to: number): string {
  let digits = ''
  for (let i = from; i < to; i++) digits += hexOfOctet[octets[i] ?? 0] ?? ''
  return digits
}

function check(octets: Uint8Array, at: number, width: number): void {
  if (at < 0 || at + width > octets.length) throw new RangeError(`octets ${at}+${width} of ${octets.length}`)
}

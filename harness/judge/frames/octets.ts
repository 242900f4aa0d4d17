// Numbers and digits in octets, in the order that the wire has them.

export type OctetOrder = 'big' | 'little'

/** The number that `count` octets at `at` hold; octets past the end read as 0. */
export function numberAt(octets: Uint8Array, at: number, count: number, order: OctetOrder): number {
  let value = 0
  for (let i = 0; i < count; i++) value = value * 256 + (octets[at + (order === 'big' ? i : count - 1 - i)] ?? 0)
  return value
}

/** Writes `value` into `count` octets at `at`; what does not fit is cut off. */
export function putNumber(
  octets: Uint8Array,
  place: { at: number; count: number; order: OctetOrder },
  value: number,
): void {
  const { at, count, order } = place
  let rest = value
  for (let i = 0; i < count; i++) {
    octets[at + (order === 'big' ? count - 1 - i : i)] = rest % 256
    rest = Math.floor(rest / 256)
  }
}

/** Octets `from` up to `to` as lower-case hexadecimal digits. */
export function hexOf(octets: Uint8Array, from: number, to: number): string {
  let text = ''
  for (let i = from; i < to; i++) text += digitPairs[octets[i] ?? 0]
  return text
}

const digitPairs: readonly string[] = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'))

/** The octets that hexadecimal digits stand for; anything else reads as 0. */
export function octetsOfHex(digits: string): Uint8Array {
  const octets = new Uint8Array(Math.floor(digits.length / 2))
  for (let i = 0; i < octets.length; i++) {
    octets[i] = valueOf(digits.charCodeAt(i * 2)) * 16 + valueOf(digits.charCodeAt(i * 2 + 1))
  }
  return octets
}

function valueOf(digit: number): number {
  if (digit >= 0x30 && digit <= 0x39) return digit - 0x30
  return digit >= 0x61 && digit <= 0x66 ? digit - 0x57 : 0
}

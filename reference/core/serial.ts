// Serial numbers of 32 bits: counting and comparing across the wrap (as RFC 1982).

/** How far `to` is ahead of `from`: negative if it is behind. */
export function serialDistance(from: number, to: number): number {
  return (to - from) | 0
}

/** The serial number `steps` after `serial`. */
export function serialAdd(serial: number, steps: number): number {
  return (serial + steps) >>> 0
}

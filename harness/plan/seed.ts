// Derives the seed of a permutation from its full name, so that no other case, selection or order can shift it.

/**
 * FNV-1a (32 bits) over the UTF-16 code units of the name, low octet first, and then over the four octets of the run's
 * seed, low octet first; an unsigned 32-bit number.
 */
export function seedOf(name: string, runSeed: number): number {
  let hash = 0x811c9dc5
  const take = (octet: number): void => {
    hash = Math.imul(hash ^ (octet & 0xff), 0x01000193)
  }
  for (let i = 0; i < name.length; i++) {
    take(name.charCodeAt(i))
    take(name.charCodeAt(i) >>> 8)
  }
  for (let shift = 0; shift < 32; shift += 8) take(runSeed >>> shift)
  return hash >>> 0
}

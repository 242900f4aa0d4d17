// The octets that a case expects, made from its patterns.
import { writePattern } from '../../spec/vocabulary/memory.ts'
import type { ExpectedOctets } from '../plan/expectation.ts'

export function octetCount(octets: ExpectedOctets): number {
  return octets.reduce((sum, piece) => sum + piece.bytes, 0)
}

/** All pieces, one after the other. */
export function writeExpected(octets: ExpectedOctets): Uint8Array {
  const into = new Uint8Array(octetCount(octets))
  let from = 0
  for (const { pattern, position, bytes } of octets) {
    writePattern(pattern, into, { from, to: from + bytes, position })
    from += bytes
  }
  return into
}

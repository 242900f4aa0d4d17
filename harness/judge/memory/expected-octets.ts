// The octets that a case expects, made from its patterns.
import { crc32c, writePattern, type Range } from '../../../spec/vocabulary/memory.ts'
import type { ExpectedOctets } from '../../plan/expectation.ts'
import { onceFor } from '../../plan/once-for.ts'

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

/** Octets of an expectation that one range is to hold, and their digest. */
export interface ExpectedRange {
  readonly at: Range
  /** How many of the expected octets stand in ranges before this one. */
  readonly from: number
  readonly digest: number
}

/** Ranges cut to the octets that are expected there: what lies behind them is not judged. */
export function expectedRanges(at: readonly Range[], octets: ExpectedOctets): readonly ExpectedRange[] {
  const digests = digestsOf(octets)
  const ranges: ExpectedRange[] = []
  let from = 0
  for (const range of clipped(at, octetCount(octets))) {
    const key = `${from}+${range.bytes}`
    const known = digests.get(key)
    const digest = known ?? crc32c(writeExpected(octets), from, from + range.bytes)
    if (known === undefined) digests.set(key, digest)
    ranges.push({ at: range, from, digest })
    from += range.bytes
  }
  return ranges
}

/** Digests of parts of what is expected: cases are run again and again. */
const digestsOf: (octets: ExpectedOctets) => Map<string, number> = onceFor(() => new Map())

function clipped(ranges: readonly Range[], octets: number): readonly Range[] {
  const kept: Range[] = []
  let left = octets
  for (const range of ranges) {
    const bytes = Math.min(range.bytes, left)
    if (bytes > 0) kept.push({ ...range, bytes })
    left -= bytes
  }
  return kept
}

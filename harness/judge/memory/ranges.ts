// Ranges of a host's memory: whether two have an octet in common.
import type { Range } from '../../../spec/vocabulary/memory.ts'

export function overlap(one: Range, other: Range): boolean {
  if (one.buffer !== other.buffer) return false
  return one.offset < other.offset + other.bytes && other.offset < one.offset + one.bytes
}

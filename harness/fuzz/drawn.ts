// What stands in the place of a file's lines where steps were drawn.
import type { SourcePosition } from '../plan/position.ts'

/** The position of everything that was drawn and not written down. */
export const drawn: SourcePosition = { file: 'drawn', line: 0, column: 0 }

/** `place` counted modulo the length of a list that is not empty. */
export function pick<Item>(from: readonly Item[], place: number): Item {
  const item = from[place % from.length]
  if (item === undefined) throw new RangeError('there is nothing to pick from')
  return item
}

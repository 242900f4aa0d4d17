// How long the messages of a drawn program are.
import type { Cutting } from '../../judge/emp/cutting.ts'

/** Frames that fit a page where it takes few of them. */
const framesOfPage = 8
/** The most that an octet counts, and what sixteen bits do. */
const framesOfOctet = 256
const lengthMax = 0xffff

/** Sizes around the ends of frames, the simplest first; where a page takes few frames, around its end as well. */
export function edgesOf({ first, rest }: Cutting, page: number): readonly number[] {
  const few = [1, 0, first, first + 1, first - 1, first + rest, first + rest + 1, first + rest - 1]
  const several = [2, 3, 5, 7].flatMap((frames) => [first + frames * rest, first + frames * rest + 1])
  // Where a frame takes long, at most more octets than sixteen bits count.
  if (page < framesOfPage * rest) return [...few, page - 1, page, page + 1, 2 * page, lengthMax + 1]
  // Seldom more frames than an octet counts.
  return [...few, ...few, ...several, first + framesOfOctet * rest]
}

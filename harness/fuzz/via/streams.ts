// Many messages over one connection, each taken before the next one goes: numbers of messages and of frames may be too small for them.
import { integer, nat, oneof, type Arbitrary } from 'fast-check'
import { pick } from '../drawn.ts'
import { across, drain, plainly, post, untilRest, type Ways } from './posting.ts'
import type { Script } from './script.ts'

/** How many there are most often; at last more than an octet counts. */
const few = [2, 3, 5, 9] as const
const counts = [...few, 33, 70, 260] as const

/** Which count: large ones are dear. */
export const streamCount: Arbitrary<number> = oneof(
  { weight: 24, arbitrary: nat(few.length - 1) },
  { weight: 1, arbitrary: integer({ min: few.length, max: counts.length - 1 }) },
)

/** Octets of a message. */
const short = 8

/** What a move says of a stream. */
export type Streaming = {
  readonly count: number
  /** 0: each message comes when the one before it is at rest, whatever befell it. */
  readonly pace: number
}

/** Messages from one end to the other, each of which both ends look for before the next one is sent. */
export function stream(script: Script, { from, to }: Ways, { count, pace }: Streaming): void {
  for (let left = pick(counts, count); left > 0; left--) {
    post(script, to, 'recv', plainly(short))
    post(script, from, 'send', plainly(short))
    script.pause(pace === 0 ? untilRest : across)
    for (const end of [from, to]) drain(script, end, 1)
  }
}

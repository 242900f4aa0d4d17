// What two connections of a drawn program carry at the same time, in turn.
import { pick } from '../drawn.ts'
import { plainly, post, type Ways } from './posting.ts'
import { operateWell } from './rdma.ts'
import type { Script } from './script.ts'

/** Two ends, and how many octets go from the one to the other. */
export interface Loaded extends Ways {
  readonly bytes: number
}

type Load = (script: Script, each: readonly Loaded[]) => void

/** Two messages over each, and receives for them. */
function messages(immediate: boolean): Load {
  return (script, each) => {
    for (const { to, bytes } of [...each, ...each]) post(script, to, 'recv', plainly(bytes))
    for (const { from, bytes } of [...each, ...each]) post(script, from, 'send', { ...plainly(bytes), immediate })
  }
}

const loads: readonly Load[] = [
  messages(false),
  messages(true),
  (script, each) => {
    for (const { bytes, ...ways } of each) operateWell(script, ways, 'rdma-write', bytes)
  },
  (script, each) => {
    for (const { bytes, ...ways } of each) operateWell(script, ways, 'rdma-read', bytes)
  },
]

/** How many kinds of loads there are. */
export const waysBeside = loads.length

/** Lets connections carry what a move says. */
export function carryBeside(script: Script, each: readonly Loaded[], what: number): void {
  pick(loads, what)(script, each)
}

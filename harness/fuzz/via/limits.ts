// Makes as many of a kind as there may be, and one more; gives one back, and makes another. Or one is kept by what uses it, and asked back in vain before.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { Script } from './script.ts'

/** A limit that is larger is not worth its calls. */
const mostTried = 7

export interface Limited {
  /** How many there may be. */
  readonly most: number
  readonly makes: (as: string) => CallBody
  readonly gives: (name: string) => CallBody
}

/** One is there already as a rule. */
export function exhaust(script: Script, node: NodeIndex, { most, makes, gives }: Limited): void {
  const make = (): string => {
    const as = script.fresh('x')
    script.call(node, makes(as))
    return as
  }
  const first = make()
  if (most > mostTried) {
    script.call(node, gives(first))
    return
  }
  for (let count = 1; count < most; count++) make()
  script.call(node, gives(first))
  make()
  make()
}

/** What cannot be given back while it is used, or not in this way. */
export interface Kept extends Omit<Limited, 'gives'> {
  readonly uses?: (name: string) => void
  /** Must be refused. */
  readonly asksBack: (name: string) => CallBody
}

/** One is asked back in vain, again and again: it still counts when there are to be as many as there may, and one more. */
export function exhaustKept(script: Script, node: NodeIndex, { most, makes, uses, asksBack }: Kept): void {
  const make = (): string => {
    const as = script.fresh('x')
    script.call(node, makes(as))
    return as
  }
  const kept = make()
  uses?.(kept)
  for (let times = 0; times < inVain; times++) script.call(node, asksBack(kept))
  if (most > mostTried) return
  for (let count = 1; count <= most; count++) make()
}

/** How often it is asked back: more often than a count of so many can go down. */
const inVain = 3

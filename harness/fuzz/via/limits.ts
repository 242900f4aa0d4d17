// Makes as many of a kind as there may be, and one more; gives one back, and makes another.
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

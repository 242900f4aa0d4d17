// What is asked of hosts in other processes: the turns that are due, whose answer is awaited, and the calls that went ahead.
import type { NodeIndex } from '../../spec/vocabulary/units.ts'
import type { Turn, TurnAnswer } from '../subject/turn.ts'
import { Foresight } from './foresight.ts'
import type { Script } from './script.ts'

export class Exchanges {
  readonly foresight = new Foresight()
  private readonly isRemote: (node: NodeIndex) => boolean
  private due: readonly Turn[] | undefined
  private awaited: NodeIndex = -1

  constructor(isRemote: (node: NodeIndex) => boolean) {
    this.isRemote = isRemote
  }

  clear(): void {
    this.due = undefined
    this.awaited = -1
    this.foresight.clear()
  }

  /** Turns are to be handed out before anything else happens. */
  get areDue(): boolean {
    return this.due !== undefined
  }

  /** Turns of one instant: one, or the calls of a race by a real clock. */
  ask(turns: readonly Turn[]): void {
    this.due = turns
  }

  /** The turns that are due; behind a call those that `script`, if given, will issue after it. */
  handOut(script: Script | undefined): readonly Turn[] {
    const turns = this.due ?? []
    const [turn] = turns
    this.due = undefined
    this.awaited = turn?.endpoint ?? -1
    const [input] = turn?.inputs ?? []
    if (!script || !turn || input?.kind !== 'call') return turns
    const upcoming = script.upcoming?.({ node: turn.endpoint, call: input.call }) ?? []
    const ahead = this.foresight.look(upcoming, this.isRemote)
    const { now } = turn
    return [turn, ...ahead.map(({ node, call }): Turn => ({ now, endpoint: node, inputs: [{ kind: 'call', call }] }))]
  }

  /** Who is answered first. The further answers wait until their calls are issued. */
  answered(further: readonly TurnAnswer[]): NodeIndex {
    const node = this.awaited
    if (node < 0) throw new Error('no answer is awaited')
    this.awaited = -1
    this.foresight.answered(further)
    return node
  }
}

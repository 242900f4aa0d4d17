// Which of several possible things goes next: what was to be chosen, and what was.
import { counted } from '../../spec/vocabulary/units.ts'

/** Asked by the world whenever more than one thing could go at an instant. */
export interface Schedule {
  /** A number from 0 up to `alternatives` (exclusive). */
  choose(alternatives: number): number
}

/** Draws a number from 0 up to `alternatives` (exclusive). */
export type Draw = (alternatives: number) => number

/** Follows given choices, then takes the first; records what was chosen and from how many. */
export class RecordedSchedule implements Schedule {
  readonly choices: number[] = []
  readonly alternatives: number[] = []
  /** The first given choice that asked for more than there was: its place, from 0, and how many alternatives there were. */
  misfit: { readonly place: number; readonly wanted: number; readonly alternatives: number } | undefined
  private readonly prefix: readonly number[]
  private readonly draw: Draw | undefined

  /** After `prefix`, `draw` chooses; without it, the first. */
  constructor(prefix: readonly number[], draw?: Draw) {
    this.prefix = prefix
    this.draw = draw
  }

  choose(alternatives: number): number {
    const wanted = this.prefix[this.choices.length] ?? this.draw?.(alternatives) ?? 0
    // A prefix of another version of the case may ask for more than there is.
    if (wanted >= alternatives) this.misfit ??= { place: this.choices.length, wanted, alternatives }
    const choice = Math.min(wanted, alternatives - 1)
    this.choices.push(choice)
    this.alternatives.push(alternatives)
    return choice
  }
}

/** What to say of choices that were asked for by hand and could not be followed; undefined if they could. */
export function misfitWords({ misfit, choices }: RecordedSchedule, asked: readonly number[]): string | undefined {
  if (misfit) {
    const { place, wanted, alternatives } = misfit
    return `choice ${place + 1} of the schedule is ${wanted}, and there ${alternatives === 1 ? 'was' : 'were'} only ${alternatives} to choose from, the last of which was taken`
  }
  if (choices.length >= asked.length) return undefined
  return `the schedule has ${counted(asked.length, 'choice')}, and there ${choices.length === 1 ? 'was' : 'were'} only ${choices.length} to make`
}

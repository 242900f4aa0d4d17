// One thing that is checked of an adapter, and what came of it.
import type { Greeting } from '../../../adapters/process/protocol.ts'
import type { Patient } from './patient.ts'

/**
 * What a check found: all is right, what was seen that is wrong, or why the question does not arise. `needy`: it was not
 * made, since the check of this name failed, or was not made itself.
 */
export type Outcome =
  | { readonly kind: 'right' }
  /** `advice` stands in place of that of the check. */
  | { readonly kind: 'wrong'; readonly seen: string; readonly advice?: string }
  | { readonly kind: 'unasked'; readonly why: string }
  | { readonly kind: 'needy'; readonly needs: string }
  /** The adapter hung, so that nobody knows; `where`, and all that was `seen` of it. */
  | { readonly kind: 'hung'; readonly where: string; readonly seen: string }

export interface Check {
  /** Short and unique, such as `unknown-operation`. */
  readonly name: string
  /** What holds of an adapter that passes, as the rest of a sentence that begins with it. */
  readonly words: string
  /** What to change in one that does not. */
  readonly advice: string
  /** Names of earlier checks: where one of these failed, this one could only fail as well. */
  readonly needs?: readonly string[]
  /** May reject with an `AdapterFailure`, which is then what was seen. */
  readonly run: (patient: Patient) => Promise<Outcome>
}

export const right: Outcome = { kind: 'right' }

export function wrong(seen: string): Outcome {
  return { kind: 'wrong', seen }
}

export function unasked(why: string): Outcome {
  return { kind: 'unasked', why }
}

/** Right, unless something was seen. */
export function wrongIf(seen: string | undefined): Outcome {
  return seen === undefined ? right : wrong(seen)
}

/** A check of what the greeting declares, or of what depends on it. */
export function greeted(
  run: (patient: Patient, greeting: Greeting) => Outcome | Promise<Outcome>,
): (patient: Patient) => Promise<Outcome> {
  return async (patient) => {
    const { greeting } = patient
    return greeting ? run(patient, greeting) : { kind: 'needy', needs: 'greeting' }
  }
}

/** The same checks, made only where those that they need did not fail. */
export function needing(needs: readonly string[], given: readonly Check[]): readonly Check[] {
  return given.map((each) => ({ ...each, needs: [...needs, ...(each.needs ?? [])] }))
}

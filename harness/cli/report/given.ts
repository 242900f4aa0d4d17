// What a run was given, as its report tells of it: so it can be held against the same again.
import { matcherOf } from '../../plan/select.ts'
import type { GateFacts, PermutationResult, Report, ReportedPics } from '../../result/report.ts'
import type { Pics } from '../../subject/pics.ts'
import type { Project } from '../project/project.ts'
import type { GivenBaseline, GivenGate } from './assemble.ts'

/** What the implementation declared. */
export function givenPics({ interfaces, clock, wire, profile, options, values }: ReportedPics): Pics {
  return {
    interfaces,
    clock: clock === 'real' ? 'real' : 'virtual',
    wire: wire === 'none' ? 'none' : 'frames',
    ...(profile === undefined ? {} : { profile }),
    options,
    values: Object.fromEntries(
      Object.entries(values).map(([key, { value, least, most }]) => [
        key,
        least === undefined || most === undefined ? { value } : { value, settable: { least, most } },
      ]),
    ),
  }
}

/**
 * The baseline and the gate, without what became of them; neither where none was given.
 * @param names The full names of all permutations, whatever was selected.
 */
export function givenTerms(
  { baseline, gate }: Report,
  { declared }: Project,
  names: readonly string[],
): { readonly baseline?: GivenBaseline; readonly gate?: GivenGate } {
  const entries = baseline?.entries.map((standing) => {
    const { permutations: _, problem: __, ...entry } = standing
    return { ...entry, matches: matcherOf(entry.pattern, declared) }
  })
  return { ...(entries ? { baseline: { entries, names } } : {}), ...(gate ? { gate: givenGate(gate) } : {}) }
}

/** Without what became of it. */
export function givenGate({ waivers, policy }: GateFacts): GivenGate {
  return {
    waivers: waivers.map((standing) => {
      const { problem: _, ...waiver } = standing
      return waiver
    }),
    policy,
  }
}

/** A row as it was before it was held against a baseline or a gate. */
export function withoutKnown(given: PermutationResult): PermutationResult {
  const { known: _, ...row } = given
  return row
}

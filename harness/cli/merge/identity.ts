// Whether several parts are of one run: what has to be the same in all of them, and which part has it otherwise.
import type { Report } from '../../result/report.ts'
import { grouped } from '../../../reports/grouped.ts'
import { givenGate } from '../report/given.ts'
import type { Part } from './part.ts'

/** How many differences of one part are named. */
const differencesShown = 6

/** What of a report is the same in all parts of a run. */
function identityOf({ harness, suites, strength, implementation, pics, run, baseline, gate }: Report): object {
  const { digest, permutations } = suites
  // What became of an entry is of the part.
  const known = baseline?.entries.map((standing) => {
    const { permutations: _, problem: __, ...entry } = standing
    return entry
  })
  const { seed, options = {} } = run
  return {
    harness,
    suites: { digest, permutations },
    strength,
    implementation,
    pics,
    seed,
    options,
    baseline: known,
    gate: gate && givenGate(gate),
  }
}

/** A line for each part that is of another run than most of them; none if all are of one. */
export function differencesAmong(parts: readonly Part[]): readonly string[] {
  const kinds = [...grouped(parts, ({ report }) => JSON.stringify(identityOf(report))).values()]
  const [first, ...others] = kinds.toSorted((one, other) => other.length - one.length)
  const [usual] = first ?? []
  if (!usual) return []
  return others.flat().map(({ path, report }) => {
    const said = differencesIn(identityOf(report), identityOf(usual.report))
    const more = said.length - differencesShown
    const shown = said.slice(0, differencesShown).join('; ')
    return `${path} is not of the run that ${usual.path} is of: ${shown}${more > 0 ? `; and ${more} more` : ''}.`
  })
}

/** A line for each part that was not made with these suites, by this viaduct: then nobody here can judge it as a whole. */
export function foreignParts(
  parts: readonly Part[],
  own: Pick<Report, 'harness' | 'strength'> & { digest: string },
): readonly string[] {
  const ownIdentity = { harness: own.harness, suites: { digest: own.digest }, strength: own.strength }
  return parts.flatMap(({ path, report: { harness, suites, strength } }) => {
    const said = differencesIn({ harness, suites: { digest: suites.digest }, strength }, ownIdentity)
    return said.length === 0
      ? []
      : [
          `${path} was made by another viaduct, or with other suites, than those here: ${said.join('; ')}. Merge it where it was made.`,
        ]
  })
}

/** Every member that is not the same, by its path, with both values. */
function differencesIn(given: object, usual: object): readonly string[] {
  const [here, there] = [new Map(leavesOf(given, '')), new Map(leavesOf(usual, ''))]
  const names = [...new Set([...here.keys(), ...there.keys()])].filter((name) => here.get(name) !== there.get(name))
  return names.map((name) => `${name} is ${here.get(name) ?? 'not there'}, not ${there.get(name) ?? 'absent'}`)
}

function leavesOf(value: unknown, path: string): readonly (readonly [path: string, words: string])[] {
  if (typeof value !== 'object' || value === null) return value === undefined ? [] : [[path, JSON.stringify(value)]]
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, path === '' ? name : `${path}.${name}`))
}

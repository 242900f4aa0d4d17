// From a report to what the build should think of it: one exit code, with the reason in words.
import { counted } from '../../spec/vocabulary/units.ts'
import type { KnownReason, Report } from '../result/report.ts'
import { hasRun, isBad } from '../result/verdict.ts'
import { exitCodes } from './exit-codes.ts'

export interface Exit {
  readonly code: number
  readonly why: string
}

/** Rules in order of precedence; the first that has something to say decides. */
const rules: readonly ((report: Judged) => Exit | undefined)[] = [
  ({ run }) =>
    run.interrupted
      ? { code: exitCodes.interrupted, why: 'the run was interrupted; the report is partial' }
      : undefined,
  ({ totals, fuzz }) => {
    const where = fuzz ? `: ${counted(totals.error, 'kind')} of failure` : ` in ${counted(totals.error, 'permutation')}`
    return totals.error > 0 ? { code: exitCodes.harness, why: `the harness itself failed${where}` } : undefined
  },
  (judged) => {
    const { totals, fuzz, baseline } = judged
    const known = knownOf(judged)
    const bad = totals.fail + totals.timeout + totals.crash - known.bad
    if (bad === 0) return undefined
    const beside = baseline ? ' that the baseline does not know' : ''
    const found = `${counted(bad, 'kind')} of failure in ${counted(runsOf(fuzz), 'drawn run')}`
    return { code: exitCodes.failed, why: fuzz ? found : `${counted(bad, 'permutation')} failed${beside}` }
  },
  ({ baseline }) => {
    const [first, ...others] = baseline?.entries.filter(({ problem }) => problem !== '') ?? []
    if (!first) return undefined
    const what = others.length === 0 ? '1 entry of the baseline is' : `${others.length + 1} entries of the baseline are`
    return { code: exitCodes.failed, why: `${what} no longer right: ${first.pattern}: ${first.problem}` }
  },
  ({ gate }) => {
    const [first, ...others] = gate?.waivers.filter(({ problem }) => problem !== '') ?? []
    if (!first) return undefined
    const what = others.length === 0 ? '1 waiver of the gate is' : `${others.length + 1} waivers of the gate are`
    return { code: exitCodes.failed, why: `${what} no longer right: ${first.requirement}: ${first.problem}` }
  },
  ({ fuzz }) => {
    const runs = runsOf(fuzz)
    return runs > 0
      ? { code: exitCodes.ok, why: `${counted(runs, 'drawn run')}, and nothing was forbidden` }
      : undefined
  },
  ({ cases }) =>
    cases.some(({ verdict }) => hasRun(verdict))
      ? undefined
      : { code: exitCodes.indeterminate, why: 'nothing ran: no case applies' },
  ({ gate }) => {
    const [first, ...others] = gate?.terms.filter(({ standing }) => standing === 'missed') ?? []
    if (!first) return undefined
    const more = others.length === 0 ? '' : `, and ${counted(others.length, 'term')} more`
    const { term, asked, seen } = first
    return { code: exitCodes.indeterminate, why: `the gate is missed: ${term}: asked ${asked}, seen ${seen}${more}` }
  },
  (judged) => {
    const unproved = judged.totals.inconclusive - knownOf(judged).inconclusive
    return unproved > 0
      ? { code: exitCodes.indeterminate, why: `${counted(unproved, 'permutation')} proved nothing` }
      : undefined
  },
  ({ run, requirements, cases, gate }) => {
    if (run.selection.length > 0) return undefined
    // The class that a gate asks for says which of them matter.
    const asked = new Set(Object.keys(gate?.policy.classes ?? {}))
    // What a known failure leaves open is known with it.
    const known = new Set(cases.filter((row) => row.known).map((row) => `${row.suite}/${row.case}`))
    const open = requirements.filter(
      ({ keyword, verdict, cases: ids, interface: of }) =>
        keyword === 'must' &&
        !asked.has(of) &&
        (verdict === 'unverified' || verdict === 'partly') &&
        !ids.some((id) => known.has(id)),
    )
    return open.length > 0
      ? {
          code: exitCodes.indeterminate,
          why: `${counted(open.length, 'applicable MUST')} not verified: ${some(open.map(({ id }) => id))}`,
        }
      : undefined
  },
]

function runsOf(searches: Report['fuzz'] = []): number {
  return searches.reduce((sum, { runs }) => sum + runs, 0)
}

/** The parts of a report that the gate reads. */
export type Judged = Pick<Report, 'run' | 'totals' | 'cases' | 'requirements' | 'baseline' | 'gate' | 'fuzz'>

/** How many rows are as the baseline says, by what they come to. */
function knownOf({ cases }: Judged): { readonly bad: number; readonly inconclusive: number } {
  const known = cases.filter((row) => row.known)
  const bad = known.filter(({ verdict }) => isBad(verdict)).length
  return { bad, inconclusive: known.length - bad }
}

export function exitOf(report: Judged): Exit {
  for (const rule of rules) {
    const exit = rule(report)
    if (exit) return exit
  }
  const { pass } = report.totals
  const accepted = acceptedWords(report)
  if (accepted !== '') return { code: exitCodes.ok, why: `${counted(pass, 'permutation')} passed, and ${accepted}` }
  return {
    code: exitCodes.ok,
    why: pass === 1 ? 'the 1 permutation that applies passed' : `all ${pass} permutations that apply passed`,
  }
}

/** `2 failures are as the baseline knows, 1 is waived`; empty if all passed. */
function acceptedWords({ cases }: Judged): string {
  const of = (wanted: KnownReason['by']): number => cases.filter(({ known }) => known && known.by === wanted).length
  const kinds: readonly (readonly [number, string])[] = [
    [of(undefined), 'as the baseline knows'],
    [of('waiver'), 'waived by the gate'],
    [of('dispute'), 'about what is disputed'],
    [of('warning'), 'about no MUST'],
    [of('unstable'), 'unstable, as the gate allows'],
  ]
  const told = kinds.filter(([count]) => count > 0)
  return told
    .map(
      ([count, words], place) =>
        `${place === 0 ? counted(count, 'failure') : count} ${count === 1 ? 'is' : 'are'} ${words}`,
    )
    .join(', ')
}

/** Names that one line still takes. */
const namesMax = 8

function some(names: readonly string[]): string {
  const more = names.length - namesMax
  return more > 0 ? `${names.slice(0, namesMax).join(', ')} and ${more} more` : names.join(', ')
}

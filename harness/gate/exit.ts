// From a report to what the build should think of it: one exit code, with the reason in words.
import { counted } from '../../spec/vocabulary/units.ts'
import type { Report } from '../result/report.ts'
import { hasRun } from '../result/verdict.ts'
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
  ({ totals, fuzz }) => {
    const bad = totals.fail + totals.timeout + totals.crash
    if (bad === 0) return undefined
    const found = `${counted(bad, 'kind')} of failure in ${counted(runsOf(fuzz), 'drawn run')}`
    return { code: exitCodes.failed, why: fuzz ? found : `${counted(bad, 'permutation')} failed` }
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
  ({ totals }) =>
    totals.inconclusive > 0
      ? { code: exitCodes.indeterminate, why: `${counted(totals.inconclusive, 'permutation')} proved nothing` }
      : undefined,
  ({ run, requirements }) => {
    if (run.selection.length > 0) return undefined
    const open = requirements.filter(
      ({ keyword, verdict }) => keyword === 'must' && (verdict === 'unverified' || verdict === 'partly'),
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
export type Judged = Pick<Report, 'run' | 'totals' | 'cases' | 'requirements' | 'fuzz'>

export function exitOf(report: Judged): Exit {
  for (const rule of rules) {
    const exit = rule(report)
    if (exit) return exit
  }
  const { pass } = report.totals
  return {
    code: exitCodes.ok,
    why: pass === 1 ? 'the 1 permutation that applies passed' : `all ${pass} permutations that apply passed`,
  }
}

/** Names that one line still takes. */
const namesMax = 8

function some(names: readonly string[]): string {
  const more = names.length - namesMax
  return more > 0 ? `${names.slice(0, namesMax).join(', ')} and ${more} more` : names.join(', ')
}

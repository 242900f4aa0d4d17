// Runs permutations one after the other, and turns each into a row of the result document.
import type { Permutation } from '../plan/permutation.ts'
import type { PermutationResult } from '../result/report.ts'
import { runBelievably, type Ended, type Run } from './believing.ts'
import { Hangs } from './hangs.ts'
import type { RunOptions } from './run-options.ts'
import { runsOf } from './runs.ts'
import { Worlds } from './worlds.ts'

/** A row for every permutation, in order. */
export async function* runPermutations(
  permutations: Iterable<Permutation>,
  options: RunOptions,
): AsyncGenerator<PermutationResult> {
  const worlds = new Worlds({ iut: options.iut, reference: options.reference })
  const hangs = new Hangs(options.hangs)
  const { process, order } = options
  for (const permutation of permutations) {
    await process.breathe()
    if (permutation.notApplicable !== undefined)
      yield unrun(permutation, options, 'not-applicable', permutation.notApplicable)
    else if (process.interrupted()) yield cutShort(permutation, options)
    else if (hangs.enough !== undefined) yield unrun(permutation, options, 'skipped', hangs.enough)
    else {
      const run: Run = async (choices) => {
        // Meanwhile others may have hung often enough.
        if (hangs.enough !== undefined) return notRun(unrun(permutation, options, 'skipped', hangs.enough))
        return runOne(permutation, worlds, choices ? { ...options, order: { ...order, choices } } : options)
      }
      const { row, hung } = await runBelievably(options.iut, run, options.believesAtOnce === true)
      if (row.verdict !== 'skipped') hangs.note(hung)
      yield row
    }
  }
}

async function runOne(permutation: Permutation, worlds: Worlds, options: RunOptions): Promise<Ended> {
  const { stopwatch } = options.process
  const start = stopwatch()
  const runs = await runsOf(permutation, worlds, options)
  if (!runs) return notRun(cutShort(permutation, options))
  const { worst, exploration } = runs
  const { verdict, blame, reason, outcome, findings, proves } = worst.judgement
  const row: PermutationResult = {
    verdict,
    blame,
    reason,
    ...(findings.some(({ lostTo }) => lostTo === 'clock') ? { lostTo: 'clock' } : {}),
    ...(outcome ? { outcome } : {}),
    findings,
    proves,
    ...(exploration ? { exploration } : {}),
    virtualNanoseconds: worst.virtualNanoseconds,
    realMicroseconds: Math.round(stopwatch() - start),
    traceDigest: worst.digest,
    repeat: options.repeat(permutation, exploration && verdict !== 'pass' ? worst.choices : undefined),
    // A single run of several may prove too little while all of them together pass.
    ...(worst.failure && verdict !== 'pass' ? { failure: worst.failure } : {}),
    ...facts(permutation),
  }
  const { choices, hung, incident } = worst
  return { row, choices, hung, incident }
}

/** What a row says of its permutation, however it ended. */
function facts(
  permutation: Permutation,
): Pick<PermutationResult, 'name' | 'suite' | 'case' | 'title' | 'interface' | 'class' | 'axes' | 'roles' | 'seed'> {
  const { name, suite, case: declared, title, interface: over, class: level, axes, roles, seed } = permutation
  return { name, suite, case: declared, title, interface: over, class: level, axes, roles, seed }
}

function notRun(row: PermutationResult): Ended {
  return { row, choices: [], hung: false, incident: undefined }
}

/** The row of a permutation that was not run. */
function cutShort(permutation: Permutation, options: RunOptions): PermutationResult {
  return unrun(permutation, options, 'skipped', 'the run was interrupted')
}

function unrun(
  permutation: Permutation,
  options: RunOptions,
  verdict: 'not-applicable' | 'skipped',
  reason: string,
): PermutationResult {
  return {
    verdict,
    blame: 'nobody',
    reason,
    ...(permutation.lostTo ? { lostTo: permutation.lostTo } : {}),
    findings: [],
    proves: [],
    virtualNanoseconds: 0,
    realMicroseconds: 0,
    traceDigest: '',
    repeat: options.repeat(permutation, undefined),
    ...facts(permutation),
  }
}

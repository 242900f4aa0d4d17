// viaduct run --jobs and --worlds: several processes of one adapter at once, or worlds of one, say what one says, in the same order.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { referenceAdapter } from '../adapters/reference/adapter.ts'
import { runJobs, type Session } from '../harness/cli/session/jobs.ts'
import { openProject } from '../harness/cli/project/project.ts'
import { permutationsFor } from '../harness/cli/session/session.ts'
import type { PermutationResult, Report } from '../harness/result/report.ts'
import { complaint, entry, folder, viaduct, written } from './viaduct-command.ts'

const served = `node '${entry}' serve reference`
const suite = 'emp.matching'
const tried = {
  one: viaduct(['run', suite, '--adapter', served, '--report', 'one', '--worlds', '1']),
  several: viaduct(['run', suite, '--adapter', served, '--report', 'several']),
  tooMany: viaduct(['run', suite, '--adapter', served, '--worlds', '33']),
  localWorlds: viaduct(['run', suite, '--worlds', '2']),
  worldsTranscript: viaduct(['run', suite, '--adapter', served, '--worlds', '2', '--transcript', 'said.txt']),
  three: viaduct(['run', suite, '--adapter', served, '--report', 'three', '--jobs', '3']),
  local: viaduct(['run', suite, '--jobs', '2']),
  localTranscript: viaduct(['run', suite, '--transcript', 'unsaid.txt']),
  localTimeout: viaduct(['replay', suite, '--adapter', 'mutant:emp-no-retransmit', '--call-timeout', '1s']),
  localPatience: viaduct(['run', suite, '--patience', '5s']),
  transcript: viaduct(['run', suite, '--adapter', served, '--jobs', '2', '--transcript', 'said.txt']),
  broken: viaduct(['run', suite, '--adapter', 'cat >/dev/null; exit 3', '--jobs', '2']),
}

/** Names, verdicts and digests, in the order of the report. */
function rowsOf(name: string): readonly string[] {
  const report: Report = JSON.parse(written(name, 'report.json'))
  return report.cases.map((row) => `${row.name} ${row.verdict} ${row.traceDigest}`)
}

await test('several processes at once give the rows of one, in their order', async (t) => {
  t.equal((await tried.one).code, 0)
  t.equal((await tried.three).code, 0, (await tried.three).stderr)
  t.ok(rowsOf('one').length > 10)
  t.same(rowsOf('three'), rowsOf('one'))
})

await test('several worlds of one process give the rows of one, in their order', async (t) => {
  t.equal((await tried.several).code, 0, (await tried.several).stderr)
  t.same(rowsOf('several'), rowsOf('one'))
})

await test('a process is not asked for more worlds than it says that it can host', async (t) => {
  t.match(
    await complaint(tried.tooMany),
    /^--worlds 33 is too many: .* says that a process of it hosts 32 worlds at once/,
  )
})

await test('what runs in this process does not run several times at once', async (t) => {
  t.match(await complaint(tried.local), /--jobs is for adapters that run in processes of their own/)
  t.match(await complaint(tried.localWorlds), /--worlds is for adapters that run in processes of their own/)
})

await test('of what runs in this process no answer is waited for, and nothing said is overheard', async (t) => {
  t.equal(await complaint(tried.localTranscript), '--transcript is for adapters that run in processes of their own.\n')
  t.equal(await complaint(tried.localTimeout), '--call-timeout is for adapters that run in processes of their own.\n')
  t.notOk(existsSync(join(folder, 'unsaid.txt')))
})

await test('patience is for real clocks', async (t) => {
  t.match(await complaint(tried.localPatience), /^--patience is for adapters that run by a real clock/)
})

await test('a transcript is of one process', async (t) => {
  t.match(await complaint(tried.transcript), /A transcript is of one process: leave --jobs out/)
  t.match(await complaint(tried.worldsTranscript), /A transcript is of one world after the other: leave --worlds out/)
})

await test('an adapter that cannot be started is told once', async (t) => {
  t.match(await complaint(tried.broken, 5), /^The adapter could not be started:/)
})

/** Runs some permutations on two adapters; the third comes too late, or is interrupted, at the tries that are named. */
async function triedTwice(verdicts: readonly PermutationResult['verdict'][]): Promise<readonly string[]> {
  const project = openProject()
  if (!project) throw new Error('there is no project')
  const adapter = referenceAdapter()
  const permutations = permutationsFor(project, adapter, 1).slice(0, 5)
  const late = permutations[2]?.name
  const template: PermutationResult = JSON.parse(written('one', 'report.json')).cases[0]
  let tries = 0
  const session: Session = async function* ({ permutations: given }) {
    for (const { name } of given) {
      await Promise.resolve()
      const verdict = name === late ? (verdicts[tries++] ?? 'fail') : 'pass'
      yield { ...template, name, verdict, ...(verdict === 'inconclusive' ? { lostTo: 'clock' } : {}) }
    }
  }
  const options = { project, adapter, permutations, repeat: (): string => '' }
  const rows: string[] = []
  for await (const { name, verdict } of runJobs([referenceAdapter()], options, session)) rows.push(`${name} ${verdict}`)
  return rows.map((row) => row.split(' ')[1] ?? '')
}

await test('what came too late beside others is run again when they are over, and keeps its place', async (t) => {
  await tried.one
  t.same(await triedTwice(['inconclusive', 'pass']), ['pass', 'pass', 'pass', 'pass', 'pass'])
  t.same(await triedTwice(['inconclusive', 'inconclusive']), ['pass', 'pass', 'inconclusive', 'pass', 'pass'])
  t.same(await triedTwice(['inconclusive', 'skipped']), ['pass', 'pass', 'inconclusive', 'pass', 'pass'])
  t.same(await triedTwice(['fail']), ['pass', 'pass', 'fail', 'pass', 'pass'])
})

await test('what runs at once is counted together where the adapter hangs, so that the rest is not waited for', async (t) => {
  const sessions = new Set<unknown>()
  const session: Session = async function* ({ permutations: given, hangs }) {
    await Promise.resolve()
    for (const permutation of given) if (permutation) sessions.add(hangs)
    yield* []
  }
  const project = openProject()
  if (!project) throw new Error('no project')
  const adapter = referenceAdapter()
  const permutations = permutationsFor(project, adapter, 1).slice(0, 5)
  for await (const row of runJobs([referenceAdapter()], { project, adapter, permutations, repeat: () => '' }, session))
    t.fail(row.name)
  t.equal(sessions.size, 1)
  t.notOk(sessions.has(undefined))
})

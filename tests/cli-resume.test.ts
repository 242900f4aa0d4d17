// viaduct run --resume: what a run has left that did not come to its end is taken over, if it was the same run.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { withEarlier } from '../harness/cli/report/resume.ts'
import type { PermutationResult, Report } from '../harness/result/report.ts'
import { complaint, folder, viaduct, written } from './viaduct-command.ts'

const trial = 'emp.truncation'

// What is in the way of the page leaves the rows of a run behind, as a kill does.
mkdirSync(join(folder, 'killed/index.html.part'), { recursive: true })
const killed = viaduct(['run', trial, '--report', 'killed']).then(() => {
  const [head = '', first = '', second = '', third = ''] = written('killed', 'report.jsonl').split('\n')
  for (const name of ['index.html.part', 'report.json'])
    rmSync(join(folder, 'killed', name), { recursive: true, force: true })
  const crashed: PermutationResult = { ...JSON.parse(first), verdict: 'crash' }
  writeFileSync(
    join(folder, 'killed/report.jsonl'),
    `${head}\n${JSON.stringify(crashed)}\n${second}\n${third.slice(0, 99)}`,
  )
})
const whole = viaduct(['run', trial, '--report', 'whole'])

async function* runNow(): AsyncGenerator<string> {
  yield* ['a', 'c']
}

function reportIn(name: string): Report {
  return JSON.parse(written(name, 'report.json'))
}

await test('a run of another seed is not gone on with', async (t) => {
  await killed
  const said = await complaint(viaduct(['run', trial, '--report', 'killed', '--resume', '--seed', '2']))
  t.match(said, /^The run in killed was of other suites, another seed or another implementation/)
})

await test('a run that was killed goes on where it ended, and its rows are taken as they are', async (t) => {
  await Promise.all([killed, whole])
  const { code, stdout } = await viaduct(['run', trial, '--report', 'killed', '--resume'])
  t.equal(code, 1, 'the row that is taken over says so')
  t.match(stdout, /^2 permutations taken over from an earlier part of the run$/m)
  const [resumed, fresh] = [reportIn('killed'), reportIn('whole')]
  t.equal(resumed.run.resumed, 2)
  t.equal(resumed.cases[0]?.verdict, 'crash')
  t.same(
    resumed.cases.map(({ name, traceDigest }) => [name, traceDigest]),
    fresh.cases.map(({ name, traceDigest }) => [name, traceDigest]),
  )
})

await test('a run that came to its end, or that is not there, is not gone on with', async (t) => {
  await whole
  t.match(await complaint(viaduct(['run', trial, '--report', 'whole', '--resume'])), /came to its end/)
  t.match(await complaint(viaduct(['run', trial, '--report', 'none', '--resume'])), /^There is no run in none/)
})

await test('rows come in the order of the plan, whichever of them are taken over', async (t) => {
  const plan = ['a', 'b', 'c', 'd'].map((name) => ({ name }))
  const earlier = new Map([
    ['b', 'b, taken over'],
    ['d', 'd, taken over'],
  ])
  const rows: string[] = []
  for await (const row of withEarlier(plan, earlier, runNow())) rows.push(row)
  t.same(rows, ['a', 'b, taken over', 'c', 'd, taken over'])
})

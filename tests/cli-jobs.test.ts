// viaduct run --jobs: several processes of one adapter at once say what one says, in the same order.
import { test } from 'tap'
import type { Report } from '../harness/result/report.ts'
import { complaint, entry, viaduct, written } from './viaduct-command.ts'

const served = `node '${entry}' serve reference`
const suite = 'emp.matching'
const tried = {
  one: viaduct(['run', suite, '--adapter', served, '--report', 'one']),
  three: viaduct(['run', suite, '--adapter', served, '--report', 'three', '--jobs', '3']),
  local: viaduct(['run', suite, '--jobs', '2']),
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

await test('what runs in this process does not run several times at once', async (t) => {
  t.match(await complaint(tried.local), /--jobs is for adapters that run in processes of their own/)
})

await test('a transcript is of one process', async (t) => {
  t.match(await complaint(tried.transcript), /A transcript is of one process: leave --jobs out/)
})

await test('an adapter that cannot be started is told once', async (t) => {
  t.match(await complaint(tried.broken, 5), /^The adapter could not be started:/)
})

// viaduct compare: the same verdicts, other verdicts, and what is no report.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { courseOf, differencesOf } from '../harness/cli/commands/compare.ts'
import { differenceRows } from '../harness/cli/terminal/difference-rows.ts'
import type { Report } from '../harness/result/report.ts'
import { answer, complaint, folder, viaduct, written } from './viaduct-command.ts'

const run = (report: string): ReturnType<typeof viaduct> => viaduct(['run', 'emp.truncation', '--report', report])
const ran = Promise.all([run('one'), run('other')])

await test('two runs of the same are the same', async (t) => {
  await ran
  t.match(
    await answer(viaduct(['compare', 'one', 'other/report.json'])),
    /^The same verdicts: \d+ permutations, \d+ requirements\.\n/,
  )
})

await test('classes, requirements and permutations that came out differently are told, and the exit code is 1', async (t) => {
  await ran
  const report: Report = JSON.parse(written('one', 'report.json'))
  const [first, ...others] = report.cases
  if (!first) throw new Error('nothing ran')
  const failed = { ...report, cases: [{ ...first, verdict: 'fail' as const }, ...others.slice(1)] }
  t.match(differencesOf(report, failed), [
    { name: first.name, first: 'pass', second: 'fail' },
    { name: others[0]?.name, first: 'pass', second: undefined },
  ])
  writeFileSync(join(folder, 'failed.json'), JSON.stringify(failed))
  const { code, stdout } = await viaduct(['compare', 'one', 'failed.json'])
  t.equal(code, 1)
  t.match(stdout, new RegExp(`^${first.name.replaceAll(/[.+]/g, '\\$&')} +pass +fail$`, 'm'))
  t.match(stdout, /pass +not there$/m)
})

await test('how many permutations came out better is told, and how many worse', (t) => {
  const ways = [
    { name: 'a', first: 'pass', second: 'fail' },
    { name: 'b', first: 'crash', second: 'fail' },
    { name: 'c', first: 'inconclusive', second: 'pass' },
    { name: 'd', first: 'timeout', second: 'pass' },
  ]
  t.equal(courseOf(ways), 'In the second run: 3 permutations better, 1 worse.')
  t.end()
})

await test('what one run does not judge, or does not have, is neither better nor worse', (t) => {
  const others = [
    { name: 'a', first: 'pass', second: 'skipped' },
    { name: 'b', first: 'not-applicable', second: 'fail' },
    { name: 'c', first: 'fail', second: undefined },
    { name: 'd', first: undefined, second: 'pass' },
  ]
  t.equal(
    courseOf(others),
    'In the second run: 0 permutations better, 0 worse, 2 not judged in one of the two, 1 only in the first, 1 only in the second.',
  )
  t.end()
})

await test('a suite, or a case, of which one run knows nothing takes one row, and verdicts are counted where they differ', (t) => {
  const names = { first: ['a/b/c=1', 'a/b/c=2', 'a/d', 'e/f', 'e/g'], second: ['a/d'] }
  const differences = names.first.map((name) => ({
    name,
    first: name === 'e/g' ? 'fail' : 'pass',
    second: name === 'a/d' ? 'fail' : undefined,
  }))
  t.same(differenceRows(differences, names), [
    ['a/b (2 permutations)', 'pass', 'not there'],
    ['a/d', 'pass', 'fail'],
    ['e (2 permutations)', '1 pass, 1 fail', 'not there'],
  ])
  t.end()
})

await test('a permutation that one run lacks of a case that it knows is named, and so is the only one of a case', (t) => {
  const names = { first: ['a/b/c=1', 'a/d'], second: ['a/b/c=1', 'a/b/c=2'] }
  const differences = [
    { name: 'a/d', first: 'pass', second: undefined },
    { name: 'a/b/c=2', first: undefined, second: 'pass' },
  ]
  t.same(differenceRows(differences, names), [
    ['a/d', 'pass', 'not there'],
    ['a/b/c=2', 'not there', 'pass'],
  ])
  t.end()
})

await test('the counts of better and worse end the table of what came out differently', async (t) => {
  await ran
  const report: Report = JSON.parse(written('one', 'report.json'))
  const cases = report.cases.map((row, i) => (i === 0 ? { ...row, verdict: 'fail' as const } : row))
  writeFileSync(join(folder, 'worse.json'), JSON.stringify({ ...report, cases }))
  const { stdout } = await viaduct(['compare', 'one', 'worse.json'])
  t.match(stdout, /^In the second run: 0 permutations better, 1 worse\.$/m)
})

await test('a run of a selection is called one, also where nothing came out differently', async (t) => {
  await ran
  const stdout = await answer(viaduct(['compare', 'one', 'other']))
  t.match(stdout, /^one is of a selection: emp\.truncation\.\nother is of a selection: emp\.truncation\.\n$/m)
})

await test('an interrupted run is called partial, with how much of it did not run', async (t) => {
  await ran
  const report: Report = JSON.parse(written('one', 'report.json'))
  const cases = report.cases.map((row, i) => (i < 2 ? { ...row, verdict: 'skipped' as const } : row))
  const cut = { ...report, run: { ...report.run, interrupted: true, selection: [] }, cases }
  writeFileSync(join(folder, 'cut.json'), JSON.stringify(cut))
  const { stdout } = await viaduct(['compare', 'one', 'cut.json'])
  t.match(
    stdout,
    new RegExp(
      `^cut\\.json is partial: it was interrupted, and 2 of ${cases.length} permutations did not run\\.$`,
      'm',
    ),
  )
})

await test('what is no report, or not there, is exit 3', async (t) => {
  writeFileSync(join(folder, 'list.json'), '[]')
  t.match(await complaint(viaduct(['compare', 'list.json', 'list.json'])), /list\.json is no report/)
  writeFileSync(join(folder, 'hollow.json'), '{"version":1,"cases":[{"name":"a"}],"requirements":[],"classes":[]}')
  t.match(
    await complaint(viaduct(['compare', 'hollow.json', 'hollow.json'])),
    /^hollow\.json is no report: `cases` is no list of entries with name, verdict\.\n$/,
  )
  t.match(await complaint(viaduct(['compare', 'nowhere', 'nowhere'])), /nowhere cannot be read/)
})

await test('a report of another version is not compared, and both numbers are told', async (t) => {
  writeFileSync(join(folder, 'later.json'), '{"version":7,"cases":[],"requirements":[],"classes":[]}')
  t.match(
    await complaint(viaduct(['compare', 'later.json', 'later.json'])),
    /^later\.json is a report of version 7, and this viaduct compares version 1\..*\n$/,
  )
})

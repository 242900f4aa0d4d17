// viaduct baseline, and run --baseline: known failures let a build pass, until something is different.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import type { Report } from '../harness/result/report.ts'
import { answer, complaint, folder, viaduct, written } from './viaduct-command.ts'

const mutant = ['run', 'emp.loss', '--adapter', 'mutant:emp-resends-everything']

const kept = viaduct([...mutant, '--report', 'first']).then(() =>
  viaduct(['baseline', 'write', 'known.yaml', '--report', 'first', '--issue', '#12', '--expires', '2999-01-31']),
)

await test('what failed is written to a baseline, and a run that is held against it ends with 0', async (t) => {
  t.match(await answer(kept), /^known\.yaml: \d\d entries more, for \d\d permutations\n$/)
  const { code, stdout } = await viaduct([...mutant, '--baseline', 'known.yaml', '--report', 'second'])
  t.equal(code, 0)
  t.match(stdout, /failures are known to the baseline, and not told above/)
  t.notMatch(stdout, /^fail emp/m)
  const report: Report = JSON.parse(written('second', 'report.json'))
  t.match(report.cases.find(({ verdict }) => verdict === 'fail')?.known, { issue: '#12' })
  t.match(report.run.command, /--baseline known\.yaml$/)
  t.match(written('second', 'index.html'), /known to the baseline/)
  t.equal(
    await answer(viaduct(['baseline', 'tighten', 'known.yaml', '--report', 'second'])).then((text) =>
      /all \d\d entries are right/.test(text),
    ),
    true,
  )
})

await test('once it is mended the baseline fails the build, and tighten takes its entries out', async (t) => {
  await kept
  writeFileSync(join(folder, 'mended.yaml'), written('known.yaml').replaceAll('iut-reference', 'iut-iut'))
  const { code, stdout } = await viaduct(['run', 'emp.loss', '--baseline', 'mended.yaml', '--report', 'mended'])
  t.equal(code, 1)
  t.match(stdout, /no longer right about emp\.loss\S+: 1 of 1 permutation passed/)
  t.match(
    await answer(viaduct(['baseline', 'tighten', 'mended.yaml', '--report', 'mended'])),
    /taken out, 0 made narrower/,
  )
  t.match(written('mended.yaml'), /\[\]/)
  t.equal((await viaduct(['run', 'emp.loss', '--baseline', 'mended.yaml', '--report', 'again'])).code, 0)
})

await test('a baseline that is wrong is told with its place before anything runs', async (t) => {
  writeFileSync(join(folder, 'wrong.yaml'), '- pattern: emp.loss\n')
  t.match(
    await complaint(viaduct(['run', '--baseline', 'wrong.yaml'])),
    /^wrong\.yaml:1:3: error: the key `verdict` is missing/,
  )
  t.match(await complaint(viaduct(['run', '--baseline', 'nowhere.yaml'])), /nowhere\.yaml cannot be read/)
  t.match(
    await complaint(viaduct(['baseline', 'write', 'new.yaml', '--report', 'nowhere'])),
    /Make a report with viaduct run first/,
  )
})

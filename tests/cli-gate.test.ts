// viaduct run --gate: what a build waives, and what it asks of a run.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import type { Report } from '../harness/result/report.ts'
import { answer, complaint, folder, viaduct, written } from './viaduct-command.ts'

function keep(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return name
}

/** What is said of a gate with this text. */
function said(name: string, text: string): Promise<string> {
  return complaint(viaduct(['run', '--gate', keep(name, text)]))
}

function reportIn(name: string): Report {
  return JSON.parse(written(name, 'report.json'))
}

const waiving = keep(
  'waiving.yaml',
  `waive:
  - { requirement: EMP-REL-007, reason: the card resends all, issue: '#12', expires: 2999-01-31 }
`,
)
const mutant = ['run', 'emp.loss', '--adapter', 'mutant:emp-resends-everything']

await test('what a gate waives fails no build, and is told', async (t) => {
  const { code, stdout } = await viaduct([...mutant, '--gate', waiving, '--report', 'waived'])
  t.equal(code, 0, stdout)
  t.match(stdout, /^28 failures are waived by the gate, and not told above$/m)
  t.match(stdout, /^exit 0: 47 permutations passed, and 28 failures are waived by the gate$/m)
  const report = reportIn('waived')
  t.match(
    report.requirements.find(({ id }) => id === 'EMP-REL-007'),
    { verdict: 'waived', unexcused: 'violated', waiver: { reason: 'the card resends all', issue: '#12' } },
  )
  t.match(report.run.command, /--gate waiving\.yaml$/)
  t.match(written('waived', 'index.html'), /Waived by the gate, until 2999-01-31: the card resends all \(#12\)/)
  t.match(written('waived', 'report.tap'), /# TODO waived \(\\#12\): EMP-REL-007: the card resends all$/m)
})

await test('a waiver whose day is over fails the build, and waives nothing', async (t) => {
  const late = keep('late.yaml', written(waiving).replace('2999', '2020'))
  const { code, stdout } = await viaduct([...mutant, '--gate', late, '--report', 'late'])
  t.equal(code, 1)
  t.match(stdout, /^the gate is no longer right to waive EMP-REL-007: it expired on 2020-01-31$/m)
  t.match(stdout, /28 permutations failed/)
})

await test('what is disputed fails no build, and both readings stand in the page', async (t) => {
  const stdout = await answer(
    viaduct(['run', 'via.protection-tags', '--adapter', 'mutant:via-null-tag-accepted', '--report', 'disputed']).then(
      (outcome) => ({ ...outcome, stderr: '' }),
    ),
  )
  t.match(stdout, /^exit 0: \d+ permutations passed, and 2 failures are about what is disputed$/m)
  const page = written('disputed', 'index.html')
  t.match(page, /Disputed by cLAN.*NULL is no tag, and is refused with VIP_INVALID_PTAG\. Theirs: NULL stands for a/s)
  t.match(
    reportIn('disputed').requirements.find(({ id }) => id === 'VIA-PTAG-007'),
    { verdict: 'disputed', unexcused: 'violated' },
  )
  t.match(
    await answer(viaduct(['explain', 'VIA-PTAG-007'])),
    /Disputed by cLAN.*\n.*Theirs: NULL stands for a default tag/,
  )
})

await test('a gate that is wrong is told with its place, before anything runs', async (t) => {
  t.match(
    await said('a.yaml', 'waive:\n  - { requirement: EMP-REL-999, reason: r }\n'),
    /^a\.yaml:2:20: error: there is no requirement `EMP-REL-999`[^]*\^\^\^/,
  )
  t.match(
    await said(
      'b.yaml',
      'waive:\n  - { requirement: EMP-REL-007, reason: r }\n  - { requirement: EMP-REL-007, reason: r }\n',
    ),
    /^b\.yaml:3:20: error: `EMP-REL-007` is waived already/,
  )
  t.match(await said('c.yaml', 'wave: []\n'), /^c\.yaml:1:1: error: unknown key `wave`/)
  t.match(
    await said('d.yaml', 'waive:\n  - { requirement: EMP-REL-007 }\n'),
    /^d\.yaml:2:7: error: the key `reason` is missing/,
  )
  t.match(
    await said('f.yaml', 'verified: 101\nwarnings: maybe\n'),
    /^f\.yaml:1:11: error: [^]*^f\.yaml:2:11: error: `maybe` is none of/m,
  )
  t.match(await said('g.yaml', 'at-least: nowhere\n'), /^g\.yaml:1:11: error: nowhere cannot be read/)
  t.match(await said('e.yaml', ''), /^e\.yaml:1:1: error: /)
  t.match(await complaint(viaduct(['run', '--gate', 'nowhere.yaml'])), /^nowhere\.yaml cannot be read/)
})

await test('each term of a gate is told on the terminal and in the page; of a selection what only a whole run tells', async (t) => {
  const gate = keep('terms.yaml', 'classes: { emp: core }\nunstable: 0\n')
  const { code, stdout } = await viaduct(['run', 'emp.truncation', '--gate', gate, '--report', 'terms'])
  t.equal(code, 0)
  t.match(stdout, /^gate: class emp core: asked conformant, seen not-assessed: only a whole run tells$/m)
  t.match(stdout, /^gate: unstable permutations: asked at most 0, seen 0: met$/m)
  t.match(written('terms', 'index.html'), /met<\/span\s*>\s*unstable permutations: asked at most 0, seen 0/)
  const whole = keep('since.yaml', 'at-least: terms\n')
  t.match(await complaint(viaduct(['run', '--gate', whole])), /^since\.yaml:1:11: error: terms is not of a whole run/)
})

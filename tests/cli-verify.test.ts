// viaduct verify: a report is held against the record of its run, without the implementation.
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { test } from 'tap'
import type { PermutationResult, Report } from '../harness/result/report.ts'
import { complaint, entry, folder, root, viaduct, written, type Outcome } from './viaduct-command.ts'

function link(built: string): string {
  return JSON.stringify(pathToFileURL(resolve(import.meta.dirname, '..', built)).href)
}

/** A mutant that ends in some cases, and of which each process says something in between that is no answer. */
const dying = `
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { servePeer } from ${link('adapters/process/peer.js')}
import { mutantAdapter } from ${link('adapters/mutants/adapter.js')}
import { mutants } from ${link('adapters/mutants/catalogue.js')}

const input = new PassThrough()
let turns = 0
createInterface({ input: process.stdin }).on('line', (line) => {
  if (JSON.parse(line).op === 'turn') turns++
  if (line.includes('"bytes":4000')) process.exit(3)
  if (turns === 200) process.stdout.write('link is up\\n')
  input.write(line + '\\n')
}).on('close', () => input.end())
await servePeer(mutantAdapter(mutants.find(({ name }) => name === 'emp-resends-everything')), input, process.stdout)
process.exit()
`
writeFileSync(join(folder, 'dying.mjs'), dying)

const serving = `${process.execPath} ${entry} serve mutant:emp-resends-everything`
const ran = viaduct(['run', 'emp.loss', '--adapter', serving, '--report', 'one', '--transcript', 'one.txt'])

async function reported(): Promise<Report> {
  await ran
  const report: Report = JSON.parse(written('one', 'report.json'))
  return report
}

/** Verifies what was made of the report, and of its record, by hand. */
async function verified(
  name: string,
  {
    report = (each) => each,
    record = (text) => text,
  }: { report?: (each: Report) => Report; record?: (text: string) => string },
): Promise<Outcome> {
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(report(await reported())))
  writeFileSync(join(folder, `${name}.txt`), record(written('one.txt')))
  return viaduct(['verify', `${name}.json`, '--transcript', `${name}.txt`])
}

await test('a report that was held against a gate and a baseline is held against them again', async (t) => {
  writeFileSync(join(folder, 'waive.yaml'), 'waive: [{ requirement: EMP-REL-007, reason: as it is }]\n')
  await ran
  await viaduct(['baseline', 'write', 'known.yaml', '--report', 'one'])
  const terms = ['--gate', 'waive.yaml', '--baseline', 'known.yaml']
  const words = ['emp.loss', '--adapter', serving, '--report', 'excused', '--transcript', 'excused.txt', ...terms]
  const { code } = await viaduct(['run', ...words])
  t.equal(code, 0)
  const { code: again, stdout } = await viaduct(['verify', 'excused', '--transcript', 'excused.txt'])
  t.equal(again, 0, stdout)
})

await test('a report of own suites is held against them', async (t) => {
  const file = readFileSync(join(root, 'suites/emp/loss.yaml'), 'utf8').replace('suite: emp.loss', 'suite: my.loss')
  writeFileSync(join(folder, 'mine.yaml'), file)
  await viaduct(['run', './mine.yaml', '--adapter', serving, '--report', 'own', '--transcript', 'own.txt'])
  const { code, stdout, stderr } = await viaduct(['verify', 'own', '--transcript', 'own.txt'])
  t.equal(code, 0, stdout + stderr)
  t.match(stdout, /^(\d+) of \1 permutations come to the same from the record alone$/m)
})

await test('a report and the record of its run agree, failures included', async (t) => {
  await ran
  const { code, stdout, stderr } = await viaduct(['verify', 'one', '--transcript', 'one.txt'])
  t.equal(code, 0, stdout + stderr)
  t.match(stdout, /^(\d+) of \1 permutations come to the same from the record alone\nexit 0: report and record agree/)
  t.ok((await reported()).cases.some(({ verdict }) => verdict === 'fail'))
})

await test('a run in which processes died and talked nonsense agrees with its record', async (t) => {
  const adapter = `${process.execPath} dying.mjs`
  await viaduct(['run', 'emp.loss', '--adapter', adapter, '--report', 'died', '--transcript', 'died.txt'])
  const report: Report = JSON.parse(written('died', 'report.json'))
  t.ok(report.totals.crash > 0, 'something crashed')
  const { code, stdout, stderr } = await viaduct(['verify', 'died', '--transcript', 'died.txt'])
  t.equal(code, 0, stdout + stderr)
})

/** The report with another first failure. */
function withFailure(report: Report, change: (row: PermutationResult) => PermutationResult): Report {
  const place = report.cases.findIndex(({ verdict }) => verdict === 'fail')
  return { ...report, cases: report.cases.map((row, i) => (i === place ? change(row) : row)) }
}

await test('a failure that was made a pass by hand is found', async (t) => {
  const { code, stdout } = await verified('passed', {
    report: (each) => withFailure(each, (row) => ({ ...row, verdict: 'pass' })),
  })
  t.equal(code, 1)
  t.match(stdout, /^ +report +record\nemp\.loss\/\S+ +pass +fail$/m)
})

await test('evidence that was changed under the same verdict is found', async (t) => {
  const { code, stdout } = await verified('reworded', {
    report: (each) => withFailure(each, (row) => ({ ...row, reason: 'nothing to see here' })),
  })
  t.equal(code, 1)
  t.match(stdout, /^1 permutation: the same verdict, by other evidence$/m)
})

await test('a row that was taken out is found, and all others are judged', async (t) => {
  const { code, stdout } = await verified('shorter', {
    report: (each) => ({ ...each, cases: each.cases.slice(1) }),
  })
  t.equal(code, 1)
  t.match(stdout, /^1 permutation: recorded, and not in the report$/m)
  t.match(stdout, /^(\d+) of \1 permutations come to the same/m)
})

await test('what does not follow from the rows is found: classes, exit, and what is said of requirements', async (t) => {
  const { code, stdout } = await verified('certified', {
    report: (each) => ({
      ...each,
      exit: { ...each.exit, code: 0 },
      classes: each.classes.map((one) => ({ ...one, verdict: 'conformant' as const })),
      requirements: each.requirements.map((one) => ({ ...one, failed: 0 })),
    }),
  })
  t.equal(code, 1)
  t.match(stdout, /^emp core +conformant +not-assessed$/m)
  t.match(stdout, /^the report says exit 0, and it comes to 1: /m)
  t.match(stdout, /^`requirements` of the report is not what it comes to$/m)
})

await test('an answer that was changed in the record is found', async (t) => {
  const { code, stdout } = await verified('answered', {
    record: (text) => text.replace(/"outcome":"done","bytes":6000/, '"outcome":"done","bytes":5999'),
  })
  t.equal(code, 1)
  t.match(stdout, / of \d+ permutations come to the same from the record alone\nexit 1: report and record do not agree/)
})

await test('a question that was changed in the record is found with its line, and nothing behind it is believed', async (t) => {
  let line = 0
  const { code, stdout } = await verified('asked', {
    record: (text) => {
      const lines = text.split('\n')
      line = lines.findIndex((each) => each.includes('emp.isend')) + 1
      return lines.map((each, i) => (i === line - 1 ? each.replace('emp.isend', 'emp.irecv') : each)).join('\n')
    },
  })
  t.equal(code, 1)
  t.match(stdout, new RegExp(`^the record is left at line ${line}, where .*emp\\.isend.* is asked`, 'm'))
  t.match(stdout, /^0 of \d+ permutations come to the same/m)
})

await test('of a record that is cut the rest could not be judged, and the exit code is 2', async (t) => {
  const { code, stdout } = await verified('cut', {
    record: (text) => text.split('\n').slice(0, 600).join('\n'),
  })
  t.equal(code, 2)
  t.match(stdout, /permutations: could not be judged again: the record does not have them whole$/m)
  t.match(stdout, /exit 2: what could be judged agrees, and not all could be/)
})

await test('a record that ends within a line, or before an answer, tells nothing of the case that it ends in', async (t) => {
  const ends: readonly ((text: string) => number)[] = [
    (text) => text.indexOf('\n> ', 40_000) + 20,
    (text) => text.indexOf('\n< ', 40_000) + 20,
    (text) => text.indexOf('\n< ', 40_000) + 1,
  ]
  for (const [number, end] of ends.entries()) {
    const { code, stdout } = await verified(`broken-off-${number}`, { record: (text) => text.slice(0, end(text)) })
    t.equal(code, 2, stdout)
    t.match(stdout, /exit 2: what could be judged agrees, and not all could be/)
  }
})

await test('what is no report, no record, or of other suites is refused', async (t) => {
  await ran
  writeFileSync(join(folder, 'prose.txt'), 'It went well.\n')
  t.match(
    await complaint(viaduct(['verify', 'one', '--transcript', 'prose.txt'])),
    /prose\.txt:1 is no line of a transcript/,
  )
  t.match(await complaint(viaduct(['verify', 'one', '--transcript', 'nothing.txt'])), /nothing\.txt cannot be read/)
  t.match(await complaint(viaduct(['verify', 'nothing', '--transcript', 'one.txt'])), /There is no report nothing/)
  t.match(await complaint(viaduct(['verify', 'prose.txt', '--transcript', 'one.txt'])), /prose\.txt cannot be read/)
  const report = await reported()
  writeFileSync(join(folder, 'other.json'), JSON.stringify({ ...report, suites: { ...report.suites, digest: '0' } }))
  t.match(
    await complaint(viaduct(['verify', 'other.json', '--transcript', 'one.txt'])),
    /made by version .* with suites 0, .*verify it with what made it/,
  )
})

// A PICS file: less is judged than the adapter declares, and nothing that contradicts it.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { referencePics } from '../adapters/reference/pics.ts'
import { Findings } from '../harness/plan/yaml/findings.ts'
import { readStatement } from '../harness/plan/specification/statement.ts'
import type { Pics } from '../harness/subject/pics.ts'
import { complaint, folder, viaduct, written } from './viaduct-command.ts'

const known = { options: Object.keys(referencePics.options), values: Object.keys(referencePics.values) }

function read(text: string, declared: Pics = referencePics): { pics: Pics; problems: readonly string[] } {
  const findings = new Findings()
  const pics = readStatement({ file: { file: 'less.yaml', text }, declared, known }, findings)
  return { pics, problems: findings.diagnostics.map(({ message }) => message) }
}

await test('what a PICS file does not name stays as declared', async (t) => {
  t.same(read('options: {}'), { pics: { ...referencePics }, problems: [] })
})

await test('interfaces, options and values can be less', async (t) => {
  const { pics, problems } = read(`
interfaces: [emp]
options: { emp.counters: false, stepped: true }
values:
  emp.collection: { value: 5, settable: { least: 2, most: 6 } }
  emp.window: { value: 8 }`)
  t.same(problems, [])
  t.same(pics.interfaces, ['emp'])
  t.match(pics.options, { 'emp.counters': false, stepped: true, 'emp.descriptors': true })
  t.same(pics.values['emp.collection'], { value: 5, settable: { least: 2, most: 6 } })
  t.same(pics.values['emp.window'], { value: 8 }, 'fixed now')
  t.same(pics.values['emp.timeout'], referencePics.values['emp.timeout'])
})

const lacking: Pics = { ...referencePics, options: { ...referencePics.options, 'emp.wildcards': false } }

const contradictions: readonly { readonly text: string; readonly message: RegExp }[] = [
  {
    text: 'interfaces: [emp, via]\noptions: { emp.wildcards: true }',
    message: /declares that it lacks `emp\.wildcards`/,
  },
  { text: 'options: { wire.frames: false }', message: /`wire\.frames` is declared as `wire` or `clock`/ },
  { text: 'options: { clock.virtual: true }', message: /`clock\.virtual` is declared as `wire` or `clock`/ },
  { text: 'options: { emp.counter: false }', message: /`emp\.counter` is unknown/ },
  { text: 'values: { emp.page: { value: 8192 } }', message: /`emp\.page` is declared as fixed at 4096, not 8192/ },
  {
    text: 'values: { emp.window: { value: 4, settable: { least: 0, most: 8 } } }',
    message: /declared as settable from 1 to 64, not as settable from 0 to 8/,
  },
  { text: 'values: { emp.window: { value: 9, settable: { least: 1, most: 8 } } }', message: /9 lies outside of it/ },
  { text: 'values: { emp.window: { value: 3, settable: { least: 4, most: 2 } } }', message: /4 is more than 2/ },
  { text: 'values: { emp.window: 4 }', message: /value such as/ },
  { text: 'clock: real', message: /unknown/ },
]

for (const { text, message } of contradictions) {
  await test(`a PICS file that says ${text} is refused`, async (t) => {
    t.match(read(text, lacking).problems.join('\n'), message)
  })
}

await test('an interface that is not declared is refused', async (t) => {
  const findings = new Findings()
  const declared = { ...referencePics, interfaces: ['emp'] }
  readStatement({ file: { file: 'f', text: 'interfaces: [via]' }, declared, known }, findings)
  t.match(findings.diagnostics, [{ message: /does not declare the interface `via`/ }])
})

writeFileSync(join(folder, 'less.yaml'), 'interfaces: [emp]\noptions: { emp.counters: false }\n')
writeFileSync(join(folder, 'more.yaml'), 'values:\n  emp.page: { value: 8192 }\n')

await test('a run is judged by what the file leaves, and says so', async (t) => {
  const { code, stdout } = await viaduct(['run', 'emp.malformed', '--pics', 'less.yaml', '--report', 'less'])
  t.equal(code, 0)
  t.match(stdout, /\d+ not-applicable/)
  const report: unknown = JSON.parse(readFileSync(join(folder, 'less/report.json'), 'utf8'))
  t.match(report, {
    pics: { interfaces: ['emp'], options: { 'emp.counters': false } },
    run: { command: 'npx viaduct run emp.malformed --pics less.yaml' },
  })
})

await test('a contradiction is shown where it stands, and nothing is judged', async (t) => {
  const words = await complaint(viaduct(['run', 'emp.malformed', '--pics', 'more.yaml', '--report', 'more']))
  t.match(words, /more\.yaml:2:\d+: error: .*`emp\.page` is declared as fixed at 4096, not 8192/)
  t.throws(() => written('more', 'report.json'), 'no report')
})

await test('a file that is not there is a mistake of usage', async (t) => {
  t.match(await complaint(viaduct(['run', 'emp.malformed', '--pics', 'nope.yaml', '--report', 'n'])), /cannot be read/)
})

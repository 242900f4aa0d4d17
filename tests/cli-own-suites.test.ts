// viaduct run, list and lint with suites of one's own: files and folders that take the place of the project's.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { complaint, folder, viaduct } from './viaduct-command.ts'

const suite = `suite: mine.greeting
title: A greeting arrives
interface: emp
class: core
needs: [wire.frames]
cases:
  - id: heard
    title: The greeting is heard
    memory:
      left.tx: { bytes: 8, fill: { prng: 1 } }
      right.rx: { bytes: 8, fill: { const: 0 } }
    steps:
      - use: { fixture: greeting, tag: 3 }
      - settle: { within: 5s }
    expect:
      - right.done: { request: r, length: 8, data: left.tx@0+8 }
        for: EMP-MATCH-001
    proves:
      - arrived: { from: left, type: data, times: 1 }
`

const fixtures = `interface: emp
fixtures:
  - fixture: greeting
    title: The left host greets the right one
    parameters: { tag: null }
    steps:
      - right.irecv: { from: left, tag: $tag, buffer: rx, as: r }
      - left.isend: { to: right, tag: $tag, buffer: tx, as: s }
`

for (const name of ['mine', 'empty', 'steps']) mkdirSync(join(folder, name))
writeFileSync(join(folder, 'mine/greeting.yaml'), suite)
writeFileSync(join(folder, 'mine/steps.yaml'), fixtures)
writeFileSync(join(folder, 'steps/steps.yaml'), fixtures)

await test('a folder of suites is run with the fixtures beside them, and nothing else', async (t) => {
  const { code, stdout } = await viaduct(['run', './mine', '--report', 'of-folder'])
  t.equal(code, 0, stdout)
  t.match(stdout, /^exit 0: the 1 permutation that applies passed$/m)
  const names = [...readFileSync(join(folder, 'of-folder/report.json'), 'utf8').matchAll(/"name":\s*"([\w.]+)\//g)]
  t.same(new Set(names.map(([, name]) => name)), new Set(['mine.greeting']))
})

await test('of own suites no class is assessed, and nobody says how strong they are', async (t) => {
  const { stdout } = await viaduct(['run', './mine', '--report', 'not-assessed'])
  t.match(stdout, /emp core: only a selection of cases ran/)
  t.match(readFileSync(join(folder, 'not-assessed/index.html'), 'utf8'), /Nobody measured how strong these suites are/)
})

await test('patterns choose among the cases of own suites, and so does the command that repeats a failure', async (t) => {
  const words = ['./mine', 'mine.greeting/heard/roles=iut-iut', '--adapter', 'degenerate:silent']
  const { code, stdout } = await viaduct(['run', ...words, '--report', 'chosen'])
  t.equal(code, 1)
  t.match(stdout, /npx viaduct run \.\/mine mine\.greeting\/heard\/roles=iut-iut --adapter degenerate:silent --trace$/m)
})

function digestIn(name: string): string | undefined {
  return /"digest":\s*"(\w+)"/.exec(readFileSync(join(folder, name, 'report.json'), 'utf8'))?.[1]
}

await test('what stands in a report does not depend on how the path was spelled', async (t) => {
  await viaduct(['run', './mine', '--report', 'spelled-one-way'])
  await viaduct(['run', join(folder, 'mine'), '--report', 'spelled-another'])
  t.type(digestIn('spelled-one-way'), 'string')
  t.equal(digestIn('spelled-one-way'), digestIn('spelled-another'))
})

await test('parts of a run of own suites are merged, however their path was spelled', async (t) => {
  const twice = suite.replace('steps:', 'axes: { tag: [3, 4] }\n    steps:').replace('tag: 3', 'tag: $tag')
  writeFileSync(join(folder, 'twice.yaml'), twice)
  const spelled = [
    ['./twice.yaml', '1/2', 'part-1'],
    ['twice.yaml', '2/2', 'part-2'],
  ] as const
  for (const [path, shard, part] of spelled) {
    const { code, stderr } = await viaduct(['run', path, './steps', '--shard', shard, '--report', part])
    t.equal(code, 0, stderr)
  }
  const { code, stdout } = await viaduct(['merge', 'part-1', 'part-2', '--report', 'both-parts'])
  t.equal(code, 0)
  t.match(stdout, /^exit 0: all 2 permutations that apply passed$/m)
})

await test('list shows the cases of own suites', async (t) => {
  const { code, stdout } = await viaduct(['list', './mine'])
  t.equal(code, 0)
  t.match(stdout, /^1 case\n {2}mine\.greeting\/heard {2}core {2}The greeting is heard\n$/)
})

await test('explain puts a case of own suites in words, and writes it out', async (t) => {
  const words = await viaduct(['explain', 'mine.greeting/heard', './mine'])
  t.match(words.stdout, /The greeting is heard/)
  const written = await viaduct(['explain', 'mine.greeting/heard/roles=iut-iut', './mine', '--case'])
  t.match(written.stdout, /^suite: mine\.greeting\.heard$/m, written.stderr)
})

await test('a mistake in an own suite is told at its place before anything runs', async (t) => {
  writeFileSync(join(folder, 'wrong.yaml'), suite.replace('EMP-MATCH-001', 'EMP-MATCH-999'))
  const said = await complaint(viaduct(['run', 'wrong.yaml', '--report', 'never']))
  t.match(said, /wrong\.yaml:17:\d+.*EMP-MATCH-999/)
})

await test('a folder that is named like a case is told how to say that it is one', async (t) => {
  const said = await complaint(viaduct(['run', 'mine', '--report', 'never']))
  t.match(said, /`mine` is a folder: \.\/mine stands for the suites in it\./)
})

await test('a folder without suites is told', async (t) => {
  t.equal(await complaint(viaduct(['run', './empty', '--report', 'never'])), 'There is no .yaml file in ./empty\n')
})

await test('fixtures alone are nothing to run', async (t) => {
  t.match(
    await complaint(viaduct(['run', './steps', '--report', 'never'])),
    /^steps\/steps\.yaml holds fixtures, not cases: name the suites that use them as well/,
  )
})

await test('lint reads fixtures beside the suites that use them', async (t) => {
  const { code, stdout } = await viaduct(['lint', 'mine'])
  t.equal(code, 0)
  t.equal(stdout, '1 file, 1 case: nothing to complain about\n')
})

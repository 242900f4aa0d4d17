// The command line: help, and what it says to wrong usage and to wrong files.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { test } from 'tap'
import { readText, yamlPathsBelow } from '../harness/cli/files/yaml-files.ts'
import { answer, complaint, folder, root, viaduct } from './viaduct-command.ts'

const suite = `suite: emp.broken
title: A suite with mistakes
interface: emp
class: core
cases:
  - id: twice
    title: Refers to what is not there
    memory: { left.tx: { bytes: 8 } }
    steps:
      - left.isend: { to: right, tag: 5, buffer: nowhere, as: s }
      - settle: { within: 5s }
    expect:
      - left.done: { request: s }
        for: EMP-REL-999
    proves: [{ frames: { from: left, times: { min: 1 } } }]
    kills: [emp-no-retransmitt]
  - id: twice
    title: Has a member that nothing knows
    expext: []
    steps:
      - settle: { within: 5s }
    expect:
      - left.deadline: none
        for: EMP-REL-012
    proves: [{ frames: { from: left, times: { min: 1 } } }]
`

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

file('broken.yaml', suite)
file('syntax.yaml', 'suite: emp.syntax\ncases: [\n  - id: x\n')
file('in-the-way', '')
for (const name of ['bare', 'short', 'stray', 'stray/x.yaml', 'stray/.kept']) mkdirSync(join(folder, name))
file('short/loss.yml', '')
file('stray/loss.yaml', '')
file('stray/.kept/old.yaml', '')
symlinkSync('nobody@nowhere', join(folder, 'stray/.#loss.yaml'))

const commands = ['run', 'init', 'list', 'explain', 'lint', 'coverage', 'mutants', 'serve'] as const

const helped = commands.map((name) => ({ name, help: viaduct([name, '--help']) }))

/** Everything else that is tried here; each starts as soon as a processor is free. */

const tried = {
  help: viaduct(['--help']),
  nothing: viaduct([]),
  unknownCommand: viaduct(['rum']),
  unknownOption: viaduct(['run', '--seeed', '1']),
  noInteger: viaduct(['run', '--seed', 'one']),
  someMutants: viaduct(['mutants', 'emp-no-retransmit', 'emp-acks-ear*']),
  oneMutant: viaduct(['mutants', 'emp-acks-early']),
  noSuchMutants: viaduct(['mutants', 'emp-no-retransmitt', 'emp-acks-early', 'emp-*.x']),
  mutantsWritten: viaduct(['mutants', 'emp-*', '--write']),
  mutantsTimed: viaduct(['mutants', '--time', '5s']),
  noDuration: viaduct(['run', '--call-timeout', '0.5']),
  noSchedule: viaduct(['run', '--schedule', '0.1.x']),
  noSuchServed: viaduct(['serve', 'mutant:emp-no-retransmitt']),
  lintBroken: viaduct(['lint', 'broken.yaml', 'syntax.yaml']),
  lintMissing: viaduct(['lint', 'broken.yaml', 'missing.yaml']),
  lintFixtures: viaduct(['lint', join(root, 'suites/fixtures/via.yaml')]),
  lintBare: viaduct(['lint', 'bare']),
  lintShort: viaduct(['lint', 'short']),
  lintStray: viaduct(['lint', 'stray']),
  lintGood: viaduct(['lint', join(root, 'suites/emp/loss.yaml')]),
  noMatch: viaduct(['run', 'emp.los', '--report', 'never']),
  folderInTheWay: viaduct(['run', 'emp.loss', '--report', 'in-the-way/report']),
  unknownAdapter: viaduct(['run', 'emp.loss', '--adapter', 'mutant:emp-no-retransmitt']),
  unknownProgram: viaduct(['run', 'emp.loss', '--adapter', './no-such-adapter --fast']),
  adapterDies: viaduct(['run', 'emp.loss', '--adapter', 'ls /no/such/file']),
}

// --- help -----------------------------------------------------------------------------------------------------------

await test('--help names every command', async (t) => {
  const { code, stdout } = await tried.help
  t.equal(code, 0)
  for (const name of commands) t.match(stdout, new RegExp(`^ {2}${name} `, 'm'))
})

for (const { name, help } of helped) {
  await test(`${name} --help says what ${name} does`, async (t) => {
    const { code, stdout, stderr } = await help
    t.equal(code, 0)
    t.ok(stdout.startsWith(`Usage: viaduct ${name} `), stdout)
    t.equal(stderr, '')
  })
}

/** What a built file imports before anything is asked: other files, and packages. */
function importsOf(path: string): string[] {
  const text = readFileSync(path, 'utf8')
  return [...text.matchAll(/^(?:import|export)\s(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm)].map(
    (found) => found[1] ?? '',
  )
}

await test('before a command is asked for only light files are loaded, and commander', async (t) => {
  const reached = new Set<string>()
  const packages = new Set<string>()
  const follow = (path: string): void => {
    if (reached.has(path)) return
    reached.add(path)
    for (const target of importsOf(path)) {
      if (target.startsWith('.')) follow(resolve(dirname(path), target))
      else if (!target.startsWith('node:')) packages.add(target)
    }
  }
  follow(join(root, 'build/harness/cli/main.js'))
  t.same([...packages], ['commander'])
  t.same(
    [...reached].filter((path) => !path.startsWith(join(root, 'build/harness/cli/'))),
    ['gate/exit-codes.js', 'subject/thrown.js'].map((path) => join(root, 'build/harness', path)),
    'no other room is entered, but for what the exit codes are, and for words about what was thrown',
  )
  t.ok(reached.size < 8, [...reached].join('\n'))
})

// --- wrong usage ----------------------------------------------------------------------------------------------------

await test('without a command the help is shown as a complaint', async (t) => {
  t.match(await complaint(tried.nothing), /^Usage: viaduct/)
})

await test('an unknown command is wrong usage, with the nearest', async (t) => {
  const said = await complaint(tried.unknownCommand)
  t.match(said, /unknown command 'rum'/)
  t.match(said, /Did you mean run\?/)
})

await test('an unknown option is wrong usage, with the nearest and where the options of its command are listed', async (t) => {
  const said = await complaint(tried.unknownOption)
  t.match(said, /unknown option '--seeed'\n\(Did you mean --seed\?\)/)
  t.match(said, /^\(viaduct run --help lists its arguments and options\)$/m)
})

await test('a seed that is no integer is wrong usage', async (t) => {
  t.match(await complaint(tried.noInteger), /--seed <n>' argument 'one' is invalid/)
})

await test('a schedule that is none is wrong usage, with what one looks like', async (t) => {
  t.match(await complaint(tried.noSchedule), /argument '0\.1\.x' is invalid\. It must be whole numbers joined by dots/)
})

await test('a call timeout that is no duration is wrong usage, with what one looks like', async (t) => {
  t.match(
    await complaint(tried.noDuration),
    /argument '0\.5' is invalid\. It must be a duration such as 10s, 500ms or 5m/,
  )
})

await test('a pattern that matches nothing is wrong usage, with the nearest', async (t) => {
  t.equal(await complaint(tried.noMatch), '`emp.los` matches no case: did you mean `emp.loss`?\n')
})

await test('a report folder that cannot be made is told before anything runs', async (t) => {
  const said = await complaint(tried.folderInTheWay)
  t.match(said, /^The report cannot be written to .*in-the-way\/report: /)
  t.notMatch(said, /pass/)
})

await test('an adapter that nobody knows exits 5, with the nearest', async (t) => {
  const said = await complaint(tried.unknownAdapter, 5)
  t.match(said, /^mutant:emp-no-retransmitt is neither an adapter .* nor a program/)
  t.match(said, /Did you mean mutant:emp-no-retransmit\?/)
})

await test('a program that is not there exits 5', async (t) => {
  const said = await complaint(tried.unknownProgram, 5)
  t.match(said, /no-such-adapter --fast is neither .* viaduct list --adapters shows the names/)
})

await test('a command that ends at once exits 5, with its last words', async (t) => {
  const said = await complaint(tried.adapterDies, 5)
  t.match(said, /^The adapter could not be started: the adapter exited with code \d/)
  t.match(said, /^ {2}stderr +.*\/no\/such\/file/m)
})

await test('an adapter that cannot be served exits 5, with the nearest', async (t) => {
  t.match(await complaint(tried.noSuchServed, 5), /mutant:emp-no-retransmit`?\?/)
})

// --- mutants --------------------------------------------------------------------------------------------------------

await test('mutants are tried that names or globs choose, and no others', async (t) => {
  const { code, stdout } = await tried.someMutants
  t.equal(code, 0)
  const names = [...stdout.matchAll(/^killed +([a-z-]+):/gm)].map((found): string => found[1] ?? '')
  t.same(names.toSorted(), ['emp-acks-early', 'emp-no-retransmit'])
  t.match(stdout, /^2 mutants: 2 killed/m)
})

await test('the totals of one mutant speak of one', async (t) => {
  t.match(await answer(tried.oneMutant), /^1 mutant: 1 killed through a requirement that it breaks, 0 not$/m)
})

await test('each pattern that no mutant has is told, with the nearest', async (t) => {
  const said = await complaint(tried.noSuchMutants)
  t.match(
    said,
    /^There is no mutant emp-no-retransmitt\. Did you mean emp-no-retransmit\?\nThere is no mutant emp-\*\.x\./,
  )
})

await test('what only some mutants came to is not kept', async (t) => {
  t.match(await complaint(tried.mutantsWritten), /leave out the names/)
})

await test('what is only for searching is refused where the declared cases are run', async (t) => {
  t.equal(await complaint(tried.mutantsTimed), '--time is for searching alone: say --fuzz, too.\n')
})

// --- lint -----------------------------------------------------------------------------------------------------------

/** What lint must say: where, what, and the line with its caret. */
const mistakes: readonly { at: string; words: RegExp; code: string; hint?: string }[] = [
  { at: 'broken.yaml:10:50', words: /nowhere/, code: 'nowhere' },
  { at: 'broken.yaml:14:14', words: /no requirement `EMP-REL-999`/, code: 'EMP-REL-999', hint: 'EMP-REL-009' },
  { at: 'broken.yaml:16:13', words: /no mutant/, code: 'emp-no-retransmitt', hint: 'emp-no-retransmit' },
  { at: 'broken.yaml:17:9', words: /another case of this suite has the id `twice`/, code: 'twice' },
  { at: 'broken.yaml:19:5', words: /unknown key `expext`/, code: 'expext', hint: 'expect' },
  { at: 'syntax.yaml:3:3', words: /./, code: '- id: x' },
]

for (const { at, words, code, hint } of mistakes) {
  await test(`lint shows the mistake at ${at}, with a caret under it`, async (t) => {
    const said = await complaint(tried.lintBroken)
    const told = said.split('\n\n').find((each) => each.startsWith(`${at}: error: `)) ?? said
    const [head = '', line = '', caret = '', help = ''] = told.split('\n')
    t.match(head, words)
    t.equal(line.indexOf(code), caret.indexOf('^'))
    t.equal(caret.replaceAll(/[^^]/g, '').length, code.length)
    if (hint !== undefined) t.equal(help, `help: did you mean \`${hint}\`?`)
  })
}

await test('lint ends with the number of its errors', async (t) => {
  const said = await complaint(tried.lintBroken)
  const count = [...said.matchAll(/: error: /g)].length
  t.match(said, new RegExp(`\n${count} errors\n$`))
})

await test('a file that lint cannot read is told', async (t) => {
  t.match(await complaint(tried.lintMissing), /^missing\.yaml cannot be read: /)
})

await test('lint says of a file of fixtures how it is read', async (t) => {
  t.match(
    await complaint(tried.lintFixtures),
    /via\.yaml holds fixtures, not cases: name the suites that use them as well/,
  )
})

await test('lint of a folder without YAML files says so, and checks nothing else', async (t) => {
  t.equal(await complaint(tried.lintBare), 'There is no .yaml file in bare\n')
  t.match(await complaint(tried.lintShort), /^There is no \.yaml file in short; those that end in \.yml/)
})

await test('a folder that is called like a suite file is told in one line', async (t) => {
  t.match(await complaint(tried.lintStray), /^stray\/x\.yaml cannot be read: EISDIR.*\n$/)
})

await test('what a dot begins is no suite file, and of a file that cannot be read it is said', (t) => {
  const stray = join(folder, 'stray')
  t.same(yamlPathsBelow(stray), ['loss.yaml', 'x.yaml'])
  t.same(readText('loss.yaml', stray), { file: 'loss.yaml', text: '' })
  t.match(readText('x.yaml', stray), { problem: /^x\.yaml cannot be read: EISDIR/ })
  t.end()
})

await test('lint has nothing to say against a good file', async (t) => {
  const { code, stdout, stderr } = await tried.lintGood
  t.same([code, stderr], [0, ''])
  t.match(stdout, /^1 files?, \d+ cases: nothing to complain about\n$/)
})

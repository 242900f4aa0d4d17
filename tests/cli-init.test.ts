// Adapters of one's own on the command line: the folder that `init` writes, and what adapter.yaml says.
import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { t as tap, test } from 'tap'
import { readAdapterFile } from '../harness/cli/adapter/adapter-file.ts'
import { resolveAdapter } from '../harness/cli/adapter/adapters.ts'
import { exitCodes } from '../harness/gate/exit-codes.ts'
import { languages } from '../harness/cli/init/languages.ts'
import { isGone } from './process-end.ts'
import { answer, complaint, entry, folder, root, viaduct, written } from './viaduct-command.ts'

/** A folder of its own with these files. */
function made(name: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(join(folder, name))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), text)
  return name
}

function adapterYaml(name: string, text: string): string {
  return made(name, { 'adapter.yaml': text })
}

const served = `node '${entry}' serve`
const one = 'emp.loss/one-data-frame-lost/victim=1/roles=iut-iut'

made('full', { 'of-mine.txt': '' })
made('without', {})
writeFileSync(join(folder, 'a-file'), '')
adapterYaml(
  'built',
  `build: echo "${served} $WHICH" >start.sh\ncommand: sh start.sh\nenvironment: { WHICH: degenerate:silent }\n`,
)
adapterYaml('unbuilt', 'build: for i in $(seq 30); do echo line $i; done; exit 3\ncommand: echo\n')
adapterYaml('uncompiled', 'build: no-such-compiler x.c\ncommand: echo\n')
adapterYaml(
  'misspelt',
  'build: echo nic.c:3; echo "nic.c:4:9 error, expected ;"; for i in $(seq 30); do echo consequence $i; done; exit 1\ncommand: echo\n',
)
made('uninstalled', { 'adapter.yaml': 'build: no-such-compiler\ncommand: echo\n', 'package.json': '{}' })
adapterYaml('endless', 'build: echo $$ > pid; sleep 600 & echo $! >> pid; wait\ncommand: echo\n')
adapterYaml('slow', 'command: cat >/dev/null\nstart-timeout: 100ms\n')
adapterYaml('wrong', 'comand: ./adapter\nenvironment: { LEVEL: 3 }\ncall-timeout: 10\n')
adapterYaml('empty', '# to do\n')
// Inside the clone a compiler is at hand.
const inClone = tap.testdir()

/** Everything that is tried here; each starts as soon as a processor is free. */
const tried = {
  init: viaduct(['init', 'mine', '--lang', 'typescript']),
  initInClone: viaduct(['init', join(inClone, 'mine'), '--lang', 'typescript']),
  initFull: viaduct(['init', 'full', '--lang', 'c']),
  initFile: viaduct(['init', 'a-file', '--lang', 'c']),
  initInFile: viaduct(['init', 'a-file/other', '--lang', 'c']),
  initNowhere: viaduct(['init', '/proc/foo', '--lang', 'c']),
  initLanguage: viaduct(['init', 'other', '--lang', 'pyton']),
  initWithout: viaduct(['init', 'other']),
  built: viaduct(['run', one, '--adapter', './built', '--report', 'of-built']),
  unbuilt: viaduct(['run', one, '--adapter', 'unbuilt']),
  endless: viaduct(['run', one, '--adapter', './endless'], { interruptAt: /^building / }),
  wrong: viaduct(['run', one, '--adapter', './wrong']),
  empty: viaduct(['run', one, '--adapter', './empty']),
}

// --- init -----------------------------------------------------------------------------------------------------------

await test('init writes the template, joins it to this package, and says what to do next', async (t) => {
  const said = await answer(tried.init)
  t.match(said, /^mine is an adapter in TypeScript that declares nothing yet\. Next:\n/)
  t.match(said, /^ {2}\(cd mine && npm install\) /m, 'no compiler is at hand here')
  t.match(said, /^ {2}npx viaduct doctor --adapter \.\/mine .*\n {2}npx viaduct run --adapter \.\/mine /m)
  t.same(
    readdirSync(join(folder, 'mine')).toSorted(),
    ['node_modules', ...readdirSync(join(root, 'sdk/typescript/template'))].toSorted(),
  )
  t.equal(realpathSync(join(folder, 'mine/node_modules/viaduct')), realpathSync(root))
  const [, path = ''] = /"viaduct": "file:(.*)"/.exec(written('mine', 'package.json')) ?? []
  t.equal(resolve(realpathSync(join(folder, 'mine')), path), realpathSync(root))
})

await test('what init wrote builds, runs, and declares nothing that a case could hold it to', async (t) => {
  t.notMatch(await answer(tried.initInClone), /npm install/)
  // What the test runner loads into every process of Node is more than the compiler bears.
  const file = join(inClone, 'mine/adapter.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace('build: ', 'build: NODE_OPTIONS= '))
  const { code, stdout, stderr } = await viaduct(['run', '--adapter', join(inClone, 'mine'), '--report', 'of-mine'])
  t.equal(code, 2, stderr)
  t.match(stdout, /^exit 2: nothing ran: no case applies$/m)
  t.ok(existsSync(join(folder, 'of-mine/index.html')))
})

await test('in a clone init says under which name the checks of the project leave an adapter alone', async (t) => {
  t.match(
    await answer(tried.initInClone),
    /is in a clone of viaduct, .* leave alone what is named my-\* at its top\.$/m,
  )
  t.notMatch(await answer(tried.init), /clone/)
})

await test('init leaves a folder that holds something alone', async (t) => {
  t.match(await complaint(tried.initFull), /^full is not empty, and nothing in it is to be overwritten\. Name a folder/)
  t.same(readdirSync(join(folder, 'full')), ['of-mine.txt'])
})

await test('init does not take a file for a folder', async (t) => {
  t.match(await complaint(tried.initFile), /^a-file is a file\. Name a folder/)
  t.match(await complaint(tried.initInFile), /^a-file\/other cannot be written: ENOTDIR/)
})

await test('init ends where the system makes no folders', { skip: !existsSync('/proc/self') }, async (t) => {
  t.match(await complaint(tried.initNowhere), /^\/proc\/foo cannot be written: ENOENT/)
})

await test('init of an unknown language is wrong usage, with the nearest', async (t) => {
  t.equal(await complaint(tried.initLanguage), 'There is no SDK for `pyton`: did you mean `python`?\n')
  t.match(await complaint(tried.initWithout), /required option '-l, --lang <language>' not specified/)
  t.notOk(existsSync(join(folder, 'other')))
})

/** The compiler that a manifest asks for. */
function compilerOf(manifest: string): string | undefined {
  return /"typescript": "([^"]+)"/.exec(readFileSync(join(root, manifest), 'utf8'))?.[1]
}

await test('the template asks for the compiler that this project uses', (t) => {
  t.equal(compilerOf('sdk/typescript/template/package.json'), compilerOf('package.json'))
  t.end()
})

for (const [name, { sdk, source }] of Object.entries(languages)) {
  await test(`all that init copies for ${name} is there`, (t) => {
    const files = [...sdk, `template/${source}`, 'template/adapter.yaml'].map((file) => join('sdk', name, file))
    t.same(
      files.filter((file) => !existsSync(join(root, file))),
      [],
    )
    t.end()
  })
}

// --- adapter.yaml ---------------------------------------------------------------------------------------------------

await test('a folder is built and started in itself, with its variables, and repeated by its name', async (t) => {
  const { code, stdout } = await tried.built
  t.equal(code, 1, 'the silent one fails')
  t.match(stdout, `npx viaduct run ${one} --adapter ./built --trace`)
  t.match(stdout, /^degenerate silent 1 \(\.\/built\)$/m)
})

/** Why there is no adapter in the folder, with the folder's place left out. */
async function whyNot(name: string): Promise<string> {
  const found = await resolveAdapter(join(folder, name), {})
  if (!('problem' in found)) throw new Error(`${name} was started`)
  if (found.exitCode !== exitCodes.adapter) throw new Error(`exit ${found.exitCode}`)
  return found.problem.replaceAll(`${folder}/`, '')
}

await test('the file itself can be named too', async (t) => {
  const name = join(folder, 'built/adapter.yaml')
  const adapter = await resolveAdapter(name, {})
  t.match(adapter, { name, identity: { name: 'degenerate silent' } })
  if ('close' in adapter) await adapter.close()
})

await test('a build that fails exits 5 with the command, how it ended, its last lines, and what to try', async (t) => {
  const said = await complaint(tried.unbuilt, 5)
  t.match(said, /^The adapter could not be built: `for i .*exit 3` in unbuilt ended with exit status 3\nline 11\n/)
  t.match(said, /\nline 30\nTry: run it by hand in unbuilt until it succeeds\n$/)
})

await test('of a build that fails with many errors the first is shown, and not what only follows from it', async (t) => {
  t.match(
    await whyNot('misspelt'),
    /exit status 1\nnic\.c:4:9 error, expected ;\nconsequence 1\n[^]*\nconsequence 19\nTry: /,
  )
})

await test('a build that takes long is told, and ends with all that it started when viaduct is ended', async (t) => {
  const { code, stderr } = await tried.endless
  t.equal(code, exitCodes.interrupted)
  t.match(stderr, /^building endless \.\.\.\n$/)
  const pids = written('endless', 'pid').trim().split('\n').map(Number)
  t.equal(pids.length, 2)
  for (const pid of pids) t.ok(await isGone(pid), `${pid} is gone`)
})

await test('a build without its compiler says that one is missing', async (t) => {
  const said = await whyNot('uncompiled')
  t.match(said, /Try: install the program that is missing, or name another in uncompiled\/adapter\.yaml$/)
})

await test('a build without its packages says npm install', async (t) => {
  t.match(await whyNot('uninstalled'), /Try: npm install, in uninstalled$/)
})

await test('an adapter that does not greet within its start-timeout exits 5', async (t) => {
  t.match(await whyNot('slow'), /could not be started: the adapter did not answer hello within 100 ms/)
})

await test('a folder without adapter.yaml exits 5 and says how to get one', async (t) => {
  const said = await whyNot('without')
  t.match(said, /^without is a folder without adapter\.yaml/)
  t.match(said, /viaduct init NEW-FOLDER --lang c /)
})

await test('mistakes in adapter.yaml exit 3, each with its place, a caret and what to do', async (t) => {
  t.equal(
    await complaint(tried.wrong),
    `wrong/adapter.yaml:1:1: error: the key \`command\` is missing
 1 | comand: ./adapter
   | ^^^^^^
help: add \`command:\`: what starts the adapter, such as \`./adapter\`

wrong/adapter.yaml:1:1: error: unknown key \`comand\`
 1 | comand: ./adapter
   | ^^^^^^
help: did you mean \`command\`?

wrong/adapter.yaml:2:23: error: \`3\` is not a text
 2 | environment: { LEVEL: 3 }
   |                       ^
help: put a number, or true or false, in quotes

wrong/adapter.yaml:3:15: error: \`10\` is not a duration such as \`10s\`, \`500ms\`
 3 | call-timeout: 10
   |               ^^
`,
  )
})

await test('an empty adapter.yaml exits 3, and is told what to write', async (t) => {
  t.equal(
    await complaint(tried.empty),
    `empty/adapter.yaml:1:1: error: the file says nothing
 1 | # to do
   | ^
help: write what starts the adapter, \`command: ./my-adapter\`, and if need be what makes it, \`build: make\`
`,
  )
})

/** What is read from a file of this text. */
function read(text: string): ReturnType<typeof readAdapterFile> {
  return readAdapterFile(join(folder, adapterYaml(`read-${reads++}`, text), 'adapter.yaml'))
}
let reads = 0

await test('every key of adapter.yaml is read', (t) => {
  const keys = `build: make\ncommand: ./a --b\nenvironment: { A: '1', b_2: x y }\ncall-timeout: 2s\nstart-timeout: 750ms\n`
  const { file: _, folder: __, ...rest } = { file: '', folder: '', ...read(keys) }
  const environment = { A: '1', b_2: 'x y' }
  t.same(rest, { build: 'make', command: './a --b', environment, callTimeout: 2000, startTimeout: 750 })
  t.end()
})

await test('only the command must be said', (t) => {
  const { file: _, folder: __, ...rest } = { file: '', folder: '', ...read('command: ./a\n') }
  t.same(rest, { command: './a', environment: {} })
  t.end()
})

for (const { text, words } of [
  { text: 'command: [./a]\n', words: /1:1: error: `\[\.\/a\]` is not a command line/ },
  { text: '', words: /1:1: error: the file says nothing/ },
  { text: './adapter\n', words: /1:1: error: the file says no more than this, and nothing of an adapter/ },
  { text: '[command]\n', words: /1:1: error: the file says no more than this, and nothing of an adapter/ },
  { text: 'command: " "\n', words: /1:10: error: ` ` is not a command line/ },
  { text: 'command: a\nstart-timeout: 0s\n', words: /2:16: error: `0s` is not a duration/ },
  { text: 'command: a\nreference: true\n', words: /2:1: error: unknown key `reference`/ },
  { text: 'command: a\ncommand: b\n', words: /2:1: error: this key stands here twice/ },
  { text: 'command: a\nenvironment: { 2-b: x }\n', words: /`2-b` is no name\n.*\n.*\nhelp: letters, digits and under/ },
  { text: 'command: a\nbuild: "\n', words: /3:1: error: Missing closing .quote/ },
]) {
  await test(`adapter.yaml cannot say ${JSON.stringify(text)}`, (t) => {
    const found = read(text)
    t.match('problem' in found ? found.problem : 'no problem', words)
    t.end()
  })
}

await test('an adapter file that cannot be read says so', (t) => {
  t.match(readAdapterFile(join(folder, 'nowhere.yaml')), { problem: /nowhere\.yaml cannot be read: ENOENT/ })
  t.end()
})

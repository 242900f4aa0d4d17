// Adapters that misbehave, as the command line sees them: each costs the case it happens in; one that cannot start judges nothing.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { test } from 'tap'
import { isGone } from './process-end.ts'
import { resolveAdapter } from '../harness/cli/adapter/adapters.ts'
import { exitCodes } from '../harness/gate/exit-codes.ts'
import type { PermutationResult, Report } from '../harness/result/report.ts'
import { complaint, folder, viaduct, written } from './viaduct-command.ts'

function link(built: string): string {
  return JSON.stringify(pathToFileURL(resolve(import.meta.dirname, '..', built)).href)
}

/**
 * The reference, but for one deed in every second world, whenever that is opened; several worlds are open at once. Which deed belongs to which world, and
 * which are left, is kept in a file, since a deed may cost the process; so are the numbers of all its processes.
 */
const misbehaving = `
import { spawn } from 'node:child_process'
import { appendFileSync, closeSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { servePeer } from ${link('adapters/process/peer.js')}
import { referenceAdapter } from ${link('adapters/reference/adapter.js')}

const [, , state, pids] = process.argv
const tell = (pid) => appendFileSync(pids, pid + '\\n')
const child = (words, options) => spawn(words[0], words.slice(1), options)
const write = (what) => {
  let octets = Buffer.from(what)
  while (octets.length > 0) {
    try {
      octets = octets.subarray(writeSync(1, octets))
    } catch (thrown) {
      if (thrown.code !== 'EAGAIN') throw thrown
    }
  }
}
const quiet = () => setInterval(() => undefined, 1000)

const deeds = {
  crash: () => { throw new Error('the NIC is on fire') },
  exit: () => process.exit(3),
  signal: () => process.kill(process.pid, 'SIGSEGV'),
  hang: quiet,
  flood: (id) => { for (;;) write(JSON.stringify({ id, ok: { outputs: [], wakeAt: null } }) + '\\n') },
  huge: () => { write('x'.repeat(2 * 1024 * 1024)); quiet() },
  binary: () => { write([0xff, 0, 0x81, 10]); quiet() },
  banner: () => { write('link is up\\n'); quiet() },
  half: (id) => { write('{"id":' + id); process.exit(0) },
  nothing: () => { write('{"id":987654,"ok":{}}\\n'); quiet() },
  grandchild: () => { tell(child(['sleep', '600'], { stdio: 'inherit' }).pid); process.exit(4) },
  mute: () => { closeSync(1); quiet() },
  stubborn: () => { for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(name, () => undefined); quiet() },
  daemons: () => {
    for (let i = 0; i < 3; i++) tell(child(['sleep', '600'], { stdio: 'ignore', detached: true }).pid)
    process.exit(5)
  },
}

/** The deed of the world with this seed: none, or, for every second one, the next that is left. */
const deedOf = (seed) => {
  const kept = JSON.parse(readFileSync(state, 'utf8'))
  if (kept.worlds[seed] === undefined) {
    const isNext = Object.keys(kept.worlds).length % 2 === 1
    kept.worlds[seed] = (isNext && kept.left.shift()) || 'none'
    writeFileSync(state, JSON.stringify(kept))
  }
  return kept.worlds[seed]
}

tell(process.pid)
const input = new PassThrough()
const deedIn = []
let isOver = false
createInterface({ input: process.stdin }).on('line', (line) => {
  if (isOver) return
  const { id, op, endpoints, seeds, world = 0 } = JSON.parse(line)
  const [host] = endpoints ?? seeds ?? []
  if (host) deedIn[world] = deedOf(host.seed)
  isOver = op === 'turn' && deedIn[world] !== 'none'
  if (isOver) deeds[deedIn[world]](id)
  else input.write(line + '\\n')
}).on('close', () => input.end())
await servePeer(referenceAdapter(), input, process.stdout, { worlds: 4 })
process.exit()
`

/** What an adapter may do in the middle of a case, and what the row of that case says. */
const deeds: readonly { readonly name: string; readonly verdict: 'crash' | 'timeout'; readonly says: RegExp }[] = [
  { name: 'crash', verdict: 'crash', says: /exited with code 1.*the NIC is on fire/s },
  { name: 'exit', verdict: 'crash', says: /exited with code 3/ },
  { name: 'signal', verdict: 'crash', says: /SIGSEGV/ },
  { name: 'hang', verdict: 'timeout', says: /did not answer .+ within 1000 ms/ },
  { name: 'flood', verdict: 'crash', says: /answered request \d+ where/ },
  { name: 'huge', verdict: 'crash', says: /longer than 1048576 octets: "xxx/ },
  { name: 'binary', verdict: 'crash', says: /no JSON: "\ufffd/ },
  { name: 'banner', verdict: 'crash', says: /no JSON: "link is up"/ },
  { name: 'half', verdict: 'crash', says: /exited with code 0 in the middle of a line: "{\\"id\\":/ },
  { name: 'nothing', verdict: 'crash', says: /answered request 987654 where request \d+ was asked/ },
  { name: 'grandchild', verdict: 'crash', says: /exited with code 4/ },
  { name: 'mute', verdict: 'crash', says: /closed its output/ },
  { name: 'stubborn', verdict: 'timeout', says: /did not answer .+ within 1000 ms/ },
  { name: 'daemons', verdict: 'crash', says: /exited with code 5/ },
]

/** So many starts in a row may fail. */
const failedStartsMax = 5

function stateOf(left: readonly string[]): string {
  return JSON.stringify({ worlds: {}, left })
}

/** A folder with an adapter in it. */
function made(name: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(join(folder, name))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), text)
  return name
}

for (const name of ['misbehaving', 'misbehaving-beside']) {
  made(name, {
    'adapter.mjs': misbehaving,
    // The shell must not stay: it would hold the output open that the adapter closes.
    'adapter.yaml': `command: exec '${process.execPath}' adapter.mjs state.json pids\nenvironment: { NODE_OPTIONS: '' }\ncall-timeout: 1s\n`,
    'state.json': stateOf(deeds.map((deed) => deed.name)),
  })
}
const files = ['--report', 'bad', '--transcript', 'said.txt']
const suites = ['emp.matching', 'emp.truncation']
const run = viaduct(['run', ...suites, '--adapter', './misbehaving', '--trace', ...files])
const beside = viaduct(['run', ...suites, '--adapter', './misbehaving-beside', '--report', 'beside'])

made('starts-once', {
  'adapter.mjs': misbehaving,
  'adapter.yaml': `command: test ! -e pids && exec '${process.execPath}' adapter.mjs state.json pids\nenvironment: { NODE_OPTIONS: '' }\n`,
  'state.json': stateOf(['exit']),
})
const startedOnce = viaduct([
  'run',
  'emp.truncation',
  '--adapter',
  './starts-once',
  '--report',
  'once',
  '--worlds',
  '1',
])

function rows(folderOfReport = 'bad'): readonly PermutationResult[] {
  const report: Report = JSON.parse(written(folderOfReport, 'report.json'))
  return report.cases
}

function verdictsOf(of: readonly { readonly verdict: string }[]): readonly string[] {
  return of.map(({ verdict }) => verdict).toSorted()
}

function wentWrong({ verdict }: PermutationResult): boolean {
  return verdict !== 'pass' && verdict !== 'not-applicable'
}

for (const [place, { name, verdict, says }] of deeds.entries()) {
  await test(`the deed ${name} costs its case a ${verdict}, and the row tells what happened`, async (t) => {
    await run
    const row = rows().filter(wentWrong)[place]
    t.equal(row?.verdict, verdict)
    t.match(`${row?.reason} ${row?.failure?.stderr}`, says)
    t.ok((row?.realMicroseconds ?? Infinity) < 5_000_000, 'it is over in seconds')
  })
}

await test('--trace says at its end where in the log the adapter crashed or hung', async (t) => {
  const { stdout } = await run
  t.match(
    stdout,
    /\n +\d+\.\d{3} us {2}left +call .*\n +\d+\.\d{3} us {2}left +crashed: the adapter exited with code 3\b/,
  )
  t.match(stdout, /\n +\d+\.\d{3} us {2}left +did not answer: the adapter did not answer .+ within 1000 ms/)
  t.match(stdout, /\n +\d+\.\d{3} us {2}left +broke the protocol of adapters: .*link is up/)
})

await test('every other case of the run passes', async (t) => {
  await run
  t.equal(rows().filter(wentWrong).length, deeds.length)
  t.ok(rows().filter(({ verdict }) => verdict === 'pass').length > deeds.length)
})

await test('beside other cases in one process each deed costs one case its verdict, and no other case anything', async (t) => {
  const { code } = await beside
  t.equal(code, 1)
  const wrong = rows('beside').filter(wentWrong)
  t.same(verdictsOf(wrong), verdictsOf(deeds))
  for (const { says, name } of deeds)
    t.ok(
      wrong.some(({ reason, failure }) => says.test(`${reason} ${failure?.stderr}`)),
      name,
    )
  t.equal(rows('beside').length, rows('bad').length)
})

await test('once the first case has begun, a failure of the adapter exits 1', async (t) => {
  const { code, stdout } = await run
  t.equal(code, 1)
  t.match(stdout, new RegExp(`^exit 1: ${deeds.length} permutations failed$`, 'm'))
})

await test('an adapter that does not start a second time costs the next cases, then the rest is not run, and it exits 1', async (t) => {
  const { code, stdout } = await startedOnce
  t.equal(code, 1)
  const [first, ...later] = rows('once').filter(wentWrong)
  t.match(first?.reason, /exited with code 3$/)
  t.ok(later.length > failedStartsMax)
  // One start failed when the first was to be run again, alone.
  const [tried, unrun] = [later.slice(0, failedStartsMax - 1), later.slice(failedStartsMax - 1)]
  for (const { verdict, reason } of tried) {
    t.equal(verdict, 'crash')
    t.match(reason, /started again, the adapter exited with code 1$/)
  }
  for (const { verdict } of unrun) t.equal(verdict, 'skipped')
  t.match(stdout, /^\d+ permutations? not run: the adapter is gone: started again, .* code 1, 5 times in a row$/m)
})

await test('the transcript of a run tells which permutation begins, what was said in it, and how it ended', async (t) => {
  await run
  const lines = written('said.txt').trimEnd().split('\n')
  for (const { name } of rows()) t.ok(lines.includes(`# ${name}`), name)
  const banner = lines.indexOf('< link is up')
  t.match(lines[banner + 1], /^# the adapter wrote a line that is no JSON: "link is up"$/)
  t.ok(lines.filter((line) => line === '# the adapter starts').length > deeds.length)
  t.ok(lines.every((line) => /^[<>#] /.test(line)))
})

await test('no process is left behind, not even a daemon', async (t) => {
  await run
  const pids = written('misbehaving', 'pids').trim().split('\n').map(Number)
  t.ok(pids.length > deeds.length + 4, `${pids.length} processes`)
  for (const pid of pids) t.ok(await isGone(pid), `${pid} is gone`)
})

for (const [duration, milliseconds] of [
  ['1', 1000],
  ['1s', 1000],
  ['300ms', 300],
] as const) {
  await test(`--call-timeout ${duration} is how long an answer may take`, async (t) => {
    const adapter = made(`slow-${duration}`, {
      'adapter.mjs': misbehaving,
      'adapter.yaml': `command: exec '${process.execPath}' adapter.mjs state.json pids\nenvironment: { NODE_OPTIONS: '' }\ncall-timeout: 9s\n`,
      'state.json': stateOf(['hang']),
    })
    const flags = ['--call-timeout', duration, '--report', `slow-${duration}`]
    await viaduct(['run', 'emp.truncation', '--adapter', `./${adapter}`, ...flags])
    const slow = rows(`slow-${duration}`).find(wentWrong)
    t.match(slow?.reason, new RegExp(`did not answer turn \\(.+\\) within ${milliseconds} ms`))
  })
}

for (const [name, command] of [
  ['INT', 'run'],
  ['TERM', 'run'],
  ['TERM', 'doctor'],
  ['HUP', 'doctor'],
] as const) {
  await test(`SIG${name} ends a ${command} that waits for hello, and the adapter with it`, async (t) => {
    const adapter = made(`${command}-${name}`, {
      'adapter.yaml': `command: echo $$ > pid; kill -s ${name} $PPID; sleep 600\n`,
    })
    const { code } = await viaduct([command, '--adapter', `./${adapter}`])
    t.equal(code, exitCodes.interrupted)
    t.ok(await isGone(Number(written(adapter, 'pid'))), 'the adapter is gone')
  })
}

await test('a run that is killed leaves no adapter behind that hangs, nor what it started, not even a daemon', async (t) => {
  const adapter = made('orphan', {
    'adapter.yaml': `command: trap '' HUP INT TERM; echo $$ > pids; setsid sleep 600 & echo $! >> pids; kill -s KILL $PPID; sleep 600\n`,
  })
  const { code } = await viaduct(['run', '--adapter', `./${adapter}`])
  t.equal(code, null)
  const pids = written(adapter, 'pids').trim().split('\n').map(Number)
  t.equal(pids.length, 2)
  for (const pid of pids) t.ok(await isGone(pid), `${pid} is gone`)
})

// --- adapters that cannot be started --------------------------------------------------------------------------------

/** Answers hello with these members on top of what is asked for. */
function greeter(members: string): string {
  const facts = '"name":"n","version":"1","vendor":"v","interfaces":["emp"],"clock":"virtual","wire":"none"'
  return `read line; printf '%s\\n' '{"id":1,"ok":{"protocol":1,"nonce":"n",${facts},"options":{},"values":{}${members}}}'\nsleep 60`
}

const starts: Readonly<Record<string, string>> = {
  'dies.sh': 'echo one >&2; echo the NIC is missing >&2; exit 9',
  'old.sh': greeter(',"protocol":0'),
  'canned.sh': greeter(''),
  'invalid.sh': `read line; echo '{"id":1,"ok":{"protocol":1'; sleep 60`,
  'banner.sh': 'echo My NIC, version 3; read line; sleep 60',
  'refuses.sh': `read line; echo '{"id":1,"error":{"message":"no licence"}}'; sleep 60`,
  'killed.sh': 'kill -SEGV $$',
  'plain.sh': 'exit 0',
}
made('starts', starts)
chmodSync(join(folder, 'starts/plain.sh'), 0o644)
const earlier = '{"format":"viaduct-report","of":"an earlier run"}'
made('kept', { 'report.json': earlier, 'index.html': earlier })

/** The path of one of these scripts. */
function at(script: string): string {
  return join(folder, 'starts', script)
}

const complaints: readonly {
  readonly what: string
  readonly command: string
  /** What the complaint says: the command, how it ended, its last words, and what to try. */
  readonly says: readonly RegExp[]
}[] = [
  {
    what: 'does not exist',
    command: './no-such-adapter --quiet',
    says: [/no-such-adapter --quiet is neither an adapter that viaduct knows nor a program/],
  },
  {
    what: 'does not exist, as only the shell can tell',
    command: `'./no such adapter'`,
    says: [
      /exited with code 127$/m,
      /^ {2}command +'\.\/no such adapter'$/m,
      /stderr .*not found/,
      /^Try: check the path/m,
    ],
  },
  {
    what: 'is not executable',
    command: at('plain.sh'),
    says: [/plain\.sh is a file, but no program: it is not executable/, /^Try: chmod \+x .*plain\.sh/m],
  },
  {
    what: 'dies at once',
    command: `sh '${at('dies.sh')}'`,
    says: [
      /exited with code 9$/m,
      /^ {2}command +sh '.*dies\.sh'$/m,
      /^ {2}stderr +one\n +the NIC is missing$/m,
      /^Try: run the command by hand/m,
    ],
  },
  {
    what: 'is killed',
    command: `sh '${at('killed.sh')}'`,
    says: [/SIGSEGV/, /^Try: run the command by hand/m],
  },
  {
    what: 'speaks another version',
    command: `sh '${at('old.sh')}'`,
    says: [/speaks protocol 0, not 1$/m, /^ {2}command +sh '.*old\.sh'$/m, /^Try: .*"protocol": 1/m],
  },
  {
    what: 'gives a canned greeting',
    command: `sh '${at('canned.sh')}'`,
    says: [/another nonce/, /^Try: copy the nonce/m],
  },
  {
    what: 'answers with invalid JSON',
    command: `sh '${at('invalid.sh')}'`,
    says: [/no JSON: "{\\"id\\":1,\\"ok\\":{\\"protocol\\":1"$/m, /^Try: write nothing but answers/m],
  },
  {
    what: 'prints a banner first',
    command: `sh '${at('banner.sh')}'`,
    says: [/no JSON: "My NIC, version 3"$/m, /^Try: write nothing but answers to standard output; banners/m],
  },
  {
    what: 'refuses to start',
    command: `sh '${at('refuses.sh')}'`,
    says: [/failed in hello: no licence$/m],
  },
]

/** What `run` would complain of, without a process for each complaint. */
async function complaintAbout(command: string): Promise<string> {
  const found = await resolveAdapter(command, {})
  if (!('problem' in found)) throw new Error(`${command} was started`)
  if (found.exitCode !== exitCodes.adapter) throw new Error(`exit ${found.exitCode}: ${found.problem}`)
  return found.problem
}

for (const { what, command, says } of complaints) {
  await test(`an adapter that ${what} is complained of in one message, which says what to do`, async (t) => {
    const said = await complaintAbout(command)
    for (const words of says) t.match(said, words)
    t.notMatch(said, /^ +at /m, 'without a stack of ours')
  })
}

for (const [what, command, says] of [
  ['does not exist', './no-such-adapter', /neither an adapter that viaduct knows nor a program/],
  ['dies at once', `sh '${at('dies.sh')}'`, /could not be started: the adapter exited with code 9$/m],
] as const) {
  await test(`a run with an adapter that ${what} exits 5, and leaves the report of an earlier run as it was`, async (t) => {
    const said = await complaint(viaduct(['run', 'emp.matching', '--adapter', command, '--report', 'kept']), 5)
    t.match(said, says)
    t.notMatch(said, /permutation/, 'that is no verdict')
    t.equal(written('kept', 'report.json'), earlier)
    t.equal(written('kept', 'index.html'), earlier)
  })
}

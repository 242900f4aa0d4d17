// The C SDK keeps the adapter protocol: template, example and a puppet are built and spoken to over a pipe.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'tap'
import { LineReader, lineOctetsMax } from '../../adapters/process/lines.ts'
import { readAnswer, readGreeting } from '../../adapters/process/protocol.ts'
import { listOf, member, readCount, readMembers, readText, type Members } from '../../adapters/process/shape.ts'
import { readTurnAnswer } from '../../adapters/process/turn-members.ts'
import { viaduct } from '../viaduct-command.ts'

const root = resolve(import.meta.dirname, '../../..')
const sdk = join(root, 'sdk/c')
const folder = mkdtempSync(join(tmpdir(), 'viaduct-sdk-c-'))
after(() => rmSync(folder, { recursive: true, force: true }))

// --- programs ---------------------------------------------------------------------------------------------------------

const strict = ['-std=c11', '-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Werror', '-pthread']
const sanitized = ['-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all']

/** Runs a tool of the C tool chain; says what is missing, or what the tool said, if that does not work. */
async function build(tool: string, words: readonly string[], place = folder): Promise<void> {
  const child = spawn(tool, words, { cwd: place, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const code = await new Promise<number | null>((settle, reject) => {
    child.on('error', (fault) =>
      reject(new Error(`the C SDK needs ${tool} to be tested; it cannot be run`, { cause: fault })),
    )
    child.on('close', settle)
  })
  if (code !== 0) throw new Error(`${tool} ${words.join(' ')}\n${said}`)
}

/** Compiles sources with the SDK into a program of this name, and returns its path. */
async function compile(name: string, sources: readonly string[], flags: readonly string[] = []): Promise<string> {
  const program = join(folder, name)
  await build('cc', [...strict, ...flags, `-I${sdk}`, '-o', program, ...sources, join(sdk, 'viaduct.c')])
  return program
}

const partsOf = (place: string): string[] =>
  readdirSync(join(sdk, place))
    .filter((file) => file.endsWith('.c'))
    .map((file) => join(sdk, place, file))

/**
 * An adapter that does as it is told. isend writes the octet at offset `tag` - 100 of its piece, inside or not, prints
 * something, and fails if `to` is 9. wait returns only when a configure has come; stop lets it go, unless it is DEAF. A buffer of 13 octets
 * cannot be registered, nor one that is not locked. FRESH: its process is replaced for each world, and buffers lie between guard pages.
 */
const puppetSource = String.raw`
#include "viaduct.h"
#include <pthread.h>
#include <stdio.h>
#ifndef CLOCK
#define CLOCK VIADUCT_VIRTUAL
#endif
#ifdef DEAF /* What a call that never returns may still use is never given back. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) { return "detect_leaks=0"; }
#endif
static viaduct_endpoint *host;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool is_open, is_configured;
static void *on_open(viaduct_endpoint *endpoint, const viaduct_world *world) {
  pthread_mutex_lock(&lock);
  if (world->node == 0) host = endpoint;
  is_open = true;
  is_configured = false;
  pthread_mutex_unlock(&lock);
  return world->interface == VIADUCT_EMP ? &host : NULL;
}
static void let_go(bool *of, bool value) {
  pthread_mutex_lock(&lock);
  *of = value;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
}
static void on_stop(void *state) {
  (void)state;
#ifndef DEAF
  let_go(&is_open, false);
#endif
}
static void on_call(void *state, const viaduct_emp_call *call) {
  (void)state;
  viaduct_endpoint *self = host;
  if (call->operation == VIADUCT_EMP_ISEND) {
    puts("{\"id\":0,\"ok\":{}} was printed by a library");
    fflush(stdout);
    if (call->peer == 9) viaduct_fail("there is no node %d", 9);
    call->pieces[0].octets[call->tag - 100] ^= 1;
  }
  if (call->operation == VIADUCT_EMP_CONFIGURE) let_go(&is_configured, true);
  if (call->operation == VIADUCT_EMP_WAIT) {
#ifdef DEAF
    fputs("waiting\n", stderr);
#endif
    pthread_mutex_lock(&lock);
    while (is_open && !is_configured) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
  }
  viaduct_return(self, call->id, VIADUCT_OK);
}
static void on_via(void *state, const viaduct_via_call *call) {
  (void)state;
  viaduct_writer *to = viaduct_begin_return(host, call->id, VIADUCT_OK);
  viaduct_write_object(to, "vip");
  viaduct_write_text(to, "code", "VIP_SUCCESS");
  viaduct_write_text(to, "name", viaduct_text_of(viaduct_member(viaduct_member(call->members, "attributes"), "name"), ""));
  viaduct_write_integer(to, "nameLen", viaduct_integer_of(viaduct_member(call->members, "bytes"), -1));
  viaduct_end_object(to);
  viaduct_end_output(host, to);
}
static bool on_allocated(void *state, void *octets, size_t bytes, bool locked) {
  (void)state, (void)octets;
  return locked && bytes != 13;
}
static void on_freed(void *state, void *octets, size_t bytes) {
  (void)state, (void)octets;
  fprintf(stderr, "freed %zu\n", bytes);
}
static const viaduct_option options[] = {{"emp.counters", false}, {0}};
static const viaduct_adapter adapter = {
    .name = "puppet", .version = "1", .vendor = "test", .interfaces = VIADUCT_EMP | VIADUCT_VIA, .clock = CLOCK,
    .wire = VIADUCT_HIDDEN_WIRE, .options = options, .open = on_open, .stop = on_stop, .emp = on_call, .via = on_via,
#ifdef FRESH
    .guard_pages = true, .fresh_process = true,
#endif
    .allocated = on_allocated, .freed = on_freed};
int main(int count, char *word[]) {
  if (count > 1) fprintf(stderr, "%s begins\n", word[1]);
  return viaduct_serve(&adapter);
}
`

const puppetFile = join(folder, 'puppet.c')
writeFileSync(puppetFile, puppetSource)

const [template, example, examined, puppet, real, deaf, fresh] = await Promise.all([
  compile('template', partsOf('template')),
  compile('example', partsOf('emp'), ['-O2']),
  compile('examined', partsOf('emp'), sanitized),
  compile('puppet', [puppetFile], sanitized),
  compile('real', [puppetFile], [...sanitized, '-DCLOCK=VIADUCT_REAL']),
  compile('deaf', [puppetFile], [...sanitized, '-DCLOCK=VIADUCT_REAL', '-DDEAF']),
  compile('fresh', [puppetFile], ['-DCLOCK=VIADUCT_REAL', '-DDEAF', '-DFRESH']),
])

// --- speaking ---------------------------------------------------------------------------------------------------------

/** An adapter that runs, and what it has said. */
class Talk {
  stderr = ''
  /** Lines that came in one piece, for each piece that came. */
  readonly together: number[] = []
  readonly ended: Promise<number | null>
  private readonly child: ChildProcessWithoutNullStreams
  private readonly lines: unknown[] = []
  private awaiting: ((line: unknown) => void) | undefined
  private count = 0

  constructor(program: string, words: readonly string[] = []) {
    const reader = new LineReader()
    this.child = spawn(program, words, { cwd: folder })
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    this.child.stdin.on('error', () => undefined)
    this.child.stdout.on('data', (octets: Uint8Array) => {
      const came = [...reader.push(octets)].map((line) => (line.kind === 'value' ? line.value : line))
      this.together.push(came.length)
      this.lines.push(...came)
      this.serve()
    })
    this.ended = once(this.child, 'close').then(() => this.child.exitCode)
    void this.ended.then(() => this.awaiting?.(undefined))
  }

  say(text: string): void {
    this.child.stdin.write(text)
  }

  /** The next line; undefined if the adapter has ended. */
  async line(): Promise<unknown> {
    return new Promise((settle) => {
      this.awaiting = settle
      this.serve()
    })
  }

  /** Waits until this is on its standard error. */
  async complains(words: string): Promise<void> {
    while (!this.stderr.includes(words)) await once(this.child.stderr, 'data')
  }

  /** Sends a request and returns what it is answered. What is told before the answer stands before the next line. */
  async ask(op: string, members: Members = {}): Promise<Members> {
    this.say(`${JSON.stringify({ id: ++this.count, op, ...members })}\n`)
    const told: unknown[] = []
    let line = readMembers(await this.line())
    for (; line['output'] !== undefined; line = readMembers(await this.line())) told.push(line)
    this.lines.unshift(...told)
    return line
  }

  /** Opens a world of two hosts, both of them here. */
  async open(stepped = false): Promise<void> {
    const endpoints = [0, 1].map((node) => ({ node, configuration: {}, stepped, seed: 1 }))
    const hosts = [0, 1].map((node) => ({ node, name: `host${node}`, mac: `02000000000${node}` }))
    readAnswer(await this.ask('open', { interface: 'emp', hosts, endpoints }))
  }

  /** Makes calls on host 0 in one turn, and returns what they returned, in order. */
  async call(...calls: readonly Members[]): Promise<Members[]> {
    const inputs = calls.map((call, id) => ({ kind: 'call', id, thread: 0, ...call }))
    const answer = await this.ask('turn', { now: 5, endpoint: 0, inputs })
    const ok = member(answer, 'ok', readMembers)
    readTurnAnswer(ok)
    return member(ok, 'outputs', listOf(readMembers)).filter((output) => output['kind'] === 'return')
  }

  /** Ends its input, and says how it ended. */
  async end(): Promise<number | null> {
    this.child.stdin.end()
    return this.ended
  }

  private serve(): void {
    const settle = this.awaiting
    if (!settle || this.lines.length === 0) return
    this.awaiting = undefined
    settle(this.lines.shift())
  }
}

async function opened(program: string, words: readonly string[] = []): Promise<Talk> {
  const talk = new Talk(program, words)
  await talk.open()
  return talk
}

const greetingRequest = { protocols: [1], nonce: 'n"\\ 試', harness: { name: 'test', version: '0' } }
const zeros = { kind: 'const', seed: 0 }
const allocation = (as: string, bytes: number, more: Members = {}): Members => ({
  operation: 'memory.allocate',
  as,
  bytes,
  align: 64,
  offset: 0,
  fill: zeros,
  guard: 32,
  locked: true,
  ...more,
})
const all = (buffer: string, bytes: number, offset = 0): Members => ({ buffer, offset, bytes })
const reading = (at: Members): Members => ({ operation: 'memory.read', at })
const sending = (at: Members): Members => ({ operation: 'emp.isend', as: 's', to: 1, tag: 100, pieces: [at] })
/** A request that is unsupported, with so many octets. */
const lineOf = (octets: number): string => `{"id":1,"op":"nothing"${' '.repeat(octets - 23)}}\n`
const statuses = (returns: readonly Members[]): string[] => returns.map((each) => member(each, 'status', readText))
const messageOf = (answer: Members): string => member(member(answer, 'error', readMembers), 'message', readText)

// --- lines and requests -----------------------------------------------------------------------------------------------

await test('the example builds also where it was copied into a folder that viaduct init made', async (t) => {
  const copied = join(folder, 'copied-example')
  for (const from of ['template', 'emp']) cpSync(join(sdk, from), copied, { recursive: true })
  for (const file of ['viaduct.h', 'viaduct.c']) cpSync(join(sdk, file), join(copied, file))
  await build('make', ['--silent', '--always-make'], copied)
  t.ok(readdirSync(copied).includes('adapter'))
})

await test('the Makefiles build template and example where viaduct init and the repository put them', async (t) => {
  const place = join(folder, 'made')
  const copied = join(place, 'copied')
  mkdirSync(place)
  cpSync(sdk, join(place, 'c'), { recursive: true, filter: (path) => !/\/adapter$|\.o$/.test(path) })
  cpSync(join(place, 'c/template'), copied, { recursive: true })
  for (const file of ['viaduct.h', 'viaduct.c']) cpSync(join(sdk, file), join(copied, file))
  await Promise.all([build('make', ['--silent'], copied), build('make', ['--silent'], join(place, 'c/emp'))])
  for (const program of [join(copied, 'adapter'), join(place, 'c/emp/adapter')]) {
    const talk = new Talk(program)
    t.equal(readAnswer(await talk.ask('hello', greetingRequest)).kind, 'ok')
    t.equal(await talk.end(), 0)
  }
})

await test('the greeting carries the nonce and what the adapter declares', async (t) => {
  const talk = new Talk(examined)
  const greeting = readGreeting(member(await talk.ask('hello', greetingRequest), 'ok', readMembers))
  t.equal(greeting.nonce, greetingRequest.nonce)
  t.match(greeting.pics, {
    interfaces: ['emp'],
    clock: 'virtual',
    wire: 'frames',
    profile: 'emp-1',
    options: { stepped: true },
    values: { 'emp.collection': { value: 3, settable: { least: 1, most: 64 } }, 'emp.page': { value: 4096 } },
  })
  t.equal(greeting.pics.values['emp.page']?.settable, undefined, 'fixed')
  t.equal(await talk.end(), 0)
})

await test('the template declares every option of the PICS of EMP as absent', async (t) => {
  const talk = new Talk(template)
  const { pics } = readGreeting(member(await talk.ask('hello', greetingRequest), 'ok', readMembers))
  const named = [...readFileSync(join(root, 'spec/pics/emp.yaml'), 'utf8').matchAll(/- name: (\S+)/g)].map(
    ([, name]) => name,
  )
  const declared = named.filter((name) => name !== 'wire.frames' && name !== 'clock.virtual')
  t.strictSame(pics.options, Object.fromEntries(declared.map((name) => [name, false])))
  await talk.end()
})

await test('only protocol 1 is spoken', async (t) => {
  const talk = new Talk(template)
  t.match(messageOf(await talk.ask('hello', { ...greetingRequest, protocols: [2] })), /only protocol 1/)
  await talk.end()
})

await test('an operation that is not known, or belongs to the other clock, is unsupported', async (t) => {
  const talk = await opened(template)
  t.equal(readAnswer(await talk.ask('zxcv')).kind, 'unsupported')
  t.equal(readAnswer(await talk.ask('input', { endpoint: 0, input: { kind: 'wake' } })).kind, 'unsupported')
  await talk.end()
})

await test('a line that is no request is answered by an error without id, and the next one as ever', async (t) => {
  const bad = ['', '{', '[]', '7', '{"id":1}', '{"op":"close"}', '{"id":-1,"op":"close"}', '{"id":1.5,"op":"close"}']
  const worse = [
    '{"id":01,"op":"x"}',
    '{"id":1,"op":"\u0001"}',
    '{"id":1,"op":"\\x"}',
    '{"id":1,"op":"x"}}',
    '[1,]',
    'nul',
  ]
  const deep = '['.repeat(100_000)
  const talk = new Talk(examined)
  for (const line of [...bad, ...worse, deep]) {
    talk.say(`${line}\n`)
    t.match(await talk.line(), { id: null, error: { message: /^a line is no/ } }, line.slice(0, 30))
  }
  t.equal(readAnswer(await talk.ask('hello', greetingRequest)).kind, 'ok')
  t.equal(await talk.end(), 0)
})

await test('requests that follow each other are answered in order and together', async (t) => {
  const talk = new Talk(examined)
  const count = 200
  talk.say(Array.from({ length: count }, (_, id) => `{"id":${id},"op":"nothing"}\n`).join(''))
  for (let id = 0; id < count; id++) t.match(await talk.line(), { id, unsupported: String })
  t.strictSame(talk.together, [count])
  await talk.end()
})

await test('half a line waits for its other half', async (t) => {
  const talk = new Talk(examined)
  talk.say('{"id":1,"op":"nothing"}\n{"id":2,"op":"no')
  t.match(await talk.line(), { id: 1 })
  talk.say('thing"}\n')
  t.match(await talk.line(), { id: 2 })
  await talk.end()
})

await test('a line may have 1 048 576 octets, and one with more is an error', async (t) => {
  const talk = new Talk(examined)
  talk.say(lineOf(lineOctetsMax))
  t.match(await talk.line(), { id: 1, unsupported: String })
  talk.say(lineOf(lineOctetsMax + 1))
  t.match(await talk.line(), { id: null, error: { message: /longer than 1048576/ } })
  talk.say(`${'x'.repeat(3 * lineOctetsMax)}\n${lineOf(100)}`)
  t.match(await talk.line(), { id: null, error: { message: /longer than 1048576/ } })
  t.match(await talk.line(), { id: 1, unsupported: String })
  t.equal(await talk.end(), 0)
})

await test('members that are not known are ignored, whatever they hold', async (t) => {
  const talk = new Talk(examined)
  const more = { zxcv: [1.5, -2e300, null, true, { deep: [[[{}]]] }, '\u0000\ud83d\ude00\ud800'], now: -0.5 }
  t.equal(readAnswer(await talk.ask('hello', { ...greetingRequest, ...more })).kind, 'ok')
  await talk.open()
  t.strictSame(statuses(await talk.call({ ...allocation('a', 8), ...more })), ['ok'])
  await talk.end()
})

await test('the adapter ends with its input, and after close though its input is open', async (t) => {
  t.equal(await (await opened(examined)).end(), 0)
  const talk = await opened(examined)
  t.strictSame(await talk.ask('close'), { id: 2, ok: {} })
  t.equal(await talk.ended, 0)
})

await test('a turn that cannot be is an error with the id of its request', async (t) => {
  const talk = await opened(examined)
  const turn = async (endpoint: number, inputs: unknown): Promise<Members> =>
    talk.ask('turn', { now: 0, endpoint, inputs })
  t.match(messageOf(await turn(7, [])), /no endpoint 7/)
  t.match(messageOf(await turn(0, {})), /inputs is missing/)
  t.match(messageOf(await turn(0, [{ kind: 'frame', octets: 'AB*=' }])), /no base64/)
  t.match(messageOf(await turn(0, [{ kind: 'zxcv' }])), /no input of this kind/)
  t.match(messageOf(await turn(0, [{ kind: 'run', activity: 3 }])), /not runnable/)
  t.match(messageOf(await turn(0, [{ kind: 'call', id: 1, thread: 0, operation: 'emp.test' }])), /lacks a member/)
  t.strictSame(statuses(await talk.call(allocation('a', 8))), ['ok'], 'it goes on')
  t.equal(await talk.end(), 0)
})

// --- memory -----------------------------------------------------------------------------------------------------------

await test('patterns and digests are those of the test vectors', async (t) => {
  const page = readFileSync(join(root, 'docs/adapter-protocol.md'), 'utf8')
  const vectors = [...page.matchAll(/^\| `(\w+)` (\d+)\s*\| ([0-9a-f ]{23})\s*\| (\d+)/gm)]
  t.equal(vectors.length, 4)
  const talk = await opened(examined)
  for (const [i, [, kind, seed, octets, digest]] of vectors.entries()) {
    const [, read, summed] = await talk.call(
      allocation(`b${i}`, 1000, { fill: { kind, seed: Number(seed) } }),
      { operation: 'memory.read', at: all(`b${i}`, 8) },
      { operation: 'memory.digest', at: all(`b${i}`, 1000) },
    )
    t.equal(read?.['octets'], octets?.replaceAll(' ', ''), `octets of ${kind} ${seed}`)
    t.equal(summed?.['digest'], Number(digest), `digest of ${kind} ${seed}`)
  }
  const nine = allocation('nine', 9, { fill: { kind: 'ramp', seed: 0x31 } })
  const [, sum] = await talk.call(nine, { operation: 'memory.digest', at: all('nine', 9) })
  t.equal(sum?.['digest'], 0xe3069283)
  await talk.end()
})

await test('a pattern is written from its beginning, and nowhere else', async (t) => {
  const talk = await opened(examined)
  const [, , read] = await talk.call(
    allocation('a', 8, { offset: 3 }),
    { operation: 'memory.write', at: all('a', 3, 2), fill: { kind: 'ramp', seed: 250 } },
    { operation: 'memory.read', at: all('a', 8) },
  )
  t.equal(read?.['octets'], '0000fafbfc000000')
  await talk.end()
})

await test('calls on memory that cannot be are invalid, and have no effect', async (t) => {
  const talk = await opened(examined)
  const refused = [
    allocation('a', 16),
    ...[{ align: 0 }, { bytes: -1 }, { guard: 2 ** 50 }, { fill: { kind: 'zebra', seed: 1 } }, { bytes: 'many' }].map(
      (more) => allocation('b', 1, more),
    ),
    ...[all('a', 9), all('a', 1, 9), all('a', -1), all('a', 1, -1), all('b', 0), all('a', 2 ** 53 - 1, 2)].map(reading),
    reading(all('big', 4097)),
    { operation: 'memory.guards', buffer: 'b' },
    { operation: 'memory.free', buffer: 'b' },
  ]
  const returns = statuses(
    await talk.call(allocation('a', 8), allocation('big', 5000), ...refused, reading(all('a', 8))),
  )
  t.strictSame(returns, ['ok', 'ok', ...refused.map(() => 'invalid'), 'ok'])
  t.strictSame(statuses(await talk.call({ operation: 'memory.zxcv' }, { operation: 'zxcv' })), [
    'unsupported',
    'unsupported',
  ])
  await talk.end()
})

await test('a guard zone tells the first octet that was written, on either side', async (t) => {
  for (const [offset, damaged] of [
    [-1, -1],
    [-32, -32],
    [0, null],
    [7, null],
    [8, 8],
    [39, 39],
  ] as const) {
    const talk = await opened(puppet)
    const damage = { operation: 'emp.isend', as: 's', to: 1, tag: 100 + offset, pieces: [all('a', 8)] }
    const [, , guards] = await talk.call(allocation('a', 8), damage, { operation: 'memory.guards', buffer: 'a' })
    t.equal(guards?.['damaged'], damaged, `octet ${offset}`)
    t.equal(await talk.end(), 0)
  }
})

await test('names are free again after free, and gone after reset and open', async (t) => {
  const talk = await opened(examined)
  const again = [allocation('a', 8), { operation: 'memory.free', buffer: 'a' }, allocation('a', 9)]
  t.strictSame(statuses(await talk.call(...again)), ['ok', 'ok', 'ok'])
  t.strictSame(
    await talk.ask('reset', {
      seeds: [
        { node: 0, seed: 2 },
        { node: 1, seed: 2 },
      ],
    }),
    { id: 3, ok: {} },
  )
  t.strictSame(statuses(await talk.call(...again)), ['ok', 'ok', 'ok'])
  await talk.open()
  t.strictSame(statuses(await talk.call(...again)), ['ok', 'ok', 'ok'])
  t.equal(await talk.end(), 0)
})

await test('the adapter is told of each buffer, may refuse it, and is told when it goes', async (t) => {
  const talk = await opened(puppet)
  const wanted = [allocation('a', 8), allocation('b', 13), allocation('c', 16, { locked: false }), allocation('d', 32)]
  t.strictSame(statuses(await talk.call(...wanted)), ['ok', 'invalid', 'invalid', 'ok'])
  t.strictSame(statuses(await talk.call({ operation: 'memory.free', buffer: 'a' })), ['ok'])
  await talk.ask('reset', { seeds: [{ node: 0, seed: 2 }] })
  t.equal(await talk.end(), 0)
  t.equal(talk.stderr, 'freed 8\nfreed 32\n')
})

// --- calls ------------------------------------------------------------------------------------------------------------

await test('the template refuses what it does not have, and answers every call', async (t) => {
  const talk = await opened(template)
  const posting = { operation: 'emp.isend', as: 's', to: 1, tag: 5, pieces: [all('a', 8)] }
  const others = ['emp.counters', 'emp.zxcv', 'VipOpenNic'].map((operation) => ({ operation }))
  const returns = statuses(
    await talk.call(allocation('a', 8), posting, { operation: 'emp.test', request: 's' }, ...others),
  )
  t.strictSame(returns, ['ok', ...Array.from({ length: 5 }, () => 'unsupported')])
  await talk.end()
})

await test('a range outside its buffer is refused before the adapter sees the call', async (t) => {
  const talk = await opened(puppet)
  t.strictSame(statuses(await talk.call(allocation('a', 8), sending(all('a', 9)), sending(all('b', 1)))), [
    'ok',
    'invalid',
    'invalid',
  ])
  t.equal(await talk.end(), 0)
})

await test('a name comes back as it was given, whatever letters it has', async (t) => {
  const talk = await opened(examined)
  const name = 'r "\\/\b\f\n\r\t\u0001 ä 試 😀'
  const posted = { tag: 5, pieces: [all('a', 8)] }
  const returns = await talk.call(
    allocation('a', 8),
    { operation: 'emp.irecv', as: name, from: 0, ...posted },
    { operation: 'emp.isend', as: 's', to: 0, ...posted },
    { operation: 'emp.wait', request: name },
  )
  const completion = { request: name, outcome: 'done', bytes: 8, peer: 0, tag: 5 }
  t.match(returns.at(-1), { status: 'ok', completions: [completion] })
  await talk.end()
})

await test('a call of VIPL is handed on with its members, and returns what the adapter writes', async (t) => {
  const talk = await opened(puppet)
  const asked = { operation: 'VipRegisterMem', bytes: 2 ** 53 - 1, attributes: { name: 'mem "1"' } }
  const [returned] = await talk.call(asked)
  t.match(returned, { status: 'ok', vip: { code: 'VIP_SUCCESS', name: 'mem "1"', nameLen: 2 ** 53 - 1 } })
  await talk.end()
})

await test('what a library prints goes to standard error, and a failing adapter says why', async (t) => {
  const talk = await opened(puppet)
  const posting = sending(all('a', 8))
  t.strictSame(statuses(await talk.call(allocation('a', 8), posting)), ['ok', 'ok'])
  talk.say(
    `${JSON.stringify({ id: 9, op: 'turn', now: 0, endpoint: 0, inputs: [{ kind: 'call', id: 9, thread: 0, ...posting, to: 9 }] })}\n`,
  )
  t.equal(await talk.line(), undefined)
  t.equal(await talk.ended, 1)
  t.match(talk.stderr, /was printed by a library[^]*there is no node 9/)
})

await test('when stepped, what there is to do is told and goes one at a time', async (t) => {
  const talk = new Talk(examined)
  await talk.open(true)
  await talk.call(allocation('a', 8))
  const go = async (input: Members): Promise<Members> =>
    member(await talk.ask('turn', { now: 0, endpoint: 0, inputs: [input] }), 'ok', readMembers)
  const posting = { operation: 'emp.isend', as: 's', to: 1, tag: 5, pieces: [all('a', 8)] }
  let answer = await go({ kind: 'call', id: 1, thread: 0, ...posting })
  t.match(answer, { outputs: [{ kind: 'return', id: 1, status: 'ok' }], wakeAt: null, runnable: [Number] })
  const seen: number[] = []
  for (let left = member(answer, 'runnable', listOf(readCount)); left[0] !== undefined;) {
    answer = await go({ kind: 'run', activity: left[0] })
    seen.push(member(answer, 'outputs', listOf(readMembers)).length)
    left = member(answer, 'runnable', listOf(readCount))
  }
  t.strictSame(seen, [0, 1], 'the doorbell, then the frame')
  t.match(answer, { wakeAt: 800_000 })
  await talk.end()
})

// --- the real clock ---------------------------------------------------------------------------------------------------

/** A call on host 0 of an adapter with a clock of its own. */
const inputOf = (id: number, thread: number, call: Members): Members => ({
  endpoint: 0,
  input: { kind: 'call', id, thread, ...call },
})
const returned = (id: number, status = 'ok'): Members => ({
  endpoint: 0,
  at: Number,
  output: { kind: 'return', id, status },
})

/** When an input was taken. */
const takenAt = (answer: Members): number => member(member(answer, 'ok', readMembers), 'at', readCount)

await test('in the real clock a call that blocks holds up its own thread only', async (t) => {
  const talk = await opened(real)
  t.match(await talk.ask('input', inputOf(1, 1, { operation: 'emp.wait', request: 's' })), {
    id: 2,
    ok: { at: Number },
  })
  await talk.ask('input', inputOf(2, 1, { operation: 'emp.test', request: 's' }))
  await talk.ask('input', inputOf(3, 1, allocation('a', 8)))
  t.match(await talk.line(), returned(3), 'calls on memory never wait')
  await talk.ask('input', inputOf(4, 2, { operation: 'emp.test', request: 's' }))
  t.match(await talk.line(), returned(4))
  await talk.ask('input', inputOf(5, 0, { operation: 'emp.configure', collection: 3 }))
  const rest = [await talk.line(), await talk.line(), await talk.line()].map(readMembers)
  const ids = rest.map((line) => member(member(line, 'output', readMembers), 'id', readCount))
  t.strictSame(
    ids.toSorted((one, other) => one - other),
    [1, 2, 5],
  )
  t.ok(ids.indexOf(1) < ids.indexOf(2), 'in the order of their thread')
  const instants = rest.map((line) => member(line, 'at', readCount))
  t.strictSame(
    instants,
    instants.toSorted((one, other) => one - other),
    'time does not go backward',
  )
  t.equal(await talk.end(), 0)
})

await test('in the real clock the calls of a race wait for the last of them, and for their delays', async (t) => {
  const talk = await opened(real)
  const asking = { operation: 'emp.test', request: 's' }
  const delay = 20_000_000
  await talk.ask('input', { ...inputOf(1, 1, asking), race: { behind: 1, delay: 0 } })
  await talk.ask('input', inputOf(2, 0, allocation('a', 8)))
  t.match(await talk.line(), returned(2), 'the first of them has not begun')
  const last = await talk.ask('input', { ...inputOf(3, 2, asking), race: { behind: 0, delay } })
  const returns = [await talk.line(), await talk.line()]
  t.match(returns, [returned(1), returned(3)])
  t.ok(member(readMembers(returns[1]), 'at', readCount) >= takenAt(last) + delay)
  t.equal(await talk.end(), 0)
})

await test('in the real clock a reset ends the calls that block, and nothing of their world comes after it', async (t) => {
  const talk = await opened(real)
  await talk.ask('input', inputOf(1, 1, { operation: 'emp.wait', request: 's' }))
  t.strictSame(await talk.ask('reset', { seeds: [{ node: 0, seed: 1 }] }), { id: 3, ok: {} })
  await talk.ask('input', inputOf(2, 1, { operation: 'emp.test', request: 's' }))
  t.match(await talk.line(), returned(2))
  t.equal(readAnswer(await talk.ask('turn', { now: 0, endpoint: 0, inputs: [] })).kind, 'unsupported')
  await talk.ask('input', inputOf(3, 0, { operation: 'zxcv' }))
  t.match(await talk.line(), returned(3, 'unsupported'))
  t.equal(await talk.end(), 0)
  t.equal(talk.stderr, '')
})

/** How often the program has begun, by what it says at the beginning. */
const beginnings = (talk: Talk, word: string): number => talk.stderr.split(`${word} begins`).length - 1

await test('a fresh process takes the place of one that was used, waits for no call, and loses no line', async (t) => {
  const talk = await opened(fresh, ['a "word"'])
  const before = await talk.ask('input', inputOf(1, 1, { operation: 'emp.wait', request: 's' }))
  await talk.complains('waiting')
  const began = performance.now()
  const reset = { op: 'reset', seeds: [{ node: 0, seed: 1 }] }
  const call = { op: 'input', ...inputOf(2, 1, { operation: 'emp.test', request: 's' }) }
  talk.say(`${JSON.stringify({ id: 7, ...reset })}\n${JSON.stringify({ id: 8, ...call })}\n`)
  t.strictSame(await talk.line(), { id: 7, ok: {} })
  const lines = [readMembers(await talk.line()), readMembers(await talk.line())]
  const taken = lines.find((line) => line['id'] === 8) ?? {}
  t.match(taken, { ok: { at: Number } })
  t.match(
    lines.find((line) => line !== taken),
    returned(2),
  )
  t.ok(performance.now() - began < 1500, 'nobody waits for the call that blocks')
  t.ok(takenAt(taken) > takenAt(before), 'its clock goes on')
  await talk.open()
  t.equal(await talk.end(), 0)
  t.equal(beginnings(talk, 'a "word"'), 3)
})

await test('a process in which nothing was called is fresh enough', async (t) => {
  const talk = await opened(fresh, ['x'])
  await talk.open()
  await talk.ask('reset', { seeds: [{ node: 0, seed: 1 }] })
  t.equal(await talk.end(), 0)
  t.equal(beginnings(talk, 'x'), 1)
})

await test('between guard pages a guard zone tells what was written, and an access beyond it dies with words', async (t) => {
  for (const [offset, words] of [
    [-1, undefined],
    [39, undefined],
    [-32 - 4096, / 4128 octets before buffer a of host0, which has 8/],
    [4096, / 4088 octets behind buffer a of host0, which has 8/],
  ] as const) {
    const talk = await opened(fresh)
    await talk.ask('input', inputOf(1, 0, allocation('a', 8)))
    await talk.line()
    const damage = { operation: 'emp.isend', as: 's', to: 1, tag: 100 + offset, pieces: [all('a', 8)] }
    talk.say(`${JSON.stringify({ id: 9, op: 'input', ...inputOf(2, 0, damage) })}\n`)
    if (words) {
      await talk.ended
      t.match(talk.stderr, words)
      continue
    }
    await talk.line()
    await talk.line()
    await talk.ask('input', inputOf(3, 0, { operation: 'memory.guards', buffer: 'a' }))
    t.match(await talk.line(), { output: { damaged: offset } })
    t.equal(await talk.end(), 0)
  }
})

await test('in the real clock a world ends though a call of it never returns, and what that call says later is dropped', async (t) => {
  const talk = await opened(deaf)
  await talk.ask('input', inputOf(1, 1, { operation: 'emp.wait', request: 's' }))
  await talk.complains('waiting')
  const began = performance.now()
  t.strictSame(await talk.ask('reset', { seeds: [{ node: 0, seed: 1 }] }), { id: 3, ok: {} })
  const waited = performance.now() - began
  t.ok(waited > 1500 && waited < 4000, `it waited ${Math.round(waited)} ms for the call`)
  // Lets the call of the old world go.
  await talk.ask('input', inputOf(2, 0, { operation: 'emp.configure', collection: 3 }))
  t.match(await talk.line(), returned(2))
  await talk.ask('input', inputOf(3, 1, { operation: 'emp.wait', request: 's' }))
  t.match(await talk.line(), returned(3), 'the thread of that call is a new one in the new world')
  t.equal(await talk.end(), 0)
  t.equal(talk.stderr, 'waiting\nwaiting\n')
})

await test('in the real clock the adapter ends with its input though a call never returns', async (t) => {
  const talk = await opened(deaf)
  await talk.ask('input', inputOf(1, 1, { operation: 'emp.wait', request: 's' }))
  await talk.complains('waiting')
  t.equal(await talk.end(), 0)
})

// --- the example ------------------------------------------------------------------------------------------------------

await test('the example passes cases of loss and races, alone and together with the reference', async (t) => {
  const run = async (program: string, suite: string): Promise<void> => {
    const { code, stdout } = await viaduct(['run', suite, '--adapter', program, '--report', join(folder, suite)])
    t.equal(code, 0, stdout)
  }
  await Promise.all([run(example, 'emp.races/post-against-arriving-frame'), run(examined, 'emp.loss')])
})

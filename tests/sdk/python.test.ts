// The Python SDK keeps what it promises: small adapters on it are spoken to over a pipe, as the harness would.
import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { t as tap, test as tapTest } from 'tap'
import type { Test } from 'tap'
import { parse } from 'yaml'
import { crc32c, writePattern } from '../../spec/vocabulary/memory.ts'

const root = resolve(import.meta.dirname, '../../..')
const sdk = join(root, 'sdk/python')
const text = (file: string): string => readFileSync(join(root, file), 'utf8')

// --- adapters on the SDK --------------------------------------------------------------------------------------------

/** What each call does is what its test looks for. */
const probe = `
import os, subprocess, sys
import viaduct

writes = 0
write_octets = os.write

def counting_write(descriptor, octets):
    global writes
    writes += 1
    return write_octets(descriptor, octets)

os.write = counting_write

class Probe(viaduct.Endpoint):
    def open(self):
        self.pending = []

    def tell(self, words, number=0):
        self.emit_completion(viaduct.Completion(str(words), 'done', number, 0, 0))

    def call(self, call, now):
        getattr(self, type(call).__name__)(call, now)

    def Isend(self, call, now):
        """Tells of its pieces, and sends them as a frame."""
        for piece in call.pieces:
            self.tell(f'{piece.address % 4096} {piece.pointer % 4096} {piece.locked}')
        self.emit_frame(b''.join(piece.octets for piece in call.pieces))
        self.emit_return(call)

    def Irecv(self, call, now):
        """Writes so many octets as the tag says around its piece."""
        whole = self.memory.buffer('b')
        for offset, zone in whole._zones:
            if call.tag == (0 if offset < 0 else 1):
                zone[3] ^= 1
        self.emit_return(call)

    def Test(self, call, now):
        if call.request == 'twice':
            self.emit_return(call)
        if call.request == 'refused':
            raise viaduct.Refusal('no-descriptor')
        if call.request == 'broken':
            raise ValueError('the NIC is on fire')
        if call.request == 'noisy':
            print('printed by the adapter')
            subprocess.run(['echo', 'printed by its child'])
            sys.stdin.read()
        self.tell(writes)
        self.emit_return(call, 'pending')

    def Probe(self, call, now):
        if call.source == viaduct.EMP_ANY:
            self.emit_return(call, 'pending')
        else:
            self.emit_return(call, message={'peer': call.source, 'tag': call.tag, 'bytes': 6000})

    def Wait(self, call, now):
        self.pending.append(1)
        self.pending.append(2)
        self.wake_at = now + 1000

    def ViaCall(self, call, now):
        codes = {'VipOpenNic': 0, 'VipCloseNic': 99}
        self.emit_return(call, vip=viaduct.vip(codes[call.operation], name=call.members.get('as', '')))

    def frame(self, octets, now):
        self.tell(octets.hex(), now)

    def wake(self, now):
        self.wake_at = None

    def runnable(self):
        return self.pending

    def run(self, activity, now):
        self.pending.remove(activity)
        self.tell(f'ran {activity}')

viaduct.serve(viaduct.Facts(
    name='prüfling', version='1', vendor='v', interfaces=['emp', 'via'], wire='frames', profile='emp-1',
    options={'stepped': True, 'emp.probe': True}, values={'emp.window': viaduct.Value(4, 1, 9), 'emp.page': viaduct.Value(4096)},
), Probe)
`

/** Waits block their thread until a frame comes or the world ends. */
const onItsOwn = `
import threading
import viaduct

class Host(viaduct.Endpoint):
    def open(self):
        self.came = threading.Event()

    def close(self):
        self.came.set()

    def call(self, call, now):
        if isinstance(call, viaduct.Wait):
            self.came.wait()
        if isinstance(call, viaduct.Configure):
            raise ValueError('broken')
        self.emit_return(call)

    def frame(self, octets, now):
        self.came.set()

viaduct.serve(viaduct.Facts(
    name='n', version='1', vendor='v', interfaces=['emp'], clock='real', wire='frames', profile='emp-1',
), Host)
`

const folder = tap.testdir({ 'probe.py': probe, 'on-its-own.py': onItsOwn })
const adapters = {
  probe: join(folder, 'probe.py'),
  onItsOwn: join(folder, 'on-its-own.py'),
  template: join(sdk, 'template/adapter.py'),
  example: join(sdk, 'emp/adapter.py'),
}

const isHere = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0

/** A test that speaks to an adapter of its own. */
function test(
  name: string,
  adapter: keyof typeof adapters,
  body: (t: Test, talk: Talk) => Promise<void>,
): Promise<unknown> {
  return tapTest(name, { skip: isHere ? false : 'needs Python 3.9 or newer' }, async (t) => {
    const talk = new Talk(adapters[adapter])
    t.teardown(() => talk.kill())
    await body(t, talk)
  })
}

type Line = Readonly<Record<string, unknown>>

function isLine(value: unknown): value is Line {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What stands under a name; undefined where nothing does. */
function member(value: unknown, name: string): unknown {
  return isLine(value) ? value[name] : undefined
}

function entries(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

const schema: unknown = JSON.parse(text('spec/schema/protocol.schema.json'))
const matches = new Ajv2020({ allErrors: true, strictTypes: false }).compile(isLine(schema) ? schema : {})

/** The harness' side of the pipes. */
class Talk {
  stderr = ''
  private readonly child: ChildProcessWithoutNullStreams
  private readonly lines: Line[] = []
  private readonly waiting: ((line: Line) => void)[] = []
  private id = 0
  private rest = ''

  constructor(adapter: string) {
    this.child = spawn('python3', ['-S', adapter], {
      env: { ...process.env, PYTHONPATH: sdk, PYTHONDONTWRITEBYTECODE: '1' },
    })
    this.child.stderr.setEncoding('utf8').on('data', (words: string) => (this.stderr += words))
    this.child.stdout.setEncoding('utf8').on('data', (words: string) => this.hear(words))
    // What is written to one that has ended is lost, and its test sees that in another way.
    this.child.stdin.on('error', () => undefined)
  }

  say(octets: string): void {
    this.child.stdin.write(octets)
  }

  request(op: string, members: Line = {}): string {
    return JSON.stringify({ id: ++this.id, op, ...members })
  }

  async ask(op: string, members: Line = {}): Promise<Line> {
    this.say(`${this.request(op, members)}\n`)
    return this.next()
  }

  next(): Promise<Line> {
    const line = this.lines.shift()
    return line ? Promise.resolve(line) : new Promise((hand) => this.waiting.push(hand))
  }

  get unread(): number {
    return this.lines.length
  }

  open(members: Line = {}, endpoint: Line = {}): Promise<Line> {
    const hosts = [0, 1].map((node) => ({ node, name: `host${node}`, mac: `02000000000${node}` }))
    const endpoints = [{ node: 0, configuration: { 'emp.window': 4 }, stepped: false, seed: 7, ...endpoint }]
    return this.ask('open', { interface: 'emp', hosts, endpoints, ...members })
  }

  turn(...inputs: readonly Line[]): Promise<Line> {
    return this.ask('turn', { now: 5, endpoint: 0, inputs })
  }

  /** Makes a call in a turn of its own; what it returned. */
  async call(operation: string, members: Line = {}): Promise<unknown> {
    const { ok } = await this.turn({ kind: 'call', id: 9, thread: 0, operation, ...members })
    return entries(member(ok, 'outputs')).find((output) => member(output, 'kind') === 'return')
  }

  allocate(members: Line = {}): Promise<unknown> {
    const usual = {
      as: 'b',
      bytes: 100,
      align: 1,
      offset: 0,
      fill: { kind: 'const', seed: 0 },
      guard: 16,
      locked: true,
    }
    return this.call('memory.allocate', { ...usual, ...members })
  }

  /** Ends the input; the exit code that comes of it. */
  end(): Promise<unknown> {
    this.child.stdin.end()
    return this.ended()
  }

  async ended(): Promise<unknown> {
    const [code]: unknown[] = await once(this.child, 'close')
    return code
  }

  kill(): void {
    this.child.kill('SIGKILL')
  }

  private hear(words: string): void {
    const lines = (this.rest + words).split('\n')
    this.rest = lines.pop() ?? ''
    for (const written of lines) {
      const line: unknown = JSON.parse(written)
      if (!isLine(line)) throw new Error(`no line: ${written}`)
      const waiting = this.waiting.shift()
      if (waiting) waiting(line)
      else this.lines.push(line)
    }
  }
}

const hello = { protocols: [1, 2], nonce: 'n☃', harness: { name: 'h', version: '0' } }
const whole = { buffer: 'b', offset: 0, bytes: 100 }

// --- lines and requests ---------------------------------------------------------------------------------------------

await test('the greeting repeats the nonce and says what the facts declare', 'probe', async (t, talk) => {
  const greeting = await talk.ask('hello', hello)
  t.same(greeting, {
    id: 1,
    ok: {
      protocol: 1,
      nonce: 'n☃',
      name: 'prüfling',
      version: '1',
      vendor: 'v',
      interfaces: ['emp', 'via'],
      clock: 'virtual',
      wire: 'frames',
      profile: 'emp-1',
      options: { stepped: true, 'emp.probe': true },
      values: { 'emp.window': { value: 4, settable: { least: 1, most: 9 } }, 'emp.page': { value: 4096 } },
    },
  })
  t.ok(matches(greeting), JSON.stringify(matches.errors))
})

await test('versions that are all unknown are an error', 'probe', async (t, talk) => {
  t.match(await talk.ask('hello', { ...hello, protocols: [9] }), { id: 1, error: { message: /only protocol 1/ } })
})

await test('an operation that is not known is unsupported', 'probe', async (t, talk) => {
  t.match(await talk.ask('sing'), { id: 1, unsupported: /sing/ })
  t.match(await talk.ask('input'), { id: 2, unsupported: /input/ }, 'that of the other clock as well')
})

for (const line of ['gibberish é', '', '[1]', '{"op":"x"}', '{"id":2.5,"op":"x"}', '{"id":-1,"op":"x"}', '{"id":3}']) {
  await test(`a line that is no request is an error without an id: ${line}`, 'probe', async (t, talk) => {
    talk.say(`${line}\n`)
    t.match(await talk.next(), { id: null, error: { message: String } })
    t.match(await talk.ask('hello', hello), { id: 1, ok: {} }, 'and it lives on')
  })
}

await test('requests that come together are answered in order and with one write', 'probe', async (t, talk) => {
  await talk.open()
  const poll = {
    now: 5,
    endpoint: 0,
    inputs: [{ kind: 'call', id: 1, thread: 0, operation: 'emp.test', request: 'r' }],
  }
  const requests = Array.from({ length: 20 }, () => talk.request('turn', poll))
  talk.say(requests.map((request) => `${request}\n`).join(''))
  const writes = new Set<unknown>()
  for (const request of requests) {
    const answer = await talk.next()
    const asked: unknown = JSON.parse(request)
    t.equal(member(answer, 'id'), member(asked, 'id'))
    writes.add(JSON.stringify(member(answer, 'ok')))
  }
  t.equal(writes.size, 1, 'each tells the same number of writes before it')
})

await test('a line is answered when its end comes, and does not hold up the one before', 'probe', async (t, talk) => {
  const [first, second] = [talk.request('hello', hello), talk.request('sing')]
  talk.say(`${first}\n${second.slice(0, 9)}`)
  t.match(await talk.next(), { id: 1, ok: {} })
  talk.say(`${second.slice(9)}\n`)
  t.match(await talk.next(), { id: 2, unsupported: String })
})

await test('a line may have 1 MiB and not an octet more', 'probe', async (t, talk) => {
  const padded = (size: number): string => {
    const request = talk.request('hello', { ...hello, nonce: 'n', padding: '' })
    return request.replace('"padding":""', `"padding":"${'x'.repeat(size - request.length)}"`)
  }
  talk.say(`${padded(1_048_576)}\n${padded(1_048_577)}\n`)
  t.match(await talk.next(), { id: 1, ok: {} })
  t.match(await talk.next(), { id: null, error: { message: /longer than 1048576/ } })
  t.match(await talk.ask('hello', hello), { id: 3, ok: {} })
})

await test('a line without end is told once, and forgotten', 'probe', async (t, talk) => {
  talk.say('x'.repeat(3_000_000))
  t.match(await talk.next(), { id: null, error: { message: /longer than 1048576/ } })
  talk.say('x\n')
  t.match(await talk.ask('hello', hello), { id: 1, ok: {} })
  t.equal(talk.unread, 0)
})

await test('an answer that would be too long a line is an error instead', 'probe', async (t, talk) => {
  await talk.open()
  const frame = { kind: 'frame', octets: Buffer.alloc(9000).toString('base64') }
  t.match(await talk.turn(...Array.from({ length: 64 }, () => frame)), { id: 2, error: { message: /octets/ } })
})

await test('members that are not known are ignored', 'probe', async (t, talk) => {
  t.match(await talk.open({ novelty: [1] }, { novelty: 2 }), { id: 1, ok: {} })
  t.match(await talk.call('emp.test', { request: 'r', novelty: {} }), { status: 'pending' })
})

await test('a member that is missing is named', 'probe', async (t, talk) => {
  await talk.open()
  t.match(await talk.ask('turn', { endpoint: 0, inputs: [] }), { error: { message: 'now is missing' } })
  t.match(await talk.turn({ kind: 'call', id: 1, thread: 0, operation: 'memory.free' }), {
    error: { message: 'buffer is missing' },
  })
})

await test('an exception is an error with its traceback, and it lives on', 'probe', async (t, talk) => {
  await talk.open()
  const broken = await talk.turn({ kind: 'call', id: 1, thread: 0, operation: 'emp.test', request: 'broken' })
  t.match(broken, { error: { message: 'ValueError: the NIC is on fire', stack: /probe\.py", line \d+, in Test/ } })
  t.ok(matches(broken), JSON.stringify(matches.errors))
  t.match(await talk.call('emp.test', { request: 'r' }), { status: 'pending' })
})

await test('what is printed goes to standard error, and input is the protocol alone', 'probe', async (t, talk) => {
  await talk.open()
  t.match(await talk.call('emp.test', { request: 'noisy' }), { status: 'pending' })
  t.equal(await talk.end(), 0)
  t.match(talk.stderr, /printed by the adapter\n/)
  t.match(talk.stderr, /printed by its child\n/)
})

await test('it ends when its input ends, whatever is half said', 'probe', async (t, talk) => {
  talk.say('{"id":1,')
  t.equal(await talk.end(), 0)
  t.equal(talk.unread, 0)
  t.equal(talk.stderr, '')
})

await test('it ends after it has answered close', 'probe', async (t, talk) => {
  await talk.open()
  talk.say(`${talk.request('close')}\n${talk.request('hello', hello)}\n`)
  t.same(await talk.next(), { id: 2, ok: {} })
  t.equal(await talk.ended(), 0)
  t.equal(talk.unread, 0)
})

// --- memory ---------------------------------------------------------------------------------------------------------

const vectors = [...text('docs/adapter-protocol.md').matchAll(/^\| `(\w+)` (\d+) +\| ([0-9a-f ]{23}) \| (\d+) +\|$/gm)]

await tapTest('the protocol page has test vectors', async (t) => {
  t.equal(vectors.length, 4)
})

await test('patterns and digests are those of the protocol page', 'probe', async (t, talk) => {
  await talk.open()
  await talk.allocate({ bytes: 1000 })
  for (const [, kind = '', seed, octets = '', digest] of vectors) {
    const at = { ...whole, bytes: 1000 }
    t.match(await talk.call('memory.write', { at, fill: { kind, seed: Number(seed) } }), { status: 'ok' })
    t.match(await talk.call('memory.digest', { at }), { digest: Number(digest) }, kind)
    t.match(await talk.call('memory.read', { at: { ...at, bytes: 8 } }), { octets: octets.replaceAll(' ', '') })
  }
})

for (const bytes of [0, 1, 1023, 1024, 16_387, 1_675_264]) {
  await test(`a pattern of ${bytes} octets has the digest that the harness computes`, 'probe', async (t, talk) => {
    await talk.open()
    const fill = { kind: 'prng', seed: 4294967295 } as const
    const octets = new Uint8Array(bytes)
    writePattern(fill, octets, { from: 0, to: bytes, position: 0 })
    await talk.allocate({ bytes, fill })
    t.match(await talk.call('memory.digest', { at: { ...whole, bytes } }), { digest: crc32c(octets) })
  })
}

await test('guard zones that are whole are not damaged', 'probe', async (t, talk) => {
  await talk.open()
  await talk.allocate()
  await talk.call('memory.write', { at: whole, fill: { kind: 'ramp', seed: 1 } })
  t.match(await talk.call('memory.guards', { buffer: 'b' }), { status: 'ok', damaged: null })
})

for (const { tag, damaged } of [
  { tag: 0, damaged: -13 },
  { tag: 1, damaged: 103 },
]) {
  await test(`an octet that was written at ${damaged} of a buffer of 100 is found`, 'probe', async (t, talk) => {
    await talk.open()
    await talk.allocate()
    await talk.call('emp.irecv', { as: 'r', from: 1, tag, pieces: [whole] })
    t.match(await talk.call('memory.guards', { buffer: 'b' }), { damaged })
  })
}

await test(
  'a buffer lies past its alignment, simulated and really, and says if it is locked',
  'probe',
  async (t, talk) => {
    await talk.open()
    await talk.allocate({ as: 'a', bytes: 7 })
    await talk.allocate({ align: 4096, offset: 17, locked: false })
    const pieces = [whole, { ...whole, offset: 40, bytes: 2 }]
    t.match(
      await talk.turn({ kind: 'call', id: 1, thread: 0, operation: 'emp.isend', as: 's', to: 1, tag: 5, pieces }),
      {
        ok: {
          outputs: [{ request: '17 17 False' }, { request: '57 57 False' }, { kind: 'frame' }, { kind: 'return' }],
        },
      },
    )
  },
)

await test('what cannot be is invalid', 'probe', async (t, talk) => {
  await talk.open()
  await talk.allocate()
  const refused = { status: 'invalid' }
  t.match(await talk.allocate(), refused, 'the name is taken')
  for (const at of [
    { ...whole, offset: 1 },
    { ...whole, offset: -1, bytes: 1 },
    { ...whole, bytes: -1 },
    { ...whole, buffer: 'c' },
  ]) {
    t.match(await talk.call('memory.digest', { at }), refused, JSON.stringify(at))
    t.match(await talk.call('emp.isend', { as: 's', to: 1, tag: 5, pieces: [at] }), refused)
  }
  t.match(await talk.call('memory.free', { buffer: 'c' }), refused)
  await talk.allocate({ as: 'large', bytes: 4097 })
  t.match(await talk.call('memory.read', { at: { buffer: 'large', offset: 0, bytes: 4097 } }), refused)
})

await test('a buffer is gone after it was freed, and after a reset', 'probe', async (t, talk) => {
  await talk.open()
  await talk.allocate()
  t.match(await talk.call('memory.free', { buffer: 'b' }), { status: 'ok' })
  t.match(await talk.allocate(), { status: 'ok' })
  t.match(await talk.ask('reset', { seeds: [{ node: 0, seed: 8 }] }), { ok: {} })
  t.match(await talk.call('memory.guards', { buffer: 'b' }), { status: 'invalid' })
})

// --- calls and turns ------------------------------------------------------------------------------------------------

await test('frames go both ways octet for octet, with the time', 'probe', async (t, talk) => {
  await talk.open()
  await talk.allocate({ fill: { kind: 'ramp', seed: 250 } })
  const sent = { kind: 'call', id: 1, thread: 0, operation: 'emp.isend', as: 's', to: 1, tag: 5, pieces: [whole] }
  const octets = Buffer.from(Array.from({ length: 100 }, (_, i) => (250 + i) & 0xff))
  const answer = await talk.turn(sent, { kind: 'frame', octets: octets.toString('base64') })
  t.match(answer, {
    ok: {
      outputs: [
        { kind: 'event' },
        { kind: 'frame', octets: octets.toString('base64') },
        { kind: 'return', id: 1, status: 'ok' },
        { kind: 'event', event: 'emp.completion', request: octets.toString('hex'), bytes: 5 },
      ],
      wakeAt: null,
    },
  })
  t.ok(matches(answer), JSON.stringify(matches.errors))
})

await test('a call that is not known, or whose option is not declared, is unsupported', 'probe', async (t, talk) => {
  await talk.open()
  for (const operation of ['emp.teleport', 'memory.melt', 'toString', 'emp.counters']) {
    t.match(await talk.call(operation), { status: 'unsupported' }, operation)
  }
  t.match(await talk.call('emp.descriptor', { request: 'r' }), { status: 'unsupported' })
})

await test('a refusal is the status of the return', 'probe', async (t, talk) => {
  await talk.open()
  t.match(await talk.call('emp.test', { request: 'refused' }), { status: 'no-descriptor' })
})

await test('a call that is returned twice is an error', 'probe', async (t, talk) => {
  await talk.open()
  t.match(await talk.turn({ kind: 'call', id: 1, thread: 0, operation: 'emp.test', request: 'twice' }), {
    error: { message: /call 1 was returned before/ },
  })
})

await test('codes of VIPL go by name, and strange ones as unknown', 'probe', async (t, talk) => {
  await talk.open({ interface: 'via' })
  t.match(await talk.call('VipOpenNic', { device: 'default', as: 'nic' }), {
    vip: { code: 'VIP_SUCCESS', name: 'nic' },
  })
  t.match(await talk.call('VipCloseNic', { nic: 'nic' }), { status: 'ok', vip: { code: 'unknown' } })
})

const wait = { kind: 'call', id: 1, thread: 0, operation: 'emp.wait', request: 'r' }

await test('unless stepped, all activities run in the turn, and the deadline is told', 'probe', async (t, talk) => {
  await talk.open()
  const answer = await talk.turn(wait)
  t.match(answer, { ok: { outputs: [{ request: 'ran 1' }, { request: 'ran 2' }], wakeAt: 1005 } })
  t.notMatch(answer, { ok: { runnable: [] } })
  t.match(await talk.turn({ kind: 'wake' }), { ok: { outputs: [], wakeAt: null } })
})

await test('stepped, activities run when they are told to', 'probe', async (t, talk) => {
  await talk.open({}, { stepped: true })
  t.match(await talk.turn(wait), { ok: { outputs: [], runnable: [1, 2] } })
  t.match(await talk.turn({ kind: 'run', activity: 2 }), { ok: { outputs: [{ request: 'ran 2' }], runnable: [1] } })
})

await test('after a world that could not be opened there is none', 'probe', async (t, talk) => {
  await talk.open()
  t.match(await talk.open({ interface: 'mpi' }), { error: { message: 'the interface mpi is not offered' } })
  t.match(await talk.turn(), { error: { message: 'no endpoint 0 is open' } })
  t.match(await talk.ask('reset', { seeds: [] }), { error: { message: 'no world is open' } })
})

// --- the real clock -------------------------------------------------------------------------------------------------

function give(talk: Talk, input: Line): Promise<Line> {
  return talk.ask('input', { endpoint: 0, input })
}

await test(
  'an input is answered when it was taken, and what comes of it is told on its own',
  'onItsOwn',
  async (t, talk) => {
    await talk.open()
    const taken = await give(talk, { kind: 'call', id: 4, thread: 0, operation: 'emp.test', request: 'r' })
    t.match(taken, { id: 2, ok: { at: Number } })
    const told = await talk.next()
    t.match(told, { endpoint: 0, at: Number, output: { kind: 'return', id: 4, status: 'ok' } })
    const at = Number(member(member(taken, 'ok'), 'at'))
    t.ok(Number(member(told, 'at')) >= at, 'time does not go backward')
  },
)

await test('a call that blocks holds up no other thread, and no call on memory', 'onItsOwn', async (t, talk) => {
  await talk.open()
  const call = async (id: number, thread: number, operation: string, members: Line): Promise<unknown> => {
    await give(talk, { kind: 'call', id, thread, operation, ...members })
    return id === 1 ? undefined : member(await talk.next(), 'output')
  }
  await call(1, 0, 'emp.wait', { request: 'r' })
  t.match(await call(2, 1, 'emp.test', { request: 'r' }), { id: 2, status: 'ok' })
  t.match(await call(3, 0, 'memory.guards', { buffer: 'b' }), { id: 3, status: 'invalid' })
  await give(talk, { kind: 'frame', octets: '' })
  t.match(await talk.next(), { output: { kind: 'return', id: 1 } }, 'until a frame sets it free')
})

await test('calls of one thread wait for each other', 'onItsOwn', async (t, talk) => {
  await talk.open()
  await give(talk, { kind: 'call', id: 1, thread: 0, operation: 'emp.wait', request: 'r' })
  await give(talk, { kind: 'call', id: 2, thread: 0, operation: 'emp.test', request: 'r' })
  await give(talk, { kind: 'frame', octets: '' })
  t.match(await talk.next(), { output: { id: 1 } })
  t.match(await talk.next(), { output: { id: 2 } })
})

await test('nothing of a world is told once it is over', 'onItsOwn', async (t, talk) => {
  await talk.open()
  await give(talk, { kind: 'call', id: 1, thread: 0, operation: 'emp.wait', request: 'r' })
  t.match(await talk.ask('reset', { seeds: [{ node: 0, seed: 8 }] }), { ok: {} })
  await give(talk, { kind: 'call', id: 2, thread: 0, operation: 'emp.test', request: 'r' })
  t.match(await talk.next(), { output: { id: 2 } })
  t.equal(await talk.end(), 0)
  t.equal(talk.unread, 0)
})

await test('an exception of a call is an error without an id', 'onItsOwn', async (t, talk) => {
  await talk.open()
  await give(talk, { kind: 'call', id: 1, thread: 0, operation: 'emp.configure', collection: 3 })
  t.match(await talk.next(), { id: null, error: { message: 'ValueError: broken', stack: /in call/ } })
})

await test('it ends although a call still blocks', 'onItsOwn', async (t, talk) => {
  await talk.open()
  await give(talk, { kind: 'call', id: 1, thread: 0, operation: 'emp.wait', request: 'r' })
  t.equal(await talk.end(), 0)
})

// --- template and example -------------------------------------------------------------------------------------------

const pics: unknown = parse(text('spec/pics/emp.yaml'))

/** The texts under `name` in a list of the PICS. */
function namesIn(list: string, name: string): string[] {
  return entries(member(pics, list)).map((entry) => String(member(entry, name)))
}

await test('a probe returns the message that was found, or that there is none', 'probe', async (t, talk) => {
  await talk.open()
  const found = { peer: 1, tag: 5, bytes: 6000 }
  t.match(await talk.call('emp.probe', { from: 1, tag: 5 }), { status: 'ok', message: found })
  t.strictSame(await talk.call('emp.probe', { from: 65_535, tag: 5 }), { kind: 'return', id: 9, status: 'pending' })
})

for (const adapter of ['template', 'example'] as const) {
  await test(`the ${adapter} declares the values of spec/pics/emp.yaml, and no other`, adapter, async (t, talk) => {
    const { ok } = await talk.ask('hello', hello)
    const values = Object.keys(Object(member(ok, 'values')))
    t.ok(values.length > 5)
    t.same(values, namesIn('values', 'key'))
  })
}

await test('the template lists every option of spec/pics/emp.yaml, and has none', 'template', async (t, talk) => {
  const { ok } = await talk.ask('hello', hello)
  const [wire, clock, ...others] = namesIn('options', 'name')
  t.same([wire, clock], ['wire.frames', 'clock.virtual'], 'which are declared in another way')
  t.same(member(ok, 'options'), Object.fromEntries(others.map((name) => [name, false])))
})

await test('the template answers calls of EMP unsupported', 'template', async (t, talk) => {
  await talk.open()
  await talk.allocate()
  t.match(await talk.call('emp.isend', { as: 's', to: 1, tag: 5, pieces: [whole] }), { status: 'unsupported' })
  t.match(await talk.call('emp.waitall', { requests: ['s'] }), { status: 'unsupported' })
})

await tapTest('the example passes a suite, alone and beside the reference', { skip: !isHere }, async (t) => {
  const command = ['run', 'emp.truncation', '--adapter', `python3 '${adapters.example}'`]
  const report = ['--report', join(folder, 'report')]
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'bin/viaduct.js'), ...command, ...report], {
    encoding: 'utf8',
  })
  t.equal(status, 0, stdout)
  t.match(stdout, /^(\d+) permutations: \1 pass$/m)
})

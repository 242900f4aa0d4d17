// The adapter protocol from both sides: framing, the peer over streams, and processes that end in every bad way.
import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { PassThrough, Transform } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { t as tap, test } from 'tap'
import { degenerateAdapter } from '../../adapters/degenerate/adapter.ts'
import { mutantAdapter } from '../../adapters/mutants/adapter.ts'
import { mutants } from '../../adapters/mutants/catalogue.ts'
import { startProcessAdapter } from '../../adapters/process/adapter.ts'
import type { ProcessOptions } from '../../adapters/process/adapter.ts'
import { LineReader, lineOctetsMax, quote } from '../../adapters/process/lines.ts'
import type { Line } from '../../adapters/process/lines.ts'
import { servePeer } from '../../adapters/process/peer.ts'
import {
  readAnswer,
  readGreeting,
  readOpen,
  readRequest,
  writeHello,
  writeOpen,
  writeSeeds,
} from '../../adapters/process/protocol.ts'
import type { Answer } from '../../adapters/process/protocol.ts'
import { readMembers, type Members } from '../../adapters/process/shape.ts'
import { Tail } from '../../adapters/process/tail.ts'
import { readTurn, readTurnAnswer, writeTurn } from '../../adapters/process/turn-members.ts'
import type { Adapter, OpenedHosts, RemoteHosts } from '../../harness/subject/adapter.ts'
import type { Turn, TurnAnswer, TurnInput, TurnOutput } from '../../harness/subject/turn.ts'
import type { Call, CallBody, ProviderEvent, Return } from '../../spec/vocabulary/calls.ts'
import { interfaceNames } from '../../spec/vocabulary/endpoint.ts'
import type { Endpoint, EndpointSetting, InterfaceName, OutputSink } from '../../spec/vocabulary/endpoint.ts'
import { isGone } from '../process-end.ts'
import { failureOf } from './failure-of.ts'

const root = resolve(import.meta.dirname, '../../..')
const harness = { name: 'viaduct-test', version: '0' }

// --- an endpoint that is just enough to see everything that crosses -------------------------------------------------

/** Answers each call with a return and a frame, each frame with an event; a call arms a deadline, a wake disarms it. */
class EchoEndpoint implements Endpoint {
  wakeAt: number | undefined
  runnableCount = 0
  private outputs: TurnOutput[] = []
  private seed: number

  constructor({ seed, stepped }: EndpointSetting) {
    this.seed = seed
    if (stepped) this.runnableCount = 2
  }

  apply({ id, thread, body }: Call, now: number): void {
    if (body.operation === 'memory.free') throw new Error(`cannot free ${body.buffer}`)
    const answer: Return = {
      id,
      status: 'ok',
      digest: this.seed,
      octets: '00ff',
      damaged: null,
      counters: { duplicate: thread },
      completions: [{ request: 'as' in body ? body.as : 'x', outcome: 'truncated', bytes: 9, peer: 1, tag: 2 }],
    }
    this.outputs.push({ kind: 'return', answer })
    this.outputs.push({ kind: 'frame', octets: Buffer.from(JSON.stringify(body)) })
    this.wakeAt = now + 1000
  }

  deliver(octets: Uint8Array, length: number): void {
    // A Buffer's slice would share what it was cut from.
    const copy = octets.slice(0, length)
    copy.fill(0)
    this.outputs.push({ kind: 'event', event: completion(`${length}:${octets.join(',')}`) })
  }

  wake(now: number): void {
    this.outputs.push({ kind: 'event', event: completion(`woken ${now}`) })
    this.wakeAt = undefined
  }

  drain(sink: OutputSink): void {
    for (const output of this.outputs) {
      if (output.kind === 'frame') {
        // Borrowed octets, within a larger array, and overwritten afterwards.
        const slot = new Uint8Array(output.octets.length + 8)
        slot.set(output.octets, 4)
        sink.frame(slot.subarray(4), output.octets.length)
        slot.fill(0xee)
      } else if (output.kind === 'return') sink.returned(output.answer)
      else sink.event(output.event)
    }
    // Tells how often it was drained, and of how much.
    if (this.outputs.length > 0) sink.event(completion(`drained ${this.outputs.length}`))
    this.outputs = []
  }

  reset(seed: number): void {
    this.seed = seed
    this.wakeAt = undefined
    this.outputs = []
  }

  activity(index: number): number {
    return 40 + index
  }

  run(activity: number): void {
    this.outputs.push({ kind: 'event', event: completion(`ran ${activity}`) })
    this.runnableCount--
  }
}

function completion(request: string): ProviderEvent {
  return { event: 'emp.completion', request, outcome: 'done', bytes: 0, peer: 0, tag: 0 }
}

const echo: Adapter = {
  ...degenerateAdapter('yes'),
  name: 'echo',
  identity: { name: 'Écho 🛰', version: '1', vendor: '試験' },
  isReference: true,
  open: async (wanted) => ({ kind: 'local', endpoints: wanted.map((setting) => new EchoEndpoint(setting)) }),
}

const hosts = [0, 1].map((node) => ({ node, name: `host${node}`, mac: `02000000000${node}` }))

function settings(stepped = false, called: InterfaceName = 'emp'): EndpointSetting[] {
  return hosts.map(({ node }) => ({
    interface: called,
    node,
    hosts,
    configuration: { 'emp.window': 4 },
    stepped,
    seed: 7 + node,
  }))
}

const at = { buffer: 'bü🚀', offset: 1, bytes: 2 }
const fill = { kind: 'prng', seed: 3 } as const
const bodies: readonly CallBody[] = [
  { operation: 'memory.allocate', as: 'bü🚀', bytes: 9, align: 8, offset: 0, fill, guard: 4, locked: true },
  { operation: 'memory.write', at, fill },
  { operation: 'memory.digest', at },
  { operation: 'memory.read', at },
  { operation: 'memory.guards', buffer: 'b' },
  { operation: 'emp.isend', as: 's', to: 1, tag: 5, pieces: [at, at] },
  { operation: 'emp.irecv', as: 'r', from: 65535, tag: 5, pieces: [] },
  { operation: 'emp.test', request: 's' },
  { operation: 'emp.wait', request: 's' },
  { operation: 'emp.waitall', requests: ['s', 'r'] },
  { operation: 'emp.configure', collection: 5 },
  { operation: 'emp.counters' },
  { operation: 'emp.descriptor', request: 's' },
]
const calls: readonly Call[] = bodies.map((body, id) => ({ id, thread: id % 3, body }))
const frame = Uint8Array.from({ length: 61 }, (_, i) => (i * 37) & 0xff)

const turns: readonly Turn[] = [
  ...calls.map((call): Turn => ({ now: 10 * call.id, endpoint: call.id % 2, inputs: [{ kind: 'call', call }] })),
  { now: 2000, endpoint: 0, inputs: [{ kind: 'frame', octets: frame }, { kind: 'wake' }] },
  { now: 2000, endpoint: 1, inputs: [{ kind: 'frame', octets: new Uint8Array(0) }] },
  { now: Number.MAX_SAFE_INTEGER, endpoint: 1, inputs: [] },
]

/** What the endpoint does when nothing lies between. */
function direct(endpoint: Endpoint, { now, inputs }: Turn, stepped = false): TurnAnswer {
  const outputs: TurnOutput[] = []
  const sink: OutputSink = {
    frame: (octets, length) => outputs.push({ kind: 'frame', octets: octets.slice(0, length) }),
    returned: (answer) => outputs.push({ kind: 'return', answer }),
    event: (event) => outputs.push({ kind: 'event', event }),
  }
  const push = (input: TurnInput): void => {
    if (input.kind === 'call') endpoint.apply(input.call, now)
    else if (input.kind === 'frame') endpoint.deliver(input.octets, input.octets.length, now)
    else if (input.kind === 'wake') endpoint.wake(now)
    else endpoint.run(input.activity, now)
  }
  for (const input of inputs) {
    push(input)
    endpoint.drain(sink)
  }
  const runnable = Array.from({ length: endpoint.runnableCount }, (_, i) => endpoint.activity(i))
  return { outputs, wakeAt: endpoint.wakeAt ?? null, ...(stepped ? { runnable } : {}) }
}

// --- the peer over streams ------------------------------------------------------------------------------------------

/** Passes octets on in chunks of so many. */
function chopper(size: number): Transform {
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      for (let from = 0; from < chunk.length; from += size) this.push(chunk.subarray(from, from + size))
      done()
    },
  })
}

/** The harness' side of a peer in this process; every line of both directions is recorded. */
class Talk {
  readonly lines: unknown[] = []
  readonly over: Promise<void>
  readonly input = new PassThrough()
  private readonly output = new PassThrough()
  private readonly reader = new LineReader()
  private readonly waiting: ((answer: Answer) => void)[] = []
  private id = 0

  constructor(adapter: Adapter, size: number, chunk?: (text: string) => string[]) {
    this.over = servePeer(adapter, this.input.pipe(chopper(size)), this.output, chunk ? { chunk } : {})
    this.output.pipe(chopper(size)).on('data', (data: Uint8Array) => {
      for (const line of this.reader.push(data)) this.hear(line)
    })
  }

  ask(op: string, members: Members): Promise<Answer> {
    const request = { id: ++this.id, op, ...members }
    this.lines.push(request)
    return this.say(JSON.stringify(request))
  }

  say(line: string): Promise<Answer> {
    this.input.write(`${line}\n`)
    return new Promise((give) => this.waiting.push(give))
  }

  async ok(op: string, members: Members): Promise<Members> {
    const answer = await this.ask(op, members)
    if (answer.kind !== 'ok') throw new Error(`${op} was answered ${JSON.stringify(answer)}`)
    return answer.ok
  }

  private hear(line: Line): void {
    if (line.kind !== 'value') throw new Error(`the peer wrote ${line.kind} ${line.start}`)
    this.lines.push(line.value)
    this.waiting.shift()?.(readAnswer(line.value))
  }
}

const schema: unknown = JSON.parse(readFileSync(join(root, 'spec/schema/protocol.schema.json'), 'utf8'))
const matches = new Ajv2020({ allErrors: true, strictTypes: false }).compile(
  typeof schema === 'object' && schema !== null ? schema : {},
)

function hello(nonce = 'n☃'): Members {
  return writeHello({ protocols: [1, 2], nonce, harness })
}

for (const size of [1, 2, 3, 7, 100_000]) {
  await test(`a round trip in chunks of ${size} is what the endpoint does when called directly`, async (t) => {
    const talk = new Talk(echo, size)
    const greeting = readGreeting(await talk.ok('hello', hello()))
    t.same(greeting, {
      protocol: 1,
      nonce: 'n☃',
      identity: echo.identity,
      pics: echo.pics,
      isReference: true,
      worlds: 1,
    })
    t.same(await talk.ok('open', writeOpen(settings())), {})
    const endpoints = settings().map((setting) => new EchoEndpoint(setting))
    const play = async (): Promise<void> => {
      for (const turn of turns) {
        const endpoint = endpoints[turn.endpoint]
        if (!endpoint) throw new Error('no endpoint')
        const answer = readTurnAnswer(await talk.ok('turn', writeTurn(turn)))
        t.same(answer, direct(endpoint, turn), `at ${turn.now}`)
      }
    }
    await play()
    await talk.ok('reset', writeSeeds(endpoints.map((_, node) => ({ node, seed: 70 + node }))))
    endpoints.forEach((endpoint, node) => endpoint.reset(70 + node))
    await play()
    t.same(await talk.ok('close', {}), {})
    await talk.over
    for (const line of talk.lines) t.ok(matches(line), JSON.stringify([line, matches.errors]))
    t.ok(talk.lines.length > 60)
  })
}

await test('every call and every turn survives its line', async (t) => {
  for (const turn of turns) t.same(readTurn(JSON.parse(JSON.stringify(writeTurn(turn)))), turn)
})

await test('every open survives its line and matches the schema, whatever the interface', async (t) => {
  const count = fc.nat(0xffff)
  const name = fc.string({ unit: 'grapheme', maxLength: 8 })
  const mac = fc.uint8Array({ minLength: 6, maxLength: 6 }).map((octets) => Buffer.from(octets).toString('hex'))
  const configuration = fc.dictionary(fc.constantFrom('emp.window', 'via.max-vis', 'wire.mtu'), fc.maxSafeInteger(), {
    noNullPrototype: true,
  })
  const own = fc.record({ node: count, configuration, stepped: fc.boolean(), seed: fc.integer() })
  const opens = fc.record({
    called: fc.constantFrom(...interfaceNames),
    world: fc.array(fc.record({ node: count, name, mac }), { maxLength: 4 }),
    endpoints: fc.array(own, { minLength: 1, maxLength: 4 }),
  })
  fc.assert(
    fc.property(opens, ({ called, world, endpoints }) => {
      const given = endpoints.map((one) => ({ ...one, interface: called, hosts: world }))
      const line = readMembers(JSON.parse(JSON.stringify({ id: 1, op: 'open', ...writeOpen(given) })))
      t.strictSame(readOpen(line), JSON.parse(JSON.stringify(given)))
      if (!matches(line)) throw new Error(JSON.stringify([line, matches.errors]))
    }),
    { seed: 20260103, numRuns: 60 },
  )
})

await test('an open says which interface its world has, by a name that is known', async (t) => {
  const { hosts: named, endpoints } = writeOpen(settings())
  const silent = { id: 1, op: 'open', hosts: named, endpoints }
  t.throws(() => readOpen(silent), { message: 'interface is missing' })
  t.notOk(matches(silent))
  const foreign = { ...silent, interface: 'mpi' }
  t.throws(() => readOpen(foreign), { message: 'interface is none of emp, via' })
  t.notOk(matches(foreign))
  t.throws(() => writeOpen([]), { message: 'a world without endpoints' })
})

await test('an interface that is not offered is refused in words, and the world before is gone', async (t) => {
  const mutant = mutants.find(({ name }) => name === 'emp-ignores-tag')
  if (!mutant) throw new Error('no such mutant')
  const talk = new Talk(mutantAdapter(mutant), 100)
  await talk.ok('open', writeOpen(settings()))
  t.match(await talk.ask('open', writeOpen(settings(false, 'via'))), {
    kind: 'error',
    message: 'mutant:emp-ignores-tag does not offer the interface via, only emp',
  })
  t.match(await talk.ask('turn', { now: 0, endpoint: 0, inputs: [] }), { message: 'no endpoint 0 is open' })
  await talk.ok('open', writeOpen(settings()))
  talk.input.end()
  await talk.over
})

await test('a stepped endpoint tells what could go next, and runs what is picked', async (t) => {
  const talk = new Talk(echo, 5)
  await talk.ok('open', writeOpen(settings(true)))
  const inputs: readonly TurnInput[][] = [[], [{ kind: 'run', activity: 41 }]]
  const answers: TurnAnswer[] = []
  for (const input of inputs) {
    answers.push(readTurnAnswer(await talk.ok('turn', writeTurn({ now: 1, endpoint: 0, inputs: input }))))
  }
  t.same(answers[0], { outputs: [], wakeAt: null, runnable: [40, 41] })
  t.same(answers[1]?.runnable, [40])
  t.match(answers[1]?.outputs[0], { kind: 'event', event: { request: 'ran 41' } })
  talk.input.end()
  await talk.over
})

await test('a peer that writes in odd pieces is still understood', async (t) => {
  const talk = new Talk(echo, 100_000, (text) => text.match(/[^]{1,3}/g) ?? [])
  t.equal(readGreeting(await talk.ok('hello', hello())).identity.vendor, '試験')
  talk.input.end()
  await talk.over
})

await test('a peer refuses cleanly, and lives on', async (t) => {
  const talk = new Talk(degenerateAdapter('yes'), 100)
  t.match(await talk.ask('sing', {}), { kind: 'unsupported', what: /"sing"/ })
  t.match(await talk.ask('hello', { ...hello(), protocols: [9] }), { kind: 'error', message: /only protocol 1/ })
  t.match(await talk.say('gibberish é'), { kind: 'error', id: null, message: /no JSON: "gibberish é"/ })
  t.match(await talk.say('[1]'), { kind: 'error', id: null, message: 'is no object' })
  t.match(await talk.say('{"op":"x"}'), { kind: 'error', id: null, message: 'id is missing' })
  t.match(await talk.say('{"id":2.5,"op":"x"}'), { kind: 'error', id: null, message: 'id is no integer' })
  t.match(await talk.say('{"id":-1,"op":"x"}'), { kind: 'error', id: null, message: 'id is negative' })
  t.match(await talk.say(`"${'x'.repeat(lineOctetsMax)}"`), { kind: 'error', id: null, message: /longer than 1048576/ })
  await talk.ok('open', { ...writeOpen(settings()), novelty: [1] })
  const turn = (...inputs: unknown[]): Promise<Answer> => talk.ask('turn', { now: 0, endpoint: 0, inputs })
  t.match(await turn({ kind: 'call', id: 4, thread: 0, operation: 'emp.teleport' }), {
    kind: 'ok',
    ok: { outputs: [{ kind: 'return', id: 4, status: 'unsupported' }], wakeAt: null },
  })
  t.match(await turn({ kind: 'call', id: 4, thread: 0, operation: 'toString' }), {
    ok: { outputs: [{ status: 'unsupported' }] },
  })
  t.match(await turn({ kind: 'nap' }), { message: 'inputs[0].kind is none of call, frame, wake, run' })
  t.match(await turn({ kind: 'wake' }, { kind: 'frame', octets: 'Zm9=v' }), {
    message: 'inputs[1].octets is no base64 text',
  })
  t.match(await turn({ kind: 'call', id: 4, thread: 0, operation: 'memory.read', at: { buffer: 'b', offset: 0 } }), {
    message: 'inputs[0].at.bytes is missing',
  })
  t.match(await talk.ask('turn', { now: 0, endpoint: 3, inputs: [] }), { message: 'no endpoint 3 is open' })
  t.match(await talk.ask('turn', { now: 0, endpoint: 0, inputs: {} }), { message: 'inputs is no list' })
  t.match(await turn(), { kind: 'ok' })
  await talk.ok('close', {})
  await talk.over
})

await test('what an endpoint throws is answered with its stack, and the peer lives on', async (t) => {
  const talk = new Talk(echo, 100)
  await talk.ok('open', writeOpen(settings()))
  const body = { operation: 'memory.free', buffer: 'b' } as const
  const fatal = writeTurn({ now: 0, endpoint: 0, inputs: [{ kind: 'call', call: { id: 1, thread: 0, body } }] })
  t.match(await talk.ask('turn', fatal), { kind: 'error', message: 'cannot free b', stack: /EchoEndpoint\.apply/ })
  t.match(await talk.ask('turn', writeTurn({ now: 0, endpoint: 0, inputs: [] })), { kind: 'ok' })
  for (const line of talk.lines) t.ok(matches(line), JSON.stringify(line))
  talk.input.end()
  await talk.over
})

await test('an answer that would be too long a line is an error instead', async (t) => {
  const talk = new Talk(echo, 100_000)
  await talk.ok('open', writeOpen(settings()))
  const call: Call = { id: 1, thread: 0, body: { operation: 'emp.test', request: 'r'.repeat(9000) } }
  const inputs = Array.from({ length: 100 }, () => ({ kind: 'call', call }) as const)
  t.match(await talk.ask('turn', writeTurn({ now: 0, endpoint: 0, inputs })), {
    kind: 'error',
    message: /octets, a line may have/,
  })
  talk.input.end()
  await talk.over
})

await test('the schema tells lines from what only looks like them', async (t) => {
  const wrong: readonly unknown[] = [
    [],
    { op: 'close' },
    { id: 1 },
    { id: 1, op: 'turn', now: 0, endpoint: 0 },
    { id: 1, op: 'turn', now: -1, endpoint: 0, inputs: [] },
    { id: 1, op: 'turn', now: 0, endpoint: 0, inputs: [{ kind: 'call', id: 1, thread: 0, operation: 'emp.isend' }] },
    { id: 1, op: 'turn', now: 0, endpoint: 0, inputs: [{ kind: 'frame', octets: '%' }] },
    { id: 1, op: 'hello' },
    { id: 1, op: 'reset' },
    { id: 1, op: 'open', hosts: [], endpoints: [{ node: 0 }] },
    { id: 1, ok: { outputs: [] } },
    { id: 1, ok: { outputs: [{ kind: 'event', event: 'emp.completion' }], wakeAt: null } },
    { id: 1, ok: { outputs: [{ kind: 'return', id: 1, status: 'fine' }], wakeAt: null } },
    { id: 1, ok: { nonce: 'n', protocol: 1 } },
    { id: 1, error: 'no' },
    { id: 1, op: 'input', endpoint: 0, input: { kind: 'wake' } },
    { id: 1, op: 'input', input: { kind: 'frame', octets: '' } },
    { id: 1, ok: { at: -1 } },
    { at: 5, output: { kind: 'return', id: 1, status: 'ok' } },
    { endpoint: 0, at: 5, output: { kind: 'return', id: 1, status: 'fine' } },
  ]
  for (const line of wrong) t.notOk(matches(line), JSON.stringify(line))
  for (const line of [
    { id: 1, op: 'sing' },
    { id: 1, op: 'close', also: 1 },
    { id: null, error: { message: 'm' } },
    { id: 1, op: 'input', endpoint: 0, input: { kind: 'frame', octets: '' } },
    { id: 1, ok: { at: 5 } },
    { endpoint: 0, at: 5, output: { kind: 'return', id: 1, status: 'ok' } },
  ]) {
    t.ok(matches(line), JSON.stringify(matches.errors))
  }
})

// --- framing --------------------------------------------------------------------------------------------------------

await test('lines do not depend on how the octets were cut', async () => {
  const line = fc.oneof(
    fc.json().map((text) => Buffer.from(text)),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text.replaceAll('\n', ' '))),
    fc.uint8Array({ maxLength: 400 }).map((octets) => Buffer.from(octets.map((octet) => (octet === 10 ? 11 : octet)))),
  )
  const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 })
  fc.assert(
    fc.property(fc.array(line), fc.string(), cuts, (lines, rest, sizes) => {
      const text = Buffer.concat([
        ...lines.flatMap((octets) => [octets, Buffer.from('\n')]),
        Buffer.from(rest.replaceAll('\n', '')),
      ])
      const whole = new LineReader()
      const expected = whole.push(text)
      const cut = new LineReader()
      const seen: Line[] = []
      for (let from = 0, i = 0; from < text.length; i++) {
        const size = sizes[i % sizes.length] ?? 1
        seen.push(...cut.push(text.subarray(from, from + size)))
        from += size
      }
      const same = isDeepStrictEqual([seen, cut.unfinished], [expected, whole.unfinished])
      return same && expected.length === lines.length
    }),
    { seed: 20260101, numRuns: 100 },
  )
})

await test('a line may have 1 MiB and not an octet more', async (t) => {
  const longest = Buffer.from(`"${'é'.repeat((lineOctetsMax - 2) / 2)}"\n{}\n`)
  const longer = Buffer.from(`"a${'é'.repeat((lineOctetsMax - 2) / 2)}"\n{}\n`)
  for (const size of [4093, lineOctetsMax, 3 * lineOctetsMax]) {
    const read = (octets: Uint8Array): string[] => {
      const reader = new LineReader()
      const lines: Line[] = []
      for (let from = 0; from < octets.length; from += size)
        lines.push(...reader.push(octets.subarray(from, from + size)))
      return lines.map((line) => line.kind)
    }
    t.same(read(longest), ['value', 'value'])
    t.same(read(longer), ['too-long', 'value'])
  }
  const reader = new LineReader()
  const lines = reader.push(Buffer.alloc(lineOctetsMax + 1, 0x41))
  t.same(lines, [{ kind: 'too-long', start: 'A'.repeat(160) }], 'it is told before it ends')
  t.same(reader.push(Buffer.alloc(lineOctetsMax, 0x41)), [], 'and only once')
  t.equal(reader.unfinished, '')
})

await test('what is no text is no JSON, and is quoted without harm', async (t) => {
  const [line] = new LineReader().push(Buffer.from([0x22, 0xff, 0x22, 0x0a]))
  t.same(line, { kind: 'not-json', start: '"\ufffd"' })
  t.equal(quote('a\u001b[31m"\n'), '"a\\u001b[31m\\"\\n"')
  t.equal(quote('x'.repeat(1000)), `"${'x'.repeat(160)}" ...`)
})

await test('a tail keeps the last octets', async (t) => {
  const tail = new Tail(10)
  for (let i = 0; i < 100; i++) tail.push(Buffer.from(`${i % 10}`))
  t.equal(tail.text, '0123456789')
  tail.push(Buffer.from('abcdefghijklmnopqrstuvwxyz'))
  t.equal(tail.text, 'qrstuvwxyz')
  tail.clear()
  t.equal(tail.text, '')
})

// --- processes ------------------------------------------------------------------------------------------------------

/** An adapter of a few lines, for a shell since that starts quickly. Its first word says what is wrong with it. */
const badAdapter = String.raw`
mode=$1 pids=$2
echo $$ >> "$pids"
say() { printf '%s\n' "$1"; }
greet() {
  say '{"id":'$id',"ok":{"protocol":'$1',"nonce":"'$2'",'$3'"version":"'$4'","vendor":"v","interfaces":["emp"],'\
'"clock":"virtual","wire":"frames","profile":"emp-1","options":{},"values":{"wire.mtu":{"value":1500}}}}'
}
turn() {
  good='{"id":'$id',"ok":{"outputs":[],"wakeAt":null}}'
  case $mode in
    crash) printf 'last words: boom' >&2; exit 1 ;;
    exit) exit 3 ;;
    killed) kill -SEGV $$ ;;
    eof) exec >&-; sleep 60 ;;
    half) printf '{"id":%s' $id; exit 0 ;;
    hang) ;;
    rubbish) say 'Starting NIC ... done' ;;
    binary) printf '\377\000\201\n' ;;
    flood) while :; do say "$good"; done ;;
    huge) head -c 2097152 /dev/zero | tr '\0' x ;;
    wrong-id) say '{"id":'$((id + 7))',"ok":{"outputs":[],"wakeAt":null}}' ;;
    twice) say "$good"; say "$good" ;;
    third) turns=$((turns + 1)); [ $turns -lt 3 ] || exit 6; say "$good" ;;
    shape) say '{"id":'$id',"ok":{"outputs":[{"kind":"return","id":1,"status":"fine"}],"wakeAt":null}}' ;;
    empty) say '{"id":'$id'}' ;;
    traceback) say '{"id":'$id',"error":{"message":"KeyError: 5","stack":"Traceback\n  nic.py\nKeyError: 5"}}' ;;
    error) say '{"id":'$id',"error":{"message":"m","stack":"Error: m\n    at nic.c:12"}}' ;;
    refuse) say '{"id":'$id',"unsupported":"turn"}' ;;
    unread) say '{"id":null,"error":{"message":"what?"}}' ;;
    grandchild) sleep 60 & echo $! >> "$pids"; exit 4 ;;
    daemons) for n in 1 2 3; do setsid sh -c 'echo $$ >> "$0"; exec sleep 60' "$pids" >/dev/null 2>&1 & done
      until [ $(wc -l < "$pids") -ge 4 ]; do :; done; exit 5 ;;
    fickle) exit 1 ;;
    *) say "$good" ;;
  esac
}
hello() {
  case $mode in
    old) greet 0 "$nonce" '"name":"bad",' 1 ;;
    canned) greet 1 canned '"name":"bad",' 1 ;;
    nameless) greet 1 "$nonce" '' 1 ;;
    *) if [ -e "$pids.second" ]; then greet 1 "$nonce" '"name":"bad",' 2; else greet 1 "$nonce" '"name":"bad",' 1; fi ;;
  esac
}
case $mode in
  early) exit 9 ;;
  mute) sleep 60 ;;
  stubborn) trap '' TERM ;;
esac
while read -r line; do
  id=@{line##*'"id":'} id=@{id%%,*}
  op=@{line##*'"op":"'} op=@{op%%'"'*}
  nonce=@{line#*'"nonce":"'} nonce=@{nonce%%'"'*}
  case $op-$mode in
    hello-*) hello ;;
    turn-*) turn ;;
    close-stubborn) ;;
    close-*) say '{"id":'$id',"ok":{}}'; exit 0 ;;
    reset-no-reset) say '{"id":'$id',"unsupported":"reset"}' ;;
    open-* | reset-* | *-anything) say '{"id":'$id',"ok":{}}' ;;
    *) say '{"id":'$id',"unsupported":"it"}' ;;
  esac
done
[ $mode != stubborn ] || sleep 60
`.replaceAll('@{', '${')

const folder = tap.testdir({
  'bad.sh': badAdapter,
  'served.mjs': `
    import { servePeer } from ${link('adapters/process/peer.js')}
    import { degenerateAdapter } from ${link('adapters/degenerate/adapter.js')}
    const yes = degenerateAdapter('yes')
    const ways = { odd: { chunk: (text) => text.match(/[^]{1,7}/g) ?? [] }, several: { worlds: 4 } }
    await servePeer({ ...yes, identity: { ...yes.identity, vendor: 'Brücke 🌉' } }, process.stdin, process.stdout, ways[process.argv[2]])
  `,
  'parent.mjs': `
    import { startProcessAdapter } from ${link('adapters/process/adapter.js')}
    const adapter = await startProcessAdapter('it', { command: process.argv[2] }, { harness: { name: 'h', version: '0' } })
    const hosts = [{ node: 0, name: 'left', mac: '020000000000' }]
    await adapter.open([{ interface: 'emp', node: 0, hosts, configuration: {}, stepped: false, seed: 1 }])
  `,
})

function link(built: string): string {
  return JSON.stringify(pathToFileURL(resolve(import.meta.dirname, '../..', built)).href)
}

/** Replaces the shell that starts it, so that what holds the pipes is the adapter alone. */
function command(interpreter: string, script: string, ...words: string[]): string {
  return `exec ${[interpreter, join(folder, script), ...words].map((word) => `'${word}'`).join(' ')}`
}

let logs = 0
/** A bad adapter's command, and the file where its processes write their ids. */
function bad(mode: string): { line: string; pids: string } {
  const pids = join(folder, `${mode}-${logs++}.pids`)
  return { line: command('sh', 'bad.sh', mode, pids), pids }
}

function start(line: string, options: Partial<ProcessOptions> = {}): Promise<Adapter> {
  return startProcessAdapter(line, { command: line }, { harness, ...options })
}

function remote(opened: OpenedHosts): RemoteHosts {
  if (opened.kind !== 'remote') throw new Error('not remote')
  return opened.far
}

function pidsIn(file: string): number[] {
  return readFileSync(file, 'utf8').trim().split('\n').map(Number)
}

const nothing: Turn = { now: 0, endpoint: 0, inputs: [] }

await test('a process that serves an adapter is that adapter', async (t) => {
  for (const words of [[], ['odd']]) {
    const adapter = await start(command(process.execPath, 'served.mjs', ...words))
    const yes = degenerateAdapter('yes')
    t.same(adapter.identity, { ...yes.identity, vendor: 'Brücke 🌉' })
    t.same(adapter.pics, yes.pics)
    t.equal(adapter.isReference, false)
    const far = remote(await adapter.open(settings()))
    const opened = await yes.open(settings())
    for (const turn of turns) {
      const endpoint = opened.kind === 'local' ? opened.endpoints[turn.endpoint] : undefined
      if (!endpoint) throw new Error('no endpoint')
      t.same(await far.exchange([turn]), [direct(endpoint, turn)])
    }
    far.reset([{ node: 0, seed: 1 }])
    const newer = remote(await adapter.open(settings()))
    t.match(await failureOf(far.exchange([nothing])), { trouble: 'protocol', message: /another was opened/ })
    t.same(await newer.exchange([nothing]), [{ outputs: [], wakeAt: null }], 'the newer world is untouched')
    await newer.close()
    await adapter.close()
    t.match(await failureOf(newer.exchange([nothing])), { trouble: 'protocol' })
  }
})

const troubles: readonly { mode: string; trouble: string; message: RegExp; stderr?: RegExp }[] = [
  { mode: 'crash', trouble: 'crash', message: /exited with code 1$/, stderr: /last words.*boom/s },
  { mode: 'exit', trouble: 'crash', message: /exited with code 3$/ },
  { mode: 'killed', trouble: 'crash', message: /killed by SIGSEGV|code 139 \(a shell's word for SIGSEGV\)/ },
  { mode: 'eof', trouble: 'crash', message: /closed its output/ },
  { mode: 'half', trouble: 'crash', message: /exited with code 0 in the middle of a line: "{\\"id\\":4"/ },
  { mode: 'hang', trouble: 'hang', message: /did not answer turn \(.+\) within 300 ms/ },
  { mode: 'rubbish', trouble: 'protocol', message: /no JSON: "Starting NIC \.\.\. done"/ },
  { mode: 'huge', trouble: 'protocol', message: /longer than 1048576 octets: "x{160}"/ },
  { mode: 'wrong-id', trouble: 'protocol', message: /answered request 11 where request 4 was asked: "{\\"id\\":11/ },
  { mode: 'shape', trouble: 'protocol', message: /outputs\[0\]\.status is none of ok, pending, .*: "{\\"id\\":4/ },
  { mode: 'empty', trouble: 'protocol', message: /no answer \(has neither ok nor unsupported nor error\)/ },
  { mode: 'error', trouble: 'crash', message: /failed in turn: Error: m\n {4}at nic\.c:12/ },
  { mode: 'traceback', trouble: 'crash', message: /failed in turn: KeyError: 5\nTraceback\n  nic\.py/ },
  { mode: 'refuse', trouble: 'protocol', message: /does not support turn/ },
  { mode: 'unread', trouble: 'protocol', message: /could not read a request: what\?/ },
  { mode: 'binary', trouble: 'protocol', message: /no JSON: "\ufffd\\u0000\ufffd"/ },
  { mode: 'daemons', trouble: 'crash', message: /exited with code 5/ },
  { mode: 'grandchild', trouble: 'crash', message: /exited with code 4/ },
]

for (const { mode, trouble, message, stderr } of troubles) {
  await test(`an adapter with the fault ${mode} costs its case, not the next`, async (t) => {
    const { line, pids } = bad(mode)
    const adapter = await start(line, mode === 'hang' ? { answerWithin: 300 } : {})
    const far = remote(await adapter.open(settings()))
    const failure = await failureOf(far.exchange([nothing]))
    t.equal(failure.trouble, trouble)
    t.match(failure.message, message)
    if (stderr) t.match(failure.stderr, stderr)
    t.equal(await failureOf(far.exchange([nothing])), failure, 'it stays what it was')
    await far.close()
    for (const pid of pidsIn(pids)) t.ok(await isGone(pid), `${pid} is gone`)
    await adapter.open(settings())
    t.ok(pidsIn(pids).length > 1, 'a fresh process')
    await adapter.close()
    for (const pid of pidsIn(pids)) t.ok(await isGone(pid), `${pid} is gone`)
  })
}

await test('turns that go together are answered in order', async (t) => {
  const adapter = await start(command(process.execPath, 'served.mjs'))
  const far = remote(await adapter.open(settings()))
  const yes = await degenerateAdapter('yes').open(settings())
  const direct0 = turns.map((turn) => {
    const endpoint = yes.kind === 'local' ? yes.endpoints[turn.endpoint] : undefined
    if (!endpoint) throw new Error('no endpoint')
    return direct(endpoint, turn)
  })
  t.same(await far.exchange(turns), direct0)
  await adapter.close()
})

await test('what was answered before a failure is kept, and the next exchange tells of it', async (t) => {
  const adapter = await start(bad('third').line)
  const far = remote(await adapter.open(settings()))
  t.equal((await far.exchange([nothing, nothing, nothing, nothing])).length, 2)
  t.match(await failureOf(far.exchange([nothing])), { trouble: 'crash', message: /exited with code 6/ })
  await adapter.close()
})

await test('a reset that fails is told by the exchange that it goes out with', async (t) => {
  const adapter = await start(bad('no-reset').line)
  const far = remote(await adapter.open(settings()))
  far.reset([{ node: 0, seed: 1 }])
  t.match(await failureOf(far.exchange([nothing])), { trouble: 'protocol', message: /does not support reset/ })
  await adapter.close()
})

await test('an adapter that answers without end is stopped', async (t) => {
  const { line, pids } = bad('flood')
  const adapter = await start(line)
  const far = remote(await adapter.open(settings()))
  await far.exchange([nothing])
  t.match(await failureOf(far.exchange([nothing])), { trouble: 'protocol', message: /answered request 4 where/ })
  for (const pid of pidsIn(pids)) t.ok(await isGone(pid))
  await adapter.close()
})

await test('an answer that nothing asked for is told at the next request', async (t) => {
  const adapter = await start(bad('twice').line)
  const far = remote(await adapter.open(settings()))
  await far.exchange([nothing])
  t.match(await failureOf(far.exchange([nothing])), { trouble: 'protocol', message: /answered request 4 where/ })
  await adapter.close()
})

await test('an adapter that greets wrongly is not started', async (t) => {
  const attempts: readonly { line: string; message: RegExp; stderr?: RegExp; startWithin?: number }[] = [
    { line: 'exec /nonexistent/adapter', message: /exited with code 127/, stderr: /nonexistent/ },
    { line: bad('early').line, message: /exited with code 9/ },
    { line: bad('mute').line, message: /did not answer hello within 200 ms/, startWithin: 200 },
    { line: bad('old').line, message: /speaks protocol 0, not 1/ },
    { line: bad('canned').line, message: /another nonce/ },
    { line: bad('nameless').line, message: /in the answer to hello, name is missing/ },
    { line: 'echo hello', message: /no JSON: "hello"/ },
    { line: 'cat', message: /no answer|has neither/ },
    { line: 'exec <&- >&-; sleep 60', message: /closed its (in|out)put/ },
  ]
  for (const { line, message, stderr, startWithin } of attempts) {
    const failure = await failureOf(start(line, startWithin === undefined ? {} : { startWithin }))
    t.equal(failure.trouble, 'start', line)
    t.match(failure.message, message)
    if (stderr) t.match(failure.stderr, stderr)
  }
})

await test('an adapter that answers an unknown operation is not believed', async (t) => {
  const { line, pids } = bad('anything')
  t.match(await failureOf(start(line)), { trouble: 'protocol', message: /unknown operation with unsupported: "{/ })
  for (const pid of pidsIn(pids)) t.ok(await isGone(pid))
})

await test('an adapter that is another after it was started again is not believed', async (t) => {
  const { line, pids } = bad('fickle')
  const adapter = await start(line)
  const far = remote(await adapter.open(settings()))
  await failureOf(far.exchange([nothing]))
  writeFileSync(`${pids}.second`, '')
  t.match(await failureOf(adapter.open(settings())), { trouble: 'start', message: /something else than before/ })
  await adapter.close()
  for (const pid of pidsIn(pids)) t.ok(await isGone(pid))
})

await test('closing ends a process, polite or not, also in the middle of an exchange', async (t) => {
  for (const mode of ['good', 'stubborn', 'hang']) {
    const { line, pids } = bad(mode)
    const adapter = await start(line)
    const far = remote(await adapter.open(settings()))
    const pending = mode === 'hang' ? failureOf(far.exchange([nothing])) : undefined
    await adapter.close()
    if (pending) t.match(await pending, { trouble: 'crash', message: 'the adapter was closed' })
    for (const pid of pidsIn(pids)) t.ok(await isGone(pid), mode)
    await adapter.close()
  }
})

await test('an adapter that was never closed neither keeps its parent nor outlives it', async (t) => {
  const { line, pids } = bad('stubborn')
  const parent = spawn(process.execPath, [join(folder, 'parent.mjs'), line], { stdio: 'inherit' })
  const [code]: unknown[] = await once(parent, 'exit')
  t.equal(code, 0)
  for (const pid of pidsIn(pids)) t.ok(await isGone(pid))
})

await test('messages name the member that is wrong', async (t) => {
  t.throws(() => readRequest({ id: 1 }), { message: 'op is missing' })
  t.throws(() => readAnswer({ id: 1, error: {} }), { message: 'error.message is missing' })
  t.throws(() => readTurnAnswer({ outputs: [], wakeAt: 'soon' }), { message: 'wakeAt is no integer' })
  t.throws(() => readTurnAnswer({ outputs: [], wakeAt: null, runnable: [1, null] }), {
    message: 'runnable[1] is no integer',
  })
  const returned = { kind: 'return', id: 1, status: 'ok', completions: [{ request: 'r', outcome: 'maybe' }] }
  t.throws(() => readTurnAnswer({ outputs: [returned], wakeAt: null }), {
    message: 'outputs[0].completions[0].outcome is none of done, truncated, failed',
  })
  t.throws(() => readTurnAnswer({ outputs: [{ kind: 'return', id: 1, status: 'ok', octets: 'F' }], wakeAt: null }), {
    message: /outputs\[0\]\.octets is no run/,
  })
})

await test('adapters that share a process may all be closed at once, and it is asked to close once', async (t) => {
  const said: string[] = []
  const line = command(process.execPath, 'served.mjs', 'several')
  const adapter = await start(line, { overhear: (speaker, text) => void said.push(`${speaker} ${text}`) })
  const { beside } = adapter.carrier ?? {}
  await Promise.all([adapter, ...(beside?.(3) ?? [])].map((each) => each.close()))
  t.same(said.filter((each) => each.includes('"op":"close"')).length, 1)
  t.match(said.at(-2), /^adapter \{"id":\d+,"ok":\{\}\}$/, 'and answers')
})

await test('a process is not shared by more adapters than it hosts worlds', async (t) => {
  const adapter = await start(command(process.execPath, 'served.mjs', 'several'))
  t.equal(adapter.carrier?.worldsMax, 4)
  t.equal(adapter.carrier?.beside?.(3)?.length, 3)
  t.same(adapter.carrier?.beside?.(3), adapter.carrier?.beside?.(3), 'and they are the same each time')
  t.throws(() => adapter.carrier?.beside?.(4), /hosts 4 worlds/)
  await adapter.close()
})

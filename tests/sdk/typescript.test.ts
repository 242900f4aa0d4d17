// The TypeScript SDK: an endpoint of its own kind, and adapters that are served as a process of their own.
import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { test, type Test } from 'tap'
import { HostEndpoint, type HostCall, type Range } from '../../sdk/typescript/adapter.ts'
import type { TurnOutput } from '../../harness/subject/turn.ts'
import type { CallBody, Return } from '../../spec/vocabulary/calls.ts'
import type { EndpointSetting } from '../../spec/vocabulary/endpoint.ts'

const root = resolve(import.meta.dirname, '../../..')

// --- an endpoint ----------------------------------------------------------------------------------------------------

const hosts = [{ node: 0, name: 'left', mac: '020000000000' }]

function setting(stepped = false): EndpointSetting {
  return { interface: 'emp', node: 0, hosts, configuration: {}, stepped, seed: 1 }
}

const scratch = new Uint8Array(4)

/** Sends the octets of a message as they are; answers to a wait only when it is woken. */
class SendingEndpoint extends HostEndpoint {
  private waiting: number | undefined

  protected override onCall({ id, body }: HostCall, now: number): void {
    if (body.operation === 'emp.wait') {
      this.waiting = id
      this.wakeAt = now + 5
    } else if (body.operation === 'emp.isend') {
      for (const piece of body.pieces) scratch.set(this.memory.at(piece) ?? [])
      this.frame(scratch)
      scratch.fill(0)
      this.returned({ id, status: 'ok' })
    } else this.returned({ id, status: 'unsupported' })
  }

  protected override onWake(): void {
    if (this.waiting !== undefined) this.returned({ id: this.waiting, status: 'ok' })
    this.event({ event: 'emp.completion', request: 'r', outcome: 'done', bytes: 1, peer: 1, tag: 2 })
    this.wakeAt = undefined
  }

  octetsAt(range: Range): Uint8Array | undefined {
    return this.memory.at(range)
  }

  addressOf(buffer: string): number {
    return this.memory.address({ buffer, offset: 0 })
  }

  isLocked(buffer: string): boolean {
    return this.memory.isLocked(buffer)
  }
}

function drained(endpoint: HostEndpoint): TurnOutput[] {
  const outputs: TurnOutput[] = []
  endpoint.drain({
    frame: (octets, length) => outputs.push({ kind: 'frame', octets: octets.slice(0, length) }),
    returned: (answer) => outputs.push({ kind: 'return', answer }),
    event: (event) => outputs.push({ kind: 'event', event }),
  })
  return outputs
}

function ask(endpoint: HostEndpoint, body: CallBody): Omit<Return, 'id'> | undefined {
  endpoint.apply({ id: 1, thread: 0, body }, 0)
  const [output] = drained(endpoint)
  if (output?.kind !== 'return') return undefined
  const { id: _, ...answer } = output.answer
  return answer
}

type Allocation = Extract<CallBody, { operation: 'memory.allocate' }>

function allocation(rest: Partial<Allocation> = {}): Allocation {
  const fill = { kind: 'ramp', seed: 1 } as const
  return {
    operation: 'memory.allocate',
    as: 'b',
    bytes: 8,
    align: 64,
    offset: 0,
    fill,
    guard: 4,
    locked: true,
    ...rest,
  }
}

const vectors = [
  { fill: { kind: 'const', seed: 165 }, octets: 'a5a5a5a5a5a5a5a5', digest: 845_797_251 },
  { fill: { kind: 'ramp', seed: 250 }, octets: 'fafbfcfdfeff0001', digest: 914_816_100 },
  { fill: { kind: 'prng', seed: 7 }, octets: 'c4aec91829a31623', digest: 2_852_981_782 },
  { fill: { kind: 'prng', seed: 4_294_967_295 }, octets: '396ff18103b5de36', digest: 1_489_718_299 },
] as const

for (const { fill, octets, digest } of vectors) {
  await test(`memory filled with ${fill.kind} ${fill.seed} has the octets and the digest of the protocol`, (t) => {
    const endpoint = new SendingEndpoint(setting())
    t.same(ask(endpoint, allocation({ bytes: 1000, fill })), { status: 'ok' })
    const first = { buffer: 'b', offset: 0, bytes: 8 }
    t.same(ask(endpoint, { operation: 'memory.read', at: first }), { status: 'ok', octets })
    t.same(ask(endpoint, { operation: 'memory.digest', at: { ...first, bytes: 1000 } }), { status: 'ok', digest })
    t.end()
  })
}

await test('a pattern that is written begins anew at its place', (t) => {
  const endpoint = new SendingEndpoint(setting())
  ask(endpoint, allocation())
  ask(endpoint, {
    operation: 'memory.write',
    at: { buffer: 'b', offset: 2, bytes: 3 },
    fill: { kind: 'ramp', seed: 9 },
  })
  const at = { buffer: 'b', offset: 0, bytes: 8 }
  t.same(ask(endpoint, { operation: 'memory.read', at }), { status: 'ok', octets: '0102090a0b060708' })
  t.end()
})

const impossible: readonly { readonly what: string; readonly body: CallBody }[] = [
  { what: 'a name that is taken', body: allocation() },
  { what: 'a buffer that is not there', body: { operation: 'memory.free', buffer: 'c' } },
  { what: 'guards of no buffer', body: { operation: 'memory.guards', buffer: 'c' } },
  { what: 'a range past the end', body: { operation: 'memory.digest', at: { buffer: 'b', offset: 4, bytes: 5 } } },
  { what: 'a size that cannot be', body: allocation({ as: 'c', bytes: -1 }) },
]

for (const { what, body } of impossible) {
  await test(`${what} is invalid`, (t) => {
    const endpoint = new SendingEndpoint(setting())
    ask(endpoint, allocation())
    t.same(ask(endpoint, body), { status: 'invalid' })
    t.end()
  })
}

await test('more than 4096 octets cannot be read at once', (t) => {
  const endpoint = new SendingEndpoint(setting())
  ask(endpoint, allocation({ bytes: 5000 }))
  const at = { buffer: 'b', offset: 0, bytes: 4097 }
  t.same(ask(endpoint, { operation: 'memory.read', at }), { status: 'invalid' })
  t.end()
})

for (const [place, damaged] of [
  [-1, -1],
  [11, 11],
] as const) {
  await test(`a write at octet ${place} of a buffer of eight shows in its guard zone`, (t) => {
    const endpoint = new SendingEndpoint(setting())
    ask(endpoint, allocation())
    t.same(ask(endpoint, { operation: 'memory.guards', buffer: 'b' }), { status: 'ok', damaged: null })
    const octets = endpoint.octetsAt({ buffer: 'b', offset: 0, bytes: 8 })
    // What an implementation with a wrong length does: it writes past the view.
    if (octets) new DataView(octets.buffer).setUint8(octets.byteOffset + place, 1)
    t.same(ask(endpoint, { operation: 'memory.guards', buffer: 'b' }), { status: 'ok', damaged })
    t.end()
  })
}

await test('a buffer lies as it was asked to: aligned, and so many octets past that', (t) => {
  const endpoint = new SendingEndpoint(setting())
  ask(endpoint, allocation({ align: 4096, offset: 12 }))
  t.equal(endpoint.addressOf('b') % 4096, 12)
  t.end()
})

await test('a buffer that is not locked, or not there, says so', (t) => {
  const endpoint = new SendingEndpoint(setting())
  ask(endpoint, allocation({ locked: false }))
  ask(endpoint, allocation({ as: 'c' }))
  t.same(
    ['b', 'c', 'd'].map((buffer) => endpoint.isLocked(buffer)),
    [false, true, false],
  )
  t.end()
})

await test('a frame is copied when it is handed over', (t) => {
  const endpoint = new SendingEndpoint(setting())
  ask(endpoint, allocation())
  const pieces = [{ buffer: 'b', offset: 0, bytes: 4 }]
  endpoint.apply({ id: 7, thread: 0, body: { operation: 'emp.isend', as: 's', to: 1, tag: 5, pieces } }, 0)
  t.same(drained(endpoint), [
    { kind: 'frame', octets: Uint8Array.of(1, 2, 3, 4) },
    { kind: 'return', answer: { id: 7, status: 'ok' } },
  ])
  t.end()
})

await test('a call that waits is answered when its deadline has come, with what happened before', (t) => {
  const endpoint = new SendingEndpoint(setting())
  endpoint.apply({ id: 3, thread: 1, body: { operation: 'emp.wait', request: 'r' } }, 10)
  t.same([drained(endpoint), endpoint.wakeAt], [[], 15])
  endpoint.wake(15)
  t.match(drained(endpoint), [{ answer: { id: 3, status: 'ok' } }, { event: { event: 'emp.completion' } }])
  t.equal(endpoint.wakeAt, undefined)
  t.end()
})

await test('a reset forgets buffers, outputs and the deadline', (t) => {
  const endpoint = new SendingEndpoint(setting())
  endpoint.apply({ id: 1, thread: 0, body: allocation() }, 0)
  endpoint.apply({ id: 2, thread: 0, body: { operation: 'emp.wait', request: 'r' } }, 0)
  endpoint.reset(2)
  t.same([drained(endpoint), endpoint.wakeAt], [[], undefined])
  t.same(ask(endpoint, { operation: 'memory.free', buffer: 'b' }), { status: 'invalid' })
  t.end()
})

/** Each call makes two activities runnable, 7 and then 8; each of these sends its number. */
class SteppedEndpoint extends HostEndpoint {
  private readonly activities: number[] = []

  protected override onCall(): void {
    this.activities.push(7, 8)
  }

  override get runnableCount(): number {
    return this.activities.length
  }

  override activity(index: number): number {
    return this.activities[index] ?? 0
  }

  override run(activity: number): void {
    this.activities.splice(this.activities.indexOf(activity), 1)
    this.frame(Uint8Array.of(activity))
  }
}

function numbersSent(endpoint: HostEndpoint): number[] {
  return drained(endpoint).flatMap((output) => (output.kind === 'frame' ? [...output.octets] : []))
}

await test('activities run by themselves, in order, where the world is not stepped', (t) => {
  const endpoint = new SteppedEndpoint(setting())
  endpoint.apply({ id: 1, thread: 0, body: { operation: 'emp.counters' } }, 0)
  t.same(numbersSent(endpoint), [7, 8])
  t.end()
})

await test('activities wait to be run where the world is stepped', (t) => {
  const endpoint = new SteppedEndpoint(setting(true))
  endpoint.apply({ id: 1, thread: 0, body: { operation: 'emp.counters' } }, 0)
  t.same([numbersSent(endpoint), endpoint.runnableCount], [[], 2])
  endpoint.run(8)
  t.same([numbersSent(endpoint), endpoint.runnableCount], [[8], 1])
  t.end()
})

// --- a process ------------------------------------------------------------------------------------------------------

const door = pathToFileURL(join(root, 'build/sdk/typescript/adapter.js')).href

const program = `
import { HostEndpoint, serveAdapter } from '${door}'
class Chatty extends HostEndpoint {
  onCall({ id, body }) {
    console.log('a word of the implementation')
    process.stdout.write('and another\\n')
    if (body.operation === 'emp.counters') throw new Error('no counters today')
    this.returned({ id, status: 'unsupported' })
  }
}
await serveAdapter({
  name: 'chatty', version: '7', vendor: 'nobody',
  interfaces: ['emp'], clock: 'virtual', wire: 'none', options: { 'emp.counters': true }, values: {},
  endpoint: (setting) => new Chatty(setting),
})
`

interface Spoken {
  readonly lines: readonly unknown[]
  readonly stderr: string
  readonly code: number | null
}

/** Writes all requests at once, ends the input, and hears the program out. */
function speak(t: Test, requests: readonly (object | string)[]): Promise<Spoken> {
  const folder = t.testdir({ 'adapter.mjs': program })
  const child = spawn(process.execPath, [join(folder, 'adapter.mjs')], { stdio: 'pipe' })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdin.end(requests.map((each) => `${typeof each === 'string' ? each : JSON.stringify(each)}\n`).join(''))
  return new Promise((settle) => {
    child.on('close', (code) => {
      const lines = stdout.split('\n').slice(0, -1)
      settle({ lines: lines.map((line): unknown => JSON.parse(line)), stderr, code })
    })
  })
}

const hello = { id: 1, op: 'hello', protocols: [1], nonce: 'n', harness: { name: 'test', version: '0' } }
const endpoints = [{ node: 0, configuration: {}, stepped: false, seed: 1 }]
const open = { id: 2, op: 'open', interface: 'emp', hosts, endpoints }

function turn(id: number, operation: string): object {
  const inputs = [{ kind: 'call', id, thread: 0, operation, request: 'r', 'later-member': 1 }]
  return { id, op: 'turn', now: 0, endpoint: 0, inputs, 'later-member': 2 }
}

await test('an adapter greets with what it was described as', async (t) => {
  const { lines, code } = await speak(t, [hello])
  const facts = { name: 'chatty', version: '7', vendor: 'nobody', interfaces: ['emp'], clock: 'virtual', wire: 'none' }
  const ok = { protocol: 1, nonce: 'n', ...facts, options: { 'emp.counters': true }, values: {} }
  t.same(lines, [{ id: 1, ok }])
  t.equal(code, 0, 'and ends with its input')
})

await test('what the implementation prints goes to stderr and breaks no line', async (t) => {
  const { lines, stderr } = await speak(t, [open, turn(3, 'emp.test')])
  const outputs = [{ kind: 'return', id: 3, status: 'unsupported' }]
  t.same(lines, [
    { id: 2, ok: {} },
    { id: 3, ok: { outputs, wakeAt: null } },
  ])
  t.equal(stderr, 'a word of the implementation\nand another\n')
})

await test('what an endpoint throws is answered as an error with its stack', async (t) => {
  const { lines } = await speak(t, [open, turn(3, 'emp.counters')])
  t.match(lines[1], { id: 3, error: { message: 'no counters today', stack: /Chatty\.onCall/ } })
})

await test('an unknown operation, an unknown call and a bad line are each answered as the protocol says', async (t) => {
  const { lines } = await speak(t, [open, { id: 3, op: 'dance' }, turn(4, 'emp.dance'), '{ no JSON'])
  t.match(lines.slice(1), [
    { id: 3, unsupported: /dance/ },
    { id: 4, ok: { outputs: [{ kind: 'return', id: 4, status: 'unsupported' }] } },
    { id: null, error: { message: /no JSON/ } },
  ])
})

await test('after close nothing more is answered', async (t) => {
  const { lines, code } = await speak(t, [{ id: 1, op: 'close' }, hello])
  t.same([lines, code], [[{ id: 1, ok: {} }], 0])
})

// A stream of large messages through the complete reference endpoints: the script, the timing, and the octet-by-octet check.
import { makeReferenceEndpoint } from '../adapters/reference/adapter.ts'
import { macOf } from '../harness/fabric/address.ts'
import { Trace } from '../harness/result/trace.ts'
import type { Offer, Script } from '../harness/run/script.ts'
import { World } from '../harness/run/world.ts'
import type { CallBody, Return } from '../spec/vocabulary/calls.ts'
import { empDefaults, type Endpoint } from '../spec/vocabulary/endpoint.ts'
import type { Weather } from '../spec/vocabulary/faults.ts'
import { memoryReadMax } from '../spec/vocabulary/memory.ts'

const messageOctets = 1024 * 1024

/** Messages posted at once. One costs nothing: what the sender waits is virtual time, and what is measured is real. */
const inFlight = 1

export interface StreamFigures {
  /** Frames put on the wire, acknowledgements among them. */
  readonly frames: number
  readonly acknowledgements: number
  readonly messages: number
  readonly seconds: number
}

/** Two fresh reference hosts in one world. */
export function pairOfHosts(): readonly Endpoint[] {
  const hosts = [0, 1].map((node) => ({ node, name: `host${node}`, mac: macOf(node) }))
  return hosts.map(({ node }) =>
    makeReferenceEndpoint({
      interface: 'emp',
      node,
      hosts,
      configuration: empDefaults,
      stepped: false,
      seed: 1 + node,
    }),
  )
}

/** Posts `messages` receives and sends, a few ahead, and waits for each in turn. */
class Stream implements Script {
  limit = Infinity
  finished = false
  readonly offered: Offer[] = []
  private readonly messages: number
  private id = 0
  private posted = 0
  private done = 0

  constructor(messages: number) {
    this.messages = messages
    for (const node of [0, 1]) {
      for (let slot = 0; slot < inFlight; slot++) this.call(node, bufferOf(node, slot))
    }
    for (let ahead = 0; ahead < inFlight; ahead++) this.post()
  }

  offers(): readonly Offer[] {
    return this.offered
  }

  issued(): void {
    this.offered.shift()
  }

  returned(node: number, answer: Return): void {
    if (answer.status !== 'ok') throw new Error(`call ${answer.id} of host ${node} answered ${answer.status}`)
    if (answer.completions === undefined) return
    this.done++
    if (this.done === 2 * this.messages) this.finished = true
    else if (node === 1 && this.posted < this.messages) this.post()
  }

  private post(): void {
    const slot = this.posted % inFlight
    const name = `m${this.posted}`
    const pieces = [{ buffer: `b${slot}`, offset: 0, bytes: messageOctets }]
    this.call(1, { operation: 'emp.irecv', as: name, from: 0, tag: slot, pieces })
    this.call(0, { operation: 'emp.isend', as: name, to: 1, tag: slot, pieces })
    for (const node of [0, 1]) this.call(node, { operation: 'emp.wait', request: name })
    this.posted++
  }

  private call(node: number, body: CallBody): void {
    this.offered.push({ node, call: { id: this.id++, thread: 0, body } })
  }
}

function bufferOf(node: number, slot: number): CallBody {
  const fill = node === 0 ? ({ kind: 'prng', seed: slot } as const) : ({ kind: 'const', seed: 0 } as const)
  return {
    operation: 'memory.allocate',
    as: `b${slot}`,
    bytes: messageOctets,
    align: 4096,
    offset: 0,
    fill,
    guard: 0,
    locked: true,
  }
}

/** Runs one stream to its end, timed from the first posting on. The buffers are compared afterwards, untimed. */
export function runStream(options: {
  endpoints: readonly Endpoint[]
  world: World
  messages: number
  weather: Weather | undefined
  stopwatch: () => number
}): StreamFigures {
  const { endpoints, world, messages, weather, stopwatch } = options
  endpoints.forEach((endpoint, node) => endpoint.reset(1 + node))
  const stream = new Stream(messages)
  world.begin({ link: { bitsPerSecond: 1e9, delay: 5000 }, faults: [], weather, seed: 42 }, stream)
  allocateFirst(world, endpoints, stream)
  const start = stopwatch()
  const progress = world.advance()
  const seconds = stopwatch() - start
  if (progress.kind !== 'finished') throw new Error(`the stream ended with ${progress.kind}`)
  compare(endpoints)
  return {
    frames: world.fabric.sentBy(0) + world.fabric.sentBy(1),
    acknowledgements: world.fabric.sentBy(1),
    messages,
    seconds,
  }
}

function isBuffer({ call }: Offer): boolean {
  return call.body.operation === 'memory.allocate'
}

/** Filling megabytes with a pattern is no part of what is measured. */
function allocateFirst(world: World, endpoints: readonly Endpoint[], stream: Stream): void {
  for (const { node, call } of stream.offered.filter(isBuffer)) endpoints[node]?.apply(call, world.now)
  for (const endpoint of endpoints) endpoint.drain(ignoring)
  stream.offered.splice(0, stream.offered.length, ...stream.offered.filter((offer) => !isBuffer(offer)))
}

const ignoring = { frame: (): void => undefined, returned: (): void => undefined, event: (): void => undefined }

/** Every octet of every receive buffer against the send buffer of the same slot. */
function compare(endpoints: readonly Endpoint[]): void {
  for (let slot = 0; slot < inFlight; slot++) {
    for (let offset = 0; offset < messageOctets; offset += memoryReadMax) {
      const [sent, received] = endpoints.map((endpoint) => readOctets(endpoint, `b${slot}`, offset))
      if (sent === undefined || sent !== received)
        throw new Error(`buffer b${slot} differs at or after offset ${offset}`)
    }
  }
}

function readOctets(endpoint: Endpoint, buffer: string, offset: number): string | undefined {
  let octets: string | undefined
  endpoint.apply(
    { id: -1, thread: 0, body: { operation: 'memory.read', at: { buffer, offset, bytes: memoryReadMax } } },
    0,
  )
  endpoint.drain({ ...ignoring, returned: (answer) => (octets = answer.octets) })
  return octets
}

/** A world around two fresh hosts, with the trace on or off. */
export function streamWorld(traced: boolean): { endpoints: readonly Endpoint[]; world: World } {
  const endpoints = pairOfHosts()
  const trace = new Trace()
  trace.enabled = traced
  return { endpoints, world: new World(endpoints, { stepped: false, trace }) }
}

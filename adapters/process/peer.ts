// The adapter's side of the protocol: serves the endpoints of an in-process adapter over lines.
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import type { Endpoint, HostAddress, OutputSink } from '../../spec/vocabulary/endpoint.ts'
import type { Instant } from '../../spec/vocabulary/units.ts'
import type { Adapter } from '../../harness/subject/adapter.ts'
import type { Pics } from '../../harness/subject/pics.ts'
import type { LiveOutput, TurnAnswer } from '../../harness/subject/turn.ts'
import { writeEvent, writeReturn } from './call-members.ts'
import { LiveEndpoints } from './live-endpoints.ts'
import { LineReader, lineOctetsMax, quote } from './lines.ts'
import type { Line } from './lines.ts'
import {
  protocolVersion,
  readHello,
  readOpen,
  readRequest,
  readSeeds,
  readWorld,
  writeAnswer,
  writeGreeting,
} from './protocol.ts'
import type { Answer, Request, Seed } from './protocol.ts'
import type { Draft, Members } from './shape.ts'
import { readLiveInput, readTurn, writeOctets, writeLiveOutput } from './turn-members.ts'

export interface PeerOptions {
  /** Given: the endpoints run by the real clock, and what is told unasked is in the order in which it happens. */
  readonly live?: { readonly clock: () => Instant; readonly hidesWire: boolean }
  /** How many worlds can be open at once in virtual time: one unless given. By the real clock it is always one. */
  readonly worlds?: number
  /** Cuts each line into the pieces that are written. It sees one character for each octet of the line. */
  readonly chunk?: (text: string) => readonly string[]
}

/** Answers requests until one asks to close or the input ends. What an endpoint throws is answered, not thrown. */
export async function servePeer(
  adapter: Adapter,
  input: Readable,
  output: Writable,
  options: PeerOptions = {},
): Promise<void> {
  const reader = new LineReader()
  const isOver = watch(output)
  const tell = (told: LiveOutput): void => {
    if (!isOver()) output.write(encodeLine(writeLiveOutput(told)), 'latin1')
  }
  const live = options.live && new LiveEndpoints({ ...options.live, tell })
  const peer = live
    ? new Peer(byRealClock(adapter, options.live?.hidesWire ?? false), { live, worldsMax: 1 })
    : new Peer(adapter, { live, worldsMax: options.worlds ?? 1 })
  for await (const chunk of input) {
    for (const line of reader.push(octetsOf(chunk))) {
      const text = encode(await peer.answer(line))
      for (const piece of options.chunk?.(text) ?? [text]) {
        if (isOver()) return
        if (!output.write(piece, 'latin1')) await drained(output)
      }
      if (peer.isClosed) break
    }
    if (peer.isClosed) break
  }
  live?.stop()
}

/** What an adapter declares when its endpoints run by the real clock: no stepping, and perhaps no wire to be seen. */
function byRealClock(adapter: Adapter, hidesWire: boolean): Adapter {
  const { profile, ...pics } = adapter.pics
  const wire = hidesWire || profile === undefined ? {} : { profile }
  const declared: Pics = {
    ...pics,
    ...wire,
    clock: 'real',
    wire: hidesWire ? 'none' : pics.wire,
    options: { ...pics.options, stepped: false },
  }
  return { ...adapter, pics: declared, open: (settings) => adapter.open(settings), close: () => adapter.close() }
}

interface OpenEndpoint {
  readonly endpoint: Endpoint
  readonly stepped: boolean
}

interface ServedWorld {
  readonly endpoints: ReadonlyMap<number, OpenEndpoint>
  readonly hosts: readonly HostAddress[]
}

/** What is open in this process, and how each request is answered. */
class Peer {
  isClosed = false
  private readonly adapter: Adapter
  private readonly live: LiveEndpoints | undefined
  private readonly worldsMax: number
  /** By their numbers. */
  private readonly worlds = new Map<number, ServedWorld>()
  private outputs: Members[] = []
  private readonly sink: OutputSink = {
    frame: (octets, length) => this.outputs.push({ kind: 'frame', octets: writeOctets(octets, length) }),
    returned: (answer) => this.outputs.push(writeReturn(answer)),
    event: (event) => this.outputs.push(writeEvent(event)),
  }

  constructor(adapter: Adapter, { live, worldsMax }: { live: LiveEndpoints | undefined; worldsMax: number }) {
    this.adapter = adapter
    this.live = live
    this.worldsMax = worldsMax
  }

  async answer(line: Line): Promise<Answer> {
    if (line.kind !== 'value') {
      const fault = line.kind === 'too-long' ? `is longer than ${lineOctetsMax} octets` : 'is no JSON'
      return { kind: 'error', id: null, message: `a line ${fault}: ${quote(line.start)}` }
    }
    let id: number | null = null
    try {
      const request = readRequest(line.value)
      id = request.id
      const ok = request.op === 'open' ? await this.open(request) : this.react(request)
      return ok
        ? { kind: 'ok', id, ok }
        : { kind: 'unsupported', id, what: `there is no operation ${quote(request.op)}` }
    } catch (thrown) {
      return { kind: 'error', id, ...describe(thrown) }
    }
  }

  /** What the operation answers; undefined if there is no such operation. */
  private react({ op, members }: Request): Members | undefined {
    switch (op) {
      case 'turn':
        return this.live ? undefined : this.turn(members)
      case 'input':
        return this.live && this.input(members, this.live)
      case 'reset':
        this.reset(this.worldOf(members), readSeeds(members))
        return {}
      case 'hello':
        return this.greet(members)
      case 'close':
        this.isClosed = true
        return {}
      default:
        return undefined
    }
  }

  private greet(members: Members): Members {
    const { protocols, nonce } = readHello(members)
    if (!protocols.includes(protocolVersion)) {
      throw new Error(`only protocol ${protocolVersion} is spoken here, not ${protocols.join(', ')}`)
    }
    const { identity, pics, isReference } = this.adapter
    return writeGreeting({ protocol: protocolVersion, nonce, identity, pics, isReference, worlds: this.worldsMax })
  }

  private async open({ members }: Request): Promise<Members> {
    const settings = readOpen(members)
    const number = readWorld(members)
    if (number >= this.worldsMax) throw new Error(`there is no world ${number} here`)
    this.worlds.delete(number)
    const opened = await this.adapter.open(settings)
    if (opened.kind !== 'local') throw new Error(`${this.adapter.name} runs in another process and cannot be served`)
    const endpoints = new Map<number, OpenEndpoint>()
    settings.forEach(({ node, stepped }, i) => {
      const endpoint = opened.endpoints[i]
      if (!endpoint) throw new Error(`${opened.endpoints.length} endpoints were opened instead of ${settings.length}`)
      endpoints.set(node, { endpoint, stepped })
    })
    const world = { endpoints, hosts: settings[0]?.hosts ?? [] }
    this.worlds.set(number, world)
    this.beginLive(world)
    return {}
  }

  private reset(world: ServedWorld, seeds: readonly Seed[]): void {
    for (const { node, seed } of seeds) endpointAt(world, node).endpoint.reset(seed)
    this.beginLive(world)
  }

  private beginLive({ endpoints, hosts }: ServedWorld): void {
    this.live?.open(new Map([...endpoints].map(([node, { endpoint }]) => [node, endpoint])), hosts)
  }

  private input(members: Members, live: LiveEndpoints): Members {
    const { endpoint: node, input } = readLiveInput(members)
    if (input.kind === 'unknown-call') live.refuse(node, input.id)
    else live.give(node, input)
    return { at: live.now }
  }

  /** Drains after each input, as the engine does with endpoints in its own process. */
  private turn(members: Members): Members {
    const { now, endpoint: node, inputs } = readTurn(members)
    const { endpoint, stepped } = endpointAt(this.worldOf(members), node)
    this.outputs = []
    for (const input of inputs) {
      switch (input.kind) {
        case 'call':
          endpoint.apply(input.call, now)
          break
        case 'frame':
          endpoint.deliver(input.octets, input.octets.length, now)
          break
        case 'wake':
          endpoint.wake(now)
          break
        case 'run':
          endpoint.run(input.activity, now)
          break
        case 'unknown-call':
          this.sink.returned({ id: input.id, status: 'unsupported' })
      }
      endpoint.drain(this.sink)
    }
    const answer: Draft<Omit<TurnAnswer, 'outputs'>> = { wakeAt: endpoint.wakeAt ?? null }
    if (stepped) answer.runnable = runnableOf(endpoint)
    return { outputs: this.outputs, ...answer }
  }

  private worldOf(members: Members): ServedWorld {
    return this.worlds.get(readWorld(members)) ?? nothingOpen
  }
}

const nothingOpen: ServedWorld = { endpoints: new Map(), hosts: [] }

function endpointAt({ endpoints }: ServedWorld, node: number): OpenEndpoint {
  const open = endpoints.get(node)
  if (!open) throw new Error(`no endpoint ${node} is open`)
  return open
}

function runnableOf(endpoint: Endpoint): number[] {
  return Array.from({ length: endpoint.runnableCount }, (_, i) => endpoint.activity(i))
}

/** The line of an answer, with its newline, one character for each octet. */
function encode(answer: Answer): string {
  const octets = Buffer.from(JSON.stringify(writeAnswer(answer)))
  if (octets.length > lineOctetsMax) {
    const message = `the answer has ${octets.length} octets, a line may have ${lineOctetsMax}`
    return encode({ kind: 'error', id: answer.id, message })
  }
  return `${octets.toString('latin1')}\n`
}

/** The same for a line that nobody asked for. */
function encodeLine(members: Members): string {
  return `${Buffer.from(JSON.stringify(members)).toString('latin1')}\n`
}

const textMax = 16 * 1024

function describe(thrown: unknown): { message: string; stack?: string } {
  if (!(thrown instanceof Error)) return { message: String(thrown).slice(0, textMax) }
  const message = thrown.message.slice(0, textMax)
  return thrown.stack === undefined ? { message } : { message, stack: thrown.stack.slice(0, textMax) }
}

/** Tells whether nobody reads the output any more, which is no error: the harness ends adapters hard. */
function watch(output: Writable): () => boolean {
  let failed = false
  output.on('error', () => {
    failed = true
  })
  return () => failed || output.destroyed || output.writableEnded
}

async function drained(output: Writable): Promise<void> {
  const over = new AbortController()
  const { signal } = over
  await Promise.race([once(output, 'drain', { signal }), once(output, 'close', { signal })]).catch(() => undefined)
  over.abort()
}

function octetsOf(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk
  if (typeof chunk === 'string') return Buffer.from(chunk)
  throw new TypeError('the input is no stream of octets')
}

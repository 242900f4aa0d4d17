// A stream of VIA messages through two complete reference endpoints: the script, the timing, and the check of what arrived.
import { Trace } from '../harness/result/trace.ts'
import type { Offer, Script } from '../harness/run/script.ts'
import { World } from '../harness/run/world.ts'
import type { CallBody, Return } from '../spec/vocabulary/calls.ts'
import type { Endpoint } from '../spec/vocabulary/endpoint.ts'
import type { Weather } from '../spec/vocabulary/faults.ts'
import type { NodeIndex } from '../spec/vocabulary/units.ts'
import { viaInfinite, type ViaReliabilityLevel } from '../spec/vocabulary/via-constants.ts'
import type { ViaReturnedDescriptor } from '../spec/vocabulary/via-descriptor.ts'
import {
  acceptingCall,
  openingCalls,
  pairOfViaHosts,
  receiver,
  requestingCall,
  sender,
  slots,
  slotsOf,
  waitingCall,
  type Slot,
} from './via-hosts.ts'

/** No send is posted while so many frames are on the wire: on an unreliable VI nothing else would hold the sender back. */
const wireFrames = 64

export interface ViaStreamFigures {
  /** Messages sent, and those of them that were received. */
  readonly messages: number
  readonly received: number
  /** Frames put on the wire, acknowledgements among them. */
  readonly frames: number
  readonly seconds: number
}

export interface ViaStreamPlan {
  readonly level: ViaReliabilityLevel
  /** Of a message. */
  readonly octets: number
  readonly messages: number
  readonly weather: Weather | undefined
}

/** Keeps receives posted and sends under way, and takes every completion. Each message carries its number. */
class ViaStream implements Script {
  limit = Infinity
  finished = false
  sent = 0
  received = 0
  /** Which message each receive took last. */
  readonly taken: number[] = []
  private readonly plan: ViaStreamPlan
  private readonly sends: readonly Slot[]
  private readonly receives: readonly Slot[]
  private readonly offered: Record<NodeIndex, Offer[]> = { [sender]: [], [receiver]: [] }
  private streaming = false
  private open = 0
  private id = 0
  private posted = 0
  private last = -1

  constructor(plan: ViaStreamPlan) {
    this.plan = plan
    this.sends = slotsOf(sender, plan.octets)
    this.receives = slotsOf(receiver, plan.octets)
    for (const host of [sender, receiver] as const) {
      for (const body of openingCalls(host, plan.octets, plan.level)) this.call(host, body)
    }
    for (const slot of this.receives) this.post(receiver, slot, undefined)
    this.call(receiver, waitingCall)
    this.call(sender, requestingCall)
  }

  /** Both VIs are connected: from now on messages move. */
  begin(): void {
    this.streaming = true
    this.finished = false
    this.wait(receiver)
    for (let ahead = 0; ahead < Math.min(slots[sender], this.plan.messages); ahead++) this.send()
    this.wait(sender)
  }

  offers(world: World): readonly Offer[] {
    const [receiving, sending] = [this.of(receiver), this.of(sender)]
    if (receiving.length > 0) return receiving
    return world.fabric.inFlight < wireFrames ? sending : none
  }

  issued({ node }: Offer): void {
    this.of(node).shift()
  }

  returned(node: NodeIndex, { id, status, vip }: Return): void {
    this.open--
    if (status !== 'ok' || (vip && vip.code !== 'VIP_SUCCESS')) {
      throw new Error(`call ${id} of host ${node} answered ${vip?.code ?? status}`)
    }
    if (vip?.descriptor !== undefined) this.completed(node, vip.descriptor)
    else if (vip?.remoteAddress) this.call(receiver, acceptingCall)
    else if (!this.streaming && this.open === 0) this.finished = true
  }

  private completed(node: NodeIndex, descriptor: ViaReturnedDescriptor): void {
    const expected = node === sender ? this.sends[this.sent % slots[sender]] : this.receives[this.nextReceive]
    if (descriptor === null || descriptor === 'unknown' || descriptor.name !== expected?.name) {
      throw new Error(`host ${node} got another descriptor than ${expected?.name}`)
    }
    if (node === sender) {
      this.sent++
      if (this.posted < this.plan.messages) this.send()
      if (this.sent < this.plan.messages) this.wait(sender)
    } else {
      this.take(descriptor.immediate, expected)
    }
    if (this.received === this.plan.messages && this.sent === this.plan.messages) this.finished = true
  }

  /** Which receive the next message takes. */
  get nextReceive(): number {
    return this.received % slots[receiver]
  }

  private take(message: number, slot: Slot): void {
    if (message <= this.last) throw new Error(`message ${message} came after ${this.last}`)
    this.last = message
    this.taken[this.nextReceive] = message
    this.received++
    if (this.received === this.plan.messages) return
    this.post(receiver, slot, undefined)
    this.wait(receiver)
  }

  private send(): void {
    const slot = this.sends[this.posted % slots[sender]]
    if (slot) this.post(sender, slot, this.posted++)
  }

  private post(node: NodeIndex, { write, post }: Slot, immediate: number | undefined): void {
    this.call(node, immediate === undefined ? write : { ...write, immediate })
    this.call(node, post)
  }

  private wait(node: NodeIndex): void {
    this.call(node, { operation: node === sender ? 'VipSendWait' : 'VipRecvWait', vi: 'v', timeout: viaInfinite })
  }

  private call(node: NodeIndex, body: CallBody): void {
    this.open++
    this.of(node).push({ node, call: { id: this.id++, thread: 0, body } })
  }

  private of(node: NodeIndex): Offer[] {
    const list = this.offered[node]
    if (!list) throw new Error(`there is no host ${node}`)
    return list
  }
}

const none: readonly Offer[] = []

/** A world around two fresh hosts, without a trace. */
export function viaWorld(): { endpoints: readonly Endpoint[]; world: World } {
  const endpoints = pairOfViaHosts()
  const trace = new Trace()
  trace.enabled = false
  return { endpoints, world: new World(endpoints, { stepped: false, trace }) }
}

/** Runs one stream to its end. Set-up and check are not timed. */
export function runViaStream(
  { endpoints, world }: { endpoints: readonly Endpoint[]; world: World },
  plan: ViaStreamPlan,
  stopwatch: () => number,
): ViaStreamFigures {
  endpoints.forEach((endpoint, node) => endpoint.reset(1 + node))
  const stream = new ViaStream(plan)
  world.begin({ link: { bitsPerSecond: 1e9, delay: 5000 }, faults: [], weather: plan.weather, seed: 42 }, stream)
  expect(world.advance().kind, ['finished'])
  const before = world.fabric.sentBy(sender) + world.fabric.sentBy(receiver)
  stream.begin()
  const start = stopwatch()
  const { kind } = world.advance()
  const seconds = stopwatch() - start
  const mayLose = plan.weather !== undefined && plan.level === 'unreliable'
  // Where messages are lost the receiver waits in vain when all is quiet.
  expect(kind, mayLose ? ['finished', 'stuck'] : ['finished'])
  check(endpoints, stream, plan)
  if (!mayLose && stream.received !== plan.messages) throw new Error(`only ${stream.received} messages arrived`)
  const frames = world.fabric.sentBy(sender) + world.fabric.sentBy(receiver) - before
  return { messages: stream.sent, received: stream.received, frames, seconds }
}

function expect(kind: string, kinds: readonly string[]): void {
  if (!kinds.includes(kind)) throw new Error(`the stream ended with ${kind}`)
}

/** The last message of each receive against the buffer that it was sent from. */
function check(endpoints: readonly Endpoint[], stream: ViaStream, { octets, messages }: ViaStreamPlan): void {
  if (stream.sent !== messages) throw new Error(`only ${stream.sent} sends completed`)
  if (stream.received < messages / 2) throw new Error(`only ${stream.received} messages arrived`)
  stream.taken.forEach((message, slot) => {
    // The next receive may hold a part of a message that was lost.
    if (slot === stream.nextReceive) return
    const from = digest(endpoints[sender], (message % slots[sender]) * octets, octets)
    const to = digest(endpoints[receiver], slot * octets, octets)
    if (from === undefined || from !== to) throw new Error(`message ${message} is not what was sent`)
  })
}

function digest(endpoint: Endpoint | undefined, offset: number, bytes: number): number | undefined {
  let found: number | undefined
  endpoint?.apply({ id: -1, thread: 0, body: { operation: 'memory.digest', at: { buffer: 'data', offset, bytes } } }, 0)
  endpoint?.drain({
    frame: () => undefined,
    event: () => undefined,
    returned: (answer) => {
      if (answer.id === -1) found = answer.digest
    },
  })
  return found
}

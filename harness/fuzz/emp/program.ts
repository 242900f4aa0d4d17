// Turns the moves of a drawn plan into calls of EMP.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import { empAny } from '../../../spec/vocabulary/emp.ts'
import { empDefaults, type Configuration } from '../../../spec/vocabulary/endpoint.ts'
import type { Range } from '../../../spec/vocabulary/memory.ts'
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import { cuttingFor } from '../../judge/emp/cutting.ts'
import type { WireLayout } from '../../plan/layout.ts'
import { pick } from '../drawn.ts'
import { calmAfter, type Program } from '../language.ts'
import type { Plan } from '../plan.ts'
import { crowd } from './crowds.ts'
import type { EmpMove } from './moves.ts'
import { forgery } from './forgery.ts'
import { askedAgainAfter, onRequest, type EmpOption } from './on-request.ts'
import type { BufferName, Room } from './room.ts'
import { Script, type Host } from './script.ts'
import { edgesOf } from './sizes.ts'

/** Nanoseconds that a program may let pass; the longest is enough for more than a hundred retransmissions. */
const pauses = [1_000, 6_000, 20_000, 60_000, 200_000, 450_000, 1_000_000, 4_000_000, 100_000_000] as const

/** Long enough that nothing is in flight any more, unless somebody waits for a receive. */
const regroupPause = 4_000_000

/** Between a message and who probes for it, or takes it. */
const lateness = 100_000

/** So long that frames which were lost have come again, more than once. */
const latenessOfRepeats = 1_000_000

/** Before another message follows: when one without mishaps is through, or one with some. */
const follows = [60_000, 60_000, 60_000, 60_000, 300_000, 700_000, 1_000_000, 2_500_000] as const

/** Octets of a message in memory that is not locked. */
const looseBytes = 40

/** Out of so many plans one is cut short: what must be gone by then must not have to wait for a timeout. */
const cutShortOutOf = 8
const shortly = 250_000

/** Around the ends of the short and the chained format; and at times as many as a page lists, and one more. */
const pieceCounts = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5, 6, 7, 8, 9, 12, 2, 3, 4, 5, 6, 7, 8, 409, 410] as const

type Transfer = Extract<EmpMove, { act: 'transfer' }>
type Announcing = Extract<EmpMove, { act: 'announce' }>
type Reusing = Extract<EmpMove, { act: 'reuse' }>
type Following = Extract<EmpMove, { act: 'follow' }>
type OnHost = Extract<EmpMove, { act: 'configure' | 'misuse' | 'count' }>

/** What must be known to write a program, beside its plan. */
export interface EmpMeans {
  readonly layout: WireLayout
  /** Whether an option of EMP is offered; what needs one that is not is left out. */
  readonly offers: (option: EmpOption) => boolean
}

/** The calls that a plan of EMP stands for. */
export function empProgram(plan: Plan<EmpMove>, configuration: Configuration, means: EmpMeans): Program {
  const program = new EmpProgram(plan.hosts, configuration, means)
  for (const move of plan.moves) program.move(move)
  return program.end(plan.seed % cutShortOutOf === cutShortOutOf - 1)
}

class EmpProgram {
  private readonly script: Script
  private readonly sizes: readonly number[]
  private readonly configuration: Configuration
  private readonly offers: EmpMeans['offers']
  /** Whose counters were read. */
  private readonly counting = new Set<NodeIndex>()

  constructor(hosts: number, configuration: Configuration, { layout, offers }: EmpMeans) {
    this.configuration = configuration
    this.offers = offers
    this.script = new Script(hosts, configuration)
    const page = configuration['emp.page'] ?? empDefaults['emp.page']
    this.sizes = edgesOf(cuttingFor(layout, configuration['wire.mtu'] ?? empDefaults['wire.mtu']), page)
  }

  move(move: EmpMove): void {
    switch (move.act) {
      case 'transfer':
        this.transfer(move)
        return
      case 'send':
      case 'receive':
        this.postOne(move)
        return
      case 'announce':
        this.announce(move)
        return
      case 'reuse':
        this.reuse(move)
        return
      case 'follow':
        this.follow(move)
        return
      case 'withdraw':
        this.withdraw(move)
        return
      case 'receive-any':
        this.receiveAny(move)
        return
      case 'probe':
        if (this.offers('emp.probe')) this.script.call(move.host, this.probe(move))
        return
      case 'test':
      case 'describe':
      case 'wait':
      case 'testall':
      case 'waitany':
      case 'cancel':
      case 'write':
      case 'look':
        onRequest(this.script, move, this.offers)
        return
      case 'configure':
      case 'misuse':
      case 'count':
        this.onHost(this.script.host(move.host), move)
        return
      case 'regroup':
        this.script.pause(regroupPause)
        for (const { node } of this.script.hosts) this.configure(node, move.collection)
        return
      case 'scatter':
        this.scatter(move)
        return
      case 'crowd':
        for (const each of crowd(move, this.descriptors)) this.move(each)
        return
      case 'forge':
        this.script.craft(forgery(move, this.script.hosts.length, this.configuration))
        return
      case 'pause':
        this.script.pause(pick(pauses, move.span))
    }
  }

  /** Lets everything happen that still must, or stops just after the last move. What came of it is asked at the end of every run. */
  end(isCutShort: boolean): Program {
    const timeout = Math.max(
      this.configuration['emp.timeout'] ?? empDefaults['emp.timeout'],
      this.configuration['emp.timeout-cap'] ?? empDefaults['emp.timeout-cap'],
    )
    this.script.pause(isCutShort ? shortly : calmAfter(timeout))
    for (const node of this.counting) this.script.call(node, { operation: 'emp.counters' })
    return this.script.program()
  }

  /** Of each host. */
  private get descriptors(): number {
    return this.configuration['emp.descriptors'] ?? empDefaults['emp.descriptors']
  }

  private onHost(host: Host, move: OnHost): void {
    switch (move.act) {
      case 'configure':
        this.configure(host.node, move.collection)
        return
      case 'misuse':
        this.misuse(host, move.kind)
        return
      case 'count':
        this.count(host.node)
    }
  }

  private count(node: NodeIndex): void {
    if (!this.offers('emp.counters')) return
    this.counting.add(node)
    this.script.call(node, { operation: 'emp.counters' })
  }

  private configure(host: number, collection: number): void {
    this.script.call(host, { operation: 'emp.configure', collection: 1 + (collection % 4) })
  }

  private postOne(move: Extract<EmpMove, { act: 'send' | 'receive' }>): void {
    const { act, size, shape } = move
    const host = this.script.host(move.host)
    const isReceive = act === 'receive'
    this.post(host, { isReceive, ...this.aimed(host, move, isReceive), bytes: pick(this.sizes, size), shape })
  }

  private transfer({ host, peer, tag, size, room, shape, order }: Transfer): void {
    const from = this.script.host(host)
    const to = this.script.host(peer)
    const bytes = pick(this.sizes, size)
    // Most often there is room for just the message; sometimes for less, or for more.
    const roomFor = room === 6 ? bytes >> 1 : room === 7 ? bytes + 5 : bytes
    const send = (): string => this.post(from, { isReceive: false, peer: to.node, tag, bytes, shape })
    const receive = (): string =>
      this.post(to, { isReceive: true, peer: from.node, tag, bytes: roomFor, shape: shape >> 1 })
    if (order % 2 === 0) receive()
    send()
    if (order % 2 === 1) receive()
  }

  private announce({ host, peer, tag, size, shape, second, probes, taken, any }: Announcing): void {
    const from = this.script.host(host)
    const to = this.script.host(peer)
    const otherTag = second === 2 ? tag + 1 : tag
    const send = (sender: Host, of: number, more: number): string =>
      this.post(sender, { isReceive: false, peer: to.node, tag: of, bytes: pick(this.sizes, size + more), shape })
    send(from, tag, 0)
    if (second > 0) send(second === 3 ? this.third(from, to) : from, otherTag, second)
    // After a while, or when what was lost has come again.
    this.script.pause(shape < 8 ? lateness : latenessOfRepeats)
    const named = { host: to.node, peer: from.node, tag, aim: 0 }
    // By the later of these numbers for the second message, though a receive for any may follow.
    const probed = any > 4 ? { ...named, tag: otherTag } : named
    // Messages of two hosts are probed for together.
    const kind = second === 3 && any <= 4 ? 2 * (any % 2) : any
    for (let probe = 0; probe < probes; probe++) this.move({ act: 'probe', ...probed, any: kind })
    if (taken === 1) this.move({ act: 'receive', ...named, size, shape })
    if (taken === 2) this.move({ act: 'receive-any', ...named, size, shape, any: kind % 3 })
  }

  /** A host beside two, or the first of them if there is none. */
  private third(one: Host, other: Host): Host {
    return this.script.hosts.find((host) => host !== one && host !== other) ?? one
  }

  private reuse({ host, peer, tag, size, shape, pattern, span }: Reusing): void {
    const from = this.script.host(host)
    const to = this.script.host(peer)
    const bytes = pick(this.sizes, size)
    const request = this.post(to, { isReceive: true, peer: from.node, tag, bytes, shape })
    const pieces = to.requests.at(-1)?.pieces ?? []
    this.post(from, { isReceive: false, peer: to.node, tag, bytes, shape: 0 })
    this.script.pause(askedAgainAfter)
    this.script.call(to.node, { operation: 'emp.test', request })
    for (const at of pieces)
      this.script.call(to.node, { operation: 'memory.write', at, fill: { kind: 'ramp', seed: pattern } })
    this.script.pause(pick(pauses, span))
    this.script.look(to.node, pieces)
  }

  private follow({ host, peer, tag, size, shape, first, span }: Following): void {
    const from = this.script.host(host)
    const to = this.script.host(peer)
    const bytes = pick(this.sizes, size)
    const kind = first >> 1
    const receive = (as: { peer: NodeIndex; tag: number }, room: number): string =>
      this.post(to, { isReceive: true, ...as, bytes: room, shape: 0 })
    const send = (more: number): string =>
      this.post(from, { isReceive: false, peer: to.node, tag, bytes: pick(this.sizes, size + more), shape })
    const exact = { peer: from.node, tag }
    const wanted = kind === 2 && this.offers('emp.wildcards') ? anyOf(0, exact) : exact
    const received = receive(wanted, kind === 1 ? bytes >> 1 : bytes + 5)
    // Of an odd number: one that is older than the receive that comes into the slot of the first.
    if (first % 2 === 1) receive(exact, bytes + 5)
    const sent = send(0)
    this.script.pause(pick(follows, span))
    if (kind === 3 && this.offers('emp.cancel'))
      this.script.call(to.node, { operation: 'emp.cancel', request: received })
    this.script.call(to.node, { operation: 'emp.test', request: received })
    this.script.call(from.node, { operation: 'emp.test', request: sent })
    receive(exact, pick(this.sizes, size + 1))
    send(1)
  }

  private scatter(move: Extract<EmpMove, { act: 'scatter' }>): void {
    const from = this.script.host(move.host)
    const to = this.script.host(move.peer)
    const [received, sent] = this.scatterOnce(from, to, move)
    if (move.again === 0) return
    // Who has seen both done gives their slots to those that come next.
    this.script.pause(askedAgainAfter)
    this.script.call(to.node, { operation: 'emp.test', request: received })
    this.script.call(from.node, { operation: 'emp.test', request: sent })
    this.scatterOnce(from, to, move)
  }

  /** The names of a receive and of the send for it, both in so many pieces. */
  private scatterOnce(from: Host, to: Host, { tag, pieces }: { tag: number; pieces: number }): [string, string] {
    const count = pick(pieceCounts, pieces)
    const list = (room: Room, buffer: BufferName): Range[] =>
      Array.from({ length: count }, (_, i) => room.take(buffer, 1 + (i % 2), 0)).flat()
    return [
      this.script.posted(to, { isReceive: true, peer: from.node, tag, pieces: list(to.room, 'in') }),
      this.script.posted(from, { isReceive: false, peer: to.node, tag, pieces: list(from.room, 'out') }),
    ]
  }

  private post(
    host: Host,
    what: { isReceive: boolean; peer: NodeIndex; tag: number; bytes: number; shape: number },
  ): string {
    const { isReceive, peer, tag, bytes, shape } = what
    const last = host.requests.at(-1)
    // Now and then where the request before stands as well: two receives for one place, or a message that is passed on.
    const shares = shape === 15 && last !== undefined
    const pieces = shares ? last.pieces : host.room.take(isReceive ? 'in' : 'out', bytes, shape)
    return this.script.posted(host, { isReceive, peer, tag, pieces })
  }

  private receiveAny(move: Extract<EmpMove, { act: 'receive-any' }>): void {
    if (!this.offers('emp.wildcards')) return
    const here = this.script.host(move.host)
    const pieces = here.room.take('in', pick(this.sizes, move.size), move.shape)
    this.script.posted(here, { isReceive: true, ...anyOf(move.any, this.aimed(here, move, true)), pieces })
  }

  private probe(move: Extract<EmpMove, { act: 'probe' }>): CallBody {
    // Seldom for any: what one host sends with one tag is what is most often there.
    const kind = this.offers('emp.wildcards') ? move.any : named
    const wanted = anyOf(kind, this.aimed(this.script.host(move.host), move, true))
    return { operation: 'emp.probe', from: wanted.peer, tag: wanted.tag }
  }

  private withdraw(move: Extract<EmpMove, { act: 'withdraw' }>): void {
    if (!this.offers('emp.cancel')) return
    const { host, size, shape, order, span, delay } = move
    const here = this.script.host(host)
    const bytes = pick(this.sizes, size)
    const other = this.aimed(here, move, true)
    const send = (): string =>
      this.post(this.script.host(other.peer), { isReceive: false, peer: here.node, tag: other.tag, bytes, shape: 0 })
    if (order === 1) send()
    const request = this.post(here, { isReceive: true, ...other, bytes, shape })
    if (delay > 3) this.script.pause(pick(pauses, delay - 4))
    this.script.call(host, { operation: 'emp.cancel', request })
    if (order === 2) send()
    this.script.pause(pick(pauses, span))
    this.script.call(host, { operation: 'emp.test', request })
  }

  /** Who is at the other end, and by which tag: as the move says, or those of something that was posted at the other end. */
  private aimed(
    { node }: Host,
    move: { readonly peer: number; readonly tag: number; readonly aim: number },
    isReceive: boolean,
  ): { peer: NodeIndex; tag: number } {
    const drawnAt = { peer: this.script.host(move.peer).node, tag: move.tag }
    if (move.aim === 0) return drawnAt
    const others = this.script.hosts.flatMap((other) =>
      other.requests.flatMap((each) =>
        each.isReceive !== isReceive && (each.peer === node || each.peer === empAny)
          ? [{ peer: other.node, tag: each.tag === empAny ? move.tag : each.tag }]
          : [],
      ),
    )
    return others.length === 0 ? drawnAt : pick(others, move.peer)
  }

  /** Memory that is not locked, which must be refused, and changes nothing. */
  private misuse(host: Host, kind: number): void {
    const as = this.script.fresh()
    const peer = (host.node + 1) % this.script.hosts.length
    const pieces = host.room.take('loose', looseBytes, 0)
    this.script.call(
      host.node,
      kind % 2 === 0
        ? { operation: 'emp.isend', as, to: peer, tag: 0, pieces }
        : { operation: 'emp.irecv', as, from: peer, tag: 0, pieces },
    )
  }
}

/** From which on nothing is any. */
const named = 3

/** Any node, any tag, any of both, or what was named. */
function anyOf(kind: number, { peer, tag }: { peer: NodeIndex; tag: number }): { peer: NodeIndex; tag: number } {
  return { peer: kind === 0 || kind === 2 ? empAny : peer, tag: kind === 1 || kind === 2 ? empAny : tag }
}

// Turns the moves of a drawn plan into calls of VIPL.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import type { Configuration } from '../../../spec/vocabulary/endpoint.ts'
import type { Duration, NodeIndex } from '../../../spec/vocabulary/units.ts'
import { viaDefaults } from '../../../spec/vocabulary/via-attributes.ts'
import type { Step } from '../../plan/case.ts'
import { joinWithin } from '../../plan/steps.ts'
import { drawn, pick } from '../drawn.ts'
import { calmAfter, type Program } from '../language.ts'
import type { Plan } from '../plan.ts'
import { blunder } from './blunders.ts'
import { DescriptorWriter } from './descriptor-writer.ts'
import { ViaHost } from './host.ts'
import { linkBetween, making, meeting, type Link, type LinkEnd } from './links.ts'
import type { ViaMove } from './moves.ts'
import { withdrawals } from './withdrawals.ts'

/** Nanoseconds that a program may let pass. */
const pauses = [1_000, 6_000, 20_000, 60_000, 250_000, 1_000_000, 6_000_000, 30_000_000] as const

/** Milliseconds that a wait for a completion lasts. */
const waitTimeout = 3

type Transfer = Extract<ViaMove, { act: 'transfer' }>
type Posting = Extract<ViaMove, { size: number }>
type OfLink = Extract<ViaMove, { link: number }>

/** The calls that a plan of VIA stands for. */
export function viaProgram(plan: Plan<ViaMove>, configuration: Configuration): Program {
  const program = new ViaProgram(plan.hosts, configuration)
  for (const move of plan.moves) program.move(move)
  return program.program()
}

class ViaProgram {
  private readonly hosts: readonly ViaHost[]
  private readonly steps: Step[] = []
  private readonly configuration: Configuration
  private readonly descriptors = new DescriptorWriter()
  private readonly made = new Set<string>()
  private connections = 0

  constructor(hosts: number, configuration: Configuration) {
    this.configuration = configuration
    this.hosts = Array.from({ length: hosts }, (_, node) => new ViaHost(node))
  }

  move(move: ViaMove): void {
    switch (move.act) {
      case 'pause':
        this.pause(pick(pauses, move.span))
        return
      case 'transfer':
        this.transfer(move)
        return
      case 'send':
      case 'receive':
        this.post(move, move.act, pick(this.sizes, move.size))
        return
      case 'take':
        this.take(move)
        return
      case 'connect':
        this.connect(this.link(move), this.end(move))
        return
      case 'refuse':
        this.refuse(this.link(move), move.kind)
        return
      case 'disconnect':
        this.callOf(this.end(move), ({ vi }) => ({ operation: 'VipDisconnect', vi }))
        return
      case 'query':
        this.callOf(this.end(move), ({ vi }) => ({ operation: 'VipQueryVi', vi }))
        return
      case 'blunder': {
        const end = this.end(move)
        for (const body of blunder(move, end, { host: this.host(end.node), writer: this.descriptors }))
          this.call(end.node, body)
        return
      }
      case 'withdraw':
        this.callOf(this.end(move), (end) => pick(withdrawals, move.kind)(end))
    }
  }

  /** The hosts begin before all else: by now it is known what memory they need. */
  program(): Program {
    this.pause(calmAfter(this.configuration['via.connection-timeout'] ?? viaDefaults['via.connection-timeout']))
    const first = this.hosts.flatMap((host) => host.beginning().map((body) => callStep(host.node, body)))
    return { memory: this.hosts.flatMap((host) => host.buffers()), steps: [...first, ...this.steps] }
  }

  /** Message sizes around the ends of frames, the simplest first. */
  private get sizes(): readonly number[] {
    const mtu = this.configuration['wire.mtu'] ?? viaDefaults['wire.mtu']
    return [8, 1, 0, 64, 500, mtu - 48, mtu - 32, mtu - 24, mtu - 16, mtu, mtu + 1, 2 * mtu - 40, 2 * mtu, 1700]
  }

  private transfer(move: Transfer): void {
    const bytes = pick(this.sizes, move.size)
    const room = move.room === 6 ? bytes >> 1 : move.room === 7 ? bytes + 5 : bytes
    const receive = (): void => this.post({ ...move, host: move.peer, peer: move.host }, 'receive', room)
    if (move.order !== 1) receive()
    this.post(move, 'send', bytes)
    if (move.order === 1) receive()
  }

  private post(move: Posting, what: 'send' | 'receive', bytes: number): void {
    const end = this.end(move)
    const host = this.host(end.node)
    const { shape, immediate } = move
    const written = this.descriptors.write(host, what, { bytes, shape, immediate: immediate === 7 })
    const operation = what === 'send' ? 'VipPostSend' : 'VipPostRecv'
    this.call(end.node, written)
    this.call(end.node, { operation, vi: end.vi, descriptor: written.as, memory: 'pool' })
  }

  private take(move: Extract<ViaMove, { act: 'take' }>): void {
    const end = this.end(move)
    const body = taking(end, move.queue % 3, move.waits === 3)
    if (move.waits === 3) this.start(end.node, body)
    else this.call(end.node, body)
  }

  /** The VIs of a link, made and connected the first time. */
  private link({ host, peer, link: number }: Pick<OfLink, 'host' | 'peer' | 'link'>): Link {
    const count = this.hosts.length
    const one = host % count
    const other = peer % count === one ? (one + 1) % count : peer % count
    const link = linkBetween(one, other, number)
    const key = `${link.client.node} ${link.client.vi}`
    if (this.made.has(key)) return link
    this.made.add(key)
    for (const end of [link.client, link.server]) for (const body of making(end, number)) this.call(end.node, body)
    this.connect(link, link.client)
    return link
  }

  /** The end of a link that the move is about. */
  private end(move: Pick<OfLink, 'host' | 'peer' | 'link'>): LinkEnd {
    const { client, server } = this.link(move)
    return move.host % this.hosts.length === client.node ? client : server
  }

  private connect(link: Link, asking: LinkEnd): void {
    const turned = asking === link.server ? { client: link.server, server: link.client } : link
    const { waits, asks, accepts } = this.meet(turned)
    const waiting = this.start(turned.server.node, waits)
    const asked = this.start(turned.client.node, asks)
    this.join(waiting)
    this.call(turned.server.node, accepts)
    this.join(asked)
  }

  private refuse(link: Link, kind: number): void {
    const { waits, asks, rejects } = this.meet(link)
    const waiting = kind === 0 ? undefined : this.start(link.server.node, waits)
    const asked = kind === 1 ? undefined : this.start(link.client.node, asks)
    if (waiting !== undefined) this.join(waiting)
    if (kind === 2) this.call(link.server.node, rejects)
    if (asked !== undefined) this.join(asked)
  }

  private meet(link: Link): ReturnType<typeof meeting> {
    const place = ++this.connections
    return meeting(link, `c${place}`, place)
  }

  private callOf(end: LinkEnd, body: (end: LinkEnd) => CallBody): void {
    this.call(end.node, body(end))
  }

  /** On a thread of its own, which nobody else uses; the label of the call. */
  private start(node: NodeIndex, body: CallBody): string {
    const thread = ++this.host(node).waiting
    const label = `w${node}-${thread}`
    this.steps.push({ kind: 'call', node, thread, body, label, start: true, position: drawn })
    return label
  }

  private join(label: string): void {
    this.steps.push({ kind: 'join', label, within: joinWithin, position: drawn })
  }

  private pause(by: Duration): void {
    this.steps.push({ kind: 'advance', by, position: drawn })
  }

  private call(node: NodeIndex, body: CallBody): void {
    this.steps.push(callStep(node, body))
  }

  private host(node: NodeIndex): ViaHost {
    return pick(this.hosts, node)
  }
}

function callStep(node: NodeIndex, body: CallBody): Step {
  return { kind: 'call', node, thread: 0, body, start: false, position: drawn }
}

/** `queue`: 0 the send queue, 1 the receive queue, 2 the completion queue if there is one. */
function taking({ vi, cq }: LinkEnd, queue: number, waits: boolean): CallBody {
  const timeout = waitTimeout
  if (queue === 2 && cq !== null)
    return waits ? { operation: 'VipCQWait', cq, timeout } : { operation: 'VipCQDone', cq }
  if (queue === 0) return waits ? { operation: 'VipSendWait', vi, timeout } : { operation: 'VipSendDone', vi }
  return waits ? { operation: 'VipRecvWait', vi, timeout } : { operation: 'VipRecvDone', vi }
}

// A drawn program of EMP while it is written: its hosts with what they have posted, and the steps so far.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import { empDefaults, type Configuration } from '../../../spec/vocabulary/endpoint.ts'
import { memoryReadMax, type Range } from '../../../spec/vocabulary/memory.ts'
import type { Duration, NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { CraftStep, Step } from '../../plan/permutation.ts'
import { drawn, pick } from '../drawn.ts'
import type { Program } from '../language.ts'
import { Room } from './room.ts'

/** A request as the program knows it. */
export interface Posted {
  readonly name: string
  readonly isReceive: boolean
  readonly peer: NodeIndex
  readonly tag: number
  readonly pieces: readonly Range[]
}

export interface Host {
  readonly node: NodeIndex
  readonly room: Room
  readonly requests: Posted[]
  /** Threads of calls that may stay open, so far. */
  threads: number
}

export class Script {
  readonly hosts: readonly Host[]
  private readonly steps: Step[] = []
  /** Addresses take time, so that postings stay open meanwhile. */
  private readonly translates: boolean
  private requests = 0

  constructor(hosts: number, configuration: Configuration) {
    this.translates = (configuration['emp.translation'] ?? 0) > 0
    const page = configuration['emp.page'] ?? empDefaults['emp.page']
    this.hosts = Array.from({ length: hosts }, (_, node) => ({
      node,
      room: new Room(node, page),
      requests: [],
      threads: 0,
    }))
  }

  host(place: number): Host {
    return pick(this.hosts, place)
  }

  /** A name that no request has. */
  fresh(): string {
    return `q${++this.requests}`
  }

  /** Posts a request, and returns its name. */
  posted(host: Host, what: Omit<Posted, 'name'>): string {
    const { isReceive, peer, tag, pieces } = what
    const as = this.fresh()
    host.requests.push({ name: as, ...what })
    const body: CallBody = isReceive
      ? { operation: 'emp.irecv', as, from: peer, tag, pieces }
      : { operation: 'emp.isend', as, to: peer, tag, pieces }
    // Where addresses take time, the program does not wait for every other posting.
    if (this.translates && this.requests % 2 === 0) this.open(host, body, 'posts')
    else this.call(host.node, body)
    return as
  }

  /** A thread of its own makes a call that may stay open. */
  open(host: Host, body: CallBody, does: 'waits' | 'posts'): void {
    const thread = ++host.threads
    const label = `${does}-${host.node}-${thread}`
    this.steps.push({ kind: 'call', node: host.node, thread, body, label, start: true, position: drawn })
  }

  call(host: number, body: CallBody): void {
    const { node } = this.host(host)
    this.steps.push({ kind: 'call', node, thread: 0, body, start: false, position: drawn })
  }

  pause(by: Duration): void {
    this.steps.push({ kind: 'advance', by, position: drawn })
  }

  /** The harness puts a frame on the wire. */
  craft(frame: CraftStep): void {
    this.steps.push(frame)
  }

  look(node: NodeIndex, pieces: readonly Range[]): void {
    for (const at of pieces)
      if (at.bytes > 0 && at.bytes <= memoryReadMax) this.call(node, { operation: 'memory.read', at })
  }

  /** What has been written so far, with the memory that it needs. */
  program(): Program {
    return { memory: this.hosts.flatMap(({ room }) => room.buffers()), steps: this.steps }
  }
}

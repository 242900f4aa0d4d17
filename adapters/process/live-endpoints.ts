// Lets endpoints that are told the time run by the real clock: time comes from outside, and wakes and frames come by themselves.
import type { Endpoint, HostAddress, OutputSink } from '../../spec/vocabulary/endpoint.ts'
import type { Instant, NodeIndex } from '../../spec/vocabulary/units.ts'
import type { LiveOutput, TurnInput, TurnOutput } from '../../harness/subject/turn.ts'
import { timerMilliseconds } from './timer.ts'

export interface LiveOptions {
  /** Nanoseconds of a monotonic clock. */
  readonly clock: () => Instant
  /** Takes what the endpoints do. */
  readonly tell: (told: LiveOutput) => void
  /** True: frames go from endpoint to endpoint in here, and nobody sees them. */
  readonly hidesWire: boolean
}

interface Running {
  readonly node: NodeIndex
  readonly endpoint: Endpoint
  readonly sink: OutputSink
  timer: NodeJS.Timeout | undefined
}

export class LiveEndpoints {
  private readonly options: LiveOptions
  private readonly running = new Map<NodeIndex, Running>()
  private byMac = new Map<string, NodeIndex>()
  /** Counts the worlds: what is still on its way in one that has ended arrives nowhere. */
  private world = 0

  constructor(options: LiveOptions) {
    this.options = options
  }

  open(endpoints: ReadonlyMap<NodeIndex, Endpoint>, hosts: readonly HostAddress[]): void {
    this.stop()
    this.running.clear()
    this.byMac = new Map(hosts.map(({ mac, node }) => [mac, node]))
    for (const [node, endpoint] of endpoints)
      this.running.set(node, { node, endpoint, sink: this.sinkOf(node), timer: undefined })
  }

  /** Ends the world: nothing is told of it any more. */
  stop(): void {
    this.world++
    for (const { timer } of this.running.values()) clearTimeout(timer)
  }

  /** What the endpoint `node` does about it is told later, never within this call. */
  give(node: NodeIndex, input: TurnInput): void {
    const running = this.running.get(node)
    if (!running) throw new Error(`no endpoint ${node} is open`)
    this.soon(() => this.act(running, input))
  }

  /** An operation that is not known here. */
  refuse(node: NodeIndex, id: number): void {
    const running = this.running.get(node)
    this.soon(() => running?.sink.returned({ id, status: 'unsupported' }))
  }

  get now(): Instant {
    return this.options.clock()
  }

  private act(running: Running, input: TurnInput): void {
    const { endpoint, sink } = running
    const now = this.options.clock()
    if (input.kind === 'call') endpoint.apply(input.call, now)
    else if (input.kind === 'frame') endpoint.deliver(input.octets, input.octets.length, now)
    else endpoint.wake(now)
    endpoint.drain(sink)
    this.arm(running)
  }

  private arm(running: Running): void {
    clearTimeout(running.timer)
    const { wakeAt } = running.endpoint
    if (wakeAt === undefined) return
    const milliseconds = timerMilliseconds(wakeAt - this.options.clock())
    running.timer = setTimeout(() => this.act(running, { kind: 'wake' }), milliseconds)
  }

  private sinkOf(node: NodeIndex): OutputSink {
    const tell = (output: TurnOutput): void => this.options.tell({ endpoint: node, at: this.options.clock(), output })
    return {
      frame: (borrowed, length) => {
        const octets = borrowed.slice(0, length)
        if (this.options.hidesWire) this.carry(octets)
        else tell({ kind: 'frame', octets })
      },
      returned: (answer) => tell({ kind: 'return', answer }),
      event: (event) => tell({ kind: 'event', event }),
    }
  }

  private carry(octets: Uint8Array): void {
    const destination = this.byMac.get(Buffer.from(octets.subarray(0, 6)).toString('hex'))
    const running = destination === undefined ? undefined : this.running.get(destination)
    if (running) this.soon(() => this.act(running, { kind: 'frame', octets }))
  }

  private soon(act: () => void): void {
    const { world } = this
    setImmediate(() => {
      if (world === this.world) act()
    })
  }
}

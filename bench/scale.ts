// All-to-all traffic in worlds of ever more hosts: what a host costs in memory, and a message in time (E32).
import { makeReferenceEndpoint } from '../adapters/reference/adapter.ts'
import { macOf } from '../harness/fabric/address.ts'
import { Trace } from '../harness/result/trace.ts'
import type { Offer, Script } from '../harness/run/script.ts'
import { World } from '../harness/run/world.ts'
import type { CallBody, Return } from '../spec/vocabulary/calls.ts'
import { empDefaults, type Endpoint } from '../spec/vocabulary/endpoint.ts'
import { remark, row, stopwatch } from './figures.ts'

const messageOctets = 64

/** Every host sends one message to each other, in rounds: in the n-th, to the n-th behind it. */
class AllToAll implements Script {
  limit = Infinity
  finished = false
  private readonly hosts: number
  private pending: Offer[] = []
  private next = 0
  private round = 0
  private id = 0
  private open = 0

  constructor(hosts: number) {
    this.hosts = hosts
    for (let node = 0; node < hosts; node++) for (const as of ['tx', 'rx']) this.call(node, bufferCalled(as))
  }

  offers(): readonly Offer[] {
    if (this.next === this.pending.length && this.open === 0) this.begin()
    const offer = this.pending[this.next]
    return offer ? [offer] : []
  }

  issued(): void {
    this.next++
    this.open++
  }

  returned(node: number, { id, status }: Return): void {
    if (status !== 'ok') throw new Error(`call ${id} of host ${node} answered ${status}`)
    this.open--
  }

  private begin(): void {
    this.pending = []
    this.next = 0
    if (++this.round === this.hosts) {
      this.finished = true
      return
    }
    for (let node = 0; node < this.hosts; node++) {
      const from = (node + this.hosts - this.round) % this.hosts
      this.call(node, { operation: 'emp.irecv', as: 'r', from, tag: 1, pieces: whole('rx') })
    }
    for (let node = 0; node < this.hosts; node++) {
      const to = (node + this.round) % this.hosts
      this.call(node, { operation: 'emp.isend', as: 's', to, tag: 1, pieces: whole('tx') })
      this.call(node, { operation: 'emp.waitall', requests: ['r', 's'] })
    }
  }

  private call(node: number, body: CallBody): void {
    this.pending.push({ node, call: { id: this.id++, thread: 0, body } })
  }
}

function whole(buffer: string): [{ buffer: string; offset: number; bytes: number }] {
  return [{ buffer, offset: 0, bytes: messageOctets }]
}

function bufferCalled(as: string): CallBody {
  const fill = { kind: 'prng', seed: 1 } as const
  return { operation: 'memory.allocate', as, bytes: messageOctets, align: 64, offset: 0, fill, guard: 0, locked: true }
}

function endpointsOf(count: number): readonly Endpoint[] {
  const hosts = Array.from({ length: count }, (_, node) => ({ node, name: `host${node}`, mac: macOf(node) }))
  const configuration = empDefaults
  return hosts.map(({ node }) =>
    makeReferenceEndpoint({ interface: 'emp', node, hosts, configuration, stepped: false, seed: 1 + node }),
  )
}

/** Octets that live, what is not needed any more left out as far as the engine lets go of it. */
function octetsInUse(): number {
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** Prints, for each number of hosts, messages per second and kibibytes per host, when made and after all that traffic. */
export function scaleRows(counts: readonly number[]): void {
  for (const count of counts) {
    const empty = octetsInUse()
    const endpoints = endpointsOf(count)
    const made = octetsInUse() - empty
    const trace = new Trace()
    trace.enabled = false
    const world = new World(endpoints, { stepped: false, trace })
    world.begin({ link: { bitsPerSecond: 1e9, delay: 5000 }, faults: [], seed: 1 }, new AllToAll(count))
    const start = stopwatch()
    const progress = world.advance()
    const seconds = stopwatch() - start
    if (progress.kind !== 'finished') throw new Error(`all-to-all among ${count} hosts ended with ${progress.kind}`)
    const used = octetsInUse() - empty
    // What is asked of them here keeps them from being let go before they are counted.
    if (endpoints.some(({ wakeAt }) => wakeAt !== undefined)) throw new Error('a deadline is armed after all was done')
    row(`all-to-all among ${count} hosts`, [(count * (count - 1)) / seconds], 'messages/s')
    const each = (octets: number): string => `${(octets / count / 1024).toFixed(0)} KiB`
    remark(`${each(made)} a host when made, ${each(used)} after each has sent to each other`)
  }
}

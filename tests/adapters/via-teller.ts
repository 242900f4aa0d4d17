// Tells a story of host calls on two hosts, and keeps everything that their programs see.
import type { CallBody } from '../../spec/vocabulary/calls.ts'
import type { Configuration, Endpoint, EndpointSetting } from '../../spec/vocabulary/endpoint.ts'
import type { ViaNetAddress, ViaViAttributes } from '../../spec/vocabulary/via-attributes.ts'
import type { ViaReliabilityLevel } from '../../spec/vocabulary/via-constants.ts'
import { ViaPair, viAttributes } from '../reference/via-pair.ts'

export type Make = (setting: EndpointSetting) => Endpoint

/** A story, told as what its programs see. */
export type Story = (make: Make) => string

export const ms = 1_000_000

/** An address of host 1. */
export function at(discriminator: string): ViaNetAddress {
  return { host: 1, discriminator }
}

export class Teller extends ViaPair {
  private readonly seen: unknown[] = []
  private labels = 0

  constructor(make: Make, configuration: Configuration = {}, stepped = false) {
    super({ make, configuration, stepped })
  }

  /** All that was seen. */
  get story(): string {
    return JSON.stringify([this.seen, this.events])
  }

  see(...what: readonly unknown[]): this {
    this.seen.push(...what)
    return this
  }

  /** Issues calls that answer at once, and sees what they answer. */
  ask(node: number, ...bodies: readonly CallBody[]): this {
    for (const body of bodies) {
      const given = this.call(node, body)
      this.see(given && (given.vip ?? given.control ?? given.digest ?? given.damaged ?? given.status))
    }
    return this
  }

  /** Opens calls and sees when, within `most` milliseconds, each is answered and how. */
  follow(most: number, ...calls: readonly number[]): this {
    const end = this.now + most * ms
    const open = new Set(calls)
    const look = () => {
      for (const id of open) {
        const given = this.returns.get(id)
        if (!given) continue
        this.see(calls.indexOf(id), Math.round(this.now / ms), given.vip)
        open.delete(id)
      }
    }
    for (look(); open.size > 0 && this.now < end; look()) this.run(this.now + ms / 2)
    return this.see(open.size)
  }

  /** Lets time go by until a call is answered, for a millisecond at most. */
  until(call: number): void {
    for (let i = 0; i < 1000 && this.codeOf(call) === undefined; i++) this.run(this.now + 1000)
  }

  /** Lets time go by. */
  pass(milliseconds: number): this {
    this.run(this.now + milliseconds * ms)
    return this
  }

  vi(node: number, as: string, more: Partial<ViaViAttributes> = {}): this {
    return this.see(this.makeVi(node, as, more))
  }

  attributes(more: Partial<ViaViAttributes> = {}): ViaViAttributes {
    return { ...viAttributes, ...more }
  }

  look(node: number, ...vis: readonly string[]): this {
    return this.ask(node, ...vis.map((vi) => ({ operation: 'VipQueryVi', vi }) as const))
  }

  /** Takes all that a queue hands out. */
  drainQueue(node: number, queue: 'Send' | 'Recv', vi = 'v'): this {
    for (let i = 0; i < 12; i++) {
      const given = this.call(node, { operation: `Vip${queue}Done`, vi })?.vip
      this.see(given)
      if (!given?.descriptor) break
    }
    return this
  }

  drainEntries(node: number, cq = 'cq'): this {
    for (let i = 0; i < 24; i++) {
      const given = this.call(node, { operation: 'VipCQDone', cq })?.vip
      this.see(given)
      if (!given?.entry) break
    }
    return this
  }

  /** The data of a host, a thousand octets at a time. */
  data(node: number): this {
    const digests: unknown[] = []
    for (let offset = 0; offset < 40_000; offset += 1000) digests.push(this.digest(node, offset, 1000))
    return this.see(digests)
  }

  /** Two hosts with VIs that are connected, and completion queues if one likes. */
  meet(level: ViaReliabilityLevel, cq: { send?: string; recv?: string } = {}): this {
    this.prepare(level, cq)
    this.connect()
    return this
  }

  /** Posts receives or sends of these lengths, one behind the other. */
  posts(node: number, queue: 'Send' | 'Recv', ...lengths: readonly number[]): this {
    for (const bytes of lengths) {
      const label = this.labels++
      this.post(node, queue, `${queue}${label}`, { slot: label, offset: (label * 4000) % 40_000, bytes })
    }
    return this
  }

  /** Both ends as they are, with all that they hand out. */
  ends(): this {
    for (const node of [0, 1]) {
      this.look(node, 'v').drainQueue(node, 'Send').drainQueue(node, 'Recv').look(node, 'v')
    }
    return this.data(1)
  }

  leave(node: number, vi = 'v'): this {
    return this.ask(node, { operation: 'VipDisconnect', vi })
  }
}

// The one contract between harness and implementation: push in with the time, drain what came of it.
import type { Call, ProviderEvent, Return } from './calls.ts'
import type { Instant, NodeIndex } from './units.ts'
import { viaDefaults } from './via-attributes.ts'

/** Where `drain` puts what an endpoint did, in the order in which it did it. Octets are borrowed for the call. */
export interface OutputSink {
  /** A frame for the link: octets 0 up to `length`, from the destination MAC to the last octet before the FCS. */
  frame(octets: Uint8Array, length: number): void
  returned(answer: Return): void
  event(event: ProviderEvent): void
}

/** One host with its NIC. It reads no clock and opens no socket: it is told the time and says when to be woken. */
export interface Endpoint {
  /** The host program calls. May enqueue output, change `wakeAt` and what is runnable. */
  apply(call: Call, now: Instant): void
  /** The link hands over a frame whose FCS was right: octets 0 up to `length`, borrowed. Effects as `apply`. */
  deliver(octets: Uint8Array, length: number, now: Instant): void
  /** `wakeAt` has come. A spurious wake is harmless. Effects as `apply`. */
  wake(now: Instant): void
  /** Hands out, in order, all that was done since the last drain. Unless stepped, runs all runnable activities first. */
  drain(sink: OutputSink): void
  /** The earliest armed deadline; nothing happens before it unless called. Undefined: quiet. */
  readonly wakeAt: Instant | undefined
  /** Fresh again, as after `open` with this seed, without new buffers. */
  reset(seed: number): void
  /** Stepped only: how many internal activities could go next, which they are, and running one of them. */
  readonly runnableCount: number
  activity(index: number): number
  run(activity: number, now: Instant): void
}

/** The interfaces that a host program can call, as PICS and suites spell them. */
export const interfaceNames = ['emp', 'via'] as const
export type InterfaceName = (typeof interfaceNames)[number]

/** A configuration key as PICS and suites write it, such as `emp.collection`, and its value. Durations in nanoseconds. */
export type Configuration = Readonly<Record<string, number>>

/** One host of a world. Its `node` is its place in the list of hosts. */
export interface HostAddress {
  readonly node: NodeIndex
  readonly name: string
  /** Six octets as twelve lower-case hexadecimal digits. */
  readonly mac: string
}

/** What an endpoint is told when its world is made. */
export interface EndpointSetting {
  /** The interface that its host program calls: the same at every host of a world. */
  readonly interface: InterfaceName
  readonly node: NodeIndex
  /** Every host of the world, itself included, by node. */
  readonly hosts: readonly HostAddress[]
  readonly configuration: Configuration
  /** True: internal activities run only when the harness says so. */
  readonly stepped: boolean
  readonly seed: number
}

/** Keys and defaults of EMP's configuration (R1, R2, R20, R22, R23, R27, R28). */
export const empDefaults = {
  'emp.collection': 3,
  'emp.window': 4, // collections in flight for each message
  'emp.timeout': 800_000,
  'emp.timeout-cap': 100_000_000,
  'emp.retries': 0, // how often a collection is sent again before its peer is given up; 0: without limit
  'emp.first-message': 0,
  'emp.descriptors': 640,
  'emp.page': 4096,
  'emp.translation': 0, // what it costs a posting to have the address of one page translated
  'emp.burst': 20, // words of a descriptor written at once: all, also of the longest chain
  'wire.mtu': 1500,
} as const

/** Keys and defaults of each interface; `wire.mtu` belongs to both. */
export const interfaceDefaults: Readonly<Record<InterfaceName, Configuration>> = { emp: empDefaults, via: viaDefaults }

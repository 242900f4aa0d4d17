// Serves an implementation over the adapter protocol, on this process' standard input and output.
import { Console } from 'node:console'
import { localAdapter } from '../../adapters/local.ts'
import { servePeer } from '../../adapters/process/peer.ts'
import type { PicsValue } from '../../harness/subject/pics.ts'
import type { Endpoint, EndpointSetting, InterfaceName } from '../../spec/vocabulary/endpoint.ts'

/** Who the implementation is, what it declares, and how one of its endpoints is made. */
export interface AdapterDescription {
  /** Of the implementation, not of the adapter. */
  readonly name: string
  readonly version: string
  readonly vendor: string
  /** What host programs can call; at least one. */
  readonly interfaces: readonly InterfaceName[]
  /** The implementation is told the time. This SDK knows no other clock. */
  readonly clock: 'virtual'
  /** `frames`: the harness is the wire, so that frames come out through `frame` and in through `deliver`. `none`: it is hidden. */
  readonly wire: 'frames' | 'none'
  /** The layout of the frames, such as `emp-1`. */
  readonly profile?: string
  /** Options of spec/pics by name; one that is absent is false. */
  readonly options: Readonly<Record<string, boolean>>
  /** Limits and settings of spec/pics by key; a key that is absent is not known. Durations are in nanoseconds. */
  readonly values: Readonly<Record<string, PicsValue>>
  /**
   * How many worlds can be open at once; one unless given. With more a run is faster, since the harness asks of one world
   * while it judges another. All that a world knows must then hang on its endpoints: nothing in variables of a module.
   */
  readonly worlds?: number
  /** A fresh endpoint: one host of a new world, with its NIC. */
  readonly endpoint: (setting: EndpointSetting) => Endpoint
}

/**
 * Answers requests until the harness asks to close or the input ends. Standard output belongs to the protocol from here
 * on: what `console` and `process.stdout` are told goes to standard error.
 */
export async function serveAdapter(description: AdapterDescription): Promise<void> {
  const { name, version, vendor, worlds = 1, endpoint: make, ...pics } = description
  const adapter = localAdapter({ name, identity: { name, version, vendor }, pics, isReference: false, make })
  const output = process.stdout
  Object.defineProperty(process, 'stdout', { value: process.stderr, configurable: true })
  globalThis.console = new Console(process.stderr)
  await servePeer(adapter, process.stdin, output, { worlds })
}

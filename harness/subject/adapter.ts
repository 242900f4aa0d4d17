// What the harness needs of an adapter, whether it lives in this process or in another.
import type { Endpoint, EndpointSetting } from '../../spec/vocabulary/endpoint.ts'
import type { Duration, NodeIndex } from '../../spec/vocabulary/units.ts'
import type { Incident } from './incident.ts'
import type { Pics } from './pics.ts'
import type { Sharing } from './sharing.ts'
import type { LiveOutput, Turn, TurnAnswer, TurnInput } from './turn.ts'

/** Who the implementation under test is, in its own words. */
export interface Identity {
  readonly name: string
  readonly version: string
  readonly vendor: string
}

/** Opened endpoints: objects to call, in the order of the settings, or what speaks for those of another process. */
export type OpenedHosts = { readonly kind: 'local'; readonly endpoints: readonly Endpoint[] } | FarHosts

/** Endpoints of another process: those that are told the time, or those that go by a clock of their own. */
export type FarHosts =
  { readonly kind: 'remote'; readonly far: RemoteHosts } | { readonly kind: 'live'; readonly far: LiveHosts }

/** Endpoints in another process. Every promise may reject with an `AdapterFailure`, and with nothing else. */
export interface RemoteHosts {
  /** False once another world has taken the place of theirs, or their process has ended: they cannot be made fresh again. */
  readonly isOpen: boolean
  /**
   * Sends turns together and gives their answers, in order. Gives fewer answers if something failed after these; the next
   * exchange then rejects with it.
   */
  exchange(turns: readonly Turn[]): Promise<readonly TurnAnswer[]>
  /** Makes every endpoint fresh again; each seed as in `EndpointSetting`. Goes out with the next exchange, which tells if it failed. */
  reset(seeds: readonly { readonly node: NodeIndex; readonly seed: number }[]): void
  close(): Promise<void>
}

/** Endpoints in another process that go by a clock of their own. Every promise may reject with an `AdapterFailure`. */
export interface LiveHosts {
  /** As that of `RemoteHosts`. */
  readonly isOpen: boolean
  /** Hands over one input; resolves when it was taken. */
  give(node: NodeIndex, input: TurnInput): Promise<void>
  /** What was told since the last time, in order; waits for it if it is nothing, but not longer than so many nanoseconds. */
  hear(within: Duration): Promise<readonly LiveOutput[]>
  /** As that of `RemoteHosts`, at once. What the world before told is forgotten. */
  reset(seeds: readonly { readonly node: NodeIndex; readonly seed: number }[]): Promise<void>
  close(): Promise<void>
}

export interface Adapter {
  /** As the user named it: `reference`, `mutant:NAME`, a command line. */
  readonly name: string
  readonly identity: Identity
  readonly pics: Pics
  /** True for the reference, on whatever device and with whatever options: then a mixed run would only repeat the pure one. */
  readonly isReference: boolean
  /** Endpoints of a fresh world. May reject with an `AdapterFailure`; in another process the first exchange may do so instead. */
  open(settings: readonly EndpointSetting[]): Promise<OpenedHosts>
  /** By a clock of its own: how long a call of a host program may stay open, beside the time that it is told to wait itself. */
  readonly callWithin?: Duration
  /** What carries its endpoints where one world after the other is opened in the same; absent where every world is fresh. */
  readonly carrier?: Carrier
  close(): Promise<void>
}

/** A process that hosts world after world, or several at once. */
export interface Carrier {
  /** No world was opened in it yet, and no other adapter has one in it. */
  readonly isFresh: boolean
  /** Ends it, so that the next world is opened in a fresh one. */
  renew(): Promise<void>
  /** Why no world can be opened in it any more, in words; undefined as long as one may. Absent where one always may. */
  whyGone?(): Promise<string | undefined>
  /** How much memory it holds just now; undefined where that cannot be told. Looking takes some milliseconds. */
  heldMemory?(): HeldMemory | undefined
  /** How many worlds of it can be open at once; absent for one. */
  readonly worldsMax?: number
  /**
   * The same adapter again, so many times, whose worlds are open beside those of the first, in the same process; the same
   * objects each time. Present if `worldsMax` is above one, which they and the first do not exceed.
   */
  readonly beside?: (count: number) => readonly Adapter[]
  /** Who plays in it just now. Present if `worldsMax` is above one. */
  readonly sharing?: Sharing
}

export interface HeldMemory {
  /** Counts the processes that were started one after the other: another number, another process. */
  readonly start: number
  readonly octets: number
}

/** What went wrong between harness and adapter, and what it is called in a verdict. */
export type AdapterTrouble =
  | 'start' // could not be started, or greeted wrongly: nothing can be judged
  | 'crash' // exit, signal, closed pipe, throw
  | 'hang' // no answer within the budget
  | 'protocol' // a line that is no protocol line, or an answer that answers nothing

export class AdapterFailure extends Error {
  override readonly name = 'AdapterFailure'
  readonly trouble: AdapterTrouble
  /** The last lines that the process wrote to stderr. */
  readonly stderr: string
  /** Present if it may be about another world of the process. */
  readonly incident: Incident | undefined

  constructor(trouble: AdapterTrouble, message: string, stderr = '', incident?: Incident) {
    super(message)
    this.trouble = trouble
    this.stderr = stderr
    this.incident = incident
  }
}

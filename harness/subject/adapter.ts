// What the harness needs of an adapter, whether it lives in this process or in another.
import type { Endpoint, EndpointSetting } from '../../spec/vocabulary/endpoint.ts'
import type { NodeIndex } from '../../spec/vocabulary/units.ts'
import type { Pics } from './pics.ts'
import type { Turn, TurnAnswer } from './turn.ts'

/** Who the implementation under test is, in its own words. */
export interface Identity {
  readonly name: string
  readonly version: string
  readonly vendor: string
}

/** Opened endpoints, in the order of the settings: either objects to call, or the far side of an exchange. */
export type OpenedHosts =
  | { readonly kind: 'local'; readonly endpoints: readonly Endpoint[] }
  | { readonly kind: 'remote'; readonly far: RemoteHosts }

/** Endpoints in another process. Every promise may reject with an `AdapterFailure`, and with nothing else. */
export interface RemoteHosts {
  /**
   * Sends turns together and gives their answers, in order. Gives fewer answers if something failed after these; the next
   * exchange then rejects with it.
   */
  exchange(turns: readonly Turn[]): Promise<readonly TurnAnswer[]>
  /** Makes every endpoint fresh again; each seed as in `EndpointSetting`. Goes out with the next exchange, which tells if it failed. */
  reset(seeds: readonly { readonly node: NodeIndex; readonly seed: number }[]): void
  close(): Promise<void>
}

export interface Adapter {
  /** As the user named it: `reference`, `mutant:NAME`, a command line. */
  readonly name: string
  readonly identity: Identity
  readonly pics: Pics
  /** True for the reference as it is: then a mixed run would only repeat the pure one. */
  readonly isReference: boolean
  /** Endpoints of a fresh world. May reject with an `AdapterFailure`. */
  open(settings: readonly EndpointSetting[]): Promise<OpenedHosts>
  close(): Promise<void>
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

  constructor(trouble: AdapterTrouble, message: string, stderr = '') {
    super(message)
    this.trouble = trouble
    this.stderr = stderr
  }
}

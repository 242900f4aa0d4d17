// A host of another process as the engine sees it: told something, it has to be asked, and it is known by its last answer.
import type { Call } from '../../spec/vocabulary/calls.ts'
import type { Instant, NodeIndex } from '../../spec/vocabulary/units.ts'
import type { TurnAnswer, TurnInput } from '../subject/turn.ts'
import type { Exchanges } from './exchanges.ts'

export class RemotePort {
  readonly kind = 'remote'
  wakeAt: Instant | undefined
  private runnable: readonly number[] = []
  private readonly node: NodeIndex
  private readonly exchanges: Exchanges

  constructor(node: NodeIndex, exchanges: Exchanges) {
    this.node = node
    this.exchanges = exchanges
  }

  clear(): void {
    this.wakeAt = undefined
    this.runnable = []
  }

  get runnableCount(): number {
    return this.runnable.length
  }

  activity(place: number): number {
    return this.runnable[place] ?? 0
  }

  apply(call: Call, now: Instant): void {
    this.ask({ kind: 'call', call }, now)
  }

  deliver(octets: Uint8Array, length: number, now: Instant): void {
    this.ask({ kind: 'frame', octets: octets.slice(0, length) }, now)
  }

  wake(now: Instant): void {
    this.ask({ kind: 'wake' }, now)
  }

  run(activity: number, now: Instant): void {
    this.ask({ kind: 'run', activity }, now)
  }

  answered({ wakeAt, runnable }: TurnAnswer): void {
    this.wakeAt = wakeAt ?? undefined
    this.runnable = runnable ?? []
  }

  private ask(input: TurnInput, now: Instant): void {
    this.exchanges.ask([{ now, endpoint: this.node, inputs: [input] }])
  }
}

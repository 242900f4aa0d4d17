// Endpoints that do what a test says, an adapter of them, and permutations to run against them.
import type { Permutation, Step } from '../../harness/plan/permutation.ts'
import type { Trace } from '../../harness/result/trace.ts'
import type { Adapter } from '../../harness/subject/adapter.ts'
import { referencePics } from '../../adapters/reference/pics.ts'
import type { Call, CallBody, ProviderEvent, Return } from '../../spec/vocabulary/calls.ts'
import type { Endpoint, EndpointSetting, OutputSink } from '../../spec/vocabulary/endpoint.ts'

/** What a puppet does when something is pushed into it; unless said, it answers `ok` and lies still. */
export interface Habits {
  readonly onCall?: (puppet: Puppet, call: Call, now: number) => void
  readonly onFrame?: (puppet: Puppet, octets: Uint8Array, now: number) => void
  readonly onWake?: (puppet: Puppet, now: number) => void
  readonly onRun?: (puppet: Puppet, activity: number, now: number) => void
}

export class Puppet implements Endpoint {
  wakeAt: number | undefined
  /** What could go next, stepped or not. */
  readonly activities: number[] = []
  readonly node: number
  readonly stepped: boolean
  private readonly habits: Habits
  private readonly outputs: ((sink: OutputSink) => void)[] = []

  constructor(habits: Habits = {}, { node, stepped }: Pick<EndpointSetting, 'node' | 'stepped'>) {
    this.habits = habits
    this.node = node
    this.stepped = stepped
  }

  answer(id: number, more: Partial<Return> = {}): void {
    this.outputs.push((sink) => sink.returned({ id, status: 'ok', ...more }))
  }

  send(octets: Uint8Array): void {
    this.outputs.push((sink) => sink.frame(octets, octets.length))
  }

  /** Tells that a request is done. */
  tell(request: string): void {
    this.outputs.push((sink) => sink.event({ event: 'emp.completion', ...completion(request) }))
  }

  apply(call: Call, now: number): void {
    if (this.habits.onCall) this.habits.onCall(this, call, now)
    else this.answer(call.id)
  }

  deliver(octets: Uint8Array, length: number, now: number): void {
    this.habits.onFrame?.(this, octets.slice(0, length), now)
  }

  wake(now: number): void {
    this.wakeAt = undefined
    this.habits.onWake?.(this, now)
  }

  drain(sink: OutputSink): void {
    if (!this.stepped) for (const activity of this.activities.splice(0)) this.habits.onRun?.(this, activity, 0)
    for (const output of this.outputs.splice(0)) output(sink)
  }

  reset(): void {
    this.wakeAt = undefined
    this.activities.length = this.outputs.length = 0
  }

  get runnableCount(): number {
    return this.activities.length
  }

  activity(index: number): number {
    return this.activities[index] ?? -1
  }

  run(activity: number, now: number): void {
    this.activities.splice(this.activities.indexOf(activity), 1)
    this.habits.onRun?.(this, activity, now)
  }
}

export function completion(request: string): NonNullable<Return['completions']>[number] {
  return { request, outcome: 'done', bytes: 0, peer: 1, tag: 5 }
}

/** An adapter whose endpoints are puppets; it claims what the reference claims. */
export function puppets(habits: Habits, more: Partial<Adapter> = {}): Adapter {
  return {
    name: 'puppets',
    identity: { name: 'puppets', version: '1', vendor: 'viaduct' },
    pics: referencePics,
    isReference: false,
    open: async (settings) => ({ kind: 'local', endpoints: settings.map((setting) => new Puppet(habits, setting)) }),
    close: async () => undefined,
    ...more,
  }
}

export const position = { file: 'suites/emp/made.yaml', line: 3, column: 9 }

/** A call as a step: host, what it asks, and a name for it, if any. */
export function ask(
  node: number,
  body: CallBody = { operation: 'emp.counters' },
  more: { label?: string; start?: boolean; thread?: number } = {},
): Extract<Step, { kind: 'call' }> {
  return { kind: 'call', node, thread: 0, body, start: false, position, ...more }
}

/** A call that is told from others by its word. */
export function test(word: string): CallBody {
  return { operation: 'emp.test', request: word }
}

/** A permutation with these steps on two hosts, of which nothing is expected. */
export function permutation(steps: readonly Step[], more: Partial<Permutation> = {}): Permutation {
  const name = more.case ?? 'made'
  return {
    name: `emp.made/${name}/roles=iut-iut`,
    suite: 'emp.made',
    case: name,
    title: 'Made by hand',
    interface: 'emp',
    class: 'core',
    axes: {},
    roles: 'iut-iut',
    hosts: [
      { name: 'left', role: 'iut' },
      { name: 'right', role: 'iut' },
    ],
    seed: 1,
    configuration: { 'wire.mtu': 1500 },
    link: { bitsPerSecond: 1e9, delay: 1000 },
    memory: [],
    faults: [],
    steps,
    outcomes: [{ name: 'only', label: 'conformant', expectations: [] }],
    proves: [],
    position,
    ...more,
  }
}

/** A trace as lines that a test can compare: time, host, what happened. */
export function linesOf(trace: Trace): string[] {
  return Array.from({ length: trace.length }, (_, record) => {
    const about = [trace.time(record), trace.node(record), trace.kind(record)]
    return [...about, ...detailOf(trace, record)].join(' ')
  })
}

function detailOf(trace: Trace, record: number): readonly (string | number)[] {
  switch (trace.kind(record)) {
    case 'call':
      return [wordOf(trace.callOf(record)?.body)]
    case 'returned':
      return [trace.returnOf(record)?.id ?? '', trace.returnOf(record)?.status ?? '']
    case 'event':
      return [toldOf(trace.eventOf(record))]
    case 'sent':
    case 'crafted':
    case 'arrived':
    case 'lost':
      return [`#${trace.frameOf(record)}`]
    case 'fate':
      return [`#${trace.frameOf(record)}`, trace.fateOf(record)?.fate ?? '']
    case 'ran':
    case 'step':
      return [trace.detail(record)]
    case 'deadline':
      return [trace.amount(record)]
    case 'woken':
      return []
  }
}

/** The request that an event is about, or else its name. */
function toldOf(event: ProviderEvent | undefined): string {
  if (event === undefined) return ''
  return 'request' in event ? event.request : event.event
}

/** The request that a call is about, or else its operation. */
export function wordOf(body: CallBody | undefined): string {
  if (body === undefined) return ''
  return 'request' in body ? body.request : body.operation
}

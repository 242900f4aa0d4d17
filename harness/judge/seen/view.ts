// Everything that expectations, proofs and monitors look at: one trace, indexed, and the permutation that made it.
import { empDefaults } from '../../../spec/vocabulary/endpoint.ts'
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { Permutation } from '../../plan/permutation.ts'
import type { RecordLayout, WireLayout } from '../../plan/layout.ts'
import { numberCalls } from '../../plan/numbering.ts'
import { onceFor } from '../../plan/once-for.ts'
import type { Pics } from '../../subject/pics.ts'
import type { Trace } from '../../result/trace.ts'
import { cuttingFor, type Cutting } from '../emp/cutting.ts'
import { EmpStory } from '../emp/story.ts'
import { History, type CallSeen } from './history.ts'
import { messageTable, type MessageTable } from './messages.ts'
import { oracleOf } from '../oracle/of-interface.ts'
import type { Oracle } from '../oracle/pronounce.ts'

export interface View {
  readonly permutation: Permutation
  readonly trace: Trace
  readonly layout: WireLayout
  readonly macs: readonly string[]
  readonly history: History
  readonly messages: MessageTable
  readonly cutting: Cutting
  readonly labels: ReadonlyMap<string, CallSeen>
  /** False when frames are hidden, or were too many to be kept: what went over the wire is then unknown. */
  readonly isWireKnown: boolean
  /** False by a real clock: that something took long may then be anybody's fault. */
  readonly isTimeExact: boolean
  /** How many orders of the case's races were run. */
  readonly orders: number
  /** The descriptor as the spec lays it out; without it no descriptor can be judged. */
  readonly descriptor: RecordLayout | undefined
  /** What the implementation declares; without it no model can be made. */
  readonly pics: Pics | undefined
  /** What became of EMP's requests and messages; put together when it is first asked for. */
  readonly emp: EmpStory
  /** The model of the interface, at the beginning of this run; undefined: there is none. It stands until it begins again. */
  beginOracle(): Oracle | undefined
}

/** What a view is made from. */
export interface ViewInput {
  readonly permutation: Permutation
  readonly trace: Trace
  readonly layout: WireLayout
  /** The MAC address of every host, by node, in hexadecimal digits. */
  readonly macs: readonly string[]
  /** What the implementation declares; unless given, frames are known and the clock is virtual. */
  readonly pics?: Pics
  readonly orders?: number
  readonly descriptor?: RecordLayout
  /** The model to ask; that of the interface unless given. */
  readonly oracle?: Oracle
}

export function viewOf(input: ViewInput): View {
  return new TraceView(input)
}

class TraceView implements View {
  readonly permutation: Permutation
  readonly trace: Trace
  readonly layout: WireLayout
  readonly macs: readonly string[]
  readonly history: History
  readonly messages: MessageTable
  readonly cutting: Cutting
  readonly labels: ReadonlyMap<string, CallSeen>
  readonly isWireKnown: boolean
  readonly isTimeExact: boolean
  readonly orders: number
  readonly descriptor: RecordLayout | undefined
  readonly pics: Pics | undefined
  private story: EmpStory | undefined
  private readonly given: Oracle | undefined

  constructor(input: ViewInput) {
    const { permutation, trace, layout, macs } = input
    this.permutation = permutation
    this.trace = trace
    this.layout = layout
    this.macs = macs
    this.history = new History({ layout, macs })
    this.history.catchUp(trace)
    this.messages = messageTable(this.history)
    this.cutting = cuttingFor(layout, permutation.configuration['wire.mtu'] ?? empDefaults['wire.mtu'])
    this.labels = labelled(permutation, this.history)
    this.isWireKnown = input.pics?.wire !== 'none' && !trace.truncated
    this.isTimeExact = input.pics?.clock !== 'real'
    this.orders = input.orders ?? 1
    this.descriptor = input.descriptor
    this.pics = input.pics
    this.given = input.oracle
  }

  get emp(): EmpStory {
    const { history, messages, layout, permutation } = this
    const { configuration } = permutation
    return (this.story ??= new EmpStory({ history, messages, configuration, ids: idCount(layout) }))
  }

  beginOracle(): Oracle | undefined {
    const { given, permutation, pics } = this
    given?.begin(permutation)
    return given ?? (pics && oracleOf(permutation, pics))
  }
}

/** The calls of a case that have a label, by it. */
function labelled(permutation: Permutation, { callById }: History): ReadonlyMap<string, CallSeen> {
  const labels = new Map<string, CallSeen>()
  for (const [label, id] of numberCalls(permutation).ofLabel) {
    const call = callById.get(id)
    if (call) labels.set(label, call)
  }
  return labels
}

export function hostName(view: View, node: NodeIndex | undefined): string {
  return node === undefined ? 'nobody' : (view.permutation.hosts[node]?.name ?? `host ${node}`)
}

/** Whether a host is of the implementation under test, and not the reference beside it. */
export function isTested(view: View, node: NodeIndex): boolean {
  return view.permutation.hosts[node]?.role === 'iut'
}

/** How many message IDs there are before they wrap. */
const idCount: (layout: WireLayout) => number = onceFor((layout) => {
  for (const header of layout.headers) {
    for (const field of header.fields) if (field.name === 'message') return 256 ** field.octets
  }
  return 2 ** 32
})

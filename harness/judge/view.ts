// Everything that expectations, proofs and monitors look at: one trace, indexed, and the permutation that made it.
import type { NodeIndex } from '../../spec/vocabulary/units.ts'
import type { Permutation } from '../plan/case.ts'
import type { RecordLayout, WireLayout } from '../plan/layout.ts'
import { numberCalls } from '../plan/numbering.ts'
import type { Pics } from '../subject/pics.ts'
import type { Trace } from '../result/trace.ts'
import { cuttingFor, type Cutting } from './cutting.ts'
import { History, type CallSeen, type PostedSeen } from './history.ts'
import { messageTable, type MessageSeen, type MessageTable } from './messages.ts'
import { messageKey } from './message-ordinals.ts'

export interface View {
  readonly permutation: Permutation
  readonly trace: Trace
  readonly layout: WireLayout
  readonly macs: readonly string[]
  readonly history: History
  readonly messages: MessageTable
  readonly cutting: Cutting
  readonly labels: ReadonlyMap<string, CallSeen>
  /** The collection size of the whole run; undefined when it is unknown or was changed on the way. */
  readonly collection: number | undefined
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
}

export function viewOf(input: ViewInput): View {
  const { permutation, trace, layout } = input
  const history = new History({ layout, macs: input.macs })
  history.catchUp(trace)
  const labels = new Map<string, CallSeen>()
  for (const [label, id] of numberCalls(permutation).ofLabel) {
    const call = history.callById.get(id)
    if (call) labels.set(label, call)
  }
  const wasConfigured = history.calls.some(({ call }) => call.body.operation === 'emp.configure')
  return {
    permutation,
    trace,
    layout,
    macs: input.macs,
    history,
    messages: messageTable(history),
    cutting: cuttingFor(layout, permutation.configuration['wire.mtu'] ?? 1500),
    labels,
    collection: wasConfigured ? undefined : permutation.configuration['emp.collection'],
    isWireKnown: input.pics?.wire !== 'none' && !trace.truncated,
    isTimeExact: input.pics?.clock !== 'real',
    orders: input.orders ?? 1,
    descriptor: input.descriptor,
    pics: input.pics,
  }
}

export function hostName(view: View, node: NodeIndex | undefined): string {
  return node === undefined ? 'nobody' : (view.permutation.hosts[node]?.name ?? `host ${node}`)
}

/** The collection size in force at `node` when `record` was made. */
export function collectionAt(view: View, node: NodeIndex, record: number): number {
  let size = view.permutation.configuration['emp.collection'] ?? 3
  for (const { node: where, call, answer } of view.history.calls) {
    if (where !== node || call.body.operation !== 'emp.configure') continue
    if (answer && answer.record < record && answer.content.status === 'ok') size = call.body.collection
  }
  return size
}

/** Accepted sends of one host to another, in posting order, or undefined when posting raced and the order is unknown. */
export function sendsBetween(view: View, from: NodeIndex, to: NodeIndex): readonly PostedSeen[] | undefined {
  return inOrder(
    [...view.history.posted.values()].filter((post) => post.kind === 'send' && post.node === from && post.peer === to),
  )
}

/** Those that were accepted, or undefined when one was posted before another had returned. */
export function inOrder(posts: readonly PostedSeen[]): readonly PostedSeen[] | undefined {
  for (let i = 1; i < posts.length; i++) {
    const before = posts[i - 1]?.call.answer?.record ?? Infinity
    if (before > (posts[i]?.call.record ?? 0)) return undefined
  }
  return posts.filter((post) => post.call.answer?.content.status === 'ok')
}

/** The message that carries a send, when posting order and headers leave no doubt. */
export function messageOfSend(view: View, send: PostedSeen): MessageSeen | undefined {
  const place = sendsBetween(view, send.node, send.peer)?.indexOf(send) ?? -1
  if (place < 0) return undefined
  const id = ((view.permutation.configuration['emp.first-message'] ?? 0) + place) % idCount(view.layout)
  const message = view.messages.byKey.get(messageKey(send.node, send.peer, id))
  const header = message?.header
  return header && header.tag === send.tag && header.total === send.bytes ? message : undefined
}

/** How many message IDs there are before they wrap. */
export function idCount(layout: WireLayout): number {
  for (const header of layout.headers) {
    for (const field of header.fields) if (field.name === 'message') return 256 ** field.octets
  }
  return 2 ** 32
}

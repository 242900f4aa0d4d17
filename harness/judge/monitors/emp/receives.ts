// Invariants of receives: one message each, whole, and in the order of their sender.
import type { NodeIndex } from '../../../../spec/vocabulary/units.ts'
import { requestKey, type CompletionSeen, type PostedSeen } from '../../history.ts'
import { pairKey, type MessageSeen } from '../../messages.ts'
import { hostName, idCount, inOrder, sendsBetween, type View } from '../../view.ts'
import { countWords, timeWords } from '../../words.ts'
import { hasSteadyHeader } from './frames.ts'
import type { Monitor, Watching } from '../monitor.ts'

/** R18: any peer, any tag. */
const wildcard = 0xffff

/** Receives of one host that took messages of one peer with one tag, as first told, in order. */
interface Taken {
  readonly node: NodeIndex
  readonly peer: NodeIndex
  readonly tag: number
  readonly completions: CompletionSeen[]
}

export const atMostOnce: Monitor = {
  name: 'at-most-once',
  words: 'no message completes more than one receive',
  requirements: ['EMP-REL-011'],
  needsWire: true,
  watch(view, watching) {
    const arrived = headersArrived(view)
    for (const { node, peer, tag, completions } of takenBy(view)) {
      const messages =
        peer === node
          ? [...view.history.posted.values()].filter((each) => isSelfSend(each, node, tag)).length
          : (arrived.get(`${pairKey(peer, node)}/${tag}`)?.size ?? 0)
      watching.watched(node)
      const excess = completions[messages]
      if (!excess) continue
      watching.broken({
        node,
        seen: `${countWords(completions.length, 'receive')} of ${hostName(view, node)} completed with tag ${tag} from ${hostName(view, peer)}, but only ${countWords(messages, 'message')} with that tag had come; the last is ${excess.completion.request}`,
        at: excess.time,
      })
    }
  },
}

export const receivedWhole: Monitor = {
  name: 'received-whole',
  words: 'a receive is done only after all frames of its message have arrived',
  requirements: ['EMP-REL-010', 'EMP-REL-020'],
  needsWire: true,
  watch(view, watching) {
    for (const { node, peer, tag, completions } of takenBy(view)) {
      if (peer === node || view.messages.craftedPairs.has(pairKey(peer, node))) continue
      const messages = view.messages.sent.filter((each) => each.from === peer && each.to === node)
      if (!messages.every(hasSteadyHeader)) continue
      const whole = messages
        .filter(({ header }) => header?.tag === tag)
        .map(wholeAt)
        .filter((record) => record !== undefined)
        .toSorted((a, b) => a - b)
      watching.watched(node)
      const early = completions.findIndex((each, place) => each.record < (whole[place] ?? Infinity))
      const completion = completions[early]
      if (!completion) continue
      const { request } = completion.completion
      const had = whole.filter((record) => record < completion.record).length
      watching.broken({
        node,
        seen: `${hostName(view, node)}'s receive ${request} was done at ${timeWords(completion.time)} as the ${countWords(early + 1, 'receive')} with tag ${tag} from ${hostName(view, peer)}, when ${countWords(had, 'such message')} had arrived whole`,
        at: completion.time,
      })
    }
  },
}

export const nonOvertaking: Monitor = {
  name: 'non-overtaking',
  words: 'messages of one sender with one tag go to receives in the order of both',
  requirements: ['EMP-MATCH-003'],
  needsWire: true,
  watch(view, watching) {
    for (const node of view.permutation.hosts.keys()) {
      const posts = [...view.history.posted.values()].filter((each) => each.kind === 'receive' && each.node === node)
      const receives = inOrder(posts)
      if (!receives || receives.some(({ peer, tag }) => peer === wildcard || tag === wildcard)) continue
      const groups = new Map<string, PostedSeen[]>()
      for (const receive of receives) {
        const key = `${receive.peer}/${receive.tag}`
        groups.set(key, [...(groups.get(key) ?? []), receive])
      }
      for (const group of groups.values()) watchOrder(view, watching, group)
    }
  },
}

function watchOrder(view: View, watching: Watching, receives: readonly PostedSeen[]): void {
  const [first] = receives
  if (!first || receives.length < 2) return
  const { node, peer, tag } = first
  const totals = totalsInOrder(view, peer, node, tag)
  if (!totals || totals.length < 2) return
  watching.watched(node)
  for (const [place, receive] of receives.entries()) {
    const total = totals[place]
    const done = view.history.completionsOf(node, receive.request)[0]
    if (total === undefined || !done || done.completion.outcome === 'failed') continue
    const { bytes } = done.completion
    // A length that no message has is a wrong length, not a wrong order.
    if (bytes === total || !totals.includes(bytes)) continue
    watching.broken({
      node,
      seen: `receive ${place + 1} of ${hostName(view, node)} with tag ${tag}, ${receive.request}, took a message of ${bytes} octets; message ${place + 1} with that tag from ${hostName(view, peer)} has ${total}`,
      at: done.time,
    })
  }
}

/** Lengths of the messages of one pair with one tag, in posting order, as far as that is known. */
function totalsInOrder(view: View, from: NodeIndex, to: NodeIndex, tag: number): readonly number[] | undefined {
  if (from === to) {
    return sendsBetween(view, from, to)
      ?.filter((send) => send.tag === tag)
      .map(({ bytes }) => bytes)
  }
  if (view.messages.craftedPairs.has(pairKey(from, to))) return undefined
  const first = view.permutation.configuration['emp.first-message'] ?? 0
  const count = idCount(view.layout)
  const byPlace = new Map<number, MessageSeen>()
  for (const message of view.messages.sent) {
    if (message.from === from && message.to === to) byPlace.set((message.id - first + count) % count, message)
  }
  const totals: number[] = []
  for (let place = 0; ; place++) {
    const message = byPlace.get(place)
    if (!message?.header || !hasSteadyHeader(message)) return totals
    if (message.header.tag === tag) totals.push(message.header.total)
  }
}

/** The first completion of every receive, by the peer and tag that it names. */
function takenBy(view: View): readonly Taken[] {
  const taken = new Map<string, Taken>()
  const seen = new Set<string>()
  for (const each of view.history.completions) {
    const { node, completion } = each
    const key = requestKey(node, completion.request)
    const post = view.history.posted.get(key)
    if (post?.kind !== 'receive' || seen.has(key) || completion.outcome === 'failed') continue
    seen.add(key)
    const { peer, tag } = completion
    const group = `${node}/${peer}/${tag}`
    const known = taken.get(group)
    if (known) known.completions.push(each)
    else taken.set(group, { node, peer, tag, completions: [each] })
  }
  return [...taken.values()]
}

/** Message IDs whose frame 0 arrived, by pair and tag; crafted frames count for whom they are from and whom they name. */
function headersArrived(view: View): ReadonlyMap<string, ReadonlySet<number>> {
  const arrived = new Map<string, Set<number>>()
  for (const { frame, node } of view.history.arrivals) {
    const { tag, sender } = frame.dissection.fields
    if (frame.type !== 'data' || frame.frame !== 0 || tag === undefined) continue
    for (const from of new Set([frame.from, frame.crafted ? (sender ?? frame.from) : frame.from])) {
      const key = `${pairKey(from, node)}/${tag}`
      const ids = arrived.get(key)
      if (ids) ids.add(frame.message)
      else arrived.set(key, new Set([frame.message]))
    }
  }
  return arrived
}

function isSelfSend(post: PostedSeen, node: NodeIndex, tag: number): boolean {
  return post.kind === 'send' && post.node === node && post.peer === node && post.tag === tag
}

/** The record by which every frame of a message had arrived. */
function wholeAt(message: MessageSeen): number | undefined {
  const absent = new Set<number>()
  for (let frame = 0; frame < (message.header?.frames ?? 1); frame++) absent.add(frame)
  for (const { frame, record } of message.arrived) if (absent.delete(frame) && absent.size === 0) return record
  return undefined
}

// The sightings without which a pass would prove nothing: what each means, and how often it was made.
import type { Permutation } from '../../plan/permutation.ts'
import type { Proof, Times } from '../../plan/expectation.ts'
import { onceFor } from '../../plan/once-for.ts'
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import { proofWords } from '../../plan/words/sightings.ts'
import { matches } from './frame-filter.ts'
import { errorsMeant } from '../via/errors.ts'
import { handlersMeant } from '../via/notified.ts'
import type { View } from '../seen/view.ts'
import { isWithin } from '../words.ts'

export interface ProofSeen {
  readonly words: string
  readonly seen: boolean
  readonly count: number
}

export function prove(proof: Proof, view: View): ProofSeen {
  const count = countOf(proof, view)
  const times = 'times' in proof ? proof.times : once
  return { words: wordsOf(view.permutation).get(proof) ?? '', seen: isWithin(count, times), count }
}

const once: Times = { least: 1 }

/** What each proof of a permutation is, in words. */
const wordsOf: (permutation: Permutation) => ReadonlyMap<Proof, string> = onceFor(({ hosts, proves }) => {
  const names = hosts.map(({ name }) => name)
  return new Map(proves.map((proof) => [proof, proofWords(proof, names)]))
})

function countOf(proof: Proof, view: View): number {
  const { history, labels } = view
  switch (proof.kind) {
    case 'frames':
      return history.frames.filter((frame) => matches(proof.filter, frame, history.ordinals)).length
    case 'arrived':
      return history.arrivals.filter(({ frame }) => matches(proof.filter, frame, history.ordinals)).length
    case 'returned':
      return labels.get(proof.label)?.answer === undefined ? 0 : 1
    case 'completed':
      return history.completionsOf(proof.node, proof.request).length
    case 'fault':
      return fateCount(view, (rule) => rule === proof.rule)
    case 'weather':
      return fateCount(view, (rule, fate) => rule === -1 && fate !== 'unroutable')
    case 'retransmission':
      return retransmissions(view, proof.from)
    case 'reordered':
      return reordered(view)
    case 'status':
      return labels.get(proof.label)?.answer?.content.status === proof.status ? 1 : 0
    case 'error':
      return errorsMeant(proof.filter, history).length
    case 'notified':
      return handlersMeant(proof.filter, history).length
    case 'code':
      return labels.get(proof.label)?.answer?.content.vip?.code === proof.code ? 1 : 0
    case 'victims':
    case 'orders':
      return view.orders
  }
}

function fateCount(view: View, isMeant: (rule: number, fate: string) => boolean): number {
  let count = 0
  for (const { fates } of view.history.frames) for (const { rule, fate } of fates) if (isMeant(rule, fate)) count++
  return count
}

function retransmissions(view: View, from: NodeIndex): number {
  let count = 0
  for (const message of view.messages.sent) {
    if (message.from === from) for (const sent of message.sent.values()) count += sent.length - 1
  }
  return count
}

/** First arrivals of frames that another frame of the same sender, sent later, had overtaken. */
function reordered(view: View): number {
  const latest = new Map<string, number>()
  let count = 0
  for (const { frame, node, copy } of view.history.arrivals) {
    if (copy > 0) continue
    const link = `${frame.from}>${node}`
    const before = latest.get(link) ?? -1
    if (frame.ordinal < before) count++
    else latest.set(link, frame.ordinal)
  }
  return count
}

// The sightings without which a pass would prove nothing: what each means, and how often it was made.
import type { Proof } from '../plan/expectation.ts'
import { filterWords, matches } from './frame-filter.ts'
import type { NodeIndex } from '../../spec/vocabulary/units.ts'
import { hostName, type View } from './view.ts'
import { isWithin, timesWords } from './words.ts'

export interface ProofSeen {
  readonly words: string
  readonly seen: boolean
  readonly count: number
}

export function prove(proof: Proof, view: View): ProofSeen {
  const { history } = view
  const nameOf = (node: NodeIndex): string => hostName(view, node)
  switch (proof.kind) {
    case 'frames': {
      const count = history.frames.filter((frame) => matches(proof.filter, frame, history.ordinals)).length
      return counted(`${filterWords(proof.filter, nameOf)} were sent`, count, proof.times)
    }
    case 'arrived': {
      const count = history.arrivals.filter(({ frame }) => matches(proof.filter, frame, history.ordinals)).length
      return counted(`${filterWords(proof.filter, nameOf)} arrived`, count, proof.times)
    }
    case 'returned':
      return once(`the call ${proof.label} returned`, view.labels.get(proof.label)?.answer !== undefined)
    case 'completed': {
      const count = history.completionsOf(proof.node, proof.request).length
      return { words: `${proof.request} of ${nameOf(proof.node)} completed`, seen: count > 0, count }
    }
    case 'fault':
      return counted(`fault ${proof.rule} hit`, fateCount(view, (rule) => rule === proof.rule), proof.times)
    case 'weather':
      return counted('weather hit', fateCount(view, (rule, fate) => rule === -1 && fate !== 'unroutable'), proof.times)
    case 'retransmission':
      return counted(`${nameOf(proof.from)} sent frames again`, retransmissions(view, proof.from), proof.times)
    case 'reordered':
      return counted('frames arrived in another order than they were sent in', reordered(view), proof.times)
    case 'status': {
      const status = view.labels.get(proof.label)?.answer?.content.status
      return once(`the call ${proof.label} answered ${proof.status}`, status === proof.status)
    }
    case 'orders':
      return counted('orders of the race were run', view.orders, proof.times)
  }
}

function counted(words: string, count: number, times: { readonly least: number; readonly most?: number }): ProofSeen {
  return { words: `${words}, ${timesWords(times)}`, seen: isWithin(count, times), count }
}

function once(words: string, seen: boolean): ProofSeen {
  return { words, seen, count: seen ? 1 : 0 }
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

// Invariants of cancelling and probing (R24).
import type { EmpMessage } from '../../../../spec/vocabulary/emp.ts'
import type { NodeIndex } from '../../../../spec/vocabulary/units.ts'
import { pairKey } from '../../messages.ts'
import { hostName, type View } from '../../view.ts'
import { countWords, timeWords } from '../../words.ts'
import type { Monitor } from '../monitor.ts'

export const cancelledIfAsked: Monitor = {
  name: 'cancelled-if-asked',
  words: 'only a receive is cancelled, only after its host has asked, and with no octets',
  requirements: ['EMP-MATCH-016'],
  needsWire: false,
  watch(view, watching) {
    for (const { kind, node, request, completions } of view.history.postings) {
      const [first] = completions
      if (first?.completion.outcome !== 'cancelled') continue
      watching.watched(node)
      const isAsked = view.history.calls.some(
        ({ call: { body }, node: host, record }) =>
          host === node && body.operation === 'emp.cancel' && body.request === request && record < first.record,
      )
      if (isAsked && kind === 'receive' && first.completion.bytes === 0) continue
      const how = isAsked ? `with ${countWords(first.completion.bytes, 'octet')}` : 'which nobody had asked for'
      const seen = `${hostName(view, node)}'s ${kind} ${request} was told at ${timeWords(first.time)} to be cancelled, ${how}`
      watching.broken({ node, seen, at: first.time })
    }
  },
}

export const probeFindsArrived: Monitor = {
  name: 'probe-finds-arrived',
  words: 'a probe finds only messages whose header has arrived',
  requirements: ['EMP-MATCH-017'],
  needsWire: true,
  watch(view, watching) {
    for (const { call, node, answer } of view.history.calls) {
      if (call.body.operation !== 'emp.probe' || !answer) continue
      watching.watched(node)
      const { message } = answer.content
      if (!message || message.peer === node || isForged(view, message.peer, node)) continue
      if (hasArrived(view, { message, node, before: answer.record })) continue
      const seen = `${hostName(view, node)}'s probe at ${timeWords(answer.time)} found ${countWords(message.bytes, 'octet')} of ${hostName(view, message.peer)} with tag ${message.tag}; the header of no such message had arrived`
      watching.broken({ node, seen, at: answer.time })
    }
  },
}

function hasArrived(
  { emp }: View,
  { message, node, before }: { message: EmpMessage; node: NodeIndex; before: number },
): boolean {
  return emp.courses.some(
    ({ from, to, header, headerArrived }) =>
      from === message.peer &&
      to === node &&
      header?.tag === message.tag &&
      header.total === message.bytes &&
      (headerArrived?.record ?? Infinity) < before,
  )
}

function isForged({ messages }: View, from: NodeIndex, to: NodeIndex): boolean {
  return messages.craftedPairs.size > 0 && messages.craftedPairs.has(pairKey(from, to))
}

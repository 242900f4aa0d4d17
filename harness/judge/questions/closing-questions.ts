// What must be asked of the hosts after the last step, so that the expectations can be judged from the trace alone.
import { memoryReadMax } from '../../../spec/vocabulary/memory.ts'
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { Permutation } from '../../plan/permutation.ts'
import { onceFor } from '../../plan/once-for.ts'
import type { Expectation } from '../../plan/expectation.ts'
import { expectedRanges, type ExpectedRange } from '../memory/expected-octets.ts'
import { footprintOf } from '../via/footprint.ts'
import type { ClosingQuestion } from './closing-question.ts'
import { questionsOfModel } from './model-questions.ts'

/** Questions for all outcomes of a permutation, each once: requests first, then memory, then counters, then octets. */
export const closingQuestionsOf: (permutation: Permutation) => readonly ClosingQuestion[] = onceFor((permutation) => {
  const all: ClosingQuestion[] = []
  for (const { expectations } of permutation.outcomes) {
    for (const each of expectations)
      all.push(...(each.kind === 'allowed' ? questionsOfModel(permutation) : questions(each)))
  }
  if (permutation.interface === 'via') all.push(...questionsOfMonitors(permutation))
  return once(all).toSorted((a, b) => rank(a) - rank(b))
})

function once(all: readonly ClosingQuestion[]): readonly ClosingQuestion[] {
  if (all.length < 2) return all
  const seen = new Set<string>()
  return all.filter((each) => {
    const key = keyOf(each)
    return !seen.has(key) && seen.add(key)
  })
}

/** Equal questions have equal keys. */
function keyOf(question: ClosingQuestion): string {
  const { node, body, again } = question
  switch (body.operation) {
    case 'emp.test':
      return `${node} test ${body.request} ${question.unlessCompleted ?? ''}`
    case 'memory.digest':
      return `${node} digest ${body.at.buffer} ${body.at.offset} ${body.at.bytes}`
    case 'memory.guards':
      return `${node} guards ${body.buffer}`
    case 'VipSendDone':
    case 'VipRecvDone':
    case 'VipQueryVi':
      return `${node} ${body.operation} ${body.vi} ${again ?? 0}`
    default:
      return JSON.stringify(question)
  }
}

/** What monitors of VIA look at in every run: what nobody may write. */
function questionsOfMonitors(permutation: Permutation): ClosingQuestion[] {
  const { quiet, guarded } = footprintOf(permutation)
  return [
    ...quiet.map(({ node, at }): ClosingQuestion => ({ node, body: { operation: 'memory.digest', at } })),
    ...guarded.map(({ node, buffer }): ClosingQuestion => ({
      node,
      body: { operation: 'memory.guards', buffer },
    })),
  ]
}

function rank({ body }: ClosingQuestion): number {
  switch (body.operation) {
    case 'emp.test':
      return 0
    case 'emp.counters':
      return 2
    case 'memory.read':
      return 3 // when all digests are known
    default:
      return 1
  }
}

function questions(expectation: Exclude<Expectation, { kind: 'allowed' }>): readonly ClosingQuestion[] {
  switch (expectation.kind) {
    case 'done':
    case 'pending': {
      const { node, request } = expectation
      const test: ClosingQuestion = { node, body: { operation: 'emp.test', request }, unlessCompleted: request }
      if (expectation.kind === 'pending' || !expectation.data) return [test]
      const { at, octets } = expectation.data
      return [test, ...expectedRanges(at, octets).flatMap((range) => memoryQuestions(node, range))]
    }
    case 'memory':
      return expectedRanges([expectation.at], expectation.octets).flatMap((range) =>
        memoryQuestions(expectation.node, range),
      )
    case 'guards':
      return [{ node: expectation.node, body: { operation: 'memory.guards', buffer: expectation.buffer } }]
    case 'counted':
      return [{ node: expectation.node, body: { operation: 'emp.counters' } }]
    case 'returned':
    case 'deadline':
    case 'order':
    case 'octets':
    case 'answered':
    case 'error':
    case 'notified':
    case 'descriptor':
    case 'frames':
    case 'retransmitted':
    case 'cut':
    case 'acknowledged':
    case 'first-window':
    case 'back-off':
    case 'message-ids':
      return []
  }
}

/** The octets themselves are looked at only where their digest is wrong, so that a report can show them. */
function memoryQuestions(node: NodeIndex, { at, digest: right }: ExpectedRange): readonly ClosingQuestion[] {
  const digest: ClosingQuestion = { node, body: { operation: 'memory.digest', at } }
  if (at.bytes > memoryReadMax) return [digest]
  return [digest, { node, body: { operation: 'memory.read', at }, unlessDigest: right }]
}

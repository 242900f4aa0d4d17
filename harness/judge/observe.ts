// What must be asked of the hosts after the last step, so that the expectations can be judged from the trace alone.
import type { CallBody } from '../../spec/vocabulary/calls.ts'
import { memoryReadMax, type Range } from '../../spec/vocabulary/memory.ts'
import type { NodeIndex } from '../../spec/vocabulary/units.ts'
import type { Permutation } from '../plan/case.ts'
import { onceFor } from '../plan/once-for.ts'
import type { Expectation } from '../plan/expectation.ts'
import { octetCount } from './expected-octets.ts'
import { footprintOf } from './via/footprint.ts'

/** One closing question. It is left out when `unlessCompleted` names a request that has completed or was never accepted. */
export interface Observation {
  readonly node: NodeIndex
  readonly body: CallBody
  readonly unlessCompleted?: string
}

/** Questions for all outcomes of a permutation, each once: requests first, then memory, then counters. */
export const observationsFor: (permutation: Permutation) => readonly Observation[] = onceFor((permutation) => {
  const all: Observation[] = []
  for (const { expectations } of permutation.outcomes) for (const each of expectations) all.push(...questions(each))
  all.push(...questionsOfMonitors(permutation))
  const seen = new Set<string>()
  const once = all.filter((each) => {
    const key = JSON.stringify(each)
    return !seen.has(key) && seen.add(key)
  })
  return once.toSorted((a, b) => rank(a) - rank(b))
})

/** Ranges cut to the octets that are expected there: what lies behind them is not judged. */
export function clipped(ranges: readonly Range[], octets: number): readonly Range[] {
  const kept: Range[] = []
  let left = octets
  for (const range of ranges) {
    const bytes = Math.min(range.bytes, left)
    if (bytes > 0) kept.push({ ...range, bytes })
    left -= bytes
  }
  return kept
}

/** What monitors of VIA look at in every run: what nobody may write. */
function questionsOfMonitors(permutation: Permutation): Observation[] {
  const { quiet, guarded } = footprintOf(permutation)
  return [
    ...quiet.map(({ node, at }): Observation => ({ node, body: { operation: 'memory.digest', at } })),
    ...guarded.map(({ node, buffer }): Observation => ({
      node,
      body: { operation: 'memory.guards', buffer },
    })),
  ]
}

function rank({ body }: Observation): number {
  if (body.operation === 'emp.test') return 0
  return body.operation === 'emp.counters' ? 2 : 1
}

function questions(expectation: Expectation): readonly Observation[] {
  switch (expectation.kind) {
    case 'done':
    case 'pending': {
      const { node, request } = expectation
      const test: Observation = { node, body: { operation: 'emp.test', request }, unlessCompleted: request }
      if (expectation.kind === 'pending' || !expectation.data) return [test]
      const { at, octets } = expectation.data
      return [test, ...clipped(at, octetCount(octets)).flatMap((range) => memoryQuestions(node, range))]
    }
    case 'memory':
      return memoryQuestions(expectation.node, expectation.at)
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

function memoryQuestions(node: NodeIndex, at: Range): readonly Observation[] {
  if (at.bytes === 0) return []
  const digest: Observation = { node, body: { operation: 'memory.digest', at } }
  if (at.bytes > memoryReadMax) return [digest]
  return [digest, { node, body: { operation: 'memory.read', at } }]
}

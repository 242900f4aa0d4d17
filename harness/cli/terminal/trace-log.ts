// A trace as a log that people read: one line a record, times in microseconds.
import { formatDuration, type Instant } from '../../../spec/vocabulary/units.ts'
import { dissect } from '../../judge/frames/dissect.ts'
import type { RunEnding } from '../../judge/verdict/ending.ts'
import type { Permutation } from '../../plan/permutation.ts'
import type { WireLayout, WireLayouts } from '../../plan/layout.ts'
import { positionWords } from '../../plan/position.ts'
import { stepWords } from '../../plan/words/steps.ts'
import type { Trace } from '../../result/trace.ts'
import type { RunEnd } from '../../run/run-options.ts'

/** The log of a run, which ends with what went wrong if it did not come to its end. */
export function traceLines(permutation: Permutation, trace: Trace, layouts: WireLayouts, end: RunEnd): string[] {
  const reading = readingOf(permutation, trace, layouts)
  const { hosts } = reading
  const lines = [permutation.name]
  for (let record = 0; record < trace.length; record++) {
    const who = trace.kind(record) === 'step' ? '' : (hosts[trace.node(record)] ?? '?')
    lines.push(lineOf(trace.time(record), who, recordWords(record, reading)))
  }
  const { ending, at } = end
  if (ending.kind === 'finished') return lines
  const who = 'node' in ending ? (hosts[ending.node] ?? '') : ''
  return [...lines, lineOf(at, who, endingWords(ending))]
}

function lineOf(at: Instant, who: string, words: string): string {
  return `${(at / 1000).toFixed(3).padStart(12)} us  ${who.padEnd(8)} ${words}`
}

function endingWords(ending: Exclude<RunEnding, { kind: 'finished' }>): string {
  switch (ending.kind) {
    case 'crash':
      return `crashed: ${ending.message}`
    case 'hang':
      return `did not answer: ${ending.message}`
    case 'protocol':
      return `broke the protocol of adapters: ${ending.message}`
    case 'timeout':
    case 'unmet':
      return `-- the case ends here (${positionWords(ending.position)}): ${ending.words}`
    case 'flood':
    case 'harness-error':
      return `-- the run ends here: ${ending.message}`
  }
}

/** What the words of a record depend on. */
export interface Reading {
  readonly permutation: Permutation
  readonly trace: Trace
  readonly layout: WireLayout
  readonly hosts: readonly string[]
}

export function readingOf(permutation: Permutation, trace: Trace, layouts: WireLayouts): Reading {
  const layout = layouts[permutation.interface]
  return { permutation, trace, layout, hosts: permutation.hosts.map(({ name }) => name) }
}

/** One record in words, without its time and its host. */
export function recordWords(record: number, { permutation, trace, layout, hosts }: Reading): string {
  const kind = trace.kind(record)
  const frame = trace.frameOf(record)
  switch (kind) {
    case 'call': {
      const call = trace.callOf(record)
      return `call ${call?.id ?? '?'}  ${JSON.stringify(call?.body)}`
    }
    case 'returned':
      return `return  ${JSON.stringify(trace.returnOf(record))}`
    case 'event':
      return `event  ${JSON.stringify(trace.eventOf(record))}`
    case 'sent':
    case 'crafted': {
      const seen = dissect(layout, trace.octetsOf(record))
      return `${kind} #${frame}  ${seen.summary}`
    }
    case 'fate': {
      const fate = trace.fateOf(record)
      return `#${frame} suffers ${fate?.fate ?? '?'}${amountWords(fate)} by ${fate && fate.rule >= 0 ? `rule ${fate.rule}` : 'weather'}`
    }
    case 'arrived':
      return `arrived #${frame}${trace.detail(record) > 0 ? ` (copy ${trace.detail(record)})` : ''}`
    case 'lost':
      return `#${frame} is lost`
    case 'woken':
      return 'woken by its deadline'
    case 'ran':
      return `ran activity ${trace.detail(record)}`
    case 'deadline':
      return trace.amount(record) < 0 ? 'no deadline is armed' : `a deadline is armed at ${trace.amount(record)} ns`
    case 'step': {
      const step = permutation.steps[trace.detail(record)]
      return step ? `-- step ${trace.detail(record) + 1}: ${stepWords(step, hosts)}` : '-- the closing questions'
    }
  }
}

/** What the amount of a fate means, where it has one. */
function amountWords(fate: ReturnType<Trace['fateOf']>): string {
  if (fate?.fate === 'delay') return ` of ${formatDuration(fate.amount)}`
  if (fate?.fate === 'duplicate') return ` (${fate.amount} more)`
  return fate?.fate === 'reorder' ? ` (${fate.amount} go first)` : ''
}

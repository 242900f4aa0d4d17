// Suite files become permutations, or every diagnostic that they deserve, at its place.
import * as fc from 'fast-check'
import { test } from 'tap'
import { parseCatalogue } from '../../harness/plan/catalogue.ts'
import { formatDiagnostic } from '../../harness/plan/code-frame.ts'
import { expand } from '../../harness/plan/expand.ts'
import { expectationWords } from '../../harness/plan/expectation-words.ts'
import { faultWords } from '../../harness/plan/fault-words.ts'
import { didYouMean, nearest } from '../../harness/plan/nearest.ts'
import { parseRecordLayout, parseWireLayout } from '../../harness/plan/parse-layout.ts'
import type { Requirement } from '../../harness/plan/requirement.ts'
import { seedOf } from '../../harness/plan/seed.ts'
import { select } from '../../harness/plan/select.ts'
import { stepWords } from '../../harness/plan/step-words.ts'
import { parseSuites, type SuiteContext } from '../../harness/plan/suites.ts'
import type { Pics } from '../../harness/subject/pics.ts'

const lossSuite = `suite: emp.loss
title: Loss of frames
interface: emp
class: core
needs: [wire.frames, clock.virtual]
cases:
  - id: one-data-frame-lost
    title: A lost data frame is sent again, and only its collection
    axes: { victim: [0, 1, 2, last] }
    memory: { left.tx: { bytes: 6000, fill: { prng: 7 } }, right.rx: { bytes: 8192, guard: 64 } }
    faults:
      - drop: { from: left, type: data, message: 1, frame: $victim, occurrence: 1 }
    steps:
      - right.irecv: { from: left, tag: 5, buffer: rx, as: r }
      - left.isend: { to: right, tag: 5, buffer: tx, as: s }
      - settle: { within: 5s }
    expect:
      - right.done: { request: r, times: 1, length: 6000, data: tx@0+6000 }
        for: EMP-REL-001
      - left.done: { request: s }
        for: EMP-REL-009
      - wire.retransmitted: { collection-of: $victim, others: 0 }
        for: EMP-REL-007
      - left.deadline: none
        for: EMP-REL-012
    proves: [{ fault: 0, fired: 1 }]
    kills: [emp-no-retransmit, emp-resends-everything, emp-duplicate-delivery]
`

function requirement(id: string, untestable?: string): Requirement {
  return {
    id,
    interface: 'emp',
    area: 'reliability',
    title: id,
    words: id,
    keyword: 'must',
    class: 'core',
    basis: 'sourced',
    source: ['E1'],
    clause: '4',
    needs: [],
    ...(untestable === undefined ? {} : { untestable }),
    position: { file: 'requirements.yaml', line: 1, column: 1 },
  }
}

const context: SuiteContext = {
  catalogue: {
    requirements: [
      ...['EMP-REL-001', 'EMP-REL-007', 'EMP-REL-009', 'EMP-REL-012'].map((id) => requirement(id)),
      requirement('EMP-HOST-009', 'nobody sees it from outside'),
    ],
    classes: [
      { interface: 'emp', class: 'core', words: '' },
      { interface: 'emp', class: 'full', words: '' },
    ],
  },
  mutants: ['emp-no-retransmit', 'emp-resends-everything', 'emp-duplicate-delivery'],
  options: ['wire.frames', 'clock.virtual', 'stepped', 'emp.counters', 'emp.descriptors', 'emp.completion-events'],
  keys: ['emp.collection', 'emp.timeout', 'wire.mtu'],
}

const pics: Pics = {
  interfaces: ['emp'],
  clock: 'virtual',
  wire: 'frames',
  profile: 'emp-1',
  options: { stepped: true },
  values: {
    'emp.collection': { value: 3, settable: { least: 1, most: 16 } },
    'emp.timeout': { value: 800_000 },
    'wire.mtu': { value: 1500, settable: { least: 576, most: 9000 } },
  },
}

function problemsOf(text: string): string[] {
  return parseSuites([{ file: 'a.yaml', text }], context).diagnostics.map(
    ({ position, message, suggestion }) =>
      `${position.line}:${position.column} ${message}${suggestion === '' ? '' : ` | ${suggestion}`}`,
  )
}

/** Problems of the example after each `[what, instead]` was replaced, which must occur. */
function problemsAfter(...edits: readonly (readonly [what: string, instead: string])[]): string[] {
  let text = lossSuite
  for (const [what, instead] of edits) {
    if (!text.includes(what)) throw new Error(`the example has no ${what}`)
    text = text.replace(what, () => instead)
  }
  return problemsOf(text)
}

function permutationsOf(text: string, options: Partial<Parameters<typeof expand>[2]> = {}, given: Pics = pics) {
  const { cases, diagnostics } = parseSuites([{ file: 'a.yaml', text }], context)
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('; '))
  return expand(cases, given, { roles: undefined, seed: 1, ...options })
}

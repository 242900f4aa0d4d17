// From the trace of one run to its verdict: expectations, proofs and monitors together; the worst counts.
import { counted, type NodeIndex } from '../../spec/vocabulary/units.ts'
import type { Outcome, Permutation } from '../plan/case.ts'
import type { SourcePosition } from '../plan/position.ts'
import { expectationWords } from '../plan/expectation-words.ts'
import type { Expectation } from '../plan/expectation.ts'
import { onceFor } from '../plan/once-for.ts'
import type { Finding } from '../result/report.ts'
import { worse, type Blame, type RanVerdict } from '../result/verdict.ts'
import { onlyAnswer, settleDisagreements, type Kept, type Watched } from './disagreement.ts'
import type { RunEnding } from './ending.ts'
import { check } from './expectations/check.ts'
import type { Checked } from './expectations/checked.ts'
import { monitorsOf } from './monitors.ts'
import { Watching, type Monitor } from './monitors/monitor.ts'
import { prove, type ProofSeen } from './proofs.ts'
import { viewOf, type View, type ViewInput } from './view.ts'

export interface JudgeInput extends ViewInput {
  readonly ending: RunEnding
  /** What to hold the run against; the monitors of the interface unless given. */
  readonly monitors?: readonly Monitor[]
}

/** What goes into the row of a permutation. */
export interface Judgement {
  readonly verdict: RanVerdict
  readonly blame: Blame
  /** Why it is no pass, in one line; empty for a pass. */
  readonly reason: string
  /** The outcome that was met, if one was. */
  readonly outcome?: { readonly name: string; readonly label: 'conformant' | 'tolerated' }
  readonly findings: readonly Finding[]
  readonly proves: readonly ProofSeen[]
}

/** Findings that one monitor may make in one run; the rest is counted. */
const breachesMax = 5

/** Never throws: a judge that fails is an error of ours, told as one. */
export function judgeRun(input: JudgeInput): Judgement {
  try {
    return judgeTrace(input)
  } catch (thrown) {
    const finding = harnessFault('the judge reads the trace', thrown)
    return conclude({ findings: [finding], proves: [], outcome: undefined, blame: 'harness' })
  }
}

function judgeTrace(input: JudgeInput): Judgement {
  const view = viewOf(input)
  const watched = watchAll(view, input.monitors ?? monitorsOf(input.permutation.interface))
  const settled = (...findings: readonly Finding[]): readonly Finding[] =>
    settleDisagreements(view, [...findings, ...watched.findings], watched)
  if (input.ending.kind !== 'finished') {
    const { finding, blame } = endedBadly(input.ending, input.permutation)
    const told = toldAnyway(input.ending.kind, view)
    // What the case shows to be wrong is billed as such, and not also because the run ended.
    const rest = told.length > 0 && input.ending.kind === 'timeout' ? { ...finding, requirements: [] } : finding
    return conclude({ findings: settled(rest, ...told), proves: [], outcome: undefined, blame })
  }
  const { outcome, findings } = checkOutcomes(view)
  const proves = input.permutation.proves.map((proof) => prove(proof, view))
  const met = outcome && { name: outcome.name, label: outcome.label }
  return conclude({ findings: settled(...findings), proves, outcome: met, blame: 'implementation' })
}

/** Puts findings and proofs together: what both mean for the verdict. */
export function conclude(given: {
  findings: readonly Finding[]
  proves: readonly ProofSeen[]
  outcome: Judgement['outcome']
  /** Whom a fail, timeout or crash rests on. */
  blame: Blame
}): Judgement {
  const { findings, proves } = given
  const verdict = findings.reduce<RanVerdict>((worst, finding) => worse(worst, finding.verdict), 'pass')
  const common = { findings, proves, ...(given.outcome ? { outcome: given.outcome } : {}) }
  const unseen = proves.find(({ seen }) => !seen)
  if (verdict === 'pass' && !unseen) return { verdict, blame: 'nobody', reason: '', ...common }
  if (verdict === 'pass') {
    const reason = `not proved: ${unseen?.words ?? ''}; seen ${counted(unseen?.count ?? 0, 'time')}`
    return { verdict: 'inconclusive', blame: 'nobody', reason, ...common }
  }
  const worst = findings.find((finding) => finding.verdict === verdict)
  const blame = verdict === 'error' ? 'harness' : verdict === 'inconclusive' ? 'nobody' : given.blame
  return { verdict, blame, reason: worst ? `${worst.expected}: ${worst.seen}` : '', ...common }
}

/**
 * What expectations say of a run that did not come to its end, if one of them fails: all after a wait in vain, since the
 * closing questions were asked; those about calls that had been answered where a call was refused that the case needs.
 */
function toldAnyway(ending: RunEnding['kind'], view: View): readonly Finding[] {
  const isAsked = ending === 'timeout' ? () => true : (each: Expectation): boolean => isAnswered(each, view)
  const told = ending === 'timeout' || ending === 'unmet' ? checkOutcomes(view, isAsked).findings : []
  return told.some(({ verdict }) => verdict === 'fail') ? told : []
}

function isAnswered(expectation: Expectation, view: View): boolean {
  const { kind } = expectation
  if (kind !== 'answered' && kind !== 'returned' && kind !== 'octets') return false
  return view.labels.get(expectation.label)?.answer !== undefined
}

/** The first outcome whose expectations all pass; if none, the findings of the one that came nearest. */
function checkOutcomes(
  view: View,
  isAsked: (expectation: Expectation) => boolean = () => true,
): { outcome: Outcome | undefined; findings: readonly Finding[] } {
  const { outcomes } = view.permutation
  let nearest: { name: string; findings: readonly Finding[]; distance: number } | undefined
  for (const outcome of outcomes) {
    const findings = outcome.expectations.filter(isAsked).map((expectation) => findingOf(expectation, view))
    const distance = findings.reduce((sum, { verdict }) => sum + distanceOf(verdict), 0)
    if (distance === 0) return { outcome, findings }
    if (!nearest || distance < nearest.distance) nearest = { name: outcome.name, findings, distance }
  }
  const { name, findings } = nearest ?? { name: '', findings: [] }
  return {
    outcome: undefined,
    findings: outcomes.length > 1 ? findings.map((each) => ofNearest(each, name)) : findings,
  }
}

/** What fails in one of several outcomes is not wrong by itself: another outcome may ask for the opposite. */
function ofNearest(finding: Finding, outcome: string): Finding {
  if (finding.verdict !== 'fail') return finding
  return { ...finding, expected: `${finding.expected} (for ${outcome}, the nearest of the allowed outcomes)` }
}

/** One failure is farther than any number of things that could not be judged. */
function distanceOf(verdict: Finding['verdict']): number {
  if (verdict === 'pass') return 0
  return verdict === 'inconclusive' ? 1e-6 : 1
}

function findingOf(expectation: Expectation, view: View): Finding {
  const position = positionWords(expectation.position)
  const { requirements } = expectation
  try {
    const expected = expectedWords(view.permutation).get(expectation) ?? ''
    const checked = check(expectation, view)
    if (isOfReference(expectation, view))
      return ofReference({ expected, verdict: checked.verdict, seen: checked.seen, position })
    if (expectation.kind === 'allowed') return ofModel(requirements, { checked, expected, position })
    return { ...checked, judge: 'expectation', expected, requirements, position }
  } catch (thrown) {
    return { ...harnessFault(`the expectation ${expectation.text} can be checked`, thrown), requirements, position }
  }
}

/**
 * That the model allows a run verifies nothing: it may have been allowed to do nothing. What it forbids breaks what the case
 * was kept for, and what the model names.
 */
function ofModel(
  kept: readonly string[],
  { checked, expected, position }: { checked: Checked; expected: string; position: string },
): Finding {
  const { verdict, requirements: broken = [] } = checked
  const requirements = verdict === 'fail' ? [...new Set([...kept, ...broken])] : []
  return { ...checked, judge: 'model', expected, requirements, position }
}

/** What each expectation of a permutation expects, in words. */
const expectedWords: (permutation: Permutation) => ReadonlyMap<Expectation, string> = onceFor((permutation) => {
  const names = permutation.hosts.map(({ name }) => name)
  const expectations = permutation.outcomes.flatMap((outcome) => outcome.expectations)
  return new Map(expectations.map((each) => [each, expectationWords(each, names)]))
})

/** Whether an expectation is about the reference beside the implementation alone: what it answered, holds, or has armed. */
function isOfReference(expectation: Expectation, view: View): boolean {
  switch (expectation.kind) {
    case 'returned':
    case 'memory':
    case 'guards':
    case 'deadline':
    case 'counted':
    case 'descriptor':
    case 'octets':
    case 'answered':
    case 'error':
    case 'notified':
      return !isTested(view, expectation.node)
    case 'done':
    case 'pending':
    case 'order':
    case 'frames':
    case 'retransmitted':
    case 'cut':
    case 'acknowledged':
    case 'first-window':
    case 'back-off':
    case 'message-ids':
    case 'allowed':
      return false
  }
}

/** It verifies nothing of the implementation; that it does not hold may well be the implementation's doing, or ours. */
function ofReference(given: {
  expected: string
  verdict: Finding['verdict']
  seen: string
  position: string
}): Finding {
  return { judge: 'expectation', requirements: [], ...given }
}

/** Breaches, and one finding for all monitors that had something of the implementation to watch and saw it hold. */
function watchAll(view: View, monitors: readonly Monitor[]): Watched & { readonly findings: readonly Finding[] } {
  const findings: Finding[] = []
  const astray: Finding[] = []
  const right: Map<number, { requirement: string; monitor: string }[]> = new Map()
  const kept: Kept[] = []
  const watching = new Watching()
  const isMeant = (node: NodeIndex): boolean => isTested(view, node)
  for (const monitor of monitors) {
    if (monitor.needsWire && !view.isWireKnown) continue
    if (monitor.needsExactTime === true && !view.isTimeExact) continue
    watching.clear()
    try {
      monitor.watch(view, watching)
    } catch (thrown) {
      findings.push(harnessFault(`the monitor ${monitor.name} can watch the run`, thrown))
      continue
    }
    for (const [call, requirement] of watching.right) {
      right.set(call, [...(right.get(call) ?? []), { requirement, monitor: monitor.name }])
    }
    if (watching.breaches.length > 0) {
      for (const breach of breaches(view, monitor, watching))
        (breach.verdict === 'error' ? astray : findings).push(breach)
      continue
    }
    const requirements = watching.shown(monitor.requirements, isMeant)
    if (requirements) kept.push({ name: monitor.name, requirements })
  }
  // An implementation that breaks a rule may lead the reference beside it to break others.
  if (!findings.some(({ verdict }) => verdict === 'fail')) findings.push(...astray)
  if (kept.length > 0) findings.push(nothingBroken(kept, keptFindings(monitors)))
  return { findings, content: kept, right }
}

/** The finding that these monitors saw nothing broken; made once for each list of them, since many runs show the same. */
function nothingBroken(kept: readonly Kept[], made: Map<string, Finding>): Finding {
  const key = keyOf(kept)
  const known = made.get(key)
  if (known) return known
  const requirements = [...new Set(kept.flatMap((each) => each.requirements))]
  const seen = `${kept.map(({ name }) => name).join(', ')}: nothing broken`
  const expected = 'the rules that hold in every run'
  const finding: Finding = { judge: 'monitor', verdict: 'pass', requirements, expected, seen }
  if (made.size === findingsKept) made.clear()
  made.set(key, finding)
  return finding
}

function keyOf(kept: readonly Kept[]): string {
  let key = ''
  for (const { name, requirements } of kept) {
    key += name
    for (const requirement of requirements) key += requirement
  }
  return key
}

/** A long search comes upon ever new lists. */
const findingsKept = 1000

/** Of some monitors, the findings that were made already, by the names of those that saw nothing broken and what that shows. */
const keptFindings: (monitors: readonly Monitor[]) => Map<string, Finding> = onceFor(() => new Map())

function breaches(view: View, monitor: Monitor, watching: Watching): readonly Finding[] {
  const { breaches: all } = watching
  const shown = all
    .toSorted((a, b) => Number(isTested(view, b.node)) - Number(isTested(view, a.node)))
    .slice(0, breachesMax)
  return shown.map(({ node, seen, at, call, requirements }, place) => {
    const isLast = place === breachesMax - 1 && all.length > breachesMax
    const more = isLast ? `; and ${all.length - breachesMax} more` : ''
    const words = isTested(view, node) ? seen : `the reference broke a rule: ${seen}`
    const answer = call ?? onlyAnswer(view)(node, at)
    return {
      judge: 'monitor',
      verdict: isTested(view, node) ? 'fail' : 'error',
      requirements: requirements ?? monitor.requirements,
      expected: monitor.words,
      seen: `${words}${more}`,
      ...(at === undefined ? {} : { at }),
      ...(answer === undefined ? {} : { call: answer }),
    }
  })
}

function endedBadly(
  ending: Exclude<RunEnding, { kind: 'finished' }>,
  permutation: Permutation,
): { finding: Finding; blame: Blame } {
  const expectations = permutation.outcomes.flatMap((outcome) => outcome.expectations)
  const requirements = [...new Set(expectations.flatMap((expectation) => expectation.requirements))]
  const common = { judge: 'harness', requirements, expected: 'the run comes to its end' } as const
  switch (ending.kind) {
    case 'timeout': {
      const position = positionWords(ending.position)
      return { finding: { ...common, verdict: 'timeout', seen: ending.words, position }, blame: 'implementation' }
    }
    case 'unmet': {
      const position = positionWords(ending.position)
      const expected = 'what the case takes for granted comes about'
      return {
        finding: { ...common, expected, verdict: 'inconclusive', seen: ending.words, position },
        blame: 'implementation',
      }
    }
    case 'crash':
    case 'hang': {
      const who = hostOf(permutation, ending.node)
      const words = ending.kind === 'crash' ? `${who.name} crashed` : `${who.name} did not answer`
      const seen = `${words}: ${ending.message}`
      if (who.isReference) return { finding: { ...common, verdict: 'error', seen }, blame: 'harness' }
      const verdict = ending.kind === 'crash' ? 'crash' : 'timeout'
      return { finding: { ...common, verdict, seen }, blame: 'implementation' }
    }
    case 'flood':
      return { finding: { ...common, verdict: 'crash', seen: ending.message }, blame: 'implementation' }
    case 'protocol': {
      const seen = `the adapter of ${hostOf(permutation, ending.node).name} broke its protocol: ${ending.message}`
      return { finding: { ...common, requirements: [], verdict: 'crash', seen }, blame: 'adapter' }
    }
    case 'harness-error':
      return { finding: { ...common, requirements: [], verdict: 'error', seen: ending.message }, blame: 'harness' }
  }
}

function hostOf(permutation: Permutation, node: NodeIndex): { name: string; isReference: boolean } {
  const host = permutation.hosts[node]
  return { name: host?.name ?? 'the implementation', isReference: host?.role === 'reference' }
}

function isTested(view: View, node: NodeIndex): boolean {
  return view.permutation.hosts[node]?.role === 'iut'
}

function harnessFault(expected: string, thrown: unknown): Finding {
  const seen = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
  return { judge: 'harness', verdict: 'error', requirements: [], expected, seen: `the harness failed: ${seen}` }
}

function positionWords({ file, line, column }: SourcePosition): string {
  return `${file}:${line}:${column}`
}

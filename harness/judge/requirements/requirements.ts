// What is known of every requirement after a run, and of the classes that rest on them.
import { counted } from '../../../spec/vocabulary/units.ts'
import type { DeclaredCase } from '../../plan/suite-case.ts'
import type { Catalogue, Requirement } from '../../plan/requirement.ts'
import type { PermutationResult, ClassResult, RequirementResult } from '../../result/report.ts'
import type { ClassVerdict, RequirementVerdict } from '../../result/verdict.ts'
import { grants, type Pics } from '../../subject/pics.ts'
import { isOnlyAbout } from '../../result/only-about.ts'
import { marksOf, type RequirementMark } from './marks.ts'
import { namesWords } from '../words.ts'

/** What `judgeRequirements` needs of a row. */
export type JudgedRow = Pick<
  PermutationResult,
  'name' | 'suite' | 'case' | 'verdict' | 'reason' | 'findings' | 'proves'
>

export interface RequirementsInput {
  readonly catalogue: Catalogue
  readonly declared: readonly DeclaredCase[]
  readonly results: readonly JudgedRow[]
  readonly pics: Pics
  /** True when only selected cases were to run. */
  readonly selection: boolean
  /** True when some permutations of any case may be in another part of the run. */
  readonly part?: boolean
  /** Requirements through which some mutant is known to be killed. */
  readonly strong: ReadonlySet<string>
  /** Requirements that need not be verified; none unless said. */
  readonly excused?: ReadonlyMap<string, Excuse>
}

/** What stands in place of a verdict that is no better. */
export type ExcusedVerdict = 'waived' | 'disputed'

/** A warning stays violated: it is only that what else its runs have shown counts. */
export type Excuse = ExcusedVerdict | 'warning'

/** What the permutations said of one requirement. */
interface Tally {
  passed: number
  failed: number
  inconclusive: number
  /** Permutations that passed with an expectation for it: monitors alone verify nothing. */
  expected: number
  /** Permutations of its cases that should have told something, and why they did not. */
  readonly open: string[]
}

export function judgeRequirements(input: RequirementsInput): RequirementResult[] {
  const tallies = tallyMarks(input.results, input.excused)
  const resultsByCase = new Map<string, JudgedRow[]>()
  for (const result of input.results) {
    const id = `${result.suite}/${result.case}`
    const known = resultsByCase.get(id)
    if (known) known.push(result)
    else resultsByCase.set(id, [result])
  }
  const casesById = new Map<string, string[]>()
  for (const { id, requirements } of input.declared) {
    for (const requirement of requirements) casesById.set(requirement, [...(casesById.get(requirement) ?? []), id])
  }
  return input.catalogue.requirements.map((requirement) => {
    const { id, interface: of, area, title, words, keyword, class: level, basis, source, clause } = requirement
    const cases = casesById.get(id) ?? []
    const tally = tallies.get(id) ?? emptyTally()
    const results = cases.map((each) => resultsByCase.get(each) ?? [])
    addUntold(tally, id, results.flat())
    const { verdict: unexcused, reason } = judgeOne(requirement, { input, results, tally })
    const verdict = excusedOr(unexcused, input.excused?.get(id))
    const { passed, failed, inconclusive } = tally
    const weak = verdict === 'verified' && !input.strong.has(id)
    const stated = { id, interface: of, area, title, words, keyword, class: level, basis, source, clause }
    return { ...stated, verdict, reason, weak, passed, failed, inconclusive, cases }
  })
}

function excusedOr(verdict: RequirementVerdict, excused: Excuse | undefined): RequirementVerdict {
  return isExcusable(verdict) && excused !== 'warning' ? (excused ?? verdict) : verdict
}

/** Whether it applies, was looked at, and is not verified. */
export function isExcusable(verdict: RequirementVerdict): boolean {
  return verdict === 'violated' || verdict === 'partly' || verdict === 'unverified'
}

/** Why a requirement is not asked of an implementation that declares this, in words that follow its name. */
export function whyNotAsked(
  { interface: of, needs, lacks }: Pick<Requirement, 'interface' | 'needs' | 'lacks'>,
  pics: Pics,
): string | undefined {
  if (!pics.interfaces.includes(of)) return `does not offer ${of}`
  const lacking = needs.filter((need) => !grants(pics, need))
  if (lacking.length > 0) return `does not offer ${namesWords(lacking)}`
  const offered = lacks.filter((option) => grants(pics, option))
  return offered.length > 0 ? `offers ${namesWords(offered)}` : undefined
}

function judgeOne(
  requirement: Requirement,
  given: { input: RequirementsInput; results: readonly (readonly JudgedRow[])[]; tally: Tally },
): { verdict: RequirementVerdict; reason: string } {
  const { input, tally } = given
  const results = given.results.flat()
  const excuse = whyNotAsked(requirement, input.pics)
  if (excuse !== undefined) return { verdict: 'not-applicable', reason: `the implementation ${excuse}` }
  if (tally.failed > 0) return { verdict: 'violated', reason: '' }
  if (requirement.untestable !== undefined) return { verdict: 'untestable', reason: requirement.untestable }
  if (requirement.deferred !== undefined) return { verdict: 'deferred', reason: requirement.deferred }
  if (given.results.length === 0) return { verdict: 'unverified', reason: 'no case speaks of it' }
  const wasLeftOut =
    input.part === true ||
    given.results.some((each) => each.length === 0) ||
    results.some(({ verdict }) => verdict === 'skipped')
  if (input.selection && wasLeftOut) return { verdict: 'not-assessed', reason: '' }
  if (results.length > 0 && results.every(({ verdict }) => verdict === 'not-applicable')) {
    // The requirement itself applies: that no case can be run with what is declared leaves it open, not excused.
    return { verdict: 'unverified', reason: `none of its cases can be run: ${results[0]?.reason ?? ''}` }
  }
  if (tally.open.length === 0 && tally.expected > 0 && !wasLeftOut) return { verdict: 'verified', reason: '' }
  const [first] = tally.open
  const why = first ?? 'some of its cases did not run'
  if (tally.expected === 0) return { verdict: 'unverified', reason: first ?? 'no expectation for it was judged' }
  return {
    verdict: 'partly',
    reason: `${counted(tally.expected, 'permutation')} passed, ${tally.open.length} did not: ${why}`,
  }
}

function tallyMarks(
  results: readonly JudgedRow[],
  excused: RequirementsInput['excused'] = new Map(),
): Map<string, Tally> {
  const tallies = new Map<string, Tally>()
  for (const result of results) {
    // What else such a run has shown counts.
    const isGood =
      result.verdict === 'pass' || (result.verdict === 'fail' && isOnlyAbout(result, (id) => excused.has(id)))
    const marks = new Map<string, RequirementMark[]>()
    for (const mark of marksOf(result)) marks.set(mark.id, [...(marks.get(mark.id) ?? []), mark])
    for (const [id, all] of marks) {
      const tally = tallies.get(id) ?? emptyTally()
      tallies.set(id, tally)
      const isExpected = all.some(({ judge }) => judge !== 'monitor')
      if (all.some(({ verdict }) => verdict === 'fail')) tally.failed++
      else if (all.every(({ verdict }) => verdict === 'pass') && isGood) {
        tally.passed++
        if (isExpected) tally.expected++
      } else if (isExpected) {
        tally.inconclusive++
        tally.open.push(`${result.name}: ${result.reason}`)
      }
    }
  }
  return tallies
}

/** Permutations of its cases that ended before they could say anything, or did not run. */
function addUntold(tally: Tally, id: string, results: readonly JudgedRow[]): void {
  for (const { name, verdict, reason, findings } of results) {
    if (verdict === 'pass' || verdict === 'not-applicable' || verdict === 'fail' || verdict === 'inconclusive') continue
    const isTold = findings.some(({ judge, requirements }) => judge !== 'monitor' && requirements.includes(id))
    if (!isTold) tally.open.push(`${name}: ${reason}`)
  }
}

function emptyTally(): Tally {
  return { passed: 0, failed: 0, inconclusive: 0, expected: 0, open: [] }
}

export interface ClassesInput {
  readonly catalogue: Catalogue
  readonly requirements: readonly RequirementResult[]
  /** Interfaces that the implementation offers. */
  readonly interfaces: readonly string[]
  readonly selection: boolean
  /** The rows are what a search found. */
  readonly searched?: boolean
}

/** Each class over its own requirements and those of the classes before it. */
export function judgeClasses(input: ClassesInput): ClassResult[] {
  const { classes } = input.catalogue
  return classes.map((each, place) => {
    const included = classes.slice(0, place + 1).filter((other) => other.interface === each.interface)
    const names = new Set(included.map((other) => other.class))
    const requirements = input.requirements.filter(
      (requirement) => requirement.interface === each.interface && names.has(requirement.class),
    )
    const count = (...verdicts: readonly RequirementVerdict[]): number =>
      requirements.filter(({ verdict }) => verdicts.includes(verdict)).length
    return {
      interface: each.interface,
      class: each.class,
      words: each.words,
      ...judgeClass(each.interface, requirements, input),
      applicable: count('verified', 'violated', 'partly', 'unverified', 'not-assessed'),
      verified: count('verified'),
      violated: count('violated'),
      partly: count('partly'),
      unverified: count('unverified'),
      notApplicable: count('not-applicable'),
      deferred: count('deferred'),
      untestable: count('untestable'),
      ...(count('waived') > 0 ? { waived: count('waived') } : {}),
      ...(count('disputed') > 0 ? { disputed: count('disputed') } : {}),
    }
  })
}

function judgeClass(
  of: string,
  requirements: readonly RequirementResult[],
  input: ClassesInput,
): { verdict: ClassVerdict; why: string } {
  if (!input.interfaces.includes(of)) return { verdict: 'not-assessed', why: `the implementation does not offer ${of}` }
  if (input.selection)
    return {
      verdict: 'not-assessed',
      why: input.searched === true ? 'a search assesses no class' : 'only a selection of cases ran',
    }
  const musts = requirements.filter(({ keyword }) => keyword === 'must')
  const ids = (...verdicts: readonly RequirementVerdict[]): string[] =>
    musts.filter(({ verdict }) => verdicts.includes(verdict)).map(({ id }) => id)
  const should = requirements
    .filter(({ keyword, verdict }) => keyword === 'should' && verdict === 'violated')
    .map(({ id }) => `${id} (should) is violated`)
  const excused = (['waived', 'disputed'] as const).flatMap((verdict) =>
    openWords(
      requirements.filter((each) => each.verdict === verdict).map(({ id }) => id),
      verdict,
    ),
  )
  const violated = ids('violated')
  if (violated.length > 0) {
    return {
      verdict: 'not-conformant',
      why: whyWords([`${namesWords(violated)} ${isAre(violated)} violated`, ...should, ...excused]),
    }
  }
  const open = [
    ...openWords(ids('partly'), 'verified only in part'),
    ...openWords(ids('unverified'), 'not verified'),
    ...openWords(ids('deferred'), 'deferred'),
    ...openWords(ids('not-assessed'), 'not assessed'),
  ]
  if (open.length > 0) return { verdict: 'indeterminate', why: whyWords([...open, ...should, ...excused]) }
  if (ids('verified').length === 0)
    return { verdict: 'indeterminate', why: whyWords(['nothing was verified', ...should, ...excused]) }
  return { verdict: 'conformant', why: whyWords([...should, ...excused]) }
}

function openWords(ids: readonly string[], words: string): readonly string[] {
  return ids.length === 0 ? [] : [`${namesWords(ids)} ${isAre(ids)} ${words}`]
}

function isAre(ids: readonly string[]): string {
  return ids.length === 1 ? 'is' : 'are'
}

function whyWords(parts: readonly string[]): string {
  return parts.join('; ')
}

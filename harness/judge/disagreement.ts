// Judges that contradict each other about one answer: then none of them is believed, and all three are told.
import { isMemoryCall } from '../../spec/vocabulary/calls.ts'
import { onceFor } from '../plan/once-for.ts'
import type { Finding, Opinions } from '../result/report.ts'
import { opinionOn, type Opinion } from './oracle/pronounce.ts'
import { voidBy } from './oracle/void-frames.ts'
import type { View } from './view.ts'

/** What monitors say of a run. */
export interface Watched {
  /** Those that had something to watch, and saw nothing broken. */
  readonly content: readonly Kept[]
  /** Answers that a monitor found to be the only ones that its rule allows: by call, by which requirement, and which monitor. */
  readonly right: ReadonlyMap<number, readonly Affirmation[]>
}

/** A monitor that saw nothing broken, and those of its requirements that what it watched shows. */
export interface Kept {
  readonly name: string
  readonly requirements: readonly string[]
}

interface Affirmation {
  readonly requirement: string
  readonly monitor: string
}

/**
 * The findings, with an error in place of each that another judge contradicts. The model contradicts a monitor or an
 * expectation if it forbids nothing in the run, and has found right, by the same requirement, the very answer that they find
 * wrong, where any other one would have been forbidden; a monitor contradicts the model likewise.
 */
export function settleDisagreements(view: View, findings: readonly Finding[], watched: Watched): readonly Finding[] {
  if (!findings.some(isRed)) return findings
  const opinion = findings.some((each) => isRed(each) && each.judge !== 'model') ? opinionOf(view) : undefined
  return findings.map((finding) => {
    if (!isRed(finding)) return finding
    if (finding.judge === 'model') return againstModel(finding, findings, watched)
    return opinion && opinion.forbidden === undefined ? againstOthers(finding, { opinion, findings, watched }) : finding
  })
}

/** Whether one says that an answer is wrong. */
function isRed({ judge, verdict, call, requirements }: Finding): boolean {
  return verdict === 'fail' && judge !== 'harness' && call !== undefined && requirements.length > 0
}

function opinionOf(view: View): Opinion | undefined {
  const { trace } = view
  const oracle = view.beginOracle()
  return oracle && opinionOn(oracle, trace, (record) => voidBy(trace, record, view) !== undefined)
}

interface Others {
  readonly opinion: Opinion
  readonly findings: readonly Finding[]
  readonly watched: Watched
}

/** A monitor or an expectation says that an answer is wrong. */
function againstOthers(finding: Finding, { opinion, findings, watched }: Others): Finding {
  const { call, requirements, judge } = finding
  const right = call === undefined ? undefined : opinion.right.get(call)
  const requirement = requirements.find((each) => right?.has(each))
  if (requirement === undefined) return finding
  const own = `wrong: ${finding.seen}`
  return disputed(finding, requirement, {
    model: 'right: nothing is forbidden in this run, and any other answer would have been forbidden',
    monitors: judge === 'monitor' ? own : monitorsOn(requirement, watched),
    expectations: judge === 'monitor' ? expectationsOn(requirement, findings) : own,
  })
}

/** The model says that an answer is wrong. */
function againstModel(finding: Finding, findings: readonly Finding[], { right }: Watched): Finding {
  const { call, requirements } = finding
  const affirmed = call === undefined ? undefined : right.get(call)
  const other = affirmed?.find(({ requirement }) => requirements.includes(requirement))
  if (!other) return finding
  return disputed(finding, other.requirement, {
    model: `wrong: ${finding.seen}`,
    monitors: `right: ${other.monitor} finds it so, and any other answer would have been wrong`,
    expectations: expectationsOn(other.requirement, findings),
  })
}

function monitorsOn(requirement: string, { content }: Watched): string {
  const names = content.filter(({ requirements }) => requirements.includes(requirement)).map(({ name }) => name)
  return names.length === 0 ? 'none of them watches it here' : `nothing broken: ${names.join(', ')}`
}

function expectationsOn(requirement: string, findings: readonly Finding[]): string {
  const own = findings.filter(
    ({ judge, requirements }) => judge === 'expectation' && requirements.includes(requirement),
  )
  const wrong = own.find(({ verdict }) => verdict === 'fail')
  if (wrong) return `wrong: ${wrong.seen}`
  return own.length === 0 ? 'the case expects nothing of it' : `held: ${own.map(({ expected }) => expected).join('; ')}`
}

function disputed(finding: Finding, requirement: string, opinions: Opinions): Finding {
  const { model, monitors, expectations } = opinions
  const seen = `they disagree about ${requirement}. The model: ${model}. The monitors: ${monitors}. The expectations: ${expectations}`
  const expected = `model, monitors and expectations agree (${finding.expected})`
  return { ...finding, verdict: 'error', expected, seen, opinions }
}

/** The call that a host answered at an instant, if it is the only one but for questions about memory. */
export const onlyAnswer: (view: View) => (node: number, at: number | undefined) => number | undefined = onceFor(
  ({ history }: View) => {
    const answers = new Map<string, number | undefined>()
    for (const { node, call, answer } of history.calls) {
      if (!answer || isMemoryCall(call.body)) continue
      const key = `${node} ${answer.time}`
      answers.set(key, answers.has(key) ? undefined : call.id)
    }
    return (node, at) => (at === undefined ? undefined : answers.get(`${node} ${at}`))
  },
)

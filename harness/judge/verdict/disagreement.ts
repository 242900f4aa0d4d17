// Judges that contradict each other about one answer: then none of them is believed, and all three are told.
import type { Finding, Opinions } from '../../result/report.ts'
import { opinionOn, type Opinion } from '../oracle/pronounce.ts'
import { voidBy } from '../oracle/void-frames.ts'
import type { View } from '../seen/view.ts'
import type { Watched } from '../monitors/watched.ts'

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
function againstModel(finding: Finding, findings: readonly Finding[], { affirmed }: Watched): Finding {
  const { call, requirements } = finding
  const others = call === undefined ? undefined : affirmed.get(call)
  const other = others?.find(({ requirement }) => requirements.includes(requirement))
  if (!other) return finding
  return disputed(finding, other.requirement, {
    model: `wrong: ${finding.seen}`,
    monitors: `right: ${other.monitor} finds it so, and any other answer would have been wrong`,
    expectations: expectationsOn(other.requirement, findings),
  })
}

function monitorsOn(requirement: string, { satisfied }: Watched): string {
  const names = satisfied.filter(({ requirements }) => requirements.includes(requirement)).map(({ name }) => name)
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

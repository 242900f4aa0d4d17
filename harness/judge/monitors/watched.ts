// Holds a run against monitors: what they found broken, and which of them had something to watch and saw it hold.
import { isMemoryCall } from '../../../spec/vocabulary/calls.ts'
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import { onceFor } from '../../plan/once-for.ts'
import type { Finding } from '../../result/report.ts'
import { harnessFault } from '../verdict/harness-fault.ts'
import { Watching, type Monitor } from './monitor.ts'
import { isTested, type View } from '../seen/view.ts'

/** What monitors say of a run. */
export interface Watched {
  /** Breaches, and one pass for all that are satisfied. */
  readonly findings: readonly Finding[]
  readonly satisfied: readonly Satisfied[]
  /** By call: the monitors that found its answer to be the only one that their rule allows. */
  readonly affirmed: ReadonlyMap<number, readonly Affirmation[]>
}

/** A monitor that had something of the implementation to watch and saw nothing broken, and those of its requirements that this shows. */
interface Satisfied {
  readonly name: string
  readonly requirements: readonly string[]
}

interface Affirmation {
  readonly monitor: string
  readonly requirement: string
}

/** Findings that one monitor may make in one run; the rest is counted. */
const breachesMax = 5

export function watchedBy(monitors: readonly Monitor[], view: View): Watched {
  const findings: Finding[] = []
  const ofReference: Finding[] = []
  const affirmed = new Map<number, Affirmation[]>()
  const satisfied: Satisfied[] = []
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
      affirmed.set(call, [...(affirmed.get(call) ?? []), { monitor: monitor.name, requirement }])
    }
    if (watching.breaches.length > 0) {
      for (const breach of breaches(view, monitor, watching))
        (breach.verdict === 'error' ? ofReference : findings).push(breach)
      continue
    }
    const requirements = watching.shown(monitor.requirements, isMeant)
    if (requirements) satisfied.push({ name: monitor.name, requirements })
  }
  // An implementation that breaks a rule may lead the reference beside it to break others.
  if (!findings.some(({ verdict }) => verdict === 'fail')) findings.push(...ofReference)
  if (satisfied.length > 0) findings.push(nothingBroken(satisfied, passesMade(monitors)))
  return { findings, satisfied, affirmed }
}

/** The pass for these monitors; made once for each list of them, since many runs show the same. */
function nothingBroken(satisfied: readonly Satisfied[], made: Map<string, Finding>): Finding {
  const key = keyOf(satisfied)
  const known = made.get(key)
  if (known) return known
  const requirements = [...new Set(satisfied.flatMap((each) => each.requirements))]
  const seen = `${satisfied.map(({ name }) => name).join(', ')}: nothing broken`
  const expected = 'the rules that hold in every run'
  const finding: Finding = { judge: 'monitor', verdict: 'pass', requirements, expected, seen }
  if (made.size === passesMax) made.clear()
  made.set(key, finding)
  return finding
}

function keyOf(satisfied: readonly Satisfied[]): string {
  let key = ''
  for (const { name, requirements } of satisfied) {
    key += name
    for (const requirement of requirements) key += requirement
  }
  return key
}

/** A long search comes upon ever new lists: after so many all are forgotten. */
const passesMax = 1000

/** Of some monitors the passes that were made already, by the names of the satisfied among them and what that shows. */
const passesMade: (monitors: readonly Monitor[]) => Map<string, Finding> = onceFor(() => new Map())

/** One finding for each breach, those of the implementation first. */
function breaches(view: View, monitor: Monitor, watching: Watching): readonly Finding[] {
  const { breaches: all } = watching
  const shown = all
    .toSorted((a, b) => Number(isTested(view, b.node)) - Number(isTested(view, a.node)))
    .slice(0, breachesMax)
  return shown.map(({ node, seen, words: expected = monitor.words, at, call, requirements }, place) => {
    const isLast = place === breachesMax - 1 && all.length > breachesMax
    const more = isLast ? `; and ${all.length - breachesMax} more` : ''
    const words = isTested(view, node) ? seen : `the reference broke a rule: ${seen}`
    const answer = call ?? onlyAnswer(view)(node, at)
    return {
      judge: 'monitor',
      verdict: isTested(view, node) ? 'fail' : 'error',
      requirements: requirements ?? monitor.requirements,
      expected,
      seen: `${words}${more}`,
      ...(at === undefined ? {} : { at }),
      ...(answer === undefined ? {} : { call: answer }),
    }
  })
}

/** The call that a host answered at an instant, if it is the only one but for questions about memory. */
const onlyAnswer: (view: View) => (node: number, at: number | undefined) => number | undefined = onceFor(
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

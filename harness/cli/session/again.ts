// Plays some of what a run has played once more: failures, to see on what they depend, and a sample of the rest.
import type { Permutation } from '../../plan/permutation.ts'
import type { PermutationResult, PlayedTwice } from '../../result/report.ts'
import { hasRun, isBad, type Blame } from '../../result/verdict.ts'
import { courseOf } from '../../judge/beside/deeds.ts'
import { viewOf } from '../../judge/seen/view.ts'
import { readingOf } from '../../run/play.ts'
import { isSameAgain, isSameCourse, stabilityOf, type Again } from '../../run/stability.ts'
import { inReadingOrder } from '../../../reports/reading-order.ts'
import { runSession, type SessionOptions } from './session.ts'

/** The most failures that are played again, in the order in which a reader sees them. */
const failuresMax = 50

/** How long failures may take again: a share of the run, and so many milliseconds at least. */
const failuresShare = 0.05
const failuresLeast = 2000

/** One of so many that have run is played twice, and so many at most: below two in a hundred of the run. */
const sampleOf = 100
const sampleMax = 32

export interface PlayedAgain {
  readonly rows: readonly PermutationResult[]
  readonly playedTwice: PlayedTwice | undefined
}

interface Ran {
  readonly rows: readonly PermutationResult[]
  readonly permutations: readonly Permutation[]
  readonly session: Omit<SessionOptions, 'permutations'>
  /** How long the run has taken, in milliseconds. */
  readonly took: number
}

/** Everything is over by now, so that each is played alone. What time is too short for is left out. */
export async function playAgain(ran: Ran): Promise<PlayedAgain> {
  const again = new PlayingAgain(ran)
  const playedTwice = await again.sample()
  return { rows: await again.failures(), playedTwice }
}

class PlayingAgain {
  private readonly ran: Ran
  private readonly byName: ReadonlyMap<string, Permutation>

  constructor(ran: Ran) {
    this.ran = ran
    this.byName = new Map(ran.permutations.map((permutation) => [permutation.name, permutation]))
  }

  /** The rows, with what some of the failures depend on. */
  async failures(): Promise<readonly PermutationResult[]> {
    const { rows, took, session } = this.ran
    const { carrier, pics } = session.adapter
    const until = performance.now() + Math.max(failuresLeast, failuresShare * took)
    const steady = new Map<number, PermutationResult>()
    const failures = inReadingOrder({ cases: rows }).filter(({ row }) => isBad(row.verdict))
    for (const { place, row } of failures.slice(0, failuresMax)) {
      const isOver = (): boolean => performance.now() + oneTook(row) > until || session.interrupted?.() === true
      if (isOver()) continue
      await carrier?.renew()
      const stability = await stabilityOf(row, pics.clock, async (choices) =>
        isOver() ? undefined : this.play(row.name, choices),
      )
      if (stability) steady.set(place, { ...row, stability })
    }
    return rows.map((row, place) => steady.get(place) ?? row)
  }

  /** Of what passed, spread over the run. By a real clock no two runs are alike. */
  async sample(): Promise<PlayedTwice | undefined> {
    const { rows, session } = this.ran
    const passed = rows.filter(({ verdict, traceDigest }) => verdict === 'pass' && traceDigest !== '')
    const size = Math.min(
      sampleMax,
      Math.floor(rows.filter(({ verdict }) => hasRun(verdict)).length / sampleOf),
      passed.length,
    )
    if (session.adapter.pics.clock === 'real' || size === 0) return undefined
    const different: { name: string; blame: Blame }[] = []
    let sample = 0
    for (let i = 0; i < size; i++) {
      const row = passed[Math.floor((i * passed.length) / size)]
      const again = row && session.interrupted?.() !== true ? await this.playFirst(row) : undefined
      if (!row || !again) continue
      sample++
      if (!(await this.isSame(row, again))) different.push({ name: row.name, blame: await this.blameFor(row) })
    }
    return sample === 0 ? undefined : { sample, same: sample - different.length, different }
  }

  /** Where not every octet is the same, a third run tells whether only what is the provider's own differs. */
  private async isSame(row: PermutationResult, again: Again): Promise<boolean> {
    if (isSameAgain(row, again)) return true
    const third = await this.playFirst(row)
    return third !== undefined && isSameCourse(row, again, third)
  }

  /** Alone in two fresh processes the same: then something has come from one case to another, by way of the adapter. */
  private async blameFor(row: PermutationResult): Promise<Blame> {
    const { carrier } = this.ran.session.adapter
    if (!carrier) return 'implementation'
    const courses = new Set<string | undefined>()
    for (let times = 0; times < 2; times++) {
      await carrier.renew()
      courses.add((await this.playFirst(row))?.course)
    }
    return courses.size === 1 ? 'adapter' : 'implementation'
  }

  /** The order that a row that passed tells of is the first. */
  private playFirst(row: PermutationResult): Promise<Again | undefined> {
    return this.play(row.name, row.exploration ? [] : undefined)
  }

  private async play(name: string, choices: readonly number[] | undefined): Promise<Again | undefined> {
    const permutation = this.byName.get(name)
    if (!permutation) return undefined
    const { session } = this.ran
    const { layouts } = session.project
    const order = choices ? { choices } : session.order
    let course = ''
    const onTrace: SessionOptions['onTrace'] = (of, trace) => {
      const layout = layouts[of.interface]
      course = courseOf(viewOf({ permutation: of, trace, pics: session.adapter.pics, ...readingOf(of, layout) }))
    }
    const rows = runSession({ ...session, permutations: [permutation], believesAtOnce: true, order, onTrace })
    for await (const row of rows) return hasRun(row.verdict) ? { row, course } : undefined
    return undefined
  }
}

/** How long a run of it takes, in milliseconds; of several runs that cannot be told. */
function oneTook({ realMicroseconds, exploration }: PermutationResult): number {
  return exploration ? 0 : realMicroseconds / 1000
}

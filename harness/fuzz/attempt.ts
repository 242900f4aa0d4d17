// Plays a drawn run once and has it judged, as the runner does with a declared case.
import { empDefaults } from '../../spec/vocabulary/endpoint.ts'
import { cuttingFor } from '../judge/emp/cutting.ts'
import { judgeRun } from '../judge/judge.ts'
import type { RunEnding } from '../judge/verdict/ending.ts'
import { allVoidBy } from '../judge/oracle/void-frames.ts'
import type { RecordLayout, WireLayout, WireLayouts } from '../plan/layout.ts'
import type { Permutation } from '../plan/permutation.ts'
import type { Finding } from '../result/report.ts'
import { Trace } from '../result/trace.ts'
import { play, readingOf } from '../run/play.ts'
import { RecordedSchedule } from '../run/schedule.ts'
import { callWithinMax } from '../run/steps.ts'
import { Worlds } from '../run/worlds.ts'
import type { Adapter } from '../subject/adapter.ts'

export { kindOf } from '../result/findings-alike.ts'

/** Whom drawn runs are held against, and what is needed to read their traces. */
export interface Subject {
  readonly iut: Adapter
  readonly reference: Adapter
  readonly layouts: WireLayouts
  readonly descriptor: RecordLayout
  /** Nanoseconds of a monotonic clock. */
  readonly clock: () => number
}

/** A run that was judged. The trace stands until the next attempt. */
export interface Attempt {
  readonly permutation: Permutation
  readonly trace: Trace
  readonly ending: RunEnding
  /** What is wrong; empty if nothing is. */
  readonly wrong: readonly Finding[]
}

/** Worlds of so many kinds are kept: settings, numbers of hosts, stepped or not. */
const worldsKept = 96

/** Plays permutations against one implementation. */
export class Attempts {
  private readonly subject: Subject
  private readonly worlds: Worlds
  private readonly nothing = new Trace()

  constructor(subject: Subject) {
    this.subject = subject
    this.worlds = new Worlds({ iut: subject.iut, reference: subject.reference }, worldsKept)
  }

  /** Further runs are in a fresh process, if the implementation is in one. */
  async renew(): Promise<void> {
    await this.subject.iut.carrier?.renew()
  }

  layoutOf(permutation: Permutation): WireLayout {
    return this.subject.layouts[permutation.interface]
  }

  async make(permutation: Permutation): Promise<Attempt> {
    const { descriptor, iut, clock } = this.subject
    const layout = this.layoutOf(permutation)
    const choices = permutation.schedule
    const { ending, world } = await play(permutation, {
      worlds: this.worlds,
      layout,
      schedule: choices ? new RecordedSchedule(choices) : undefined,
      stepped: choices !== undefined,
      clock,
      callWithin: iut.callWithin ?? callWithinMax,
    })
    const trace = world?.trace ?? this.nothing
    const reading = readingOf(permutation, layout)
    const { findings } = judgeRun({ permutation, trace, ending, orders: 1, descriptor, pics: iut.pics, ...reading })
    return { permutation, trace, ending, wrong: findings.filter(isWrong) }
  }
}

function isWrong({ verdict }: Finding): boolean {
  return verdict !== 'pass' && verdict !== 'inconclusive'
}

/**
 * The finding with the rules about forged frames first, where there are such frames: one survives shrinking only if the failure
 * needs it.
 */
export function withForged(finding: Finding, { permutation, trace }: Attempt, layout: WireLayout): Finding {
  const mtu = permutation.configuration['wire.mtu'] ?? empDefaults['wire.mtu']
  const forged = allVoidBy(trace, { ...readingOf(permutation, layout), cutting: cuttingFor(layout, mtu) })
  const others = finding.requirements.filter((requirement) => !forged.includes(requirement))
  return forged.length === 0 ? finding : { ...finding, requirements: [...forged, ...others] }
}

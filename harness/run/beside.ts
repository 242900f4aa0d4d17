// Plays what did not pass once more with the reference in place of the implementation, and holds both beside each other.
import { besideEachOther, type Ran } from '../judge/beside/beside.ts'
import { viewOf, type ViewInput } from '../judge/seen/view.ts'
import type { RunEnding } from '../judge/verdict/ending.ts'
import type { Permutation } from '../plan/permutation.ts'
import type { Beside } from '../result/report.ts'
import { configure, type Pics } from '../subject/pics.ts'
import type { Adapter } from '../subject/adapter.ts'
import { messageOf } from '../subject/thrown.ts'
import { play } from './play.ts'
import { RecordedSchedule } from './schedule.ts'
import { callWithinMax } from './steps.ts'
import { Worlds } from './worlds.ts'

/** A run of the implementation, with all that is needed to read its trace. */
export interface BesideInput extends ViewInput {
  readonly ending: RunEnding
  /** The choices of its race, and whether its activities were stepped. Absent: it had no race. */
  readonly race?: { readonly choices: readonly number[]; readonly stepped: boolean } | undefined
}

/** The most hosts that a page can show beside as many others. */
const hostsMax = 6

/** The most records of a run that are held against those of another. */
const recordsMax = 100_000

export class BesideReference {
  private readonly worlds: Worlds
  private readonly declared: Pics

  /** `like`: the reference with the options that the implementation declares; `declared`: what the reference itself can be set to. */
  constructor({ like, declared }: { readonly like: Adapter; readonly declared: Pics }) {
    // Of its own, so that what it records does not overwrite what the implementation did.
    this.worlds = new Worlds({ iut: like, reference: like })
    this.declared = declared
  }

  async of(input: BesideInput): Promise<Beside> {
    const why = this.whyNot(input)
    if (why !== undefined) return { kind: 'not-played', why }
    const { permutation, layout, race } = input
    const { ending, world } = await play(permutation, {
      worlds: this.worlds,
      layout,
      schedule: race && new RecordedSchedule(race.choices),
      stepped: race?.stepped === true,
      clock: () => 0,
      callWithin: callWithinMax,
    })
    if (!world || ending.kind === 'crash' || ending.kind === 'harness-error')
      return {
        kind: 'not-played',
        why: `the reference does not come to its end in it: ${'message' in ending ? ending.message : ending.kind}`,
      }
    try {
      const mine: Ran = { view: viewOf(input), ending: input.ending }
      return besideEachOther(mine, { view: viewOf({ ...input, trace: world.trace }), ending })
    } catch (thrown) {
      return { kind: 'not-played', why: `the two cannot be held beside each other: ${messageOf(thrown)}` }
    }
  }

  private whyNot({ permutation, pics, trace }: BesideInput): string | undefined {
    if (pics?.clock === 'real') return 'by a real clock no two runs can be held beside each other'
    if (pics?.wire === 'none')
      return 'the wire is hidden, so that the reference cannot stand where the implementation stood'
    const { hosts } = permutation
    if (hosts.length > hostsMax)
      return `it has ${hosts.length} hosts, and a picture has room for ${hostsMax} beside as many others`
    if (trace.length === 0) return 'nothing was recorded of the run'
    if (trace.length > recordsMax || trace.truncated) return 'the run is too long to be held beside another'
    return this.whyNotSet(permutation)
  }

  /** Where the implementation has a value that the reference cannot be set to. */
  private whyNotSet({ configuration }: Permutation): string | undefined {
    const { values } = this.declared
    const known = Object.fromEntries(Object.entries(configuration).filter(([key]) => values[key] !== undefined))
    const configured = configure(this.declared, known)
    return 'refused' in configured ? `the reference cannot be set so: ${configured.refused}` : undefined
  }
}

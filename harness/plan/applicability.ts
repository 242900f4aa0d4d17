// Whether a permutation can be judged of an implementation that declares this PICS; if not, why.
import type { Configuration, InterfaceName } from '../../spec/vocabulary/endpoint.ts'
import { formatDuration, type Duration } from '../../spec/vocabulary/units.ts'
import { grants, lostOf, type LostTo, type Pics } from '../subject/pics.ts'
import type { Outcome, Permutation, Step } from './permutation.ts'
import type { Proof } from './expectation.ts'
import { wantOfRoom } from './via/room.ts'

/** The part of a permutation that an implementation may be unable to do. */
export interface Demands {
  readonly interface: InterfaceName
  readonly needs: readonly string[]
  /** Options that the implementation must not offer. */
  readonly lacks: readonly string[]
  readonly hosts: Permutation['hosts']
  readonly configuration: Configuration
  /** Why the PICS does not allow the values that the case wants, or not as many steps. */
  readonly refused: string | undefined
  readonly steps: readonly Step[]
  readonly outcomes: readonly Outcome[]
  readonly proves: readonly Proof[]
}

/** The longest that a case may let time pass where that is waited for, unless said. */
const realWaitMax: Duration = 40_000_000_000

/** Nothing of it stands where the permutation can be judged. `patience`: the longest that a case may let pass by a real clock. */
export function applicabilityOf(
  demands: Demands,
  pics: Pics,
  patience: Duration = realWaitMax,
): Pick<Permutation, 'notApplicable' | 'lostTo'> {
  const against = reasonAgainst(demands, pics)
  if (against === undefined && pics.clock === 'real') {
    const tooLong = tooLongFor(demands.steps, patience)
    if (tooLong !== undefined) return { notApplicable: tooLong, lostTo: 'clock' }
  }
  const lostTo = lostToPics(demands, pics)
  return {
    ...(against === undefined ? {} : { notApplicable: against }),
    ...(lostTo === undefined ? {} : { lostTo }),
  }
}

/** The first reason that holds, from what is plainest to what takes a look at every call. */
function reasonAgainst(demands: Demands, pics: Pics): string | undefined {
  return whatIsNotOffered(demands, pics) ?? demands.refused ?? whatHasNoRoom(demands)
}

function whatIsNotOffered(demands: Demands, pics: Pics): string | undefined {
  if (!pics.interfaces.includes(demands.interface))
    return `the implementation does not offer the interface ${demands.interface}`
  const lacking = demands.needs.filter((need) => !grants(pics, need))
  if (lacking.length > 0) return `the implementation does not offer ${lacking.join(', ')}`
  const offered = demands.lacks.filter((option) => grants(pics, option))
  if (offered.length > 0) return `the implementation offers ${offered.join(', ')}, and the case is about its absence`
  if (isMixed(demands) && pics.wire !== 'frames')
    return 'beside the reference the implementation must hand out its frames, and it does not'
  return undefined
}

function whatHasNoRoom(demands: Demands): string | undefined {
  return demands.interface === 'via' ? wantOfRoom(demands, demands.configuration) : undefined
}

/** Why a case takes too long by a real clock; undefined if it does not. */
function tooLongFor(steps: readonly Step[], patience: Duration): string | undefined {
  const passes = steps.map((step) =>
    step.kind === 'advance' ? step.by : step.kind === 'advance-to' ? step.instant : 0,
  )
  const sum = passes.reduce((all, each) => all + each, 0)
  if (sum <= patience) return undefined
  return `it lets ${formatDuration(sum)} pass, which by a real clock is more than the ${formatDuration(patience)} that are waited for`
}

function lostToPics(demands: Demands, pics: Pics): LostTo | undefined {
  if (demands.lacks.length > 0) return undefined
  return lostOf(pics, isMixed(demands) ? [...demands.needs, 'wire.frames'] : demands.needs)
}

/** Whether the reference plays a part: beside it the harness must be the wire. */
function isMixed({ hosts }: Demands): boolean {
  return hosts.some(({ role }) => role === 'reference')
}

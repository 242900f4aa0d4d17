// A permutation ready to run: everything resolved, nothing left to look up in a file.
import type { LostTo } from '../subject/pics.ts'
import type { CallBody } from '../../spec/vocabulary/calls.ts'
import type { Configuration, InterfaceName } from '../../spec/vocabulary/endpoint.ts'
import type { FaultRule, LinkSetting, Weather } from '../../spec/vocabulary/faults.ts'
import type { MemoryCall, Pattern } from '../../spec/vocabulary/memory.ts'
import type { Duration, Instant, NodeIndex } from '../../spec/vocabulary/units.ts'
import type { Expectation, Proof, Sighting } from './expectation.ts'
import type { SourcePosition } from './position.ts'

/** Who plays a host: the implementation under test, or the reference beside it. */
export type Role = 'iut' | 'reference'

/** One combination of axes and roles of a case. */
export interface Permutation {
  /** Path with every axis in it: `emp.loss/one-data-frame-lost/victim=0/roles=iut-iut`. */
  readonly name: string
  readonly suite: string
  readonly case: string
  readonly title: string
  readonly interface: InterfaceName
  readonly class: string
  readonly axes: Readonly<Record<string, string>>
  readonly roles: string
  readonly hosts: readonly { readonly name: string; readonly role: Role }[]
  readonly seed: number
  /** Every key that the PICS declares, the case's own values on top. */
  readonly configuration: Configuration
  readonly link: LinkSetting
  readonly memory: readonly BufferPlan[]
  readonly faults: readonly FaultRule[]
  readonly weather?: Weather
  readonly steps: readonly Step[]
  /** At least one. With several, the first whose expectations all hold is the one that was met. */
  readonly outcomes: readonly Outcome[]
  readonly proves: readonly Proof[]
  /** Set when the case has races: at most so many orders are run. */
  readonly ordersMax?: number
  /** Set when a rule of the fault plan is one for each run of many. */
  readonly explored?: ExploredRule
  /** Set when the case is run in this one order, or with this one victim, only. */
  readonly schedule?: readonly number[]
  /** Why it cannot be judged with this PICS; then nothing is run. */
  readonly notApplicable?: string
  /** What alone it is not applicable for: a wire that is hidden, or a clock that is real. */
  readonly lostTo?: LostTo
  readonly position: SourcePosition
}

/** A rule of the fault plan, by its place, that says something else in each run; there are `most` runs at most. */
export type ExploredRule =
  /** It hits each frame of its sender in turn. */
  | { readonly kind: 'victims'; readonly rule: number; readonly from: NodeIndex; readonly most: number }
  /** The first `frames` frames that it matches arrive in each order; its amount is the time between two of them. */
  | { readonly kind: 'shuffle'; readonly rule: number; readonly frames: number; readonly most: number }

/** A buffer that exists before the first step. */
export interface BufferPlan {
  readonly node: NodeIndex
  readonly allocate: Extract<MemoryCall, { operation: 'memory.allocate' }>
}

/** One of the outcomes that a case allows. */
export interface Outcome {
  readonly name: string
  readonly label: 'conformant' | 'tolerated'
  readonly expectations: readonly Expectation[]
}

/** A call as a step issues it. `label` names its return for expectations and `join`. */
export interface CallStep {
  readonly kind: 'call'
  readonly node: NodeIndex
  readonly thread: number
  readonly body: CallBody
  readonly label?: string
  /** True: the step ends at once; `join` awaits the return. */
  readonly start: boolean
  /** Empty segments that stand before those of a `descriptor.write`, once the PICS says how many. */
  readonly filling?: Filling
  readonly position: SourcePosition
}

/** So many as the key says, less `less`; none of the cases has room for more than `most`. */
export interface Filling {
  readonly key: string
  readonly less: number
  readonly most: number
}

/** The same steps many times: the PICS may say how often. Before it is known, this stands for all of them. */
export interface RepeatStep {
  readonly kind: 'repeat'
  /** So many times, on top of the value of the key if there is one; then `count` may be negative. */
  readonly howOften: { readonly key?: string; readonly count: number }
  /** Octets by which the places that calls name move on each time. */
  readonly stride: number
  readonly steps: readonly RepeatedStep[]
  readonly position: SourcePosition
}

/** What can be repeated. */
export type RepeatedStep = Extract<Step, { readonly kind: 'call' | 'join' | 'settle' | 'advance' }>

/** A step as a case declares it. */
export type PlannedStep = Step | RepeatStep

export type Step =
  | CallStep
  | { readonly kind: 'join'; readonly label: string; readonly within: Duration; readonly position: SourcePosition }
  /** All members at one instant, in every order (up to `ordersMax`); ends when all have returned. */
  | { readonly kind: 'race'; readonly members: readonly CallStep[]; readonly position: SourcePosition }
  /** Until no awaited call is open, no frame is in flight, no deadline is armed. Reaching `within` is `timeout`. */
  | { readonly kind: 'settle'; readonly within: Duration; readonly position: SourcePosition }
  /** Until the sighting has been made. Reaching `within` is `timeout`. */
  | {
      readonly kind: 'until'
      readonly sighting: Sighting
      readonly within: Duration
      readonly position: SourcePosition
    }
  | { readonly kind: 'advance'; readonly by: Duration; readonly position: SourcePosition }
  /** Until that instant; faults that begin at an instant need not know how long what came before has taken. */
  | { readonly kind: 'advance-to'; readonly instant: Instant; readonly position: SourcePosition }
  | CraftStep

/** A frame that the harness puts on the link of host `from`, in its name, built from the layout of the wire profile. */
export interface CraftStep {
  readonly kind: 'craft'
  readonly from: NodeIndex
  readonly to: NodeIndex
  /** Values by field name of the layout; a field not named gets what a correct frame would have. */
  readonly fields: Readonly<Record<string, number>>
  /** Given: the frame is one of another protocol, of which no field is known. */
  readonly ethertype?: number
  /** Octets after the headers. */
  readonly payload: { readonly pattern: Pattern; readonly position: number; readonly bytes: number }
  /** Other addresses than those of `from` and `to`: twelve hexadecimal digits, or a node whose address is meant. */
  readonly source?: string | NodeIndex
  readonly destination?: string | NodeIndex
  readonly position: SourcePosition
}

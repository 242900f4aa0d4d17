// The result document: the only truth of a run. Every report is a pure function of it.
import type { Instant } from '../../spec/vocabulary/units.ts'
import type { Blame, ClassVerdict, RanVerdict, RequirementVerdict, Verdict } from './verdict.ts'

/** Version of the document's form. Additions keep it; a member that changes its meaning raises it. */
export const reportVersion = 1

export interface Report {
  readonly format: 'viaduct-report'
  readonly version: typeof reportVersion
  readonly harness: { readonly name: string; readonly version: string }
  /** What there is for the interfaces that the implementation offers; `cases` below holds what was selected of it. */
  readonly suites: {
    readonly digest: string
    readonly files: number
    readonly cases: number
    readonly permutations: number
  }
  /** How strong the suites are: planted faults that they find, and what endpoints that do nothing right verify. */
  readonly strength: {
    readonly mutants: number
    readonly killed: number
    /** Faults that only a race reveals, and how many of these declared cases find. */
    readonly races?: KilledOf
    /** Faults of either kind that were searched for without the cases, and how many searching alone finds. */
    readonly search?: KilledOf
    /** Faults that neither finds. */
    readonly survivors?: readonly string[]
    /** Verified requirements of each degenerate endpoint; the floor is 0. */
    readonly floor: Readonly<Record<string, number>>
  }
  readonly implementation: {
    readonly name: string
    readonly version: string
    readonly vendor: string
    readonly adapter: string
  }
  readonly pics: ReportedPics
  readonly run: RunFacts
  /** Permutations by verdict. */
  readonly totals: Readonly<Record<Verdict, number>>
  /** Permutations that could not be judged although the implementation may well be right: by what they are lost to. */
  readonly lost: { readonly wire: number; readonly clock: number }
  readonly classes: readonly ClassResult[]
  /** What the suites ask of systems that the sources describe, by profile. */
  readonly profiles: readonly ProfileMeasure[]
  readonly requirements: readonly RequirementResult[]
  /** One row per permutation, in plan order; of a search, one for each kind of failure that it found. */
  readonly cases: readonly PermutationResult[]
  /** What the specification lets an implementation answer, and how often it did; absent of a search. */
  readonly answers?: readonly AnswerCount[]
  /** What became of the failures that were known before; absent where no baseline was given. */
  readonly baseline?: BaselineFacts
  /** What the gate says of it; absent where none was given. */
  readonly gate?: GateFacts
  /** What a search did, by interface; absent where declared cases were run. */
  readonly fuzz?: readonly FuzzFacts[]
  readonly exit: { readonly code: number; readonly why: string }
}

/** The baseline that a run was held against. */
export interface BaselineFacts {
  readonly entries: readonly BaselineStanding[]
}

/** One entry of a baseline, and what became of it. */
export interface BaselineStanding {
  readonly pattern: string
  readonly verdict: RanVerdict
  /** What is wrong with the permutations: the requirements that they break, or who found it. */
  readonly signature: string
  readonly reason: string
  readonly issue?: string
  /** The last day on which it is accepted, such as 2027-01-31. */
  readonly expires?: string
  /** How many permutations came out as it says. */
  readonly permutations: number
  /** Why it is not right any more, in plain words; empty if it is. */
  readonly problem: string
}

/** The gate that a run was held against. */
export interface GateFacts {
  readonly waivers: readonly WaiverStanding[]
  readonly policy: GatePolicy
  /** What became of each term of the policy. */
  readonly terms: readonly GateTerm[]
}

/** What a build asks of a run; what is absent it does not ask. */
export interface GatePolicy {
  /** The class of each interface that has to be conformant. */
  readonly classes?: Readonly<Record<string, string>>
  /** The least share of verified requirements, in percent. */
  readonly verified?: number
  /** The most permutations that may not apply. */
  readonly notApplicable?: number
  /** The most permutations that may fail once, and not again. */
  readonly unstable?: number
  /** Whether a permutation fails the build in which nothing but a SHOULD or a MAY is broken; it does unless said. */
  readonly warnings?: 'fail' | 'allowed'
  /** An earlier report, and how many permutations applied and passed there. */
  readonly atLeast?: { readonly report: string; readonly applicable: number; readonly passing: number }
}

/** One term of a gate, in plain words. */
export interface GateTerm {
  readonly term: string
  readonly asked: string
  readonly seen: string
  /** `not-judged`: only a whole run can tell. */
  readonly standing: 'met' | 'missed' | 'not-judged'
}

/** One waiver of a gate, and what became of it. */
export interface WaiverStanding extends Waiver {
  readonly requirement: string
  /** Why it is not right any more, in plain words; empty if it is. */
  readonly problem: string
}

/** What is asked of a system by what it declares. */
export interface ProfileMeasure {
  readonly name: string
  readonly title: string
  readonly words: string
  readonly interface: string
  /** The largest class that it is measured against. */
  readonly class: string
  readonly options: readonly { readonly name: string; readonly present: boolean; readonly why: string }[]
  /** Requirements of each class and those before it. */
  readonly classes: readonly { readonly class: string; readonly asked: number; readonly notAsked: number }[]
  /** Requirements that are not asked; `reason` follows the name of the system. */
  readonly excluded: readonly { readonly reason: string; readonly requirements: readonly string[] }[]
}

export interface KilledOf {
  readonly mutants: number
  readonly killed: number
}

export interface ReportedPics {
  readonly interfaces: readonly string[]
  readonly clock: string
  readonly wire: string
  readonly profile?: string
  readonly options: Readonly<Record<string, boolean>>
  readonly values: Readonly<Record<string, { readonly value: number; readonly least?: number; readonly most?: number }>>
}

/** One thing that an implementation may answer. */
export interface AnswerCount {
  readonly interface: string
  /** A return code of a call; a bit, or the operation, of a descriptor's Status; a VI's state; an asynchronous error. */
  readonly kind: 'code' | 'bit' | 'operation' | 'state' | 'error'
  /** The call; empty for what is not of one. */
  readonly of: string
  readonly name: string
  /** How often it was seen, in every run of every permutation. */
  readonly count: number
  /** Whether a whole run ought to show it: not if it does not apply, or if nothing is sure to bring it about. */
  readonly due: 'yes' | 'open' | 'not-applicable'
  /** Why it need not be seen; empty if it ought to be. */
  readonly why: string
}

/** One search for behaviour that is forbidden. */
export interface FuzzFacts {
  readonly interface: string
  readonly seed: number
  /** What it looked for most. */
  readonly focus?: string
  readonly runs: number
  readonly realMilliseconds: number
  /** Pairs of a host's state and what befell it, and of events, that were seen, and the run that showed a new one last. */
  readonly pairs: number
  readonly grownAt: number
  readonly failures: readonly FuzzFailure[]
}

export interface FuzzFailure {
  /** The name of its row. */
  readonly name: string
  /** The file of its case, for reading and committing. */
  readonly file: string
  /** Runs that failed in this way, and the first of them, from 1. */
  readonly count: number
  readonly run: number
  /** On what it depends: nothing, the order in which things went, or something that nobody handed in. */
  readonly label: 'deterministic' | 'schedule' | 'unsteady'
}

export interface RunFacts {
  readonly seed: number
  /** Patterns that selected cases; empty: everything. */
  readonly selection: readonly string[]
  /** Of a run that is cut into parts: which of how many; `selection` says so as well. */
  readonly shard?: { readonly part: number; readonly of: number }
  /** Flags on which it depends what came out, beside adapter, PICS and seed, by their names; absent if none was given. */
  readonly options?: Readonly<Record<string, string>>
  /** Of a report that was merged: the runs that it is made of. */
  readonly parts?: readonly PartFacts[]
  /** The command that makes this report again. */
  readonly command: string
  /** True when the run was cut short; rows that did not run are `skipped`. */
  readonly interrupted: boolean
  /** How many rows were taken over from an earlier part of the run, which had not come to its end; absent if none. */
  readonly resumed?: number
  /** Absent where none was: by a real clock, of a run that was cut short, or of one too small. */
  readonly playedTwice?: PlayedTwice
  /** ISO 8601. */
  readonly startedAt: string
  readonly realMilliseconds: number
  readonly environment: Readonly<Record<string, string>>
}

/** One run of several whose rows make a report. */
export interface PartFacts extends Pick<RunFacts, 'command' | 'startedAt' | 'realMilliseconds' | 'environment'> {
  /** How many rows are from it. */
  readonly permutations: number
}

/** One class of one interface, judged over the requirements of the class and all below it. */
export interface ClassResult {
  readonly interface: string
  readonly class: string
  readonly words: string
  readonly verdict: ClassVerdict
  /** Why the verdict is no better, in plain words; empty when conformant. */
  readonly why: string
  /** Counts of requirements of every keyword. applicable = verified + violated + partly + unverified (+ not assessed). */
  readonly applicable: number
  readonly verified: number
  readonly violated: number
  readonly partly: number
  readonly unverified: number
  readonly notApplicable: number
  readonly deferred: number
  readonly untestable: number
  /** Not verified, and excused for that by the gate; absent if none. */
  readonly waived?: number
  /** Not verified as we read them, and read otherwise by others; absent if none. */
  readonly disputed?: number
  /** What it would come to if nothing were waived or disputed; absent where nothing is. */
  readonly unexcused?: Pick<ClassResult, 'verdict' | 'why' | 'applicable' | 'verified' | 'violated'>
}

export interface RequirementResult {
  readonly id: string
  readonly interface: string
  readonly area: string
  readonly title: string
  readonly words: string
  readonly keyword: 'must' | 'should' | 'may'
  readonly class: string
  readonly basis: 'sourced' | 'recalled' | 'reading'
  readonly source: readonly string[]
  readonly clause: string
  readonly verdict: RequirementVerdict
  /** Why it is untestable, deferred, not applicable or only partly verified; empty otherwise. */
  readonly reason: string
  /** What it would come to if nothing were waived or disputed; absent where that is the same. */
  readonly unexcused?: RequirementVerdict
  /** Why the gate excuses it; absent unless it is waived. */
  readonly waiver?: Waiver
  /** How others read it; absent if nobody does. It is judged by our reading. */
  readonly dispute?: Dispute
  /** True while no mutant that violates it is known to be killed through it. */
  readonly weak: boolean
  /** Permutations in which an expectation pronounced on it, or a monitor had something of the kind to watch, by what came out. */
  readonly passed: number
  readonly failed: number
  readonly inconclusive: number
  /** Full ids `suite/case` that carry an expectation for it. */
  readonly cases: readonly string[]
}

/** Why a requirement need not be verified, as a gate says it. */
export interface Waiver {
  readonly reason: string
  readonly issue?: string
  /** The last day on which it is accepted, such as 2027-01-31. */
  readonly expires?: string
}

/** Two readings of one requirement. */
export interface Dispute {
  /** Who reads it otherwise, or where that is discussed. */
  readonly by: string
  /** A sentence each. */
  readonly ours: string
  readonly theirs: string
}

/** What one judge said of one thing that was expected. */
export interface Finding {
  readonly judge: 'expectation' | 'monitor' | 'model' | 'harness'
  readonly verdict: RanVerdict
  readonly requirements: readonly string[]
  /** What had to hold, in plain words. */
  readonly expected: string
  /** What was seen, in plain words. */
  readonly seen: string
  /** Where the suite says so: `suites/emp/loss.yaml:31:9`; absent for monitors. */
  readonly position?: string
  /** When it showed, in virtual nanoseconds; absent when it is about the whole run. */
  readonly at?: Instant
  /** The call whose answer shows it, by its id in the trace. */
  readonly call?: number
  /** It would be a failure if the clock were not a real one. */
  readonly lostTo?: 'clock'
  /** Where the judges contradict each other, what each says. */
  readonly opinions?: Opinions
}

/** What each of the three kinds of judges says of one thing. */
export interface Opinions {
  readonly model: string
  readonly monitors: string
  readonly expectations: string
}

/** A row of the report: what came of one permutation. */
export interface PermutationResult {
  /** The full name: `emp.loss/one-data-frame-lost/victim=0/roles=iut-iut`. */
  readonly name: string
  readonly suite: string
  readonly case: string
  readonly title: string
  readonly interface: string
  readonly class: string
  readonly axes: Readonly<Record<string, string>>
  readonly roles: string
  readonly seed: number
  readonly verdict: Verdict
  readonly blame: Blame
  /** Why it is not applicable, skipped or inconclusive, or the first line of what failed; empty for a pass. */
  readonly reason: string
  /** Why that it did not pass is accepted, and where it is followed up. */
  readonly known?: KnownReason
  /** Where it is not applicable or inconclusive only because of that: the wire is hidden, or the clock is real. */
  readonly lostTo?: 'clock' | 'wire'
  /** Of a failure that was played again: on what it depends. */
  readonly stability?: Stability
  /** Of several allowed outcomes the one that was met, and how it is labelled. */
  readonly outcome?: { readonly name: string; readonly label: 'conformant' | 'tolerated' }
  readonly findings: readonly Finding[]
  /** The sightings without which a pass would prove nothing. */
  readonly proves: readonly { readonly words: string; readonly seen: boolean; readonly count: number }[]
  /** Cases that are run many times: in how many orders, with how many frames as victims, or how often by a real clock; and what came out. */
  readonly exploration?: {
    readonly of: 'orders' | 'victims' | 'timings'
    readonly orders: number
    readonly bound: number
    readonly exhausted: boolean
    readonly outcomes: readonly { readonly name: string; readonly count: number }[]
  }
  readonly virtualNanoseconds: number
  readonly realMicroseconds: number
  readonly traceDigest: string
  /** The command that runs just this permutation again. */
  readonly repeat: string
  /** Everything a reader needs to understand what went wrong; only where the verdict is worse than pass. */
  readonly failure?: FailureDetail
}

/** What came of a failure when it was played again, alone, by the same seed, weather and choices. */
export interface Stability {
  /**
   * `deterministic`: it came out the same each time. `schedule`: so it did, but in another order it does not fail so. `clock`: by
   * a real clock it came and went. `environment`: by virtual time it came out otherwise, so that it depends on something that
   * nobody handed in.
   */
  readonly label: 'deterministic' | 'schedule' | 'clock' | 'environment'
  /** What was held against it: its trace, or, by a real clock, how it failed. */
  readonly by: 'trace' | 'failure'
  /** How often it came out the same, and of how many times. */
  readonly same: number
  readonly of: number
}

/** Some of the permutations of a run, played twice, to see whether the same comes out. */
export interface PlayedTwice {
  readonly sample: number
  readonly same: number
  /** Those that came out otherwise, and whom that rests on. */
  readonly different: readonly { readonly name: string; readonly blame: Blame }[]
}

/** Accepted by an entry of the baseline that says that it fails just so; or, if `by` says so, since all that is wrong is waived or disputed, or the gate allows for warnings or for what is unstable. */
export interface KnownReason {
  readonly reason: string
  readonly issue?: string
  readonly by?: 'waiver' | 'dispute' | 'warning' | 'unstable'
}

export interface FailureDetail {
  /** Rules and weather in plain words, in order. */
  readonly faultPlan: readonly string[]
  /** Every decision the fabric took. */
  readonly decisions: readonly FaultDecision[]
  readonly configuration: Readonly<Record<string, number>>
  readonly steps: readonly string[]
  readonly diagram: Diagram
  /** The same permutation with the reference in place of the implementation; absent where nobody asked for it. */
  readonly beside?: Beside
  /** The choices of a race, to be given to --schedule. */
  readonly schedule?: readonly number[]
  readonly stack?: string
  readonly stderr?: string
}

export interface FaultDecision {
  readonly time: Instant
  readonly frame: number
  readonly from: string
  readonly summary: string
  readonly fate: string
  readonly amount: number
  /** Number of the rule that hit, from 0, or -1 for weather. */
  readonly rule: number
}

/** A sequence diagram: hosts as columns, events from top to bottom. */
export interface Diagram {
  readonly hosts: readonly string[]
  readonly events: readonly DiagramEvent[]
  /** Events left out in the middle, so that the page stays readable. */
  readonly omitted: number
}

export type DiagramEvent =
  | { readonly kind: 'call'; readonly time: Instant; readonly host: number; readonly label: string }
  | { readonly kind: 'return'; readonly time: Instant; readonly host: number; readonly label: string }
  | { readonly kind: 'event'; readonly time: Instant; readonly host: number; readonly label: string }
  | {
      readonly kind: 'frame'
      readonly time: Instant
      readonly frame: number
      readonly from: number
      /** Undefined when it reached nobody. */
      readonly to?: number
      readonly arrivedAt?: Instant
      readonly label: string
      /** Fields as the layout dissects them, in order, each `name value`. */
      readonly fields: readonly string[]
      /** What happened to it: `` for nothing, else `dropped by rule 0`, `crafted` ... */
      readonly fate: string
    }
  | { readonly kind: 'note'; readonly time: Instant; readonly host: number; readonly label: string }

/**
 * What a run did beside one of the reference with the same seed, weather and schedule. The reference's way is one of several
 * that are allowed: where they part is a place to look, and need not be the fault.
 */
export type Beside =
  | {
      readonly kind: 'played'
      /** Until when both did the same, and what each did then. */
      readonly words: string
      /** What both did from shortly before they part; empty if they do not, or if that is left out. */
      readonly rows: readonly BesideRow[]
      /** The place of the row at which they part, from 0. */
      readonly parting?: number
      /** Events before and behind the rows that are left out. */
      readonly omittedBefore?: number
      readonly omittedAfter?: number
      /** The rows are left out: others of the case that did not pass have theirs. */
      readonly cut?: true
    }
  /** Why the reference cannot be played so, in plain words. */
  | { readonly kind: 'not-played'; readonly why: string }

/** What was done in one run, in the other, or in both. */
export interface BesideRow {
  readonly implementation?: DiagramEvent
  readonly reference?: DiagramEvent
  /** Both did the same, if perhaps not at the same time. */
  readonly same: boolean
}

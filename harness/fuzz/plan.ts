// What the fuzzer draws: one run as data, and nothing in it is left to chance.
import type { Fate } from '../../spec/vocabulary/faults.ts'

/**
 * Something that a drawn program does: what, and numbers to which its interface gives a meaning. Any numbers mean something,
 * so that a plan stays one whatever is changed, left out or put together.
 */
export type Move = { readonly act: string } & { readonly [argument: string]: string | number }

/** What befalls the n-th frame of a host, or its link. */
export type Mishap = {
  readonly fate: MishapFate
  readonly host: number
  /** The frame, counted from 0 over all that the host sends; of a partition, when it begins. */
  readonly ordinal: number
  /** Not 0: only frames are counted that are as long as the wire takes, which belong to messages of several; a partition begins in finer steps. */
  readonly full: number
  /** How much of it, as its fate says. */
  readonly amount: number
}

/** Everything but what the switch does by itself. */
export const mishapFates = ['drop', 'duplicate', 'delay', 'reorder', 'corrupt', 'partition'] as const satisfies Fate[]
export type MishapFate = (typeof mishapFates)[number]

/** A run is a pure function of its plan and of the implementation. */
export interface Plan<Drawn extends Move = Move> {
  /** How many hosts there are. */
  readonly hosts: number
  /** Which of its interface's settings the hosts have. */
  readonly setting: number
  readonly seed: number
  readonly moves: readonly Drawn[]
  readonly mishaps: readonly Mishap[]
  /** Who goes next where several could; the first when they are used up. Empty: hosts are not stepped. */
  readonly choices: readonly number[]
}

/** The fewest and the most hosts of a plan. */
export const hostsMin = 2
export const hostsMax = 8

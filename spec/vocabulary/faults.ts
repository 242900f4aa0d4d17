// What can go wrong on a link, as data: rules that hit stated frames, and weather that hits any.
import type { Duration, Instant, NodeIndex } from './units.ts'

/** What the fabric may do to a frame. The number in a comment is what `amount` means. */
export const fates = [
  'drop',
  'duplicate', // copies more
  'delay', // nanoseconds more
  'reorder', // how many later frames of the same link go first
  'corrupt', // damaged on the wire: the receiving NIC's FCS drops it
  'partition', // dropped because the link is cut
  'unroutable', // no host has the destination address (never a rule: the switch's own doing)
] as const
export type Fate = (typeof fates)[number]

/** One ordered rule. A frame is hit by the first rule that matches it. Absent members match everything. */
export interface FaultRule {
  readonly fate: Exclude<Fate, 'unroutable'>
  /** See `fates`; 0 where the fate takes none. */
  readonly amount: number
  /** The link: frames sent by this host, and addressed to that one. */
  readonly from?: NodeIndex
  readonly to?: NodeIndex
  /** The n-th frame that this host sends, from 0. */
  readonly ordinal?: number
  /** Frame length in octets, Ethernet header included. */
  readonly octets?: number
  /** The next three need a classifier of the wire. `message`: the n-th message first seen from that sender, from 1. */
  readonly type?: string
  readonly message?: number
  readonly frame?: number | 'last'
  /** Only the n-th match, from 1; absent: every match. */
  readonly occurrence?: number
  /** Only frames sent at or after, and before, these instants. */
  readonly after?: Instant
  readonly before?: Instant
}

/** Seeded weather: each probability is between 0 and 1 and is drawn for every frame that no rule hit. */
export interface Weather {
  readonly loss: number
  readonly duplicate: number
  readonly corrupt: number
  readonly reorder: number
  /** The most later frames that may overtake a reordered one. */
  readonly reorderSpan: number
  readonly delay: number
  readonly delayMax: Duration
  /** Calm before this instant; absent: never. */
  readonly after?: Instant
  /** Calm from this instant on; absent: never. */
  readonly until?: Instant
}

/** What a classifier can say of a frame, from the layouts of its wire profile. */
export interface FrameClass {
  readonly type: string
  /** Whether it is about a message of the host that it goes to, not of the one that sends it. */
  readonly answers: boolean
  /** The wire's message ID. */
  readonly message: number
  readonly frame: number
  /** Number of frames of the message where the frame says so (its first frame), else undefined. */
  readonly frames?: number | undefined
}

/** The longest frame that a link carries, in octets: a jumbo frame with its Ethernet header, rounded up. */
export const frameOctetsMax = 9088

/** Octets that every frame costs on its link beside those that are seen: preamble, FCS and the gap between frames. */
export const unseenOctets = 24

/** The link of every host: what the switch does to each frame. */
export interface LinkSetting {
  readonly bitsPerSecond: number
  /** From the last bit sent to the first seen by the receiver, the switch included. */
  readonly delay: Duration
}

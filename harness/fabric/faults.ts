// Decides what happens to each frame: the first rule that matches, else the weather. Decisions are returned, never hidden.
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import type { Fate, FaultRule, FrameClass, Weather } from '../../spec/vocabulary/faults.ts'
import type { Instant, NodeIndex } from '../../spec/vocabulary/units.ts'

/** Tells type, message and frame number of a frame; undefined for what is no frame of the wire profile. */
export type Classify = (octets: Uint8Array, length: number) => FrameClass | undefined

/** A frame on its way into the fabric. */
export interface FrameAtLink {
  readonly octets: Uint8Array
  readonly length: number
  readonly from: NodeIndex
  /** -1 when no host has the destination address. */
  readonly to: NodeIndex
  readonly now: Instant
}

/** How many values a draw of 32 bits has. */
const drawRange = 2 ** 32

/** How many message IDs there may be: no wire has more than 32 bits for them. */
const messageIds = 2 ** 32

export class Faults {
  /** What the last `decide` decided; `rule` is -1 for weather. Valid when it returned true. */
  fate: Fate = 'drop'
  amount = 0
  rule = -1

  private rules: readonly FaultRule[] = []
  private weather: Weather | undefined
  private classify: Classify | undefined
  private readonly matches: number[] = []
  private readonly ordinals: number[] = []
  private readonly streams: RandomGenerator[] = []
  /** Messages of each sender in the order in which they were first seen: (destination, message ID) as one number. */
  private readonly messages: Map<number, number>[] = []
  /** Number of frames of a message, by sender and message, once its first frame was seen. */
  private readonly sizes: Map<number, number>[] = []

  /** Starts over with another plan. `classify` is needed only when a rule names type, message or frame. */
  begin(plan: {
    hosts: number
    rules: readonly FaultRule[]
    weather: Weather | undefined
    seed: number
    classify: Classify | undefined
  }): void {
    this.rules = plan.rules
    this.weather = plan.weather
    const classified = plan.rules.some(
      (rule) => rule.type !== undefined || rule.message !== undefined || rule.frame !== undefined,
    )
    this.classify = classified ? plan.classify : undefined
    this.matches.length = 0
    for (let i = 0; i < plan.rules.length; i++) this.matches.push(0)
    this.ordinals.length = this.streams.length = this.messages.length = this.sizes.length = 0
    for (let node = 0; node < plan.hosts; node++) {
      this.ordinals.push(0)
      this.messages.push(new Map())
      this.sizes.push(new Map())
      // Each link draws from a stream of its own, so that traffic elsewhere shifts nothing here.
      if (plan.weather) this.streams.push(xoroshiro128plus((plan.seed ^ Math.imul(node + 1, 0x9e3779b9)) | 0))
    }
  }

  /** True when something happens to the frame; then `fate`, `amount` and `rule` say what and why. */
  decide(frame: FrameAtLink): boolean {
    const ordinal = this.ordinals[frame.from] ?? 0
    this.ordinals[frame.from] = ordinal + 1
    const seen = this.classify?.(frame.octets, frame.length)
    const known = { ordinal, seen, message: seen ? this.messageOrdinal(frame, seen) : 0 }
    for (let i = 0; i < this.rules.length; i++) {
      const rule = this.rules[i]
      if (!rule || !this.matchesFrame(rule, frame, known)) continue
      const match = (this.matches[i] ?? 0) + 1
      this.matches[i] = match
      if (rule.occurrence !== undefined && rule.occurrence !== match) continue
      this.fate = rule.fate
      this.amount = rule.amount
      this.rule = i
      return true
    }
    return this.weather !== undefined && this.drawWeather(this.weather, frame)
  }

  /** Frames that a rule could have hit since `begin`, were it not for the occurrence that it asks for. */
  matchedBy(rule: number): number {
    return this.matches[rule] ?? 0
  }

  private matchesFrame(
    rule: FaultRule,
    frame: FrameAtLink,
    known: { ordinal: number; seen: FrameClass | undefined; message: number },
  ): boolean {
    if (rule.from !== undefined && rule.from !== frame.from) return false
    if (rule.to !== undefined && rule.to !== frame.to) return false
    if (rule.ordinal !== undefined && rule.ordinal !== known.ordinal) return false
    if (rule.octets !== undefined && rule.octets !== frame.length) return false
    if (rule.after !== undefined && frame.now < rule.after) return false
    if (rule.before !== undefined && frame.now >= rule.before) return false
    if (rule.type !== undefined && rule.type !== known.seen?.type) return false
    if (rule.message !== undefined && rule.message !== known.message) return false
    if (rule.frame === undefined) return true
    return (
      known.seen !== undefined &&
      (rule.frame === 'last' ? this.isLast(frame, known.seen) : rule.frame === known.seen.frame)
    )
  }

  /** Which message this frame is about, from 1 for each sender; 0 for an answer to one that was never seen. */
  private messageOrdinal(frame: FrameAtLink, seen: FrameClass): number {
    const sender = seen.answers ? frame.to : frame.from
    const messages = this.messages[sender]
    if (!messages) return 0
    const key = messageKey(seen.answers ? frame.from : frame.to, seen.message)
    const known = messages.get(key)
    if (seen.frames !== undefined) this.sizes[sender]?.set(key, seen.frames)
    if (known !== undefined || seen.answers) return known ?? 0
    messages.set(key, messages.size + 1)
    return messages.size
  }

  private isLast(frame: FrameAtLink, seen: FrameClass): boolean {
    const sizes = this.sizes[seen.answers ? frame.to : frame.from]
    return sizes?.get(messageKey(seen.answers ? frame.from : frame.to, seen.message)) === seen.frame + 1
  }

  /** Draws as many times for every frame that it draws for, so that changing one probability shifts no other decision. */
  private drawWeather(weather: Weather, frame: FrameAtLink): boolean {
    const stream = this.streams[frame.from]
    if (!stream || frame.now < (weather.after ?? 0) || frame.now >= (weather.until ?? Infinity)) return false
    const loss = draw(stream)
    const corrupt = draw(stream)
    const duplicate = draw(stream)
    const reorder = draw(stream)
    const delay = draw(stream)
    const share = draw(stream)
    this.rule = -1
    if (loss < weather.loss) return this.decided('drop', 0)
    if (corrupt < weather.corrupt) return this.decided('corrupt', 0)
    if (duplicate < weather.duplicate) return this.decided('duplicate', 1)
    if (reorder < weather.reorder) return this.decided('reorder', 1 + Math.floor(share * weather.reorderSpan))
    if (delay < weather.delay) return this.decided('delay', Math.ceil(share * weather.delayMax))
    return false
  }

  private decided(fate: Fate, amount: number): true {
    this.fate = fate
    this.amount = amount
    return true
  }
}

/** A message ID (32 bits) and the other host, as one number that is exact in 53 bits. */
function messageKey(peer: number, message: number): number {
  return (peer + 1) * messageIds + message
}

/** A share: at least 0, and less than 1. */
function draw(stream: RandomGenerator): number {
  return (stream.next() >>> 0) / drawRange
}

// Numbers the messages of every sender from 1 in the order in which they were first seen, and knows their last frames.
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'

/** What of a frame tells its message. */
export interface MessageFrame {
  readonly from: NodeIndex
  readonly to: NodeIndex | undefined
  readonly type: string | undefined
  readonly message: number
  readonly frame: number
  readonly crafted: boolean
  readonly dissection: { readonly fields: Readonly<Record<string, number>> }
}

/** Names a message: IDs are counted for each pair of hosts. */
export function messageKey(from: NodeIndex | undefined, to: NodeIndex | undefined, message: number): string {
  return `${from ?? '?'}>${to ?? '?'}#${message}`
}

/** The message that a frame belongs to; for an acknowledgement, the peer's message that it answers. */
export function keyOf(frame: MessageFrame): string {
  return frame.type === 'acknowledgement'
    ? messageKey(frame.to, frame.from, frame.message)
    : messageKey(frame.from, frame.to, frame.message)
}

export class MessageOrdinals {
  /** Messages that hosts sent, and the same with crafted ones among them. */
  private readonly own = new Map<string, number>()
  private readonly all = new Map<string, number>()
  private readonly ownCounts = new Map<NodeIndex, number>()
  private readonly allCounts = new Map<NodeIndex, number>()
  private readonly lastFrames = new Map<string, { frame: number; crafted: boolean }>()

  see(frame: MessageFrame): void {
    if (frame.type !== 'data') return
    const key = keyOf(frame)
    number(this.all, this.allCounts, frame.from, key)
    if (!frame.crafted) number(this.own, this.ownCounts, frame.from, key)
    const { frames } = frame.dissection.fields
    const known = this.lastFrames.get(key)
    if (frame.frame !== 0 || frames === undefined || (known && (!known.crafted || frame.crafted))) return
    this.lastFrames.set(key, { frame: frames - 1, crafted: frame.crafted })
  }

  /** The ordinal of a frame's message. `crafted`: counted with crafted messages among the others. */
  of(frame: MessageFrame, crafted: boolean): number | undefined {
    const key = keyOf(frame)
    const own = this.own.get(key)
    if (!crafted && own !== undefined) return own
    const sender = frame.type === 'acknowledgement' ? frame.to : frame.from
    const sentAny = sender !== undefined && this.ownCounts.has(sender)
    return crafted || !sentAny ? this.all.get(key) : undefined
  }

  /** The number of the last frame of a frame's message, once its frame 0 was seen. */
  lastFrame(frame: MessageFrame): number | undefined {
    return this.lastFrames.get(keyOf(frame))?.frame
  }

  ownOrdinal(key: string): number | undefined {
    return this.own.get(key)
  }
}

function number(ordinals: Map<string, number>, counts: Map<NodeIndex, number>, from: NodeIndex, key: string): void {
  if (ordinals.has(key)) return
  const next = (counts.get(from) ?? 0) + 1
  counts.set(from, next)
  ordinals.set(key, next)
}

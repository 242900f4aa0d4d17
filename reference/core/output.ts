// What an endpoint did since the last drain, in order: frames, returns and events.
import type { ProviderEvent, Return } from '../../spec/vocabulary/calls.ts'
import type { OutputSink } from '../../spec/vocabulary/endpoint.ts'
import type { Memory } from './memory.ts'
import { outputSlots, slotOctets } from './staging.ts'

/** Frames wait in staging slots, shown through views made once; the rest in a list that keeps its length. */
export class Output {
  private readonly memory: Memory
  private readonly slotOctets: number
  /** Views of the slots in `viewed`, the arena that they were made for. */
  private views: Uint8Array[] = []
  private viewed: Uint8Array
  /** A number stands for a frame and is its length. */
  private readonly items: (number | Return | ProviderEvent)[] = []
  private count = 0
  private framesIn = 0
  private framesOut = 0

  constructor(memory: Memory, frameOctets: number) {
    this.memory = memory
    this.slotOctets = slotOctets(frameOctets)
    this.viewed = memory.octets
  }

  clear(): void {
    this.count = 0
    this.framesIn = 0
    this.framesOut = 0
    this.items.length = 0
  }

  /** Whether another frame fits. */
  get room(): boolean {
    return this.framesIn - this.framesOut < outputSlots
  }

  /** Arena place of the slot that the next frame is written to. */
  get nextFrame(): number {
    return (this.framesIn & (outputSlots - 1)) * this.slotOctets
  }

  /** The frame at `nextFrame` is ready, `length` octets long. */
  frame(length: number): void {
    this.framesIn++
    this.items[this.count++] = length
  }

  returned(answer: Return): void {
    this.items[this.count++] = answer
  }

  event(event: ProviderEvent): void {
    this.items[this.count++] = event
  }

  /** Hands all out and forgets it. */
  flush(sink: OutputSink): void {
    for (let i = 0; i < this.count; i++) {
      const item = this.items[i]
      if (typeof item === 'number') this.flushFrame(sink, item)
      else if (item && 'event' in item) sink.event(item)
      else if (item) sink.returned(item)
    }
    this.count = 0
    this.framesIn = 0
    this.framesOut = 0
  }

  private flushFrame(sink: OutputSink, length: number): void {
    if (this.viewed !== this.memory.octets) {
      this.viewed = this.memory.octets
      this.views = []
    }
    const slot = this.framesOut & (outputSlots - 1)
    const view = (this.views[slot] ??= this.viewed.subarray(slot * this.slotOctets, (slot + 1) * this.slotOctets))
    sink.frame(view, length)
    this.framesOut++
  }
}

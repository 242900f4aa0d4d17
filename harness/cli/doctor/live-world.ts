// A world that goes by the adapter's own clock: inputs one by one, what is told unasked, and a wire that loses nothing.
import type { Conversation } from '../../../adapters/process/conversation.ts'
import { Hearing } from '../../../adapters/process/live.ts'
import { ask } from '../../../adapters/process/question.ts'
import { readTaken, writeOctets } from '../../../adapters/process/turn-members.ts'
import type { Return } from '../../../spec/vocabulary/calls.ts'
import { millisecond, type Instant, type NodeIndex } from '../../../spec/vocabulary/units.ts'
import { destinationOf } from '../../fabric/address.ts'
import { askedWith, hostNames, type CallManner, type CallMembers, type Deed, type World } from './world.ts'

/** How long a return may take that does not wait for anything. */
const promptness = 1000 * millisecond
/** So long without anything told, a world counts as quiet; and so long is waited for that at most. */
const quiet = 200 * millisecond
const settlingMax = 3000 * millisecond

export class LiveWorld implements World {
  readonly deeds: Deed[] = []
  private readonly conversation: Conversation
  private readonly hearing: Hearing
  private lastCall = 0

  /** Of a world that was opened just now, before another line is read. */
  constructor(conversation: Conversation, nodes: readonly NodeIndex[]) {
    this.conversation = conversation
    this.hearing = new Hearing(conversation, nodes)
  }

  async call(
    node: NodeIndex,
    body: CallMembers,
    { thread = 0, waits = false }: CallManner = {},
  ): Promise<Return | undefined> {
    const id = ++this.lastCall
    await this.give(node, { kind: 'call', id, thread, ...body })
    return waits ? undefined : this.returnOf(id)
  }

  /** Hands over an input; the adapter's instant at which it was taken. */
  give(node: NodeIndex, input: Readonly<Record<string, unknown>>): Promise<Instant> {
    const question = { op: 'input', what: askedWith('input', input), members: { endpoint: node, input } }
    return ask(this.conversation, { ...question, read: readTaken })
  }

  async settle(): Promise<void> {
    const end = nanoseconds() + settlingMax
    while (nanoseconds() < end) if (!(await this.hear(quiet))) return
  }

  private async returnOf(id: number): Promise<Return | undefined> {
    const end = nanoseconds() + promptness
    do {
      for (const { output } of this.deeds) {
        if (output.kind === 'return' && output.answer.id === id) return output.answer
      }
    } while (await this.hear(end - nanoseconds()))
    return undefined
  }

  /** Takes what is told within so long, and carries its frames; false if nothing is. */
  private async hear(within: number): Promise<boolean> {
    if (within <= 0) return false
    const heard = await this.hearing.hear(within)
    for (const { endpoint, output } of heard) {
      this.deeds.push({ node: endpoint, output })
      if (output.kind !== 'frame') continue
      const to = destinationOf(output.octets, hostNames.length)
      if (to >= 0) await this.give(to, { kind: 'frame', octets: writeOctets(output.octets) })
    }
    return heard.length > 0
  }
}

/** Of the harness' own clock. */
function nanoseconds(): number {
  return performance.now() * millisecond
}

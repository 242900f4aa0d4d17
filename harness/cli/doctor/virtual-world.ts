// A world whose time the harness owns: turns with its hosts, a wire that loses nothing, and every answer kept.
import type { Conversation } from '../../../adapters/process/conversation.ts'
import { ask, ignore } from '../../../adapters/process/question.ts'
import { writeSeeds } from '../../../adapters/process/protocol.ts'
import { readTurnAnswer, writeOctets } from '../../../adapters/process/turn-members.ts'
import type { Return } from '../../../spec/vocabulary/calls.ts'
import type { Instant, NodeIndex } from '../../../spec/vocabulary/units.ts'
import { destinationOf } from '../../fabric/address.ts'
import type { TurnAnswer } from '../../subject/turn.ts'
import { askedWith, hostNames, type CallManner, type CallMembers, type Deed, type World } from './world.ts'

/** How long a frame is on its way. */
const flight = 5_000
/** More happenings than any exchange of a check needs. */
const happeningsMax = 400

type Input = Readonly<Record<string, unknown>>

export class VirtualWorld implements World {
  readonly deeds: Deed[] = []
  /** Every answer to a turn, as text, in order. */
  readonly answers: string[] = []
  now: Instant = 0
  private readonly conversation: Conversation
  /** Its number among the worlds of the process. */
  private readonly world: number
  private readonly deadlines = new Map<NodeIndex, Instant>()
  private readonly frames: { readonly to: NodeIndex; readonly octets: Uint8Array }[] = []
  private lastCall = 0

  constructor(conversation: Conversation, world: number) {
    this.conversation = conversation
    this.world = world
  }

  async call(node: NodeIndex, body: CallMembers, { thread = 0 }: CallManner = {}): Promise<Return | undefined> {
    const id = ++this.lastCall
    const { outputs } = await this.turn(node, [{ kind: 'call', id, thread, ...body }])
    for (const output of outputs) if (output.kind === 'return' && output.answer.id === id) return output.answer
    return undefined
  }

  /** One turn with a host, now. */
  async turn(node: NodeIndex, inputs: readonly Input[]): Promise<TurnAnswer> {
    const { world } = this
    const members = { now: this.now, endpoint: node, inputs }
    const read = (ok: Readonly<Record<string, unknown>>): TurnAnswer => {
      this.answers.push(JSON.stringify(ok))
      return readTurnAnswer(ok)
    }
    const what = askedWith('turn', inputs[0])
    const answer = await ask(this.conversation, { op: 'turn', world, what, members, read })
    if (answer.wakeAt === null) this.deadlines.delete(node)
    else this.deadlines.set(node, answer.wakeAt)
    for (const output of answer.outputs) {
      this.deeds.push({ node, output })
      if (output.kind !== 'frame') continue
      const to = destinationOf(output.octets, hostNames.length)
      if (to >= 0) this.frames.push({ to, octets: output.octets })
    }
    return answer
  }

  async settle(): Promise<void> {
    for (let happenings = 0; happenings < happeningsMax; happenings++) if (!(await this.happen())) return
  }

  /** Every host is fresh again, as after an `open` with this seed; time begins anew. */
  async reset(seed: number): Promise<void> {
    const members = writeSeeds(hostNames.map((_, node) => ({ node, seed })))
    await ask(this.conversation, { op: 'reset', world: this.world, members, read: ignore })
    this.now = this.lastCall = 0
    this.deadlines.clear()
    for (const list of [this.deeds, this.answers, this.frames]) list.length = 0
  }

  /** The next frame arrives, or the earliest deadline comes; false if there is neither. */
  private async happen(): Promise<boolean> {
    const frame = this.frames.shift()
    if (frame) {
      this.now += flight
      await this.turn(frame.to, [{ kind: 'frame', octets: writeOctets(frame.octets) }])
      return true
    }
    return this.pass()
  }

  /** The earliest deadline comes, before any frame does; false if there is none. */
  async pass(): Promise<boolean> {
    const [first] = [...this.deadlines].toSorted(([, one], [, other]) => one - other)
    if (!first) return false
    const [node, deadline] = first
    this.now = Math.max(this.now, deadline)
    await this.turn(node, [{ kind: 'wake' }])
    return true
  }
}

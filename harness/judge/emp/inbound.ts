// What came for one host, and what its receives have told of which message each took: also where any node or tag is named.
import type { Instant, NodeIndex } from '../../../spec/vocabulary/units.ts'
import { empAny } from '../../../spec/vocabulary/emp.ts'
import type { PostedSeen } from '../seen/history.ts'
import type { Course } from './course.ts'

/** A message for a host. Records and instants are Infinity for what did not happen. */
export interface Incoming {
  /** May be the host itself. */
  readonly from: NodeIndex
  /** Its place among the messages of its sender to this host. */
  readonly place: number
  readonly tag: number
  readonly bytes: number
  /** Its header came, or it was posted, if it is to oneself. */
  readonly came: number
  /** Its header, and those of all earlier messages of its sender, had come: before that no receive may take it. */
  readonly released: number
  readonly releasedAt: Instant
  /** The first acknowledgement of it: by then a receive had taken it. */
  readonly answered: number
  /** Undefined for a message to oneself. */
  readonly course: Course | undefined
}

/** What is needed of a story. */
export interface InboundInput {
  readonly node: NodeIndex
  /** Messages of others to the host; those of one sender in the order of their places. */
  readonly courses: readonly Course[]
  /** Sends of the host to itself, in the order of posting. */
  readonly ownSends: readonly PostedSeen[]
  /** Its receives that were neither refused nor withdrawn. */
  readonly receives: readonly PostedSeen[]
}

export class Inbound {
  readonly messages: readonly Incoming[]
  readonly receives: readonly PostedSeen[]
  /** Of a receive that is done: the messages that it may have taken, by what was told of it. */
  private readonly taken: ReadonlyMap<PostedSeen, readonly Incoming[]>
  /** Of a message: the receive that took it, where only this one can have. */
  private readonly takers = new Map<Incoming, PostedSeen>()

  private constructor(
    messages: readonly Incoming[],
    taken: ReadonlyMap<PostedSeen, readonly Incoming[]>,
    receives: readonly PostedSeen[],
  ) {
    this.messages = messages
    this.taken = taken
    this.receives = receives
    for (const [receive, [only, ...others]] of taken) {
      if (only && others.length === 0) this.takers.set(only, receive)
    }
  }

  /** Undefined where messages are not known, or a receive tells of what nobody sent. */
  static of(input: InboundInput): Inbound | undefined {
    const messages = messagesFor(input)
    if (!messages) return undefined
    const taken = new Map<PostedSeen, readonly Incoming[]>()
    for (const receive of input.receives) {
      const [done] = receive.completions
      if (!done) continue
      const { peer, tag, bytes } = done.completion
      const may = messages.filter(
        (each) => each.from === peer && each.tag === tag && each.bytes === bytes && each.came < done.record,
      )
      if (may.length === 0) return undefined
      taken.set(receive, may)
    }
    return new Inbound(messages, taken, input.receives)
  }

  /** Messages that a receive which was told to be done may have taken; undefined if it was not. */
  takenBy(receive: PostedSeen): readonly Incoming[] | undefined {
    return this.taken.get(receive)
  }

  /** The receive that has told that it took a message, where nothing else can be meant. */
  takerOf(message: Incoming): PostedSeen | undefined {
    return this.takers.get(message)
  }

  /** Whether a receive that is compatible with a message may have taken it, by all that was told to the end. */
  mayHold(receive: PostedSeen, message: Incoming): boolean {
    if (!isCompatible(receive, message)) return false
    const taken = this.taken.get(receive)
    if (taken) return taken.includes(message)
    return !this.takers.has(message)
  }
}

/** Whether a receive, or a probe, is for such a message (R6, R18). */
export function isCompatible(
  { peer, tag }: Pick<PostedSeen, 'peer' | 'tag'>,
  message: Pick<Incoming, 'from' | 'tag'>,
): boolean {
  return (peer === message.from || peer === empAny) && (tag === message.tag || tag === empAny)
}

function messagesFor({ node, courses, ownSends }: InboundInput): readonly Incoming[] | undefined {
  const messages: Incoming[] = []
  const before = new Map<NodeIndex, Incoming>()
  for (const course of courses) {
    const { from, place, header, headerArrived, message } = course
    if (!header) return undefined
    const last = before.get(from)
    const isNext = place === (last ? last.place + 1 : 0)
    const incoming: Incoming = {
      from,
      place,
      tag: header.tag,
      bytes: header.total,
      came: headerArrived?.record ?? Infinity,
      released: isNext ? Math.max(last?.released ?? 0, headerArrived?.record ?? Infinity) : Infinity,
      releasedAt: isNext ? Math.max(last?.releasedAt ?? 0, headerArrived?.time ?? Infinity) : Infinity,
      answered: message.acknowledgements[0]?.record ?? Infinity,
      course,
    }
    before.set(from, incoming)
    messages.push(incoming)
  }
  for (const [place, { tag, bytes, call }] of ownSends.entries()) {
    messages.push({
      from: node,
      place,
      tag,
      bytes,
      came: call.record,
      released: call.record,
      releasedAt: call.answer?.time ?? Infinity,
      answered: Infinity,
      course: undefined,
    })
  }
  return messages
}

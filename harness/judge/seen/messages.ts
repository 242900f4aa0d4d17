// The messages of a run, each with its transmissions, what arrived of it, and its acknowledgements.
import type { Instant, NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { ArrivalSeen, FrameSeen, History } from './history.ts'
import { messageKey } from './message-ordinals.ts'

export interface MessageHeader {
  readonly total: number
  readonly frames: number
  readonly tag: number
}

/** Something that happened to one frame number of a message. */
export interface FrameMoment {
  readonly frame: number
  readonly record: number
  readonly time: Instant
}

export interface MessageSeen {
  readonly from: NodeIndex
  readonly to: NodeIndex | undefined
  readonly id: number
  /** Among the messages of its sender, from 1; undefined when only crafted frames name it. */
  readonly ordinal: number | undefined
  /** As the first frame 0 says that its sender sent. */
  header: MessageHeader | undefined
  /** Transmissions by frame number, crafted ones left out. */
  readonly sent: Map<number, FrameSeen[]>
  /** Arrivals of data at the receiver, crafted frames included. */
  readonly arrived: FrameMoment[]
  /** What the receiver sent, crafted ones left out. */
  readonly acknowledgements: FrameSeen[]
  /** Acknowledgements that reached the sender, crafted ones included. */
  readonly acknowledged: FrameMoment[]
  /** Data, or acknowledgements, were crafted in its name. */
  dataCrafted: boolean
  acknowledgementCrafted: boolean
}

export interface MessageTable {
  readonly byKey: ReadonlyMap<string, MessageSeen>
  /** Messages that a host sent, in order of first appearance. */
  readonly sent: readonly MessageSeen[]
  /** Pairs of hosts, `from>to`, between which data was crafted. */
  readonly craftedPairs: ReadonlySet<string>
}

export function pairKey(from: NodeIndex | undefined, to: NodeIndex | undefined): string {
  return `${from ?? '?'}>${to ?? '?'}`
}

export function messageTable(history: History): MessageTable {
  const byKey = new Map<string, MessageSeen>()
  const craftedPairs = new Set<string>()
  const find = (from: NodeIndex, to: NodeIndex | undefined, id: number): MessageSeen => {
    const key = messageKey(from, to, id)
    const known = byKey.get(key)
    if (known) return known
    const fresh = emptyMessage({ from, to, id, ordinal: history.ordinals.ownOrdinal(key) })
    byKey.set(key, fresh)
    return fresh
  }
  for (const frame of history.frames) {
    if (frame.type === 'data') {
      const message = find(frame.from, frame.to, frame.message)
      if (frame.crafted) {
        message.dataCrafted = true
        craftedPairs.add(pairKey(frame.from, frame.to))
        craftedPairs.add(pairKey(frame.dissection.fields['sender'], frame.to))
      } else addTransmission(message, frame)
    } else if (frame.type === 'acknowledgement' && frame.to !== undefined) {
      const message = find(frame.to, frame.from, frame.message)
      if (frame.crafted) message.acknowledgementCrafted = true
      else message.acknowledgements.push(frame)
    }
  }
  for (const arrival of history.arrivals) addArrival(arrival, find)
  return { byKey, sent: [...byKey.values()].filter((message) => message.sent.size > 0), craftedPairs }
}

/** The n-th message that `from` sent, to whomever. */
export function nthMessage(table: MessageTable, from: NodeIndex, ordinal: number): MessageSeen | undefined {
  return table.sent.find((message) => message.from === from && message.ordinal === ordinal)
}

/** The header that a data frame carries. */
export function headerOf(frame: Pick<FrameSeen, 'dissection'>): MessageHeader | undefined {
  const { total, frames, tag } = frame.dissection.fields
  return total === undefined || frames === undefined || tag === undefined ? undefined : { total, frames, tag }
}

function emptyMessage(name: Pick<MessageSeen, 'from' | 'to' | 'id' | 'ordinal'>): MessageSeen {
  return {
    header: undefined,
    sent: new Map(),
    arrived: [],
    acknowledgements: [],
    acknowledged: [],
    dataCrafted: false,
    acknowledgementCrafted: false,
    ...name,
  }
}

function addTransmission(message: MessageSeen, frame: FrameSeen): void {
  const known = message.sent.get(frame.frame)
  if (known) known.push(frame)
  else message.sent.set(frame.frame, [frame])
  if (frame.frame === 0) message.header ??= headerOf(frame)
}

function addArrival(
  arrival: ArrivalSeen,
  find: (from: NodeIndex, to: NodeIndex | undefined, id: number) => MessageSeen,
): void {
  const { frame, node, record, time } = arrival
  // What is addressed to somebody else has not come to this host, though it was handed over.
  if (frame.crafted && frame.to !== node) return
  const moment = { frame: frame.frame, record, time }
  if (frame.type === 'data') {
    find(frame.from, node, frame.message).arrived.push(moment)
    const { sender } = frame.dissection.fields
    if (!frame.crafted || sender === undefined || sender === frame.from) return
    // Whom the receiver takes for the sender depends on its checks; what is crafted is read both ways.
    const claimed = find(sender, node, frame.message)
    claimed.arrived.push(moment)
    claimed.dataCrafted = true
  } else if (frame.type === 'acknowledgement' && namesItsSender(frame)) {
    find(node, frame.from, frame.message).acknowledged.push(moment)
  }
}

/** A frame whose sender is not the host that it came from is malformed (R12): a right NIC drops it. */
function namesItsSender({ dissection, from }: FrameSeen): boolean {
  return dissection.fields['sender'] === from
}

// The invariant of octets that are sent again: they stand in the memory of the host, which may have changed them.
import { writePattern, type MemoryCall, type Range } from '../../../../spec/vocabulary/memory.ts'
import type { Cutting } from '../../emp/cutting.ts'
import type { Course } from '../../emp/course.ts'
import { returned, type CallSeen, type FrameSeen, type PostedSeen } from '../../seen/history.ts'
import { overlap } from '../../memory/ranges.ts'
import type { View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Breach, Monitor } from '../monitor.ts'
import { frameWords } from './frames.ts'

export const sameAgain: Monitor = {
  name: 'same-again',
  words: 'a frame that is sent again carries the octets that stand in the memory of its host',
  requirements: ['EMP-FRAME-004', 'EMP-MEM-002'],
  needsWire: true,
  watch(view, watching) {
    const isWritten = view.history.calls.some(isWrite)
    for (const course of view.emp.courses) {
      const { send, message } = course
      if (!course.isRepeated || !send) continue
      const writes = isWritten ? writesTo(view, send) : none
      watching.watched(course.from, writes.length === 0 ? 'EMP-FRAME-004' : 'EMP-MEM-002')
      for (const sent of message.sent.values()) {
        if (sent.length < 2) continue
        const breach = writes.length === 0 ? otherOctets(view, sent) : staleOctets(view, course, { sent, send, writes })
        if (!breach || isWrittenByOthers(view, send)) continue
        watching.broken(breach)
        break
      }
    }
  },
}

type Write = Extract<MemoryCall, { operation: 'memory.write' }>

interface WriteSeen {
  readonly write: Write
  readonly call: CallSeen
}

const none: readonly WriteSeen[] = []

function isWrite({ call }: CallSeen): boolean {
  return call.body.operation === 'memory.write'
}

/** Whether the NIC may write where a send is, since a receive is there too, or the buffer was made anew. */
function isWrittenByOthers({ emp, history }: View, { node, call }: PostedSeen): boolean {
  const pieces = piecesOf(call)
  for (const receive of emp.receives) {
    if (receive.node !== node) continue
    for (const one of piecesOf(receive.call)) if (pieces.some((other) => overlap(one, other))) return true
  }
  for (const other of history.calls) {
    const { body } = other.call
    if (body.operation !== 'memory.free' || other.node !== node || other.record < call.record) continue
    if (pieces.some(({ buffer }) => buffer === body.buffer)) return true
  }
  return false
}

/** What the host wrote over the octets of a send after it was posted. */
function writesTo({ history }: View, { node, call }: PostedSeen): readonly WriteSeen[] {
  const writes: WriteSeen[] = []
  for (const other of history.calls) {
    const { body } = other.call
    if (body.operation !== 'memory.write' || other.node !== node) continue
    if (returned(other) < call.record) continue
    if (piecesOf(call).some((piece) => overlap(piece, body.at))) writes.push({ write: body, call: other })
  }
  return writes
}

function piecesOf({ call: { body } }: CallSeen): readonly Range[] {
  return body.operation === 'emp.isend' || body.operation === 'emp.irecv' ? body.pieces : []
}

/** A transmission that differs from the first, though nobody had changed anything. */
function otherOctets(view: View, sent: readonly FrameSeen[]): Breach | undefined {
  const [first] = sent
  for (const again of sent) {
    if (!first || isSameData(first, again)) continue
    const seen = `${frameWords(view, again)} carries other octets than when it was sent at ${timeWords(first.time)}, though the host had not changed them`
    return { node: again.from, seen, at: again.time, requirements: ['EMP-FRAME-004'] }
  }
  return undefined
}

function isSameData(one: FrameSeen, other: FrameSeen): boolean {
  const { payloadOffset: from, fields } = one.dissection
  const length = fields['length'] ?? 0
  // Another length is for `cutting` to say.
  if (other.dissection.payloadOffset !== from || other.dissection.fields['length'] !== length) return true
  // Of a long frame a part tells: who sends other octets sends more than one.
  const step = length > wholeMax ? 7 : 1
  for (let i = from; i < from + length; i += step) if (one.octets[i] !== other.octets[i]) return false
  return true
}

/** Frames of no more octets are compared octet by octet. */
const wholeMax = 256

/** A transmission that lacks what the host had written by then. */
function staleOctets(
  view: View,
  { message }: Course,
  { sent, send, writes }: { sent: readonly FrameSeen[]; send: PostedSeen; writes: readonly WriteSeen[] },
): Breach | undefined {
  if (!view.isTimeExact) return undefined
  for (const again of sent.slice(1)) {
    const last = writes.findLast(({ call }) => call.record < again.record)
    // The NIC may have fetched the octets a little before.
    if (!last?.call.answer || again.time - last.call.answer.time < view.emp.latency) continue
    if (last.call.answer.record > again.record || last.call.answer.content.status !== 'ok') continue
    if (carries(again, last.write, placesOf(view.cutting, again, piecesOf(send.call)))) continue
    const seen = `${frameWords(view, again)} of message ${message.id} does not carry what its host had written at ${timeWords(last.call.answer.time)}`
    return { node: again.from, seen, at: again.time, requirements: ['EMP-MEM-002'] }
  }
  return undefined
}

/** A part of a frame's data, and where it comes from. */
interface Place {
  /** From the begin of the frame's data. */
  readonly at: number
  readonly range: Range
}

/** Where the data of a frame comes from. */
function placesOf({ first, rest }: Cutting, frame: FrameSeen, pieces: readonly Range[]): readonly Place[] {
  const from = frame.frame === 0 ? 0 : first + (frame.frame - 1) * rest
  const end = from + (frame.dissection.fields['length'] ?? 0)
  const places: Place[] = []
  let offset = 0
  for (const piece of pieces) {
    const start = Math.max(from, offset)
    const stop = Math.min(end, offset + piece.bytes)
    if (start < stop) {
      const range = { buffer: piece.buffer, offset: piece.offset + start - offset, bytes: stop - start }
      places.push({ at: start - from, range })
    }
    offset += piece.bytes
  }
  return places
}

/** Whether a frame carries what was written, as far as that is where its data comes from. */
function carries(frame: FrameSeen, { at, fill }: Write, places: readonly Place[]): boolean {
  const { octets, dissection } = frame
  for (const place of places) {
    if (!overlap(place.range, at)) continue
    const start = Math.max(place.range.offset, at.offset)
    const bytes = Math.min(place.range.offset + place.range.bytes, at.offset + at.bytes) - start
    const wanted = new Uint8Array(bytes)
    writePattern(fill, wanted, { from: 0, to: bytes, position: start - at.offset })
    const from = dissection.payloadOffset + place.at + start - place.range.offset
    for (let i = 0; i < bytes; i++) if (octets[from + i] !== wanted[i]) return false
  }
  return true
}

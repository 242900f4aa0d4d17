// EMP frames as octets (wire profile emp-1, R1): a tolerant view, a strict record, and the writing of headers.
import type { EmpDropReason } from '../../spec/vocabulary/emp.ts'
import { writeU16, writeU32 } from '../core/octets.ts'
import type { Fragments } from './fragments.ts'
import { ethernetOctets, frameHeaderOctets } from './headers.ts'

/** IEEE local experimental (R1). */
export const empEthertype = 0x88b5

export const dataType = 1
export const acknowledgementType = 2

/** Reads whatever stands where the fields should be. Never throws; octets that are not there read as 0. */
export class FrameView {
  private octets: Uint8Array = new Uint8Array(0)
  /** Where the frame begins in its octets, and how many octets arrived. */
  at = 0
  arrived = 0

  /** Looks at another frame; returns itself. */
  show(octets: Uint8Array, at: number, arrived: number): this {
    this.octets = octets
    this.at = at
    this.arrived = arrived
    return this
  }

  /** A MAC in two parts: its first two octets, its last four. */
  get destinationHigh(): number {
    return this.u16(0)
  }
  get destinationLow(): number {
    return this.u32(2)
  }
  get sourceHigh(): number {
    return this.u16(6)
  }
  get sourceLow(): number {
    return this.u32(8)
  }
  get ethertype(): number {
    return this.u16(12)
  }
  get sender(): number {
    return this.u16(14)
  }
  get type(): number {
    return this.u16(16)
  }
  get length(): number {
    return this.u16(18)
  }
  get message(): number {
    return this.u32(20)
  }
  get frame(): number {
    return this.u16(24)
  }
  /** The message header; meaningful only in frame 0 (E3). */
  get total(): number {
    return this.u32(26)
  }
  get frames(): number {
    return this.u16(30)
  }
  get tag(): number {
    return this.u16(32)
  }

  private u16(field: number): number {
    const i = this.at + field
    return ((this.octets[i] ?? 0) << 8) | (this.octets[i + 1] ?? 0)
  }

  private u32(field: number): number {
    return ((this.u16(field) << 16) | this.u16(field + 2)) >>> 0
  }
}

/** Why a frame cannot be, judged from its own octets alone (R12); undefined if it can. */
// cites: EMP-FRAME-006
export function frameRefusal(view: FrameView, fragments: Fragments): EmpDropReason | undefined {
  const headers = ethernetOctets + frameHeaderOctets
  if (view.ethertype !== empEthertype) return 'unknown-type'
  if (view.arrived < headers) return 'malformed'
  if (view.type === acknowledgementType) return undefined
  if (view.type !== dataType) return 'unknown-type'
  const { frame, length } = view
  // cites: EMP-FRAME-005
  if (fragments.headerOctets(frame) + length > view.arrived) return 'malformed'
  if (frame > 0) return length === 0 || length > fragments.capacity(frame) ? 'malformed' : undefined
  const { total } = view
  return view.frames === fragments.count(total) && length === fragments.bytes(total, 0) ? undefined : 'malformed'
}

/** A frame that can be: what its octets say. */
export type EmpFrame = EmpDataFrame | EmpAcknowledgement

interface EmpFrameHeader {
  readonly sender: number
  readonly message: number
  readonly frame: number
}

export interface EmpDataFrame extends EmpFrameHeader {
  readonly kind: 'data'
  readonly data: Uint8Array
  /** Present in frame 0 alone (E3). */
  readonly header?: { readonly total: number; readonly frames: number; readonly tag: number }
}

export interface EmpAcknowledgement extends EmpFrameHeader {
  readonly kind: 'acknowledgement'
}

/** A frame that cannot be, and why. */
export interface RefusedFrame {
  readonly kind: 'refused'
  readonly reason: EmpDropReason
}

/** Reads octets 0 up to `length` strictly: a record, or a reason. The data is a copy. */
export function parseFrame(octets: Uint8Array, length: number, fragments: Fragments): EmpFrame | RefusedFrame {
  const view = new FrameView().show(octets, 0, length)
  const reason = frameRefusal(view, fragments)
  if (reason) return { kind: 'refused', reason }
  const { sender, message, frame } = view
  if (view.type === acknowledgementType) return { kind: 'acknowledgement', sender, message, frame }
  const from = fragments.headerOctets(frame)
  const data = octets.slice(from, from + view.length)
  if (frame > 0) return { kind: 'data', sender, message, frame, data }
  const { total, frames, tag } = view
  return { kind: 'data', sender, message, frame, data, header: { total, frames, tag } }
}

/** The fields of a frame header (E2). A sender keeps one and fills it anew for each frame. */
export interface FrameHeader {
  sender: number
  type: number
  length: number
  message: number
  frame: number
}

/** Writes a frame header behind the Ethernet header of the frame that begins at `at`. */
// cites: EMP-FRAME-001
export function writeFrameHeader(octets: Uint8Array, at: number, header: FrameHeader): void {
  writeU16(octets, at + 14, header.sender)
  writeU16(octets, at + 16, header.type)
  writeU16(octets, at + 18, header.length)
  writeU32(octets, at + 20, header.message)
  writeU16(octets, at + 24, header.frame)
}

/** The fields of a message header (E3). */
export interface MessageHeader {
  total: number
  frames: number
  tag: number
}

/** Writes a message header behind the frame header of the frame that begins at `at`. */
export function writeMessageHeader(octets: Uint8Array, at: number, header: MessageHeader): void {
  writeU32(octets, at + 26, header.total)
  writeU16(octets, at + 30, header.frames)
  writeU16(octets, at + 32, header.tag)
}

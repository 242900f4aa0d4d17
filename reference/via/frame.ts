// Frames between VIA endpoints: one header for all kinds, which is this provider's own.
import { readU16, readU32, writeU16, writeU32 } from '../core/octets.ts'

export const viaEthertype = 0x88b6
export const ethernetOctets = 14
export const headerOctets = 36
/** What follows the header of an RDMA operation: where it is for. */
export const targetOctets = 12

export const frameKind = {
  request: 1,
  accept: 2,
  /** The client's last word: it is connected. */
  confirm: 3,
  refuse: 4,
  /** The client has given up. */
  cancel: 5,
  data: 6,
  acknowledge: 7,
  /** This end has left the connection. */
  farewell: 8,
  farewellSeen: 9,
  /** One of two equal ends looks for the other. */
  peerRequest: 10,
  /** The one that leads has found the other. */
  peerAccept: 11,
  /** RDMA: data for memory that the sender names, a wish for such memory, and what stood there. */
  write: 12,
  read: 13,
  answer: 14,
  /** Nothing was heard for long: the peer is to say how far it is. */
  probe: 15,
} as const

export const frameFlag = { first: 1, last: 2, immediate: 4 } as const

/** Why a request was refused, or a connection left. */
export const reasons = {
  none: 0,
  noMatch: 1,
  rejected: 2,
  disconnected: 3,
  broken: 4,
  badReceive: 5,
  silent: 6,
  badLevel: 7,
  badTransfer: 8,
  badQos: 9,
  /** The peer must not write, or read, where it wanted to. */
  badWrite: 10,
  badRead: 11,
} as const

/**
 * A header. Of a frame of a message `sequence` and `message` are its own, of others what has been received and placed. An
 * answer has in `immediate` the message that it answers.
 */
export interface ViaHeader {
  kind: number
  flags: number
  /** Octets of data that follow. */
  bytes: number
  /** Channels: connections, each numbered by either end. */
  to: number
  from: number
  sequence: number
  message: number
  offset: number
  total: number
  immediate: number
  reason: number
  /** Of an RDMA operation: the place at the other end, and its memory handle. */
  address: number
  handle: number
}

export function emptyHeader(): ViaHeader {
  const none = { flags: 0, bytes: 0, to: 0, from: 0, sequence: 0, message: 0 }
  return { kind: 0, ...none, offset: 0, total: 0, immediate: 0, reason: reasons.none, address: 0, handle: 0 }
}

/** Octets of a frame of that kind before its data. */
export function octetsBeforeData(kind: number): number {
  return ethernetOctets + headerOctets + (hasTarget(kind) ? targetOctets : 0)
}

function hasTarget(kind: number): boolean {
  return kind === frameKind.write || kind === frameKind.read
}

/** Whether frames of that kind are parts of messages, numbered in their order. */
export function isOfMessage(kind: number): boolean {
  return kind === frameKind.data || (kind >= frameKind.write && kind <= frameKind.answer)
}

/** Writes the header of the frame at `place`. */
export function writeHeader(octets: Uint8Array, place: number, header: ViaHeader): void {
  const at = place + ethernetOctets
  octets[at] = header.kind
  octets[at + 1] = header.flags
  writeU16(octets, at + 2, header.bytes)
  writeU32(octets, at + 4, header.to)
  writeU32(octets, at + 8, header.from)
  writeU32(octets, at + 12, header.sequence)
  writeU32(octets, at + 16, header.message)
  writeU32(octets, at + 20, header.offset)
  writeU32(octets, at + 24, header.total)
  writeU32(octets, at + 28, header.immediate)
  writeU16(octets, at + 32, header.reason)
  writeU16(octets, at + 34, 0)
  if (!hasTarget(header.kind)) return
  writeU32(octets, at + 36, Math.floor(header.address / wordRange))
  writeU32(octets, at + 40, header.address % wordRange)
  writeU32(octets, at + 44, header.handle)
}

/** Reads the header of the frame of VIA at `place`; false if it is cut off. */
export function readHeader(octets: Uint8Array, place: number, length: number, into: ViaHeader): boolean {
  if (length < ethernetOctets + headerOctets) return false
  const at = place + ethernetOctets
  into.kind = octets[at] ?? 0
  into.flags = octets[at + 1] ?? 0
  into.bytes = readU16(octets, at + 2)
  into.to = readU32(octets, at + 4)
  into.from = readU32(octets, at + 8)
  into.sequence = readU32(octets, at + 12)
  into.message = readU32(octets, at + 16)
  into.offset = readU32(octets, at + 20)
  into.total = readU32(octets, at + 24)
  into.immediate = readU32(octets, at + 28)
  into.reason = readU16(octets, at + 32)
  if (octetsBeforeData(into.kind) + into.bytes > length) return false
  if (hasTarget(into.kind)) {
    into.address = readU32(octets, at + 36) * wordRange + readU32(octets, at + 40)
    into.handle = readU32(octets, at + 44)
  }
  return true
}

const wordRange = 0x1_0000_0000

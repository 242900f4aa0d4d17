// What is known of the octets in a host's buffers: layers of writes, painted only when somebody asks.
import { crc32c, writePattern, type MemoryCall, type Pattern, type Range } from '../vocabulary/memory.ts'

/** A buffer of a host. Octets are the sum of its layers, the last on top; the first covers all of it. */
export interface Buffer {
  readonly name: string
  readonly bytes: number
  /** Alignment of its first octet, and how far past it the buffer begins. */
  readonly align: number
  readonly offset: number
  readonly locked: boolean
  readonly layers: Layer[]
}

/** A range of a buffer, found. */
export interface Piece {
  readonly buffer: Buffer
  readonly offset: number
  readonly bytes: number
}

/** The octets of a message: those of the sender's pieces under as many layers as there were at posting. */
export interface MessageOctets {
  readonly pieces: readonly Piece[]
  readonly depths: readonly number[]
  /** False once the memory may have changed before the message was delivered (R26): then nothing is known. */
  steady: boolean
}

/** One write to octets `from` up to `to` of a buffer. */
export type Layer =
  | { readonly kind: 'pattern'; readonly from: number; readonly to: number; readonly pattern: Pattern }
  /** Octet `from` of the buffer is octet `at` of the message. */
  | {
      readonly kind: 'message'
      readonly from: number
      readonly to: number
      readonly message: MessageOctets
      readonly at: number
    }
  | { readonly kind: 'unknown'; readonly from: number; readonly to: number }
  /** The program has read these octets, in hexadecimal digits, and nobody may have changed them since. */
  | { readonly kind: 'seen'; readonly from: number; readonly to: number; readonly octets: string }

/** Where octets are painted to be compared. It grows and is used again. */
export class Canvas {
  octets: Uint8Array = new Uint8Array(4096)
  /** 1 where the octet is known. */
  known: Uint8Array = new Uint8Array(4096)
  /** Whether octets of a message, octets of patterns, and octets that had been read, went into the painting. */
  hasMessage = false
  hasPattern = false
  hasSeen = false

  /** Paints a whole range of a buffer, as all its layers have it, from place 0 on. */
  paintRange({ buffer, offset, bytes }: Piece): void {
    if (this.octets.length < bytes) {
      this.octets = new Uint8Array(bytes * 2)
      this.known = new Uint8Array(bytes * 2)
    }
    this.hasMessage = false
    this.hasPattern = false
    this.hasSeen = false
    this.paint(buffer, { from: offset, to: offset + bytes, depth: buffer.layers.length }, 0)
  }

  /** Makes octets `from` up to `to` unknown. */
  forget(from: number, to: number): void {
    this.known.fill(0, from, to)
  }

  /** CRC-32C of the first `bytes` octets; undefined if any of them is unknown. */
  digest(bytes: number): number | undefined {
    for (let i = 0; i < bytes; i++) if (this.known[i] === 0) return undefined
    return crc32c(this.octets, 0, bytes)
  }

  private paint(buffer: Buffer, span: { from: number; to: number; depth: number }, at: number): void {
    const { from, to, depth } = span
    let lowest = depth - 1
    while (lowest > 0 && !covers(buffer.layers[lowest], from, to)) lowest--
    for (let i = Math.max(lowest, 0); i < depth; i++) {
      const layer = buffer.layers[i]
      if (!layer) continue
      const first = Math.max(from, layer.from)
      const end = Math.min(to, layer.to)
      if (first < end) this.paintLayer(layer, { from: first, to: end }, at + first - from)
    }
  }

  private paintLayer(layer: Layer, { from, to }: { from: number; to: number }, at: number): void {
    const end = at + to - from
    switch (layer.kind) {
      case 'pattern':
        this.hasPattern = true
        writePattern(layer.pattern, this.octets, { from: at, to: end, position: from - layer.from })
        this.known.fill(1, at, end)
        return
      case 'message':
        this.hasMessage = true
        if (layer.message.steady) this.paintMessage(layer.message, layer.at + from - layer.from, { from: at, to: end })
        else this.forget(at, end)
        return
      case 'unknown':
        this.forget(at, end)
        return
      case 'seen':
        this.hasSeen = true
        for (let place = at, digit = 2 * (from - layer.from); place < end; place++, digit += 2)
          this.octets[place] = Number.parseInt(layer.octets.slice(digit, digit + 2), 16)
        this.known.fill(1, at, end)
    }
  }

  /** Paints the message's octets from `first` on into places `from` up to `to`. */
  private paintMessage(message: MessageOctets, first: number, { from, to }: { from: number; to: number }): void {
    let before = 0
    for (let i = 0; i < message.pieces.length; i++) {
      const piece = message.pieces[i]
      if (!piece) continue
      const start = Math.max(first, before)
      const end = Math.min(first + to - from, before + piece.bytes)
      if (start < end) {
        const offset = piece.offset - before
        const span = { from: offset + start, to: offset + end, depth: message.depths[i] ?? 0 }
        this.paint(piece.buffer, span, from + start - first)
      }
      before += piece.bytes
    }
  }
}

function covers(layer: Layer | undefined, from: number, to: number): boolean {
  return layer !== undefined && layer.from <= from && layer.to >= to
}

/** The piece that a range names; undefined if there is no such buffer, or the range leaves it. */
export function pieceAt(
  buffers: ReadonlyMap<string, Buffer>,
  { buffer: name, offset, bytes }: Range,
): Piece | undefined {
  const buffer = buffers.get(name)
  if (!buffer || offset < 0 || bytes < 0 || offset + bytes > buffer.bytes) return undefined
  return { buffer, offset, bytes }
}

/** A call that makes a buffer. */
export type Allocation = Extract<MemoryCall, { operation: 'memory.allocate' }>

/** The buffer that a call makes: all of it is filled. */
export function bufferOf({ as: name, bytes, align, offset, locked, fill }: Allocation): Buffer {
  return { name, bytes, align, offset, locked, layers: [{ kind: 'pattern', from: 0, to: bytes, pattern: fill }] }
}

/**
 * What a call on memory is about: a range, or a whole buffer, which is there from now on if the call makes it; undefined if
 * there is none such, or the name is taken.
 */
export function pieceOfCall<Kept extends Buffer>(
  buffers: Map<string, Kept>,
  call: MemoryCall,
  made: (call: Allocation) => Kept,
): Piece | undefined {
  switch (call.operation) {
    case 'memory.write':
    case 'memory.digest':
    case 'memory.read':
      return pieceAt(buffers, call.at)
    case 'memory.guards':
    case 'memory.free': {
      const buffer = buffers.get(call.buffer)
      return buffer && { buffer, offset: 0, bytes: buffer.bytes }
    }
    case 'memory.allocate': {
      if (buffers.has(call.as)) return undefined
      const buffer = made(call)
      buffers.set(call.as, buffer)
      return { buffer, offset: 0, bytes: call.bytes }
    }
  }
}

/** Whether two lists of pieces share an octet. */
export function overlap(ones: readonly Piece[], others: readonly Piece[]): boolean {
  for (const one of ones) {
    for (const other of others) {
      if (one.buffer !== other.buffer) continue
      if (one.offset < other.offset + other.bytes && other.offset < one.offset + one.bytes) return true
    }
  }
  return false
}

/** Whether two of the pieces share an octet. */
export function overlapEachOther(pieces: readonly Piece[]): boolean {
  return pieces.some((piece, place) => place > 0 && overlap([piece], pieces.slice(0, place)))
}

/** Lays the first `bytes` octets of a message over the pieces of its receive (E47); undefined: octets nobody knows. */
export function scatter(pieces: readonly Piece[], bytes: number, message: MessageOctets | undefined): void {
  let at = 0
  for (const { buffer, offset, bytes: room } of pieces) {
    const length = Math.min(room, bytes - at)
    if (length <= 0) continue
    const [from, to] = [offset, offset + length]
    buffer.layers.push(message ? { kind: 'message', from, to, message, at } : { kind: 'unknown', from, to })
    at += length
  }
}

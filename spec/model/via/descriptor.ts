// Descriptors as the program has written them, and what of them is known to stand in memory.
import {
  viaControl,
  viaDescriptorOffsets,
  viaDescriptorOperations,
  viaDescriptorShape,
} from '../../vocabulary/via-constants.ts'
import type { ViaControlFields, ViaDescriptorCall, ViaPlace } from '../../vocabulary/via-descriptor.ts'
import type { Host, ViaBuffer } from './host.ts'
import type { Posting } from './vi.ts'

export type DescriptorWrite = Extract<ViaDescriptorCall, { readonly operation: 'descriptor.write' }>

/** One writing of a descriptor. */
export class Descriptor {
  readonly written: DescriptorWrite
  readonly buffer: ViaBuffer | undefined
  readonly offset: number
  /** Octets of the control segment and of all segments. */
  readonly octets: number
  /** Operation, immediate and other bits of the Control field. */
  readonly control: number
  /** Sum of the data segments. */
  readonly length: number
  /** Something else may stand there by now. */
  isDamaged: boolean
  /** Its octets are not those of the members of its writing. */
  readonly isPatched: boolean
  /** The name by which the place goes now, since it may have been written again. */
  place: { name: string }
  /** The latest posting, which may be over. */
  posting: Posting | undefined
  /** Its control segment when the provider gave it back. */
  returned: ViaControlFields | undefined

  constructor(written: DescriptorWrite, buffer: ViaBuffer | undefined, place: { name: string }) {
    const { segments, remote, immediate, control = 0, patch, op, at } = written
    this.written = written
    this.buffer = buffer
    this.offset = at.offset
    const count = segments.length + (remote ? 1 : 0)
    this.octets = viaDescriptorShape.controlOctets + viaDescriptorShape.segmentOctets * count
    this.control = viaDescriptorOperations[op] | (immediate === undefined ? 0 : viaControl.immediate) | control
    let length = 0
    for (const { bytes } of segments) length += bytes
    this.length = length
    this.isPatched = patch !== undefined && patch.length > 0
    this.isDamaged = buffer === undefined
    this.place = place
    this.posting = undefined
    this.returned = undefined
  }

  get segmentCount(): number {
    return this.written.segments.length + (this.written.remote ? 1 : 0)
  }

  /** Whether it may name other octets than its segments as they were written. */
  get isAstray(): boolean {
    const { segmentCount } = viaDescriptorOffsets
    const { controlOctets } = viaDescriptorShape
    const { patch = [] } = this.written
    return (
      this.isDamaged ||
      patch.some(
        ({ offset, width }) => (offset <= segmentCount && offset + width > segmentCount) || offset >= controlOctets,
      )
    )
  }

  /** Whether its members say what the provider finds. */
  get isPlain(): boolean {
    return !this.isPatched && !this.isDamaged
  }
}

/** The program writes a descriptor: what the place held before is gone. */
export function writeDescriptor(host: Host, call: DescriptorWrite): void {
  const buffer = bufferAt(host, call.at)
  const { offset } = call.at
  const before = buffer?.descriptors.get(offset)
  const place = before?.place ?? { name: call.as }
  place.name = call.as
  const descriptor = new Descriptor(call, buffer, place)
  host.descriptors.set(call.as, descriptor)
  if (!buffer) return
  const end = offset + descriptor.octets
  damage(buffer, offset, end)
  buffer.descriptors.set(offset, descriptor)
  if (end > buffer.bytes || offset < 0) descriptor.isDamaged = true
  // Posted it has been before, and is perhaps still: then the provider works on these octets.
  if (before?.posting?.isOutstanding) descriptor.isDamaged = true
  buffer.layers.push({ kind: 'unknown', from: offset, to: end })
}

/** Octets `from` up to `to` of a buffer change: the descriptors there are not what they were. */
export function damage(buffer: ViaBuffer, from: number, to: number): void {
  for (const descriptor of buffer.descriptors.values()) {
    if (descriptor.offset >= to || descriptor.offset + descriptor.octets <= from) continue
    descriptor.isDamaged = true
    descriptor.returned = undefined
    if (descriptor.posting) descriptor.posting.isOpaque = true
  }
}

export function bufferAt(host: Host, place: ViaPlace): ViaBuffer | undefined {
  return 'buffer' in place ? host.buffers.get(place.buffer) : undefined
}

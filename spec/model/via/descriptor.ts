// Descriptors as the program has written them, and what of them is known to stand in memory.
import {
  viaControl,
  viaDescriptorOffsets,
  viaDescriptorOperations,
  viaDescriptorShape,
} from '../../vocabulary/via-constants.ts'
import { writePattern, type Pattern } from '../../vocabulary/memory.ts'
import type { ViaControlFields, ViaDescriptorCall, ViaPatch, ViaPlace } from '../../vocabulary/via-descriptor.ts'
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
  /** Its fields, as they were patched. */
  control: number
  segmentCount: number
  immediate: number
  length: number
  hasReserved = false
  /** The data segments that its fields say it has. */
  segments: DescriptorWrite['segments']
  /** Sum of the data segments. */
  readonly sum: number
  /** Something else may stand there by now. */
  isDamaged: boolean
  /** It was patched where its members do not tell what the provider finds; and so that it may name other octets. */
  isStrange = false
  isAstray = false
  /** Next or NextHandle were written to be something else than zero. */
  isLinked = false
  /** The name by which the place goes now, since it may have been written again. */
  place: { name: string }
  /** The latest posting, which may be over. */
  posting: Posting | undefined = undefined
  /** Its control segment when the provider gave it back. */
  returned: ViaControlFields | undefined = undefined

  constructor(written: DescriptorWrite, buffer: ViaBuffer | undefined, place: { name: string }) {
    const { segments, remote, immediate, control = 0, op, at } = written
    this.written = written
    this.buffer = buffer
    this.offset = at.offset
    this.place = place
    this.isDamaged = buffer === undefined
    this.segments = segments
    this.segmentCount = segments.length + (remote ? 1 : 0)
    this.octets = viaDescriptorShape.controlOctets + viaDescriptorShape.segmentOctets * this.segmentCount
    this.control = viaDescriptorOperations[op] | (immediate === undefined ? 0 : viaControl.immediate) | control
    this.immediate = immediate ?? 0
    this.length = sumOf(segments)
    for (const patch of written.patch ?? []) this.patch(patch)
    this.sum = this.segments === segments && !written.patch ? this.length : sumOf(this.segments)
  }

  /** Whether its members say what the provider finds. */
  get isPlain(): boolean {
    return !this.isStrange && !this.isDamaged
  }

  private patch({ offset, width, value }: ViaPatch): void {
    const { next, nextHandle, segmentCount, control, reserved, immediate, length } = viaDescriptorOffsets
    if ((width === 8 && offset === next) || (width === 4 && offset === nextHandle)) this.isLinked ||= value !== 0
    if (width === 8 && offset === next) return
    if (width === 2 && offset === segmentCount) this.recount(value)
    else if (width === 2 && offset === control) this.control = value
    else if (width !== 4) this.estrange(offset, width)
    else if (offset === immediate) this.immediate = value
    else if (offset === length) this.length = value
    else if (offset === reserved) this.hasReserved = value !== 0
    else if (offset !== nextHandle) this.estrange(offset, width)
  }

  private recount(count: number): void {
    const { remote, segments } = this.written
    if (remote || count > segments.length) this.isStrange = this.isAstray = true
    this.segmentCount = count
    this.segments = segments.slice(0, count)
  }

  private estrange(offset: number, width: number): void {
    const { segmentCount } = viaDescriptorOffsets
    this.isStrange = true
    if (offset + width > viaDescriptorShape.controlOctets) this.isAstray = true
    if (offset <= segmentCount + 1 && offset + width > segmentCount) this.isAstray = true
  }
}

function sumOf(segments: DescriptorWrite['segments']): number {
  let sum = 0
  for (const { bytes } of segments) sum += bytes
  return sum
}

/** What the form of a descriptor adds to the requirements that its octets, and their number, answer for. */
export function requirementsOfForm({ segments, written, segmentCount }: Descriptor): readonly string[] {
  const requirements: string[] = []
  if (segments.some(({ bytes }) => bytes === 0)) requirements.push('VIA-DESC-009')
  if (segmentCount < written.segments.length) requirements.push('VIA-DESC-003')
  return requirements
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
  if (before?.posting) host.reusesPlaces = true
  const end = offset + descriptor.octets
  damage(buffer, offset, end)
  buffer.descriptors.set(offset, descriptor)
  if (end > buffer.bytes || offset < 0) descriptor.isDamaged = true
  // Posted it has been before, and is perhaps still: then the provider works on these octets.
  if (before?.posting?.isOutstanding) descriptor.isDamaged = true
  buffer.layers.push({ kind: 'unknown', from: offset, to: end })
}

/** Octets `from` up to `to` of a buffer change: the descriptors there are not what they were. `fill`: how, if that is known. */
export function damage(buffer: ViaBuffer, from: number, to: number, fill?: Pattern): void {
  for (const descriptor of buffer.descriptors.values()) {
    const { offset, octets, posting } = descriptor
    if (offset >= to || offset + octets <= from) continue
    const isChanged = fill !== undefined && changesLink(descriptor, { from, to, fill })
    descriptor.isDamaged = true
    descriptor.returned = undefined
    if (!posting) continue
    const isOpen = posting.isOutstanding && !posting.isFinal
    const behindLink = offset + viaDescriptorOffsets.segmentCount
    // Next and NextHandle are the provider's while it is posted (DESC-022).
    if (isOpen && from < behindLink) posting.spoil(isChanged ? 'link' : 'unclear')
    if (isOpen && to > behindLink) posting.stray()
    posting.isOpaque = true
  }
}

/** Whether a link that stands as it was written is another one for certain when these octets are. */
function changesLink(
  { offset, isDamaged, isLinked, isStrange }: Descriptor,
  { from, to, fill }: { readonly from: number; readonly to: number; readonly fill: Pattern },
): boolean {
  const [first, end] = [Math.max(from, offset), Math.min(to, offset + viaDescriptorOffsets.segmentCount)]
  if (isDamaged || isLinked || isStrange || first >= end) return false
  const octets = new Uint8Array(end - first)
  writePattern(fill, octets, { from: 0, to: octets.length, position: first - from })
  return octets.some((octet) => octet !== 0)
}

export function bufferAt(host: Host, place: ViaPlace): ViaBuffer | undefined {
  return 'buffer' in place ? host.buffers.get(place.buffer) : undefined
}

// Writes the descriptors of a drawn program, each under a name and at a place of its own.
import { viaControl } from '../../../spec/vocabulary/via-constants.ts'
import type { ViaDescriptorCall, ViaSegment } from '../../../spec/vocabulary/via-descriptor.ts'
import type { LinkEnd } from './links.ts'
import { regionFor } from './regions.ts'
import type { Script } from './script.ts'

export type DescriptorWrite = Extract<ViaDescriptorCall, { operation: 'descriptor.write' }>

export interface Wanted {
  readonly bytes: number
  /** How the octets are cut. */
  readonly shape: number
  readonly immediate: boolean
  /** It waits for the reads before it. */
  readonly hasFence?: boolean
  /** Of what memory they are. */
  readonly memory: number
}

/** What immediate data begins from; every send has another. */
const immediateBase = 0xda7a0000

/** A descriptor that is not written yet, and what is to be done to its memory once it is posted. */
export interface Drafted {
  readonly written: DescriptorWrite
  readonly afterwards: () => void
}

export function draftDescriptor(
  script: Script,
  end: LinkEnd,
  op: Exclude<DescriptorWrite['op'], 'reserved'>,
  wanted: Wanted,
): Drafted {
  const host = script.host(end.node)
  const buffer = op === 'send' || op === 'rdma-write' ? 'out' : 'in'
  const isRdma = op === 'rdma-write' || op === 'rdma-read'
  // Octets of a message are its own, and so is where they stand: an odd place for some.
  if (wanted.shape === 4) host.take(buffer, 3)
  const region = regionFor(script, end, buffer, wanted)
  const segments = wanted.bytes === 0 && wanted.shape % 2 === 1 ? [] : cut(region.segment, wanted.shape)
  const number = script.next()
  const written: DescriptorWrite = {
    operation: 'descriptor.write',
    as: `d${number}`,
    at: host.slot(segments.length + (isRdma ? 1 : 0)),
    op,
    segments,
    ...(wanted.immediate ? { immediate: immediateBase + number } : {}),
    ...(wanted.hasFence === true ? { control: viaControl.queueFence } : {}),
  }
  return { written, afterwards: region.afterwards }
}

/** One run of octets as several segments, in another order than they lie in for some. */
function cut(whole: ViaSegment, shape: number): ViaSegment[] {
  const { bytes } = whole
  const half = bytes >> 1
  const piece = (from: number, to: number): ViaSegment => ({
    ...whole,
    at: { ...whole.at, offset: whole.at.offset + from },
    bytes: to - from,
  })
  switch (shape) {
    case 3:
      return [piece(half, bytes), piece(0, half)]
    case 5:
      return [piece(0, half), piece(half, bytes)]
    case 6:
      return [piece(0, half), piece(half, half), piece(half, bytes)]
    case 7:
      return [piece(0, 0), piece(0, 1 % (bytes + 1)), piece(1 % (bytes + 1), bytes)]
    default:
      return [whole]
  }
}

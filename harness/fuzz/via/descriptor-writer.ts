// Writes the descriptors of a drawn program, each under a name and at a place of its own.
import { viaControl } from '../../../spec/vocabulary/via-constants.ts'
import type { ViaDescriptorCall, ViaSegment } from '../../../spec/vocabulary/via-descriptor.ts'
import { pick } from '../drawn.ts'
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

/** What immediate data begins from; every send has another, but those of one shape, which have none that is not zero. */
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
  if (wanted.shape === oddShape) host.take(buffer, 3)
  const region = regionFor(script, end, buffer, wanted)
  const segments = wanted.bytes === 0 && wanted.shape % 2 === 1 ? [] : cut(region.segment, wanted.shape)
  const number = script.next()
  const written: DescriptorWrite = {
    operation: 'descriptor.write',
    as: `d${number}`,
    at: host.slot(segments.length + (isRdma ? 1 : 0)),
    op,
    segments,
    ...(wanted.immediate ? { immediate: wanted.shape === zeroShape ? 0 : immediateBase + number } : {}),
    ...(wanted.hasFence === true ? { control: viaControl.queueFence } : {}),
  }
  return { written, afterwards: region.afterwards }
}

/** One run of octets as several segments, in another order than they lie in for some. */
function cut(whole: ViaSegment, shape: number): ViaSegment[] {
  const piece = (from: number, to: number): ViaSegment => ({
    ...whole,
    at: { ...whole.at, offset: whole.at.offset + from },
    bytes: to - from,
  })
  const ends = pick(shapes, shape)(whole.bytes)
  return ends === undefined ? [whole] : ends.map(([from, to]) => piece(from, to))
}

/** Where segments begin and end; undefined: in one. */
type Cut = (bytes: number) => readonly (readonly [from: number, to: number])[] | undefined

const inOne: Cut = () => undefined
const halves: Cut = (bytes) => [
  [0, bytes >> 1],
  [bytes >> 1, bytes],
]
const halvesTurned: Cut = (bytes) => [
  [bytes >> 1, bytes],
  [0, bytes >> 1],
]
const halvesAroundNothing: Cut = (bytes) => [
  [0, bytes >> 1],
  [bytes >> 1, bytes >> 1],
  [bytes >> 1, bytes],
]
/** Nothing, one octet if there is one, and the rest. */
const restBehindOne: Cut = (bytes) => [
  [0, 0],
  [0, 1 % (bytes + 1)],
  [1 % (bytes + 1), bytes],
]

/** By the shape of a move. Those in one differ otherwise. */
const shapes: readonly Cut[] = [inOne, inOne, inOne, halvesTurned, inOne, halves, halvesAroundNothing, restBehindOne]

/** The shape whose octets stand at an odd place. */
const oddShape = 4

/** The shape whose immediate data is zero. */
const zeroShape = 2

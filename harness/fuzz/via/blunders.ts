// Descriptors of a drawn program that are malformed, that point where they may not, or that stand at the edge of what is right.
import { viaControl, viaDescriptorOffsets } from '../../../spec/vocabulary/via-constants.ts'
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import type { ViaQueue } from '../../../spec/vocabulary/via-returns.ts'
import { descriptorPool } from '../../plan/usual.ts'
import { pick } from '../drawn.ts'
import { draftDescriptor, type DescriptorWrite } from './descriptor-writer.ts'
import { bareBuffer, otherTag } from './host.ts'
import type { LinkEnd } from './links.ts'
import { plainly } from './posting.ts'
import type { Script } from './script.ts'
import { posting, registerMem, withoutRdma } from './vipl-calls.ts'

/** A memory handle that no registration gives. */
const strangeHandle = 0xdead_beef

/** What stands in the link of a descriptor, and leads nowhere. */
const strangeNext = 0x5a

/** A bit of the control field that is reserved. */
const reservedBit = viaControl.reserved & 0x10

/** Octets that a descriptor moves before it is spoiled. */
export const octets = 16

/** What the descriptor is posted as, and with what handle of its memory. */
interface Spoiled {
  readonly written: DescriptorWrite
  readonly posted?: Partial<{ descriptor: string | null; memory: string | number; vi: string | null }>
}

type Spoil = (written: DescriptorWrite, means: { readonly script: Script; readonly end: LinkEnd }) => Spoiled

const widths = { next: 8, nextHandle: 4, length: 4, segmentCount: 2 } as const

const patched = (written: DescriptorWrite, field: keyof typeof widths, value: number): DescriptorWrite => ({
  ...written,
  patch: [...(written.patch ?? []), { offset: viaDescriptorOffsets[field], width: widths[field], value }],
})

/** As many segments of no octets before the others, all at one place. */
function widened(written: DescriptorWrite, { script, end }: { script: Script; end: LinkEnd }, by: number): Spoiled {
  const [first] = written.segments
  if (!first) return { written }
  const segments = [...Array.from({ length: by }, () => ({ ...first, bytes: 0 })), ...written.segments]
  return { written: { ...written, segments, at: slotFor(script, end, { ...written, segments }) } }
}

/** Where a descriptor is to lie: the address segment of RDMA takes as much room as any other. */
function slotFor(script: Script, { node }: LinkEnd, { segments, remote }: DescriptorWrite): DescriptorWrite['at'] {
  return script.host(node).slot(segments.length + (remote ? 1 : 0))
}

/** The descriptor is right, and its memory is said to be what nobody registered. */
export const postedStrangely: Spoil = (written) => ({ written, posted: { memory: strangeHandle } })

/** What is done to a good descriptor. */
const blunders: readonly Spoil[] = [
  (written) => ({ written: patched(written, 'length', octets + 1) }),
  (written) => ({ written: { ...written, op: 'reserved' } }),
  (written) => ({
    written: { ...written, segments: written.segments.map((each) => ({ ...each, memory: strangeHandle })) },
  }),
  (written) => ({ written: patched(written, 'segmentCount', 300) }),
  (written) => ({ written: { ...written, control: reservedBit } }),
  // More than the VI carries, by one octet.
  (written, { script, end }) => {
    const most = end.attributes.maxTransferSize + 1
    const buffer = written.op === 'receive' ? 'in' : 'out'
    const { offset } = script.host(end.node).take(buffer, most)
    const at = { buffer, offset }
    return { written: { ...written, segments: written.segments.map((each) => ({ ...each, at, bytes: most })) } }
  },
  // So much more that nothing of it is left in 16 bits but a little.
  (written, { script, end }) => {
    const [first] = written.segments
    if (!first || written.op === 'receive') return { written }
    const bytes = 2 ** 11
    const at = { buffer: 'out', offset: script.host(end.node).take('out', bytes).offset }
    const long = Array.from({ length: 32 }, () => ({ ...first, at, bytes }))
    const segments = [...long, { ...first, at, bytes: octets }]
    return { written: { ...written, segments, at: slotFor(script, end, { ...written, segments }) } }
  },
  // Octets that are registered, but not under this handle.
  (written, { end }) => ({
    written: {
      ...written,
      segments: written.segments.map((each) => ({ ...each, memory: `${descriptorPool}${end.nic.suffix}` })),
    },
  }),
  postedStrangely,
  // Not where a descriptor may begin.
  (written, { script, end }) => {
    const { buffer, offset } = script.host(end.node).slot(written.segments.length + 2)
    return { written: { ...written, at: { buffer, offset: offset + 8 } } }
  },
  (written) => ({ written, posted: { descriptor: null } }),
  // In memory that is not registered.
  (written, { script, end }) => {
    script.host(end.node).hasBare = true
    return { written: { ...written, at: { buffer: bareBuffer, offset: 0 } } }
  },
  // In memory of another protection tag than that of its VI.
  (written, { script, end }) => {
    script.host(end.node).hasOtherTag = true
    const memory = script.fresh('r')
    const at = { ...written.at, bytes: 64 }
    script.call(end.node, registerMem(memory, at, withoutRdma(otherTag)))
    return { written, posted: { memory } }
  },
  // In memory of another handle than it is posted with.
  (written, { script, end }) => {
    script.host(end.node).needs('in')
    return { written, posted: { memory: `in${end.nic.suffix}` } }
  },
  // One segment less than stands there.
  (written, { script, end }) => {
    const [first] = written.segments
    if (!first) return { written }
    const segments = [first, first]
    const at = slotFor(script, end, { ...written, segments })
    return { written: patched({ ...patched(written, 'length', octets), at, segments }, 'segmentCount', 1) }
  },
  // As many segments as there may be, or one too many: that of an address counts.
  (written, means) => widened(written, means, means.script.value('via.max-segments') - 2),
  (written, means) => widened(written, means, means.script.value('via.max-segments') - 1),
  (written, means) => widened(written, means, means.script.value('via.max-segments')),
  (written) => ({ written: patched(written, 'length', 0) }),
  (written) => ({ written: patched(written, 'length', 1) }),
  (written) => ({ written, posted: { vi: null } }),
  // What stands in the link when it is posted is the program's.
  (written) => ({ written: patched(written, 'next', strangeNext) }),
  (written) => ({ written: patched(written, 'nextHandle', strangeNext) }),
]

/** How many ways there are to spoil a descriptor. */
export const blunderKinds = blunders.length

/** Writes a descriptor that is spoiled in one of these ways, and posts it. */
export function blunder(script: Script, end: LinkEnd, { kind, queue }: { kind: number; queue: ViaQueue }): void {
  postSpoiled(script, end, { spoil: pick(blunders, kind), queue })
}

/** Writes a spoiled descriptor and posts it. */
export function postSpoiled(script: Script, end: LinkEnd, { spoil, queue }: { spoil: Spoil; queue: ViaQueue }): void {
  const good = draftDescriptor(script, end, queue === 'send' ? 'send' : 'receive', plainly(octets)).written
  const { written, posted } = spoil(good, { script, end })
  script.call(end.node, written)
  script.call(end.node, postingOf(end, queue, good.as, posted))
  script.expects(end.node, queue === 'send' ? end.sendCq : end.recvCq)
}

/** A good descriptor for the send queue, spoiled in one of these ways, and how it is posted then. */
export function spoiledBy(
  script: Script,
  end: LinkEnd,
  good: DescriptorWrite,
  kind: number,
): { readonly written: DescriptorWrite; readonly posting: CallBody } {
  const spoiled = pick(blunders, kind)(good, { script, end })
  return { written: spoiled.written, posting: postingOf(end, 'send', good.as, spoiled.posted) }
}

function postingOf(end: LinkEnd, queue: ViaQueue, name: string, posted: Spoiled['posted']): CallBody {
  const usual = posting(end, queue, name)
  return posted ? Object.assign({}, usual, posted) : usual
}

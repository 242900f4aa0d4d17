// Memory that a descriptor of a drawn program uses: registered from the beginning, or for it, well or badly.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import type { ViaSegment } from '../../../spec/vocabulary/via-descriptor.ts'
import { pick } from '../drawn.ts'
import { otherTag, secondNic, type DataBuffer } from './host.ts'
import type { LinkEnd } from './links.ts'
import type { Script } from './script.ts'
import { deregisterMem, registerMem, withoutRdma } from './vipl-calls.ts'

/** Octets that a region has to be left by, so that every implementation sees it. */
export const page = 4_096

/** Octets of a region that is left. */
const little = 8

export interface Used {
  readonly segment: ViaSegment
  /** Once the descriptor is posted. */
  readonly afterwards: () => void
}

const nothing = (): void => undefined

/** Octets for one message. */
export function regionFor(
  script: Script,
  end: LinkEnd,
  buffer: DataBuffer,
  { bytes, memory: kind }: { readonly bytes: number; readonly memory: number },
): Used {
  return (bytes === 0 ? usual : pick(memories, kind))(script, end, { buffer, bytes })
}

type Memory = (script: Script, end: LinkEnd, needed: { readonly buffer: DataBuffer; readonly bytes: number }) => Used

/** The first is what is registered from the beginning. */
const memories: readonly Memory[] = [
  usual,
  // Not an octet more than is used.
  own,
  // The message lies far behind its region.
  outside,
  function ofOtherTag(script, end, needed): Used {
    script.host(end.node).hasOtherTag = true
    return own(script, end, { ...needed, ptag: otherTag })
  },
  function givenUpBefore(script, end, needed): Used {
    const used = own(script, end, needed)
    script.call(end.node, deregistering(end, used.segment))
    return used
  },
  function givenUpOncePosted(script, end, needed): Used {
    const used = own(script, end, needed)
    return { ...used, afterwards: () => script.call(end.node, deregistering(end, used.segment)) }
  },
  function registeredTwiceAndOnceGivenUp(script, end, needed): Used {
    const used = own(script, end, needed)
    const again = script.fresh('r')
    script.call(end.node, registering(end, { ...used.segment, as: again }))
    script.call(end.node, deregistering(end, used.segment))
    return { ...used, segment: { ...used.segment, memory: again } }
  },
  function ofOtherNic(script, end, needed): Used {
    script.host(end.node).hasSecond = true
    const { segment } = usual(script, end, needed)
    return { segment: { ...segment, memory: `${needed.buffer}${secondNic.suffix}` }, afterwards: nothing }
  },
  /** It begins in the region, and ends far behind it if it is long enough; a receive may always be. */
  function beyondItsEnd(script, end, { buffer, bytes }): Used {
    const most = buffer === 'in' ? Math.max(bytes, little + page) : bytes
    return own(script, end, { buffer, bytes: most, registered: little })
  },
  // Registered again in part by somebody else.
  overlapped,
  /** It begins a page before the region, and ends with it if it is long enough; a receive may always be. */
  function fromBeforeItsStart(script, end, { buffer, bytes }): Used {
    const reach = Math.max(bytes, page + little)
    const { offset } = script.host(end.node).take(buffer, reach)
    const as = script.fresh('r')
    script.call(end.node, registering(end, { at: { buffer, offset: offset + page }, bytes: reach - page, as }))
    const segment = { at: { buffer, offset }, memory: as, bytes: buffer === 'in' ? reach : bytes }
    return { segment, afterwards: nothing }
  },
  /** It begins in one region, and ends in another that is registered right behind; a receive may always be so long. */
  function beyondItsEndIntoAnother(script, end, { buffer, bytes }): Used {
    const most = buffer === 'in' ? Math.max(bytes, little + page) : bytes
    const { offset } = script.host(end.node).take(buffer, most)
    const ends = [0, Math.min(little, most), most]
    const [front, back] = [script.fresh('r'), script.fresh('r')]
    for (const [i, as] of [front, back].entries()) {
      const [from = 0, to = 0] = ends.slice(i)
      if (from < to)
        script.call(end.node, registering(end, { at: { buffer, offset: offset + from }, bytes: to - from, as }))
    }
    return { segment: { at: { buffer, offset }, memory: front, bytes: most }, afterwards: nothing }
  },
  /** Registered by itself as well, and then given up with all around it. */
  function withinWhatIsGivenUp(script, end, { buffer, bytes }): Used {
    const { offset } = script.host(end.node).take(buffer, bytes + 2 * little)
    const [outer, inner] = [script.fresh('r'), script.fresh('r')]
    const around = { at: { buffer, offset }, memory: outer, bytes: bytes + 2 * little }
    const segment = { at: { buffer, offset: offset + little }, memory: inner, bytes }
    for (const { memory: as, ...where } of [around, segment]) script.call(end.node, registering(end, { ...where, as }))
    script.call(end.node, deregistering(end, around))
    return { segment, afterwards: nothing }
  },
]

/** The kind of memory that has another protection tag than the VI. */
export const ofOtherTag = memories.findIndex(({ name }) => name === 'ofOtherTag')

/** How many kinds of memory there are. */
export const memoryKinds = memories.length

function usual(script: Script, end: LinkEnd, { buffer, bytes }: Own): Used {
  const { offset } = script.host(end.node).take(buffer, bytes)
  return { segment: { at: { buffer, offset }, memory: `${buffer}${end.nic.suffix}`, bytes }, afterwards: nothing }
}

interface Own {
  readonly buffer: DataBuffer
  readonly bytes: number
  readonly ptag?: string
  /** Octets that are registered; all unless said. */
  readonly registered?: number
}

function own(script: Script, end: LinkEnd, { buffer, bytes, ptag, registered }: Own): Used {
  const at = { buffer, offset: script.host(end.node).take(buffer, bytes).offset }
  const as = script.fresh('r')
  script.call(end.node, registering(end, { at, bytes: Math.min(bytes, registered ?? bytes), as, ptag }))
  return { segment: { at, memory: as, bytes }, afterwards: nothing }
}

function outside(script: Script, end: LinkEnd, { buffer, bytes }: Own): Used {
  const { offset } = script.host(end.node).take(buffer, little + page + bytes)
  const as = script.fresh('r')
  script.call(end.node, registering(end, { at: { buffer, offset }, bytes: little, as }))
  return { segment: { at: { buffer, offset: offset + little + page }, memory: as, bytes }, afterwards: nothing }
}

function overlapped(script: Script, end: LinkEnd, { buffer, bytes }: Own): Used {
  const used = own(script, end, { buffer, bytes })
  const as = script.fresh('r')
  script.call(end.node, registering(end, { at: used.segment.at, bytes: 1, as }))
  return used
}

function registering(
  { nic }: LinkEnd,
  {
    at,
    bytes,
    as,
    ptag,
  }: Pick<ViaSegment, 'at' | 'bytes'> & { readonly as: string; readonly ptag?: string | undefined },
): CallBody {
  return registerMem(as, { ...at, bytes }, withoutRdma(ptag ?? nic.ptag), nic.nic)
}

export function deregistering({ nic }: LinkEnd, { at, memory }: Pick<ViaSegment, 'at' | 'memory'>): CallBody {
  return deregisterMem(memory, at, nic.nic)
}

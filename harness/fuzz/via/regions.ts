// Memory that a descriptor of a drawn program uses: registered from the beginning, or for it, well or badly.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import type { ViaSegment } from '../../../spec/vocabulary/via-descriptor.ts'
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

/** How many kinds of memory there are; the first is what is registered from the beginning. */
export const memoryKinds = 10

const nothing = (): void => undefined

/** Octets for one message. */
export function regionFor(
  script: Script,
  end: LinkEnd,
  buffer: DataBuffer,
  { bytes, memory: kind }: { readonly bytes: number; readonly memory: number },
): Used {
  const host = script.host(end.node)
  const usual = (): Used => {
    const { offset } = host.take(buffer, bytes)
    return {
      segment: { at: { buffer, offset }, memory: `${buffer}${end.nic.suffix}`, bytes },
      afterwards: nothing,
    }
  }
  if (bytes === 0) return usual()
  switch (kind % memoryKinds) {
    case 1: // Not an octet more than is used.
      return own(script, end, { buffer, bytes })
    case 2: // The message lies far behind its region.
      return outside(script, end, { buffer, bytes })
    case 3: {
      host.hasOtherTag = true
      return own(script, end, { buffer, bytes, ptag: otherTag })
    }
    case 4: {
      const used = own(script, end, { buffer, bytes })
      script.call(end.node, deregistering(end, used.segment))
      return used
    }
    case 5: {
      const used = own(script, end, { buffer, bytes })
      return { ...used, afterwards: () => script.call(end.node, deregistering(end, used.segment)) }
    }
    case 6: {
      // Registered twice, and once given up.
      const used = own(script, end, { buffer, bytes })
      const again = script.fresh('r')
      script.call(end.node, registering(end, { ...used.segment, as: again }))
      script.call(end.node, deregistering(end, used.segment))
      return { ...used, segment: { ...used.segment, memory: again } }
    }
    case 7: {
      host.hasSecond = true
      const { segment } = usual()
      return { segment: { ...segment, memory: `${buffer}${secondNic.suffix}` }, afterwards: nothing }
    }
    case 8: // It begins in the region, and ends far behind it if it is long enough; a receive may always be.
      return own(script, end, {
        buffer,
        bytes: buffer === 'in' ? Math.max(bytes, little + page) : bytes,
        registered: little,
      })
    case 9: // Registered again in part by somebody else.
      return overlapped(script, end, { buffer, bytes })
    default:
      return usual()
  }
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

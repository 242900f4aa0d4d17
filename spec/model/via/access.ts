// Whether a VI may use a piece of memory with a handle: yes, no, or as the implementation likes (pages, odd addresses).
import type { ViaMemory, ViaPlace } from '../../vocabulary/via-descriptor.ts'
import type { Buffer } from '../memory.ts'
import type { Host, Region } from './host.ts'
import type { Vi } from './vi.ts'

/** How far outside a region an access may be and still pass, since protection may work by the page. */
export const page = 4096

export type Access = 'right' | 'unclear' | 'wrong'

/** The requirements of the access that was refused last. */
export interface Refused {
  requirements: readonly string[]
}

const noMemory = ['VIA-MEM-008', 'VIA-MEM-001']
const foreign = ['VIA-NIC-012']
const otherTag = ['VIA-PTAG-005']
const outside = ['VIA-MEM-009']

/** The region that a memory handle stands for; `null`: none that exists; undefined: a name that was never bound. */
export function regionOf(host: Host, memory: ViaMemory): Region | null | undefined {
  if (typeof memory === 'string') {
    const region = host.regions.get(memory)
    return region && !region.isLive ? null : region
  }
  for (const region of host.regions.values()) if (region.isLive && region.handle === memory) return region
  return null
}

/** Judges an access of so many octets. Octets that are none need no rights; whether their handle is looked at is open. */
export function accessOf(vi: Vi, span: { at: ViaPlace; memory: ViaMemory; bytes: number }, refused: Refused): Access {
  const region = regionOf(vi.host, span.memory)
  if (region === undefined) return 'unclear'
  const access = judgeAccess(vi, region, span, refused)
  return access === 'wrong' && span.bytes === 0 ? 'unclear' : access
}

function judgeAccess(vi: Vi, region: Region | null, span: { at: ViaPlace; bytes: number }, refused: Refused): Access {
  if (region === null) {
    refused.requirements = noMemory
    return 'wrong'
  }
  if (region.nic !== vi.nic) {
    refused.requirements = foreign
    return 'wrong'
  }
  if (!region.ptag || !vi.ptag) return 'unclear'
  if (region.ptag !== vi.ptag) {
    refused.requirements = otherTag
    return 'wrong'
  }
  const start = distance(vi.host, region, span.at)
  if (start === undefined) return 'unclear'
  if (start >= 0 && start + span.bytes <= region.bytes) return 'right'
  if (start > -page && start + span.bytes < region.bytes + page) return 'unclear'
  refused.requirements = outside
  return 'wrong'
}

/** Octets from the start of a region to a place; undefined if nobody knows. */
export function distance(host: Host, region: Region, at: ViaPlace): number | undefined {
  if ('buffer' in at) {
    const buffer = host.buffers.get(at.buffer)
    if (!buffer) return undefined
    if (buffer === region.buffer) return at.offset - region.offset
    if (buffer.address === undefined) return undefined
    return buffer.address + at.offset - addressOf(region)
  }
  const address = Number.parseInt(at.address, 16) + at.offset
  return Number.isSafeInteger(address) ? address - addressOf(region) : undefined
}

function addressOf({ address }: Region): number {
  return Number.parseInt(address, 16)
}

/** Where a place lies in a buffer of the host; undefined where it is a plain address. */
export function pieceOf(
  host: Host,
  { at, bytes }: { at: ViaPlace; bytes: number },
): { buffer: Buffer; offset: number; bytes: number } | undefined {
  if (!('buffer' in at)) return undefined
  const buffer = host.buffers.get(at.buffer)
  if (!buffer || at.offset < 0 || at.offset + bytes > buffer.bytes) return undefined
  return { buffer, offset: at.offset, bytes }
}

// A look at a descriptor's control segment: before, while and after it is posted (DESC-014, DESC-023, DESC-024).
import { viaStatusBits } from '../../vocabulary/via-constants.ts'
import type { ViaControlFields } from '../../vocabulary/via-descriptor.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import { judgeCompletion } from './completions.ts'
import type { Descriptor } from './descriptor.ts'
import type { Host } from './host.ts'
import { breakSilently } from './silence.ts'
import type { Posting } from './vi.ts'
import type { World } from './world.ts'

const names = ['segmentCount', 'control', 'immediate', 'length', 'status'] as const

/** Judges what was read of a descriptor. */
export function judgeRead(world: World, host: Host, name: string, seen: ViaControlFields | undefined): Judged {
  const descriptor = host.descriptors.get(name)
  if (!descriptor || !seen || !descriptor.isPlain || descriptor.place.name !== name) return undefined
  const { posting, returned } = descriptor
  if (posting?.isOutstanding) return judgePosted(world, host, posting, seen)
  if (returned) return compare(host, descriptor, returned, seen)
  return posting ? undefined : compare(host, descriptor, writtenFields(descriptor), seen)
}

/** It may be complete, which only DONE says; else Status is as the consumer left it. */
function judgePosted(world: World, host: Host, posting: Posting, seen: ViaControlFields): Judged {
  if (posting.isOpaque || posting.isGhost || posting.queue.vi.isLoose || posting.queue.isLoose) return undefined
  if (seen.status & viaStatusBits.done) return judgeDone(world, posting, seen)
  const words = `${host.name}'s descriptor ${posting.descriptor.written.as} has status 0x${seen.status.toString(16)}`
  if (posting.due || posting.status !== undefined) {
    return forbidden(['VIA-DESC-014', ...(posting.due ?? [])], `${words}; it must be complete`)
  }
  if (posting.owedBy) breakSilently(posting.owedBy, posting.queue.vi)
  return seen.status === 0 ? undefined : forbidden(['VIA-DESC-014'], `${words}; it is clear before DONE`)
}

/** Those before it are complete, too (RECV-007, SEND-003); what it says is judged when they are known. */
function judgeDone(world: World, posting: Posting, seen: ViaControlFields): Judged {
  const { items } = posting.queue
  const place = items.indexOf(posting)
  const isNext = items.slice(0, place).every(({ status, isGhost }) => status !== undefined && !isGhost)
  if (isNext) {
    const judged = judgeCompletion(world, posting, seen)
    // It may be that DONE was there too early.
    return judged && forbidden([...judged.requirements, 'VIA-DESC-014', 'VIA-DESC-024'], judged.words)
  }
  posting.glimpse = seen.status
  if (!items.some(({ isGhost, isCrossed }) => isGhost || isCrossed)) {
    const { kind } = posting.queue
    posting.queue.mustComplete(place + 1, kind === 'send' ? ['VIA-SEND-003'] : ['VIA-RECV-007'])
  }
  return undefined
}

function compare(host: Host, { written }: Descriptor, right: ViaControlFields, seen: ViaControlFields): Judged {
  for (const field of names) {
    if (seen[field] === right[field]) continue
    const words = `${host.name}'s descriptor ${written.as} has ${field} ${seen[field]}`
    return forbidden(['VIA-DESC-023', 'VIA-POST-006'], `${words}; ${right[field]} was left there`)
  }
  return undefined
}

function writtenFields({ segmentCount, control, length, immediate }: Descriptor): ViaControlFields {
  return { segmentCount, control: control & 0xffff, immediate, length, status: 0 }
}

// Receives of a drawn program that are spoiled while they are posted, before a message comes for them: changed, or left without memory.
import { viaDescriptorOffsets, viaDescriptorShape } from '../../../spec/vocabulary/via-constants.ts'
import { pick } from '../drawn.ts'
import { draftDescriptor } from './descriptor-writer.ts'
import { strangeLink } from './host.ts'
import type { LinkEnd } from './links.ts'
import { across, plainly, post, type Ways } from './posting.ts'
import { deregistering } from './regions.ts'
import type { Script } from './script.ts'
import { posting, registerMem, taking, withoutRdma } from './vipl-calls.ts'

const octets = 16

/** How a receive is spoiled, and what is done with it then. */
export type Spoiling = {
  readonly how: number
  /** 0: the receive is posted before the VIs meet. */
  readonly before: number
}

/** A receive that is spoiled, before the VIs meet or when they have, and then a message for it. */
export function spoil(
  script: Script,
  { from, to }: Ways,
  { how, before, meets }: Spoiling & { meets: () => void },
): void {
  if (before > 0) meets()
  // Any larger number is the last way.
  pick(ways, Math.min(how, ways.length - 1))(script, to)
  if (before === 0) meets()
  post(script, from, 'send', plainly(octets))
  script.pause(across)
  script.call(to.node, taking(to, 'recv'))
}

/** Posts a receive whose link is written over then. */
function overwritten(field: 'next' | 'nextHandle', bytes: number): (script: Script, end: LinkEnd) => void {
  return (script, end) => {
    const { at } = post(script, end, 'recv', plainly(octets))
    if (!('buffer' in at)) return
    const link = { ...at, offset: at.offset + viaDescriptorOffsets[field], bytes }
    script.call(end.node, { operation: 'memory.write', at: link, fill: strangeLink })
  }
}

/** Posts a receive of a region of its own, which goes. */
export function vanishingReceive(script: Script, end: LinkEnd): void {
  const { written } = draftDescriptor(script, end, 'receive', plainly(octets))
  const { nic, ptag } = end.nic
  const { controlOctets, segmentOctets } = viaDescriptorShape
  const memory = script.fresh('r')
  const bytes = controlOctets + segmentOctets
  script.call(end.node, registerMem(memory, { ...written.at, bytes }, withoutRdma(ptag), nic))
  script.call(end.node, written)
  script.call(end.node, { ...posting(end, 'recv', written.as), memory })
  script.expects(end.node, end.recvCq)
  script.call(end.node, deregistering(end, { at: written.at, memory }))
}

const ways = [vanishingReceive, overwritten('nextHandle', 4), overwritten('next', 8)] as const

/** How many ways there are to spoil a receive. */
export const waysToSpoil = ways.length

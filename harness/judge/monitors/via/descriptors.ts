// Invariants of descriptors that come back: their lengths fit, and what is the consumer's in them is as it was.
import { counted } from '../../../../spec/vocabulary/units.ts'
import {
  viaControl,
  viaDescriptorOperations,
  viaStatusMasks,
  viaStatusOperations,
} from '../../../../spec/vocabulary/via-constants.ts'
import type { ViaControlFields } from '../../../../spec/vocabulary/via-descriptor.ts'
import type { ViaQueue } from '../../../../spec/vocabulary/via-returns.ts'
import { lengthOf, onlyOf, queueStories, type DescriptorWrite, type PostingSeen } from '../../via/story.ts'
import { isTouched } from '../../via/touched.ts'
import { hostName } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor } from '../monitor.ts'

export const lengthFits: Monitor = {
  name: 'length-fits',
  words: 'a receive that completes well has no more octets than it can take, and a send as many as it has',
  requirements: ['VIA-DESC-013', 'VIA-RECV-005'],
  needsWire: false,
  watch(view, watching) {
    for (const { node, vi, queue, posted, taken } of queueStories(view)) {
      for (const { name, fields, isGood, time } of taken) {
        const posting = isGood && fields ? onlyOf(posted, name) : undefined
        const room = lengthOf(posting?.written)
        if (room === undefined || !fields) continue
        const requirement = queue === 'send' ? 'VIA-DESC-013' : 'VIA-RECV-005'
        watching.watched(node, requirement)
        if (queue === 'send' ? fields.length === room : fields.length <= room || isRemoteWrite(fields)) continue
        if (!posting || !isPlain(posting) || isTouched(view, node, posting)) continue
        const seen = `${name} of ${hostName(view, node)}'s ${vi} completed well at ${timeWords(time)} with Length ${fields.length}; its segments have ${counted(room, 'octet')}`
        watching.broken({ node, seen, at: time, requirements: [requirement] })
      }
    }
  },
}

/** What a receive says that an RDMA write used up is not laid down. */
function isRemoteWrite({ status }: ViaControlFields): boolean {
  return (status & viaStatusMasks.operation) === viaStatusOperations['remote-rdma-write']
}

export const ownFieldsOnly: Monitor = {
  name: 'own-fields-only',
  words: 'SegCount comes back as it was written, and from a send Control and ImmediateData too',
  requirements: ['VIA-DESC-023'],
  needsWire: false,
  watch(view, watching) {
    for (const { node, vi, queue, posted, taken } of queueStories(view)) {
      for (const { name, fields, time } of taken) {
        const posting = fields ? onlyOf(posted, name) : undefined
        if (!posting?.written || posting.written.patch || !fields) continue
        watching.watched(node)
        const wrong = wrongField(queue, posting.written, fields)
        if (wrong === undefined || isTouched(view, node, posting)) continue
        const seen = `${name} of ${hostName(view, node)}'s ${vi} came back at ${timeWords(time)} with another ${wrong} than was written`
        watching.broken({ node, seen, at: time })
      }
    }
  },
}

function wrongField(queue: ViaQueue, written: DescriptorWrite, fields: ViaControlFields): string | undefined {
  if (fields.segmentCount !== written.segments.length + (written.remote ? 1 : 0)) return 'SegCount'
  if (queue === 'recv') return undefined
  const { immediate } = written
  const control =
    viaDescriptorOperations[written.op] | (immediate === undefined ? 0 : viaControl.immediate) | (written.control ?? 0)
  if (fields.control !== control) return 'Control'
  return immediate === undefined || fields.immediate === immediate ? undefined : 'ImmediateData'
}

export const reservedZero: Monitor = {
  name: 'reserved-zero',
  words: 'the provider sets none of the reserved bits of Status',
  requirements: ['VIA-DESC-017'],
  needsWire: false,
  watch(view, watching) {
    for (const { node, vi, taken, posted } of queueStories(view)) {
      for (const { name, fields, time } of taken) {
        const posting = fields ? onlyOf(posted, name) : undefined
        if (!fields || !posting || !isPlain(posting)) continue
        watching.watched(node)
        if ((fields.status & viaStatusMasks.reserved) === 0 || isTouched(view, node, posting)) continue
        const seen = `${name} of ${hostName(view, node)}'s ${vi} came back at ${timeWords(time)} with Status 0x${fields.status.toString(16)}`
        watching.broken({ node, seen, at: time })
      }
    }
  },
}

/** Whether a descriptor is as `descriptor.write` makes them, and no RDMA. */
function isPlain({ written }: PostingSeen): boolean {
  return written !== undefined && !written.patch && (written.op === 'send' || written.op === 'receive')
}

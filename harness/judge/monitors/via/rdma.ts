// Invariants of RDMA: what completes is what was asked for, and nobody is told of what nobody did.
import { viaStatusMasks, viaStatusOperations } from '../../../../spec/vocabulary/via-constants.ts'
import { counted } from '../../../../spec/vocabulary/units.ts'
import { lengthOf, mayDoRdma, onlyOf, queueStories } from '../../via/story.ts'
import { isTouched } from '../../via/touched.ts'
import { hostName } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor } from '../monitor.ts'

export const rdmaAsAsked: Monitor = {
  name: 'rdma-as-asked',
  words: 'an RDMA descriptor that completes well has its own operation, and as many octets as its segments',
  requirements: ['VIA-RDMA-013'],
  needsWire: false,
  watch(view, watching) {
    for (const { node, vi, queue, posted, taken } of queueStories(view)) {
      if (queue !== 'send') continue
      for (const { name, fields, isGood, time } of taken) {
        const posting = isGood && fields ? onlyOf(posted, name) : undefined
        const op = posting?.written?.op
        const length = lengthOf(posting?.written)
        if (!posting || !fields || length === undefined || (op !== 'rdma-write' && op !== 'rdma-read')) continue
        watching.watched(node)
        const isRight = (fields.status & viaStatusMasks.operation) === viaStatusOperations[op]
        if ((isRight && fields.length === length) || isTouched(view, node, posting)) continue
        const seen = `${name} of ${hostName(view, node)}'s ${vi}, an ${op} of ${counted(length, 'octet')}, completed well at ${timeWords(time)} with Length ${fields.length} and Status 0x${fields.status.toString(16)}`
        watching.broken({ node, seen, at: time })
      }
    }
  },
}

export const writtenIfToldSo: Monitor = {
  name: 'written-if-told-so',
  words: 'no receive says that an RDMA write took it, when nobody had a descriptor for RDMA',
  requirements: ['VIA-RDMA-005', 'VIA-DESC-015'],
  needsWire: false,
  watch(view, watching) {
    const isWithoutRdma = !mayDoRdma(view, Infinity)
    for (const { node, vi, queue, taken } of queueStories(view)) {
      if (queue !== 'recv') continue
      for (const { name, fields, isGood, time, record } of taken) {
        if (!fields || !isGood) continue
        if (isWithoutRdma) watching.watched(node, 'VIA-DESC-015')
        const isRemote = (fields.status & viaStatusMasks.operation) === viaStatusOperations['remote-rdma-write']
        if (!isRemote || mayDoRdma(view, record)) continue
        const seen = `${name} of ${hostName(view, node)}'s ${vi} said at ${timeWords(time)} that an RDMA write took it`
        watching.broken({ node, seen, at: time })
      }
    }
  },
}

// What a drawn program tries with memory: registrations of every kind, and giving them up.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import type { ViaMemoryAttributes } from '../../../spec/vocabulary/via-attributes.ts'
import type { ViaMemory } from '../../../spec/vocabulary/via-descriptor.ts'
import { firstNic, otherTag, secondNic, strangeLink } from './host.ts'
import { exhaust, exhaustKept } from './limits.ts'
import { plainly, post } from './posting.ts'
import type { Script } from './script.ts'
import { vanishingReceive } from './spoiling.ts'
import { lonely, type Try } from './try.ts'
import {
  deregisterMem,
  destroyVi,
  disconnect,
  queryMem,
  registerMem,
  setMemAttributes,
  withoutRdma,
} from './vipl-calls.ts'

const { ptag } = firstNic
const usual = withoutRdma()
const some = 24
const within = { buffer: 'in', offset: 3 }

/** A region that is larger is not worth its octets. */
const largeMost = 20_000

const deregister = (memory: ViaMemory): CallBody => deregisterMem(memory, within)
const ask = (memory: ViaMemory): CallBody => queryMem(memory, within)
const change = (memory: ViaMemory, attributes: ViaMemoryAttributes | null): CallBody =>
  setMemAttributes(memory, within, attributes)

/** Calls about a region of some octets, and a name that nothing has. */
function about(bodies: (as: string, script: Script) => readonly CallBody[]): Try {
  return (script, { node }) => {
    script.host(node).take('in', some)
    for (const body of bodies(script.fresh('r'), script)) script.call(node, body)
  }
}

export const memoryTries: readonly Try[] = [
  about((as) => [registerMem(as, { ...within, bytes: 1 }), deregister(as), deregister(as)]),
  about((as) => [registerMem(as, { ...within, bytes: 0 })]),
  about((as) => [registerMem(as, { address: '0000000000000000', offset: 0, bytes: 8 })]),
  about((as) => [registerMem(as, { ...within, bytes: 8 }, null)]),
  about((as) => [registerMem(as, { ...within, bytes: 8 }, { ...usual, enableRdmaRead: true })]),
  about((as) => [registerMem(as, { ...within, bytes: 8 }, { ...usual, enableRdmaWrite: true }), ask(as)]),
  // Given up by another address, and by its own.
  about((as) => [
    registerMem(as, { ...within, bytes: 8 }),
    deregisterMem(as, { buffer: 'in', offset: 5 }),
    ask(as),
    deregister(as),
    ask(as),
  ]),
  about((as) => [deregister(0xdead_beef), ask(0xdead_beef), registerMem(as, { ...within, bytes: 4 })]),
  (script, { node }) => {
    script.host(node).take('in', some)
    exhaust(script, node, {
      most: script.value('via.max-regions'),
      makes: (as) => registerMem(as, { ...within, bytes: 4 }),
      gives: deregister,
    })
  },
  // One is given up again and again by an address that is not its own.
  (script, { node }) => {
    script.host(node).take('in', some)
    exhaustKept(script, node, {
      most: script.value('via.max-regions'),
      makes: (as) => registerMem(as, { ...within, bytes: 4 }),
      asksBack: (as) => deregisterMem(as, { buffer: 'in', offset: 5 }),
    })
  },
  (script, { node }) => tooLarge(script, node),
  (script, { node }) => {
    const host = script.host(node)
    host.hasSecond = true
    host.take('in', some)
    script.call(node, deregisterMem(`in${secondNic.suffix}`, { buffer: 'in', offset: 0 }))
  },
  about((as) => [
    registerMem(as, { ...within, bytes: 8 }),
    change(as, { ...usual, enableRdmaWrite: true }),
    ask(as),
    change(as, { ...usual, enableRdmaRead: true }),
    change(as, { ...usual, ptag: null }),
    change(as, null),
    ask(as),
    change(as, usual),
    queryMem(as, { buffer: 'in', offset: 9 }),
  ]),
  // Another tag for memory that receives are posted with, for a while.
  (script, { node, ...end }) => {
    const host = script.host(node)
    host.hasOtherTag = true
    const region = { buffer: 'in', offset: 0 }
    post(script, { node, ...end }, 'recv', plainly(40))
    const set = (tag: string): CallBody => setMemAttributes('in', region, { ...usual, ptag: tag })
    for (const body of [set(otherTag), queryMem('in', region)]) script.call(node, body)
    script.pause(20_000)
    for (const body of [set(ptag), queryMem('in', region)]) script.call(node, body)
  },
  // The memory of a receive's descriptor goes, which does not keep its VI.
  (script, end) => {
    const one = lonely(script, end)
    vanishingReceive(script, one)
    for (const body of [disconnect(one.vi), destroyVi(one.vi)]) script.call(end.node, body)
  },
  // The link of a receive is changed when it is posted.
  (script, end) => {
    const { at } = post(script, end, 'recv', plainly(40))
    if (!('buffer' in at)) return
    const link = { buffer: at.buffer, offset: at.offset, bytes: 8 }
    script.call(end.node, { operation: 'memory.write', at: link, fill: strangeLink })
  },
]

/** As many octets as a region may have, one more, and then as many regions of these as there may be octets. */
function tooLarge(script: Script, node: number): void {
  const most = script.value('via.max-region-octets')
  if (most > largeMost) return
  script.host(node).large = most + 1
  const at = { buffer: 'large', offset: 0 }
  script.call(node, registerMem(script.fresh('r'), { ...at, bytes: most + 1 }))
  const all = Math.ceil(script.value('via.max-register-octets') / most)
  const names = Array.from({ length: all }, () => script.fresh('r'))
  for (const as of names) script.call(node, registerMem(as, { ...at, bytes: most }))
  for (const name of names.slice(0, 1)) script.call(node, deregisterMem(name, at))
  script.call(node, registerMem(script.fresh('r'), { ...at, bytes: most }))
}

// What a drawn program tries with attributes that are set: those of VIs in each state, those of memory, and the tags that they name.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import { millisecond } from '../../../spec/vocabulary/units.ts'
import type { ViaViAttributes } from '../../../spec/vocabulary/via-attributes.ts'
import { firstNic } from './host.ts'
import type { LinkEnd } from './links.ts'
import { plainly, post } from './posting.ts'
import { page } from './regions.ts'
import type { Script } from './script.ts'
import { seeking, sidesOf } from './tries-peers.ts'
import { lonely, type Try } from './try.ts'
import {
  createPtag,
  deregisterMem,
  destroyPtag,
  destroyVi,
  disconnect,
  queryMem,
  queryVi,
  registerMem,
  setMemAttributes,
  setViAttributes,
  withoutRdma,
} from './vipl-calls.ts'

const { ptag } = firstNic

/** A VI is to have attributes that differ from those of the link in a few. */
function set({ attributes }: LinkEnd, vi: string, changed: Partial<ViaViAttributes>): CallBody {
  return setViAttributes(vi, { ...attributes, ptag, ...changed })
}

/** A fresh VI that is idle, and what is done with it. */
function idle(does: (script: Script, one: LinkEnd) => readonly CallBody[]): Try {
  return (script, end) => {
    const one = lonely(script, end)
    for (const body of does(script, one)) script.call(end.node, body)
  }
}

const few = 8

/** A region of a few octets, with as many behind it as no table by page overlooks, and what is done with it. */
function region(does: (script: Script, calls: RegionCalls) => readonly CallBody[]): Try {
  return (script, { node }) => {
    const { buffer, offset } = script.host(node).take('in', few + 2 * page)
    const memory = script.fresh('r')
    const at = (place = 0): { buffer: string; offset: number } => ({ buffer, offset: offset + place })
    script.call(node, registerMem(memory, { ...at(), bytes: few }))
    const calls: RegionCalls = {
      ask: (place) => queryMem(memory, at(place)),
      set: (changed, place) => setMemAttributes(memory, at(place), { ...withoutRdma(), ...changed }),
      giveUp: deregisterMem(memory, at()),
    }
    for (const body of does(script, calls)) script.call(node, body)
  }
}

interface RegionCalls {
  readonly ask: (place?: number) => CallBody
  readonly set: (changed: { ptag?: string | null; enableRdmaWrite?: boolean }, place?: number) => CallBody
  readonly giveUp: CallBody
}

const behind = few + page

export const attributeTries: readonly Try[] = [
  // At an address that is not in the region.
  region((_, { ask, set: change, giveUp }) => [
    ask(behind),
    change({ enableRdmaWrite: true }, behind),
    ask(few - 1),
    change({ enableRdmaWrite: true }),
    ask(),
    giveUp,
  ]),
  // Half of it is good.
  region((_, { ask, set: change }) => [change({ enableRdmaWrite: true, ptag: null }), ask()]),
  region((script, { ask, set: change }) => {
    const tag = script.fresh('t')
    return [createPtag(tag), destroyPtag(tag), change({ enableRdmaWrite: true, ptag: tag }), ask()]
  }),
  // The tag that memory has now is in use, and the one that it had is not.
  region((script, { set: change, giveUp }) => {
    const [had, has] = [script.fresh('t'), script.fresh('t')]
    const tags = [createPtag(had), change({ ptag: had }), destroyPtag(had), createPtag(has), change({ ptag: has })]
    return [...tags, destroyPtag(has), destroyPtag(had), giveUp, destroyPtag(has)]
  }),
  idle((script, { vi, ...end }) => {
    const tag = script.fresh('t')
    const change = (to: string): CallBody => set({ vi, ...end }, vi, { ptag: to })
    const bodies = [
      destroyPtag(ptag),
      change(tag),
      queryVi(vi),
      destroyPtag(tag),
      change(ptag),
      queryVi(vi),
      destroyPtag(tag),
    ]
    return [createPtag(tag), ...bodies, destroyVi(vi)]
  }),
  idle((script, end) => {
    const { vi } = end
    const tooMuch = script.value('via.max-transfer') + 1
    const bad = [{ maxTransferSize: tooMuch }, { enableRdmaWrite: !end.attributes.enableRdmaWrite, ptag: null }]
    return bad.flatMap((changed) => [set(end, vi, changed), queryVi(vi)])
  }),
  // With receives.
  (script, end) => {
    const one = lonely(script, end)
    post(script, one, 'recv', plainly(16))
    for (const body of [set(one, one.vi, { maxTransferSize: 900 }), queryVi(one.vi)]) script.call(end.node, body)
  },
  // While it asks for a peer, when it has one, and when that has left it.
  (script, end) => {
    const [one, two] = sidesOf(script, end)
    const changes = [set(end, one.vi, { maxTransferSize: 800 }), queryVi(one.vi)]
    script.call(one.node, seeking(one, two))
    for (const body of changes) script.call(one.node, body)
    script.call(two.node, seeking(two, one))
    script.pause(3 * millisecond)
    for (const body of [queryVi(one.vi), ...changes]) script.call(one.node, body)
    script.call(two.node, disconnect(two.vi))
    script.pause(3 * millisecond)
    for (const body of [queryVi(one.vi), ...changes]) script.call(one.node, body)
    for (const body of [disconnect(one.vi), ...changes]) script.call(one.node, body)
  },
]

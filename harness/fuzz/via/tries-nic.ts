// What a drawn program tries with handles of its NIC, handlers of errors, and protection tags.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import { millisecond } from '../../../spec/vocabulary/units.ts'
import { postedStrangely, postSpoiled } from './blunders.ts'
import { firstNic, otherTag, secondNic } from './host.ts'
import { exhaust, exhaustKept } from './limits.ts'
import type { LinkEnd } from './links.ts'
import { plainly, post } from './posting.ts'
import { ofOtherTag } from './regions.ts'
import type { Script } from './script.ts'
import { calls, makeVi, type Try } from './try.ts'
import {
  closeNic,
  createPtag,
  createVi,
  deregisterMem,
  destroyPtag,
  destroyVi,
  openNic,
  queryNic,
  registerMem,
  withoutRdma,
} from './vipl-calls.ts'

const { nic, ptag } = firstNic
const handle = (handler: string | null, context: number, of: string = nic): CallBody => ({
  operation: 'VipErrorCallback',
  nic: of,
  handler,
  context,
})

export const nicTries: readonly Try[] = [
  calls(() => [queryNic(nic)]),
  (script, { node }) => {
    script.host(node).hasSecond = true
    for (const each of [nic, secondNic.nic]) script.call(node, queryNic(each))
  },
  // A handle more, given up and used again.
  calls((script) => {
    const name = script.fresh('n')
    return [
      openNic(name),
      queryNic(name),
      closeNic(name),
      queryNic(name),
      closeNic(name),
      createPtag(script.fresh('t'), name),
      queryNic(nic),
    ]
  }),
  calls((script) => [openNic(script.fresh('n'), 'no-such-device'), openNic(script.fresh('n'), null)]),
  calls((script) => [queryNic(null), closeNic(null), createPtag(script.fresh('t'), null)]),
  (script, { node }) =>
    exhaust(script, node, { most: script.value('via.max-nics'), makes: (as) => openNic(as), gives: closeNic }),
  calls(() => [closeNic(nic), queryNic(nic)]),
  calls((script, end) => {
    const attributes = { ...end.attributes, ptag }
    return [createVi(script.fresh('v'), { attributes, sendCq: null, recvCq: null }, null)]
  }),
]

/** The handler is another one, and then there is something to tell. */
function handles(...bodies: readonly CallBody[]): Try {
  return (script, end) => {
    for (const body of bodies) script.call(end.node, body)
    postSpoiled(script, end, { spoil: postedStrangely, queue: 'recv' })
  }
}

export const handlerTries: readonly Try[] = [
  handles(handle('heeds', 7)),
  handles(handle(null, 0)),
  handles(handle('heeds', 8), handle('hears', 9)),
  // The same one again.
  handles(handle('heeds', 10), handle('heeds', 11)),
  // Another handle of the NIC has one no more.
  (script, end) => {
    const name = script.fresh('n')
    const others = [openNic(name), handle('heeds', 12, name), handle(null, 0, name)]
    handles(...others)(script, end)
    script.call(end.node, closeNic(name))
    postSpoiled(script, end, { spoil: postedStrangely, queue: 'recv' })
  },
  (script, end) => {
    script.host(end.node).hasSecond = true
    postSpoiled(script, end, { spoil: postedStrangely, queue: 'recv' })
  },
  // None for a while.
  (script, end) => {
    handles(handle(null, 0))(script, end)
    script.pause(millisecond)
    script.call(end.node, handle('heeds', 13))
  },
  // A handle of the NIC in the place of another that had one: there is something to tell of a VI of it.
  (script, end) => {
    const [had, has, tag, vi] = [script.fresh('n'), script.fresh('n'), script.fresh('t'), script.fresh('v')]
    const attributes = { ...end.attributes, ptag: tag }
    for (const body of [
      openNic(had),
      handle('heeds', 14, had),
      closeNic(had),
      openNic(has),
      createPtag(tag, has),
      createVi(vi, { attributes, sendCq: null, recvCq: null }, has),
    ])
      script.call(end.node, body)
    // Its descriptor lies in memory of another handle.
    post(script, { ...end, vi, sendCq: null, recvCq: null }, 'recv', plainly(8))
  },
]

export const tagTries: readonly Try[] = [
  calls((script) => {
    const tag = script.fresh('t')
    return [createPtag(tag), destroyPtag(tag), destroyPtag(tag)]
  }),
  // Destroyed, and then given to a VI and to memory.
  calls((script, end) => {
    const tag = script.fresh('t')
    return [createPtag(tag), destroyPtag(tag), ...useTag(script, end, tag)]
  }),
  calls((script, end) => useTag(script, end, null)),
  calls(() => [destroyPtag(ptag)]),
  // Memory has it, and no VI.
  (script, { node }) => {
    script.host(node).hasOtherTag = true
    const as = script.fresh('r')
    script.host(node).take('in', 16)
    script.call(node, register(as, otherTag))
    script.call(node, destroyPtag(otherTag))
    script.call(node, deregisterMem(as, { buffer: 'in', offset: 0 }))
    script.call(node, destroyPtag(otherTag))
  },
  (script, { node }) =>
    exhaust(script, node, { most: script.value('via.max-ptags'), makes: (as) => createPtag(as), gives: destroyPtag }),
  // Memory has one that is to be destroyed again and again.
  (script, { node }) => {
    script.host(node).take('in', 16)
    exhaustKept(script, node, {
      most: script.value('via.max-ptags'),
      makes: (as) => createPtag(as),
      uses: (tag) => script.call(node, register(script.fresh('r'), tag)),
      asksBack: destroyPtag,
    })
  },
  calls(() => [destroyPtag(null)]),
  // Of another handle of the NIC.
  (script, end) => {
    script.host(end.node).hasSecond = true
    script.call(end.node, destroyPtag(secondNic.ptag))
    for (const body of useTag(script, end, secondNic.ptag)) script.call(end.node, body)
  },
  // A VI has it, and goes.
  calls((script, end) => {
    const [tag, vi] = [script.fresh('t'), script.fresh('v')]
    return [createPtag(tag), viWith(end, vi, tag), destroyPtag(tag), destroyVi(vi), destroyPtag(tag)]
  }),
  // A VI has it, and memory that another VI is to use.
  (script, end) => {
    script.host(end.node).hasOtherTag = true
    script.call(end.node, viWith(end, script.fresh('v'), otherTag))
    post(script, end, 'send', { ...plainly(16), memory: ofOtherTag })
  },
  // A VI that is refused was to have it.
  calls((script, end) => {
    const tag = script.fresh('t')
    const attributes = { ...end.attributes, ptag: tag, maxTransferSize: 0 }
    return [createPtag(tag), makeVi(end, script.fresh('v'), { attributes }), destroyPtag(tag)]
  }),
  // Two tags, of which one goes.
  calls((script, end) => {
    const [tag, other] = [script.fresh('t'), script.fresh('t')]
    return [createPtag(tag), createPtag(other), destroyPtag(tag), viWith(end, script.fresh('v'), other)]
  }),
]

function register(as: string, tag: string | null): CallBody {
  return registerMem(as, { buffer: 'in', offset: 0, bytes: 16 }, withoutRdma(tag))
}

function viWith(end: LinkEnd, as: string, tag: string | null): CallBody {
  return makeVi(end, as, { attributes: { ...end.attributes, ptag: tag } })
}

function useTag(script: Script, end: LinkEnd, tag: string | null): CallBody[] {
  script.host(end.node).take('in', 16)
  return [viWith(end, script.fresh('v'), tag), register(script.fresh('r'), tag)]
}

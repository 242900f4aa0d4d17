// What a drawn program tries with handles of its NIC, handlers of errors, and protection tags.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import { viaDeviceUnderTest } from '../../../spec/vocabulary/via-calls.ts'
import { blunder } from './blunders.ts'
import { firstNic, otherTag, secondNic } from './host.ts'
import { exhaust } from './limits.ts'
import type { LinkEnd } from './links.ts'
import type { Script } from './script.ts'

/** One thing to try at the host of an end of a link. */
export type Try = (script: Script, end: LinkEnd) => void

const { nic, ptag } = firstNic
const open = (as: string, device: string | null = viaDeviceUnderTest): CallBody => ({
  operation: 'VipOpenNic',
  device,
  as,
})
const query = (name: string | null): CallBody => ({ operation: 'VipQueryNic', nic: name })
const close = (name: string | null): CallBody => ({ operation: 'VipCloseNic', nic: name })
const createTag = (as: string, of: string | null = nic): CallBody => ({ operation: 'VipCreatePtag', nic: of, as })
const destroyTag = (name: string | null): CallBody => ({ operation: 'VipDestroyPtag', nic, ptag: name })
const handle = (handler: string | null, context: number): CallBody => ({
  operation: 'VipErrorCallback',
  nic,
  handler,
  context,
})

/** Calls that need nothing but the script's names. */
/** The calls at the host of an end, in order. */
export function calls(bodies: (script: Script, end: LinkEnd) => readonly CallBody[]): Try {
  return (script, end) => {
    for (const body of bodies(script, end)) script.call(end.node, body)
  }
}

export const nicTries: readonly Try[] = [
  calls(() => [query(nic)]),
  (script, { node }) => {
    script.host(node).hasSecond = true
    for (const each of [nic, secondNic.nic]) script.call(node, query(each))
  },
  // A handle more, given up and used again.
  calls((script) => {
    const name = script.fresh('n')
    return [
      open(name),
      query(name),
      close(name),
      query(name),
      close(name),
      createTag(script.fresh('t'), name),
      query(nic),
    ]
  }),
  calls((script) => [open(script.fresh('n'), 'no-such-device'), open(script.fresh('n'), null)]),
  calls((script) => [query(null), close(null), createTag(script.fresh('t'), null)]),
  (script, { node }) =>
    exhaust(script, node, { most: script.value('via.max-nics'), makes: (as) => open(as), gives: close }),
  calls(() => [close(nic), query(nic)]),
  calls((script, end) => {
    const attributes = { ...end.attributes, ptag }
    const nothing = { sendCq: null, recvCq: null }
    return [{ operation: 'VipCreateVi', nic: null, attributes, ...nothing, as: script.fresh('v') }]
  }),
]

/** The handler is another one, and then there is something to tell. */
function handles(...bodies: readonly CallBody[]): Try {
  return (script, end) => {
    for (const body of bodies) script.call(end.node, body)
    blunder(script, end, { kind: 7, queue: 'recv' })
  }
}

export const handlerTries: readonly Try[] = [
  handles(handle('heeds', 7)),
  handles(handle(null, 0)),
  handles(handle('heeds', 8), handle('hears', 9)),
  (script, end) => {
    script.host(end.node).hasSecond = true
    blunder(script, end, { kind: 7, queue: 'recv' })
  },
]

export const tagTries: readonly Try[] = [
  calls((script) => {
    const tag = script.fresh('t')
    return [createTag(tag), destroyTag(tag), destroyTag(tag)]
  }),
  // Destroyed, and then given to a VI and to memory.
  calls((script, end) => {
    const tag = script.fresh('t')
    return [createTag(tag), destroyTag(tag), ...useTag(script, end, tag)]
  }),
  calls((script, end) => useTag(script, end, null)),
  calls(() => [destroyTag(ptag)]),
  // Memory has it, and no VI.
  (script, { node }) => {
    script.host(node).hasOtherTag = true
    const as = script.fresh('r')
    script.host(node).take('in', 16)
    script.call(node, register(as, otherTag))
    script.call(node, destroyTag(otherTag))
    script.call(node, { operation: 'VipDeregisterMem', nic, at: { buffer: 'in', offset: 0 }, memory: as })
    script.call(node, destroyTag(otherTag))
  },
  (script, { node }) =>
    exhaust(script, node, { most: script.value('via.max-ptags'), makes: (as) => createTag(as), gives: destroyTag }),
  calls(() => [destroyTag(null)]),
  // Of another handle of the NIC.
  (script, end) => {
    script.host(end.node).hasSecond = true
    script.call(end.node, destroyTag(secondNic.ptag))
    for (const body of useTag(script, end, secondNic.ptag)) script.call(end.node, body)
  },
  // A VI has it, and goes.
  calls((script, end) => {
    const [tag, vi] = [script.fresh('t'), script.fresh('v')]
    return [createTag(tag), createVi(end, vi, tag), destroyTag(tag), { operation: 'VipDestroyVi', vi }, destroyTag(tag)]
  }),
  // Two tags, of which one goes.
  calls((script, end) => {
    const [tag, other] = [script.fresh('t'), script.fresh('t')]
    return [createTag(tag), createTag(other), destroyTag(tag), createVi(end, script.fresh('v'), other)]
  }),
]

function register(as: string, tag: string | null): CallBody {
  const attributes = { ptag: tag, enableRdmaWrite: false, enableRdmaRead: false }
  return { operation: 'VipRegisterMem', nic, at: { buffer: 'in', offset: 0, bytes: 16 }, attributes, as }
}

function createVi({ attributes }: LinkEnd, as: string, tag: string | null): CallBody {
  return { operation: 'VipCreateVi', nic, attributes: { ...attributes, ptag: tag }, sendCq: null, recvCq: null, as }
}

function useTag(script: Script, end: LinkEnd, tag: string | null): CallBody[] {
  script.host(end.node).take('in', 16)
  return [createVi(end, script.fresh('v'), tag), register(script.fresh('r'), tag)]
}

// One thing that a drawn program tries at a host, and what tries have in common.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import { firstNic } from './host.ts'
import type { LinkEnd } from './links.ts'
import type { Script } from './script.ts'
import { createVi, type ViMade } from './vipl-calls.ts'

/** One thing to try at the host of an end of a link. */
export type Try = (script: Script, end: LinkEnd) => void

/** The calls at the host of an end, in order. */
export function calls(bodies: (script: Script, end: LinkEnd) => readonly CallBody[]): Try {
  return (script, end) => {
    for (const body of bodies(script, end)) script.call(end.node, body)
  }
}

/** A VI with the attributes of an end of a link, and without completion queues, unless others are given. */
export function makeVi(
  { attributes }: LinkEnd,
  as: string,
  { sendCq = null, recvCq = null, ...given }: Partial<ViMade> = {},
): CallBody {
  const usual = { ...attributes, ptag: firstNic.ptag }
  return createVi(as, { attributes: given.attributes === undefined ? usual : given.attributes, sendCq, recvCq })
}

/** A VI of its own beside the link, which is connected to nobody. */
export function lonely(script: Script, end: LinkEnd, cqs: { sendCq?: string; recvCq?: string } = {}): LinkEnd {
  const made = { ...end, nic: firstNic, vi: script.fresh('v'), sendCq: null, recvCq: null, ...cqs }
  script.call(end.node, makeVi(end, made.vi, cqs))
  return made
}

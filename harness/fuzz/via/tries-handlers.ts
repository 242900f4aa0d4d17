// What a drawn program tries with handlers of the Notify calls, and with requests for peers.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import { millisecond } from '../../../spec/vocabulary/units.ts'
import { firstNic } from './host.ts'
import type { LinkEnd } from './links.ts'
import { plainly, post, taking, takingEntry } from './posting.ts'
import type { Script } from './script.ts'
import type { Try } from './tries-nic.ts'
import { destroyCq, destroyVi, disconnect, makeCq, makeVi } from './tries-vi.ts'

type Queue = 'send' | 'recv'

function arming(queue: Queue, vi: string | null, context: number, handler: string | null = 'hears'): CallBody {
  return { operation: queue === 'send' ? 'VipSendNotify' : 'VipRecvNotify', vi, handler, context }
}

function armingEntry(cq: string | null, context: number, handler: string | null = 'hears'): CallBody {
  return { operation: 'VipCQNotify', cq, handler, context }
}

/** A VI of its own beside the link, which is connected to nobody. */
function lonely(script: Script, end: LinkEnd, cqs: { sendCq?: string; recvCq?: string } = {}): LinkEnd {
  const made = { ...end, nic: firstNic, vi: script.fresh('v'), sendCq: null, recvCq: null }
  script.call(end.node, makeVi(end, made.vi, cqs))
  return made
}

export const notifyTries: readonly Try[] = [
  // Armed for what comes on the connection.
  (script, end) => {
    post(script, end, 'recv', plainly(16))
    script.call(end.node, arming('recv', end.vi, script.next()))
  },
  (script, end) => {
    post(script, end, 'send', plainly(16))
    script.call(end.node, arming('send', end.vi, script.next()))
    script.pause(millisecond)
    script.call(end.node, taking(end, 'send'))
  },
  // Several, of which the last is for what a disconnect flushes.
  (script, end) => {
    const one = lonely(script, end)
    post(script, one, 'recv', plainly(8))
    post(script, one, 'recv', plainly(8))
    for (const context of [1, 2, 3]) script.call(end.node, arming('recv', one.vi, context))
    script.call(end.node, disconnect(one.vi))
    script.call(end.node, taking(one, 'recv'))
    script.call(end.node, destroyVi(one.vi))
  },
  // What is flushed at once, before and after.
  (script, end) => {
    const one = lonely(script, end)
    script.call(end.node, arming('send', one.vi, 1))
    post(script, one, 'send', plainly(8))
    post(script, one, 'send', plainly(8))
    script.pause(millisecond)
    script.call(end.node, arming('send', one.vi, 2))
    script.call(end.node, taking(one, 'send'))
    script.call(end.node, destroyVi(one.vi))
  },
  // Entries: before, after, and of a queue that goes.
  (script, end) => {
    const cq = script.fresh('q')
    script.call(end.node, makeCq(cq, 4))
    const one = lonely(script, end, { sendCq: cq, recvCq: cq })
    script.call(end.node, armingEntry(cq, 1))
    post(script, one, 'send', plainly(8))
    post(script, one, 'send', plainly(8))
    script.pause(millisecond)
    const bodies = [armingEntry(cq, 2), takingEntry(cq), armingEntry(cq, 3), taking(one, 'send'), taking(one, 'send')]
    for (const body of [...bodies, destroyVi(one.vi), destroyCq(cq), armingEntry(cq, 4)]) script.call(end.node, body)
  },
  (script, { node }) => {
    for (const body of [arming('recv', null, 1), armingEntry(null, 1)]) script.call(node, body)
  },
  (script, end) => {
    script.call(end.node, arming('recv', end.vi, 1, null))
    const gone = lonely(script, end)
    for (const body of [arming('recv', gone.vi, 5), destroyVi(gone.vi), arming('send', gone.vi, 6)]) {
      script.call(end.node, body)
    }
  },
]

interface Side {
  readonly node: NodeIndex
  readonly vi: string
  readonly discriminator: string
}

/** A fresh VI on either of two hosts, and discriminators that nobody else has. */
function sidesOf(script: Script, end: LinkEnd, larger = 0): readonly [Side, Side] {
  const other = (end.node + 1) % script.hosts.length
  const sides = [end.node, other].map((node, place) => {
    const side = { node, vi: script.fresh('v'), discriminator: script.next().toString(16).padStart(8, '0') }
    const { maxTransferSize } = end.attributes
    const attributes = { ...end.attributes, ptag: firstNic.ptag, maxTransferSize: maxTransferSize - place * larger }
    script.call(node, makeVi(end, side.vi, { attributes }))
    return side
  })
  const [one, two] = sides
  if (!one || !two) throw new RangeError('a link has two ends')
  return [one, two]
}

function seeking(one: Side, two: Side, timeout = 20): CallBody {
  const local = { host: one.node, discriminator: one.discriminator }
  const remote = { host: two.node, discriminator: two.discriminator }
  return { operation: 'VipConnectPeerRequest', vi: one.vi, local, remote, timeout }
}

const poll = (vi: string | null): CallBody => ({ operation: 'VipConnectPeerDone', vi })
const looking = (vi: string): CallBody => ({ operation: 'VipQueryVi', vi })

/** Both ends are asked how it went, twice, looked at, and taken apart. */
function conclude(script: Script, sides: readonly Side[]): void {
  for (const { node, vi } of sides) {
    for (const body of [poll(vi), poll(vi), looking(vi), disconnect(vi), destroyVi(vi)]) script.call(node, body)
  }
}

/** Two requests, the second after a while. */
function pairing(pause: number, { timeout = 20, larger = 0, cancels = false } = {}): Try {
  return (script, end) => {
    const [one, two] = sidesOf(script, end, larger)
    script.call(one.node, seeking(one, two, timeout))
    if (pause > 0) script.pause(pause)
    if (cancels) script.call(one.node, disconnect(one.vi))
    script.call(two.node, seeking(two, one, timeout))
    script.pause(3 * millisecond)
    conclude(script, [one, two])
  }
}

export const peerTries: readonly Try[] = [
  pairing(0),
  pairing(6 * millisecond),
  pairing(6 * millisecond, { timeout: 2 }),
  pairing(0, { larger: 16 }),
  pairing(0, { cancels: true }),
  (script, end) => {
    const [one, two] = sidesOf(script, end)
    script.call(one.node, seeking(one, two, 2))
    const waiting = script.start(one.node, { operation: 'VipConnectPeerWait', vi: one.vi })
    script.join(waiting)
    script.call(two.node, poll(two.vi))
    conclude(script, [one, two])
  },
  (script, { node }) => {
    const nobody = { operation: 'VipConnectPeerRequest', vi: null, local: null, remote: null, timeout: 5 } as const
    for (const body of [nobody, poll(null)]) script.call(node, body)
  },
]

// Asynchronous errors: to whom they may be told, of what, and for which cause (S9).
import type { ViaErrorEvent } from '../../vocabulary/via.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import type { Connection } from './connection.ts'
import type { Host, Nic } from './host.ts'
import type { Transfer } from './rdma.ts'
import { states, type Vi } from './vi.ts'
import type { World } from './world.ts'

/** A message of so many octets is one packet on any wire, and one error if it is dropped. */
const onePacket = 512

type Wrong = (requirements: readonly string[], right: string) => Judged

/** Judges that an error handler ran. */
export function judgeError(world: World, host: Host, event: ViaErrorEvent): Judged {
  const wrong: Wrong = (requirements, right) => forbidden(requirements, `${wordsOf(host, event)}; ${right}`)
  const nic = host.nics.get(event.nic)
  if (!nic?.isLive) return wrong(['VIA-ERR-005', 'VIA-ERR-024'], 'there is no such NIC handle')
  if (event.code === 'unknown') return wrong(['VIA-ERR-005'], 'there is no such error')
  if (event.code === 'catastrophic') {
    host.isLoose = true
    return undefined
  }
  return judgeHandler(host, nic, event, wrong) ?? judgeResource(world, { host, nic, event }, wrong)
}

function judgeHandler(host: Host, nic: Nic, event: ViaErrorEvent, wrong: Wrong): Judged {
  if (nic.settingHandler > 0) return undefined
  if (event.handler === nic.handler && (nic.handler === null || event.context === nic.context)) return undefined
  if (event.handler === nic.handler) return wrong(['VIA-ERR-001'], `it was registered with context ${nic.context}`)
  if (event.handler === null) return wrong(['VIA-ERR-001'], `${nic.handler} is its handler`)
  for (const other of host.nics.values()) {
    if (other !== nic && other.handler === event.handler)
      return wrong(['VIA-ERR-004'], 'that is the handler of another handle')
  }
  if (nic.handler === null) return wrong(['VIA-ERR-002'], 'the default handler had been brought back')
  return wrong(['VIA-ERR-003', 'VIA-ERR-001'], `${nic.handler} is its handler`)
}

function judgeResource(
  world: World,
  { host, nic, event }: { host: Host; nic: Nic; event: ViaErrorEvent },
  wrong: Wrong,
): Judged {
  if (event.resource !== 'vi' && event.resource !== 'descriptor') {
    return wrong(['VIA-ERR-005'], 'that is an error of a VI or of a descriptor')
  }
  const vi = event.vi === undefined ? undefined : host.vis.get(event.vi)
  if (!vi) return wrong(['VIA-ERR-005'], 'no VI is named')
  if (vi.nic !== nic) return wrong(['VIA-ERR-004', 'VIA-ERR-005'], 'that VI was made through another handle')
  if (!vi.isLive) return wrong(['VIA-DISC-007', 'VIA-ERR-024'], 'that VI is gone')
  return vi.isLoose ? undefined : judgeCause(world, vi, event, wrong)
}

function judgeCause(world: World, vi: Vi, { code }: ViaErrorEvent, wrong: Wrong): Judged {
  const hasOpaque = vi.send.items.some(({ isOpaque }) => isOpaque) || vi.recv.items.some(({ isOpaque }) => isOpaque)
  const isCaused = hasOpaque || vi.hadOpaque
  vi.heard++
  switch (code) {
    case 'connection-lost':
      return judgeLost(vi, wrong)
    case 'receive-queue-empty':
      return judgeEmpty(vi, wrong)
    case 'vi-overrun':
      if (vi.overruns-- > 0) break
      return wrong(
        ['VIA-ERR-008', 'VIA-POST-005', 'VIA-ERR-001', 'VIA-ERR-024'],
        'nothing was posted beyond the room of a queue',
      )
    case 'post-descriptor':
    case 'completion-protection':
      vi.heardBad++
      if (isCaused || vi.badPostings-- > 0) break
      return wrong(
        isLinked(vi) ? ['VIA-DESC-022'] : ['VIA-ERR-007', 'VIA-ERR-006', 'VIA-ERR-001', 'VIA-ERR-024'],
        'no descriptor was posted that could not be',
      )
    case 'rdma-write-protection':
      return judgeRefusal(world, vi, 'write', wrong)
    case 'rdma-read-protection':
      return judgeRefusal(world, vi, 'read', wrong)
    case 'rdma-write-data':
    case 'rdma-write-abort':
      return judgeBrokenOff(vi, wrong)
    case 'rdma-transport':
      return judgeTransport(vi, wrong)
    case 'catastrophic':
    case 'unknown':
      break
  }
  // What becomes of a VI that overran is not judged (ERR-008): what waits on it may be flushed unread.
  if (code === 'vi-overrun') vi.owed.length = 0
  // A descriptor that was flushed before anybody looked at it, and could not be written (ERR-021).
  const instead = code === 'completion-protection' ? 'post-descriptor' : code
  vi.owed = vi.owed.filter((owed) => owed !== code && owed !== instead)
  return undefined
}

/** Something stood in the link of a descriptor when it was posted, which is no error. */
function isLinked({ send, recv }: Vi): boolean {
  return [send, recv].some(({ items }) => items.some(({ descriptor }) => descriptor.isLinked))
}

/** The VI is in error when its connection is lost (ERR-009), and hears of it once (ERR-001), not when it leaves itself (DISC-007). */
function judgeLost(vi: Vi, wrong: Wrong): Judged {
  const { connection } = vi
  if (!vi.may(states.error) || !connection) {
    const words = vi.states === states.idle ? 'it is not connected' : 'nothing has broken its connection'
    const requirements = [
      'VIA-ERR-024',
      'VIA-DISC-007',
      'VIA-ERR-010',
      'VIA-REL-003',
      'VIA-REL-016',
      'VIA-ERR-006',
      'VIA-RDMA-014',
      'VIA-RDMA-027',
    ]
    return wrong([...requirements, 'VIA-VI-020', ...ofOther(vi)], words)
  }
  if (connection.told.has(vi)) return wrong(['VIA-ERR-001'], 'it was told before')
  connection.told.add(vi)
  if (vi.leaving === 0) vi.seeError()
  else vi.mayFlush()
  // What has broken it is known elsewhere.
  if (!connection.left.has(connection.peerOf(vi))) connection.break(0)
  return undefined
}

/** A message found no receive: there must be one that may not have (ERR-010, ERR-011). */
function judgeEmpty(vi: Vi, wrong: Wrong): Judged {
  const { connection } = vi
  const messages = connection?.messagesTo(vi) ?? []
  for (const message of messages) {
    if (message.isServed || message.isReported) continue
    if (message.bytes <= onePacket) message.isReported = true
    // Whether each is told by itself is open.
    for (const other of messages) other.isUnserved = false
    if (vi.isReliable && connection) {
      const sender = connection.peerOf(vi)
      connection.break(connection.causeOf(sender))
      if (!vi.isReception && message.isSure) connection.owed.set(sender, message)
    }
    return undefined
  }
  // What the network duplicates may be taken for another message.
  const twice = connection?.isExposed === true ? ['VIA-REL-001'] : []
  return wrong(
    ['VIA-ERR-024', 'VIA-ERR-001', 'VIA-ERR-010', 'VIA-ERR-006', ...twice, ...ofOther(vi)],
    'no message can have been without a receive',
  )
}

/** RDMA of the peer was refused that no descriptor here can speak of, and that was not told before (RDMA-007, RDMA-008, RDMA-018). */
function judgeRefusal(world: World, vi: Vi, kind: Transfer['kind'], wrong: Wrong): Judged {
  const mine = world.transfers.filter(({ far, kind: of }) => far === vi && of === kind)
  const refused = mine.find((each) => each.access !== 'right' && !each.isTold && !isToldByReceive(each))
  if (!refused) {
    const requirements = kind === 'write' ? ['VIA-RDMA-008', 'VIA-RDMA-007', 'VIA-RDMA-001'] : ['VIA-RDMA-018']
    return wrong([...requirements, 'VIA-ERR-006', 'VIA-ERR-024', ...ofOther(vi)], `no RDMA ${kind} is to be told here`)
  }
  const { posting, connection } = refused
  if (posting.bytes <= onePacket || kind === 'read') refused.isTold = true
  // Whether each is told by itself is open.
  for (const other of mine) other.mayBeUntold = true
  const sender = posting.queue.vi
  if (vi.isReliable) breakFor(connection, refused, sender)
  return undefined
}

function breakFor(connection: Connection, { posting, kind }: Transfer, sender: Vi): void {
  connection.break(connection.causeOf(sender))
  // At Reliable Reception its descriptor says what was wrong, and that of a read always.
  if (kind === 'write' && !sender.isReception && posting.isSure) connection.owed.set(sender, posting)
}

function isToldByReceive({ posting, kind }: Transfer): boolean {
  return kind === 'write' && posting.takesReceive
}

/** A write of the peer lost a part of itself on its way (RDMA-027). */
function judgeBrokenOff(vi: Vi, wrong: Wrong): Judged {
  const { connection } = vi
  const peer = connection?.peerOf(vi)
  const count = peer ? (connection?.breakable.get(peer) ?? 0) : 0
  if (!connection?.isExposed || !peer || count === 0) {
    return wrong(
      ['VIA-RDMA-027', 'VIA-ERR-006', 'VIA-ERR-024', ...ofOther(vi)],
      'no RDMA write of the peer can have broken off',
    )
  }
  connection.breakable.set(peer, count - 1)
  return undefined
}

/** Nothing got through any more while the peer read or wrote here (RDMA-028): then the connection is lost. */
function judgeTransport(vi: Vi, wrong: Wrong): Judged {
  const { connection } = vi
  const isCaused = connection?.served.has(vi) === true && connection.isExposed && vi.isReliable
  if (!isCaused || connection.toldTransport.has(vi)) {
    return wrong(
      ['VIA-RDMA-028', 'VIA-ERR-006', 'VIA-ERR-024', ...ofOther(vi)],
      'no RDMA of the peer can have failed so',
    )
  }
  connection.toldTransport.add(vi)
  connection.break(0)
  return undefined
}

/** It may be another VI's error. */
function ofOther({ host }: Vi): readonly string[] {
  return host.liveVis.length > 1 ? ['VIA-ERR-005'] : []
}

function wordsOf(host: Host, { code, handler, context, vi, nic, resource }: ViaErrorEvent): string {
  const of = vi === undefined ? '' : `, VI ${vi}`
  return `${host.name}'s ${handler ?? 'default handler'} (${context}) was told ${code} of a ${resource}: NIC ${nic}${of}`
}

// What passing time and coming to rest say: what must be complete, answered, told or broken by then.
import { forbidden, type Judged } from '../forbidden.ts'
import { causes, type Connection } from './connection.ts'
import { judgeUnnotified, judgeUntold } from './notifications.ts'
import { settleTransfers } from './rdma.ts'
import { judgeSpoiled } from './spoiled.ts'
import { states, type Posting, type Vi } from './vi.ts'
import type { World } from './world.ts'

/** What became of the frames before the world came to rest. `foul`: something may have happened to some of them. */
export type Weather = 'calm' | 'foul'

/** Time goes on: what completes at once has, and requests have begun. */
export function passTime(world: World): void {
  for (const { liveVis } of world.hosts) {
    for (const vi of liveVis) {
      const { request } = vi
      if (request && request.rejectedAt === Infinity && !request.isCancelled) vi.states &= ~states.idle
      if (vi.isFlushing) vi.mustComplete(['VIA-FLUSH-005'])
      flushAtOnce(vi.send.items)
      flushAtOnce(vi.recv.items)
    }
  }
}

/** What was posted without a connection has completed by now (POST-003, POST-004), if nothing is before it. */
function flushAtOnce(items: readonly Posting[]): void {
  for (const item of items) {
    if (item.mustFlush && item.isAccepted && !item.isGhost) item.due ??= item.mustFlush
    else if (!item.due) return
  }
}

/** The world is at rest. */
export function judgeRest(world: World): Judged {
  for (const host of world.hosts) {
    if (host.isLoose) continue
    for (const vi of host.liveVis) {
      if (vi.isLoose) continue
      const { connection } = vi
      const judged =
        connection &&
        (judgeTransport(vi, connection) ?? judgeSpoiled(world, vi, connection) ?? judgeExposed(world, vi, connection))
      if (judged) return judged
      settleVi(world, vi)
      const owed = judgeOwed(vi) ?? judgeUnnotified(vi.send) ?? judgeUnnotified(vi.recv)
      if (owed) return owed
    }
    const idle = judgeUntold(host)
    if (idle) return idle
  }
  settleTransfers(world)
  world.restedAt = world.postings
  // What has befallen frames is over.
  world.isCalm = world.setting.calm
  return undefined
}

/** Who was told that the transport failed was told that the connection is lost (RDMA-028). */
function judgeTransport(vi: Vi, { toldTransport, told, left }: Connection): Judged {
  const { nic, host, name } = vi
  if (!toldTransport.has(vi) || told.has(vi) || left.has(vi) || nic.handler === null || nic.settingHandler > 0)
    return undefined
  const words = `${host.name}'s ${nic.handler} was told of a transport error of ${name}, and not that its connection is lost`
  return forbidden(['VIA-RDMA-028', 'VIA-ERR-001'], words)
}

function judgeExposed(world: World, vi: Vi, connection: Connection): Judged {
  return connection.isExposed ? undefined : judgeEnd(world, vi, connection)
}

/** Where no notice can have been lost, either end knows that the connection has ended, and has said so (DISC-002, REL-015). */
function judgeEnd(world: World, vi: Vi, connection: Connection): Judged {
  const peer = connection.peerOf(vi)
  if (!connection.stands.has(vi) || !vi.may(states.connected | states.error)) return undefined
  const since = connection.left.get(peer)
  const isBroken = connection.isBroken || since !== undefined
  const hasOther = (connection.troubles & ~causes.left) !== 0
  if (isBroken && vi.may(states.error) && vi.leaving === 0) vi.seeError()
  const { nic, host, name } = vi
  if (nic.handler === null || nic.settingHandler > 0) return undefined
  if (since !== undefined && nic.handlerSince < since && !connection.told.has(vi) && !hasOther) {
    const words = `${host.name}'s ${nic.handler} was not told that the connection of ${name} is lost, whose peer has disconnected`
    return forbidden(['VIA-DISC-002', 'VIA-ERR-001'], words)
  }
  return judgeLoss(vi, connection) ?? judgeUnserved(vi, connection) ?? judgeRefused(world, vi, connection)
}

/** An end that cannot know it otherwise is told that the connection is lost (ERR-011, ERR-020). */
function judgeLoss(vi: Vi, connection: Connection): Judged {
  const cause = connection.owed.get(vi)
  if (!cause || connection.told.has(vi)) return undefined
  // Something else may have put its end into error before: another cause, or a send of its own that fails.
  if ([...connection.messagesFrom(vi), ...vi.send.items].some(({ mayFail }) => mayFail !== 0)) return undefined
  if (connection.failed.has(vi) || vi.send.hasFailed) return undefined
  if ((connection.troubles & ~connection.causeOf(cause.queue.vi)) !== 0) return undefined
  if (vi.nic.handlerSince >= cause.serial) return undefined
  const { host, name, nic } = vi
  const words = `${host.name}'s ${nic.handler} was not told that the connection of ${name} is lost, which ${cause.descriptor.written.as} broke`
  return forbidden(['VIA-ERR-011', 'VIA-ERR-020', 'VIA-ERR-001', ...(cause.isWrite ? ['VIA-RDMA-015'] : [])], words)
}

/** A message that found no receive is reported (ERR-010, ERR-011). */
function judgeUnserved(vi: Vi, connection: Connection): Judged {
  if (vi.isReception) return undefined
  for (const message of connection.messagesTo(vi)) {
    if (!message.isUnserved || message.isDoubtful || vi.nic.handlerSince >= message.serial) continue
    const words = `${vi.host.name}'s ${vi.nic.handler} was not told that a message found no receive on ${vi.name}`
    const ofRdma = message.isWrite ? ['VIA-RDMA-016'] : []
    return forbidden(['VIA-ERR-010', 'VIA-ERR-011', 'VIA-ERR-001', ...ofRdma], words)
  }
  return undefined
}

/** RDMA that was refused is reported where it should have gone (RDMA-007, RDMA-018). */
function judgeRefused(world: World, vi: Vi, connection: Connection): Judged {
  for (const { far, kind, posting, access, isTold, mayBeUntold } of world.transfers) {
    if (far !== vi || access !== 'wrong' || isTold || mayBeUntold || vi.nic.handlerSince >= posting.serial) continue
    const isSure = posting.isSure && posting.mayFail === 0 && posting.isAccepted && !posting.isGhost
    const isOther = (connection.troubles & ~connection.causeOf(posting.queue.vi)) !== 0
    if (posting.connection !== connection || !isSure || isOther || (kind === 'write' && posting.takesReceive)) continue
    const words = `${vi.host.name}'s ${vi.nic.handler} was not told that the RDMA ${kind} ${posting.descriptor.written.as} through ${vi.name} was refused`
    return forbidden([kind === 'write' ? 'VIA-RDMA-007' : 'VIA-RDMA-018', 'VIA-ERR-001'], words)
  }
  return undefined
}

function judgeOwed({ owed, host, name, nic }: Vi): Judged {
  const [code] = owed
  if (code === undefined || nic.handler === null || nic.settingHandler > 0) return undefined
  const requirement = code === 'vi-overrun' ? 'VIA-ERR-008' : 'VIA-ERR-007'
  return forbidden(
    [requirement, 'VIA-ERR-001'],
    `${host.name}'s ${nic.handler} was not told of a ${code} error of ${name}`,
  )
}

/** Every send has completed (SEND-005), and every receive that was sure of a message (REL-005, REL-007). */
function settleVi(world: World, vi: Vi): void {
  const { connection } = vi
  vi.send.mustComplete(Infinity, ['VIA-SEND-005', 'VIA-RECV-009', ...requirementsOfRepair(vi, connection)])
  if (connection) {
    const messages = connection.messagesTo(vi)
    // Messages that suffered may be lost, or come when nobody looks for them.
    if (!world.isCalm && !vi.isReliable) for (const message of messages) message.isDoubtful = true
    let [served, fitting] = [0, 0]
    for (const { isServed, isDoubtful, isFitting } of messages) {
      if (isServed && !isDoubtful) served++
      if (isFitting) fitting++
    }
    const known = knownCount(vi)
    if (served > 0) vi.recv.mustComplete(known + served, requirementsOfArrival(vi, messages))
    if (connection.troubles === causes.weather) {
      for (const item of vi.recv.items.slice(known, known + fitting)) item.owedBy = connection
    }
    if (vi.recv.items.length === 0 && vi.recv.takers === 0) loseAll(messages)
  }
}

/** By which requirement what befell frames has been repaired, or has broken the connection. */
function requirementsOfRepair({ isReliable, isReception }: Vi, connection: Connection | undefined): readonly string[] {
  if (!isReliable || !connection || (connection.troubles & causes.weather) === 0) return []
  return [isReception ? 'VIA-REL-012' : 'VIA-REL-007']
}

/** By which requirements a message arrives. */
function requirementsOfArrival(vi: Vi, messages: readonly Posting[]): readonly string[] {
  const also = messages.some(({ isWrite }) => isWrite) ? ['VIA-RDMA-005', 'VIA-RDMA-008'] : []
  if (messages.some(({ form }) => form.hasFence)) also.push('VIA-RDMA-011')
  if (vi.connection?.isOfPeers === true) also.push('VIA-PEER-001')
  if (!vi.isReliable) return ['VIA-REL-005', 'VIA-REL-016', 'VIA-SEND-002', 'VIA-VI-017', 'VIA-CON-025', ...also]
  return [
    vi.isReception ? 'VIA-REL-012' : 'VIA-REL-007',
    'VIA-SEND-002',
    'VIA-VI-017',
    'VIA-CON-025',
    'VIA-CON-026',
    ...also,
  ]
}

/** How many receives at the front are known to be complete: those behind them hold the messages that are on their way. */
function knownCount({ recv }: Vi): number {
  const place = recv.items.findIndex(({ status }) => status === undefined)
  return place < 0 ? recv.items.length : place
}

/** Messages that are on no receive now are on none ever (RECV-008). */
function loseAll(messages: Posting[]): void {
  for (const message of messages) message.isDoubtful = true
  messages.length = 0
}

// What a send that has completed well at Reliable Reception says of the receives at the other end (REL-011).
import { viaStatusMasks } from '../../vocabulary/via-constants.ts'
import { scatter } from '../memory.ts'
import type { Posting, WorkQueue } from './vi.ts'

/** Whether a receive that is still to be taken can hold the message (REL-011). */
export function mayBeReceived(send: Posting): boolean {
  const { connection } = send
  if (!connection) return false
  const peer = connection.peerOf(send.queue.vi)
  if (connection.isBlurred || peer.isLoose || !peer.isLive || peer.recv.hasLost) return true
  let place = 0
  for (const message of connection.messagesFrom(send.queue.vi)) {
    if (message === send) break
    if (!message.isDoubtful) place++
  }
  return waitingFor(peer.recv, send)
    .slice(place)
    .some((receive) => receive.isOpaque || mayHold(receive, send))
}

/** Receives that were not taken, and had not come back for certain when a message was posted. */
function waitingFor({ items }: WorkQueue, { serial }: Posting): Posting[] {
  return items.filter(({ status, parted }) => status === undefined && !(parted?.isSure && parted.at <= serial))
}

/** Its message is in the memory of the receive that took it, which need not be taken yet (REL-011). */
export function landSent(send: Posting): void {
  const { connection } = send
  if (!connection || connection.isBlurred) return
  const { recv } = connection.peerOf(send.queue.vi)
  const messages = connection.messagesFrom(send.queue.vi)
  const place = messages.indexOf(send)
  const isInOrder = messages
    .slice(0, place)
    .every(({ status }) => status !== undefined && (status & viaStatusMasks.errors) === 0)
  const waiting = waitingFor(recv, send)
  if (place < 0 || !isInOrder || recv.items.some(({ isGhost, isCrossed }) => isGhost || isCrossed)) return
  if (waiting.some(({ parted }) => parted && !parted.isSure)) return
  const receive = waiting[place]
  if (!receive || receive.isOpaque || !receive.steady) return
  receive.isLanded = true
  if (!send.isWrite) scatter(receive.pieces, send.bytes, send)
}

function mayHold(receive: Posting, { bytes, isWrite }: Posting): boolean {
  return isWrite || (bytes <= receive.bytes && receive.form.mustFail.length === 0)
}

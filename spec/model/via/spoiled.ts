// Receives whose link is changed, or whose memory goes, while they are posted: what must be told when a message comes (DESC-022, ERR-021).
import { forbidden, type Judged } from '../forbidden.ts'
import { regionOf } from './access.ts'
import { causes, type Connection } from './connection.ts'
import type { Posting, Vi, WorkQueue } from './vi.ts'
import type { World } from './world.ts'

/** The memory that it lies in is not registered any more, under that handle. */
export function isGone({ spoiled, form: { home }, queue: { vi } }: Posting): boolean {
  return spoiled === 'memory' && home !== undefined && regionOf(vi.host, home.handle) === null
}

/** A message is sure to come for a receive that was spoiled. */
export interface Revealing {
  readonly message: Posting
  readonly receive: Posting
}

/** A message is posted: it is remembered if it is sure to come for a receive that was spoiled, and nothing else can be wrong with it. */
export function reveal({ wasDisturbed, setting }: World, connection: Connection, message: Posting): void {
  if (wasDisturbed || !setting.calm || connection.troubles !== causes.spoiled) return
  const { vi } = message.queue
  const peer = connection.peerOf(vi)
  const { stands } = connection
  const isEstablished = stands.has(vi) && (stands.has(peer) || vi.isReliable)
  const isAttached = peer.connection === connection && peer.isLive && peer.leaving === 0
  const isFirst =
    connection.messagesFrom(vi).length === 0 &&
    vi.send.items.every((item) => item === message || item.status !== undefined)
  const isPlain = !vi.isLoose && message.mayFail === 0 && !message.isOpaque && !message.form.rdma
  if (!isEstablished || !isAttached || !isFirst || !isPlain) return
  const [receive] = peer.recv.items
  // What came back when its VI was disconnected takes no message.
  if (!receive || !isSpoiled(receive) || receive.parted) return
  if (receive.isCrossed || peer.recv.isLoose || peer.recv.hasLost) return
  if (receive.bytes >= message.bytes) connection.revealing ??= { message, receive }
}

/** It cannot be used, and nothing else is wrong with it. */
function isSpoiled(receive: Posting): boolean {
  return (receive.spoiled === 'link' || isGone(receive)) && receive.mayFail === 0
}

/** A message came for a receive that was spoiled, and nobody was told. */
export function judgeSpoiled({ wasDisturbed }: World, vi: Vi, connection: Connection): Judged {
  const { revealing } = connection
  if (!revealing || wasDisturbed) return undefined
  const { message, receive } = revealing
  const { nic, host, name } = vi
  if (receive.queue.vi !== vi || !isSpoiled(receive) || vi.heardBad > receive.spoiledAt) return undefined
  if (nic.handler === null || nic.settingHandler > 0 || nic.handlerSince >= receive.serial) return undefined
  if (!message.isAccepted || mayBeOver(vi, connection, message.queue)) return undefined
  const isLink = receive.spoiled === 'link'
  const words = `${host.name}'s ${nic.handler} was not told that ${receive.descriptor.written.as} of ${name}, whose ${isLink ? 'link was changed' : 'memory has gone'}, could not be used, though a message came for it`
  return forbidden([isLink ? 'VIA-DESC-022' : 'VIA-ERR-021'], words)
}

/** Whether the connection may have ended before the message came, or the message may have been another one. */
function mayBeOver(vi: Vi, connection: Connection, { items, hasFailed, vi: sender }: WorkQueue): boolean {
  const own = causes.spoiled | connection.causeOf(sender)
  if ([vi, sender].some(({ host }) => host.isLoose || host.isMemoryLoose)) return true
  if (connection.left.size > 0 || vi.leaving > 0 || (connection.troubles & ~own) !== 0) return true
  // What was posted behind it may have gone wrong first.
  return hasFailed || items.some(({ mayFail, isOpaque }) => mayFail !== 0 || isOpaque)
}

// What RDMA does at the far end: whether it may, and which octets it writes or reads there (RDMA-002, RDMA-003, RDMA-009, RDMA-010).
import type { ViaRemotePlace } from '../../vocabulary/via-descriptor.ts'
import { overlap, type Layer, type MessageOctets, type Piece } from '../memory.ts'
import { page, type Access } from './access.ts'
import type { Connection } from './connection.ts'
import { damage } from './descriptor.ts'
import type { Host, Region } from './host.ts'
import type { Posting, Vi } from './vi.ts'
import type { World } from './world.ts'

/** What a descriptor asks of the other end. Without a place: it has no address segment. */
export interface Rdma {
  readonly kind: 'write' | 'read'
  readonly remote: ViaRemotePlace | undefined
}

/** RDMA that is under way: the other end may be written, or read, at any moment. */
export interface Transfer {
  readonly kind: Rdma['kind']
  readonly posting: Posting
  readonly connection: Connection
  readonly far: Vi
  readonly handle: number
  /** Whether the other end permits it; where that has changed since, it is unclear. */
  access: Access
  /** By which requirements it may not. */
  readonly refusal: readonly string[]
  /** The octets at the other end; undefined if nobody may touch them, or it is not known where they lie. */
  readonly place: Piece | undefined
  /** What a read brings here. */
  readonly octets: { readonly pieces: readonly Piece[]; readonly depths: readonly number[]; steady: boolean }
  /** Its octets are where they go, or will never be. */
  isOver: boolean
  /** That it was refused was told; or perhaps with that of another. */
  isTold: boolean
  mayBeUntold: boolean
}

/** Starts the RDMA of a descriptor; undefined if it has no effect at the other end. */
export function startTransfer(world: World, posting: Posting, connection: Connection): Transfer | undefined {
  const { form, queue } = posting
  const { rdma } = form
  if (!rdma?.remote || (rdma.kind === 'read' && form.mustFail.length > 0)) return undefined
  const far = connection.peerOf(queue.vi)
  if (far.isLoose) far.host.isMemoryLoose = true
  if (far.connection !== connection || !far.isLive) return undefined
  const { access, refusal, place } = reach(far, rdma.kind, { remote: rdma.remote, bytes: posting.bytes })
  const pieces = place ? [place] : []
  const transfer: Transfer = {
    kind: rdma.kind,
    posting,
    connection,
    far,
    handle: rdma.remote.handle,
    access,
    refusal,
    place,
    octets: { pieces, depths: pieces.map(({ buffer }) => buffer.layers.length), steady: place !== undefined },
    isOver: false,
    isTold: false,
    mayBeUntold: false,
  }
  meet(world, transfer)
  world.transfers.push(transfer)
  return transfer
}

/** Whether the VI at the other end may be written or read through so, and where the octets lie. */
function reach(
  far: Vi,
  kind: Rdma['kind'],
  { remote, bytes }: { remote: ViaRemotePlace; bytes: number },
): Pick<Transfer, 'access' | 'refusal' | 'place'> {
  const region = liveRegion(far.host, remote.handle)
  const start = region ? distance(region, remote) : 0
  const { access, refusal } = rightTo(far, region, { kind, start, bytes })
  if (access === 'wrong' && bytes > 0) return { access, refusal, place: undefined }
  const buffer = region?.buffer
  const offset = region ? region.offset + start : 0
  const isWithin = buffer !== undefined && offset >= 0 && offset + bytes <= buffer.bytes
  // Protection may work by the page, and what stands beside a buffer is not known.
  if (!isWithin && bytes > 0) far.host.isMemoryLoose = true
  const place = isWithin && bytes > 0 ? { buffer, offset, bytes } : undefined
  // Octets that are none need no rights; whether their handle is looked at is open.
  return { access: access === 'wrong' ? 'unclear' : access, refusal, place }
}

function liveRegion({ regions }: Host, handle: number): Region | undefined {
  for (const region of regions.values()) if (region.isLive && region.handle === handle) return region
  return undefined
}

function distance({ address }: Region, remote: ViaRemotePlace): number {
  return Number.parseInt(remote.address, 16) + remote.offset - Number.parseInt(address, 16)
}

function rightTo(
  far: Vi,
  region: Region | undefined,
  { kind, start, bytes }: { kind: Rdma['kind']; start: number; bytes: number },
): Pick<Transfer, 'access' | 'refusal'> {
  const own = kind === 'write' ? 'VIA-RDMA-003' : 'VIA-RDMA-010'
  const wrong = (...more: readonly string[]) => ({ access: 'wrong', refusal: [own, ...more] }) as const
  const right = kind === 'write' ? 'enableRdmaWrite' : 'enableRdmaRead'
  if (!region) return wrong('VIA-MEM-008')
  if (region.nic !== far.nic) return wrong('VIA-NIC-012')
  if (!far.attributes[right] || region.attributes?.[right] === false) return wrong()
  if (region.ptag && far.ptag && region.ptag !== far.ptag) return wrong('VIA-PTAG-005')
  if (start <= -page || start + bytes >= region.bytes + page) return wrong('VIA-MEM-009')
  const isKnown = region.attributes !== null && region.ptag !== undefined && far.ptag !== undefined
  const isWithin = start >= 0 && start + bytes <= region.bytes
  return { access: isKnown && isWithin ? 'right' : 'unclear', refusal: [own] }
}

/** Rights to a region have changed: what is under way there may have been before or after. */
export function unsettleTransfers(world: World, host: Host, handle: number): void {
  for (const transfer of world.transfers) {
    if (transfer.far.host !== host || transfer.handle !== handle || transfer.access === 'unclear') continue
    // What could not be touched has no place that was watched.
    if (transfer.access === 'wrong') host.isMemoryLoose = true
    transfer.access = 'unclear'
    const { posting, connection } = transfer
    posting.isServed = posting.isFitting = false
    const { vi } = posting.queue
    if (vi.isReliable) connection.trouble(connection.causeOf(vi))
  }
}

/** New RDMA and all else that touches the same octets at its ends. */
function meet(world: World, transfer: Transfer): void {
  const { kind, posting, far, place, octets } = transfer
  if (!place) return
  const isWrite = kind === 'write'
  const isCrossed = crosses(world, far.host, { pieces: [place], writes: isWrite, own: transfer })
  if (isCrossed) octets.steady = false
  if (isCrossed && isWrite) posting.steady = false
  for (const { send, recv } of far.host.liveVis) {
    for (const item of recv.items) if (item.status === undefined) blend(transfer, item, place)
    if (!isWrite) continue
    for (const item of send.items) if (item.status === undefined && overlap([place], item.pieces)) item.steady = false
  }
  const buffer = far.host.buffers.get(place.buffer.name)
  if (isWrite && buffer) damage(buffer, place.offset, place.offset + place.bytes)
}

function blend({ kind, posting, octets }: Transfer, receive: Posting, place: Piece): void {
  if (!overlap([place], receive.pieces)) return
  octets.steady = false
  if (kind === 'read') return
  receive.steady = false
  posting.steady = false
}

/**
 * Octets of a host are read, or written, from now on. What RDMA brings there meanwhile is not known any more; true if it may
 * bring something there.
 */
export function crosses(
  world: World,
  host: Host,
  { pieces, writes, own }: { pieces: readonly Piece[]; writes: boolean; own?: Transfer },
): boolean {
  let isCrossed = false
  for (const other of world.transfers) {
    if (other.isOver || other === own || (own && isOrdered(other, own))) continue
    const { kind, posting, far, place, octets } = other
    const isFar = far.host === host && place !== undefined && overlap([place], pieces)
    const isNear = kind === 'read' && posting.queue.vi.host === host && overlap(posting.pieces, pieces)
    if (!isFar && !isNear) continue
    if (isNear || kind === 'write') isCrossed = true
    if (!writes) continue
    octets.steady = false
    if (kind === 'write') posting.steady = false
  }
  return isCrossed
}

/** One is done with before the other begins: writes of a reliable VI, and a read before what a fence holds up (RDMA-011). */
function isOrdered(earlier: Transfer, later: Transfer): boolean {
  if (earlier.posting.queue !== later.posting.queue) return false
  if (earlier.kind === 'read') return later.posting.form.hasFence
  return later.kind === 'write' && later.posting.queue.vi.isReliable
}

/** The octets of a write are in memory. `isKnown`: all of them, once, and nothing else. */
export function land(world: World, transfer: Transfer, isKnown: boolean): void {
  if (transfer.isOver) return
  transfer.isOver = true
  const { posting, place, access } = transfer
  if (place && access !== 'wrong') {
    const { pieces, depths, steady } = posting
    const message: MessageOctets = { pieces, depths, steady: steady && isKnown && !posting.isOpaque }
    const { buffer, offset: from, bytes } = place
    buffer.layers.push({ kind: 'message', from, to: from + bytes, message, at: 0 })
  }
  world.changes++
}

/** All writes that went before a message of a reliable VI are in memory (RDMA-006). */
export function landBefore(world: World, message: Posting): void {
  for (const transfer of world.transfers) {
    const { posting, kind } = transfer
    if (kind === 'write' && isBefore(posting, message)) land(world, transfer, true)
  }
}

/** Whether one descriptor was posted before another on its queue, in the same connection. */
export function isBefore(one: Posting, { queue, connection, serial }: Posting): boolean {
  return one.queue === queue && one.connection === connection && one.serial < serial
}

/** A read has completed: what it brought is in memory, if it was not refused; `isWell`: all of it. */
export function finishRead(world: World, transfer: Transfer, isWell: boolean): void {
  if (transfer.isOver) return
  transfer.isOver = true
  const { posting, octets, access } = transfer
  if (access === 'wrong') return
  let at = 0
  for (const { buffer, offset: from, bytes } of posting.pieces) {
    const to = from + bytes
    const isKnown = isWell && octets.steady && posting.steady
    const layer: Layer = isKnown ? { kind: 'message', from, to, message: octets, at } : { kind: 'unknown', from, to }
    buffer.layers.push(layer)
    at += bytes
  }
  world.changes++
}

/** The world is at rest: what went out has arrived, or never will. Whether a write did, its receive tells when it is taken. */
export function settleTransfers(world: World): void {
  const { transfers } = world
  for (const transfer of transfers) {
    if (transfer.kind === 'read' || transfer.isOver) continue
    const isThere = isSure(world, transfer)
    if (isThere || !isPending(transfer)) land(world, transfer, isThere)
  }
  world.transfers = transfers.filter(({ isOver }) => !isOver)
}

/** A receive may hold its immediate data that was not taken yet. */
function isPending({ posting, connection }: Transfer): boolean {
  return posting.takesReceive && connection.messagesFrom(posting.queue.vi).includes(posting)
}

function isSure({ isCalm }: World, { posting, connection, access }: Transfer): boolean {
  const { isAccepted, isGhost, isDoubtful, takesReceive, isGone, isServed } = posting
  // Without a receive it may be written or not (RDMA-016).
  if (takesReceive && !isGone && !isServed) return false
  const isGood = isCalm && access === 'right' && isAccepted && !isGhost && !isDoubtful
  return isGood && connection.troubles === 0 && connection.stands.size === 2 && posting.mayFail === 0
}

/** Octets of a host that RDMA may be writing just now. */
export function* beingWritten({ transfers }: World, host: Host): Generator<Piece> {
  for (const { kind, posting, far, place, isOver, access } of transfers) {
    if (isOver || access === 'wrong') continue
    if (kind === 'write' && far.host === host && place) yield place
    if (kind === 'read' && posting.queue.vi.host === host) yield* posting.pieces
  }
}

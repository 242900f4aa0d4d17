// Messages on their way: which receive each finds, and which one a receive has taken (S6, S8).
import type { ViaControlFields } from '../../vocabulary/via-descriptor.ts'
import { viaStatusBits, viaStatusMasks, viaStatusOperations } from '../../vocabulary/via-constants.ts'
import { causes, type Connection } from './connection.ts'
import { requirementsOfForm } from './descriptor.ts'
import { startTransfer } from './rdma.ts'
import { reveal } from './spoiled.ts'
import { states, type Posting, type Vi } from './vi.ts'
import type { World } from './world.ts'

/** What is posted to be sent becomes a message of the connection that its VI has, or may have, and RDMA begins. */
export function launch(world: World, message: Posting): void {
  const { vi } = message.queue
  const { connection } = vi
  if (!connection || !vi.may(states.connected) || message.isGhost) return
  message.connection = connection
  const messages = connection.messagesFrom(vi)
  const isBad = message.mayFail !== 0 || message.isOpaque
  message.isSure = vi.states === states.connected && !connection.hasTrouble
  message.isDoubtful = !message.isSure || isBad
  if (message.form.rdma) {
    world.hadRdma = true
    message.transfer = startTransfer(world, message, connection)
    if (!message.takesReceive) {
      connection.hadPlain = true
      connection.served.add(connection.peerOf(vi))
    }
    if (message.isWrite && !message.takesReceive) {
      connection.breakable.set(vi, (connection.breakable.get(vi) ?? 0) + 1)
    }
  }
  const { takesReceive, transfer } = message
  if (takesReceive) {
    serve(connection, message)
    reveal(world, connection, message)
    messages.push(message)
  }
  const isKnownBad = message.form.mustFail.length > 0
  const isUnserved = takesReceive && !message.isServed && !isKnownBad
  const isRefused = transfer !== undefined && transfer.access !== 'right'
  if (vi.isReliable && (isBad || isUnserved || isRefused)) connection.trouble(connection.causeOf(vi))
}

/** Whether the message is sure to find a receive, or sure to find none. */
function serve(connection: Connection, message: Posting): void {
  const { vi } = message.queue
  const { stands, troubles } = connection
  const peer = connection.peerOf(vi)
  const before = connection.messagesFrom(vi).length
  const isEstablished = stands.has(vi) && (stands.has(peer) || vi.isReliable)
  const isAttached = peer.connection === connection && !peer.isLoose && peer.isLive
  if (!isEstablished || !isAttached || (troubles & ~causes.weather) !== 0) return
  message.isUnserved = peer.recv.items.every(({ due, status }) => due || status !== undefined)
  if (!vi.isReliable && (message.isDoubtful || peer.states !== states.connected)) return
  const receive = outstandingReceive(peer, before, troubles !== 0)
  if (!receive) return
  // A write needs no room in the receive (RDMA-017), but the right to its own place.
  const mayGo = message.isWrite ? message.transfer?.access === 'right' : receive.bytes >= message.bytes
  const isGood = receive.mayFail === 0 && !receive.isOpaque && mayGo
  message.isFitting = vi.isReliable && isGood && message.mayFail === 0 && !message.isOpaque
  message.isServed = (isGood || !vi.isReliable) && troubles === 0
}

/** The n-th receive, from 0, that is posted and waits for a message; undefined if it is not sure that there is one. */
function outstandingReceive({ recv }: Vi, place: number, mayBeFlushed: boolean): Posting | undefined {
  let count = 0
  for (const item of recv.items) {
    if (item.status !== undefined) continue
    if (!item.isAccepted || item.isGhost || item.isCrossed || (item.mayFlush && !mayBeFlushed)) return undefined
    if (count++ === place) return item.due ? undefined : item
  }
  return undefined
}

/** How many receives are posted that nothing can have completed but a message. */
export function receivesToCome({ recv }: Vi): number {
  let count = 0
  for (const { isAccepted, isGhost, mayFlush, due, status } of recv.items) {
    if (isAccepted && !isGhost && !mayFlush && !due && status === undefined) count++
  }
  return count
}

/** Why a receive cannot have completed as it did: the requirements, and what would have been right. */
export interface Mismatch {
  readonly requirements: readonly string[]
  readonly right: string
}

/** Finds the message that a receive took which completed well, and takes it off its way. */
export function takeMessage(world: World, receive: Posting, seen: ViaControlFields): Posting | Mismatch {
  const { vi } = receive.queue
  const connection = receive.connection ?? vi.connection
  const messages = connection?.messagesTo(vi) ?? []
  const isInOrder = vi.isReliable || connection?.isExposed === false
  let first: Posting | undefined
  let refused: Posting | undefined
  for (let place = 0; place < messages.length; place++) {
    const message = messages[place]
    if (!message) continue
    const isPast = message.serial < world.restedAt && receive.serial >= world.restedAt
    const isAlike = !isPast && fits(message, receive, seen)
    if (isAlike && isForbidden(message)) refused ??= message
    else if (isAlike) {
      // One that found no receive may have been dropped, and a later one like it have come.
      const isCertain = isInOrder && !message.isDoubtful && (vi.isReliable || message.isServed)
      const isAlone = isCertain || blurOthers(messages, place, { receive, seen })
      if (!isAlone) message.steady = false
      messages.splice(isInOrder ? 0 : place, isInOrder ? place + 1 : 1)
      message.isGone = true
      return message
    }
    if (!isPast) first ??= message
    const mayBeLost = message.isDoubtful || isPast || (!vi.isReliable && !message.isServed)
    if (isInOrder && !mayBeLost) break
  }
  return refused ? refusal(refused) : mismatch(receive, first, seen)
}

/** What it is to write may not be written, which its receive says (RDMA-008). What is opaque may be another message by now. */
function isForbidden({ transfer, isOpaque }: Posting): boolean {
  return transfer?.access === 'wrong' && !isOpaque
}

function refusal({ transfer }: Posting): Mismatch {
  const requirements = ['VIA-RDMA-008', ...(transfer?.refusal ?? [])]
  return { requirements, right: 'what was to be written with it may not be' }
}

function fits(message: Posting, receive: Posting, { status, length, immediate }: ViaControlFields): boolean {
  if (message.isOpaque) return true
  const hasImmediate = (status & viaStatusBits.immediate) !== 0
  const { form, isWrite } = message
  const { receive: plain, 'remote-rdma-write': remote } = viaStatusOperations
  if ((status & viaStatusMasks.operation) !== (isWrite ? remote : plain)) return false
  if (hasImmediate !== form.hasImmediate || (hasImmediate && immediate !== form.immediate)) return false
  // What stands in Length where an RDMA write has taken the receive is open (Q9).
  return isWrite || (length === message.bytes && length <= receive.bytes)
}

/** Whether no later message fits as well; where one does, which of them it was stays open, and so does what is left. */
function blurOthers(
  messages: readonly Posting[],
  place: number,
  { receive, seen }: { receive: Posting; seen: ViaControlFields },
): boolean {
  let isAlone = true
  for (let later = place + 1; later < messages.length; later++) {
    const message = messages[later]
    if (!message || isForbidden(message) || !fits(message, receive, seen)) continue
    isAlone = false
    for (let i = place; i <= later; i++) blur(messages[i])
  }
  return isAlone
}

/** What becomes of a message is not certain any more. */
export function blur(message: Posting | undefined): void {
  if (!message) return
  if (message.connection) message.connection.isBlurred = true
  message.isDoubtful = true
  message.isServed = false
  message.steady = false
}

function mismatch(receive: Posting, message: Posting | undefined, seen: ViaControlFields): Mismatch {
  if (!message) {
    const { vi } = receive.queue
    const ghosts = vi.connection?.peerOf(vi).send.items.some(({ isGhost }) => isGhost)
    const requirements = ghosts
      ? ['VIA-DESC-004', 'VIA-DESC-006']
      : ['VIA-REL-001', 'VIA-RECV-008', 'VIA-DONE-004', 'VIA-RECV-001', 'VIA-DESC-014']
    const taking = vi.connection?.hadPlain === true ? ['VIA-RDMA-004', 'VIA-RDMA-009'] : []
    return {
      requirements: [...requirements, ...taking, ...ofPairing(vi)],
      right: 'no message is on its way that it could have taken',
    }
  }
  const { form, bytes } = message
  const { vi } = receive.queue
  const hasImmediate = (seen.status & viaStatusBits.immediate) !== 0
  const right = `the message ${message.descriptor.written.as} has ${bytes} octets and ${
    form.hasImmediate ? `immediate data ${form.immediate}` : 'no immediate data'
  }, and the receive room for ${receive.bytes}`
  if (message.isWrite)
    return {
      requirements: ['VIA-RDMA-005', 'VIA-RDMA-020', 'VIA-RDMA-021'],
      right: `${right}, and it is an RDMA write`,
    }
  if (message.bytes > receive.bytes) {
    return { requirements: ['VIA-RECV-005', 'VIA-ERR-013', 'VIA-ERR-014', 'VIA-ERR-015', 'VIA-RECV-004'], right }
  }
  const requirements: string[] = vi.connection?.hadPlain === true ? ['VIA-RDMA-004'] : []
  if (seen.length !== bytes) {
    requirements.push('VIA-DESC-012', 'VIA-REL-002', 'VIA-REL-004', 'VIA-RECV-001')
    requirements.push(...requirementsOfForm(message.descriptor), ...requirementsOfForm(receive.descriptor))
  }
  if (hasImmediate && !form.hasImmediate) requirements.push('VIA-IMM-002', 'VIA-IMM-003')
  if (form.hasImmediate) requirements.push('VIA-IMM-001', 'VIA-IMM-004')
  return { requirements: [...requirements, 'VIA-SEND-004', 'VIA-REL-008', 'VIA-REL-012', ...ofPairing(vi)], right }
}

/** It may be a message of another VI, which the receive's was paired with. */
function ofPairing({ connection }: Vi): readonly string[] {
  return connection?.isOfPeers === true ? ['VIA-PEER-009', 'VIA-PEER-001'] : []
}

/** A receive has failed with a message, not known which: of those on their way nothing is certain any more. */
export function spendMessage(receive: Posting, fit: (message: Posting) => boolean): void {
  const { vi } = receive.queue
  const messages = (receive.connection ?? vi.connection)?.messagesTo(vi)
  if (!messages) return
  const [only, ...others] = messages.filter(fit)
  if (!only) return
  if (others.length === 0 && !only.isDoubtful) {
    messages.splice(messages.indexOf(only), 1)
    only.isGone = true
  } else for (const message of messages) blur(message)
}

// What may stand in a descriptor that has completed: status, length and immediate data (S2, S3, S6).
import { viaStatusBits, viaStatusMasks, viaStatusOperations } from '../../vocabulary/via-constants.ts'
import type { ViaControlFields } from '../../vocabulary/via-descriptor.ts'
import { scatter } from '../memory.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import { regionOf } from './access.ts'
import { causes } from './connection.ts'
import { requirementsOfForm } from './descriptor.ts'
import { blur, spendMessage, takeMessage } from './messages.ts'
import { finishRead, isBefore, land, landBefore } from './rdma.ts'
import { landSent, mayBeReceived } from './reception.ts'
import { isGone } from './spoiled.ts'
import type { Posting } from './vi.ts'
import type { World } from './world.ts'

const bits = viaStatusBits
const errorMask = viaStatusMasks.errors

/** Judges what is seen of a descriptor that has, or must have, completed; remembers it, and what it says of its message. */
export function judgeCompletion(world: World, posting: Posting, seen: ViaControlFields): Judged {
  const { status } = seen
  const wrong = (requirements: readonly string[], right: string): Judged =>
    forbidden(requirements, `${wordsOf(posting)} completed with ${wordsOfSeen(seen)}; ${right}`)
  if (posting.status !== undefined && !posting.isOpaque) {
    if (posting.status === status) return undefined
    return wrong(['VIA-DESC-023', 'VIA-DONE-007'], `its status had been 0x${posting.status.toString(16)}`)
  }
  if (posting.glimpse !== undefined && posting.glimpse !== status && !posting.isOpaque) {
    return wrong(['VIA-DESC-023'], `its status had been 0x${posting.glimpse.toString(16)}`)
  }
  posting.status = status
  world.changes++
  if (posting.spoiled === 'link' && (status & errorMask) === 0) {
    return wrong(['VIA-DESC-022'], 'its link was changed before any message came')
  }
  if (isGone(posting) && (status & bits.done) !== 0) {
    return wrong(['VIA-ERR-021'], 'its memory was deregistered before any message came')
  }
  if (posting.isOpaque) return spendOpaque(world, posting)
  if ((status & bits.done) === 0) {
    return wrong(['VIA-DESC-014', 'VIA-DESC-016', 'VIA-FLUSH-002'], 'DONE must be set')
  }
  if ((status & viaStatusMasks.reserved) !== 0) return wrong(['VIA-DESC-017'], 'reserved bits must be clear')
  const isWell = (status & viaStatusMasks.errors) === 0
  const judged = isWell ? judgeWell(world, posting, seen, wrong) : judgeFailed(world, posting, seen, wrong)
  return judged ?? judgeRest(posting, seen, wrong)
}

type Wrong = (requirements: readonly string[], right: string) => Judged

function judgeWell(world: World, posting: Posting, seen: ViaControlFields, wrong: Wrong): Judged {
  const { form, queue, mustFlush } = posting
  if (form.mustFail.length > 0 && !isSpared(posting, seen)) return wrong(form.mustFail, 'it has an error of its own')
  if (form.place === 'wrong' || form.place === 'foreign') {
    return wrong(
      form.place === 'foreign' ? ['VIA-NIC-012'] : ['VIA-DESC-004', 'VIA-DESC-006'],
      'it lies where no descriptor can',
    )
  }
  if (form.isOfOtherTag && form.home?.isChanged === false)
    return wrong(['VIA-PTAG-008'], 'it lies in memory of another protection tag')
  if (mustFlush) return wrong([...mustFlush, 'VIA-FLUSH-002'], 'its VI was not connected')
  if (form.rdma) return judgeRdma(world, posting, seen, wrong)
  return queue.kind === 'send' ? judgeSent(posting, seen, wrong) : judgeReceived(world, posting, seen, wrong)
}

/** Whether the memory of a receive is looked at that an RDMA write takes, which puts nothing there, is open (RDMA-017). */
function isSpared({ form, queue }: Posting, { status }: ViaControlFields): boolean {
  const isByWrite = (status & viaStatusMasks.operation) === viaStatusOperations['remote-rdma-write']
  return queue.kind === 'recv' && isByWrite && (form.mustFailBits & ~bits['protection-error']) === 0
}

/** A write or read says what it was and how much it moved (RDMA-013), and is done as far as its level promises. */
function judgeRdma(world: World, posting: Posting, seen: ViaControlFields, wrong: Wrong): Judged {
  const { queue, isWrite, transfer, bytes } = posting
  const kind = isWrite ? 'rdma-write' : 'rdma-read'
  if ((seen.status & viaStatusMasks.operation) !== viaStatusOperations[kind]) {
    return wrong(['VIA-RDMA-013', 'VIA-DESC-015'], `it was an ${kind}`)
  }
  if (seen.length !== bytes) return wrong(['VIA-RDMA-013'], `it moves ${bytes} octets`)
  const mustTell = !isWrite || queue.vi.isReception
  if (transfer?.access === 'wrong' && mustTell) {
    const told = isWrite ? ['VIA-RDMA-007', 'VIA-RDMA-008', 'VIA-RDMA-022'] : []
    return wrong([...told, ...transfer.refusal], 'the other end does not permit it')
  }
  if (!isWrite) {
    if (transfer) finishRead(world, transfer, true)
    return undefined
  }
  if (!queue.vi.isReception) return undefined
  if (posting.takesReceive && !posting.isGone) {
    if (!mayBeReceived(posting))
      return wrong(['VIA-RDMA-016', 'VIA-RDMA-005', 'VIA-REL-011'], 'no receive can have been taken for it')
    landSent(posting)
  }
  // It is in the memory of the peer (RDMA-022).
  if (transfer) land(world, transfer, true)
  return undefined
}

function judgeSent(send: Posting, seen: ViaControlFields, wrong: Wrong): Judged {
  if ((seen.status & viaStatusMasks.operation) !== viaStatusOperations.send) {
    return wrong(['VIA-DESC-015'], 'it was a send')
  }
  if (seen.length !== send.bytes) {
    return wrong(['VIA-DESC-013', ...requirementsOfForm(send.descriptor)], `its message has ${send.bytes} octets`)
  }
  const { vi } = send.queue
  if (!vi.isReception || send.isGone) return undefined
  if (!mayBeReceived(send)) {
    return wrong(['VIA-REL-011', 'VIA-ERR-012', 'VIA-ERR-015', 'VIA-ERR-018'], 'no receive can have taken its message')
  }
  landSent(send)
  return undefined
}

function judgeReceived(world: World, receive: Posting, seen: ViaControlFields, wrong: Wrong): Judged {
  const operation = seen.status & viaStatusMasks.operation
  if (operation !== viaStatusOperations.receive && operation !== viaStatusOperations['remote-rdma-write']) {
    return wrong(['VIA-DESC-015', 'VIA-RDMA-005'], 'it was a receive')
  }
  // What an RDMA write puts elsewhere needs none of its memory.
  if (operation === viaStatusOperations.receive && seen.length > 0 && hasLost(receive)) {
    return wrong(['VIA-MEM-008'], 'the memory of its segments was deregistered before any message came')
  }
  const message = takeMessage(world, receive, seen)
  if ('right' in message) return wrong(message.requirements, message.right)
  if (message.steady && !message.isOpaque && !message.isDoubtful) affirmReceived(world, message)
  const late = judgeArrived(message, wrong)
  if (late) return late
  const connection = receive.connection ?? receive.queue.vi.connection
  const refused = judgeArrivals(world, message, wrong)
  if (refused) return refused
  const isKnown = receive.steady && !message.isOpaque
  // A message of which a part was lost may have begun to fill it before.
  if (!receive.queue.vi.isReliable && connection?.isExposed) scatter(receive.pieces, receive.bytes, undefined)
  // A message that may be another by now does not tell whether it was a write.
  if (operation === viaStatusOperations.receive) scatter(receive.pieces, seen.length, isKnown ? message : undefined)
  return undefined
}

/** The memory that a message would be put into is not registered any more, under that handle. */
function hasLost({ lost, queue: { vi } }: Posting): boolean {
  return lost !== undefined && regionOf(vi.host, lost.handle) === null
}

/** Length and immediate data are those of the one message that it can have been. */
function affirmReceived({ affirmed }: World, { isWrite, form }: Posting): void {
  if (!isWrite) affirmed.right('VIA-DESC-012')
  if (form.hasImmediate) affirmed.right('VIA-IMM-001', 'VIA-IMM-004')
  else affirmed.right('VIA-IMM-002', 'VIA-IMM-003')
}

/** With a message came what was written before it (RDMA-006), its own write (RDMA-005), and all reads that it had to wait for. */
function judgeArrivals(world: World, message: Posting, wrong: Wrong): Judged {
  const { transfer, queue, form } = message
  const { vi } = queue
  if (vi.isReliable) {
    const bad = world.transfers.find(
      ({ kind, posting, access }) =>
        kind === 'write' && isBefore(posting, message) && access === 'wrong' && isSureToGo(posting),
    )
    if (bad) {
      const name = bad.posting.descriptor.written.as
      return wrong(
        ['VIA-RDMA-015', ...bad.refusal],
        `the write ${name} before it is refused, which breaks the connection`,
      )
    }
    landBefore(world, message)
  }
  // Of messages alike, another one may have been taken, and the octets of this one come later.
  if (transfer && (!message.isDoubtful || message.steady)) land(world, transfer, true)
  if (form.hasFence && !message.isDoubtful) finishReadsBefore(message)
  return undefined
}

/** It goes out for certain: its VI was connected, it was not refused and is on its queue, and it is as it was posted. */
function isSureToGo({ isSure, isOutstanding, isGhost, isOpaque }: Posting): boolean {
  return isSure && isOutstanding && !isGhost && !isOpaque
}

/** What a fence held up has begun: the reads before it are complete (RDMA-011). */
function finishReadsBefore({ queue, serial }: Posting): void {
  const place = queue.items.findLastIndex((item) => item.serial < serial && item.form.rdma?.kind === 'read')
  if (place >= 0) queue.mustComplete(place + 1, ['VIA-RDMA-011'])
}

/** No message arrives that was posted behind one which has failed (REL-014, ERR-020). */
function judgeArrived(message: Posting, wrong: Wrong): Judged {
  const { connection, queue } = message
  const { vi } = queue
  if (!connection || !vi.isReliable) return undefined
  const last = connection.arrived.get(vi)
  if (!last || last.serial < message.serial) connection.arrived.set(vi, message)
  const stop = connection.stops.get(vi)
  if (!stop || stop.serial >= message.serial) return undefined
  const right = `its message ${message.descriptor.written.as} was posted behind ${stop.descriptor.written.as}, which has failed`
  return wrong(['VIA-REL-014', 'VIA-ERR-020', 'VIA-REL-015'], right)
}

function judgeFailed(world: World, posting: Posting, { status }: ViaControlFields, wrong: Wrong): Judged {
  const { queue } = posting
  const errors = status & viaStatusMasks.errors
  const allowed = queue.kind === 'send' ? errorsOfSend(posting) : errorsOfReceive(posting)
  if ((errors & allowed) === 0) {
    const right = allowed === 0 ? 'it has no cause to fail' : `its errors can be 0x${allowed.toString(16)}`
    return wrong(requirementsOfError(posting, errors), right)
  }
  const isBreach = queue.kind === 'send' && isUntold(posting, errors)
  if (isBreach) {
    const ofRdma = posting.transfer ? ['VIA-RDMA-007', 'VIA-RDMA-008', 'VIA-RDMA-010', 'VIA-RDMA-016'] : []
    return wrong(
      ['VIA-REL-013', 'VIA-ERR-012', 'VIA-ERR-015', 'VIA-ERR-018', ...ofRdma],
      'it must say what broke the connection',
    )
  }
  const isFlushed = (errors & allowed & ~bits['descriptor-flushed']) === 0
  if (queue.kind === 'recv') {
    failReceive(posting, isFlushed)
    return undefined
  }
  const isOwn = (errors & posting.mayFail) !== 0
  if (posting.form.rdma?.kind === 'read' && posting.transfer) finishRead(world, posting.transfer, false)
  failSend(posting, isFlushed, isOwn)
  // A fault that it got while it was posted may show only when it is sent again.
  const wasWrong = (errors & posting.form.mayFail) !== 0
  return judgeStop(posting, wasWrong, wrong)
}

function mayFlush({ mayFlush: may, mustFlush }: Posting): number {
  return may || mustFlush ? bits['descriptor-flushed'] : 0
}

function errorsOfSend(posting: Posting): number {
  const { vi } = posting.queue
  let allowed = posting.mayFail | mayFlush(posting)
  const hasTrouble = posting.connection?.hasTrouble === true
  if (vi.isReliable && hasTrouble) allowed |= bits['transport-error']
  if (vi.isReception && hasTrouble && posting.takesReceive) allowed |= bits['remote-descriptor-error']
  if (isRefusalTold(posting)) allowed |= bits['rdma-protection-error']
  return allowed
}

/** It may have been refused, and its descriptor says so: that of a read always, that of a write at Reliable Reception. */
function isRefusalTold({ transfer, queue }: Posting): boolean {
  return transfer !== undefined && transfer.access !== 'right' && (transfer.kind === 'read' || queue.vi.isReception)
}

function errorsOfReceive(posting: Posting): number {
  const { vi } = posting.queue
  const connection = posting.connection ?? vi.connection
  let allowed = posting.mayFail | mayFlush(posting)
  const messages = connection?.messagesTo(vi) ?? []
  const isPartial =
    connection?.isExposed === true || connection?.hasTrouble === true || messages.some(({ isServed }) => !isServed)
  if (isPartial && connection) allowed |= bits['partial-error'] | bits['transport-error']
  if (messages.some(({ bytes, isWrite, isOpaque }) => isOpaque || (bytes > posting.bytes && !isWrite)))
    allowed |= bits['length-error']
  const isRefused = messages.some(({ transfer }) => transfer !== undefined && transfer.access !== 'right')
  if (isRefused) allowed |= bits['rdma-protection-error'] | bits['protection-error']
  return allowed
}

function requirementsOfError({ queue, form, descriptor }: Posting, errors: number): readonly string[] {
  if (form.mustFail.length > 0) return ['VIA-DESC-016', ...form.mustFail]
  const isSend = queue.kind === 'send'
  if (form.rdma) return form.rdma.kind === 'write' ? causelessWrite : causelessRead
  if (errors & bits['descriptor-flushed']) {
    const always = ['VIA-DISC-006', 'VIA-REL-017', 'VIA-FLUSH-002']
    return isSend
      ? ['VIA-SEND-005', ...always]
      : ['VIA-POST-001', 'VIA-POST-002', 'VIA-CON-024', 'VIA-CON-025', ...always]
  }
  const reasons = [
    ...requirementsOfForm(descriptor),
    ...(isSend ? [] : ['VIA-RDMA-017', 'VIA-RDMA-005', 'VIA-RDMA-004']),
  ]
  if (errors & bits['protection-error']) reasons.push('VIA-MEM-001', 'VIA-MEM-002', 'VIA-MEM-006')
  if (descriptor.segmentCount === queue.vi.host.limits['via.max-segments']) reasons.push('VIA-DESC-007')
  if (isSend && descriptor.length !== descriptor.sum) reasons.push('VIA-DESC-020')
  return isSend
    ? ['VIA-DESC-016', ...reasons, 'VIA-SEND-002', 'VIA-REL-003', 'VIA-DESC-010']
    : ['VIA-DESC-016', ...reasons, 'VIA-RECV-001', 'VIA-DESC-009', 'VIA-DESC-010', 'VIA-MEM-015', 'VIA-DESC-021']
}

const causelessWrite = ['VIA-RDMA-001', 'VIA-RDMA-023', 'VIA-RDMA-014', 'VIA-RDMA-002', 'VIA-RDMA-013']
const causelessRead = ['VIA-RDMA-009', 'VIA-RDMA-023', 'VIA-RDMA-010']

/** What it was given of its message is open; at a reliable level the connection breaks (REL-015). */
function failReceive(receive: Posting, isFlushed: boolean): void {
  const { vi } = receive.queue
  const connection = receive.connection ?? vi.connection
  // An RDMA write puts nothing into it.
  if (connection?.messagesTo(vi).some(({ isWrite }) => !isWrite)) scatter(receive.pieces, receive.bytes, undefined)
  if (isFlushed) return
  spendMessage(receive, () => true)
  if (vi.isReliable) connection?.break(connection.causeOf(connection.peerOf(vi)))
}

function failSend(send: Posting, isFlushed: boolean, isOwn: boolean): void {
  const { connection } = send
  const { vi } = send.queue
  send.isDoubtful = true
  send.isServed = false
  if (!isFlushed) send.queue.hasFailed = true
  if (!connection) return
  connection.failed.add(vi)
  if (isFlushed || !vi.isReliable) return
  connection.break(connection.causeOf(vi))
  if (isOwn && send.isSure) connection.owed.set(connection.peerOf(vi), send)
}

/** Behind a send that was wrong when it was posted, and at Reliable Reception behind any that failed, no message arrives (REL-014, ERR-020). */
function judgeStop(send: Posting, wasWrong: boolean, wrong: Wrong): Judged {
  const { connection, queue, isSure } = send
  const { vi } = queue
  // What was posted before the connection stood for certain may have been flushed for want of it.
  if (!connection || !isSure || !vi.isReliable || !(wasWrong || vi.isReception)) return undefined
  // Whether a well-formed read fails shows when its answer comes; what has no fence goes on meanwhile (RDMA-011).
  if (send.form.rdma?.kind === 'read' && send.form.mustFail.length === 0) return undefined
  const stop = connection.stops.get(vi)
  if (!stop || send.serial < stop.serial) connection.stops.set(vi, send)
  const last = connection.arrived.get(vi)
  if (!last || last.serial <= send.serial) return undefined
  return wrong(
    ['VIA-REL-014', 'VIA-ERR-020', 'VIA-REL-015'],
    `${last.descriptor.written.as}, posted behind it, has arrived`,
  )
}

/**
 * At Reliable Reception the first send that fails says why: its own error, or what the other end has said of it, or that
 * nothing came back. It is flushed only if something else has broken the connection (REL-013, ERR-012).
 */
function isUntold({ queue, connection, isSure, transfer }: Posting, errors: number): boolean {
  const { vi } = queue
  const isRefusedRead = transfer?.kind === 'read' && transfer.access === 'wrong'
  if (!connection || !(vi.isReception || isRefusedRead) || !isSure || errors !== bits['descriptor-flushed'])
    return false
  const peer = connection.peerOf(vi)
  const isTheirs = connection.failed.has(peer) || peer.send.items.length > 0
  const own = causes.weather | connection.causeOf(vi)
  return !isTheirs && !connection.failed.has(vi) && connection.left.size === 0 && (connection.troubles & ~own) === 0
}

/** A descriptor of which little is known may have used any message up. */
function spendOpaque(world: World, posting: Posting): undefined {
  const { vi, kind } = posting.queue
  if (posting.transfer?.kind === 'read') finishRead(world, posting.transfer, false)
  const connection = posting.connection ?? vi.connection
  if (connection) connection.isBlurred = true
  if (kind === 'send') {
    if (vi.isReliable) connection?.trouble()
    return undefined
  }
  for (const message of connection?.messagesTo(vi) ?? []) blur(message)
  if (vi.isReliable) connection?.trouble()
  scatter(posting.pieces, posting.bytes, undefined)
  return undefined
}

/** The provider writes its own fields only (DESC-023). */
function judgeRest({ descriptor, queue }: Posting, seen: ViaControlFields, wrong: Wrong): Judged {
  if (!descriptor.isPlain) return undefined
  if (seen.segmentCount !== descriptor.segmentCount) {
    return wrong(['VIA-DESC-023', 'VIA-DESC-001'], `it has ${descriptor.segmentCount} segments`)
  }
  if (queue.kind === 'recv') return undefined
  if (seen.control !== (descriptor.control & 0xffff))
    return wrong(['VIA-DESC-023'], "Control of a send is not the provider's")
  if (seen.immediate !== descriptor.immediate) {
    return wrong(['VIA-DESC-023'], "ImmediateData of a send is not the provider's")
  }
  return undefined
}

function wordsOf({ queue, descriptor }: Posting): string {
  const { vi, kind } = queue
  return `${vi.host.name}'s ${kind === 'send' ? 'send' : 'receive'} ${descriptor.written.as} on ${vi.name}`
}

function wordsOfSeen({ status, length, immediate }: ViaControlFields): string {
  return `status 0x${status.toString(16)}, length ${length} and immediate data ${immediate}`
}

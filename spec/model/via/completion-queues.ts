// Completion queues: making them, giving them up, and which entries can be on them (S7).
import type { Instant } from '../../vocabulary/units.ts'
import { viaTimeoutDuration } from '../../vocabulary/via-calls.ts'
import type { ViaCompletionEntry, ViaReturn } from '../../vocabulary/via-returns.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import type { ViplCallOf } from './calls.ts'
import { found, type Cq, type Host } from './host.ts'
import { wantNic } from './nics.ts'
import { codes } from './ruling.ts'
import type { WorkQueue } from './vi.ts'
import type { World } from './world.ts'

export type EntryCall = ViplCallOf<'VipCQDone' | 'VipCQWait'>

/** A call for an entry that has not been answered. */
export interface OpenEntry {
  readonly call: EntryCall
  readonly cq: Cq | null | undefined
  readonly wasLive: boolean
  /** A work queue of which an entry must have been there. */
  readonly due: WorkQueue | undefined
}

export function judgeCreateCq(world: World, host: Host, call: ViplCallOf<'VipCreateCQ'>, answer: ViaReturn): Judged {
  const { ruling } = world
  const nic = found(host.nics, call.nic)
  if (!wantNic(world, nic)) return undefined
  const { 'via.max-cqs': max, 'via.max-cq-entries': most } = host.limits
  if (call.entryCount === 0) ruling.refuse(~0, 'VIA-CQ-002')
  if (call.entryCount > most) ruling.refuse(codes.resource | codes.parameter, 'VIA-CQ-003')
  if (nic && nic.cqs >= max) ruling.refuse(codes.resource, 'VIA-CQ-003')
  if (host.counts.cqs >= max) ruling.permit(codes.resource)
  if (answer.code === 'VIP_SUCCESS' && nic) {
    nic.cqs++
    host.counts.cqs++
    const { entryCount } = call
    host.cqs.set(call.as, {
      nic,
      isLive: true,
      users: 0,
      entryCount,
      resized: new Set(),
      wasHanded: false,
      isLoose: false,
      armed: [],
      takers: 0,
    })
  }
  return ruling.judge(answer)
}

function wantCq(world: World, cq: Cq | null | undefined): cq is Cq | null {
  if (cq === undefined) return false
  if (!cq?.isLive) world.ruling.refuse(codes.parameter, 'VIA-CQ-019')
  return true
}

export function judgeDestroyCq(world: World, host: Host, call: ViplCallOf<'VipDestroyCQ'>, answer: ViaReturn): Judged {
  const cq = found(host.cqs, call.cq)
  if (!wantCq(world, cq)) return undefined
  if (cq?.isLive && cq.users > 0) world.ruling.refuse(codes.resource, 'VIA-CQ-012')
  if (answer.code === 'VIP_SUCCESS' && cq?.isLive) {
    cq.isLive = false
    cq.nic.cqs--
    host.counts.cqs--
  }
  return world.ruling.judge(answer)
}

/** It can hold what is on it, and not more than any can. */
export function judgeResizeCq(world: World, host: Host, call: ViplCallOf<'VipResizeCQ'>, answer: ViaReturn): Judged {
  const { ruling } = world
  const cq = found(host.cqs, call.cq)
  const { entryCount } = call
  if (cq === undefined) return undefined
  if (!cq?.isLive) ruling.refuse(codes.parameter, 'VIA-CQ-022')
  if (entryCount > host.limits['via.max-cq-entries']) ruling.refuse(codes.resource | codes.parameter, 'VIA-CQ-021')
  if (entryCount === 0) ruling.refuse(codes.resource | codes.parameter, 'VIA-CQ-016')
  if (cq?.isLive) wantRoom(world, host, cq, entryCount)
  cq?.resized.add(answer.code === 'VIP_SUCCESS' ? 'VIA-CQ-015' : 'VIA-CQ-016')
  if (answer.code === 'VIP_SUCCESS' && cq?.isLive) {
    cq.entryCount = entryCount
    watchRoom(host, cq)
  }
  return ruling.judge(answer)
}

function wantRoom({ ruling }: World, host: Host, cq: Cq, entryCount: number): void {
  const { least, most } = entriesOn(host, cq)
  if (entryCount >= most && !cq.isLoose) return
  const mayHaveTaken = cq.takers + cq.armed.length
  if (cq.isLoose || entryCount >= least - mayHaveTaken) ruling.permit(codes.resource | codes.parameter)
  else ruling.refuse(codes.resource | codes.parameter, 'VIA-CQ-016')
}

/** A host asks for an entry. */
export function askEntry(host: Host, call: EntryCall): OpenEntry {
  const cq = found(host.cqs, call.cq)
  if (!cq) return { call, cq, wasLive: false, due: undefined }
  cq.takers++
  return { call, cq, wasLive: cq.isLive, due: cq.takers + cq.armed.length > 1 ? undefined : dueQueue(host, cq) }
}

/** A work queue of which an entry must be on the completion queue (CQ-004, CQ-018, FLUSH-004). */
export function dueQueue(host: Host, cq: Cq): WorkQueue | undefined {
  if (cq.isLoose) return undefined
  for (const vi of host.liveVis) {
    if (vi.isLoose) continue
    if (vi.send.cq === cq && mustHaveEntry(vi.send)) return vi.send
    if (vi.recv.cq === cq && mustHaveEntry(vi.recv)) return vi.recv
  }
  return undefined
}

function mustHaveEntry(queue: WorkQueue): boolean {
  return queue.taken + queue.dueCount > queue.entries
}

export function judgeEntry(
  world: World,
  host: Host,
  { entry: open, isContested, since }: { entry: OpenEntry; isContested: boolean; since: Instant },
  answer: ViaReturn,
): Judged {
  const { ruling } = world
  const { call, cq } = open
  if (cq) cq.takers--
  if (cq === undefined || (cq && cq.isLive !== open.wasLive)) return undefined
  if (!cq?.isLive) ruling.refuse(codes.parameter, 'VIA-CQ-019')
  else ruling.permit(call.operation === 'VipCQDone' ? codes.notDone : codes.timeout | codes.resource)
  const judged = ruling.judge(answer)
  if (judged || !cq) return judged
  const early = judgeTime(world, host, { call, since }, answer)
  if (early) return early
  const isEmpty = answer.code === 'VIP_NOT_DONE' || answer.code === 'VIP_TIMEOUT'
  if (isEmpty && open.due && !isContested && cq.takers + cq.armed.length === 0) {
    const words = `${host.name}'s ${call.operation} answered ${answer.code}`
    return forbidden(
      entryRequirements(call, cq),
      `${words}; there is an entry of the ${open.due.kind} queue of ${open.due.vi.name}`,
    )
  }
  return answer.code === 'VIP_SUCCESS' ? takeEntry(host, cq, answer.entry) : undefined
}

function judgeTime(
  { now }: World,
  { name }: Host,
  { call, since }: { call: EntryCall; since: Instant },
  { code }: ViaReturn,
): Judged {
  if (code !== 'VIP_TIMEOUT' || !('timeout' in call) || now - since >= viaTimeoutDuration(call.timeout))
    return undefined
  return forbidden(
    ['VIA-CQ-008'],
    `${name}'s VipCQWait of ${call.timeout} ms answered VIP_TIMEOUT after ${now - since} ns`,
  )
}

function entryRequirements({ operation }: EntryCall, { resized }: Cq): readonly string[] {
  const always = [...resized, 'VIA-CQ-004', 'VIA-CQ-010', 'VIA-CQ-018', 'VIA-FLUSH-004']
  return operation === 'VipCQWait' ? ['VIA-CQ-009', ...always] : always
}

/** An entry comes off a completion queue, to a call or a handler. */
export function takeEntry(host: Host, cq: Cq, entry: ViaCompletionEntry | undefined): Judged {
  const name = entry ? `${entry.vi}/${entry.queue}` : 'no entry'
  const wrong = (requirements: readonly string[], right: string): Judged =>
    forbidden(requirements, `${host.name} took ${name} from a completion queue; ${right}`)
  const vi = entry && host.vis.get(entry.vi)
  if (!entry || !vi?.isLive) {
    if (cq.isLoose) return undefined
    return wrong(vi ? ['VIA-CQ-014', 'VIA-CQ-004'] : ['VIA-CQ-004', 'VIA-CQ-010'], 'there is no such VI')
  }
  const queue = vi.queue(entry.queue)
  if (queue.cq !== cq)
    return wrong(['VIA-CQ-004', 'VIA-CQ-010', 'VIA-CQ-017', 'VIA-VI-008'], 'that queue has another one, or none')
  const most = queue.taken + queue.items.length
  if (!cq.isLoose && !vi.isLoose && !queue.isLoose && queue.entries >= most) {
    // What a handler was given may be on it still.
    return wrong(
      [...(cq.wasHanded ? ['VIA-NTFY-001'] : []), 'VIA-CQ-004', 'VIA-CQ-005', 'VIA-CQ-007'],
      `only ${most} descriptors were posted there, and as many entries taken`,
    )
  }
  queue.entries++
  // The n-th entry stands for the n-th descriptor, which can be taken from now on (CQ-006, CQ-011).
  if (!queue.items.some(({ isGhost, isCrossed }) => isGhost || isCrossed))
    queue.mustComplete(queue.entries - queue.taken, ['VIA-CQ-006', 'VIA-CQ-011'])
  return undefined
}

/** More may be on a completion queue than it has room for: then what it does is not defined (CQ-020). */
export function watchRoom(host: Host, cq: Cq | undefined): void {
  if (!cq || cq.isLoose) return
  if (entriesOn(host, cq).most > cq.entryCount) cq.isLoose = true
}

/** How many entries are on a completion queue for certain, and may be or come there without a further post. */
function entriesOn(host: Host, cq: Cq): { least: number; most: number } {
  let [least, most] = [0, 0]
  for (const vi of host.liveVis) {
    for (const queue of [vi.send, vi.recv]) {
      if (queue.cq !== cq) continue
      if (!vi.isLoose) least += Math.max(0, queue.taken + queue.dueCount - queue.entries)
      most += queue.taken + queue.items.length - queue.entries
    }
  }
  return { least, most }
}

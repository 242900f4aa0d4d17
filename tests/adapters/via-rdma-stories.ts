// Stories of RDMA: writes and reads as they should be and as they should not, fences, losses, and who is told.
import { viaReliabilityLevels } from '../../spec/vocabulary/via-constants.ts'
import type { ViaReliabilityLevel } from '../../spec/vocabulary/via-constants.ts'
import type { ViaRegion } from '../../spec/vocabulary/via-descriptor.ts'
import { frameKind } from '../../reference/via/frame.ts'
import { Teller } from './via-teller.ts'
import type { Make, Story } from './via-teller.ts'
import { each } from './via-transfer-stories.ts'

const nowhere: ViaRegion = { address: '0'.repeat(16), handle: 0xffff_ffff }

interface Rights {
  readonly write?: boolean
  readonly read?: boolean
  readonly ptag?: string
}

interface Operation {
  readonly op: 'rdma-write' | 'rdma-read'
  readonly at: ViaRegion
  readonly offset?: number
  readonly segments: readonly (readonly [offset: number, bytes: number])[]
  readonly immediate?: number
  readonly fence?: boolean
}

/** Two hosts whose VIs permit what their level allows, with regions of the data of host 1. */
export class RdmaTeller extends Teller {
  private slots = 0

  ready(
    level: ViaReliabilityLevel,
    permits: Rights = { write: true, read: level !== 'unreliable' },
    cq: { send?: string; recv?: string } = { send: 'cq', recv: 'cq' },
  ): this {
    this.prepare(level, cq)
    const reliabilityLevel = viaReliabilityLevels[level]
    const rights = { enableRdmaWrite: permits.write === true, enableRdmaRead: permits.read === true }
    // The host that begins need permit nothing.
    this.ask(0, { operation: 'VipSetViAttributes', vi: 'v', attributes: this.attributes({ reliabilityLevel }) })
    const attributes = this.attributes({ reliabilityLevel, ...rights })
    this.ask(1, { operation: 'VipSetViAttributes', vi: 'v', attributes })
    this.connect()
    return this
  }

  region(as: string, offset: number, bytes: number, { write = false, read = false, ptag = 'p' }: Rights): ViaRegion {
    const attributes = { ptag, enableRdmaWrite: write, enableRdmaRead: read }
    const at = { buffer: 'data', offset, bytes }
    return this.call(1, { operation: 'VipRegisterMem', nic: 'n', at, attributes, as })?.vip?.region ?? nowhere
  }

  operate({ op, at, offset = 0, segments, immediate, fence = false }: Operation): this {
    const as = `d${this.slots}`
    this.write(0, as, this.slots++ * 4, {
      op,
      remote: { ...at, offset },
      segments: segments.map(([from, bytes]) => ({ at: { buffer: 'data', offset: from }, memory: 'm.data', bytes })),
      ...(immediate === undefined ? {} : { immediate }),
      ...(fence ? { control: 8 } : {}),
    })
    return this.see(this.postWritten(0, 'Send', as))
  }

  /** Receives of these lengths, from octet 50 000 on. */
  receives(...lengths: readonly number[]): this {
    for (const [i, bytes] of lengths.entries()) {
      this.post(1, 'Recv', `r${this.slots}`, { slot: 500 + this.slots++, offset: 50_000 + i * 1000, bytes })
    }
    return this
  }

  /** All data of both hosts, and what their queues hold. */
  all(): this {
    this.drainQueue(0, 'Send').drainQueue(1, 'Recv').drainEntries(0).drainEntries(1).look(0, 'v').look(1, 'v')
    for (const node of [0, 1]) {
      for (let offset = 0; offset < 60_000; offset += 1000) this.see(this.digest(node, offset, 1000))
    }
    return this
  }
}

const writable: Rights = { write: true }
const readable: Rights = { read: true }

/** Writes of all kinds into memory that permits them. */
function writes(make: Make, level: ViaReliabilityLevel): string {
  const one = new RdmaTeller(make).ready(level)
  const open = one.region('open', 1, 40_000, writable)
  one
    .operate({ op: 'rdma-write', at: open, offset: 4, segments: [[3, 5000]] })
    .pass(1)
    .all()
  one.receives(300, 10, 0, 400)
  one
    .operate({ op: 'rdma-write', at: open, offset: 9000, segments: [[40_001, 20]] })
    .pass(1)
    .all()
  one.operate({
    op: 'rdma-write',
    at: open,
    offset: 10_001,
    segments: [
      [9, 100],
      [700, 0],
      [2000, 50],
    ],
    immediate: 7,
  })
  one.pass(1).all()
  one
    .operate({ op: 'rdma-write', at: open, offset: 12_000, segments: [[900, 2000]], immediate: 0 })
    .pass(1)
    .all()
  one.operate({ op: 'rdma-write', at: open, segments: [], immediate: 5 })
  one.post(0, 'Send', 's', { slot: 400, offset: 77, bytes: 30 })
  one.pass(1).all()
  // Nobody has posted a receive.
  one.operate({ op: 'rdma-write', at: open, offset: 20_000, segments: [[1, 10]], immediate: 1 }).pass(1)
  one.write(0, 'bare', 420, { op: 'rdma-write' })
  one.see(one.postWritten(0, 'Send', 'bare'))
  return one.pass(30).all().story
}

/** A write that is looked at while it is on its way, with a send behind it. */
function underWay(make: Make, level: ViaReliabilityLevel): string {
  const one = new RdmaTeller(make).ready(level)
  const open = one.region('open', 0, 40_000, writable)
  one.fate = () => [300_000]
  one.receives(100)
  one.operate({ op: 'rdma-write', at: open, segments: [[3, 5000]] })
  one.post(0, 'Send', 's', { slot: 400, offset: 77, bytes: 30 })
  for (let i = 0; i < 8; i++) one.pass(0.2).all()
  return one.pass(30).all().story
}

/** Frames of writes and sends that get lost, doubled, or overtaken. */
function troubled(make: Make, level: ViaReliabilityLevel, which: number): string {
  const one = new RdmaTeller(make).ready(level)
  const open = one.region('open', 0, 40_000, { write: true, read: true })
  let count = 0
  one.fate = ({ kind }) => {
    const isData = kind === frameKind.write || kind === frameKind.answer
    if (!isData || count++ !== which) return [10_000]
    return which % 2 === 0 ? [] : [800_000]
  }
  one.receives(100, 100)
  one.operate({ op: 'rdma-write', at: open, segments: [[3, 4000]] })
  one.operate({ op: 'rdma-write', at: open, offset: 9000, segments: [[9, 4000]], immediate: 3 })
  if (level !== 'unreliable') one.operate({ op: 'rdma-read', at: open, offset: 100, segments: [[20_000, 4000]] })
  one.pass(40)
  one.post(0, 'Send', 's', { slot: 400, offset: 77, bytes: 30 })
  return one.pass(300).all().story
}

/** Frames that are lost for good in the middle of a write, or of what the peer reads, or of an own write. */
function broken(make: Make, level: ViaReliabilityLevel, which: number): string {
  const one = new RdmaTeller(make).ready(level)
  const open = one.region('open', 0, 40_000, { write: true, read: true })
  one.receives(100, 100)
  const isLost = lost[which % lost.length] ?? ((): boolean => false)
  let count = 0
  one.fate = ({ kind }) => (isLost(kind, count++) ? [] : [10_000])
  const op = which % lost.length === 2 ? 'rdma-read' : 'rdma-write'
  const immediate = which % lost.length === 1 ? { immediate: 3 } : {}
  one.operate({ op, at: open, segments: [[3, 4000]], ...immediate })
  one.pass(2)
  one.post(0, 'Send', 's', { slot: 400, offset: 77, bytes: 30 })
  return one.pass(700).all().story
}

/** Whether the n-th frame of a kind is lost: one of a write, the same with immediate data, all that a reader says, and everything. */
const lost: readonly ((kind: number, count: number) => boolean)[] = [
  (kind, count) => kind === frameKind.write && count === 1,
  (kind, count) => kind === frameKind.write && count === 1,
  (kind) => kind === frameKind.acknowledge || kind === frameKind.probe || kind === frameKind.farewell,
  () => true,
]

/** One operation that is refused, behind one that is not, with another one behind it. */
function refused(make: Make, level: ViaReliabilityLevel, which: number): string {
  const one = new RdmaTeller(make)
  const isVi = which % 8 === 7
  one.ready(level, isVi ? {} : { write: true, read: level !== 'unreliable' })
  const open = one.region('open', 0, 8192, { write: true, read: true })
  const part = one.region('part', 8192, 4096, { write: true, read: true })
  const gone = one.region('gone', 16_384, 4096, { write: true, read: true })
  one.ask(1, { operation: 'VipDeregisterMem', nic: 'n', at: { buffer: 'data', offset: 16_384 }, memory: 'gone' })
  one.ask(1, { operation: 'VipCreatePtag', nic: 'n', as: 'other' })
  const places: readonly [ViaRegion, number, number][] = [
    [one.region('closed', 24_576, 8192, {}), 0, 3000],
    [one.region('readable', 24_576, 8192, readable), 0, 3000],
    [one.region('tagged', 24_576, 8192, { write: true, read: true, ptag: 'other' }), 0, 30],
    [part, 100, 9000],
    [part, 8192, 10],
    [gone, 0, 30],
    [one.region('writable', 24_576, 8192, writable), 0, 3000],
    [open, 0, 30],
  ]
  const [at, offset, bytes] = places[which % 8] ?? [nowhere, 0, 1]
  const kind = Math.floor(which / 8)
  one.receives(100, 100)
  if (!isVi) one.operate({ op: 'rdma-write', at: open, segments: [[3, 30]] })
  one.operate({
    op: kind === 2 ? 'rdma-read' : 'rdma-write',
    at,
    offset,
    segments: [[kind === 2 ? 45_000 : 40_000, bytes]],
    ...(kind === 1 ? { immediate: 9 } : {}),
  })
  one.pass(1)
  one.post(0, 'Send', 's', { slot: 400, offset: 77, bytes: 30 })
  return one.pass(40).all().story
}

/** Reads of all kinds, with sends and writes behind them, fenced and not. */
function reads(make: Make, level: ViaReliabilityLevel): string {
  const one = new RdmaTeller(make).ready(level)
  const open = one.region('open', 0, 60_000, { write: true, read: true })
  one.ask(0, { operation: 'VipQueryNic', nic: 'n' })
  one
    .operate({ op: 'rdma-read', at: open, offset: 3, segments: [[1, 5000]] })
    .pass(1)
    .all()
  one.receives(100, 100, 100)
  one.operate({
    op: 'rdma-read',
    at: open,
    offset: 30_000,
    segments: [
      [9000, 100],
      [9500, 0],
      [8000, 50],
    ],
  })
  one.pass(1).all()
  one.operate({ op: 'rdma-read', at: open, offset: 40, segments: [[10_000, 9]] })
  one.operate({ op: 'rdma-read', at: open, offset: 20_000, segments: [[20_000, 30_000]] })
  one.operate({ op: 'rdma-write', at: open, offset: 49_900, segments: [[30, 50]], fence: true })
  one.post(0, 'Send', 's', { slot: 400, offset: 77, bytes: 30 })
  one.fate = () => [300_000]
  for (let i = 0; i < 8; i++) one.pass(0.2).all()
  one
    .pass(30)
    .all()
    .operate({ op: 'rdma-read', at: open, segments: [[100, 2000]] })
    .pass(0.4)
  return one.leave(0).pass(40).all().story
}

/** A fence with a read before it, but not right before it. */
function fenced(make: Make): string {
  const one = new RdmaTeller(make).ready('reliable-delivery')
  const open = one.region('open', 0, 40_000, { write: true, read: true })
  one.receives(100, 100)
  one.fate = ({ kind }) => (kind === frameKind.answer ? [300_000] : [10_000])
  one.operate({ op: 'rdma-read', at: open, segments: [[20_000, 5000]] })
  one.operate({ op: 'rdma-write', at: open, offset: 9000, segments: [[30, 50]] })
  one.operate({ op: 'rdma-write', at: open, offset: 10_000, segments: [[90, 50]], fence: true })
  return one.pass(0.2).all().pass(30).all().story
}

/** A send behind a read whose answer takes its time. */
function behind(make: Make): string {
  const one = new RdmaTeller(make).ready('reliable-delivery')
  const open = one.region('open', 0, 40_000, readable)
  one.receives(100)
  one.fate = ({ kind }) => (kind === frameKind.answer ? [800_000] : [10_000])
  one.operate({ op: 'rdma-read', at: open, segments: [[20_000, 50]] })
  one.post(0, 'Send', 's', { slot: 400, offset: 77, bytes: 30 })
  return one.pass(0.4).all().pass(30).all().story
}

/** A dozen reads at a time. */
function dozen(make: Make): string {
  const one = new RdmaTeller(make).ready('reliable-delivery')
  const open = one.region('open', 0, 40_000, readable)
  for (let i = 0; i < 12; i++) one.operate({ op: 'rdma-read', at: open, offset: i * 100, segments: [[20_000 + i, 1]] })
  return one.pass(30).all().story
}

/** Memory that was written to once: without the right to it, and from before it. */
function takenAway(make: Make): string {
  const one = new RdmaTeller(make).ready('unreliable')
  const open = one.region('open', 0, 8192, writable)
  const part = one.region('part', 8192, 8192, writable)
  one.operate({ op: 'rdma-write', at: open, segments: [[3, 30]] }).pass(1)
  const attributes = { ptag: 'p', enableRdmaWrite: false, enableRdmaRead: false }
  const at = { buffer: 'data', offset: 0 }
  one.ask(1, { operation: 'VipSetMemAttributes', nic: 'n', at, memory: 'open', attributes })
  one.operate({ op: 'rdma-write', at: open, offset: 100, segments: [[3, 30]] }).pass(1)
  one.operate({ op: 'rdma-write', at: { ...open, handle: part.handle }, offset: 200, segments: [[3, 9000]] })
  return one.pass(1).all().story
}

/** What is registered and made, of which RDMA read is asked. */
function asking(make: Make): string {
  const one = new RdmaTeller(make).ready('reliable-delivery', { write: true })
  one.see(one.region('r', 0, 10, readable) === nowhere, one.region('w', 0, 10, writable) === nowhere)
  one.vi(0, 'u', { enableRdmaRead: true }).vi(0, 'd', { reliabilityLevel: 2, enableRdmaRead: true })
  return one.look(0, 'u', 'd').ask(0, { operation: 'VipQueryNic', nic: 'n' }).story
}

export const rdmaStories: Readonly<Record<string, Story>> = {
  asking,
  fenced,
  behind,
  dozen,
  'taken away': takenAway,
  ...each('written', 1, writes),
  ...each('under way', 1, underWay),
  ...each('troubled', 8, troubled),
  ...each('refused', 24, refused),
  ...each('broken', lost.length, broken),
  ...each('read', 1, reads),
}

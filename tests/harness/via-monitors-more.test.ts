// More monitors of VIA on traces made by hand: each fires for a trace that breaks its rule, and not for the nearest legal one.
import { test } from 'tap'
import type { CallBody } from '../../spec/vocabulary/calls.ts'
import type { ViaNicAttributes } from '../../spec/vocabulary/via-attributes.ts'
import { fired, left, millisecond, named, permutation, right, status, Story } from './via-story.ts'

type Trial = readonly [name: string, story: () => Story, wanted: readonly string[], legal: () => Story]

const [done, sent] = [
  { operation: 'VipRecvDone', vi: 'v' },
  { operation: 'VipSendDone', vi: 'v' },
] as const
const polled = { operation: 'VipCQDone', cq: 'cq' } as const
const destroyed = { operation: 'VipDestroyVi', vi: 'v' } as const
const noDescriptor = { code: 'VIP_DESCRIPTOR_ERROR', descriptor: null } as const
const deregistered = {
  operation: 'VipDeregisterMem',
  nic: 'nic',
  at: { buffer: 'pool', offset: 0 },
  memory: 'pool',
} as const
const made = (as: string, entryCount = 8): CallBody => ({ operation: 'VipCreateCQ', nic: 'nic', entryCount, as })

/** A VI with a completion queue for its receives, connected. */
function withQueue(): Story {
  const story = new Story().vip(right, made('cq')).vip(right, made('other')).pool(right)
  return story.makeVi(left, 1).makeVi(right, 1, 'nic', { recvCq: 'cq' }).join()
}

/** An entry of the receive queue, taken. */
const entry = { entry: { vi: 'v', queue: 'recv' } } as const

/** A receive that took a message. */
function received(): Story {
  return withQueue().post(left, 'Send', 's').post(right, 'Recv', 'r').take(right, 'r', status.receive)
}

/** Octets of the pool are written over, where a descriptor may lie. */
const over = (offset: number): CallBody => ({
  operation: 'memory.write',
  at: { buffer: 'pool', offset, bytes: 48 },
  fill: { kind: 'const', seed: 0 },
})

/** A message of 100 octets without immediate data; then octets where its descriptor lies, or others, are written. */
function resent(offset: number, level = 2): Story {
  const story = new Story().connect(level).post(left, 'Send', 's', { offset: 0 })
  return story.call(left, over(offset)).post(right, 'Recv', 'r', 1000)
}

/** A posted descriptor `s`, in whose place `t` is written: before it comes back, or then. */
function renamed(isBack: boolean): Story {
  const story = new Story().post(left, 'Send', 's', { offset: 0 })
  if (isBack) story.take(left, 's', status.send)
  const at = { buffer: 'pool', offset: 0 }
  return story.call(left, { operation: 'descriptor.write', as: 't', at, op: 'send', segments: [] })
}

/** A long wait for a receive that takes nothing. */
function inVain(story: Story): Story {
  const wait = story.open(right, { operation: 'VipRecvWait', vi: 'v', timeout: 60_000 })
  return story.later(60_000 * millisecond).answer(right, wait, { vip: { code: 'VIP_TIMEOUT' } })
}

/** A wait that is answered after so many milliseconds. */
function waited(milliseconds: number): Story {
  const story = new Story().connect(1).post(left, 'Recv', 'r')
  const wait = story.open(left, { operation: 'VipRecvWait', vi: 'v', timeout: 10 })
  return story.later(milliseconds * millisecond).answer(left, wait, { vip: { code: 'VIP_TIMEOUT' } })
}

const attributes: ViaNicAttributes = {
  name: 'nic',
  hardwareVersion: 1,
  providerVersion: 1,
  nicAddressLen: 6,
  localNicAddress: '020000000000',
  threadSafe: true,
  maxDiscriminatorLen: 32,
  maxRegisterBytes: 1,
  maxRegisterRegions: 256,
  maxRegisterBlockBytes: 1,
  maxVI: 64,
  maxDescriptorsPerQueue: 256,
  maxSegmentsPerDesc: 252,
  maxCQ: 32,
  maxCQEntries: 4096,
  maxTransferSize: 65_536,
  nativeMTU: 1500,
  maxPtags: 32,
  reliabilityLevelSupport: 7,
  rdmaReadSupport: 0,
}

function nicOf(...all: readonly Partial<ViaNicAttributes>[]): Story {
  const story = new Story()
  for (const each of all) {
    story.vip(left, { operation: 'VipQueryNic', nic: 'nic' }, { nicAttributes: { ...attributes, ...each } })
  }
  return story
}

/** Messages with and without immediate data, received with these. */
function immediate(level: number, ...words: readonly (number | undefined)[]): Story {
  const story = new Story().connect(level)
  story.post(left, 'Send', 's1', { immediate: 7 }).post(left, 'Send', 's2')
  for (const [i, word] of words.entries()) {
    const name = `r${i}`
    const word32 = word === undefined ? status.receive : status.receive | 0x80000
    const descriptor = { ...named(name, word32), ...(word === undefined ? {} : { immediate: word }) }
    story.post(right, 'Recv', name).vip(right, done, { descriptor })
  }
  return story
}

/** An RDMA write of 100 octets that comes back so. */
function wrote(word: number, length: number): Story {
  const story = new Story().connect(1).post(left, 'Send', 's', { op: 'rdma-write' })
  return story.vip(left, sent, { descriptor: { ...named('s', word, length), control: 1 } })
}

const remoteWrite = 0x30001

const [readDone, fence, microsecond] = [0x40001, 8, 1_000]

/** Two reads, the second with a fence or without: nothing is complete, and so much later both are, the second after a while of its own. */
function readTwice(control: number, behind: number): Story {
  const story = new Story().connect(1)
  for (const [name, of] of [
    ['d1', 0],
    ['d2', control],
  ] as const)
    story.post(left, 'Send', name, { op: 'rdma-read', control: of })
  story.vip(left, sent, { code: 'VIP_NOT_DONE', descriptor: null }).later(microsecond)
  const taken = (name: string, of: number): Story =>
    story.vip(left, sent, { descriptor: { ...named(name, readDone, 100), control: 2 + of } })
  taken('d1', 0).later(behind)
  return taken('d2', control)
}

const trials: readonly Trial[] = [
  [
    'an RDMA write that comes back as a send',
    () => wrote(status.send, 100),
    ['rdma-as-asked: VIA-RDMA-013'],
    () => wrote(0x20001, 100),
  ],
  [
    'an RDMA write that comes back short',
    () => wrote(0x20001, 99),
    ['rdma-as-asked: VIA-RDMA-013'],
    () => wrote(0x20001, 100),
  ],
  [
    'a receive that was taken by an RDMA write, when there was none',
    () => new Story().connect(1).post(left, 'Send', 's').post(right, 'Recv', 'r').take(right, 'r', remoteWrite),
    ['written-if-told-so: VIA-RDMA-005 VIA-DESC-015'],
    () =>
      new Story()
        .connect(1)
        .post(left, 'Send', 's', { op: 'rdma-write', immediate: 7 })
        .post(right, 'Recv', 'r')
        .take(right, 'r', remoteWrite),
  ],
  [
    'a frame of another protocol that is answered',
    () => met((story) => story),
    ['strangers-unanswered: VIA-NIC-014'],
    () => met((story) => story.vip(right, { operation: 'VipNSInit', nic: 'nic' })),
  ],
  [
    'a frame of another protocol that is answered by a host which has sent nothing before',
    () => met((story) => story),
    ['strangers-unanswered: VIA-NIC-014'],
    () => met((story) => passed(story, 'sent', right, 0)),
  ],
  [
    'a read with a fence that is complete sooner behind another than its data can come',
    () => readTwice(fence, microsecond / 2),
    ['reads-wait-at-fences: VIA-RDMA-011'],
    () => readTwice(fence, microsecond),
  ],
  [
    'a read with a fence that is complete together with the one before it',
    () => readTwice(fence, 0),
    ['reads-wait-at-fences: VIA-RDMA-011'],
    () => readTwice(0, 0),
  ],
  [
    'a protection error of an RDMA write that nobody posted',
    () => new Story().connect(1).post(left, 'Send', 's').error(right, 'rdma-write-protection'),
    ['no-error-without-cause: VIA-ERR-024'],
    () => new Story().connect(1).post(left, 'Send', 's', { op: 'rdma-write' }).error(right, 'rdma-write-protection'),
  ],
  [
    'an entry of a queue that has another completion queue',
    () => received().vip(right, { operation: 'VipCQDone', cq: 'other' }, entry),
    ['own-entries: VIA-CQ-010'],
    () => received().vip(right, polled, entry),
  ],
  [
    'an entry of a queue that has none',
    () =>
      received()
        .post(right, 'Send', 't')
        .vip(right, polled, { entry: { vi: 'v', queue: 'send' } }),
    ['own-entries: VIA-CQ-017'],
    () => received().post(right, 'Send', 't').vip(right, polled, entry),
  ],
  [
    'two entries of one descriptor',
    () => received().vip(right, polled, entry).vip(right, polled, entry),
    ['one-entry-each: VIA-CQ-004'],
    () => received().vip(right, polled, entry).vip(right, polled, { code: 'VIP_NOT_DONE' }),
  ],
  [
    'a descriptor without an entry',
    () =>
      received()
        .later(200 * millisecond)
        .vip(right, polled, { code: 'VIP_NOT_DONE' }),
    ['entries-come: VIA-CQ-004'],
    () => received().vip(right, polled, { code: 'VIP_NOT_DONE' }),
  ],
  [
    'an entry before its descriptor is done',
    () => withQueue().post(right, 'Recv', 'r').vip(right, polled, entry).vip(right, done, { code: 'VIP_NOT_DONE' }),
    ['entry-means-done: VIA-CQ-006 VIA-CQ-011'],
    () => withQueue().post(right, 'Recv', 'r').vip(right, done, { code: 'VIP_NOT_DONE' }).vip(right, polled, entry),
  ],
  [
    'an entry of a VI that is gone',
    () => received().disconnect(right).vip(right, destroyed).vip(right, polled, entry),
    ['entries-of-living: VIA-CQ-014'],
    () => received().disconnect(right).vip(right, polled, entry).vip(right, destroyed),
  ],
  [
    'NULL though a receive is outstanding',
    () => withQueue().post(right, 'Recv', 'r').vip(right, done, { code: 'VIP_DESCRIPTOR_ERROR', descriptor: null }),
    ['empty-is-null: VIA-DONE-004'],
    () => withQueue().vip(right, done, { code: 'VIP_DESCRIPTOR_ERROR', descriptor: null }),
  ],
  [
    'VIP_NOT_DONE though no receive is there',
    () => withQueue().vip(right, done, { code: 'VIP_NOT_DONE' }),
    ['empty-is-null: VIA-DONE-003'],
    () => withQueue().post(right, 'Recv', 'r').vip(right, done, { code: 'VIP_NOT_DONE' }),
  ],
  [
    'NULL though a receive that lies nowhere was posted: it may have been refused',
    () => withQueue().vip(right, sent, { code: 'VIP_NOT_DONE' }),
    ['empty-is-null: VIA-DONE-005'],
    () =>
      withQueue()
        .post(right, 'Recv', 'r', { offset: 8 })
        .vip(right, done, { code: 'VIP_DESCRIPTOR_ERROR', descriptor: null }),
  ],
  [
    'NULL though a receive is outstanding whose memory went only afterwards: before, nothing takes it away',
    () => withQueue().post(right, 'Recv', 'r').vip(right, done, noDescriptor).vip(right, deregistered),
    ['empty-is-null: VIA-DONE-004'],
    () => withQueue().post(right, 'Recv', 'r').vip(right, deregistered).vip(right, done, noDescriptor),
  ],
  [
    'a queue that is told to be empty and is not',
    () =>
      withQueue()
        .post(right, 'Recv', 'r')
        .vip(right, { operation: 'VipQueryVi', vi: 'v' }, { recvQueueEmpty: true, sendQueueEmpty: true }),
    ['empty-flags: VIA-VI-013'],
    () =>
      withQueue()
        .post(right, 'Recv', 'r')
        .vip(right, { operation: 'VipQueryVi', vi: 'v' }, { recvQueueEmpty: false, sendQueueEmpty: true }),
  ],
  [
    'a receive that is flushed though nothing happened',
    () => new Story().makeVi(left, 1).post(left, 'Recv', 'r').take(left, 'r', status.flushed),
    ['stays-posted: VIA-POST-001'],
    () => new Story().makeVi(left, 1).post(left, 'Recv', 'r').disconnect(left).take(left, 'r', status.flushed),
  ],
  [
    'a receive that is flushed by a failed request',
    () => refused().take(left, 'r', status.flushed),
    ['stays-posted: VIA-CON-024'],
    () => refused().disconnect(left).take(left, 'r', status.flushed),
  ],
  [
    'a send that completes well without a connection',
    () => new Story().makeVi(left, 1).post(left, 'Send', 's').take(left, 's', status.send),
    ['good-if-connected: VIA-POST-003'],
    () =>
      new Story()
        .makeVi(left, 1)
        .post(left, 'Send', 's')
        .take(left, 's', status.send | 0x20),
  ],
  [
    'a send that completes well behind a flushed one',
    () => pairOf(1, status.send | 0x20, status.send),
    ['nothing-good-after: VIA-FLUSH-003'],
    () => pairOf(1, status.send, status.send | 0x20),
  ],
  [
    'a send that completes well behind a failed one, at Reliable Delivery',
    () => pairOf(2, status.send | 0x4, status.send),
    ['nothing-good-after: VIA-REL-015'],
    () => pairOf(1, status.send | 0x4, status.send),
  ],
  [
    'a receive that is outstanding after the disconnect',
    () => withQueue().post(right, 'Recv', 'r').disconnect(right).vip(right, done, { code: 'VIP_NOT_DONE' }),
    ['disconnect-completes: VIA-FLUSH-001'],
    () => withQueue().disconnect(right).post(right, 'Recv', 'r').vip(right, done, { code: 'VIP_NOT_DONE' }),
  ],
  [
    'a VI that leaves the error state by itself',
    () => new Story().connect(1).query(left, 'error').query(left, 'connected'),
    ['error-stays: VIA-DISC-005'],
    () => new Story().connect(1).query(left, 'error').disconnect(left).query(left, 'idle'),
  ],
  [
    'a VI that is connected though its connection is lost',
    () => new Story().connect(1).error(left, 'connection-lost').query(left, 'connected'),
    ['error-stays: VIA-ERR-009'],
    () => new Story().connect(1).error(left, 'connection-lost').query(left, 'error'),
  ],
  [
    'a VI that is connected twice',
    () => new Story().connect(1).vip(left, request(1000)),
    ['connects-idle-only: VIA-CON-022'],
    () => new Story().connect(1).disconnect(left).vip(left, request(1000)),
  ],
  [
    'a VI that is destroyed while it is connected',
    () => new Story().connect(1).vip(left, destroyed),
    ['destroys-idle-only: VIA-VI-009'],
    () => new Story().connect(1).disconnect(left).vip(left, destroyed),
  ],
  [
    'a VI that is destroyed with a receive on its queue',
    () => new Story().pool(left).makeVi(left, 1).post(left, 'Recv', 'r').vip(left, destroyed),
    ['destroys-idle-only: VIA-VI-010'],
    () => {
      const story = new Story().pool(left).makeVi(left, 1).post(left, 'Recv', 'r').disconnect(left)
      return story.take(left, 'r', status.flushed).vip(left, destroyed)
    },
  ],
  [
    'a VI that is used after it was destroyed',
    () => new Story().makeVi(left, 1).vip(left, destroyed).query(left, undefined),
    ['dead-handles: VIA-VI-019'],
    () => new Story().makeVi(left, 1).vip(left, destroyed).makeVi(left, 1, 'nic', { as: 'w' }).query(left, undefined),
  ],
  [
    'a connection handle that is used twice',
    () => new Story().connect(1).vip(right, { operation: 'VipConnectReject', connection: 'c' }),
    ['dead-handles: VIA-CON-021'],
    () => new Story().connect(1),
  ],
  [
    'one completion queue too many',
    () => queues(3),
    ['limits-hold: VIA-CQ-003'],
    () => queues(2).vip(left, { operation: 'VipDestroyCQ', cq: 'cq0' }).vip(left, made('more')),
  ],
  [
    'a completion queue of no entries',
    () => new Story().vip(left, made('cq', 0)),
    ['refuses-nonsense: VIA-CQ-002'],
    () => new Story().vip(left, made('cq', 0), { code: 'VIP_INVALID_PARAMETER' }),
  ],
  [
    'a VI of two reliability levels',
    () => new Story().makeVi(left, 3),
    ['refuses-nonsense: VIA-VI-004'],
    () => new Story().makeVi(left, 2),
  ],
  [
    'a request with a timeout of zero',
    () => new Story().makeVi(left, 1).vip(left, request(0)),
    ['refuses-nonsense: VIA-CON-011'],
    () => new Story().makeVi(left, 1).vip(left, request(0), { code: 'VIP_INVALID_PARAMETER' }),
  ],
  ['a NIC that changes', () => nicOf({}, { maxVI: 63 }), ['nic-stays: VIA-NIC-007'], () => nicOf({}, {})],
  [
    'a NIC that moves too little',
    () => nicOf({ maxTransferSize: 1500 }),
    ['nic-stays: VIA-NIC-008'],
    () => nicOf({ maxTransferSize: 32_768 }),
  ],
  ['a VI with another attribute than was asked for', () => told(2000), ['as-granted: VIA-VI-002'], () => told(32_768)],
  [
    'VIs of two sizes that are connected',
    () => new Story().makeVi(left, 1).makeVi(right, 1, 'nic', { maxTransferSize: 2000 }).join(),
    ['alike-only: VIA-CON-016'],
    () => new Story().connect(1),
  ],
  [
    'VIs of two levels that are connected',
    () => new Story().makeVi(left, 1).makeVi(right, 2).join(),
    ['alike-only: VIA-CON-015'],
    () => new Story().connect(2),
  ],
  [
    'a request that comes from nobody',
    () => {
      const local = { host: right, discriminator: '01' }
      const remoteAddress = { host: left, discriminator: '77' }
      const wait = { operation: 'VipConnectWait', nic: 'nic', local, timeout: 1000, as: 'c2' } as const
      return new Story().connect(1).vip(right, wait, { remoteAddress })
    },
    ['peers-told: VIA-CON-002'],
    () => new Story().connect(1),
  ],
  [
    'immediate data that was not sent in that place',
    () => immediate(2, undefined, 7),
    ['immediate-as-sent: VIA-IMM-001'],
    () => immediate(2, 7, undefined),
  ],
  [
    'immediate data that nobody sent',
    () => immediate(2, 7, 9),
    ['immediate-as-sent: VIA-IMM-002'],
    () => immediate(1, undefined, 7),
  ],
  [
    'a descriptor whose octets nobody has written, without DONE',
    () => new Story().post(right, 'Recv', 'r').call(right, over(64)).take(right, 'r', 0x10000),
    ['status-tells: VIA-DESC-014'],
    () => new Story().post(right, 'Recv', 'r').call(right, over(0)).take(right, 'r', 0x10000),
  ],
  [
    'a descriptor under the name of one that was written in its place when it had come back',
    () => renamed(true).take(left, 't', status.send),
    ['comes-back-once: VIA-DONE-007'],
    () => renamed(false).take(left, 't', status.send),
  ],
  [
    'a reliable message that was not sent so, and of which nobody has written the descriptor anew',
    () => resent(64).take(right, 'r', status.receive, 50),
    ['messages-as-sent: VIA-REL-008'],
    () => resent(0).take(right, 'r', status.receive, 50),
  ],
  [
    'a message that is written anew when it has come back',
    () => resent(64).take(left, 's', status.send).call(left, over(0)).take(right, 'r', status.receive, 50),
    ['messages-as-sent: VIA-REL-008'],
    () => resent(64).take(left, 's', status.send).call(left, over(0)).take(right, 'r', status.receive),
  ],
  [
    'immediate data of a message that nobody has written anew',
    () => resent(64).vip(right, done, { descriptor: { ...named('r', status.receive | 0x80000), immediate: 3 } }),
    ['immediate-as-sent: VIA-IMM-002'],
    () => resent(0).vip(right, done, { descriptor: { ...named('r', status.receive | 0x80000), immediate: 3 } }),
  ],
  [
    'a send at Reliable Reception that nobody has written anew, and that was not received',
    () => resent(64, 4).take(left, 's', status.send).take(right, 'r', status.tooLong),
    ['received-if-said-so: VIA-REL-011'],
    () => resent(0, 4).take(left, 's', status.send).take(right, 'r', status.tooLong),
  ],
  [
    'a message that nobody has written anew, and that is lost without a word',
    () => inVain(resent(64)),
    ['no-silent-loss: VIA-REL-007'],
    () => inVain(resent(0)),
  ],
  [
    'a message longer than its receive',
    () =>
      new Story()
        .connect(1)
        .post(left, 'Send', 's', 200)
        .post(right, 'Recv', 'r')
        .take(right, 'r', status.receive, 200),
    ['length-fits: VIA-RECV-005'],
    () =>
      new Story().connect(1).post(left, 'Send', 's', 99).post(right, 'Recv', 'r').take(right, 'r', status.receive, 99),
  ],
  [
    'a send with another length than it has',
    () => new Story().connect(1).post(left, 'Send', 's').take(left, 's', status.send, 0),
    ['length-fits: VIA-DESC-013'],
    () => new Story().connect(1).post(left, 'Send', 's').take(left, 's', status.send),
  ],
  ['a SegCount that was changed', () => segments(2), ['own-fields-only: VIA-DESC-023'], () => segments(1)],
  [
    'a reserved bit of Status',
    () =>
      new Story()
        .connect(1)
        .post(left, 'Send', 's')
        .take(left, 's', status.send | 0x200),
    ['reserved-zero: VIA-DESC-017'],
    () => new Story().connect(1).post(left, 'Send', 's').take(left, 's', status.send),
  ],
  ['a wait that goes on', () => waited(1000), ['waits-no-longer: VIA-WAIT-002'], () => waited(11)],
  [
    'a Done that waits',
    () => {
      const story = new Story().connect(1).post(left, 'Recv', 'r')
      const id = story.open(left, done)
      return story.later(1000 * millisecond).answer(left, id, { vip: { code: 'VIP_NOT_DONE' } })
    },
    ['done-at-once: VIA-DONE-004'],
    () => new Story().connect(1).post(left, 'Recv', 'r').vip(left, done, { code: 'VIP_NOT_DONE' }),
  ],
]

function request(timeout: number): CallBody {
  const remote = { host: right, discriminator: '01' }
  return { operation: 'VipConnectRequest', vi: 'v', local: { host: left, discriminator: '00' }, remote, timeout }
}

/** A receive on a VI whose request was refused. */
function refused(): Story {
  return new Story().makeVi(left, 1).post(left, 'Recv', 'r').vip(left, request(1000), { code: 'VIP_NO_MATCH' })
}

/** Two sends that come back so. */
function pairOf(level: number, first: number, second: number): Story {
  const story = new Story().connect(level).post(left, 'Send', 's1').post(left, 'Send', 's2')
  return story.take(left, 's1', first).take(left, 's2', second)
}

function queues(count: number): Story {
  const story = new Story()
  for (let i = 0; i < count; i++) story.vip(left, made(`cq${i}`))
  return story
}

/** What VipQueryVi tells of a VI that was made for 32768 octets. */
function told(maxTransferSize: number): Story {
  const viAttributes = {
    reliabilityLevel: 1,
    maxTransferSize,
    qos: 0,
    ptag: 'tag',
    enableRdmaWrite: false,
    enableRdmaRead: false,
  }
  return new Story().makeVi(left, 1).vip(left, { operation: 'VipQueryVi', vi: 'v' }, { viAttributes })
}

/** A send that comes back with so many segments. */
function segments(segmentCount: number): Story {
  const descriptor = { ...named('s', status.send), segmentCount }
  return new Story().connect(1).post(left, 'Send', 's').vip(left, sent, { descriptor })
}

/** A frame from one host to another, which arrives: of another protocol, or its own. */
function passed(story: Story, kind: 'crafted' | 'sent', from: number, number: number): Story {
  const octets = new Uint8Array(64)
  const to = 1 - from
  octets.set([2, 0, 0, 0, 0, to, 2, 0, 0, 0, 0, from, 8, 0])
  story.trace.frame(kind, { from, frame: number, now: story.now }, octets, octets.length)
  story.later(millisecond).trace.arrived(to, number, 0, story.now)
  return story
}

/** A frame of another protocol comes to a host with a VI, and then one of its own goes back. */
function met(before: (story: Story) => Story): Story {
  const story = before(new Story().makeVi(right, 1))
  return passed(passed(story, 'crafted', left, 1), 'sent', right, 2)
}

const given = { configuration: { ...permutation().configuration, 'via.max-cqs': 2 } }

for (const [name, broken, wanted, legal] of trials) {
  await test(`${name}: billed so, and its neighbour is not`, async (t) => {
    t.same(fired(broken(), given), wanted)
    t.same(fired(legal(), given), [], 'the neighbour')
  })
}

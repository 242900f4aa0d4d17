// The oracle for VIA: what it forbids of RDMA, by which requirement, and what it must allow.
import type { Judged } from '../../spec/model/via.ts'
import type { ViaDescriptorCall, ViaRemotePlace } from '../../spec/vocabulary/via-descriptor.ts'
import { quietly, testOddities, testRules, type Oddity, type Rule } from './via-histories.ts'
import { at, blank, left, levels, right, segment, sent, Story } from './via-story.ts'

type Write = Extract<ViaDescriptorCall, { operation: 'descriptor.write' }>

/** Status words of RDMA that has completed. */
const status = {
  written: 0x20001,
  writeRefused: 0x20081,
  writeFlushed: 0x20021,
  read: 0x40001,
  readRefused: 0x40081,
  readFlushed: 0x40021,
  readMalformed: 0x40003,
  taken: 0xb0001,
  takenRefused: 0x30081,
  received: 0x10001,
} as const

const fence = 0x8

/** Where right's `rx` lies, which may be written and read. */
const rx: ViaRemotePlace = { address: '0000000002200000', handle: 102, offset: 0 }
/** Right's `tx`, which may be neither. */
const closed: ViaRemotePlace = { address: '0000000002100000', handle: 101, offset: 0 }
/** More than a page behind the end of right's `rx`. */
const outside: ViaRemotePlace = { ...rx, offset: 30_000 }

const delivery = { isOpen: true, rdmaRead: true, level: levels.delivery }
const reception = { isOpen: true, rdmaRead: true, level: levels.reception }
const unreliable = { isOpen: true, rdmaRead: true, level: levels.unreliable }

/** Left writes the first octets of `tx` to a place of right. */
function write(story: Story, as: string, bytes: number, more: Partial<Write> = {}): Judged {
  return story.send(as, bytes, { op: 'rdma-write', remote: rx, ...more })
}

/** The adapter of left could not make the call. */
function refused(story: Story, as: string, written: Partial<Write>): Judged {
  story.write(left, as, written)
  const body = { operation: 'VipPostSend', vi: 'v', descriptor: as, memory: 'pool' } as const
  return story.returned(left, story.start(left, body), { status: 'invalid' })
}

/** Left reads a place of right into the beginning of its `rx`. */
function read(story: Story, as: string, bytes: number, more: Partial<Write> = {}): Judged {
  return story.post(left, as, { op: 'rdma-read', remote: rx, segments: [segment('rx', 0, bytes)], ...more })
}

/** Left's first descriptor comes back: a write or read of 100 octets has two segments, with that of its address. */
function sentBack(story: Story, name: string, word: number, more: { length?: number; control?: number } = {}): Judged {
  const seen = { segmentCount: 2, control: 1, status: word, ...more }
  return story.take(left, 'VipSendDone', { name, seen })
}

/** The program of right writes 100 octets of its `rx`. */
const fill = (story: Story, offset: number, pattern: typeof blank): Judged =>
  story.returned(right, story.start(right, { operation: 'memory.write', at: at('rx', offset, 100), fill: pattern }), {
    status: 'ok',
  })

/** Left's memory is registered no more. */
const giveUp = (story: Story, memory: string): Judged =>
  story.ask(left, { operation: 'VipDeregisterMem', nic: 'nic', at: at(memory, 0, 0), memory })

/** Handlers that are told of errors are those that hear of them. */
const heard = { handler: 'hears', context: 1 }
const hearing = (story: Story): readonly Judged[] => [story.handle(left, 'hears'), story.handle(right, 'hears')]
const connected = (story: Story): readonly Judged[] => story.connect()

const rules: Readonly<Record<string, Rule>> = {
  'a write fails for no reason': {
    requirement: 'VIA-RDMA-001',
    before: (story) => [...connected(story), write(story, 'w', 100)],
    forbidden: (story) => sentBack(story, 'w', 0x20003),
    allowed: (story) => sentBack(story, 'w', status.written),
  },
  'octets that were written are not there at rest': {
    requirement: 'VIA-RDMA-002',
    before: (story) => [...connected(story), write(story, 'w', 100), story.model.rested()],
    forbidden: (story) => story.digest(right, at('rx', 0, 100), blank),
    allowed: (story) => story.digest(right, at('rx', 0, 100), sent),
  },
  'octets beside those that were written have changed': {
    requirement: 'VIA-RDMA-002',
    before: (story) => [...connected(story), write(story, 'w', 100)],
    forbidden: (story) => story.digest(right, at('rx', 100, 100), sent),
    allowed: (story) => story.digest(right, at('rx', 100, 100), blank),
  },
  'memory that may not be written is': {
    requirement: 'VIA-RDMA-003',
    before: (story) => [...connected(story), write(story, 'w', 100, { remote: closed })],
    forbidden: (story) => story.digest(right, at('tx', 0, 100), blank),
    allowed: (story) => story.digest(right, at('tx', 0, 100), sent),
  },
  'a write that leaves the region is made in part': {
    requirement: 'VIA-MEM-009',
    before: (story) => [...connected(story), write(story, 'w', 6000, { remote: { ...rx, offset: 19_000 } })],
    forbidden: (story) => story.digest(right, at('rx', 19_000, 1000), sent),
    allowed: (story) => story.digest(right, at('rx', 19_000, 1000), blank),
  },
  'a write takes a receive': {
    requirement: 'VIA-RDMA-004',
    before: (story) => [...connected(story), story.receive('r', 300), write(story, 'w', 100)],
    forbidden: (story) => story.received('r', { status: 0x30001 }),
    allowed: (story) => story.done(right, 'VipRecvDone', undefined, 'VIP_NOT_DONE'),
  },
  'a write with immediate data takes a receive as a send would': {
    requirement: 'VIA-RDMA-005',
    before: (story) => [...connected(story), story.receive('r', 300), write(story, 'w', 100, { immediate: 5 })],
    forbidden: (story) => story.received('r', { status: 0x90001, immediate: 5 }),
    allowed: (story) => story.received('r', { status: status.taken, immediate: 5 }),
  },
  'a write with immediate data hands out other data': {
    requirement: 'VIA-RDMA-005',
    before: (story) => [...connected(story), story.receive('r', 300), write(story, 'w', 100, { immediate: 5 })],
    forbidden: (story) => story.received('r', { status: status.taken, immediate: 6 }),
    allowed: (story) => story.received('r', { status: status.taken, immediate: 5 }),
  },
  'a write with immediate data fills the receive that it takes': {
    requirement: 'VIA-RDMA-005',
    before: (story) => [
      ...connected(story),
      story.receive('r', 300, { segments: [segment('rx', 5000, 300)] }),
      write(story, 'w', 100, { immediate: 5 }),
      story.received('r', { status: status.taken, immediate: 5 }),
    ],
    forbidden: (story) => story.digest(right, at('rx', 5000, 100), sent),
    allowed: (story) => story.digest(right, at('rx', 5000, 100), blank),
  },
  'a receive completes before what was written earlier is in memory': {
    requirement: 'VIA-RDMA-006',
    setting: delivery,
    before: (story) => [
      ...connected(story),
      story.receive('r', 300, { segments: [segment('rx', 5000, 300)] }),
      write(story, 'w', 100),
      story.send('s', 100),
      story.received('r'),
    ],
    forbidden: (story) => story.digest(right, at('rx', 0, 100), blank),
    allowed: (story) => story.digest(right, at('rx', 0, 100), sent),
  },
  'a write that is refused is told to nobody': {
    requirement: 'VIA-RDMA-007',
    before: (story) => [...hearing(story), ...connected(story), write(story, 'w', 100, { remote: outside })],
    forbidden: (story) => story.model.rested(),
    allowed: (story) => story.told(right, 'rdma-write-protection', heard) ?? story.model.rested(),
  },
  'a write that is refused is told twice': {
    requirement: 'VIA-RDMA-007',
    before: (story) => [
      ...hearing(story),
      ...connected(story),
      write(story, 'w', 100, { remote: outside }),
      story.told(right, 'rdma-write-protection', heard),
    ],
    forbidden: (story) => story.told(right, 'rdma-write-protection', heard),
    allowed: (story) => story.model.rested(),
  },
  'a write that is permitted is told to be refused': {
    requirement: 'VIA-RDMA-007',
    before: (story) => [...hearing(story), ...connected(story), write(story, 'w', 100)],
    forbidden: (story) => story.told(right, 'rdma-write-protection', heard),
    allowed: (story) => story.model.rested(),
  },
  'at Reliable Reception a write that was refused completes well': {
    requirement: 'VIA-RDMA-007',
    setting: reception,
    before: (story) => [...connected(story), write(story, 'w', 100, { remote: outside })],
    forbidden: (story) => sentBack(story, 'w', status.written),
    allowed: (story) => sentBack(story, 'w', status.writeRefused),
  },
  'at Reliable Reception a write does not say that it was refused': {
    requirement: 'VIA-RDMA-007',
    setting: reception,
    before: (story) => [...connected(story), write(story, 'w', 100, { remote: outside })],
    forbidden: (story) => sentBack(story, 'w', status.writeFlushed),
    allowed: (story) => sentBack(story, 'w', status.writeRefused),
  },
  'a refused write with immediate data is told to the handler': {
    requirement: 'VIA-RDMA-008',
    before: (story) => [
      ...hearing(story),
      ...connected(story),
      story.receive('r', 300),
      write(story, 'w', 100, { remote: outside, immediate: 5 }),
    ],
    forbidden: (story) => story.told(right, 'rdma-write-protection', heard),
    allowed: (story) => story.received('r', { status: status.takenRefused, length: 0 }),
  },
  'a refused write with immediate data completes its receive well': {
    requirement: 'VIA-RDMA-008',
    before: (story) => [
      ...connected(story),
      story.receive('r', 300),
      write(story, 'w', 100, { remote: outside, immediate: 5 }),
    ],
    forbidden: (story) => story.received('r', { status: status.taken, immediate: 5 }),
    allowed: (story) => story.received('r', { status: status.takenRefused, length: 0 }),
  },
  'a read completes before its data is here': {
    requirement: 'VIA-RDMA-009',
    setting: delivery,
    before: (story) => [
      ...connected(story),
      story.returned(right, story.start(right, { operation: 'memory.write', at: at('rx', 0, 100), fill: sent }), {
        status: 'ok',
      }),
      read(story, 'd', 100),
      sentBack(story, 'd', status.read, { control: 2 }),
    ],
    forbidden: (story) => story.digest(left, at('rx', 0, 100), blank),
    allowed: (story) => story.digest(left, at('rx', 0, 100), sent),
  },
  'a read takes a receive': {
    requirement: 'VIA-RDMA-009',
    setting: delivery,
    before: (story) => [...connected(story), story.receive('r', 300), read(story, 'd', 100)],
    forbidden: (story) => story.received('r'),
    allowed: (story) => story.done(right, 'VipRecvDone', undefined, 'VIP_NOT_DONE'),
  },
  'memory that may not be read is': {
    requirement: 'VIA-RDMA-010',
    setting: delivery,
    before: (story) => [...connected(story), read(story, 'd', 100, { remote: closed })],
    forbidden: (story) => sentBack(story, 'd', status.read, { control: 2 }),
    allowed: (story) => sentBack(story, 'd', status.readRefused, { control: 2, length: 0 }),
  },
  'a read does not say that it was refused': {
    requirement: 'VIA-RDMA-010',
    setting: delivery,
    before: (story) => [...connected(story), read(story, 'd', 100, { remote: closed })],
    forbidden: (story) => sentBack(story, 'd', status.readFlushed, { control: 2, length: 0 }),
    allowed: (story) => sentBack(story, 'd', status.readRefused, { control: 2, length: 0 }),
  },
  'a send with a fence arrives before the read ahead of it is complete': {
    requirement: 'VIA-RDMA-011',
    setting: delivery,
    before: (story) => [
      ...connected(story),
      story.receive('r', 300, { segments: [segment('rx', 5000, 300)] }),
      read(story, 'd', 100),
      story.send('s', 100, { control: fence }),
      story.received('r'),
    ],
    forbidden: (story) => story.done(left, 'VipSendDone', undefined, 'VIP_NOT_DONE'),
    allowed: (story) => sentBack(story, 'd', status.read, { control: 2 }),
  },
  'a write without an address segment completes well': {
    requirement: 'VIA-RDMA-012',
    before: (story) => [...connected(story), story.post(left, 'w', { op: 'rdma-write' })],
    forbidden: (story) => sentBack(story, 'w', status.written, { length: 0 }),
    allowed: (story) =>
      story.take(left, 'VipSendDone', { name: 'w', seen: { segmentCount: 0, control: 1, status: 0x20003 } }),
  },
  'a write says that it was a send': {
    requirement: 'VIA-RDMA-013',
    before: (story) => [...connected(story), write(story, 'w', 100)],
    forbidden: (story) => sentBack(story, 'w', 1),
    allowed: (story) => sentBack(story, 'w', status.written),
  },
  'a read says that it moved nothing': {
    requirement: 'VIA-RDMA-013',
    setting: delivery,
    before: (story) => [...connected(story), read(story, 'd', 100)],
    forbidden: (story) => sentBack(story, 'd', status.read, { control: 2, length: 0 }),
    allowed: (story) => sentBack(story, 'd', status.read, { control: 2 }),
  },
  'a write that is refused breaks an unreliable connection': {
    requirement: 'VIA-RDMA-014',
    before: (story) => [
      ...hearing(story),
      ...connected(story),
      write(story, 'w', 100, { remote: outside }),
      story.told(right, 'rdma-write-protection', heard),
    ],
    forbidden: (story) => story.told(left, 'connection-lost', heard),
    allowed: (story) => story.query(left, 'connected', { sendQueueEmpty: false }),
  },
  'a write that is refused does not break a reliable connection': {
    requirement: 'VIA-RDMA-015',
    setting: delivery,
    before: (story) => [
      ...connected(story),
      story.receive('r', 300, { segments: [segment('rx', 5000, 300)] }),
      write(story, 'w', 100, { remote: outside }),
      story.send('s', 100),
    ],
    forbidden: (story) => story.received('r'),
    allowed: (story) => story.received('r', { status: 0x10021, length: 0 }),
  },
  'the writer is not told that the connection is lost over its write': {
    requirement: 'VIA-RDMA-015',
    setting: delivery,
    before: (story) => [
      ...hearing(story),
      ...connected(story),
      write(story, 'w', 100, { remote: outside }),
      story.told(right, 'rdma-write-protection', heard),
    ],
    forbidden: (story) => story.model.rested(),
    allowed: (story) => story.told(left, 'connection-lost', heard) ?? story.model.rested(),
  },
  'a write with immediate data that found no receive is told to nobody': {
    requirement: 'VIA-RDMA-016',
    before: (story) => [...hearing(story), ...connected(story), write(story, 'w', 100, { immediate: 5 })],
    forbidden: (story) => story.model.rested(),
    allowed: (story) => story.told(right, 'receive-queue-empty', heard) ?? story.model.rested(),
  },
  'a write with immediate data wants room in the receive': {
    requirement: 'VIA-RDMA-017',
    before: (story) => [...connected(story), story.receive('r', 10), write(story, 'w', 100, { immediate: 5 })],
    forbidden: (story) => story.received('r', { status: 0x30009, length: 0 }),
    allowed: (story) => story.received('r', { status: status.taken, immediate: 5 }),
  },
  'a read that is refused is told to nobody': {
    requirement: 'VIA-RDMA-018',
    setting: delivery,
    before: (story) => [
      ...hearing(story),
      ...connected(story),
      read(story, 'd', 100, { remote: closed }),
      sentBack(story, 'd', status.readRefused, { control: 2, length: 0 }),
    ],
    forbidden: (story) => story.model.rested(),
    allowed: (story) => story.told(right, 'rdma-read-protection', heard) ?? story.model.rested(),
  },
  'a read of an unreliable VI completes well': {
    requirement: 'VIA-RDMA-019',
    before: (story) => [...connected(story), read(story, 'd', 100)],
    forbidden: (story) => sentBack(story, 'd', status.read, { control: 2 }),
    allowed: (story) => sentBack(story, 'd', status.readMalformed, { control: 2, length: 0 }),
  },
  'an unreliable write that took a receive well is not there': {
    requirement: 'VIA-RDMA-021',
    before: (story) => [
      ...connected(story),
      story.receive('r', 300, { segments: [segment('rx', 5000, 300)] }),
      quietly(story.model.disturbed()),
      write(story, 'w', 100, { immediate: 5 }),
      story.received('r', { status: status.taken, immediate: 5 }),
    ],
    forbidden: (story) => story.digest(right, at('rx', 0, 100), blank),
    allowed: (story) => story.digest(right, at('rx', 0, 100), sent),
  },
  'at Reliable Reception a write completes well and is not there': {
    requirement: 'VIA-RDMA-022',
    setting: reception,
    before: (story) => [...connected(story), write(story, 'w', 100), sentBack(story, 'w', status.written)],
    forbidden: (story) => story.digest(right, at('rx', 0, 100), blank),
    allowed: (story) => story.digest(right, at('rx', 0, 100), sent),
  },
  'a write from memory without rights to RDMA fails': {
    requirement: 'VIA-RDMA-023',
    before: (story) => [...connected(story), write(story, 'w', 100)],
    forbidden: (story) => sentBack(story, 'w', 0x20005),
    allowed: (story) => sentBack(story, 'w', status.written),
  },
  'a read that has come back is written into': {
    requirement: 'VIA-RDMA-025',
    setting: delivery,
    before: (story) => [
      ...connected(story),
      read(story, 'd', 100),
      story.disconnect(left),
      sentBack(story, 'd', status.readFlushed, { control: 2, length: 0 }),
      story.returned(left, story.start(left, { operation: 'memory.write', at: at('rx', 0, 100), fill: sent }), {
        status: 'ok',
      }),
    ],
    forbidden: (story) => story.digest(left, at('rx', 0, 100), blank),
    allowed: (story) => story.digest(left, at('rx', 0, 100), sent),
  },
  'a read outlives its connection': {
    requirement: 'VIA-RDMA-026',
    setting: delivery,
    before: (story) => [...connected(story), read(story, 'd', 100), story.disconnect(left)],
    forbidden: (story) => story.done(left, 'VipSendDone', undefined, 'VIP_NOT_DONE'),
    allowed: (story) => sentBack(story, 'd', status.readFlushed, { control: 2, length: 0 }),
  },
  'a write is told to have broken off though nothing was lost': {
    requirement: 'VIA-RDMA-027',
    before: (story) => [...hearing(story), ...connected(story), write(story, 'w', 100)],
    forbidden: (story) => story.told(right, 'rdma-write-abort', heard),
    allowed: (story) => quietly(story.model.disturbed()) ?? story.told(right, 'rdma-write-abort', heard),
  },
  'a write with immediate data is told to have broken off': {
    requirement: 'VIA-RDMA-027',
    before: (story) => [
      ...hearing(story),
      ...connected(story),
      quietly(story.model.disturbed()),
      write(story, 'w', 100, { immediate: 5 }),
    ],
    forbidden: (story) => story.told(right, 'rdma-write-abort', heard),
    allowed: (story) => story.model.rested('foul'),
  },
  'a transport error is told where nobody reads or writes': {
    requirement: 'VIA-RDMA-028',
    setting: delivery,
    before: (story) => [
      ...hearing(story),
      ...connected(story),
      quietly(story.model.disturbed()),
      read(story, 'd', 100),
    ],
    forbidden: (story) => story.told(left, 'rdma-transport', heard),
    allowed: (story) => story.told(right, 'rdma-transport', heard),
  },
  'a transport error is told, and not that the connection is lost': {
    requirement: 'VIA-RDMA-028',
    setting: delivery,
    before: (story) => [
      ...hearing(story),
      ...connected(story),
      quietly(story.model.disturbed()),
      read(story, 'd', 100),
      story.told(right, 'rdma-transport', heard),
    ],
    forbidden: (story) => story.model.rested('foul'),
    allowed: (story) => story.told(right, 'connection-lost', heard) ?? story.model.rested('foul'),
  },
}

await testRules(rules, unreliable)

const oddities: Readonly<Record<string, Oddity>> = {
  'before a write is known to be there, its place may be as it was or as it will be': {
    story: (story) => [
      ...connected(story),
      write(story, 'w', 100),
      story.digest(right, at('rx', 0, 100), blank),
      story.digest(right, at('rx', 0, 100), sent),
    ],
  },
  'a write that was refused when it was posted refuses nothing behind it': {
    setting: delivery,
    story: (story) => [
      ...connected(story),
      story.receive('r', 300, { segments: [segment('rx', 5000, 300)] }),
      refused(story, 'w', { op: 'rdma-write', remote: outside, segments: [segment('tx', 0, 100)] }),
      story.send('s', 100),
      story.received('r'),
    ],
  },
  'protection may work by the page': {
    story: (story) => [
      ...connected(story),
      write(story, 'w', 100, { remote: { ...rx, offset: 19_950 } }),
      story.told(right, 'rdma-write-protection'),
      write(story, 'x', 100, { remote: { ...rx, offset: 19_950 } }),
      story.model.rested(),
    ],
  },
  'a write whose frames may be lost is there or not': {
    setting: delivery,
    story: (story) => [
      ...connected(story),
      quietly(story.model.disturbed()),
      write(story, 'w', 100),
      story.model.rested('foul'),
      story.digest(right, at('rx', 0, 100), blank),
    ],
  },
  'a region that goes while a write is under way may be written or not': {
    story: (story) => [
      ...connected(story),
      write(story, 'w', 100),
      story.ask(right, { operation: 'VipDeregisterMem', nic: 'nic', at: at('rx', 0, 0), memory: 'rx' }),
      story.told(right, 'rdma-write-protection'),
      story.digest(right, at('rx', 0, 100), blank),
    ],
  },
  'what the program writes where RDMA writes, stands there or does not': {
    story: (story) => {
      const before = [...connected(story), write(story, 'w', 100)]
      const writing = story.start(right, { operation: 'memory.write', at: at('rx', 0, 100), fill: blank })
      const after = [story.returned(right, writing, { status: 'ok' }), story.model.rested()]
      return [
        ...before,
        ...after,
        story.digest(right, at('rx', 0, 100), sent),
        story.digest(right, at('rx', 0, 100), blank),
      ]
    },
  },
  'a read without a fence may meet the write behind it': {
    setting: delivery,
    story: (story) => [
      ...connected(story),
      read(story, 'd', 100),
      write(story, 'w', 100),
      sentBack(story, 'd', status.read, { control: 2 }),
      story.digest(left, at('rx', 0, 100), sent),
      story.digest(left, at('rx', 0, 100), blank),
    ],
  },
  'a receive whose memory is gone is taken by a write that puts nothing there': {
    story: (story) => [
      ...connected(story),
      story.receive('r', 100, { segments: [segment('rx', 0, 100, 9999)] }),
      write(story, 'w', 100, { immediate: 5 }),
      story.received('r', { status: status.taken, immediate: 5 }),
    ],
  },
  'a receive whose memory is gone, and that is longer than its VI may carry, is taken by such a write': {
    story: (story) => [
      ...connected(story),
      story.receive('r', 40_000, { segments: [segment('rx', 0, 20_000, 9999), segment('rx', 0, 20_000)] }),
      write(story, 'w', 100, { immediate: 5 }),
      story.received('r', { status: status.taken, immediate: 5, segmentCount: 2 }),
    ],
  },
  'a receive whose memory is gone, and that is longer than its VI may carry, is refused': {
    story: (story) => [
      ...connected(story),
      story.post(
        right,
        'r',
        { op: 'receive', segments: [segment('rx', 0, 20_000, 9999), segment('rx', 0, 20_000)] },
        'VIP_INVALID_PARAMETER',
      ),
    ],
  },
  'a send arrives behind a refused write whose descriptor may be gone': {
    story: (story) => [
      ...connected(story),
      story.receive('r', 300),
      story.receive('q', 300, { segments: [segment('rx', 5000, 300)] }),
      write(story, 'w', 100, { remote: outside, immediate: 5 }),
      story.send('s', 100),
      giveUp(story, 'pool'),
      story.received('r', { status: status.takenRefused, length: 0 }),
      story.received('q'),
      story.digest(right, at('rx', 5000, 100), sent),
    ],
  },
  'a reliable send arrives behind a refused write whose descriptor may be gone': {
    setting: delivery,
    story: (story) => {
      const attributes = { ptag: 'tag', enableRdmaWrite: false, enableRdmaRead: false }
      const own = { at: at('pool', 0, 128), attributes, as: 'own' }
      const region = { handle: 77, address: '0000000001000000' }
      const before = [
        ...connected(story),
        story.receive('r', 300),
        story.ask(left, { operation: 'VipRegisterMem', nic: 'nic', ...own }, { region }),
        quietly(story.write(left, 'w', { op: 'rdma-write', remote: outside, segments: [segment('tx', 0, 100)] })),
        story.ask(left, { operation: 'VipPostSend', vi: 'v', descriptor: 'w', memory: 'own' }),
        story.ask(left, { operation: 'VipDeregisterMem', nic: 'nic', at: at('pool', 0, 0), memory: 'own' }),
      ]
      return [...before, story.send('s', 100), story.received('r')]
    },
  },
  'a write that is permitted arrives behind one that is refused and looks alike': {
    story: (story) => [
      ...connected(story),
      story.receive('r', 300),
      story.receive('q', 300),
      write(story, 'w', 100, { remote: outside, immediate: 5 }),
      write(story, 'x', 100, { immediate: 5 }),
      story.received('r', { status: status.takenRefused, length: 0 }),
      story.received('q', { status: status.taken, immediate: 5 }),
      story.digest(right, at('rx', 0, 100), sent),
    ],
  },
  'of two writes alike either has been overtaken, and comes when its place was written again': {
    story: (story) => [
      ...connected(story),
      story.receive('r', 300),
      story.receive('q', 300),
      quietly(story.model.disturbed()),
      write(story, 'w', 100, { immediate: 5 }),
      write(story, 'x', 100, { remote: { ...rx, offset: 1000 }, immediate: 5 }),
      story.received('r', { status: status.taken, immediate: 5 }),
      fill(story, 0, blank),
      fill(story, 1000, blank),
      story.digest(right, at('rx', 0, 100), sent),
      story.digest(right, at('rx', 1000, 100), sent),
      story.received('q', { status: status.taken, immediate: 5 }),
    ],
  },
  'RDMA of which nobody knows to where is not followed': {
    story: (story) => [
      ...connected(story),
      write(story, 'w', 100, { patch: [{ offset: 32, width: 8, value: 0 }] }),
      story.digest(right, at('rx', 0, 100), sent),
      story.told(right, 'rdma-write-protection'),
    ],
  },
}

await testOddities(oddities, unreliable)

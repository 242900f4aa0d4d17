// The oracle for VIA: what it forbids, by which requirement, and what it must allow though it looks odd.
import { test } from 'tap'
import type { Judged } from '../../spec/model/via.ts'
import { viaInfinite } from '../../spec/vocabulary/via-constants.ts'
import type { ViplCall } from '../../spec/vocabulary/via-calls.ts'
import type { ViaReturn } from '../../spec/vocabulary/via-returns.ts'
import { quietly, testOddities, testRules, type Oddity, type Rule } from './via-histories.ts'
import { at, attributesOf, blank, left, levels, right, segment, sent, status, Story } from './via-story.ts'

const connected = (story: Story): readonly Judged[] => story.connect()
/** Connected, with a receive `r` of 300 octets posted, and a send `s` of 100. */
const exchange = (story: Story): readonly Judged[] => [
  ...connected(story),
  story.receive('r', 300),
  story.send('s', 100),
]
/** Connected, with a receive `q` posted behind `r`, which was flushed before. */
const behindFlushed = (story: Story): readonly Judged[] => [
  story.receive('r', 300),
  story.disconnect(right),
  ...connected(story),
  story.receive('q', 300, { segments: [segment('rx', 5000, 300)] }),
]
const reception = { level: levels.reception }
const delivery = { level: levels.delivery }
const few = {
  configuration: {
    'via.max-nics': 1,
    'via.max-ptags': 1,
    'via.max-vis': 1,
    'via.max-cqs': 1,
    'via.max-descriptors': 2,
  },
}

const heard = { handler: 'hears', context: 1 }

const createPtag = { operation: 'VipCreatePtag', nic: 'nic', as: 'other' } as const
const destroyPtag = { operation: 'VipDestroyPtag', nic: 'nic', ptag: 'tag' } as const
const openNic = { operation: 'VipOpenNic', device: 'default', as: 'again' } as const
const createCq = { operation: 'VipCreateCQ', nic: 'nic', entryCount: 10, as: 'q' } as const
const cqDone = { operation: 'VipCQDone', cq: 'q' } as const
const destroyVi = { operation: 'VipDestroyVi', vi: 'v' } as const
const recvWait = { operation: 'VipRecvWait', vi: 'v', timeout: 100 } as const
const createVi = (more: Partial<Extract<ViplCall, { operation: 'VipCreateVi' }>> = {}) =>
  ({
    operation: 'VipCreateVi',
    nic: 'nic',
    attributes: attributesOf(levels.unreliable),
    sendCq: null,
    recvCq: null,
    as: 'w',
    ...more,
  }) as const
const registered = (more: Partial<Extract<ViplCall, { operation: 'VipRegisterMem' }>> = {}) =>
  ({
    operation: 'VipRegisterMem',
    nic: 'nic',
    at: at('tx', 0, 100),
    attributes: { ptag: 'tag', enableRdmaWrite: false, enableRdmaRead: false },
    as: 'again',
    ...more,
  }) as const
const region = { region: { address: '0000000000110000', handle: 77 } }

const objects: Readonly<Record<string, Rule>> = {
  'more NIC handles are open than there are': {
    requirement: 'VIA-NIC-004',
    setting: few,
    forbidden: (story) => story.ask(left, openNic),
    allowed: (story) => story.ask(left, openNic, 'VIP_ERROR_RESOURCE'),
  },
  'a NIC handle is refused though there is room': {
    requirement: 'VIA-NIC-004',
    forbidden: (story) => story.ask(left, openNic, 'VIP_ERROR_RESOURCE'),
    allowed: (story) => story.ask(left, openNic),
  },
  'a device that does not exist is opened': {
    requirement: 'VIA-NIC-003',
    forbidden: (story) => story.ask(left, { ...openNic, device: 'no such device' }),
    allowed: (story) => story.ask(left, { ...openNic, device: 'no such device' }, 'VIP_INVALID_PARAMETER'),
  },
  'a closed NIC handle is taken': {
    requirement: 'VIA-NIC-011',
    before: (story) => [story.ask(left, openNic), story.ask(left, { operation: 'VipCloseNic', nic: 'again' })],
    forbidden: (story) => story.ask(left, { ...createPtag, nic: 'again' }),
    allowed: (story) => story.ask(left, { ...createPtag, nic: 'again' }, 'VIP_INVALID_PARAMETER'),
  },
  'a call answers a code that it does not document': {
    requirement: 'VIA-PTAG-001',
    forbidden: (story) => story.ask(left, createPtag, 'VIP_REJECT'),
    allowed: (story) => story.ask(left, createPtag),
  },
  'a call that everybody has is not supported': {
    requirement: 'VIA-NIC-006',
    forbidden: (story) =>
      story.returned(left, story.start(left, { operation: 'VipQueryNic', nic: 'nic' }), { status: 'unsupported' }),
    allowed: (story) => {
      const asking = story.start(left, { operation: 'VipQuerySystemManagementInfo', nic: 'nic', infoType: 1 })
      return story.returned(left, asking, { status: 'unsupported' })
    },
  },
  'one protection tag too many is made': {
    requirement: 'VIA-PTAG-002',
    setting: few,
    forbidden: (story) => story.ask(left, createPtag),
    allowed: (story) => story.ask(left, createPtag, 'VIP_ERROR_RESOURCE'),
  },
  'a protection tag in use is destroyed': {
    requirement: 'VIA-PTAG-004',
    forbidden: (story) => story.ask(left, destroyPtag),
    allowed: (story) => story.ask(left, destroyPtag, 'VIP_ERROR_RESOURCE'),
  },
  'an unused protection tag cannot be destroyed': {
    requirement: 'VIA-PTAG-003',
    before: (story) => [story.ask(left, createPtag)],
    forbidden: (story) => story.ask(left, { ...destroyPtag, ptag: 'other' }, 'VIP_ERROR_RESOURCE'),
    allowed: (story) => story.ask(left, { ...destroyPtag, ptag: 'other' }),
  },
  'memory is registered with a destroyed tag': {
    requirement: 'VIA-MEM-004',
    before: (story) => [story.ask(left, createPtag), story.ask(left, { ...destroyPtag, ptag: 'other' })],
    forbidden: (story) => story.register(left, 'rx', region.region, 'other'),
    allowed: (story) =>
      story.ask(
        left,
        registered({ attributes: { ptag: 'other', enableRdmaWrite: false, enableRdmaRead: false } }),
        'VIP_INVALID_PTAG',
      ),
  },
  'no octets are registered': {
    requirement: 'VIA-MEM-003',
    forbidden: (story) => story.ask(left, registered({ at: at('tx', 0, 0) }), region),
    allowed: (story) => story.ask(left, registered({ at: at('tx', 0, 0) }), 'VIP_INVALID_PARAMETER'),
  },
  'memory is registered without attributes': {
    requirement: 'VIA-MEM-016',
    forbidden: (story) => story.ask(left, registered({ attributes: null }), region),
    allowed: (story) => story.ask(left, registered({ attributes: null }), 'VIP_INVALID_PARAMETER'),
  },
  'a region is larger than regions can be': {
    requirement: 'VIA-MEM-005',
    setting: { configuration: { 'via.max-region-octets': 20_000 } },
    before: (story) => [story.ask(left, registered(), region)],
    forbidden: (story) => story.ask(left, registered({ at: at('tx', 0, 20_001) }), region),
    allowed: (story) => story.ask(left, registered({ at: at('tx', 0, 20_001) }), 'VIP_ERROR_RESOURCE'),
  },
  'the same memory is not registered again': {
    requirement: 'VIA-MEM-006',
    forbidden: (story) => story.ask(left, registered(), 'VIP_ERROR_RESOURCE'),
    allowed: (story) => story.ask(left, registered(), region),
  },
  'memory is deregistered by another address': {
    requirement: 'VIA-MEM-007',
    forbidden: (story) =>
      story.ask(left, { operation: 'VipDeregisterMem', nic: 'nic', at: at('tx', 4, 0), memory: 'tx' }),
    allowed: (story) =>
      story.ask(left, { operation: 'VipDeregisterMem', nic: 'nic', at: at('tx', 0, 0), memory: 'tx' }),
  },
  'a VI has a level that the NIC lacks': {
    requirement: 'VIA-VI-003',
    setting: { reliableReception: false },
    forbidden: (story) => story.ask(left, createVi({ attributes: attributesOf(levels.reception) })),
    allowed: (story) =>
      story.ask(left, createVi({ attributes: attributesOf(levels.reception) }), 'VIP_INVALID_RELIABILITY_LEVEL'),
  },
  'a VI has several levels': {
    requirement: 'VIA-VI-004',
    forbidden: (story) => story.ask(left, createVi({ attributes: attributesOf(3) })),
    allowed: (story) => story.ask(left, createVi({ attributes: attributesOf(3) }), 'VIP_INVALID_RELIABILITY_LEVEL'),
  },
  'a VI may transfer more than the NIC can': {
    requirement: 'VIA-VI-005',
    forbidden: (story) => story.ask(left, createVi({ attributes: attributesOf(1, 65_537) })),
    allowed: (story) => story.ask(left, createVi({ attributes: attributesOf(1, 65_536) })),
  },
  'one VI too many is made': {
    requirement: 'VIA-VI-007',
    setting: few,
    forbidden: (story) => story.ask(left, createVi()),
    allowed: (story) => story.ask(left, createVi(), 'VIP_ERROR_RESOURCE'),
  },
  'a VI is told to have other attributes than were asked for': {
    requirement: 'VIA-VI-002',
    forbidden: (story) => story.query(left, 'idle', { viAttributes: attributesOf(1, 65_536) }),
    allowed: (story) => story.query(left, 'idle'),
  },
  'a connected VI is destroyed': {
    requirement: 'VIA-VI-009',
    before: connected,
    forbidden: (story) => story.ask(left, destroyVi),
    allowed: (story) => story.ask(left, destroyVi, 'VIP_INVALID_STATE'),
  },
  'a VI with a receive is destroyed': {
    requirement: 'VIA-VI-010',
    before: (story) => [story.receive('r', 100, {}, left)],
    forbidden: (story) => story.ask(left, destroyVi),
    allowed: (story) => story.ask(left, destroyVi, 'VIP_ERROR_RESOURCE'),
  },
  'a queue with a receive is said to be empty': {
    requirement: 'VIA-VI-013',
    before: (story) => [story.receive('r', 100, {}, left)],
    forbidden: (story) => story.query(left, 'idle'),
    allowed: (story) => story.query(left, 'idle', { recvQueueEmpty: false }),
  },
  'a destroyed VI is taken': {
    requirement: 'VIA-VI-019',
    before: (story) => [story.ask(left, destroyVi)],
    forbidden: (story) => story.disconnect(left),
    allowed: (story) => story.disconnect(left, 'VIP_INVALID_PARAMETER'),
  },
}

const connecting: Readonly<Record<string, Rule>> = {
  'a request succeeds that nobody has accepted': {
    requirement: 'VIA-CON-001',
    before: (story) => [quietly(story.wait())],
    forbidden: (story) => story.requested(story.request()),
    allowed: (story) => story.requested(story.request(), { code: 'VIP_ERROR_RESOURCE' }),
  },
  'a server is handed a request for another address': {
    requirement: 'VIA-CON-005',
    forbidden: (story) => {
      const waiting = story.wait('02')
      story.request()
      return story.waited(waiting)
    },
    allowed: (story) => {
      const waiting = story.wait('01')
      story.request()
      return story.waited(waiting)
    },
  },
  'a server is told another address than the client has': {
    requirement: 'VIA-CON-002',
    forbidden: (story) => {
      const waiting = story.wait()
      story.request()
      return story.waited(waiting, { remoteAddress: { host: right, discriminator: '01' } })
    },
    allowed: (story) => {
      const waiting = story.wait()
      story.request()
      return story.waited(waiting)
    },
  },
  'a request that nobody waits for times out': {
    requirement: 'VIA-CON-006',
    forbidden: (story) => {
      const requesting = story.request(100)
      story.elapse(100)
      return story.requested(requesting, { code: 'VIP_TIMEOUT' })
    },
    allowed: (story) => story.requested(story.request(100), { code: 'VIP_NO_MATCH' }),
  },
  'a rejected request finds no match': {
    requirement: 'VIA-CON-008',
    forbidden: (story) => story.requested(rejected(story), { code: 'VIP_NO_MATCH' }),
    allowed: (story) => story.requested(rejected(story), { code: 'VIP_REJECT' }),
  },
  'a request times out early': {
    requirement: 'VIA-CON-009',
    forbidden: (story) => story.requested(taken(story, 99), { code: 'VIP_TIMEOUT' }),
    allowed: (story) => story.requested(taken(story, 100), { code: 'VIP_TIMEOUT' }),
  },
  'a request waits for ever': {
    requirement: 'VIA-CON-009',
    before: (story) => [quietly(taken(story, 100))],
    forbidden: (story) => story.elapse(1001),
    allowed: (story) => story.elapse(1),
  },
  'a request of no time is made': {
    requirement: 'VIA-CON-011',
    forbidden: (story) => story.requested(story.request(0), { code: 'VIP_NO_MATCH' }),
    allowed: (story) => story.requested(story.request(0), { code: 'VIP_INVALID_PARAMETER' }),
  },
  'a server ceases to wait early': {
    requirement: 'VIA-CON-012',
    forbidden: (story) => {
      const waiting = story.wait()
      story.elapse(999)
      return story.answer(right, waiting, { code: 'VIP_TIMEOUT' })
    },
    allowed: (story) => {
      const waiting = story.wait()
      story.elapse(1000)
      return story.answer(right, waiting, { code: 'VIP_TIMEOUT' })
    },
  },
  'a connected VI accepts': {
    requirement: 'VIA-CON-014',
    before: (story) => [...connected(story), story.ask(left, createVi()), secondRequest(story)],
    forbidden: (story) => story.ask(right, { operation: 'VipConnectAccept', connection: 'c', vi: 'v' }),
    allowed: (story) =>
      story.ask(right, { operation: 'VipConnectAccept', connection: 'c', vi: 'v' }, 'VIP_INVALID_STATE'),
  },
  'VIs of different levels connect': {
    requirement: 'VIA-CON-015',
    before: (story) => [story.ask(right, createVi({ attributes: attributesOf(2) })), quietly(taken(story, 0))],
    forbidden: (story) => story.ask(right, { operation: 'VipConnectAccept', connection: 'c', vi: 'w' }),
    allowed: (story) =>
      story.ask(right, { operation: 'VipConnectAccept', connection: 'c', vi: 'w' }, 'VIP_INVALID_RELIABILITY_LEVEL'),
  },
  'a request is accepted that has timed out': {
    requirement: 'VIA-CON-020',
    before: (story) => [story.requested(taken(story, 100), { code: 'VIP_TIMEOUT' })],
    forbidden: (story) => story.ask(right, { operation: 'VipConnectAccept', connection: 'c', vi: 'v' }),
    allowed: (story) => story.ask(right, { operation: 'VipConnectAccept', connection: 'c', vi: 'v' }, 'VIP_TIMEOUT'),
  },
  'a connection handle is used twice': {
    requirement: 'VIA-CON-021',
    before: (story) => [...connected(story), story.disconnect(right)],
    forbidden: (story) => story.ask(right, { operation: 'VipConnectReject', connection: 'c' }),
    allowed: (story) => story.ask(right, { operation: 'VipConnectReject', connection: 'c' }, 'VIP_INVALID_PARAMETER'),
  },
  'a connected VI makes a request': {
    requirement: 'VIA-CON-022',
    before: connected,
    forbidden: (story) => story.requested(story.request(), { code: 'VIP_NO_MATCH' }),
    allowed: (story) => story.requested(story.request(), { code: 'VIP_INVALID_STATE' }),
  },
  'a VI with a request is said to be idle': {
    requirement: 'VIA-CON-023',
    before: (story) => [quietly(taken(story, 1)), story.elapse(1)],
    forbidden: (story) => story.query(left, 'idle'),
    allowed: (story) => story.query(left, 'connect-pending'),
  },
  'a client is told other attributes than the server has': {
    requirement: 'VIA-CON-003',
    before: (story) => [quietly(accepted(story))],
    forbidden: (story) => story.answer(left, story.latest - 1, { remoteAttributes: { ...attributesOf(2), qos: 1 } }),
    allowed: (story) => story.requested(story.latest - 1),
  },
  'disconnecting leaves a VI connected': {
    requirement: 'VIA-DISC-001',
    before: (story) => [...connected(story), story.disconnect(left)],
    forbidden: (story) => story.query(left, 'connected'),
    allowed: (story) => story.query(left, 'idle'),
  },
  'disconnecting an idle VI is refused': {
    requirement: 'VIA-DISC-003',
    forbidden: (story) => story.disconnect(left, 'VIP_INVALID_PARAMETER'),
    allowed: (story) => story.disconnect(left),
  },
  'a VI is connected still when its peer has gone and the world is at rest': {
    requirement: 'VIA-DISC-002',
    before: (story) => [
      ...connected(story),
      story.disconnect(left),
      story.query(right, 'connected'),
      story.model.rested(),
    ],
    forbidden: (story) => story.query(right, 'connected'),
    allowed: (story) => story.query(right, 'error'),
  },
  'a VI is idle when its peer has gone': {
    requirement: 'VIA-VI-012',
    before: (story) => [...connected(story), story.disconnect(left)],
    forbidden: (story) => story.query(right, 'idle'),
    allowed: (story) => story.query(right, 'error'),
  },
}

/** A request that the server has taken, after so many milliseconds: the call's id. */
function taken(story: Story, milliseconds: number): number {
  const waiting = story.wait()
  const requesting = story.request(100)
  story.waited(waiting)
  story.elapse(milliseconds)
  return requesting
}

function rejected(story: Story): number {
  const requesting = taken(story, 1)
  story.ask(right, { operation: 'VipConnectReject', connection: 'c' })
  return requesting
}

function accepted(story: Story): number {
  const requesting = taken(story, 1)
  story.start(right, { operation: 'VipConnectAccept', connection: 'c', vi: 'v' })
  return requesting
}

/** Another VI of left requests, and right takes the request. */
function secondRequest(story: Story): Judged {
  const waiting = story.wait('02')
  story.request(1000, '02', 'w')
  return story.waited(waiting)
}

const transfers: Readonly<Record<string, Rule>> = {
  'a receive on an idle VI is flushed': {
    requirement: 'VIA-POST-001',
    before: (story) => [story.receive('r', 100)],
    forbidden: (story) => story.received('r', { status: status.flushed }),
    allowed: (story) => story.done(right, 'VipRecvDone', undefined, 'VIP_NOT_DONE'),
  },
  'a send without a connection completes well': {
    requirement: 'VIA-POST-003',
    before: (story) => [story.send('s', 100)],
    forbidden: (story) => story.wasSent('s'),
    allowed: (story) => story.wasSent('s', { status: status.flushed }),
  },
  'a send without a connection is refused': {
    requirement: 'VIA-POST-003',
    forbidden: (story) => story.post(left, 's', {}, 'VIP_INVALID_STATE'),
    allowed: (story) => story.send('s', 100),
  },
  'a send without a connection stays outstanding': {
    requirement: 'VIA-POST-003',
    before: (story) => [story.send('s', 100), story.elapse(1)],
    forbidden: (story) => story.done(left, 'VipSendDone', undefined, 'VIP_NOT_DONE'),
    allowed: (story) => story.wasSent('s', { status: status.flushed }),
  },
  'a receive is done before a message was sent': {
    requirement: 'VIA-REL-001',
    before: (story) => [...connected(story), story.receive('r', 100)],
    forbidden: (story) => story.received('r'),
    allowed: (story) => story.done(right, 'VipRecvDone', undefined, 'VIP_NOT_DONE'),
  },
  'a message is received twice': {
    requirement: 'VIA-REL-001',
    before: (story) => [...exchange(story), story.receive('r2', 300), story.received('r')],
    forbidden: (story) => story.received('r2'),
    allowed: (story) => story.done(right, 'VipRecvDone', undefined, 'VIP_NOT_DONE'),
  },
  'the second receive is handed out first': {
    requirement: 'VIA-RECV-007',
    before: (story) => [...exchange(story), story.receive('r2', 300)],
    forbidden: (story) => story.received('r2'),
    allowed: (story) => story.received('r'),
  },
  'a descriptor is handed out that was not posted': {
    requirement: 'VIA-DONE-007',
    before: (story) => exchange(story),
    forbidden: (story) => story.done(right, 'VipRecvDone', 'unknown', 'VIP_SUCCESS'),
    allowed: (story) => story.received('r'),
  },
  'an empty queue is not done': {
    requirement: 'VIA-DONE-003',
    forbidden: (story) => story.done(right, 'VipRecvDone', undefined, 'VIP_NOT_DONE'),
    allowed: (story) => story.done(right, 'VipRecvDone', null, 'VIP_DESCRIPTOR_ERROR'),
  },
  'a queue with a receive is drained': {
    requirement: 'VIA-DONE-004',
    before: (story) => [story.receive('r', 100)],
    forbidden: (story) => story.done(right, 'VipRecvDone', null, 'VIP_DESCRIPTOR_ERROR'),
    allowed: (story) => story.done(right, 'VipRecvDone', undefined, 'VIP_NOT_DONE'),
  },
  'Length is what the receive could have taken': {
    requirement: 'VIA-DESC-012',
    before: exchange,
    forbidden: (story) => story.received('r', { length: 300 }),
    allowed: (story) => story.received('r'),
  },
  'a receive has immediate data that was not sent': {
    requirement: 'VIA-IMM-002',
    before: exchange,
    forbidden: (story) => story.received('r', { status: status.withImmediate }),
    allowed: (story) => story.received('r'),
  },
  'immediate data is not what was sent': {
    requirement: 'VIA-IMM-001',
    before: (story) => [...connected(story), story.receive('r', 100), story.send('s', 100, { immediate: 9 })],
    forbidden: (story) => story.received('r', { status: status.withImmediate, immediate: 8 }),
    allowed: (story) => story.received('r', { status: status.withImmediate, immediate: 9 }),
  },
  'a complete descriptor has no DONE': {
    requirement: 'VIA-DESC-014',
    before: exchange,
    forbidden: (story) => story.received('r', { status: status.received - 1 }),
    allowed: (story) => story.received('r'),
  },
  'a failed descriptor comes with success': {
    requirement: 'VIA-DESC-016',
    before: (story) => [story.send('s', 100)],
    forbidden: (story) => story.wasSent('s', { status: status.flushed }, 'VIP_SUCCESS'),
    allowed: (story) => story.wasSent('s', { status: status.flushed }, 'VIP_DESCRIPTOR_ERROR'),
  },
  'a reserved bit of Status is set': {
    requirement: 'VIA-DESC-017',
    before: exchange,
    forbidden: (story) => story.received('r', { status: status.received + 0x200 }),
    allowed: (story) => story.received('r'),
  },
  'a receive says that a send has completed': {
    requirement: 'VIA-DESC-015',
    before: exchange,
    forbidden: (story) => story.received('r', { status: status.sent }),
    allowed: (story) => story.received('r'),
  },
  'a message that is too long is received well': {
    requirement: 'VIA-RECV-005',
    before: (story) => [...connected(story), story.receive('r', 60), story.send('s', 100)],
    forbidden: (story) => story.received('r', { length: 60 }),
    allowed: (story) => story.received('r', { length: 60, status: status.length }),
  },
  'a receive fails without a cause': {
    requirement: 'VIA-DESC-016',
    before: exchange,
    forbidden: (story) => story.received('r', { status: status.length }),
    allowed: (story) => story.received('r'),
  },
  'a send fails without a cause': {
    requirement: 'VIA-DESC-016',
    before: exchange,
    forbidden: (story) => story.wasSent('s', { status: status.protection }),
    allowed: (story) => story.wasSent('s'),
  },
  'the sender of an unreliable message is told of its loss': {
    requirement: 'VIA-REL-003',
    before: (story) => [...exchange(story), quietly(story.model.disturbed())],
    forbidden: (story) => story.wasSent('s', { status: status.transport }),
    allowed: (story) => story.wasSent('s'),
  },
  'a message longer than MaxTransferSize is sent': {
    requirement: 'VIA-DESC-019',
    before: (story) => [
      ...connected(story),
      story.post(left, 's', { segments: [segment('tx', 0, 20_000), segment('tx', 0, 20_000)] }),
    ],
    forbidden: (story) => story.wasSent('s', { length: 40_000, segmentCount: 2 }),
    allowed: (story) => story.wasSent('s', { length: 40_000, segmentCount: 2, status: status.length }),
  },
  'a message is sent from memory of another tag': {
    requirement: 'VIA-PTAG-005',
    before: (story) => [
      ...connected(story),
      story.ask(left, createPtag),
      story.allocate(left, 'secret', sent),
      story.register(left, 'secret', { address: '0000000000900000', handle: 99 }, 'other'),
      story.post(left, 's', { segments: [segment('secret', 0, 100)] }),
    ],
    forbidden: (story) => story.wasSent('s'),
    allowed: (story) => story.wasSent('s', { status: status.protection }),
  },
  'a message is sent from far outside a region': {
    requirement: 'VIA-MEM-009',
    before: (story) => [
      ...connected(story),
      story.ask(left, registered(), region),
      story.post(left, 's', { segments: [segment('tx', 4196, 100, 'again')] }),
    ],
    forbidden: (story) => story.wasSent('s'),
    allowed: (story) => story.wasSent('s', { status: status.protection }),
  },
  'the reserved operation is a send': {
    requirement: 'VIA-DESC-018',
    before: (story) => [...connected(story), story.send('s', 100, { op: 'reserved' })],
    forbidden: (story) => story.wasSent('s', { control: 3 }),
    allowed: (story) => story.wasSent('s', { control: 3, status: status.form }),
  },
  'a NULL descriptor is posted': {
    requirement: 'VIA-DESC-005',
    forbidden: (story) => story.ask(left, { operation: 'VipPostSend', vi: 'v', descriptor: null, memory: 'pool' }),
    allowed: (story) =>
      story.ask(left, { operation: 'VipPostSend', vi: 'v', descriptor: null, memory: 'pool' }, 'VIP_INVALID_PARAMETER'),
  },
  'a misaligned descriptor is carried out': {
    requirement: 'VIA-DESC-004',
    before: (story) => [...connected(story), story.send('s', 0, { at: { buffer: 'pool', offset: 8001 } })],
    forbidden: (story) => story.wasSent('s', { length: 0 }),
    allowed: (story) => story.done(left, 'VipSendDone', null, 'VIP_DESCRIPTOR_ERROR'),
  },
  'a message holds other octets than were sent': {
    requirement: 'VIA-REL-002',
    before: (story) => [...exchange(story), story.received('r')],
    forbidden: (story) => story.digest(right, at('rx', 0, 100), blank),
    allowed: (story) => story.digest(right, at('rx', 0, 100), sent),
  },
  'memory behind a message is written': {
    requirement: 'VIA-RECV-003',
    before: (story) => [...exchange(story), story.received('r')],
    forbidden: (story) => story.digest(right, at('rx', 100, 100), sent),
    allowed: (story) => story.digest(right, at('rx', 100, 100), blank),
  },
  'a message that found no receive is kept for a later one': {
    requirement: 'VIA-RECV-008',
    before: (story) => [...connected(story), story.send('s', 100), story.model.rested(), story.receive('r', 100)],
    forbidden: (story) => story.received('r'),
    allowed: (story) => story.done(right, 'VipRecvDone', undefined, 'VIP_NOT_DONE'),
  },
  'a reliable message overtakes another': {
    requirement: 'VIA-REL-008',
    setting: delivery,
    before: (story) => [
      ...connected(story),
      story.receive('r', 300),
      story.receive('r2', 300),
      story.send('s', 100),
      story.send('s2', 200),
    ],
    forbidden: (story) => story.received('r', { length: 200 }),
    allowed: (story) => story.received('r'),
  },
  'a send at Reliable Reception is done before there is a receive': {
    requirement: 'VIA-REL-011',
    setting: reception,
    before: (story) => [...connected(story), story.send('s', 100)],
    forbidden: (story) => story.wasSent('s'),
    allowed: (story) => story.wasSent('s', { status: status.remoteDescriptor }),
  },
  'a receive stays outstanding at rest though its message was sent': {
    requirement: 'VIA-REL-005',
    before: (story) => [...exchange(story), story.model.rested()],
    forbidden: (story) => story.done(right, 'VipRecvDone', undefined, 'VIP_NOT_DONE'),
    allowed: (story) => story.received('r'),
  },
  'a send is neither repaired nor failed, though what befell its frames is long over': {
    requirement: 'VIA-REL-007',
    setting: { level: levels.delivery },
    before: (story) => [
      ...story.connect(),
      story.receive('r', 100),
      story.send('s', 100),
      quietly(story.model.disturbed()),
      story.model.rested(),
    ],
    forbidden: (story) => story.done(left, 'VipSendDone', undefined, 'VIP_NOT_DONE'),
    allowed: (story) => story.wasSent('s', { status: status.transport }),
  },
  'a send stays outstanding at rest': {
    requirement: 'VIA-SEND-005',
    before: (story) => [...exchange(story), quietly(story.model.disturbed()), story.model.rested('foul')],
    forbidden: (story) => story.done(left, 'VipSendDone', undefined, 'VIP_NOT_DONE'),
    allowed: (story) => story.wasSent('s'),
  },
  'a descriptor is outstanding after disconnecting': {
    requirement: 'VIA-FLUSH-001',
    before: (story) => [...connected(story), story.receive('r', 100), story.disconnect(right)],
    forbidden: (story) => story.done(right, 'VipRecvDone', undefined, 'VIP_NOT_DONE'),
    allowed: (story) => story.received('r', { status: status.flushed }),
  },
  'what was complete at rest is flushed': {
    requirement: 'VIA-DISC-006',
    before: (story) => [...exchange(story), story.model.rested(), story.disconnect(right)],
    forbidden: (story) => story.received('r', { status: status.flushed }),
    allowed: (story) => story.received('r'),
  },
  'a Wait ends early': {
    requirement: 'VIA-WAIT-002',
    before: (story) => [story.receive('r', 100)],
    forbidden: (story) => waitFor(story, 99),
    allowed: (story) => waitFor(story, 100),
  },
  'a Wait without an end ends': {
    requirement: 'VIA-WAIT-005',
    before: (story) => [story.receive('r', 100)],
    forbidden: (story) => story.ask(right, { ...recvWait, timeout: viaInfinite }, 'VIP_TIMEOUT'),
    allowed: (story) => story.ask(right, { ...recvWait, timeout: 0 }, 'VIP_TIMEOUT'),
  },
  'a Wait sleeps on though its receive was flushed': {
    requirement: 'VIA-FLUSH-007',
    before: (story) => [story.receive('r', 100), quietly(story.start(right, recvWait)), story.disconnect(right)],
    forbidden: (story) => story.elapse(1),
    allowed: (story) =>
      story.answer(right, story.latest - 1, { code: 'VIP_DESCRIPTOR_ERROR', descriptor: flushedReceive }),
  },
}

const flushedReceive = { name: 'r', segmentCount: 1, control: 0, immediate: 0, length: 100, status: status.flushed }

function waitFor(story: Story, milliseconds: number): Judged {
  const waiting = story.start(right, recvWait)
  story.elapse(milliseconds)
  return story.answer(right, waiting, { code: 'VIP_TIMEOUT' })
}

/** Both queues of VI `w`, or one, have completion queue `q`. */
function withQueue(story: Story, more: { sendCq?: string | null; recvCq?: string | null } = {}): readonly Judged[] {
  return [story.ask(left, createCq), story.ask(left, createVi({ recvCq: 'q', ...more }))]
}

const postOn = (story: Story, vi: string): Judged => {
  story.write(left, 'r', { op: 'receive' })
  return story.ask(left, { operation: 'VipPostRecv', vi, descriptor: 'r', memory: 'pool' })
}
/** `w` has completion queue `q` and a receive, which is flushed. */
const flushedOn = (story: Story): readonly Judged[] => [
  ...withQueue(story),
  postOn(story, 'w'),
  story.ask(left, { operation: 'VipDisconnect', vi: 'w' }),
]
const entry = { vi: 'w', queue: 'recv' } as const

function resize(story: Story, entryCount: number, code: ViaReturn['code'] = 'VIP_SUCCESS'): Judged {
  return story.ask(left, { operation: 'VipResizeCQ', cq: 'q', entryCount }, code)
}

const queues: Readonly<Record<string, Rule>> = {
  'a completion queue of no entries is made': {
    requirement: 'VIA-CQ-002',
    forbidden: (story) => story.ask(left, { ...createCq, entryCount: 0 }),
    allowed: (story) => story.ask(left, { ...createCq, entryCount: 0 }, 'VIP_INVALID_PARAMETER'),
  },
  'a completion queue is larger than they can be': {
    requirement: 'VIA-CQ-003',
    forbidden: (story) => story.ask(left, { ...createCq, entryCount: 4097 }),
    allowed: (story) => story.ask(left, { ...createCq, entryCount: 4096 }),
  },
  'one completion queue too many is made': {
    requirement: 'VIA-CQ-003',
    setting: few,
    before: (story) => [story.ask(left, createCq)],
    forbidden: (story) => story.ask(left, { ...createCq, as: 'another' }),
    allowed: (story) => story.ask(left, { ...createCq, as: 'another' }, 'VIP_ERROR_RESOURCE'),
  },
  'a completion queue in use is destroyed': {
    requirement: 'VIA-CQ-012',
    before: (story) => withQueue(story),
    forbidden: (story) => story.ask(left, { operation: 'VipDestroyCQ', cq: 'q' }),
    allowed: (story) => story.ask(left, { operation: 'VipDestroyCQ', cq: 'q' }, 'VIP_ERROR_RESOURCE'),
  },
  'a destroyed completion queue is taken': {
    requirement: 'VIA-CQ-019',
    before: (story) => [story.ask(left, createCq), story.ask(left, { operation: 'VipDestroyCQ', cq: 'q' })],
    forbidden: (story) => story.ask(left, cqDone, 'VIP_NOT_DONE'),
    allowed: (story) => story.ask(left, cqDone, 'VIP_INVALID_PARAMETER'),
  },
  'a flushed descriptor puts no entry': {
    requirement: 'VIA-FLUSH-004',
    before: flushedOn,
    forbidden: (story) => story.ask(left, cqDone, 'VIP_NOT_DONE'),
    allowed: (story) => story.ask(left, cqDone, { entry }),
  },
  'a descriptor puts two entries': {
    requirement: 'VIA-CQ-004',
    before: (story) => [...flushedOn(story), story.ask(left, cqDone, { entry })],
    forbidden: (story) => story.ask(left, cqDone, { entry }),
    allowed: (story) => story.ask(left, cqDone, 'VIP_NOT_DONE'),
  },
  'an entry names the queue that has no completion queue': {
    requirement: 'VIA-CQ-017',
    before: flushedOn,
    forbidden: (story) => story.ask(left, cqDone, { entry: { vi: 'w', queue: 'send' } }),
    allowed: (story) => story.ask(left, cqDone, { entry }),
  },
  'an entry takes its descriptor along': {
    requirement: 'VIA-CQ-005',
    before: (story) => [...flushedOn(story), story.ask(left, cqDone, { entry })],
    forbidden: (story) =>
      story.ask(left, { operation: 'VipRecvDone', vi: 'w' }, { code: 'VIP_DESCRIPTOR_ERROR', descriptor: null }),
    allowed: (story) =>
      story.ask(
        left,
        { operation: 'VipRecvDone', vi: 'w' },
        { code: 'VIP_DESCRIPTOR_ERROR', descriptor: { ...flushedReceive, segmentCount: 0 } },
      ),
  },
  'an entry comes before its descriptor is done': {
    requirement: 'VIA-CQ-006',
    before: (story) => [...withQueue(story), postOn(story, 'w'), story.ask(left, cqDone, { entry })],
    forbidden: (story) => story.ask(left, { operation: 'VipRecvDone', vi: 'w' }, 'VIP_NOT_DONE'),
    allowed: (story) => story.ask(left, cqDone, 'VIP_NOT_DONE'),
  },
  'an entry of a destroyed VI is handed out': {
    requirement: 'VIA-CQ-014',
    before: (story) => [
      ...flushedOn(story),
      story.ask(
        left,
        { operation: 'VipRecvDone', vi: 'w' },
        { code: 'VIP_DESCRIPTOR_ERROR', descriptor: { ...flushedReceive, segmentCount: 0 } },
      ),
      story.ask(left, { operation: 'VipDestroyVi', vi: 'w' }),
    ],
    forbidden: (story) => story.ask(left, cqDone, { entry }),
    allowed: (story) => story.ask(left, cqDone, 'VIP_NOT_DONE'),
  },
  'a wait for an entry sleeps on though there is one': {
    requirement: 'VIA-CQ-009',
    before: (story) => [
      ...withQueue(story),
      postOn(story, 'w'),
      quietly(story.start(left, { ...cqDone, operation: 'VipCQWait', timeout: 9 })),
    ],
    forbidden: (story) => story.ask(left, { operation: 'VipDisconnect', vi: 'w' }) ?? story.elapse(1),
    allowed: (story) => story.elapse(1),
  },
  'a completion queue loses an entry when it is resized': {
    requirement: 'VIA-CQ-015',
    before: (story) => [...flushedOn(story), resize(story, 2)],
    forbidden: (story) => story.ask(left, cqDone, 'VIP_NOT_DONE'),
    allowed: (story) => story.ask(left, cqDone, { entry }),
  },
  'a completion queue cannot be made as small as what is on it': {
    requirement: 'VIA-CQ-015',
    before: flushedOn,
    forbidden: (story) => resize(story, 1, 'VIP_ERROR_RESOURCE'),
    allowed: (story) => resize(story, 1),
  },
  'a completion queue is made smaller than what is on it': {
    requirement: 'VIA-CQ-016',
    before: (story) => [
      ...withQueue(story),
      postOn(story, 'w'),
      postOn(story, 'w'),
      story.ask(left, { operation: 'VipDisconnect', vi: 'w' }),
    ],
    forbidden: (story) => resize(story, 1),
    allowed: (story) => resize(story, 1, 'VIP_ERROR_RESOURCE'),
  },
  'a completion queue that cannot be made so small loses an entry': {
    requirement: 'VIA-CQ-016',
    before: (story) => [...flushedOn(story), resize(story, 0, 'VIP_ERROR_RESOURCE')],
    forbidden: (story) => story.ask(left, cqDone, 'VIP_NOT_DONE'),
    allowed: (story) => story.ask(left, cqDone, { entry }),
  },
  'a completion queue is made larger than any can be': {
    requirement: 'VIA-CQ-021',
    before: (story) => [story.ask(left, createCq)],
    forbidden: (story) => resize(story, 4097),
    allowed: (story) => resize(story, 4096),
  },
  'a destroyed completion queue is resized': {
    requirement: 'VIA-CQ-022',
    before: (story) => [story.ask(left, createCq), story.ask(left, { operation: 'VipDestroyCQ', cq: 'q' })],
    forbidden: (story) => resize(story, 4),
    allowed: (story) => resize(story, 4, 'VIP_INVALID_PARAMETER'),
  },
  'nobody is woken at a completion queue that was resized': {
    requirement: 'VIA-CQ-015',
    before: (story) => [
      ...withQueue(story),
      postOn(story, 'w'),
      quietly(story.start(left, { ...cqDone, operation: 'VipCQWait', timeout: 9 })),
      resize(story, 4),
    ],
    forbidden: (story) => story.ask(left, { operation: 'VipDisconnect', vi: 'w' }) ?? story.elapse(1),
    allowed: (story) => story.elapse(1),
  },
  'a wait for an entry ends early': {
    requirement: 'VIA-CQ-008',
    before: (story) => [story.ask(left, createCq)],
    forbidden: (story) => story.ask(left, { ...cqDone, operation: 'VipCQWait', timeout: 1 }, 'VIP_TIMEOUT'),
    allowed: (story) => story.ask(left, { ...cqDone, operation: 'VipCQWait', timeout: 0 }, 'VIP_TIMEOUT'),
  },
}

/** A field of the control segment is overwritten. */
const patched = (offset: number, width: 2 | 4, value: number) => ({ patch: [{ offset, width, value }] }) as const

/** Right reads the one segment of its first receive: where it says that its octets are, and how many. */
function readSegment(story: Story, place: string, octets: number): Judged {
  const length = octets.toString(16).padStart(8, '0')
  const littleEndian = [6, 4, 2, 0].map((digit) => length.slice(digit, digit + 2)).join('')
  const body = { operation: 'memory.read', at: at('pool', 32, 16) } as const
  return story.returned(right, story.start(right, body), { status: 'ok', octets: `${place}${littleEndian}` })
}

/** An address and a handle. */
const somewhere = '000020020000000066000000'

const descriptors: Readonly<Record<string, Rule>> = {
  'the length of a segment is another when its descriptor comes back': {
    requirement: 'VIA-DESC-023',
    before: (story) => [
      ...connected(story),
      story.receive('r', 300),
      readSegment(story, somewhere, 300),
      story.send('s', 100),
      story.elapse(1),
      story.received('r'),
    ],
    forbidden: (story) => readSegment(story, somewhere, 0),
    allowed: (story) => readSegment(story, somewhere, 300),
  },
  'Status is written before a descriptor is done': {
    requirement: 'VIA-DESC-014',
    before: (story) => [story.receive('r', 100)],
    forbidden: (story) => story.read(right, 'r', { status: 0x10000 }),
    allowed: (story) => story.read(right, 'r', {}),
  },
  'a descriptor is written before it is posted': {
    requirement: 'VIA-DESC-023',
    before: (story) => [quietly(story.write(right, 'r', { op: 'receive', segments: [segment('rx', 0, 100)] }))],
    forbidden: (story) => story.read(right, 'r', { status: status.received }),
    allowed: (story) => story.read(right, 'r', {}),
  },
  'a descriptor is written after it came back': {
    requirement: 'VIA-DESC-023',
    before: (story) => [...exchange(story), story.received('r')],
    forbidden: (story) => story.read(right, 'r', { status: status.received, length: 0 }),
    allowed: (story) => story.read(right, 'r', { status: status.received }),
  },
  'a descriptor comes back otherwise than it was seen done': {
    requirement: 'VIA-DESC-023',
    before: (story) => [...exchange(story), story.read(right, 'r', { status: status.received })],
    forbidden: (story) => story.received('r', { status: status.length }),
    allowed: (story) => story.received('r'),
  },
  'the second receive is seen done before the first': {
    requirement: 'VIA-RECV-007',
    before: (story) => [
      ...connected(story),
      story.receive('r', 300),
      story.receive('r2', 300),
      story.send('s', 100),
      story.send('s2', 200),
      story.read(right, 'r2', { status: status.received, length: 200 }),
    ],
    forbidden: (story) => story.done(right, 'VipRecvDone', undefined, 'VIP_NOT_DONE'),
    allowed: (story) => story.received('r') ?? story.received('r2', { length: 200 }),
  },
  'a send has other segments when it comes back': {
    requirement: 'VIA-DESC-023',
    before: exchange,
    forbidden: (story) => story.wasSent('s', { segmentCount: 0 }),
    allowed: (story) => story.wasSent('s'),
  },
  'Length of a receive is taken for its room': {
    requirement: 'VIA-DESC-021',
    before: (story) => [...connected(story), story.receive('r', 100, patched(24, 4, 10)), story.send('s', 100)],
    forbidden: (story) => story.received('r', { status: status.length }),
    allowed: (story) => story.received('r'),
  },
  'a send with another Length than its sum fails otherwise than by it': {
    requirement: 'VIA-DESC-016',
    before: (story) => [...connected(story), story.send('s', 100, patched(24, 4, 99))],
    forbidden: (story) => story.wasSent('s', { status: status.form }),
    allowed: (story) => story.wasSent('s', { status: status.length }),
  },
  'a segment is sent that SegCount does not count': {
    requirement: 'VIA-DESC-013',
    before: (story) => [
      ...connected(story),
      story.post(left, 's', { segments: [segment('tx', 0, 60), segment('tx', 60, 40)], ...patched(12, 2, 1) }),
    ],
    forbidden: (story) => story.wasSent('s', { length: 100 }),
    allowed: (story) => story.wasSent('s', { length: 60 }),
  },
  'a posted descriptor outside its region is carried out': {
    requirement: 'VIA-DESC-006',
    before: (story) => [
      ...connected(story),
      story.ask(left, registered({ at: at('pool', 0, 64) }), { region: { address: '0000000000100000', handle: 77 } }),
      quietly(story.write(left, 's', { at: { buffer: 'pool', offset: 8192 } })),
      story.ask(left, { operation: 'VipPostSend', vi: 'v', descriptor: 's', memory: 'again' }),
    ],
    forbidden: (story) => story.wasSent('s', { length: 0, segmentCount: 0 }),
    allowed: (story) => story.told(left, 'post-descriptor'),
  },
  'a descriptor beyond the room of its queue is handed out': {
    requirement: 'VIA-DONE-007',
    setting: few,
    before: (story) => [
      story.receive('r', 100),
      story.receive('r2', 100),
      story.receive('r3', 100),
      story.disconnect(right),
      story.received('r', { status: status.flushed }),
      story.received('r2', { status: status.flushed }),
    ],
    forbidden: (story) => story.received('r3', { status: status.flushed }),
    allowed: (story) => story.done(right, 'VipRecvDone', null, 'VIP_DESCRIPTOR_ERROR'),
  },
}

/** A reliable exchange, of whose frames some may have been lost; then nothing more happens. */
const stormy = (story: Story): readonly Judged[] => [
  ...exchange(story),
  quietly(story.model.disturbed()),
  story.model.paused(),
]

const unrepaired: Readonly<Record<string, Rule>> = {
  'a reliable message is lost, and its connection stands': {
    requirement: 'VIA-VI-012',
    setting: delivery,
    before: (story) => [...stormy(story), story.done(right, 'VipRecvDone', undefined, 'VIP_NOT_DONE')],
    forbidden: (story) => story.query(left, 'connected', { sendQueueEmpty: false }),
    allowed: (story) => story.query(left, 'error', { sendQueueEmpty: false }),
  },
  'a connection stands, and its reliable message is lost': {
    requirement: 'VIA-REL-007',
    setting: delivery,
    before: (story) => [...stormy(story), story.query(left, 'connected', { sendQueueEmpty: false })],
    forbidden: (story) => story.done(right, 'VipRecvDone', undefined, 'VIP_NOT_DONE'),
    allowed: (story) => story.received('r'),
  },
  'an unreliable message is lost when the weather is calm again': {
    requirement: 'VIA-REL-016',
    before: (story) => [
      ...stormy(story),
      story.received('r'),
      story.receive('r2', 300),
      story.send('s2', 100),
      story.model.paused(),
    ],
    forbidden: (story) => story.done(right, 'VipRecvDone', undefined, 'VIP_NOT_DONE'),
    allowed: (story) => story.received('r2'),
  },
  'a send at Reliable Reception is flushed though it found no receive': {
    requirement: 'VIA-ERR-012',
    setting: reception,
    before: (story) => [...connected(story), story.send('s', 100), story.send('s2', 100)],
    forbidden: (story) => story.wasSent('s', { status: status.flushed }),
    allowed: (story) =>
      story.wasSent('s', { status: status.remoteDescriptor }) ?? story.wasSent('s2', { status: status.flushed }),
  },
  'a send at Reliable Reception is flushed though the network is dead': {
    requirement: 'VIA-REL-013',
    setting: reception,
    before: stormy,
    forbidden: (story) => story.wasSent('s', { status: status.flushed }),
    allowed: (story) => story.wasSent('s', { status: status.transport }),
  },
  'a send at Reliable Reception is done before its octets are there': {
    requirement: 'VIA-REL-012',
    setting: reception,
    before: (story) => [...exchange(story), story.wasSent('s')],
    forbidden: (story) => story.digest(right, at('rx', 0, 100), blank),
    allowed: (story) => story.digest(right, at('rx', 0, 100), sent),
  },
  'a send at Reliable Reception is done before its octets are behind a receive that was flushed': {
    requirement: 'VIA-REL-012',
    setting: reception,
    before: (story) => [...behindFlushed(story), story.send('s', 100), story.wasSent('s')],
    forbidden: (story) => story.digest(right, at('rx', 5000, 100), blank),
    allowed: (story) => story.digest(right, at('rx', 5000, 100), sent),
  },
  'a send at Reliable Reception is done though its only receive was flushed before': {
    requirement: 'VIA-REL-011',
    setting: reception,
    before: (story) => [story.receive('r', 300), story.disconnect(right), ...connected(story), story.send('s', 100)],
    forbidden: (story) => story.wasSent('s'),
    allowed: (story) => story.wasSent('s', { status: status.remoteDescriptor }),
  },
  'a reliable connection stands when a transfer has failed': {
    requirement: 'VIA-REL-015',
    setting: delivery,
    before: (story) => [
      ...connected(story),
      story.receive('r', 60),
      story.send('s', 100),
      story.received('r', { length: 60, status: status.length }),
      story.model.paused(),
    ],
    forbidden: (story) => story.query(left, 'connected', { sendQueueEmpty: false }),
    allowed: (story) => story.query(left, 'error', { sendQueueEmpty: false }),
  },
  'a message arrives behind one that has failed': {
    requirement: 'VIA-REL-014',
    setting: reception,
    before: (story) => [
      ...connected(story),
      story.receive('r', 100),
      story.send('s', 100, { op: 'reserved' }),
      story.wasSent('s', { control: 3, status: status.form }),
      story.send('s2', 50),
    ],
    forbidden: (story) => story.received('r', { length: 50 }),
    allowed: (story) => story.received('r', { status: status.flushed }),
  },
  'a message fails behind which another has arrived': {
    requirement: 'VIA-REL-014',
    setting: delivery,
    before: (story) => [
      ...connected(story),
      story.receive('r', 100),
      story.send('s', 100, { op: 'reserved' }),
      story.send('s2', 50),
      story.received('r', { length: 50 }),
    ],
    forbidden: (story) => story.wasSent('s', { control: 3, status: status.form }),
    allowed: (story) => story.query(right, 'connected'),
  },
  'a peer is not told that a bad send has broken the connection': {
    requirement: 'VIA-ERR-020',
    setting: delivery,
    before: (story) => [
      ...connected(story),
      story.handle(right, 'hears'),
      story.send('s', 100, { op: 'reserved' }),
      story.wasSent('s', { control: 3, status: status.form }),
    ],
    forbidden: (story) => story.model.paused(),
    allowed: (story) => story.told(right, 'connection-lost', heard) ?? story.model.paused(),
  },
  'a sender is not told that a message without a receive has broken the connection': {
    requirement: 'VIA-ERR-011',
    setting: delivery,
    before: (story) => [
      ...connected(story),
      story.handle(left, 'hears'),
      story.send('s', 100),
      story.told(right, 'receive-queue-empty'),
    ],
    forbidden: (story) => story.model.paused(),
    allowed: (story) => story.told(left, 'connection-lost', heard) ?? story.model.paused(),
  },
  'an unreliable connection breaks when a transfer has failed': {
    requirement: 'VIA-REL-016',
    before: (story) => [
      ...connected(story),
      story.receive('r', 60),
      story.send('s', 100),
      story.received('r', { length: 60, status: status.length }),
    ],
    forbidden: (story) => story.query(right, 'error'),
    allowed: (story) => story.query(right, 'connected'),
  },
}

/** A descriptor that lies where it cannot is posted, and the handler has not heard of it. */
const misplaced = (story: Story): readonly Judged[] => [
  ...connected(story),
  story.handle(left, 'hears'),
  quietly(story.write(left, 's', { at: { buffer: 'pool', offset: 8 } })),
  story.ask(left, { operation: 'VipPostSend', vi: 'v', descriptor: 's', memory: 'pool' }),
]

/** What a search has shown the oracle to be wrong about. */
const searched: Readonly<Record<string, Rule>> = {
  'nobody hears of a misplaced descriptor': {
    requirement: 'VIA-ERR-007',
    before: misplaced,
    forbidden: (story) => story.model.paused(),
    // It was flushed before anybody looked at it, and could not be written.
    allowed: (story) => story.told(left, 'completion-protection', heard) ?? story.model.paused(),
  },
  'nobody hears of a misplaced descriptor, however long nothing happens': {
    requirement: 'VIA-ERR-007',
    before: misplaced,
    forbidden: (story) => story.model.paused(),
    allowed: (story) => story.disconnect(left) ?? story.model.paused(),
  },
  'a peer hears of a loss though nothing has happened to the descriptors of the other end': {
    requirement: 'VIA-ERR-024',
    before: (story) => [...connected(story), story.receive('r', 300, {}, left)],
    forbidden: (story) => story.told(right, 'connection-lost'),
    allowed: (story) =>
      story.ask(left, { operation: 'VipDeregisterMem', nic: 'nic', at: at('pool', 0, 0), memory: 'pool' }) ??
      story.told(right, 'connection-lost'),
  },
  'a sender hears of a loss, and the receiver does not hear why': {
    requirement: 'VIA-ERR-011',
    setting: delivery,
    before: (story) => [
      ...connected(story),
      story.handle(right, 'hears'),
      story.send('s', 100),
      story.told(left, 'connection-lost'),
    ],
    forbidden: (story) => story.model.paused(),
    allowed: (story) => story.told(right, 'receive-queue-empty', heard) ?? story.model.paused(),
  },
}

const handlers: Readonly<Record<string, Rule>> = {
  'a lost connection is told that nobody has broken': {
    requirement: 'VIA-ERR-024',
    before: (story) => [...connected(story), story.handle(right, 'hears')],
    forbidden: (story) => story.told(right, 'connection-lost', heard),
    allowed: (story) => story.disconnect(left) ?? story.told(right, 'connection-lost', heard),
  },
  'a handler hears of its own disconnect': {
    requirement: 'VIA-DISC-007',
    before: (story) => [...connected(story), story.handle(right, 'hears'), story.disconnect(right)],
    forbidden: (story) => story.told(right, 'connection-lost', heard),
    allowed: (story) => story.query(right, 'idle'),
  },
  'a lost connection is told twice': {
    requirement: 'VIA-ERR-001',
    before: (story) => [...connected(story), story.disconnect(left), story.told(right, 'connection-lost')],
    forbidden: (story) => story.told(right, 'connection-lost'),
    allowed: (story) => story.query(right, 'error'),
  },
  'a lost connection is not told': {
    requirement: 'VIA-DISC-002',
    before: (story) => [...connected(story), story.handle(right, 'hears'), story.disconnect(left)],
    forbidden: (story) => story.model.rested(),
    allowed: (story) => story.told(right, 'connection-lost', heard) ?? story.model.rested(),
  },
  'the handler before is told': {
    requirement: 'VIA-ERR-003',
    before: (story) => [
      ...connected(story),
      story.handle(right, 'first'),
      story.handle(right, 'hears'),
      story.disconnect(left),
    ],
    forbidden: (story) => story.told(right, 'connection-lost', { ...heard, handler: 'first' }),
    allowed: (story) => story.told(right, 'connection-lost', heard),
  },
  'a handler is told that was given up': {
    requirement: 'VIA-ERR-002',
    before: (story) => [
      ...connected(story),
      story.handle(right, 'hears'),
      story.handle(right, null),
      story.disconnect(left),
    ],
    forbidden: (story) => story.told(right, 'connection-lost', heard),
    allowed: (story) => story.told(right, 'connection-lost'),
  },
  'a handler runs with another context': {
    requirement: 'VIA-ERR-001',
    before: (story) => [...connected(story), story.handle(right, 'hears'), story.disconnect(left)],
    forbidden: (story) => story.told(right, 'connection-lost', { ...heard, context: 2 }),
    allowed: (story) => story.told(right, 'connection-lost', heard),
  },
  'an error of a VI is said to be of the NIC': {
    requirement: 'VIA-ERR-005',
    before: (story) => [...connected(story), story.disconnect(left)],
    forbidden: (story) => story.told(right, 'connection-lost', { resource: 'nic' }),
    allowed: (story) => story.told(right, 'connection-lost'),
  },
  'a message is said to be without a receive that has one': {
    requirement: 'VIA-ERR-024',
    before: exchange,
    forbidden: (story) => story.told(right, 'receive-queue-empty'),
    allowed: (story) => story.send('s2', 100) ?? story.told(right, 'receive-queue-empty'),
  },
  'a message without a receive is not told': {
    requirement: 'VIA-ERR-010',
    before: (story) => [...connected(story), story.handle(right, 'hears'), story.send('s', 100)],
    forbidden: (story) => story.model.rested(),
    allowed: (story) => story.told(right, 'receive-queue-empty', heard) ?? story.model.rested(),
  },
  'an overrun is told though there was room': {
    requirement: 'VIA-ERR-008',
    setting: few,
    before: (story) => [story.receive('r', 10), story.receive('r2', 10)],
    forbidden: (story) => story.told(right, 'vi-overrun'),
    allowed: (story) => story.receive('r3', 10) ?? story.told(right, 'vi-overrun'),
  },
  'an overrun is not told': {
    requirement: 'VIA-ERR-008',
    setting: few,
    before: (story) => [
      story.handle(right, 'hears'),
      story.receive('r', 10),
      story.receive('r2', 10),
      story.receive('r3', 10),
    ],
    forbidden: (story) => story.model.rested(),
    allowed: (story) => story.told(right, 'vi-overrun', heard) ?? story.model.rested(),
  },
  'a bad descriptor is not told': {
    requirement: 'VIA-ERR-007',
    before: (story) => [story.handle(right, 'hears'), story.receive('r', 0, { at: { buffer: 'pool', offset: 8001 } })],
    forbidden: (story) => story.model.rested(),
    allowed: (story) => story.told(right, 'post-descriptor', heard) ?? story.model.rested(),
  },
  'an RDMA error is told without RDMA': {
    requirement: 'VIA-ERR-006',
    before: exchange,
    forbidden: (story) => story.told(right, 'rdma-write-protection'),
    allowed: (story) => story.received('r'),
  },
}

await testRules({
  ...objects,
  ...connecting,
  ...transfers,
  ...queues,
  ...handlers,
  ...descriptors,
  ...unrepaired,
  ...searched,
})

/** Histories that are allowed though they look odd. */
const oddities: Readonly<Record<string, Oddity>> = {
  'an unreliable message is lost where frames are': {
    story: (story) => [
      ...exchange(story),
      quietly(story.model.disturbed()),
      story.model.rested('foul'),
      story.done(right, 'VipRecvDone', undefined, 'VIP_NOT_DONE'),
    ],
  },
  'a send fails for memory that went after it had gone out, and what is behind it has arrived': {
    setting: delivery,
    story: (story) => [
      ...connected(story),
      story.receive('r', 100),
      story.receive('r2', 50),
      story.send('s', 100),
      story.ask(left, { operation: 'VipDeregisterMem', nic: 'nic', at: at('tx', 0, 0), memory: 'tx' }),
      story.register(left, 'tx', { handle: 99, address: '0000000003000000' }),
      story.send('s2', 50),
      quietly(story.model.disturbed()),
      story.received('r', { length: 100 }),
      story.received('r2', { length: 50 }),
      story.wasSent('s', { status: status.protection, length: 0 }),
      story.query(left, 'error', { sendQueueEmpty: false }),
    ],
  },
  'unreliable messages overtake each other where frames do': {
    story: (story) => [
      ...exchange(story),
      story.send('s2', 200),
      story.receive('r2', 300),
      quietly(story.model.disturbed()),
      story.received('r', { length: 200 }),
      story.received('r2'),
    ],
  },
  'of two unreliable messages of one length the first is lost for want of a receive, though its wire is good': {
    story: (story) => [
      ...connected(story),
      story.send('s', 100),
      story.receive('r', 300),
      story.send('s2', 100, { segments: [segment('tx', 200, 100)] }),
      story.received('r'),
      story.digest(right, at('rx', 0, 100), blank),
    ],
  },
  'what is sent while the peer disconnects arrives or not': {
    setting: delivery,
    story: (story) => [
      ...connected(story),
      story.receive('r', 100),
      story.receive('r2', 100),
      story.disconnect(left),
      story.query(right, 'connected', { recvQueueEmpty: false }),
      story.send('s', 0, { segments: [] }, right),
      story.query(right, 'error', { recvQueueEmpty: false, sendQueueEmpty: false }),
      story.received('r', { status: status.flushed }),
    ],
  },
  'a receive that comes after its message takes it, or not': {
    story: (story) => [
      ...connected(story),
      story.send('s', 100),
      story.receive('r', 100),
      story.model.rested(),
      story.done(right, 'VipRecvDone', undefined, 'VIP_NOT_DONE'),
      story.send('s2', 50),
      story.received('r', { length: 50 }),
    ],
  },
  'a buffer is written again once its send is done': {
    story: (story) => {
      const before = [...exchange(story), story.wasSent('s')]
      const write = story.start(left, { operation: 'memory.write', at: at('tx', 0, 100), fill: blank })
      return [
        ...before,
        story.returned(left, write, { status: 'ok' }),
        story.received('r'),
        story.digest(right, at('rx', 0, 100), sent),
      ]
    },
  },
  'a buffer is written again too soon': {
    story: (story) => {
      const before = exchange(story)
      const write = story.start(left, { operation: 'memory.write', at: at('tx', 0, 100), fill: blank })
      return [
        ...before,
        story.returned(left, write, { status: 'ok' }),
        story.received('r'),
        story.digest(right, at('rx', 0, 100), sent),
      ]
    },
  },
  'two threads post at once, and either is first': {
    story: (story) => {
      const before = connected(story)
      for (const as of ['a', 'b']) story.write(right, as, { op: 'receive', segments: [segment('rx', 0, 300)] })
      const post = (descriptor: string): number =>
        story.start(right, { operation: 'VipPostRecv', vi: 'v', descriptor, memory: 'pool' })
      const [one, other] = [post('a'), post('b')]
      return [
        ...before,
        story.answer(right, one),
        story.answer(right, other),
        story.send('s', 100),
        story.received('b'),
        story.done(right, 'VipRecvDone', undefined, 'VIP_NOT_DONE'),
      ]
    },
  },
  'a VI connects again, and begins anew': {
    story: (story) => [
      ...exchange(story),
      story.disconnect(left),
      story.disconnect(right),
      story.received('r', { status: status.flushed }),
      ...connected(story),
      story.receive('r2', 300),
      story.send('s2', 200),
      story.received('r2', { length: 200 }),
    ],
  },
  'a receive that was flushed before its VI was connected stays as it was': {
    setting: reception,
    story: (story) => [
      ...behindFlushed(story),
      story.send('s', 100),
      story.wasSent('s'),
      story.digest(right, at('rx', 0, 100), blank),
      story.received('r', { status: status.flushed }),
      story.received('q'),
    ],
  },
  'a receive that was flushed when its first connection ended stays as it was in the next': {
    setting: reception,
    story: (story) => [
      ...connected(story),
      story.receive('r', 300),
      story.disconnect(left),
      story.disconnect(right),
      ...connected(story),
      story.receive('q', 300, { segments: [segment('rx', 5000, 300)] }),
      story.send('s', 100),
      story.wasSent('s'),
      story.digest(right, at('rx', 0, 100), blank),
      story.digest(right, at('rx', 5000, 100), sent),
    ],
  },
  'a send at Reliable Reception is told to be done when its receiver has left': {
    setting: reception,
    story: (story) => [
      ...connected(story),
      story.receive('r', 300),
      story.send('s', 100),
      story.disconnect(right),
      story.wasSent('s'),
      story.digest(right, at('rx', 0, 100), sent),
      story.received('r'),
    ],
  },
  'a receive that comes while another thread disconnects is flushed or not': {
    setting: reception,
    story: (story) => {
      const leaving = story.start(right, { operation: 'VipDisconnect', vi: 'v' })
      story.write(right, 'r', { op: 'receive', segments: [segment('rx', 0, 300)] })
      const before = [
        story.ask(right, { operation: 'VipPostRecv', vi: 'v', descriptor: 'r', memory: 'pool' }),
        story.answer(right, leaving),
        ...connected(story),
        story.receive('q', 300, { segments: [segment('rx', 5000, 300)] }),
        story.send('s', 100),
        story.wasSent('s'),
      ]
      return [
        ...before,
        story.digest(right, at('rx', 0, 100), blank),
        story.digest(right, at('rx', 0, 100), sent),
        story.digest(right, at('rx', 5000, 100), blank),
        story.digest(right, at('rx', 5000, 100), sent),
      ]
    },
  },
  'at rest again, a message is on one receive still': {
    story: (story) => [
      ...exchange(story),
      story.receive('r2', 300),
      story.model.rested(),
      story.model.rested(),
      story.received('r'),
      story.done(right, 'VipRecvDone', undefined, 'VIP_NOT_DONE'),
    ],
  },
  'a VI that is asked about while its request ends may be as before or after': {
    story: (story) => {
      const requesting = story.request(40)
      const before = story.elapse(40)
      const asking = story.start(left, { operation: 'VipQueryVi', vi: 'v' })
      const told = { viAttributes: story.attributes, sendQueueEmpty: true, recvQueueEmpty: true }
      return [
        before,
        story.answer(left, requesting, { code: 'VIP_TIMEOUT' }),
        story.answer(left, asking, { ...told, state: 'connect-pending' }),
        story.query(left, 'idle'),
      ]
    },
  },
  'a wait for an entry ends when its queue is destroyed': {
    story: (story) => {
      const before = story.ask(left, createCq)
      const waiting = story.start(left, { operation: 'VipCQWait', cq: 'q', timeout: 9 })
      const destroying = story.start(left, { operation: 'VipDestroyCQ', cq: 'q' })
      return [before, story.answer(left, waiting, { code: 'VIP_INVALID_PARAMETER' }), story.answer(left, destroying)]
    },
  },
}

await testOddities(oddities)

await test('a reset forgets everything', async (t) => {
  const story = new Story()
  for (const judged of exchange(story)) t.equal(judged, undefined)
  story.start(right, recvWait)
  story.model.reset()
  t.equal(story.ask(right, { operation: 'VipOpenNic', device: 'default', as: 'nic' }), undefined)
  t.equal(story.ask(right, { operation: 'VipRecvDone', vi: 'v' }, 'VIP_NOT_DONE'), undefined, 'the VI')
  t.equal(story.model.rested(), undefined, 'the wait')
})

await test('an answer to no call, or to one of another host, breaks the protocol alone', async (t) => {
  const story = new Story()
  t.same(story.answer(left, 99)?.requirements, [])
  t.same(story.answer(left, story.start(right, recvWait))?.requirements, [])
})

await test('words name the hosts, what was seen and what would have been right', async (t) => {
  const story = new Story()
  for (const judged of exchange(story)) t.equal(judged, undefined)
  t.equal(
    story.received('r', { length: 300 })?.words,
    "right's receive r on v completed with status 0x10001, length 300 and immediate data 0; the message s has 100 octets " +
      'and no immediate data, and the receive room for 300',
  )
})

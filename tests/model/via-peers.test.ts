// The oracle for VIA: what it forbids of peers, before and after they are paired, by which requirement, and what it must allow.
import type { Judged } from '../../spec/model/via.ts'
import { viaDefaults, type ViaRemoteAttributes } from '../../spec/vocabulary/via-attributes.ts'
import type { ViaReturn } from '../../spec/vocabulary/via-returns.ts'
import { quietly, testOddities, testRules, type Oddity, type Rule } from './via-histories.ts'
import { at, attributesOf, blank, left, levels, right, segment, sent, status, Story } from './via-story.ts'

type Code = ViaReturn['code']

const delivery = { level: levels.delivery }
const reception = { level: levels.reception }
const open = { level: levels.delivery, isOpen: true }

interface Asked {
  readonly vi?: string
  /** Discriminators of this end and of the one that is looked for. */
  readonly own?: string
  readonly sought?: string
  /** Milliseconds. */
  readonly timeout?: number
}

/** Left is at 0a and looks for right at 0b, and the other way round. */
function asking(story: Story, node: number, { vi = 'v', own, sought, timeout = 10_000 }: Asked = {}): number {
  const [here, there] = node === left ? ['0a', '0b'] : ['0b', '0a']
  const local = { host: node, discriminator: own ?? here }
  const remote = { host: 1 - node, discriminator: sought ?? there }
  return story.start(node, { operation: 'VipConnectPeerRequest', vi, local, remote, timeout })
}

function ask(story: Story, node: number, asked: Asked = {}, code: Code = 'VIP_SUCCESS'): Judged {
  return story.answer(node, asking(story, node, asked), { code })
}

/** What VipConnectPeerDone tells, of which VI. */
interface Told extends Partial<ViaReturn> {
  readonly vi?: string
}

/** VipConnectPeerDone answers. */
function done(story: Story, node: number, code: Code = 'VIP_SUCCESS', { vi = 'v', ...told }: Told = {}): Judged {
  const remoteAttributes = remoteOf(story)
  const vip = code === 'VIP_SUCCESS' ? { code, remoteAttributes, ...told } : { code, ...told }
  return story.ask(node, { operation: 'VipConnectPeerDone', vi }, vip)
}

function remoteOf({ attributes }: Story): ViaRemoteAttributes {
  const { reliabilityLevel, maxTransferSize, qos, enableRdmaWrite, enableRdmaRead } = attributes
  return { reliabilityLevel, maxTransferSize, qos, enableRdmaWrite, enableRdmaRead }
}

const both = (story: Story): readonly Judged[] => [ask(story, left), ask(story, right), story.elapse(1)]
/** Both are told that they are paired. */
const paired = (story: Story): readonly Judged[] => [...both(story), done(story, left), done(story, right)]
const makeVi = (story: Story, node: number, as: string, level: number): Judged =>
  story.ask(node, {
    operation: 'VipCreateVi',
    nic: 'nic',
    attributes: attributesOf(level),
    sendCq: null,
    recvCq: null,
    as,
  })
/** Right's `w` is reliable, and left's `v` is not: they look for each other. */
const unequal = (story: Story): readonly Judged[] => [
  makeVi(story, right, 'w', levels.delivery),
  ask(story, left),
  ask(story, right, { vi: 'w' }),
  story.elapse(1),
]

/** As many octets as a discriminator may have. */
const longest = '5a'.repeat(viaDefaults['via.max-discriminator'])

const asks: Readonly<Record<string, Rule>> = {
  'a VI is idle though its request is open': {
    requirement: 'VIA-PEER-002',
    before: (story) => [ask(story, left), story.elapse(1)],
    forbidden: (story) => story.query(left, 'idle'),
    allowed: (story) => story.query(left, 'connect-pending'),
  },
  'a VI is connected though nobody has looked for it': {
    requirement: 'VIA-PEER-009',
    before: (story) => [ask(story, left), story.elapse(1)],
    forbidden: (story) => story.query(left, 'connected'),
    allowed: (story) => story.query(left, 'connect-pending'),
  },
  'a VI is paired with one that looks for somebody else': {
    requirement: 'VIA-PEER-009',
    before: (story) => [ask(story, left), ask(story, right, { sought: '0aff' }), story.elapse(1)],
    forbidden: (story) => done(story, left),
    allowed: (story) => done(story, left, 'VIP_NOT_DONE'),
  },
  'a server is handed the request for a peer': {
    requirement: 'VIA-PEER-011',
    before: (story) => [ask(story, left), quietly(story.wait('0b')), story.elapse(1)],
    forbidden: (story) =>
      story.waited(story.latest, {
        remoteAddress: { host: left, discriminator: '0a' },
        remoteAttributes: remoteOf(story),
      }),
    allowed: (story) => story.elapse(900),
  },
  'a VI with an open request is asked for again': {
    requirement: 'VIA-PEER-006',
    before: (story) => [ask(story, left)],
    forbidden: (story) => ask(story, left),
    allowed: (story) => ask(story, left, {}, 'VIP_INVALID_STATE'),
  },
  'an idle VI is said to be in use': {
    requirement: 'VIA-PEER-006',
    forbidden: (story) => ask(story, left, {}, 'VIP_INVALID_STATE'),
    allowed: (story) => ask(story, left),
  },
  'an address that is as long as may be is refused': {
    requirement: 'VIA-PEER-007',
    forbidden: (story) => ask(story, left, { sought: longest }, 'VIP_INVALID_PARAMETER'),
    allowed: (story) => ask(story, left, { sought: `${longest}00` }, 'VIP_INVALID_PARAMETER'),
  },
  'a VI with an open request asks for a server': {
    requirement: 'VIA-CON-022',
    before: (story) => [ask(story, left)],
    forbidden: (story) => story.requested(story.request()),
    allowed: (story) => story.answer(left, story.request(), { code: 'VIP_INVALID_STATE' }),
  },
  'a VI with an open request is destroyed': {
    requirement: 'VIA-VI-009',
    before: (story) => [ask(story, left), story.elapse(1)],
    forbidden: (story) => story.ask(left, { operation: 'VipDestroyVi', vi: 'v' }),
    allowed: (story) => story.ask(left, { operation: 'VipDestroyVi', vi: 'v' }, 'VIP_INVALID_STATE'),
  },
  'the attributes of a VI with an open request are set': {
    requirement: 'VIA-VI-015',
    before: (story) => [ask(story, left), story.elapse(1)],
    forbidden: (story) => setAttributes(story, 'VIP_SUCCESS'),
    allowed: (story) => setAttributes(story, 'VIP_INVALID_STATE'),
  },
  'a send of a VI whose request is open goes out': {
    requirement: 'VIA-POST-003',
    before: (story) => [ask(story, left), story.elapse(1), story.send('s', 100)],
    forbidden: (story) => story.wasSent('s'),
    allowed: (story) => story.wasSent('s', { status: status.flushed }),
  },
  'an outcome waits for ever': {
    requirement: 'VIA-PEER-003',
    before: (story) => [ask(story, left, { timeout: 100 }), waiting(story)],
    forbidden: (story) => story.elapse(3000),
    allowed: (story) => story.elapse(100),
  },
  'a wait does not hear that peers have met': {
    requirement: 'VIA-PEER-001',
    before: (story) => [...both(story), waiting(story)],
    forbidden: (story) => story.elapse(3000),
    allowed: (story) => story.elapse(100),
  },
  'a VI waits still though its peer has looked for it for long': {
    requirement: 'VIA-PEER-001',
    before: (story) => [...both(story), story.elapse(3000)],
    forbidden: (story) => story.query(left, 'connect-pending'),
    allowed: (story) => story.query(left, 'connected'),
  },
  'VIs that do not agree are paired': {
    requirement: 'VIA-PEER-004',
    before: unequal,
    forbidden: (story) =>
      done(story, left, 'VIP_SUCCESS', { remoteAttributes: { ...remoteOf(story), reliabilityLevel: 2 } }),
    allowed: (story) => done(story, left, 'VIP_INVALID_RELIABILITY_LEVEL'),
  },
  'a VI whose peer does not agree waits on': {
    requirement: 'VIA-PEER-004',
    before: (story) => [...unequal(story), story.elapse(3000)],
    forbidden: (story) => story.query(left, 'connect-pending'),
    allowed: (story) => story.query(left, 'idle'),
  },
  'a VI is connected though its request has failed': {
    requirement: 'VIA-PEER-003',
    before: (story) => [ask(story, left, { timeout: 100 }), story.elapse(200), done(story, left, 'VIP_TIMEOUT')],
    forbidden: (story) => story.query(left, 'connected'),
    allowed: (story) => story.query(left, 'idle'),
  },
  'a VI that was seen to have found nobody is told that it has': {
    requirement: 'VIA-PEER-003',
    before: (story) => [
      ask(story, left, { timeout: 100 }),
      story.elapse(99),
      ask(story, right),
      story.elapse(2),
      story.query(left, 'idle'),
    ],
    forbidden: (story) => done(story, left),
    allowed: (story) => done(story, left, 'VIP_TIMEOUT'),
  },
}

const lives: Readonly<Record<string, Rule>> = {
  'a VI that is paired is idle': {
    requirement: 'VIA-PEER-001',
    before: paired,
    forbidden: (story) => story.query(left, 'idle'),
    allowed: (story) => story.query(left, 'connected'),
  },
  'a VI that is paired asks again': {
    requirement: 'VIA-PEER-006',
    before: paired,
    forbidden: (story) => ask(story, left),
    allowed: (story) => ask(story, left, {}, 'VIP_INVALID_STATE'),
  },
  'a message to a peer is too long': {
    requirement: 'VIA-PEER-001',
    before: (story) => [...paired(story), story.receive('r', 300), story.send('s', 100)],
    forbidden: (story) => story.received('r', { length: 200 }),
    allowed: (story) => story.received('r'),
  },
  'octets of a message to a peer are others': {
    requirement: 'VIA-SEND-001',
    before: (story) => [...paired(story), story.receive('r', 300), story.send('s', 100), story.received('r')],
    forbidden: (story) => story.digest(right, at('rx', 0, 100), blank),
    allowed: (story) => story.digest(right, at('rx', 0, 100), sent),
  },
  'a message to a peer does not come': {
    requirement: 'VIA-PEER-001',
    setting: delivery,
    before: (story) => [...paired(story), story.receive('r', 300), story.send('s', 100), story.model.rested()],
    forbidden: (story) => story.done(right, 'VipRecvDone', undefined, 'VIP_NOT_DONE'),
    allowed: (story) => story.received('r'),
  },
  'messages to a peer come in another order': {
    requirement: 'VIA-REL-008',
    setting: reception,
    before: (story) => [
      ...paired(story),
      story.receive('r', 300),
      story.receive('r2', 300),
      story.send('s', 100),
      story.send('s2', 200),
    ],
    forbidden: (story) => story.received('r', { length: 200 }),
    allowed: (story) => story.received('r'),
  },
  'a receive fails for no reason when peers are paired': {
    requirement: 'VIA-POST-002',
    before: (story) => [...paired(story), story.receive('r', 300)],
    forbidden: (story) => story.received('r', { status: status.flushed }),
    allowed: (story) => story.done(right, 'VipRecvDone', undefined, 'VIP_NOT_DONE'),
  },
  'a receive that waits for a peer is flushed': {
    requirement: 'VIA-POST-001',
    before: (story) => [story.receive('r', 300), ...both(story)],
    forbidden: (story) => story.received('r', { status: status.flushed }),
    allowed: (story) => story.done(right, 'VipRecvDone', undefined, 'VIP_NOT_DONE'),
  },
  'a VI is connected still when its peer has gone and the world is at rest': {
    requirement: 'VIA-DISC-002',
    before: (story) => [...paired(story), story.disconnect(left), story.model.rested()],
    forbidden: (story) => story.query(right, 'connected'),
    allowed: (story) => story.query(right, 'error'),
  },
  'nobody is told that a peer has gone': {
    requirement: 'VIA-DISC-002',
    before: (story) => [story.handle(right, 'hears'), ...paired(story), story.disconnect(left)],
    forbidden: (story) => story.model.rested(),
    allowed: (story) => story.told(right, 'connection-lost', { handler: 'hears', context: 1 }),
  },
  'a connection to a peer is lost for no reason': {
    requirement: 'VIA-ERR-024',
    setting: delivery,
    before: paired,
    forbidden: (story) => story.told(right, 'connection-lost'),
    allowed: (story) => story.query(right, 'connected'),
  },
  'a request that was cancelled is found': {
    requirement: 'VIA-PEER-010',
    before: (story) => [ask(story, left), story.disconnect(left), ask(story, right), story.elapse(1)],
    forbidden: (story) => done(story, right),
    allowed: (story) => done(story, right, 'VIP_NOT_DONE'),
  },
  'a VI whose peer cancels its request is connected for good': {
    requirement: 'VIA-PEER-010',
    before: (story) => [...both(story), story.disconnect(left), done(story, right), story.model.rested()],
    forbidden: (story) => story.query(right, 'connected'),
    allowed: (story) => story.query(right, 'error'),
  },
  'RDMA to a peer that permits it fails': {
    requirement: 'VIA-RDMA-001',
    setting: open,
    before: (story) => [...paired(story), write(story)],
    forbidden: (story) =>
      story.take(left, 'VipSendDone', { name: 'w', seen: { segmentCount: 2, control: 1, status: 0x20003 } }),
    allowed: (story) =>
      story.take(left, 'VipSendDone', { name: 'w', seen: { segmentCount: 2, control: 1, status: 0x20001 } }),
  },
}

function waiting(story: Story): undefined {
  story.start(left, { operation: 'VipConnectPeerWait', vi: 'v' })
}

function setAttributes(story: Story, code: Code): Judged {
  return story.ask(left, { operation: 'VipSetViAttributes', vi: 'v', attributes: story.attributes }, code)
}

/** Left writes into right's `rx`. */
function write(story: Story): Judged {
  return story.send('w', 100, {
    op: 'rdma-write',
    segments: [segment('tx', 0, 100)],
    remote: { address: '0000000002200000', handle: 102, offset: 0 },
  })
}

await testRules({ ...asks, ...lives })

const oddities: Readonly<Record<string, Oddity>> = {
  'one that waits for a peer is seen to be connected before it is told': {
    story: (story) => [...both(story), story.query(left, 'connected'), done(story, left)],
  },
  'what is sent before one is told that it is paired goes out': {
    story: (story) => [
      ...both(story),
      story.receive('r', 300),
      story.send('s', 100),
      story.wasSent('s'),
      story.received('r'),
      done(story, left),
      done(story, right),
    ],
  },
  'what is sent before one is told that it is paired is flushed': {
    story: (story) => [
      ...both(story),
      story.send('s', 100),
      story.wasSent('s', { status: status.flushed }),
      done(story, left),
    ],
  },
  'VIs that do not agree are idle at once, and their programs not told yet': {
    story: (story) => [
      ...unequal(story),
      story.query(left, 'idle'),
      done(story, left, 'VIP_INVALID_RELIABILITY_LEVEL'),
      done(story, right, 'VIP_INVALID_RELIABILITY_LEVEL', { vi: 'w' }),
    ],
  },
  'a request that comes when the time of the other is nearly over finds it, or one end of it': {
    setting: delivery,
    story: (story) => [
      ask(story, left, { timeout: 1000 }),
      story.elapse(999),
      ask(story, right),
      story.elapse(1),
      done(story, right),
      done(story, left, 'VIP_TIMEOUT'),
      story.query(left, 'idle'),
      story.query(right, 'error'),
    ],
  },
  'when frames may be lost one end may be paired and the other not': {
    story: (story) => [
      ask(story, left),
      quietly(story.model.disturbed()),
      ask(story, right, { timeout: 4000 }),
      story.elapse(5000),
      done(story, left),
      done(story, right, 'VIP_TIMEOUT'),
      story.query(left, 'connected'),
    ],
  },
  'a VI that was paired is paired again when it was disconnected': {
    story: (story) => [
      ...paired(story),
      story.disconnect(left),
      story.elapse(1),
      story.query(right, 'error'),
      story.disconnect(right),
      ...paired(story),
      story.receive('r', 300),
      story.send('s', 100),
      story.received('r'),
    ],
  },
  'a VI that has found no peer asks a server': {
    story: (story) => [
      ask(story, left, { timeout: 100 }),
      story.elapse(200),
      done(story, left, 'VIP_TIMEOUT'),
      ...story.connect(),
      story.query(left, 'connected'),
    ],
  },
  'of two that can be found it is open which was': {
    story: (story) => [
      makeVi(story, right, 'w', levels.unreliable),
      ask(story, right),
      ask(story, right, { vi: 'w' }),
      ask(story, left),
      story.elapse(5000),
      story.query(right, 'connect-pending'),
      done(story, right, 'VIP_SUCCESS', { vi: 'w' }),
      done(story, left),
    ],
  },
}

await testOddities(oddities)

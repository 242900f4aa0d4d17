// Monitors and expectations of VIA on traces made by hand: silent on what is right, and each firing for what it watches.
import { test } from 'tap'
import { judgeRun } from '../../harness/judge/judge.ts'
import { opaqueWire } from '../../harness/plan/layout.ts'
import type { Permutation } from '../../harness/plan/permutation.ts'
import type { ExpectationBody } from '../../harness/plan/expectation.ts'
import type { CallBody, Return } from '../../spec/vocabulary/calls.ts'
import type { Configuration } from '../../spec/vocabulary/endpoint.ts'
import { crc32c, writePattern } from '../../spec/vocabulary/memory.ts'
import type { ViaNicAttributes } from '../../spec/vocabulary/via-attributes.ts'
import { control, fired, left, macs, millisecond, named, permutation, right, status, Story } from './via-story.ts'

/** Three messages at a level, received and completed. */
function good(level: number): Story {
  const story = new Story().connect(level)
  for (const i of [1, 2, 3]) story.post(right, 'Recv', `r${i}`, 1000).post(left, 'Send', `s${i}`, i * 10)
  for (const i of [1, 2, 3]) {
    story.take(right, `r${i}`, status.receive, i * 10).take(left, `s${i}`, status.send, i * 10)
  }
  return story.query(left, 'connected').disconnect(left).query(left, 'idle')
}

for (const level of [1, 2, 4]) {
  await test(`all monitors are silent on three messages at level ${level}`, async (t) => {
    t.same(fired(good(level)), [])
  })
}

const stories: Readonly<Record<string, readonly [story: () => Story, wanted: string]>> = {
  'a send that comes back before an earlier one': [
    () =>
      new Story()
        .post(left, 'Send', 's1')
        .post(left, 'Send', 's2')
        .take(left, 's2', status.send)
        .take(left, 's1', status.send),
    'in-posted-order: VIA-SEND-003',
  ],
  'a receive that comes back before an earlier one': [
    () => new Story().post(left, 'Recv', 'r1').post(left, 'Recv', 'r2').take(left, 'r2', status.receive),
    'in-posted-order: VIA-RECV-007',
  ],
  'a descriptor that was never posted': [
    () => new Story().take(left, 'r', status.receive),
    'comes-back-once: VIA-DONE-007',
  ],
  'a descriptor that comes back twice': [
    () => new Story().post(left, 'Send', 's').take(left, 's', status.send).take(left, 's', status.send),
    'comes-back-once: VIA-DONE-007',
  ],
  'a descriptor without DONE': [
    () => new Story().post(left, 'Send', 's').take(left, 's', 0),
    'status-tells: VIA-DESC-014',
  ],
  'an error bit beside VIP_SUCCESS': [
    () =>
      new Story()
        .post(left, 'Recv', 'r')
        .vip(left, { operation: 'VipRecvDone', vi: 'v' }, { descriptor: named('r', status.tooLong) }),
    'status-tells: VIA-DESC-016',
  ],
  'a receive that says it is a send': [
    () =>
      new Story()
        .post(left, 'Recv', 'r')
        .vip(left, { operation: 'VipRecvDone', vi: 'v' }, { descriptor: named('r', status.send) }),
    'status-tells: VIA-DESC-015',
  ],
  'a descriptor that is written after it came back': [
    () => {
      const story = new Story().post(left, 'Send', 's').take(left, 's', status.send)
      const changed = control(0x21, 100)
      return story.call(left, { operation: 'descriptor.read', descriptor: 's' }, { control: changed })
    },
    'host-owned: VIA-DESC-023',
  ],
  'a message that is received twice': [
    () => {
      const story = new Story().connect(1).post(right, 'Recv', 'r1').post(right, 'Recv', 'r2').post(left, 'Send', 's')
      return story.take(right, 'r1', status.receive).take(right, 'r2', status.receive)
    },
    'messages-as-sent: VIA-REL-001',
  ],
  'a message of another length on an unreliable VI': [
    () =>
      new Story().connect(1).post(right, 'Recv', 'r').post(left, 'Send', 's', 50).take(right, 'r', status.receive, 40),
    'messages-as-sent: VIA-REL-004',
  ],
  'messages in another order at Reliable Delivery': [() => swapped(2), 'messages-as-sent: VIA-REL-008'],
  'messages in another order at Reliable Reception': [() => swapped(4), 'messages-as-sent: VIA-REL-012'],
  'a send that is done though its receive failed, at Reliable Reception': [
    () =>
      new Story()
        .connect(4)
        .post(right, 'Recv', 'r')
        .post(left, 'Send', 's')
        .take(left, 's', status.send)
        .take(right, 'r', status.tooLong),
    'received-if-said-so: VIA-REL-011',
  ],
  'a message that is lost without a word at Reliable Delivery': [() => waitedInVain(2), 'no-silent-loss: VIA-REL-007'],
  'a wait that gives up early': [
    () => {
      const story = new Story()
      const wait = story.open(left, { operation: 'VipSendWait', vi: 'v', timeout: 10 })
      return story.later(9 * millisecond).answer(left, wait, { vip: { code: 'VIP_TIMEOUT' } })
    },
    'waits-long-enough: VIA-WAIT-002',
  ],
  'a VI that is connected though nothing connected it': [
    () => new Story().makeVi(left, 1).query(left, 'connected'),
    'state-follows: VIA-VI-001',
  ],
  'a VI that is idle though nobody disconnected it': [
    () => new Story().connect(1).query(left, 'idle'),
    'state-follows: VIA-VI-020',
  ],
  'a VI that is in error after it was disconnected': [
    () => new Story().connect(1).disconnect(left).query(left, 'error'),
    'state-follows: VIA-DISC-001',
  ],
  'an error by the handler before': [
    () =>
      registered('first')
        .vip(left, registration('second'))
        .error(left, 'connection-lost', { handler: 'first', context: 3 }),
    'right-handler: VIA-ERR-003',
  ],
  'an error by a handler that was taken back': [
    () =>
      registered('first')
        .vip(left, registration(null))
        .error(left, 'connection-lost', { handler: 'first', context: 3 }),
    'right-handler: VIA-ERR-002',
  ],
  'an error by the handler of another NIC handle': [
    () => registered('first').error(left, 'connection-lost', { handler: 'other', context: 3, nic: 'nic2' }),
    'right-handler: VIA-ERR-004',
  ],
  'a lost connection of a VI that had none': [
    () => new Story().makeVi(left, 1).error(left, 'connection-lost'),
    'no-error-without-cause: VIA-ERR-024',
  ],
  'an overrun of a queue that is not full': [
    () => new Story().connect(1).post(left, 'Send', 's').error(left, 'vi-overrun'),
    'no-error-without-cause: VIA-ERR-024',
  ],
  'an error after the disconnect': [
    () => new Story().connect(1).disconnect(left).error(left, 'connection-lost'),
    'quiet-after-disconnect: VIA-DISC-007',
  ],
}

function swapped(level: number): Story {
  const story = new Story().connect(level)
  for (const i of [1, 2]) story.post(right, 'Recv', `r${i}`).post(left, 'Send', `s${i}`, i * 10)
  return story.take(right, 'r1', status.receive, 20).take(right, 'r2', status.receive, 10)
}

function waitedInVain(level: number): Story {
  const story = new Story().connect(level).post(right, 'Recv', 'r').post(left, 'Send', 's')
  const wait = story.open(right, { operation: 'VipRecvWait', vi: 'v', timeout: 5000 })
  return story.later(5000 * millisecond).answer(right, wait, { vip: { code: 'VIP_TIMEOUT' } })
}

function registration(handler: string | null): CallBody {
  return { operation: 'VipErrorCallback', nic: 'nic', handler, context: 3 }
}

function registered(handler: string): Story {
  return new Story().connect(1).vip(left, registration(handler))
}

for (const [name, [story, wanted]] of Object.entries(stories)) {
  await test(`one monitor fires for ${name}`, async (t) => {
    t.same(fired(story()), [wanted])
  })
}

await test('a descriptor whose place was written to may say anything', async (t) => {
  const story = new Story().post(left, 'Send', 's').take(left, 's', status.send)
  const at = { buffer: 'pool', offset: 0, bytes: 8 }
  story.call(left, { operation: 'memory.write', at, fill: { kind: 'const', seed: 1 } })
  const read = { operation: 'descriptor.read', descriptor: 's' } as const
  t.same(fired(story.call(left, read, { control: control(0x21, 100) })), [])
})

await test('a message that breaks the connection is no silent loss', async (t) => {
  const story = new Story().connect(2).post(right, 'Recv', 'r').post(left, 'Send', 's').error(left, 'connection-lost')
  const wait = story.open(right, { operation: 'VipRecvWait', vi: 'v', timeout: 5000 })
  t.same(fired(story.later(5000 * millisecond).answer(right, wait, { vip: { code: 'VIP_TIMEOUT' } })), [])
})

await test('a receive that was flushed before the VIs were connected is no receive of their messages', async (t) => {
  const story = new Story().makeVi(left, 4).makeVi(right, 4).post(right, 'Recv', 'r0').disconnect(right).join()
  story.post(right, 'Recv', 'r').post(left, 'Send', 's').take(left, 's', status.send)
  t.same(fired(story.take(right, 'r0', status.flushed).take(right, 'r', status.receive)), [])
})

await test('a descriptor that was refused may be skipped', async (t) => {
  const story = new Story().connect(1).post(left, 'Recv', 'r1').post(left, 'Recv', 'r2')
  t.same(fired(story.error(left, 'post-descriptor').take(left, 'r2', status.receive)), [
    // Nobody sent anything; that is another story.
    'messages-as-sent: VIA-REL-001',
  ])
})

await test('octets that lie in no posted receive are watched, those of a receive are not', async (t) => {
  const position = { file: 'a.yaml', line: 1, column: 1 }
  const step = (body: CallBody): Permutation['steps'][number] => ({
    kind: 'call',
    node: left,
    thread: 0,
    body,
    start: false,
    position,
  })
  const fill = { kind: 'prng', seed: 3 } as const
  const allocate = {
    operation: 'memory.allocate',
    as: 'data',
    bytes: 64,
    align: 1,
    offset: 0,
    fill,
    guard: 0,
    locked: true,
  } as const
  const segments = [{ at: { buffer: 'data', offset: 16 }, memory: 'data', bytes: 32 }]
  const at = { buffer: 'pool', offset: 0 }
  const posted = [
    step({ operation: 'descriptor.write', as: 'r', at, op: 'receive', segments }),
    step({ operation: 'VipPostRecv', vi: 'v', descriptor: 'r', memory: 1 }),
  ]
  const over = { memory: [{ node: left, allocate }], steps: posted }
  const octets = new Uint8Array(64)
  writePattern(fill, octets, { from: 0, to: 64, position: 0 })
  const digest = (from: number, bytes: number, damage: number): Story =>
    new Story().call(
      left,
      { operation: 'memory.digest', at: { buffer: 'data', offset: from, bytes } },
      { digest: (crc32c(octets, from, from + bytes) ^ damage) >>> 0 },
    )
  t.same(fired(digest(0, 16, 0), over), [])
  t.same(fired(digest(0, 16, 1), over), ['only-posted-memory: VIA-RECV-006'])
  t.same(fired(digest(48, 16, 1), over), ['only-posted-memory: VIA-RECV-006'])
  t.same(fired(digest(16, 32, 1), over), [])
  const last = [{ at: { buffer: 'data', offset: 48 }, memory: 'data', bytes: 16 }]
  const anew = step({ operation: 'descriptor.write', as: 't', at, op: 'receive', segments: last })
  t.same(fired(digest(48, 16, 1), { ...over, steps: [...posted, anew] }), [], 'what is written over it may be filled')
  t.same(fired(digest(0, 16, 1), { ...over, steps: [...posted, anew] }), ['only-posted-memory: VIA-RECV-006'])
})

/** What an expectation about the one labelled call of a run makes of its answer. */
function verdictOf(
  answer: Partial<Return>,
  body: Partial<Extract<ExpectationBody, { kind: 'answered' }>>,
  over: Partial<Permutation> = {},
): string {
  const position = { file: 'a.yaml', line: 1, column: 1 }
  const call = { kind: 'call', node: left, thread: 0, start: false, position } as const
  const steps = [{ ...call, body: { operation: 'VipSendDone', vi: 'v' }, label: 'a' } as const]
  const expectation = {
    kind: 'answered',
    node: left,
    label: 'a',
    codes: ['VIP_SUCCESS'],
    outputs: {},
    requirements: ['VIA-DONE-001'],
    position,
    text: '',
    ...body,
  } as const
  const outcomes = [{ name: 'expected', label: 'conformant', expectations: [expectation] }] as const
  const story = new Story().call(left, { operation: 'VipSendDone', vi: 'v' }, answer)
  const { findings } = judgeRun({
    permutation: permutation({ steps, outcomes, ...over }),
    trace: story.trace,
    layout: opaqueWire,
    macs,
    ending: { kind: 'finished' },
    monitors: [],
  })
  return findings[0]?.verdict ?? 'none'
}

function exactly(count: number): { least: number; most: number } {
  return { least: count, most: count }
}

await test('an answer is held against the code, the descriptor and its fields', async (t) => {
  const vip = { code: 'VIP_SUCCESS', descriptor: { ...control(0x80001, 7), name: 's', immediate: 9 } } as const
  t.equal(verdictOf({ vip }, {}), 'pass')
  t.equal(verdictOf({ vip }, { codes: ['VIP_NOT_DONE', 'VIP_TIMEOUT'] }), 'fail')
  t.equal(verdictOf({ vip }, { codes: 'open' }), 'fail')
  t.equal(verdictOf({ vip }, { outputs: { descriptor: 's' } }), 'pass')
  t.equal(verdictOf({ vip }, { outputs: { descriptor: 'other' } }), 'fail')
  t.equal(verdictOf({ vip }, { outputs: { descriptor: null } }), 'fail')
  t.equal(verdictOf({ vip }, { outputs: { fields: { length: exactly(7), done: true, errors: 'none' } } }), 'pass')
  t.equal(verdictOf({ vip }, { outputs: { fields: { length: exactly(8) } } }), 'fail')
  t.equal(verdictOf({ vip }, { outputs: { fields: { errors: 'any' } } }), 'fail')
  t.equal(verdictOf({ vip }, { outputs: { fields: { errors: ['length-error'] } } }), 'fail')
  t.equal(verdictOf({ vip }, { outputs: { fields: { immediate: 9, operation: 'send' } } }), 'pass')
  t.equal(verdictOf({ vip }, { outputs: { fields: { immediate: 'none' } } }), 'fail')
  t.equal(verdictOf({ vip }, { outputs: { fields: { operation: 'receive' } } }), 'fail')
  t.equal(verdictOf({ vip }, { outputs: { states: ['idle'] } }), 'fail')
  t.equal(verdictOf({ vip }, { after: 1 }), 'fail')
  t.equal(verdictOf({ vip }, { within: 0 }), 'pass')
})

await test('what was never made, or is not offered, leaves an answer open', async (t) => {
  t.equal(verdictOf({ status: 'invalid' }, {}), 'inconclusive')
  t.equal(verdictOf({ status: 'unsupported' }, {}), 'inconclusive')
})

await test('an answer without a code is no success', async (t) => {
  t.equal(verdictOf({}, {}), 'inconclusive')
  t.equal(verdictOf({ status: 'pending' }, {}), 'inconclusive')
})

await test('attributes are held against values, ranges and what the PICS declares', async (t) => {
  const viAttributes = {
    reliabilityLevel: 2,
    maxTransferSize: 32_768,
    qos: 0,
    ptag: 'tag',
    enableRdmaWrite: false,
    enableRdmaRead: true,
  }
  const vip = { code: 'VIP_SUCCESS', viAttributes } as const
  const of = (attributes: Record<string, string | boolean | { least: number; most?: number }>): string =>
    verdictOf({ vip }, { outputs: { attributes } })
  t.equal(of({ reliabilityLevel: { least: 2, most: 2 }, ptag: 'tag', enableRdmaRead: true }), 'pass')
  t.equal(of({ maxTransferSize: { least: 40_000 } }), 'fail')
  t.equal(of({ enableRdmaWrite: true }), 'fail')
  t.equal(of({ nobodyKnows: 'x' }), 'fail')
  t.equal(verdictOf({ vip }, { outputs: { limitsDeclared: true } }), 'fail')
})

await test('limits are held against what the PICS declares of them, and no further', async (t) => {
  const nicAttributes: ViaNicAttributes = {
    name: 'nic',
    hardwareVersion: 1,
    providerVersion: 1,
    nicAddressLen: 6,
    localNicAddress: '020000000000',
    threadSafe: true,
    maxDiscriminatorLen: 16,
    maxRegisterBytes: 1,
    maxRegisterRegions: 1,
    maxRegisterBlockBytes: 1,
    maxVI: 64,
    maxDescriptorsPerQueue: 256,
    maxSegmentsPerDesc: 252,
    maxCQ: 32,
    maxCQEntries: 4096,
    maxTransferSize: 65_536,
    nativeMTU: 1500,
    maxPtags: 32,
    reliabilityLevelSupport: 1,
    rdmaReadSupport: 0,
  }
  const of = (configuration: Configuration): string =>
    verdictOf({ vip: { code: 'VIP_SUCCESS', nicAttributes } }, { outputs: { limitsDeclared: true } }, { configuration })
  t.equal(of({ 'via.max-vis': 64, 'via.max-cqs': 32 }), 'pass')
  t.equal(of({ 'via.max-vis': 64, 'via.max-cqs': 33 }), 'fail')
})

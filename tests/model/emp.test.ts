// The oracle for EMP: what it forbids, by which requirement, and what it must allow though it looks odd.
import { test } from 'tap'
import type { Judged } from '../../spec/model/emp.ts'
import { at, blank, completed, digestOf, left, right, sent, Story } from './story.ts'

type Setting = ConstructorParameters<typeof Story>[0]

/** The last observation breaks this requirement; those before it are allowed. */
interface Breach {
  readonly requirement: string
  readonly setting?: Setting
  readonly story: (story: Story) => readonly Judged[]
}

const chain = [at('rx', 0, 10), at('rx', 20, 10), at('rx', 40, 10)]
const many = (count: number): readonly ReturnType<typeof at>[] =>
  Array.from({ length: count }, (_, place) => at('rx', place * 4, 2))
const wait = { operation: 'emp.wait', request: 'r' } as const

/** A receive `r` of so much room, and a send `s` of 100 octets. */
const exchange = (story: Story, room = 100): readonly Judged[] => [story.receive('r', room), story.send('s', 100)]

const breaches: Readonly<Record<string, Breach>> = {
  'a receive is done before a message for it was posted': {
    requirement: 'EMP-REL-010',
    story: (story) => [story.receive('r', 100), story.test(right, 'r', {})],
  },
  'a receive takes a message with another tag': {
    requirement: 'EMP-MATCH-002',
    story: (story) => [story.receive('r', 100), story.send('s', 100, { tag: 6 }), story.test(right, 'r', {})],
  },
  'a receive takes a message from another node': {
    requirement: 'EMP-MATCH-002',
    story: (story) => [story.receive('r', 100, { peer: right }), story.send('s', 100), story.test(right, 'r', {})],
  },
  'a receive names another tag than its message has': {
    requirement: 'EMP-MATCH-002',
    story: (story) => [...exchange(story), story.test(right, 'r', { tag: 6 })],
  },
  'the second receive takes the first message': {
    requirement: 'EMP-REL-011',
    story: (story) => [
      story.receive('r', 100),
      story.receive('r2', 100),
      story.send('s', 100),
      story.test(right, 'r2', {}),
    ],
  },
  'a message is delivered twice': {
    requirement: 'EMP-REL-011',
    story: (story) => [
      ...exchange(story),
      story.test(right, 'r', {}),
      story.receive('r2', 100),
      story.test(right, 'r2', {}),
    ],
  },
  'the second message of a tag overtakes the first': {
    requirement: 'EMP-MATCH-003',
    story: (story) => [...exchange(story, 300), story.send('s2', 200), story.test(right, 'r', { bytes: 200 })],
  },
  'a receive reports the room that it has, not the length of the message': {
    requirement: 'EMP-MATCH-010',
    story: (story) => [...exchange(story, 300), story.test(right, 'r', { bytes: 300 })],
  },
  'a receive for any node reports the room that it has, not the length of the message': {
    requirement: 'EMP-MATCH-010',
    setting: { wildcards: true },
    story: (story) => [
      story.receive('r', 300, { peer: 0xffff }),
      story.send('s', 100),
      story.test(right, 'r', { bytes: 300 }),
    ],
  },
  'a receive for any node reports more octets than the message has, which is too long': {
    requirement: 'EMP-MATCH-009',
    setting: { wildcards: true },
    story: (story) => [
      story.receive('r', 60, { peer: 0xffff }),
      story.send('s', 100),
      story.test(right, 'r', { outcome: 'truncated', bytes: 101 }),
    ],
  },
  'a message that is too long is not said to be truncated': {
    requirement: 'EMP-MATCH-009',
    story: (story) => [...exchange(story, 60), story.test(right, 'r', { bytes: 60 })],
  },
  'a truncated receive reports what fitted': {
    requirement: 'EMP-MATCH-009',
    story: (story) => [...exchange(story, 60), story.test(right, 'r', { outcome: 'truncated', bytes: 60 })],
  },
  'a message of no octets is received with some': {
    requirement: 'EMP-MATCH-011',
    story: (story) => [story.receive('r', 10), story.send('s', 0), story.test(right, 'r', { bytes: 10 })],
  },
  'a send is done before there is a receive': {
    requirement: 'EMP-MATCH-005',
    story: (story) => [story.send('s', 100), story.test(left, 's', {})],
  },
  'a send is done whose receive was refused': {
    requirement: 'EMP-MATCH-005',
    setting: { configuration: { 'emp.descriptors': 1 } },
    story: (story) => [
      story.receive('other', 100, { tag: 1 }),
      story.receive('r', 100, { status: 'no-descriptor' }),
      story.send('s', 100),
      story.test(left, 's', {}),
    ],
  },
  'a send reports another length than it has': {
    requirement: 'EMP-REL-009',
    story: (story) => [...exchange(story), story.test(left, 's', { bytes: 60 })],
  },
  'a send fails without a retry limit': {
    requirement: 'EMP-REL-022',
    story: (story) => [...exchange(story), story.test(left, 's', { outcome: 'failed' })],
  },
  'a send is done after its peer was given up': {
    requirement: 'EMP-REL-022',
    setting: { retryLimit: true },
    story: (story) => [
      story.send('s', 100, { tag: 1 }),
      story.test(left, 's', { outcome: 'failed', tag: 1 }),
      story.receive('r', 100),
      story.send('s2', 100),
      story.test(left, 's2', {}),
    ],
  },
  'a receive fails': {
    requirement: 'EMP-REL-001',
    setting: { retryLimit: true },
    story: (story) => [...exchange(story), story.test(right, 'r', { outcome: 'failed' })],
  },
  'a request that was never posted is done': {
    requirement: 'EMP-HOST-002',
    story: (story) => [story.test(right, 'r', {})],
  },
  'a request that was never posted is pending': {
    requirement: 'EMP-HOST-002',
    story: (story) => [story.test(right, 'r', 'pending')],
  },
  'a request that is outstanding is not known': {
    requirement: 'EMP-HOST-002',
    story: (story) => [story.receive('r', 100), story.test(right, 'r', 'invalid')],
  },
  'a request is seen done twice': {
    requirement: 'EMP-HOST-002',
    story: (story) => [...exchange(story), story.test(right, 'r', {}), story.test(right, 'r', {})],
  },
  'a test says pending though an event has told': {
    requirement: 'EMP-HOST-002',
    story: (story) => [...exchange(story), story.told(right, 'r', {}), story.test(right, 'r', 'pending')],
  },
  'a test answers otherwise than the event told': {
    requirement: 'EMP-HOST-002',
    story: (story) => [...exchange(story, 300), story.told(right, 'r', {}), story.test(right, 'r', { bytes: 300 })],
  },
  'a completion is told twice': {
    requirement: 'EMP-DESC-010',
    story: (story) => [...exchange(story), story.told(right, 'r', {}), story.told(right, 'r', {})],
  },
  'a wait answers pending': {
    requirement: 'EMP-HOST-003',
    story: (story) => [story.receive('r', 100), story.ask(right, wait, { status: 'pending' })],
  },
  'a wait returns early': {
    requirement: 'EMP-REL-010',
    story: (story) => [
      story.receive('r', 100),
      story.ask(right, wait, { completions: [completed(right, { request: 'r' })] }),
    ],
  },
  'a waitall answers in another order than asked': {
    requirement: 'EMP-HOST-004',
    story: (story) => [
      ...exchange(story),
      story.receive('r2', 100, { tag: 6 }),
      story.send('s2', 100, { tag: 6 }),
      story.ask(
        right,
        { operation: 'emp.waitall', requests: ['r', 'r2'] },
        { completions: [completed(right, { request: 'r2', tag: 6 }), completed(right, { request: 'r' })] },
      ),
    ],
  },
  'a waitall answers for one of two': {
    requirement: 'EMP-HOST-004',
    story: (story) => [
      ...exchange(story),
      story.receive('r2', 100),
      story.ask(
        right,
        { operation: 'emp.waitall', requests: ['r', 'r2'] },
        { completions: [completed(right, { request: 'r' })] },
      ),
    ],
  },
  'more requests than the pool has slots are accepted': {
    requirement: 'EMP-DESC-002',
    setting: { configuration: { 'emp.descriptors': 2 } },
    story: (story) => ['a', 'b', 'c'].map((as) => story.receive(as, 10)),
  },
  'a slot is free before the host has seen its request done': {
    requirement: 'EMP-DESC-004',
    setting: { configuration: { 'emp.descriptors': 1 } },
    story: (story) => [...exchange(story), story.told(right, 'r', {}), story.receive('r2', 10)],
  },
  'a slot is not free when the host has seen its request done': {
    requirement: 'EMP-DESC-002',
    setting: { configuration: { 'emp.descriptors': 1 } },
    story: (story) => [
      ...exchange(story),
      story.test(right, 'r', {}),
      story.receive('r2', 10, { status: 'no-descriptor' }),
    ],
  },
  'a posting is refused though a slot is free': {
    requirement: 'EMP-DESC-005',
    setting: { configuration: { 'emp.descriptors': 2 } },
    story: (story) => [story.receive('r', 10), story.receive('r2', 10, { status: 'no-descriptor' })],
  },
  'slots that came back are not there': {
    requirement: 'EMP-DESC-004',
    setting: { configuration: { 'emp.descriptors': 1 } },
    story: (story) => [
      ...exchange(story),
      story.test(right, 'r', {}),
      story.receive('r2', 10, { status: 'no-descriptor' }),
    ],
  },
  'slots that a refused chain did not get are gone': {
    requirement: 'EMP-DESC-012',
    setting: { configuration: { 'emp.descriptors': 1 } },
    story: (story) => [
      story.receive('r', 30, { pieces: chain, status: 'no-descriptor' }),
      story.receive('r2', 10, { status: 'no-descriptor' }),
    ],
  },
  'a message does not arrive once IDs have wrapped around': {
    requirement: 'EMP-REL-019',
    setting: { configuration: { 'emp.first-message': 0xffff_ffff } },
    story: secondNeverCame,
  },
  'a message does not arrive once IDs have the sign of a number': {
    requirement: 'EMP-REL-019',
    setting: { configuration: { 'emp.first-message': 0x7fff_ffff } },
    story: secondNeverCame,
  },
  'what follows an empty piece is left out': {
    requirement: 'EMP-DESC-009',
    story: (story) => [
      story.receive('r', 0, { pieces: [at('rx', 0, 50), at('rx', 60, 0), at('rx', 70, 50)] }),
      story.send('s', 100),
      story.test(right, 'r', {}),
      story.digest(right, at('rx', 70, 50), blank),
    ],
  },
  'a chain is refused though its slots cannot be scattered': {
    requirement: 'EMP-DESC-006',
    setting: { configuration: { 'emp.descriptors': 4 } },
    story: (story) => [story.receive('r', 10), story.receive('r2', 30, { pieces: chain, status: 'no-descriptor' })],
  },
  'a buffer that touches two pages takes one slot': {
    requirement: 'EMP-DESC-002',
    setting: { configuration: { 'emp.descriptors': 2 } },
    story: (story) => [story.receive('r', 10), story.receive('r2', 0, { pieces: [at('rx', 4090, 10)] })],
  },
  'eight pieces are refused as a chain of five slots': {
    requirement: 'EMP-DESC-007',
    setting: { configuration: { 'emp.descriptors': 4 } },
    story: (story) => [story.receive('r', 0, { pieces: many(8), status: 'no-descriptor' })],
  },
  'more pieces than a page lists are accepted': {
    requirement: 'EMP-DESC-011',
    story: (story) => [story.receive('r', 0, { pieces: many(410) })],
  },
  'as many pieces as a page lists are refused': {
    requirement: 'EMP-DESC-007',
    story: (story) => [story.receive('r', 0, { pieces: many(409), status: 'too-many-pieces' })],
  },
  'memory that is not locked is accepted': {
    requirement: 'EMP-MEM-001',
    story: (story) => [
      story.allocate(left, 'loose', sent, { locked: false }),
      story.send('s', 0, { pieces: [at('tx', 0, 10), at('loose', 0, 10)] }),
    ],
  },
  'locked memory is refused': {
    requirement: 'EMP-MEM-001',
    story: (story) => [story.send('s', 10, { status: 'not-locked' })],
  },
  'a posting that can be is said to be invalid': {
    requirement: 'EMP-DESC-005',
    story: (story) => [story.send('s', 10, { status: 'invalid' })],
  },
  'a posting is not supported': {
    requirement: 'EMP-HOST-001',
    story: (story) => [story.send('s', 10, { status: 'unsupported' })],
  },
  'a refused send is received': {
    requirement: 'EMP-DESC-003',
    setting: { configuration: { 'emp.descriptors': 1 } },
    story: (story) => {
      const before = [story.receive('r', 100), story.send('other', 1, { tag: 1 })]
      const body = { operation: 'emp.isend', as: 's', to: right, tag: 5, pieces: [at('tx', 0, 100)] } as const
      const posting = story.start(left, body)
      return [...before, story.told(right, 'r', {}), story.answer(left, posting, { status: 'no-descriptor' })]
    },
  },
  'a descriptor holds another peer than the host gave': {
    requirement: 'EMP-DESC-001',
    story: (story) => [
      story.receive('r', 100),
      story.ask(
        right,
        { operation: 'emp.descriptor', request: 'r' },
        { octets: `${'00'.repeat(8)}00000064${'00'.repeat(4)}00010005` },
      ),
    ],
  },
  'a chain of three pieces has three slots': {
    requirement: 'EMP-DESC-006',
    story: (story) => [
      story.receive('r', 30, { pieces: chain }),
      story.ask(right, { operation: 'emp.descriptor', request: 'r' }, { octets: '00'.repeat(60) }),
    ],
  },
  'a done receive does not hold its message': {
    requirement: 'EMP-REL-020',
    story: (story) => [...exchange(story), story.test(right, 'r', {}), story.digest(right, at('rx', 0, 100), blank)],
  },
  'one octet of a gathered message is wrong': {
    requirement: 'EMP-DESC-009',
    story: (story) => [
      story.receive('r', 4),
      story.send('s', 0, { pieces: [at('tx', 3, 1), at('tx', 0, 3)] }),
      story.test(right, 'r', { bytes: 4 }),
      story.ask(right, { operation: 'memory.read', at: at('rx', 0, 4) }, { octets: '18c4aec8' }),
    ],
  },
  'an octet behind a shorter message was written': {
    requirement: 'EMP-MATCH-013',
    story: (story) => [
      ...exchange(story, 300),
      story.test(right, 'r', {}),
      story.digest(right, at('rx', 100, 200), { kind: 'const', seed: 0 }),
    ],
  },
  'a truncated message was written past its receive': {
    requirement: 'EMP-MATCH-013',
    story: (story) => [
      ...exchange(story, 60),
      story.test(right, 'r', { outcome: 'truncated' }),
      story.digest(right, at('rx', 60, 40), sent),
    ],
  },
  'a receive that no message takes was written': {
    requirement: 'EMP-MATCH-013',
    story: (story) => [
      story.receive('r', 100),
      story.send('s', 100, { tag: 6 }),
      story.digest(right, at('rx', 0, 100), sent),
    ],
  },
  'a guard zone is damaged': {
    requirement: 'EMP-MATCH-013',
    story: (story) => [story.ask(right, { operation: 'memory.guards', buffer: 'rx' }, { damaged: -1 })],
  },
  'at rest a receive whose message was posted is pending': {
    requirement: 'EMP-REL-001',
    story: (story) => [...exchange(story), story.model.rested(), story.test(right, 'r', 'pending')],
  },
  'at rest a send whose receive came late is pending': {
    requirement: 'EMP-MATCH-006',
    story: (story) => [
      story.send('s', 100),
      story.receive('r', 100),
      story.model.rested(),
      story.test(left, 's', 'pending'),
    ],
  },
  'at rest a message of no octets is pending': {
    requirement: 'EMP-MATCH-011',
    story: (story) => [
      story.receive('r', 100),
      story.send('s', 0),
      story.model.rested(),
      story.test(right, 'r', 'pending'),
    ],
  },
  'at rest a message that is too long is pending': {
    requirement: 'EMP-MATCH-009',
    story: (story) => [...exchange(story, 60), story.model.rested(), story.test(right, 'r', 'pending')],
  },
  'at rest in foul weather a message to oneself is pending': {
    requirement: 'EMP-MATCH-012',
    story: (story) => [
      story.receive('r', 100, { peer: right }),
      story.send('s', 100, {}, right),
      story.model.rested('foul'),
      story.test(right, 'r', 'pending'),
    ],
  },
  'at rest a completion has not been told': {
    requirement: 'EMP-REL-001',
    setting: { completionEvents: true },
    story: (story) => [...exchange(story), story.told(right, 'r', {}), story.model.rested()],
  },
  'at rest a wait for what must be done is open': {
    requirement: 'EMP-HOST-003',
    story: (story) => {
      const before = exchange(story)
      story.start(right, wait)
      return [...before, story.model.rested()]
    },
  },
  'a posting has not returned when time goes on': {
    requirement: 'EMP-HOST-001',
    story: (story) => {
      story.start(left, { operation: 'emp.isend', as: 's', to: right, tag: 5, pieces: [at('tx', 0, 1)] })
      return [story.model.elapsed()]
    },
  },
  'a posting has not returned at rest, though addresses take time': {
    requirement: 'EMP-HOST-001',
    setting: { configuration: { 'emp.translation': 1 } },
    story: (story) => {
      story.start(left, { operation: 'emp.isend', as: 's', to: right, tag: 5, pieces: [at('tx', 0, 1)] })
      return [story.model.elapsed(), story.model.rested()]
    },
  },
  'a test has not returned when time goes on, though addresses take time': {
    requirement: 'EMP-HOST-002',
    setting: { configuration: { 'emp.translation': 1 } },
    story: (story) => {
      const before = story.receive('r', 100)
      story.start(right, { operation: 'emp.test', request: 'r' })
      return [before, story.model.elapsed()]
    },
  },
  'at rest a posting has not returned': {
    requirement: 'EMP-HOST-001',
    story: (story) => {
      story.start(left, { operation: 'emp.isend', as: 's', to: right, tag: 5, pieces: [at('tx', 0, 1)] })
      return [story.model.rested()]
    },
  },
  'at rest a test has not returned': {
    requirement: 'EMP-HOST-002',
    story: (story) => {
      const before = [story.receive('r', 100)]
      story.start(right, { operation: 'emp.test', request: 'r' })
      return [...before, story.model.rested()]
    },
  },
  'a change of the collection is answered with a refusal of postings': {
    requirement: 'EMP-REL-023',
    story: (story) => [story.ask(left, { operation: 'emp.configure', collection: 5 }, { status: 'no-descriptor' })],
  },
  'a receive for any node takes a length that nobody sent': {
    requirement: 'EMP-MATCH-001',
    setting: { wildcards: true },
    story: (story) => [
      story.receive('r', 300, { peer: 0xffff }),
      story.send('s', 100),
      story.test(right, 'r', { bytes: 200 }),
    ],
  },
  'at rest a message and a receive for any node are both left over': {
    requirement: 'EMP-MATCH-014',
    setting: { wildcards: true },
    story: (story) => [
      story.receive('r', 300, { peer: 0xffff }),
      story.send('s', 100),
      story.model.rested(),
      story.test(left, 's', 'pending'),
      story.test(right, 'r', 'pending'),
    ],
  },
  'at rest neither a message nor a receive for any tag was told to be done': {
    requirement: 'EMP-MATCH-015',
    setting: { wildcards: true, completionEvents: true },
    story: (story) => [story.receive('r', 300, { tag: 0xffff }), story.send('s', 100), story.model.rested()],
  },
  'a receive for any node takes a message that another took': {
    requirement: 'EMP-MATCH-001',
    setting: { wildcards: true },
    story: (story) => [
      story.receive('r', 300, { peer: 0xffff }),
      story.receive('r2', 300, { tag: 0xffff }),
      story.send('s', 100),
      story.test(right, 'r', {}),
      story.test(right, 'r2', {}),
    ],
  },
}

for (const [words, { requirement, setting, story }] of Object.entries(breaches)) {
  await test(`forbidden: ${words}`, async (t) => {
    const judged = story(new Story(setting))
    t.same(
      judged.slice(0, -1).map((each) => each?.words),
      judged.slice(1).map(() => undefined),
      'all before it is allowed',
    )
    t.ok(judged.at(-1)?.requirements.includes(requirement), `${requirement}: ${judged.at(-1)?.words ?? 'allowed'}`)
  })
}

/** Allowed from the first observation to the last. */
interface Odd {
  readonly setting?: Setting
  readonly story: (story: Story) => readonly Judged[]
}

/** The first message has come, and the second does not. */
function secondNeverCame(story: Story): readonly Judged[] {
  return [
    ...exchange(story),
    story.test(right, 'r', {}),
    story.send('s2', 100),
    story.receive('r2', 100),
    story.model.rested(),
    story.test(right, 'r2', 'pending'),
  ]
}

/** A message is posted before both change their collection, and a receive and another message after that. */
function changedInFlight(story: Story): readonly Judged[] {
  const configure = { operation: 'emp.configure', collection: 5 } as const
  return [
    story.send('s', 100),
    story.ask(left, configure),
    story.ask(right, configure),
    story.receive('r', 300),
    story.send('s2', 50),
  ]
}

const oddities: Readonly<Record<string, Odd>> = {
  'messages with different tags are done in another order than they were sent': {
    story: (story) => [
      ...exchange(story),
      story.send('s2', 200, { tag: 6 }),
      story.receive('r2', 200, { tag: 6 }),
      story.test(right, 'r2', { bytes: 200, tag: 6 }),
      story.test(right, 'r', 'pending'),
    ],
  },
  'of two messages with one tag the second is done first': {
    story: (story) => [
      ...exchange(story),
      story.receive('r2', 200),
      story.send('s2', 200),
      story.test(right, 'r2', { bytes: 200 }),
      story.test(right, 'r', 'pending'),
      story.test(right, 'r', {}),
    ],
  },
  'a send is done long after its receive, and one before it': {
    story: (story) => [
      ...exchange(story),
      story.test(right, 'r', {}),
      story.test(left, 's', 'pending'),
      story.test(left, 's', {}),
      story.send('s2', 100),
      story.receive('r2', 100),
      story.test(left, 's2', {}),
      story.test(right, 'r2', 'pending'),
    ],
  },
  'a posting waits for addresses, and one that was made later is accepted before it': {
    setting: { configuration: { 'emp.translation': 1 } },
    story: (story) => {
      const pieces = [at('tx', 0, 20_000)]
      const long = story.start(left, { operation: 'emp.isend', as: 's', to: right, tag: 5, pieces })
      return [
        story.model.elapsed(),
        story.send('s2', 100),
        story.receive('r', 100),
        story.test(right, 'r', { bytes: 100 }),
        story.answer(left, long),
        story.test(left, 's', 'pending'),
      ]
    },
  },
  'a chain is refused where the free slots can be scattered': {
    setting: { configuration: { 'emp.descriptors': 4 } },
    story: (story) => [
      story.receive('r', 10),
      story.receive('r2', 10),
      story.receive('r3', 30, { pieces: chain, status: 'no-descriptor' }),
      story.receive('r4', 30, { pieces: chain }),
    ],
  },
  'a posting with two faults is refused for either': {
    setting: { configuration: { 'emp.descriptors': 0 } },
    story: (story) => [
      story.allocate(left, 'loose', sent, { locked: false }),
      story.send('s', 0, { pieces: [at('loose', 0, 10)], status: 'not-locked' }),
      story.send('s', 0, { pieces: [at('loose', 0, 10)], status: 'no-descriptor' }),
      story.send('s', 0, { pieces: [at('loose', 20_000, 1)], status: 'invalid' }),
    ],
  },
  'a send to nobody, a tag that cannot be and a buffer that is not there are invalid': {
    story: (story) => [
      story.send('s', 10, { peer: 2, status: 'invalid' }),
      story.send('s', 10, { tag: 0xffff, status: 'invalid' }),
      story.send('s', 0, { pieces: [at('nowhere', 0, 1)], status: 'invalid' }),
      story.test(left, 's', 'invalid'),
    ],
  },
  'a receive for any tag is not supported where wildcards are no option': {
    story: (story) => [story.receive('r', 10, { tag: 0xffff, status: 'unsupported' })],
  },
  'where a buffer begins within its page is open, and so is what it takes': {
    setting: { configuration: { 'emp.descriptors': 2 } },
    story: (story) => [
      story.allocate(right, 'small', blank, { align: 64 }),
      story.receive('r', 0, { pieces: [at('small', 0, 10)] }),
      story.receive('r2', 0, { pieces: [at('small', 100, 10)] }),
      story.receive('r3', 0, { pieces: [at('small', 200, 10)], status: 'no-descriptor' }),
    ],
  },
  'a send whose buffer the program changed arrives with any octets': {
    story: (story) => [
      ...exchange(story),
      story.ask(left, { operation: 'memory.write', at: at('tx', 50, 10), fill: blank }),
      story.test(right, 'r', {}),
      story.digest(right, at('rx', 0, 100), { kind: 'ramp', seed: 3 }),
    ],
  },
  'a message arrives as it was, though its buffer was changed when it was done': {
    story: (story) => [
      ...exchange(story),
      story.test(right, 'r', {}),
      story.ask(left, { operation: 'memory.write', at: at('tx', 0, 100), fill: blank }),
      story.digest(right, at('rx', 0, 100), sent),
    ],
  },
  'octets that may be arriving are old or new': {
    story: (story) => [
      ...exchange(story),
      story.digest(right, at('rx', 0, 100), blank),
      story.digest(right, at('rx', 0, 100), sent),
    ],
  },
  'a truncated receive holds anything': {
    story: (story) => [
      ...exchange(story, 60),
      story.test(right, 'r', { outcome: 'truncated' }),
      story.digest(right, at('rx', 0, 60), { kind: 'const', seed: 1 }),
    ],
  },
  'a message is passed on and comes back': {
    story: (story) => [
      ...exchange(story),
      story.test(right, 'r', {}),
      story.send('back', 0, { peer: left, pieces: [at('rx', 0, 100)] }, right),
      story.receive('home', 100, { peer: right }, left),
      story.test(left, 'home', {}),
      story.digest(left, at('rx', 0, 100), sent),
    ],
  },
  'two threads wait for one request, and one of them comes too late': {
    story: (story) => {
      const before = exchange(story)
      const [one, other] = [story.start(right, wait), story.start(right, wait)]
      const completions = [completed(right, { request: 'r' })]
      return [...before, story.answer(right, one, { completions }), story.answer(right, other, { status: 'invalid' })]
    },
  },
  'receives of one tag that two threads post at once take messages in either order': {
    story: (story) => {
      const post = (as: string): number =>
        story.start(right, { operation: 'emp.irecv', as, from: left, tag: 5, pieces: [at('rx', 0, 300)] })
      const [one, other] = [post('a'), post('b')]
      return [
        story.answer(right, other),
        story.answer(right, one),
        story.send('s', 100),
        story.send('s2', 200),
        story.test(right, 'a', { bytes: 200 }),
        story.test(right, 'b', { bytes: 100 }),
      ]
    },
  },
  'a name is used again when its request is gone': {
    story: (story) => [
      ...exchange(story),
      story.test(right, 'r', {}),
      story.test(right, 'r', 'invalid'),
      story.receive('r', 200),
      story.send('s2', 200),
      story.test(right, 'r', { bytes: 200 }),
    ],
  },
  'at rest a message without a receive is pending, and a wait for it open': {
    setting: { completionEvents: true },
    story: (story) => {
      const before = [story.send('s', 100)]
      story.start(left, { operation: 'emp.wait', request: 's' })
      return [...before, story.model.rested(), story.test(left, 's', 'pending')]
    },
  },
  'time goes on while a wait is open': {
    story: (story) => {
      story.start(right, wait)
      return [...exchange(story), story.model.elapsed(), story.model.rested('foul')]
    },
  },
  'at rest in foul weather a message to another node is pending': {
    story: (story) => [...exchange(story), story.model.rested('foul'), story.test(right, 'r', 'pending')],
  },
  'a peer is given up, and the messages to it are never done': {
    setting: { retryLimit: true },
    story: (story) => [
      ...exchange(story),
      story.send('s2', 100, { tag: 6 }),
      story.test(left, 's', { outcome: 'failed' }),
      story.test(left, 's2', { outcome: 'failed', tag: 6 }),
      story.model.rested(),
      story.test(right, 'r', 'pending'),
    ],
  },
  'what a message that was given up has left of itself may be sent on': {
    setting: { retryLimit: true },
    story: (story) => [
      ...exchange(story),
      story.test(left, 's', { outcome: 'failed' }),
      story.receive('r2', 100, { peer: right }, left),
      story.send('s2', 100, { peer: left, pieces: [at('rx', 0, 100)] }, right),
      story.test(left, 'r2', {}),
      story.digest(left, at('rx', 0, 100), sent),
    ],
  },
  'ends with unequal collections never get a message across': {
    story: (story) => [
      story.ask(left, { operation: 'emp.configure', collection: 5 }),
      ...exchange(story),
      story.model.rested(),
      story.test(right, 'r', 'pending'),
    ],
  },
  'a message that was in flight when the sizes were changed is done and never comes, and its receive waits for ever': {
    story: (story) => [
      ...changedInFlight(story),
      story.test(left, 's', {}),
      story.model.rested(),
      story.test(right, 'r', 'pending'),
      story.test(left, 's2', 'pending'),
    ],
  },
  'a message takes the receive of one that was in flight when the sizes were changed': {
    story: (story) => [
      ...changedInFlight(story),
      story.test(left, 's', {}),
      story.model.rested(),
      story.test(right, 'r', { bytes: 50 }),
      story.test(left, 's2', { bytes: 50 }),
    ],
  },
  'a receive for any tag waits for a message that was in flight when the sizes were changed, and another is left over':
    {
      setting: { wildcards: true },
      story: (story) => [
        story.send('s', 100),
        story.ask(left, { operation: 'emp.configure', collection: 5 }),
        story.ask(right, { operation: 'emp.configure', collection: 5 }),
        story.receive('r', 300, { tag: 0xffff }),
        story.send('s2', 50, { tag: 6 }),
        story.model.rested(),
        story.test(right, 'r', 'pending'),
        story.test(left, 's2', 'pending'),
      ],
    },
  'a receive for any node is left over by a rest, and a message that comes later by another': {
    setting: { wildcards: true },
    story: (story) => [
      story.receive('r', 300, { peer: 0xffff }),
      story.model.rested(),
      story.test(right, 'r', 'pending'),
      story.send('s', 100),
      story.test(left, 's', 'pending'),
      story.model.rested(),
      story.test(right, 'r', {}),
      story.test(left, 's', {}),
    ],
  },
  'of two receives for any node one is left over by a single message': {
    setting: { wildcards: true },
    story: (story) => [
      story.receive('r', 300, { peer: 0xffff }),
      story.receive('r2', 300, { tag: 0xffff }),
      story.send('s', 100),
      story.model.rested(),
      story.test(right, 'r2', 'pending'),
      story.test(right, 'r', {}),
      story.test(left, 's', {}),
    ],
  },
  'in foul weather a message and a receive for any node are both left over': {
    setting: { wildcards: true },
    story: (story) => [
      story.receive('r', 300, { peer: 0xffff }),
      story.send('s', 100),
      story.model.rested('foul'),
      story.test(left, 's', 'pending'),
      story.test(right, 'r', 'pending'),
    ],
  },
  'a receive for any tag takes either of two messages of one length': {
    setting: { wildcards: true },
    story: (story) => [
      story.receive('r', 100, { tag: 0xffff }),
      story.send('s', 100),
      story.send('s2', 0, { pieces: [at('tx', 100, 100)] }),
      story.test(right, 'r', {}),
      story.digest(right, at('rx', 0, 100), blank),
    ],
  },
  'octets behind an empty piece are coming in': {
    story: (story) => [
      story.receive('r', 0, { pieces: [at('rx', 0, 50), at('rx', 60, 0), at('rx', 70, 50)] }),
      story.send('s', 100),
      story.digest(right, at('rx', 70, 50), sent),
      story.digest(right, at('rx', 70, 50), blank),
    ],
  },
  'a wait is told that another thread has seen its request done, before that thread is': {
    story: (story) => {
      const before = exchange(story)
      const waiting = story.start(right, { operation: 'emp.waitall', requests: ['r'] })
      const testing = story.start(right, { operation: 'emp.test', request: 'r' })
      return [
        ...before,
        story.answer(right, waiting, { status: 'invalid' }),
        story.answer(right, testing, { completions: [completed(right, { request: 'r' })] }),
      ]
    },
  },
  'a receive whose pieces overlap holds anything': {
    story: (story) => [
      story.receive('r', 0, { pieces: [at('rx', 0, 60), at('rx', 40, 60)] }),
      story.send('s', 100),
      story.test(right, 'r', {}),
      story.digest(right, at('rx', 0, 100), blank),
    ],
  },
  'a thread asks for what another is just posting': {
    story: (story) => {
      const receive = { operation: 'emp.irecv', as: 'r', from: left, tag: 5, pieces: [at('rx', 0, 100)] } as const
      const posting = story.start(right, receive)
      return [story.test(right, 'r', 'invalid'), story.answer(right, posting), story.test(right, 'r', 'pending')]
    },
  },
  'a receive for any node and any tag takes what comes': {
    setting: { wildcards: true },
    story: (story) => [
      story.receive('r', 300, { peer: 0xffff, tag: 0xffff }),
      story.send('s', 100, { tag: 9 }),
      story.send('s2', 200),
      story.test(right, 'r', { bytes: 200 }),
      story.digest(right, at('rx', 0, 200), sent),
    ],
  },
}

for (const [words, { setting, story }] of Object.entries(oddities)) {
  await test(`allowed: ${words}`, async (t) => {
    const judged = story(new Story(setting))
    t.same(
      judged.map((each) => each?.words),
      judged.map(() => undefined),
    )
  })
}

await test('a reset forgets everything', async (t) => {
  const story = new Story({ configuration: { 'emp.descriptors': 1 } })
  for (const judged of exchange(story)) t.equal(judged, undefined)
  story.start(right, wait)
  story.model.reset()
  t.equal(story.allocate(right, 'rx', blank), undefined, 'the buffer')
  t.equal(story.test(right, 'r', 'invalid'), undefined, 'the request')
  t.equal(story.receive('r', 100), undefined, 'the slot')
  t.equal(story.model.rested(), undefined, 'the wait')
  t.match(story.test(right, 'r', {})?.requirements, ['EMP-MATCH-002'], 'the message')
})

await test('an answer to no call, or to one of another host, breaks the protocol alone', async (t) => {
  const story = new Story()
  t.same(story.answer(left, 99)?.requirements, [])
  t.same(story.answer(left, story.start(right, wait))?.requirements, [])
})

await test('calls on memory answer as their arguments are', async (t) => {
  const story = new Story()
  t.same(story.allocate(left, 'tx', blank)?.requirements, [], 'a name that is taken')
  t.same(story.digest(left, at('tx', 19_999, 2), blank)?.requirements, [], 'a range outside')
  const write = { operation: 'memory.write', at: at('tx', 0, 1), fill: blank } as const
  t.same(story.ask(left, write, { status: 'invalid' })?.requirements, [], 'a range inside')
  t.equal(story.ask(left, { operation: 'memory.free', buffer: 'tx' }), undefined)
  t.equal(story.ask(left, write, { status: 'invalid' }), undefined, 'a buffer that is gone')
})

await test('words name the hosts, what was seen and what would have been right', async (t) => {
  const story = new Story()
  for (const judged of exchange(story, 300)) t.equal(judged, undefined)
  t.equal(
    story.test(right, 'r', { bytes: 60 })?.words,
    "right's test of r answered done, 60 octets, node 0, tag 5; the message that it takes, s of left, has 100 octets, tag 5 " +
      'and node 0 at the other end and the receive room for 300',
  )
  t.equal(
    story.digest(left, at('tx', 0, 100), blank)?.words,
    `left's tx@0+100 has digest ${digestOf(blank, 100)}; what must stand there has ${digestOf(sent, 100)}`,
  )
})

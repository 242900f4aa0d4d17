// Monitors of EMP on traces made by hand: each fires for a trace that breaks its rule, and not for the nearest legal one.
import { test as it } from 'tap'
import type { CallBody } from '../../spec/vocabulary/calls.ts'
import type { EmpCompletion } from '../../spec/vocabulary/emp.ts'
import { writePattern } from '../../spec/vocabulary/memory.ts'
import {
  billed,
  correct,
  done,
  ended,
  left,
  permutation,
  receives,
  right,
  sends,
  Story,
  test,
  timeout,
} from './emp-story.ts'

type Trial = readonly [name: string, story: () => Story, wanted: readonly string[], legal: () => Story]

/** A message whose receive is posted long before it comes. */
function begun(bytes = 424): Story {
  const story = new Story()
  story.ask(right, receives('r'))
  story.ask(left, sends('s', bytes))
  story.wait(timeout)
  return story
}

/** Frames of a message of 424 octets that arrive. */
function passed(story: Story, ...frames: readonly number[]): Story {
  for (const frame of frames) story.pass(left, frame)
  return story
}

/** Its end, long after. */
function over(story: Story, deadline = timeout): Story {
  story.wait(2 * timeout)
  story.end([deadline, -1])
  return story
}

/** A message that goes through, after which its receiver is silent. */
function acknowledged(): Story {
  const story = passed(begun(), 0, 1, 2)
  story.reply(right, 2)
  passed(story, 3)
  story.reply(right, 3)
  return story
}

const hello = (story: Story): Story => {
  story.put(left, { type: 3, message: 0, frame: 0 })
  return story
}

const itself = (as: string): CallBody => ({
  operation: 'emp.isend',
  as,
  to: right,
  tag: 5,
  pieces: [{ buffer: 'tx', offset: 0, bytes: 10 }],
})

/** A message of a host to itself, with the receive for it. */
function toItself(): Story {
  const story = new Story()
  story.ask(right, itself('s'))
  story.ask(right, {
    operation: 'emp.irecv',
    as: 'r',
    from: right,
    tag: 5,
    pieces: [{ buffer: 'rx', offset: 0, bytes: 100 }],
  })
  return story
}

const trials: readonly Trial[] = [
  [
    'an acknowledgement by the collection size of before',
    () => configured(2),
    ['acknowledged-whole: EMP-REL-002 EMP-REL-023'],
    () => configured(3),
  ],
  [
    'a send that is done by an acknowledgement of another message',
    () => doneBy(7, 0),
    ['send-done: EMP-REL-009 EMP-REL-017'],
    () => doneBy(0, 3),
  ],
  [
    'a receive that waits for a message before it',
    () => blocked('pending'),
    ['done-when-received: EMP-MATCH-004'],
    () => blocked('ok'),
  ],
  [
    'a frame that says hello',
    () => hello(begun()),
    ['first-is-data: EMP-STATE-001', 'frame-header: EMP-FRAME-001'],
    () => passed(begun(), 0),
  ],
  [
    'a collection that is there and not acknowledged',
    () => over(passed(begun(), 0, 1, 2)),
    ['whole-answered: EMP-REL-003'],
    () => over(passed(begun(), 0, 1)),
  ],
  [
    'a collection that came out of order and is not acknowledged',
    () => over(passed(begun(), 0, 2, 1)),
    ['whole-answered: EMP-REL-003 EMP-REL-008'],
    () => {
      const story = passed(begun(), 0, 2, 1)
      story.reply(right, 1)
      return over(story)
    },
  ],
  [
    'a short last collection that is there and not acknowledged',
    () => {
      const story = passed(begun(), 0, 1, 2)
      story.reply(right, 2)
      return over(passed(story, 3))
    },
    ['whole-answered: EMP-REL-003 EMP-REL-014'],
    () => over(acknowledged(), -1),
  ],
  [
    'a collection that is there long before its receive',
    () => {
      const story = new Story()
      story.ask(left, sends('s'))
      passed(story, 0, 1, 2)
      story.ask(right, receives('r'))
      story.wait(timeout)
      return over(passed(story, 0, 1, 2))
    },
    ['whole-answered: EMP-REL-003'],
    () => {
      const story = new Story()
      story.ask(left, sends('s'))
      passed(story, 0, 1, 2)
      story.ask(right, receives('r'))
      return over(story)
    },
  ],
  [
    'a collection that comes again and is not acknowledged again',
    () => {
      const story = passed(begun(), 0, 1, 2)
      story.drop(story.ack(right, 2), left)
      story.wait(timeout)
      return over(passed(story, 0, 1, 2))
    },
    ['answered-again: EMP-REL-013'],
    () => {
      const story = passed(begun(), 0, 1, 2)
      story.drop(story.ack(right, 2), left)
      story.wait(timeout)
      passed(story, 0, 1, 2)
      story.reply(right, 2)
      return over(story)
    },
  ],
  [
    'an acknowledgement of what no receive takes',
    () => {
      const story = new Story()
      story.ask(left, sends('s'))
      passed(story, 0, 1, 2)
      story.reply(right, 2)
      return story
    },
    ['unexpected-unanswered: EMP-MATCH-005'],
    () => {
      const story = passed(begun(), 0, 1, 2)
      story.reply(right, 2)
      return story
    },
  ],
  [
    'an acknowledgement of frames that came only before the receive',
    () => {
      const story = new Story()
      story.ask(left, sends('s'))
      passed(story, 0, 1, 2)
      story.wait(timeout)
      story.ask(right, receives('r'))
      story.reply(right, 2)
      return story
    },
    ['unexpected-unanswered: EMP-MATCH-005'],
    () => {
      const story = new Story()
      story.ask(left, sends('s'))
      passed(story, 0, 1, 2)
      story.ask(right, receives('r'))
      story.reply(right, 2)
      return story
    },
  ],
  [
    'a second message acknowledged when there is one receive',
    () => {
      const story = passed(begun(), 0, 1, 2)
      story.reply(right, 2)
      story.ask(left, sends('s2', 10))
      story.pass(left, 0, { id: 1, total: 10 })
      story.reply(right, 0, { id: 1 })
      return story
    },
    ['unexpected-unanswered: EMP-MATCH-005'],
    () => {
      const story = passed(begun(), 0, 1, 2)
      story.reply(right, 2)
      story.ask(right, receives('r2'))
      story.ask(left, sends('s2', 10))
      story.pass(left, 0, { id: 1, total: 10 })
      story.reply(right, 0, { id: 1 })
      return story
    },
  ],
  [
    'a crafted frame with a false sender that is acknowledged',
    () => {
      const story = begun()
      story.arrive(
        story.put(
          left,
          { type: 1, sender: right, message: 0, frame: 0, total: 10, frames: 1, tag: 5, length: 10 },
          true,
        ),
        right,
      )
      story.put(right, { type: 2, message: 0, frame: 0 })
      return story
    },
    ['foul-unanswered: EMP-FRAME-008'],
    () => {
      const story = begun()
      story.pass(left, 0, { total: 10, crafted: true })
      story.ack(right, 0)
      return story
    },
  ],
  [
    'a crafted frame that contradicts itself and is acknowledged',
    () => {
      const story = begun()
      const fields = { type: 1, message: 0, frame: 0, total: 10, frames: 2, tag: 5, length: 10 }
      story.arrive(story.put(left, fields, true), right)
      story.ack(right, 0)
      return story
    },
    ['foul-unanswered: EMP-FRAME-006'],
    () => {
      const story = begun()
      story.pass(left, 0, { total: 10, crafted: true })
      return story
    },
  ],
  [
    'a send that is pending long after it was acknowledged',
    () => {
      const story = acknowledged()
      story.wait(2 * timeout)
      story.ask(left, test('s'), { status: 'pending' })
      return story
    },
    ['done-when-answered: EMP-REL-009'],
    () => {
      const story = acknowledged()
      story.ask(left, test('s'), { status: 'pending' })
      story.wait(2 * timeout)
      return story
    },
  ],
  [
    'a send that no event tells of, by an adapter that tells',
    () => {
      const story = acknowledged()
      story.ask(left, sends('other', 1), { status: 'ok' })
      story.event(left, ended('other', { bytes: 1 }))
      story.wait(2 * timeout)
      story.end()
      return story
    },
    ['done-when-answered: EMP-REL-009'],
    () => {
      const story = acknowledged()
      story.event(left, ended('s'))
      story.wait(2 * timeout)
      story.end()
      return story
    },
  ],
  [
    'a receive that is pending long after its message came',
    () => {
      const story = acknowledged()
      story.wait(2 * timeout)
      story.ask(right, test('r'), { status: 'pending' })
      return story
    },
    ['done-when-received: EMP-REL-010'],
    () => {
      const story = acknowledged()
      story.ask(right, test('r'), { status: 'pending' })
      story.wait(2 * timeout)
      return story
    },
  ],
  [
    'a message to oneself that never comes',
    () => {
      const story = toItself()
      story.wait(2 * timeout)
      story.ask(right, test('r'), { status: 'pending' })
      return story
    },
    ['done-when-received: EMP-MATCH-012'],
    () => {
      const story = toItself()
      story.wait(2 * timeout)
      story.ask(right, test('r'), done(ended('r', { bytes: 10 })))
      return story
    },
  ],
  [
    'a younger receive that takes the message',
    () => {
      const story = new Story()
      for (const as of ['r', 'r2']) story.ask(right, receives(as))
      story.ask(left, sends('s', 10))
      story.pass(left, 0, { total: 10 })
      story.ask(right, test('r2'), done(ended('r2', { peer: left, bytes: 10 })))
      return story
    },
    ['oldest-first: EMP-MATCH-001'],
    () => {
      const story = new Story()
      for (const as of ['r', 'r2']) story.ask(right, receives(as))
      story.ask(left, sends('s', 10))
      story.pass(left, 0, { total: 10 })
      story.ask(right, test('r'), done(ended('r', { peer: left, bytes: 10 })))
      return story
    },
  ],
  [
    'a receive that took another tag',
    () => {
      const story = acknowledged()
      story.ask(right, test('r'), done(ended('r', { peer: left, tag: 6 })))
      return story
    },
    ['as-asked: EMP-MATCH-002'],
    correct,
  ],
  [
    'a send that went to another host',
    () => {
      const story = acknowledged()
      story.ask(left, test('s'), done(ended('s', { peer: left })))
      return story
    },
    ['as-asked: EMP-HOST-002'],
    correct,
  ],
  [
    'a receive that is too short and not truncated',
    () => short('done'),
    ['outcome-tells: EMP-MATCH-009'],
    () => short('truncated'),
  ],
  [
    'a receive that is truncated without need',
    () => {
      const story = acknowledged()
      story.ask(right, test('r'), done(ended('r', { peer: left, outcome: 'truncated' })))
      return story
    },
    ['outcome-tells: EMP-MATCH-010'],
    correct,
  ],
  [
    'a receive that reports its own length',
    () => {
      const story = acknowledged()
      story.ask(right, test('r'), done(ended('r', { peer: left, bytes: 1000 })))
      return story
    },
    ['real-length: EMP-MATCH-010'],
    correct,
  ],
  [
    'a posting that waits',
    () => {
      const story = new Story()
      const id = story.call(left, sends('s'))
      story.wait(5)
      story.answer(left, id, { status: 'ok' })
      return story
    },
    ['answers-at-once: EMP-HOST-001'],
    () => {
      const story = new Story()
      story.call(left, sends('s'))
      return story
    },
  ],
  [
    'a test that waits',
    () => {
      const story = begun()
      story.call(left, test('s'))
      story.wait(5)
      story.end()
      return story
    },
    ['answers-at-once: EMP-HOST-002'],
    () => {
      const story = begun()
      story.ask(left, test('s'), { status: 'pending' })
      story.wait(5)
      return story
    },
  ],
  [
    'a wait that does not end when an event has told',
    () => {
      const story = acknowledged()
      story.call(left, { operation: 'emp.wait', request: 's' })
      story.event(left, ended('s'))
      return over(story, -1)
    },
    ['waits-end: EMP-HOST-003'],
    () => {
      const story = acknowledged()
      const wait = story.call(left, { operation: 'emp.wait', request: 's' })
      story.event(left, ended('s'))
      story.answer(left, wait, done(ended('s')))
      return over(story, -1)
    },
  ],
  [
    'a collection that is never sent again',
    () => {
      const story = begun(10)
      story.data(left, 0, { total: 10 })
      story.wait(4 * timeout)
      story.end([timeout, -1])
      return story
    },
    ['sent-again: EMP-REL-006 EMP-REL-014'],
    () => {
      const story = begun(10)
      story.data(left, 0, { total: 10 })
      story.wait(2 * timeout)
      story.end([timeout, -1])
      return story
    },
  ],
  [
    'an unanswered collection without a deadline',
    () => {
      const story = begun(300)
      for (const frame of [0, 1, 2]) story.data(left, frame, { total: 300 })
      story.end()
      return story
    },
    ['sent-again: EMP-REL-006'],
    () => {
      const story = begun(300)
      for (const frame of [0, 1, 2]) story.data(left, frame, { total: 300 })
      story.end([timeout, -1])
      return story
    },
  ],
  [
    'one frame of a collection that is sent again alone',
    () => {
      const story = begun()
      for (const frame of [0, 1, 2]) story.data(left, frame)
      story.wait(timeout)
      story.data(left, 1)
      story.wait(2 * timeout)
      story.end([timeout, -1])
      return story
    },
    ['all-together: EMP-REL-007'],
    () => {
      const story = begun()
      for (const frame of [0, 1, 2]) story.data(left, frame)
      story.wait(timeout)
      for (const frame of [0, 1, 2]) story.data(left, frame)
      story.wait(2 * timeout)
      story.end([timeout, -1])
      return story
    },
  ],
  [
    'a collection that is sent again after it was acknowledged',
    () => {
      const story = passed(begun(), 0, 1, 2)
      story.reply(right, 2)
      story.wait(2 * timeout)
      for (const frame of [0, 1, 2]) story.data(left, frame)
      return story
    },
    ['not-when-answered: EMP-REL-007'],
    () => {
      const story = passed(begun(), 0, 1, 2)
      story.drop(story.ack(right, 2), left)
      story.wait(2 * timeout)
      for (const frame of [0, 1, 2]) story.data(left, frame)
      return story
    },
  ],
  [
    'a message that is sent again after all of it was acknowledged',
    () => {
      const story = acknowledged()
      story.wait(2 * timeout)
      story.data(left, 3)
      return story
    },
    ['not-when-answered: EMP-REL-012'],
    acknowledged,
  ],
  [
    'expiries that come no less often',
    () => expired(timeout, timeout),
    ['backs-off: EMP-REL-016'],
    () => expired(timeout, 2 * timeout),
  ],
  [
    'a timeout that is long from the first',
    () => expired(4 * timeout),
    ['grows-no-faster: EMP-REL-016'],
    () => expired(3 * timeout),
  ],
  [
    'a timeout that grows by more than its expiries',
    () => expired(timeout, 6 * timeout),
    ['grows-no-faster: EMP-REL-016'],
    () => expired(timeout, 5 * timeout),
  ],
  [
    'a timeout that stays long after an acknowledgement',
    () => resumed(8 * timeout),
    ['starts-afresh: EMP-REL-016'],
    () => resumed(2 * timeout),
  ],
  [
    'octets that are others when they are sent again',
    () => again(() => undefined, 1),
    ['same-again: EMP-FRAME-004'],
    () => again(() => undefined, 0),
  ],
  [
    'octets that the host has changed and that are sent again as they were',
    () => again(overwrite, 0),
    ['same-again: EMP-MEM-002'],
    () => again(overwrite, 7),
  ],
  ['more requests than there are descriptors', () => full(3, 'ok'), ['pool-holds: EMP-DESC-002'], () => full(2, 'ok')],
  [
    'a refusal when there is room',
    () => full(0, 'no-descriptor'),
    ['pool-holds: EMP-DESC-002'],
    () => full(3, 'no-descriptor'),
  ],
  [
    'more pieces than a page lists',
    () => inPieces(129, 'ok'),
    ['pieces-fit: EMP-DESC-011'],
    () => inPieces(129, 'too-many-pieces'),
  ],
  [
    'a refusal of pieces that a page lists',
    () => inPieces(2, 'too-many-pieces'),
    ['pieces-fit: EMP-DESC-007'],
    () => inPieces(2, 'ok'),
  ],
  [
    'memory that is not locked',
    () => posted(false, 'ok'),
    ['locked-only: EMP-MEM-001'],
    () => posted(false, 'not-locked'),
  ],
  [
    'a refusal of memory that is locked',
    () => posted(true, 'not-locked'),
    ['locked-only: EMP-MEM-001'],
    () => posted(true, 'ok'),
  ],
  [
    'a message that is sent though it was refused',
    () => {
      const story = new Story()
      story.ask(left, sends('s', 10), { status: 'no-descriptor' })
      story.data(left, 0, { total: 10 })
      return story
    },
    ['message-ids: EMP-DESC-003'],
    () => {
      const story = new Story()
      story.ask(left, sends('s', 10))
      story.data(left, 0, { total: 10 })
      return story
    },
  ],
  [
    'a descriptor with another tag',
    () => looked(`${'00'.repeat(8)}0000000a0000000000010006`),
    ['descriptor-shows: EMP-DESC-001'],
    () => looked(`${'00'.repeat(8)}0000000a0000000000010005`),
  ],
  [
    'a descriptor that is handed back as it was',
    () => looked(descriptorOf('0001'), descriptorOf('0001')),
    ['handed-back: EMP-DESC-010'],
    () => looked(descriptorOf('0001'), descriptorOf('0002')),
  ],
  [
    'a descriptor that changes after it was handed back',
    () => looked(descriptorOf('0001'), descriptorOf('0002'), descriptorOf('0003')),
    ['handed-back: EMP-DESC-010'],
    () => looked(descriptorOf('0001'), descriptorOf('0002'), descriptorOf('0002')),
  ],
  [
    'more drops than frames',
    () => counted({ 'no-receive': 2 }),
    ['counts-once: EMP-FRAME-010'],
    () => counted({ 'no-receive': 1 }),
  ],
  [
    'a drop for a reason that no frame gave',
    () => counted({ malformed: 1 }),
    ['counts-once: EMP-FRAME-010'],
    () => counted({ duplicate: 1 }),
  ],
  ['a waitany that names two requests', () => waitedAny('r', 'r2'), ['waits: EMP-HOST-006'], () => waitedAny('r2')],
  [
    'a testall that names its requests in another order',
    () => testedAll('r2', 'r'),
    ['waits: EMP-HOST-005'],
    () => testedAll('r', 'r2'),
  ],
  [
    'a cancel that is answered when time has passed',
    () => cancelledAfter(1000),
    ['answers-at-once: EMP-MATCH-016'],
    () => cancelledAfter(0),
  ],
  [
    'a receive that is cancelled though nobody asked',
    () => withdrawn(false, 0),
    ['cancelled-if-asked: EMP-MATCH-016'],
    () => withdrawn(true, 0),
  ],
  [
    'a receive that is cancelled with octets',
    () => withdrawn(true, 10),
    ['cancelled-if-asked: EMP-MATCH-016'],
    () => withdrawn(true, 0),
  ],
  [
    'a probe that finds a message before its header',
    () => probed(false),
    ['probe-finds-arrived: EMP-MATCH-017'],
    () => probed(true),
  ],
  [
    'a receive that fails',
    () => failing('r', 'failed'),
    ['fails-by-limit: EMP-REL-001 EMP-REL-022'],
    () => failing('r', 'done'),
  ],
]

/** Two receives of messages of 10 octets, both of which have come. */
function twoReceived(): Story {
  const story = new Story()
  story.ask(right, receives('r', 10))
  story.ask(right, receives('r2', 10, 6))
  story.ask(left, sends('s', 10))
  story.ask(left, sends('s2', 10, 6))
  story.pass(left, 0, { total: 10 })
  story.reply(right, 0)
  story.pass(left, 0, { id: 1, total: 10, tag: 6 })
  story.reply(right, 0, { id: 1 })
  return story
}

const ofTen = (request: string): EmpCompletion =>
  ended(request, { peer: left, bytes: 10, tag: request === 'r' ? 5 : 6 })

function waitedAny(...named: readonly string[]): Story {
  const story = twoReceived()
  story.ask(right, { operation: 'emp.waitany', requests: ['r', 'r2'] }, done(...named.map(ofTen)))
  return story
}

function testedAll(...named: readonly string[]): Story {
  const story = twoReceived()
  story.ask(right, { operation: 'emp.testall', requests: ['r', 'r2'] }, done(...named.map(ofTen)))
  return story
}

function cancelledAfter(nanoseconds: number): Story {
  const story = new Story()
  story.ask(right, receives('r', 10))
  const id = story.call(right, { operation: 'emp.cancel', request: 'r' })
  story.wait(nanoseconds)
  story.answer(right, id, { status: 'ok' })
  return story
}

/** A receive that was cancelled, on demand or not. */
function withdrawn(isAsked: boolean, bytes: number): Story {
  const story = new Story()
  story.ask(right, receives('r', 10))
  if (isAsked) story.ask(right, { operation: 'emp.cancel', request: 'r' })
  story.ask(right, test('r'), done(ended('r', { peer: left, outcome: 'cancelled', bytes })))
  return story
}

/** A probe that finds a message of which a frame was sent, and has come or has not. */
function probed(hasCome: boolean): Story {
  const story = new Story()
  story.ask(left, sends('s', 10))
  const frame = story.data(left, 0, { total: 10 })
  if (hasCome) story.arrive(frame, right)
  const answer = { status: 'ok', message: { peer: left, tag: 5, bytes: 10 } } as const
  story.ask(right, { operation: 'emp.probe', from: left, tag: 5 }, answer)
  return story
}

/** A message that has come, and a request that is told to have ended so. */
function failing(request: string, outcome: 'failed' | 'done'): Story {
  const story = new Story()
  story.ask(right, receives('r', 10))
  story.ask(left, sends('s', 10))
  story.pass(left, 0, { total: 10 })
  story.reply(right, 0)
  story.ask(right, test(request), done(ended(request, { peer: left, bytes: 10, outcome })))
  return story
}

/** A message of one frame that is sent so often, on a host that gives up after two retransmissions, and how it ends. */
function givenUp(transmissions: number, ending: 'failed' | 'pending', after = 0): Story {
  const story = begun(10)
  for (let i = 0; i < transmissions; i++) {
    story.data(left, 0, { total: 10 })
    story.wait(timeout * 2 ** i)
  }
  const failed = done(ended('s', { bytes: 10, outcome: 'failed' }))
  story.ask(left, test('s'), ending === 'failed' ? failed : { status: ending })
  if (after > 0) {
    story.wait(after)
    story.ask(left, sends('s2', 10))
    story.data(left, 0, { id: 1, total: 10 })
  }
  return story
}

const limited = { configuration: { ...permutation().configuration, 'emp.retries': 2 } }

await it('a collection is sent again no more often than the limit allows', async (t) => {
  t.same(billed(givenUp(4, 'pending'), limited), ['retries-limited: EMP-REL-022'])
  t.same(billed(givenUp(3, 'failed'), limited), [])
})

await it('a send fails only where a limit is configured', async (t) => {
  t.same(billed(givenUp(3, 'failed')), ['fails-by-limit: EMP-REL-001 EMP-REL-022'])
  t.same(billed(givenUp(3, 'failed'), limited), [])
})

await it('nothing goes to a peer that was given up', async (t) => {
  t.same(billed(givenUp(3, 'failed', 3 * timeout), limited), ['given-up-for-good: EMP-REL-024'])
  t.same(billed(givenUp(3, 'failed'), limited), [])
})

/** A posting of `bytes` octets that is answered after `after`. */
function answered(bytes: number, after: number): Story {
  const story = new Story()
  const id = story.call(left, sends('s', bytes))
  story.wait(after)
  story.answer(left, id, { status: 'ok' })
  return story
}

await it('a posting waits for the addresses of its pages, and no longer', async (t) => {
  const slow = { configuration: { ...permutation().configuration, 'emp.translation': 10, 'emp.page': 4096 } }
  // Where a message begins in its first page is not known, so that 4096 octets may lie on two.
  t.same(billed(answered(4096, 20), slow), [])
  t.same(billed(answered(4096, 21), slow), ['answers-at-once: EMP-HOST-001'])
  t.same(billed(answered(1, 11), slow), ['answers-at-once: EMP-HOST-001'])
})

/** Hosts that are told to acknowledge four frames together, and a message that is acknowledged so, or as before. */
function configured(frame: number): Story {
  const story = new Story()
  for (const node of [left, right]) story.ask(node, { operation: 'emp.configure', collection: 4 })
  story.ask(right, receives('r'))
  story.ask(left, sends('s'))
  for (let number = 0; number <= frame; number++) story.pass(left, number)
  story.reply(right, frame)
  return story
}

await it('of a message to oneself that was in flight when the size was changed nothing is promised', async (t) => {
  const story = toItself()
  story.ask(right, { operation: 'emp.configure', collection: 4 })
  story.wait(2 * timeout)
  story.ask(right, test('r'), { status: 'pending' })
  t.same(billed(story), [])
})

/** Two messages, of which the first has no receive. */
function blocked(status: 'ok' | 'pending'): Story {
  const story = new Story()
  story.ask(right, receives('r', 1000, 6))
  story.ask(left, sends('s', 10))
  story.ask(left, sends('s2', 20, 6))
  story.wait(timeout)
  story.pass(left, 0, { total: 10 })
  story.pass(left, 0, { id: 1, total: 20, tag: 6 })
  story.reply(right, 0, { id: 1 })
  story.wait(2 * timeout)
  const completed = done(ended('r', { peer: left, bytes: 20, tag: 6 }))
  story.ask(right, test('r'), status === 'ok' ? completed : { status })
  return story
}

/** A message that is done when an acknowledgement of this one, or of this frame of its own, has come. */
function doneBy(id: number, frame: number): Story {
  const story = begun()
  story.ask(left, sends('s2', 10))
  for (const number of [0, 1, 2]) story.pass(left, number)
  story.reply(right, 2)
  story.data(left, 3)
  story.arrive(story.ack(right, frame, { id, crafted: true }), left)
  story.ask(left, test('s'), done(ended('s')))
  return story
}

function short(outcome: 'done' | 'truncated'): Story {
  const story = new Story()
  story.ask(right, receives('r', 100))
  story.ask(left, sends('s'))
  passed(story, 0, 1, 2)
  story.reply(right, 2)
  passed(story, 3)
  story.ask(right, test('r'), done(ended('r', { peer: left, outcome })))
  return story
}

/** A message of one frame that is sent three times. */
function expired(...waits: readonly number[]): Story {
  const story = begun(10)
  story.data(left, 0, { total: 10 })
  for (const wait of waits) {
    story.wait(wait)
    story.data(left, 0, { total: 10 })
  }
  return story
}

/** A collection that has backed off, of a message of which another is acknowledged then. */
function resumed(last: number): Story {
  const story = begun()
  for (const frame of [0, 1, 2, 3]) story.data(left, frame)
  story.wait(timeout)
  passed(story, 0, 1, 2)
  story.reply(right, 2)
  story.wait(3 * timeout)
  story.data(left, 3)
  story.wait(last)
  story.data(left, 3)
  return story
}

/** What the host writes over a message that is on its way. */
function overwrite(story: Story): void {
  const at = { buffer: 'tx', offset: 0, bytes: 10 }
  story.ask(left, { operation: 'memory.write', at, fill: { kind: 'const', seed: 7 } })
}

/** A message of ten octets that is sent twice, with these octets. */
function again(between: (story: Story) => void, value: number): Story {
  const story = begun(10)
  story.data(left, 0, { total: 10 })
  between(story)
  story.wait(timeout)
  const fill = new Uint8Array(10)
  writePattern({ kind: 'const', seed: value }, fill, { from: 0, to: 10, position: 0 })
  const fields = { type: 1, message: 0, frame: 0, total: 10, frames: 1, tag: 5, length: 10 }
  story.put(left, fields, false, fill)
  return story
}

/** Postings beyond a pool of three. */
function full(before: number, status: 'ok' | 'no-descriptor'): Story {
  const story = new Story()
  for (let i = 0; i < before; i++) story.ask(right, receives(`r${i}`, 1))
  story.ask(right, receives('last', 1), { status })
  return story
}

/** A receive of so many pieces of one octet; a page of 1280 lists 128. */
function inPieces(count: number, status: 'ok' | 'too-many-pieces'): Story {
  const pieces = Array.from({ length: count }, (_, i) => ({ buffer: 'rx', offset: 2 * i, bytes: 1 }))
  const story = new Story()
  story.ask(right, { operation: 'emp.irecv', as: 'r', from: left, tag: 5, pieces }, { status })
  return story
}

/** A receive in memory that is locked or not. */
function posted(locked: boolean, status: 'ok' | 'not-locked'): Story {
  const story = new Story()
  const fill = { kind: 'const', seed: 0 } as const
  const body = {
    operation: 'memory.allocate',
    as: 'rx',
    bytes: 1000,
    align: 1,
    offset: 0,
    fill,
    guard: 0,
    locked,
  } as const
  story.ask(right, body)
  story.ask(right, receives('r'), { status })
  return story
}

function descriptorOf(status: string): string {
  return `${'00'.repeat(8)}0000000a${status}000a00010005`
}

/** A send whose descriptor is looked at, then told to be done, and looked at again. */
function looked(...octets: readonly string[]): Story {
  const story = new Story()
  story.ask(left, sends('s', 10))
  for (const [i, each] of octets.entries()) {
    story.ask(left, { operation: 'emp.descriptor', request: 's' }, { status: 'ok', octets: each })
    if (i === 0 && octets.length > 1) story.event(left, ended('s', { bytes: 10 }))
  }
  return story
}

/** Counters of a host to which one frame has come. */
function counted(counters: Record<string, number>): Story {
  const story = passed(begun(), 0)
  story.ask(right, { operation: 'emp.counters' }, { status: 'ok', counters })
  return story
}

/** The PICS of each trial. */
const given = {
  configuration: {
    ...permutation().configuration,
    'emp.timeout-cap': 64 * timeout,
    'emp.descriptors': 3,
    'emp.page': 1280,
  },
}

for (const [name, broken, wanted, legal] of trials) {
  await it(`${name}: billed so, and its neighbour is not`, async (t) => {
    t.same(billed(broken(), given), wanted)
    t.same(billed(legal(), given), [], 'the neighbour')
  })
}

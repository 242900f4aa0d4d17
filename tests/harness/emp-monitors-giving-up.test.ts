// Monitors of EMP on traces made by hand: when a peer may be given up, and what is armed then.
import { test as it } from 'tap'
import type { CallBody } from '../../spec/vocabulary/calls.ts'
import { billed, done, ended, left, permutation, receives, right, sends, Story, test, timeout } from './emp-story.ts'

const limited = { configuration: { ...permutation().configuration, 'emp.retries': 2 } }

/** Four frames in collections of three and one: one frame of each that is sent at once. */
function launched(): Story {
  const story = new Story()
  story.ask(left, sends('s'))
  for (const frame of [0, 1, 2, 3]) story.data(left, frame)
  return story
}

/** The last collection goes again, so often. */
function again(story: Story, times: number): Story {
  for (let i = 0; i < times; i++) {
    story.wait(2 * timeout)
    story.data(left, 3)
  }
  return story
}

function fails(story: Story, request = 's', bytes = 424): Story {
  story.ask(left, test(request), done(ended(request, { bytes, outcome: 'failed' })))
  return story
}

function after(story: Story, nanoseconds: number): Story {
  story.wait(nanoseconds)
  return story
}

await it('a peer is given up after as many retransmissions as the limit says', async (t) => {
  t.same(billed(fails(after(again(launched(), 1), timeout)), limited), ['given-up-by-limit: EMP-REL-022'])
  t.same(billed(fails(after(again(launched(), 2), timeout)), limited), [])
})

await it('a peer is given up only when the timer has expired once more', async (t) => {
  t.same(billed(fails(after(again(launched(), 2), timeout / 2)), limited), ['given-up-by-limit: EMP-REL-022'])
})

/** The first collection is acknowledged some time after so many retransmissions of the last one, which then goes again so often. */
function acknowledgedBetween(before: number, later: number, wait = 0): Story {
  const story = new Story()
  story.ask(right, receives('r'))
  story.ask(left, sends('s'))
  for (const frame of [0, 1, 2]) story.pass(left, frame)
  story.data(left, 3)
  after(again(story, before), wait)
  story.reply(right, 2)
  return fails(after(again(story, later), timeout))
}

await it('an acknowledgement of the message starts the count afresh', async (t) => {
  t.same(billed(acknowledgedBetween(1, 1), limited), ['given-up-by-limit: EMP-REL-022'])
  t.same(billed(acknowledgedBetween(1, 2), limited), [])
  t.same(billed(acknowledgedBetween(2, 0, timeout), limited), [], 'it came when the peer had been given up')
})

const toItself = (as: string): CallBody => ({
  operation: 'emp.isend',
  as,
  to: left,
  tag: 5,
  pieces: [{ buffer: 'tx', offset: 0, bytes: 10 }],
})

function both(isFirst: boolean): Story {
  const story = new Story()
  story.ask(left, toItself('own'))
  story.ask(left, sends('s', 10))
  story.data(left, 0, { total: 10 })
  story.wait(timeout)
  const own = done(ended('own', { peer: left, bytes: 10, outcome: 'failed' }))
  if (isFirst) story.ask(left, test('own'), own)
  fails(story, 's', 10)
  return story
}

await it('a peer is not given up because of another', async (t) => {
  t.same(billed(both(true), limited), ['given-up-by-limit: EMP-REL-024'])
  t.same(billed(both(false), limited), ['given-up-by-limit: EMP-REL-022'])
})

function rests(deadline: number, as?: string): Story {
  const story = after(fails(after(again(launched(), 2), timeout)), 2 * timeout)
  if (as !== undefined) story.ask(left, toItself(as))
  story.wait(2 * timeout)
  story.end([deadline, -1])
  return story
}

await it('nothing stays armed when all that is open goes to a peer that was given up', async (t) => {
  t.same(billed(rests(9e9), limited), ['nothing-armed: EMP-REL-024'])
  t.same(billed(rests(-1), limited), [])
  t.same(billed(rests(9e9, 'own'), limited), [], 'a message to another may need it')
})

function posting(isOpen: boolean): Story {
  const story = new Story()
  story.ask(right, receives('r'))
  story.ask(left, sends('s', 10))
  story.pass(left, 0, { total: 10 })
  story.reply(right, 0)
  if (isOpen) story.call(left, sends('s2', 10))
  story.wait(2 * timeout)
  story.end([9e9, -1])
  return story
}

await it('a posting that is open has a deadline of its own', async (t) => {
  const slow = { configuration: { ...permutation().configuration, 'emp.translation': 9e9 } }
  t.same(billed(posting(false), slow), ['nothing-armed: EMP-REL-012'])
  t.same(billed(posting(true), slow), [])
})

// Monitors of EMP on traces made by hand: what goes on while a posting waits for its addresses.
import { test as it } from 'tap'
import type { CallBody } from '../../spec/vocabulary/calls.ts'
import { billed, done, ended, left, permutation, receives, right, sends, Story, test, timeout } from './emp-story.ts'

const slow = { configuration: { ...permutation().configuration, 'emp.translation': 9e9 } }

/** A message of one frame whose receive was posted long before; the receiver then posts another, which stays open. */
function held(): { story: Story; posting: number } {
  const story = new Story()
  story.ask(right, receives('r'))
  story.ask(left, sends('s', 10))
  story.wait(timeout)
  return { story, posting: story.call(right, receives('r2', 1000, 6)) }
}

function answered(isHeld: boolean): Story {
  const { story, posting } = held()
  story.pass(left, 0, { total: 10 })
  if (!isHeld) story.reply(right, 0)
  story.wait(2 * timeout)
  story.answer(right, posting, { status: 'ok' })
  if (isHeld) story.reply(right, 0)
  return story
}

await it('what arrives is acknowledged while a posting is open', async (t) => {
  t.same(billed(answered(true), slow), ['whole-answered: EMP-MEM-006'])
  t.same(billed(answered(false), slow), [])
})

await it('what is never acknowledged is not the fault of a posting', async (t) => {
  const { story, posting } = held()
  story.pass(left, 0, { total: 10 })
  story.wait(2 * timeout)
  story.answer(right, posting, { status: 'ok' })
  t.same(billed(story, slow), ['whole-answered: EMP-REL-003 EMP-REL-014'])
})

function repeated(isHeld: boolean): Story {
  const { story, posting } = held()
  story.pass(left, 0, { total: 10 })
  story.drop(story.ack(right, 0), left)
  story.wait(timeout)
  story.pass(left, 0, { total: 10 })
  if (!isHeld) story.reply(right, 0)
  story.wait(2 * timeout)
  story.answer(right, posting, { status: 'ok' })
  if (isHeld) story.reply(right, 0)
  return story
}

await it('what arrives again is acknowledged again while a posting is open', async (t) => {
  t.same(billed(repeated(true), slow), ['answered-again: EMP-MEM-006'])
  t.same(billed(repeated(false), slow), [])
})

/** A call that is answered when a posting is over, or at once; of a message that is done, as an event told. */
function asked(body: CallBody, isHeld: boolean, isTold = true): Story {
  const story = new Story()
  story.ask(right, receives('r'))
  story.ask(left, sends('s', 10))
  story.pass(left, 0, { total: 10 })
  story.reply(right, 0)
  if (isTold) story.event(left, ended('s', { bytes: 10 }))
  const posting = story.call(left, sends('s2', 10))
  const id = story.call(left, body)
  const answer = done(ended('s', { bytes: 10 }))
  if (!isHeld) story.answer(left, id, answer)
  story.wait(1000)
  story.answer(left, posting, { status: 'ok' })
  if (isHeld) story.answer(left, id, answer)
  return story
}

await it('another call is answered while a posting is open', async (t) => {
  t.same(billed(asked(test('s'), true), slow), ['answers-at-once: EMP-MEM-006'])
  t.same(billed(asked(test('s'), false), slow), [])
})

await it('a wait for what is done returns while a posting is open', async (t) => {
  for (const body of [
    { operation: 'emp.wait', request: 's' },
    { operation: 'emp.waitall', requests: ['s'] },
    { operation: 'emp.waitany', requests: ['s'] },
  ] as const) {
    t.same(billed(asked(body, true), slow), ['goes-on-meanwhile: EMP-MEM-006'], body.operation)
    t.same(billed(asked(body, false), slow), [], body.operation)
    t.same(billed(asked(body, true, false), slow), [], `${body.operation} for what nobody was told of`)
  }
})

// Monitors of EMP on traces made by hand: what a waitany has named is gone.
import { test as it } from 'tap'
import type { CallBody, Return } from '../../spec/vocabulary/calls.ts'
import { billed, done, ended, left, permutation, receives, right, sends, Story, test } from './emp-story.ts'

const ofTen = ended('r', { peer: left, bytes: 10 })
const invalid = { status: 'invalid' } as const

/** A waitany that names one of its requests, and a call after it. */
function named(body: CallBody, answer: Omit<Return, 'id'>): Story {
  const story = new Story()
  story.ask(right, receives('r', 10))
  story.ask(right, receives('r2', 10, 6))
  story.ask(left, sends('s', 10))
  story.pass(left, 0, { total: 10 })
  story.reply(right, 0)
  story.ask(right, { operation: 'emp.waitany', requests: ['r', 'r2'] }, done(ofTen))
  story.ask(right, body, answer)
  return story
}

await it('a request that a waitany has named cannot be asked for again', async (t) => {
  t.same(billed(named(test('r'), done(ofTen))), ['gone-when-named: EMP-HOST-006'])
  t.same(billed(named(test('r'), invalid)), [])
  t.same(billed(named(test('r2'), { status: 'pending' })), [])
})

await it('a request that a waitany has named cannot be asked for among others', async (t) => {
  const both: CallBody = { operation: 'emp.testall', requests: ['r2', 'r'] }
  t.same(billed(named(both, { status: 'pending' })), ['gone-when-named: EMP-HOST-006'])
  t.same(billed(named(both, invalid)), [])
})

await it('a name that a waitany has named may be given to another request', async (t) => {
  const story = named(receives('r', 10, 7), { status: 'ok' })
  story.ask(right, test('r'), { status: 'pending' })
  t.same(billed(story), [])
})

await it('a request that a waitany has named holds no descriptor', async (t) => {
  const two = { configuration: { ...permutation().configuration, 'emp.descriptors': 2 } }
  const more = { configuration: { ...permutation().configuration, 'emp.descriptors': 8 } }
  const refused = named(receives('r3', 1, 7), { status: 'no-descriptor' })
  t.same(billed(refused, more), ['pool-holds: EMP-DESC-002 EMP-HOST-006'])
  t.same(billed(refused, two), [])
})

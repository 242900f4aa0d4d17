// Monitors of EMP on traces made by hand: what a probe must find, and that it takes nothing.
import { test as it } from 'tap'
import type { CallBody, Return } from '../../spec/vocabulary/calls.ts'
import { empAny } from '../../spec/vocabulary/emp.ts'
import {
  billed,
  done,
  ended,
  left,
  permutation,
  receives,
  right,
  sends,
  Story,
  test,
  third,
  timeout,
} from './emp-story.ts'

const probes = (tag = 5): CallBody => ({ operation: 'emp.probe', from: left, tag })
const nothing = { status: 'pending' } as const
const finds = (bytes: number, tag = 5): Omit<Return, 'id'> => ({ status: 'ok', message: { peer: left, tag, bytes } })

/** Messages of so many octets, of one frame each, that come one after the other, and then a long while. */
function waiting(...sizes: readonly number[]): Story {
  const story = new Story()
  for (const [id, bytes] of sizes.entries()) {
    story.ask(left, sends(`s${id}`, bytes))
    story.pass(left, 0, { id, total: bytes })
  }
  story.wait(timeout)
  return story
}

function probed(story: Story, ...answers: readonly Omit<Return, 'id'>[]): Story {
  for (const answer of answers) story.ask(right, probes(), answer)
  return story
}

await it('a probe finds a message that has waited for long', async (t) => {
  t.same(billed(probed(waiting(10), nothing)), ['probe-finds-waiting: EMP-MATCH-017'])
  t.same(billed(probed(waiting(10), finds(10))), [])
})

await it('a probe need not find what came just now', async (t) => {
  const story = new Story()
  story.ask(left, sends('s', 10))
  story.pass(left, 0, { total: 10 })
  t.same(billed(probed(story, nothing)), [])
})

await it('a probe need not find what a receive may have taken', async (t) => {
  const story = new Story()
  story.ask(right, receives('r', 10))
  story.ask(left, sends('s', 10))
  story.pass(left, 0, { total: 10 })
  story.wait(timeout)
  t.same(billed(probed(story, nothing)), [])
})

await it('a receive for any tag that is open may have taken what a probe does not find', async (t) => {
  const story = new Story()
  story.ask(right, { operation: 'emp.irecv', as: 'any', from: left, tag: empAny, pieces: [] })
  story.ask(left, sends('s', 10))
  story.pass(left, 0, { total: 10 })
  story.wait(timeout)
  t.same(billed(probed(story, nothing)), [])
})

await it('a probe finds the oldest message of its sender', async (t) => {
  t.same(billed(probed(waiting(10, 20), finds(20))), ['probe-finds-waiting: EMP-MATCH-017'])
  t.same(billed(probed(waiting(10, 20), finds(10))), [])
})

await it('a probe finds again what another has found', async (t) => {
  t.same(billed(probed(waiting(10), finds(10), nothing)), ['probe-finds-waiting: EMP-MATCH-020'])
  t.same(billed(probed(waiting(10), finds(10), finds(10))), [])
})

/** A host sends to itself, and is told what becomes of it; then it sends a second message, and probes for that in vain. */
function ownMessage(outcome: 'failed' | 'done'): Story {
  const story = new Story()
  const pieces = [{ buffer: 'tx', offset: 0, bytes: 10 }]
  const toItself = (as: string, tag: number): CallBody => ({ operation: 'emp.isend', as, to: right, tag, pieces })
  if (outcome === 'done') story.ask(right, { operation: 'emp.irecv', as: 'r', from: right, tag: 4, pieces })
  story.ask(right, toItself('first', 4))
  story.wait(3 * timeout)
  story.ask(right, test('first'), done(ended('first', { outcome, bytes: 10, tag: 4 })))
  story.ask(right, toItself('second', 5))
  story.wait(timeout)
  story.ask(right, { operation: 'emp.probe', from: right, tag: 5 }, nothing)
  return story
}

const ofProbes = (story: Story): readonly string[] => billed(story).filter((bill) => bill.startsWith('probe-'))

await it('a host that has given itself up need not find what it sends to itself', async (t) => {
  t.same(ofProbes(ownMessage('failed')), [])
  t.same(ofProbes(ownMessage('done')), ['probe-finds-waiting: EMP-MATCH-017'])
})

function held(answer: Omit<Return, 'id'>): Story {
  const story = new Story()
  for (const [id, bytes] of [10, 20].entries()) {
    story.ask(left, sends(`s${id}`, bytes))
    const frame = story.data(left, 0, { id, total: bytes })
    if (id === 1) story.arrive(frame, right)
  }
  return probed(story, answer)
}

await it('a probe finds nothing while the header of an earlier message is missing', async (t) => {
  t.same(billed(held(finds(20))), ['probe-finds-arrived: EMP-MATCH-017'])
  t.same(billed(held(nothing)), [])
})

function taken(isTold: boolean): Story {
  const story = new Story()
  story.ask(right, receives('r', 10))
  story.ask(left, sends('s', 10))
  story.pass(left, 0, { total: 10 })
  if (isTold) story.ask(right, test('r'), done(ended('r', { peer: left, bytes: 10 })))
  return probed(story, finds(10))
}

await it('a probe does not find what a receive has taken', async (t) => {
  t.same(billed(taken(true)), ['probe-finds-arrived: EMP-MATCH-020'])
  t.same(billed(taken(false)), [])
})

function found(isProbed: boolean, isAnswered: boolean): Story {
  const story = waiting(10)
  if (isProbed) probed(story, finds(10))
  story.ask(right, receives('r', 10))
  story.wait(timeout)
  story.pass(left, 0, { total: 10 })
  if (isAnswered) story.reply(right, 0)
  story.wait(2 * timeout)
  if (!isAnswered) story.ask(right, test('r'), { status: 'pending' })
  story.end([isAnswered ? -1 : timeout, -1])
  return story
}

await it('a message that a probe has found is taken by the receive that is posted for it', async (t) => {
  t.same(billed(found(true, false)), [
    'whole-answered: EMP-REL-003 EMP-REL-014',
    'done-when-received: EMP-MATCH-006 EMP-MATCH-020',
    'probe-takes-nothing: EMP-MATCH-020',
  ])
  t.same(billed(found(false, false)), ['whole-answered: EMP-REL-003 EMP-REL-014', 'done-when-received: EMP-MATCH-006'])
  t.same(billed(found(true, true)), [])
})

const byAny: CallBody = { operation: 'emp.probe', from: empAny, tag: 5 }
const ofAny = (as: string): CallBody => ({ operation: 'emp.irecv', as, from: empAny, tag: 5, pieces: [] })

interface Between {
  readonly does?: (story: Story) => void
  /** Who has sent what the receive tells of. */
  readonly told: number
}

/** Messages of two hosts, of which a probe for any node finds that of the third, and a receive for any node that is told of one. */
function probedAmongTwo({ does, told }: Between): readonly string[] {
  const story = new Story()
  const sizes = new Map([
    [left, 10],
    [third, 20],
  ])
  for (const [node, bytes] of sizes) {
    story.ask(node, sends(`s${node}`, bytes))
    story.pass(node, 0, { total: bytes })
  }
  story.wait(timeout)
  story.ask(right, byAny, { status: 'ok', message: { peer: third, tag: 5, bytes: 20 } })
  does?.(story)
  story.ask(right, ofAny('r'))
  story.wait(timeout)
  for (const [node, bytes] of sizes) story.pass(node, 0, { total: bytes })
  story.ask(right, test('r'), done(ended('r', { peer: told, bytes: sizes.get(told) ?? 0, outcome: 'truncated' })))
  return billed(story, { hosts: permutation({ roleList: ['iut', 'iut', 'iut'] }).hosts }).filter((bill) =>
    bill.startsWith('probed-is-taken'),
  )
}

await it('of two senders a receive takes the message that a probe for the same has just found', async (t) => {
  t.same(probedAmongTwo({ told: left }), ['probed-is-taken: EMP-MATCH-017'])
  t.same(probedAmongTwo({ told: third }), [])
})

await it('what comes between a probe and a receive may be what that takes', async (t) => {
  t.same(probedAmongTwo({ told: left, does: (story) => story.pass(left, 0, { total: 10 }) }), [])
})

await it('a receive that is posted between a probe and another receive may have what the probe has found', async (t) => {
  t.same(probedAmongTwo({ told: left, does: (story) => story.ask(right, ofAny('before')) }), [])
})

await it('a receive that was withdrawn between a probe and another says nothing of what they are for', async (t) => {
  const withdrawn: CallBody = { operation: 'emp.cancel', request: 'other' }
  t.same(probedAmongTwo({ told: left, does: (story) => story.ask(right, withdrawn) }), [])
})

await it('another probe between a probe and a receive changes nothing', async (t) => {
  const again: CallBody = { operation: 'emp.probe', from: left, tag: 6 }
  t.same(probedAmongTwo({ told: left, does: (story) => story.ask(right, again, nothing) }), [
    'probed-is-taken: EMP-MATCH-017',
  ])
})

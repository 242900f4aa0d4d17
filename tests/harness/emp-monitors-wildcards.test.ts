// Monitors of EMP on traces made by hand: receives for any node or any tag, and what is told of them.
import { test as it } from 'tap'
import type { CallBody } from '../../spec/vocabulary/calls.ts'
import { empAny } from '../../spec/vocabulary/emp.ts'
import { billed, done, ended, left, receives, right, sends, Story, test } from './emp-story.ts'

/** Octets of the n-th message: all differ, so that what is told of a receive names one. */
const bytesOf = (nth: number): number => 10 + nth

/** A receive for any node, any tag, or both. */
const receivesAny = (as: string, peer: number = empAny, tag: number = empAny): CallBody => ({
  operation: 'emp.irecv',
  as,
  from: peer,
  tag,
  pieces: [{ buffer: 'rx', offset: 0, bytes: 100 }],
})

/** The n-th message of the left host comes, with its header. */
function comes(story: Story, nth: number, tag = 5): void {
  story.pass(left, 0, { id: nth, total: bytesOf(nth), tag })
}

/** A receive is told to have taken the n-th message. */
function took(story: Story, request: string, nth: number, tag = 5): void {
  story.ask(right, test(request), done(ended(request, { peer: left, bytes: bytesOf(nth), tag })))
}

/** Two messages that came before or after a receive for any, which took one of them. */
function taken(nth: number, over: { tag?: number; isEarlyOpen?: boolean; hasFirst?: boolean } = {}): Story {
  const { tag = 5, isEarlyOpen = false, hasFirst = true } = over
  const story = new Story()
  story.ask(left, sends('s0', bytesOf(0), tag))
  story.ask(left, sends('s1', bytesOf(1)))
  if (isEarlyOpen) story.ask(right, receives('r', 100, tag))
  if (hasFirst) comes(story, 0, tag)
  else story.data(left, 0, { id: 0, total: bytesOf(0), tag })
  comes(story, 1)
  story.ask(right, receivesAny('any', left))
  took(story, 'any', nth, nth === 0 ? tag : 5)
  return story
}

await it('a receive for any tag takes the earliest message of its sender', async (t) => {
  t.same(billed(taken(1)), ['keeps-place: EMP-MATCH-018'])
  t.same(billed(taken(0)), [])
})

await it('a receive for any tag waits for the header of an earlier message', async (t) => {
  t.same(billed(taken(1, { hasFirst: false })), ['keeps-place: EMP-MATCH-018'])
})

await it('a message that an older receive may have taken is not left behind', async (t) => {
  t.same(billed(taken(1, { tag: 6, isEarlyOpen: true })), [])
  t.same(billed(taken(1, { tag: 6 })), ['keeps-place: EMP-MATCH-018'])
})

/** A receive for any and then one for the very message, of which one takes it. */
function together(request: string, overlap = false): Story {
  const story = new Story()
  const any = story.call(right, receivesAny('any', left))
  if (!overlap) story.answer(right, any, { status: 'ok' })
  story.ask(right, receives('r', 100))
  if (overlap) story.answer(right, any, { status: 'ok' })
  story.ask(left, sends('s0', bytesOf(0)))
  comes(story, 0)
  took(story, request, 0)
  return story
}

await it('a message takes an older receive for any before one that names it', async (t) => {
  t.same(billed(together('r')), ['keeps-place: EMP-MATCH-018 EMP-MATCH-015'])
  t.same(billed(together('any')), [])
})

await it('receives whose postings overlapped may take messages in either order', async (t) => {
  t.same(billed(together('r', true)), [])
})

await it('an older receive that nobody was told of may have been withdrawn', async (t) => {
  const story = new Story()
  story.ask(right, receivesAny('any', left))
  story.ask(right, { operation: 'emp.cancel', request: 'any' })
  story.ask(right, receives('r', 100))
  story.ask(left, sends('s0', bytesOf(0)))
  comes(story, 0)
  took(story, 'r', 0)
  t.same(billed(story), [])
})

/** A receive for any node that took a message of its own host, which was sent before or after the other came. */
function betweenSenders(isOwnFirst: boolean): Story {
  const own = { operation: 'emp.isend', as: 'own', to: right, tag: 5 } as const
  const sending: CallBody = { ...own, pieces: [{ buffer: 'tx', offset: 0, bytes: 99 }] }
  const story = new Story()
  story.ask(right, receivesAny('any', empAny, 5))
  story.ask(right, receives('r', 100))
  story.ask(left, sends('s0', bytesOf(0)))
  if (isOwnFirst) story.ask(right, sending)
  comes(story, 0)
  took(story, 'r', 0)
  if (!isOwnFirst) story.ask(right, sending)
  story.ask(right, test('any'), done(ended('any', { peer: right, bytes: 99 })))
  return story
}

await it('a message of another sender takes an older receive only if it came before', async (t) => {
  t.same(billed(betweenSenders(false)), ['keeps-place: EMP-MATCH-018'])
  t.same(billed(betweenSenders(true)), [])
})

/** A receive for any of both that is told to have ended with that peer and tag. */
function named(peer: number, tag: number, outcome: 'done' | 'cancelled' = 'done'): Story {
  const story = new Story()
  story.ask(right, receivesAny('any'))
  story.ask(left, sends('s0', bytesOf(0)))
  if (outcome === 'done') comes(story, 0)
  else story.ask(right, { operation: 'emp.cancel', request: 'any' })
  const bytes = outcome === 'done' ? bytesOf(0) : 0
  story.ask(right, test('any'), done(ended('any', { peer, tag, bytes, outcome })))
  return story
}

await it('a receive for any node and tag tells those of its message', async (t) => {
  t.same(billed(named(empAny, 5)), ['as-asked: EMP-MATCH-014'])
  t.same(billed(named(left, empAny)), ['as-asked: EMP-MATCH-015'])
  t.same(billed(named(left, 5)), [])
  t.same(billed(named(empAny, empAny, 'cancelled')), [], 'one that was withdrawn has none')
})

// The EMP model on histories about what MPI adds: several requests at once, cancelling, probing.
import { test } from 'tap'
import type { Judged } from '../../spec/model/emp.ts'
import { empAny, type EmpMessage } from '../../spec/vocabulary/emp.ts'
import { at, completed, left, right, Story } from './story.ts'

interface History {
  readonly story: (story: Story) => readonly Judged[]
  /** The requirement that the last observation breaks, and none before it; absent: all is allowed. */
  readonly breaks?: string
}

/** Two receives, and a message for each; with tag 5 the first, with tag 6 the second. */
function two(story: Story): readonly Judged[] {
  return [
    story.receive('r', 100),
    story.receive('r2', 100, { tag: 6, pieces: [at('rx', 200, 100)] }),
    story.send('s', 100),
    story.send('s2', 100, { tag: 6 }),
  ]
}

const first = completed(right, { request: 'r' })
const second = completed(right, { request: 'r2', tag: 6 })
const both = ['r', 'r2'] as const

function cancel(story: Story, request: string, status: 'ok' | 'invalid' = 'ok', node = right): Judged {
  return story.ask(node, { operation: 'emp.cancel', request }, { status })
}

function probe(story: Story, message: Partial<EmpMessage> | undefined, { from = left, tag = 5 } = {}): Judged {
  const answer = message
    ? { message: { peer: left, tag: 5, bytes: 100, ...message } }
    : ({ status: 'pending' } as const)
  return story.ask(right, { operation: 'emp.probe', from, tag }, answer)
}

const histories: Readonly<Record<string, History>> = {
  'a testall names both in the order asked': {
    story: (story) => [
      ...two(story),
      story.ask(right, { operation: 'emp.testall', requests: ['r2', 'r'] }, { completions: [second, first] }),
    ],
  },
  'a testall names them in another order': {
    breaks: 'EMP-HOST-005',
    story: (story) => [
      ...two(story),
      story.ask(right, { operation: 'emp.testall', requests: both }, { completions: [second, first] }),
    ],
  },
  'a testall names one of two': {
    breaks: 'EMP-HOST-005',
    story: (story) => [
      ...two(story),
      story.ask(right, { operation: 'emp.testall', requests: both }, { completions: [first] }),
    ],
  },
  'a testall is pending when all have been told done': {
    breaks: 'EMP-HOST-005',
    story: (story) => [
      ...two(story),
      story.told(right, 'r', {}),
      story.told(right, 'r2', { tag: 6 }),
      story.ask(right, { operation: 'emp.testall', requests: both }, { status: 'pending' }),
    ],
  },
  'what a pending testall asked for can be asked for again': {
    story: (story) => [
      ...two(story),
      story.told(right, 'r', {}),
      story.ask(right, { operation: 'emp.testall', requests: both }, { status: 'pending' }),
      story.test(right, 'r', {}),
    ],
  },
  'what a pending testall asked for is gone': {
    breaks: 'EMP-HOST-005',
    story: (story) => [
      ...two(story),
      story.ask(right, { operation: 'emp.testall', requests: both }, { status: 'pending' }),
      story.test(right, 'r', 'invalid'),
    ],
  },
  'a testall does not answer at once': {
    breaks: 'EMP-HOST-005',
    story: (story) => {
      const before = two(story)
      story.start(right, { operation: 'emp.testall', requests: both })
      return [...before, story.model.elapsed()]
    },
  },
  'a waitany names the second alone, and the first is asked for later': {
    story: (story) => [
      ...two(story),
      story.ask(right, { operation: 'emp.waitany', requests: both }, { completions: [second] }),
      story.test(right, 'r', {}),
    ],
  },
  'what a waitany did not name is gone': {
    breaks: 'EMP-HOST-006',
    story: (story) => [
      ...two(story),
      story.ask(right, { operation: 'emp.waitany', requests: both }, { completions: [second] }),
      story.test(right, 'r', 'invalid'),
    ],
  },
  'a waitany names both': {
    breaks: 'EMP-HOST-006',
    story: (story) => [
      ...two(story),
      story.ask(right, { operation: 'emp.waitany', requests: both }, { completions: [first, second] }),
    ],
  },
  'a waitany names a request that it was not asked for': {
    breaks: 'EMP-HOST-006',
    story: (story) => [
      ...two(story),
      story.ask(right, { operation: 'emp.waitany', requests: ['r'] }, { completions: [second] }),
    ],
  },
  'a request that a waitany has named is done once more': {
    breaks: 'EMP-HOST-006',
    story: (story) => [
      ...two(story),
      story.ask(right, { operation: 'emp.waitany', requests: both }, { completions: [second] }),
      story.test(right, 'r2', { tag: 6 }),
    ],
  },
  'a waitany stays open at rest though one is done': {
    breaks: 'EMP-HOST-006',
    story: (story) => {
      const before = two(story)
      story.start(right, { operation: 'emp.waitany', requests: both })
      return [...before, story.model.rested()]
    },
  },
  'a waitany stays open when nothing came': {
    story: (story) => {
      const before = [story.receive('r', 100)]
      story.start(right, { operation: 'emp.waitany', requests: ['r'] })
      return [...before, story.model.elapsed(), story.model.rested()]
    },
  },
  'a receive is cancelled when its host asked, and the message goes to the next': {
    story: (story) => [
      story.receive('r', 100),
      story.receive('r2', 100, { pieces: [at('rx', 200, 100)] }),
      cancel(story, 'r'),
      story.test(right, 'r', { outcome: 'cancelled', bytes: 0 }),
      story.send('s', 100),
      story.test(right, 'r2', {}),
    ],
  },
  'a receive is cancelled though nobody asked': {
    breaks: 'EMP-MATCH-016',
    story: (story) => [story.receive('r', 100), story.test(right, 'r', { outcome: 'cancelled', bytes: 0 })],
  },
  'a receive that was to be cancelled has its message instead': {
    story: (story) => [story.receive('r', 100), story.send('s', 100), cancel(story, 'r'), story.test(right, 'r', {})],
  },
  'a receive that another thread is posting still is not there to be cancelled, or it is': {
    story: (story) => {
      const posting = story.start(right, {
        operation: 'emp.irecv',
        as: 'r',
        from: left,
        tag: 5,
        pieces: [at('rx', 0, 9)],
      })
      return [cancel(story, 'r', 'invalid'), cancel(story, 'r'), story.answer(right, posting)]
    },
  },
  'a cancelled receive is told to be done with nothing': {
    breaks: 'EMP-MATCH-016',
    story: (story) => [story.receive('r', 100), cancel(story, 'r'), story.test(right, 'r', { bytes: 0 })],
  },
  'a receive that was told to be cancelled is told to have its message': {
    breaks: 'EMP-MATCH-016',
    story: (story) => [
      story.receive('r', 100),
      cancel(story, 'r'),
      story.told(right, 'r', { outcome: 'cancelled', bytes: 0 }),
      story.send('s', 100),
      story.told(right, 'r', {}),
    ],
  },
  'a receive that was told to be done is cancelled': {
    breaks: 'EMP-MATCH-019',
    story: (story) => [
      story.receive('r', 100),
      story.send('s', 100),
      story.told(right, 'r', {}),
      cancel(story, 'r'),
      story.test(right, 'r', { outcome: 'cancelled', bytes: 0 }),
    ],
  },
  'a send is told to be cancelled': {
    breaks: 'EMP-MATCH-019',
    story: (story) => [story.send('s', 100), story.test(left, 's', { outcome: 'cancelled', bytes: 0 })],
  },
  'a send is done though the only receive for it was cancelled': {
    breaks: 'EMP-MATCH-019',
    story: (story) => [
      story.receive('r', 100),
      cancel(story, 'r'),
      story.test(right, 'r', { outcome: 'cancelled', bytes: 0 }),
      story.send('s', 100),
      story.test(left, 's', {}),
    ],
  },
  'a send is cancelled': {
    breaks: 'EMP-MATCH-019',
    story: (story) => [story.send('s', 100), cancel(story, 's', 'ok', left)],
  },
  'a cancel of a receive is refused': {
    breaks: 'EMP-MATCH-016',
    story: (story) => [story.receive('r', 100), cancel(story, 'r', 'invalid')],
  },
  'a cancelled receive is pending at rest': {
    breaks: 'EMP-HOST-002',
    story: (story) => [
      story.receive('r', 100),
      cancel(story, 'r'),
      story.told(right, 'r', { outcome: 'cancelled', bytes: 0 }),
      story.test(right, 'r', 'pending'),
    ],
  },
  'a probe finds the first message that has no receive': {
    story: (story) => [
      story.receive('r', 100),
      story.send('s', 100),
      story.send('s2', 60),
      probe(story, { bytes: 60 }),
      probe(story, undefined),
    ],
  },
  'a probe finds a message that a receive takes': {
    breaks: 'EMP-MATCH-017',
    story: (story) => [story.receive('r', 100), story.send('s', 100), probe(story, {})],
  },
  'a probe finds a message that nobody sent': {
    breaks: 'EMP-MATCH-017',
    story: (story) => [story.send('s', 100), probe(story, { bytes: 60 })],
  },
  'a probe finds the second of two': {
    breaks: 'EMP-MATCH-017',
    story: (story) => [story.send('s', 100), story.send('s2', 60), probe(story, { bytes: 60 })],
  },
  'a probe finds a message for which a receive is being posted, or does not': {
    story: (story) => {
      const before = story.send('s', 100)
      const posting = story.start(right, {
        operation: 'emp.irecv',
        as: 'r',
        from: left,
        tag: 5,
        pieces: [at('rx', 0, 9)],
      })
      const probing = story.start(right, { operation: 'emp.probe', from: left, tag: 5 })
      const found = { message: { peer: left, tag: 5, bytes: 100 } }
      return [
        before,
        probe(story, {}),
        probe(story, undefined),
        story.answer(right, posting),
        story.answer(right, probing, found),
      ]
    },
  },
  'a probe for any tag finds either of two messages that were posted at once': {
    story: (story) => {
      const post = (as: string, tag: number): number =>
        story.start(left, { operation: 'emp.isend', as, to: right, tag, pieces: [at('tx', 0, 100)] })
      const [one, other] = [post('s', 5), post('s2', 6)]
      const probes = [5, 6].map((tag) => probe(story, { tag }, { tag: empAny }))
      return [...probes, story.answer(left, other), story.answer(left, one)]
    },
  },
  'a probe that follows another finds the message behind': {
    breaks: 'EMP-MATCH-020',
    story: (story) => [story.send('s', 100), story.send('s2', 60), probe(story, {}), probe(story, { bytes: 60 })],
  },
  'a message that a probe has found is left over, and its receive with it': {
    breaks: 'EMP-MATCH-020',
    story: (story) => [
      story.send('s', 100),
      probe(story, {}),
      story.receive('r', 100),
      story.model.rested(),
      story.test(right, 'r', 'pending'),
    ],
  },
  'a receive for any node is told to have its message from any': {
    breaks: 'EMP-MATCH-014',
    story: (story) => [
      story.receive('r', 100, { peer: empAny }),
      story.send('s', 100),
      story.test(right, 'r', { peer: empAny }),
    ],
  },
  'a probe finds another tag than was asked for': {
    breaks: 'EMP-MATCH-017',
    story: (story) => [story.send('s', 100, { tag: 6 }), probe(story, { tag: 6 })],
  },
}

for (const [words, { story, breaks }] of Object.entries(histories)) {
  await test(`${breaks === undefined ? 'allowed' : 'forbidden'}: ${words}`, async (t) => {
    const judged = story(new Story({ wildcards: true }))
    const allowed = breaks === undefined ? judged : judged.slice(0, -1)
    t.same(
      allowed.map((each) => each?.words),
      allowed.map(() => undefined),
    )
    if (breaks !== undefined)
      t.ok(judged.at(-1)?.requirements.includes(breaks), `${breaks}: ${judged.at(-1)?.words ?? 'allowed'}`)
  })
}

// The oracle for VIA: several calls that wait at one queue, of which each is woken for something of its own.
import type { Judged } from '../../spec/model/via.ts'
import { viaInfinite } from '../../spec/vocabulary/via-constants.ts'
import { quietly, testOddities, testRules, type Oddity, type Rule } from './via-histories.ts'
import { right, status, Story } from './via-story.ts'

const wait = { operation: 'VipRecvWait', vi: 'v', timeout: viaInfinite } as const
const entryWait = { operation: 'VipCQWait', cq: 'q', timeout: viaInfinite } as const

/** Two calls wait; receives of these names are posted, and come back all at once. */
function flushed(story: Story, ...names: readonly string[]): readonly Judged[] {
  const posted = names.map((name) => story.receive(name, 100))
  story.start(right, wait)
  story.start(right, wait)
  return [...posted, story.disconnect(right)]
}

/** What was posted comes with the n-th call that waits, counted from the first. */
function woken(story: Story, place: number, name: string): Judged {
  const descriptor = { name, segmentCount: 1, control: 0, immediate: 0, length: 100, status: status.flushed }
  // Two calls that wait, and the one that disconnects, were the last.
  return story.answer(right, story.latest - 2 + place, { code: 'VIP_DESCRIPTOR_ERROR', descriptor })
}

/** Two calls wait for entries of VI `w`, both of whose receives come back at once. */
function entries(story: Story): readonly Judged[] {
  const { attributes } = story
  const begun = [
    story.ask(right, { operation: 'VipCreateCQ', nic: 'nic', entryCount: 10, as: 'q' }),
    story.ask(right, { operation: 'VipCreateVi', nic: 'nic', attributes, sendCq: null, recvCq: 'q', as: 'w' }),
  ]
  for (const name of ['r', 'r2']) {
    story.write(right, name, { op: 'receive' })
    begun.push(story.ask(right, { operation: 'VipPostRecv', vi: 'w', descriptor: name, memory: 'pool' }))
  }
  story.start(right, entryWait)
  story.start(right, entryWait)
  return [...begun, story.ask(right, { operation: 'VipDisconnect', vi: 'w' })]
}

/** The n-th call that waits for an entry has one. */
const entered = (story: Story, place: number): Judged =>
  story.answer(right, story.latest - 2 + place, { entry: { vi: 'w', queue: 'recv' } })

const rules: Readonly<Record<string, Rule>> = {
  'of two Waits one sleeps on though both receives were flushed': {
    requirement: 'VIA-FLUSH-007',
    before: (story) => [...flushed(story, 'r', 'r2'), woken(story, 0, 'r')],
    forbidden: (story) => story.elapse(1),
    allowed: (story) => woken(story, 1, 'r2') ?? story.elapse(1),
  },
  'one of two Waits sleeps on, and the other returned before the disconnect that flushes both receives': {
    requirement: 'VIA-FLUSH-007',
    before: (story) => {
      const posted = ['r', 'r2'].map((name) => story.receive(name, 100))
      story.start(right, wait)
      story.start(right, wait)
      const leaving = story.start(right, { operation: 'VipDisconnect', vi: 'v' })
      return [...posted, woken(story, 0, 'r'), story.answer(right, leaving)]
    },
    forbidden: (story) => story.elapse(1),
    allowed: (story) => woken(story, 1, 'r2') ?? story.elapse(1),
  },
  'of two Waits none has the one receive that was flushed': {
    requirement: 'VIA-FLUSH-007',
    before: (story) => flushed(story, 'r'),
    forbidden: (story) => story.elapse(1),
    allowed: (story) => woken(story, 1, 'r') ?? story.elapse(1),
  },
  'of two that wait for entries one sleeps on though there are two': {
    requirement: 'VIA-CQ-009',
    before: (story) => [...entries(story), entered(story, 1)],
    forbidden: (story) => story.elapse(1),
    allowed: (story) => entered(story, 0) ?? story.elapse(1),
  },
}

await testRules(rules)

const oddities: Readonly<Record<string, Oddity>> = {
  'of two Waits one sleeps on, since one receive was flushed': {
    story: (story) => [...flushed(story, 'r'), woken(story, 0, 'r'), story.elapse(1), story.model.rested()],
  },
  'of two Waits both sleep on where nobody says that two may wait': {
    setting: { threadSafe: false },
    story: (story) => [...flushed(story, 'r', 'r2'), story.elapse(1)],
  },
  'a handler may have what two Waits do not get': {
    story: (story) => [
      story.receive('r', 100),
      quietly(story.start(right, wait)),
      story.ask(right, { operation: 'VipRecvNotify', vi: 'v', handler: 'hears', context: 1 }),
      quietly(story.start(right, wait)),
      story.disconnect(right),
      story.elapse(1),
    ],
  },
}

await testOddities(oddities)

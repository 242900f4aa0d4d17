// The VIA model on hand-made histories about handlers of the Notify calls: one that is forbidden for each rule, and its neighbour that is not.
import type { Judged } from '../../spec/model/via.ts'
import type { ViplCall } from '../../spec/vocabulary/via-calls.ts'
import type { ViaReturnedDescriptor } from '../../spec/vocabulary/via-descriptor.ts'
import { testOddities, testRules, type Oddity, type Rule } from './via-histories.ts'
import { left, status, Story } from './via-story.ts'

const flushed: ViaReturnedDescriptor = {
  name: 'r',
  segmentCount: 0,
  control: 0,
  immediate: 0,
  length: 0,
  status: status.flushed,
}

const createCq: ViplCall = { operation: 'VipCreateCQ', nic: 'nic', entryCount: 10, as: 'q' }

function makeVi(story: Story, as: string, recvCq: string | null = null): Judged {
  const { attributes } = story
  return story.ask(left, { operation: 'VipCreateVi', nic: 'nic', attributes, sendCq: null, recvCq, as })
}

/** Handler `hears` is armed with a context for the receives of a VI, or for entries. */
function arm(story: Story, vi: string, context = 1, handler: string | null = 'hears'): Judged {
  return story.ask(left, { operation: 'VipRecvNotify', vi, handler, context })
}

function armEntry(story: Story, context = 1): Judged {
  return story.ask(left, { operation: 'VipCQNotify', cq: 'q', handler: 'hears', context })
}

function postOn(story: Story, vi: string, as = 'r'): Judged {
  story.write(left, as, { op: 'receive' })
  return story.ask(left, { operation: 'VipPostRecv', vi, descriptor: as, memory: 'pool' })
}

function flush(story: Story, vi: string): Judged {
  return story.ask(left, { operation: 'VipDisconnect', vi })
}

/** What the handler is told: its context, and the descriptor or the entry that it is given. */
function ran(story: Story, vi: string, context = 1, descriptor: ViaReturnedDescriptor = flushed): Judged {
  const common = { handler: 'hears', context, nic: 'nic', vi, queue: 'recv' } as const
  return story.model.told(left, { event: 'via.notify', ...common, descriptor })
}

function ranForEntry(story: Story, vi: string, context = 1): Judged {
  const common = { handler: 'hears', context, nic: 'nic', vi, queue: 'recv' } as const
  return story.model.told(left, { event: 'via.cq-notify', ...common })
}

/** These observations, and then VI `w` begins to disconnect. */
function andLeaves(story: Story, before: readonly Judged[]): readonly Judged[] {
  story.start(left, { operation: 'VipDisconnect', vi: 'w' })
  return before
}

/** A VI with a receive. */
function withReceive(story: Story, vi: string): readonly Judged[] {
  return [makeVi(story, vi), postOn(story, vi)]
}

/** A VI with completion queue `q`, whose receives so named are flushed. */
function withEntries(story: Story, ...names: readonly string[]): readonly Judged[] {
  return [
    story.ask(left, createCq),
    makeVi(story, 'w', 'q'),
    ...names.map((name) => postOn(story, 'w', name)),
    flush(story, 'w'),
  ]
}

const rules: Readonly<Record<string, Rule>> = {
  'a flush passes over a handler that is armed': {
    requirement: 'VIA-NTFY-005',
    before: (story) => [...withReceive(story, 'w'), arm(story, 'w')],
    forbidden: (story) => flush(story, 'w'),
    allowed: (story) => {
      const leaving = story.start(left, { operation: 'VipDisconnect', vi: 'w' })
      return ran(story, 'w') ?? story.answer(left, leaving)
    },
  },
  'a handler is given a descriptor twice': {
    requirement: 'VIA-NTFY-004',
    before: (story) => {
      const before = [...withReceive(story, 'w'), arm(story, 'w')]
      const leaving = story.start(left, { operation: 'VipDisconnect', vi: 'w' })
      return [...before, ran(story, 'w'), story.answer(left, leaving)]
    },
    forbidden: (story) => ran(story, 'w'),
    allowed: (story) => story.model.rested(),
  },
  'a handler runs with the context of nobody': {
    requirement: 'VIA-NTFY-006',
    before: (story) => andLeaves(story, [...withReceive(story, 'w'), arm(story, 'w', 7)]),
    forbidden: (story) => ran(story, 'w', 8),
    allowed: (story) => ran(story, 'w', 7),
  },
  'the handler that was armed last runs first': {
    requirement: 'VIA-NTFY-004',
    before: (story) => andLeaves(story, [...withReceive(story, 'w'), arm(story, 'w', 1), arm(story, 'w', 2)]),
    forbidden: (story) => ran(story, 'w', 2),
    allowed: (story) => ran(story, 'w', 1),
  },
  'a handler is given the second descriptor of its queue': {
    requirement: 'VIA-DONE-007',
    before: (story) => andLeaves(story, [...withReceive(story, 'w'), postOn(story, 'w', 'r2'), arm(story, 'w')]),
    forbidden: (story) => ran(story, 'w', 1, { ...flushed, name: 'r2' }),
    allowed: (story) => ran(story, 'w'),
  },
  'the handler of a VI that was destroyed is given a descriptor of another one': {
    requirement: 'VIA-NTFY-005',
    before: (story) => {
      const gone = [makeVi(story, 'gone'), arm(story, 'gone', 5), story.ask(left, destroy('gone'))]
      const before = [...gone, ...withReceive(story, 'w'), arm(story, 'w', 6)]
      story.start(left, { operation: 'VipDisconnect', vi: 'w' })
      return before
    },
    forbidden: (story) => ran(story, 'w', 5),
    allowed: (story) => ran(story, 'w', 6),
  },
  'a handler runs for a VI that was destroyed': {
    requirement: 'VIA-NTFY-005',
    before: (story) => [makeVi(story, 'w'), arm(story, 'w'), story.ask(left, destroy('w'))],
    forbidden: (story) => ran(story, 'w'),
    allowed: (story) => story.model.rested(),
  },
  'a handler is armed for a VI that was destroyed': {
    requirement: 'VIA-NTFY-007',
    before: (story) => [makeVi(story, 'w'), story.ask(left, destroy('w'))],
    forbidden: (story) => arm(story, 'w'),
    allowed: (story) => story.ask(left, recvNotify('w'), 'VIP_INVALID_PARAMETER'),
  },
  'no handler at all is armed': {
    requirement: 'VIA-NTFY-007',
    before: (story) => [makeVi(story, 'w')],
    forbidden: (story) => arm(story, 'w', 1, null),
    allowed: (story) => story.ask(left, { ...recvNotify('w'), handler: null }, 'VIP_INVALID_PARAMETER'),
  },
  'an entry is left though a handler is armed for it': {
    requirement: 'VIA-NTFY-001',
    before: (story) => withEntries(story, 'r'),
    forbidden: (story) => armEntry(story) ?? story.model.rested(),
    allowed: (story) => armEntry(story) ?? ranForEntry(story, 'w') ?? story.model.rested(),
  },
  'an entry that a handler was given stays on its queue': {
    requirement: 'VIA-NTFY-001',
    before: (story) => [...withEntries(story, 'r'), armEntry(story), ranForEntry(story, 'w')],
    forbidden: (story) => story.ask(left, { operation: 'VipCQDone', cq: 'q' }, { entry: { vi: 'w', queue: 'recv' } }),
    allowed: (story) => story.ask(left, { operation: 'VipCQDone', cq: 'q' }, 'VIP_NOT_DONE'),
  },
  'a handler that was armed once is given two entries': {
    requirement: 'VIA-NTFY-002',
    before: (story) => [...withEntries(story, 'r', 'r2'), armEntry(story), ranForEntry(story, 'w')],
    forbidden: (story) => ranForEntry(story, 'w'),
    allowed: (story) => armEntry(story, 2) ?? ranForEntry(story, 'w', 2),
  },
  'a handler of a completion queue that was destroyed runs': {
    requirement: 'VIA-NTFY-003',
    before: (story) => [
      story.ask(left, createCq),
      armEntry(story),
      story.ask(left, { operation: 'VipDestroyCQ', cq: 'q' }),
      story.ask(left, { ...createCq, as: 'q2' }),
      makeVi(story, 'w', 'q2'),
      postOn(story, 'w'),
      flush(story, 'w'),
    ],
    forbidden: (story) => ranForEntry(story, 'w'),
    allowed: (story) => story.model.rested(),
  },
}

function destroy(vi: string): ViplCall {
  return { operation: 'VipDestroyVi', vi }
}

function recvNotify(vi: string): Extract<ViplCall, { operation: 'VipSendNotify' | 'VipRecvNotify' }> {
  return { operation: 'VipRecvNotify', vi, handler: 'hears', context: 1 }
}

await testRules(rules)

const oddities: Readonly<Record<string, Oddity>> = {
  'a provider has no handlers, and no Notify call succeeds': {
    story: (story) => [makeVi(story, 'w'), story.ask(left, recvNotify('w'), 'VIP_ERROR_NOT_SUPPORTED')],
  },
  'a handler runs before the call that arms it has returned': {
    story: (story) => {
      const before = [...withReceive(story, 'w'), flush(story, 'w')]
      const arming = story.start(left, recvNotify('w'))
      return [...before, ran(story, 'w'), story.answer(left, arming)]
    },
  },
  'what a handler was armed for never comes': {
    story: (story) => [makeVi(story, 'w'), arm(story, 'w'), story.model.rested()],
  },
}

await testOddities(oddities)

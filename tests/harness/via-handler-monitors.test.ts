// Monitors of handlers and of requests for peers, on traces made by hand: each fires for what it watches, and not for its neighbour.
import { test } from 'tap'
import type { ViaQueue, ViaReturn } from '../../spec/vocabulary/via-returns.ts'
import { fired, left, millisecond, named, right, status, Story } from './via-story.ts'

/** A VI of left with a completion queue `q` for its receives. */
function withQueue(story: Story): Story {
  story.vip(left, { operation: 'VipOpenNic', device: 'default', as: 'nic' })
  story.vip(left, { operation: 'VipCreateCQ', nic: 'nic', entryCount: 8, as: 'q' })
  return story.makeVi(left, 1, 'nic', { recvCq: 'q' })
}

/** A handler is armed for the next descriptor of left's VI `v`. */
function arm(story: Story, queue: ViaQueue = 'recv', context = 1): Story {
  const operation = queue === 'send' ? 'VipSendNotify' : 'VipRecvNotify'
  return story.vip(left, { operation, vi: 'v', handler: 'hears', context })
}

function armEntry(story: Story, cq = 'q', context = 1): Story {
  return story.vip(left, { operation: 'VipCQNotify', cq, handler: 'hears', context })
}

/** It runs with a flushed descriptor. */
function runs(story: Story, name: string, queue: ViaQueue = 'recv', context = 1): Story {
  const descriptor = named(name, queue === 'recv' ? status.flushed : 0x21)
  const to = { handler: 'hears', context, nic: 'nic', vi: 'v' }
  story.trace.event(left, { event: 'via.notify', ...to, queue, descriptor }, story.now)
  return story
}

function runsForEntry(
  story: Story,
  { queue = 'recv', context = 1 }: { queue?: ViaQueue; context?: number } = {},
): Story {
  const to = { handler: 'hears', context, nic: 'nic', vi: 'v' }
  story.trace.event(left, { event: 'via.cq-notify', ...to, queue }, story.now)
  return story
}

/** A VI of left with a receive that a disconnect flushes. */
function flushed(story: Story = new Story()): Story {
  return story.makeVi(left, 1).post(left, 'Recv', 'r').disconnect(left)
}

/** Left asks for right, from one discriminator to another. */
function seek(story: Story, node: number, own: string, other: string): Story {
  const local = { host: node, discriminator: own }
  const remote = { host: node === left ? right : left, discriminator: other }
  return story.vip(node, { operation: 'VipConnectPeerRequest', vi: 'v', local, remote, timeout: 5000 })
}

function done(story: Story, node: number, code: ViaReturn['code']): Story {
  return story.vip(node, { operation: 'VipConnectPeerDone', vi: 'v' }, { code })
}

/** Both ask for each other. */
function sought(other = '0a'): Story {
  const story = new Story().makeVi(left, 1).makeVi(right, 1)
  return seek(seek(story, left, '0a', '0b'), right, '0b', other)
}

/** Another send is posted; the first comes back flushed, and the other completes well. */
function twoSends(story: Story): Story {
  return story
    .post(left, 'Send', 's2')
    .take(left, 's1', status.send | 0x20)
    .take(left, 's2', status.send)
}

interface Broken {
  readonly monitor: string
  readonly broken: () => Story
  readonly neighbour: () => Story
}

const stories: Readonly<Record<string, Broken>> = {
  'a handler that runs twice for one arming': {
    monitor: 'runs-once: VIA-NTFY-004',
    broken: () => runs(runs(arm(flushed()), 'r'), 'r2'),
    neighbour: () => runs(arm(flushed()), 'r'),
  },
  'a handler of entries that was armed for nothing': {
    monitor: 'runs-once: VIA-NTFY-002',
    broken: () => runsForEntry(withQueue(new Story())),
    neighbour: () => runsForEntry(armEntry(withQueue(new Story()))),
  },
  'a handler that runs for a VI that was destroyed': {
    monitor: 'runs-for-living: VIA-NTFY-005',
    broken: () => runs(arm(flushed()).vip(left, { operation: 'VipDestroyVi', vi: 'v' }), 'r'),
    neighbour: () => runs(arm(flushed()), 'r').vip(left, { operation: 'VipDestroyVi', vi: 'v' }),
  },
  'a handler that runs for a completion queue that was destroyed': {
    monitor: 'runs-for-living: VIA-NTFY-003',
    broken: () => runsForEntry(armEntry(withQueue(new Story())).vip(left, { operation: 'VipDestroyCQ', cq: 'q' })),
    neighbour: () => runsForEntry(armEntry(withQueue(new Story()))).vip(left, { operation: 'VipDestroyCQ', cq: 'q' }),
  },
  'a handler of entries that runs for a work queue without a completion queue': {
    monitor: 'own-handlers: VIA-CQ-017',
    broken: () => runsForEntry(armEntry(withQueue(new Story())), { queue: 'send' }),
    neighbour: () => runsForEntry(armEntry(withQueue(new Story()))),
  },
  'a handler of one completion queue that runs for an entry of another': {
    monitor: 'own-handlers: VIA-CQ-010',
    broken: () => {
      const story = withQueue(new Story()).vip(left, { operation: 'VipCreateCQ', nic: 'nic', entryCount: 8, as: 'p' })
      return runsForEntry(armEntry(story, 'p'))
    },
    neighbour: () => {
      const story = withQueue(new Story()).vip(left, { operation: 'VipCreateCQ', nic: 'nic', entryCount: 8, as: 'p' })
      return runsForEntry(armEntry(armEntry(story, 'p', 2)))
    },
  },
  'an outcome of a request for a peer that is told twice': {
    monitor: 'outcome-once: VIA-PEER-005',
    broken: () => done(done(sought(), left, 'VIP_SUCCESS'), left, 'VIP_SUCCESS'),
    neighbour: () => done(done(sought(), left, 'VIP_SUCCESS'), left, 'VIP_INVALID_STATE'),
  },
  'a send that completes well behind a flushed one, both posted when the peer was found': {
    monitor: 'nothing-good-after: VIA-FLUSH-003',
    broken: () => twoSends(done(sought(), left, 'VIP_SUCCESS').post(left, 'Send', 's1')),
    neighbour: () => twoSends(done(sought().post(left, 'Send', 's1'), left, 'VIP_SUCCESS')),
  },
  'a request for a peer that times out before its time': {
    monitor: 'peer-time-holds: VIA-PEER-003',
    broken: () =>
      done(seek(new Story().makeVi(left, 1), left, '0a', '0b').later(4000 * millisecond), left, 'VIP_TIMEOUT'),
    neighbour: () =>
      done(seek(new Story().makeVi(left, 1), left, '0a', '0b').later(5000 * millisecond), left, 'VIP_TIMEOUT'),
  },
  'a request that is paired though nobody asked for it': {
    monitor: 'paired-as-asked: VIA-PEER-009',
    broken: () => done(sought('0c'), left, 'VIP_SUCCESS'),
    neighbour: () => done(sought('0a'), left, 'VIP_SUCCESS'),
  },
}

for (const [words, { monitor, broken, neighbour }] of Object.entries(stories)) {
  await test(`a monitor fires for ${words}, and for its neighbour does not`, async (t) => {
    const [name = ''] = monitor.split(':')
    t.ok(fired(broken()).includes(monitor), `${monitor} among ${fired(broken()).join(', ')}`)
    t.same(
      fired(neighbour()).filter((each) => each.startsWith(name)),
      [],
    )
  })
}

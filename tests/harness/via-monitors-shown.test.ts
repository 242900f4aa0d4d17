// Monitors of what must be refused, or must not happen: a run shows it only where there was something to refuse.
import { test } from 'tap'
import type { ViaRemoteAttributes } from '../../spec/vocabulary/via-attributes.ts'
import type { ViaReturn } from '../../spec/vocabulary/via-returns.ts'
import { left, right, showing, status, Story } from './via-story.ts'

const inUse = { code: 'VIP_ERROR_RESOURCE' } as const

function destroy(story: Story, answer: Partial<ViaReturn> = {}): Story {
  return story.vip(left, { operation: 'VipDestroyVi', vi: 'v' }, answer)
}

/** A VI of left with a receive on its queue. */
function posted(): Story {
  return new Story().pool(left).makeVi(left, 1).post(left, 'Recv', 'r')
}

const others = { reliabilityLevel: 1, maxTransferSize: 32_768, qos: 0, enableRdmaWrite: false, enableRdmaRead: false }

/** Right refuses a request of somebody whose VI is such. */
function refusing(remoteAttributes: ViaRemoteAttributes, code: ViaReturn['code'] = 'VIP_INVALID_MTU'): Story {
  const local = { host: right, discriminator: '01' }
  return new Story()
    .makeVi(right, 1)
    .vip(right, { operation: 'VipConnectWait', nic: 'nic', local, timeout: 1000, as: 'c' }, { remoteAttributes })
    .vip(right, { operation: 'VipConnectAccept', connection: 'c', vi: 'v' }, { code })
}

/** A handler is armed for the next receive of left's VI, and for the next entry of its completion queue. */
function armed(): Story {
  const heard = { handler: 'hears', context: 1 } as const
  return new Story()
    .vip(left, { operation: 'VipCreateCQ', nic: 'nic', entryCount: 8, as: 'q' })
    .makeVi(left, 1)
    .vip(left, { operation: 'VipRecvNotify', vi: 'v', ...heard })
    .vip(left, { operation: 'VipCQNotify', cq: 'q', ...heard })
}

function done(story: Story, answer: Partial<ViaReturn> = { code: 'VIP_NOT_DONE' }): Story {
  return story.vip(left, { operation: 'VipRecvDone', vi: 'v' }, answer)
}

interface Shown {
  readonly monitor: string
  readonly story: () => Story
  readonly neighbour: () => Story
}

const stories: Readonly<Record<string, Shown>> = {
  'a connected VI is not destroyed': {
    monitor: 'destroys-idle-only: VIA-VI-009',
    story: () => destroy(new Story().connect(1), inUse),
    neighbour: () => destroy(new Story().connect(1).disconnect(left)),
  },
  'a VI with a receive on its queue is not destroyed': {
    monitor: 'destroys-idle-only: VIA-VI-010',
    story: () => destroy(posted(), inUse),
    neighbour: () => destroy(posted().disconnect(left).take(left, 'r', status.flushed)),
  },
  'a VI is not connected with one of another size': {
    monitor: 'alike-only: VIA-CON-016',
    story: () => refusing({ ...others, maxTransferSize: 2000 }),
    neighbour: () => refusing(others),
  },
  'a VI is not connected with one of another level': {
    monitor: 'alike-only: VIA-CON-015',
    story: () => refusing({ ...others, reliabilityLevel: 2 }, 'VIP_INVALID_RELIABILITY_LEVEL'),
    neighbour: () => refusing(others, 'VIP_INVALID_RELIABILITY_LEVEL'),
  },
  'a handler does not run for a VI that was destroyed': {
    monitor: 'runs-for-living: VIA-NTFY-005',
    story: () => destroy(armed()),
    neighbour: () => destroy(armed(), inUse),
  },
  'a handler does not run for a completion queue that was destroyed': {
    monitor: 'runs-for-living: VIA-NTFY-003',
    story: () => armed().vip(left, { operation: 'VipDestroyCQ', cq: 'q' }),
    neighbour: () => armed().vip(left, { operation: 'VipDestroyCQ', cq: 'q' }, inUse),
  },
  'a receive of an idle VI is not done': {
    monitor: 'stays-posted: VIA-POST-001',
    story: () => done(posted()),
    neighbour: () => done(new Story().pool(left).makeVi(left, 1)),
  },
}

for (const [name, { monitor, story, neighbour }] of Object.entries(stories)) {
  await test(`${name}: this shows ${monitor}, and nothing to refuse does not`, async (t) => {
    t.ok(showing(story()).includes(monitor), showing(story()).join(', '))
    t.notOk(showing(neighbour()).includes(monitor), 'the neighbour')
  })
}

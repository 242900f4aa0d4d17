// Monitors of VIA's calls on names and attributes, on traces made by hand: each fires, and not for the nearest legal trace.
import { test } from 'tap'
import type { CallBody } from '../../spec/vocabulary/calls.ts'
import type { ViaNetAddress, ViaViAttributes } from '../../spec/vocabulary/via-attributes.ts'
import type { ViaReturn } from '../../spec/vocabulary/via-returns.ts'
import { fired, left, right, status, Story } from './via-story.ts'

type Trial = readonly [name: string, story: () => Story, wanted: readonly string[], legal: () => Story]

const start = { operation: 'VipNSInit', nic: 'nic' } as const
const end = { operation: 'VipNSShutdown', nic: 'nic' } as const
const find = (name: string | null): CallBody => ({ operation: 'VipNSGetHostByName', nic: 'nic', name, nameIndex: 0 })
const name = (host: ViaNetAddress['host'] | null): CallBody => {
  const address = host === null ? null : { host, discriminator: '' }
  return { operation: 'VipNSGetHostByAddr', nic: 'nic', address, nameLen: 64 }
}
const of = (host: number, discriminator = ''): Partial<ViaReturn> => ({ address: { host, discriminator } })
const refused = { code: 'VIP_ERROR_NAMESERVICE' } as const

/** Hosts that are discovered. */
function discovered(...addresses: readonly ViaNetAddress[]): Story {
  const discovery = { numberOfHops: 1, addresses }
  return new Story().vip(left, { operation: 'VipQuerySystemManagementInfo', nic: 'nic', infoType: 1 }, { discovery })
}

const host = (node: ViaNetAddress['host'], discriminator = ''): ViaNetAddress => ({ host: node, discriminator })

const plain = { ptag: 'tag', enableRdmaWrite: false, enableRdmaRead: false } as const
const writable = { ...plain, enableRdmaWrite: true } as const
const attributes: ViaViAttributes = { ...plain, reliabilityLevel: 1, maxTransferSize: 32_768, qos: 0 }
const small: ViaViAttributes = { ...attributes, maxTransferSize: 1000 }
const set = (over: Partial<ViaViAttributes>): CallBody => {
  return { operation: 'VipSetViAttributes', vi: 'v', attributes: { ...small, ...over } }
}
const asked = { operation: 'VipQueryVi', vi: 'v' } as const
const pool = { nic: 'nic', at: { buffer: 'pool', offset: 0 }, memory: 'pool' } as const
const askedMemory: CallBody = { operation: 'VipQueryMem', ...pool }
const setMemory: CallBody = { operation: 'VipSetMemAttributes', ...pool, attributes: writable }
const deregistered: CallBody = { operation: 'VipDeregisterMem', ...pool }
const badState = { code: 'VIP_INVALID_STATE' } as const
const badTag = { code: 'VIP_INVALID_PTAG' } as const

/** The beginning of the link of a descriptor is written over. */
const link = (seed: number, offset = 0): CallBody => {
  const at = { buffer: 'pool', offset, bytes: 8 }
  return { operation: 'memory.write', at, fill: { kind: 'const', seed } }
}

/** Right has taken a message of left. */
function served(): Story {
  const story = new Story().pool(right).connect(1).post(right, 'Recv', 'r0').post(left, 'Send', 's')
  return story.take(right, 'r0', status.receive)
}

const started = (): Story => new Story().vip(left, start)

const trials: readonly Trial[] = [
  [
    'a host found at the address of another',
    () => started().vip(left, find('right'), of(left)),
    ['hosts-as-named: VIA-NS-002'],
    () => started().vip(left, find('right'), of(right)),
  ],
  [
    'an address with a discriminator',
    () => started().vip(left, find('right'), of(right, '01')),
    ['hosts-as-named: VIA-NS-002'],
    () => started().vip(left, find('left'), of(left)),
  ],
  [
    'a name that nobody has, found',
    () => started().vip(left, find('nobody'), of(right)),
    ['hosts-as-named: VIA-NS-003'],
    () => started().vip(left, find('nobody'), refused),
  ],
  [
    'NULL found',
    () => started().vip(left, find(null), of(right)),
    ['hosts-as-named: VIA-NS-007'],
    () => started().vip(left, find(null), { code: 'VIP_INVALID_PARAMETER' }),
  ],
  [
    'a host by the name of another',
    () => started().vip(left, name(right), { name: 'left', nameLen: 4 }),
    ['hosts-as-named: VIA-NS-004'],
    () => started().vip(left, name('02ffffffffff'), { name: 'left', nameLen: 4 }),
  ],
  [
    'a part of a name',
    () => started().vip(left, name(right), { name: 'rig', nameLen: 3 }),
    ['hosts-as-named: VIA-NS-006'],
    () => started().vip(left, name(right), { name: 'right', nameLen: 5 }),
  ],
  [
    'NULL named',
    () => started().vip(left, name(null), { name: 'left', nameLen: 4 }),
    ['hosts-as-named: VIA-NS-007'],
    () => started().vip(left, name(left), { name: 'left', nameLen: 4 }),
  ],
  [
    'something found that nobody had started',
    () => new Story().vip(left, find('right'), of(right)),
    ['found-when-started: VIA-NS-001'],
    () => new Story().vip(left, find('right'), refused),
  ],
  [
    'something found on a handle after its end',
    () => started().vip(left, end).vip(left, find('right'), of(right)),
    ['found-when-started: VIA-NS-001'],
    () => started().vip(left, start).vip(left, end).vip(left, find('right'), of(right)),
  ],
  [
    'something found after an end that was in vain, and a start that was refused',
    () => started().vip(left, end).vip(left, start, refused).vip(left, find('right'), of(right)),
    ['found-when-started: VIA-NS-001'],
    () => started().vip(left, end).vip(left, end).vip(left, start).vip(left, find('right'), of(right)),
  ],
  [
    'a host discovered twice',
    () => discovered(host(right), host(right)),
    ['discovers-hosts: VIA-MGT-003'],
    () => discovered(host(right), host(left)),
  ],
  [
    'a host discovered with a discriminator',
    () => discovered(host(right, '01')),
    ['discovers-hosts: VIA-MGT-003'],
    () => discovered(),
  ],
  [
    'a host discovered that there is not',
    () => discovered(host('ffffffffffff')),
    ['discovers-hosts: VIA-MGT-003'],
    () => discovered(host(right)),
  ],
  [
    'a level that was set and that there is not',
    () => new Story().makeVi(left, 1).vip(left, set({ reliabilityLevel: 3 })),
    ['refuses-nonsense: VIA-VI-016'],
    () => new Story().makeVi(left, 1).vip(left, set({ reliabilityLevel: 2 })),
  ],
  [
    'attributes of a VI that were set, and are as before',
    () => new Story().makeVi(left, 1).vip(left, set({})).vip(left, asked, { viAttributes: attributes }),
    ['as-granted: VIA-VI-014'],
    () => new Story().makeVi(left, 1).vip(left, set({})).vip(left, asked, { viAttributes: small }),
  ],
  [
    'attributes of a VI that were refused for its state, and are set',
    () => new Story().makeVi(left, 1).vip(left, set({}), badState).vip(left, asked, { viAttributes: small }),
    ['as-granted: VIA-VI-015'],
    () => new Story().makeVi(left, 1).vip(left, set({}), badState).vip(left, asked, { viAttributes: attributes }),
  ],
  [
    'attributes of a VI that were refused, and are set',
    () => new Story().makeVi(left, 1).vip(left, set({}), badTag).vip(left, asked, { viAttributes: small }),
    ['as-granted: VIA-VI-016'],
    () => new Story().makeVi(left, 1).vip(left, set({}), badTag).vip(left, asked, { viAttributes: attributes }),
  ],
  [
    'attributes of a connected VI that are set',
    () => new Story().connect(1).vip(left, set({})),
    ['changes-idle-only: VIA-VI-015'],
    () => new Story().connect(1).disconnect(left).vip(left, set({})),
  ],
  [
    'memory with attributes that it was not registered with',
    () => new Story().pool(left).vip(left, askedMemory, { memoryAttributes: writable }),
    ['regions-as-given: VIA-MEM-011'],
    () => new Story().pool(left).vip(left, askedMemory, { memoryAttributes: plain }),
  ],
  [
    'attributes of memory that were set, and are as before',
    () => new Story().pool(left).vip(left, setMemory).vip(left, askedMemory, { memoryAttributes: plain }),
    ['regions-as-given: VIA-MEM-012'],
    () => new Story().pool(left).vip(left, setMemory).vip(left, askedMemory, { memoryAttributes: writable }),
  ],
  [
    'attributes of memory that were refused, and are set',
    () => new Story().pool(left).vip(left, setMemory, badTag).vip(left, askedMemory, { memoryAttributes: writable }),
    ['regions-as-given: VIA-MEM-012'],
    () => {
      const story = new Story().pool(left)
      const setting = story.open(left, setMemory)
      return story
        .vip(left, askedMemory, { memoryAttributes: writable })
        .answer(left, setting, { vip: { code: 'VIP_SUCCESS' } })
    },
  ],
  [
    'attributes of memory that is gone',
    () => new Story().pool(left).vip(left, deregistered).vip(left, askedMemory, { memoryAttributes: plain }),
    ['dead-handles: VIA-MEM-007'],
    () => new Story().pool(left).vip(left, askedMemory, { memoryAttributes: plain }).vip(left, deregistered),
  ],
  [
    'a receive that completes well though its link was changed',
    () =>
      new Story()
        .pool(right)
        .connect(1)
        .post(right, 'Recv', 'r')
        .call(right, link(7))
        .post(left, 'Send', 's1')
        .take(right, 'r', status.receive),
    ['links-kept: VIA-DESC-022'],
    () =>
      new Story()
        .pool(right)
        .connect(1)
        .post(right, 'Recv', 'r')
        .call(right, link(7))
        .post(left, 'Send', 's1')
        .take(right, 'r', status.flushed),
  ],
  [
    'a receive that completes well though its link was changed, when a good message had come before',
    () =>
      served()
        .post(right, 'Recv', 'r', { offset: 64 })
        .call(right, link(7, 64))
        .post(left, 'Send', 's1')
        .take(right, 'r', status.receive),
    ['links-kept: VIA-DESC-022'],
    () =>
      served()
        .post(right, 'Recv', 'r', { offset: 64 })
        .call(right, link(0, 64))
        .post(left, 'Send', 's1')
        .take(right, 'r', status.receive),
  ],
  [
    'a receive whose link was changed when nothing was on its way, and not the next',
    () =>
      served()
        .post(right, 'Recv', 'r', { offset: 0 })
        .call(right, link(7))
        .post(left, 'Send', 's1')
        .take(right, 'r', status.receive),
    ['links-kept: VIA-DESC-022'],
    () =>
      served()
        .post(left, 'Send', 's2')
        .post(right, 'Recv', 'r', { offset: 0 })
        .call(right, link(7))
        .post(left, 'Send', 's1')
        .take(right, 'r', status.receive),
  ],
]

for (const [words, broken, wanted, legal] of trials) {
  await test(`${words}: billed so, and its neighbour is not`, async (t) => {
    t.same(fired(broken()), wanted)
    t.same(fired(legal()), [], 'the neighbour')
  })
}

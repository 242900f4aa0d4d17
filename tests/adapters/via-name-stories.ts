// Stories of what VIPL tells of hosts, and of what it changes afterwards: names, attributes.
import type { ViaMemoryAttributes, ViaNetAddress, ViaViAttributes } from '../../spec/vocabulary/via-attributes.ts'
import { viAttributes } from '../reference/via-pair.ts'
import { at, Teller } from './via-teller.ts'
import type { Make, Story } from './via-teller.ts'

const open = (as: string) => ({ operation: 'VipOpenNic', device: 'viaduct0', as }) as const
const start = (nic: string | null) => ({ operation: 'VipNSInit', nic }) as const
const end = (nic: string | null) => ({ operation: 'VipNSShutdown', nic }) as const
const find = (name: string | null, nic = 'n', nameIndex = 0) =>
  ({ operation: 'VipNSGetHostByName', nic, name, nameIndex }) as const
const name = (host: ViaNetAddress['host'] | null, nameLen = 64, nic = 'n') => {
  const address = host === null ? null : { host, discriminator: '' }
  return { operation: 'VipNSGetHostByAddr', nic, address, nameLen } as const
}

const discover = (nic: string | null, infoType = 1) =>
  ({ operation: 'VipQuerySystemManagementInfo', nic, infoType }) as const

/** The hosts are `n0` and `n1`. */
function names(make: Make): string {
  const one = new Teller(make)
  one.ask(0, open('n'), open('n2'), open('n3'), find('n1'), name(1), end('n'), start('n'), start('n2'), start('n3'))
  one.ask(
    0,
    find('n1'),
    find('n0'),
    find('n'),
    find('n11'),
    find(''),
    find(null),
    find('n1', 'n', 1),
    find('n1', 'n', 9),
  )
  one.ask(0, name(0), name(1), name('02ffffffffff'), name('02'), name(null), name(1, 2), name(1, 3), name(1, 0))
  one.ask(0, end('n2'), find('n1', 'n2'), find('n1'), start('n2'), find('n1', 'n2'), start('n'), find('n1'))
  one.ask(0, end('n'), find('n1'), name(1), start('n'), find('n1'), start(null))
  one.ask(0, { operation: 'VipCloseNic', nic: 'n3' }, start('n3'), find('n1', 'n3'), end('n3'))
  return one.story
}

function management(make: Make): string {
  const one = new Teller(make)
  one.ask(0, open('n'), open('gone'), { operation: 'VipCloseNic', nic: 'gone' })
  return one.ask(0, discover('n'), discover('n'), discover('n', 0), discover('n', 2), discover(null), discover('gone'))
    .story
}

const plain = { ptag: 'p', enableRdmaWrite: false, enableRdmaRead: false }
const writable = { ...plain, enableRdmaWrite: true }
const tag = (as: string) => ({ operation: 'VipCreatePtag', nic: 'n', as }) as const
const untag = (ptag: string) => ({ operation: 'VipDestroyPtag', nic: 'n', ptag }) as const
const askMemory = (memory: string, offset = 0) =>
  ({ operation: 'VipQueryMem', nic: 'n', at: { buffer: 'data', offset }, memory }) as const
const setMemory = (memory: string, attributes: ViaMemoryAttributes | null, offset = 0) =>
  ({ operation: 'VipSetMemAttributes', nic: 'n', at: { buffer: 'data', offset }, memory, attributes }) as const
const setVi = (vi: string | null, over: Partial<ViaViAttributes> | null) => {
  const attributes = over && { ...viAttributes, ...over }
  return { operation: 'VipSetViAttributes', vi, attributes } as const
}
const small = { maxTransferSize: 1000, enableRdmaWrite: true }

function attributesOfMemory(make: Make): string {
  const one = new Teller(make)
  one.prepare('unreliable')
  const area = { buffer: 'data', offset: 0, bytes: 100 }
  one.ask(0, tag('p2'), tag('gone'), untag('gone'))
  one.ask(0, { operation: 'VipRegisterMem', nic: 'n', at: area, attributes: { ...writable, ptag: 'p2' }, as: 'r' })
  one.ask(0, askMemory('r'), askMemory('r', 50), askMemory('r', 20_000), setMemory('r', plain, 20_000), askMemory('r'))
  one.ask(0, setMemory('r', plain), askMemory('r'), untag('p2'), tag('p3'), setMemory('r', { ...writable, ptag: 'p3' }))
  one.ask(0, untag('p3'), askMemory('r'), setMemory('r', { ...plain, ptag: 'gone' }), askMemory('r'))
  one.ask(0, setMemory('r', { ...plain, enableRdmaRead: true }), askMemory('r'), setMemory('r', null))
  one.posts(0, 'Recv', 10).ask(0, setMemory('r', plain), askMemory('r'))
  one.ask(0, { operation: 'VipDeregisterMem', nic: 'n', at: { buffer: 'data', offset: 0 }, memory: 'r' })
  return one.ask(0, askMemory('r'), setMemory('r', writable)).story
}

function attributesOfVis(make: Make): string {
  const one = new Teller(make)
  one.prepare('unreliable')
  one.ask(0, tag('p2'), tag('gone'), untag('gone'), setVi('v', { ...small, ptag: 'p2' })).look(0, 'v')
  one.ask(0, untag('p2'), setVi('v', {}), untag('p2')).look(0, 'v')
  for (const reliabilityLevel of [0, 3, 8]) one.ask(0, setVi('v', { ...small, reliabilityLevel })).look(0, 'v')
  for (const maxTransferSize of [0, 70_000]) one.ask(0, setVi('v', { ...small, maxTransferSize })).look(0, 'v')
  for (const ptag of ['gone', null]) one.ask(0, setVi('v', { ...small, ptag })).look(0, 'v')
  one.ask(0, setVi('v', { ...small, enableRdmaRead: true }), setVi('v', null)).look(0, 'v')
  one.vi(0, 'w').ask(0, { operation: 'VipDestroyVi', vi: 'w' }, setVi('w', small), setVi(null, small))
  one
    .posts(0, 'Recv', 10)
    .ask(0, setVi('v', { maxTransferSize: 2000 }))
    .look(0, 'v')
  one.ask(1, setVi('v', { maxTransferSize: 2000 })).look(1, 'v')
  const waiting = one.open(1, { operation: 'VipConnectWait', nic: 'n', local: at('aa'), timeout: 100, as: 'c' })
  const local = { host: 0, discriminator: 'bb' }
  const asking = one.open(0, { operation: 'VipConnectRequest', vi: 'v', local, remote: at('aa'), timeout: 100 })
  one.settle()
  one.ask(0, setVi('v', small)).look(0, 'v')
  const accepting = one.open(1, { operation: 'VipConnectAccept', connection: 'c', vi: 'v' })
  one.follow(200, waiting, asking, accepting)
  one.ask(0, setVi('v', small)).look(0, 'v').leave(0).pass(2)
  return one.ask(1, setVi('v', small)).look(1, 'v').leave(1).ask(1, setVi('v', small)).look(1, 'v').story
}

export const nameStories: Readonly<Record<string, Story>> = { names, management, attributesOfMemory, attributesOfVis }

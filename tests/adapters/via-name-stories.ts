// Stories of what VIPL tells of hosts, and of what it changes afterwards: names, attributes.
import type { ViaNetAddress } from '../../spec/vocabulary/via-attributes.ts'
import { Teller } from './via-teller.ts'
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

export const nameStories: Readonly<Record<string, Story>> = { names, management }

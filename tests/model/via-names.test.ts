// The VIA model on the name service and on system management: what it forbids, and the nearest that it allows.
import { test } from 'tap'
import type { Judged } from '../../spec/model/via.ts'
import type { ViaNetAddress } from '../../spec/vocabulary/via-attributes.ts'
import type { ViplCall } from '../../spec/vocabulary/via-calls.ts'
import type { ViaReturn } from '../../spec/vocabulary/via-returns.ts'
import { left, right, Story } from './via-story.ts'

const start = { operation: 'VipNSInit', nic: 'nic' } as const
const end = { operation: 'VipNSShutdown', nic: 'nic' } as const
const find = (name: string | null, nameIndex = 0): ViplCall => ({
  operation: 'VipNSGetHostByName',
  nic: 'nic',
  name,
  nameIndex,
})
const name = (host: ViaNetAddress['host'] | null, nameLen = 64): ViplCall => {
  const address = host === null ? null : { host, discriminator: '' }
  return { operation: 'VipNSGetHostByAddr', nic: 'nic', address, nameLen }
}
const of = (host: number, discriminator = ''): Partial<ViaReturn> => ({ address: { host, discriminator } })
const called = (host: string, nameLen = host.length): Partial<ViaReturn> => ({ name: host, nameLen })
const manage = (infoType: number): ViplCall => ({ operation: 'VipQuerySystemManagementInfo', nic: 'nic', infoType })
const list = (...addresses: readonly ViaNetAddress[]): Partial<ViaReturn> => ({
  discovery: { numberOfHops: 1, addresses },
})
const refused = 'VIP_ERROR_NAMESERVICE'

/** Asks in the story of a host whose name service is started. */
type Ask = (body: ViplCall, code?: ViaReturn['code'], outputs?: Partial<ViaReturn>) => Judged

interface Rule {
  readonly requirement: string
  readonly forbidden: (ask: Ask) => Judged
  readonly allowed: (ask: Ask) => Judged
}

const rules: Readonly<Record<string, Rule>> = {
  'the name service does not start': {
    requirement: 'VIA-NS-001',
    forbidden: (ask) => ask(end) ?? ask(start, refused),
    allowed: (ask) => ask(start, refused) ?? ask(end),
  },
  'the name service does not end': {
    requirement: 'VIA-NS-001',
    forbidden: (ask) => ask(end, refused),
    allowed: (ask) => ask(end) ?? ask(end, refused) ?? ask(start),
  },
  'something is found when it has ended': {
    requirement: 'VIA-NS-001',
    forbidden: (ask) => ask(end) ?? ask(find('right'), 'VIP_SUCCESS', of(right)),
    allowed: (ask) => ask(start) ?? ask(end) ?? ask(find('right'), 'VIP_SUCCESS', of(right)),
  },
  'nothing is found when it was started again': {
    requirement: 'VIA-NS-001',
    forbidden: (ask) => ask(start) ?? ask(find('right'), refused),
    allowed: (ask) => ask(start) ?? ask(end) ?? ask(find('right'), refused),
  },
  'a host is found at the address of another': {
    requirement: 'VIA-NS-002',
    forbidden: (ask) => ask(find('right'), 'VIP_SUCCESS', of(left)),
    allowed: (ask) => ask(find('right'), 'VIP_SUCCESS', of(right)),
  },
  'an address has a discriminator': {
    requirement: 'VIA-NS-002',
    forbidden: (ask) => ask(find('right'), 'VIP_SUCCESS', of(right, '00')),
    allowed: (ask) => ask(find('left'), 'VIP_SUCCESS', of(left)),
  },
  'a name that nobody has is found': {
    requirement: 'VIA-NS-003',
    forbidden: (ask) => ask(find('nobody'), 'VIP_SUCCESS', of(right)),
    allowed: (ask) => ask(find(''), 'VIP_INVALID_PARAMETER') ?? ask(find('nobody'), refused),
  },
  'a host has an address too many': {
    requirement: 'VIA-NS-003',
    forbidden: (ask) => ask(find('right', 1), 'VIP_SUCCESS', of(right)),
    allowed: (ask) => ask(find('right', 1), refused),
  },
  'a host has another name': {
    requirement: 'VIA-NS-004',
    forbidden: (ask) => ask(name(right), 'VIP_SUCCESS', called('left')),
    allowed: (ask) => ask(name(right), 'VIP_SUCCESS', called('right', 6)),
  },
  'a host has two addresses': {
    requirement: 'VIA-NS-004',
    forbidden: (ask) =>
      ask(name('02ffffffffff'), 'VIP_SUCCESS', called('left')) ??
      ask(name('02fffffffffe'), 'VIP_SUCCESS', called('left')),
    allowed: (ask) =>
      ask(name('020000000001'), 'VIP_SUCCESS', called('left')) ??
      ask(name('020000000002'), 'VIP_SUCCESS', called('right')) ??
      ask(name('020000000001'), 'VIP_SUCCESS', called('left')) ??
      ask(name('02fffffffffe'), refused),
  },
  'a name has another length': {
    requirement: 'VIA-NS-004',
    forbidden: (ask) => ask(name(right), 'VIP_SUCCESS', called('right', 64)),
    allowed: (ask) => ask(name('02ffffffffff'), refused),
  },
  'how much room a name needs is not told': {
    requirement: 'VIA-NS-005',
    forbidden: (ask) => ask(name(right, 2), 'VIP_ERROR_RESOURCE', { nameLen: 2 }),
    allowed: (ask) => ask(name(right, 2), 'VIP_ERROR_RESOURCE', { nameLen: 5 }),
  },
  'a name is cut off': {
    requirement: 'VIA-NS-006',
    forbidden: (ask) => ask(name(right, 3), 'VIP_SUCCESS', called('ri')),
    allowed: (ask) => ask(name(right, 5), 'VIP_SUCCESS', called('right')),
  },
  'NULL is found': {
    requirement: 'VIA-NS-007',
    forbidden: (ask) => ask(find(null), 'VIP_SUCCESS', of(left)),
    allowed: (ask) => ask(find(null), 'VIP_INVALID_PARAMETER'),
  },
  'NULL has a name': {
    requirement: 'VIA-NS-007',
    forbidden: (ask) => ask(name(null), refused),
    allowed: (ask) => ask(name(null), 'VIP_INVALID_PARAMETER'),
  },
  'discovery tells nothing': {
    requirement: 'VIA-MGT-001',
    forbidden: (tell) => tell(manage(1)),
    allowed: (tell) => tell(manage(1), 'VIP_SUCCESS', list()) ?? tell(manage(1), 'VIP_ERROR_NOT_SUPPORTED'),
  },
  'a type that there is not is answered': {
    requirement: 'VIA-MGT-002',
    forbidden: (tell) => tell(manage(0), 'VIP_SUCCESS', list()),
    allowed: (tell) => tell(manage(0), 'VIP_ERROR_NOT_SUPPORTED') ?? tell(manage(1), 'VIP_INVALID_PARAMETER'),
  },
  'a host is discovered twice': {
    requirement: 'VIA-MGT-003',
    forbidden: (tell) =>
      tell(manage(1), 'VIP_SUCCESS', list({ host: right, discriminator: '' }, { host: right, discriminator: '' })),
    allowed: (tell) =>
      tell(manage(1), 'VIP_SUCCESS', list({ host: right, discriminator: '' }, { host: left, discriminator: '' })),
  },
  'a host is discovered that there is not': {
    requirement: 'VIA-MGT-003',
    forbidden: (tell) => tell(manage(1), 'VIP_SUCCESS', list({ host: 'ffffffffffff', discriminator: '' })),
    allowed: (tell) => tell(manage(1), 'VIP_SUCCESS', list({ host: left, discriminator: '' })),
  },
}

function asking(story: Story): Ask {
  return (body, code = 'VIP_SUCCESS', outputs = {}) => story.answer(left, story.start(left, body), { code, ...outputs })
}

for (const [words, { requirement, forbidden, allowed }] of Object.entries(rules)) {
  await test(`${words}: ${requirement}`, async (t) => {
    const ask = asking(new Story())
    t.equal(ask(start), undefined)
    const judged = forbidden(ask)
    t.ok(judged?.requirements.includes(requirement), judged?.words ?? 'all is allowed')
    const neighbour = asking(new Story())
    neighbour(start)
    const other = allowed(neighbour)
    t.equal(other, undefined, other?.words ?? 'allowed')
  })
}

// What a drawn program tries with the name service, and with discovery of hosts.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import type { ViaNetAddress } from '../../../spec/vocabulary/via-attributes.ts'
import { firstNic, secondNic } from './host.ts'
import { calls, type Try } from './try.ts'
import { closeNic, openNic } from './vipl-calls.ts'

const { nic } = firstNic
const start = (of: string | null = nic): CallBody => ({ operation: 'VipNSInit', nic: of })
const end = (of: string | null = nic): CallBody => ({ operation: 'VipNSShutdown', nic: of })
const find = (name: string | null, nameIndex = 0, of: string | null = nic): CallBody => ({
  operation: 'VipNSGetHostByName',
  nic: of,
  name,
  nameIndex,
})
const name = (host: ViaNetAddress['host'] | null, nameLen = 64): CallBody => {
  const address = host === null ? null : { host, discriminator: '' }
  return { operation: 'VipNSGetHostByAddr', nic, address, nameLen }
}

const discover = (infoType: number, of: string | null = nic): CallBody => ({
  operation: 'VipQuerySystemManagementInfo',
  nic: of,
  infoType,
})

/** Every world has the hosts left and right. */
export const nameTries: readonly Try[] = [
  calls(() => [start(), find('left'), find('right'), name(0), name(1), end()]),
  calls(() => [find('right'), name(1)]),
  calls(() => [start(), end(), find('right'), name(0)]),
  calls(() => [end(), start(), find('left'), start(), find('left')]),
  calls(() => [start(), find('nobody'), find('righ'), find(''), find(null), find('right', 1), find('right', 1000)]),
  calls(() => [start(), name('02ffffffffff'), name('02'), name(null)]),
  calls(() => [start(), name(1, 0), name(1, 2), name(1, 5), name(1, 6)]),
  calls(() => [start(null), end(null), find('right', 0, null)]),
  (script, { node }) => {
    script.host(node).hasSecond = true
    for (const body of [
      start(),
      start(secondNic.nic),
      end(secondNic.nic),
      find('right'),
      find('right', 0, secondNic.nic),
    ])
      script.call(node, body)
  },
  calls(() => [discover(1), discover(1), discover(0), discover(77_777), discover(1, null)]),
  // Of nobody, twice.
  calls(() => [start(), name('02ffffffffff'), name('02fffffffffe')]),
  // Through a handle that is closed.
  (script, { node }) => {
    const closed = script.fresh('n')
    const bodies = [openNic(closed), start(closed), closeNic(closed)]
    for (const body of [...bodies, start(closed), find('right', 0, closed), end(closed), start(), find('right')])
      script.call(node, body)
  },
  // Through a handle that takes the place of one that was closed.
  (script, { node }) => {
    const [had, has] = [script.fresh('n'), script.fresh('n')]
    const bodies = [openNic(had), start(had), closeNic(had), openNic(has), find('right', 0, has)]
    for (const body of bodies) script.call(node, body)
  },
  // Started, and a lookup that meets the end.
  (script, { node }) => {
    script.call(node, start())
    const looking = script.start(node, find('right'))
    script.call(node, end())
    script.join(looking)
  },
]

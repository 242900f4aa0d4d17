// Worlds: each has the one interface of its permutation, and is kept only for permutations of the same one.
import { test } from 'tap'
import { Worlds } from '../../harness/run/worlds.ts'
import type { EndpointSetting, InterfaceName } from '../../spec/vocabulary/endpoint.ts'
import { Puppet, permutation, puppets } from './puppet.ts'

await test('every endpoint is told the interface of its permutation, and a world of another is opened afresh', async (t) => {
  const opened: EndpointSetting[] = []
  const adapter = puppets(
    {},
    {
      open: async (settings) => {
        opened.push(...settings)
        return { kind: 'local', endpoints: settings.map((setting) => new Puppet({}, setting)) }
      },
    },
  )
  const worlds = new Worlds({ iut: adapter, reference: adapter })
  const roles = ['iut', 'reference'] as const
  const hosts = roles.map((role) => ({ name: role, role }))
  const of = (name: InterfaceName): ReturnType<Worlds['take']> =>
    worlds.take(permutation([], { interface: name, hosts }), true)
  const first = await of('emp')
  const second = await of('via')
  t.same(
    opened.map((setting) => setting.interface),
    ['emp', 'emp', 'via', 'via'],
  )
  t.not(second.world, first.world)
  t.equal((await of('emp')).world, first.world)
  t.equal((await of('via')).world, second.world)
  t.equal(opened.length, 4)
})

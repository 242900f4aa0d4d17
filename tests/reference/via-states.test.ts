// The machine of a VI as a golden matrix, and the moves that calls make of it.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'tap'
import { printMachine } from '../../reference/core/machine.ts'
import { viEvents, viLives, viStates } from '../../reference/via/states.ts'
import { ViaPair } from './via-pair.ts'

await test('the state matrix is the golden one', async (t) => {
  const golden = resolve(import.meta.dirname, '../../../tests/golden/via-states.txt')
  t.equal(printMachine(viStates, viLives, viEvents), readFileSync(golden, 'utf8'))
})

await test('only disconnecting leads out of the error state, and only an idle VI can be destroyed', async (t) => {
  const pair = new ViaPair()
  pair.prepare('reliable-delivery')
  pair.connect()
  t.same([pair.state(0), pair.state(1)], ['connected', 'connected'])
  t.equal(pair.code(0, { operation: 'VipDestroyVi', vi: 'v' }), 'VIP_INVALID_STATE')
  t.equal(pair.code(0, { operation: 'VipDisconnect', vi: 'v' }), 'VIP_SUCCESS')
  pair.run()
  t.same([pair.state(0), pair.state(1)], ['idle', 'error'])
  t.same([pair.errors(0), pair.errors(1)], [[], ['connection-lost']])
  t.equal(pair.code(1, { operation: 'VipDestroyVi', vi: 'v' }), 'VIP_INVALID_STATE')
  t.equal(pair.code(1, { operation: 'VipDisconnect', vi: 'v' }), 'VIP_SUCCESS')
  t.equal(pair.code(1, { operation: 'VipDisconnect', vi: 'v' }), 'VIP_SUCCESS', 'twice is harmless')
  t.equal(pair.code(1, { operation: 'VipDestroyVi', vi: 'v' }), 'VIP_SUCCESS')
  t.equal(pair.code(1, { operation: 'VipDestroyVi', vi: 'v' }), 'VIP_INVALID_PARAMETER')
  t.same(
    pair.endpoints.map(({ wakeAt }) => wakeAt),
    [undefined, undefined],
  )
})

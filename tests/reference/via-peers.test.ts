// Peers that look for each other: on one host, several for one address, with frames lost, late, or of requests that are over.
import { test } from 'tap'
import { frameKind } from '../../reference/via/frame.ts'
import type { ViplCall } from '../../spec/vocabulary/via-calls.ts'
import { ViaPair } from './via-pair.ts'

type Request = Extract<ViplCall, { operation: 'VipConnectPeerRequest' }>

/** A request of `node` at `own` for who is at `wanted` of the other host, or of the one given. */
function request(node: number, vi: string, [own, wanted]: readonly [string, string], to = 1 - node): Request {
  const local = { host: node, discriminator: own }
  const remote = { host: to, discriminator: wanted }
  return { operation: 'VipConnectPeerRequest', vi, local, remote, timeout: 1000 }
}

const done = (vi: string) => ({ operation: 'VipConnectPeerDone', vi }) as const

function prepared(): ViaPair {
  const pair = new ViaPair()
  pair.prepare('unreliable')
  for (const node of [0, 1]) for (const vi of ['w', 'x']) pair.makeVi(node, vi)
  return pair
}

await test('two VIs of one host are paired', async (t) => {
  const pair = prepared()
  pair.code(0, request(0, 'v', ['0a', '0b'], 0))
  pair.code(0, request(0, 'w', ['0b', '0a'], 0))
  pair.settle()
  t.equal(pair.code(0, done('v')), 'VIP_SUCCESS')
  t.equal(pair.code(0, done('w')), 'VIP_SUCCESS')
})

await test('a VI is not paired with itself', async (t) => {
  const pair = prepared()
  pair.code(0, request(0, 'v', ['0a', '0a'], 0))
  pair.run(pair.now + 50_000_000)
  t.equal(pair.code(0, done('v')), 'VIP_NOT_DONE')
  t.equal(pair.state(0), 'connect-pending')
})

await test('of several requests for one address each is paired with one', async (t) => {
  const pair = prepared()
  for (const vi of ['v', 'w', 'x']) pair.code(0, request(0, vi, ['0a', '0b']))
  for (const vi of ['v', 'w']) pair.code(1, request(1, vi, ['0b', '0a']))
  pair.run(pair.now + 50_000_000)
  const outcomes = ['v', 'w', 'x'].map((vi) => pair.code(0, done(vi)))
  t.equal(outcomes.filter((code) => code === 'VIP_SUCCESS').length, 2)
  t.equal(outcomes.filter((code) => code === 'VIP_NOT_DONE').length, 1)
  for (const vi of ['v', 'w']) t.equal(pair.code(1, done(vi)), 'VIP_SUCCESS')
  pair.code(1, request(1, 'x', ['0b', '0a']))
  pair.run(pair.now + 300_000_000)
  t.equal(pair.code(1, done('x')), 'VIP_SUCCESS')
})

await test('whatever frames are lost, both are paired in the end', async (t) => {
  for (let lost = 0; lost < 64; lost++) {
    const pair = prepared()
    pair.fate = (_frame, ordinal) => ((lost >> ordinal) & 1 ? [] : [10_000])
    pair.code(1, request(1, 'v', ['0b', '0a']))
    pair.settle()
    pair.code(0, request(0, 'v', ['0a', '0b']))
    pair.run(pair.now + 900_000_000)
    t.equal(pair.code(0, done('v')), 'VIP_SUCCESS', `${lost}`)
    t.equal(pair.code(1, done('v')), 'VIP_SUCCESS', `${lost}`)
  }
})

await test('a late frame of a request that is over pairs nobody', async (t) => {
  const pair = prepared()
  pair.fate = ({ kind }, ordinal) => (kind === frameKind.peerRequest && ordinal === 0 ? [10_000, 80_000_000] : [10_000])
  pair.code(1, request(1, 'v', ['0b', '0a']))
  pair.settle()
  pair.code(1, { operation: 'VipDisconnect', vi: 'v' })
  pair.code(0, request(0, 'v', ['0a', '0b']))
  pair.run(pair.now + 100_000_000)
  t.equal(pair.code(0, done('v')), 'VIP_NOT_DONE', 'the request that comes late is turned away')
  pair.code(1, request(1, 'w', ['0b', '0a']))
  pair.run(pair.now + 300_000_000)
  t.equal(pair.code(0, done('v')), 'VIP_SUCCESS')
  t.equal(pair.code(1, done('w')), 'VIP_SUCCESS')
})

await test('one that has been paired and whose time is over tells the other', async (t) => {
  const pair = prepared()
  pair.fate = ({ kind }) => (kind === frameKind.confirm ? [] : [10_000])
  pair.code(0, request(0, 'v', ['0a', '0b']))
  pair.code(1, request(1, 'v', ['0b', '0a']))
  pair.settle()
  t.equal(pair.code(1, done('v')), 'VIP_SUCCESS')
  t.equal(pair.state(1), 'connected')
  pair.run(pair.now + 1_100_000_000)
  t.equal(pair.code(0, done('v')), 'VIP_TIMEOUT')
  t.equal(pair.state(0), 'idle')
  t.equal(pair.state(1), 'error')
  t.same(pair.errors(1), ['connection-lost'])
})

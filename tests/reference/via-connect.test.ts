// The VIA reference connecting: every outcome of request, wait, accept and reject, and frames lost on the way.
import { test } from 'tap'
import { frameKind } from '../../reference/via/frame.ts'
import type { CallBody } from '../../spec/vocabulary/calls.ts'
import { ViaPair, local, remote } from './via-pair.ts'
import type { Fate } from './via-pair.ts'

const ms = 1_000_000

function ready(): ViaPair {
  const pair = new ViaPair()
  pair.prepare('reliable-delivery')
  return pair
}

const request = (timeout = 100): CallBody => ({ operation: 'VipConnectRequest', vi: 'v', local, remote, timeout })
const wait = (timeout = 100, as = 'c'): CallBody => ({
  operation: 'VipConnectWait',
  nic: 'n',
  local: remote,
  timeout,
  as,
})
const accept: CallBody = { operation: 'VipConnectAccept', connection: 'c', vi: 'v' }
const reject: CallBody = { operation: 'VipConnectReject', connection: 'c' }

await test('request, wait and accept connect, whichever single frame is lost', async (t) => {
  const all: Fate[] = [() => [10_000], () => [10_000, 30_000]]
  for (let lost = 0; lost < 5; lost++) all.push((_frame, ordinal) => (ordinal === lost ? [] : [10_000]))
  for (const fate of all) {
    const pair = ready()
    pair.fate = fate
    const waiting = pair.open(1, wait())
    const asking = pair.open(0, request())
    t.equal(pair.state(0), 'connect-pending')
    pair.run(20 * ms)
    t.match(pair.returns.get(waiting)?.vip, {
      code: 'VIP_SUCCESS',
      remoteAddress: { host: 0, discriminator: 'aa' },
      remoteAttributes: { reliabilityLevel: 2, maxTransferSize: 32_768 },
    })
    const accepting = pair.open(1, accept)
    pair.run(60 * ms)
    t.equal(pair.codeOf(accepting), 'VIP_SUCCESS')
    t.match(pair.returns.get(asking)?.vip, { code: 'VIP_SUCCESS', remoteAttributes: { reliabilityLevel: 2 } })
    t.same([pair.state(0), pair.state(1)], ['connected', 'connected'])
    t.equal(pair.code(1, accept), 'VIP_INVALID_PARAMETER', 'the handle is used up')
    t.same(
      pair.endpoints.map(({ wakeAt }) => wakeAt),
      [undefined, undefined],
    )
  }
})

await test('nobody waits there: no match at once, and the posted receives stay', async (t) => {
  const pair = ready()
  pair.post(0, 'Recv', 'r', { slot: 0, bytes: 10 })
  const asking = pair.open(0, request())
  pair.settle()
  t.equal(pair.codeOf(asking), 'VIP_NO_MATCH')
  t.equal(pair.state(0), 'idle')
  t.equal(pair.done(0, 'Recv').code, 'VIP_NOT_DONE')
  pair.open(1, wait())
  pair.run(20 * ms)
  t.equal(pair.sent.filter(({ kind }) => kind === frameKind.request).length, 1)
})

await test('rejected, with the refusal lost', async (t) => {
  const pair = ready()
  pair.fate = ({ kind }, ordinal) => (kind === frameKind.refuse && ordinal < 3 ? [] : [10_000])
  pair.open(1, wait())
  const asking = pair.open(0, request())
  pair.settle()
  t.equal(pair.code(1, reject), 'VIP_SUCCESS')
  t.equal(pair.code(1, reject), 'VIP_INVALID_PARAMETER')
  pair.run()
  t.equal(pair.codeOf(asking), 'VIP_REJECT')
})

await test('timeouts: of the wait, of the request, over a dead network, and of zero', async (t) => {
  const pair = ready()
  t.equal(pair.code(1, wait(0)), 'VIP_TIMEOUT')
  t.equal(pair.code(0, request(0)), 'VIP_INVALID_PARAMETER')
  const waiting = pair.open(1, wait(3))
  pair.run()
  t.same([pair.codeOf(waiting), pair.now], ['VIP_TIMEOUT', 3 * ms])
  pair.fate = () => []
  const dead = pair.open(0, request(5))
  pair.run()
  t.same([pair.codeOf(dead), pair.now, pair.state(0)], ['VIP_TIMEOUT', 8 * ms, 'idle'])
})

await test('a client that has given up cannot be accepted, whether the server has heard of it or not', async (t) => {
  for (const heard of [true, false]) {
    const pair = ready()
    pair.fate = ({ kind }) => (kind === frameKind.cancel && !heard && pair.now < 10 * ms ? [] : [10_000])
    pair.open(1, wait())
    const asking = pair.open(0, request(5))
    pair.run(20 * ms)
    t.equal(pair.codeOf(asking), 'VIP_TIMEOUT')
    const accepting = pair.open(1, accept)
    pair.run()
    t.equal(pair.codeOf(accepting), 'VIP_TIMEOUT')
    t.same([pair.state(0), pair.state(1)], ['idle', 'idle'])
  }
})

await test('attributes that differ: the client is not told, and the handle stays good', async (t) => {
  const pair = ready()
  pair.makeVi(1, 'level', { reliabilityLevel: 4 })
  pair.makeVi(1, 'size', { reliabilityLevel: 2, maxTransferSize: 1000 })
  pair.makeVi(1, 'qos', { reliabilityLevel: 2, qos: 1 })
  pair.open(1, wait())
  const asking = pair.open(0, request())
  pair.settle()
  const before = pair.sent.length
  const codes = ['level', 'size', 'qos'].map((vi) =>
    pair.code(1, { operation: 'VipConnectAccept', connection: 'c', vi }),
  )
  t.same(codes, ['VIP_INVALID_RELIABILITY_LEVEL', 'VIP_INVALID_MTU', 'VIP_INVALID_QOS'])
  t.equal(pair.sent.length, before)
  pair.open(1, accept)
  pair.settle()
  t.equal(pair.codeOf(asking), 'VIP_SUCCESS')
})

await test('disconnecting cancels what is pending on either side', async (t) => {
  const pair = ready()
  pair.open(1, wait())
  const asking = pair.open(0, request())
  pair.settle()
  pair.fate = ({ kind }) => (kind === frameKind.accept ? [] : [10_000])
  const accepting = pair.open(1, accept)
  t.equal(pair.state(1), 'connect-pending')
  t.equal(pair.code(1, { operation: 'VipDisconnect', vi: 'v' }), 'VIP_SUCCESS')
  t.same([pair.codeOf(accepting), pair.state(1)], ['VIP_TIMEOUT', 'idle'])
  pair.settle()
  t.equal(pair.codeOf(asking), 'VIP_REJECT')
  const again = pair.open(0, request())
  t.equal(pair.code(0, request()), 'VIP_INVALID_STATE')
  pair.call(0, { operation: 'VipDisconnect', vi: 'v' })
  t.same([pair.codeOf(again), pair.state(0)], ['VIP_TIMEOUT', 'idle'])
})

await test('handles of every kind are refused when they are stale, NULL, or of another kind', async (t) => {
  const pair = ready()
  const bad = 'VIP_INVALID_PARAMETER'
  for (const vi of [null, 'n']) {
    t.equal(pair.code(0, { operation: 'VipQueryVi', vi }), bad)
    t.equal(pair.code(0, { operation: 'VipDisconnect', vi }), bad)
    t.equal(pair.code(0, { operation: 'VipSendDone', vi }), bad)
  }
  t.equal(pair.call(0, { operation: 'VipQueryVi', vi: 'never' })?.status, 'invalid')
  t.equal(pair.code(0, { operation: 'VipCloseNic', nic: 'n' }), 'VIP_ERROR_RESOURCE')
  t.equal(pair.code(0, { operation: 'VipDestroyPtag', nic: 'n', ptag: 'p' }), 'VIP_ERROR_RESOURCE')
  t.equal(pair.code(0, { operation: 'VipNSShutdown', nic: 'n' }), 'VIP_ERROR_NAMESERVICE')
  t.equal(pair.code(0, { operation: 'VipOpenNic', device: 'none', as: 'x' }), bad)
  t.match(pair.call(0, { operation: 'VipQueryNic', nic: 'n' })?.vip?.nicAttributes, { reliabilityLevelSupport: 7 })
  t.equal(pair.makeVi(0, 'w', { reliabilityLevel: 3 }), 'VIP_INVALID_RELIABILITY_LEVEL')
  t.equal(pair.makeVi(0, 'w', { maxTransferSize: 65_537 }), 'VIP_INVALID_MTU')
  t.equal(pair.makeVi(0, 'w', { ptag: null }), 'VIP_INVALID_PTAG')
  t.equal(pair.makeVi(0, 'w', { enableRdmaRead: true }), 'VIP_INVALID_RDMAREAD')
  t.equal(pair.makeVi(0, 'v'), undefined, 'the name is taken')
  for (let i = 1; i < 8; i++) pair.call(0, { operation: 'VipOpenNic', device: 'viaduct0', as: `n${i}` })
  t.equal(pair.code(0, { operation: 'VipOpenNic', device: 'viaduct0', as: 'n8' }), 'VIP_ERROR_RESOURCE')
})

await test('a host connects to itself', async (t) => {
  const pair = ready()
  pair.makeVi(0, 'w', { reliabilityLevel: 2 })
  const here = { host: 0, discriminator: '' }
  pair.open(0, { operation: 'VipConnectWait', nic: 'n', local: here, timeout: 10, as: 'c' })
  const asking = pair.open(0, { operation: 'VipConnectRequest', vi: 'v', local, remote: here, timeout: 10 })
  pair.open(0, { operation: 'VipConnectAccept', connection: 'c', vi: 'w' })
  t.equal(pair.codeOf(asking), 'VIP_SUCCESS')
  pair.write(0, 'r', 1, { segments: [{ at: { buffer: 'data', offset: 20_000 }, memory: 'm.data', bytes: 20_000 }] })
  pair.call(0, { operation: 'VipPostRecv', vi: 'w', descriptor: 'r', memory: 'm.pool' })
  pair.post(0, 'Send', 's', { slot: 0, bytes: 20_000 })
  t.equal(pair.status(0, 'Send'), 1)
  t.equal(pair.digest(0, 0, 20_000), pair.digest(0, 20_000, 20_000))
})

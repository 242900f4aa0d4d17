// What lies under the VIA provider, and how a further device is written: as docs/writing-a-device.md shows.
import { test } from 'tap'
import { Ethernet } from '../../reference/via/devices/ethernet.ts'
import { Loopback } from '../../reference/via/devices/loopback.ts'
import { Offload } from '../../reference/via/devices/offload.ts'
import type { DeviceKind } from '../../reference/via/devices/device.ts'
import { frameKind, viaEthertype } from '../../reference/via/frame.ts'
import { ViaPair } from './via-pair.ts'

const devices: Readonly<Record<string, DeviceKind>> = { Ethernet, Loopback, Offload }

/** Connects two hosts, and moves one message of `bytes` octets from host 0 to host 1. */
function carried(device: DeviceKind, bytes: number): ViaPair {
  const pair = new ViaPair({ parts: { device } })
  pair.prepare('reliable-delivery')
  pair.connect()
  pair.post(1, 'Recv', 'r', { slot: 0, bytes: 20_000 })
  pair.post(0, 'Send', 's', { slot: 0, bytes })
  pair.settle()
  return pair
}

for (const [name, device] of Object.entries(devices)) {
  await test(`${name} carries a message of several frames, and one of none`, (t) => {
    for (const bytes of [0, 20_000]) t.equal(carried(device, bytes).done(1, 'Recv').found?.length, bytes)
    t.end()
  })
}

/** Frames with data, of a message of 20 000 octets. */
function frames(device: DeviceKind): number {
  return carried(device, 20_000).sent.filter(({ kind }) => kind === frameKind.data).length
}

await test('what a device takes at a time decides in how many frames a message goes', (t) => {
  t.equal(frames(Ethernet), frames(Offload))
  t.equal(frames(Loopback), 3)
  t.ok(frames(Offload) > 10)
  t.end()
})

/** Octets of the shortest frame of a connection. */
function shortest(device: DeviceKind): number {
  return Math.min(...carried(device, 0).sent.map(({ octets }) => octets.length))
}

await test('only a wire asks for a shortest frame', (t) => {
  t.equal(shortest(Ethernet), 60)
  t.ok(shortest(Loopback) < 60)
  t.end()
})

await test('a device in software has sent what is posted when the post returns, and a card has not', (t) => {
  for (const [device, isSent] of [
    [Ethernet, true],
    [Offload, false],
  ] as const) {
    const pair = new ViaPair({ parts: { device }, stepped: true })
    t.equal(pair.endpoints.length, 2)
    pair.prepare('unreliable')
    const before = pair.sent.length
    pair.open(0, { operation: 'VipConnectRequest', vi: 'v', local: null, remote: null, timeout: 5 })
    pair.open(0, {
      operation: 'VipConnectRequest',
      vi: 'v',
      local: { host: 0, discriminator: 'aa' },
      remote: { host: 1, discriminator: 'bb01' },
      timeout: 5,
    })
    t.equal(pair.sent.length > before, isSent)
  }
  t.end()
})

let arrivals = 0

/** A fourth device: a card that counts what arrives. */
class Counting extends Offload {
  override take(octets: Uint8Array, length: number): void {
    arrivals++
    super.take(octets, length)
  }
}

await test('a further device is one small class that the provider is given', (t) => {
  t.equal(carried(Counting, 20_000).done(1, 'Recv').found?.length, 20_000)
  t.ok(arrivals > 20)
  t.end()
})

await test('frames of other protocols are handed on by a card, and never reach the ring', (t) => {
  const pair = new ViaPair({ parts: { device: Offload } })
  pair.prepare('unreliable')
  const foreign = new Uint8Array(60)
  foreign.set([0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 1, viaEthertype >> 8, (viaEthertype & 0xff) ^ 1])
  for (let i = 0; i < 100; i++) pair.endpoints[1]?.deliver(foreign, 60, pair.now)
  pair.connect()
  t.match(pair.call(1, { operation: 'VipQueryVi', vi: 'v' })?.vip, { state: 'connected' })
  t.end()
})

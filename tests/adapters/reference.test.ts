// The reference as an adapter: what it declares is what the proforma asks for, and what its endpoints hold.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'tap'
import { parse } from 'yaml'
import { localAdapter } from '../../adapters/local.ts'
import { makeReferenceEndpoint, referenceAdapter } from '../../adapters/reference/adapter.ts'
import { referencePics } from '../../adapters/reference/pics.ts'
import { grants } from '../../harness/subject/pics.ts'
import type { CallBody, Return } from '../../spec/vocabulary/calls.ts'
import { interfaceDefaults, interfaceNames } from '../../spec/vocabulary/endpoint.ts'
import type { Configuration, Endpoint, EndpointSetting, InterfaceName } from '../../spec/vocabulary/endpoint.ts'
import type { ViaNicAttributes } from '../../spec/vocabulary/via-attributes.ts'
import { viaStatusBits, viaStatusOperations } from '../../spec/vocabulary/via-constants.ts'
import { ViaPair } from '../reference/via-pair.ts'

interface Proforma {
  readonly options: readonly { readonly name: string }[]
  readonly values: readonly { readonly key: string; readonly default: number }[]
}

function proforma(name: InterfaceName): Proforma {
  const described: Proforma = parse(
    readFileSync(resolve(import.meta.dirname, `../../../spec/pics/${name}.yaml`), 'utf8'),
  )
  return described
}

function setting(called: InterfaceName, configuration: Configuration = {}): EndpointSetting {
  const hosts = [0, 1].map((node) => ({ node, name: `n${node}`, mac: `02000000000${node}` }))
  return { interface: called, node: 0, hosts, configuration, stepped: false, seed: 1 }
}

function ignore(): void {}

/** What the endpoint answers at once. */
function answers(endpoint: Endpoint, bodies: readonly CallBody[]): Return[] {
  const returns: Return[] = []
  bodies.forEach((body, id) => endpoint.apply({ id, thread: 0, body }, 0))
  endpoint.drain({ frame: ignore, event: ignore, returned: (answer) => returns.push(answer) })
  return returns
}

const openNic = { operation: 'VipOpenNic', device: 'viaduct0', as: 'n' } as const
const queryNic = { operation: 'VipQueryNic', nic: 'n' } as const

await test('it declares each option and each value of both interfaces, with the default that the proforma names', async (t) => {
  const keys = new Set<string>()
  for (const name of interfaceNames) {
    const { options, values } = proforma(name)
    for (const option of options) t.ok(grants(referencePics, option.name), option.name)
    t.same(interfaceDefaults[name], Object.fromEntries(values.map((each) => [each.key, each.default])))
    for (const { key, default: value } of values) {
      keys.add(key)
      t.equal(referencePics.values[key]?.value, value, key)
    }
  }
  t.same(new Set(Object.keys(referencePics.values)), keys)
})

await test('an endpoint answers the calls of its own interface and no others', async (t) => {
  const calls: readonly CallBody[] = [{ operation: 'emp.counters' }, openNic]
  const offered = interfaceNames.map((name) => answers(makeReferenceEndpoint(setting(name)), calls))
  t.same(
    offered.map((returns) => returns.map(({ status }) => status)),
    [
      ['ok', 'unsupported'],
      ['unsupported', 'ok'],
    ],
  )
  t.equal(offered[1]?.[1]?.vip?.code, 'VIP_SUCCESS')
})

await test('it opens worlds of each interface that it offers, and refuses others in words', async (t) => {
  const { name, identity, isReference } = referenceAdapter()
  for (const called of interfaceNames) {
    const pics = { ...referencePics, interfaces: [called] }
    const adapter = localAdapter({ name, identity, isReference, pics, make: makeReferenceEndpoint })
    t.match(await adapter.open([setting(called)]), { kind: 'local', endpoints: [{}] })
    const other = called === 'emp' ? 'via' : 'emp'
    await t.rejects(adapter.open([setting(called), setting(other)]), {
      message: `reference does not offer the interface ${other}, only ${called}`,
    })
  }
})

/** Where each limit shows in what VipQueryNic tells. */
const shown: Readonly<Record<string, keyof ViaNicAttributes>> = {
  'via.max-ptags': 'maxPtags',
  'via.max-vis': 'maxVI',
  'via.max-cqs': 'maxCQ',
  'via.max-cq-entries': 'maxCQEntries',
  'via.max-descriptors': 'maxDescriptorsPerQueue',
  'via.max-segments': 'maxSegmentsPerDesc',
  'via.max-regions': 'maxRegisterRegions',
  'via.max-region-octets': 'maxRegisterBlockBytes',
  'via.max-register-octets': 'maxRegisterBytes',
  'via.max-transfer': 'maxTransferSize',
  'via.max-discriminator': 'maxDiscriminatorLen',
  'wire.mtu': 'nativeMTU',
}

await test('it takes both ends of every range that it declares, and a NIC of VIA tells them', async (t) => {
  for (const name of interfaceNames) {
    for (const key of Object.keys(interfaceDefaults[name])) {
      const range = referencePics.values[key]?.settable
      if (!range) continue
      const least = name === 'via' && key === 'wire.mtu' ? 576 : range.least
      for (const value of [least, range.most]) {
        const endpoint = makeReferenceEndpoint(setting(name, { [key]: value }))
        const attribute = shown[key]
        if (name === 'emp' || attribute === undefined) continue
        t.equal(answers(endpoint, [openNic, queryNic])[1]?.vip?.nicAttributes?.[attribute], value, `${key} ${value}`)
      }
    }
  }
})

for (const mtu of [576, 1500, 9000]) {
  await test(`the longest transfer that can be set gets across in frames of ${mtu} octets, losses or not`, async (t) => {
    const most = referencePics.values['via.max-transfer']?.settable?.most ?? 0
    const pair = new ViaPair({ configuration: { 'via.max-transfer': most, 'wire.mtu': mtu } })
    pair.prepare('reliable-delivery')
    for (const node of [0, 1]) {
      pair.register(node, 'large', most, 20 + node)
      pair.makeVi(node, 'w', { reliabilityLevel: 2, maxTransferSize: most })
    }
    pair.connect('w')
    pair.fate = (_, ordinal) => (ordinal % 97 === 5 ? [] : [10_000])
    const segments = [{ at: { buffer: 'large', offset: 0 }, memory: 'm.large', bytes: most }]
    for (const [node, queue] of [[1, 'Recv'] as const, [0, 'Send'] as const]) {
      pair.write(node, queue, 0, { segments })
      pair.call(node, { operation: `VipPost${queue}`, vi: 'w', descriptor: queue, memory: 'm.pool' })
    }
    pair.run()
    const taken = pair.call(1, { operation: 'VipRecvDone', vi: 'w' })?.vip?.descriptor
    const status = viaStatusBits.done | viaStatusOperations.receive
    t.match(taken, { name: 'Recv', length: most, status })
    const [sent, received] = [0, 1].map(
      (node) =>
        pair.call(node, { operation: 'memory.digest', at: { buffer: 'large', offset: 0, bytes: most } })?.digest,
    )
    t.equal(received, sent)
  })
}

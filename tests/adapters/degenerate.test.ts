// The degenerate implementations: each does its one wrong thing, and claims everything that can be claimed.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'tap'
import type { Test } from 'tap'
import { parse } from 'yaml'
import { degenerateAdapter, degenerateNames } from '../../adapters/degenerate/adapter.ts'
import type { DegenerateName } from '../../adapters/degenerate/adapter.ts'
import { configure, grants } from '../../harness/subject/pics.ts'
import type { TurnOutput } from '../../harness/subject/turn.ts'
import type { CallBody } from '../../spec/vocabulary/calls.ts'
import { interfaceNames, type Endpoint } from '../../spec/vocabulary/endpoint.ts'
import { crc32c } from '../../spec/vocabulary/memory.ts'

const fill = { kind: 'ramp', seed: 1 } as const
const at = { buffer: 'b', offset: 2, bytes: 3 }
const bodies: readonly CallBody[] = [
  { operation: 'memory.allocate', as: 'b', bytes: 8, align: 8, offset: 0, fill, guard: 4, locked: true },
  { operation: 'memory.read', at },
  { operation: 'memory.digest', at },
  { operation: 'memory.write', at, fill: { kind: 'const', seed: 9 } },
  { operation: 'memory.read', at: { buffer: 'b', offset: 0, bytes: 100 } },
  { operation: 'memory.guards', buffer: 'b' },
  { operation: 'emp.isend', as: 's', to: 1, tag: 5, pieces: [at, at] },
  { operation: 'emp.irecv', as: 'r', from: 2, tag: 6, pieces: [at] },
  { operation: 'emp.test', request: 's' },
  { operation: 'emp.waitall', requests: ['r', 's'] },
  { operation: 'emp.wait', request: 'never posted' },
  { operation: 'emp.configure', collection: 5 },
  { operation: 'emp.counters' },
  { operation: 'emp.descriptor', request: 's' },
  { operation: 'memory.free', buffer: 'b' },
  { operation: 'memory.read', at },
]

async function open(name: DegenerateName): Promise<Endpoint> {
  const hosts = [{ node: 0, name: 'left', mac: '020000000000' }]
  const opened = await degenerateAdapter(name).open([
    { interface: 'emp', node: 0, hosts, configuration: {}, stepped: false, seed: 1 },
  ])
  const endpoint = opened.kind === 'local' ? opened.endpoints[0] : undefined
  if (!endpoint) throw new Error('not opened')
  return endpoint
}

function drain(endpoint: Endpoint): TurnOutput[] {
  const outputs: TurnOutput[] = []
  endpoint.drain({
    frame: (octets, length) => outputs.push({ kind: 'frame', octets: octets.slice(0, length) }),
    returned: (answer) => outputs.push({ kind: 'return', answer }),
    event: (event) => outputs.push({ kind: 'event', event }),
  })
  return outputs
}

/** All that an endpoint says to every call, to a frame and to a wake. */
async function hear(t: Test, name: DegenerateName): Promise<TurnOutput[]> {
  const endpoint = await open(name)
  bodies.forEach((body, id) => endpoint.apply({ id, thread: 0, body }, 10))
  endpoint.deliver(new Uint8Array(60), 60, 20)
  endpoint.wake(30)
  t.equal(endpoint.wakeAt, undefined, `${name} arms nothing`)
  t.equal(endpoint.runnableCount, 0)
  const outputs = drain(endpoint)
  t.same(drain(endpoint), [], 'everything is said once')
  return outputs
}

await test('silent says nothing', async (t) => {
  t.same(await hear(t, 'silent'), [])
})

await test('no refuses every call but those about memory', async (t) => {
  const outputs = await hear(t, 'no')
  t.equal(outputs.length, bodies.length)
  outputs.forEach((output, id) => {
    const operation = bodies[id]?.operation ?? ''
    const isOption = ['emp.counters', 'emp.descriptor'].includes(operation)
    const refusal = isOption ? 'unsupported' : 'invalid'
    t.match(output, { kind: 'return', answer: { id, status: operation.startsWith('memory.') ? 'ok' : refusal } })
  })
})

await test('yes says ok at once to every call, keeps its memory, and puts nothing on the wire', async (t) => {
  const outputs = await hear(t, 'yes')
  const returns = outputs.flatMap((output) => (output.kind === 'return' ? [output.answer] : []))
  const sent = { request: 's', outcome: 'done', bytes: 6, peer: 1, tag: 5 }
  const received = { request: 'r', outcome: 'done', bytes: 3, peer: 2, tag: 6 }
  t.same(
    returns,
    [
      {},
      { octets: '030405' },
      { digest: crc32c(Uint8Array.of(3, 4, 5)) },
      {},
      { octets: '0102090909060708' },
      { damaged: null },
      {},
      {},
      { completions: [sent] },
      { completions: [received, sent] },
      { completions: [{ request: 'never posted', outcome: 'done', bytes: 0, peer: 0, tag: 0 }] },
      {},
      { counters: {} },
      { octets: '00'.repeat(20) },
      {},
      { octets: '' },
    ].map((extras, id) => ({ id, status: 'ok', ...extras })),
  )
  t.same(
    outputs.flatMap((output) => (output.kind === 'event' ? [output.event] : [])),
    [sent, received].map((completion) => ({ event: 'emp.completion', ...completion })),
  )
  t.equal(outputs.filter(({ kind }) => kind === 'frame').length, 0)
})

await test('a reset forgets everything', async (t) => {
  const endpoint = await open('yes')
  bodies.slice(0, 8).forEach((body, id) => endpoint.apply({ id, thread: 0, body }, 0))
  endpoint.reset(2)
  t.same(drain(endpoint), [])
  endpoint.apply({ id: 1, thread: 0, body: { operation: 'memory.read', at } }, 0)
  t.same(drain(endpoint), [{ kind: 'return', answer: { id: 1, status: 'ok', octets: '' } }])
})

await test('they claim everything that the proformas ask, for both interfaces, so that no case is spared', async (t) => {
  interface Proforma {
    readonly options: readonly { readonly name: string }[]
    readonly values: readonly { readonly key: string; readonly default: number }[]
  }
  const proformas = interfaceNames.map((interfaceName): Proforma => {
    const file = resolve(import.meta.dirname, `../../../spec/pics/${interfaceName}.yaml`)
    return parse(readFileSync(file, 'utf8'))
  })
  const values = proformas.flatMap((proforma) => proforma.values)
  for (const name of degenerateNames) {
    const { pics, isReference } = degenerateAdapter(name)
    t.notOk(isReference)
    t.same(pics.interfaces, interfaceNames)
    for (const option of proformas.flatMap(({ options }) => options)) {
      t.equal(grants(pics, option.name), option.name !== 'stepped', option.name)
    }
    t.same(new Set(Object.keys(pics.values)), new Set(values.map(({ key }) => key)))
    for (const { key, default: value } of values) {
      t.equal(pics.values[key]?.value, value)
      for (const wanted of [0, 1, 65_535, 10_000_000_000]) t.ok('configuration' in configure(pics, { [key]: wanted }))
    }
  }
})

// RDMA of the VIA reference, whatever befalls its frames: held against a model of what ought to stand where.
import * as fc from 'fast-check'
import { test } from 'tap'
import { viaReliabilityLevels, viaStatusBits, viaStatusMasks } from '../../spec/vocabulary/via-constants.ts'
import type { ViaReliabilityLevel } from '../../spec/vocabulary/via-constants.ts'
import type { ViaRegion } from '../../spec/vocabulary/via-descriptor.ts'
import { ViaPair, viAttributes } from './via-pair.ts'

const reliable: readonly ViaReliabilityLevel[] = ['reliable-delivery', 'reliable-reception']
const size = 65_536
const ms = 1_000_000

interface Exposed {
  readonly pair: ViaPair
  /** The data of either host, as the other may use it. */
  readonly regions: readonly ViaRegion[]
  /** What ought to stand there. */
  readonly model: readonly Uint8Array[]
}

function exposed(level: ViaReliabilityLevel): Exposed {
  const pair = new ViaPair()
  pair.prepare(level)
  const isReliable = level !== 'unreliable'
  const regions = [0, 1].map((node) => {
    const rights = { enableRdmaWrite: true, enableRdmaRead: isReliable }
    const attributes = { ...viAttributes, reliabilityLevel: viaReliabilityLevels[level], ...rights }
    pair.code(node, { operation: 'VipSetViAttributes', vi: 'v', attributes })
    const at = { buffer: 'data', offset: 0, bytes: size }
    const memory = { ptag: 'p', enableRdmaWrite: true, enableRdmaRead: true }
    const given = pair.call(node, { operation: 'VipRegisterMem', nic: 'n', at, attributes: memory, as: 'open' })
    return given?.vip?.region ?? { address: '', handle: 0 }
  })
  pair.connect()
  return { pair, regions, model: [0, 1].map((node) => octetsOf(pair, node)) }
}

function octetsOf(pair: ViaPair, node: number): Uint8Array {
  const octets = new Uint8Array(size)
  for (let offset = 0; offset < size; offset += 4096) {
    const at = { buffer: 'data', offset, bytes: 4096 }
    octets.set(Buffer.from(pair.call(node, { operation: 'memory.read', at })?.octets ?? '', 'hex'), offset)
  }
  return octets
}

interface Operation {
  readonly node: 0 | 1
  readonly op: 'rdma-write' | 'rdma-read'
  readonly here: number
  readonly there: number
  readonly bytes: number
}

/** Posts an operation with a fence, so that it sees all that was done before it at its end. */
function post({ pair, regions }: Exposed, { node, op, here, there, bytes }: Operation, slot: number): string {
  const as = `d${slot}`
  const remote = { ...(regions[1 - node] ?? { address: '', handle: 0 }), offset: there }
  const half = bytes >> 1
  const segments = [
    { at: { buffer: 'data', offset: here }, memory: 'm.data', bytes: half },
    { at: { buffer: 'data', offset: here + half }, memory: 'm.data', bytes: bytes - half },
  ]
  pair.write(node, as, slot * 2, { op, remote, segments, control: 8 })
  pair.postWritten(node, 'Send', as)
  return as
}

const operation = fc.record({
  node: fc.constantFrom(0 as const, 1 as const),
  op: fc.constantFrom('rdma-write' as const, 'rdma-read' as const),
  here: fc.nat(30_000),
  there: fc.nat(30_000),
  bytes: fc.oneof(fc.nat(10), fc.nat(30_000)),
})

await test('one operation after the other moves what it should, whatever happens to frames', async (t) => {
  for (const level of reliable) {
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 8 }), fc.array(fc.nat(99)), (operations, luck) => {
        const world = exposed(level)
        const { pair, model } = world
        let frame = 0
        pair.fate = () => {
          const one = luck[frame++] ?? 99
          if (one < 20) return []
          if (one < 35) return [10_000, 700_000]
          return one < 50 ? [900_000] : [10_000]
        }
        for (const [slot, one] of operations.entries()) {
          const as = post(world, one, slot)
          pair.run(pair.now + 150 * ms)
          const { found } = pair.done(one.node, 'Send')
          const status = typeof found === 'object' ? (found?.status ?? 0) : 0
          if (typeof found !== 'object' || found?.name !== as) return false
          if (!(status & viaStatusBits.done) || status & viaStatusMasks.errors) return false
          const [own, other] = [model[one.node], model[1 - one.node]]
          if (one.op === 'rdma-write') other?.set(own?.subarray(one.here, one.here + one.bytes) ?? [], one.there)
          else own?.set(other?.slice(one.there, one.there + one.bytes) ?? [], one.here)
        }
        return [0, 1].every((node) => Buffer.compare(octetsOf(pair, node), model[node] ?? new Uint8Array()) === 0)
      }),
      { numRuns: 30 },
    )
  }
  t.pass('every sequence came out as the model has it')
})

await test('many operations of both ends at once all complete, in the order posted', async (t) => {
  for (const level of reliable) {
    fc.assert(
      fc.property(fc.array(operation, { minLength: 2, maxLength: 12 }), fc.array(fc.nat(99)), (operations, luck) => {
        const world = exposed(level)
        const { pair } = world
        let frame = 0
        pair.fate = () => ((luck[frame++] ?? 99) < 20 ? [] : [10_000])
        const posted = [0, 1].map((node) =>
          operations.flatMap((one, slot) => (one.node === node ? [post(world, one, slot)] : [])),
        )
        pair.run(pair.now + 2000 * ms)
        return [0, 1].every((node) =>
          posted[node]?.every((as) => {
            const { code, found } = pair.done(node, 'Send')
            return code === 'VIP_SUCCESS' && typeof found === 'object' && found?.name === as
          }),
        )
      }),
      { numRuns: 30 },
    )
  }
  t.pass('none was left outstanding')
})

await test('an unreliable write is there whole when its receive says so', async (t) => {
  const outcomes = new Set<string>()
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9000 }), fc.nat(9), fc.boolean(), (bytes, lost, isLate) => {
      const { pair, regions, model } = exposed('unreliable')
      const remote = { ...(regions[1] ?? { address: '', handle: 0 }), offset: 20_000 }
      pair.write(1, 'r', 0)
      pair.postWritten(1, 'Recv', 'r')
      let frame = 0
      pair.fate = () => (frame++ === lost ? (isLate ? [900_000] : []) : [10_000])
      const segments = [{ at: { buffer: 'data', offset: 0 }, memory: 'm.data', bytes }]
      pair.write(0, 'w', 0, { op: 'rdma-write', remote, segments, immediate: 3 })
      pair.postWritten(0, 'Send', 'w')
      pair.run(pair.now + 5 * ms)
      const { code } = pair.done(1, 'Recv')
      outcomes.add(code ?? '')
      if (code === 'VIP_NOT_DONE') return true
      const there = octetsOf(pair, 1).subarray(20_000, 20_000 + bytes)
      return code === 'VIP_SUCCESS' && Buffer.compare(there, model[0]?.subarray(0, bytes) ?? new Uint8Array()) === 0
    }),
    { numRuns: 100 },
  )
  t.same([...outcomes].toSorted(), ['VIP_NOT_DONE', 'VIP_SUCCESS'])
})

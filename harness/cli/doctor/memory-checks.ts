// Checks of memory: what a buffer is filled with, what of it is read back, and what is refused.
import { isDeepStrictEqual } from 'node:util'
import type { Return } from '../../../spec/vocabulary/calls.ts'
import { crc32c, writePattern, type Pattern, type Range } from '../../../spec/vocabulary/memory.ts'
import { greeted, right, unasked, wrong, wrongIf, type Check, type Outcome } from './check.ts'
import { openWorld } from './open-world.ts'
import type { CallMembers, World } from './world.ts'

/** A call, and the members that its return has to have. */
type Step = readonly [call: CallMembers, expected: Partial<Return>]

const ok = { status: 'ok' } as const
const invalid = { status: 'invalid' } as const

export const memoryChecks: readonly Check[] = [
  {
    name: 'patterns',
    words: 'buffers are filled with the patterns of the test vectors, and their octets and digests read back',
    advice: 'Hold patterns and CRC-32C against the test vectors in docs/adapter-protocol.md.',
    run: walk(patternSteps()),
  },
  {
    name: 'ranges',
    words: 'a pattern is written at an offset, and nothing beside it changes',
    advice: 'A pattern begins with its first octet at the offset of its range, wherever that lies.',
    run: walk(offsetSteps()),
  },
  {
    name: 'alignment',
    words: 'buffers of any alignment and offset hold their octets within whole guard zones',
    advice: 'Put guard octets of guard zone before and behind the bytes of a buffer, and let none of them belong to it.',
    run: walk(alignmentSteps()),
  },
  {
    name: 'refused-ranges',
    words: 'ranges outside a buffer, and buffers that are not there, are refused as invalid, without effect',
    advice: 'Return the status invalid unless offset >= 0, bytes >= 0 and offset + bytes <= the size of the buffer.',
    run: walk(refusedSteps()),
  },
  {
    name: 'names',
    words: 'a name is taken until its buffer is given back',
    advice: 'Return invalid for a second buffer of one name, and for every call on one that was freed.',
    run: walk(nameSteps()),
  },
  {
    name: 'unlocked',
    words: 'a buffer whose pages are not locked is memory for the host, and no place to send from',
    advice: 'Make the buffer of locked: false as any other, and refuse emp.isend and emp.irecv on it as not-locked.',
    run: greeted(async (patient, greeting) => {
      const world = await openWorld(patient, greeting)
      const broken = await firstBroken(world, unlockedSteps())
      if (broken !== undefined) return wrong(broken)
      return greeting.pics.interfaces.includes('emp') ? sendUnlocked(world) : right
    }),
  },
]

/** A check that opens a world and makes these calls at its first host. */
function walk(steps: readonly Step[]): Check['run'] {
  return greeted(async (patient, greeting) => wrongIf(await firstBroken(await openWorld(patient, greeting), steps)))
}

/** In words, the first call that did not return what it has to. */
async function firstBroken(world: World, steps: readonly Step[]): Promise<string | undefined> {
  for (const [call, expected] of steps) {
    const answer = await world.call(0, call)
    if (!answer) return `${JSON.stringify(call)} did not return at once`
    const { id: _id, ...seen } = answer
    const members = Object.entries(expected)
    if (members.every(([name, value]) => isDeepStrictEqual(new Map(Object.entries(seen)).get(name), value))) continue
    return `${JSON.stringify(call)} returned ${JSON.stringify(seen)}, where ${JSON.stringify(expected)} was due`
  }
  return undefined
}

function allocate(name: string, bytes: number, more: Readonly<Record<string, unknown>> = {}): CallMembers {
  const fill: Pattern = { kind: 'const', seed: 0 }
  return { operation: 'memory.allocate', as: name, bytes, align: 1, offset: 0, fill, guard: 0, locked: true, ...more }
}

function write(at: Range, fill: Pattern): CallMembers {
  return { operation: 'memory.write', at, fill }
}

function digest(at: Range): CallMembers {
  return { operation: 'memory.digest', at }
}

function read(at: Range): CallMembers {
  return { operation: 'memory.read', at }
}

function range(buffer: string, offset: number, bytes: number): Range {
  return { buffer, offset, bytes }
}

/** Octets that hold patterns, one over the other. */
function octetsOf(bytes: number, writes: readonly { readonly offset: number; readonly bytes: number; readonly fill: Pattern }[]): Uint8Array {
  const octets = new Uint8Array(bytes)
  for (const { offset, bytes: many, fill } of writes)
    writePattern(fill, octets, { from: offset, to: offset + many, position: 0 })
  return octets
}

function digits(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex')
}

/** Those of the test vectors, and one of each kind with a seed at an edge. */
const patterns: readonly Pattern[] = [
  { kind: 'const', seed: 165 },
  { kind: 'const', seed: 0x1_00_5a },
  { kind: 'ramp', seed: 250 },
  { kind: 'prng', seed: 7 },
  { kind: 'prng', seed: 0 },
  { kind: 'prng', seed: 0xffff_ffff },
]

function patternSteps(): Step[] {
  return patterns.flatMap((fill, i): Step[] => {
    const name = `p${i}`
    const octets = octetsOf(1000, [{ offset: 0, bytes: 1000, fill }])
    return [
      [allocate(name, 1000, { fill }), ok],
      [read(range(name, 0, 8)), { ...ok, octets: digits(octets.subarray(0, 8)) }],
      [digest(range(name, 0, 1000)), { ...ok, digest: crc32c(octets) }],
      [digest(range(name, 0, 0)), { ...ok, digest: 0 }],
    ]
  })
}

function offsetSteps(): Step[] {
  const writes = [
    { offset: 0, bytes: 5000, fill: { kind: 'ramp', seed: 3 } as const },
    { offset: 1021, bytes: 2047, fill: { kind: 'prng', seed: 9 } as const },
    { offset: 4999, bytes: 1, fill: { kind: 'const', seed: 7 } as const },
  ]
  const octets = octetsOf(5000, writes)
  return [
    [allocate('rx', 5000), ok],
    ...writes.map(({ offset, bytes, fill }): Step => [write(range('rx', offset, bytes), fill), ok]),
    [read(range('rx', 1019, 8)), { ...ok, octets: digits(octets.subarray(1019, 1027)) }],
    [read(range('rx', 904, 4096)), { ...ok, octets: digits(octets.subarray(904)) }],
    [digest(range('rx', 0, 5000)), { ...ok, digest: crc32c(octets) }],
    [digest(range('rx', 1021, 2047)), { ...ok, digest: crc32c(octets, 1021, 3068) }],
  ]
}

function alignmentSteps(): Step[] {
  return [
    { align: 1, offset: 0, bytes: 1 },
    { align: 64, offset: 3, bytes: 100 },
    { align: 4096, offset: 0, bytes: 4096 },
    { align: 4096, offset: 4095, bytes: 4098 },
  ].flatMap(({ align, offset, bytes }, i): Step[] => {
    const name = `a${i}`
    const fill: Pattern = { kind: 'prng', seed: 40 + i }
    const octets = octetsOf(bytes, [{ offset: 0, bytes, fill }])
    return [
      [allocate(name, bytes, { align, offset, guard: 64 }), ok],
      [write(range(name, 0, bytes), fill), ok],
      [digest(range(name, 0, bytes)), { ...ok, digest: crc32c(octets) }],
      [{ operation: 'memory.guards', buffer: name }, { ...ok, damaged: null }],
    ]
  })
}

function refusedSteps(): Step[] {
  const fill: Pattern = { kind: 'prng', seed: 1 }
  const untouched = crc32c(new Uint8Array(100))
  return [
    [allocate('b', 100, { guard: 64 }), ok],
    [write(range('b', 0, 101), fill), invalid],
    [write(range('b', 100, 1), fill), invalid],
    [write(range('b', -1, 2), fill), invalid],
    [write(range('nobody', 0, 1), fill), invalid],
    [digest(range('b', 99, 2)), invalid],
    [read(range('b', 60, 41)), invalid],
    [digest(range('nobody', 0, 1)), invalid],
    [{ operation: 'memory.guards', buffer: 'nobody' }, invalid],
    [{ operation: 'memory.free', buffer: 'nobody' }, invalid],
    [digest(range('b', 0, 100)), { ...ok, digest: untouched }],
    [{ operation: 'memory.guards', buffer: 'b' }, { ...ok, damaged: null }],
  ]
}

function nameSteps(): Step[] {
  const [first, second]: readonly [Pattern, Pattern] = [
    { kind: 'const', seed: 1 },
    { kind: 'const', seed: 2 },
  ]
  return [
    [allocate('b', 10, { fill: first }), ok],
    [allocate('b', 10, { fill: second }), invalid],
    [read(range('b', 0, 2)), { ...ok, octets: '0101' }],
    [{ operation: 'memory.free', buffer: 'b' }, ok],
    [read(range('b', 0, 2)), invalid],
    [{ operation: 'memory.free', buffer: 'b' }, invalid],
    [allocate('b', 20, { fill: second }), ok],
    [read(range('b', 18, 2)), { ...ok, octets: '0202' }],
  ]
}

function unlockedSteps(): Step[] {
  const fill: Pattern = { kind: 'ramp', seed: 0 }
  return [
    [allocate('loose', 100, { locked: false, guard: 16 }), ok],
    [write(range('loose', 0, 100), fill), ok],
    [read(range('loose', 98, 2)), { ...ok, octets: '6263' }],
    [{ operation: 'memory.guards', buffer: 'loose' }, { ...ok, damaged: null }],
  ]
}

async function sendUnlocked(world: World): Promise<Outcome> {
  const sent = await world.call(0, { operation: 'emp.isend', as: 's', to: 1, tag: 1, pieces: [range('loose', 0, 100)] })
  if (sent?.status === 'not-locked') return right
  if (sent?.status === 'unsupported') return unasked('emp.isend is not supported yet')
  return wrong(`emp.isend from it ${sent ? `returned ${sent.status}` : 'did not return at once'}`)
}

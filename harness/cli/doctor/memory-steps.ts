// Calls on memory, each with what it has to return: the test vectors, and what follows from the words of the protocol.
import type { Return } from '../../../spec/vocabulary/calls.ts'
import { crc32c, writePattern, type Pattern, type Range } from '../../../spec/vocabulary/memory.ts'
import type { CallMembers } from './world.ts'

/** A call, and the members that its return has to have. */
export type Step = readonly [call: CallMembers, expected: Partial<Return>]

const ok = { status: 'ok' } as const
const invalid = { status: 'invalid' } as const

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
function octetsOf(
  bytes: number,
  writes: readonly { readonly offset: number; readonly bytes: number; readonly fill: Pattern }[],
): Uint8Array {
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

function fillEach(): Step[] {
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

function writeOver(): Step[] {
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

function writeWhole(): Step[] {
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
      [
        { operation: 'memory.guards', buffer: name },
        { ...ok, damaged: null },
      ],
    ]
  })
}

function reachOutside(): Step[] {
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
    [
      { operation: 'memory.guards', buffer: 'b' },
      { ...ok, damaged: null },
    ],
  ]
}

function takeTwice(): Step[] {
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

function useUnlocked(): Step[] {
  const fill: Pattern = { kind: 'ramp', seed: 0 }
  return [
    [allocate('loose', 100, { locked: false, guard: 16 }), ok],
    [write(range('loose', 0, 100), fill), ok],
    [read(range('loose', 98, 2)), { ...ok, octets: '6263' }],
    [
      { operation: 'memory.guards', buffer: 'loose' },
      { ...ok, damaged: null },
    ],
  ]
}

/** Buffers filled with patterns. */
export const patternSteps: readonly Step[] = fillEach()

/** Patterns written over each other. */
export const offsetSteps: readonly Step[] = writeOver()

/** Buffers of odd places and sizes, written from end to end. */
export const alignmentSteps: readonly Step[] = writeWhole()

/** What lies outside, and that it has no effect. */
export const refusedSteps: readonly Step[] = reachOutside()

/** One name, taken, given back, and taken again. */
export const nameSteps: readonly Step[] = takeTwice()

/** A buffer whose pages are not locked. */
export const unlockedSteps: readonly Step[] = useUnlocked()

/** A send from that buffer. */
export const sendUnlocked: CallMembers = {
  operation: 'emp.isend',
  as: 's',
  to: 1,
  tag: 1,
  pieces: [range('loose', 0, 100)],
}

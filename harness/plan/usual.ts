// What holds in a case that does not say otherwise: read into it, left out where it is written, and lived by in drawn programs too.
import type { LinkSetting } from '../../spec/vocabulary/faults.ts'
import type { MemoryCall } from '../../spec/vocabulary/memory.ts'
import type { Duration } from '../../spec/vocabulary/units.ts'

export const hostsUsual: readonly string[] = ['left', 'right']

export const linkUsual: LinkSetting = { bitsPerSecond: 1_000_000_000, delay: 5_000 }

/** All of a buffer but its name and size. */
export const allocationUsual: Pick<
  Extract<MemoryCall, { operation: 'memory.allocate' }>,
  'align' | 'offset' | 'fill' | 'guard' | 'locked'
> = {
  align: 4096,
  offset: 0,
  fill: { kind: 'const', seed: 0 },
  guard: 64,
  locked: true,
}

/** How long `join` waits. */
export const joinWithin: Duration = 10_000_000_000

/** How many orders of a race are run at most. */
export const ordersUsual = 128

/** How many frames are hit in turn at most, where each is a victim. */
export const victimsUsual = 128

/** Between the arrivals of frames that are shuffled: more than the first and the last of them are sent apart. */
export const apartUsual: Duration = 100_000

/** The outcome of a case that has no other. */
export const onlyOutcome = { name: 'expected', label: 'conformant' } as const

/** The buffer whose next free place a descriptor takes. */
export const descriptorPool = 'pool'

/** Octets of a host's own discriminator. */
export const ownDiscriminator = '00'

/** Octets of the buffer for a host's name. */
export const nameLengthUsual = 64

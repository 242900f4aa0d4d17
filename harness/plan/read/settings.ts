// Reads what a case asks of its world: configuration, link, memory.
import type { Configuration } from '../../../spec/vocabulary/endpoint.ts'
import type { LinkSetting } from '../../../spec/vocabulary/faults.ts'
import { bufferBytesMax, type MemoryCall } from '../../../spec/vocabulary/memory.ts'
import type { BufferPlan } from '../permutation.ts'
import type { Findings } from '../yaml/findings.ts'
import { didYouMean } from '../yaml/nearest.ts'
import type { Place } from '../yaml/place.ts'
import { allocationUsual, linkUsual } from '../usual.ts'
import { splitKind, type Scope } from './scope.ts'
import { flagAt, integerAt } from '../yaml/scalars.ts'
import { durationAt, patternAt, quantityAt } from './values.ts'

/** Keys of the case win over those of the suite. `known`: all keys that a PICS may have. */
export function readConfiguration(
  places: readonly Place[],
  known: readonly string[],
  findings: Findings,
): Configuration {
  const wanted: Record<string, number> = {}
  for (const place of places) {
    for (const { name, key, value } of place.entries()) {
      if (!known.includes(name)) {
        findings.add(key.mark(), `there is no configuration key \`${name}\``, didYouMean(name, known))
      }
      const quantity = quantityAt(value, findings)
      if (quantity !== undefined) wanted[name] = quantity
    }
  }
  return wanted
}

/** Only where the harness is the wire does it have a say in how the link is. */
export function readLink(places: readonly Place[], { findings, implied }: Scope): LinkSetting {
  let link = linkUsual
  for (const place of places.filter(({ present }) => present)) {
    implied.add('wire.frames')
    const bitsPerSecond = rateAt(place.get('rate'), findings) ?? link.bitsPerSecond
    link = { bitsPerSecond, delay: durationAt(place.get('delay'), findings) ?? link.delay }
  }
  return link
}

function rateAt(place: Place, findings: Findings): number | undefined {
  const found = /^(\d+)(Mb|Gb)$/.exec(place.example() ?? '')
  const rate = found ? Number(found[1]) * (found[2] === 'Gb' ? 1_000_000_000 : 1_000_000) : 0
  if (Number.isSafeInteger(rate) && rate > 0) return rate
  if (place.present) findings.add(place.mark(), `\`${place.flow()}\` is not a rate such as \`1000Mb\` or \`10Gb\``)
  return undefined
}

/** Buffers in order of appearance; one that the case declares replaces the suite's of the same name. */
export function readMemory(places: readonly Place[], scope: Scope): BufferPlan[] {
  const plans = new Map<string, BufferPlan>()
  for (const place of places) {
    if (place.present && !place.isMap) scope.doubt.lose('buffers')
    for (const { name, key, value } of place.entries()) {
      const { host, kind: buffer } = splitKind(name)
      const node = scope.host(key, host)
      const allocate = readAllocation(value, buffer, scope)
      if (node === undefined || !allocate) {
        scope.doubt.distrust(key)
        scope.doubt.distrust(value)
        continue
      }
      plans.set(name, { node, allocate })
      scope.buffers.set(`${node}.${buffer}`, { node, name: buffer, bytes: allocate.bytes, fill: allocate.fill })
    }
  }
  return [...plans.values()]
}

type Allocation = Extract<MemoryCall, { operation: 'memory.allocate' }>

export function readAllocation(place: Place, as: string, { findings }: Scope): Allocation | undefined {
  const bytes = integerAt(place.get('bytes'), findings)
  if (bytes === undefined) return undefined
  const align = integerAt(place.get('align'), findings) ?? allocationUsual.align
  if (align === 0) findings.add(place.get('align').mark(), 'an alignment is at least 1')
  const allocation: Allocation = {
    operation: 'memory.allocate',
    as,
    bytes,
    align,
    offset: integerAt(place.get('offset'), findings) ?? allocationUsual.offset,
    fill: patternAt(place.get('fill'), findings) ?? allocationUsual.fill,
    guard: integerAt(place.get('guard'), findings) ?? allocationUsual.guard,
    locked: flagAt(place.get('locked'), findings) ?? allocationUsual.locked,
  }
  checkSize(allocation, place, findings)
  return allocation
}

/** Whether a host has so much memory: told at what takes most of it. */
function checkSize({ bytes, guard, align, offset }: Allocation, place: Place, findings: Findings): void {
  const taken = bytes + 2 * guard + align + offset
  if (taken <= bufferBytesMax) return
  const parts = [
    ['guard', 2 * guard],
    ['align', align],
    ['offset', offset],
  ] as const
  const [largest] = parts.reduce<readonly [string, number]>(
    (one, other) => (other[1] > one[1] ? other : one),
    ['bytes', bytes],
  )
  const words = `no host has to have the ${taken} octets of this buffer, its guard zones and its alignment`
  findings.add(place.get(largest).mark(), words, `a buffer takes ${bufferBytesMax} octets at most`)
}

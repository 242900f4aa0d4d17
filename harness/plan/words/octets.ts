// Puts ranges, patterns and counts in plain words.
import type { Pattern, Range } from '../../../spec/vocabulary/memory.ts'
import { counted, type NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { BufferPlan } from '../permutation.ts'
import type { ExpectedOctets, Times } from '../expectation.ts'

export type HostNames = readonly string[]

export function hostWord(node: NodeIndex, hosts: HostNames): string {
  return hosts[node] ?? `host ${node}`
}

export function rangeWords({ buffer, offset, bytes }: Range): string {
  return `${buffer}${offset === 0 ? '' : ` from octet ${offset}`} (${octets(bytes)})`
}

export function octets(count: number): string {
  return counted(count, 'octet')
}

export function listWords(items: readonly string[]): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`
}

export function patternWords({ kind, seed }: Pattern): string {
  if (kind === 'const') return seed === 0 ? 'zeros' : `octets of ${seed}`
  return kind === 'prng' ? `pseudo-random octets of seed ${seed}` : `rising octets from ${seed}`
}

export function contentWords(pieces: ExpectedOctets): string {
  const words = pieces.map(({ pattern, position, bytes }) => {
    const place = position === 0 || pattern.kind === 'const' ? '' : ` from place ${position}`
    return `${octets(bytes)} of ${patternWords(pattern)}${place}`
  })
  return words.join(', then ')
}

export function timesWords({ least, most }: Times): string {
  if (most === undefined) return least === 0 ? 'any number of times' : `at least ${often(least)}`
  if (most === 0) return 'never'
  if (least === most) return `exactly ${often(least)}`
  return least === 0 ? `at most ${often(most)}` : `${least} to ${most} times`
}

/** A count as a size of something, such as frames. */
export function countWords({ least, most }: Times): string {
  if (most === undefined) return `at least ${least}`
  if (least === most) return `exactly ${least}`
  return least === 0 ? `at most ${most}` : `${least} to ${most}`
}

function often(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`
}

export function memoryWords({ node, allocate }: BufferPlan, hosts: HostNames): string {
  const { as, bytes, align, offset, fill, guard, locked } = allocate
  const parts = [`${octets(bytes)}, ${patternWords(fill)}`]
  if (offset !== 0) parts.push(`${octets(offset)} past a multiple of ${align}`)
  else if (align !== 4096) parts.push(`at a multiple of ${align}`)
  if (guard !== 64) parts.push(guard === 0 ? 'without guard zones' : `guard zones of ${octets(guard)}`)
  if (!locked) parts.push('pages not locked')
  return `${hostWord(node, hosts)} has buffer ${as}: ${parts.join(', ')}`
}

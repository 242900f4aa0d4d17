// How a message must be cut into frames and collections (R2, R4): arithmetic of the judge's own, from the layout alone.
import type { WireLayout } from '../../plan/layout.ts'
import { onceFor } from '../../plan/once-for.ts'
import { isPresent, protocolHeaders } from '../frames/dissect.ts'

/** The most message octets that frame 0, and every other frame, carries. */
export interface Cutting {
  readonly first: number
  readonly rest: number
}

/** The MTU counts the Ethernet payload, headers of the profile included. */
export function cuttingFor(layout: WireLayout, mtu: number): Cutting {
  const { first, rest } = headersOf(layout)
  return { first: mtu - first, rest: mtu - rest }
}

/** Octets of all headers that frame 0, and every other frame, has. */
const headersOf: (layout: WireLayout) => Cutting = onceFor((layout) => ({
  first: headerOctets(layout, 0),
  rest: headerOctets(layout, 1),
}))

export function framesOf(cutting: Cutting, total: number): number {
  return total <= cutting.first ? 1 : 1 + Math.ceil((total - cutting.first) / cutting.rest)
}

/** Message octets in one frame of a message of `total`. */
export function lengthOf(cutting: Cutting, total: number, frame: number): number {
  const offset = frame === 0 ? 0 : cutting.first + (frame - 1) * cutting.rest
  return Math.max(0, Math.min(frame === 0 ? cutting.first : cutting.rest, total - offset))
}

/** Octets of all headers that data frame number `frame` has, without Ethernet's. */
export function headerOctets(layout: WireLayout, frame: number): number {
  const fields: Record<string, number> = {}
  let octets = 0
  for (const header of protocolHeaders(layout)) {
    if (!isPresent(header, fields)) continue
    for (const field of header.fields) fields[field.name] = 0
    for (const field of header.fields) if (field.name === 'type') fields['type'] = field.values?.['data'] ?? 0
    if (fields['frame'] !== undefined) fields['frame'] = frame
    octets += header.octets
  }
  return octets
}

export interface Collection {
  readonly first: number
  readonly last: number
}

/** The frames that are acknowledged together with `frame`. */
export function collectionWith(frame: number, size: number, frames: number): Collection {
  const first = frame - (frame % size)
  return { first, last: Math.min(first + size, frames) - 1 }
}

/** All collections of a message, in order. */
export function collectionsOf(size: number, frames: number): readonly Collection[] {
  const collections: Collection[] = []
  for (let first = 0; first < frames; first += size)
    collections.push({ first, last: Math.min(first + size, frames) - 1 })
  return collections
}

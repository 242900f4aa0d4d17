// Makes a frame from values by field name: the inverse of `dissect`, for frames that the harness crafts.
import type { WireLayout } from '../../plan/layout.ts'
import { ethernetOctets, isPresent, protocolHeaders } from './dissect.ts'
import { octetsOfHex, putNumber } from './octets.ts'

/** Addresses as twelve hexadecimal digits, and what follows the headers. */
export interface FrameParts {
  readonly source: string
  readonly destination: string
  readonly payload: Uint8Array
}

/**
 * The octets of a frame, padded to what the layout asks for. A field not given is 0, except that the field for the length
 * of the data, and `total`, are the length of the payload and `frames` is 1. Conditional headers are there when the fields say so.
 */
export function buildFrame(
  layout: WireLayout,
  fields: Readonly<Record<string, number>>,
  parts: FrameParts,
): Uint8Array {
  const values: Record<string, number> = {
    [layout.data.octets]: parts.payload.length,
    total: parts.payload.length,
    frames: 1,
    ...fields,
  }
  const written: Record<string, number> = {}
  const places: { at: number; count: number; value: number }[] = []
  let end = ethernetOctets
  for (const header of protocolHeaders(layout)) {
    if (!isPresent(header, written)) continue
    for (const field of header.fields) {
      const value = values[field.name] ?? 0
      written[field.name] = value
      places.push({ at: end + field.offset, count: field.octets, value })
    }
    end += header.octets
  }
  const octets = new Uint8Array(Math.max(end + parts.payload.length, ethernetOctets + layout.payloadLeast))
  octets.set(octetsOfHex(parts.destination).subarray(0, 6), 0)
  octets.set(octetsOfHex(parts.source).subarray(0, 6), 6)
  putNumber(octets, { at: 12, count: 2, order: 'big' }, layout.ethertype ?? 0)
  for (const { at, count, value } of places) putNumber(octets, { at, count, order: layout.octetOrder }, value)
  octets.set(parts.payload, end)
  return octets
}

// Reads the octets of a frame by the layout of its wire: all fields for judging and reports, or just its class.
import type { FrameClass } from '../../spec/vocabulary/faults.ts'
import type { LayoutField, LayoutHeader, WireLayout } from '../plan/layout.ts'
import { hexOf, numberAt } from './octets.ts'

/** Destination, source and ethertype: what every frame starts with. */
export const ethernetOctets = 14

/** What a frame says. Fields that lie past its end are absent. */
export interface Dissection {
  /** Twelve hexadecimal digits, or fewer when the frame ends inside. */
  readonly destination: string
  readonly source: string
  /** Numbers by field name, in the order of the layout. */
  readonly fields: Readonly<Record<string, number>>
  /** The name of the value of field `type`; its number in digits when the layout names none. */
  readonly type?: string
  /** Where the headers end, and how many octets follow: padding included. */
  readonly payloadOffset: number
  readonly payloadOctets: number
  /** One line for a diagram. */
  readonly summary: string
  /** Why it cannot be a frame of this wire. */
  readonly malformed?: string
}

/** Headers after the Ethernet header, whether or not the layout lists that one. */
export function protocolHeaders(layout: WireLayout): readonly LayoutHeader[] {
  const [first] = layout.headers
  return first?.fields.some(isAddress) ? layout.headers.slice(1) : layout.headers
}

/** Whether a header is there, given the fields that come before it. */
export function isPresent(header: LayoutHeader, fields: Readonly<Record<string, number>>): boolean {
  return isMet(header.when, fields)
}

function isMet(when: Readonly<Record<string, number>> | undefined, fields: Readonly<Record<string, number>>): boolean {
  return Object.entries(when ?? {}).every(([name, value]) => fields[name] === value)
}

/** Never throws: what cannot be read is said in `malformed`. */
export function dissect(layout: WireLayout, octets: Uint8Array): Dissection {
  const fields: Record<string, number> = {}
  const destination = hexOf(octets, 0, Math.min(6, octets.length))
  const source = hexOf(octets, Math.min(6, octets.length), Math.min(12, octets.length))
  const read = readHeaders(layout, octets, fields)
  const type = typeName(layout, fields['type'])
  const payloadOctets = Math.max(0, octets.length - read.end)
  const malformed = read.malformed ?? implausible(layout, { fields, type, payloadOctets })
  return {
    destination,
    source,
    fields,
    ...(type === undefined ? {} : { type }),
    payloadOffset: read.end,
    payloadOctets,
    summary: summaryOf(layout, { fields, type, malformed, octets: octets.length }),
    ...(malformed === undefined ? {} : { malformed }),
  }
}

/** Reads just enough for a fault rule; undefined for what is no frame of this wire. */
export function classifier(layout: WireLayout): (octets: Uint8Array, length: number) => FrameClass | undefined {
  const headers = protocolHeaders(layout)
  const order = layout.octetOrder
  const types = new Map<number, string>()
  for (const [name, value] of Object.entries(typeValues(layout))) types.set(value, name)
  return (octets, length) => {
    if (length < ethernetOctets || numberAt(octets, 12, 2, 'big') !== layout.ethertype) return undefined
    const seen: Record<string, number> = {}
    let at = ethernetOctets
    for (const header of headers) {
      if (!isPresent(header, seen)) continue
      if (at + header.octets > length) break
      for (const field of header.fields) seen[field.name] = numberAt(octets, at + field.offset, field.octets, order)
      at += header.octets
    }
    const { type, message, frame, frames } = seen
    if (type === undefined || message === undefined || frame === undefined) return undefined
    return { type: types.get(type) ?? String(type), message, frame, frames }
  }
}

/** Addresses and fields as people read them, in the order of the frame. */
export function fieldWords(layout: WireLayout, dissection: Dissection): readonly string[] {
  const lines = [`destination ${macWords(dissection.destination)}`, `source ${macWords(dissection.source)}`]
  for (const header of protocolHeaders(layout)) {
    for (const field of header.fields) {
      const value = dissection.fields[field.name]
      if (value === undefined) continue
      const name = Object.entries(field.values ?? {}).find(([, number]) => number === value)?.[0]
      const written = field.form === 'hexadecimal' ? `0x${value.toString(16)}` : String(value)
      lines.push(`${field.name} ${written}${name === undefined ? '' : ` (${name})`}`)
    }
  }
  return lines
}

function macWords(digits: string): string {
  return digits.match(/../g)?.join(':') ?? ''
}

function isAddress(field: LayoutField): boolean {
  return field.octets === 6
}

function readHeaders(
  layout: WireLayout,
  octets: Uint8Array,
  fields: Record<string, number>,
): { end: number; malformed?: string } {
  if (octets.length < ethernetOctets) return { end: octets.length, malformed: 'it is shorter than an Ethernet header' }
  const ethertype = numberAt(octets, 12, 2, 'big')
  if (layout.ethertype !== undefined && ethertype !== layout.ethertype) {
    return { end: ethernetOctets, malformed: `its ethertype is 0x${ethertype.toString(16)}` }
  }
  let end = ethernetOctets
  for (const header of protocolHeaders(layout)) {
    if (!isPresent(header, fields)) continue
    for (const field of header.fields) {
      const at = end + field.offset
      if (at + field.octets <= octets.length) fields[field.name] = numberAt(octets, at, field.octets, layout.octetOrder)
    }
    if (end + header.octets > octets.length) {
      return { end: octets.length, malformed: `it ends inside its ${header.name} header` }
    }
    end += header.octets
  }
  return { end }
}

function implausible(
  layout: WireLayout,
  frame: { fields: Readonly<Record<string, number>>; type: string | undefined; payloadOctets: number },
): string | undefined {
  const { fields, type, payloadOctets } = frame
  if (type !== undefined && typeValues(layout)[type] === undefined) return `its type ${type} is unknown`
  const length = isMet(layout.data.when, fields) ? fields[layout.data.octets] : undefined
  if (length !== undefined && length > payloadOctets) {
    return `its ${layout.data.octets} ${length} is more than the ${payloadOctets} octets that follow its headers`
  }
  return undefined
}

function typeValues(layout: WireLayout): Readonly<Record<string, number>> {
  for (const header of protocolHeaders(layout)) {
    for (const field of header.fields) if (field.name === 'type') return field.values ?? {}
  }
  return {}
}

function typeName(layout: WireLayout, value: number | undefined): string | undefined {
  if (value === undefined) return undefined
  return Object.entries(typeValues(layout)).find(([, number]) => number === value)?.[0] ?? String(value)
}

function summaryOf(
  layout: WireLayout,
  frame: {
    fields: Readonly<Record<string, number>>
    type: string | undefined
    malformed: string | undefined
    octets: number
  },
): string {
  const pattern = frame.type === undefined ? undefined : layout.summary[frame.type]
  if (pattern === undefined)
    return `${frame.octets} octets${frame.malformed === undefined ? '' : `: ${frame.malformed}`}`
  const text = pattern.replaceAll(/\{([^{}]+)\}/g, (_place, name: string) => String(frame.fields[name] ?? '?'))
  return frame.malformed === undefined ? text : `${text} (${frame.malformed})`
}

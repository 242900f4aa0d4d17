// Reads the octets of a frame by the layout of its wire: all fields for judging and reports, or just its class.
import type { FrameClass } from '../../../spec/vocabulary/faults.ts'
import { counted } from '../../../spec/vocabulary/units.ts'
import type { LayoutField, LayoutHeader, WireLayout } from '../../plan/layout.ts'
import { onceFor } from '../../plan/once-for.ts'
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
  return isMetBy(Object.entries(header.when ?? {}), fields)
}

function isMetBy(when: readonly (readonly [string, number])[], fields: Readonly<Record<string, number>>): boolean {
  return when.every(([name, value]) => fields[name] === value)
}

/** What the reading of every frame of a wire needs of its layout. */
interface CompiledLayout {
  readonly headers: readonly { readonly header: LayoutHeader; readonly when: readonly (readonly [string, number])[] }[]
  readonly typeNames: ReadonlyMap<number, string>
  readonly dataWhen: readonly (readonly [string, number])[]
}

const compiled: (layout: WireLayout) => CompiledLayout = onceFor((layout) => ({
  headers: protocolHeaders(layout).map((header) => ({ header, when: Object.entries(header.when ?? {}) })),
  typeNames: new Map(Object.entries(typeValues(layout)).map(([name, value]) => [value, name])),
  dataWhen: Object.entries(layout.data.when ?? {}),
}))

/** Never throws: what cannot be read is said in `malformed`. */
export function dissect(layout: WireLayout, octets: Uint8Array): Dissection {
  return new ReadFrame(layout, octets)
}

/** Words are made when they are asked for: most frames are never shown. */
class ReadFrame implements Dissection {
  readonly fields: Record<string, number> = {}
  readonly type?: string
  readonly payloadOffset: number
  readonly payloadOctets: number
  readonly malformed?: string
  private readonly layout: WireLayout
  private readonly octets: Uint8Array

  constructor(layout: WireLayout, octets: Uint8Array) {
    this.layout = layout
    this.octets = octets
    const { headers, typeNames, dataWhen } = compiled(layout)
    const read = readHeaders({ layout, headers }, octets, this.fields)
    const type = this.fields['type']
    const name = type === undefined ? undefined : typeNames.get(type)
    if (type !== undefined) this.type = name ?? String(type)
    this.payloadOffset = read.end
    this.payloadOctets = Math.max(0, octets.length - read.end)
    const isKnown = type === undefined || name !== undefined
    const malformed = read.malformed ?? (isKnown ? this.excess(dataWhen) : `its type ${type} is unknown`)
    if (malformed !== undefined) this.malformed = malformed
  }

  get destination(): string {
    return hexOf(this.octets, 0, Math.min(6, this.octets.length))
  }

  get source(): string {
    return hexOf(this.octets, Math.min(6, this.octets.length), Math.min(12, this.octets.length))
  }

  get summary(): string {
    const { layout, fields, type, malformed, octets } = this
    const pattern = type === undefined ? undefined : layout.summary[type]
    if (pattern === undefined)
      return `${counted(octets.length, 'octet')}${malformed === undefined ? '' : `: ${malformed}`}`
    const text = pattern.replaceAll(/\{([^{}]+)\}/g, (_place, name: string) => String(fields[name] ?? '?'))
    return malformed === undefined ? text : `${text} (${malformed})`
  }

  /** What is wrong with its length, by its own field. */
  private excess(when: CompiledLayout['dataWhen']): string | undefined {
    const { data } = this.layout
    const length = isMetBy(when, this.fields) ? this.fields[data.octets] : undefined
    if (length === undefined || length <= this.payloadOctets) return undefined
    return `its ${data.octets} ${length} is more than the ${counted(this.payloadOctets, 'octet')} that ${this.payloadOctets === 1 ? 'follows' : 'follow'} its headers`
  }
}

/** Reads just enough for a fault rule; undefined for what is no frame of this wire. */
export type Classifier = (octets: Uint8Array, length: number) => FrameClass | undefined

export const classifier: (layout: WireLayout) => Classifier = onceFor((layout) => {
  const { headers, typeNames } = compiled(layout)
  const order = layout.octetOrder
  return (octets, length) => {
    if (length < ethernetOctets || numberAt(octets, 12, 2, 'big') !== layout.ethertype) return undefined
    const seen: Record<string, number> = {}
    let at = ethernetOctets
    for (const { header, when } of headers) {
      if (!isMetBy(when, seen)) continue
      if (at + header.octets > length) break
      for (const field of header.fields) seen[field.name] = numberAt(octets, at + field.offset, field.octets, order)
      at += header.octets
    }
    const { type, message, frame, frames } = seen
    if (type === undefined || message === undefined || frame === undefined) return undefined
    const name = typeNames.get(type) ?? String(type)
    return { type: name, answers: name === 'acknowledgement', message, frame, frames }
  }
})

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
  { layout, headers }: Pick<CompiledLayout, 'headers'> & { readonly layout: WireLayout },
  octets: Uint8Array,
  fields: Record<string, number>,
): { end: number; malformed?: string } {
  if (octets.length < ethernetOctets) return { end: octets.length, malformed: 'it is shorter than an Ethernet header' }
  const ethertype = numberAt(octets, 12, 2, 'big')
  if (layout.ethertype !== undefined && ethertype !== layout.ethertype) {
    return { end: ethernetOctets, malformed: `its ethertype is 0x${ethertype.toString(16)}` }
  }
  let end = ethernetOctets
  for (const { header, when } of headers) {
    if (!isMetBy(when, fields)) continue
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

function typeValues(layout: WireLayout): Readonly<Record<string, number>> {
  for (const header of protocolHeaders(layout)) {
    for (const field of header.fields) if (field.name === 'type') return field.values ?? {}
  }
  return {}
}

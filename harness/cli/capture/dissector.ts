// A dissector of the frames of a wire for Wireshark, in Lua: the layout as tables, and the code that reads by them.
import type { InterfaceName } from '../../../spec/vocabulary/endpoint.ts'
import { protocolHeaders } from '../../judge/frames/dissect.ts'
import type { LayoutField, LayoutHeader, WireLayout } from '../../plan/layout.ts'

/** A wire whose frames can be told from others. */
export type MarkedLayout = WireLayout & { readonly ethertype: number }

/**
 * The whole text of the dissector.
 * @param reader The code that reads frames by the table `wire` before it.
 */
export function dissectorOf(of: InterfaceName, layout: MarkedLayout, writer: string, reader: string): string {
  const wire = {
    filter: of,
    words: `${of.toUpperCase()} (wire profile ${layout.profile})`,
    order: layout.octetOrder,
    ethertype: layout.ethertype,
    headers: protocolHeaders(layout).map(headerTable),
    data: { octets: layout.data.octets, when: { ...layout.data.when } },
    summaries: summariesOf(layout),
  }
  const words = `-- Frames of ${wire.words} for Wireshark, written by ${writer} from the layout that it judges by.`
  return `${words}\n\nlocal wire = ${lua(wire, '')}\n\n${reader}`
}

function headerTable({ name, octets, when, fields }: LayoutHeader): Table {
  return { name, octets, when: { ...when }, fields: fields.map(fieldTable) }
}

function fieldTable({ name, offset, octets, meaning, values, form = 'decimal' }: LayoutField): Table {
  const filter = name.toLowerCase().replaceAll(/[^a-z\d]+/g, '_')
  return { name, filter, offset, octets, form, meaning, ...(values && { values: namesByValue(values) }) }
}

function namesByValue(values: Readonly<Record<string, number>>): Numbered {
  return new Map(Object.entries(values).map(([name, value]) => [value, name]))
}

/** The patterns of one line, by the value of the field `type` whose name they stand under. */
function summariesOf({ headers, summary }: WireLayout): Numbered {
  const types = headers.flatMap(({ fields }) => fields).find(({ name }) => name === 'type')?.values ?? {}
  return new Map(Object.entries(summary).map(([name, pattern]) => [types[name] ?? 0, pattern]))
}

type Numbered = ReadonlyMap<number, string>
type Table = { readonly [name: string]: Value }
type Value = number | string | Numbered | readonly Value[] | Table

/** A value in the words of Lua, its lines behind `indent`. */
function lua(value: Value, indent: string): string {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return quoted(value)
  const deeper = `${indent}  `
  const entries = entriesOf(value).map(([key, each]) => `${deeper}${key}${lua(each, deeper)},\n`)
  return entries.length === 0 ? '{}' : `{\n${entries.join('')}${indent}}`
}

function entriesOf(value: Numbered | readonly Value[] | Table): readonly (readonly [key: string, value: Value])[] {
  if (isList(value)) return value.map((each) => ['', each])
  if (value instanceof Map) return [...value].map(([number, text]) => [`[${number}] = `, text])
  return Object.entries(value).map(([name, each]) => [`${keyOf(name)} = `, each])
}

function keyOf(name: string): string {
  return /^[a-z]+$/.test(name) && name !== 'end' ? name : `[${quoted(name)}]`
}

function isList(value: Numbered | readonly Value[] | Table): value is readonly Value[] {
  return Array.isArray(value)
}

/** As Lua reads it: whatever is no plain letter is written by the decimal numbers of its octets. */
function quoted(text: string): string {
  const letters = [...new TextEncoder().encode(text)].map((octet) =>
    octet < 0x20 || octet > 0x7e || octet === 0x22 || octet === 0x5c
      ? `\\${String(octet).padStart(3, '0')}`
      : String.fromCharCode(octet),
  )
  return `"${letters.join('')}"`
}

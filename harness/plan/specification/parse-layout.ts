// Reads the layouts of wires and records from the spec files.
import { layout as validateLayout } from '#generated/validators'
import type { Diagnostic } from '../yaml/diagnostic.ts'
import { Findings, inFileOrder } from '../yaml/findings.ts'
import type { LayoutField, LayoutHeader, RecordLayout, WireLayout } from '../layout.ts'
import { didYouMean } from '../yaml/nearest.ts'
import { Place } from '../yaml/place.ts'
import { readSource, type SourceText } from '../yaml/source.ts'
import { choiceAt, integerAt } from '../yaml/scalars.ts'
import { checkShape } from '../yaml/violations.ts'

/** The layout is complete only if there are no diagnostics. */
export interface LayoutRead<T> {
  readonly layout: T
  readonly diagnostics: readonly Diagnostic[]
}

export function parseWireLayout(file: SourceText): LayoutRead<WireLayout> {
  return readLayout(file, 'profile', (root, findings) => {
    const headers: LayoutHeader[] = []
    for (const item of root.get('headers').items()) headers.push(readHeader(item, headers, findings))
    const { dataOctets, dataWhen } = readData(root.get('data'), headers, findings)
    return {
      profile: root.get('profile').text() ?? '',
      octetOrder: choiceAt(root.get('octetOrder'), ['big', 'little'], findings) ?? 'big',
      ethertype: integerAt(root.get('ethertype'), findings) ?? 0,
      headers,
      data: { octets: dataOctets, ...(dataWhen === undefined ? {} : { when: dataWhen }) },
      summary: readSummary(root.get('summary'), headers, findings),
      payloadLeast: integerAt(root.get('payloadLeast'), findings) ?? 0,
    }
  })
}

/** The record of that name, such as `descriptor` (EMP: the first slot of a request) or `control segment` (VIA). */
export function parseRecordLayout(file: SourceText, name: string): LayoutRead<RecordLayout> {
  return readLayout(file, 'records', (root, findings) => {
    const octetOrder = choiceAt(root.get('octetOrder'), ['big', 'little'], findings) ?? 'big'
    const records = root
      .get('records')
      .items()
      .map((item) => ({
        name: item.get('name').text() ?? '',
        octetOrder,
        octets: integerAt(item.get('octets'), findings) ?? 0,
        fields: readFields(item, findings),
      }))
    const found = records.find((record) => record.name === name)
    if (!found) findings.add(root.get('records').keyMark(), `there is no record \`${name}\``)
    return found ?? { name, octetOrder, octets: 0, fields: [] }
  })
}

function readLayout<T>(file: SourceText, key: string, read: (root: Place, findings: Findings) => T): LayoutRead<T> {
  const findings = new Findings()
  const source = readSource(file, findings)
  const root = source ? Place.root(source) : Place.nowhere(file)
  if (source) checkShape(source, validateLayout, findings)
  if (source && !root.get(key).present) findings.add(root.mark(), `the key \`${key}\` is missing here`)
  // What the schema found wrong is not worth a second diagnostic.
  const meant = findings.diagnostics.length === 0 ? findings : new Findings()
  const layout = read(root, meant)
  return { layout, diagnostics: findings.diagnostics.toSorted(inFileOrder) }
}

function readHeader(place: Place, before: readonly LayoutHeader[], findings: Findings): LayoutHeader {
  const when = place.get('when').present ? readWhen(place.get('when'), before, findings) : undefined
  return {
    name: place.get('name').text() ?? '',
    octets: integerAt(place.get('octets'), findings) ?? 0,
    ...(when === undefined ? {} : { when }),
    fields: readFields(place, findings),
  }
}

/** Fields in order; each within its header, none over another. */
function readFields(holder: Place, findings: Findings): LayoutField[] {
  const size = integerAt(holder.get('octets'), findings) ?? 0
  const fields: LayoutField[] = []
  for (const item of holder.get('fields').items()) {
    const name = item.get('name').text() ?? ''
    const offset = integerAt(item.get('offset'), findings) ?? 0
    const octets = integerAt(item.get('octets'), findings) ?? 0
    const form = choiceAt(item.get('form'), ['decimal', 'hexadecimal', 'address'], findings)
    const values = item.get('values').present ? readValues(item.get('values'), findings) : undefined
    if (offset + octets > size) {
      findings.add(item.get('offset').mark(), `\`${name}\` ends at octet ${offset + octets} of ${size}`)
    }
    const over = fields.find((field) => offset < field.offset + field.octets && field.offset < offset + octets)
    if (over) findings.add(item.get('offset').mark(), `\`${name}\` lies over \`${over.name}\``)
    if (fields.some((field) => field.name === name))
      findings.add(item.get('name').mark(), `\`${name}\` stands here twice`)
    fields.push({
      name,
      offset,
      octets,
      meaning: item.get('meaning').text() ?? '',
      ...(form === undefined ? {} : { form }),
      ...(values === undefined ? {} : { values }),
    })
  }
  return fields
}

function readValues(place: Place, findings: Findings): Record<string, number> {
  const values: Record<string, number> = {}
  for (const { name, value } of place.entries()) {
    const number = integerAt(value, findings)
    if (number !== undefined) values[name] = number
  }
  return values
}

/** Values by field of an earlier header, names of values resolved. */
function readWhen(place: Place, headers: readonly LayoutHeader[], findings: Findings): Record<string, number> {
  const fields = headers.flatMap((header) => header.fields)
  const when: Record<string, number> = {}
  for (const { name, key, value } of place.entries()) {
    const field = fields.find((candidate) => candidate.name === name)
    if (!field) {
      const names = fields.map((candidate) => candidate.name)
      findings.add(key.mark(), `no earlier header has a field \`${name}\``, didYouMean(name, names))
      continue
    }
    const named = field.values?.[value.text() ?? '']
    const number = named ?? value.number()
    if (number === undefined) {
      const names = Object.keys(field.values ?? {})
      findings.add(value.mark(), `\`${name}\` has no value \`${value.flow()}\``, didYouMean(value.flow(), names))
    } else when[name] = number
  }
  return when
}

function readData(place: Place, headers: readonly LayoutHeader[], findings: Findings) {
  const dataOctets = place.get('octets').text() ?? ''
  const names = headers.flatMap((header) => header.fields.map((field) => field.name))
  if (!names.includes(dataOctets)) {
    findings.add(place.get('octets').mark(), `no header has a field \`${dataOctets}\``, didYouMean(dataOctets, names))
  }
  const dataWhen = place.get('when').present ? readWhen(place.get('when'), headers, findings) : undefined
  return { dataOctets, dataWhen }
}

function readSummary(place: Place, headers: readonly LayoutHeader[], findings: Findings): Record<string, string> {
  const names = headers.flatMap((header) => header.fields.map((field) => field.name))
  const summary: Record<string, string> = {}
  for (const { name, value } of place.entries()) {
    const text = value.text() ?? ''
    for (const [, field] of text.matchAll(/\{([^}]*)\}/g)) {
      if (field === undefined || names.includes(field)) continue
      findings.add(value.mark(), `no header has a field \`${field}\``, didYouMean(field, names))
    }
    summary[name] = text
  }
  return summary
}

// Reads a PICS file: what of an implementation is to be judged, which is never more than its adapter declares.
import { statement as validateStatement } from '#generated/validators'
import type { Pics, PicsValue } from '../../subject/pics.ts'
import type { Findings } from '../yaml/findings.ts'
import { didYouMean } from '../yaml/nearest.ts'
import { Place } from '../yaml/place.ts'
import { readSource, type SourceText } from '../yaml/source.ts'
import { flagAt, integerAt } from '../yaml/scalars.ts'
import { checkShape } from '../yaml/violations.ts'

/** What the interfaces of the project can be asked to declare. */
export interface Declarable {
  readonly options: Iterable<string>
  readonly values: Iterable<string>
}

/** A PICS file with all that it is held against. */
export interface Statement {
  readonly file: SourceText
  readonly declared: Pics
  readonly known: Declarable
}

/** The declared PICS, narrowed as the file says. Whatever contradicts what is declared is a finding. */
export function readStatement({ file, declared, known }: Statement, findings: Findings): Pics {
  const source = readSource(file, findings)
  if (!source || checkShape(source, validateStatement, findings).length > 0) return declared
  const root = Place.root(source)
  return {
    ...declared,
    interfaces: interfacesAt(root.get('interfaces'), declared, findings),
    options: optionsAt(root.get('options'), { declared, known: known.options, findings }),
    values: valuesAt(root.get('values'), { declared, known: known.values, findings }),
  }
}

interface Held {
  readonly declared: Pics
  readonly known: Iterable<string>
  readonly findings: Findings
}

function interfacesAt(list: Place, declared: Pics, findings: Findings): readonly string[] {
  if (!list.present) return declared.interfaces
  return list.items().flatMap((item) => {
    const name = item.text() ?? ''
    if (declared.interfaces.includes(name)) return [name]
    findings.add(item.mark(), `the adapter does not declare the interface \`${name}\``, 'leave it out')
    return []
  })
}

/** What requirements need beside options: how the implementation is driven, which is as it is. */
const declaredAside: ReadonlySet<string> = new Set(['wire.frames', 'clock.virtual'])

function optionsAt(map: Place, { declared, known, findings }: Held): Pics['options'] {
  const options: Record<string, boolean> = { ...declared.options }
  for (const { name, key, value } of map.entries()) {
    const wanted = flagAt(value, findings) ?? false
    if (declaredAside.has(name)) {
      findings.add(
        key.mark(),
        `\`${name}\` is declared as \`wire\` or \`clock\`, and no PICS file changes that`,
        'leave it out',
      )
      continue
    }
    if (!isKnown(name, key, { known, findings })) continue
    if (wanted && declared.options[name] !== true)
      findings.add(value.mark(), `the adapter declares that it lacks \`${name}\``, 'a PICS file may only narrow it')
    options[name] = wanted
  }
  return options
}

function valuesAt(map: Place, { declared, known, findings }: Held): Pics['values'] {
  const values: Record<string, PicsValue> = { ...declared.values }
  for (const { name, key, value } of map.entries()) {
    if (!isKnown(name, key, { known, findings })) continue
    const before = declared.values[name]
    if (!before) {
      findings.add(key.mark(), `the adapter does not declare \`${name}\``, 'leave it out')
      continue
    }
    values[name] = valueAt(value, { name, before, findings })
  }
  return values
}

function valueAt(
  place: Place,
  { name, before, findings }: { readonly name: string; readonly before: PicsValue; readonly findings: Findings },
): PicsValue {
  const value = integerAt(place.get('value'), findings) ?? before.value
  const range = before.settable ?? { least: before.value, most: before.value }
  if (value < range.least || value > range.most)
    findings.add(place.get('value').mark(), `\`${name}\` is declared as ${rangeWords(before)}, not ${value}`)
  const settable = place.get('settable')
  if (!settable.present) return { value }
  const least = integerAt(settable.get('least'), findings) ?? value
  const most = integerAt(settable.get('most'), findings) ?? value
  if (least > most) findings.add(settable.mark(), `${least} is more than ${most}`)
  if (least < range.least || most > range.most)
    findings.add(
      settable.mark(),
      `\`${name}\` is declared as ${rangeWords(before)}, not as settable from ${least} to ${most}`,
    )
  if (value < least || value > most) findings.add(settable.mark(), `the value ${value} lies outside of it`)
  return { value, settable: { least, most } }
}

function rangeWords({ value, settable }: PicsValue): string {
  return settable ? `settable from ${settable.least} to ${settable.most}` : `fixed at ${value}`
}

function isKnown(name: string, place: Place, { known, findings }: Pick<Held, 'known' | 'findings'>): boolean {
  const all = [...known]
  if (all.includes(name)) return true
  findings.add(place.mark(), `\`${name}\` is unknown`, didYouMean(name, all))
  return false
}

// Reads the axes of a case, checks that each is used, and combines their values.
import type { Findings } from '../yaml/findings.ts'
import { didYouMean } from '../yaml/nearest.ts'
import type { AxisValues, Place } from '../yaml/place.ts'

export type Axes = Readonly<Record<string, readonly string[]>>

const combinationsMax = 4096

export function readAxes(place: Place, findings: Findings): Axes {
  const axes: Record<string, readonly string[]> = {}
  for (const { name, key, value } of place.entries()) {
    const values = value.items().flatMap((item) => item.text() ?? [])
    if (new Set(values).size < values.length) findings.add(key.mark(), `the axis \`${name}\` has a value twice`)
    axes[name] = values
  }
  const count = Object.values(axes).reduce((product, values) => product * values.length, 1)
  if (count <= combinationsMax) return axes
  findings.add(place.keyMark(), `${count} combinations are more than ${combinationsMax}`, 'split the case')
  return {}
}

/** Every combination, the last axis fastest. */
export function combine(axes: Axes): Readonly<Record<string, string>>[] {
  let combinations: Readonly<Record<string, string>>[] = [{}]
  for (const [name, values] of Object.entries(axes)) {
    combinations = combinations.flatMap((before) => values.map((value) => Object.assign({}, before, { [name]: value })))
  }
  return combinations
}

export function bindings(combination: Readonly<Record<string, string>>): AxisValues {
  return { values: new Map(Object.entries(combination)), examples: new Map() }
}

/**
 * Values under which a case can be read once for its words: a number for each axis that no file contains.
 * `reveal` puts `$name` back where such a number stands in a text.
 */
export function symbols(axes: Axes): { readonly values: AxisValues; readonly reveal: (text: string) => string } {
  const names = Object.keys(axes)
  const values = new Map(names.map((name, i) => [name, String(firstSymbol + i)]))
  const examples = new Map(names.map((name, i) => [String(firstSymbol + i), axes[name]?.[0] ?? '']))
  const reveal = (text: string): string =>
    // A duration that stands for an axis is printed in nanoseconds.
    text.replaceAll(/(77070707070\d\d)(?:ns)?/g, (_, digits: string) => `$${names[Number(digits) - firstSymbol] ?? ''}`)
  return { values: { values, examples }, reveal }
}

const firstSymbol = 7_707_070_707_000

/** Reports names of axes that are not declared, and axes that nothing mentions. */
export function checkAxes(holder: Place, axes: Axes, findings: Findings): void {
  checkNames(holder, { key: 'axes', what: 'axis', names: Object.keys(axes) }, findings)
}

/** Holds the `$name`s in `holder` against those that it declares under `key`. */
export function checkNames(
  holder: Place,
  declared: { readonly key: string; readonly what: string; readonly names: readonly string[] },
  findings: Findings,
): void {
  const used = new Set<string>()
  const { key: under, what, names } = declared
  const look = (place: Place): void => {
    for (const { name, mark } of place.axisNames()) {
      used.add(name)
      if (!names.includes(name)) findings.add(mark, `there is no ${what} \`${name}\``, didYouMean(name, names))
    }
    for (const item of place.items()) look(item)
    for (const { key, value } of place.entries()) {
      look(key)
      look(value)
    }
  }
  for (const { name, key, value } of holder.entries()) {
    if (name === under) continue
    look(key)
    look(value)
  }
  for (const { name, key } of holder.get(under).entries()) {
    if (!used.has(name))
      findings.add(key.mark(), `nothing uses the ${what} \`${name}\``, `write \`$${name}\`, or remove it`)
  }
}

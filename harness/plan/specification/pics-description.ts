// Reads what an implementation of an interface is asked to declare: options, and values with their defaults.
import { pics as validatePics } from '#generated/validators'
import type { Findings } from '../yaml/findings.ts'
import { Place } from '../yaml/place.ts'
import { readSource, type SourceText } from '../yaml/source.ts'
import { integerAt } from '../yaml/scalars.ts'
import { checkShape } from '../yaml/violations.ts'

export interface PicsDescription {
  readonly interface: string
  readonly options: readonly { readonly name: string; readonly words: string }[]
  readonly values: readonly {
    readonly key: string
    readonly words: string
    readonly unit: string
    readonly default: number
    /** Requirements whose verdict depends on the value. */
    readonly requirements: readonly string[]
  }[]
}

/** Undefined if the text is no YAML. */
export function readPicsDescription(file: SourceText, findings: Findings): PicsDescription | undefined {
  const source = readSource(file, findings)
  if (!source) return undefined
  checkShape(source, validatePics, findings)
  return describe(Place.root(source), findings)
}

function describe(root: Place, findings: Findings): PicsDescription {
  const options = root.get('options').items()
  const values = root.get('values').items()
  return {
    interface: root.get('interface').text() ?? '',
    options: options.map((item, i) => ({
      name: uniqueName(options, i, 'name', findings),
      words: item.get('words').text() ?? '',
    })),
    values: values.map((item, i) => ({
      key: uniqueName(values, i, 'key', findings),
      words: item.get('words').text() ?? '',
      unit: item.get('unit').text() ?? '',
      default: integerAt(item.get('default'), findings) ?? 0,
      requirements: item
        .get('requirements')
        .items()
        .flatMap((id) => id.text() ?? []),
    })),
  }
}

/** The name of the i-th item, which no item before it may have. */
function uniqueName(items: readonly Place[], i: number, key: string, findings: Findings): string {
  const place = items[i]?.get(key)
  const name = place?.text() ?? ''
  const earlier = items.slice(0, i).some((item) => item.get(key).text() === name)
  if (place?.present === true && earlier) findings.add(place.mark(), `\`${name}\` is described twice`, 'remove one')
  return name
}

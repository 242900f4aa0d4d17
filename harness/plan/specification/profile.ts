// Reads what systems that the sources describe declare of themselves.
import { profile as validateProfile } from '#generated/validators'
import type { Findings } from '../yaml/findings.ts'
import { didYouMean } from '../yaml/nearest.ts'
import { Place } from '../yaml/place.ts'
import { readSource, type SourceText } from '../yaml/source.ts'
import { flagAt } from '../yaml/scalars.ts'
import { checkShape } from '../yaml/violations.ts'

/** One option of a profile, and why the system is read so. */
export interface ProfileOption {
  readonly name: string
  readonly present: boolean
  readonly why: string
}

/** A system by what it says of the options of one interface. What a profile does not speak of is the adapter's own affair. */
export interface Profile {
  readonly name: string
  readonly title: string
  readonly words: string
  readonly interface: string
  /** The largest class that it is measured against. */
  readonly class: string
  readonly options: readonly ProfileOption[]
}

/** What a profile may speak of. */
export interface Profilable {
  /** Options of all interfaces. */
  readonly options: Iterable<string>
  readonly classes: readonly { readonly interface: string; readonly class: string }[]
}

/** Undefined if the file is no profile. Unknown options and classes are findings, and so are two profiles of one name. */
export function readProfiles(files: readonly SourceText[], known: Profilable, findings: Findings): readonly Profile[] {
  const profiles: Profile[] = []
  for (const file of files) {
    const source = readSource(file, findings)
    if (!source || checkShape(source, validateProfile, findings).length > 0) continue
    const root = Place.root(source)
    const profile = profileAt(root, known, findings)
    if (profiles.some(({ name }) => name === profile.name))
      findings.add(root.get('profile').mark(), `there is a profile \`${profile.name}\` already`, 'name it otherwise')
    profiles.push(profile)
  }
  return profiles
}

function profileAt(root: Place, known: Profilable, findings: Findings): Profile {
  const text = (key: string): string => root.get(key).text() ?? ''
  const of = text('interface')
  const classes = known.classes.filter((each) => each.interface === of).map((each) => each.class)
  if (!classes.includes(text('class')))
    findings.add(root.get('class').mark(), `there is no class \`${text('class')}\``, didYouMean(text('class'), classes))
  return {
    name: text('profile'),
    title: text('title'),
    words: text('words'),
    interface: of,
    class: text('class'),
    options: optionsAt(root.get('options'), [...known.options], findings),
  }
}

function optionsAt(map: Place, known: readonly string[], findings: Findings): ProfileOption[] {
  return map.entries().map(({ name, key, value }) => {
    if (!known.includes(name)) findings.add(key.mark(), `\`${name}\` is unknown`, didYouMean(name, known))
    return { name, present: flagAt(value.get('present'), findings) ?? false, why: value.get('why').text() ?? '' }
  })
}

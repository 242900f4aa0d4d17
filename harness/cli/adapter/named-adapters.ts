// The adapters that have a name here: the reference, its devices and profiles, degenerates, mutants. All run in this process.
import { degenerateAdapter, degenerateNames, type DegenerateName } from '../../../adapters/degenerate/adapter.ts'
import { mutantAdapter } from '../../../adapters/mutants/adapter.ts'
import { mutants } from '../../../adapters/mutants/catalogue.ts'
import { deviceNames, referenceAdapter, referenceLike, referenceOn } from '../../../adapters/reference/adapter.ts'
import type { Adapter } from '../../subject/adapter.ts'
import { packageProfiles, profileNamed } from '../project/profiles.ts'

const degenerateWords: Readonly<Record<DegenerateName, string>> = {
  silent: 'Takes every call and answers none; never sends a frame.',
  yes: 'Claims success for everything at once; never sends a frame.',
  no: 'Refuses everything; never sends a frame.',
}

/** What --adapter can name, beside commands, with a sentence each. */
export function knownAdapters(): readonly { readonly name: string; readonly words: string }[] {
  return [
    { name: 'reference', words: 'The reference implementation of EMP and VIA, in process.' },
    ...deviceNames.map(({ name, words }) => ({ name: `reference:${name}`, words })),
    ...packageProfiles().map(({ name, title }) => ({
      name: `reference:${name}`,
      words: `The reference with what ${title} has, and without what it lacks.`,
    })),
    ...degenerateNames.map((name) => ({ name: `degenerate:${name}`, words: degenerateWords[name] })),
    ...mutants.map(({ name, words }) => ({ name: `mutant:${name}`, words })),
  ]
}

/** An adapter that runs in this process, or undefined if nothing here has that name. */
export function localAdapterNamed(name: string): Adapter | undefined {
  if (name === 'reference') return referenceAdapter()
  const [kind, rest] = [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1)]
  const device = kind === 'reference' ? deviceNames.find((known) => known.name === rest) : undefined
  if (device) return referenceOn(device.name)
  const profile = kind === 'reference' ? profileNamed(rest) : undefined
  if (profile) return referenceLike(profile)
  const degenerate = degenerateNames.find((known) => known === rest)
  if (kind === 'degenerate' && degenerate) return degenerateAdapter(degenerate)
  const mutant = mutants.find((known) => known.name === rest)
  return kind === 'mutant' && mutant ? mutantAdapter(mutant) : undefined
}

// The profiles of the package by name, for whoever names one before the project is opened.
import { Findings } from '../../plan/yaml/findings.ts'
import { readProfiles, type Profile } from '../../plan/specification/profile.ts'
import { textsBelow } from '../files/package-texts.ts'

/** What is wrong with them is told when the project is opened, not here. */
export function packageProfiles(): readonly Profile[] {
  return readProfiles(textsBelow('spec/pics/profiles').texts, { options: [], classes: [] }, new Findings())
}

export function profileNamed(name: string): Profile | undefined {
  return packageProfiles().find((profile) => profile.name === name)
}

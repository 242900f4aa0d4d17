// The languages that there are.
import type { InterfaceName } from '../../spec/vocabulary/endpoint.ts'
import { wireOf, type WireLayouts } from '../plan/layout.ts'
import { empLanguage } from './emp/language.ts'
import { viaLanguage } from './via/language.ts'
import type { Language } from './language.ts'

/** Interfaces that can be fuzzed. */
export const fuzzed: readonly InterfaceName[] = ['emp', 'via']

export function languageOf(of: InterfaceName, layouts: WireLayouts): Language {
  switch (of) {
    case 'emp':
      return empLanguage(wireOf(layouts, 'emp'))
    case 'via':
      return viaLanguage
  }
}

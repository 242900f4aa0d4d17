// The languages that there are.
import type { InterfaceName } from '../../spec/vocabulary/endpoint.ts'
import { wireOf, type WireLayouts } from '../plan/layout.ts'
import { empLanguage } from './emp/language.ts'
import type { Language } from './language.ts'

/** Interfaces that can be fuzzed. */
export const fuzzed: readonly InterfaceName[] = ['emp']

export function languageOf(of: InterfaceName, layouts: WireLayouts): Language {
  switch (of) {
    case 'emp':
      return empLanguage(wireOf(layouts, 'emp'))
    case 'via':
      throw new RangeError('VIA cannot be fuzzed yet')
  }
}

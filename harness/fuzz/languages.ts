// The languages that there are.
import type { InterfaceName } from '../../spec/vocabulary/endpoint.ts'
import type { WireLayouts } from '../plan/layout.ts'
import type { Pics } from '../subject/pics.ts'
import { empLanguage } from './emp/language.ts'
import { viaLanguage } from './via/language.ts'
import type { Language } from './language.ts'

/** Interfaces that can be fuzzed. */
export const fuzzed: readonly InterfaceName[] = ['emp', 'via']

/** An interface in the words that the fuzzer has for it, as far as an implementation offers what they speak of. */
export function languageOf(of: InterfaceName, layouts: WireLayouts, pics: Pics): Language {
  switch (of) {
    case 'emp':
      return empLanguage(layouts.emp, pics)
    case 'via':
      return viaLanguage(pics)
  }
}

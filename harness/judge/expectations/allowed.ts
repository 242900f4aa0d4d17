// Whether the model of the interface allows everything that the hosts of a run were told.
import { pronounce } from '../oracle/pronounce.ts'
import { voidBy } from '../oracle/void-frames.ts'
import type { View } from '../seen/view.ts'
import { missing, passed, type Checked } from './checked.ts'

export function checkAllowed(view: View): Checked {
  const { permutation, trace } = view
  const oracle = view.beginOracle()
  if (!oracle) return missing(`there is no model of ${permutation.interface}`)
  const pronounced = pronounce(oracle, trace, (record) => voidBy(trace, record, view) !== undefined)
  if (!pronounced) return passed('the model allows it')
  const { words, at, requirements, call } = pronounced
  return { verdict: 'fail', seen: words, at, requirements, ...(call === undefined ? {} : { call }) }
}

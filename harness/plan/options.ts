// Which options a call of EMP needs.
import type { CallBody } from '../../spec/vocabulary/calls.ts'
import { empAny } from '../../spec/vocabulary/emp.ts'

const optionOf: Readonly<Partial<Record<CallBody['operation'], string>>> = {
  'emp.counters': 'emp.counters',
  'emp.descriptor': 'emp.descriptors',
  'emp.testall': 'emp.mpi',
  'emp.waitany': 'emp.mpi',
  'emp.cancel': 'emp.cancel',
  'emp.probe': 'emp.probe',
}

/** The options without which an implementation need not offer the call, or what it names. */
export function optionsOf(body: CallBody): readonly string[] {
  const option = optionOf[body.operation]
  const isWild = 'from' in body && 'tag' in body && (body.from === empAny || body.tag === empAny)
  return [...(option === undefined ? [] : [option]), ...(isWild ? ['emp.wildcards'] : [])]
}

// The oracle of each interface. One that was made is used again for worlds of the same kind.
import type { InterfaceName } from '../../../spec/vocabulary/endpoint.ts'
import type { Permutation } from '../../plan/permutation.ts'
import { onceFor } from '../../plan/once-for.ts'
import type { Pics } from '../../subject/pics.ts'
import { EmpOracle } from './emp.ts'
import type { Oracle } from './pronounce.ts'
import { ViaOracle } from './via.ts'

/** An oracle that has begun, for a run of the permutation. It stands until the next is asked for. */
export function oracleOf(permutation: Permutation, pics: Pics): Oracle {
  const oracle = kept(pics)(permutation.hosts)(permutation.configuration)(permutation)
  oracle.begin(permutation)
  return oracle
}

/** By what the implementation declares, by hosts, by configuration. */
const kept = onceFor((pics: Pics) =>
  onceFor((_hosts: Permutation['hosts']) =>
    onceFor((_configuration: Permutation['configuration']) => {
      const made: Partial<Record<InterfaceName, Oracle>> = {}
      return (permutation: Permutation): Oracle => (made[permutation.interface] ??= make(permutation, pics))
    }),
  ),
)

function make(permutation: Permutation, pics: Pics): Oracle {
  switch (permutation.interface) {
    case 'emp':
      return new EmpOracle(permutation, pics)
    case 'via':
      return new ViaOracle(permutation, pics)
  }
}

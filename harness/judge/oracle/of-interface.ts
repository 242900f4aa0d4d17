// The oracle of each interface. One that was made is used again for worlds of the same kind.
import type { Duration } from '../../../spec/vocabulary/units.ts'
import type { Permutation } from '../../plan/case.ts'
import { onceFor } from '../../plan/once-for.ts'
import type { Pics } from '../../subject/pics.ts'
import { empOracle, empTimeout } from './emp.ts'
import type { Oracle } from './pronounce.ts'

/** The hosts of a world, and how they are set up. */
type Setting = Pick<Permutation, 'interface' | 'hosts' | 'configuration'>

/** A fresh oracle for the world that a permutation plays in; undefined: its interface has no model. It stands until the next is asked for. */
export function oracleOf(permutation: Setting, pics: Pics): Oracle | undefined {
  const oracle = kept(pics)(permutation.hosts)(permutation.configuration)(permutation)
  oracle?.reset()
  return oracle
}

/** By what the implementation declares, by hosts, by configuration. */
const kept = onceFor((pics: Pics) =>
  onceFor((_hosts: Permutation['hosts']) =>
    onceFor((_configuration: Permutation['configuration']) => {
      let made: Oracle | undefined
      return (setting: Setting): Oracle | undefined => (made ??= make(setting, pics))
    }),
  ),
)

function make(setting: Setting, pics: Pics): Oracle | undefined {
  return setting.interface === 'emp' ? empOracle(setting, pics) : undefined
}

/** The longest after which hosts of a world try something again. */
export function timeoutOf({ configuration }: Pick<Permutation, 'configuration'>): Duration {
  return empTimeout(configuration)
}

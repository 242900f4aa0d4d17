// The oracle of each interface. One that was made is used again for worlds of the same kind.
import type { Permutation } from '../../plan/case.ts'
import { onceFor } from '../../plan/once-for.ts'
import type { Pics } from '../../subject/pics.ts'
import { empOracle, empTimeout } from './emp.ts'
import type { View } from '../view.ts'
import type { Oracle, Surroundings } from './pronounce.ts'
import { isVoid } from './void-frames.ts'

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

/** What else there is to know of a world whose wire is laid down, or is the provider's own. */
export function surroundingsOf(view: Pick<View, 'permutation' | 'layout' | 'macs' | 'cutting'>): Surroundings {
  const timeout = empTimeout(view.permutation.configuration)
  return { timeout, isVoid: (trace, record) => isVoid(trace, record, view) }
}

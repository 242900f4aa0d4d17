// A mutant as an adapter: it claims what the reference claims for the one interface that it spoils.
import type { Adapter } from '../../harness/subject/adapter.ts'
import { localAdapter } from '../local.ts'
import { referenceVersion } from '../reference/adapter.ts'
import { referencePics } from '../reference/pics.ts'
import type { Mutant } from './mutant.ts'

export function mutantAdapter({ name, interface: spoiled, options, wire, make }: Mutant): Adapter {
  const declared = wire === undefined ? referencePics : { ...referencePics, wire }
  return localAdapter({
    name: `mutant:${name}`,
    identity: { name, version: referenceVersion, vendor: 'viaduct' },
    pics: { ...declared, interfaces: [spoiled], options: { ...declared.options, ...options } },
    isReference: false,
    make,
  })
}

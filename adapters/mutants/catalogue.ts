// All mutants of the EMP reference, by name.
import type { Adapter } from '../../harness/subject/adapter.ts'
import type { Endpoint, EndpointSetting } from '../../spec/vocabulary/endpoint.ts'
import { localAdapter } from '../local.ts'
import { referenceVersion } from '../reference/adapter.ts'
import { referencePics } from '../reference/pics.ts'
import { acknowledgementMutants } from './acknowledgement.ts'
import { deliveryMutants } from './delivery.ts'
import { descriptorMutants } from './descriptors.ts'
import { framingMutants } from './framing.ts'
import { hostMutants } from './host.ts'
import { matchingMutants } from './matching.ts'
import type { Mutant } from './mutant.ts'
import { retransmissionMutants } from './retransmission.ts'

export const mutants: readonly Mutant[] = [
  ...framingMutants,
  ...acknowledgementMutants,
  ...retransmissionMutants,
  ...matchingMutants,
  ...deliveryMutants,
  ...descriptorMutants,
  ...hostMutants,
]

export const mutantNames: readonly string[] = mutants.map(({ name }) => name)

/** An endpoint of the mutant `name`. Throws a RangeError if there is none. */
export function makeMutantEndpoint(name: string, setting: EndpointSetting): Endpoint {
  const mutant = mutants.find((known) => known.name === name)
  if (!mutant) throw new RangeError(`no mutant ${name}`)
  return mutant.make(setting)
}

/** An adapter for worlds of `mutant`, which declares what the reference declares. */
export function mutantAdapter(mutant: Mutant): Adapter {
  return localAdapter({
    name: `mutant:${mutant.name}`,
    identity: { name: `mutant ${mutant.name}`, version: referenceVersion, vendor: 'viaduct' },
    pics: referencePics,
    isReference: false,
    make: mutant.make,
  })
}

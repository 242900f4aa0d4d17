// Plugs the reference implementation in, in process.
import type { Adapter } from '../../harness/subject/adapter.ts'
import { EmpEndpoint } from '../../reference/emp/endpoint.ts'
import type { Endpoint, EndpointSetting } from '../../spec/vocabulary/endpoint.ts'
import { localAdapter } from '../local.ts'
import { referencePics } from './pics.ts'

/** An endpoint of the unmodified reference. */
export function makeReferenceEndpoint(setting: EndpointSetting): Endpoint {
  return new EmpEndpoint(setting)
}

/** The version that reports name; it changes when the reference behaves differently. */
export const referenceVersion = '0.1.0'

export function referenceAdapter(): Adapter {
  return localAdapter({
    name: 'reference',
    identity: { name: 'viaduct reference', version: referenceVersion, vendor: 'viaduct' },
    pics: referencePics,
    isReference: true,
    make: makeReferenceEndpoint,
  })
}

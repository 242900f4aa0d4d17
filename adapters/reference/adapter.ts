// Plugs the reference implementation in, in process.
import type { Adapter } from '../../harness/subject/adapter.ts'
import { EmpEndpoint } from '../../reference/emp/endpoint.ts'
import { ViaEndpoint } from '../../reference/via/endpoint.ts'
import type { Endpoint, EndpointSetting, InterfaceName } from '../../spec/vocabulary/endpoint.ts'
import { localAdapter } from '../local.ts'
import { referencePics } from './pics.ts'

const makers: Readonly<Record<InterfaceName, (setting: EndpointSetting) => Endpoint>> = {
  emp: (setting) => new EmpEndpoint(setting),
  via: (setting) => new ViaEndpoint(setting),
}

/** An endpoint of the unmodified reference, of the interface that the setting names. */
export function makeReferenceEndpoint(setting: EndpointSetting): Endpoint {
  return makers[setting.interface](setting)
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

// Implementations that do nothing right: the floor that every suite must tell from a correct one.
import type { Endpoint, EndpointSetting } from '../../spec/vocabulary/endpoint.ts'
import { interfaceDefaults, interfaceNames } from '../../spec/vocabulary/endpoint.ts'
import type { Adapter } from '../../harness/subject/adapter.ts'
import type { Pics, PicsValue } from '../../harness/subject/pics.ts'
import { localAdapter } from '../local.ts'
import { referencePics } from '../reference/pics.ts'
import { NoEndpoint } from './no.ts'
import { SilentEndpoint } from './silent.ts'
import { YesEndpoint } from './yes.ts'

/** `silent` answers nothing, `yes` claims success at once, `no` refuses everything but memory. None ever sends a frame. */
export const degenerateNames = ['silent', 'yes', 'no'] as const
export type DegenerateName = (typeof degenerateNames)[number]

const makers: Readonly<Record<DegenerateName, (setting: EndpointSetting) => Endpoint>> = {
  silent: () => new SilentEndpoint(),
  yes: (setting) => new YesEndpoint(setting),
  no: () => new NoEndpoint(),
}

/** All that the reference offers is claimed, so that nothing is spared as not applicable. Stepped they are not: there is nothing to step. */
const claims: Pics = {
  interfaces: interfaceNames,
  clock: 'virtual',
  wire: 'frames',
  profile: 'emp-1',
  options: { ...referencePics.options, stepped: false },
  values: Object.fromEntries(
    Object.entries({ ...interfaceDefaults.emp, ...interfaceDefaults.via }).map(([key, value]): [string, PicsValue] => [
      key,
      { value, settable: { least: 0, most: Number.MAX_SAFE_INTEGER } },
    ]),
  ),
}

export function degenerateAdapter(name: DegenerateName): Adapter {
  return localAdapter({
    name: `degenerate:${name}`,
    identity: { name: `degenerate ${name}`, version: '1', vendor: 'viaduct' },
    pics: claims,
    isReference: false,
    make: makers[name],
  })
}

// What a mutant is: the reference with one planted fault.
import { EmpEndpoint } from '../../reference/emp/endpoint.ts'
import type { EmpParts } from '../../reference/emp/parts.ts'
import type { Endpoint, EndpointSetting } from '../../spec/vocabulary/endpoint.ts'

export interface Mutant {
  readonly name: string
  /** What it does wrong, in one sentence. */
  readonly words: string
  /** Requirements that it breaks: it counts as killed only through one of these. */
  readonly violates: readonly string[]
  readonly make: (setting: EndpointSetting) => Endpoint
}

/** Makes reference endpoints with some parts swapped for faulty ones. */
export function withParts(parts: Partial<EmpParts>): (setting: EndpointSetting) => Endpoint {
  return (setting) => new EmpEndpoint(setting, parts)
}

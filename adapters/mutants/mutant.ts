// What a mutant is: the reference with one planted fault.
import { EmpEndpoint } from '../../reference/emp/endpoint.ts'
import type { EmpParts } from '../../reference/emp/parts.ts'
import { ViaEndpoint } from '../../reference/via/endpoint.ts'
import type { ViaParts } from '../../reference/via/parts.ts'
import type { Endpoint, EndpointSetting, InterfaceName } from '../../spec/vocabulary/endpoint.ts'

export interface Mutant {
  readonly name: string
  /** The one interface whose reference it spoils; it offers no other. */
  readonly interface: InterfaceName
  /** What it does wrong, in one sentence. */
  readonly words: string
  /** Requirements that it breaks: it counts as killed only through one of these. */
  readonly violates: readonly string[]
  /**
   * `race`: in the common order nothing is wrong; it takes another order of activities, of calls or of frames, so that
   * the declared cases need not find it. Absent: they must.
   */
  readonly revealedBy?: 'race'
  /** Options that it offers otherwise than the reference does. */
  readonly options?: Readonly<Record<string, boolean>>
  /** The wire is hidden, as it is where there is none. */
  readonly wire?: 'none'
  readonly make: (setting: EndpointSetting) => Endpoint
}

/** The mutants of one file: all of one interface. */
export function mutantsOf(name: InterfaceName, mutants: readonly Omit<Mutant, 'interface'>[]): readonly Mutant[] {
  return mutants.map((mutant) => ({ ...mutant, interface: name }))
}

/** Mutants of one file, all of one interface, that only a race reveals. */
export function racesOf(
  name: InterfaceName,
  mutants: readonly Omit<Mutant, 'interface' | 'revealedBy'>[],
): readonly Mutant[] {
  return mutants.map((mutant) => ({ ...mutant, interface: name, revealedBy: 'race' }))
}

/** Makes endpoints of the EMP reference with some parts swapped for faulty ones. */
export function withEmpParts(parts: Partial<EmpParts>): (setting: EndpointSetting) => Endpoint {
  return (setting) => new EmpEndpoint(setting, parts)
}

/** Makes endpoints of the VIA reference with some parts swapped for faulty ones. */
export function withViaParts(parts: Partial<ViaParts>): (setting: EndpointSetting) => Endpoint {
  return (setting) => new ViaEndpoint(setting, parts)
}

// Plugs the reference implementation in, in process.
import type { Pics } from '../../harness/subject/pics.ts'
import type { Adapter, Identity } from '../../harness/subject/adapter.ts'
import { EmpEndpoint } from '../../reference/emp/endpoint.ts'
import { Ethernet } from '../../reference/via/devices/ethernet.ts'
import { Loopback } from '../../reference/via/devices/loopback.ts'
import { Offload } from '../../reference/via/devices/offload.ts'
import { ViaEndpoint } from '../../reference/via/endpoint.ts'
import { readOffer } from '../../reference/via/offer.ts'
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
    identity: identityAs('viaduct reference'),
    pics: referencePics,
    isReference: true,
    make: makeReferenceEndpoint,
  })
}

/** The devices that the VIA reference can stand on; `offload` is what it stands on unless another is named. */
const devices = {
  loopback: {
    kind: Loopback,
    words: 'VIA on no card at all: hosts are processes of one machine, and no wire is seen.',
    options: { stepped: false },
    wire: 'none',
  },
  ethernet: {
    kind: Ethernet,
    words: 'VIA on an ordinary Ethernet card: all work is done within calls and interrupts.',
    options: { stepped: false },
    wire: 'frames',
  },
  offload: {
    kind: Offload,
    words: 'VIA on a card that knows it: doorbells, descriptor fetch and DMA are its own steps.',
    options: { stepped: true },
    wire: 'frames',
  },
} as const
export type DeviceName = keyof typeof devices

const names: readonly DeviceName[] = ['loopback', 'ethernet', 'offload']

/** The devices by name, with a sentence each. */
export const deviceNames: readonly { readonly name: DeviceName; readonly words: string }[] = names.map((name) => ({
  name,
  words: devices[name].words,
}))

/** The VIA reference on one of its devices. What differs by the nature of the device is in its PICS. */
export function referenceOn(name: DeviceName): Adapter {
  const { kind, options, wire } = devices[name]
  const { 'wire.mtu': mtu, ...values } = referencePics.values
  const pics: Pics = {
    ...referencePics,
    interfaces: ['via'],
    wire,
    options: { ...referencePics.options, ...options },
    values:
      mtu && name !== 'loopback' ? { ...values, 'wire.mtu': mtu } : { ...values, 'wire.mtu': { value: kind.mtu(0) } },
  }
  return localAdapter({
    name: `reference:${name}`,
    identity: identityAs(`viaduct reference on ${name}`),
    pics,
    isReference: true,
    make: (setting) => new ViaEndpoint(setting, { device: kind }),
  })
}

/** A system that the reference is made to be like, by the options of one interface that it has and lacks. */
export interface Likeness {
  readonly name: string
  readonly title: string
  readonly interface: string
  readonly options: readonly { readonly name: string; readonly present: boolean }[]
}

/** The reference configured down to what such a system has: what it lacks is refused, not merely undeclared. */
export function referenceLike({ name, title, interface: of, options }: Likeness): Adapter {
  const had = Object.fromEntries(options.map((option) => [option.name, option.present]))
  const pics = { ...referencePics, interfaces: [of], options: { ...referencePics.options, ...had } }
  const offer = readOffer(pics.options)
  return localAdapter({
    name: `reference:${name}`,
    identity: identityAs(`viaduct reference as ${title}`),
    pics,
    isReference: true,
    make: (setting) =>
      setting.interface === 'via' ? new ViaEndpoint(setting, {}, offer) : makeReferenceEndpoint(setting),
  })
}

/** The reference with the options that somebody declares, to be played in their place. */
export function referenceInPlaceOf({ interfaces, options }: Pick<Pics, 'interfaces' | 'options'>): Adapter {
  const offer = readOffer(options)
  return localAdapter({
    name: 'reference',
    identity: identityAs('viaduct reference'),
    pics: { ...referencePics, interfaces, options },
    isReference: true,
    make: (setting) =>
      setting.interface === 'via' ? new ViaEndpoint(setting, {}, offer) : makeReferenceEndpoint(setting),
  })
}

function identityAs(name: string): Identity {
  return { name, version: referenceVersion, vendor: 'viaduct' }
}

// The layout of a wire as the spec files state it: enough to dissect a frame, classify it, and build one.
import type { InterfaceName } from '../../spec/vocabulary/endpoint.ts'

/** One field; `offset` and `octets` within its header. Numbers are in the profile's octet order; addresses have six octets. */
export interface LayoutField {
  readonly name: string
  readonly offset: number
  readonly octets: number
  readonly meaning: string
  readonly values?: Readonly<Record<string, number>>
  /** How its value is written for people; decimal unless said. */
  readonly form?: 'decimal' | 'hexadecimal' | 'address'
}

export interface LayoutHeader {
  readonly name: string
  readonly octets: number
  /** Present only when these fields of earlier headers have these values (value names resolved). */
  readonly when?: Readonly<Record<string, number>>
  readonly fields: readonly LayoutField[]
}

export interface WireLayout {
  readonly profile: string
  readonly octetOrder: 'big' | 'little'
  /** Absent: frames may have any, and nothing in them is read. */
  readonly ethertype?: number
  readonly headers: readonly LayoutHeader[]
  /** After the last header that is present: so many octets as this field says, in frames for which `when` holds. */
  readonly data: { readonly octets: string; readonly when?: Readonly<Record<string, number>> }
  /** A one-line summary by type name, with {field} places. */
  readonly summary: Readonly<Record<string, string>>
  /** Frames are padded to at least so many octets after the Ethernet header. */
  readonly payloadLeast: number
}

/** A wire that is the provider's own: frames have addresses and a length, and the rest is for those who made it. */
export const opaqueWire: WireLayout = {
  profile: 'opaque',
  octetOrder: 'big',
  headers: [],
  data: { octets: '' },
  summary: {},
  payloadLeast: 46,
}

/** The layouts of the frames that hosts send, by interface. */
export type WireLayouts = Readonly<Record<InterfaceName, WireLayout>>

/** A table of fields for something that is no frame, such as a descriptor. */
export interface RecordLayout {
  readonly name: string
  readonly octetOrder: 'big' | 'little'
  readonly octets: number
  readonly fields: readonly LayoutField[]
}

// What NICs, VIs and regions of memory have as attributes, and how the hosts of VIA are addressed.
import type { NodeIndex } from './units.ts'

/**
 * A handle, by the name that the harness gave with `as` when it was made; `null` is the NULL handle. Names stay bound
 * when their object is destroyed: the adapter passes the stale handle on, and the implementation has to refuse it.
 * A name that was never bound, because its call failed, is the harness' mistake: the adapter answers `invalid`.
 */
export type ViaHandle = string | null

/** A handle in an answer: its name, `null` for NULL, `unknown` for one that no call has handed out. */
export type ViaNamed = string

/** Unsigned octets of an address or a discriminator, as lower-case hexadecimal digits, two for each. */
export type ViaOctets = string

/**
 * VIP_NET_ADDRESS. A host of the world is named by its node; the adapter puts the provider's host address for it (the MAC
 * for the reference). Octets stand for an address as such, also in an answer where no host of the world has it. [S]
 */
export interface ViaNetAddress {
  readonly host: NodeIndex | ViaOctets
  readonly discriminator: ViaOctets
}

/** VIP_NIC_ATTRIBUTES, in its order. They never change while the provider runs. Fields [S], meanings [M]. */
export interface ViaNicAttributes {
  readonly name: string
  readonly hardwareVersion: number
  readonly providerVersion: number
  readonly nicAddressLen: number
  readonly localNicAddress: ViaOctets
  /** The library may be called on one object by several threads at once. */
  readonly threadSafe: boolean
  readonly maxDiscriminatorLen: number
  /** Octets that can be registered altogether. */
  readonly maxRegisterBytes: number
  readonly maxRegisterRegions: number
  /** Octets of the largest single region. */
  readonly maxRegisterBlockBytes: number
  readonly maxVI: number
  readonly maxDescriptorsPerQueue: number
  readonly maxSegmentsPerDesc: number
  readonly maxCQ: number
  readonly maxCQEntries: number
  /** The most octets that one descriptor may move. */
  readonly maxTransferSize: number
  readonly nativeMTU: number
  readonly maxPtags: number
  /** Union of the levels that are supported (`viaReliabilityLevels`). */
  readonly reliabilityLevelSupport: number
  /** Union of the levels at which RDMA read works [M]; 0 if it does at none. */
  readonly rdmaReadSupport: number
}

/** Attributes of a NIC that are limits, each with the value by which an implementation declares the same. */
export const viaLimitAttributes = [
  ['maxVI', 'via.max-vis'],
  ['maxDescriptorsPerQueue', 'via.max-descriptors'],
  ['maxSegmentsPerDesc', 'via.max-segments'],
  ['maxCQ', 'via.max-cqs'],
  ['maxCQEntries', 'via.max-cq-entries'],
  ['maxTransferSize', 'via.max-transfer'],
  ['maxPtags', 'via.max-ptags'],
  ['maxRegisterRegions', 'via.max-regions'],
  ['maxRegisterBlockBytes', 'via.max-region-octets'],
  ['maxRegisterBytes', 'via.max-register-octets'],
  ['maxDiscriminatorLen', 'via.max-discriminator'],
] as const satisfies readonly (readonly [attribute: keyof ViaNicAttributes, key: string])[]

/** VIP_VI_ATTRIBUTES, in its order. [S] */
export interface ViaViAttributes {
  /** A number, so that none and several levels can be asked for as well. */
  readonly reliabilityLevel: number
  readonly maxTransferSize: number
  /** The specification gives it no meaning: 0, which is NULL, unless a case is about it. [S] */
  readonly qos: number
  readonly ptag: ViaHandle
  /** The peer may write into memory through this VI; also needs the region's consent. [M] */
  readonly enableRdmaWrite: boolean
  readonly enableRdmaRead: boolean
}

/** Attributes of the other end's VI. Its protection tag means nothing here. */
export type ViaRemoteAttributes = Omit<ViaViAttributes, 'ptag'>

/** VIP_MEM_ATTRIBUTES, in its order. [S] */
export interface ViaMemoryAttributes {
  readonly ptag: ViaHandle
  readonly enableRdmaWrite: boolean
  readonly enableRdmaRead: boolean
}

type ViaAttribute = keyof ViaNicAttributes | keyof ViaViAttributes | keyof ViaMemoryAttributes

/** All attributes by name, whatever has them. */
export const viaAttributes: Readonly<Record<ViaAttribute, true>> = {
  name: true,
  hardwareVersion: true,
  providerVersion: true,
  nicAddressLen: true,
  localNicAddress: true,
  threadSafe: true,
  maxDiscriminatorLen: true,
  maxRegisterBytes: true,
  maxRegisterRegions: true,
  maxRegisterBlockBytes: true,
  maxVI: true,
  maxDescriptorsPerQueue: true,
  maxSegmentsPerDesc: true,
  maxCQ: true,
  maxCQEntries: true,
  maxTransferSize: true,
  nativeMTU: true,
  maxPtags: true,
  reliabilityLevelSupport: true,
  rdmaReadSupport: true,
  reliabilityLevel: true,
  qos: true,
  ptag: true,
  enableRdmaWrite: true,
  enableRdmaRead: true,
}

/** Configuration keys of VIA that bound what a NIC offers, with the reference's own values; see `spec/pics/via.yaml`. */
export const viaDefaults = {
  'via.max-nics': 8,
  'via.max-ptags': 32,
  'via.max-vis': 64,
  'via.max-cqs': 32,
  'via.max-cq-entries': 4096,
  'via.max-descriptors': 256,
  'via.max-segments': 252,
  'via.max-regions': 256,
  'via.max-region-octets': 16_777_216,
  'via.max-register-octets': 67_108_864,
  'via.max-transfer': 65_536,
  'via.max-discriminator': 32,
  'via.retransmission-timeout': 1_000_000,
  'via.connection-timeout': 200_000_000,
  'wire.mtu': 1500,
} as const

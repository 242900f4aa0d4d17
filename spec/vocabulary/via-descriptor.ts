// Descriptors of VIA as the harness writes them and sees them again, and the places that they point to.
import type { NodeIndex } from './units.ts'
import type { ViaDescriptorOperation } from './via-constants.ts'

/** A 64-bit address of one endpoint as 16 lower-case hexadecimal digits: too wide for a number that JSON keeps. */
export type ViaAddress = string

/**
 * Where something starts in the endpoint's own memory: within a named buffer, or `offset` octets past a plain address,
 * such as `0000000000000000` for NULL. A `Range` is a place.
 */
export type ViaPlace =
  { readonly buffer: string; readonly offset: number } | { readonly address: ViaAddress; readonly offset: number }

/** A place and how many octets follow. A `Range` is a span. */
export type ViaSpan = ViaPlace & { readonly bytes: number }

/**
 * A memory handle, unsigned 32 bits [S]: the name that VipRegisterMem gave, which stays bound after deregistration, or a
 * value as such.
 */
export type ViaMemory = string | number

/** What VipRegisterMem hands out for others to use: the address of the region's first octet, and the handle's value. */
export interface ViaRegion {
  readonly address: ViaAddress
  readonly handle: number
}

/** A data segment: `bytes` octets from `at`, with the handle that goes with them. */
export interface ViaSegment {
  readonly at: ViaPlace
  readonly memory: ViaMemory
  readonly bytes: number
}

/** A region of some host, by the name that its VipRegisterMem gave. */
export interface ViaRegionName {
  readonly node: NodeIndex
  readonly memory: string
}

/** The address segment of an RDMA operation: `offset` octets past the start of a region of the other end. */
export interface ViaRemotePlace extends ViaRegion {
  readonly offset: number
  /**
   * Whose address, and whose handle, these are. A case knows regions by their names only; what VipRegisterMem handed out
   * is put in when the call is made. Adapters go by `address` and `handle`.
   */
  readonly addressOf?: ViaRegionName
  readonly handleOf?: ViaRegionName
}

/** A field overwritten after all else, little-endian: how malformed descriptors are made. */
export interface ViaPatch {
  /** From the descriptor's start. */
  readonly offset: number
  readonly width: 1 | 2 | 4 | 8
  readonly value: number
}

/** Calls that no provider has: the adapter writes and reads descriptors in the host's memory. */
export type ViaDescriptorCall =
  | {
      /**
       * Writes a descriptor, control segment and all segments, and names it `as`. Its octets lie in a buffer like any
       * other: `memory.read` shows them, `memory.write` may damage them, and the same place may be written again under
       * another name, which then stands for it. Answers `ok`; nothing is posted.
       *
       * Next, NextHandle, Reserved and Status are zero. SegCount counts `segments` and `remote`. Length is the sum of
       * the data segments. Control has the operation, IMMEDIATE if `immediate` is given, and then the bits of `control`.
       */
      readonly operation: 'descriptor.write'
      readonly as: string
      readonly at: ViaPlace
      readonly op: ViaDescriptorOperation
      /** In order. */
      readonly segments: readonly ViaSegment[]
      /** First of all segments. RDMA only, though a case may give it to others, or leave it out. */
      readonly remote?: ViaRemotePlace
      /** ImmediateData, unsigned 32 bits. */
      readonly immediate?: number
      /** Bits to set besides: QFENCE, reserved ones. */
      readonly control?: number
      readonly patch?: readonly ViaPatch[]
    }
  /** Reads the control segment at this moment, whoever owns the descriptor. Answers `ok` with `control`. */
  | { readonly operation: 'descriptor.read'; readonly descriptor: string }

/** Fields of a control segment at one moment, as they stand in memory. */
export interface ViaControlFields {
  readonly segmentCount: number
  readonly control: number
  readonly immediate: number
  readonly length: number
  readonly status: number
}

/**
 * A descriptor pointer that the provider hands out: the name it was written under with its fields at that moment, `unknown`
 * for one that no descriptor was written at, `null` for NULL.
 */
export type ViaReturnedDescriptor = (ViaControlFields & { readonly name: string }) | 'unknown' | null

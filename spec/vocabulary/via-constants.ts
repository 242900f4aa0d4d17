// Numbers of VIA: states, reliability levels, bits of a descriptor, resources, asynchronous errors and limits.

/** Where a fact comes from: read in a public source, recalled of the specification, or our reading of its silence. */
export type ViaBasis = 'sourced' | 'recalled' | 'reading'

/** VIP_VI_STATE. [S] for names and values, [M] for what they mean. There is no state "disconnected". */
export const viaStates = {
  /** Not connected and not connecting: as created, after VipDisconnect, after a request that failed. */
  idle: 0,
  /** Data moves. */
  connected: 1,
  /** A request of this VI is outstanding. */
  'connect-pending': 2,
  /** The connection is broken; what is posted comes back flushed, and only VipDisconnect leads out. */
  error: 3,
} as const
export type ViaState = keyof typeof viaStates

/** VIP_RELIABILITY_LEVEL, a mask. A VI carries exactly one level; a NIC tells the union of what it supports. [S] */
export const viaReliabilityLevels = { unreliable: 1, 'reliable-delivery': 2, 'reliable-reception': 4 } as const
export type ViaReliabilityLevel = keyof typeof viaReliabilityLevels

/** OP of the Control field. A receive has the same value as a send; the queue tells them apart. [S] */
export const viaDescriptorOperations = { send: 0, receive: 0, 'rdma-write': 1, 'rdma-read': 2, reserved: 3 } as const
export type ViaDescriptorOperation = keyof typeof viaDescriptorOperations

/** The Control field, 16 bits. [S] for values, [M] for meanings. */
export const viaControl = {
  operationMask: 0x3,
  /** Send and RDMA write: ImmediateData goes along. Ignored where a receive is posted. */
  immediate: 0x4,
  /** Does not start before all earlier RDMA reads of the same send queue are complete. */
  queueFence: 0x8,
  reserved: 0xfff0,
} as const

/** Single bits of the Status field, 32 bits. [S] for values, [M] for meanings. */
export const viaStatusBits = {
  /** Completed, well or not. The consumer clears Status before it posts. */
  done: 0x1,
  /** The local descriptor is malformed: operation, segment count, reserved bits. */
  'format-error': 0x2,
  /** The local memory of a data segment may not be accessed. */
  'protection-error': 0x4,
  /** More than MaxTransferSize, Length other than the segments' sum [?], or more data than the receive takes. */
  'length-error': 0x8,
  /** Only a part of the message arrived. */
  'partial-error': 0x10,
  /** Taken from the queue without being processed: disconnect, error state, posted while not connected. */
  'descriptor-flushed': 0x20,
  /** Data was lost or damaged beyond repair. */
  'transport-error': 0x40,
  /** The remote end of an RDMA operation may not be accessed. */
  'rdma-protection-error': 0x80,
  /** No remote receive, or one of wrong form, length or protection; told to the sender at Reliable Reception only. */
  'remote-descriptor-error': 0x100,
  /** On a receive: ImmediateData is valid. */
  immediate: 0x80000,
} as const
export type ViaStatusBit = keyof typeof viaStatusBits

/** Masks of the Status field. [S] */
export const viaStatusMasks = { errors: 0x1fe, operation: 0x70000, reserved: 0xfff0fe00 } as const

/** What completed: values under the mask `operation` of the Status field, a number of three bits and not three flags. [S] */
export const viaStatusOperations = {
  send: 0x00000,
  receive: 0x10000,
  'rdma-write': 0x20000,
  /** A receive that an RDMA write with immediate data of the peer used up. */
  'remote-rdma-write': 0x30000,
  'rdma-read': 0x40000,
} as const
export type ViaStatusOperation = keyof typeof viaStatusOperations

/** VIP_RESOURCE_CODE: which handle of an error descriptor is meaningful. [S] */
export const viaResources = { nic: 0, vi: 1, cq: 2, descriptor: 3 } as const
export type ViaResource = keyof typeof viaResources

/**
 * VIP_ERROR_CODE: what the error handler is told, because no descriptor can carry it. Values [S]; the causes of the
 * first seven are [S], those of the others [M].
 */
export const viaErrorCodes = {
  /** A descriptor was misaligned, not in registered memory of that handle, or its link was changed after posting. */
  'post-descriptor': 0,
  /** The connection of a VI is lost; the VI is in the error state. */
  'connection-lost': 1,
  /** An incoming packet was dropped for want of a receive. */
  'receive-queue-empty': 2,
  /** More descriptors were posted than a work queue takes; the one too many is not queued. */
  'vi-overrun': 3,
  /** An incoming RDMA write without immediate data may not write there. */
  'rdma-write-protection': 4,
  /** An incoming RDMA write without immediate data was corrupt. */
  'rdma-write-data': 5,
  /** An incoming RDMA write without immediate data broke off. */
  'rdma-write-abort': 6,
  /** An incoming RDMA read may not read there. */
  'rdma-read-protection': 7,
  /** The descriptor's own memory was gone when its completion was to be written. */
  'completion-protection': 8,
  /** The transport failed during an RDMA operation that has no descriptor here. */
  'rdma-transport': 9,
  /** The NIC has failed. */
  catastrophic: 10,
} as const
export type ViaErrorCode = keyof typeof viaErrorCodes

/** InfoType of VipQuerySystemManagementInfo: VIP_SMI_AUTODISCOVERY, the only one that is known. [S] */
export const viaInfoTypes = { autodiscovery: 1 } as const

/** VIP_INFINITE, a timeout that never ends. The Win32 value. [M] */
export const viaInfinite = 0xffff_ffff

/** Sizes of a descriptor's parts in octets, and what its start is aligned to. [S] */
export const viaDescriptorShape = { alignment: 64, controlOctets: 32, segmentOctets: 16 } as const

/** Octets from a descriptor's start to the fields of its control segment. [S] */
export const viaDescriptorOffsets = {
  next: 0,
  nextHandle: 8,
  segmentCount: 12,
  control: 14,
  reserved: 16,
  immediate: 20,
  length: 24,
  status: 28,
} as const

/** The least that every NIC offers. */
export const viaLeast = {
  /** MaxTransferSize in octets. [S] */
  transferSize: 32_768,
  /** MaxSegmentsPerDesc. [M] */
  segments: 252,
} as const

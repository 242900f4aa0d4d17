// What a case may expect of VIPL's answers, of descriptors, and of handlers that run: for errors and for completions.
import type {
  ViaErrorCode,
  ViaResource,
  ViaState,
  ViaStatusBit,
  ViaStatusOperation,
} from '../../../spec/vocabulary/via-constants.ts'
import type { ViaCompletionEntry, ViaQueue, VipReturn } from '../../../spec/vocabulary/via-returns.ts'
import type { ViaNetAddress } from '../../../spec/vocabulary/via-attributes.ts'
import type { Duration, NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { Times } from '../expectation.ts'

/** The control segment of a descriptor as it was handed out or read. Absent members match everything. */
export interface DescriptorExpected {
  readonly length?: Times
  readonly operation?: ViaStatusOperation
  readonly done?: boolean
  /** `none`: no error bit. `any`: at least one. A list: at least one of these. */
  readonly errors?: 'none' | 'any' | readonly ViaStatusBit[]
  /** The ImmediateData that came; `none`: the bit that says that some came is clear. */
  readonly immediate?: number | 'none'
  /** No reserved bit of Status is set. */
  readonly reservedZero?: boolean
  /** The whole of Status. */
  readonly status?: number
  readonly segmentCount?: number
}

/** Outputs of a call of VIPL. Absent members match everything. */
export interface OutputsExpected {
  /** Name of the descriptor, or `null`. */
  readonly descriptor?: string | null
  readonly fields?: DescriptorExpected
  readonly states?: readonly ViaState[]
  readonly sendQueueEmpty?: boolean
  readonly recvQueueEmpty?: boolean
  readonly entry?: ViaCompletionEntry
  readonly address?: ViaNetAddress
  /** Name of a host. */
  readonly name?: string
  readonly nameLength?: Times
  /** Where something was discovered: each address once and without a discriminator; `hosts`: those of hosts of the world. */
  readonly discovered?: 'once' | 'hosts'
  /** Attributes by name, whichever kind the call hands out. */
  readonly attributes?: Readonly<Record<string, string | boolean | Times>>
  /** The limits among the attributes of a NIC are those that the PICS declares. */
  readonly limitsDeclared?: boolean
  /** The answer equals that of this labelled call. */
  readonly sameAs?: string
}

/** What a labelled call of VIPL, or a reading of a descriptor, answered. */
export interface AnsweredExpectation {
  readonly kind: 'answered'
  readonly node: NodeIndex
  readonly label: string
  /** Any of these; `open`: it has not returned. Empty: the call is none of VIPL's. */
  readonly codes: readonly VipReturn[] | 'open'
  readonly outputs: OutputsExpected
  /** It returned at most, and at least, so long after it was called. */
  readonly within?: Duration
  readonly after?: Duration
}

/** Asynchronous errors that a host is told of. Absent members match everything. */
export interface ErrorFilter {
  readonly node: NodeIndex
  readonly code?: ViaErrorCode
  readonly vi?: string
  readonly nic?: string
  readonly descriptor?: string
  readonly resources?: readonly ViaResource[]
  readonly handler?: string
  readonly context?: number
}

/** How often a host was told of errors. */
export interface ErrorExpectation {
  readonly kind: 'error'
  readonly node: NodeIndex
  readonly filter: ErrorFilter
  readonly times: Times
}

/** Handlers of the Notify calls that ran. Absent members match everything. */
export interface NotifiedFilter {
  readonly node: NodeIndex
  readonly handler?: string
  readonly context?: number
  readonly nic?: string
  readonly vi?: string
  readonly queue?: ViaQueue
  /** What a handler of VipSendNotify or VipRecvNotify was given. */
  readonly descriptor?: string
  readonly fields?: DescriptorExpected
  /** What a handler of VipCQNotify was given. */
  readonly entry?: ViaCompletionEntry
}

/** How often handlers of a host ran. */
export interface NotifiedExpectation {
  readonly kind: 'notified'
  readonly node: NodeIndex
  readonly filter: NotifiedFilter
  readonly times: Times
}

export type ViaExpectation = AnsweredExpectation | ErrorExpectation | NotifiedExpectation

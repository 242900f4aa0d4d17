// Which answers of VIA a run may do without: those of options that are lacking, and those that nothing is sure to bring about.
import type { ViplOperation } from './via-calls.ts'
import type { ViaErrorCode, ViaStatusBit, ViaStatusOperation } from './via-constants.ts'
import type { VipReturn } from './via-returns.ts'

/** What must be granted before something can be seen, by names as suites write them. */
export type ViaNeeds<Of extends string> = Readonly<Partial<Record<Of, readonly string[]>>>

/** What a call needs to answer anything but a refusal. */
export const viaCallNeeds: ViaNeeds<ViplOperation> = {
  VipConnectPeerRequest: ['via.peer-to-peer'],
  VipConnectPeerDone: ['via.peer-to-peer'],
  VipConnectPeerWait: ['via.peer-to-peer'],
  VipSendNotify: ['via.notify'],
  VipRecvNotify: ['via.notify'],
  VipCQNotify: ['via.notify'],
}

/** Codes that are answered only by who lacks an option. */
export const viaCodeLacks: Readonly<Partial<Record<VipReturn, string>>> = { VIP_INVALID_RDMAREAD: 'via.rdma-read' }

export const viaBitNeeds: ViaNeeds<ViaStatusBit> = {
  'transport-error': ['via.reliable-reception', 'wire.frames'],
  'rdma-protection-error': ['via.rdma-write', 'via.reliable-reception'],
  'remote-descriptor-error': ['via.reliable-reception'],
}

export const viaOperationNeeds: ViaNeeds<ViaStatusOperation> = {
  'rdma-write': ['via.rdma-write'],
  'remote-rdma-write': ['via.rdma-write'],
  'rdma-read': ['via.rdma-read'],
}

export const viaErrorNeeds: ViaNeeds<ViaErrorCode> = {
  'rdma-write-protection': ['via.rdma-write'],
  'rdma-read-protection': ['via.rdma-read'],
}

/** Codes that cases accept where they may come, and that no case can rely on. */
export interface ViaOpenCode {
  readonly code: VipReturn
  readonly calls: readonly ViplOperation[]
  readonly why: string
}

export const viaOpenCodes: readonly ViaOpenCode[] = [
  {
    code: 'VIP_INVALID_QOS',
    calls: ['VipCreateVi', 'VipSetViAttributes', 'VipConnectAccept', 'VipConnectPeerDone', 'VipConnectPeerWait'],
    why: 'The specification defines no quality of service, so that none can be asked for.',
  },
  {
    code: 'VIP_NOT_REACHABLE',
    calls: ['VipConnectRequest', 'VipConnectPeerDone', 'VipConnectPeerWait'],
    why: 'Not every public header has this code; who has it not tells a host that is out of reach by VIP_TIMEOUT.',
  },
  {
    code: 'VIP_ERROR_RESOURCE',
    calls: [
      'VipConnectWait',
      'VipConnectAccept',
      'VipConnectRequest',
      'VipConnectPeerRequest',
      'VipConnectPeerDone',
      'VipConnectPeerWait',
      'VipCQWait',
      'VipCQNotify',
      'VipNSInit',
      'VipNSGetHostByName',
      'VipErrorCallback',
    ],
    why: 'What the call could run out of is the affair of the provider: no attribute declares a limit that could be reached.',
  },
  {
    code: 'VIP_ERROR_RESOURCE',
    calls: ['VipSendWait', 'VipRecvWait', 'VipSendNotify', 'VipRecvNotify'],
    why: 'No source says what the call does on a work queue that has a completion queue, and no limit is declared otherwise.',
  },
  {
    code: 'VIP_ERROR_RESOURCE',
    calls: ['VipCloseNic'],
    why: 'No source says what becomes of a NIC handle that is closed while there are objects of it.',
  },
  {
    code: 'VIP_REJECT',
    calls: ['VipConnectPeerDone', 'VipConnectPeerWait'],
    why: 'No call rejects a peer request.',
  },
  {
    code: 'VIP_NO_MATCH',
    calls: ['VipConnectPeerDone', 'VipConnectPeerWait'],
    why: 'A peer request waits for its match until its time is over, so that VIP_TIMEOUT tells that there is none.',
  },
  {
    code: 'VIP_INVALID_STATE',
    calls: ['VipPostSend', 'VipPostRecv'],
    why: 'By our reading a VI takes descriptors in any state, and hands back flushed what it cannot process.',
  },
  {
    code: 'VIP_ERROR_NOT_SUPPORTED',
    calls: ['VipQuerySystemManagementInfo'],
    why: 'Not every public header has this code; who has it not refuses what it does not know with VIP_INVALID_PARAMETER.',
  },
]

/** Status bits that have others beside them for the same cause. */
export const viaOpenBits: Readonly<Partial<Record<ViaStatusBit, string>>> = {
  'partial-error': 'A message of which a part is lost may as well be dropped whole, or have TRANSPORT_ERROR.',
}

/** Asynchronous errors that no case can rely on. */
export const viaOpenErrors: Readonly<Partial<Record<ViaErrorCode, string>>> = {
  'rdma-write-data':
    'A damaged frame is dropped by its check sequence before anybody can tell whose it was, and is lost like any other.',
  'rdma-write-abort': 'An unreliable RDMA write of which a part is lost may as well be dropped without a word.',
  'rdma-transport': 'The loss of the connection, which is told in any case, may be all that is told.',
  catastrophic: 'The harness has no means to make the NIC of an implementation fail.',
}

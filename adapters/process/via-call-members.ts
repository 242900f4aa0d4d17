// Calls of VIA as members of a line, checked on the way in.
import type { ViaCall } from '../../spec/vocabulary/via-calls.ts'
import { viaDescriptorOperations } from '../../spec/vocabulary/via-constants.ts'
import type { ViaPatch, ViaRegionName, ViaRemotePlace, ViaSegment } from '../../spec/vocabulary/via-descriptor.ts'
import { WrongShape, keyOf, listOf, maybe, nullOr, objectOf, oneOf, readCount, readInteger, readText } from './shape.ts'
import type { Reader } from './shape.ts'
import {
  readHandle,
  readMemory,
  readMemoryAttributes,
  readNetAddress,
  readPlace,
  readSpan,
  readViAttributes,
  readViaAddress,
  readWord16,
  readWord32,
} from './via-values.ts'

type Operation = ViaCall['operation']
type CallReaders = { readonly [Name in Operation]: Reader<ViaCall & { readonly operation: Name }> }

const is = <Name extends Operation>(name: Name): Reader<Name> => oneOf([name])
const as = readText
const [nic, vi, cq, ptag, connection] = [readHandle, readHandle, readHandle, readHandle, readHandle]
const timeout = readWord32
const [local, remote] = [nullOr(readNetAddress), nullOr(readNetAddress)]
const [handler, context] = [nullOr(readText), readCount]
const posted = { vi, descriptor: nullOr(readText), memory: readMemory }
const region = { nic, at: readPlace, memory: readMemory }

const readSegment: Reader<ViaSegment> = objectOf({ at: readPlace, memory: readMemory, bytes: readWord32 })
const readRegionName: Reader<ViaRegionName> = objectOf({ node: readCount, memory: readText })
const readRemotePlace: Reader<ViaRemotePlace> = objectOf({
  address: readViaAddress,
  handle: readWord32,
  offset: readInteger,
  addressOf: maybe(readRegionName),
  handleOf: maybe(readRegionName),
})
const readPatch: Reader<ViaPatch> = objectOf({ offset: readCount, width: readWidth, value: readCount })

/** What each operation carries. The keys are all operations of VIA that there are. */
export const viaCallReaders: CallReaders = {
  VipOpenNic: objectOf({ operation: is('VipOpenNic'), device: nullOr(readText), as }),
  VipCloseNic: objectOf({ operation: is('VipCloseNic'), nic }),
  VipQueryNic: objectOf({ operation: is('VipQueryNic'), nic }),

  VipCreateVi: objectOf({
    operation: is('VipCreateVi'),
    nic,
    attributes: nullOr(readViAttributes),
    sendCq: cq,
    recvCq: cq,
    as,
  }),
  VipDestroyVi: objectOf({ operation: is('VipDestroyVi'), vi }),
  VipQueryVi: objectOf({ operation: is('VipQueryVi'), vi }),
  VipSetViAttributes: objectOf({ operation: is('VipSetViAttributes'), vi, attributes: nullOr(readViAttributes) }),

  VipCreatePtag: objectOf({ operation: is('VipCreatePtag'), nic, as }),
  VipDestroyPtag: objectOf({ operation: is('VipDestroyPtag'), nic, ptag }),
  VipRegisterMem: objectOf({
    operation: is('VipRegisterMem'),
    nic,
    at: readSpan,
    attributes: nullOr(readMemoryAttributes),
    as,
  }),
  VipDeregisterMem: objectOf({ operation: is('VipDeregisterMem'), ...region }),
  VipQueryMem: objectOf({ operation: is('VipQueryMem'), ...region }),
  VipSetMemAttributes: objectOf({
    operation: is('VipSetMemAttributes'),
    ...region,
    attributes: nullOr(readMemoryAttributes),
  }),

  VipConnectWait: objectOf({ operation: is('VipConnectWait'), nic, local, timeout, as }),
  VipConnectAccept: objectOf({ operation: is('VipConnectAccept'), connection, vi }),
  VipConnectReject: objectOf({ operation: is('VipConnectReject'), connection }),
  VipConnectRequest: objectOf({ operation: is('VipConnectRequest'), vi, local, remote, timeout }),
  VipDisconnect: objectOf({ operation: is('VipDisconnect'), vi }),
  VipConnectPeerRequest: objectOf({ operation: is('VipConnectPeerRequest'), vi, local, remote, timeout }),
  VipConnectPeerDone: objectOf({ operation: is('VipConnectPeerDone'), vi }),
  VipConnectPeerWait: objectOf({ operation: is('VipConnectPeerWait'), vi }),

  VipPostSend: objectOf({ operation: is('VipPostSend'), ...posted }),
  VipPostRecv: objectOf({ operation: is('VipPostRecv'), ...posted }),
  VipSendDone: objectOf({ operation: is('VipSendDone'), vi }),
  VipRecvDone: objectOf({ operation: is('VipRecvDone'), vi }),
  VipSendWait: objectOf({ operation: is('VipSendWait'), vi, timeout }),
  VipRecvWait: objectOf({ operation: is('VipRecvWait'), vi, timeout }),
  VipSendNotify: objectOf({ operation: is('VipSendNotify'), vi, handler, context }),
  VipRecvNotify: objectOf({ operation: is('VipRecvNotify'), vi, handler, context }),

  VipCreateCQ: objectOf({ operation: is('VipCreateCQ'), nic, entryCount: readInteger, as }),
  VipDestroyCQ: objectOf({ operation: is('VipDestroyCQ'), cq }),
  VipResizeCQ: objectOf({ operation: is('VipResizeCQ'), cq, entryCount: readInteger }),
  VipCQDone: objectOf({ operation: is('VipCQDone'), cq }),
  VipCQWait: objectOf({ operation: is('VipCQWait'), cq, timeout }),
  VipCQNotify: objectOf({ operation: is('VipCQNotify'), cq, handler, context }),

  VipNSInit: objectOf({ operation: is('VipNSInit'), nic }),
  VipNSGetHostByName: objectOf({
    operation: is('VipNSGetHostByName'),
    nic,
    name: nullOr(readText),
    nameIndex: readInteger,
  }),
  VipNSGetHostByAddr: objectOf({
    operation: is('VipNSGetHostByAddr'),
    nic,
    address: nullOr(readNetAddress),
    nameLen: readInteger,
  }),
  VipNSShutdown: objectOf({ operation: is('VipNSShutdown'), nic }),

  VipQuerySystemManagementInfo: objectOf({
    operation: is('VipQuerySystemManagementInfo'),
    nic,
    infoType: readInteger,
  }),
  VipErrorCallback: objectOf({ operation: is('VipErrorCallback'), nic, handler, context }),

  'descriptor.write': objectOf({
    operation: is('descriptor.write'),
    as,
    at: readPlace,
    op: keyOf(viaDescriptorOperations),
    segments: listOf(readSegment),
    remote: maybe(readRemotePlace),
    immediate: maybe(readWord32),
    control: maybe(readWord16),
    patch: maybe(listOf(readPatch)),
  }),
  'descriptor.read': objectOf({ operation: is('descriptor.read'), descriptor: readText }),
}

function readWidth(value: unknown): ViaPatch['width'] {
  if (value !== 1 && value !== 2 && value !== 4 && value !== 8) {
    throw new WrongShape(value === undefined ? 'is missing' : 'is none of 1, 2, 4, 8')
  }
  return value
}

// What a VIA provider answers and tells, as members of a line, checked on the way in.
import type { ViaNicAttributes } from '../../spec/vocabulary/via-attributes.ts'
import { viaErrorCodes, viaResources, viaStates } from '../../spec/vocabulary/via-constants.ts'
import type { ViaRegion, ViaReturnedDescriptor } from '../../spec/vocabulary/via-descriptor.ts'
import { vipReturns } from '../../spec/vocabulary/via-returns.ts'
import type { ViaCompletionEntry, ViaDiscovery, ViaReturn } from '../../spec/vocabulary/via-returns.ts'
import type { ViaEvent } from '../../spec/vocabulary/via.ts'
import {
  WrongShape,
  keyOf,
  listOf,
  maybe,
  member,
  nullOr,
  objectOf,
  oneOf,
  readCount,
  readMembers,
  readText,
  readTruth,
  type Reader,
} from './shape.ts'
import {
  readControl,
  readMemoryAttributes,
  readNetAddress,
  readQueue,
  readRemoteAttributes,
  readViAttributes,
  readViaAddress,
  readViaOctets,
  readWord16,
  readWord32,
} from './via-values.ts'

type EventReaders = { readonly [Name in ViaEvent['event']]: Reader<ViaEvent & { readonly event: Name }> }

const readNicAttributes: Reader<ViaNicAttributes> = objectOf({
  name: readText,
  hardwareVersion: readCount,
  providerVersion: readCount,
  nicAddressLen: readCount,
  localNicAddress: readViaOctets,
  threadSafe: readTruth,
  maxDiscriminatorLen: readCount,
  maxRegisterBytes: readCount,
  maxRegisterRegions: readCount,
  maxRegisterBlockBytes: readCount,
  maxVI: readCount,
  maxDescriptorsPerQueue: readCount,
  maxSegmentsPerDesc: readCount,
  maxCQ: readCount,
  maxCQEntries: readCount,
  maxTransferSize: readCount,
  nativeMTU: readCount,
  maxPtags: readCount,
  reliabilityLevelSupport: readWord16,
  rdmaReadSupport: readWord16,
})

const readRegion: Reader<ViaRegion> = objectOf({ address: readViaAddress, handle: readWord32 })
const readEntry: Reader<ViaCompletionEntry> = objectOf({ vi: readText, queue: readQueue })
const readDiscovery: Reader<ViaDiscovery> = objectOf({
  numberOfHops: readCount,
  addresses: listOf(readNetAddress),
})

export const readViaReturn: Reader<ViaReturn> = objectOf({
  code: keyOf({ ...vipReturns, unknown: 0 }),
  nicAttributes: maybe(readNicAttributes),
  state: maybe(keyOf({ ...viaStates, unknown: 0 })),
  viAttributes: maybe(readViAttributes),
  sendQueueEmpty: maybe(readTruth),
  recvQueueEmpty: maybe(readTruth),
  region: maybe(readRegion),
  memoryAttributes: maybe(readMemoryAttributes),
  remoteAddress: maybe(readNetAddress),
  remoteAttributes: maybe(readRemoteAttributes),
  descriptor: maybe(readReturnedDescriptor),
  entry: maybe(readEntry),
  address: maybe(readNetAddress),
  name: maybe(readText),
  nameLen: maybe(readCount),
  discovery: maybe(readDiscovery),
})

/** What each event carries. The keys are all events of VIA that there are. */
export const viaEventReaders: EventReaders = {
  'via.error': objectOf({
    event: oneOf(['via.error']),
    handler: nullOr(readText),
    context: readCount,
    resource: keyOf(viaResources),
    code: keyOf({ ...viaErrorCodes, unknown: 0 }),
    nic: readText,
    vi: maybe(readText),
    cq: maybe(readText),
    descriptor: maybe(readReturnedDescriptor),
    opCode: readCount,
  }),
  'via.notify': objectOf({
    event: oneOf(['via.notify']),
    handler: readText,
    context: readCount,
    nic: readText,
    vi: readText,
    queue: readQueue,
    descriptor: readReturnedDescriptor,
  }),
  'via.cq-notify': objectOf({
    event: oneOf(['via.cq-notify']),
    handler: readText,
    context: readCount,
    nic: readText,
    vi: readText,
    queue: readQueue,
  }),
}

function readReturnedDescriptor(value: unknown): ViaReturnedDescriptor {
  if (value === null || value === 'unknown') return value
  if (typeof value === 'string') throw new WrongShape('is text other than `unknown`')
  return { name: member(readMembers(value), 'name', readText), ...readControl(value) }
}

// Reads the values that VIA's calls, returns and events have in common: handles, places, addresses, attributes.
import type {
  ViaHandle,
  ViaMemoryAttributes,
  ViaNetAddress,
  ViaOctets,
  ViaRemoteAttributes,
  ViaViAttributes,
} from '../../spec/vocabulary/via-attributes.ts'
import type {
  ViaAddress,
  ViaControlFields,
  ViaMemory,
  ViaPlace,
  ViaSpan,
} from '../../spec/vocabulary/via-descriptor.ts'
import type { ViaQueue } from '../../spec/vocabulary/via-returns.ts'
import {
  WrongShape,
  member,
  nullOr,
  objectOf,
  oneOf,
  readCount,
  readDigits,
  readInteger,
  readMembers,
  readText,
  readTruth,
  unsigned,
  type Reader,
} from './shape.ts'

export const readWord16: Reader<number> = unsigned(16)
export const readWord32: Reader<number> = unsigned(32)

/** NULL, or a name. */
export const readHandle: Reader<ViaHandle> = nullOr(readText)

export const readQueue: Reader<ViaQueue> = oneOf(['send', 'recv'])

export function readViaAddress(value: unknown): ViaAddress {
  const text = readText(value)
  if (!/^[0-9a-f]{16}$/.test(text)) throw new WrongShape('is no address of 16 lower-case hexadecimal digits')
  return text
}

export const readViaOctets: Reader<ViaOctets> = readDigits

export function readPlace(value: unknown): ViaPlace {
  const members = readMembers(value)
  const offset = member(members, 'offset', readInteger)
  const [inBuffer, atAddress] = [Object.hasOwn(members, 'buffer'), Object.hasOwn(members, 'address')]
  if (inBuffer && atAddress) throw new WrongShape('has a buffer and an address')
  if (inBuffer) return { buffer: member(members, 'buffer', readText), offset }
  if (atAddress) return { address: member(members, 'address', readViaAddress), offset }
  throw new WrongShape('has neither a buffer nor an address')
}

export function readSpan(value: unknown): ViaSpan {
  return { ...readPlace(value), bytes: member(readMembers(value), 'bytes', readCount) }
}

/** The name that a memory handle has, or a handle as such. */
export function readMemory(value: unknown): ViaMemory {
  return typeof value === 'string' ? value : readWord32(value)
}

export const readNetAddress: Reader<ViaNetAddress> = objectOf({
  host: (value) => (typeof value === 'string' ? readViaOctets(value) : readCount(value)),
  discriminator: readViaOctets,
})

export const readRemoteAttributes: Reader<ViaRemoteAttributes> = objectOf({
  reliabilityLevel: readCount,
  maxTransferSize: readCount,
  qos: readCount,
  enableRdmaWrite: readTruth,
  enableRdmaRead: readTruth,
})

export const readViAttributes: Reader<ViaViAttributes> = objectOf({
  reliabilityLevel: readCount,
  maxTransferSize: readCount,
  qos: readCount,
  ptag: readHandle,
  enableRdmaWrite: readTruth,
  enableRdmaRead: readTruth,
})

export const readMemoryAttributes: Reader<ViaMemoryAttributes> = objectOf({
  ptag: readHandle,
  enableRdmaWrite: readTruth,
  enableRdmaRead: readTruth,
})

export const readControl: Reader<ViaControlFields> = objectOf({
  segmentCount: readWord16,
  control: readWord16,
  immediate: readWord32,
  length: readWord32,
  status: readWord32,
})

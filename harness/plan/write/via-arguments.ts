// Writes the arguments of a call of VIPL: handles, addresses, places, attributes, times.
import { formatDuration, millisecond, type NodeIndex } from '../../../spec/vocabulary/units.ts'
import type {
  ViaHandle,
  ViaMemoryAttributes,
  ViaNetAddress,
  ViaViAttributes,
} from '../../../spec/vocabulary/via-attributes.ts'
import type { ViaTimeout } from '../../../spec/vocabulary/via-calls.ts'
import { viaInfinite, viaLeast, viaReliabilityLevels } from '../../../spec/vocabulary/via-constants.ts'
import type {
  ViaPlace,
  ViaRegionName,
  ViaRemotePlace,
  ViaSegment,
  ViaSpan,
} from '../../../spec/vocabulary/via-descriptor.ts'
import { usualHandles } from '../handles.ts'
import type { Names } from './names.ts'
import { unless, type Written, type WrittenMap } from './written.ts'

/** `right/0a01`, or the parts of an address that no host has, or that has no discriminator. */
export function writeAddress(address: ViaNetAddress | null, names: Names): Written {
  if (address === null) return null
  const { host, discriminator } = address
  if (typeof host === 'string') return { host, discriminator }
  return discriminator === '' ? { host: names.host(host) } : `${names.host(host)}/${discriminator}`
}

export function writeTimeout(timeout: ViaTimeout): string {
  return timeout === viaInfinite ? 'infinite' : formatDuration(timeout * millisecond)
}

export function writeViAttributes(attributes: ViaViAttributes | null, names: Names): WrittenMap {
  if (attributes === null) return { attributes }
  const { reliabilityLevel, maxTransferSize, qos } = attributes
  return {
    level: unless('unreliable', writeLevel(reliabilityLevel, names)),
    'max-transfer': unless<number>(viaLeast.transferSize, maxTransferSize),
    qos: unless(0, qos),
    ...writeMemoryAttributes(attributes),
  }
}

/** By its name a level is one that the implementation has to offer; where it does not, the mask asks for it all the same. */
function writeLevel(mask: number, names: Names): string | number {
  const name = Object.entries(viaReliabilityLevels).find(([, value]) => value === mask)?.[0]
  return name === 'unreliable' || (name !== undefined && names.grants(`via.${name}`)) ? name : mask
}

export function writeMemoryAttributes(attributes: ViaMemoryAttributes | null): WrittenMap {
  if (attributes === null) return { attributes }
  return {
    ptag: unless<ViaHandle>(usualHandles.ptag, attributes.ptag),
    'rdma-write': unless(false, attributes.enableRdmaWrite),
    'rdma-read': unless(false, attributes.enableRdmaRead),
  }
}

/** `rx`, `rx@64`, or an address as such. */
export function writePlace(place: ViaPlace): Written {
  const { offset } = place
  if ('address' in place) return { address: place.address, offset: unless(0, offset) }
  return offset === 0 ? place.buffer : `${place.buffer}@${offset}`
}

export function writeSpan(node: NodeIndex, span: ViaSpan, names: Names): Written {
  if ('buffer' in span) return names.range(node, span)
  return { address: span.address, offset: unless(0, span.offset), bytes: span.bytes }
}

/** A range, if its memory handle is named like its buffer; otherwise its parts, which may lie about each other. */
export function writeSegment(node: NodeIndex, { at, memory, bytes }: ViaSegment, names: Names): Written {
  const buffer = 'buffer' in at ? at.buffer : undefined
  if ('buffer' in at && memory === buffer && names.holds(node, { ...at, bytes }))
    return names.range(node, { ...at, bytes })
  return { at: writePlace(at), memory: memory === buffer ? undefined : memory, bytes }
}

/** `right.rx@64`, or its parts, which may lie about each other. */
export function writeRemotePlace(
  { address, handle, offset, addressOf, handleOf }: ViaRemotePlace,
  names: Names,
): Written {
  const further = offset === 0 ? '' : `@${offset}`
  const isOne = addressOf?.node === handleOf?.node && addressOf?.memory === handleOf?.memory
  if (addressOf && isOne) return `${writeRegionName(addressOf, names)}${further}`
  const memory = handleOf ? writeRegionName(handleOf, names) : handle
  if (addressOf) return { at: `${writeRegionName(addressOf, names)}${further}`, memory }
  return { address, offset: unless(0, offset), memory }
}

function writeRegionName({ node, memory }: ViaRegionName, names: Names): string {
  return `${names.host(node)}.${memory}`
}

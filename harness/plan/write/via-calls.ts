// Writes the calls of VIPL, and those that write and read descriptors.
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { ViaHandle, ViaNetAddress } from '../../../spec/vocabulary/via-attributes.ts'
import { viaDeviceUnderTest, type ViaCall, type ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import type { ViaDescriptorCall, ViaSegment } from '../../../spec/vocabulary/via-descriptor.ts'
import { usualHandles } from '../handles.ts'
import { descriptorPool, nameLengthUsual, ownDiscriminator } from '../usual.ts'
import type { Names } from './names.ts'
import {
  writeAddress,
  writeMemoryAttributes,
  writePlace,
  writeRemotePlace,
  writeSegment,
  writeSpan,
  writeTimeout,
  writeViAttributes,
} from './via-arguments.ts'
import { unless, type Written, type WrittenMap } from './written.ts'

export type DescriptorWrite = Extract<ViaDescriptorCall, { operation: 'descriptor.write' }>

type PostCall = Extract<ViplCall, { operation: 'VipPostSend' | 'VipPostRecv' }>

/** What stands behind `HOST.`. */
export function viaKind({ operation }: ViaCall): string {
  if (operation === 'descriptor.write') return 'write-descriptor'
  return operation === 'descriptor.read' ? 'read-descriptor' : operation
}

export function writeViaCall(body: ViaCall, node: NodeIndex, names: Names): WrittenMap {
  switch (body.operation) {
    case 'descriptor.write':
      return writeDescriptor(body, 'send', node, names)
    case 'descriptor.read':
      return { descriptor: body.descriptor }
    case 'VipPostSend':
    case 'VipPostRecv':
      return writePost(body, body.descriptor, node, names)
    default:
      return writeVipl(body, node, names)
  }
}

/** A post with the descriptor that was written right before it. */
export function writePostWith(written: DescriptorWrite, body: PostCall, node: NodeIndex, names: Names): WrittenMap {
  const usual = body.operation === 'VipPostSend' ? 'send' : 'receive'
  return writePost(body, writeDescriptor(written, usual, node, names), node, names)
}

function writePost(body: PostCall, descriptor: Written, node: NodeIndex, { handles }: Names): WrittenMap {
  const usual = body.descriptor === null ? descriptorPool : handles.bufferOf(node, body.descriptor)
  return { vi: body.vi, descriptor, memory: body.memory === usual ? undefined : body.memory }
}

function writeDescriptor(body: DescriptorWrite, usual: string, node: NodeIndex, names: Names): WrittenMap {
  const { as, at, op, segments, immediate, control, patch, remote } = body
  const { handles } = names
  const isNext = 'buffer' in at && at.buffer === descriptorPool && at.offset === handles.next(node)
  if (isNext) handles.take(node, segments.length + (remote ? 1 : 0))
  handles.write(node, as, 'buffer' in at ? at.buffer : undefined)
  const empty = emptyBefore(segments)
  const others = segments.slice(empty).map((segment) => writeSegment(node, segment, names))
  return {
    as,
    at: isNext ? undefined : writePlace(at),
    op: unless<string>(usual, op),
    remote: remote && writeRemotePlace(remote, names),
    segments: others.length === 0 ? undefined : others,
    'empty-segments': unless(0, empty),
    immediate,
    control,
    patch: patch?.map(({ offset, width, value }) => ({ offset, width, value })),
  }
}

/** How many segments are empty before one at the same place that may have octets. */
function emptyBefore(segments: readonly ViaSegment[]): number {
  const [first] = segments
  if (!first) return 0
  const place = JSON.stringify([first.at, first.memory])
  const end = segments.findIndex(({ at, memory, bytes }) => bytes > 0 || JSON.stringify([at, memory]) !== place)
  const next = segments[end]
  return next && JSON.stringify([next.at, next.memory]) === place ? end : 0
}

type Vipl = Exclude<ViplCall, PostCall>

/** Parameters have the same names wherever they stand; those that go without saying are left out. */
function writeVipl(body: Vipl, node: NodeIndex, names: Names): WrittenMap {
  return {
    ...('device' in body ? { device: unless<string | null>(viaDeviceUnderTest, body.device) } : {}),
    ...('nic' in body ? { nic: unless<ViaHandle>(usualHandles.nic, body.nic) } : {}),
    ...('connection' in body ? { connection: body.connection } : {}),
    ...('vi' in body ? { vi: body.vi } : {}),
    ...('cq' in body ? { cq: body.cq } : {}),
    ...('ptag' in body ? { ptag: body.ptag } : {}),
    ...('infoType' in body ? { type: body.infoType } : {}),
    ...writeRegion(body, node, names),
    ...writeAttributesOf(body, names),
    ...writeAddresses(body, node, names),
    ...('sendCq' in body ? { 'send-cq': unless(null, body.sendCq), 'recv-cq': unless(null, body.recvCq) } : {}),
    ...('entryCount' in body ? { entries: body.entryCount } : {}),
    ...('timeout' in body ? { timeout: writeTimeout(body.timeout) } : {}),
    ...('handler' in body ? { handler: body.handler, context: unless(0, body.context) } : {}),
    ...('as' in body ? { as: body.as } : {}),
  }
}

function writeRegion(body: Vipl, node: NodeIndex, names: Names): WrittenMap {
  if (body.operation === 'VipRegisterMem') return { at: writeSpan(node, body.at, names) }
  if (!('memory' in body)) return {}
  const { at, memory } = body
  const isUsual = 'buffer' in at && at.buffer === memory && at.offset === 0
  return { memory, at: isUsual ? undefined : writePlace(at) }
}

function writeAttributesOf(body: Vipl, names: Names): WrittenMap {
  switch (body.operation) {
    case 'VipCreateVi':
    case 'VipSetViAttributes':
      return writeViAttributes(body.attributes, names)
    case 'VipRegisterMem':
    case 'VipSetMemAttributes':
      return writeMemoryAttributes(body.attributes)
    default:
      return {}
  }
}

function writeAddresses(body: Vipl, node: NodeIndex, names: Names): WrittenMap {
  switch (body.operation) {
    case 'VipConnectWait':
      return { local: writeAddress(body.local, names) }
    case 'VipConnectRequest':
    case 'VipConnectPeerRequest': {
      const local = isOwn(body.local, node) ? undefined : writeAddress(body.local, names)
      return { local, remote: writeAddress(body.remote, names) }
    }
    case 'VipNSGetHostByName':
      return { name: body.name, index: unless(0, body.nameIndex) }
    case 'VipNSGetHostByAddr':
      return { address: writeAddress(body.address, names), bytes: unless<number>(nameLengthUsual, body.nameLen) }
    default:
      return {}
  }
}

function isOwn(local: ViaNetAddress | null, node: NodeIndex): boolean {
  return local?.host === node && local.discriminator === ownDiscriminator
}

// Puts calls of VIA in plain words, one line a call.
import type {
  ViaHandle,
  ViaMemoryAttributes,
  ViaNetAddress,
  ViaViAttributes,
} from '../../../spec/vocabulary/via-attributes.ts'
import { viaTimeoutDuration, type ViaCall, type ViaTimeout } from '../../../spec/vocabulary/via-calls.ts'
import { viaControl, viaInfinite, viaReliabilityLevels } from '../../../spec/vocabulary/via-constants.ts'
import type {
  ViaMemory,
  ViaPatch,
  ViaPlace,
  ViaRegionName,
  ViaRemotePlace,
  ViaSegment,
} from '../../../spec/vocabulary/via-descriptor.ts'
import { formatDuration } from '../../../spec/vocabulary/units.ts'
import { hostWord, listWords, octets, type HostNames } from './octets.ts'

type Operation = ViaCall['operation']
type CallOf = { readonly [Name in Operation]: ViaCall & { readonly operation: Name } }
type CallWords = { readonly [Name in Operation]: (call: CallOf[Name], hosts: HostNames) => string }

/** What a host does, in the third person: `posts descriptor d1 to the receive queue of vi1`. */
export function viaCallWords(call: ViaCall, hosts: HostNames): string {
  return wordsOf(call.operation, call, hosts)
}

function wordsOf<Name extends Operation>(operation: Name, call: CallOf[Name], hosts: HostNames): string {
  return callWords[operation](call, hosts)
}

const callWords: CallWords = {
  VipOpenNic: ({ device, as }) => `opens the NIC ${device ?? 'NULL'}, as ${as}`,
  VipCloseNic: ({ nic }) => `closes ${handle(nic)}`,
  VipQueryNic: ({ nic }) => `asks for the attributes of ${handle(nic)}`,

  VipCreateVi: ({ nic, attributes, sendCq, recvCq, as }) =>
    `makes a VI on ${handle(nic)} with ${viAttributes(attributes)}${queues(sendCq, recvCq)}, as ${as}`,
  VipDestroyVi: ({ vi }) => `destroys ${handle(vi)}`,
  VipQueryVi: ({ vi }) => `asks for the state and the attributes of ${handle(vi)}`,
  VipSetViAttributes: ({ vi, attributes }) => `gives ${handle(vi)} ${viAttributes(attributes)}`,

  VipCreatePtag: ({ nic, as }) => `makes a protection tag on ${handle(nic)}, as ${as}`,
  VipDestroyPtag: ({ nic, ptag }) => `destroys protection tag ${handle(ptag)} of ${handle(nic)}`,
  VipRegisterMem: ({ nic, at, attributes, as }) =>
    `registers ${place(at)} (${octets(at.bytes)}) with ${handle(nic)}, with ${memoryAttributes(attributes)}, as ${as}`,
  VipDeregisterMem: ({ nic, at, memory }) => `deregisters ${region(at, memory)} with ${handle(nic)}`,
  VipQueryMem: ({ nic, at, memory }) => `asks ${handle(nic)} for the attributes of ${region(at, memory)}`,
  VipSetMemAttributes: ({ nic, at, memory, attributes }) =>
    `gives ${region(at, memory)} of ${handle(nic)} ${memoryAttributes(attributes)}`,

  VipConnectWait: ({ nic, local, timeout, as }, hosts) =>
    `waits on ${handle(nic)} for a connection to ${addressWords(local, hosts)}, ${limit(timeout)}, as ${as}`,
  VipConnectAccept: ({ connection, vi }) => `accepts connection ${handle(connection)} with ${handle(vi)}`,
  VipConnectReject: ({ connection }) => `rejects connection ${handle(connection)}`,
  VipConnectRequest: ({ vi, local, remote, timeout }, hosts) =>
    `connects ${handle(vi)}, at ${addressWords(local, hosts)}, to who waits at ${addressWords(remote, hosts)}, ${limit(timeout)}`,
  VipDisconnect: ({ vi }) => `disconnects ${handle(vi)}`,
  VipConnectPeerRequest: ({ vi, local, remote, timeout }, hosts) =>
    `asks for ${handle(vi)}, at ${addressWords(local, hosts)}, to be paired with ${addressWords(remote, hosts)}, ${limit(timeout)}`,
  VipConnectPeerDone: ({ vi }) => `looks whether ${handle(vi)} is paired`,
  VipConnectPeerWait: ({ vi }) => `waits for ${handle(vi)} to be paired`,

  VipPostSend: ({ vi, descriptor, memory }) =>
    `posts descriptor ${handle(descriptor)}${lying(memory)} to the send queue of ${handle(vi)}`,
  VipPostRecv: ({ vi, descriptor, memory }) =>
    `posts descriptor ${handle(descriptor)}${lying(memory)} to the receive queue of ${handle(vi)}`,
  VipSendDone: ({ vi }) => `takes what is done from the send queue of ${handle(vi)}`,
  VipRecvDone: ({ vi }) => `takes what is done from the receive queue of ${handle(vi)}`,
  VipSendWait: ({ vi, timeout }) => `waits for the send queue of ${handle(vi)}, ${limit(timeout)}`,
  VipRecvWait: ({ vi, timeout }) => `waits for the receive queue of ${handle(vi)}, ${limit(timeout)}`,
  VipSendNotify: ({ vi, ...to }) => `hands the next completion of the send queue of ${handle(vi)} to ${handler(to)}`,
  VipRecvNotify: ({ vi, ...to }) => `hands the next completion of the receive queue of ${handle(vi)} to ${handler(to)}`,

  VipCreateCQ: ({ nic, entryCount, as }) =>
    `makes a completion queue of ${entries(entryCount)} on ${handle(nic)}, as ${as}`,
  VipDestroyCQ: ({ cq }) => `destroys completion queue ${handle(cq)}`,
  VipResizeCQ: ({ cq, entryCount }) => `resizes completion queue ${handle(cq)} to ${entries(entryCount)}`,
  VipCQDone: ({ cq }) => `takes the next entry of ${handle(cq)}`,
  VipCQWait: ({ cq, timeout }) => `waits for an entry of ${handle(cq)}, ${limit(timeout)}`,
  VipCQNotify: ({ cq, ...to }) => `hands the next entry of ${handle(cq)} to ${handler(to)}`,

  VipNSInit: ({ nic }) => `starts the name service of ${handle(nic)}`,
  VipNSGetHostByName: ({ nic, name, nameIndex }) =>
    `asks ${handle(nic)} for address ${nameIndex} of host ${name ?? 'NULL'}`,
  VipNSGetHostByAddr: ({ nic, address: of, nameLen }, hosts) =>
    `asks ${handle(nic)} for the name of ${addressWords(of, hosts)}, in a buffer of ${octets(nameLen)}`,
  VipNSShutdown: ({ nic }) => `ends the name service of ${handle(nic)}`,
  VipQuerySystemManagementInfo: ({ nic, infoType }) => `asks ${handle(nic)} for management information ${infoType}`,
  VipErrorCallback: ({ nic, handler: name, context }) =>
    name === null
      ? `brings the default error handler of ${handle(nic)} back`
      : `hands the errors of ${handle(nic)} to ${handler({ handler: name, context })}`,

  'descriptor.write': (call, hosts) =>
    `writes descriptor ${call.as} at ${place(call.at)}: ${descriptorWords(call, hosts)}`,
  'descriptor.read': ({ descriptor: name }) => `reads the control segment of ${name}`,
}

function handle(name: ViaHandle): string {
  return name ?? 'NULL'
}

function place(at: ViaPlace): string {
  if ('buffer' in at) return at.offset === 0 ? at.buffer : `${at.buffer} from octet ${at.offset}`
  return at.offset === 0 ? `address ${at.address}` : `address ${at.address} plus ${at.offset}`
}

function memoryHandle(memory: ViaMemory): string {
  return typeof memory === 'number' ? `handle ${memory}` : memory
}

function region(at: ViaPlace, memory: ViaMemory): string {
  return `${memoryHandle(memory)} at ${place(at)}`
}

function lying(memory: ViaMemory): string {
  return ` (in ${memoryHandle(memory)})`
}

function limit(timeout: ViaTimeout): string {
  return timeout === viaInfinite ? 'without end' : `at most ${formatDuration(viaTimeoutDuration(timeout))}`
}

function entries(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`
}

function handler({ handler: name, context }: { handler: string | null; context: number }): string {
  return `handler ${name ?? 'NULL'} with context ${context}`
}

function queues(sendCq: ViaHandle, recvCq: ViaHandle): string {
  if (sendCq === recvCq) return sendCq === null ? '' : `, completions to ${sendCq}`
  const send = sendCq === null ? '' : `, send completions to ${sendCq}`
  return `${send}${recvCq === null ? '' : `, receive completions to ${recvCq}`}`
}

export function addressWords(of: ViaNetAddress | null, hosts: HostNames): string {
  if (of === null) return 'a NULL address'
  const host = typeof of.host === 'number' ? hostWord(of.host, hosts) : `host address ${of.host || 'of no octets'}`
  return of.discriminator === '' ? host : `${host}/${of.discriminator}`
}

function viAttributes(attributes: ViaViAttributes | null): string {
  if (attributes === null) return 'NULL attributes'
  const { reliabilityLevel, maxTransferSize, qos } = attributes
  const service = qos === 0 ? '' : `, quality of service ${qos}`
  return `${level(reliabilityLevel)}, up to ${octets(maxTransferSize)}${service}, ${memoryAttributes(attributes)}`
}

function memoryAttributes(attributes: ViaMemoryAttributes | null): string {
  if (attributes === null) return 'NULL attributes'
  const { ptag, enableRdmaWrite, enableRdmaRead } = attributes
  const rdma = [...(enableRdmaWrite ? ['write'] : []), ...(enableRdmaRead ? ['read'] : [])]
  return `tag ${handle(ptag)}, ${rdma.length === 0 ? 'no RDMA' : `RDMA ${rdma.join(' and ')}`}`
}

function level(levels: number): string {
  const found = Object.entries(viaReliabilityLevels).find(([, value]) => value === levels)
  return found ? found[0].replace('-', ' ') : `reliability level ${levels}`
}

function descriptorWords(call: CallOf['descriptor.write'], hosts: HostNames): string {
  const { op, segments, remote, immediate, control, patch } = call
  const parts = [segments.length === 0 ? `${op} without data` : `${op}, ${listWords(segments.map(segment))}`]
  if (remote) parts.push(`remote ${remotePlace(remote, hosts)}`)
  if (immediate !== undefined) parts.push(`immediate data ${immediate}`)
  if (control !== undefined) parts.push(controlBits(control))
  if (patch && patch.length > 0) parts.push(`then ${listWords(patch.map(patched))}`)
  return parts.join(', ')
}

function segment({ at, memory, bytes }: ViaSegment): string {
  return `${octets(bytes)} at ${place(at)} in ${memoryHandle(memory)}`
}

function remotePlace(
  { address, handle: value, offset, addressOf, handleOf }: ViaRemotePlace,
  hosts: HostNames,
): string {
  const further = offset === 0 ? '' : ` from octet ${offset}`
  const start = addressOf ? `${regionName(addressOf, hosts)}${further}` : place({ address, offset })
  if (addressOf && handleOf?.node === addressOf.node && handleOf.memory === addressOf.memory) return start
  return `${start} in ${handleOf ? regionName(handleOf, hosts) : `handle ${value}`}`
}

function regionName({ node, memory }: ViaRegionName, hosts: HostNames): string {
  return `${hostWord(node, hosts)}'s ${memory}`
}

function controlBits(control: number): string {
  return control === viaControl.queueFence ? 'queue fence' : `control bits 0x${control.toString(16)}`
}

function patched({ offset, width, value }: ViaPatch): string {
  return `octet ${offset} overwritten with ${value} (${octets(width)})`
}

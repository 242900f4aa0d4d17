// Reads the calls of VIPL: `left.VipCreateVi: {...}` and its like.
import type { CallBody } from '../../../../spec/vocabulary/calls.ts'
import type { NodeIndex } from '../../../../spec/vocabulary/units.ts'
import {
  viaDeviceUnderTest,
  type ViaCall,
  type ViplCall,
  type ViplOperation,
} from '../../../../spec/vocabulary/via-calls.ts'
import { isVipl } from '../../../../spec/vocabulary/via-returns.ts'
import type { Place } from '../../yaml/place.ts'
import { descriptorPool, nameLengthUsual, ownDiscriminator } from '../../usual.ts'
import type { Scope } from '../scope.ts'
import { Arguments } from './arguments.ts'
import { descriptorName, readDescriptor } from './descriptors.ts'

type CallOf<Operation extends ViplOperation> = Extract<ViplCall, { readonly operation: Operation }>

/** Whether a step of that kind is one of VIA. */
export function isViaKind(kind: string): boolean {
  return isVipl(kind) || kind === 'write-descriptor' || kind === 'read-descriptor'
}

/** The calls that a step of that kind makes, one or two; none if something in it cannot be, which has been reported. */
export function readViaCalls(kind: string, place: Place, node: NodeIndex, scope: Scope): readonly CallBody[] {
  const given = new Arguments(place, node, scope)
  const calls = isVipl(kind) ? readVipl(kind, given) : [readOwn(kind, given)]
  return given.isWhole ? calls : []
}

function readOwn(kind: string, given: Arguments): ViaCall {
  if (kind === 'write-descriptor') return readDescriptor(given, given.place, 'send')
  const descriptor = descriptorName(given, given.place.get('descriptor')) ?? given.lacking('')
  return { operation: 'descriptor.read', descriptor }
}

function readVipl(kind: ViplOperation, given: Arguments): ViaCall[] {
  if (kind === 'VipPostSend' || kind === 'VipPostRecv') return readPost(kind, given)
  if (isConnecting(kind)) return [readConnecting(kind, given)]
  if (isMaking(kind)) return [readMaking(kind, given)]
  return [readOther(kind, given)]
}

/** A descriptor that stands in the call is written right before. */
function readPost(operation: 'VipPostSend' | 'VipPostRecv', given: Arguments): ViaCall[] {
  const place = given.place.get('descriptor')
  const written = place.isMap
    ? readDescriptor(given, place, operation === 'VipPostSend' ? 'send' : 'receive')
    : undefined
  const descriptor = written ? written.as : descriptorName(given, place)
  const lies = descriptor === null ? undefined : given.scope.handles.bufferOf(given.node, descriptor)
  // NULL lies nowhere, so that any handle will do.
  const memory = given.memory(given.place.get('memory'), lies ?? (descriptor === null ? descriptorPool : undefined))
  const post: ViaCall = { operation, vi: given.handle('vi'), descriptor, memory }
  return written ? [written, post] : [post]
}

const making = ['VipOpenNic', 'VipCreateVi', 'VipCreatePtag', 'VipRegisterMem', 'VipCreateCQ'] as const

function isMaking(kind: ViplOperation): kind is (typeof making)[number] {
  return making.some((each) => each === kind)
}

/** Calls that make something: what they are made with is read before their name, which none of it can mean. */
function readMaking(operation: (typeof making)[number], given: Arguments): ViaCall {
  switch (operation) {
    case 'VipOpenNic':
      return { operation, device: given.textOrNull('device', viaDeviceUnderTest), as: given.made('nic') }
    case 'VipCreatePtag':
      return { operation, nic: given.nic(), as: given.made('ptag') }
    case 'VipCreateCQ':
      return {
        operation,
        nic: given.nic(),
        entryCount: given.count('entries'),
        as: given.made('cq'),
      }
    case 'VipRegisterMem':
      return {
        operation,
        nic: given.nic(),
        at: given.span(given.place.get('at')),
        attributes: given.memoryAttributes(),
        as: given.made('memory'),
      }
    case 'VipCreateVi':
      return {
        operation,
        nic: given.nic(),
        attributes: given.viAttributes(),
        sendCq: given.handle('cq', 'send-cq', null),
        recvCq: given.handle('cq', 'recv-cq', null),
        as: given.made('vi'),
      }
  }
}

const connecting = [
  'VipConnectWait',
  'VipConnectAccept',
  'VipConnectReject',
  'VipConnectRequest',
  'VipConnectPeerRequest',
] as const

function isConnecting(kind: ViplOperation): kind is (typeof connecting)[number] {
  return connecting.some((each) => each === kind)
}

function readConnecting(operation: (typeof connecting)[number], given: Arguments): ViaCall {
  switch (operation) {
    case 'VipConnectWait':
      return {
        operation,
        nic: given.nic(),
        local: given.address('local'),
        timeout: given.timeout(),
        as: given.made('connection'),
      }
    case 'VipConnectAccept':
      return { operation, connection: given.handle('connection'), vi: given.handle('vi') }
    case 'VipConnectReject':
      return { operation, connection: given.handle('connection') }
    case 'VipConnectRequest':
    case 'VipConnectPeerRequest':
      return {
        operation,
        vi: given.handle('vi'),
        local: given.address('local', ownDiscriminator),
        remote: given.address('remote'),
        timeout: given.timeout(),
      }
  }
}

type Other = Exclude<
  ViplOperation,
  'VipPostSend' | 'VipPostRecv' | (typeof making)[number] | (typeof connecting)[number]
>

function readOther(operation: Other, given: Arguments): ViaCall {
  switch (operation) {
    case 'VipDestroyVi':
    case 'VipQueryVi':
    case 'VipDisconnect':
    case 'VipConnectPeerDone':
    case 'VipConnectPeerWait':
    case 'VipSendDone':
    case 'VipRecvDone':
      return { operation, vi: given.handle('vi') }
    case 'VipSetViAttributes':
      return { operation, vi: given.handle('vi'), attributes: given.viAttributes() }
    case 'VipSendWait':
    case 'VipRecvWait':
      return { operation, vi: given.handle('vi'), timeout: given.timeout() }
    case 'VipSendNotify':
    case 'VipRecvNotify':
      return { operation, vi: given.handle('vi'), ...handlerOf(given) }
    case 'VipDestroyCQ':
    case 'VipCQDone':
      return { operation, cq: given.handle('cq') }
    case 'VipResizeCQ':
      return { operation, cq: given.handle('cq'), entryCount: given.count('entries') }
    case 'VipCQWait':
      return { operation, cq: given.handle('cq'), timeout: given.timeout() }
    case 'VipCQNotify':
      return { operation, cq: given.handle('cq'), ...handlerOf(given) }
    default:
      return readOfNic(operation, given)
  }
}

type OfNic = Extract<ViplCall, { readonly nic: unknown }>['operation'] & Other

/** Calls whose first parameter is the NIC handle. */
function readOfNic(operation: OfNic, given: Arguments): ViaCall {
  const nic = given.nic()
  switch (operation) {
    case 'VipCloseNic':
    case 'VipQueryNic':
    case 'VipNSInit':
    case 'VipNSShutdown':
      return { operation, nic }
    case 'VipDestroyPtag':
      return { operation, nic, ptag: given.handle('ptag') }
    case 'VipDeregisterMem':
    case 'VipQueryMem':
      return { operation, nic, ...regionOf(given) }
    case 'VipSetMemAttributes':
      return { operation, nic, ...regionOf(given), attributes: given.memoryAttributes() }
    case 'VipNSGetHostByName':
      return { operation, nic, name: given.textOrNull('name'), nameIndex: given.count('index', 0) }
    case 'VipNSGetHostByAddr':
      return { operation, nic, address: given.address('address'), nameLen: given.count('bytes', nameLengthUsual) }
    case 'VipQuerySystemManagementInfo':
      return { operation, nic, infoType: given.count('type') }
    case 'VipErrorCallback':
      return { operation, nic, ...handlerOf(given) }
  }
}

/** The place is that of the buffer named like the handle, unless said. */
function regionOf(given: Arguments): Pick<CallOf<'VipQueryMem'>, 'at' | 'memory'> {
  const memory = given.memory(given.place.get('memory'), undefined)
  return { at: given.at(given.place.get('at'), typeof memory === 'string' ? memory : undefined), memory }
}

function handlerOf(given: Arguments): { readonly handler: string | null; readonly context: number } {
  return { handler: given.textOrNull('handler'), context: given.count('context', 0) }
}

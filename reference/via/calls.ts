// Gives each call of the host program to the part that answers it.
import { isMemoryCall, type CallBody } from '../../spec/vocabulary/calls.ts'
import type { ViplCall, ViplOperation } from '../../spec/vocabulary/via-calls.ts'
import type { ViaMemory } from '../../spec/vocabulary/via-descriptor.ts'
import { viaReturnCodes } from '../../spec/vocabulary/via-returns.ts'
import { answer, invalid } from './answers.ts'
import type { ViaAnswer } from './answers.ts'
import type { Board } from './board.ts'
import type { CompletionCalls } from './completion-calls.ts'
import type { MemoryCalls } from './memory-calls.ts'
import type { NameCalls } from './name-calls.ts'
import type { NicCalls } from './nic-calls.ts'
import type { ViaParts } from './parts.ts'
import type { ViCalls } from './vi-calls.ts'

const notSupported = answer('VIP_ERROR_NOT_SUPPORTED')
/** A call that a library without it does not have. */
const absent: ViaAnswer = { status: 'unsupported' }
type CallOf<Operation extends ViplOperation> = Extract<ViplCall, { readonly operation: Operation }>

const nicOperations = [
  'VipOpenNic',
  'VipCloseNic',
  'VipQueryNic',
  'VipErrorCallback',
  'VipQuerySystemManagementInfo',
  'VipCreatePtag',
  'VipDestroyPtag',
  'VipRegisterMem',
  'VipDeregisterMem',
  'VipQueryMem',
  'VipSetMemAttributes',
] as const
const viOperations = [
  'VipCreateVi',
  'VipDestroyVi',
  'VipQueryVi',
  'VipSetViAttributes',
  'VipConnectWait',
  'VipConnectRequest',
  'VipConnectAccept',
  'VipConnectReject',
  'VipDisconnect',
  'VipConnectPeerRequest',
  'VipConnectPeerDone',
  'VipConnectPeerWait',
] as const
const queueOperations = [
  'VipPostSend',
  'VipPostRecv',
  'VipSendDone',
  'VipRecvDone',
  'VipSendWait',
  'VipRecvWait',
  'VipSendNotify',
  'VipRecvNotify',
  'VipCreateCQ',
  'VipDestroyCQ',
  'VipResizeCQ',
  'VipCQDone',
  'VipCQWait',
  'VipCQNotify',
] as const
const peerOperations = ['VipConnectPeerRequest', 'VipConnectPeerDone', 'VipConnectPeerWait'] as const
const notifyOperations = ['VipSendNotify', 'VipRecvNotify', 'VipCQNotify'] as const
const nameOperations = ['VipNSInit', 'VipNSGetHostByName', 'VipNSGetHostByAddr', 'VipNSShutdown'] as const

export class Calls {
  private readonly board: Board
  private readonly nics: NicCalls
  private readonly memory: MemoryCalls
  private readonly vis: ViCalls
  private readonly completions: CompletionCalls
  private readonly names: NameCalls

  constructor(board: Board, parts: ViaParts) {
    this.board = board
    this.nics = new parts.nicCalls(board)
    this.memory = new parts.memoryCalls(board)
    this.vis = new parts.viCalls(board)
    this.completions = new parts.completionCalls(board)
    this.names = new parts.nameCalls(board)
  }

  /** The answer to a call; undefined: it stays open. */
  answer(id: number, body: CallBody): ViaAnswer | undefined {
    if (isMemoryCall(body)) return this.board.buffers.answer(body)
    if (body.operation === 'descriptor.write' || body.operation === 'descriptor.read') {
      return this.board.written.answer(body)
    }
    if (!isVipl(body)) return { status: 'unsupported' }
    if (this.isAbsent(body)) return absent
    if (this.namesUnknown(body)) return invalid
    if (isOneOf(queueOperations, body)) return this.callQueue(id, body)
    if (isOneOf(viOperations, body)) return this.callVi(id, body)
    if (isOneOf(nameOperations, body)) return this.callNames(body)
    return isOneOf(nicOperations, body) ? this.callNic(body) : notSupported
  }

  /** Whether the call is one of what is not offered. */
  private isAbsent(body: ViplCall): boolean {
    const { peers, notify } = this.board.offer
    return (!peers && isOneOf(peerOperations, body)) || (!notify && isOneOf(notifyOperations, body))
  }

  /** Whether a call names a handle that was never given, or gives one a name that is taken. */
  private namesUnknown(body: ViplCall): boolean {
    const { names } = this.board
    const unknown = (name: ViaMemory | null): boolean => typeof name === 'string' && !names.has(name)
    if ('nic' in body && unknown(body.nic)) return true
    if ('vi' in body && unknown(body.vi)) return true
    if ('cq' in body && unknown(body.cq)) return true
    if ('memory' in body && unknown(body.memory)) return true
    if ('ptag' in body && unknown(body.ptag)) return true
    if ('connection' in body && unknown(body.connection)) return true
    if ('sendCq' in body && (unknown(body.sendCq) || unknown(body.recvCq))) return true
    const ptag = 'attributes' in body ? body.attributes?.ptag : undefined
    if (ptag !== undefined && unknown(ptag)) return true
    return 'as' in body && names.isAlive(body.as)
  }

  private callNic(body: CallOf<(typeof nicOperations)[number]>): ViaAnswer | undefined {
    switch (body.operation) {
      case 'VipOpenNic':
        return this.nics.open(body)
      case 'VipCloseNic':
        return this.nics.close(body)
      case 'VipQueryNic':
        return this.nics.query(body)
      case 'VipErrorCallback':
        return this.nics.handleErrors(body)
      case 'VipQuerySystemManagementInfo':
        return this.nics.manage(body)
      case 'VipCreatePtag':
        return this.nics.createPtag(body)
      case 'VipDestroyPtag':
        return this.nics.destroyPtag(body)
      case 'VipRegisterMem':
        return this.memory.register(body)
      case 'VipDeregisterMem':
        return this.memory.deregister(body)
      case 'VipQueryMem':
        return this.memory.query(body)
      case 'VipSetMemAttributes':
        return this.memory.change(body)
    }
  }

  private callVi(id: number, body: CallOf<(typeof viOperations)[number]>): ViaAnswer | undefined {
    switch (body.operation) {
      case 'VipCreateVi':
        return this.vis.create(body)
      case 'VipDestroyVi':
        return this.vis.destroy(body)
      case 'VipQueryVi':
        return this.vis.query(body)
      case 'VipSetViAttributes':
        return this.vis.change(body)
      case 'VipConnectWait':
        return this.vis.wait(id, body)
      case 'VipConnectRequest':
        return this.vis.request(id, body)
      case 'VipConnectAccept':
        return this.vis.accept(id, body)
      case 'VipConnectReject':
        return this.vis.reject(body)
      case 'VipDisconnect':
        return this.vis.disconnect(body)
      case 'VipConnectPeerRequest':
        return this.vis.peerRequest(body)
      case 'VipConnectPeerDone':
        return this.vis.peerDone(body)
      case 'VipConnectPeerWait':
        return this.vis.peerWait(id, body)
    }
  }

  private callQueue(id: number, body: CallOf<(typeof queueOperations)[number]>): ViaAnswer | undefined {
    switch (body.operation) {
      case 'VipPostSend':
      case 'VipPostRecv':
        return this.completions.post(body)
      case 'VipSendDone':
      case 'VipRecvDone':
        return this.completions.done(body)
      case 'VipSendWait':
      case 'VipRecvWait':
        return this.completions.wait(id, body)
      case 'VipSendNotify':
      case 'VipRecvNotify':
        return this.completions.notify(body)
      case 'VipCreateCQ':
        return this.completions.createCq(body)
      case 'VipDestroyCQ':
        return this.completions.destroyCq(body)
      case 'VipResizeCQ':
        return this.completions.resizeCq(body)
      case 'VipCQDone':
        return this.completions.cqDone(body)
      case 'VipCQWait':
        return this.completions.cqWait(id, body)
      case 'VipCQNotify':
        return this.completions.cqNotify(body)
    }
  }

  private callNames(body: CallOf<(typeof nameOperations)[number]>): ViaAnswer {
    switch (body.operation) {
      case 'VipNSInit':
        return this.names.init(body)
      case 'VipNSGetHostByName':
        return this.names.hostByName(body)
      case 'VipNSGetHostByAddr':
        return this.names.hostByAddr(body)
      case 'VipNSShutdown':
        return this.names.shutdown(body)
    }
  }
}

/** What came through a pipe may name anything. */
function isVipl(body: CallBody): body is ViplCall {
  return Object.hasOwn(viaReturnCodes, body.operation)
}

function isOneOf<Operation extends ViplOperation>(
  operations: readonly Operation[],
  body: ViplCall,
): body is CallOf<Operation> {
  const all: readonly string[] = operations
  return all.includes(body.operation)
}

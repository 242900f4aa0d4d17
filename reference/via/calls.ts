// Gives each call of the host program to the part that answers it.
import { isMemoryCall, type CallBody } from '../../spec/vocabulary/calls.ts'
import type { QueueCall, ViCall, ViplCall, ViplOperation } from '../../spec/vocabulary/via-calls.ts'
import type { ViaMemory } from '../../spec/vocabulary/via-descriptor.ts'
import { isVipl } from '../../spec/vocabulary/via-returns.ts'
import { invalid } from './answers.ts'
import type { ViaAnswer } from './answers.ts'
import type { Board } from './board.ts'
import type { CompletionCalls } from './completion-calls.ts'
import type { MemoryCalls } from './memory-calls.ts'
import type { NameCalls } from './name-calls.ts'
import type { NicCalls } from './nic-calls.ts'
import type { ViaParts } from './parts.ts'
import type { ViCalls } from './vi-calls.ts'

/** There is no such call, or not in a library that offers less. */
const unsupported: ViaAnswer = { status: 'unsupported' }

const peerOperations: ReadonlySet<ViplOperation> = new Set([
  'VipConnectPeerRequest',
  'VipConnectPeerDone',
  'VipConnectPeerWait',
])
const notifyOperations: ReadonlySet<ViplOperation> = new Set(['VipSendNotify', 'VipRecvNotify', 'VipCQNotify'])

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
    if (!isViplCall(body) || this.isAbsent(body)) return unsupported
    if (this.namesUnknown(body)) return invalid
    return this.callQueue(id, body)
  }

  /** Whether the call is one of what is not offered. */
  private isAbsent({ operation }: ViplCall): boolean {
    const { peers, notify } = this.board.offer
    return (!peers && peerOperations.has(operation)) || (!notify && notifyOperations.has(operation))
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

  /** Answers calls about queues, and hands on all others: what none of the three takes does not compile. */
  private callQueue(id: number, body: ViplCall): ViaAnswer | undefined {
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
      default:
        return this.callVi(id, body)
    }
  }

  private callVi(id: number, body: Exclude<ViplCall, QueueCall>): ViaAnswer | undefined {
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
      default:
        return this.callNic(body)
    }
  }

  private callNic(body: Exclude<ViplCall, QueueCall | ViCall>): ViaAnswer | undefined {
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
function isViplCall(body: CallBody): body is ViplCall {
  return isVipl(body.operation)
}

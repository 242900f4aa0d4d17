// Calls on VIs: making, looking at, changing, connecting and destroying them.
import type { ViaViAttributes } from '../../spec/vocabulary/via-attributes.ts'
import { viaReliabilityLevels } from '../../spec/vocabulary/via-constants.ts'
import type { ViplCall } from '../../spec/vocabulary/via-calls.ts'
import type { VipReturn } from '../../spec/vocabulary/via-returns.ts'
import { readAddress } from './addresses.ts'
import type { KnownAddress } from './addresses.ts'
import { answer, badParameter, badState, noResource, success } from './answers.ts'
import type { ViaAnswer } from './answers.ts'
import type { Board } from './board.ts'
import type { CompletionQueue, ConnectionRequest, Granted, Nic, Vi } from './objects.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

const levels: readonly number[] = Object.values(viaReliabilityLevels)
const wordMax = 0xffff_ffff

export class ViCalls {
  protected readonly board: Board

  constructor(board: Board) {
    this.board = board
  }

  create(call: Call<'VipCreateVi'>): ViaAnswer {
    const { names } = this.board
    const nic = names.find('nic', call.nic)
    if (!nic) return badParameter
    const send = this.queueOf(nic, call.sendCq)
    const recv = this.queueOf(nic, call.recvCq)
    if (send === 'bad' || recv === 'bad') return badParameter
    const attributes = this.grant(nic, call.attributes)
    if (typeof attributes === 'string') return answer(attributes)
    if (!this.hasRoom()) return noResource
    names.bind({
      kind: 'vi',
      name: call.as,
      nic,
      send: { queue: 'send', cq: send, postings: [] },
      recv: { queue: 'recv', cq: recv, postings: [] },
      alive: true,
      state: 'idle',
      attributes,
      channel: undefined,
    })
    return success
  }

  destroy(call: Call<'VipDestroyVi'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    if (!vi) return badParameter
    if (!this.board.lifecycle.allows(vi, 'destroy')) return badState
    if (vi.send.postings.length + vi.recv.postings.length > 0) return noResource
    this.board.lifecycle.move(vi, 'destroy')
    vi.alive = false
    this.board.peers.forget(vi)
    this.board.handlers.settle(vi.name)
    this.board.handlers.cancel(vi.send)
    this.board.handlers.cancel(vi.recv)
    this.board.completions.forget(vi)
    return success
  }

  query(call: Call<'VipQueryVi'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    if (!vi || vi.state === 'gone') return badParameter
    const { ptag, ...granted } = vi.attributes
    return answer('VIP_SUCCESS', {
      state: vi.state,
      viAttributes: { ...granted, ptag: ptag.name },
      sendQueueEmpty: vi.send.postings.length === 0,
      recvQueueEmpty: vi.recv.postings.length === 0,
    })
  }

  change(call: Call<'VipSetViAttributes'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    if (!vi) return badParameter
    const attributes = this.grant(vi.nic, call.attributes)
    if (typeof attributes === 'string') return answer(attributes)
    if (!this.board.lifecycle.allows(vi, 'change')) return badState
    vi.attributes = attributes
    return success
  }

  wait(id: number, call: Call<'VipConnectWait'>): ViaAnswer | undefined {
    const nic = this.board.names.find('nic', call.nic)
    const local = this.ownAddress(call.local)
    if (!nic || !local || !isTimeout(call.timeout)) return badParameter
    const { discriminator } = local
    return this.board.connector.wait(id, { as: call.as, nic, discriminator }, call.timeout)
  }

  request(id: number, call: Call<'VipConnectRequest'>): ViaAnswer | undefined {
    const vi = this.board.names.find('vi', call.vi)
    const local = this.ownAddress(call.local)
    const remote = readAddress(call.remote, this.board.setting.hosts, this.board.configuration.discriminator)
    if (!vi || !local || !remote || !isTimeout(call.timeout) || call.timeout === 0) return badParameter
    if (!this.board.lifecycle.allows(vi, 'request')) return badState
    this.board.connector.request(id, vi, { own: local.discriminator, remote }, call.timeout)
    return undefined
  }

  accept(id: number, call: Call<'VipConnectAccept'>): ViaAnswer | undefined {
    const connection = this.board.names.find('connection', call.connection)
    const vi = this.board.names.find('vi', call.vi)
    if (!connection || vi?.nic !== connection.nic) return badParameter
    if (!this.board.lifecycle.allows(vi, 'accept')) return badState
    if (connection.gone) {
      connection.alive = false
      return answer('VIP_TIMEOUT')
    }
    const mismatch = this.mismatch(connection, vi)
    if (mismatch) return answer(mismatch)
    this.board.connector.accept(id, vi, connection)
    return undefined
  }

  reject(call: Call<'VipConnectReject'>): ViaAnswer {
    const connection = this.board.names.find('connection', call.connection)
    if (!connection) return badParameter
    this.board.connector.reject(connection)
    return success
  }

  disconnect(call: Call<'VipDisconnect'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    if (!vi) return badParameter
    this.board.lifecycle.disconnect(vi)
    return success
  }

  peerRequest(call: Call<'VipConnectPeerRequest'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    const local = this.ownAddress(call.local)
    const remote = readAddress(call.remote, this.board.setting.hosts, this.board.configuration.discriminator)
    if (!vi || !local || !remote || !isTimeout(call.timeout) || call.timeout === 0) return badParameter
    if (!this.board.lifecycle.allows(vi, 'request')) return badState
    this.board.peers.request(vi, { own: local.discriminator, remote }, call.timeout)
    return success
  }

  peerDone(call: Call<'VipConnectPeerDone'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    return vi ? this.board.peers.done(vi) : badParameter
  }

  peerWait(id: number, call: Call<'VipConnectPeerWait'>): ViaAnswer | undefined {
    const vi = this.board.names.find('vi', call.vi)
    return vi ? this.board.peers.wait(id, vi) : badParameter
  }

  /** Whether another VI can be made. */
  protected hasRoom(): boolean {
    return this.board.names.all('vi').length < this.board.configuration.vis
  }

  /** In what the two ends do not agree. */
  protected mismatch({ attributes: client }: ConnectionRequest, { attributes: server }: Vi): VipReturn | undefined {
    if (client.reliabilityLevel !== server.reliabilityLevel) return 'VIP_INVALID_RELIABILITY_LEVEL'
    if (client.maxTransferSize !== server.maxTransferSize) return 'VIP_INVALID_MTU'
    return client.qos === server.qos ? undefined : 'VIP_INVALID_QOS'
  }

  /** What a VI gets of what is asked for, or why it gets nothing. */
  protected grant(nic: Nic, attributes: ViaViAttributes | null): Granted | VipReturn {
    if (!attributes) return 'VIP_INVALID_PARAMETER'
    const { reliabilityLevel, maxTransferSize, qos, enableRdmaWrite, enableRdmaRead } = attributes
    if (!levels.includes(reliabilityLevel) || (this.board.offer.levels & reliabilityLevel) === 0)
      return 'VIP_INVALID_RELIABILITY_LEVEL'
    if (!isWord(maxTransferSize) || maxTransferSize < 1) return 'VIP_INVALID_MTU'
    if (maxTransferSize > this.board.configuration.transfer) return 'VIP_INVALID_MTU'
    if (!isWord(qos)) return 'VIP_INVALID_QOS'
    const ptag = this.board.protection.tag(nic, attributes.ptag)
    if (!ptag) return 'VIP_INVALID_PTAG'
    if (enableRdmaRead && !this.board.reads.worksAt(reliabilityLevel)) return 'VIP_INVALID_RDMAREAD'
    return { reliabilityLevel, maxTransferSize, qos, ptag, enableRdmaWrite, enableRdmaRead }
  }

  /** The completion queue that a work queue gets. */
  protected queueOf(nic: Nic, name: string | null): CompletionQueue | undefined | 'bad' {
    if (name === null) return undefined
    const cq = this.board.names.find('cq', name)
    return cq?.nic === nic ? cq : 'bad'
  }

  private ownAddress(address: Parameters<typeof readAddress>[0]): KnownAddress | undefined {
    const { setting, configuration } = this.board
    const known = readAddress(address, setting.hosts, configuration.discriminator)
    return known?.node === setting.node ? known : undefined
  }
}

function isWord(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value <= wordMax
}

/** Milliseconds, or VIP_INFINITE, which is the largest word. */
export function isTimeout(value: number): boolean {
  return isWord(value)
}

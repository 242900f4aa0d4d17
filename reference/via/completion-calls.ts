// Calls that post descriptors, and that take their completions from work queues and completion queues.
import type { ViplCall } from '../../spec/vocabulary/via-calls.ts'
import { badParameter, invalid, noResource, success } from './answers.ts'
import type { ViaAnswer } from './answers.ts'
import type { Board } from './board.ts'
import type { CompletionQueue, Vi, WorkQueue } from './objects.ts'
import { isTimeout } from './vi-calls.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

export class CompletionCalls {
  protected readonly board: Board

  constructor(board: Board) {
    this.board = board
  }

  post(call: Call<'VipPostSend' | 'VipPostRecv'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    if (!vi || call.descriptor === null) return badParameter
    const address = this.board.written.address(call.descriptor)
    const handle = this.board.written.handleOf(call.memory)
    if (address === undefined || handle === undefined) return invalid
    const queue = call.operation === 'VipPostSend' ? vi.send : vi.recv
    return this.board.queues.post(vi, queue, address, handle) ? success : this.overrun(vi)
  }

  done(call: Call<'VipSendDone' | 'VipRecvDone'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    if (!vi) return badParameter
    return this.board.waits.take(call.operation === 'VipSendDone' ? vi.send : vi.recv)
  }

  wait(id: number, call: Call<'VipSendWait' | 'VipRecvWait'>): ViaAnswer | undefined {
    const vi = this.board.names.find('vi', call.vi)
    if (!vi || !isTimeout(call.timeout)) return badParameter
    const queue = call.operation === 'VipSendWait' ? vi.send : vi.recv
    return this.mayWait(queue) ? this.board.waits.wait(id, queue, call.timeout) : noResource
  }

  notify(call: Call<'VipSendNotify' | 'VipRecvNotify'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    const { handler, context } = call
    if (!vi || handler === null) return badParameter
    const source = call.operation === 'VipSendNotify' ? vi.send : vi.recv
    if (!this.mayWait(source)) return noResource
    this.board.handlers.arm({ nic: vi.nic, source, handler, context })
    return success
  }

  createCq(call: Call<'VipCreateCQ'>): ViaAnswer {
    const { names, configuration } = this.board
    const nic = names.find('nic', call.nic)
    if (!nic || !isCount(call.entryCount)) return badParameter
    if (!this.hasRoom() || call.entryCount > configuration.cqEntries) return noResource
    names.bind({ kind: 'cq', name: call.as, nic, entries: [], capacity: call.entryCount, alive: true })
    return success
  }

  destroyCq(call: Call<'VipDestroyCQ'>): ViaAnswer {
    const cq = this.board.names.find('cq', call.cq)
    if (!cq) return badParameter
    if (this.isUsed(cq)) return noResource
    cq.alive = false
    this.board.waits.cancel(cq)
    return success
  }

  resizeCq(call: Call<'VipResizeCQ'>): ViaAnswer {
    const cq = this.board.names.find('cq', call.cq)
    if (!cq || !isCount(call.entryCount)) return badParameter
    if (call.entryCount > this.board.configuration.cqEntries || call.entryCount < cq.entries.length) return noResource
    cq.capacity = call.entryCount
    return success
  }

  cqDone(call: Call<'VipCQDone'>): ViaAnswer {
    const cq = this.board.names.find('cq', call.cq)
    return cq ? this.board.waits.take(cq) : badParameter
  }

  cqWait(id: number, call: Call<'VipCQWait'>): ViaAnswer | undefined {
    const cq = this.board.names.find('cq', call.cq)
    return cq && isTimeout(call.timeout) ? this.board.waits.wait(id, cq, call.timeout) : badParameter
  }

  cqNotify(call: Call<'VipCQNotify'>): ViaAnswer {
    const cq = this.board.names.find('cq', call.cq)
    const { handler, context } = call
    if (!cq || handler === null) return badParameter
    this.board.handlers.arm({ nic: cq.nic, source: cq, handler, context })
    return success
  }

  /** Whether another completion queue can be made. */
  protected hasRoom(): boolean {
    return this.board.names.all('cq').length < this.board.configuration.cqs
  }

  /** A work queue with a completion queue is only polled. */
  protected mayWait(queue: WorkQueue): boolean {
    return queue.cq === undefined
  }

  /** One descriptor too many was posted: it is not queued. */
  protected overrun(vi: Vi): ViaAnswer {
    this.board.reports.vi(vi, 'vi-overrun')
    if (vi.channel?.reliable) this.board.lifecycle.fault(vi)
    return noResource
  }

  protected isUsed(cq: CompletionQueue): boolean {
    return this.board.names.all('vi').some((vi) => vi.send.cq === cq || vi.recv.cq === cq)
  }
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1
}

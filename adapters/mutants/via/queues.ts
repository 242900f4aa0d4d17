// Mutants of the VIA reference that keep what is posted wrongly, or carry it out in the wrong order.
import { answer, noResource } from '../../../reference/via/answers.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import type { Channel } from '../../../reference/via/channel.ts'
import { CompletionCalls } from '../../../reference/via/completion-calls.ts'
import { Lifecycle } from '../../../reference/via/lifecycle.ts'
import type { Posting, Vi, WorkQueue } from '../../../reference/via/objects.ts'
import { Sender } from '../../../reference/via/sender.ts'
import { WorkQueues } from '../../../reference/via/work-queues.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { viaStatusBits } from '../../../spec/vocabulary/via-constants.ts'
import type { ViaQueue } from '../../../spec/vocabulary/via-returns.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

/** Keeps or flushes what is posted by other states than those of the reference. */
class IdleReceivesFlushed extends Lifecycle {
  override admits(vi: Vi, queue: ViaQueue): boolean {
    return vi.state !== 'idle' && super.admits(vi, queue)
  }
}

class PendingReceivesFlushed extends Lifecycle {
  override admits(vi: Vi, queue: ViaQueue): boolean {
    return vi.state !== 'connect-pending' && super.admits(vi, queue)
  }
}

class UnconnectedSendsKept extends Lifecycle {
  override admits(vi: Vi, queue: ViaQueue): boolean {
    return vi.state === 'idle' || vi.state === 'connect-pending' || super.admits(vi, queue)
  }
}

class ErrorReceivesKept extends Lifecycle {
  override admits(vi: Vi, queue: ViaQueue): boolean {
    return (vi.state === 'error' && queue === 'recv') || super.admits(vi, queue)
  }
}

class UnconnectedRefused extends CompletionCalls {
  override post(call: Call<'VipPostSend' | 'VipPostRecv'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    const refused = vi && vi.state !== 'connected' && call.operation === 'VipPostSend'
    return refused ? answer('VIP_INVALID_STATE') : super.post(call)
  }
}

class PendingRefused extends CompletionCalls {
  override post(call: Call<'VipPostSend' | 'VipPostRecv'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    return vi?.state === 'connect-pending' ? answer('VIP_INVALID_STATE') : super.post(call)
  }
}

class ErrorRefused extends CompletionCalls {
  override post(call: Call<'VipPostSend' | 'VipPostRecv'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    return vi?.state === 'error' ? answer('VIP_INVALID_STATE') : super.post(call)
  }
}

class OneLess extends WorkQueues {
  protected override isFull(queue: WorkQueue): boolean {
    return queue.postings.length >= this.board.configuration.descriptors - 1
  }
}

/** Has one pool of descriptors for both queues of a VI. */
class QueuesTogether extends WorkQueues {
  override post(vi: Vi, queue: WorkQueue, address: number, handle: number): boolean {
    const all = vi.send.postings.length + vi.recv.postings.length
    return all < this.board.configuration.descriptors && super.post(vi, queue, address, handle)
  }
}

class NeverFull extends WorkQueues {
  protected override isFull(): boolean {
    return false
  }
}

class OverrunSilent extends CompletionCalls {
  protected override overrun(): ViaAnswer {
    return noResource
  }
}

class LastReceive extends WorkQueues {
  protected override pick(queue: WorkQueue): Posting | undefined {
    return queue.queue === 'send' ? super.pick(queue) : queue.postings.findLast(({ state }) => state === 'posted')
  }
}

class LastSend extends WorkQueues {
  protected override pick(queue: WorkQueue): Posting | undefined {
    return queue.queue === 'recv' ? super.pick(queue) : queue.postings.findLast(({ state }) => state === 'posted')
  }
}

class ReceivesBlockSends extends WorkQueues {
  override nextSend(vi: Vi): Posting | undefined {
    return vi.recv.postings.some(({ state }) => state === 'posted') ? undefined : super.nextSend(vi)
  }
}

/** Completes a send only when another one is posted behind it. */
class LastSendStuck extends Sender {
  protected override isFinished(channel: Channel, posting: Posting): boolean {
    return channel.vi.send.postings.at(-1) !== posting && super.isFinished(channel, posting)
  }
}

/** Completes a send that cannot be carried out before those that are under way. */
class FailuresFirst extends Sender {
  protected override failFirst(channel: Channel): void {
    const failed = channel.started.findIndex(({ failure }) => failure !== 0)
    if (failed > 0) channel.started.unshift(...channel.started.splice(failed, 1))
    super.failFirst(channel)
  }
}

class FlushForgotten extends Lifecycle {
  protected override flush(): void {}
}

class ReceivesUnflushed extends Lifecycle {
  protected override flush(vi: Vi): void {
    this.board.queues.flush(vi.send)
  }
}

class SendsUnflushed extends Lifecycle {
  protected override flush(vi: Vi): void {
    this.board.queues.flush(vi.recv)
  }
}

class ErrorUnflushed extends Lifecycle {
  protected override flush(vi: Vi): void {
    if (vi.state !== 'error') super.flush(vi)
  }
}

class IdleUnflushed extends Lifecycle {
  override disconnect(vi: Vi): void {
    if (vi.state !== 'idle') super.disconnect(vi)
  }
}

/** Flushes what is complete together with what is not. */
class CompleteFlushed extends WorkQueues {
  override flush(queue: WorkQueue): void {
    for (const posting of queue.postings) {
      if (posting.state !== 'done') continue
      posting.status |= viaStatusBits['descriptor-flushed']
      this.board.descriptors.writeBack(posting)
    }
    super.flush(queue)
  }
}

export const queueMutants = mutantsOf('via', [
  {
    name: 'via-idle-receives-flushed',
    words: 'Flushes receives that are posted on an idle VI.',
    violates: ['VIA-POST-001', 'VIA-CON-025'],
    make: withViaParts({ lifecycle: IdleReceivesFlushed }),
  },
  {
    name: 'via-pending-receives-flushed',
    words: 'Flushes receives that are posted while the VI is connecting.',
    violates: ['VIA-POST-002'],
    make: withViaParts({ lifecycle: PendingReceivesFlushed }),
  },
  {
    name: 'via-unconnected-sends-kept',
    words: 'Keeps sends that are posted before the VI is connected.',
    violates: ['VIA-POST-003'],
    make: withViaParts({ lifecycle: UnconnectedSendsKept }),
  },
  {
    name: 'via-error-receives-kept',
    words: 'Keeps receives that are posted in the error state.',
    violates: ['VIA-POST-004'],
    make: withViaParts({ lifecycle: ErrorReceivesKept }),
  },
  {
    name: 'via-unconnected-sends-refused',
    words: 'Refuses to post a send on a VI that is not connected.',
    violates: ['VIA-POST-003', 'VIA-POST-004'],
    make: withViaParts({ completionCalls: UnconnectedRefused }),
  },
  {
    name: 'via-pending-refused',
    words: 'Refuses to post anything while the VI is connecting.',
    violates: ['VIA-POST-002', 'VIA-POST-003'],
    make: withViaParts({ completionCalls: PendingRefused }),
  },
  {
    name: 'via-error-refused',
    words: 'Refuses to post anything in the error state.',
    violates: ['VIA-POST-004'],
    make: withViaParts({ completionCalls: ErrorRefused }),
  },
  {
    name: 'via-last-place-unused',
    words: 'Takes one descriptor less on a work queue than it says.',
    violates: ['VIA-POST-005'],
    make: withViaParts({ queues: OneLess }),
  },
  {
    name: 'via-queues-counted-together',
    words: 'Counts the descriptors of both work queues of a VI together.',
    violates: ['VIA-POST-005'],
    make: withViaParts({ queues: QueuesTogether }),
  },
  {
    name: 'via-overrun-queued',
    words: 'Queues descriptors however many there are.',
    violates: ['VIA-ERR-008'],
    make: withViaParts({ queues: NeverFull }),
  },
  {
    name: 'via-overrun-silent',
    words: 'Does not tell the error handler of one descriptor too many.',
    violates: ['VIA-ERR-008'],
    make: withViaParts({ completionCalls: OverrunSilent }),
  },
  {
    name: 'via-recv-lifo',
    words: 'Uses the youngest receive first.',
    violates: ['VIA-RECV-001', 'VIA-RECV-007', 'VIA-CON-025', 'VIA-CQ-006', 'VIA-CQ-011'],
    make: withViaParts({ queues: LastReceive }),
  },
  {
    name: 'via-send-lifo',
    words: 'Carries out the youngest send first.',
    violates: ['VIA-SEND-003', 'VIA-SEND-004', 'VIA-REL-008', 'VIA-REL-012'],
    make: withViaParts({ queues: LastSend }),
  },
  {
    name: 'via-receives-block-sends',
    words: 'Carries no send out while receives are posted on the same VI.',
    violates: ['VIA-RECV-009', 'VIA-SEND-005'],
    make: withViaParts({ queues: ReceivesBlockSends }),
  },
  {
    name: 'via-last-send-stuck',
    words: 'Completes a send only when another one has been posted behind it.',
    violates: ['VIA-SEND-005'],
    make: withViaParts({ sender: LastSendStuck }),
  },
  {
    name: 'via-failures-first',
    words: 'Completes a send that fails before those that are under way.',
    violates: ['VIA-SEND-003'],
    make: withViaParts({ sender: FailuresFirst }),
  },
  {
    name: 'via-flush-forgotten',
    words: 'Leaves all descriptors outstanding when a connection ends.',
    violates: ['VIA-FLUSH-001', 'VIA-FLUSH-005', 'VIA-FLUSH-006', 'VIA-FLUSH-007', 'VIA-DISC-004', 'VIA-CON-028'],
    make: withViaParts({ lifecycle: FlushForgotten }),
  },
  {
    name: 'via-receives-unflushed',
    words: 'Flushes only the send queue when a connection ends.',
    violates: ['VIA-FLUSH-001', 'VIA-FLUSH-005', 'VIA-FLUSH-006', 'VIA-DISC-004'],
    make: withViaParts({ lifecycle: ReceivesUnflushed }),
  },
  {
    name: 'via-sends-unflushed',
    words: 'Flushes only the receive queue when a connection ends.',
    violates: ['VIA-FLUSH-001', 'VIA-FLUSH-005'],
    make: withViaParts({ lifecycle: SendsUnflushed }),
  },
  {
    name: 'via-error-unflushed',
    words: 'Leaves descriptors outstanding in the error state until VipDisconnect.',
    violates: ['VIA-FLUSH-005'],
    make: withViaParts({ lifecycle: ErrorUnflushed }),
  },
  {
    name: 'via-idle-unflushed',
    words: 'Leaves the receives of an idle VI posted when it is disconnected.',
    violates: ['VIA-DISC-004', 'VIA-FLUSH-001'],
    make: withViaParts({ lifecycle: IdleUnflushed }),
  },
  {
    name: 'via-complete-flushed',
    words: 'Flushes descriptors, too, that had completed and were not taken yet.',
    violates: ['VIA-DISC-006', 'VIA-REL-017'],
    make: withViaParts({ queues: CompleteFlushed }),
  },
])

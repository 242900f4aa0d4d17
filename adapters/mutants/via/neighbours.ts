// Mutants of the VIA reference in which one thing suffers from another of its kind beside it.
import { answer, badParameter, noResource, success } from '../../../reference/via/answers.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import type { Channel } from '../../../reference/via/channel.ts'
import { CompletionCalls } from '../../../reference/via/completion-calls.ts'
import { Completions } from '../../../reference/via/completions.ts'
import { frameFlag } from '../../../reference/via/frame.ts'
import type { ViaHeader } from '../../../reference/via/frame.ts'
import { Handlers } from '../../../reference/via/handlers.ts'
import { MemoryCalls } from '../../../reference/via/memory-calls.ts'
import { NicCalls } from '../../../reference/via/nic-calls.ts'
import type { CompletionQueue, Region, Vi, WorkQueue } from '../../../reference/via/objects.ts'
import { Protection } from '../../../reference/via/protection.ts'
import { Receiver } from '../../../reference/via/receiver.ts'
import { deadline, Waits } from '../../../reference/via/waits.ts'
import type { OpenWait } from '../../../reference/via/waits.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { mutantsOf, withViaParts, type Mutant } from '../mutant.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>
type Source = WorkQueue | CompletionQueue

/** A VI has one place for a handler. */
class OneSlot extends CompletionCalls {
  override notify(call: Call<'VipSendNotify' | 'VipRecvNotify'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    const given = super.notify(call)
    if (vi && given === success) this.board.handlers.cancel(call.operation === 'VipSendNotify' ? vi.recv : vi.send)
    return given
  }
}

class CancelsAll extends Handlers {
  override cancel(source: Source): void {
    super.cancel(source)
    this.armed = []
  }
}

class ForgetsAll extends Completions {
  override forget(vi: Vi): void {
    super.forget(vi)
    for (const { cq } of [vi.send, vi.recv]) cq?.entries.splice(0)
  }
}

class SilencesAll extends NicCalls {
  override close(call: Call<'VipCloseNic'>): ViaAnswer {
    const given = super.close(call)
    if (given === success) for (const nic of this.board.names.all('nic')) nic.handler = null
    return given
  }
}

/** The registrations of the same memory as `region`, itself among them, the oldest first. */
function registrations(all: readonly Region[], { nic, address }: Region): Region[] {
  return all.filter((one) => one.nic === nic && one.address === address)
}

class DeregistersByAddress extends MemoryCalls {
  override deregister(call: Call<'VipDeregisterMem'>): ViaAnswer {
    const region = this.find(call)
    if (!region || this.board.written.addressOf(call.at) !== region.address) return badParameter
    const [oldest = region] = registrations(this.board.names.all('region'), region)
    oldest.alive = false
    this.board.protection.remove(oldest)
    return success
  }
}

function hasSomething(source: Source): boolean {
  return 'postings' in source ? source.postings[0]?.state === 'done' : source.entries.length > 0
}

/** Calls that wait are asleep in one list, of which the first is woken. */
class WakesOne extends Waits {
  private asleep: { readonly call: number; readonly end: number }[] = []

  override clear(): void {
    super.clear()
    this.asleep = []
  }

  override wait(call: number, source: Source, timeout: number): ViaAnswer | undefined {
    const given = super.wait(call, source, timeout)
    if (!given) this.asleep.push({ call, end: deadline(this.board.now, timeout) ?? Infinity })
    return given
  }

  protected override hears({ call, source }: OpenWait): boolean {
    this.asleep = this.asleep.filter(({ end }) => end > this.board.now)
    if (this.asleep[0]?.call !== call || !hasSomething(source)) return false
    this.asleep.shift()
    return true
  }
}

/** Wakes whoever waits at a queue: the first takes what is there, and for the others the time is over. */
class WakesAll extends Waits {
  private woken: number | undefined

  override review(source: Source): void {
    this.woken = 0
    super.review(source)
    this.woken = undefined
  }

  override take(source: Source): ViaAnswer {
    const taken = super.take(source)
    if (this.woken === undefined) return taken
    if (taken.vip?.code === 'VIP_NOT_DONE' && this.woken > 0) return answer('VIP_TIMEOUT')
    this.woken++
    return taken
  }
}

/** Has one place for each host where frames of a message are put together. */
class OneMessageOfHost extends Receiver {
  private readonly busy = new Map<number, Channel>()

  override clear(): void {
    super.clear()
    this.busy.clear()
  }

  override data(channel: Channel, header: ViaHeader): void {
    const { node, reliable } = channel
    const isFirst = (header.flags & frameFlag.first) !== 0
    if (reliable || (!isFirst && this.busy.get(node) === channel)) super.data(channel, header)
    else if (isFirst) {
      this.busy.set(node, channel)
      super.data(channel, header)
    } else this.board.ring.discard()
  }
}

class TagOfAnyVi extends Protection {
  protected override sameTag(region: Region, { nic }: Vi): boolean {
    return this.board.names.all('vi').some((one) => one.nic === nic && super.sameTag(region, one))
  }
}

class HoldsPosted extends MemoryCalls {
  override deregister(call: Call<'VipDeregisterMem'>): ViaAnswer {
    const region = this.find(call)
    const vis = this.board.names.all('vi').filter(({ attributes }) => attributes.ptag === region?.ptag)
    const posted = vis.flatMap(({ send, recv }) => [...send.postings, ...recv.postings])
    const isBusy = posted.some(({ state }) => state !== 'done')
    return region && isBusy ? noResource : super.deregister(call)
  }
}

class NullForAll extends NicCalls {
  override handleErrors(call: Call<'VipErrorCallback'>): ViaAnswer {
    const given = super.handleErrors(call)
    if (given === success && call.handler === null) for (const nic of this.board.names.all('nic')) nic.handler = null
    return given
  }
}

export const neighbourMutants: readonly Mutant[] = mutantsOf('via', [
  {
    name: 'via-notify-one-slot',
    words: 'Disarms the handlers of one work queue of a VI when one is armed for the other.',
    violates: ['VIA-NTFY-004'],
    make: withViaParts({ completionCalls: OneSlot }),
  },
  {
    name: 'via-notify-cancelled-with-others',
    words: 'Disarms all handlers when a VI or a completion queue is destroyed.',
    violates: ['VIA-NTFY-001', 'VIA-NTFY-004'],
    make: withViaParts({ handlers: CancelsAll }),
  },
  {
    name: 'via-destroy-empties-queue',
    words: 'Drops all entries of a completion queue when a VI that used it is destroyed.',
    violates: ['VIA-CQ-004', 'VIA-CQ-010'],
    make: withViaParts({ completions: ForgetsAll }),
  },
  {
    name: 'via-close-silences-others',
    words: 'Forgets the error handlers of all NIC handles when one of them is closed.',
    violates: ['VIA-NIC-005', 'VIA-ERR-001'],
    make: withViaParts({ nicCalls: SilencesAll }),
  },
  {
    name: 'via-deregisters-oldest',
    words: 'Deregisters of several registrations of the same memory the oldest, whichever handle is given.',
    violates: ['VIA-MEM-006', 'VIA-MEM-007', 'VIA-MEM-008'],
    make: withViaParts({ memoryCalls: DeregistersByAddress }),
  },
  {
    name: 'via-wait-wakes-oldest',
    words: 'Wakes of all calls that wait the one that waits longest, whatever has completed.',
    violates: ['VIA-WAIT-001', 'VIA-CQ-009'],
    make: withViaParts({ waits: WakesOne }),
  },
  {
    name: 'via-wait-wakes-all',
    words:
      'Ends all calls that wait at a queue when something completes there, those that get nothing as if their time were over.',
    violates: ['VIA-WAIT-002', 'VIA-CQ-008'],
    make: withViaParts({ waits: WakesAll }),
  },
  {
    name: 'via-messages-of-host-mixed',
    words: 'Puts the frames of unreliable messages together for one VI of a host at a time.',
    violates: ['VIA-REL-005', 'VIA-SEND-002'],
    make: withViaParts({ receiver: OneMessageOfHost }),
  },
  {
    name: 'via-tag-of-any-vi',
    words: 'Lets a VI use memory whose protection tag any VI of its NIC handle has.',
    violates: ['VIA-PTAG-005', 'VIA-RDMA-003', 'VIA-RDMA-010'],
    make: withViaParts({ protection: TagOfAnyVi }),
  },
  {
    name: 'via-deregister-in-use-refused',
    words: 'Refuses to deregister memory while VIs that may use it have descriptors outstanding.',
    violates: ['VIA-MEM-007', 'VIA-MEM-008'],
    make: withViaParts({ memoryCalls: HoldsPosted }),
  },
  {
    name: 'via-null-handler-for-all',
    words: 'Forgets the error handlers of all NIC handles when NULL is registered for one.',
    violates: ['VIA-ERR-001'],
    make: withViaParts({ nicCalls: NullForAll }),
  },
])

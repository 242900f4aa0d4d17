// Mutants of the VIA reference that are right with one thing, and wrong with another that comes beside or after it.
import type { Introduction } from '../../../reference/via/addresses.ts'
import { badParameter } from '../../../reference/via/answers.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import { Connector } from '../../../reference/via/connector.ts'
import type { OpenServer } from '../../../reference/via/connector.ts'
import type { CompletionQueue, ConnectionRequest, Nic, Vi, WorkQueue } from '../../../reference/via/objects.ts'
import { ViCalls } from '../../../reference/via/vi-calls.ts'
import { deadline, Waits } from '../../../reference/via/waits.ts'
import type { ViaHandle, ViaNetAddress } from '../../../spec/vocabulary/via-attributes.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { mutantsOf, withViaParts, type Mutant } from '../mutant.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

const nanosecondsOfMillisecond = 1_000_000

/** Finds a request by the host that asks: that which asks now, if the one of the handle has given up. */
class FindsByHost extends ViCalls {
  /** The handle of the request that is found for `handle`. */
  protected found(handle: ViaHandle): ViaHandle {
    const named = this.board.names.find('connection', handle)
    return (named?.gone && this.asking(named.node)?.name) || handle
  }

  private asking(node: number): ConnectionRequest | undefined {
    return this.board.names.all('connection').find((one) => one.node === node && !one.gone)
  }
}

class AcceptsWhoAsksNow extends FindsByHost {
  override accept(id: number, call: Call<'VipConnectAccept'>): ViaAnswer | undefined {
    return super.accept(id, { ...call, connection: this.found(call.connection) })
  }
}

class RejectsWhoAsksNow extends FindsByHost {
  override reject(call: Call<'VipConnectReject'>): ViaAnswer {
    return super.reject({ ...call, connection: this.found(call.connection) })
  }
}

class BadViUsesHandle extends ViCalls {
  override accept(id: number, call: Call<'VipConnectAccept'>): ViaAnswer | undefined {
    const connection = this.board.names.find('connection', call.connection)
    const given = super.accept(id, call)
    if (connection && given?.vip?.code === 'VIP_INVALID_PARAMETER') connection.alive = false
    return given
  }
}

/** Wants room for one octet more than the longest discriminator has. */
class WantsRoom extends ViCalls {
  protected isFull(address: ViaNetAddress | null): boolean {
    return address !== null && address.discriminator.length >= 2 * this.board.configuration.discriminator
  }
}

class ServersWantRoom extends WantsRoom {
  override wait(id: number, call: Call<'VipConnectWait'>): ViaAnswer | undefined {
    return this.isFull(call.local) ? badParameter : super.wait(id, call)
  }
}

class ClientsWantRoom extends WantsRoom {
  override request(id: number, call: Call<'VipConnectRequest'>): ViaAnswer | undefined {
    return this.isFull(call.local) ? badParameter : super.request(id, call)
  }
}

class PeersWantRoom extends WantsRoom {
  override peerRequest(call: Call<'VipConnectPeerRequest'>): ViaAnswer {
    return this.isFull(call.local) || this.isFull(call.remote) ? badParameter : super.peerRequest(call)
  }
}

/** Looks through its servers as if they stood in the order of their discriminators, and stops where that cannot be. */
class SortedServers extends Connector {
  private highest = ''

  protected override serverFor(introduction: Introduction): OpenServer | undefined {
    this.highest = ''
    return super.serverFor(introduction)
  }

  protected override matches(waiting: string, wanted: string): boolean {
    if (waiting < this.highest) return false
    this.highest = waiting
    return super.matches(waiting, wanted)
  }
}

/** Looks at its timers in the order in which they were started. */
class TimersInTurn extends Waits {
  private latest = 0

  override clear(): void {
    super.clear()
    this.latest = 0
  }

  override wait(call: number, source: WorkQueue | CompletionQueue, timeout: number): ViaAnswer | undefined {
    const { now } = this.board
    const end = timeout === 0 ? undefined : deadline(now, timeout)
    if (end === undefined) return super.wait(call, source, timeout)
    this.latest = Math.max(this.latest, end)
    return super.wait(call, source, Math.ceil((this.latest - now) / nanosecondsOfMillisecond))
  }
}

/** By NIC handle: the VI that was destroyed last, in whose place the next one is made. */
const places = new WeakMap<Nic, Vi>()

class InheritsQueues extends ViCalls {
  override destroy(call: Call<'VipDestroyVi'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    const given = super.destroy(call)
    if (vi?.alive === false) places.set(vi.nic, vi)
    return given
  }

  override create(call: Call<'VipCreateVi'>): ViaAnswer {
    const nic = this.board.names.find('nic', call.nic)
    const before = nic && places.get(nic)
    if (nic) places.delete(nic)
    const sendCq = call.sendCq ?? living(before?.send)
    return super.create({ ...call, sendCq, recvCq: call.recvCq ?? living(before?.recv) })
  }
}

/** The completion queue of a work queue, if it is still there. */
function living(queue: WorkQueue | undefined): ViaHandle {
  return queue?.cq?.alive ? queue.cq.name : null
}

export const secondOfTwoMutants: readonly Mutant[] = mutantsOf('via', [
  {
    name: 'via-accepts-who-asks-now',
    words: 'Accepts the request that its host makes now, if the one of the connection handle has given up.',
    violates: ['VIA-CON-001', 'VIA-CON-020'],
    make: withViaParts({ viCalls: AcceptsWhoAsksNow }),
  },
  {
    name: 'via-rejects-who-asks-now',
    words: 'Rejects the request that its host makes now, if the one of the connection handle has given up.',
    violates: ['VIA-CON-001', 'VIA-CON-021'],
    make: withViaParts({ viCalls: RejectsWhoAsksNow }),
  },
  {
    name: 'via-bad-vi-uses-handle',
    words: 'Uses the connection handle up when VipConnectAccept refuses because of a VI that is not valid.',
    violates: ['VIA-CON-019', 'VIA-CON-021'],
    make: withViaParts({ viCalls: BadViUsesHandle }),
  },
  {
    name: 'via-full-discriminator-not-served',
    words: 'Refuses to wait at an address whose discriminator is as long as it may be.',
    violates: ['VIA-CON-001', 'VIA-CON-005', 'VIA-CON-027'],
    make: withViaParts({ viCalls: ServersWantRoom }),
  },
  {
    name: 'via-full-discriminator-not-asked',
    words: 'Refuses a request from an address whose discriminator is as long as it may be.',
    violates: ['VIA-CON-001', 'VIA-CON-004', 'VIA-CON-027'],
    make: withViaParts({ viCalls: ClientsWantRoom }),
  },
  {
    name: 'via-peer-full-discriminator',
    words: 'Refuses a peer request with a discriminator that is as long as it may be.',
    violates: ['VIA-PEER-001', 'VIA-PEER-007', 'VIA-PEER-009'],
    make: withViaParts({ viCalls: PeersWantRoom }),
  },
  {
    name: 'via-servers-sorted',
    words: 'Finds no server behind one whose discriminator is higher, whichever came first.',
    violates: ['VIA-CON-001', 'VIA-CON-005', 'VIA-CON-006'],
    make: withViaParts({ connector: SortedServers }),
  },
  {
    name: 'via-wait-timers-in-turn',
    words: 'Ends a call that waits only when the times of all that began to wait before it are over.',
    violates: ['VIA-WAIT-002', 'VIA-CQ-008'],
    make: withViaParts({ waits: TimersInTurn }),
  },
  {
    name: 'via-inherits-queues',
    words: 'Gives a VI without completion queues those of the VI that was destroyed before it was made.',
    violates: ['VIA-CQ-017', 'VIA-VI-008'],
    make: withViaParts({ viCalls: InheritsQueues }),
  },
])

// Mutants of the VIA reference that find the wrong server, or answer requests and waits wrongly.
import type { Introduction } from '../../../reference/via/addresses.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import { Connector } from '../../../reference/via/connector.ts'
import type { Attempt, OpenServer } from '../../../reference/via/connector.ts'
import { reasons } from '../../../reference/via/frame.ts'
import type { ViaHeader } from '../../../reference/via/frame.ts'
import type { ConnectionRequest, Nic } from '../../../reference/via/objects.ts'
import { ViCalls } from '../../../reference/via/vi-calls.ts'
import { deadline } from '../../../reference/via/waits.ts'
import type { ViaNetAddress, ViaRemoteAttributes } from '../../../spec/vocabulary/via-attributes.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { viaInfinite } from '../../../spec/vocabulary/via-constants.ts'
import type { VipReturn } from '../../../spec/vocabulary/via-returns.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

/** Forgets to make the accepting VI connected. */
class AcceptedStaysPending extends Connector {
  protected override establish(attempt: Attempt, outputs: { remoteAttributes?: ViaRemoteAttributes } = {}): void {
    super.establish(attempt, outputs)
    if (attempt.accepting) attempt.channel.vi.state = 'connect-pending'
  }
}

class AcceptorsAddress extends Connector {
  override requested(node: number, header: ViaHeader, introduction: Introduction): void {
    super.requested(node, header, { ...introduction, own: introduction.wanted })
  }
}

class OwnAttributes extends Connector {
  override accepted(node: number, header: ViaHeader, introduction: Introduction): void {
    const vi = this.channel(header.to, node, header.from)?.vi
    const attributes = vi ? { ...vi.attributes, enableRdmaRead: false } : introduction.attributes
    super.accepted(node, header, { ...introduction, attributes })
  }
}

class RightsUntold extends Connector {
  override requested(node: number, header: ViaHeader, introduction: Introduction): void {
    const attributes = { ...introduction.attributes, enableRdmaWrite: false }
    super.requested(node, header, { ...introduction, attributes })
  }

  override accepted(node: number, header: ViaHeader, introduction: Introduction): void {
    const attributes = { ...introduction.attributes, enableRdmaWrite: false }
    super.accepted(node, header, { ...introduction, attributes })
  }
}

class LocalAddressToo extends Connector {
  protected override serverFor(introduction: Introduction): OpenServer | undefined {
    return super.serverFor({ ...introduction, wanted: introduction.own }) ?? super.serverFor(introduction)
  }
}

class Prefixes extends Connector {
  protected override matches(waiting: string, wanted: string): boolean {
    return wanted.startsWith(waiting)
  }
}

/** Compares as many octets as the shorter of both has. */
class ShorterLength extends Connector {
  protected override matches(waiting: string, wanted: string): boolean {
    return wanted.startsWith(waiting) || waiting.startsWith(wanted)
  }
}

class FirstOctets extends Connector {
  protected override matches(waiting: string, wanted: string): boolean {
    return waiting.length === wanted.length && waiting.slice(0, 8) === wanted.slice(0, 8)
  }
}

class NoMatchRejects extends Connector {
  override refuse(node: number, channel: number, _reason: number): void {
    super.refuse(node, channel, reasons.rejected)
  }
}

class NoMatchSilent extends Connector {
  override refuse(node: number, channel: number, reason: number): void {
    if (reason !== reasons.noMatch) super.refuse(node, channel, reason)
  }
}

/** Tries until the period is over before it says that there is no match. */
class NoMatchLate extends Connector {
  override refused(node: number, header: ViaHeader): void {
    if (header.reason !== reasons.noMatch) super.refused(node, header)
  }

  protected override fail(attempt: Attempt, code: VipReturn): void {
    super.fail(attempt, !attempt.accepting && code === 'VIP_TIMEOUT' ? 'VIP_NO_MATCH' : code)
  }
}

class RejectSilent extends Connector {
  override reject(connection: ConnectionRequest): void {
    connection.alive = false
  }
}

class RejectNoMatch extends Connector {
  override refuse(node: number, channel: number, _reason: number): void {
    super.refuse(node, channel, reasons.noMatch)
  }
}

class RequestForEver extends ViCalls {
  override request(id: number, call: Call<'VipConnectRequest'>): ViaAnswer | undefined {
    return super.request(id, { ...call, timeout: call.timeout === 0 ? 0 : viaInfinite })
  }
}

class RequestHurries extends ViCalls {
  override request(id: number, call: Call<'VipConnectRequest'>): ViaAnswer | undefined {
    return super.request(id, { ...call, timeout: Math.ceil(call.timeout / 2) })
  }
}

class RequestOfZero extends ViCalls {
  override request(id: number, call: Call<'VipConnectRequest'>): ViaAnswer | undefined {
    return super.request(id, { ...call, timeout: call.timeout || 1000 })
  }
}

class WaitForEver extends ViCalls {
  override wait(id: number, call: Call<'VipConnectWait'>): ViaAnswer | undefined {
    return super.wait(id, { ...call, timeout: call.timeout === 0 ? 0 : viaInfinite })
  }
}

class WaitHurries extends ViCalls {
  override wait(id: number, call: Call<'VipConnectWait'>): ViaAnswer | undefined {
    return super.wait(id, { ...call, timeout: Math.ceil(call.timeout / 2) })
  }
}

class WaitOfZero extends ViCalls {
  override wait(id: number, call: Call<'VipConnectWait'>): ViaAnswer | undefined {
    return super.wait(id, { ...call, timeout: call.timeout || viaInfinite })
  }
}

class LongCut extends ViCalls {
  override wait(id: number, call: Call<'VipConnectWait'>): ViaAnswer | undefined {
    return super.wait(id, { ...call, local: this.cut(call.local) })
  }

  override request(id: number, call: Call<'VipConnectRequest'>): ViaAnswer | undefined {
    return super.request(id, { ...call, local: this.cut(call.local), remote: this.cut(call.remote) })
  }

  private cut(address: ViaNetAddress | null): ViaNetAddress | null {
    const most = 2 * this.board.configuration.discriminator
    return address && { ...address, discriminator: address.discriminator.slice(0, most) }
  }
}

class NullIsOwn extends ViCalls {
  override request(id: number, call: Call<'VipConnectRequest'>): ViaAnswer | undefined {
    const own = { host: this.board.setting.node, discriminator: '00' }
    return super.request(id, { ...call, local: call.local ?? own })
  }
}

/** Takes a request that comes again for another one. */
class RepeatIsAnother extends Connector {
  protected override remember(key: string, what: ConnectionRequest | number): void {
    if (typeof what === 'number') super.remember(key, what)
  }
}

/** Looks for servers of one NIC handle only. */
class FirstHandleServes extends Connector {
  protected override serverFor(introduction: Introduction): OpenServer | undefined {
    const found = super.serverFor(introduction)
    return found?.nic === this.board.names.all('nic')[0] ? found : undefined
  }
}

/** A wait of a server that is over, or will be. */
interface PastWait {
  readonly call: number
  readonly server: { readonly as: string; readonly nic: Nic; readonly discriminator: string }
  readonly end: number
}

/** Hands a request to a wait that is over, and so to nobody. */
class WaitStaysListening extends Connector {
  private past: PastWait[] = []

  override clear(): void {
    super.clear()
    this.past = []
  }

  override wait(call: number, server: PastWait['server'], timeout: number): ViaAnswer | undefined {
    const end = deadline(this.board.now, timeout)
    if (end !== undefined) this.past.push({ call, server, end })
    return super.wait(call, server, timeout)
  }

  protected override serverFor(introduction: Introduction): OpenServer | undefined {
    const { now, alarms } = this.board
    const isFor = ({ server, end }: PastWait) => end <= now && this.matches(server.discriminator, introduction.wanted)
    const over = this.past.find(isFor)
    const found = over ? undefined : super.serverFor(introduction)
    this.past = this.past.filter((one) => one !== over && one.call !== found?.call)
    return over ? { ...over.server, call: over.call, alarm: alarms.make(() => undefined) } : found
  }
}

export const connectingMutants = mutantsOf('via', [
  {
    name: 'via-accepted-stays-pending',
    words: 'Answers a VipConnectAccept well, and leaves its VI in state connect pending.',
    violates: ['VIA-CON-001', 'VIA-VI-012'],
    make: withViaParts({ connector: AcceptedStaysPending }),
  },
  {
    name: 'via-wait-tells-own-address',
    words: 'Hands out the address that was waited at as that of the client.',
    violates: ['VIA-CON-002'],
    make: withViaParts({ connector: AcceptorsAddress }),
  },
  {
    name: 'via-client-told-own-attributes',
    words: "Hands out the client's own attributes as those of the server.",
    violates: ['VIA-CON-003'],
    make: withViaParts({ connector: OwnAttributes }),
  },
  {
    name: 'via-rights-untold',
    words: 'Tells neither end of a connection what RDMA the other permits.',
    violates: ['VIA-CON-002', 'VIA-CON-003'],
    make: withViaParts({ connector: RightsUntold }),
  },
  {
    name: 'via-local-address-matched',
    words: 'Looks for a server at the local address of a request first.',
    violates: ['VIA-CON-004'],
    make: withViaParts({ connector: LocalAddressToo }),
  },
  {
    name: 'via-discriminator-prefix',
    words: 'Finds a server whose discriminator is the beginning of the one that is asked for.',
    violates: ['VIA-CON-005', 'VIA-CON-006'],
    make: withViaParts({ connector: Prefixes }),
  },
  {
    name: 'via-discriminator-shorter-length',
    words: 'Compares as many octets of two discriminators as the shorter has.',
    violates: ['VIA-CON-005', 'VIA-CON-006'],
    make: withViaParts({ connector: ShorterLength }),
  },
  {
    name: 'via-discriminator-cut',
    words: 'Compares only the first four octets of discriminators.',
    violates: ['VIA-CON-005'],
    make: withViaParts({ connector: FirstOctets }),
  },
  {
    name: 'via-no-match-rejects',
    words: 'Rejects a request that nobody waits for.',
    violates: ['VIA-CON-006'],
    make: withViaParts({ connector: NoMatchRejects }),
  },
  {
    name: 'via-no-match-silent',
    words: 'Does not answer a request that nobody waits for.',
    violates: ['VIA-CON-006', 'VIA-CON-007'],
    make: withViaParts({ connector: NoMatchSilent }),
  },
  {
    name: 'via-no-match-late',
    words: 'Says that a request found no match when the period of the request is over.',
    violates: ['VIA-CON-007', 'VIA-CON-009', 'VIA-CON-010'],
    make: withViaParts({ connector: NoMatchLate }),
  },
  {
    name: 'via-reject-silent',
    words: 'Does not tell the client of a VipConnectReject.',
    violates: ['VIA-CON-008'],
    make: withViaParts({ connector: RejectSilent }),
  },
  {
    name: 'via-reject-as-no-match',
    words: 'Answers a rejected request with VIP_NO_MATCH.',
    violates: ['VIA-CON-008'],
    make: withViaParts({ connector: RejectNoMatch }),
  },
  {
    name: 'via-request-for-ever',
    words: 'Lets a request wait for its answer without an end.',
    violates: ['VIA-CON-009', 'VIA-CON-010'],
    make: withViaParts({ viCalls: RequestForEver }),
  },
  {
    name: 'via-request-hurries',
    words: 'Ends a request when half of its period is over.',
    violates: ['VIA-CON-009', 'VIA-CON-010'],
    make: withViaParts({ viCalls: RequestHurries }),
  },
  {
    name: 'via-request-of-zero',
    words: 'Takes a timeout of zero of a request for that of its own.',
    violates: ['VIA-CON-011'],
    make: withViaParts({ viCalls: RequestOfZero }),
  },
  {
    name: 'via-connect-wait-for-ever',
    words: 'Lets a server wait for a request without an end.',
    violates: ['VIA-CON-012'],
    make: withViaParts({ viCalls: WaitForEver }),
  },
  {
    name: 'via-connect-wait-hurries',
    words: 'Ends the wait of a server when half of its period is over.',
    violates: ['VIA-CON-012'],
    make: withViaParts({ viCalls: WaitHurries }),
  },
  {
    name: 'via-connect-wait-of-zero',
    words: 'Lets a server with a timeout of zero wait without an end.',
    violates: ['VIA-CON-013'],
    make: withViaParts({ viCalls: WaitOfZero }),
  },
  {
    name: 'via-connect-wait-listens-on',
    words: "Hands the next request to a server's wait that is over, which is told nothing of it.",
    violates: ['VIA-CON-006', 'VIA-CON-012'],
    make: withViaParts({ connector: WaitStaysListening }),
  },
  {
    name: 'via-long-discriminator-cut',
    words: 'Cuts a discriminator that is too long instead of refusing it.',
    violates: ['VIA-CON-027'],
    make: withViaParts({ viCalls: LongCut }),
  },
  {
    name: 'via-null-address-accepted',
    words: 'Takes a NULL local address of a request for some address of the host.',
    violates: ['VIA-CON-027'],
    make: withViaParts({ viCalls: NullIsOwn }),
  },
  {
    name: 'via-repeated-request-served',
    words: 'Hands a request that comes again to the next server that waits.',
    violates: ['VIA-CON-029'],
    make: withViaParts({ connector: RepeatIsAnother }),
  },
  {
    name: 'via-first-handle-serves',
    words: 'Finds only servers that wait through the first of several NIC handles.',
    violates: ['VIA-CON-001'],
    make: withViaParts({ connector: FirstHandleServes }),
  },
])

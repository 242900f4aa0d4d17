// The oracle for VIA: an abstract machine that is fed what hosts ask and are told, and says of each whether it is allowed.
import type { Call, Return } from '../vocabulary/calls.ts'
import type { Duration, Instant, NodeIndex } from '../vocabulary/units.ts'
import type { ViaEvent } from '../vocabulary/via.ts'
import { viaTimeoutDuration, type ViplCall, type ViplOperation } from '../vocabulary/via-calls.ts'
import { isVipl } from '../vocabulary/via-returns.ts'
import type { Affirmed } from './affirmed.ts'
import { forbidden, type Judged } from './forbidden.ts'
import { judgeAnswer } from './via/answering.ts'
import { ask, isBlocking, type Asked } from './via/asking.ts'
import { writeDescriptor } from './via/descriptor.ts'
import { judgeError } from './via/errors.ts'
import type { Host } from './via/host.ts'
import type { OpenMemoryCall } from './memory-calls.ts'
import { askMemory, judgeMemory } from './via/memory-calls.ts'
import { judgeNotified } from './via/notifications.ts'
import { judgeRead } from './via/reads.ts'
import { passPairs } from './via/pairs.ts'
import { judgeRest, passTime, type Weather } from './via/rest.ts'
import { requirementsOfSuccess } from './via/ruling.ts'
import { judgeOpen } from './via/open-calls.ts'
import { World, type ViaModelSetting } from './via/world.ts'

export type { Judged } from './forbidden.ts'
export type { ViaModelSetting } from './via/world.ts'

/** A call that has not been answered. */
export interface Open {
  readonly node: NodeIndex
  readonly since: Instant
  /** When its waiting ends; undefined: it does not wait. */
  readonly until: Instant | undefined
  /** Other calls of the host that do not wait went on meanwhile, so that which came first is open. */
  isContested: boolean
  readonly what: What
}

type What =
  | { readonly kind: 'vipl'; readonly operation: ViplOperation; readonly asked: Asked }
  | { readonly kind: 'memory'; readonly memory: OpenMemoryCall }
  | { readonly kind: 'read'; readonly descriptor: string }
  | { readonly kind: 'written' }

/**
 * The hosts of one world, seen from their programs. Observations are fed in the order in which they were recorded; a call
 * must come before all that follows from it. Where the specification leaves a choice, every choice is allowed, and later
 * observations are held against the one that was made. After a forbidden observation only `reset` makes sense.
 *
 * It knows nothing of frames: frames that somebody forged may do what it forbids. RDMA of which nobody knows to where is not
 * followed, nor peers that could have been paired with several; what they touch is not judged any more.
 */
export class ViaModel {
  private readonly world: World
  private readonly open = new Map<number, Open>()

  constructor(setting: ViaModelSetting) {
    this.world = new World(setting)
  }

  /** What it has found right where nothing else would have been. */
  get affirmed(): Affirmed {
    return this.world.affirmed
  }

  /** A fresh world with the same setting. */
  reset(): void {
    this.world.reset()
    this.open.clear()
  }

  /** The program of `node` makes a call. Throws a RangeError if it is none of VIA, or its id is in use. */
  called(node: NodeIndex, { id, body }: Call): void {
    if (this.open.has(id)) throw new RangeError(`two calls with id ${id}`)
    const host = this.world.host(node)
    const { now: since } = this.world
    const what = this.opened(host, body)
    const waits = what.kind === 'vipl' && isBlocking(what.operation)
    const until = waits ? since + timeOf(body) : undefined
    const isQuick = what.kind === 'vipl' && !waits
    const isContested = isQuick && host.quick++ > 0
    if (isContested) this.contest(node)
    this.open.set(id, { node, since, until, isContested, what })
  }

  /** A call of `node` answers. */
  returned(node: NodeIndex, answer: Return): Judged {
    const host = this.world.host(node)
    const open = this.open.get(answer.id)
    if (open?.node !== node) return forbidden([], `${host.name} answered call ${answer.id}, which is not open`)
    this.open.delete(answer.id)
    const { what, since, isContested } = open
    switch (what.kind) {
      case 'memory':
        return judgeMemory(this.world, host, what.memory, answer)
      case 'read':
        return host.isLoose ? undefined : judgeRead(this.world, host, what.descriptor, answer.control)
      case 'written':
        return undefined
      case 'vipl': {
        const { operation, asked } = what
        if (!isBlocking(operation)) host.quick--
        // What ended a wait may come before or after what calls do that are open still, and these may have ended it.
        else if (host.quick > 0) this.contest(node, takesWhatIsComplete(operation) ? 'VipDisconnect' : undefined)
        const isMet = isContested || (isBlocking(operation) && host.quick > 0)
        const answered = { operation, asked, since, isContested: isMet }
        if (answer.vip) return judgeAnswer(this.world, host, answered, answer.vip)
        return this.unanswered(host, operation, { asked, answer })
      }
    }
  }

  /** The adapter of `node` tells that a handler ran. */
  told(node: NodeIndex, event: ViaEvent): Judged {
    const host = this.world.host(node)
    if (host.isLoose) return undefined
    return event.event === 'via.error' ? judgeError(this.world, host, event) : judgeNotified(this.world, host, event)
  }

  /** Something happens to a frame: from now on frames may be lost, damaged, repeated, delayed or overtaken. */
  disturbed(): void {
    this.world.disturb()
  }

  /** Virtual time goes on, which it does only when nothing more can happen at an instant: calls that do not wait are answered. */
  elapsed(by: Duration): Judged {
    const { world } = this
    passTime(world)
    world.now += by
    passPairs(world)
    for (const open of this.open.values()) {
      const judged = this.judgeLate(open)
      if (judged) return judged
    }
    return undefined
  }

  /** Nothing more will happen until somebody calls: all has completed, been told and been answered that must. */
  rested(weather: Weather = 'calm'): Judged {
    if (weather === 'foul') this.disturbed()
    return this.elapsed(0) ?? judgeRest(this.world) ?? this.judgeWaits(true)
  }

  /** As `rested`, but that calls which wait for a time may be open still. */
  paused(weather: Weather = 'calm'): Judged {
    if (weather === 'foul') this.disturbed()
    return this.elapsed(0) ?? judgeRest(this.world) ?? this.judgeWaits(false)
  }

  private judgeWaits(isRest: boolean): Judged {
    for (const { node, what, until } of this.open.values()) {
      if (what.kind !== 'vipl') continue
      const late = judgeOpen(this.world, this.world.host(node), what, { until: isRest ? until : undefined, isRest })
      if (late) return late
    }
    return undefined
  }

  private judgeLate({ node, what, until }: Open): Judged {
    const { world } = this
    const host = world.host(node)
    if (host.isLoose || what.kind === 'written') return undefined
    if (what.kind !== 'vipl' || !isBlocking(what.operation)) {
      const operation = what.kind === 'vipl' ? what.operation : what.kind
      const requirements = what.kind === 'vipl' ? requirementsOfHaste(what.operation) : []
      return forbidden(requirements, `${host.name}'s ${operation} does not return at once`)
    }
    const isLate = until !== undefined && world.now > until + lateness
    return judgeOpen(world, host, what, { until: isLate ? until : undefined, isRest: false })
  }

  /** Other calls of the host have not been answered: they meet this one, which changes nothing for those that are spared. */
  private contest(node: NodeIndex, spared?: ViplOperation): void {
    for (const open of this.open.values()) {
      const { what } = open
      if (open.node !== node || what.kind !== 'vipl' || isBlocking(what.operation)) continue
      if (what.operation !== spared) open.isContested = true
    }
  }

  /** The adapter could not make the call: the harness' mistake, or the implementation has none such. */
  private unanswered(
    host: Host,
    operation: ViplOperation,
    { asked, answer }: { asked: Asked; answer: Return },
  ): Judged {
    const requirements = requirementsOfSuccess[operation]
    judgeAnswer(this.world, host, { operation, asked, since: 0, isContested: true }, { code: 'VIP_INVALID_PARAMETER' })
    if (answer.status !== 'unsupported' || !requirements) return undefined
    return forbidden(requirements, `${host.name} has no ${operation}`)
  }

  private opened(host: Host, body: Call['body']): What {
    const { world } = this
    switch (body.operation) {
      case 'memory.allocate':
      case 'memory.write':
      case 'memory.digest':
      case 'memory.read':
      case 'memory.guards':
      case 'memory.free':
        return { kind: 'memory', memory: askMemory(world, host, body) }
      case 'descriptor.write':
        writeDescriptor(host, body)
        world.changes++
        return { kind: 'written' }
      case 'descriptor.read':
        return { kind: 'read', descriptor: body.descriptor }
      default:
        if (!isViplCall(body)) throw new RangeError(`${body.operation} is no call of VIA`)
        return { kind: 'vipl', operation: body.operation, asked: ask(world, host, body) }
    }
  }
}

/** Who takes something off a queue leaves what a disconnect must make of the rest (FLUSH-001). */
function takesWhatIsComplete(operation: ViplOperation): boolean {
  return operation === 'VipSendWait' || operation === 'VipRecvWait' || operation === 'VipCQWait'
}

/** How much longer than its time a wait may take. */
const lateness: Duration = 1_000_000_000

function isViplCall(body: Call['body']): body is ViplCall {
  return isVipl(body.operation)
}

/** How long a call waits at most. */
function timeOf(body: Call['body']): Duration {
  return 'timeout' in body ? viaTimeoutDuration(body.timeout) : Infinity
}

/** By which requirement a call answers at once. */
function requirementsOfHaste(operation: ViplOperation): readonly string[] {
  if (operation === 'VipRecvDone') return ['VIA-DONE-006', 'VIA-DONE-004']
  if (operation === 'VipCQDone') return ['VIA-CQ-007']
  return requirementsOfSuccess[operation] ?? []
}

// The oracle for EMP: an abstract machine that is fed what hosts ask and are told, and says of each whether it is allowed.
import type { Call, Return } from '../vocabulary/calls.ts'
import type { EmpEvent } from '../vocabulary/emp.ts'
import type { NodeIndex } from '../vocabulary/units.ts'
import { cancel, judgeCancel, type OpenCancel } from './emp/cancels.ts'
import { judgeCompletion } from './emp/completions.ts'
import { judgeDescriptor } from './emp/descriptors.ts'
import { askMemory, judgeMemory } from './emp/memory-calls.ts'
import { judgePosted, post, type OpenPosting } from './emp/postings.ts'
import { judgeProbe, probe, type OpenProbe } from './emp/probes.ts'
import { ask, isWait, judgeQuestion, mustHaveEnded, requirementOf, type OpenQuestion } from './emp/questions.ts'
import type { Host, Request } from './emp/request.ts'
import { judgeRest, type Weather } from './emp/rest.ts'
import { World, type EmpModelSetting } from './emp/world.ts'
import type { Affirmed } from './affirmed.ts'
import { forbidden, type Judged } from './forbidden.ts'
import type { OpenMemoryCall } from './memory-calls.ts'

export type { EmpModelSetting } from './emp/world.ts'
export type { Judged } from './forbidden.ts'

/** A call that has not been answered. */
type Open = { readonly node: NodeIndex; readonly operation: string } & (
  | { readonly kind: 'memory'; readonly memory: OpenMemoryCall }
  | { readonly kind: 'posting'; readonly posting: OpenPosting }
  | { readonly kind: 'question'; readonly question: OpenQuestion }
  | { readonly kind: 'configure'; readonly collection: number }
  | { readonly kind: 'descriptor'; readonly request: Request | undefined }
  | { readonly kind: 'cancel'; readonly cancel: OpenCancel }
  | { readonly kind: 'probe'; readonly probe: OpenProbe }
  /** What the answer says is about frames. */
  | { readonly kind: 'counters' }
)

/** By which requirement a call of each kind answers at once. */
const requirementsOfHaste: Readonly<Record<Open['kind'], readonly string[]>> = {
  posting: ['EMP-HOST-001'],
  question: ['EMP-HOST-002'],
  cancel: ['EMP-MATCH-016'],
  probe: ['EMP-MATCH-017'],
  memory: [],
  configure: [],
  descriptor: [],
  counters: [],
}

/**
 * The hosts of one world, seen from their programs. Observations are fed in the order in which they were recorded; a call
 * must come before all that follows from it. Where the specification leaves a choice, every choice is allowed, and later
 * observations are held against the one that was made. After a forbidden observation only `reset` makes sense.
 *
 * It knows nothing of frames, and of time only what it is told. So it does not say when a request must be done, but at rest;
 * and frames that somebody forged may do what it forbids.
 */
export class EmpModel {
  private readonly world: World
  private readonly open = new Map<number, Open>()

  constructor(setting: EmpModelSetting) {
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

  /** The program of `node` makes a call. Throws a RangeError if it is none of EMP, or its id is in use. */
  called(node: NodeIndex, { id, body }: Call): void {
    if (this.open.has(id)) throw new RangeError(`two calls with id ${id}`)
    this.open.set(id, this.opened(node, body))
  }

  /** A call of `node` answers. */
  returned(node: NodeIndex, answer: Return): Judged {
    const host = this.world.host(node)
    const open = this.open.get(answer.id)
    if (open?.node !== node) return forbidden([], `${host.name} answered call ${answer.id}, which is not open`)
    this.open.delete(answer.id)
    switch (open.kind) {
      case 'memory':
        return judgeMemory(this.world, host, open.memory, answer)
      case 'posting':
        return judgePosted(this.world, open.posting, answer)
      case 'question':
        return judgeQuestion(this.world, open.question, answer)
      case 'configure':
        return this.configured(host, open.collection, answer)
      case 'descriptor':
        return judgeDescriptor(open.request, answer)
      case 'cancel':
        return judgeCancel(this.world, host, open.cancel, answer)
      case 'probe':
        return judgeProbe(this.world, host, open.probe, answer)
      case 'counters':
        return undefined
    }
  }

  /** The adapter of `node` tells of a completion: once for each request (E43). */
  told(node: NodeIndex, event: EmpEvent): Judged {
    const host = this.world.host(node)
    const request = host.requests.get(event.request)
    const wrong = (requirements: readonly string[], right: string): Judged =>
      forbidden(requirements, `${host.name} was told that ${event.request} is done; ${right}`)
    if (!request) return wrong(['EMP-HOST-002'], 'there is no such request')
    if (request.told && request.completion?.outcome !== event.outcome && request.cancelAsked)
      return judgeCompletion(this.world, request, event, 'event')
    if (request.told) return wrong(['EMP-DESC-010'], 'it had been told before')
    request.told = true
    return judgeCompletion(this.world, request, event, 'event')
  }

  /**
   * Virtual time goes on, which it does only when nothing more can happen at an instant: all but waits are answered (E51),
   * and postings that wait for addresses (R28).
   */
  elapsed(): Judged {
    return this.unanswered((open) => open.kind === 'posting' && this.world.host(open.node).translates)
  }

  /** A call that should have been answered, other than waits, and those that may be open. */
  private unanswered(mayBeOpen: (open: Open) => boolean): Judged {
    for (const open of this.open.values()) {
      if ((open.kind === 'question' && isWait(open.question)) || mayBeOpen(open)) continue
      const host = this.world.host(open.node)
      const own = open.kind === 'question' ? [requirementOf[open.question.source]] : requirementsOfHaste[open.kind]
      // Nor does it wait for addresses of something else.
      const translating = host.translates && host.openPostings > 0 ? ['EMP-MEM-006'] : []
      return forbidden([...own, ...translating], `${host.name}'s ${open.operation} does not return at once`)
    }
    return undefined
  }

  /** Nothing more will happen until somebody calls: what must become done has, and no such wait is open. */
  rested(weather: Weather = 'calm'): Judged {
    const judged = this.unanswered(() => false) ?? judgeRest(this.world, weather)
    if (judged) return judged
    for (const open of this.open.values()) {
      if (open.kind !== 'question') continue
      const { source, names } = open.question
      if (!mustHaveEnded(open.question)) continue
      const enough = source === 'waitany' ? 'one' : 'all'
      const words = `${this.world.host(open.node).name}'s ${source} of ${names.join(', ')} does not return, though ${enough} must be done`
      return forbidden([requirementOf[source], 'EMP-REL-001'], words)
    }
    return undefined
  }

  private opened(node: NodeIndex, body: Call['body']): Open {
    const host = this.world.host(node)
    const { operation } = body
    switch (body.operation) {
      case 'memory.allocate':
      case 'memory.write':
      case 'memory.digest':
      case 'memory.read':
      case 'memory.guards':
      case 'memory.free':
        return { node, operation, kind: 'memory', memory: askMemory(this.world, host, body) }
      case 'emp.isend':
      case 'emp.irecv':
        return { node, operation, kind: 'posting', posting: post(this.world, host, body) }
      case 'emp.test':
      case 'emp.testall':
      case 'emp.wait':
      case 'emp.waitall':
      case 'emp.waitany':
        return { node, operation, kind: 'question', question: ask(this.world, host, body) }
      case 'emp.configure':
        return { node, operation, kind: 'configure', collection: body.collection }
      case 'emp.cancel':
        return { node, operation, kind: 'cancel', cancel: cancel(host, body.request) }
      case 'emp.probe':
        return { node, operation, kind: 'probe', probe: probe(this.world, host, body) }
      case 'emp.counters':
        return { node, operation, kind: 'counters' }
      case 'emp.descriptor':
        return { node, operation, kind: 'descriptor', request: host.requests.get(body.request) }
      default:
        throw new RangeError(`${operation} is no call of EMP`)
    }
  }

  /** A new collection size takes effect between messages; under one that is in flight nothing is promised of it (R21). */
  private configured(host: Host, collection: number, { status }: Return): Judged {
    if (status === 'ok') {
      host.collection = collection
      this.world.matching.resize(host)
      return undefined
    }
    if (status === 'unsupported' || status === 'invalid') return undefined
    return forbidden(['EMP-REL-023'], `${host.name}'s emp.configure answered ${status}`)
  }
}

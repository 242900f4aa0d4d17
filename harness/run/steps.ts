// Plays a permutation's steps as a script of the world: buffers, calls, waiting, races, and the closing questions.
import type { Return } from '../../spec/vocabulary/calls.ts'
import type { Duration, Instant, NodeIndex } from '../../spec/vocabulary/units.ts'
import type { ClosingQuestion } from '../judge/questions/closing-question.ts'
import type { SightingWatch } from '../judge/sightings/sighting-watch.ts'
import type { CallStep, CraftStep, Permutation } from '../plan/permutation.ts'
import type { SourcePosition } from '../plan/position.ts'
import type { Sighting } from '../plan/expectation.ts'
import { isGood, takenForGranted } from '../plan/granted.ts'
import { numberCalls, type CallNumbers } from '../plan/numbering.ts'
import { Interview } from './interview.ts'
import { Regions } from './regions.ts'
import type { Schedule } from './schedule.ts'
import type { Offer, Script } from './script.ts'
import { openWithin, waitWords } from './waiting.ts'
import type { World } from './world.ts'

/** How long a call that a step awaits may stay open in virtual time. */
export const callWithinMax: Duration = 10_000_000_000

/** What the steps need from other rooms, handed in. */
export interface StepTools {
  /** Whether calls of this operation return at once as a rule, as far as is known. */
  returnsAtOnce(operation: string): boolean
  /** The octets of a crafted frame. */
  build(step: CraftStep): Uint8Array
  watch(sighting: Sighting): SightingWatch
  readonly closingQuestions: readonly ClosingQuestion[]
  /** Chooses from the first race on; from the first step on if there is none. */
  readonly schedule: Schedule | undefined
  /** How long a call that a step awaits may stay open, beside the time that it is told to wait itself. */
  readonly callWithin: Duration
  /** By a real clock: draws how much later than a race each of so many calls begins. */
  readonly spread?: ((calls: number) => readonly Duration[]) | undefined
}

/** Why the steps stopped before their end. */
export interface StepsStopped {
  readonly words: string
  readonly position: SourcePosition
}

/** A call without which a case makes no sense. */
type Needed = Pick<CallStep, 'node' | 'body' | 'position'>

const nothing: readonly Offer[] = []

/** The number of the step that the closing questions count as, in the trace. */
const closingStep = 65_535

export class Steps implements Script {
  /** Set when a step waited in vain. */
  timeout: StepsStopped | undefined
  /** Set when a call was refused that the case takes for granted. */
  unmet: StepsStopped | undefined
  finished = false
  limit: Instant = Infinity
  delays: readonly Duration[] | undefined

  private readonly permutation: Permutation
  private readonly tools: StepTools
  private readonly numbers: CallNumbers
  private readonly granted: ReadonlyMap<number, CallStep>
  /** The step from which on whatever could go next is the schedule's choice. */
  private readonly choosesFrom: number
  private place = -1
  private offered: Offer[] = []
  private readonly open = new Set<number>()
  private readonly awaited = new Set<number>()
  private readonly regions = new Regions()
  private readonly interview: Interview
  private watching: SightingWatch | undefined

  constructor(permutation: Permutation, tools: StepTools) {
    this.permutation = permutation
    this.tools = tools
    this.numbers = numberCalls(permutation)
    this.interview = new Interview(tools.closingQuestions, this.numbers)
    this.granted = takenForGranted(permutation)
    const race = permutation.steps.findIndex(({ kind }) => kind === 'race')
    this.choosesFrom = Math.max(0, race)
    this.offered = permutation.memory.map(({ node, allocate }, id) => ({
      node,
      call: { id, thread: 0, body: allocate },
    }))
  }

  offers(world: World): readonly Offer[] {
    if (this.offered.length > 0) return this.offered
    if (this.finished || this.awaited.size > 0) return this.late(world)
    while (!this.isWaiting && this.stepIsOver(world)) this.enter(this.place + 1, world)
    return this.offered.length > 0 || this.finished ? this.offered : this.late(world)
  }

  issued(offer: Offer): void {
    this.offered = this.offered.filter((other) => other !== offer)
    this.open.add(offer.call.id)
    this.regions.issued(offer.node, offer.call)
    this.interview.issued(offer)
  }

  returned(node: NodeIndex, answer: Return): void {
    this.open.delete(answer.id)
    this.awaited.delete(answer.id)
    this.regions.returned(answer)
    this.interview.returned(node, answer)
    const granted = this.granted.get(answer.id)
    if (granted && !isGood(granted.body, answer)) this.refuse(granted, answer)
    const buffer = this.permutation.memory[answer.id]
    if (buffer && answer.status !== 'ok') {
      const { position } = this.permutation
      this.refuse({ node: buffer.node, body: buffer.allocate, position }, answer)
    }
  }

  /** What else is offered now, and the calls of the steps after this one or the closing questions, up to one that may wait. */
  *upcoming(issued: Offer): Iterable<Offer> {
    yield* this.offered
    const now = [issued, ...this.offered]
    if (this.finished || now.some(({ call }) => !this.tools.returnsAtOnce(call.body.operation))) return
    if ([...this.awaited].some((id) => now.every(({ call }) => call.id !== id))) return
    if (this.place >= this.permutation.steps.length) yield* this.interview.ahead()
    else yield* this.stepsAhead()
  }

  private *stepsAhead(): Iterable<Offer> {
    for (let place = this.place + 1; place < this.permutation.steps.length; place++) {
      const step = this.permutation.steps[place]
      const offer = step?.kind === 'call' ? this.offerOf(step) : undefined
      if (step?.kind !== 'call' || !offer) return
      yield offer
      if (!step.start && !this.tools.returnsAtOnce(step.body.operation)) return
    }
  }

  private refuse(step: Needed, answer: Return): void {
    this.stop(step, `answered ${answer.vip?.code ?? answer.status}, and the case needs it to succeed`)
  }

  /** No further step is taken, and nothing is asked: there is nothing to be judged. */
  private stop({ node, body, position }: Needed, words: string): void {
    const host = this.permutation.hosts[node]?.name ?? `host ${node}`
    this.unmet ??= { words: `${host}'s ${body.operation} ${words}`, position }
    this.offered = []
    this.finished = true
  }

  /** Calls are to be made or to return before anything else, or there is nothing else. */
  private get isWaiting(): boolean {
    return this.finished || this.offered.length > 0 || this.awaited.size > 0
  }

  /** Gives up when the step's time is over: no further step is taken, but the closing questions are asked. */
  private late(world: World): readonly Offer[] {
    if (world.now < this.limit || this.finished) return nothing
    if (this.timeout) {
      this.finished = true // even the questions are not answered
      return nothing
    }
    const step = this.permutation.steps[this.place]
    this.timeout = step
      ? { words: waitWords(step, this.tools.callWithin), position: step.position }
      : { words: this.questionWords(), position: this.permutation.position }
    this.awaited.clear()
    this.place = Math.max(this.place, this.permutation.steps.length)
    this.enter(this.place, world)
    return this.offered
  }

  private questionWords(): string {
    return `the question ${this.interview.asked ?? 'at the end'} was not answered`
  }

  private stepIsOver(world: World): boolean {
    const step = this.permutation.steps[this.place]
    if (!step) return true
    switch (step.kind) {
      case 'call':
      case 'race':
      case 'join':
      case 'craft':
        return true // what they wait for is in `awaited`
      case 'settle':
        return world.isQuiet
      case 'until':
        return this.watching?.seen(world.trace) ?? true
      case 'advance':
      case 'advance-to':
        return world.now >= this.limit
    }
  }

  private enter(place: number, world: World): void {
    this.place = place
    this.limit = Infinity
    this.watching = undefined
    this.delays = undefined
    const step = this.permutation.steps[place]
    if (!step) {
      this.ask(world)
      return
    }
    world.trace.mark('step', 0, place, world.now)
    if (place === this.choosesFrom) world.schedule = this.tools.schedule
    switch (step.kind) {
      case 'call':
        this.offer([step], !step.start, world)
        return
      case 'race':
        this.offer(step.members, true, world)
        this.delays = this.tools.spread?.(step.members.length)
        return
      case 'join':
        this.join(step.label, world.now + step.within)
        return
      case 'settle':
        this.limit = world.now + step.within
        return
      case 'until':
        this.limit = world.now + step.within
        this.watching = this.tools.watch(step.sighting)
        return
      case 'advance':
        this.limit = world.now + step.by
        return
      case 'advance-to':
        this.limit = Math.max(world.now, step.instant)
        return
      case 'craft': {
        const octets = this.tools.build(step)
        world.fabric.craft(step, octets, world.now)
      }
    }
  }

  private offer(steps: readonly CallStep[], awaits: boolean, world: World): void {
    for (const step of steps) {
      const offer = this.offerOf(step)
      if (!offer) {
        this.stop(step, 'names a region of which VipRegisterMem did not tell where it lies')
        return
      }
      this.offered.push(offer)
      if (awaits && !step.start) this.awaited.add(offer.call.id)
    }
    if (awaits) this.limit = world.now + openWithin(steps, this.tools.callWithin)
  }

  /** Undefined if the call names a region that is not known. */
  private offerOf(step: CallStep): Offer | undefined {
    const body = this.regions.filledIn(step.body)
    return body && { node: step.node, call: { id: this.numbers.ofStep.get(step) ?? -1, thread: step.thread, body } }
  }

  private join(label: string, limit: Instant): void {
    const id = this.numbers.ofLabel.get(label)
    if (id === undefined || !this.open.has(id)) return
    this.awaited.add(id)
    this.limit = limit
  }

  /** The next closing question, or the end. */
  private ask(world: World): void {
    if (!this.interview.hasBegun) world.trace.mark('step', 0, closingStep, world.now)
    const question = this.interview.next()
    if (!question) {
      this.finished = true
      return
    }
    this.offered.push(question)
    this.awaited.add(question.call.id)
    this.limit = world.now + this.tools.callWithin
  }
}

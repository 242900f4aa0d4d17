// One engine for every world: hosts, fabric and virtual time, moved on by one synchronous function.
import type { Return } from '../../spec/vocabulary/calls.ts'
import type { Endpoint, OutputSink } from '../../spec/vocabulary/endpoint.ts'
import { millisecond, type Duration, type Instant, type NodeIndex } from '../../spec/vocabulary/units.ts'
import { EventQueue, eventKinds } from '../fabric/event-queue.ts'
import { Fabric } from '../fabric/fabric.ts'
import { Faults } from '../fabric/faults.ts'
import { Trace } from '../result/trace.ts'
import type { Turn, TurnAnswer, TurnOutput } from '../subject/turn.ts'
import { Deadlines } from './deadlines.ts'
import { Exchanges } from './exchanges.ts'
import { Flood } from './flood.ts'
import { LocalPort, type Surroundings } from './local-port.ts'
import { RemotePort } from './remote-port.ts'
import type { Schedule } from './schedule.ts'
import type { Offer, Script } from './script.ts'
import type { Standstill } from './standstill.ts'
import type { WorldPlan } from './world-plan.ts'

/** By a real clock: for how long nothing must have been heard until a world counts as quiet. */
export const calmSpan: Duration = 50 * millisecond

export class World {
  now: Instant = 0
  /** How far time has come by itself. Virtual time knows no such bound. */
  horizon: Instant = Infinity
  readonly trace: Trace
  readonly fabric: Fabric
  /** Asked when several things could go next; undefined takes the first. */
  schedule: Schedule | undefined

  private readonly queue = new EventQueue()
  private readonly faults = new Faults()
  private readonly ports: (LocalPort | RemotePort)[] = []
  private readonly hasSteppedPorts: boolean
  private readonly deadlines: Deadlines
  private readonly flood = new Flood()
  private script: Script | undefined
  private crashed: { node: NodeIndex; thrown: unknown } | undefined
  private broken: { thrown: unknown } | undefined
  private readonly deliver = (node: NodeIndex, octets: Uint8Array, length: number): void =>
    this.deliverTo(node, octets, length)
  private readonly exchanges = new Exchanges((node) => this.ports[node]?.kind === 'remote')
  private foresees = false
  private isReal = false
  /** By a real clock: when the world counts as quiet if nothing further is heard. */
  private calmAt: Instant = 0
  /** The call issued last. */
  private issued = ''

  /** Hosts in order of their nodes; 'remote' ones are reached through exchanges. */
  constructor(hosts: readonly (Endpoint | 'remote')[], options: { stepped: boolean; trace: Trace }) {
    this.trace = options.trace
    this.fabric = new Fabric(this.queue, this.trace)
    this.hasSteppedPorts = options.stepped
    this.deadlines = new Deadlines(this.queue, hosts.length)
    hosts.forEach((host, node) => {
      if (host === 'remote') this.ports.push(new RemotePort(node, this.exchanges))
      else this.ports.push(new LocalPort(host, this.surroundingsOf(node)))
    })
  }

  get hosts(): number {
    return this.ports.length
  }

  /** No frame is on its way, no deadline is armed, no activity could go. */
  get isQuiet(): boolean {
    if (this.deadlines.areArmed || this.fabric.inFlight > 0 || (this.isReal && this.now < this.calmAt)) return false
    return !this.hasSteppedPorts || this.countActivities() === 0
  }

  wakeAt(node: NodeIndex): Instant | undefined {
    return this.ports[node]?.wakeAt
  }

  /** Time zero of a new run. The endpoints must be fresh; the trace is emptied. */
  begin(plan: WorldPlan, script: Script): void {
    this.now = 0
    this.queue.clear()
    this.trace.clear()
    this.deadlines.clear()
    this.flood.clear()
    this.exchanges.clear()
    this.crashed = this.broken = this.schedule = undefined
    for (const port of this.ports) if (port.kind === 'remote') port.clear()
    const faulty = plan.faults.length > 0 || plan.weather !== undefined
    if (faulty) {
      this.faults.begin({
        hosts: this.ports.length,
        rules: plan.faults,
        weather: plan.weather,
        seed: plan.seed,
        classify: plan.classify,
      })
    }
    this.fabric.begin(this.ports.length, plan.link, faulty ? this.faults : undefined)
    this.foresees = plan.foresees === true
    this.isReal = plan.realClock === true
    this.horizon = this.isReal ? 0 : Infinity
    this.calmAt = calmSpan
    this.script = script
  }

  /** Moves on until the script is finished or something from outside is needed. */
  advance(): Standstill {
    const script = this.script
    if (!script) throw new Error('the world has not begun')
    for (;;) {
      if (this.crashed) return { kind: 'crash', ...this.crashed }
      if (this.exchanges.areDue) return { kind: 'exchange', turns: this.handOut(script) }
      if (!this.flood.turn()) return { kind: 'flood' }
      if (this.goNow(script)) continue
      if (script.finished) return { kind: 'finished' }
      if (this.exchanges.foresight.isAhead) return { kind: 'misled', operation: this.issued }
      const earliest = this.queue.earliest
      const next = Math.min(script.limit, earliest)
      if (next > this.horizon) {
        if (this.now === this.horizon) return this.waitFor(next)
        this.moveTo(this.horizon) // and the script is asked again: by then the world may be quiet
        continue
      }
      if (script.limit < earliest) this.moveTo(script.limit)
      else if (earliest === Infinity) return { kind: 'stuck' }
      else this.happen()
    }
  }

  /** The answers to the turns that `advance` handed out, or to the first of them if no more came. */
  resume(answers: readonly TurnAnswer[]): void {
    const [first, ...further] = answers
    if (!first) throw new Error('an exchange brings at least one answer')
    const node = this.exchanges.answered(further)
    // By a real clock there is nothing in it: what it did is told when it happens.
    if (!this.isReal) this.take(node, first)
  }

  /** By a real clock: what an endpoint did, as it was told. */
  told(node: NodeIndex, output: TurnOutput): void {
    this.moveTo(this.horizon)
    this.calmAt = this.now + calmSpan
    this.put(node, output)
  }

  private waitFor(next: Instant): Standstill {
    // Whether the world is quiet by then, the script must see.
    const until = this.now < this.calmAt ? Math.min(next, this.calmAt) : next
    return until === Infinity ? { kind: 'stuck' } : { kind: 'wait', until }
  }

  private put(node: NodeIndex, output: TurnOutput): void {
    switch (output.kind) {
      case 'frame':
        this.fabric.send(node, output.octets, output.octets.length, this.now)
        break
      case 'return':
        this.returned(node, output.answer)
        break
      case 'event':
        this.trace.event(node, output.event, this.now)
    }
  }

  /** What a remote endpoint answered comes true. */
  private take(node: NodeIndex, answer: TurnAnswer): void {
    const port = this.ports[node]
    if (port?.kind !== 'remote') throw new Error(`host ${node} is not remote`)
    port.answered(answer)
    for (const output of answer.outputs) this.put(node, output)
    this.deadlines.rearm(node, port.wakeAt, this.now)
  }

  /** Does one of the things that can go without time passing; false when there is none. */
  private goNow(script: Script): boolean {
    const offers = script.offers(this)
    if (this.isReal && script.delays && offers.length > 1) return this.beginRace(offers, script)
    const activities = this.hasSteppedPorts ? this.countActivities() : 0
    const choices = activities + offers.length
    if (choices === 0) return false
    const choice = choices > 1 && this.schedule ? this.schedule.choose(choices) : 0
    const offer = offers[choice - activities]
    const { foresight } = this.exchanges
    if (foresight.isAhead && !(offer && foresight.isDue(offer))) return false
    if (choice < activities) this.runActivity(choice)
    else if (offer) this.issue(offer, script)
    return true
  }

  /** Issues all calls of a race, in the order that the schedule chooses, to begin at one instant. */
  private beginRace(offers: readonly Offer[], script: Script): true {
    const { delays = [] } = script
    const left = [...offers]
    const turns: Turn[] = []
    while (left.length > 0) {
      const [offer] = left.splice(left.length > 1 && this.schedule ? this.schedule.choose(left.length) : 0, 1)
      if (!offer) break
      script.issued(offer)
      this.trace.call(offer.node, offer.call, this.now)
      const race = { delay: delays[turns.length] ?? 0, behind: left.length }
      turns.push({ now: this.now, endpoint: offer.node, inputs: [{ kind: 'call', call: offer.call, race }] })
    }
    this.calmAt = this.now + calmSpan
    this.exchanges.ask(turns)
    return true
  }

  private issue(offer: Offer, script: Script): void {
    const { foresight } = this.exchanges
    const early = foresight.isAhead ? foresight.take() : undefined
    script.issued(offer)
    this.issued = offer.call.body.operation
    if (this.isReal) this.calmAt = this.now + calmSpan
    this.trace.call(offer.node, offer.call, this.now)
    if (early) this.take(offer.node, early)
    else this.ports[offer.node]?.apply(offer.call, this.now)
  }

  /** The earliest event comes true. */
  private happen(): void {
    this.queue.pop()
    const { kind, first, second, time } = this.queue
    this.moveTo(time)
    if (kind === eventKinds.arrival) this.fabric.arrive(first, second, this.deliver, this.now)
    else if (kind === eventKinds.wake) this.wake(first, time)
    else this.fabric.release(first, second, this.now)
  }

  /** Time does not go back: by a real clock, what was due may come late. */
  private moveTo(time: Instant): void {
    if (time <= this.now) return
    this.flood.timePassed()
    this.now = time
  }

  private deliverTo(node: NodeIndex, octets: Uint8Array, length: number): void {
    this.ports[node]?.deliver(octets, length, this.now)
  }

  private wake(node: NodeIndex, meant: Instant): void {
    if (!this.deadlines.take(node, meant)) return
    const due = this.wakeAt(node)
    if (due === undefined || due > this.now) {
      this.deadlines.rearm(node, due, this.now) // it has moved on since
      return
    }
    this.flood.woken()
    this.trace.mark('woken', node, 0, this.now)
    this.ports[node]?.wake(this.now)
  }

  private countActivities(): number {
    let count = 0
    for (const port of this.ports) count += port.runnableCount
    return count
  }

  /** Runs the n-th runnable activity, counted over the hosts in order. */
  private runActivity(place: number): void {
    let left = place
    for (let node = 0; node < this.ports.length; node++) {
      const port = this.ports[node]
      if (!port) return
      const count = port.runnableCount
      if (left >= count) {
        left -= count
        continue
      }
      const activity = port.activity(left)
      this.trace.mark('ran', node, activity, this.now)
      port.run(activity, this.now)
      return
    }
  }

  private handOut(script: Script): readonly Turn[] {
    // Where a schedule chooses, what follows is its choice.
    return this.exchanges.handOut(this.foresees && !this.schedule ? script : undefined)
  }

  private returned(node: NodeIndex, answer: Return): void {
    this.trace.returned(node, answer, this.now)
    this.script?.returned(node, answer, this)
  }

  private surroundingsOf(node: NodeIndex): Surroundings {
    return {
      sink: this.sinkFor(node),
      rearm: (due) => this.deadlines.rearm(node, due, this.now),
      failed: (thrown) => this.failed(node, thrown),
    }
  }

  /** What the harness itself throws inside a drain is marked as its own, so that no endpoint is billed for it. */
  private sinkFor(node: NodeIndex): OutputSink {
    return {
      frame: (octets, length) => {
        try {
          this.fabric.send(node, octets, length, this.now)
        } catch (thrown) {
          this.breakDown(thrown)
        }
      },
      returned: (answer) => {
        try {
          this.returned(node, answer)
        } catch (thrown) {
          this.breakDown(thrown)
        }
      },
      event: (event) => this.trace.event(node, event, this.now),
    }
  }

  private breakDown(thrown: unknown): never {
    this.broken = { thrown }
    throw thrown
  }

  private failed(node: NodeIndex, thrown: unknown): void {
    if (this.broken) throw this.broken.thrown
    this.crashed = { node, thrown }
  }
}

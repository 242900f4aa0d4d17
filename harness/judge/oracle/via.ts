// Reads the trace of a world of VIA hosts for their model: what they ask and are told, what befell frames, and silence.
import type { Affirmed } from '../../../spec/model/affirmed.ts'
import { ViaModel } from '../../../spec/model/via.ts'
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import type { Duration, Instant, NodeIndex } from '../../../spec/vocabulary/units.ts'
import { viaDefaults } from '../../../spec/vocabulary/via-attributes.ts'
import type { Permutation } from '../../plan/permutation.ts'
import type { Trace } from '../../result/trace.ts'
import { grants, type Pics } from '../../subject/pics.ts'
import { Deadlines, type Forbidden, type Oracle } from './pronounce.ts'

/** How many times the longest timeout of a provider must pass in silence before nothing more is to be expected. */
const timeoutsOfSilence = 4

/** And in which nothing befell a frame and no program heard or asked anything, though frames go on to be sent. */
const timeoutsOfTalk = 8

const optionOf: Readonly<Partial<Record<CallBody['operation'], string>>> = {
  VipConnectPeerRequest: 'via.peer-to-peer',
  VipConnectPeerDone: 'via.peer-to-peer',
  VipConnectPeerWait: 'via.peer-to-peer',
  VipSendNotify: 'via.notify',
  VipRecvNotify: 'via.notify',
  VipCQNotify: 'via.notify',
}

export class ViaOracle implements Oracle {
  private readonly model: ViaModel
  private readonly silence: Duration
  private readonly talk: Duration
  private readonly deadlines = new Deadlines()
  private readonly pics: Pics
  /** Calls of options that the implementation lacks, by id: the model knows nothing of them. */
  private readonly absent = new Set<number>()
  private steps: Permutation['steps'] = []
  private now: Instant = 0
  /** When a frame last suffered something, or a program heard or asked something. */
  private moved: Instant = 0
  /** Until when the step must be over that waits for the world to come to rest. */
  private settling: Instant = 0
  /** Frames that are on their way. */
  private pending = 0

  /** For worlds with these hosts, so set up. */
  constructor({ hosts, configuration }: Pick<Permutation, 'hosts' | 'configuration'>, pics: Pics) {
    const timeout = configuration['via.connection-timeout'] ?? viaDefaults['via.connection-timeout']
    this.pics = pics
    this.silence = timeoutsOfSilence * timeout
    this.talk = timeoutsOfTalk * timeout
    this.model = new ViaModel({
      hosts: hosts.map(({ name }) => ({ name, configuration })),
      reliableDelivery: grants(pics, 'via.reliable-delivery'),
      reliableReception: grants(pics, 'via.reliable-reception'),
      rdmaRead: grants(pics, 'via.rdma-read'),
      threadSafe: grants(pics, 'via.thread-safe'),
      // What is hidden may befall any frame.
      calm: pics.wire === 'frames',
    })
  }

  get affirmed(): Affirmed {
    return this.model.affirmed
  }

  begin(permutation: Permutation): void {
    this.model.reset()
    this.deadlines.begin(permutation)
    this.absent.clear()
    this.steps = permutation.steps
    this.now = this.moved = this.settling = this.pending = 0
  }

  read(trace: Trace, record: number): Forbidden | undefined {
    const time = trace.time(record)
    const passed = time - this.now
    const { model } = this
    let forbidden = passed > 0 ? model.elapsed(passed) : undefined
    if (!forbidden && passed > 0 && this.isOver(time, passed)) {
      forbidden = model.paused()
      this.moved = time
    }
    this.now = time
    return forbidden ?? this.take(trace, record)
  }

  /** Whether all that can come of what was asked must have come by then. */
  private isOver(time: Instant, passed: Duration): boolean {
    return (passed >= this.silence && this.pending === 0) || time - this.moved >= this.talk
  }

  end(): Forbidden | undefined {
    return this.pending > 0 || !this.deadlines.nothingIsLeft ? undefined : this.model.rested()
  }

  private take(trace: Trace, record: number): Forbidden | undefined {
    const node = trace.node(record)
    const kind = trace.kind(record)
    if (kind === 'call' || kind === 'returned' || kind === 'event' || kind === 'fate') this.moved = trace.time(record)
    switch (kind) {
      case 'call':
        return this.called(trace, node, record)
      case 'returned': {
        const answer = trace.returnOf(record)
        return answer && !this.absent.has(answer.id) ? this.model.returned(node, answer) : undefined
      }
      case 'event': {
        const event = trace.eventOf(record)
        return event && event.event !== 'emp.completion' ? this.model.told(node, event) : undefined
      }
      case 'step':
        return this.step(trace.detail(record))
      case 'sent':
      case 'crafted':
        this.pending++
        return undefined
      case 'arrived':
      case 'lost':
        this.pending--
        return undefined
      case 'fate': {
        const fate = trace.fateOf(record)
        if (fate?.fate === 'duplicate') this.pending += fate.amount
        this.model.disturbed()
        return undefined
      }
      case 'deadline':
        this.deadlines.note(trace, record)
        return undefined
      case 'woken':
      case 'ran':
        return undefined
    }
  }

  private called(trace: Trace, node: NodeIndex, record: number): undefined {
    const call = trace.callOf(record)
    if (!call) return
    const option = optionOf[call.body.operation]
    if (option === undefined || grants(this.pics, option)) this.model.called(node, call)
    else this.absent.add(call.id)
  }

  /** A step that waits for rest is over before its time only if the world has come to rest. */
  private step(place: number): Forbidden | undefined {
    const isRest = this.now < this.settling
    const step = this.steps[place]
    this.settling = step?.kind === 'settle' ? this.now + step.within : 0
    return isRest ? this.model.rested() : undefined
  }
}

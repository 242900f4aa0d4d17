// One EMP host with its NIC: calls, frames and time in; frames, returns and events out.
import type { Call, CallBody } from '../../spec/vocabulary/calls.ts'
import { empDropReasons } from '../../spec/vocabulary/emp.ts'
import type { EmpDropReason } from '../../spec/vocabulary/emp.ts'
import type { Endpoint, EndpointSetting, OutputSink } from '../../spec/vocabulary/endpoint.ts'
import type { Instant } from '../../spec/vocabulary/units.ts'
import { IntegerQueue } from '../core/integer-queue.ts'
import { SteppedEndpoint } from '../core/stepped-endpoint.ts'
import { Timers } from '../core/timers.ts'
import { activity, activityOrder } from './activities.ts'
import type { Board } from './board.ts'
import { Buffers } from '../core/buffers.ts'
import type { Answer } from '../core/buffers.ts'
import { readConfiguration } from './configuration.ts'
import { stat } from './descriptors.ts'
import { empEthertype } from './frame.ts'
import { ethernetOctets } from './headers.ts'
import { probeMark, type Doorbell } from './doorbell.ts'
import type { HostLibrary } from './host.ts'
import type { Intake } from './intake.ts'
import { Link } from '../core/link.ts'
import type { Matching } from './matching.ts'
import { Memory } from '../core/memory.ts'
import { Output } from '../core/output.ts'
import { referenceParts } from './parts.ts'
import type { EmpParts } from './parts.ts'
import type { Postings } from './postings.ts'
import type { Receiver } from './receiver.ts'
import { ReceiveRing } from '../core/receive-ring.ts'
import type { Sender } from './sender.ts'
import { stagingOctets } from '../core/staging.ts'
import { Unfinished } from './unfinished.ts'

const collectionMax = 0xffff

/** The reference. Calls and frames only enqueue; everything a NIC does is one of its activities, stepped or not. */
export class EmpEndpoint extends SteppedEndpoint implements Endpoint {
  private readonly collectionAtFirst: number
  private readonly output: Output
  private readonly buffers: Buffers
  protected readonly host: HostLibrary
  /** What the host asked for, and the NIC's look at it. */
  private readonly asked = new IntegerQueue()
  private readonly doorbell: Doorbell
  private readonly postings: Postings
  private readonly board: Board
  private readonly unfinished: Unfinished
  private readonly matching: Matching
  private readonly sender: Sender
  private readonly receiver: Receiver
  private readonly intake: Intake

  constructor(setting: EndpointSetting, parts?: Partial<EmpParts>) {
    super(setting.stepped, activityOrder)
    const made = { ...referenceParts, ...parts }
    const configuration = readConfiguration(setting.configuration)
    const { descriptors: size, mtu, translation, burst } = configuration
    const frameOctets = mtu + ethernetOctets
    this.collectionAtFirst = configuration.collection
    const { node, hosts } = setting
    const nodes = hosts.length
    const memory = new Memory(configuration.page, stagingOctets(frameOctets), setting.seed)
    const output = new Output(memory, frameOctets)
    const ring = new ReceiveRing(memory, frameOctets)
    const buffers = new Buffers(memory)
    const descriptors = new made.descriptors(memory, size)
    this.unfinished = new Unfinished(nodes, size, configuration.firstMessage)
    this.matching = new made.matching(descriptors, this.unfinished, size)
    this.doorbell = new made.doorbell(this.asked, descriptors)
    const { asked, matching, unfinished } = this
    // Who rings the doorbell only says what is asked for; when it is taken up is for the NIC to know.
    const postings = new made.postings({ descriptors, doorbell: asked, translation, burst })
    const host = new made.host({
      memory,
      buffers,
      descriptors,
      postings,
      output,
      doorbell: asked,
      matching,
      unfinished,
      nodes,
    })
    this.postings = postings
    this.output = output
    this.buffers = buffers
    this.host = host
    this.board = {
      node,
      nodes,
      configuration,
      memory,
      descriptors,
      dma: new made.dma(memory, descriptors, size),
      fragments: new made.fragments(mtu),
      link: new Link({ memory, output, ring, ethertype: empEthertype }, hosts, node),
      ring,
      timers: new Timers(),
      status: new made.status(descriptors, host),
      dropped: noDrops(),
      now: 0,
    }
    this.sender = new made.sender(this.board)
    this.receiver = new made.receiver(this.board, this.unfinished, this.matching)
    this.intake = new made.intake(this.board, this.sender, this.receiver)
  }

  apply(call: Call, now: Instant): void {
    this.board.now = now
    const answer = this.answer(call.id, call.body)
    if (answer) this.output.returned({ id: call.id, ...answer })
  }

  deliver(octets: Uint8Array, length: number, now: Instant): void {
    this.board.now = now
    this.board.ring.take(octets, length)
  }

  override wake(now: Instant): void {
    this.board.now = now
  }

  get wakeAt(): Instant | undefined {
    const { translatedAt } = this
    const { earliest } = this.board.timers
    if (translatedAt === undefined || earliest === undefined) return translatedAt ?? earliest
    return Math.min(translatedAt, earliest)
  }

  /** When the next addresses are known that a posting waits for. */
  protected get translatedAt(): Instant | undefined {
    return this.postings.wakeAt(this.board.now)
  }

  reset(seed: number): void {
    const { board } = this
    board.memory.reset(seed)
    board.descriptors.clear()
    board.ring.clear()
    board.timers.clear()
    board.status.clear()
    board.now = 0
    board.configuration.collection = this.collectionAtFirst
    for (const reason of empDropReasons) board.dropped[reason] = 0
    this.buffers.clear()
    this.host.clear()
    this.asked.clear()
    this.postings.clear()
    this.output.clear()
    this.unfinished.clear()
    this.matching.clear()
    this.sender.clear()
    this.receiver.clear()
  }

  protected override flush(sink: OutputSink): void {
    this.output.flush(sink)
  }

  protected override isRunnable(one: number): boolean {
    switch (one) {
      case activity.doorbell:
        return this.doorbell.ready
      case activity.transmit:
        return this.sender.ready
      case activity.receive:
        return this.board.ring.waiting
      case activity.dataWrite:
        return this.board.ring.holds
      case activity.acknowledge:
        return this.receiver.ready
      case activity.statusWrite:
        return this.board.status.waiting
      case activity.timer:
        return this.board.timers.due(this.board.now)
      case activity.post:
        return this.postings.ready(this.board.now)
      default:
        return false
    }
  }

  protected override step(one: number): void {
    switch (one) {
      case activity.doorbell:
        return this.fetch()
      case activity.transmit:
        return this.sender.transmit()
      case activity.receive:
        return this.intake.take()
      case activity.dataWrite:
        return this.receiver.write()
      case activity.acknowledge:
        return this.receiver.sendAcknowledgement()
      case activity.statusWrite:
        return this.board.status.write()
      case activity.timer:
        return this.sender.expire()
      case activity.post:
        return this.host.write()
    }
  }

  /** Takes up what the host asked first: fetches a posted descriptor, withdraws a receive, or looks for a message. */
  private fetch(): void {
    const head = this.doorbell.shift()
    if (head === probeMark) return this.host.answerProbe()
    if (head < 0) return this.withdraw(~head)
    this.board.dma.begin(head)
    if (this.board.descriptors.stat(head) & stat.send) this.sender.start(head)
    else this.matching.post(head)
  }

  // cites: EMP-MATCH-016
  private withdraw(head: number): void {
    if (this.matching.withdraw(head)) this.board.status.finish(head, 0, stat.cancelled)
  }

  private answer(id: number, body: CallBody): Answer | undefined {
    switch (body.operation) {
      case 'emp.isend':
      case 'emp.irecv':
        return this.host.post(body, id, this.board.now)
      case 'emp.test':
        return this.host.test(body.request)
      case 'emp.wait':
        return this.host.wait(id, [body.request])
      case 'emp.waitall':
        return this.host.wait(id, body.requests)
      case 'emp.testall':
        return this.host.test(...body.requests)
      case 'emp.waitany':
        return this.host.waitAny(id, body.requests)
      case 'emp.cancel':
        return this.host.cancel(body.request)
      case 'emp.probe':
        return this.host.probe(id, body.from, body.tag)
      case 'emp.configure':
        return this.configure(body.collection)
      case 'emp.counters':
        return { status: 'ok', counters: this.counters() }
      case 'emp.descriptor':
        return this.host.descriptor(body.request)
      case 'memory.allocate':
      case 'memory.write':
      case 'memory.digest':
      case 'memory.read':
      case 'memory.guards':
      case 'memory.free':
        return this.buffers.answer(body)
      default:
        // Calls of another interface, and what came through a pipe, which may name anything.
        return { status: 'unsupported' }
    }
  }

  // cites: EMP-REL-005, EMP-REL-023
  private configure(collection: number): Answer {
    const inFlight = this.sender.messagesInFlight + this.unfinished.total + this.asked.count
    const busy = inFlight > 0 || this.postings.count > 0
    if (busy || !Number.isSafeInteger(collection) || collection < 1 || collection > collectionMax) {
      return { status: 'invalid' }
    }
    this.board.configuration.collection = collection
    return { status: 'ok' }
  }

  private counters(): Readonly<Record<string, number>> {
    const counters: Record<string, number> = {}
    for (const reason of empDropReasons) {
      const count = this.board.dropped[reason]
      if (count > 0) counters[reason] = count
    }
    return counters
  }
}

function noDrops(): Record<EmpDropReason, number> {
  return {
    'no-receive': 0,
    'table-full': 0,
    malformed: 0,
    'unknown-type': 0,
    'wrong-sender': 0,
    'wrong-destination': 0,
    'stray-acknowledgement': 0,
    duplicate: 0,
  }
}

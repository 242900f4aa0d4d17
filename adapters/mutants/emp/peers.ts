// Mutants that greet their peers, take themselves for one, or agree with them on nothing.
import { EmpEndpoint } from '../../../reference/emp/endpoint.ts'
import { writeFrameHeader } from '../../../reference/emp/frame.ts'
import { ethernetOctets, frameHeaderOctets } from '../../../reference/emp/headers.ts'
import { Sender } from '../../../reference/emp/sender.ts'
import type { Call } from '../../../spec/vocabulary/calls.ts'
import { empDefaults } from '../../../spec/vocabulary/endpoint.ts'
import type { EndpointSetting } from '../../../spec/vocabulary/endpoint.ts'
import type { Instant } from '../../../spec/vocabulary/units.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

/** The type of a frame that opens a connection: none that EMP has. */
const helloType = 3

class SaysHello extends Sender {
  /** Nodes that have had their greeting. */
  private greeted: readonly number[] = []

  override clear(): void {
    super.clear()
    this.greeted = []
  }

  protected override sendFrame(head: number, frame: number): void {
    const peer = this.peers[head] ?? 0
    const { link, memory, node } = this.board
    if (peer !== node && !this.greeted.includes(peer)) {
      this.greeted = [...this.greeted, peer]
      const place = link.open(peer)
      writeFrameHeader(memory.octets, place, { sender: node, type: helloType, length: 0, message: 0, frame: 0 })
      link.close(peer, place, ethernetOctets + frameHeaderOctets)
    }
    super.sendFrame(head, frame)
  }
}

const macOctets = 6

/** Addresses frames to itself and puts them on the wire: no switch returns them to its port. */
class SelfOnWire extends Sender {
  protected override sendFrame(head: number, frame: number): void {
    const { link, memory, node } = this.board
    if (this.peers[head] !== node) {
      super.sendFrame(head, frame)
      return
    }
    const other = node === 0 ? 1 : 0
    const place = link.open(other)
    this.peers[head] = other
    super.sendFrame(head, frame)
    this.peers[head] = node
    memory.octets.copyWithin(place, place + macOctets, place + 2 * macOctets)
  }
}

class FixedCollection extends Sender {
  override clear(): void {
    super.clear()
    this.board.configuration.collection = empDefaults['emp.collection']
  }
}

/** Says that the collection size is another now, and goes on with the one that it began with. */
class DeafToConfigure extends EmpEndpoint {
  private readonly collection: number

  constructor(setting: EndpointSetting) {
    super(setting)
    this.collection = setting.configuration['emp.collection'] ?? empDefaults['emp.collection']
  }

  override apply(call: Call, now: Instant): void {
    const { body } = call
    if (body.operation !== 'emp.configure') super.apply(call, now)
    else super.apply({ ...call, body: { ...body, collection: this.collection } }, now)
  }
}

export const peerMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-says-hello',
    words: 'Opens a connection to each peer with a frame of its own before the first data.',
    violates: ['EMP-STATE-001'],
    make: withEmpParts({ sender: SaysHello }),
  },
  {
    name: 'emp-self-on-wire',
    words: 'Sends messages to itself onto the wire.',
    violates: ['EMP-MATCH-012'],
    make: withEmpParts({ sender: SelfOnWire }),
  },
  {
    name: 'emp-collection-fixed',
    words: 'Acknowledges and sends again in collections of three, whatever size is configured.',
    violates: ['EMP-REL-005'],
    make: withEmpParts({ sender: FixedCollection }),
  },
  {
    name: 'emp-configure-ignored',
    words: 'Accepts a new collection size between messages, and keeps the old one.',
    violates: ['EMP-REL-023'],
    make: (setting) => new DeafToConfigure(setting),
  },
])

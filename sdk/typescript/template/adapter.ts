// Makes an implementation of EMP speak for itself: who it is, what it offers, and what its calls come to.
import { HostEndpoint, serveAdapter, type HostCall, type Instant } from 'viaduct/adapter'

/** One host with its NIC, in the world of `this.setting`. Hand on to your implementation what comes in. */
class MyEndpoint extends HostEndpoint {
  protected override onCall({ id, body }: HostCall, _now: Instant): void {
    switch (body.operation) {
      // Fill in: post a message of all body.pieces to node body.to, with body.tag, under the name body.as, and answer `ok`
      // at once. The octets of a piece are `this.memory.at(piece)`; there being none, or no such node, is `invalid`.
      case 'emp.isend':
        return this.returned({ id, status: 'unsupported' })
      // Fill in: post a receive for a message of node body.from with body.tag, to be scattered over body.pieces.
      case 'emp.irecv':
        return this.returned({ id, status: 'unsupported' })
      // Fill in: `pending`, or `ok` with `completions: [{ request, outcome, bytes, peer, tag }]`; then the name is gone.
      case 'emp.test':
        return this.returned({ id, status: 'unsupported' })
      // Fill in: keep the id, and answer it as emp.test does when the request is done, in whatever turn that is.
      case 'emp.wait':
        return this.returned({ id, status: 'unsupported' })
      // Fill in: as emp.wait, when all of body.requests are done; completions in the order asked.
      case 'emp.waitall':
        return this.returned({ id, status: 'unsupported' })
      // What an option offers (emp.configure, emp.counters, emp.testall and the like), and all of VIA.
      default:
        return this.returned({ id, status: 'unsupported' })
    }
  }

  protected override onFrame(_octets: Uint8Array, _now: Instant): void {
    // Fill in, for `wire: 'frames'`: a frame comes from the link. `this.frame(octets)` sends one.
  }

  protected override onWake(_now: Instant): void {
    // Fill in: the instant `this.wakeAt` has come. Set it whenever the earliest deadline changes; undefined is none.
  }

  override reset(seed: number): void {
    super.reset(seed)
    // Fill in: forget every request and all state of the NIC.
  }
}

await serveAdapter({
  // Of your implementation, not of this adapter.
  name: 'my implementation',
  version: '0.0.0',
  vendor: 'my company',
  // What host programs call: 'emp', 'via' or both.
  interfaces: ['emp'],
  // The implementation is told the time.
  clock: 'virtual',
  // 'frames': every frame goes through the harness, which can lose, delay and double it. Then name the layout of the frames
  // too: `profile: 'emp-1'`.
  wire: 'none',
  options: {
    // Internal activities run one at a time, when the harness says so: races are explored.
    stepped: false,
    // emp.counters tells how many frames the NIC has dropped or ignored, by reason.
    'emp.counters': false,
    // emp.descriptor returns the octets of a request's slots, as they stand in the memory of the NIC.
    'emp.descriptors': false,
    // The endpoint tells, with `this.event`, when the NIC hands a descriptor back to the host.
    'emp.completion-events': false,
    // A receive may name 65535 as its node or tag, meaning any.
    'emp.wildcards': false,
    // emp.testall and emp.waitany are answered.
    'emp.mpi': false,
    // A receive that is bound to no message can be cancelled.
    'emp.cancel': false,
    // The host can ask for the oldest message that waits for a receive and matches.
    'emp.probe': false,
    // The value emp.retries can be set to more than 0.
    'emp.retry-limit': false,
    // The value emp.burst can be set.
    'emp.word-writes': false,
    // The value emp.translation can be set to more than 0.
    'emp.slow-translation': false,
  },
  // Fill in what your implementation works with. A case that needs another value is not applicable; where the value has a
  // `settable: { least, most }` beside it, cases set it within that range.
  values: {
    // Frames that are acknowledged, timed and sent again together.
    'emp.collection': { value: 3 },
    // The most collections of one message that are sent and not yet acknowledged.
    'emp.window': { value: 4 },
    // How long a collection stays unacknowledged before it is sent again for the first time, and at most; in nanoseconds.
    'emp.timeout': { value: 800_000 },
    'emp.timeout-cap': { value: 100_000_000 },
    // Retransmissions after which a peer is given up; 0: without limit.
    'emp.retries': { value: 0 },
    // ID of the first message to every destination.
    'emp.first-message': { value: 0 },
    // Slots in the pool that sends and receives share.
    'emp.descriptors': { value: 640 },
    // Size of a physical page, in octets.
    'emp.page': { value: 4096 },
    // Nanoseconds that a posting takes for the address of a page.
    'emp.translation': { value: 0 },
    // Words of a descriptor that are written at once.
    'emp.burst': { value: 20 },
    // The most octets of a frame after the Ethernet header, without FCS.
    'wire.mtu': { value: 1500 },
  },
  endpoint: (setting) => new MyEndpoint(setting),
})

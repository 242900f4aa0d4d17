"""Makes an implementation of EMP speak to viaduct: fill in what is marked TODO. viaduct.py says what it means."""

from __future__ import annotations

import viaduct

FACTS = viaduct.Facts(
    name='my-emp',  # TODO: the implementation, not this adapter
    version='0.0',
    vendor='me',
    interfaces=['emp'],
    clock='virtual',  # 'real': it cannot be told the time, but runs on its own
    wire='none',  # 'frames': each frame it sends goes through emit_frame, and each that it gets comes through frame()
    # profile='emp-1',  # the layout of the frames; needs wire='frames'
    options={
        'stepped': False,  # internal activities go one at a time, when told: runnable() and run()
        'emp.counters': False,  # tells what the NIC dropped, by reason
        'emp.descriptors': False,  # shows the octets of descriptor slots
        'emp.completion-events': False,  # emit_completion whenever the NIC hands a descriptor back
        'emp.wildcards': False,  # a receive may name 65535 as its node or tag, meaning any
        'emp.mpi': False,  # Testall and Waitany are answered
        'emp.cancel': False,  # a receive that is bound to nothing can be cancelled
        'emp.probe': False,  # the host can ask for a message that waits
        'emp.retry-limit': False,  # the value emp.retries can be set to more than 0
        'emp.word-writes': False,  # the value emp.burst can be set
        'emp.slow-translation': False,  # the value emp.translation can be set to more than 0
    },
    values={
        # TODO: what it really works with. What can be set in open() gets a range: viaduct.Value(3, least=1, most=64).
        'emp.collection': viaduct.Value(3),  # frames that are acknowledged together
        'emp.window': viaduct.Value(4),  # the most collections of a message on their way
        'emp.timeout': viaduct.Value(800_000),  # nanoseconds until a collection is sent again
        'emp.timeout-cap': viaduct.Value(100_000_000),  # nanoseconds that back-off leads to at most
        'emp.retries': viaduct.Value(0),  # retransmissions after which a peer is given up; 0: no limit
        'emp.first-message': viaduct.Value(0),  # ID of the first message to each node
        'emp.descriptors': viaduct.Value(640),  # slots that sends and receives share
        'emp.page': viaduct.Value(4096),  # octets of a physical page
        'emp.translation': viaduct.Value(0),  # what the address of a page costs a posting, ns
        'emp.burst': viaduct.Value(20),  # words of a descriptor that are written at once
        'wire.mtu': viaduct.Value(1500),  # the most octets of a frame behind the Ethernet header
    },
)


class Host(viaduct.Endpoint):
    """One host with its NIC. An object lives for one world; self.setting says what that is like."""

    def open(self) -> None:
        pass  # TODO: start the NIC with self.setting.configuration, among self.setting.hosts

    def close(self) -> None:
        pass  # TODO: stop it; its memory is about to go

    def call(self, call: viaduct.Call, now: int) -> None:
        if isinstance(call, viaduct.Isend):
            # TODO: post a message of call.pieces to node call.to, remember it as call.name, self.emit_return(call)
            raise viaduct.Refusal('unsupported')
        if isinstance(call, viaduct.Irecv):
            # TODO: post a receive over call.pieces for a message of node call.source, remember it as call.name, return
            raise viaduct.Refusal('unsupported')
        if isinstance(call, viaduct.Test):
            # TODO: self.emit_return(call, completions=[viaduct.Completion(...)]), or self.emit_return(call, 'pending')
            raise viaduct.Refusal('unsupported')
        if isinstance(call, viaduct.Wait):
            # TODO: the same when call.request is done: now, or keep the call until then
            raise viaduct.Refusal('unsupported')
        if isinstance(call, viaduct.Waitall):
            # TODO: the same when all of call.requests are done
            raise viaduct.Refusal('unsupported')
        # TODO, where it can: viaduct.Configure, and with their options viaduct.Counters and viaduct.DescriptorOctets.
        raise viaduct.Refusal('unsupported')

    def frame(self, octets: bytes, now: int) -> None:
        pass  # TODO, with wire='frames': hand the frame to the NIC

    def wake(self, now: int) -> None:
        pass  # TODO, with the virtual clock: self.wake_at has come; serve the timers, and set it anew


if __name__ == '__main__':
    viaduct.serve(FACTS, Host)

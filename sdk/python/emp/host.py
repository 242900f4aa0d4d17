"""One host and its NIC: the calls of the host program, the activities of the NIC, and the link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Callable, Literal

import viaduct
from activities import Activities, Activity
from descriptors import DescriptorPool, Request
from frames import ACKNOWLEDGEMENT, DATA, Cutting, Frame, MessageHeader, emit, parse
from receiving import Receiver
from sending import Sender
from viaduct import EMP_ANY, Completion, Refusal

Outcome = Literal['done', 'truncated', 'failed', 'cancelled']


class Host(viaduct.Endpoint):
    """An EMP endpoint. A call that posts fills a descriptor and rings a doorbell; activities of the NIC do the rest."""

    def open(self) -> None:
        configuration = self.setting.configuration
        self.mac = self.setting.hosts[self.setting.node].mac
        self.cutting = Cutting(configuration['wire.mtu'])
        self.collection_size = configuration['emp.collection']
        self.activities = Activities()
        self._pool = DescriptorPool(configuration['emp.descriptors'], configuration['emp.page'])
        self._sender = Sender(self)
        self._receiver = Receiver(self)
        self._requests: dict[str, Request] = {}
        self._waits: list[tuple[viaduct.Call, Sequence[str]]] = []
        self._dropped: Counter[str] = Counter()

    # What the host program asks

    def call(self, call: viaduct.Call, now: int) -> None:
        if isinstance(call, viaduct.Isend):
            self._post(call, call.to, self._sender.post)
        elif isinstance(call, viaduct.Irecv):
            self._post(call, call.source, self._receiver.post)
        elif isinstance(call, viaduct.Test):
            if self._are_done([call.request]):
                self._report(call, [call.request])
            else:
                self.emit_return(call, 'pending')
        elif isinstance(call, viaduct.Testall):
            if self._are_done(call.requests):
                self._report(call, call.requests)
            else:
                self.emit_return(call, 'pending')
        elif isinstance(call, viaduct.Wait):
            self._wait(call, [call.request])
        elif isinstance(call, viaduct.Waitany):
            self._wait(call, call.requests)
        elif isinstance(call, viaduct.Waitall):
            self._wait(call, call.requests)
        elif isinstance(call, viaduct.Cancel):
            self._cancel(call)
        elif isinstance(call, viaduct.Probe):
            self._probe(call)
        elif isinstance(call, viaduct.Configure):
            self._configure(call)
        elif isinstance(call, viaduct.Counters):
            self.emit_return(call, counters=self._dropped)
        elif isinstance(call, viaduct.DescriptorOctets):
            self.emit_return(call, octets=self._pool.octets(self._request(call.request)))
        else:
            raise Refusal('unsupported')

    def _post(self, call: viaduct.Isend | viaduct.Irecv, peer: int, doorbell: Callable[[Request, int], None]) -> None:
        may_be_any = isinstance(call, viaduct.Irecv)
        if call.name in self._requests or not self._are_named(peer, call.tag, may_be_any):
            raise Refusal('invalid')
        request = self._pool.post(call.name, peer, call.tag, call.pieces)
        request.is_send = isinstance(call, viaduct.Isend)
        self._requests[call.name] = request
        self.activities.add(Activity.DOORBELL, partial(doorbell, request))
        self.emit_return(call)

    def _are_named(self, peer: int, tag: int, may_be_any: bool) -> bool:
        """Whether a call may name this node and this tag; in a receive and in a probe either may be any (R18)."""
        if may_be_any and peer == EMP_ANY:
            peer = self.setting.node
        if may_be_any and tag == EMP_ANY:
            tag = 0
        return peer in self.setting.hosts and 0 <= tag < EMP_ANY

    def _cancel(self, call: viaduct.Cancel) -> None:
        """Asks the NIC to give a receive back; what became of it is told by its completion (R24)."""
        request = self._request(call.request)
        if request.is_send:
            raise Refusal('invalid')
        self.activities.add(Activity.DOORBELL, partial(self._receiver.withdraw, request))
        self.emit_return(call)

    def _probe(self, call: viaduct.Probe) -> None:
        """Asks the NIC what waits, behind all that was posted before (R24)."""
        if not self._are_named(call.source, call.tag, may_be_any=True):
            raise Refusal('invalid')
        self.activities.add(Activity.DOORBELL, partial(self._look, call))

    def _look(self, call: viaduct.Probe, now: int) -> None:
        found = self._receiver.find(call.source, call.tag)
        if found is None:
            self.emit_return(call, 'pending')
        else:
            peer, header = found
            self.emit_return(call, message={'peer': peer, 'tag': header.tag, 'bytes': header.total})

    def _wait(self, call: viaduct.Call, names: Sequence[str]) -> None:
        if len(set(names)) < len(names):
            raise Refusal('invalid')
        if isinstance(call, viaduct.Waitany):
            done = [name for name in names if self._are_done([name])][:1]
        else:
            done = list(names) if self._are_done(names) else []
        if done:
            self._report(call, done)
        else:
            self._waits.append((call, names))

    def _configure(self, call: viaduct.Configure) -> None:
        # It counts for messages that begin from now on; while some are in flight the call is not allowed (R21).
        if call.collection < 1:
            raise Refusal('invalid')
        self.collection_size = call.collection
        self.emit_return(call)

    def _request(self, name: str) -> Request:
        if name not in self._requests:
            raise Refusal('invalid')
        return self._requests[name]

    def _are_done(self, names: Sequence[str]) -> bool:
        return all([self._request(name).completion is not None for name in names])

    def _report(self, call: viaduct.Call, names: Sequence[str]) -> None:
        """The host sees that requests are done: they are gone with that, and their descriptors are free."""
        requests = [self._requests.pop(name) for name in names]
        for request in requests:
            self._pool.release(request)
        self.emit_return(call, completions=[request.completion for request in requests if request.completion])

    # What the NIC does

    def runnable(self) -> Sequence[int]:
        return self.activities.runnable()

    def run(self, activity: int, now: int) -> None:
        self.activities.run(activity, now)
        self.wake_at = self._sender.timers.earliest()

    def wake(self, now: int) -> None:
        self._sender.wake(now)
        self.wake_at = self._sender.timers.earliest()

    def complete_later(self, request: Request, outcome: Outcome, total: int) -> None:
        """A request has come to its end, with a message of so many octets."""
        completion = Completion(request.name, outcome, total, request.peer, request.tag)
        self.activities.add(Activity.STATUS_WRITE, partial(self._complete, request, completion))

    def _complete(self, request: Request, completion: Completion, now: int) -> None:
        """Hands the descriptor back to the host, who polls it."""
        self._pool.hand_back(request)
        request.completion = completion
        self.emit_completion(completion)
        open_waits, self._waits = self._waits, []
        for call, names in open_waits:
            # By now another thread may have seen one of them done: then it is gone.
            if any(name not in self._requests for name in names):
                self.emit_return(call, 'invalid')
            else:
                self._wait(call, names)

    # The link

    def send(
        self, peer: int, kind: int, message: int, number: int, header: MessageHeader | None = None, data: bytes = b''
    ) -> None:
        """Puts a frame on the wire; one to this host itself turns round inside the NIC (R19)."""
        addresses = self.setting.hosts[peer].mac, self.mac
        octets = emit(Frame(*addresses, self.setting.node, kind, len(data), message, number, header, data))
        if peer == self.setting.node:
            self.activities.add(Activity.FRAME_IN, partial(self._take, octets))
        else:
            self.emit_frame(octets)

    def frame(self, octets: bytes, now: int) -> None:
        self.activities.add(Activity.FRAME_IN, partial(self._take, octets))

    def _take(self, octets: bytes, now: int) -> None:
        """Drops what is not for this NIC or not from who it says it is from (R12), and hands on the rest."""
        frame = parse(octets)
        if frame is None:
            return self.drop('malformed')
        if frame.destination != self.mac:
            return self.drop('wrong-destination')
        if frame.sender not in self.setting.hosts or self.setting.hosts[frame.sender].mac != frame.source:
            return self.drop('wrong-sender')
        if frame.type == DATA:
            return self._receiver.take(frame, now)
        if frame.type == ACKNOWLEDGEMENT:
            return self._sender.acknowledge(frame, now)
        return self.drop('unknown-type')

    def drop(self, reason: str) -> None:
        self._dropped[reason] += 1

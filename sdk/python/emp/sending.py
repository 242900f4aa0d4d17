"""The sending side of the NIC: messages in flight, their collections, window and timers."""

from __future__ import annotations

import heapq
from functools import partial
from typing import TYPE_CHECKING

from activities import Activity
from descriptors import Request
from frames import DATA, Frame, MessageHeader

if TYPE_CHECKING:
    from host import Host

MESSAGE_IDS = 1 << 32


class Collection:
    """Frames ``first`` to ``last`` of a message, which are acknowledged, timed and sent again together (E11)."""

    def __init__(self, message: Outgoing, first: int, last: int, timeout: int) -> None:
        self.message = message
        self.first = first
        self.last = last
        self.timeout = timeout
        self.repetitions = 0
        """How often its frames have been sent again since its message was last acknowledged in part."""
        self.deadline: int | None = None
        self.sent = False
        """Whether all of its frames have been sent, once at least."""
        self.over = False
        """Whether it is acknowledged, or given up."""

    def end(self) -> None:
        self.over = True
        self.deadline = None


class Outgoing:
    """A message in flight (E31). Data stays in the memory of the application until a frame is sent (E5)."""

    def __init__(self, request: Request, number: int, header: MessageHeader, collection_size: int) -> None:
        self.request = request
        self.id = number
        self.header = header
        self.collection_size = collection_size
        self.collections = -(-header.frames // collection_size)
        self.begun = 0
        """How many collections were sent, or are being sent, for the first time."""
        self.outstanding: dict[int, Collection] = {}
        """Those of them that are not acknowledged."""

    def has_sent(self, number: int) -> bool:
        """Whether the collection of this frame has been sent as a whole: before that nothing can acknowledge it."""
        index = number // self.collection_size
        return index < self.begun and (index not in self.outstanding or self.outstanding[index].sent)


class Timers:
    """Deadlines of collections. One that was changed or disarmed stays in the heap, and is passed over there."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Collection]] = []
        self._armed = 0

    def arm(self, collection: Collection, deadline: int) -> None:
        collection.deadline = deadline
        self._armed += 1
        heapq.heappush(self._heap, (deadline, self._armed, collection))

    def earliest(self) -> int | None:
        while self._heap and self._heap[0][2].deadline != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def expire(self, now: int) -> list[Collection]:
        """Disarms those whose deadline has come."""
        expired = []
        while (deadline := self.earliest()) is not None and deadline <= now:
            collection = heapq.heappop(self._heap)[2]
            collection.deadline = None
            expired.append(collection)
        return expired


class Sender:
    """Sends the messages of one host until all their collections are acknowledged."""

    def __init__(self, nic: Host) -> None:
        self.timers = Timers()
        self._nic = nic
        self._window = nic.setting.configuration['emp.window']
        self._timeout = nic.setting.configuration['emp.timeout']
        self._retries = nic.setting.configuration['emp.retries']
        self._given_up: set[int] = set()
        """Nodes that did not answer as often as ``emp.retries`` says (R23)."""
        self._timeout_cap = nic.setting.configuration['emp.timeout-cap']
        self._next_id = dict.fromkeys(nic.setting.hosts, nic.setting.configuration['emp.first-message'])
        self._messages: dict[tuple[int, int], Outgoing] = {}

    def post(self, request: Request, now: int) -> None:
        """The doorbell of a send rang: the message gets the next ID to its destination (R5), its first window goes."""
        if request.peer in self._given_up:
            self._nic.complete_later(request, 'failed', request.pages.total)
            return
        number = self._next_id[request.peer]
        self._next_id[request.peer] = (number + 1) % MESSAGE_IDS
        total = request.pages.total
        header = MessageHeader(total, self._nic.cutting.frames(total), request.tag)
        message = Outgoing(request, number, header, self._nic.collection_size)
        self._messages[request.peer, number] = message
        self._open_window(message)

    def acknowledge(self, frame: Frame, now: int) -> None:
        """An acknowledgement came; it stands for the whole collection of its frame (E15)."""
        message = self._messages.get((frame.sender, frame.message))
        if message is None or not message.has_sent(frame.number):
            self._nic.drop('stray-acknowledgement')
            return
        collection = message.outstanding.pop(frame.number // message.collection_size, None)
        if collection is None:
            return  # It is not the first to come for this collection.
        collection.end()
        self._start_timeouts_anew(message, now)
        self._open_window(message)
        if not message.outstanding:
            del self._messages[frame.sender, frame.message]
            self._nic.complete_later(message.request, 'done', message.header.total)

    def wake(self, now: int) -> None:
        """Timers have run out."""
        for collection in self.timers.expire(now):
            self._nic.activities.add(Activity.TIMER, partial(self._expire, collection))

    def _open_window(self, message: Outgoing) -> None:
        """Begins collections while fewer than the window are not acknowledged (R20)."""
        while len(message.outstanding) < self._window and message.begun < message.collections:
            first = message.begun * message.collection_size
            last = min(first + message.collection_size, message.header.frames) - 1
            collection = Collection(message, first, last, self._timeout)
            message.outstanding[message.begun] = collection
            message.begun += 1
            self._send(collection)

    def _send(self, collection: Collection) -> None:
        for number in range(collection.first, collection.last + 1):
            self._nic.activities.add(Activity.TRANSMIT, partial(self._transmit, collection, number))

    def _transmit(self, collection: Collection, number: int, now: int) -> None:
        # The memory of a message that is done is no longer ours to read.
        if collection.over:
            return
        message, request = collection.message, collection.message.request
        offset, length = self._nic.cutting.span(message.header.total, number)
        header = message.header if number == 0 else None
        self._nic.send(request.peer, DATA, message.id, number, header, request.pages.read(offset, length))
        if number == collection.last:
            collection.sent = True
            self.timers.arm(collection, now + collection.timeout)

    def _expire(self, collection: Collection, now: int) -> None:
        """The timer of a collection ran out: all of its frames go again (E17), and next time it waits longer (R20)."""
        if collection.over:
            return
        if self._retries and collection.repetitions == self._retries:
            self._give_up(collection.message.request.peer)
            return
        collection.repetitions += 1
        collection.timeout = min(2 * collection.timeout, self._timeout_cap)
        self._send(collection)

    def _give_up(self, peer: int) -> None:
        """All that is under way to a node that does not answer fails, as will what is posted for it later (R23)."""
        self._given_up.add(peer)
        for node, number in [key for key in self._messages if key[0] == peer]:
            message = self._messages.pop((node, number))
            for collection in message.outstanding.values():
                collection.end()
            self._nic.complete_later(message.request, 'failed', message.header.total)

    def _start_timeouts_anew(self, message: Outgoing, now: int) -> None:
        """The peer is there: whoever waits longer than the first timeout by now waits no longer than that (R20)."""
        for collection in message.outstanding.values():
            collection.repetitions = 0
            if collection.timeout > self._timeout:
                collection.timeout = self._timeout
                if collection.deadline is not None and collection.deadline > now + self._timeout:
                    self.timers.arm(collection, now + self._timeout)

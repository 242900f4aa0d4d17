"""The receiving side of the NIC: which receive takes which message, and what is acknowledged."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from activities import Activity
from descriptors import Request
from frames import ACKNOWLEDGEMENT, Frame, MessageHeader
from sending import MESSAGE_IDS
from viaduct import EMP_ANY

if TYPE_CHECKING:
    from host import Host


class Transfer:
    """A message that goes into a receive, with what of it has arrived."""

    def __init__(self, header: MessageHeader, receive: Request, collection_size: int) -> None:
        self.total = header.total
        self.receive = receive
        self.arrived = bytearray(header.frames)
        """One octet for each frame, 1 if it is in the memory of the host: frames are marked, not counted (R9)."""
        self._collection_size = collection_size

    def has_collection_of(self, number: int) -> bool:
        """Whether all frames of the collection of this frame have arrived."""
        first = number - number % self._collection_size
        return 0 not in self.arrived[first : first + self._collection_size]

    def is_whole(self) -> bool:
        return 0 not in self.arrived


class Incoming:
    """A message that is not finished: unknown without a header, waiting without a transfer, else active (R5)."""

    def __init__(self) -> None:
        self.header: MessageHeader | None = None
        self.transfer: Transfer | None = None


class Peer:
    """What is known of another host (R5): messages up to ``highest`` are done unless they are ``unfinished``."""

    def __init__(self, node: int, highest: int) -> None:
        self.node = node
        self.highest = highest
        self.unfinished: dict[int, Incoming] = {}
        """In the order of their IDs, since IDs are only ever added at the end."""

    def waiting(self) -> Iterator[tuple[MessageHeader, Incoming]]:
        """Those that wait for a receive, in the order of their IDs; none behind one whose header has not come (R6)."""
        for message in self.unfinished.values():
            if message.header is None:
                return
            if message.transfer is None:
                yield message.header, message


class Receiver:
    """Matches the messages that come in with the receives of one host."""

    def __init__(self, nic: Host) -> None:
        configuration = nic.setting.configuration
        before_first = (configuration['emp.first-message'] - 1) % MESSAGE_IDS
        self._nic = nic
        self._peers = {node: Peer(node, before_first) for node in nic.setting.hosts}
        self._receives: list[Request] = []
        """Those that no message has taken, in the order of posting."""
        # A peer has no more outstanding than it has descriptors; we take it to have as many as in the paper at least.
        self._unfinished_most = max(640, configuration['emp.descriptors'])

    def post(self, receive: Request, now: int) -> None:
        """The doorbell of a receive rang: from now on it takes messages, first of all one that waits (R7)."""
        self._receives.append(receive)
        for peer in self._peers_named(receive.peer):
            self._match(peer)

    def withdraw(self, receive: Request, now: int) -> None:
        """A receive was cancelled, which has an effect only if no message has taken it (R24)."""
        if receive in self._receives:
            self._receives.remove(receive)
            self._nic.complete_later(receive, 'cancelled', 0)

    def find(self, source: int, tag: int) -> tuple[int, MessageHeader] | None:
        """The message that a receive posted now for this node and tag, or any, would take (R24), and where it is from."""
        for peer in self._peers_named(source):
            for header, _ in peer.waiting():
                if tag in (header.tag, EMP_ANY):
                    return peer.node, header
        return None

    def _peers_named(self, node: int) -> list[Peer]:
        return list(self._peers.values()) if node == EMP_ANY else [self._peers[node]]

    def take(self, frame: Frame, now: int) -> None:
        """A data frame came from a known sender."""
        peer = self._peers[frame.sender]
        message = peer.unfinished.get(frame.message)
        if not self._nic.cutting.allows(frame, message.header if message else None):
            return self._nic.drop('malformed')
        if message is None:
            ahead = (frame.message - peer.highest) % MESSAGE_IDS
            if ahead == 0 or ahead >= MESSAGE_IDS // 2:
                return self._take_again(frame)
            if len(peer.unfinished) + ahead > self._unfinished_most:
                return self._nic.drop('table-full')
            message = _see(peer, ahead)
        if frame.header is not None and message.header is None:
            message.header = frame.header
            self._match(peer)
        if message.transfer is None:
            return self._nic.drop('no-receive')
        return self._nic.activities.add(Activity.DATA_WRITE, partial(self._write, message.transfer, frame))

    def _match(self, peer: Peer) -> None:
        """Binds the messages that wait to the oldest receives that name their node and tag, or any (R6, R18)."""
        for header, message in peer.waiting():
            for receive in self._receives:
                if receive.peer in (peer.node, EMP_ANY) and receive.tag in (header.tag, EMP_ANY):
                    self._receives.remove(receive)
                    receive.peer, receive.tag = peer.node, header.tag
                    message.transfer = Transfer(header, receive, self._nic.collection_size)
                    break

    def _write(self, transfer: Transfer, frame: Frame, now: int) -> None:
        """Data goes to the memory of the host; what that completes is acknowledged and told only then (R25)."""
        is_new = not transfer.arrived[frame.number]
        if is_new:
            offset, _ = self._nic.cutting.span(transfer.total, frame.number)
            transfer.receive.pages.write(offset, frame.data)
            transfer.arrived[frame.number] = 1
        else:
            self._nic.drop('duplicate')
        if transfer.has_collection_of(frame.number):
            self._acknowledge_later(frame)
        if is_new and transfer.is_whole():
            del self._peers[frame.sender].unfinished[frame.message]
            fits = transfer.total <= transfer.receive.pages.total
            self._nic.complete_later(transfer.receive, 'done' if fits else 'truncated', transfer.total)

    def _take_again(self, frame: Frame) -> None:
        """A frame of a message that is done: its sender has missed the acknowledgement (R9)."""
        self._nic.drop('duplicate')
        self._acknowledge_later(frame)

    def _acknowledge_later(self, frame: Frame) -> None:
        self._nic.activities.add(Activity.ACKNOWLEDGEMENT, partial(self._acknowledge, frame))

    def _acknowledge(self, frame: Frame, now: int) -> None:
        """Repeats message ID and number of a frame, in the name of this NIC (R3)."""
        self._nic.send(frame.sender, ACKNOWLEDGEMENT, frame.message, frame.number)


def _see(peer: Peer, ahead: int) -> Incoming:
    """Takes note of a new message, and of those before it that were not heard of yet."""
    for _ in range(ahead):
        peer.highest = (peer.highest + 1) % MESSAGE_IDS
        peer.unfinished[peer.highest] = Incoming()
    return peer.unfinished[peer.highest]

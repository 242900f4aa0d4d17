"""What the host hands over: memory cut at pages, requests, and the descriptors that sends and receives share."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Sequence

from viaduct import Completion, Piece, Refusal

_SLOT = 20
_DESCRIPTOR = struct.Struct('>QIHHHH')
"""addr, totlen, stat, len, peer and tag (E40)."""
_CHAIN_ENTRY = struct.Struct('>QH')
_STAT_AT = 12
_OF_NIC = 1
_OF_HOST = 2

_CHAIN_PIECES = 7
_INDIRECT_ENTRY = 10


class Pages:
    """The memory of a message: pieces that do not cross pages, for an address names one physical page (E48, R15)."""

    def __init__(self, pieces: Sequence[Piece], page: int) -> None:
        self.pieces: list[Piece] = []
        self._starts: list[int] = []
        self.total = 0
        for octets, address, locked in pieces:
            while octets:
                room = page - address % page
                self.pieces.append(Piece(octets[:room], address, locked))
                self._starts.append(self.total)
                self.total += len(octets[:room])
                octets, address = octets[room:], address + room

    def read(self, offset: int, length: int) -> bytes:
        """Gathers octets of the message."""
        return b''.join(view for _, view in self._views(offset, length))

    def write(self, offset: int, data: bytes) -> None:
        """Scatters octets of the message; what does not fit is discarded (R10)."""
        for place, view in self._views(offset, len(data)):
            view[:] = data[place : place + len(view)]

    def _views(self, offset: int, length: int) -> list[tuple[int, memoryview]]:
        """The memory of these octets of the message, each part with its place in them."""
        views = []
        at, end = offset, min(offset + length, self.total)
        index = bisect_right(self._starts, offset) - 1
        while at < end:
            within = at - self._starts[index]
            view = self.pieces[index].octets[within : within + end - at]
            views.append((at - offset, view))
            at += len(view)
            index += 1
        return views


class Request:
    """A posted send or receive; ``slots`` are the numbers of its descriptor slots.

    Peer and tag of a receive that was posted for any (R18) are those of its message once it has one.
    """

    def __init__(self, name: str, peer: int, tag: int, pages: Pages, slots: range) -> None:
        self.name = name
        self.peer = peer
        self.tag = tag
        self.pages = pages
        self.slots = slots
        self.is_send = False
        self.completion: Completion | None = None
        """Set when the NIC has handed the descriptor back to the host."""


class DescriptorPool:
    """The descriptors in the memory of the NIC (E41)."""

    def __init__(self, count: int, page: int) -> None:
        self._octets = bytearray(count * _SLOT)
        self._free = bytearray(b'\1' * count)
        self._page = page

    def post(self, name: str, peer: int, tag: int, pieces: Sequence[Piece]) -> Request:
        """Fills descriptors for a request and hands them to the NIC, or refuses without any effect."""
        pages = Pages(pieces, self._page)
        if not all(piece.locked for piece in pieces):
            raise Refusal('not-locked')
        if len(pages.pieces) > self._page // _INDIRECT_ENTRY:
            raise Refusal('too-many-pieces')
        slots = self._take(_slots_for(len(pages.pieces)))
        request = Request(name, peer, tag, pages, slots)
        self._fill(request)
        # Ownership passes with the last write.
        self._write_stat(request, _OF_NIC)
        return request

    def hand_back(self, request: Request) -> None:
        """The NIC gives the descriptor back to the host, by a write to ``stat`` (E43)."""
        self._write_stat(request, _OF_HOST)

    def release(self, request: Request) -> None:
        """The host has seen the request done; only now its slots are free again (R17)."""
        self._free[request.slots.start : request.slots.stop] = b'\1' * len(request.slots)

    def octets(self, request: Request) -> bytes:
        """The slots of a request as they stand in the memory of the NIC."""
        return bytes(self._octets[request.slots.start * _SLOT : request.slots.stop * _SLOT])

    def _take(self, count: int) -> range:
        """So many slots that lie next to each other: all or none (R13, R16)."""
        start = self._free.find(b'\1' * count)
        if start == -1:
            raise Refusal('no-descriptor')
        self._free[start : start + count] = bytes(count)
        return range(start, start + count)

    def _fill(self, request: Request) -> None:
        pieces = [(piece.address, len(piece.octets)) for piece in request.pages.pieces]
        if len(pieces) > _CHAIN_PIECES:
            # The address of the page of entries that belongs to the slot; it is never read, since this NIC looks up the
            # pieces in the request.
            pieces = [(request.slots.start * self._page, len(pieces) * _INDIRECT_ENTRY)]
        (address, length), *others = pieces or [(0, 0)]
        at = request.slots.start * _SLOT
        stat = int.from_bytes(self._octets[at + _STAT_AT : at + _STAT_AT + 2], 'big')
        _DESCRIPTOR.pack_into(self._octets, at, address, request.pages.total, stat, length, request.peer, request.tag)
        for place, entry in enumerate(others):
            _CHAIN_ENTRY.pack_into(self._octets, at + _SLOT + place * _CHAIN_ENTRY.size, *entry)

    def _write_stat(self, request: Request, stat: int) -> None:
        at = request.slots.start * _SLOT + _STAT_AT
        self._octets[at : at + 2] = stat.to_bytes(2, 'big')


def _slots_for(pieces: int) -> int:
    """One for a single piece (E44), up to four for a chain of two to seven (E45), and one again beyond (E46)."""
    return 1 if pieces <= 1 or pieces > _CHAIN_PIECES else 1 + pieces // 2

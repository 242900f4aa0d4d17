"""What is on the wire: the octets of frames (profile emp-1, R1), and how a message is cut into them (R2)."""

from __future__ import annotations

import struct
from typing import NamedTuple

DATA = 1
ACKNOWLEDGEMENT = 2

_ETHERTYPE = 0x88B5
_FRAME_HEADER = struct.Struct('>6s6sHHHHIH')
"""Destination, source and ethertype of Ethernet; then sender, type, length, message and number of EMP."""
_MESSAGE_HEADER = struct.Struct('>IHH')
_LEAST = 14 + 46


class MessageHeader(NamedTuple):
    """What the first frame says of its message (E3)."""

    total: int
    frames: int
    tag: int


class Frame(NamedTuple):
    """A frame, taken apart (E2)."""

    destination: bytes
    source: bytes
    sender: int
    type: int
    length: int
    message: int
    number: int
    header: MessageHeader | None = None
    data: bytes = b''
    """As many octets as ``length`` says, or fewer if the frame is too short for them."""


def parse(octets: bytes) -> Frame | None:
    """The frame, as far as its headers can be read; None if they cannot."""
    if len(octets) < _FRAME_HEADER.size:
        return None
    destination, source, ethertype, sender, kind, length, message, number = _FRAME_HEADER.unpack_from(octets)
    if ethertype != _ETHERTYPE:
        return None
    header, start = None, _FRAME_HEADER.size
    if kind == DATA and number == 0:
        if len(octets) < start + _MESSAGE_HEADER.size:
            return None
        header = MessageHeader(*_MESSAGE_HEADER.unpack_from(octets, start))
        start += _MESSAGE_HEADER.size
    return Frame(destination, source, sender, kind, length, message, number, header, octets[start : start + length])


def emit(frame: Frame) -> bytes:
    """The octets of a frame, padded to what Ethernet wants at least."""
    octets = _FRAME_HEADER.pack(
        frame.destination, frame.source, _ETHERTYPE, frame.sender, frame.type, frame.length, frame.message, frame.number
    )
    if frame.header is not None:
        octets += _MESSAGE_HEADER.pack(*frame.header)
    return (octets + frame.data).ljust(_LEAST, b'\0')


class Cutting(NamedTuple):
    """How messages are cut: every frame but the last is full, and the first has 8 octets less because of its header."""

    mtu: int

    def frames(self, total: int) -> int:
        """The number of frames of a message of so many octets."""
        beyond = total - self._first
        return 1 if beyond <= 0 else 1 + -(-beyond // self._other)

    def span(self, total: int, number: int) -> tuple[int, int]:
        """Offset and length of what a frame carries."""
        if number == 0:
            return 0, min(total, self._first)
        offset = self._first + (number - 1) * self._other
        return offset, min(total - offset, self._other)

    def allows(self, frame: Frame, known: MessageHeader | None) -> bool:
        """Whether a data frame is well formed (R12); ``known`` is what an earlier first frame said of its message."""
        if len(frame.data) < frame.length:
            return False
        if frame.header is not None:
            total, frames, _ = frame.header
            consistent = frames == self.frames(total) and frame.length == self.span(total, 0)[1]
            return consistent and known in (None, frame.header)
        if known is None:
            return 0 < frame.length <= self._other
        return frame.number < known.frames and frame.length == self.span(known.total, frame.number)[1]

    @property
    def _first(self) -> int:
        return self.mtu - 20

    @property
    def _other(self) -> int:
        return self.mtu - 12

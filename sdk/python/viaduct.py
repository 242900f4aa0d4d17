"""The SDK for adapters in Python: it speaks viaduct's adapter protocol, you fill in the calls of your implementation.

One file, standard library only, Python 3.9 or newer. An adapter is a class and a line::

    import viaduct

    class Host(viaduct.Endpoint):
        def call(self, call, now):
            raise viaduct.Refusal('unsupported')

    viaduct.serve(viaduct.Facts(name='my-emp', version='1.0', vendor='me', interfaces=['emp']), Host)

What you give

``Facts``
    who your implementation is and what it declares of itself.
``Endpoint``
    one host with its NIC. Derive from it; an object of your class lives for one world and is replaced at its end, so
    that nothing is left over for the next case. Override ``open``, ``close``, ``call``, and as far as they concern you
    ``frame``, ``wake``, ``runnable`` and ``run``.

What you get

``Endpoint.setting``
    node, hosts, configuration and seed of the world.
``Endpoint.memory``
    the buffers of the host program. All calls on memory are answered for you; the ranges of EMP's calls arrive as
    ``Piece``, with a memoryview of the octets.
``emit_frame``, ``emit_return``, ``emit_event``
    say what your implementation did, in the order in which it did it. ``wake_at`` is when it next wants to be woken.

What is done for you: lines and their limits, versions, unknown operations and members, requests that follow each other
without waiting, and exceptions (each is answered as an error with its traceback, which the harness takes for a crash).
Whatever your code or a library prints goes to standard error, where the harness keeps it: it cannot disturb the
protocol.

Times are integers in nanoseconds. With ``clock='virtual'`` they are the harness' own, and everything happens in one
thread. With ``clock='real'`` see ``Endpoint.call``.
"""

from __future__ import annotations

import binascii
import ctypes
import functools
import io
import json
import os
import queue
import struct
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable, Literal, NamedTuple, Optional, TypeVar, Union

LINE_OCTETS_MAX = 1_048_576
"""The longest line, without its newline."""

READ_OCTETS_MAX = 4096
"""The most octets that one ``memory.read`` may return."""

Status = Literal['ok', 'pending', 'no-descriptor', 'too-many-pieces', 'not-locked', 'invalid', 'unsupported']
"""How a call returns. Everything but ``ok`` and ``pending`` is a refusal."""

Octets = Union[bytes, bytearray, memoryview]
_Members = dict[str, Any]
_T = TypeVar('_T')


# --- what you declare ------------------------------------------------------------------------------------------------


class Value(NamedTuple):
    """A limit or a setting: fixed at ``value``, or settable from ``least`` to ``most`` if these are given."""

    value: int
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Facts:
    """Who the implementation is and what it declares of itself: its PICS.

    Options and values, with what each means, are listed in ``spec/pics``. An option that is absent is false. What is
    truthfully absent is not applicable in the report, and never a failure.
    """

    name: str
    version: str
    vendor: str
    interfaces: Sequence[Literal['emp', 'via']]
    clock: Literal['virtual', 'real'] = 'virtual'
    """``virtual``: the implementation is told the time. ``real``: it runs on its own."""
    wire: Literal['frames', 'none'] = 'none'
    """``frames``: every frame passes through the harness. ``none``: the wire is hidden."""
    profile: str | None = None
    """The layout of the frames, such as ``emp-1``."""
    options: Mapping[str, bool] = field(default_factory=dict)
    values: Mapping[str, Value] = field(default_factory=dict)
    worlds: int = 1
    """Virtual clock: how many worlds can be open at once. With more than one a run is faster, since the harness asks of one
    world while it judges another. All that a world knows must then hang on its endpoints: nothing in globals."""

    def greeting(self) -> _Members:
        """The members of the answer to hello, but for protocol and nonce."""
        values: _Members = {}
        for key, (value, least, most) in self.values.items():
            settable = {} if least is None or most is None else {'settable': {'least': least, 'most': most}}
            values[key] = {'value': value, **settable}
        return {
            'name': self.name,
            'version': self.version,
            'vendor': self.vendor,
            'interfaces': list(self.interfaces),
            'clock': self.clock,
            'wire': self.wire,
            **({} if self.profile is None else {'profile': self.profile}),
            **({'worlds': self.worlds} if self.worlds > 1 and self.clock == 'virtual' else {}),
            'options': dict(self.options),
            'values': values,
        }


class HostFacts(NamedTuple):
    """A host of the world, here or elsewhere."""

    node: int
    name: str
    mac: bytes


class Setting(NamedTuple):
    """What a world is like for one endpoint."""

    interface: str
    """The one that host programs call in this world, ``emp`` or ``via``."""
    node: int
    hosts: Mapping[int, HostFacts]
    """All hosts of the world by node, this one among them."""
    configuration: Mapping[str, int]
    """A number for every value that ``Facts`` declares."""
    stepped: bool
    seed: int
    """For whatever the implementation wants to vary. The addresses of buffers differ by it already."""


class Refusal(Exception):
    """Raise it in ``Endpoint.call`` to answer the call with a status other than ok: it must then have had no effect.

    ``invalid``, ``unsupported``, and for EMP ``no-descriptor``, ``too-many-pieces`` and ``not-locked``.
    """

    def __init__(self, status: Status) -> None:
        super().__init__(status)
        self.status: Status = status


# --- memory ----------------------------------------------------------------------------------------------------------


class Piece(NamedTuple):
    """A range of a buffer that a call names."""

    octets: memoryview
    """The octets themselves: to read and to write them is to read and to write the memory of the host."""
    address: int
    """A simulated address, which differs by seed and is the same in every run."""
    locked: bool
    """False: the pages are not locked for the NIC."""

    @property
    def pointer(self) -> int:
        """The address in this process, for a library in C; aligned as the simulated one is. 0 if there is no octet."""
        return _pointer(self.octets)


def _pointer(octets: memoryview) -> int:
    return ctypes.addressof(ctypes.c_char.from_buffer(octets)) if octets else 0


class Buffer:
    """Memory of the host program between two guard zones; ``octets`` and ``address`` as in ``Piece``."""

    def __init__(self, address: int, size: int, guard: int, locked: bool, align: int) -> None:
        self.address = address
        self.locked = locked
        self._guard = guard
        # So much more that the first octet can be put where it is aligned in the memory of this process as well.
        storage = bytearray(size + 2 * guard + align)
        whole = memoryview(storage)
        start = guard + (address - _pointer(whole) - guard) % align
        self.octets = whole[start : start + size]
        self._zones = ((-guard, whole[start - guard : start]), (size, whole[start + size : start + size + guard]))
        for _, zone in self._zones:
            zone[:] = _guard_zone(guard)

    @property
    def pointer(self) -> int:
        """The address of the first octet in this process, as in ``Piece``."""
        return _pointer(self.octets)

    def damaged(self) -> int | None:
        """The offset of the first octet of a guard zone that was written, or None."""
        sound = _guard_zone(self._guard)
        for offset, zone in self._zones:
            if zone != sound:
                return offset + next(i for i in range(self._guard) if zone[i] != sound[i])
        return None


class Memory:
    """The buffers of one host by name, and the answers to the calls on them."""

    def __init__(self, seed: int) -> None:
        self._buffers: dict[str, Buffer] = {}
        self._free_address = 0x10_0000_0000 + (seed * 0x9E37_79B9 % 0x1_0000) * 0x1_0000

    def buffer(self, name: str) -> Buffer:
        """The buffer of that name; refuses as ``invalid`` if there is none."""
        found = self._buffers.get(name)
        if found is None:
            raise Refusal('invalid')
        return found

    def piece(self, place: Mapping[str, Any]) -> Piece:
        """What a range names, by buffer, offset and bytes; refuses as ``invalid`` what does not lie in its buffer."""
        buffer = self.buffer(_member(place, 'buffer', str))
        offset, size = _member(place, 'offset', int), _member(place, 'bytes', int)
        if offset < 0 or size < 0 or offset + size > len(buffer.octets):
            raise Refusal('invalid')
        return Piece(buffer.octets[offset : offset + size], buffer.address + offset, buffer.locked)

    def answer(self, operation: str, members: Mapping[str, Any]) -> _Members:
        """Carries out a call on memory; returns what its return has besides the status."""
        if operation == 'memory.allocate':
            return self._allocate(members)
        if operation == 'memory.write':
            octets = self.piece(_member(members, 'at', dict)).octets
            octets[:] = _pattern_of(members, len(octets))
            return {}
        if operation == 'memory.digest':
            return {'digest': crc32c(self.piece(_member(members, 'at', dict)).octets)}
        if operation == 'memory.read':
            octets = self.piece(_member(members, 'at', dict)).octets
            if len(octets) > READ_OCTETS_MAX:
                raise Refusal('invalid')
            return {'octets': octets.hex()}
        if operation == 'memory.guards':
            return {'damaged': self.buffer(_member(members, 'buffer', str)).damaged()}
        if operation == 'memory.free':
            name = _member(members, 'buffer', str)
            self.buffer(name)
            del self._buffers[name]
            return {}
        raise Refusal('unsupported')

    def _allocate(self, members: Mapping[str, Any]) -> _Members:
        name, locked = _member(members, 'as', str), _member(members, 'locked', bool)
        size, align, offset, guard = (_member(members, each, int) for each in ('bytes', 'align', 'offset', 'guard'))
        if name in self._buffers or size < 0 or align < 1 or offset < 0 or guard < 0:
            raise Refusal('invalid')
        aligned = -(-(self._free_address + guard) // align) * align
        buffer = Buffer(aligned + offset, size, guard, locked, align)
        buffer.octets[:] = _pattern_of(members, size)
        self._buffers[name] = buffer
        self._free_address = buffer.address + size + guard
        return {}


def _pattern_of(members: Mapping[str, Any], size: int) -> bytes:
    fill = _member(members, 'fill', dict)
    return pattern(_member(fill, 'kind', str), _member(fill, 'seed', int), size)


def pattern(kind: str, seed: int, size: int) -> bytes:
    """The first ``size`` octets of a pattern: ``const``, ``ramp`` or ``prng``."""
    if kind == 'const':
        return bytes((seed & 0xFF,)) * size
    if kind == 'ramp':
        return (bytes((seed + i) & 0xFF for i in range(256)) * (size // 256 + 1))[:size]
    if kind == 'prng':
        words = -(-size // 4)
        blocks = (_prng_words(seed, first, min(_LANES, words - first)) for first in range(0, words, _LANES))
        return b''.join(blocks)[:size]
    raise ProtocolError(f'there is no pattern {kind}')


_LANES = 4096
_ONES = int.from_bytes(b'\1\0\0\0\0\0\0\0' * _LANES, 'little')
_COUNTING = int.from_bytes(struct.pack(f'<{_LANES}Q', *range(_LANES)), 'little')


def _prng_words(seed: int, first: int, count: int) -> bytes:
    """Words ``first`` to ``first + count`` of the pattern prng: all at once, each in 64 bits of one large number."""
    lanes = (1 << 64 * count) - 1
    ones = _ONES & lanes
    low = ones * 0xFFFF_FFFF
    x = ones * (seed + first * 0x9E37_79B9 & 0xFFFF_FFFF) + (_COUNTING & lanes) * 0x9E37_79B9 & low
    x ^= x >> 16 & low
    x = x * 0x85EB_CA6B & low
    x ^= x >> 13 & low
    x = x * 0xC2B2_AE35 & low
    x ^= x >> 16 & low
    return memoryview(x.to_bytes(8 * count, 'little')).cast('I')[::2].tobytes()


@functools.lru_cache(maxsize=32)
def _guard_zone(size: int) -> bytes:
    """Octets that nobody is likely to write by chance."""
    return pattern('prng', 0x6775_6172, size)


def _crc_of_octet(crc: int) -> int:
    for _ in range(8):
        crc = crc >> 1 ^ (0x82F6_3B78 if crc & 1 else 0)
    return crc


_CRC_TABLE = tuple(map(_crc_of_octet, range(256)))
_CRC_PLANES = tuple(bytes(crc >> shift & 0xFF for crc in _CRC_TABLE) for shift in (0, 8, 16, 24))
_CRC_BLOCK = 64


def crc32c(octets: Octets) -> int:
    """CRC-32C, as the digests of the protocol have it. A megabyte takes some hundredths of a second."""
    crc = 0xFFFF_FFFF
    blocks = len(octets) // _CRC_BLOCK if len(octets) >= 1024 else 0
    if blocks:
        # Each block for itself, from zero; then the register is carried over one block after the other.
        by_0, by_1, by_2, by_3 = _crc_over_block()
        for block in _crc_of_blocks(bytes(octets[: blocks * _CRC_BLOCK]), blocks):
            crc = by_0[crc & 0xFF] ^ by_1[crc >> 8 & 0xFF] ^ by_2[crc >> 16 & 0xFF] ^ by_3[crc >> 24] ^ block
    for octet in octets[blocks * _CRC_BLOCK :]:
        crc = _CRC_TABLE[(crc ^ octet) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFF_FFFF


def _crc_of_blocks(octets: bytes, blocks: int) -> tuple[int, ...]:
    """The register after each block, all in step: ``state`` has the lowest octet of each, then the second of each."""
    state, lowest, width = 0, (1 << 8 * blocks) - 1, 8 * blocks
    for place in range(_CRC_BLOCK):
        row = int.from_bytes(octets[place::_CRC_BLOCK], 'little')
        index = (state & lowest ^ row).to_bytes(blocks, 'little')
        state = state >> width ^ int.from_bytes(b''.join(index.translate(plane) for plane in _CRC_PLANES), 'little')
    planes, registers = state.to_bytes(4 * blocks, 'little'), bytearray(4 * blocks)
    for plane in range(4):
        registers[plane::4] = planes[plane * blocks : (plane + 1) * blocks]
    return struct.unpack(f'<{blocks}I', registers)


@functools.cache
def _crc_over_block() -> tuple[tuple[int, ...], ...]:
    """What a block of zeros makes of a register, for each value of each of its four octets."""

    def carried(crc: int) -> int:
        for _ in range(_CRC_BLOCK):
            crc = _CRC_TABLE[crc & 0xFF] ^ crc >> 8
        return crc

    return tuple(tuple(carried(octet << shift) for octet in range(256)) for shift in (0, 8, 16, 24))


# --- calls -----------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class Call:
    """A call of the host program. Return it once, with ``emit_return``, when it is done."""

    id: int
    thread: int
    """The thread of the host program that calls; 0 is the main thread."""
    returned: bool = field(default=False, init=False, repr=False)


@dataclass(eq=False)
class Isend(Call):
    """Posts a message of all pieces, in order, to a node; to be returned at once. ``name`` is that of the request."""

    name: str
    to: int
    tag: int
    pieces: Sequence[Piece]


@dataclass(eq=False)
class Irecv(Call):
    """Posts a receive for a message of a node with a tag, to be scattered over the pieces; to be returned at once."""

    name: str
    source: int
    tag: int
    pieces: Sequence[Piece]


@dataclass(eq=False)
class Test(Call):
    """Polls a request: return ``ok`` with its completion, or ``pending``. A request that was seen done is gone."""

    request: str


@dataclass(eq=False)
class Wait(Call):
    """Return it when the request is done, with its completion."""

    request: str


@dataclass(eq=False)
class Waitall(Call):
    """Return it when all requests are done, with their completions in the order asked."""

    requests: Sequence[str]


@dataclass(eq=False)
class Testall(Call):
    """Return ``ok`` with the completions in the order asked if all are done, else ``pending``, and none has been seen.

    It comes only if the option ``emp.mpi`` is declared.
    """

    requests: Sequence[str]


@dataclass(eq=False)
class Waitany(Call):
    """Return it when one of the requests is done, with the completion of that one. Needs the option ``emp.mpi``."""

    requests: Sequence[str]


@dataclass(eq=False)
class Cancel(Call):
    """Withdraws a receive that no message has taken; to be returned at once. Needs the option ``emp.cancel``.

    What became of it is what its completion says: ``cancelled``, or as if nothing had been asked.
    """

    request: str


@dataclass(eq=False)
class Probe(Call):
    """Return ``ok`` with ``message``, a mapping of peer, tag and bytes, or ``pending``. Needs the option ``emp.probe``."""

    source: int
    tag: int


@dataclass(eq=False)
class Configure(Call):
    """Changes the unit of acknowledgement, while no message is in flight."""

    collection: int


@dataclass(eq=False)
class Counters(Call):
    """Wants ``counters``, by reason. It comes only if the option ``emp.counters`` is declared."""


@dataclass(eq=False)
class DescriptorOctets(Call):
    """Wants ``octets``: the descriptor slots of a request. It comes only if ``emp.descriptors`` is declared."""

    request: str


@dataclass(eq=False)
class ViaCall(Call):
    """A call of VIPL by its name, or one on descriptors. The schema of the protocol says what its members are."""

    operation: str
    members: Mapping[str, Any]


EMP_ANY = 0xFFFF
"""As the peer or the tag of a receive or a probe: any. Needs the option ``emp.wildcards``; it is no peer and no tag."""


class Completion(NamedTuple):
    """A finished request of EMP."""

    request: str
    outcome: Literal['done', 'truncated', 'failed', 'cancelled']
    """``truncated``: the message was longer than the receive. ``failed``: the peer was given up."""
    bytes: int
    """The length of the whole message, also if it was truncated."""
    peer: int
    tag: int


VIP_RETURNS = (
    'VIP_SUCCESS',
    'VIP_NOT_DONE',
    'VIP_INVALID_PARAMETER',
    'VIP_ERROR_RESOURCE',
    'VIP_TIMEOUT',
    'VIP_REJECT',
    'VIP_INVALID_RELIABILITY_LEVEL',
    'VIP_INVALID_MTU',
    'VIP_INVALID_QOS',
    'VIP_INVALID_PTAG',
    'VIP_INVALID_RDMAREAD',
    'VIP_DESCRIPTOR_ERROR',
    'VIP_INVALID_STATE',
    'VIP_ERROR_NAMESERVICE',
    'VIP_NO_MATCH',
    'VIP_NOT_REACHABLE',
    'VIP_ERROR_NOT_SUPPORTED',
)
"""The names of VIP_RETURN, each at its value."""


def vip(code: int | str, **members: Any) -> Mapping[str, Any]:
    """What a call of VIPL answered, for ``emit_return(call, vip=...)``: ``vip(0, state='idle')``.

    The code goes by value or by name, with what came with it. A value that is no VIP_RETURN is told as ``unknown``.
    """
    if isinstance(code, int):
        code = VIP_RETURNS[code] if 0 <= code < len(VIP_RETURNS) else 'unknown'
    return {'code': code, **members}


_OPTION_OF = {
    'emp.counters': 'emp.counters',
    'emp.descriptor': 'emp.descriptors',
    'emp.testall': 'emp.mpi',
    'emp.waitany': 'emp.mpi',
    'emp.cancel': 'emp.cancel',
    'emp.probe': 'emp.probe',
}
"""The option without which a call does not come."""


def _parse_call(members: Mapping[str, Any], memory: Memory) -> Call | None:
    """The call as an object, or None if there is no such operation. Refuses pieces that do not lie in their buffers."""
    operation = _member(members, 'operation', str)
    base = _member(members, 'id', int), _member(members, 'thread', int)
    if operation == 'emp.isend':
        return Isend(*base, _member(members, 'as', str), _member(members, 'to', int), *_tag_and_pieces(members, memory))
    if operation == 'emp.irecv':
        source = _member(members, 'from', int)
        return Irecv(*base, _member(members, 'as', str), source, *_tag_and_pieces(members, memory))
    if operation == 'emp.test':
        return Test(*base, _member(members, 'request', str))
    if operation == 'emp.wait':
        return Wait(*base, _member(members, 'request', str))
    if operation == 'emp.waitall':
        return Waitall(*base, tuple(_member(members, 'requests', list)))
    if operation == 'emp.testall':
        return Testall(*base, tuple(_member(members, 'requests', list)))
    if operation == 'emp.waitany':
        return Waitany(*base, tuple(_member(members, 'requests', list)))
    if operation == 'emp.cancel':
        return Cancel(*base, _member(members, 'request', str))
    if operation == 'emp.probe':
        return Probe(*base, _member(members, 'from', int), _member(members, 'tag', int))
    if operation == 'emp.configure':
        return Configure(*base, _member(members, 'collection', int))
    if operation == 'emp.counters':
        return Counters(*base)
    if operation == 'emp.descriptor':
        return DescriptorOctets(*base, _member(members, 'request', str))
    if operation.startswith(('Vip', 'descriptor.')):
        return ViaCall(*base, operation, members)
    return None


def _tag_and_pieces(members: Mapping[str, Any], memory: Memory) -> tuple[int, Sequence[Piece]]:
    return _member(members, 'tag', int), tuple(map(memory.piece, _member(members, 'pieces', list)))


# --- what you fill in ------------------------------------------------------------------------------------------------


class Endpoint:
    """One host with its NIC, in one world.

    An object is made when the harness opens a world, and another in its place when it resets it: override ``open``, not
    ``__init__``, and never mind what was before.
    """

    wake_at: int | None = None
    """Virtual clock: when the earliest deadline comes, or None. Set it whenever that changes."""

    def __init__(self, setting: Setting, emit: Callable[[_Members], None]) -> None:
        """Called by the SDK."""
        self.setting = setting
        self.memory = Memory(setting.seed)
        self._emit = emit

    def open(self) -> None:
        """The world begins. Prepare whatever this endpoint needs."""

    def close(self) -> None:
        """The world is over: stop its threads, give back what it holds. What is emitted from here on is thrown away."""

    def call(self, call: Call, now: int) -> None:
        """The host program calls; tell which call it is by ``isinstance``.

        With the virtual clock, call ``emit_return`` now, or keep the call and return it later. With the real clock this
        may block until the call is done: calls of each thread of the host program come on a thread of their own, in
        order, and any thread may emit. Raise ``Refusal`` for a call that is refused.
        """
        raise Refusal('unsupported')

    def frame(self, octets: bytes, now: int) -> None:
        """The link hands a frame to the NIC: from the destination address to the last octet before the FCS.

        Real clock: frames come in order on one thread of their own.
        """

    def wake(self, now: int) -> None:
        """Virtual clock: the instant ``wake_at`` has come. It does no harm if there is nothing to do."""

    def runnable(self) -> Sequence[int]:
        """Virtual clock: the internal activities that could go next, as small integers of your own choosing.

        Override it and ``run`` if you declare the option ``stepped``. Then ``call``, ``frame`` and ``wake`` only make
        activities runnable. In a world that is not stepped the SDK runs the first of them, again and again until there
        is none: one code path for both.
        """
        return ()

    def run(self, activity: int, now: int) -> None:
        """This activity goes, once."""

    def emit_frame(self, octets: Octets) -> None:
        """The NIC sends a frame: from the destination address to the last octet before the FCS."""
        self._emit({'kind': 'frame', 'octets': binascii.b2a_base64(octets, newline=False).decode('ascii')})

    def emit_return(
        self,
        call: Call,
        status: Status = 'ok',
        *,
        completions: Sequence[Completion] | None = None,
        counters: Mapping[str, int] | None = None,
        octets: Octets | None = None,
        message: Mapping[str, int] | None = None,
        vip: Mapping[str, Any] | None = None,
        control: Mapping[str, int] | None = None,
    ) -> None:
        """The call returns. What a return has besides its status depends on the call; ``pending`` is for tests and ``Probe``."""
        if call.returned:
            raise RuntimeError(f'call {call.id} was returned before')
        call.returned = True
        members: _Members = {'kind': 'return', 'id': call.id, 'status': status}
        if completions is not None:
            members['completions'] = [completion._asdict() for completion in completions]
        if octets is not None:
            members['octets'] = bytes(octets).hex()
        for name, value in (('counters', counters), ('message', message), ('vip', vip), ('control', control)):
            if value is not None:
                members[name] = value
        self._emit(members)

    def emit_event(self, event: str, **members: Any) -> None:
        """The implementation tells something unasked, as ``via.error``."""
        self._emit({'kind': 'event', 'event': event, **members})

    def emit_completion(self, completion: Completion) -> None:
        """Option ``emp.completion-events``: the NIC hands a descriptor back. The host has not seen it by that."""
        self.emit_event('emp.completion', **completion._asdict())


# --- the protocol ----------------------------------------------------------------------------------------------------


class ProtocolError(Exception):
    """A request that is none, or that asks for what cannot be."""


_NOUNS: Mapping[type, str] = {int: 'integer', str: 'text', dict: 'object', list: 'list', bool: 'boolean'}


def _member(members: Mapping[str, Any], name: str, kind: type[_T]) -> _T:
    value = members.get(name)
    if type(value) is kind:
        return value
    raise ProtocolError(f'{name} is {"no " + _NOUNS[kind] if name in members else "missing"}')


class _Pipe:
    """Lines to the harness from whatever thread, gathered until ``flush``."""

    def __init__(self, descriptor: int) -> None:
        self.lock = threading.RLock()
        self._descriptor = descriptor
        self._lines: list[str] = []
        self._write = json.JSONEncoder(separators=(',', ':')).encode

    def say(self, line: _Members) -> None:
        text = self._write(line)
        if len(text) > LINE_OCTETS_MAX:
            message = f'a line of {len(text)} octets, at most {LINE_OCTETS_MAX} are allowed'
            text = self._write({'id': line.get('id'), 'error': {'message': message}})
        with self.lock:
            self._lines.append(text + '\n')

    def flush(self) -> None:
        with self.lock:
            octets = ''.join(self._lines).encode('ascii')
            self._lines.clear()
            while octets:
                octets = octets[os.write(self._descriptor, octets) :]


def _lines_of(descriptor: int, before_waiting: Callable[[], None]) -> Iterator[bytes | None]:
    """Lines that come in, None for one that is too long; ``before_waiting`` is called when no whole line is left."""
    rest, skipping = b'', False
    while True:
        before_waiting()
        octets = os.read(descriptor, 65536)
        if not octets:
            return
        *lines, rest = (rest + octets).split(b'\n')
        for line in lines:
            if not skipping:
                yield line if len(line) <= LINE_OCTETS_MAX else None
            skipping = False
        if len(rest) > LINE_OCTETS_MAX and not skipping:
            skipping = True
            yield None
        if skipping:
            rest = b''


_Operation = Callable[[_Members], Optional[_Members]]
"""Carries out a request; returns the members of its answer, or None if it has answered already."""


class _World:
    """The endpoints between one open or reset and the next."""

    def __init__(self, request: Mapping[str, Any]) -> None:
        self.request = request
        self.endpoints: dict[int, Endpoint] = {}
        self.workers: dict[tuple[int, object], _Worker] = {}
        self.over = False

    def settings(self, seeds: Mapping[int, int]) -> Iterator[Setting]:
        """What the request to open says of each endpoint, with other seeds where such are given."""
        hosts = {}
        for each in _member(self.request, 'hosts', list):
            node, mac = _member(each, 'node', int), bytes.fromhex(_member(each, 'mac', str))
            hosts[node] = HostFacts(node, _member(each, 'name', str), mac)
        for each in _member(self.request, 'endpoints', list):
            node, seed = _member(each, 'node', int), _member(each, 'seed', int)
            configuration, stepped = _member(each, 'configuration', dict), _member(each, 'stepped', bool)
            interface = _member(self.request, 'interface', str)
            yield Setting(interface, node, hosts, configuration, stepped, seeds.get(node, seed))


class _Service:
    """Answers requests: what both clocks have in common."""

    def __init__(self, facts: Facts, kind: type[Endpoint], pipe: _Pipe) -> None:
        self.facts = facts
        self.pipe = pipe
        self.ended = False
        self._kind = kind
        # Those that can be open at once, by their numbers.
        self._worlds = [_World({}) for _ in range(facts.worlds if facts.clock == 'virtual' else 1)]
        self._operations: dict[str, _Operation] = {
            'hello': self._hello,
            'open': self._open,
            'reset': self._reset,
            'close': self._close,
        }

    def answer(self, line: bytes | None) -> None:
        """Answers one line, None being one that was too long."""
        request_id = None
        try:
            request = _parse_request(line)
            request_id = request['id']
            operation = self._operations.get(request['op'])
            if operation is None:
                self.pipe.say({'id': request_id, 'unsupported': f'there is no operation {request["op"]}'})
                return
            ok = operation(request)
            if ok is not None:
                self.pipe.say({'id': request_id, 'ok': ok})
        except Exception as error:
            self.tell_failure(request_id, error)

    def tell_failure(self, request_id: int | None, error: Exception) -> None:
        message = str(error) if isinstance(error, ProtocolError) else f'{type(error).__name__}: {error}'
        self.pipe.say({'id': request_id, 'error': {'message': message, 'stack': traceback.format_exc()}})

    def make_emit(self, node: int, world: _World) -> Callable[[_Members], None]:
        raise NotImplementedError

    def endpoint_of(self, request: Mapping[str, Any]) -> Endpoint:
        node, endpoints = _member(request, 'endpoint', int), self._worlds[self._number_of(request)].endpoints
        if node not in endpoints:
            raise ProtocolError(f'no endpoint {node} is open')
        return endpoints[node]

    def refuse_or_call(self, endpoint: Endpoint, members: _Members, make: Callable[[Call], None]) -> None:
        """Answers a call on memory, or one that is refused before it is made; hands any other to ``make``."""
        operation = _member(members, 'operation', str)
        reply: _Members = {'kind': 'return', 'id': _member(members, 'id', int), 'status': 'ok'}
        try:
            if operation.startswith('memory.'):
                reply.update(endpoint.memory.answer(operation, members))
            else:
                call = _parse_call(members, endpoint.memory) if self._offers(operation) else None
                if call is not None:
                    make(call)
                    return
                reply['status'] = 'unsupported'
        except Refusal as refusal:
            reply['status'] = refusal.status
        endpoint._emit(reply)

    def _offers(self, operation: str) -> bool:
        option = _OPTION_OF.get(operation)
        if option is not None:
            return self.facts.options.get(option, False)
        return ('emp' if operation.startswith('emp.') else 'via') in self.facts.interfaces

    def _hello(self, request: _Members) -> _Members:
        if 1 not in _member(request, 'protocols', list):
            raise ProtocolError(f'only protocol 1 is spoken here, not {request["protocols"]}')
        return {'protocol': 1, 'nonce': _member(request, 'nonce', str), **self.facts.greeting()}

    def _number_of(self, request: _Members) -> int:
        """Which world a request is about: the first unless it says so."""
        number = _member(request, 'world', int) if 'world' in request else 0
        if not 0 <= number < len(self._worlds):
            raise ProtocolError(f'there is no world {number} here')
        return number

    def _open(self, request: _Members) -> _Members:
        number = self._number_of(request)
        self._end(number)
        if _member(request, 'interface', str) not in self.facts.interfaces:
            raise ProtocolError(f'the interface {request["interface"]} is not offered')
        return self._begin(number, _World(request), {})

    def _reset(self, request: _Members) -> _Members:
        seeds = {_member(each, 'node', int): _member(each, 'seed', int) for each in _member(request, 'seeds', list)}
        number = self._number_of(request)
        opening = self._worlds[number].request
        if not opening:
            raise ProtocolError('no world is open')
        self._end(number)
        return self._begin(number, _World(opening), seeds)

    def _begin(self, number: int, world: _World, seeds: Mapping[int, int]) -> _Members:
        self._worlds[number] = world
        for setting in world.settings(seeds):
            endpoint = self._kind(setting, self.make_emit(setting.node, world))
            world.endpoints[setting.node] = endpoint
            endpoint.open()
        return {}

    def _end(self, number: int) -> None:
        ended, self._worlds[number] = self._worlds[number], _World({})
        with self.pipe.lock:
            ended.over = True
            workers = list(ended.workers.values())
        for worker in workers:
            worker.add(None)
        for endpoint in ended.endpoints.values():
            endpoint.close()

    def _close(self, request: _Members) -> _Members:
        for number in range(len(self._worlds)):
            self._end(number)
        self.ended = True
        return {}


def _parse_request(line: bytes | None) -> _Members:
    if line is None:
        raise ProtocolError(f'a line longer than {LINE_OCTETS_MAX} octets')
    try:
        request = json.loads(line.decode('utf-8'))
    except (ValueError, RecursionError):
        raise ProtocolError(f'no JSON: {line[:160]!r}') from None
    if not isinstance(request, dict):
        raise ProtocolError('a request is an object')
    if _member(request, 'id', int) < 0:
        raise ProtocolError('id is negative')
    _member(request, 'op', str)
    return request


class _VirtualService(_Service):
    """Turns: the endpoint is told the time, and its outputs go back with the answer."""

    def __init__(self, facts: Facts, kind: type[Endpoint], pipe: _Pipe) -> None:
        super().__init__(facts, kind, pipe)
        self._outputs: list[_Members] = []
        self._operations['turn'] = self._turn

    def make_emit(self, node: int, world: _World) -> Callable[[_Members], None]:
        return lambda output: self._outputs.append(output)

    def _turn(self, request: _Members) -> _Members:
        endpoint, now = self.endpoint_of(request), _member(request, 'now', int)
        stepped = endpoint.setting.stepped
        self._outputs = []
        for given in _member(request, 'inputs', list):
            self._push(endpoint, given, now)
            if not stepped:
                _run_all(endpoint, now)
        runnable = {'runnable': list(endpoint.runnable())} if stepped else {}
        return {'outputs': self._outputs, 'wakeAt': endpoint.wake_at, **runnable}

    def _push(self, endpoint: Endpoint, given: _Members, now: int) -> None:
        kind = _member(given, 'kind', str)
        if kind == 'call':
            self.refuse_or_call(endpoint, given, lambda call: _call_or_refuse(endpoint, call, now))
        elif kind == 'frame':
            endpoint.frame(_frame_octets(given), now)
        elif kind == 'wake':
            endpoint.wake(now)
        elif kind == 'run':
            endpoint.run(_member(given, 'activity', int), now)
        else:
            raise ProtocolError(f'{kind} is none of call, frame, wake and run')


def _run_all(endpoint: Endpoint, now: int) -> None:
    runnable = endpoint.runnable()
    while runnable:
        endpoint.run(runnable[0], now)
        runnable = endpoint.runnable()


def _call_or_refuse(endpoint: Endpoint, call: Call, now: int) -> None:
    try:
        endpoint.call(call, now)
    except Refusal as refusal:
        endpoint.emit_return(call, refusal.status)


def _frame_octets(given: Mapping[str, Any]) -> bytes:
    return binascii.a2b_base64(_member(given, 'octets', str))


class _Worker:
    """A thread that does its tasks in order, as long as its world lasts."""

    def __init__(self, world: _World, tell_failure: Callable[[int | None, Exception], None]) -> None:
        self._tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._world = world
        self._tell_failure = tell_failure
        # One that hangs in the implementation must not keep the adapter from ending.
        threading.Thread(target=self._work, daemon=True).start()

    def add(self, task: Callable[[], None] | None) -> None:
        """Adds a task; None ends the thread after those before."""
        self._tasks.put(task)

    def _work(self) -> None:
        for task in iter(self._tasks.get, None):
            try:
                if not self._world.over:
                    task()
            except Exception as error:
                # What the end of a world has torn apart is no failure.
                if not self._world.over:
                    self._tell_failure(None, error)


class _RealService(_Service):
    """Inputs, answered as soon as they are taken, and outputs on lines of their own."""

    def __init__(self, facts: Facts, kind: type[Endpoint], pipe: _Pipe) -> None:
        super().__init__(facts, kind, pipe)
        self._began = time.monotonic_ns()
        self._operations['input'] = self._input

    def answer(self, line: bytes | None) -> None:
        super().answer(line)
        self.pipe.flush()

    def tell_failure(self, request_id: int | None, error: Exception) -> None:
        super().tell_failure(request_id, error)
        self.pipe.flush()

    def make_emit(self, node: int, world: _World) -> Callable[[_Members], None]:
        def emit(output: _Members) -> None:
            # Time is told under the lock, so that it never goes backward from line to line.
            with self.pipe.lock:
                if not world.over:
                    self.pipe.say({'endpoint': node, 'at': self._now(), 'output': output})
                    self.pipe.flush()

        return emit

    def _now(self) -> int:
        return time.monotonic_ns() - self._began

    def _input(self, request: _Members) -> None:
        endpoint, given = self.endpoint_of(request), _member(request, 'input', dict)
        task = self._task_for(endpoint, given)
        # Answered first, so that nothing that comes of it is told before.
        with self.pipe.lock:
            self.pipe.say({'id': request['id'], 'ok': {'at': self._now()}})
        task()

    def _task_for(self, endpoint: Endpoint, given: _Members) -> Callable[[], None]:
        """What hands an input to the thread that it goes to."""
        world, kind = self._worlds[0], _member(given, 'kind', str)
        if kind == 'frame':
            octets = _frame_octets(given)
            return lambda: self._add(world, endpoint, 'frames', lambda: endpoint.frame(octets, self._now()))
        if kind != 'call':
            raise ProtocolError(f'{kind} is none of call and frame')

        def make(call: Call) -> None:
            self._add(world, endpoint, call.thread, lambda: _call_or_refuse(endpoint, call, self._now()))

        # What is answered without the implementation must not wait for a call that blocks its thread.
        return lambda: self._add(world, endpoint, 'at once', lambda: self.refuse_or_call(endpoint, given, make))

    def _add(self, world: _World, endpoint: Endpoint, lane: object, task: Callable[[], None]) -> None:
        """Adds a task to one of the threads of an endpoint: that of a thread of its host, or another."""
        key = endpoint.setting.node, lane
        with self.pipe.lock:
            if not world.over:
                if key not in world.workers:
                    world.workers[key] = _Worker(world, self.tell_failure)
                world.workers[key].add(task)


def serve(facts: Facts, kind: type[Endpoint]) -> None:
    """Serves the harness on standard input and output until it closes or its end of the pipe does.

    ``kind`` is your class. From here on standard output is standard error, and standard input is empty.
    """
    requests, answers = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    pipe = _Pipe(answers)
    service = (_RealService if facts.clock == 'real' else _VirtualService)(facts, kind, pipe)
    try:
        for line in _lines_of(requests, pipe.flush):
            service.answer(line)
            if service.ended:
                break
        pipe.flush()
    except BrokenPipeError:
        pass  # The harness has gone; nobody is left to be told.

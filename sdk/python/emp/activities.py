"""What the NIC does on its own, one indivisible thing at a time."""

from __future__ import annotations

from collections import deque
from enum import IntEnum
from typing import Callable

Task = Callable[[int], None]
"""Something that can go; it is told the time."""


class Activity(IntEnum):
    """The kinds of activity, in the order in which they go if nobody picks: a posting before what came in after it."""

    DOORBELL = 0
    FRAME_IN = 1
    DATA_WRITE = 2
    STATUS_WRITE = 3
    ACKNOWLEDGEMENT = 4
    TIMER = 5
    TRANSMIT = 6


class Activities:
    """A queue of tasks for each kind of activity: kinds overtake each other, tasks of one kind do not."""

    def __init__(self) -> None:
        self._queues: list[deque[Task]] = [deque() for _ in Activity]

    def add(self, activity: Activity, task: Task) -> None:
        self._queues[activity].append(task)

    def runnable(self) -> list[int]:
        return [kind for kind, tasks in enumerate(self._queues) if tasks]

    def run(self, activity: int, now: int) -> None:
        self._queues[activity].popleft()(now)

"""Brings answers from the writer's thread to an event loop: one wake-up for all that landed together."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from concurrent.futures import Future
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")


class _Landing:
    """One per event loop. Waking a loop costs more than answering; a group commit wakes it once."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._arrived: deque[tuple[asyncio.Future[Any], Future[Any]]] = deque()
        self._gate = threading.Lock()
        self._woken = False

    def arrive(self, waiting: asyncio.Future[Any], done: Future[Any]) -> None:
        """Called in the writer's thread."""
        with self._gate:
            self._arrived.append((waiting, done))
            if self._woken or self._loop.is_closed():
                return
            self._woken = True
        self._loop.call_soon_threadsafe(self._land)

    def _land(self) -> None:
        with self._gate:
            self._woken = False
            landed = list(self._arrived)
            self._arrived.clear()
        for waiting, done in landed:
            _answer(waiting, done)


def _answer(waiting: asyncio.Future[Any], done: Future[Any]) -> None:
    if waiting.done():  # who asked has gone; the command has had its effect all the same
        return
    if done.cancelled():
        waiting.cancel()
        return
    error = done.exception()
    if error is not None:
        waiting.set_exception(error)
    else:
        waiting.set_result(done.result())


_LANDINGS: WeakKeyDictionary[asyncio.AbstractEventLoop, _Landing] = WeakKeyDictionary()


async def landed(future: Future[T]) -> T:
    """Wait for a submitted command without blocking the loop; raises what the future raises.

    Giving up the wait does not take the command back.
    """
    loop = asyncio.get_running_loop()
    landing = _LANDINGS.get(loop)
    if landing is None:
        landing = _LANDINGS[loop] = _Landing(loop)
    waiting: asyncio.Future[T] = loop.create_future()
    future.add_done_callback(lambda done: landing.arrive(waiting, done))
    return await waiting

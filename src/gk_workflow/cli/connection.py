"""One client's connection: bounds what may come, and for how long, before a request is whole; it reads no request.

uvicorn's parser keeps the head of a request until it is complete, however long that is, and queues
requests sent ahead of their answers: anybody could fill the memory with either.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES = 64 * 1024
"""Of a head that comes in several reads; the service itself refuses far smaller ones (431)."""

PIPELINED = 16
"""Requests sent ahead while one is being answered."""


class Connection(HttpToolsProtocol):
    """Hangs up on heads that are too long or too slow, and on too many requests ahead.

    ``head_seconds``: from the connection's start, or the last answer, to the head's end.
    """

    head_seconds = 20.0
    _head_open = False
    _head_bytes = 0
    _patience: asyncio.TimerHandle | None = None

    def connection_made(  # type: ignore[override]  # uvicorn narrows the transport itself
        self, transport: asyncio.Transport
    ) -> None:
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Hand it on, and hang up on more than there may be."""
        was_open = self._head_open
        super().data_received(data)
        if was_open:
            self._head_bytes += len(data)
        too_long = self._head_open and self._head_bytes > HEAD_BYTES
        if too_long or len(self.pipeline) > PIPELINED:
            self.transport.abort()

    def on_message_begin(self) -> None:
        """A head begins; what of it comes with the read under way is not counted."""
        self._head_open, self._head_bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is whole: the rest has limits of its own."""
        self._head_open = False
        self._stop_waiting()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Begin to wait for the next head, unless it came ahead."""
        super().on_response_complete()
        if self.cycle.response_complete and not self.transport.is_closing():
            self._wait_for_head()

    def _wait_for_head(self) -> None:
        self._stop_waiting()
        self._patience = self.loop.call_later(self.head_seconds, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

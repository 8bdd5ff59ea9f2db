"""Finds the operation of a path by its segments, not by trying one pattern after another; it calls no law.

With seventy routes the trying cost more than all else that a command needs on the event loop.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from gk_workflow.api.entry.context import Context
from gk_workflow.api.entry.gate import Gate
from gk_workflow.api.entry.operation import Operation
from gk_workflow.api.wire.bodies import in_time


class _Place:
    """What follows a segment: fixed words first, else whatever stands there under a name."""

    def __init__(self) -> None:
        self.words: dict[str, _Place] = {}
        self.other: _Place | None = None
        self.name = ""
        self.methods: dict[str, Operation] = {}


class Table(BaseRoute):
    """All operations of the service as one route."""

    def __init__(self, context: Context, operations: tuple[Operation, ...]) -> None:
        self._context = context
        self._gate = Gate(context)
        self._root = _Place()
        for operation in operations:
            self._add(operation)

    def _add(self, operation: Operation) -> None:
        place = self._root
        for segment in operation.path.split("/"):
            if segment.startswith("{"):
                place.other = place.other or _Place()
                place = place.other
                place.name = segment[1:-1]
            else:
                place = place.words.setdefault(segment, _Place())
        place.methods[operation.method] = operation

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """FULL where the path and its method are known, PARTIAL where the path is."""
        if scope["type"] != "http":
            return Match.NONE, {}
        place: _Place | None = self._root
        named: dict[str, str] = {}
        for segment in scope["path"].removeprefix(scope.get("root_path", "")).split("/"):
            assert place is not None
            before, place = place, place.words.get(segment)
            if place is None:
                place = before.other if segment else None
                if place is None:
                    return Match.NONE, {}
                named[place.name] = segment
        assert place is not None
        if not place.methods:
            return Match.NONE, {}
        found = place.methods.get(scope["method"])
        child: Scope = {"path_params": named, "operation": found, "methods": place.methods}
        return (Match.FULL if found else Match.PARTIAL), child

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer whom the gate lets through, or say which methods there are (405)."""
        operation: Operation | None = scope["operation"]
        if operation is None:
            raise HTTPException(405, headers={"Allow": ", ".join(sorted(scope["methods"]))})
        self._gate.admit(operation, scope)
        if operation.body is not None:
            receive = in_time(receive, self._context.services.body_seconds)
        answer = await operation.endpoint(self._context, Request(scope, receive, send))
        await answer(scope, receive, send)

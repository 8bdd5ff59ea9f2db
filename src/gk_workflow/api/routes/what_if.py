"""What if: dated facts in, deadlines out; nothing is stored and nobody has to say who he is."""

from __future__ import annotations

from datetime import date

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from gk_workflow.api.entry.context import Context
from gk_workflow.api.entry.operation import JSON, PREFIX, Answer, Operation, json_response
from gk_workflow.api.entry.peers import Peer
from gk_workflow.api.wire.bodies import decode, read_json
from gk_workflow.api.wire.problems import FieldError, unprocessable
from gk_workflow.core.explain import DayLine
from gk_workflow.what_if import BadFacts, answer
from gk_workflow.what_if.facts import Question

EXAMPLE = {
    "given": [
        {"type": "application_received", "date": "2026-03-02", "channel": "in_person"},
        {"type": "third_party_letter_sent", "date": "2026-03-09"},
        {"type": "third_party_letter_received", "date": "2026-03-10"},
        {"type": "third_party_opinion_received", "date": "2026-03-16"},
    ],
    "on": "2026-03-20",
}


class Explained(msgspec.Struct, frozen=True):
    """One limit reckoned, each day of it told."""

    limit: str
    name: str
    article: str
    subject: str
    unit: str
    length: int
    extension: int
    starts_on: date
    due_raw: date | None
    due: date | None
    provisional: bool
    days: tuple[DayLine, ...]


class WhatIfAnswer(msgspec.Struct, frozen=True):
    """Answers by their key in the what-if vocabulary; keys that do not apply are absent."""

    answers: dict[str, str | int | bool | dict[str, str | None] | None]
    explanation: tuple[Explained, ...]


async def what_if(context: Context, request: Request) -> Response:
    """Reckon in a thread; a client that asks too often is told when to come back."""
    peer: Peer = request.state.peer
    context.what_if.check(peer.line)
    body = await read_json(request)
    services = context.services

    def work() -> dict[str, object]:
        return answer(body, services.registry.calendar(), services.policy)

    # The vocabulary's own reading of the body knows no repeated members and no bad text.
    decode(body, Question)
    try:
        found = await context.read(work)
    except BadFacts as bad:
        faults = tuple(FieldError(message, pointer=pointer) for pointer, message in bad.errors)
        raise unprocessable("所给事实有误，未作计算。", *faults) from None
    return json_response(found)


def operations() -> tuple[Operation, ...]:
    """The one operation."""
    return (
        Operation(
            id="whatIf",
            method="POST",
            path=f"{PREFIX}/what-if",
            tag="what-if",
            summary="期限推算",
            description="Dated facts in, deadlines out; nothing is stored.",
            endpoint=what_if,
            answers={200: Answer("推算结果。", {JSON: WhatIfAnswer})},
            problems=(400, 413, 415, 422, 429, 503),
            body={JSON: Question},
            example=EXAMPLE,
            needs=None,
        ),
    )

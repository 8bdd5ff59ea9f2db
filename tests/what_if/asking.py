"""Asks what-if questions in plain JSON; it never looks behind the answer."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from gk_workflow.core.policy import Policy
from gk_workflow.notices import bundled_calendar
from gk_workflow.what_if import BadFacts, answer

CALENDAR, POLICY = bundled_calendar(), Policy()
HERE = Path(__file__).parent

Json = dict[str, object]


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question and its whole answer; ``trace`` counts the days by hand."""

    id: str
    title: str
    given: tuple[Json, ...]
    expected: Json
    on: str | None = None
    as_of: str | None = None
    trace: str = ""


class Explained(msgspec.Struct, frozen=True):
    """What the tests read of one explained limit."""

    limit: str
    unit: str
    length: int
    extension: int
    starts_on: str
    due_raw: str | None
    due: str | None
    days: tuple[Json, ...]


class Reply(msgspec.Struct, frozen=True):
    """The whole reply of ``POST /what-if`` as JSON."""

    answers: Json
    explanation: tuple[Explained, ...]


def scenarios() -> tuple[Scenario, ...]:
    """Every scenario kept beside this file."""
    files = sorted((HERE / "scenarios").glob("*.json"))
    return tuple(
        one
        for file in files
        for one in msgspec.json.decode(file.read_bytes(), type=tuple[Scenario, ...])
    )


def reply(given: object, on: str | None = None, as_of: str | None = None) -> Reply:
    """The reply to a question, read back from JSON."""
    question = {"given": given, "on": on, "as_of": as_of}
    found = answer(json.dumps(question).encode(), CALENDAR, POLICY)
    return msgspec.json.decode(msgspec.json.encode(found), type=Reply)


def ask(given: object, on: str | None = None, as_of: str | None = None) -> Json:
    """The answers to a question."""
    return reply(given, on, as_of).answers


def faults(body: bytes) -> list[tuple[str, str]]:
    """The (pointer, message) pairs for which a body is refused; none if it is answered."""
    try:
        answer(body, CALENDAR, POLICY)
    except BadFacts as bad:
        return list(bad.errors)
    return []

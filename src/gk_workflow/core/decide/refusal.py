"""How the core says no: always with the article, and with the field where one is at fault."""

from __future__ import annotations

import msgspec

from gk_workflow.core.calendar import Calendar
from gk_workflow.core.policy import Policy


class Refused(Exception):
    """The law says no now: `message` (Chinese) tells the person what to do, `article` why."""

    def __init__(self, message: str, article: str, field: str = "") -> None:
        super().__init__(message)
        self.message, self.article, self.field = message, article, field


class Forbidden(Refused):
    """The law lets somebody else do this, not this role or this person."""


class NoSuchCase(LookupError):
    """A command other than 登记 was sent to a case that was never opened."""


class Rules(msgspec.Struct, frozen=True):
    """What a decision is made under: the calendar and the policy as they stand."""

    calendar: Calendar
    policy: Policy


def require(holds: bool, message: str, article: str, field: str = "") -> None:
    """Raise `Refused` unless the rule holds."""
    if not holds:
        raise Refused(message, article, field)

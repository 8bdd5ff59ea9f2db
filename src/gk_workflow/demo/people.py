"""Accounts of the simulated office, so that somebody can look at its year; a real log never gets them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from gk_workflow.core.terms import Grant, Role
from gk_workflow.demo.words import DESK
from gk_workflow.people import People, Scope

ACCOUNTS = (
    ("AUDITOR", "auditor01", "演示监督", Role.AUDITOR, ""),
    ("CLERK", "clerk01", "演示经办", Role.CLERK, DESK),
)
"""Variable of the shell, account, name, role, unit."""

_LIFETIME = timedelta(days=1)


def settle(people: People, agency: str) -> None:
    """Make the accounts that are not there yet."""
    there = {one.name for one in people.accounts()}
    for _, name, display_name, role, unit in ACCOUNTS:
        if name not in there:
            people.create_account(name, display_name, [Grant(role, agency, unit)])


def simulated_keys(people: People, now: datetime) -> Iterator[tuple[str, str]]:
    """For each account of the simulation a new key for a day: the shell's variable and the key."""
    there = {one.name: one for one in people.accounts()}
    for variable, name, *_ in ACCOUNTS:
        if name in there:
            grant = there[name].grants[0]
            _, key = people.create_key(name, grant, list(Scope), now + _LIFETIME, "演示")
            yield variable, key

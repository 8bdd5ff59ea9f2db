"""The command `gk`: each sub-command opens the house, does one thing, and says what it did."""

from __future__ import annotations

from collections.abc import Callable

import typer
from pydantic import ValidationError

from gk_workflow.cli import (
    access,
    calendar,
    cases,
    export,
    log,
    master,
    people,
    retention,
    service,
    simulation,
)
from gk_workflow.cli.console import fail
from gk_workflow.keys import KeysError
from gk_workflow.people import PeopleError
from gk_workflow.registry import RegistryError

__all__ = ["gk", "main"]

Command = Callable[..., None]


GROUPS: dict[str, tuple[str, dict[str, Command]]] = {
    "calendar": (
        "State Council notices on days off.",
        {"list": calendar.notices, "preview": calendar.preview, "publish": calendar.publish},
    ),
    "export": (
        "Write the log or the API's description.",
        {"log": export.log, "openapi": export.openapi},
    ),
    "user": (
        "Accounts and their grants.",
        {
            "list": people.accounts,
            "add": people.add,
            "grant": people.grant,
            "withdraw": people.withdraw,
            "disable": people.disable,
            "enable": people.enable,
            "reset": people.reset,
            "passwordless": people.passwordless,
        },
    ),
    "key": (
        "Keys with which programs call the API.",
        {"list": people.keys, "create": people.create, "revoke": people.revoke},
    ),
    "retention": ("Cases whose period of keeping is over.", {"due": retention.due}),
    "master": ("The key that wraps all keys of personal data.", {"rotate": master.rotate}),
}


def _made() -> typer.Typer:
    made = typer.Typer(
        name="gk",
        help="依申请公开: cases, deadlines and their log.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    alone: tuple[Command, ...] = (
        service.serve,
        simulation.demo,
        cases.history,
        cases.deadlines,
        log.rebuild,
        log.verify,
        log.sweep,
        access.access,
        simulation.diagrams,
    )
    for command in alone:
        made.command()(command)
    for name, (told, commands) in GROUPS.items():
        group = typer.Typer(help=told, no_args_is_help=True)
        for word, command in commands.items():
            group.command(name=word)(command)
        made.add_typer(group, name=name)
    return made


gk = _made()


def main() -> None:
    """Run `gk`; what goes wrong is said in one line, with exit code 1."""
    try:
        gk()
    except (RegistryError, KeysError, PeopleError, OSError, ValueError, ValidationError) as error:
        fail(str(error))

"""What other processes do with the accounts; run by name, so no test lives here."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from gk_workflow.people import BadCredentials, TooManyAttempts
from tests.people.town import HERE, Town


def say(word: object) -> None:
    """Tell the test at once."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def first(folder: Path) -> None:
    """Start the service on what may be an empty store."""
    told = Town(folder).people.first_administrator()
    say("nothing" if told is None else " ".join(told))


def guess(folder: Path, times: int) -> None:
    """Try wrong passwords for one account from one address."""
    people = Town(folder).people
    for _ in range(times):
        try:
            people.log_in("zhang", "wrong", HERE)
        except BadCredentials:
            say("checked")
        except TooManyAttempts:
            say("refused")


def disable(folder: Path) -> None:
    """What an administrator does on the command line while the service runs."""
    Town(folder).people.disable("zhang")


WORK: dict[str, Callable[..., None]] = {one.__name__: one for one in (first, guess, disable)}

if __name__ == "__main__":
    work, folder, *numbers = sys.argv[1:]
    WORK[work](Path(folder), *map(int, numbers))

"""What other processes do in the registry's races; run by name, so no test lives here."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from uuid import UUID, uuid4

from gk_workflow.core import commands as c
from gk_workflow.core.policy import Policy
from gk_workflow.registry import Registry
from tests.registry.office import CLERK, HEAD, assignment, keys_of, opening


def say(word: object) -> None:
    """Tell the test at once; one write for a line, so that those of several threads never mix."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def equal_keys(file: Path, count: int) -> None:
    """Open one case per Idempotency-Key: the other processes use the same ones."""
    with keys_of(file) as keys, Registry(file, Policy(), keys=keys) as registry:
        waiting = [
            registry.submit(uuid4(), opening(), CLERK, idempotency_key=f"key-{number}")
            for number in range(count)
        ]
        for future in waiting:
            say(future.result().case_id)


def numbered(file: Path, cases: int) -> None:
    """Open cases one after the other, so that the processes take turns."""
    with keys_of(file) as keys, Registry(file, Policy(), keys=keys) as registry:
        for _ in range(cases):
            say(registry.handle(uuid4(), opening(), CLERK).case.number)


def same_case(file: Path, case_id: str, times: int) -> None:
    """Add to a case the others add to as well."""
    with keys_of(file) as keys, Registry(file, Policy(), keys=keys) as registry:
        for number in range(times):
            answer = registry.handle(UUID(case_id), assignment(f"第{number}科"), CLERK)
            say(answer.version)


def until_killed(file: Path, writers: int) -> None:
    """Open cases for ever, saying each aloud once it is acknowledged."""
    registry = Registry(file, Policy(), keys=keys_of(file))

    def write() -> None:
        while True:
            answer = registry.handle(uuid4(), opening(), CLERK)
            say(f"{answer.case_id} {answer.case.number}")

    threads = [Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def shred(file: Path, case_id: str, proposal: int) -> None:
    """Approve a shredding; to be killed on the way."""
    with keys_of(file) as keys, Registry(file, Policy(), keys=keys) as registry:
        registry.handle(UUID(case_id), c.DecideErasure(proposal, approve=True), HEAD)
        say("shredded")


WORK: dict[str, Callable[..., None]] = {
    one.__name__: one for one in (equal_keys, numbered, same_case, until_killed, shred)
}

if __name__ == "__main__":
    work, file, *numbers = sys.argv[1:]
    WORK[work](Path(file), *(int(one) if one.isdigit() else one for one in numbers))

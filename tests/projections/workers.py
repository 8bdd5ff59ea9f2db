"""What another process does with the projections; run by name, so no test lives here."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

from gk_workflow.core import commands as c
from tests.projections.office import office_in

DAY = date(2026, 3, 2)


def say(word: object) -> None:
    """Tell the test at once."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def write_and_read(folder: Path, cases: int) -> None:
    """Open cases, and look for each in the list as soon as it is there."""
    with office_in(folder) as office:
        for number in range(cases):
            case_id = office.open(DAY, wanted=f"第{number}件")
            row = office.queries.case(case_id, DAY)
            say(row.status.version if row else "missing")


def touch(folder: Path, case_id: str, times: int) -> None:
    """Add to one case, the others do as well, and look whether the list is as new."""
    with office_in(folder) as office:
        for number in range(times):
            answer = office.do(UUID(case_id), c.Assign(f"第{number}科"), DAY)
            row = office.queries.case(UUID(case_id), DAY)
            say("seen" if row and row.status.version >= answer.version else "stale")


def rebuild(folder: Path, times: int) -> None:
    """Rebuild while the others go on."""
    with office_in(folder) as office:
        for _ in range(times):
            office.projections.rebuild()
    say("rebuilt")


WORK: dict[str, Callable[..., None]] = {
    one.__name__: one for one in (write_and_read, touch, rebuild)
}

if __name__ == "__main__":
    work, folder, *given = sys.argv[1:]
    WORK[work](Path(folder), *(int(one) if one.isdigit() else one for one in given))

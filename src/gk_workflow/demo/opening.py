"""Opens the log of a simulated year and says what stands in it; it never writes into another log."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import takewhile
from random import Random

import msgspec

from gk_workflow.core.bookkeeping import LogOpened
from gk_workflow.core.calendar import Notice
from gk_workflow.core.commands import OpenCase
from gk_workflow.core.terms import utc
from gk_workflow.demo.planning import Plan
from gk_workflow.demo.report import Report
from gk_workflow.demo.schedule import LOADER, Act, Entry, stamp
from gk_workflow.registry import Issuer, Registry

_UNTIL = re.compile(r"截至(\d{4}-\d{2}-\d{2})")


class OtherContent(RuntimeError):
    """The directory holds something else; its text says what, and what to do."""


def log_opened(report: Report, seed: int, planned: Plan) -> LogOpened:
    """The first event of a simulated log: which report, which seed, which plan of lives."""
    plan = hashlib.sha256()
    for entry in planned.entries:
        plan.update(msgspec.json.encode(entry))
    return LogOpened(
        deployment=report.authority,
        simulated=True,
        remark=(
            f"演示数据，不是办件记录：按{report.authority}{report.year}年年度报告（{report.id}）"
            f"模拟，截至{report.year}-12-31，种子{seed}，"
            f"报告{report.digest[:16]}，编排{plan.hexdigest()[:16]}"
        ),
    )


def simulated_now(opened: LogOpened | None) -> datetime | None:
    """The evening of a simulated log's last day (UTC); None for a log that is no simulation."""
    if opened is None or not opened.simulated:
        return None
    until = _UNTIL.search(opened.remark)
    return utc(date.fromisoformat(until[1]), 18) if until else None


def begin(registry: Registry, opened: LogOpened, planned: Plan, notices: Sequence[Notice]) -> None:
    """Make the log this simulation's, with the notices published by then.

    Raises OtherContent where it is another's.
    """
    at = utc(planned.opened_on, 0, 1)
    found = registry.open_log(opened, stamp(LOADER, at, planned.agency))
    if found != opened:
        raise OtherContent(_what_is_there(found, opened))
    known = [notice for notice in notices if notice.published_on <= planned.opened_on]
    registry.seed_notices(known, stamp(LOADER, at + timedelta(seconds=1), planned.agency))


def _what_is_there(found: LogOpened | None, wanted: LogOpened) -> str:
    hint = "请另选一个目录（--data-dir），或者删除该目录后重新装载。"
    if found is None or not found.simulated:
        return "该目录已有正式的办件日志，演示不得装入。请另选一个目录（--data-dir）。"
    if found.remark.rpartition("，")[0] == wanted.remark.rpartition("，")[0]:
        return f"该目录由另一版本的程序按同一报告和种子装载（{found.remark}）。{hint}"
    return f"该目录已有另一份演示（{found.remark}）。{hint}"


def already_loaded(registry: Registry, entries: Sequence[Entry]) -> int:
    """How many entries the log holds: it holds them in order, or none of what follows.

    Raises OtherContent where an unfinished load was followed by something else.
    """
    rows = [(row.stamp.at, row.of_case) for row in registry.iter_all()]
    moments = {at for at, _ in rows}
    done = sum(1 for _ in takewhile(lambda entry: entry.stamp.at in moments, entries))
    if done < len(entries):
        planned = {entry.stamp.at for entry in entries[:done]}
        if any(of_case and at not in planned for at, of_case in rows):
            raise OtherContent(
                "该目录的装载尚未完成，其后又有别的操作，无法继续。请删除该目录后重新装载。"
            )
    return done


class Codes:
    """Query codes by seed, in the order in which cases are opened."""

    def __init__(self, seed: str) -> None:
        self._rng = Random(f"{seed}:codes")

    def __call__(self) -> str:
        """The next code, in the form of the registry's own."""
        code = f"{self._rng.getrandbits(64):016X}"
        return "-".join(code[at : at + 4] for at in range(0, 16, 4))

    def skip(self, entries: Sequence[Entry]) -> None:
        """Pass over the codes that ``entries`` have used up."""
        for entry in entries:
            if isinstance(entry, Act) and isinstance(entry.command, OpenCase):
                self()


def issuer(codes: Codes) -> Issuer:
    """An issuer whose codes come from the seed; simulated lives need no other ids."""
    return Issuer(new_query_code=codes)

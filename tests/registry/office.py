"""People, applications and registries for the registry's tests; lawful, but as short as may be."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from msgspec.structs import replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core import terms as t
from gk_workflow.core.policy import Policy
from gk_workflow.keys import KeyRing, Master
from gk_workflow.notices import bundled_notices
from gk_workflow.registry import Handled, Registry

TODAY = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 1, tzinfo=UTC)

CLERK = t.Stamp(AT, "zhangsan", t.Role.CLERK, "办公室", "zc")
CLERK_TOO = t.Stamp(AT, "lisi", t.Role.CLERK, "办公室", "zc")
REVIEWER = t.Stamp(AT, "wangwu", t.Role.REVIEWER, "司法所", "zc")
HEAD = t.Stamp(AT, "liuzhuren", t.Role.HEAD, "领导", "zc")
AUDITOR = t.Stamp(AT, "sunliu", t.Role.AUDITOR, "区政府办", "zc")
ADMIN = t.Stamp(AT, "admin", t.Role.ADMIN, "", "zc")

MASTER = Master(bytes(range(32)))
"""The same for ever: golden_keys.sql is wrapped under it."""


def opening(wanted: str = "道路改造工程中标通知书", agency: str = "zc") -> c.OpenCase:
    """An application handed in at the counter today: received at once."""
    return c.OpenCase(
        agency=agency,
        channel=t.Channel.IN_PERSON,
        applicant=e.Applicant(t.ApplicantKind.NATURAL_PERSON, "李四"),
        wanted=wanted,
        submitted_on=TODAY,
    )


def assignment(unit: str) -> c.Assign:
    """A command that may be given any number of times."""
    return c.Assign(unit=unit)


def content(outcome: t.Outcome = t.Outcome.GRANTED) -> e.ReplyContent:
    """What any reply may say."""
    return e.ReplyContent(
        outcome, reasons="理由", legal_basis="条例36", provided="通知书", withheld="报价明细"
    )


def keys_of(file: Path) -> KeyRing:
    """The keys beside a log: a ring of its own, as another process would have."""
    return KeyRing(file.with_name("keys.sqlite"), MASTER, expect_existing=False)


@contextmanager
def registry_in(folder: Path) -> Iterator[Registry]:
    """A registry with keys over a file that knows the bundled notices."""
    file = folder / "gk.sqlite3"
    with keys_of(file) as keys, Registry(file, Policy(), keys=keys) as registry:
        registry.seed_notices(bundled_notices(), ADMIN)
        yield registry


@contextmanager
def another(registry: Registry, **options: Any) -> Iterator[Registry]:
    """What another process has of the same log (Any: the options of Registry)."""
    with (
        keys_of(registry.file) as keys,
        Registry(registry.file, Policy(), keys=keys, **options) as other,
    ):
        yield other


def opened(registry: Registry, agency: str = "zc") -> Handled:
    """A case just opened."""
    return registry.handle(uuid4(), opening(agency=agency), replace(CLERK, agency=agency))


def up_to_draft(registry: Registry, outcome: t.Outcome = t.Outcome.GRANTED) -> UUID:
    """A case whose draft waits for the head."""
    case_id = opened(registry).case_id
    registry.handle(case_id, c.Accept(TODAY), CLERK)
    registry.handle(case_id, c.PassReview(TODAY, "不涉密"), REVIEWER)
    registry.handle(case_id, c.SubmitDraft(content(outcome), TODAY), CLERK)
    return case_id


@contextmanager
def write_lock(file: Path) -> Iterator[None]:
    """Hold every writer up: what is submitted meanwhile queues."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


@contextmanager
def little_disk(size: int) -> Iterator[None]:
    """No file may grow beyond ``size`` bytes: what a full disk feels like."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

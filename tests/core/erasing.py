"""Words for proposing and deciding 限制处理, 恢复处理 and 删除 of a case archived in 2025; nothing is tested."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core import terms as t
from gk_workflow.core.terms import ErasureGround, ErasureKind, Role
from tests.core.facts import (
    COMPLETED,
    CONSULTED,
    DELIVERED,
    DISAGREED,
    DRAFTED,
    POSTED,
    RESTRICTED,
    RESTRICTION_PROPOSED,
    SEALED,
    SEALED_ARCHIVED,
    SIGNED,
    d,
)
from tests.core.given import Given, Step, When

LAW = "《个人信息保护法》第四十七条"
TODAY = d(7, 3)
KEPT = "个人信息保护法47(2)、国家档案局令第8号"

ORDERED, ENDED = ErasureGround.ORDERED, ErasureGround.RETENTION_ENDED
PURPOSE, UNLAWFUL, CEASED = (
    ErasureGround.PURPOSE_ENDED,
    ErasureGround.UNLAWFUL_PROCESSING,
    ErasureGround.CEASED,
)
RESTRICT, LIFT, SHRED = ErasureKind

KEYED = replace(CONSULTED, key="k-party-1")
TWO_PERSONS: tuple[Step, ...] = (
    *SEALED,
    KEYED,
    DISAGREED,
    COMPLETED,
    replace(DRAFTED, content=e.ReplyContent(t.Outcome.DENIED_THIRD_PARTY, "理由", "条例32")),
    SIGNED,
    POSTED,
    DELIVERED,
    e.Archived(d(3, 24)),
)
RESTRICTED_ARCHIVED = (*SEALED_ARCHIVED, RESTRICTION_PROPOSED, RESTRICTED)


def proposed(
    case: Given,
    kind: ErasureKind,
    ground: ErasureGround = ORDERED,
    persons: tuple[str, ...] = (),
    *,
    on: date = TODAY,
) -> When:
    """The administrator proposes it."""
    return case.when(c.ProposeErasure(kind, ground, LAW, persons), by=Role.ADMIN, on=on)


def decided(
    case: Given,
    number: int,
    approve: bool = True,
    *,
    on: date = TODAY,
    actor: str | None = None,
) -> When:
    """The head decides about it."""
    return case.when(c.DecideErasure(number, approve, "同意"), by=Role.HEAD, on=on, actor=actor)

"""The daily sweep does what the law makes happen by itself, once, with the law's own dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import (
    AbandonmentGround,
    ApplicantKind,
    Channel,
    ConsultationKind,
    FeeMethod,
    LapseEffect,
    Role,
    Stamp,
    utc,
)
from gk_workflow.core.workflow import Status
from gk_workflow.keys import KeyRing, Master
from gk_workflow.notices import bundled_notices
from gk_workflow.registry import Registry
from gk_workflow.sweep import Swept, sweep

FIRST = date(2025, 3, 3)
AGENCY = "zhichu"


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with (
        KeyRing(tmp_path / "keys.sqlite", Master(bytes(range(32))), expect_existing=False) as keys,
        Registry(tmp_path / "gk.sqlite", Policy(), keys=keys) as opened,
    ):
        opened.seed_notices(bundled_notices(), Stamp(utc(FIRST), "gk", Role.SYSTEM))
        yield opened


def _do(
    registry: Registry,
    case_id: UUID,
    command: c.Command,
    role: Role = Role.CLERK,
    agency: str = AGENCY,
) -> None:
    stamp = Stamp(datetime(2026, 1, 1, tzinfo=UTC), role.value, role, agency=agency)
    registry.handle(case_id, command, stamp)


def _open(registry: Registry, agency: str = AGENCY) -> UUID:
    case_id = uuid4()
    applicant = e.Applicant(ApplicantKind.NATURAL_PERSON, "张三")
    _do(
        registry,
        case_id,
        c.OpenCase(
            agency=agency,
            channel=Channel.IN_PERSON,
            applicant=applicant,
            wanted="征地公告",
            submitted_on=FIRST,
        ),
        agency=agency,
    )
    _do(registry, case_id, c.Accept(FIRST), agency=agency)
    return case_id


def _in_handling(registry: Registry) -> UUID:
    case_id = _open(registry)
    _do(registry, case_id, c.PassReview(FIRST, "不涉密"), Role.REVIEWER)
    return case_id


def _events(registry: Registry, case_id: UUID, after: int) -> list[e.CaseEvent]:
    return [row.recorded.event for row in registry.history(case_id) if row.version > after]


def _sweep(registry: Registry, case_id: UUID, day: date) -> Swept:
    return sweep(registry, Policy(), [case_id], lambda: utc(day))


def test_silence_of_the_applicant_is_abandonment_from_the_right_day_even_when_run_late(
    registry: Registry,
) -> None:
    case_id = _open(registry)
    _do(registry, case_id, c.RequestSupplement("写明文号", "可查目录", FIRST, FIRST, 10))
    assert _sweep(registry, case_id, date(2025, 3, 17)) == Swept(date(2025, 3, 17), 1)
    late = _sweep(registry, case_id, date(2025, 6, 2))
    assert late == Swept(date(2025, 6, 2), 1, abandonments=1)
    assert _events(registry, case_id, 4) == [
        e.CaseAbandoned(AbandonmentGround.SUPPLEMENT, date(2025, 3, 18))
    ]


def test_an_unpaid_fee_is_abandonment_too(registry: Registry) -> None:
    case_id = _in_handling(registry)
    _do(registry, case_id, c.ChargeFee(FeeMethod.PER_PAGE, 109, 880, "数量过多", FIRST, FIRST))
    assert _sweep(registry, case_id, date(2025, 4, 1)) == Swept(date(2025, 4, 1), 1, abandonments=1)
    assert _events(registry, case_id, 5) == [
        e.CaseAbandoned(AbandonmentGround.FEE, date(2025, 4, 1))
    ]


def test_silent_parties_lapse_each_with_its_own_effect(registry: Registry) -> None:
    case_id = _in_handling(registry)
    _do(registry, case_id, c.ConsultThirdParty("某公司", "商业秘密", FIRST, FIRST))
    _do(
        registry,
        case_id,
        c.ConsultAuthority("某局", ConsultationKind.CO_AUTHOR, FIRST, FIRST),
    )
    assert _sweep(registry, case_id, date(2025, 3, 24)) == Swept(date(2025, 3, 24), 1)
    assert _sweep(registry, case_id, date(2025, 3, 25)) == Swept(date(2025, 3, 25), 1, lapses=2)
    lapse = date(2025, 3, 24)
    assert _events(registry, case_id, 6) == [
        e.ConsultationLapsed(1, lapse, LapseEffect.AGENCY_DECIDES),
        e.ConsultationLapsed(2, lapse, LapseEffect.CONSENT),
        e.ConsultationsCompleted(lapse),
    ]
    case = registry.load(case_id)
    assert case is not None
    assert case.status is Status.IN_HANDLING


def test_a_near_due_date_is_reminded_of_once(registry: Registry) -> None:
    case_id = _in_handling(registry)
    assert _sweep(registry, case_id, date(2025, 3, 25)) == Swept(date(2025, 3, 25), 1)
    assert _sweep(registry, case_id, date(2025, 3, 26)) == Swept(date(2025, 3, 26), 1, reminders=1)
    assert _sweep(registry, case_id, date(2025, 3, 26)) == Swept(date(2025, 3, 26), 1)
    assert _events(registry, case_id, 4) == [
        e.DueSoonReminded(date(2025, 3, 31), date(2025, 3, 26))
    ]


def test_the_sweep_is_of_every_agency(registry: Registry) -> None:
    cases = [_open(registry, agency) for agency in ("zhichu", "lz")]
    swept = sweep(registry, Policy(), cases, lambda: utc(date(2025, 3, 26)))
    assert swept == Swept(date(2025, 3, 26), 2, reminders=2)
    stamps = [registry.history(one)[-1].recorded.stamp for one in cases]
    assert [(one.actor, one.role, one.agency) for one in stamps] == (
        [("gk-sweep", Role.SYSTEM, "*")] * 2
    )


def test_a_case_that_is_not_there_is_passed_over(registry: Registry) -> None:
    assert _sweep(registry, uuid4(), FIRST) == Swept(FIRST, 1)

"""An office with log, projections and queries on a real file, and the steps of its cases; it tests nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core import terms as t
from gk_workflow.core.calendar import Holiday, Notice
from gk_workflow.core.policy import Policy
from gk_workflow.keys import KeyRing, Master
from gk_workflow.notices import bundled_notices
from gk_workflow.projections import Projections
from gk_workflow.queries import Queries
from gk_workflow.registry import Handled, Registry

POLICY = Policy()
FILE = "gk.sqlite3"
MASTER = Master(bytes(range(32)))

# 2027 as nobody has published it: a Sunday worked for New Year, and a week off in February.
NOTICE_2027 = Notice(
    reference="国办发明电〔2026〕99号",
    title="国务院办公厅关于2027年部分节假日安排的通知",
    published_on=date(2026, 11, 10),
    year=2027,
    holidays=(
        Holiday("元旦", (date(2027, 1, 1),), (date(2027, 1, 10),)),
        Holiday("春节", tuple(date(2027, 2, day) for day in range(6, 13))),
    ),
)


def stamp(
    day: date, role: t.Role = t.Role.CLERK, unit: str = "办公室", agency: str = "zc"
) -> t.Stamp:
    """Nine o'clock (Asia/Shanghai) of a day; each role is a person of its own."""
    return t.Stamp(t.utc(day), f"{role.value.lower()}", role, unit, agency)


def content(outcome: t.Outcome) -> e.ReplyContent:
    """What a reply of any outcome has to say."""
    return e.ReplyContent(
        outcome,
        reasons="理由",
        legal_basis="条例15",
        provided="中标通知书",
        withheld="报价明细",
        search_record="检索三卷",
        earlier_reference="只街公开告〔2025〕3号",
        channel_hint="公报",
        special_rule="不动产登记资料查询暂行办法",
    )


class Office:
    """One process of the office."""

    def __init__(self, folder: Path, policy: Policy = POLICY) -> None:
        self.file = folder / FILE
        self.keys = KeyRing(folder / "keys.sqlite", MASTER, expect_existing=False)
        self.registry = Registry(self.file, policy, keys=self.keys)
        self.registry.seed_notices(bundled_notices(), stamp(date(2018, 1, 1), t.Role.ADMIN))
        self.projections = Projections(self.file, self.registry, policy)
        self.queries = Queries(self.projections)

    def close(self) -> None:
        """Close all of it."""
        self.projections.close()
        self.registry.close()
        self.keys.close()

    # --- steps of a case -------------------------------------------------------------------------

    def do(
        self, case_id: UUID, command: c.Command, day: date, role: t.Role = t.Role.CLERK
    ) -> Handled:
        """Give a command on a day, as somebody of the agency and unit that have the case."""
        case = self.registry.load(case_id)
        unit = (case.unit if case else "") or "办公室"
        agency = case.agency if case else "zc"
        return self.registry.handle(case_id, command, stamp(day, role, unit, agency))

    def open(
        self,
        day: date,
        *,
        wanted: str = "道路改造工程中标通知书",
        kind: t.ApplicantKind = t.ApplicantKind.NATURAL_PERSON,
        channel: t.Channel = t.Channel.IN_PERSON,
        agency: str = "zc",
        unit: str = "",
        identity_document: str = "",
    ) -> UUID:
        """A case handed in on a day; over the counter it is received the same day."""
        command = c.OpenCase(
            agency=agency,
            channel=channel,
            applicant=e.Applicant(kind, "李四", identity_document),
            wanted=wanted,
            submitted_on=day,
            unit=unit,
        )
        by = stamp(day, unit="办公室", agency=agency)
        return self.registry.handle(uuid4(), command, by).case_id

    def accept(self, case_id: UUID, day: date) -> None:
        """Up to 办理中."""
        self.do(case_id, c.Accept(day), day)
        self.do(case_id, c.PassReview(day, "不涉密"), day, t.Role.REVIEWER)

    def serve(self, case_id: UUID, day: date, outcome: t.Outcome = t.Outcome.GRANTED) -> None:
        """From 办理中 to 已答复, signed for on the day."""
        self.do(case_id, c.SubmitDraft(content(outcome), day), day)
        self.do(case_id, c.ApproveReply(day), day, t.Role.HEAD)
        served = c.ServeReply(t.ServiceMethod.DIRECT, day, signed_by="李四")
        self.do(case_id, served, day)

    def replied(
        self,
        received: date,
        served: date,
        outcome: t.Outcome = t.Outcome.GRANTED,
        kind: t.ApplicantKind = t.ApplicantKind.NATURAL_PERSON,
        agency: str = "zc",
    ) -> UUID:
        """A whole plain life."""
        case_id = self.open(received, kind=kind, agency=agency)
        self.accept(case_id, received)
        self.serve(case_id, served, outcome)
        return case_id

    def reviewed(self, case_id: UUID, filed: date, decided: date, result: t.AppealResult) -> int:
        """A review from filing to decision; its number."""
        number = self.filed(case_id, filed)
        self.do(case_id, c.AcceptReconsideration(number, filed, copy_received_on=filed), filed)
        self.do(case_id, c.AnswerReconsideration(number, filed), filed)
        self.do(case_id, c.RecordReconsideration(number, decided, decided, result), decided)
        return number

    def archived(self, received: date, on: date, identity_document: str = "") -> UUID:
        """A plain life answered on the day it came, and archived on another."""
        case_id = self.open(received, identity_document=identity_document)
        self.accept(case_id, received)
        self.serve(case_id, received)
        self.do(case_id, c.Archive(on), on)
        return case_id

    def erase(
        self,
        case_id: UUID,
        kind: t.ErasureKind,
        day: date,
        *persons: str,
        ground: t.ErasureGround = t.ErasureGround.ORDERED,
    ) -> Handled:
        """限制, 恢复 or 删除, proposed and approved on a day; of everybody unless persons are named."""
        wish = c.ProposeErasure(kind, ground, "个人信息保护法47", persons)
        proposed = self.do(case_id, wish, day, t.Role.ADMIN)
        number = proposed.case.proposals[-1].number
        return self.do(case_id, c.DecideErasure(number, True), day, t.Role.HEAD)

    def filed(self, case_id: UUID, day: date) -> int:
        """A review just applied for; its number."""
        return len(self.do(case_id, c.FileReconsideration(day), day).case.appeals)


@contextmanager
def office_in(folder: Path, policy: Policy = POLICY) -> Iterator[Office]:
    """An office that is closed in the end."""
    office = Office(folder, policy)
    try:
        yield office
    finally:
        office.close()

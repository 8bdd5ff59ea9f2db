"""A whole life of a case in which every text about a person is known; for what must not be found."""

from __future__ import annotations

from uuid import UUID, uuid4

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core import terms as t
from gk_workflow.core.personal import personal_texts
from gk_workflow.registry import Handled, Registry
from tests.registry.office import ADMIN, CLERK, HEAD, REVIEWER, TODAY

APPLICANT = e.Applicant(
    t.ApplicantKind.NATURAL_PERSON,
    "欧阳明月",
    "370602199003071234",
    "烟台市芝罘区幸福南路八号",
    "代理人司徒清风",
)
PARTY = "蓬莱仙阁旅游开发公司"

CONTENT = e.ReplyContent(
    t.Outcome.PARTIAL,
    reasons="报价明细系蓬莱仙阁旅游开发公司的商业秘密",
    legal_basis="条例15",
    provided="欧阳明月申请的中标通知书",
    withheld="报价明细三页",
    search_record="检索了城建科卷宗第七盒",
)

Step = tuple[c.Command, t.Stamp]

LIFE: tuple[Step, ...] = (
    (
        c.OpenCase(
            agency="zc",
            channel=t.Channel.IN_PERSON,
            applicant=APPLICANT,
            wanted="幸福南路八号门前道路改造的中标通知书",
            submitted_on=TODAY,
        ),
        CLERK,
    ),
    (
        c.AttachDocument(
            e.Document("ab" * 32, "欧阳明月身份证.jpg", "identity", "image/jpeg", 20_480)
        ),
        CLERK,
    ),
    (c.Accept(TODAY), CLERK),
    (c.PassReview(TODAY, "不涉及国家秘密，欧阳明月可以查阅"), REVIEWER),
    (c.ConsultThirdParty(PARTY, "蓬莱仙阁的投标报价", TODAY, TODAY), CLERK),
    (c.RecordOpinion(1, TODAY, t.Opinion.PARTLY, "本公司法定代表人诸葛长空不同意公开报价"), CLERK),
    (c.RequestAssistance("财政所", TODAY, "核对幸福南路拨款凭证"), CLERK),
    (c.SubmitDraft(CONTENT, TODAY), CLERK),
    (c.ApproveReply(TODAY), HEAD),
    (c.NotifyThirdParty(1, TODAY, "公开中标通知书", "诸葛长空的异议部分不成立"), CLERK),
    (c.ServeReply(t.ServiceMethod.POST, TODAY, "EMS寄至幸福南路"), CLERK),
    (c.RecordDelivery(TODAY, "慕容白雪", "欧阳明月的同住家属"), CLERK),
    (c.Archive(TODAY), CLERK),
)
"""From the counter to the archive in one day, all of it lawful."""

SAID = (
    *("欧阳明月", "370602199003071234", "幸福南路", "司徒清风", "蓬莱仙阁", "诸葛长空"),
    *("慕容白雪", "道路改造", "报价明细", "卷宗第七盒", "商业秘密", "异议部分"),
)
"""What of it must never stand in a file."""


def lived(registry: Registry, life: tuple[Step, ...] = LIFE) -> UUID:
    """A case that has come to the end of a life."""
    case_id = uuid4()
    for n, (command, stamp) in enumerate(life):
        registry.handle(case_id, command, stamp, idempotency_key=f"{case_id}-{n}")
    return case_id


def proposal(kind: t.ErasureKind, *persons: str) -> c.ProposeErasure:
    """A proposal on the order of the supervising office."""
    return c.ProposeErasure(kind, t.ErasureGround.ORDERED, "区政府办督查通知", persons)


def restricted(registry: Registry, case_id: UUID, *persons: str) -> Handled:
    """限制处理, proposed and approved."""
    return _decided(registry, case_id, proposal(t.ErasureKind.RESTRICT, *persons))


def shredded(registry: Registry, case_id: UUID, *persons: str) -> Handled:
    """限制处理, then 删除 of the persons (of all, if none is named)."""
    restricted(registry, case_id, *persons)
    return _decided(registry, case_id, proposal(t.ErasureKind.SHRED, *persons))


def shredding(registry: Registry, case_id: UUID, *persons: str) -> c.DecideErasure:
    """The decision that would shred; all that comes before it is done."""
    restricted(registry, case_id, *persons)
    return _proposed(registry, case_id, proposal(t.ErasureKind.SHRED, *persons))


def _decided(registry: Registry, case_id: UUID, command: c.ProposeErasure) -> Handled:
    return registry.handle(case_id, _proposed(registry, case_id, command), HEAD)


def _proposed(registry: Registry, case_id: UUID, command: c.ProposeErasure) -> c.DecideErasure:
    case = registry.handle(case_id, command, ADMIN).case
    return c.DecideErasure(case.proposals[-1].number, approve=True)


def texts_of(registry: Registry, case_id: UUID) -> list[str]:
    """Every personal text of a case as the log is read today."""
    return [text for row in registry.history(case_id) for _, _, text in personal_texts(row.event)]

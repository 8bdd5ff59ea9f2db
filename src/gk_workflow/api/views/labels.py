"""The Chinese words for closed vocabularies, as answers show them beside the codes; it adds no value."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from gk_workflow.core import terms as t
from gk_workflow.core.appeals import AppealStatus
from gk_workflow.core.law import OUTCOMES
from gk_workflow.core.workflow import LABELS, PHASE_NAMES, Status

WORDS: Mapping[StrEnum, str] = {
    **{status: LABELS[status] for status in (*Status, *AppealStatus)},
    **{row.outcome: row.name for row in OUTCOMES.values()},
    **dict(PHASE_NAMES.items()),
    **dict(t.ROLE_NAMES.items()),
    **dict(t.ACCESS_NAMES.items()),
    t.Channel.IN_PERSON: "当面提交",
    t.Channel.EMS: "邮政特快专递",
    t.Channel.REGISTERED: "挂号信",
    t.Channel.ORDINARY_MAIL: "平信",
    t.Channel.ONLINE: "网上提交",
    t.Channel.FAX: "传真",
    t.Channel.EMAIL: "电子邮件",
    t.Channel.ORAL: "口头申请",
    t.ApplicantKind.NATURAL_PERSON: "自然人",
    t.ApplicantKind.COMMERCIAL: "商业企业",
    t.ApplicantKind.RESEARCH: "科研机构",
    t.ApplicantKind.PUBLIC_WELFARE: "社会公益组织",
    t.ApplicantKind.LEGAL_SERVICE: "法律服务机构",
    t.ApplicantKind.OTHER_ORG: "其他组织",
    t.AppealKind.RECONSIDERATION: "行政复议",
    t.AppealKind.SUIT_DIRECT: "行政诉讼（未经复议直接起诉）",
    t.AppealKind.SUIT_AFTER_RECONSIDERATION: "行政诉讼（复议后起诉）",
    t.AppealResult.MAINTAINED: "维持",
    t.AppealResult.CLAIM_REJECTED: "驳回请求",
    t.AppealResult.CHANGED: "变更",
    t.AppealResult.REVOKED: "撤销",
    t.AppealResult.PARTLY_REVOKED: "部分撤销",
    t.AppealResult.REVOKED_REDO: "撤销并责令重作",
    t.AppealResult.DECLARED_UNLAWFUL: "确认违法",
    t.AppealResult.ORDERED_TO_PERFORM: "责令履行",
    t.AppealResult.DECLARED_VOID: "确认无效",
    t.AppealResult.MEDIATED: "调解",
    t.AppealResult.DISMISSED: "驳回起诉或申请",
    t.ErasureKind.RESTRICT: "限制处理",
    t.ErasureKind.LIFT: "恢复处理",
    t.ErasureKind.SHRED: "删除",
}

WHOSE: Mapping[str, str] = {
    "office": "本机关",
    "applicant": "申请人",
    "third_party": "第三方",
    "authority": "被征求机关",
    "review_organ": "复议机关",
    "court": "人民法院",
    "either_party": "当事人",
}


def word(value: StrEnum | None) -> str:
    """The Chinese word; empty for None."""
    return "" if value is None else WORDS[value]

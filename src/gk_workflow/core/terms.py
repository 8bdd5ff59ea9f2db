"""The closed vocabularies of the law and of the log; they must never lose or rename a value."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum

import msgspec

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


class Role(StrEnum):
    """Who acts: 经办, 审核, 负责人, 监督, 分析, 管理, 系统, 申请人 (条例33, 47)."""

    CLERK = "CLERK"
    REVIEWER = "REVIEWER"
    HEAD = "HEAD"
    AUDITOR = "AUDITOR"
    ANALYST = "ANALYST"
    ADMIN = "ADMIN"
    SYSTEM = "SYSTEM"
    APPLICANT = "APPLICANT"


ROLE_NAMES: dict[Role, str] = {
    Role.CLERK: "经办",
    Role.REVIEWER: "审核",
    Role.HEAD: "负责人",
    Role.AUDITOR: "监督",
    Role.ANALYST: "分析",
    Role.ADMIN: "管理",
    Role.SYSTEM: "系统",
    Role.APPLICANT: "申请人",
}


class Channel(StrEnum):
    """How an application reaches the agency (条例31); decides the day of receipt."""

    IN_PERSON = "in_person"
    EMS = "ems"
    REGISTERED = "registered"
    ORDINARY_MAIL = "ordinary_mail"
    ONLINE = "online"
    FAX = "fax"
    EMAIL = "email"
    ORAL = "oral"


class ApplicantKind(StrEnum):
    """The six applicant columns of 年报表三."""

    NATURAL_PERSON = "natural_person"
    COMMERCIAL = "commercial"
    RESEARCH = "research"
    PUBLIC_WELFARE = "public_welfare"
    LEGAL_SERVICE = "legal_service"
    OTHER_ORG = "other_org"


class ProvisionForm(StrEnum):
    """In which form the information is wanted (条例29(3), 40)."""

    PAPER = "paper"
    EMAIL = "email"
    ELECTRONIC_COPY = "electronic_copy"
    INSPECTION = "inspection"


class ProvisionWay(StrEnum):
    """By which way the information is wanted (条例29(3), 40)."""

    POST = "post"
    EMAIL = "email"
    COLLECT = "collect"
    ONLINE = "online"


class Outcome(StrEnum):
    """Every result of 年报表三 (条例36 to 39)."""

    GRANTED = "granted"
    PARTIAL = "partial"
    DENIED_STATE_SECRET = "denied.state_secret"
    DENIED_LAW_FORBIDDEN = "denied.law_forbidden"
    DENIED_THREE_SECURITY_ONE_STABILITY = "denied.three_security_one_stability"
    DENIED_THIRD_PARTY = "denied.third_party"
    DENIED_INTERNAL_AFFAIRS = "denied.internal_affairs"
    DENIED_PROCESS_INFO = "denied.process_info"
    DENIED_ENFORCEMENT_FILE = "denied.enforcement_file"
    DENIED_ADMIN_QUERY = "denied.admin_query"
    UNABLE_NOT_HELD = "unable.not_held"
    UNABLE_NEEDS_CREATION = "unable.needs_creation"
    UNABLE_STILL_UNCLEAR = "unable.still_unclear"
    REFUSED_PETITION = "refused.petition"
    REFUSED_DUPLICATE = "refused.duplicate"
    REFUSED_PUBLICATION = "refused.publication"
    REFUSED_EXCESSIVE = "refused.excessive"
    REFUSED_CONFIRM_OR_REISSUE = "refused.confirm_or_reissue"
    OTHER_CORRECTION_OVERDUE = "other.correction_overdue"
    OTHER_FEE_OVERDUE = "other.fee_overdue"
    OTHER_OTHER = "other.other"


class ConsultationKind(StrEnum):
    """Whom the agency asks: 第三方 (32), 共同制作机关 (34), 其他机关 (33(3))."""

    THIRD_PARTY = "third_party"
    CO_AUTHOR = "co_author"
    OTHER_AGENCY = "other_agency"


class Opinion(StrEnum):
    """What a consulted party answers (条例32, 34)."""

    AGREE = "agree"
    DISAGREE = "disagree"
    PARTLY = "partly"


class LapseEffect(StrEnum):
    """What silence of a consulted party means (条例32, 34; none for 33(3))."""

    AGENCY_DECIDES = "agency_decides_itself"
    CONSENT = "consent"
    NOTHING = "nothing"


class ServiceMethod(StrEnum):
    """How a document is served (国办公开办函〔2016〕235号, 民诉法 88 to 95)."""

    DIRECT = "direct"
    ENTRUSTED = "entrusted"
    POST = "post"
    ELECTRONIC = "electronic"
    LEFT = "left"
    PUBLIC_NOTICE = "public_notice"


class NoticeKind(StrEnum):
    """A letter whose arrival is recorded later than its sending."""

    SUPPLEMENT = "supplement"
    CONSULTATION = "consultation"
    FEE = "fee"


class FeeMethod(StrEnum):
    """按件 or 按量, one of the two and never both (109号3)."""

    PER_ITEM = "per_item"
    PER_PAGE = "per_page"


class RecordCorrectionDecision(StrEnum):
    """What becomes of a wish to correct a record (条例41)."""

    CORRECTED = "corrected"
    NOT_SUBSTANTIATED = "not_substantiated"
    TRANSFERRED = "transferred"
    REFERRED = "referred"


class AbandonmentGround(StrEnum):
    """Which silence of the applicant counts as giving up (条例30, 109号6)."""

    SUPPLEMENT = "supplement"
    FEE = "fee"


class AppealKind(StrEnum):
    """The three blocks of 年报表四."""

    RECONSIDERATION = "reconsideration"
    SUIT_DIRECT = "suit_direct"
    SUIT_AFTER_RECONSIDERATION = "suit_after_reconsideration"


class AppealParty(StrEnum):
    """Who seeks the remedy (条例51)."""

    APPLICANT = "applicant"
    THIRD_PARTY = "third_party"


class AppealTarget(StrEnum):
    """What the remedy is sought against (条例51, 行诉解释66)."""

    REPLY = "reply"
    SILENCE = "silence"


class Procedure(StrEnum):
    """行政复议法53 (simplified) or 48 (ordinary); courts likewise (行诉法82)."""

    SIMPLIFIED = "simplified"
    ORDINARY = "ordinary"


class AppealResult(StrEnum):
    """How a review or a suit ends (行政复议法 63 to 74, 行诉法 69 to 77)."""

    MAINTAINED = "maintained"
    CLAIM_REJECTED = "claim_rejected"
    CHANGED = "changed"
    REVOKED = "revoked"
    PARTLY_REVOKED = "partly_revoked"
    REVOKED_REDO = "revoked_redo"
    DECLARED_UNLAWFUL = "declared_unlawful"
    ORDERED_TO_PERFORM = "ordered_to_perform"
    DECLARED_VOID = "declared_void"
    MEDIATED = "mediated"
    DISMISSED = "dismissed"


class TerminationGround(StrEnum):
    """Why a review or suit ends without a decision (行政复议法41, 74)."""

    WITHDRAWN = "withdrawn"
    SETTLED = "settled"
    NO_SUCCESSOR = "no_successor"
    OTHER = "other"


class ErasureKind(StrEnum):
    """限制处理, 恢复处理 or 删除 of personal data (个人信息保护法47)."""

    RESTRICT = "restrict"
    LIFT = "lift"
    SHRED = "shred"


class ErasureGround(StrEnum):
    """Why data may no longer be processed, or may again (个人信息保护法47(1)).

    ``PURPOSE_ENDED`` 处理目的已实现或者不再必要; ``CEASED`` what a restriction rested on is gone.
    """

    PURPOSE_ENDED = "purpose_ended"
    RETENTION_ENDED = "retention_ended"
    UNLAWFUL_PROCESSING = "unlawful_processing"
    ORDERED = "ordered"
    CEASED = "ceased"


class AccessKind(StrEnum):
    """What the access record (查阅记录) is of."""

    REVEALED = "revealed"
    DOCUMENT_READ = "document_read"
    FOUND = "found"
    EXPORTED = "exported"
    REPORTED = "reported"
    LOGGED_IN = "logged_in"
    LOG_IN_FAILED = "log_in_failed"
    PEOPLE_CHANGED = "people_changed"


ACCESS_NAMES: dict[AccessKind, str] = {
    AccessKind.REVEALED: "查看个人信息",
    AccessKind.DOCUMENT_READ: "查看附件",
    AccessKind.FOUND: "按证件号码或者查询码查找",
    AccessKind.EXPORTED: "导出",
    AccessKind.REPORTED: "生成报表",
    AccessKind.LOGGED_IN: "登录",
    AccessKind.LOG_IN_FAILED: "登录失败",
    AccessKind.PEOPLE_CHANGED: "变更账户或者授权",
}


class Grant(msgspec.Struct, frozen=True, gc=False):
    """One post somebody holds: a role, in an agency ("*": in any), for a unit ("": for none)."""

    role: Role
    agency: str
    unit: str = ""


class Stamp(msgspec.Struct, frozen=True, gc=False):
    """The envelope of an event: who, in which role, for which unit, heard of when.

    ``at`` is record time in UTC; ``today`` is its calendar day in Asia/Shanghai.
    """

    at: datetime
    actor: str
    role: Role
    unit: str = ""
    agency: str = ""

    @property
    def grant(self) -> Grant:
        """The post in which it was done."""
        return Grant(self.role, self.agency, self.unit)

    @property
    def today(self) -> date:
        """The calendar day of record time in Asia/Shanghai."""
        return self.at.astimezone(SHANGHAI).date()


def utc(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """The moment ``hour:minute`` o'clock (Asia/Shanghai) of ``day``, as UTC."""
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)
    return local.astimezone(UTC)

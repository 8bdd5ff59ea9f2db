"""What an office may choose: conventions C1 to C13 and the unconfirmed readings, in one object."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from gk_workflow.core.law import OUTCOMES, Remedy, review_mandatory
from gk_workflow.core.terms import ApplicantKind, Outcome

REVIEW_FIRST = frozenset(
    row.outcome for row in OUTCOMES.values() if row.remedy is Remedy.REVIEW_FIRST
)

CONVENTIONS: dict[str, str] = {
    "C1": "工作日期间开始当日不计入, 自下一工作日起算 (民法典201, 民诉法85(2))",
    "C2": "工作日为周一至周五未放假之日及通知明定的调休上班日",
    "C3": "征求意见期间为发出之次日至收到意见或期限届满之日, 多个期间取并集",
    "C4": "网上以双方确认之日为收到日, 平台自动确认的以提交日为准; 电子邮件以到达之日为准",
    "C5": "补正告知七个工作日内一次; 逾期或再次补正记录并标记, 原期限继续",
    "C6": "延期须在届满前经批准并告知, 累计不超过二十个工作日",
    "C7": "收费通知在处理期限内发出, 二十个工作日内缴费, 缴费次日重新计算",
    "C8": "是否按期以直接送达签收日、邮寄交邮日、电子到达日为准",
    "C9": "自然日和月期间末日逢休息日顺延至下一工作日",
    "C10": "复议法三、五、七、十日为工作日, 其余为自然日",
    "C11": "对不答复可复议或起诉, 均自期限届满起算",
    "C12": "需用到尚未公布放假安排年份的期限为暂定",
    "C13": "办件归入首次收到之年, 结果归入办结之年",
}


class RetentionRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many calendar years a case is kept after the year of 归档; without ``years``: for ever.

    It is for cases archived from ``since`` on, whose outcome begins with ``outcome`` ("denied"),
    of applicants of ``kind`` (None: all), that went to review or court or did not (``appealed``).
    """

    name: str
    since: date
    years: Annotated[int, Meta(ge=1, le=200)] | None = None
    outcome: str = ""
    kind: ApplicantKind | None = None
    appealed: bool | None = None


RETENTION = (
    RetentionRule(name="一般办件", since=date(2007, 1, 1), years=10),
    RetentionRule(name="涉复议诉讼办件", since=date(2007, 1, 1), years=30, appealed=True),
)
"""10 and 30 years are the two terms of 国家档案局令第8号; which cases fall under which is a convention."""


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """One office's choices; every default is the convention of docs/law.md (C1 to C13).

    Lengths are 工作日 unless said otherwise. A choice once used stays answerable because it is
    dated by ``since``.
    """

    name: str = "只楚街道办事处通用规则"
    since: date = date(2018, 1, 1)
    # C3: the day a letter is sent is itself excluded only when this is true.
    pause_includes_sending_day: bool = False
    # C4: an e-mail counts from its arrival, whatever is confirmed later.
    email_counts_on_arrival: bool = True
    # C5
    late_supplement_notice_keeps_clock: bool = True
    supplement_workdays: int = 10
    reasons_workdays: int = 10
    # C6
    extension_notice_by_due_date: bool = True
    # C7 (unconfirmed reading of 109号7)
    payment_restarts_clock: bool = True
    # C8: 公告 is in time on the day of publication, as posting is; it takes effect 30 days later.
    public_notice_timely_on_publication: bool = True
    # Four eyes.
    drafter_may_sign: bool = False
    drafter_may_review_secrecy: bool = False
    secrecy_reviewer_may_sign: bool = True
    # 条例32: the objecting third party hears of the decision before the applicant gets the reply.
    notify_third_party_before_service: bool = True
    # 归档 ends everything: an office may wait until the applicant can no longer seek a remedy.
    archive_waits_for_remedies: bool = False
    # Remedies: which outcomes go to review first (行政复议法23), which suits are doubtful.
    review_first: frozenset[Outcome] = REVIEW_FIRST
    suit_excluded: frozenset[Outcome] = frozenset()
    # The office (placeholders: the real ones are unconfirmed settings).
    agency_name: str = "烟台市芝罘区只楚街道办事处"
    reconsideration_organ: str = "芝罘区人民政府"
    court: str = "有管辖权的人民法院"
    document_pattern: str = "{prefix}{type}〔{year}〕{n}号"
    document_prefix: str = "只街公开"
    due_soon_workdays: int = 3
    documents_per_case: int = 100
    # 个人信息保护法47, 国家档案局令第8号 (convention): when an archived case may be shredded.
    retention: tuple[RetentionRule, ...] = RETENTION

    def review_mandatory(self, outcome: Outcome, decided: date) -> bool:
        """行政复议法23(1)(4): review before suit, by outcome and by date of law."""
        return review_mandatory(outcome, decided, self.review_first)

    def remedy_text(self, outcome: Outcome, decided: date) -> str:
        """The remedies clause of a letter decided on that day (行政复议法20, 23(2), 行诉法45, 46)."""
        review = f"可以自收到本告知书之日起60日内向{self.reconsideration_organ}申请行政复议"
        if self.review_mandatory(outcome, decided):
            return f"如对本告知不服，{review}；对行政复议决定不服的，可以再依法向人民法院提起行政诉讼。"
        if outcome in self.suit_excluded:
            return f"如对本告知不服，{review}。"
        return f"如对本告知不服，{review}，或者自收到之日起6个月内向{self.court}提起行政诉讼。"

    def silence_remedy_text(self) -> str:
        """The remedies against silence (C11, 行政复议法20, 行诉解释66)."""
        return (
            f"逾期未答复的，可以自期限届满之日起60日内向{self.reconsideration_organ}"
            f"申请行政复议，或者6个月内向{self.court}提起行政诉讼。"
        )

    def document_series(self, agency: str, outcome: Outcome, year: int) -> str:
        """The counter a letter's number is drawn from: agency, type and year (GB/T 9704)."""
        return f"document|{agency}|{document_type(outcome)}|{year}"

    def document_number(self, agency: str, outcome: Outcome, year: int, n: int) -> str:
        """机关代字〔年份〕顺序号 (GB/T 9704-2012 7.2.5), no leading zero."""
        return self.document_pattern.format(
            prefix=self.document_prefix, type=document_type(outcome), year=year, n=n, agency=agency
        )


_TYPES = (
    ("granted", "告"),
    ("partial", "部告"),
    ("denied", "不告"),
    ("unable", "无告"),
    ("refused", "不处"),
    ("other", "他告"),
)


def document_type(outcome: Outcome) -> str:
    """The type word in a reply's number, by kind of outcome."""
    kind = outcome.value.partition(".")[0]
    return dict(_TYPES)[kind]

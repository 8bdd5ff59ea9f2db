"""The law as dated, cited rows: limits, outcomes, remedies and fees; no other module holds such a number."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

from gk_workflow.core.terms import FeeMethod, Outcome, ProvisionForm

REGULATION_2019 = date(2019, 5, 15)
RECONSIDERATION_LAW_2023 = date(2024, 1, 1)
FEE_RULES_2021 = date(2021, 1, 1)
INTERPRETATION_2025 = date(2025, 6, 1)


class Unit(StrEnum):
    """工作日, 自然日 (calendar days) or 月."""

    WORKDAY = "工作日"
    DAY = "自然日"
    MONTH = "月"


class LimitId(StrEnum):
    """One legal period each; the value is used in the API and never renamed."""

    REPLY = "reply"
    EXTENSION = "extension"
    SUPPLEMENT_NOTICE = "supplement_notice"
    SUPPLEMENT = "supplement"
    REASONS = "reasons"
    THIRD_PARTY_OPINION = "third_party_opinion"
    AUTHORITY_OPINION = "authority_opinion"
    FEE_PAYMENT = "fee_payment"
    RECORD_CORRECTION = "record_correction"
    REDO = "redo"
    PUBLIC_NOTICE = "public_notice"
    RECONSIDERATION_FILING = "reconsideration_filing"
    DIRECT_SUIT_FILING = "direct_suit_filing"
    SUIT_AFTER_RECONSIDERATION_FILING = "suit_after_reconsideration_filing"
    SUIT_AGAINST_SILENCE_FILING = "suit_against_silence_filing"
    RECONSIDERATION_EXAMINATION = "reconsideration_examination"
    COPY_SIMPLIFIED = "copy_simplified"
    COPY_ORDINARY = "copy_ordinary"
    RECONSIDERATION_ANSWER_SIMPLIFIED = "reconsideration_answer_simplified"
    RECONSIDERATION_ANSWER_ORDINARY = "reconsideration_answer_ordinary"
    RECONSIDERATION_DECISION_SIMPLIFIED = "reconsideration_decision_simplified"
    RECONSIDERATION_DECISION_ORDINARY = "reconsideration_decision_ordinary"
    RECONSIDERATION_DECISION_EXTENSION = "reconsideration_decision_extension"
    COURT_ANSWER = "court_answer"
    COURT_DECISION_ORDINARY = "court_decision_ordinary"
    COURT_DECISION_SIMPLIFIED = "court_decision_simplified"
    COURT_SECOND_INSTANCE = "court_second_instance"
    JUDGMENT_APPEAL = "judgment_appeal"
    RULING_APPEAL = "ruling_appeal"
    RECONSIDERATION_SUPPLEMENT_NOTICE = "reconsideration_supplement_notice"
    RECONSIDERATION_SUPPLEMENT = "reconsideration_supplement"
    RECONSIDERATION_ADVICE_REPORT = "reconsideration_advice_report"
    PROACTIVE_DISCLOSURE = "proactive_disclosure"


class Limit(msgspec.Struct, frozen=True):
    """One period in the version in force for periods that begin from ``since`` on."""

    id: LimitId
    name: str
    length: int
    unit: Unit
    article: str
    since: date = date.min


_W, _D, _M = Unit.WORKDAY, Unit.DAY, Unit.MONTH

LIMITS: tuple[Limit, ...] = (
    Limit(LimitId.REPLY, "答复期限", 15, _W, "条例(2007)24"),
    Limit(LimitId.REPLY, "答复期限", 20, _W, "条例33(2)", REGULATION_2019),
    Limit(LimitId.EXTENSION, "延长答复上限", 15, _W, "条例(2007)24"),
    Limit(LimitId.EXTENSION, "延长答复上限", 20, _W, "条例33(2)", REGULATION_2019),
    Limit(LimitId.SUPPLEMENT_NOTICE, "补正告知期限", 7, _W, "条例30"),
    Limit(LimitId.SUPPLEMENT, "补正期限", 10, _W, "条例30"),
    Limit(LimitId.REASONS, "说明理由期限", 10, _W, "条例35"),
    Limit(LimitId.THIRD_PARTY_OPINION, "第三方提出意见期限", 15, _W, "条例32"),
    Limit(LimitId.AUTHORITY_OPINION, "被征求机关提出意见期限", 15, _W, "条例34"),
    Limit(LimitId.FEE_PAYMENT, "缴费期限", 20, _W, "109号6", FEE_RULES_2021),
    Limit(LimitId.RECORD_CORRECTION, "更正审核期限", 20, _W, "条例41"),
    Limit(LimitId.REDO, "重新答复期限", 20, _W, "法释〔2025〕8号; 复议法64"),
    Limit(LimitId.PUBLIC_NOTICE, "公告送达期间", 30, _D, "民诉法95"),
    Limit(LimitId.RECONSIDERATION_FILING, "申请行政复议期限", 60, _D, "行政复议法20"),
    Limit(LimitId.DIRECT_SUIT_FILING, "直接起诉期限", 6, _M, "行诉法46"),
    Limit(LimitId.SUIT_AFTER_RECONSIDERATION_FILING, "复议后起诉期限", 15, _D, "行诉法45"),
    Limit(LimitId.SUIT_AGAINST_SILENCE_FILING, "对不答复起诉期限", 6, _M, "行诉解释66"),
    Limit(LimitId.RECONSIDERATION_EXAMINATION, "复议申请审查期限", 5, _W, "行政复议法30"),
    Limit(
        LimitId.COPY_SIMPLIFIED,
        "简易程序发送副本期限",
        3,
        _W,
        "行政复议法54",
        RECONSIDERATION_LAW_2023,
    ),
    Limit(LimitId.COPY_ORDINARY, "普通程序发送副本期限", 7, _W, "行政复议法48"),
    Limit(
        LimitId.RECONSIDERATION_ANSWER_SIMPLIFIED,
        "复议答复期限(简易)",
        5,
        _W,
        "行政复议法54",
        RECONSIDERATION_LAW_2023,
    ),
    Limit(
        LimitId.RECONSIDERATION_ANSWER_ORDINARY,
        "复议答复期限",
        10,
        _D,
        "行政复议法(2017)23",
    ),
    Limit(
        LimitId.RECONSIDERATION_ANSWER_ORDINARY,
        "复议答复期限",
        10,
        _W,
        "行政复议法48",
        RECONSIDERATION_LAW_2023,
    ),
    Limit(
        LimitId.RECONSIDERATION_DECISION_SIMPLIFIED,
        "复议决定期限(简易)",
        30,
        _D,
        "行政复议法62",
        RECONSIDERATION_LAW_2023,
    ),
    Limit(LimitId.RECONSIDERATION_DECISION_ORDINARY, "复议决定期限", 60, _D, "行政复议法62"),
    Limit(LimitId.RECONSIDERATION_DECISION_EXTENSION, "复议决定延长上限", 30, _D, "行政复议法62"),
    Limit(LimitId.COURT_ANSWER, "应诉答辩期限", 15, _D, "行诉法67"),
    Limit(LimitId.COURT_DECISION_ORDINARY, "一审审理期限", 6, _M, "行诉法81"),
    Limit(LimitId.COURT_DECISION_SIMPLIFIED, "一审审理期限(简易)", 45, _D, "行诉法83"),
    Limit(LimitId.COURT_SECOND_INSTANCE, "二审审理期限", 3, _M, "行诉法88"),
    Limit(LimitId.JUDGMENT_APPEAL, "上诉期限", 15, _D, "行诉法85"),
    Limit(LimitId.RULING_APPEAL, "上诉期限(裁定)", 10, _D, "行诉法85"),
    Limit(LimitId.RECONSIDERATION_SUPPLEMENT_NOTICE, "复议补正通知期限", 5, _W, "行政复议法31"),
    Limit(LimitId.RECONSIDERATION_SUPPLEMENT, "复议补正期限", 10, _W, "行政复议法31"),
    Limit(LimitId.RECONSIDERATION_ADVICE_REPORT, "复议意见书报送期限", 60, _D, "行政复议法76"),
    Limit(LimitId.PROACTIVE_DISCLOSURE, "主动公开期限", 20, _W, "条例26", REGULATION_2019),
)


_ROWS = {which: tuple(row for row in LIMITS if row.id is which) for which in LimitId}


def limit(which: LimitId, begins: date) -> Limit:
    """The row of ``which`` in force for a period that begins on ``begins`` (Asia/Shanghai).

    A period older than the first known row is reckoned by that first row.
    """
    rows = _ROWS[which]
    in_force = [row for row in rows if row.since <= begins]
    return max(in_force, key=lambda row: row.since) if in_force else rows[0]


class Remedy(StrEnum):
    """复议前置, or the choice between review and suit, with the doubt of 法释〔2025〕8号."""

    REVIEW_FIRST = "REV"
    OPTIONAL = "OPT"
    OPTIONAL_SUIT_DOUBTFUL = "OPT*"


class OutcomeRow(msgspec.Struct, frozen=True):
    """One result of 年报表三; ``needs`` names the ReplyContent fields that it cannot do without."""

    outcome: Outcome
    name: str
    basis: str
    table3_row: str
    remedy: Remedy
    needs: tuple[str, ...] = ()
    replied: bool = True


_R, _O, _S = Remedy.REVIEW_FIRST, Remedy.OPTIONAL, Remedy.OPTIONAL_SUIT_DOUBTFUL
_DENIED = ("reasons", "legal_basis")

OUTCOMES: dict[Outcome, OutcomeRow] = {
    row.outcome: row
    for row in (
        OutcomeRow(Outcome.GRANTED, "予以公开", "条例36(1)(2)", "三（一）", _O, ("provided",)),
        OutcomeRow(
            Outcome.PARTIAL,
            "部分公开",
            "条例37",
            "三（二）",
            _R,
            ("provided", "withheld", "reasons", "legal_basis"),
        ),
        OutcomeRow(
            Outcome.DENIED_STATE_SECRET, "不予公开(国家秘密)", "条例14", "三（三）1", _R, _DENIED
        ),
        OutcomeRow(
            Outcome.DENIED_LAW_FORBIDDEN,
            "不予公开(法律行政法规禁止)",
            "条例14",
            "三（三）2",
            _R,
            _DENIED,
        ),
        OutcomeRow(
            Outcome.DENIED_THREE_SECURITY_ONE_STABILITY,
            "不予公开(三安全一稳定)",
            "条例14",
            "三（三）3",
            _R,
            _DENIED,
        ),
        OutcomeRow(
            Outcome.DENIED_THIRD_PARTY,
            "不予公开(第三方合法权益)",
            "条例15、32",
            "三（三）4",
            _R,
            _DENIED,
        ),
        OutcomeRow(
            Outcome.DENIED_INTERNAL_AFFAIRS,
            "不予公开(内部事务信息)",
            "条例16(1)",
            "三（三）5",
            _R,
            _DENIED,
        ),
        OutcomeRow(
            Outcome.DENIED_PROCESS_INFO,
            "不予公开(过程性信息)",
            "条例16(2)",
            "三（三）6",
            _R,
            _DENIED,
        ),
        OutcomeRow(
            Outcome.DENIED_ENFORCEMENT_FILE,
            "不予公开(行政执法案卷)",
            "条例16(2)",
            "三（三）7",
            _R,
            _DENIED,
        ),
        OutcomeRow(
            Outcome.DENIED_ADMIN_QUERY,
            "不予公开(行政查询事项)",
            "条例36(7)",
            "三（三）8",
            _S,
            ("reasons", "special_rule"),
        ),
        OutcomeRow(
            Outcome.UNABLE_NOT_HELD,
            "无法提供(不掌握)",
            "条例36(4)(5)",
            "三（四）1",
            _O,
            ("reasons",),
        ),
        OutcomeRow(
            Outcome.UNABLE_NEEDS_CREATION,
            "无法提供(需另行制作)",
            "条例38",
            "三（四）2",
            _S,
            ("reasons",),
        ),
        OutcomeRow(
            Outcome.UNABLE_STILL_UNCLEAR,
            "无法提供(补正后仍不明确)",
            "条例30",
            "三（四）3",
            _O,
            ("reasons",),
        ),
        OutcomeRow(
            Outcome.REFUSED_PETITION,
            "不予处理(信访投诉举报)",
            "条例39(1)",
            "三（五）1",
            _S,
            ("reasons",),
        ),
        OutcomeRow(
            Outcome.REFUSED_DUPLICATE,
            "不予处理(重复申请)",
            "条例36(6)",
            "三（五）2",
            _S,
            ("reasons", "earlier_reference"),
        ),
        OutcomeRow(
            Outcome.REFUSED_PUBLICATION,
            "不予处理(公开出版物)",
            "条例39(2)",
            "三（五）3",
            _S,
            ("reasons", "channel_hint"),
        ),
        OutcomeRow(
            Outcome.REFUSED_EXCESSIVE,
            "不予处理(无正当理由大量反复)",
            "条例35",
            "三（五）4",
            _O,
            ("reasons",),
        ),
        OutcomeRow(
            Outcome.REFUSED_CONFIRM_OR_REISSUE,
            "不予处理(要求确认或重新出具)",
            "国办公开办函〔2021〕30号",
            "三（五）5",
            _S,
            ("reasons",),
        ),
        OutcomeRow(
            Outcome.OTHER_CORRECTION_OVERDUE,
            "逾期不补正不再处理",
            "条例30",
            "三（六）1",
            _O,
            (),
            False,
        ),
        OutcomeRow(
            Outcome.OTHER_FEE_OVERDUE, "逾期不缴费不再处理", "109号6", "三（六）2", _O, (), False
        ),
        OutcomeRow(
            Outcome.OTHER_OTHER,
            "其他处理",
            "国办公开办函〔2021〕30号",
            "三（六）3",
            _O,
            ("reasons",),
        ),
    )
}


def review_mandatory(outcome: Outcome, decided: date, review_first: frozenset[Outcome]) -> bool:
    """Whether review must come before a suit against a reply decided on ``decided``.

    行政复议法23(1)(4), in force since 2024-01-01; before that review was always optional.
    """
    return decided >= RECONSIDERATION_LAW_2023 and outcome in review_first


FREE_ITEMS, FIRST_TIER_ITEMS, ITEMS_PER_TIER, YUAN_PER_TIER = 10, 30, 10, 100
PAGE_TIERS = ((30, 0), (100, 10), (200, 20), (None, 40))
PAGED_FORMS = frozenset({ProvisionForm.PAPER, ProvisionForm.EMAIL, ProvisionForm.ELECTRONIC_COPY})


def _yuan_for_item(n: int) -> int:
    """The charge of the n-th item of one 自然月 (109号4): every ten items one tier more."""
    if n <= FREE_ITEMS:
        return 0
    if n <= FIRST_TIER_ITEMS:
        return YUAN_PER_TIER
    return YUAN_PER_TIER * (2 + (n - FIRST_TIER_ITEMS - 1) // ITEMS_PER_TIER)


def _item_fee(items: int) -> int:
    tiers, rest = divmod(max(items - FIRST_TIER_ITEMS, 0), ITEMS_PER_TIER)
    whole = YUAN_PER_TIER * ITEMS_PER_TIER * (tiers * (tiers + 3) // 2)
    first = YUAN_PER_TIER * max(min(items, FIRST_TIER_ITEMS) - FREE_ITEMS, 0)
    return first + whole + rest * _yuan_for_item(items)


def _page_fee(pages: int) -> int:
    total, below = 0, 0
    for top, yuan in PAGE_TIERS:
        upper = pages if top is None else min(pages, top)
        total += max(upper - below, 0) * yuan
        below = pages if top is None else top
    return total


def fee(method: FeeMethod, quantity: int, counted_before: int = 0) -> int:
    """信息处理费 in yuan (109号4, 5): 超额累进; items cumulate within one 自然月, pages do not."""
    if method is FeeMethod.PER_PAGE:
        return _page_fee(quantity)
    return _item_fee(counted_before + quantity) - _item_fee(counted_before)

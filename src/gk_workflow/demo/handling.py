"""审查 and 处理 in a simulated life: units, secrecy review, consultations, extensions, fees."""

from __future__ import annotations

from datetime import date, timedelta

from gk_workflow.core import commands as c
from gk_workflow.core.law import FREE_ITEMS, PAGED_FORMS, LimitId, fee, limit
from gk_workflow.core.terms import (
    ConsultationKind,
    FeeMethod,
    NoticeKind,
    Opinion,
    Outcome,
    Role,
)
from gk_workflow.demo.intake import never_pay
from gk_workflow.demo.script import CLERK_AT_DESK, SWEEP, Person, Script
from gk_workflow.demo.wishes import FeeWish
from gk_workflow.demo.words import SECRECY_OPINIONS, UNITS

_HANDED_BACK = 0.03
_ASSISTED = 0.08
_SECOND_PARTY = 0.12
_SILENT = 0.2
_OPINION_DAYS = 15
_REASONS_DAYS = 10


def assign(script: Script) -> None:
    """分办 by the desk; now and then the wrong unit hands it back (条例45)."""
    pen, rng = script.pen, script.rng
    if rng.random() < _HANDED_BACK:
        wrong = rng.choice([unit for unit in UNITS if unit != script.unit])
        pen.act(CLERK_AT_DESK, c.Assign(wrong))
        back = Person("经办99", Role.CLERK, wrong)
        pen.act(back, c.HandBack("不属于本单位职责"), script.later(1))
    pen.act(CLERK_AT_DESK, c.Assign(script.unit, script.handler.actor))


def review(script: Script) -> None:
    """审查, 含保密审查 (条例17)."""
    day = script.later(script.rng.randrange(3))
    opinion = script.rng.choice(SECRECY_OPINIONS)
    script.pen.act(script.reviewer, c.PassReview(day, opinion), day)


def ask_reasons(script: Script, reasonable: bool) -> None:
    """要求说明理由 (条例35); the clock goes on meanwhile."""
    day = script.later(1)
    finding = "同一申请人本月申请数量、频次明显超过合理范围"
    script.pen.act(script.handler, c.AskReasons(day, finding), day)
    if not reasonable and script.rng.random() < 0.3:
        # No answer: review goes on when the applicant's own period is over.
        script.pen.day = script.workday(day, _REASONS_DAYS)
        script.pen.act(script.reviewer, _reviewed(script.later(1)), script.later(1))
        return
    given = script.later(script.rng.randrange(1, 6))
    text = "用于课题研究, 附研究计划" if reasonable else "需要了解情况"
    script.pen.act(script.handler, c.GiveReasons(given, text), given)
    review(script)


def _reviewed(day: date) -> c.PassReview:
    return c.PassReview(day, SECRECY_OPINIONS[0])


def delay(script: Script, until: date) -> None:
    """延迟答复 (条例35): reasons are reasonable, the day is told before expiry."""
    day = script.later(1)
    script.pen.act(script.head, c.DelayReply(until, day, "申请数量较大, 需要合理时间办理"), day)
    script.more += script.calendar.workdays_between(script.start, until) - script.length
    script.more -= script.paused


def assist(script: Script) -> None:
    """协办 by another unit now and then: no pause."""
    if script.rng.random() >= _ASSISTED:
        return
    other = script.rng.choice([unit for unit in UNITS if unit != script.unit])
    day = script.later(script.rng.randrange(2))
    script.pen.act(script.handler, c.RequestAssistance(other, day, "请协助检索相关档案"), day)
    answered = script.later(script.rng.randrange(1, 3))
    helper = Person("经办98", Role.CLERK, other)
    script.pen.act(helper, c.RecordAssistance(other, answered, "已检索并提供材料"), answered)


# --- consultations ----------------------------------------------------------------------------


def consult_third_parties(script: Script) -> None:
    """征求第三方意见 (条例32): one letter or two on the same day, whose pauses are a union."""
    letters = 2 if script.rng.random() < _SECOND_PARTY else 1
    sent = script.later(1)
    numbers = []
    for letter in range(letters):
        script.consultations += 1
        numbers.append(script.consultations)
        asked = c.ConsultThirdParty(f"第三方{letter + 1}", "商业秘密或者个人隐私", sent)
        script.pen.act(script.handler, asked, sent)
    arrivals = [_letter_arrives(script, number, sent) for number in numbers]
    _answers(
        script, sent, [(n, a, _opinion(script)) for n, a in zip(numbers, arrivals, strict=True)]
    )


def consult_authority(script: Script) -> None:
    """征求共同制作机关 (条例34) 或者其他机关 (条例33(3)) 意见."""
    kinds = (ConsultationKind.CO_AUTHOR, ConsultationKind.OTHER_AGENCY)
    kind = script.rng.choice(kinds)
    sent = script.later(1)
    script.consultations += 1
    number = script.consultations
    script.pen.act(script.handler, c.ConsultAuthority("相关行政机关", kind, sent), sent)
    arrived = _letter_arrives(script, number, sent)
    opinion = None if script.rng.random() < _SILENT else Opinion.AGREE
    _answers(script, sent, [(number, arrived, opinion)])


def _opinion(script: Script) -> Opinion | None:
    """What the party says (None: nothing); a refusal to its protection needs an objection."""
    rng = script.rng
    if script.outcome is Outcome.DENIED_THIRD_PARTY:
        return Opinion.DISAGREE if rng.random() < 0.85 else None
    if rng.random() < _SILENT:
        return None
    if script.outcome is Outcome.GRANTED:
        return Opinion.AGREE if rng.random() < 0.9 else Opinion.DISAGREE
    return rng.choice((Opinion.PARTLY, Opinion.DISAGREE, Opinion.AGREE))


def _letter_arrives(script: Script, number: int, sent: date) -> date:
    arrived = script.after_post(sent)
    notice = c.RecordNoticeService(NoticeKind.CONSULTATION, arrived, number)
    day = max(script.workday(arrived, 1), script.pen.day)
    script.pen.act(script.handler, notice, day)
    return arrived


def _answers(script: Script, sent: date, asked: list[tuple[int, date, Opinion | None]]) -> None:
    """Opinions and lapses in the order of their days; afterwards the pause is known."""
    answers: list[tuple[date, int, Opinion | None]] = []
    for number, arrived, opinion in asked:
        last = script.workday(arrived, _OPINION_DAYS)
        soon = script.workday(max(arrived, script.pen.day), script.rng.randrange(1, 10))
        answers.append((last if opinion is None else min(soon, last), number, opinion))
    ends = [_answer(script, *answer) for answer in sorted(answers, key=lambda one: one[:2])]
    script.paused += script.calendar.workdays_between(sent, max(ends))


def _answer(script: Script, day: date, number: int, opinion: Opinion | None) -> date:
    """One opinion or its lapse; the day on which its pause ends."""
    if opinion is None:
        script.pen.act(SWEEP, c.RecordLapse(number), day + timedelta(days=1))
        return day
    if opinion is not Opinion.AGREE:
        script.objecting.append(number)
    received = max(day, script.pen.day)
    said = "" if opinion is Opinion.AGREE else "公开将损害其合法权益"
    answer = c.RecordOpinion(number, received, opinion, said)
    script.pen.act(script.handler, answer, script.workday(received, 0))
    return received


# --- extension and fee ------------------------------------------------------------------------


def extend(script: Script) -> None:
    """延长答复 (条例33(2)): approved by the head and told some days before expiry."""
    room = limit(LimitId.EXTENSION, script.start).length
    workdays = script.rng.choice([days for days in (5, 10, 15, 20) if days <= room])
    day = script.later(max(script.left - script.rng.randrange(2, 7), 0))
    reason = "需要检索的材料较多, 经公开工作机构负责人同意延长"
    script.pen.act(script.head, c.ExtendReply(workdays, day, day, reason), day)
    script.more += workdays


def charge(script: Script, wish: FeeWish) -> date:
    """收费通知 within the period (109号6); the day from which the applicant may pay."""
    day = script.later(1)
    notice = c.ChargeFee(
        method=wish.method,
        quantity=wish.quantity,
        amount_yuan=wish.amount_yuan,
        finding="申请数量、频次明显超过合理范围",
        sent_on=day,
        served_on=day if script.consents else None,
        counted_before=wish.counted_before,
    )
    script.pen.act(script.handler, notice, day)
    if script.consents:
        return day
    served = script.after_post(day)
    arrived = c.RecordNoticeService(NoticeKind.FEE, served)
    script.pen.act(script.handler, arrived, script.workday(served, 1))
    return served


def pay(script: Script, begins: date) -> None:
    """缴费 in time: the period begins anew (109号7)."""
    day = max(script.workday(begins, script.rng.randrange(1, 13)), script.later(0))
    receipt = f"财政票据{script.rng.randrange(10**7, 10**8)}"
    script.pen.act(CLERK_AT_DESK, c.RecordPayment(day, receipt), day)
    script.restart(day)


def charge_in_vain(script: Script) -> None:
    """A fee that is never paid: 视为放弃 (109号6)."""
    if script.form not in PAGED_FORMS or script.rng.random() < 0.5:
        before = FREE_ITEMS + script.rng.randrange(0, 20)
        yuan = fee(FeeMethod.PER_ITEM, 1, before)
        begins = charge(script, FeeWish(FeeMethod.PER_ITEM, 1, yuan, before))
    else:
        pages = script.rng.randrange(40, 400)
        yuan = fee(FeeMethod.PER_PAGE, pages)
        begins = charge(script, FeeWish(FeeMethod.PER_PAGE, pages, yuan))
    never_pay(script, begins, limit(LimitId.FEE_PAYMENT, begins).length)

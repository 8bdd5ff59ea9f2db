"""The what-if vocabulary: dated facts as they are named in the API; nothing is reckoned here."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from gk_workflow.core.calendar import Calendar
from gk_workflow.core.terms import Channel, Outcome

Words = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Days = Annotated[int, Meta(ge=1, le=250)]
Code = Annotated[str, Meta(max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")]
AgencyRole = Literal["co_author", "other_agency", "internal"]


class _Fact(
    msgspec.Struct, frozen=True, tag_field="type", forbid_unknown_fields=True, kw_only=True
):
    """What every fact has: its legal day (Asia/Shanghai)."""

    date: date


class ApplicationReceived(_Fact, frozen=True, tag="application_received"):
    """Received on that day by that channel (条例31)."""

    channel: Channel
    platform_auto_confirm: bool | None = None
    signed_by: Words | None = None


class ApplicationSubmitted(_Fact, frozen=True, tag="application_submitted"):
    """Handed in; received only when confirmed by both, or at once where the platform confirms."""

    channel: Channel
    platform_auto_confirm: bool | None = None


class ReceiptConfirmedByBoth(_Fact, frozen=True, tag="receipt_confirmed_by_both"):
    """条例31: the confirmation."""


class LetterArrived(_Fact, frozen=True, tag="letter_arrived"):
    """An ordinary letter arrived, to be confirmed the same day."""

    channel: Channel


class MailSigned(_Fact, frozen=True, tag="mail_signed"):
    """The office, its mail room included, signed."""

    channel: Channel
    signed_by: Words | None = None


class InternalTransfer(_Fact, frozen=True, tag="internal_transfer"):
    """Irrelevant by law: changes nothing."""


class CorrectionNoticeSent(_Fact, frozen=True, tag="correction_notice_sent"):
    """补正告知 sent."""

    correction_period_workdays: Days | None = None


class CorrectionNoticeServed(_Fact, frozen=True, tag="correction_notice_served"):
    """补正告知 served."""

    correction_period_workdays: Days | None = None


class CorrectedApplicationReceived(_Fact, frozen=True, tag="corrected_application_received"):
    """补正 arrived."""


class ReasonsAsked(_Fact, frozen=True, tag="reasons_asked"):
    """条例35."""


class ReasonsGiven(_Fact, frozen=True, tag="reasons_given"):
    """条例35."""


class ReplyDelayed(_Fact, frozen=True, tag="reply_delayed"):
    """条例35: the day told."""

    until: date


class Withdrawn(_Fact, frozen=True, tag="withdrawn"):
    """撤回."""


class ThirdPartyLetterSent(_Fact, frozen=True, tag="third_party_letter_sent"):
    """条例32."""

    party: Words | None = None


class ThirdPartyLetterReceived(_Fact, frozen=True, tag="third_party_letter_received"):
    """条例32."""

    party: Words | None = None


class ThirdPartyOpinionReceived(_Fact, frozen=True, tag="third_party_opinion_received"):
    """条例32."""

    party: Words | None = None


class AgencyConsultLetterSent(_Fact, frozen=True, tag="agency_consult_letter_sent"):
    """条例33(3), 34; without a role the agency is the co-author of 条例34."""

    agency: Words | None = None
    role: AgencyRole | None = None


class AgencyConsultLetterReceived(_Fact, frozen=True, tag="agency_consult_letter_received"):
    """条例33(3), 34."""

    agency: Words | None = None
    role: AgencyRole | None = None


class AgencyOpinionReceived(_Fact, frozen=True, tag="agency_opinion_received"):
    """条例33(3), 34."""

    agency: Words | None = None
    role: AgencyRole | None = None


class ExtensionApproved(_Fact, frozen=True, tag="extension_approved"):
    """条例33(2)."""

    workdays: Days


class ExtensionNoticeServed(_Fact, frozen=True, tag="extension_notice_served"):
    """条例33(2)."""

    workdays: Days | None = None


class FeeNoticeServed(_Fact, frozen=True, tag="fee_notice_served"):
    """109号6."""

    amount_yuan: Annotated[float, Meta(ge=0, le=100_000_000)] | None = None
    method: Literal["per_item", "per_page"] | None = None


class FeePaid(_Fact, frozen=True, tag="fee_paid"):
    """109号6."""

    amount_yuan: Annotated[float, Meta(ge=0, le=100_000_000)] | None = None
    method: Literal["per_item", "per_page"] | None = None


class ReplyDecided(_Fact, frozen=True, tag="reply_decided"):
    """The document's date: decides nothing by itself."""


class ReplyServed(_Fact, frozen=True, tag="reply_served"):
    """235号: signature day, posting day, arrival in the system."""

    method: Literal["in_person", "post", "electronic"]
    outcome: Code | None = None


class ReplyReceivedByApplicant(_Fact, frozen=True, tag="reply_received_by_applicant"):
    """Starts the remedies."""

    outcome: Code | None = None


class ReviewApplicationReceived(
    _Fact, frozen=True, tag="review_application_received_by_district_gov"
):
    """行政复议法30."""


class ReviewDecisionReceived(_Fact, frozen=True, tag="review_decision_received"):
    """行政复议法64; 行诉法45."""

    outcome: Code | None = None
    redo_workdays: Days | None = None


class CalendarRevised(_Fact, frozen=True, tag="calendar_revised"):
    """A notice published on that day."""

    ref: Words
    off: Annotated[tuple[date, ...], Meta(max_length=120)] = ()
    no_longer_makeup: Annotated[tuple[date, ...], Meta(max_length=60)] = ()


Fact = (
    ApplicationReceived
    | ApplicationSubmitted
    | ReceiptConfirmedByBoth
    | LetterArrived
    | MailSigned
    | InternalTransfer
    | CorrectionNoticeSent
    | CorrectionNoticeServed
    | CorrectedApplicationReceived
    | ReasonsAsked
    | ReasonsGiven
    | ReplyDelayed
    | Withdrawn
    | ThirdPartyLetterSent
    | ThirdPartyLetterReceived
    | ThirdPartyOpinionReceived
    | AgencyConsultLetterSent
    | AgencyConsultLetterReceived
    | AgencyOpinionReceived
    | ExtensionApproved
    | ExtensionNoticeServed
    | FeeNoticeServed
    | FeePaid
    | ReplyDecided
    | ReplyServed
    | ReplyReceivedByApplicant
    | ReviewApplicationReceived
    | ReviewDecisionReceived
    | CalendarRevised
)

APPLICATION = (ApplicationReceived, ApplicationSubmitted, LetterArrived, MailSigned)


MOST_FACTS, MOST_REVISIONS = 100, 12
"""Nobody has to say who he is to ask, so that no question may cost much."""


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of ``POST /what-if``."""

    given: Annotated[tuple[Fact, ...], Meta(max_length=MOST_FACTS)]
    on: date | None = None
    as_of: date | None = None


class BadFacts(ValueError):
    """The question cannot be understood: each error is (JSON pointer, Chinese message)."""

    def __init__(self, errors: tuple[tuple[str, str], ...]) -> None:
        super().__init__("; ".join(f"{pointer}: {message}" for pointer, message in errors))
        self.errors = errors


_DECODER = msgspec.json.Decoder(Question)
_PATH = re.compile(r" - at `\$(.*)`$")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_NAMED = re.compile(r"^Object (?:missing required|contains unknown) field `(.*?)`")


def parse(body: bytes, calendar: Calendar) -> Question:
    """The question in ``body``; raises `BadFacts` naming each field at fault."""
    try:
        question = _DECODER.decode(body)
    except msgspec.ValidationError as error:
        raise BadFacts((_located(str(error)),)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadFacts((("", f"不是有效的JSON: {error}"),)) from error
    except RecursionError as error:
        raise BadFacts((("", "嵌套层次过深"),)) from error
    errors = (
        *_outside(question, calendar),
        *_before_application(question),
        *_unknown_outcomes(question),
        *_too_many_revisions(question),
    )
    if errors:
        raise BadFacts(errors)
    return question


def _located(message: str) -> tuple[str, str]:
    """(JSON pointer of the field at fault, a missing or unknown one included; what is wrong)."""
    path, named = _PATH.search(message), _NAMED.search(message)
    steps = [name or index for name, index in _STEP.findall(path.group(1) if path else "")]
    steps += [named.group(1)] if named else []
    pointer = "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
    return pointer, message[: path.start()] if path else message


def _outside(question: Question, calendar: Calendar) -> list[tuple[str, str]]:
    """Days that the loaded notices cannot speak of."""
    errors = []
    named: list[tuple[str, date]] = [
        (f"/{name}", day)
        for name, day in (("on", question.on), ("as_of", question.as_of))
        if day is not None
    ]
    for n, fact in enumerate(question.given):
        for name in fact.__struct_fields__:
            value = getattr(fact, name)
            days = value if isinstance(value, tuple) else (value,)
            named += [(f"/given/{n}/{name}", day) for day in days if isinstance(day, date)]
    for pointer, day in named:
        if not calendar.first_day <= day <= calendar.last_day:
            errors.append(
                (pointer, f"{day}不在工作日历范围内（{calendar.first_day}至{calendar.last_day}）")
            )
    return errors


def _before_application(question: Question) -> list[tuple[str, str]]:
    """Facts of the case dated before the application itself."""
    applied = [fact.date for fact in question.given if isinstance(fact, APPLICATION)]
    if not applied:
        return []
    first = min(applied)
    return [
        (f"/given/{n}/date", f"{fact.date}早于申请之日{first}")
        for n, fact in enumerate(question.given)
        if fact.date < first and not isinstance(fact, CalendarRevised)
    ]


BARE_DENIAL = "denied"
"""An outcome of 条例14 to 16 whose row is not told: review comes first."""


def _unknown_outcomes(question: Question) -> list[tuple[str, str]]:
    codes = {*(outcome.value for outcome in Outcome), BARE_DENIAL}
    return [
        (f"/given/{n}/outcome", f"没有这一处理结果: {fact.outcome}")
        for n, fact in enumerate(question.given)
        if isinstance(fact, ReplyServed | ReplyReceivedByApplicant)
        and fact.outcome is not None
        and fact.outcome not in codes
    ]


def _too_many_revisions(question: Question) -> list[tuple[str, str]]:
    revisions = [n for n, fact in enumerate(question.given) if isinstance(fact, CalendarRevised)]
    return [
        (f"/given/{n}", f"放假安排的调整最多{MOST_REVISIONS}次") for n in revisions[MOST_REVISIONS:]
    ]

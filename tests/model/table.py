"""The workflow a second time, written from its description and not from its code; it knows no dates.

For each command: who may give it, in which statuses, and the status that follows ("" where it
stays). `Model` keeps the few counts a case must agree with.
"""

from __future__ import annotations

from typing import NamedTuple

WORK = (
    "RECEIVED AWAITING_SUPPLEMENT UNDER_REVIEW AWAITING_REASONS IN_HANDLING CONSULTING "
    "AWAITING_PAYMENT AWAITING_APPROVAL APPROVED"
)
ENDED = "REPLIED ABANDONED WITHDRAWN"
ALL = f"SUBMITTED {WORK} {ENDED}"
REDONE = (
    "RECEIVED UNDER_REVIEW AWAITING_REASONS IN_HANDLING CONSULTING AWAITING_APPROVAL APPROVED "
    "REPLIED ABANDONED"
)
DESK = "CLERK REVIEWER HEAD"
COUNTER = "CLERK APPLICANT"


class Move(NamedTuple):
    """One command's place on the request's board."""

    roles: frozenset[str]
    sources: frozenset[str]
    target: str


def _move(roles: str, sources: str, target: str = "") -> Move:
    return Move(frozenset(roles.split()), frozenset(sources.split()), target)


MOVES: dict[str, Move] = {
    # 受理
    "OpenCase": _move(COUNTER, "", "SUBMITTED"),
    "ConfirmReceipt": _move("CLERK", "SUBMITTED", "RECEIVED"),
    "Accept": _move("CLERK", "RECEIVED AWAITING_SUPPLEMENT", "UNDER_REVIEW"),
    "RequestSupplement": _move(
        "CLERK",
        "RECEIVED AWAITING_SUPPLEMENT UNDER_REVIEW IN_HANDLING",
        "AWAITING_SUPPLEMENT",
    ),
    "Supplement": _move(COUNTER, "AWAITING_SUPPLEMENT", "UNDER_REVIEW"),
    "RecordNoticeService": _move(
        "CLERK", "AWAITING_SUPPLEMENT UNDER_REVIEW IN_HANDLING CONSULTING AWAITING_PAYMENT"
    ),
    "SplitCase": _move("CLERK", "RECEIVED UNDER_REVIEW"),
    "DeemAbandoned": _move("SYSTEM CLERK", "AWAITING_SUPPLEMENT AWAITING_PAYMENT", "ABANDONED"),
    "Withdraw": _move(COUNTER, f"SUBMITTED {WORK}", "WITHDRAWN"),
    "RequestRecordCorrection": _move(COUNTER, f"{WORK} REPLIED"),
    "DecideRecordCorrection": _move("HEAD", f"{WORK} {ENDED}"),
    "AttachDocument": _move(f"{DESK} APPLICANT", ALL),
    "AmendDate": _move("HEAD", ALL),
    # 审查
    "AskReasons": _move("CLERK", "UNDER_REVIEW IN_HANDLING", "AWAITING_REASONS"),
    "GiveReasons": _move(COUNTER, "AWAITING_REASONS", "UNDER_REVIEW"),
    "Assign": _move(DESK, WORK),
    "HandBack": _move(DESK, WORK),
    "PassReview": _move("REVIEWER", "UNDER_REVIEW AWAITING_REASONS IN_HANDLING", "IN_HANDLING"),
    # 处理
    "ConsultThirdParty": _move("CLERK", "IN_HANDLING CONSULTING", "CONSULTING"),
    "ConsultAuthority": _move("CLERK", "IN_HANDLING CONSULTING", "CONSULTING"),
    "RecordOpinion": _move("CLERK", "IN_HANDLING CONSULTING AWAITING_APPROVAL"),
    "RecordLapse": _move("CLERK SYSTEM", "CONSULTING"),
    "EndConsultation": _move("CLERK", "CONSULTING"),
    "RequestAssistance": _move("CLERK", "UNDER_REVIEW IN_HANDLING CONSULTING"),
    "RecordAssistance": _move(DESK, "UNDER_REVIEW IN_HANDLING CONSULTING"),
    "ExtendReply": _move("HEAD", WORK),
    "RemindDueSoon": _move("SYSTEM", WORK),
    "DelayReply": _move("HEAD", "UNDER_REVIEW IN_HANDLING AWAITING_APPROVAL"),
    "ChargeFee": _move("CLERK", "IN_HANDLING", "AWAITING_PAYMENT"),
    "RecordPayment": _move("CLERK", "AWAITING_PAYMENT", "IN_HANDLING"),
    "WaiveFee": _move("HEAD", "AWAITING_PAYMENT", "IN_HANDLING"),
    # 答复
    "SubmitDraft": _move("CLERK", "IN_HANDLING", "AWAITING_APPROVAL"),
    "ReturnDraft": _move("REVIEWER HEAD", "AWAITING_APPROVAL", "IN_HANDLING"),
    "ApproveReply": _move("HEAD", "AWAITING_APPROVAL", "APPROVED"),
    "ReplyOnTheSpot": _move("CLERK HEAD", "RECEIVED UNDER_REVIEW", "REPLIED"),
    "ServeReply": _move("CLERK", "APPROVED", "REPLIED"),
    "RecordDelivery": _move("CLERK", "REPLIED"),
    "RecordServiceFailure": _move("CLERK", "REPLIED", "APPROVED"),
    "NotifyThirdParty": _move("CLERK", "APPROVED REPLIED"),
    "Archive": _move("CLERK", ENDED, "ARCHIVED"),
    # 救济
    "Reopen": _move(DESK, REDONE),
    "FileReconsideration": _move(DESK, f"{WORK} {ENDED}"),
    "FileSuit": _move(DESK, f"{WORK} {ENDED}"),
}

MOVES |= {  # 个人信息
    "ProposeErasure": _move("ADMIN", f"{ALL} ARCHIVED"),
    "DecideErasure": _move("HEAD", f"{ALL} ARCHIVED"),
}
OF_THE_UNIT = frozenset(
    ("ConsultThirdParty", "ConsultAuthority", "RequestAssistance", "SubmitDraft", "HandBack")
)
"""What a clerk of another unit may not do."""

APPEALS: dict[str, tuple[frozenset[str], str]] = {
    name: (frozenset(sources.split()), target)
    for name, sources, target in (
        ("AcceptReconsideration", "FILED", "ACCEPTED"),
        ("AnswerReconsideration", "ACCEPTED", "ANSWERED"),
        ("RecordReconsideration", "ACCEPTED ANSWERED", "DECIDED"),
        ("AcceptSuit", "FILED", "ACCEPTED"),
        ("AnswerSuit", "ACCEPTED", "ANSWERED"),
        ("RecordJudgment", "ACCEPTED ANSWERED", "DECIDED"),
        ("RecordAppealAgainstJudgment", "DECIDED", "ACCEPTED"),
        ("RefuseAppeal", "FILED", "NOT_ADMITTED"),
        ("SuspendAppeal", "FILED ACCEPTED ANSWERED", "SUSPENDED"),
        ("ResumeAppeal", "SUSPENDED", "ACCEPTED"),
        ("TerminateAppeal", "FILED ACCEPTED ANSWERED SUSPENDED", "TERMINATED"),
    )
}
MOVES |= {name: _move(DESK, f"{WORK} {ENDED}") for name in APPEALS}


class Model:
    """A case as a handful of counts."""

    def __init__(self) -> None:
        self.status = ""
        self.version = 0
        self.notices = 0
        self.extension = 0
        self.consulted = 0
        self.asking: set[int] = set()
        self.appeals: list[str] = []
        self.services = 0
        self.documents = 0
        self.corrections = 0
        self.unit = self.assigned_from = ""
        self.charged = 0
        self.parties: list[int] = []
        self.proposals: dict[int, tuple[str, frozenset[str]]] = {}
        self.proposed = 0
        self.restricted: frozenset[str] = frozenset()
        self.erased: frozenset[str] = frozenset()

    @property
    def persons(self) -> frozenset[str]:
        """The applicant and the third parties."""
        return frozenset(("applicant", *(f"party-{number}" for number in self.parties)))

    def may(self, name: str, role: str) -> bool:
        """Whether the board lets that role give this command now."""
        move = MOVES[name]
        here = self.status in move.sources if self.status else name == "OpenCase"
        return here and role in move.roles

    def near(self, name: str, role: str, unit: str) -> bool:
        """Whether somebody of that unit may give it, where his role may at all."""
        elsewhere = self.unit not in ("", unit)
        return not (role == "CLERK" and name in OF_THE_UNIT and elsewhere)

    def appeal_may(self, name: str, number: int) -> bool:
        """Whether the appeals' board lets this happen to that review or suit."""
        if name not in APPEALS:
            return True
        known = 1 <= number <= len(self.appeals)
        return known and self.appeals[number - 1] in APPEALS[name][0]

    def take(self, name: str, fields: dict[str, object], events: int) -> None:
        """A command was accepted and gave so many events."""
        before = self.status
        self.status = MOVES[name].target or self.status
        self.version += events
        self._count(name, fields)
        self._appeal(name, fields)
        if name == "OpenCase" and events == 2:
            self.status = "RECEIVED"
        ended = name in ("RecordOpinion", "RecordLapse", "EndConsultation")
        if before == "CONSULTING" and ended and not self.asking:
            self.status = "IN_HANDLING"
        if name == "Reopen" and before in ("REPLIED", "ABANDONED"):
            self.status = "IN_HANDLING"
        if name == "ProposeErasure":
            self._propose(fields)
        elif name == "DecideErasure":
            self._decide(fields)

    def _propose(self, fields: dict[str, object]) -> None:
        kind, named = str(fields["kind"]), fields["persons"]
        assert isinstance(named, tuple)
        concerned = (
            self.persons - self.restricted if kind == "restrict" else self.restricted - self.erased
        )
        self.proposed += 1
        self.proposals[self.proposed] = kind, frozenset(named) or concerned

    def _decide(self, fields: dict[str, object]) -> None:
        """Nothing is shredded but what is archived and restricted, and nothing twice."""
        kind, persons = self.proposals.pop(int(str(fields["proposal"])))
        if not fields["approve"]:
            return
        assert persons <= self.persons - self.erased
        match kind:
            case "restrict":
                assert self.status in (*ENDED.split(), "ARCHIVED")
                assert not persons & self.restricted
                self.restricted |= persons
            case "lift":
                assert persons <= self.restricted
                self.restricted -= persons
            case _:
                assert self.status == "ARCHIVED"
                assert persons <= self.restricted
                self.erased |= persons

    def _count(self, name: str, fields: dict[str, object]) -> None:
        number = fields.get("consultation")
        match name:
            case "RequestSupplement":
                self.notices += 1
            case "ExtendReply":
                self.extension += int(str(fields["workdays"]))
            case "ConsultThirdParty" | "ConsultAuthority":
                self.consulted += 1
                self.asking.add(self.consulted)
                if name == "ConsultThirdParty":
                    self.parties.append(self.consulted)
            case "RecordOpinion" | "RecordLapse" | "EndConsultation":
                assert isinstance(number, int)
                self.asking.discard(number)
            case "ServeReply" | "ReplyOnTheSpot":
                self.services += 1
            case "AttachDocument":
                self.documents += 1
            case "RequestRecordCorrection":
                self.corrections += 1
            case "DecideRecordCorrection":
                self.corrections -= 1
            case "Assign":
                self.assigned_from, self.unit = self.unit, str(fields["unit"])
            case "HandBack":
                self.assigned_from, self.unit = "", self.assigned_from
            case "ChargeFee":
                self.charged += 1
            case _:
                pass

    def _appeal(self, name: str, fields: dict[str, object]) -> None:
        if name in ("FileReconsideration", "FileSuit"):
            self.appeals.append("FILED")
        elif name in APPEALS:
            number = fields["appeal"]
            assert isinstance(number, int)
            self.appeals[number - 1] = APPEALS[name][1]

"""Lives of cases lived over HTTP in which every personal field holds a text that stands nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote

from tests.api.office import TODAY, V1, Json, Office

NEXT_DAY = date(2026, 3, 3)
DAY = NEXT_DAY.isoformat()
OWN_UNIT = "党政办公室"


@dataclass
class Secrets:
    """Texts that no other test and no source contains, each noted when it is given out."""

    texts: list[str] = field(default_factory=list)
    first: int = 0
    codes: list[str] = field(default_factory=list)
    """Query codes: shown to nobody but on the receipt."""

    def text(self) -> str:
        """A free text."""
        return self._new("某甲自述其子就医之事")

    def name(self) -> str:
        """A person's name, of whom the mask may show the first character."""
        return self._new("欧阳氏")

    def number(self) -> str:
        """A document's number, a contact, a receipt."""
        return self._new("9182736450")

    def found_in(self, shown: str | bytes) -> list[str]:
        """Which of them are to be seen there: as they are, escaped, in an address, in other codings."""
        seen = shown.encode() if isinstance(shown, str) else shown
        sought = (*self.texts, *self.codes)
        return [one for one in sought if any(way in seen for way in _ways(one))]

    def _new(self, kind: str) -> str:
        self.texts.append(f"{kind}{self.first + len(self.texts):08d}")
        return self.texts[-1]


BEGINNINGS = Secrets(["某甲自述", "欧阳氏", "9182736450"])
"""How they begin: of a text cut short nothing may be seen either."""


def _ways(text: str) -> tuple[bytes, ...]:
    escaped = text.encode("ascii", "backslashreplace")
    return text.encode(), escaped, quote(text).encode(), text.encode("gb18030")


def content(secrets: Secrets, outcome: str) -> Json:
    """A reply in which everything is said."""
    names = (
        "reasons",
        "legal_basis",
        "provided",
        "withheld",
        "search_record",
        "earlier_reference",
        "channel_hint",
        "special_rule",
        "public_interest",
    )
    return {"outcome": outcome, **{name: secrets.text() for name in names}}


def applicant(secrets: Secrets) -> Json:
    """An applicant with everything that may be known of him."""
    return {
        "kind": "natural_person",
        "name": secrets.name(),
        "identity_document": secrets.number(),
        "contact": secrets.number(),
        "agent": secrets.text(),
    }


def opened(office: Office, secrets: Secrets, channel: str = "in_person") -> str:
    """A new case; the query code of its receipt is a secret as well."""
    found = office.open(applicant=applicant(secrets), wanted=secrets.text(), channel=channel)
    secrets.codes.append(found["query_code"])
    return str(found["case_id"])


def upload(office: Office, case_id: str, name: str, content: bytes, role: str = "CLERK") -> Json:
    """A text kept for a case; what `attach-document` needs."""
    headers = office.identity(role) | {"Content-Type": "text/plain", "X-Document-Name": quote(name)}
    where = f"{V1}/cases/{case_id}/documents?kind=form"
    answer = office.client.post(where, content=content, headers=headers)
    assert answer.status_code == 201, answer.text
    return {**answer.json(), "name": name}


@dataclass
class Lived:
    """The cases of a town in which everything happened, and what nobody may read of them."""

    whole: str
    """Handled from the counter to the archive, with a third party and a review."""
    spot: str
    """Answered on the spot."""
    mailed: str
    """Came by mail, and was withdrawn."""
    part: str
    """Split off the first."""
    document: str
    """The digest of the whole one's document."""
    secrets: Secrets

    @property
    def cases(self) -> tuple[str, ...]:
        """All of them."""
        return self.whole, self.spot, self.mailed, self.part


def live(office: Office) -> Lived:
    """Live them all on the day after they were handed in, to the archive."""
    secrets = Secrets()
    office.clock.day = NEXT_DAY
    whole = opened(office, secrets)
    document = _taken_in(office, whole, secrets)
    part = next(one["case_id"] for one in office.read("/cases")["cases"] if one["case_id"] != whole)
    _reviewed(office, whole, secrets)
    _consulted(office, whole, secrets)
    _slowed(office, whole, secrets)
    _replied(office, whole, secrets)
    _appealed(office, whole, secrets)
    spot, mailed = _answered_on_the_spot(office, secrets), _withdrawn(office, secrets)
    office.versions[part] = office.get(f"/cases/{part}").headers["ETag"]
    office.do(part, "withdraw", withdrawn_on=DAY, reason=secrets.text())
    for case_id in (whole, spot, mailed, part):
        office.do(case_id, "archive", archived_on=DAY)
    return Lived(whole, spot, mailed, part, document, secrets)


def _taken_in(office: Office, case_id: str, secrets: Secrets) -> str:
    words = secrets.text()
    kept = upload(office, case_id, f"{secrets.text()}.txt", words.encode())
    office.do(case_id, "attach-document", document=kept)
    office.do(case_id, "split-case", split_on=DAY, wanted=secrets.text(), parts=[secrets.text()])
    office.do(case_id, "accept", accepted_on=DAY)
    asked = {"items": secrets.text(), "guidance": secrets.text()}
    office.do(case_id, "request-supplement", **asked, sent_on=DAY, served_on=DAY)
    told = {"wanted": secrets.text(), "excuse": secrets.text()}
    office.do(case_id, "supplement", received_on=DAY, **told)
    return str(kept["digest"])


def _reviewed(office: Office, case_id: str, secrets: Secrets) -> None:
    office.do(case_id, "ask-reasons", asked_on=DAY, finding=secrets.text())
    office.do(case_id, "give-reasons", given_on=DAY, text=secrets.text())
    review = {"reviewed_on": DAY, "secrecy_opinion": secrets.text()}
    office.do(case_id, "pass-review", "REVIEWER", **review)
    office.do(case_id, "assign", unit=OWN_UNIT)
    office.do(case_id, "hand-back", reason=secrets.text())
    office.do(case_id, "assign", unit=OWN_UNIT)
    helped = {"unit": "财政所", "requested_on": DAY, "matter": secrets.text()}
    office.do(case_id, "request-assistance", **helped)
    office.do(case_id, "record-assistance", unit="财政所", given_on=DAY, answer=secrets.text())


def _consulted(office: Office, case_id: str, secrets: Secrets) -> None:
    sent = {"sent_on": DAY, "received_on": DAY}
    for _ in range(2):
        asked = {"party": secrets.name(), "interest": secrets.text()}
        office.do(case_id, "consult-third-party", **asked, **sent)
    said = {"opinion": "disagree", "reasons": secrets.text()}
    office.do(case_id, "record-opinion", consultation=1, received_on=DAY, **said)
    office.do(case_id, "end-consultation", consultation=2, ended_on=DAY, reason=secrets.text())


def _slowed(office: Office, case_id: str, secrets: Secrets) -> None:
    longer = {"workdays": 5, "approved_on": DAY, "notified_on": DAY, "reason": secrets.text()}
    office.do(case_id, "extend-reply", "HEAD", **longer)
    until = {"until": "2026-12-15", "notified_on": DAY, "reason": secrets.text()}
    office.do(case_id, "delay-reply", "HEAD", **until)
    fee = {"method": "per_page", "quantity": 119, "amount_yuan": 1080, "sent_on": DAY}
    office.do(case_id, "charge-fee", **fee, served_on=DAY, finding=secrets.text())
    office.do(case_id, "waive-fee", "HEAD", waived_on=DAY, reason=secrets.text())
    office.do(case_id, "charge-fee", **fee, served_on=DAY, finding=secrets.text())
    office.do(case_id, "record-payment", paid_on=DAY, receipt=secrets.number())
    right = {"requested_on": DAY, "record": secrets.text(), "evidence": secrets.text()}
    office.do(case_id, "request-record-correction", **right)
    done = {"decided_on": DAY, "decision": "corrected", "reasons": secrets.text()}
    office.do(case_id, "decide-record-correction", "HEAD", request=1, **done)


def _replied(office: Office, case_id: str, secrets: Secrets) -> None:
    office.do(case_id, "submit-draft", content=content(secrets, "partial"), drafted_on=DAY)
    office.do(case_id, "return-draft", "HEAD", reasons=secrets.text())
    office.do(case_id, "submit-draft", content=content(secrets, "partial"), drafted_on=DAY)
    office.do(case_id, "approve-reply", "HEAD", approved_on=DAY)
    told = {"content": secrets.text(), "reasons": secrets.text()}
    office.do(case_id, "notify-third-party", consultation=1, notified_on=DAY, **told)
    by_post = {"method": "post", "served_on": DAY, "proof": secrets.number()}
    office.do(case_id, "serve-reply", **by_post, signed_by=secrets.name())
    office.do(case_id, "record-service-failure", failed_on=DAY, reason=secrets.text())
    office.do(case_id, "serve-reply", **by_post)
    receipt = {"signed_by": secrets.name(), "relation": secrets.text()}
    office.do(case_id, "record-delivery", delivered_on=DAY, **receipt)


def _appealed(office: Office, case_id: str, secrets: Secrets) -> None:
    office.do(case_id, "file-reconsideration", filed_on=DAY)
    office.do(case_id, "suspend-appeal", appeal=1, suspended_on=DAY, reason=secrets.text())
    office.do(case_id, "resume-appeal", appeal=1, resumed_on=DAY)
    office.do(case_id, "terminate-appeal", appeal=1, terminated_on=DAY, ground="withdrawn")
    office.do(case_id, "file-suit", filed_on=DAY, kind="suit_direct")
    office.do(case_id, "accept-suit", appeal=2, accepted_on=DAY, copy_received_on=DAY)
    office.do(case_id, "answer-suit", appeal=2, answered_on=DAY)
    judged = {"decided_on": DAY, "received_on": DAY, "result": "maintained"}
    office.do(case_id, "record-judgment", appeal=2, **judged)
    appealed = {"appealed_on": DAY, "by": secrets.name()}
    office.do(case_id, "record-appeal-against-judgment", appeal=2, **appealed)
    office.do(case_id, "record-judgment", appeal=2, **judged)
    office.do(case_id, "file-suit", filed_on=DAY, kind="suit_direct")
    office.do(case_id, "refuse-appeal", appeal=3, decided_on=DAY, reason=secrets.text())


def _answered_on_the_spot(office: Office, secrets: Secrets) -> str:
    case_id = opened(office, secrets)
    office.do(
        case_id,
        "reply-on-the-spot",
        content=content(secrets, "granted"),
        replied_on=DAY,
        approver="liuzhuren",
        secrecy_opinion=secrets.text(),
        signed_by=secrets.name(),
    )
    return case_id


def _withdrawn(office: Office, secrets: Secrets) -> str:
    case_id = opened(office, secrets, channel="ordinary_mail")
    first = TODAY.isoformat()
    office.do(case_id, "confirm-receipt", received_on=first, basis=secrets.text())
    later = {"version": 2, "field": "received_on", "new": DAY}
    told = {"approver": "liuzhuren", "reason": secrets.text()}
    office.do(case_id, "amend-date", "HEAD", **later, **told)
    office.do(case_id, "withdraw", withdrawn_on=DAY, reason=secrets.text())
    return case_id

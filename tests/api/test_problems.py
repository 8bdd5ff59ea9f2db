"""Every failure of the house as an answer: status, place, article; nothing of the exception's own text."""

from __future__ import annotations

from datetime import date

import pytest
from starlette.exceptions import HTTPException

from gk_workflow.api.wire.problems import TITLES, Problem, answer_to, problem
from gk_workflow.core.calendar import DayOutsideCalendar
from gk_workflow.core.decide import Forbidden, NoSuchCase, Refused
from gk_workflow.documents import DocumentMissing, DocumentRefused, DocumentTooLarge
from gk_workflow.people import (
    AccountExists,
    BadAccountName,
    BadCredentials,
    BadDisplayName,
    BadGrant,
    BadKey,
    NoSuchAccount,
    NoSuchKey,
    NoSuchSession,
    PeopleUnavailable,
    TooManyAttempts,
    WeakPassword,
)
from gk_workflow.people.errors import Busy
from gk_workflow.registry import (
    IdempotencyKeyReused,
    LogUnavailable,
    NoticeConflict,
    RegistryClosed,
    UnreadableEvent,
    UnstorableText,
    VersionConflict,
)

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Refused("不能", "条例33"), 409),
        (Forbidden("无权", "条例33"), 403),
        (NoSuchCase("没有"), 404),
        (VersionConflict(1, 2), 412),
        (VersionConflict(1, 0), 404),
        (IdempotencyKeyReused(), 422),
        (NoticeConflict("国办发明电〔2026〕1号"), 409),
        (LogUnavailable("磁盘空间不足"), 503),
        (RegistryClosed(), 503),
        (UnstorableText(), 422),
        (UnreadableEvent("x"), 500),
        (BadCredentials(), 401),
        (TooManyAttempts(90), 429),
        (Busy(5), 429),
        (WeakPassword("太短"), 422),
        (BadAccountName(), 422),
        (BadDisplayName(), 422),
        (BadGrant("不能授予"), 422),
        (BadKey("范围为空"), 422),
        (AccountExists("zhao"), 409),
        (NoSuchAccount("zhao"), 404),
        (NoSuchKey(), 404),
        (NoSuchSession(), 404),
        (PeopleUnavailable(), 503),
        (DocumentRefused("为空", "content"), 422),
        (DocumentTooLarge(1024 * 1024), 413),
        (DocumentMissing("x"), 404),
        (DayOutsideCalendar(DAY, DAY, DAY), 422),
        (HTTPException(404, "secret"), 404),
        (HTTPException(413, "secret"), 413),
        (HTTPException(418, "secret"), 500),
        (KeyError("secret"), 500),
        (problem(429, "慢一点"), 429),
    ],
)
def test_each_failure_has_its_status_and_a_chinese_title(error: Exception, status: int) -> None:
    found = answer_to(error).problem
    assert (found.status, found.title) == (status, TITLES[status])
    assert "secret" not in str(found)


def test_a_refusal_bears_its_article_and_points_to_its_field() -> None:
    found = answer_to(Refused("不得晚于今天", "条例45", "accepted_on")).problem
    assert isinstance(found, Problem)
    assert (found.detail, found.article) == ("不得晚于今天", "条例45")
    assert [one.pointer for one in found.errors] == ["/accepted_on"]


def test_who_must_wait_is_told_for_how_long() -> None:
    assert answer_to(TooManyAttempts(90)).headers == {"Retry-After": "90"}
    assert answer_to(Busy(5)).headers == {"Retry-After": "5"}


def test_who_is_not_let_in_is_told_how_to_prove_himself() -> None:
    assert answer_to(BadCredentials()).headers["WWW-Authenticate"].startswith("Bearer")

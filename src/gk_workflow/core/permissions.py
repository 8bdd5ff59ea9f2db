"""One table: which role may see or command what, of whose cases; the law's own conditions are in `decide`.

Which commands a role has in which status is said by STEPS; this table says of whose cases. A grant
in the agency "*" reaches every agency.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import assert_never

import msgspec

from gk_workflow.core import commands as c
from gk_workflow.core.terms import Grant, Role

ANY_AGENCY = "*"
MAY_REACH_ANY = frozenset({Role.AUDITOR, Role.ANALYST, Role.ADMIN, Role.SYSTEM})
"""Roles whose grant may be for every agency (条例46, 47: 主管部门, 监督)."""


class Relation(StrEnum):
    """Of whose cases: one's own, one's unit's, one's agency's, any."""

    OWN_CASE = "own_case"
    OWN_UNIT = "own_unit"
    OWN_AGENCY = "own_agency"
    ANY = "any"


RELATION_NAMES: Mapping[Relation, str] = MappingProxyType(
    {
        Relation.OWN_CASE: "本人申请",
        Relation.OWN_UNIT: "本科室",
        Relation.OWN_AGENCY: "本机关",
        Relation.ANY: "任一机关",
    }
)


class View(StrEnum):
    """What may be seen or done beside the commands to a case."""

    CASE = "case"
    HISTORY = "history"
    DEADLINES = "deadlines"
    REVEAL = "reveal"
    DOCUMENT = "document"
    UPLOAD = "upload"
    CASES = "cases"
    FIND = "find"
    TIMELINESS = "timeliness"
    REPORTS = "reports"
    EVENTS = "events"
    CALENDAR = "calendar"
    CALENDAR_PUBLISH = "calendar_publish"
    ACCESS_RECORD = "access_record"
    RETENTION = "retention"
    PEOPLE = "people"
    METRICS = "metrics"


VIEW_NAMES: Mapping[View, str] = MappingProxyType(
    {
        View.CASE: "办件（遮蔽）与可办事项",
        View.HISTORY: "办理经过（遮蔽）",
        View.DEADLINES: "期限逐日说明",
        View.REVEAL: "查看个人信息（须写明理由，留痕）",
        View.DOCUMENT: "查看附件（须写明理由，留痕）",
        View.UPLOAD: "上传附件",
        View.CASES: "办件列表与计数（遮蔽）",
        View.FIND: "按证件号码或者查询码查找",
        View.TIMELINESS: "时效汇总",
        View.REPORTS: "年度报告表",
        View.EVENTS: "事件流（无个人信息）",
        View.CALENDAR: "放假安排与工作日历",
        View.CALENDAR_PUBLISH: "发布放假安排",
        View.ACCESS_RECORD: "查阅记录",
        View.RETENTION: "保管期限届满的办件",
        View.PEOPLE: "账户、授权与接口密钥",
        View.METRICS: "运行指标",
    }
)

_CASE, _UNIT, _AGENCY, _ANY = Relation

_HANDLERS = {Role.CLERK: _AGENCY, Role.REVIEWER: _AGENCY, Role.HEAD: _AGENCY}
_READERS = {**_HANDLERS, Role.AUDITOR: _AGENCY}
_EVERYBODY = {**_READERS, Role.ANALYST: _AGENCY, Role.ADMIN: _AGENCY}

VIEWS: Mapping[View, Mapping[Role, Relation]] = MappingProxyType(
    {
        View.CASE: {**_EVERYBODY, Role.APPLICANT: _CASE},
        # Drafts and secrecy opinions are 过程性信息 (条例16(2)), and a third party's letter is his
        # (条例32): the applicant sees neither history nor documents; his own data he knows.
        View.HISTORY: _READERS,
        View.DEADLINES: {**_EVERYBODY, Role.APPLICANT: _CASE},
        # The desk (条例4) registers and posts the letters of all units: it needs name and address.
        View.REVEAL: _READERS,
        View.DOCUMENT: _READERS,
        View.UPLOAD: {**_HANDLERS, Role.APPLICANT: _CASE},
        View.CASES: _EVERYBODY,
        View.FIND: _READERS,
        View.TIMELINESS: _EVERYBODY,
        View.REPORTS: _EVERYBODY,
        View.EVENTS: {**_EVERYBODY, Role.SYSTEM: _AGENCY},
        View.CALENDAR: dict.fromkeys(Role, _ANY),
        View.CALENDAR_PUBLISH: {Role.ADMIN: _ANY},
        View.ACCESS_RECORD: {Role.AUDITOR: _AGENCY},
        View.RETENTION: {Role.ADMIN: _AGENCY, Role.HEAD: _AGENCY, Role.AUDITOR: _AGENCY},
        View.PEOPLE: {Role.ADMIN: _AGENCY},
        View.METRICS: {Role.ADMIN: _ANY, Role.SYSTEM: _ANY},
    }
)

_OF_THE_HANDLING_UNIT: frozenset[type[msgspec.Struct]] = frozenset(
    {
        c.ConsultThirdParty,
        c.ConsultAuthority,
        c.RequestAssistance,
        c.SubmitDraft,
        c.HandBack,
    }
)
"""What a clerk does only for his own unit's cases: it takes knowing the matter.

The desk (条例4) does the rest for all units: it receives and posts, counts how often somebody asks
(条例35), charges (109号), notes the letters that come back, and archives.
"""

_OF_ROLE: Mapping[Role, Relation] = MappingProxyType(
    {
        Role.CLERK: _AGENCY,
        Role.REVIEWER: _AGENCY,
        Role.HEAD: _AGENCY,
        Role.AUDITOR: _AGENCY,
        Role.ANALYST: _AGENCY,
        Role.ADMIN: _AGENCY,
        Role.SYSTEM: _AGENCY,
        Role.APPLICANT: _CASE,
    }
)


def command_relation(role: Role, command: type[msgspec.Struct]) -> Relation:
    """Of whose cases a role may give a command, where STEPS lets the role give it at all."""
    if role is Role.CLERK and command in _OF_THE_HANDLING_UNIT:
        return _UNIT
    return _OF_ROLE[role]


def view_relation(role: Role, view: View) -> Relation | None:
    """Of whose cases a role may have a view; None: of none."""
    return VIEWS[view].get(role)


def of_agency(grant: Grant, agency: str) -> bool:
    """Whether a post is in an agency, or for all of them where its role may be."""
    everywhere = grant.agency == ANY_AGENCY and grant.role in MAY_REACH_ANY
    return everywhere or grant.agency == agency


def reaches(relation: Relation, grant: Grant, agency: str, unit: str, *, own: bool = False) -> bool:
    """Whether a post stands in that relation to a case of an agency and a unit.

    A case that no unit has yet is every unit's. ``own``: the applicant has proved it is his case.
    `Relation.ANY` asks for no agency: what it opens is the same for all of them.
    """
    match relation:
        case Relation.ANY:
            return True
        case Relation.OWN_AGENCY:
            return of_agency(grant, agency)
        case Relation.OWN_UNIT:
            return of_agency(grant, agency) and unit in ("", grant.unit)
        case Relation.OWN_CASE:
            return own and of_agency(grant, agency)
        case _:
            assert_never(relation)

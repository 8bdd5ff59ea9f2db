"""An office reached over HTTP: real log, keys, accounts, tables and documents, a clock that tests may move."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from httpx2 import Response
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from starlette.testclient import TestClient

from gk_workflow.api import Services, create_api
from gk_workflow.api.entry.gate import permitted_roles
from gk_workflow.api.entry.operation import Known, Operation
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import Grant, Role, Stamp, utc
from gk_workflow.documents import Documents
from gk_workflow.keys import KeyRing, Master
from gk_workflow.notices import bundled_notices
from gk_workflow.people import NewSession, People, Scope, Tries
from gk_workflow.projections import Projections
from gk_workflow.queries import Queries
from gk_workflow.registry import Registry

TODAY = date(2026, 3, 2)
V1 = "/api/v1"
ACTORS = {
    "CLERK": "zhangsan",
    "REVIEWER": "wangwu",
    "HEAD": "liuzhuren",
    "ADMIN": "guanliyuan",
    "SYSTEM": "pingtai",
}
FAR = utc(date(2040, 1, 1))
"""When the keys of tests end."""
EVERYTHING = tuple(Scope)
MANY = "1000000/second"
"""A rate that no test reaches by chance."""
ORIGIN = "http://testserver"
PASSWORD = "只楚街道的老槐树开花了吗"

# Any: JSON.
Json = dict[str, Any]


@dataclass
class Clock:
    """What time the office believes it is: ten in the morning of ``day``, and ``shift`` later."""

    day: date = TODAY
    shift: timedelta = timedelta(0)

    def now(self) -> datetime:
        """Record time."""
        return utc(self.day, 10) + self.shift


def application(**changes: object) -> Json:
    """What a citizen hands in at the counter: received at once."""
    return {
        "agency": "zhichu",
        "channel": "in_person",
        "applicant": {"kind": "natural_person", "name": "李四", "contact": "0535-6000000"},
        "wanted": "2025年度道路改造工程的中标通知书",
        "submitted_on": TODAY.isoformat(),
        **changes,
    }


@dataclass
class Office:
    """The service and somebody who talks to it."""

    client: TestClient
    services: Services
    clock: Clock
    versions: dict[str, str] = field(default_factory=dict)
    keys: dict[tuple[object, ...], str] = field(default_factory=dict)

    @property
    def people(self) -> People:
        """The accounts."""
        return self.services.people

    def identity(
        self,
        post: str = "CLERK",
        unit: str = "党政办公室",
        *,
        actor: str = "",
        agency: str = "zhichu",
        scopes: Iterable[Scope] = EVERYTHING,
    ) -> dict[str, str]:
        """The headers of somebody in a post: a role, or ``CLERK@城建科`` for another unit.

        Whoever it is gets his account, his post and a key for it when first asked for.
        """
        role, _, other = post.partition("@")
        grant = Grant(Role(role), agency, "" if agency == "*" else other or unit)
        asked = (actor or ACTORS.get(role, role.lower()), grant, tuple(scopes))
        if asked not in self.keys:
            self.keys[asked] = self._new_key(*asked)
        return {"Authorization": f"Bearer {self.keys[asked]}"}

    def _new_key(self, account: str, grant: Grant, scopes: tuple[Scope, ...]) -> str:
        self.employ(account, grant)
        return self.people.create_key(account, grant, scopes, FAR)[1]

    def employ(self, account: str, *grants: Grant) -> None:
        """Give an account these posts too; it is made if it is not there."""
        if all(one.name != account for one in self.people.accounts()):
            self.people.create_account(account, account, grants)
        for grant in grants:
            self.people.add_grant(account, grant)

    def enter(self, account: str, *grants: Grant) -> NewSession:
        """Somebody who has chosen his password and logs in with it."""
        self.employ(account, *grants)
        told = self.people.reset_password(account)
        self.people.change_password(account, told, PASSWORD, "10.0.0.1")
        return self.people.log_in(account, PASSWORD, "10.0.0.1")

    def applicant(self, case_id: str, agency: str = "zhichu") -> dict[str, str]:
        """The headers of the applicant of a case, who has proved that it is his."""
        return cookie(self.people.open_applicant_session(UUID(case_id), agency))

    def passport(self, operation: Operation) -> dict[str, str]:
        """The headers of somebody who may use an operation."""
        if operation.needs is None:
            return {}
        if operation.needs is Known.NEWCOMER:
            return {"Sec-Fetch-Site": "same-origin"}
        if isinstance(operation.needs, Known):
            return self.member
        roles = [one for one in permitted_roles(operation.needs) if one is not Role.APPLICANT]
        return self.identity(roles[0])

    @cached_property
    def member(self) -> dict[str, str]:
        """The headers of somebody who has logged in."""
        return cookie(self.enter("huiyuan", Grant(Role.CLERK, "zhichu", "党政办公室")))

    @cached_property
    def some_case(self) -> str:
        """The id of a case that is there, whatever becomes of it."""
        case_id: str = self.open()["case_id"]
        return case_id

    def open(self, *, role: str = "CLERK", key: str | None = None, **changes: object) -> Json:
        """Open a case; the answer."""
        headers = self.identity(role) | ({"Idempotency-Key": key} if key else {})
        answer = self.client.post(f"{V1}/cases", json=application(**changes), headers=headers)
        assert answer.status_code == 201, answer.text
        return self._seen(answer)

    def send(
        self, case_id: str, command: str, body: object, *, role: str = "CLERK", **headers: str
    ) -> Response:
        """Send a command at the version last seen; headers are given with underscores."""
        said = self.identity(role) | {"If-Match": self.versions.get(case_id, "*")}
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(f"{V1}/cases/{case_id}/{command}", json=body, headers=said)

    def do(self, case_id: str, command: str, role: str = "CLERK", /, **body: object) -> Json:
        """The same, and it must be lawful."""
        answer = self.send(case_id, command, body, role=role)
        assert answer.status_code == 200, answer.text
        return self._seen(answer)

    def get(self, path: str, *, role: str = "CLERK", **query: object) -> Response:
        """Read something under /api/v1."""
        params = {name: str(value) for name, value in query.items()}
        return self.client.get(f"{V1}{path}", params=params, headers=self.identity(role))

    def read(self, path: str, *, role: str = "CLERK", **query: object) -> Json:
        """The same, and it must be there."""
        answer = self.get(path, role=role, **query)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def raw(self, operation: Operation, path: str, body: bytes, **headers: str) -> Response:
        """Send bytes as JSON, whatever they are, as somebody who may use the operation."""
        said = self.passport(operation) | {"If-Match": "*", "Content-Type": "application/json"}
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.request(operation.method, path, content=body, headers=said)

    def _seen(self, answer: Response) -> Json:
        found: Json = answer.json()
        self.versions[found["case_id"]] = answer.headers["ETag"]
        return found


@contextmanager
def open_office(folder: Path, **settings: Any) -> Iterator[Office]:
    """A service over an empty log that knows the bundled notices."""
    clock, policy = Clock(), Policy()
    database = folder / "gk.sqlite"
    tries: Tries = settings.pop("tries", Tries())
    with ExitStack() as opened:
        keys = opened.enter_context(
            KeyRing(folder / "keys.sqlite", MASTER, expect_existing=False, pool_keys=8)
        )
        people = opened.enter_context(
            closing(
                People(folder / "people.sqlite", lambda: clock.now(), hashing=CHEAP, tries=tries)
            )
        )
        registry = opened.enter_context(Registry(database, policy, keys=keys))
        tables = opened.enter_context(Projections(database, registry, policy))
        registry.seed_notices(bundled_notices(), Stamp(clock.now(), "gk", Role.SYSTEM))
        services = Services(
            registry=registry,
            projections=tables,
            queries=Queries(tables),
            documents=Documents(folder / "documents", keys),
            people=people,
            policy=policy,
            now=clock.now,
            **{
                "access_log": False,
                "account_limit": MANY,
                "address_limit": MANY,
                **settings,
            },
        )
        with TestClient(create_api(services), base_url=ORIGIN) as client:
            yield Office(client, services, clock)


MASTER = Master.fresh()
CHEAP = PasswordHash([Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)])


def cookie(session: NewSession) -> dict[str, str]:
    """The headers of a browser that is logged in and sends from our own pages."""
    return {
        "Cookie": f"__Host-gk={session.token}",
        "X-CSRF-Token": session.csrf,
        "Sec-Fetch-Site": "same-origin",
    }


def problem(answer: Response) -> Json:
    """An error's body: RFC 9457, told in Chinese, nothing of the machine in it."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    found: Json = answer.json()
    assert found["status"] == answer.status_code
    assert found["instance"] == f"urn:uuid:{answer.headers['X-Request-Id']}"
    for words in (found["title"], found["detail"], *(one["detail"] for one in errors(found))):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in words), found
    assert "Traceback" not in answer.text
    return found


def errors(found: Json) -> list[Json]:
    """The faults of a problem."""
    faults: list[Json] = found.get("errors", [])
    return faults


def places(answer: Response) -> list[str]:
    """Where each fault is."""
    found = errors(problem(answer))
    return [next(one[kind] for kind in _KINDS if kind in one) for one in found]


_KINDS = ("pointer", "parameter", "header")


def encoded(value: object) -> bytes:
    """JSON as any client might write it, lone surrogates escaped."""
    return json.dumps(value).encode()

"""An office reached over HTTP: real log, real tables, real documents, a clock that tests may move."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from httpx2 import Response
from starlette.testclient import TestClient

from gk_workflow.api import Services, create_api
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import Role, Stamp, utc
from gk_workflow.documents import Documents
from gk_workflow.notices import bundled_notices
from gk_workflow.projections import Projections
from gk_workflow.queries import Queries
from gk_workflow.registry import Registry

TODAY = date(2026, 3, 2)
V1 = "/api/v1"
ACTORS = {
    "CLERK": "zhangsan",
    "REVIEWER": "wangwu",
    "HEAD": "liuzhuren",
    "ADMIN": "admin",
    "APPLICANT": "shenqingren",
}

# Any: JSON.
Json = dict[str, Any]


@dataclass
class Clock:
    """What time the office believes it is: ten in the morning of ``day``."""

    day: date = TODAY

    def now(self) -> datetime:
        """Record time."""
        return utc(self.day, 10)


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


def identity(role: str = "CLERK", unit: str = "党政办公室") -> dict[str, str]:
    """The headers of a person of that role."""
    return {
        "X-Actor": ACTORS.get(role, role.lower()),
        "X-Role": role,
        "X-Unit": quote(unit),
        "X-Agency": "zhichu",
    }


@dataclass
class Office:
    """The service and somebody who talks to it."""

    client: TestClient
    services: Services
    clock: Clock
    versions: dict[str, str] = field(default_factory=dict)

    def open(self, *, role: str = "CLERK", key: str | None = None, **changes: object) -> Json:
        """Open a case; the answer."""
        headers = identity(role) | ({"Idempotency-Key": key} if key else {})
        answer = self.client.post(f"{V1}/cases", json=application(**changes), headers=headers)
        assert answer.status_code == 201, answer.text
        return self._seen(answer)

    def send(
        self, case_id: str, command: str, body: object, *, role: str = "CLERK", **headers: str
    ) -> Response:
        """Send a command at the version last seen; headers are given with underscores."""
        said = identity(role) | {"If-Match": self.versions.get(case_id, "*")}
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
        return self.client.get(f"{V1}{path}", params=params, headers=identity(role))

    def read(self, path: str, *, role: str = "CLERK", **query: object) -> Json:
        """The same, and it must be there."""
        answer = self.get(path, role=role, **query)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def raw(self, path: str, body: bytes, **headers: str) -> Response:
        """POST bytes as JSON, whatever they are, as somebody who may do most."""
        said = identity("HEAD") | {"If-Match": "*", "Content-Type": "application/json"}
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(f"{V1}{path}", content=body, headers=said)

    def _seen(self, answer: Response) -> Json:
        found: Json = answer.json()
        self.versions[found["case_id"]] = answer.headers["ETag"]
        return found


@contextmanager
def open_office(folder: Path, **settings: Any) -> Iterator[Office]:
    """A service over an empty log that knows the bundled notices."""
    clock, policy = Clock(), Policy()
    database = folder / "gk.sqlite"
    with Registry(database, policy) as registry, Projections(database, registry, policy) as tables:
        registry.seed_notices(bundled_notices(), Stamp(clock.now(), "gk", Role.SYSTEM))
        services = Services(
            registry=registry,
            projections=tables,
            queries=Queries(tables),
            documents=Documents(folder / "documents"),
            policy=policy,
            now=clock.now,
            access_log=False,
            **settings,
        )
        with TestClient(create_api(services)) as client:
            yield Office(client, services, clock)


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

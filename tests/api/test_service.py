"""What surrounds every request: probes, metrics, headers, ids, and errors that tell nothing of the inside."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
import structlog
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from gk_workflow.api import create_api
from gk_workflow.people import Scope
from tests.api.office import V1, Office, application, open_office, problem


def monitoring(office: Office) -> dict[str, str]:
    """The headers of the operator's monitoring."""
    return office.identity("SYSTEM", agency="*", scopes=[Scope.METRICS])


def test_the_probes_say_alive_and_ready(office: Office) -> None:
    assert office.client.get("/healthz").json() == {"status": "ok"}
    found = office.client.get("/readyz")
    assert (found.status_code, found.json()["status"]) == (200, "ready")
    checks = {one["name"]: one["ok"] for one in found.json()["checks"]}
    assert checks == dict.fromkeys(("database", "keys", "projections", "calendar"), True)


def test_a_year_without_its_notice_is_not_ready(office: Office) -> None:
    office.clock.day = date(2027, 1, 4)
    found = office.client.get("/readyz")
    assert (found.status_code, found.json()["status"]) == (503, "not ready")
    assert [one["name"] for one in found.json()["checks"] if not one["ok"]] == ["calendar"]


def test_a_closed_log_is_alive_but_not_ready_and_commands_may_be_tried_again(
    tmp_path: Path,
) -> None:
    with open_office(tmp_path) as office:
        case_id = office.open()["case_id"]
        office.services.registry.close()
        assert office.client.get("/healthz").status_code == 200
        found = office.client.get("/readyz")
        assert (found.status_code, found.json()["checks"][0]["name"]) == (503, "database")
        refused = office.send(case_id, "accept", {"accepted_on": "2026-03-02"})
        problem(refused)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
        assert office.get(f"/cases/{case_id}").status_code == 503
        assert office.client.get("/metrics", headers=monitoring(office)).status_code == 200


def test_metrics_count_requests_and_commands_and_name_nobody(office: Office) -> None:
    case_id = office.open()["case_id"]
    office.send(case_id, "archive", {"archived_on": "2026-03-02"})
    office.read(f"/cases/{case_id}")
    text = office.client.get("/metrics", headers=monitoring(office)).text
    lines = set(text.splitlines())
    assert {
        'gk_commands_total{command="OpenCase",outcome="done"} 1.0',
        'gk_commands_total{command="Archive",outcome="409"} 1.0',
        f'gk_http_requests_total{{method="GET",route="{V1}/cases/{{case_id}}",status="200"}} 1.0',
        "gk_commands_waiting 0.0",
    } <= lines
    assert "gk_projection_lag" in text
    assert [one for one in (case_id, "zhangsan", "李四") if one in text] == []


def test_every_answer_bears_an_id_and_security_headers(office: Office) -> None:
    for path in ("/healthz", f"{V1}/cases", "/nowhere"):
        answer = office.client.get(path)
        assert str(UUID(answer.headers["X-Request-Id"])) == answer.headers["X-Request-Id"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert office.client.get("/healthz", headers={"X-Request-Id": "trace-0001"}).headers[
        "X-Request-Id"
    ] == ("trace-0001")
    odd = office.client.get("/healthz", headers={"X-Request-Id": 'a"b<script>'})
    assert str(UUID(odd.headers["X-Request-Id"])) == odd.headers["X-Request-Id"]


def test_what_has_no_address_or_method_is_a_problem_too(office: Office) -> None:
    for path in ("/", "/docs", f"{V1}/cases/", f"{V1}/nowhere", f"{V1}/cases/a/b/c"):
        answer = office.client.get(path)
        problem(answer)
        assert answer.status_code == 404
    answer = office.client.delete(f"{V1}/cases")
    problem(answer)
    assert (answer.status_code, set(answer.headers["Allow"].split(", "))) <= (405, {"GET", "POST"})


def test_there_are_no_web_sockets(office: Office) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        office.client.websocket_connect(f"{V1}/events"),
    ):
        pass


def test_an_unforeseen_failure_is_answered_without_its_text(tmp_path: Path) -> None:
    with open_office(tmp_path) as office:

        def broken() -> None:
            raise RuntimeError("密码 at /etc/secret")

        app = create_api(office.services)
        app.add_api_route("/broken", broken)
        answer = TestClient(app).get("/broken")
        found = problem(answer)
        assert (answer.status_code, found["title"]) == (500, "系统内部错误")
        assert "密码" not in answer.text
        assert "secret" not in answer.text


def test_the_access_log_holds_routes_not_addresses_or_names(tmp_path: Path) -> None:
    with structlog.testing.capture_logs() as logs, open_office(tmp_path) as office:
        app = create_api(
            type(office.services)(
                **{
                    name: getattr(office.services, name)
                    for name in office.services.__dataclass_fields__
                    if name != "access_log"
                }
            )
        )
        client = TestClient(app)
        client.post(f"{V1}/cases", json=application(), headers=office.identity())
        client.get(f"{V1}/cases?number=%E6%9D%8E%E5%9B%9B", headers=office.identity())
    requests = [one for one in logs if one["event"] == "request"]
    assert [(one["method"], one["route"], one["status"]) for one in requests] == [
        ("POST", f"{V1}/cases", 201),
        ("GET", f"{V1}/cases", 200),
    ]
    assert [one for one in ("李四", "zhangsan", "wanted") if one in str(logs)] == []

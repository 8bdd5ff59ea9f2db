"""The command `gk` as a person uses it: a real data directory, real output, real exit codes."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from typer.testing import CliRunner, Result

from gk_workflow.app import House, open_house
from gk_workflow.cli import gk
from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.terms import (
    ApplicantKind,
    Channel,
    ErasureGround,
    ErasureKind,
    Role,
    Stamp,
    utc,
)
from gk_workflow.keys import KeyStoreMissing, MasterUnusable, WrongMaster
from gk_workflow.settings import Settings

RECEIVED = date(2024, 9, 13)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("GK_DATA_DIR", "GK_DATABASE_URL", "GK_MASTER_KEY", "GK_SETTINGS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data directory with one case, received in person on 2024-09-13."""
    target = tmp_path / "data"
    with open_house(Settings(data_dir=target)) as house:
        _open_case(house)
    return target


def _open_case(house: House) -> UUID:
    applicant = e.Applicant(ApplicantKind.NATURAL_PERSON, "张三")
    handled = house.registry.handle(
        uuid4(),
        c.OpenCase(
            agency="zhichu",
            channel=Channel.IN_PERSON,
            applicant=applicant,
            wanted="征收补偿方案",
            submitted_on=RECEIVED,
        ),
        Stamp(utc(RECEIVED), "clerk01", Role.CLERK, agency="zhichu"),
    )
    return handled.case_id


def _gk(*words: object) -> Result:
    return CliRunner().invoke(gk, [str(word) for word in words], catch_exceptions=False)


def test_history_shows_every_event_with_the_status_after_it(data_dir: Path) -> None:
    result = _gk("history", "zhichu-2024-0001", "--data-dir", data_dir)
    assert result.exit_code == 0
    assert "CaseOpened" in result.output
    assert "ReceiptConfirmed" in result.output
    assert "已登记" in result.output
    assert "…" not in result.output


def test_deadlines_explain_each_day(data_dir: Path) -> None:
    result = _gk("deadlines", "zhichu-2024-0001", "--data-dir", data_dir, "--on", "2024-10-01")
    assert result.exit_code == 0
    assert "答复期限 2024-10-17" in result.output
    assert "中秋节" in result.output
    assert "国办发明电〔2023〕7号" in result.output


def test_an_unknown_case_is_named(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = _gk("history", "zhichu-2024-0009", "--data-dir", data_dir)
    assert result.exit_code == 1


def test_rebuild_and_verify_find_no_difference(data_dir: Path) -> None:
    assert _gk("rebuild", "--data-dir", data_dir).exit_code == 0
    result = _gk("verify", "--data-dir", data_dir)
    assert (result.exit_code, result.stdout.strip()) == (0, "核对办件 1 件, 差异 0 处")


def test_sweep_says_what_it_did(data_dir: Path) -> None:
    result = _gk("sweep", "--data-dir", data_dir)
    assert result.exit_code == 0
    assert "巡检1件" in result.output


def test_a_notice_is_previewed_then_published_once(data_dir: Path, tmp_path: Path) -> None:
    notice = tmp_path / "2027.toml"
    notice.write_text(
        'reference = "国办发明电〔2026〕9号"\ntitle = "国务院办公厅关于2027年部分节假日安排的通知"\n'
        "published_on = 2026-11-10\nyear = 2027\n"
        '[[holidays]]\nname = "元旦"\noff = [2027-01-01, 2027-01-02, 2027-01-03]\n',
        encoding="utf-8",
    )
    preview = _gk("calendar", "preview", notice, "--data-dir", data_dir)
    assert "影响 0 件" in preview.output
    assert "已发布" in _gk("calendar", "publish", notice, "--data-dir", data_dir).output
    assert "没有变化" in _gk("calendar", "publish", notice, "--data-dir", data_dir).output
    assert "国办发明电〔2026〕9号" in _gk("calendar", "list", "--data-dir", data_dir).output


def test_a_notice_for_a_known_year_is_refused(data_dir: Path, tmp_path: Path) -> None:
    notice = tmp_path / "2026.toml"
    notice.write_text(
        'reference = "某号"\ntitle = "x"\npublished_on = 2025-11-10\nyear = 2026\n'
        '[[holidays]]\nname = "元旦"\noff = [2026-01-01]\n',
        encoding="utf-8",
    )
    assert _gk("calendar", "publish", notice, "--data-dir", data_dir).exit_code == 1


def test_the_log_is_exported_as_json_lines(data_dir: Path, tmp_path: Path) -> None:
    output = tmp_path / "log.jsonl"
    assert _gk("export", "log", "--output", output, "--data-dir", data_dir).exit_code == 0
    lines = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert [line["topic"] for line in lines if line["topic"] != "CalendarPublished"] == [
        "LogOpened",
        "NumberIssued",
        "CaseOpened",
        "ReceiptConfirmed",
        "AccessRecorded",
    ]
    assert "张三" not in output.read_text(encoding="utf-8")
    assert "导出" in _gk("access", "--agency", "*", "--data-dir", data_dir).output


def test_the_api_is_described_in_a_file(tmp_path: Path) -> None:
    output = tmp_path / "docs" / "openapi.json"
    assert _gk("export", "openapi", "--output", output).exit_code == 0
    assert json.loads(output.read_text(encoding="utf-8"))["openapi"].startswith("3.1")


def test_the_service_leaves_this_machine_only_with_tls_or_behind_a_proxy(data_dir: Path) -> None:
    for host in ("0.0.0.0", "192.168.1.5", "example.org"):
        assert _gk("serve", "--data-dir", data_dir, "--host", host).exit_code == 1


def test_a_service_told_to_end_closes_what_it_opened(data_dir: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gk_workflow", "serve", "--port", str(port)]
    process = subprocess.Popen([*command, "--data-dir", str(data_dir)], stdout=subprocess.DEVNULL)
    try:
        _wait_for(process, port)
        process.terminate()
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
    assert [file.name for file in data_dir.iterdir() if file.name.endswith("-wal")] == []


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    while process.poll() is None:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)


def test_a_certificate_without_its_key_is_refused(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GK_TLS_CERTIFICATE", "server.pem")
    assert _gk("serve", "--data-dir", data_dir, "--host", "0.0.0.0").exit_code == 1


def test_history_is_masked_and_a_reason_to_see_it_in_clear_is_written_down(data_dir: Path) -> None:
    masked = _gk("history", "zhichu-2024-0001", "--data-dir", data_dir).output
    assert ("张三" in masked, "张*" in masked, "征收补偿方案" in masked) == (False, True, False)
    clear = _gk("history", "zhichu-2024-0001", "--data-dir", data_dir, "--reveal", "法院调卷")
    assert ("张三" in clear.output, "征收补偿方案" in clear.output) == (True, True)
    record = _gk("access", "--agency", "zhichu", "--data-dir", data_dir).output
    assert record.count("查看个人信息") == 1
    assert "法院调卷" in record
    assert "cli:" in record


def test_why_somebody_looked_is_not_told_of_a_restricted_person(data_dir: Path) -> None:
    _gk("history", "zhichu-2024-0001", "--data-dir", data_dir, "--reveal", "张三之妻来电")
    assert "张三之妻来电" in _gk("access", "--agency", "zhichu", "--data-dir", data_dir).output
    _restrict(data_dir)
    told = _gk("access", "--agency", "zhichu", "--data-dir", data_dir).output
    assert "张三之妻来电" not in told
    assert "〔已限制处理〕" in told


def _restrict(data_dir: Path) -> None:
    with open_house(Settings(data_dir=data_dir)) as house:
        case_id = house.registry.case_ids()[0]
        for role, command in (
            (Role.CLERK, c.Withdraw(RECEIVED)),
            (Role.ADMIN, c.ProposeErasure(ErasureKind.RESTRICT, ErasureGround.ORDERED, "令")),
            (Role.HEAD, c.DecideErasure(1, True)),
        ):
            stamp = Stamp(utc(RECEIVED), role.value, role, agency="zhichu")
            house.registry.handle(case_id, command, stamp)


def test_an_account_is_made_changed_and_listed_and_each_change_written_down(data_dir: Path) -> None:
    post = ("--role", "CLERK", "--agency", "zhichu")
    made = _gk("user", "add", "clerk01", *post, "--unit", "党政办公室", "--data-dir", data_dir)
    assert "一次性密码" in made.output
    for words in (
        ("user", "grant", "clerk01", "--role", "REVIEWER", "--agency", "zhichu"),
        ("user", "withdraw", "clerk01", "--role", "REVIEWER", "--agency", "zhichu"),
        ("user", "disable", "clerk01"),
        ("user", "enable", "clerk01"),
        ("user", "reset", "clerk01"),
        ("user", "passwordless", "clerk01"),
    ):
        assert _gk(*words, "--data-dir", data_dir).exit_code == 0
    assert "经办 zhichu 党政办公室" in _gk("user", "list", "--data-dir", data_dir).output
    record = _gk("access", "--agency", "zhichu", "--data-dir", data_dir).output
    assert record.count("变更账户或者授权") == 7


def test_a_key_is_told_once_and_can_be_revoked(data_dir: Path) -> None:
    post = ("--role", "AUDITOR", "--agency", "zhichu")
    _gk("user", "add", "auditor01", *post, "--data-dir", data_dir)
    made = _gk("key", "create", "auditor01", *post, "--scope", "audit:read", "--data-dir", data_dir)
    _, key_id, secret = made.stdout.strip().split("_")
    listed = _gk("key", "list", "--data-dir", data_dir).output
    assert (key_id in listed, secret in listed, "audit:read" in listed) == (True, False, True)
    assert _gk("key", "revoke", key_id, "--data-dir", data_dir).exit_code == 0
    assert "已撤销" in _gk("key", "list", "--data-dir", data_dir).output


def test_nothing_is_due_for_erasure_while_it_must_be_kept(data_dir: Path) -> None:
    result = _gk("retention", "due", "--data-dir", data_dir)
    assert (result.exit_code, "zhichu-2024-0001" in result.output) == (0, False)


def test_a_new_master_key_opens_what_was_sealed_before(data_dir: Path) -> None:
    before = (data_dir / "master.key").read_text(encoding="ascii")
    assert _gk("master", "rotate", "--data-dir", data_dir).exit_code == 0
    assert (data_dir / "master.key").read_text(encoding="ascii") != before
    clear = _gk("history", "zhichu-2024-0001", "--data-dir", data_dir, "--reveal", "核对")
    assert "张三" in clear.output


def test_another_master_key_opens_nothing(data_dir: Path) -> None:
    (data_dir / "master.key").write_text(f"{'0123456789abcdef' * 4}\n", encoding="ascii")
    with pytest.raises(WrongMaster):
        _gk("history", "zhichu-2024-0001", "--data-dir", data_dir)


def test_a_lost_key_store_is_never_replaced_by_an_empty_one(data_dir: Path) -> None:
    (data_dir / "keys.sqlite").unlink()
    with pytest.raises(KeyStoreMissing):
        _gk("verify", "--data-dir", data_dir)
    assert not (data_dir / "keys.sqlite").exists()


def test_a_lost_master_key_is_never_replaced_by_a_new_one(data_dir: Path) -> None:
    (data_dir / "master.key").unlink()
    with pytest.raises(MasterUnusable):
        _gk("verify", "--data-dir", data_dir)
    assert not (data_dir / "master.key").exists()


def test_a_database_it_cannot_use_is_named(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from gk_workflow.registry import UnsupportedDatabase

    monkeypatch.setenv("GK_DATABASE_URL", "postgresql://localhost/gk")
    with pytest.raises(UnsupportedDatabase, match="postgresql"):
        _gk("verify", "--data-dir", data_dir)


def test_a_key_says_what_it_is_for_and_is_good_for_three_years_at_most(data_dir: Path) -> None:
    post = ("--role", "AUDITOR", "--agency", "zhichu", "--data-dir", data_dir)
    _gk("user", "add", "auditor01", *post)
    assert _gk("key", "create", "auditor01", *post, "--days", 1096).exit_code == 0
    assert _gk("key", "create", "auditor01", *post, "--days", 1097).exit_code == 2


def test_an_account_without_posts_is_noted_in_the_record_of_no_one_agency(data_dir: Path) -> None:
    post = ("--role", "AUDITOR", "--agency", "zhichu", "--data-dir", data_dir)
    _gk("user", "add", "auditor01", *post)
    _gk("user", "withdraw", "auditor01", *post)
    _gk("user", "disable", "auditor01", "--data-dir", data_dir)
    assert "停用账户：auditor01" in _gk("access", "--agency", "*", "--data-dir", data_dir).output


@pytest.mark.parametrize("reason", ["", "   ", "查" * 201])
def test_personal_data_is_shown_for_a_stated_reason_only(data_dir: Path, reason: str) -> None:
    asked = ("history", "zhichu-2024-0001", "--data-dir", data_dir, "--reveal", reason)
    result = _gk(*asked)
    assert (result.exit_code, "张三" in result.output) == (1, False)
    assert "查看个人信息" not in _gk("access", "--agency", "zhichu", "--data-dir", data_dir).output

"""What a deployment may set, and how a wrong setting is told."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from gk_workflow.core.policy import Policy, RetentionRule
from gk_workflow.core.terms import Outcome
from gk_workflow.settings import Settings


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("GK_")]:
        monkeypatch.delenv(name)


def test_without_settings_the_log_is_a_sqlite_file_in_the_data_directory(tmp_path: Path) -> None:
    assert Settings().database == f"sqlite:///{tmp_path}/gk-data/gk.sqlite"
    assert Settings().office_policy() == Policy()


def test_the_environment_is_heavier_than_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gk.toml").write_text('port = 9000\nlog_level = "DEBUG"\n', encoding="utf-8")
    monkeypatch.setenv("GK_PORT", "9100")
    settings = Settings()
    assert (settings.port, settings.log_level) == (9100, "DEBUG")


def test_a_named_settings_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "office.toml"
    file.write_text('deployment = "某街道办事处"\n', encoding="utf-8")
    monkeypatch.setenv("GK_SETTINGS", str(file))
    assert Settings().deployment == "某街道办事处"


def test_a_rule_of_the_policy_is_changed_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "gk.toml").write_text(
        '[policy]\nsupplement_workdays = 15\nsuit_excluded = ["refused.duplicate"]\n',
        encoding="utf-8",
    )
    policy = Settings().office_policy()
    assert policy == Policy(
        supplement_workdays=15, suit_excluded=frozenset({Outcome.REFUSED_DUPLICATE})
    )


def test_an_unknown_rule_is_named(tmp_path: Path) -> None:
    (tmp_path / "gk.toml").write_text("[policy]\nsuplement_workdays = 15\n", encoding="utf-8")
    with pytest.raises(ValueError, match="suplement_workdays"):
        Settings().office_policy()


def test_a_rule_of_the_wrong_kind_is_named(tmp_path: Path) -> None:
    (tmp_path / "gk.toml").write_text('[policy]\nsupplement_workdays = "x"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="supplement_workdays"):
        Settings().office_policy()


def test_an_unknown_setting_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gk.toml").write_text("prot = 1\n", encoding="utf-8")
    with pytest.raises(ValidationError, match="prot"):
        Settings()


def test_a_list_is_written_with_commas_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GK_TRUSTED_PROXIES", "10.0.0.1, 10.1.0.0/16")
    monkeypatch.setenv("GK_ALLOWED_HOSTS", "gk.example.gov.cn")
    settings = Settings()
    assert settings.trusted_proxies == ("10.0.0.1", "10.1.0.0/16")
    assert settings.allowed_hosts == ("gk.example.gov.cn",)


def test_a_list_in_the_file_is_a_list(tmp_path: Path) -> None:
    (tmp_path / "gk.toml").write_text('trusted_proxies = ["10.0.0.1"]\n', encoding="utf-8")
    assert Settings().trusted_proxies == ("10.0.0.1",)


def test_a_rule_of_retention_is_dated_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "gk.toml").write_text(
        "[[policy.retention]]\n"
        'name = "一般办件"\nsince = 2007-01-01\nyears = 10\n'
        "[[policy.retention]]\n"
        'name = "不予公开"\nsince = 2026-01-01\nyears = 30\noutcome = "denied"\n',
        encoding="utf-8",
    )
    assert Settings().office_policy().retention == (
        RetentionRule(name="一般办件", since=date(2007, 1, 1), years=10),
        RetentionRule(name="不予公开", since=date(2026, 1, 1), years=30, outcome="denied"),
    )


def test_a_rule_without_years_keeps_for_ever(tmp_path: Path) -> None:
    # TOML has no word for nothing.
    (tmp_path / "gk.toml").write_text(
        '[[policy.retention]]\nname = "永久"\nsince = 2007-01-01\noutcome = "denied"\n',
        encoding="utf-8",
    )
    assert Settings().office_policy().retention == (
        RetentionRule(name="永久", since=date(2007, 1, 1), years=None, outcome="denied"),
    )


def test_a_misspelt_word_in_a_rule_of_retention_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gk.toml").write_text(
        '[[policy.retention]]\nname = "一般办件"\nsince = 2007-01-01\nyear = 10\n',
        encoding="utf-8",
    )
    with pytest.raises(ValueError, match="year"):
        Settings().office_policy()


def test_the_master_key_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GK_MASTER_KEY", "00112233445566778899aabbccddeeff" * 2)
    assert "00112233" not in f"{Settings()!r} {Settings()}"

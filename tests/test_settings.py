"""What a deployment may set, and how a wrong setting is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import Outcome
from gk_workflow.settings import Settings


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("GK_DATA_DIR", "GK_DATABASE_URL", "GK_SETTINGS"):
        monkeypatch.delenv(name, raising=False)


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

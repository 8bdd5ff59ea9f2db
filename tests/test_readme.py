"""The README's calls and names are real: its curl lines are sent to a running service."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from gk_workflow.app import create_app, open_house
from gk_workflow.cli import gk
from gk_workflow.settings import Settings

ROOT = Path(__file__).parent.parent


def _curl_calls(text: str) -> list[list[str]]:
    block = text.split("## The API in five calls")[1].split("```sh")[2].split("```")[0]
    lines = "\n".join(line for line in block.splitlines() if not line.startswith("#"))
    return [
        shlex.split(call)
        for call in re.split(r"\n\s*\n", lines.replace("\\\n", " "))
        if call.strip()
    ]


def _send(client: TestClient, words: list[str], case: str, key: str) -> httpx2.Response:
    method, url, headers, body = "GET", "", {}, None
    rest = iter(words[1:])
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _, value = next(rest).partition(":")
            headers[name] = value.strip().replace("$KEY", key)
        elif word == "-d":
            body = next(rest).encode()
        elif word != "-i":
            url = word.replace("$CASE", case).removeprefix("http://127.0.0.1:8000")
    return client.request(method, url, headers=headers, content=body)


def _key(text: str, data_dir: Path) -> str:
    """What the README's own two lines before the calls print."""
    block = text.split("## The API in five calls")[1].split("```sh")[1].split("```")[0]
    printed = ""
    for line in block.strip().splitlines():
        words = shlex.split(line.removeprefix("KEY=$(").removesuffix(")"))
        result = CliRunner().invoke(gk, [*words[1:], "--data-dir", str(data_dir)])
        assert result.exit_code == 0, result.output
        printed = result.stdout.strip()
    return printed


def test_the_five_calls_of_the_readme_do_what_they_say(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    calls, key = _curl_calls(text), _key(text, tmp_path)
    statuses, case = [], ""
    with open_house(Settings(data_dir=tmp_path)) as house, TestClient(create_app(house)) as client:
        for call in calls:
            response = _send(client, call, case, key)
            case = case or response.headers["location"].rsplit("/", 1)[1]
            statuses.append(response.status_code)
    assert statuses == [201, 200, 200, 200, 200]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_every_file_a_readme_names_is_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(
        re.findall(r"`((?:core|api|registry|projections|docs|src|diagrams)/[\w./-]*)`", text)
    )
    missing = [
        path
        for path in sorted(named)
        if not (
            (ROOT / path).exists()
            or (ROOT / "src/gk_workflow" / path).exists()
            or list((ROOT / "docs").glob(path.removeprefix("docs/") + "*"))
        )
    ]
    assert missing == []


def _documented(text: str) -> set[str]:
    """``user add`` and so on: each cell of the table may name several, a group its words with slashes."""
    table = text.split("## Commands")[1].split("Settings:")[0]
    found = set()
    for cell in re.findall(r"^\| (`[^|]+) \|", table, re.M):
        for named in re.findall(r"`([^`]+)`", cell):
            first, *rest = re.sub(r"\[.*?\]|--\S+ \w+|\b[A-Z]+\b", "", named).split()
            found |= {f"{first} {word}" for word in rest if word != "/"} or {first}
    return found - {"gk"}


def test_the_readme_names_every_command_and_no_other() -> None:
    commands = {
        info.name or info.callback.__name__ for info in gk.registered_commands if info.callback
    }
    for group in gk.registered_groups:
        assert group.typer_instance is not None
        for info in group.typer_instance.registered_commands:
            commands.add(f"{group.name} {info.name}")
    assert _documented((ROOT / "README.md").read_text(encoding="utf-8")) == commands


def test_the_readme_names_every_setting_and_no_other() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`GK_([A-Z_]+)", text.split("Settings:")[1].split("## ")[0]))
    fields = {name.upper() for name in Settings.model_fields if name not in ("policy", "oidc")}
    assert named == fields | {"SETTINGS", "OIDC__ISSUER"}

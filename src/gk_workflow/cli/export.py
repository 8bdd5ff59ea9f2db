"""`gk export`: the log as it is stored, and the API's description; what leaves is written down."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from gk_workflow.app import openapi as description
from gk_workflow.cli.console import DataDir, house_of, operator, out, progress_bar
from gk_workflow.core.bookkeeping import AccessRecorded
from gk_workflow.core.permissions import ANY_AGENCY
from gk_workflow.core.terms import AccessKind
from gk_workflow.registry import RawRow


def log(
    output: Annotated[Path, typer.Option(help="Where to write JSON lines.")],
    data_dir: DataDir = None,
) -> None:
    """Write the whole log as JSON lines, each event as it is stored: personal texts stay sealed."""
    with house_of(data_dir) as house, progress_bar() as progress:
        # Written down first: what is on its way out may not be recalled.
        exported = AccessRecorded(AccessKind.EXPORTED, "整个日志（个人信息为密文）")
        house.registry.record_access(ANY_AGENCY, exported, operator()).result()
        task = progress.add_task("导出日志", total=house.registry.last_position())
        with output.open("wb") as file:
            for row in house.registry.iter_raw():
                file.write(_line(row))
                progress.update(task, completed=row.position)
    out.print(f"已导出至 {output}")


def _line(row: RawRow) -> bytes:
    """The row's place in the log, and the event byte for byte as it is stored."""
    head = {"position": row.position, "stream": str(row.stream_id), "version": row.version}
    place = msgspec.json.encode({**head, "topic": row.topic})
    return place[:-1] + b',"stored":' + row.state + b"}\n"


def openapi(
    output: Annotated[Path, typer.Option(help="Where to write the JSON.")],
) -> None:
    """Write the API's OpenAPI description."""

    output.parent.mkdir(parents=True, exist_ok=True)
    text = msgspec.json.format(msgspec.json.encode(description()), indent=2)
    output.write_bytes(text + b"\n")
    out.print(f"已写入 {output}")

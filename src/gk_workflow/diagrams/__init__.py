"""Draws the boards, the module graph and the permission table from the code; it decides nothing."""

from __future__ import annotations

from pathlib import Path

from gk_workflow.core.workflow import APPEAL_STEPS, STEPS
from gk_workflow.diagrams.board import appeals_board, request_board
from gk_workflow.diagrams.board_svg import board_svg
from gk_workflow.diagrams.mermaid import board_mermaid, modules_mermaid
from gk_workflow.diagrams.modules import PACKAGE, read_modules
from gk_workflow.diagrams.modules_svg import modules_svg
from gk_workflow.diagrams.permissions import permissions_table

__all__ = ["draw", "write_all"]

_MARK = "GENERATED from the code by `gk diagrams`; do not edit."
_FOLDER = Path("diagrams")
_PERMISSIONS = Path("docs/permissions.md")


def draw(root: Path) -> dict[Path, str]:
    """The text of every generated file by its path below ``root``, a checkout of the project.

    Raises `FileNotFoundError` where there is no source to read the module graph from.
    """
    source = root / "src" / PACKAGE
    if not source.is_dir():
        raise FileNotFoundError(f"{root} is not a checkout: it has no folder src/{PACKAGE}")
    files: dict[Path, str] = {}
    for board in (request_board(), appeals_board()):
        files[_FOLDER / f"{board.name}.mmd"] = board_mermaid(board)
        files[_FOLDER / f"{board.name}.svg"] = board_svg(board)
    graph = read_modules(source)
    files[_FOLDER / "modules.mmd"] = modules_mermaid(graph)
    files[_FOLDER / "modules.svg"] = modules_svg(graph)
    files[_PERMISSIONS] = permissions_table(STEPS, APPEAL_STEPS)
    return {path: _marked(path, content) for path, content in files.items()}


def write_all(root: Path) -> None:
    """Write what `draw` gives into a checkout."""
    for path, content in draw(root).items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8", newline="\n")


def _marked(path: Path, content: str) -> str:
    """The file with the comment that it is generated, and by which command."""
    mark = f"%% {_MARK}" if path.suffix == ".mmd" else f"<!-- {_MARK} -->"
    return f"{mark}\n{content}"

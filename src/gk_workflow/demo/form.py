"""The printed form of the annual report's tables three and four: its rows, columns and files; it counts nothing."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

import msgspec

from gk_workflow.core.appeals import Table4Column
from gk_workflow.core.terms import ApplicantKind, Outcome
from gk_workflow.queries import (
    TABLE_FOUR_BLOCKS,
    TABLE_FOUR_COLUMNS,
    TABLE_THREE_COLUMNS,
    TABLE_THREE_ROWS,
)

NEW, CARRIED_IN, TOTAL, CARRIED_OUT = "new_received", "carried_in", "total", "carried_out"
RESULTS = tuple(outcome.value for outcome in Outcome)
ROWS = TABLE_THREE_ROWS
KINDS = tuple(kind.value for kind in ApplicantKind)
COLUMNS = TABLE_THREE_COLUMNS

BLOCKS = tuple(TABLE_FOUR_BLOCKS.values())
APPEAL_RESULTS = tuple(column.value for column in Table4Column)
APPEAL_COLUMNS = TABLE_FOUR_COLUMNS

BLOCK_LABELS = {
    "review": "行政复议",
    "litigation_direct": "行政诉讼·未经复议直接起诉",
    "litigation_after_review": "行政诉讼·复议后起诉",
}
APPEAL_LABELS = {
    "maintained": "结果维持",
    "corrected": "结果纠正",
    "other": "其他结果",
    "pending": "尚未审结",
    TOTAL: "总计",
}

_EXAMPLE = "annual_report_suqian_2023.json"
_FORMAT = "annual_report_format.json"


class FormLabels(msgspec.Struct, frozen=True):
    """The words printed on the form (国办公开办函〔2021〕30号), by row and by column."""

    row_labels: dict[str, str]
    col_labels: dict[str, str]


def example_report() -> Path:
    """宿迁市 2023, the real year that comes with the project."""
    return _shipped(_EXAMPLE)


def form_labels() -> FormLabels:
    """The labels of table three as they are printed."""
    return msgspec.json.decode(_shipped(_FORMAT).read_bytes(), type=FormLabels)


def _shipped(name: str) -> Path:
    """A file of ``examples/``: a wheel carries it inside the package, a checkout beside ``src``."""
    with as_file(files("gk_workflow").joinpath("demo", "reports", name)) as packaged:
        checkout = Path(__file__).parents[3] / "examples" / name
        return packaged if packaged.is_file() else checkout

"""Questions to the projections: lists, lateness on a day, summaries, the statutory tables; it writes nothing."""

from __future__ import annotations

from gk_workflow.queries.annual import (
    TABLE_FOUR_BLOCKS,
    TABLE_FOUR_COLUMNS,
    TABLE_THREE_COLUMNS,
    TABLE_THREE_ROWS,
    Counted,
)
from gk_workflow.queries.asking import Filter, Sort
from gk_workflow.queries.listing import Key, Page
from gk_workflow.queries.queries import Queries
from gk_workflow.queries.retention import Kept
from gk_workflow.queries.standing import CaseRow, Lateness
from gk_workflow.queries.summary import Counts, MonthOfUnit

__all__ = [
    "TABLE_FOUR_BLOCKS",
    "TABLE_FOUR_COLUMNS",
    "TABLE_THREE_COLUMNS",
    "TABLE_THREE_ROWS",
    "CaseRow",
    "Counted",
    "Counts",
    "Filter",
    "Kept",
    "Key",
    "Lateness",
    "MonthOfUnit",
    "Page",
    "Queries",
    "Sort",
]

"""Small reports made for tests, consistent unless a test bends them; no number in them was ever published."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from random import Random
from typing import Any

from gk_workflow.demo import Report, load_report
from gk_workflow.demo.form import (
    APPEAL_COLUMNS,
    APPEAL_RESULTS,
    BLOCKS,
    CARRIED_IN,
    CARRIED_OUT,
    COLUMNS,
    KINDS,
    NEW,
    RESULTS,
    ROWS,
    TOTAL,
)

# Any: raw JSON, bent by tests into shapes no type describes.
Raw = dict[str, Any]


def empty(year: int = 2023) -> Raw:
    """A report of nothing."""
    return {
        "id": f"jia-{year}",
        "authority": "甲市",
        "year": year,
        "table3": {row: dict.fromkeys(COLUMNS, 0) for row in ROWS},
        "table4": {block: dict.fromkeys(APPEAL_COLUMNS, 0) for block in BLOCKS},
    }


def summed(raw: Raw) -> Raw:
    """The same parts with every total and 本年新收 made to fit."""
    made = copy.deepcopy(raw)
    table3, table4 = made["table3"], made["table4"]
    for kind in KINDS:
        table3[TOTAL][kind] = sum(table3[row][kind] for row in RESULTS)
        lives = table3[TOTAL][kind] + table3[CARRIED_OUT][kind]
        table3[NEW][kind] = lives - table3[CARRIED_IN][kind]
    for row in ROWS:
        table3[row][TOTAL] = sum(table3[row][kind] for kind in KINDS)
    for block in BLOCKS:
        table4[block][TOTAL] = sum(table4[block][result] for result in APPEAL_RESULTS)
    return made


def every_row(year: int = 2023) -> Raw:
    """One life of every result for natural persons, some for others, each kind of appeal."""
    raw = empty(year)
    for row in RESULTS:
        raw["table3"][row]["natural_person"] = 1
    raw["table3"]["granted"].update(commercial=2, legal_service=1, research=1)
    raw["table3"]["partial"].update(public_welfare=1, other_org=1)
    raw["table3"]["other.other"]["natural_person"] = 4
    raw["table3"][CARRIED_IN].update(natural_person=4, commercial=1)
    raw["table3"][CARRIED_OUT].update(natural_person=5, legal_service=2)
    for block in BLOCKS:
        raw["table4"][block].update(maintained=2, corrected=1, other=3, pending=2)
    return summed(raw)


def drawn(year: int, seed: int, size: int = 4) -> Raw:
    """A report of random small numbers."""
    rng, raw = Random(seed), empty(year)
    for row in (*RESULTS, CARRIED_OUT):
        for kind in KINDS:
            raw["table3"][row][kind] = max(rng.randrange(-size, size), 0)
    for kind in KINDS:
        lives = sum(raw["table3"][row][kind] for row in (*RESULTS, CARRIED_OUT))
        raw["table3"][CARRIED_IN][kind] = rng.choice((0, lives // 5, lives))
    for block in BLOCKS:
        raw["table4"][block].update({result: rng.randrange(size) for result in APPEAL_RESULTS})
    return summed(raw)


def write(raw: Raw, folder: Path) -> Path:
    """The report as a file."""
    file = folder / "report.json"
    file.write_text(json.dumps(raw, ensure_ascii=False), encoding="utf-8")
    return file


def read(raw: Raw, folder: Path) -> Report:
    """The report as `gk demo` reads it."""
    return load_report(write(raw, folder))

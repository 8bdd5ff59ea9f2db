"""Notices as files: what is shipped, and what a file may not say; no calendar is counted here."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from gk_workflow.core.calendar import Holiday, Notice
from gk_workflow.notices import (
    bundled_calendar,
    bundled_notices,
    bundled_statutory,
    load_notice,
)

GOOD = """
reference = "国办发明电〔2026〕9号"
title = "国务院办公厅关于2027年部分节假日安排的通知"
published_on = 2026-11-10
year = 2027

[[holidays]]
name = "元旦"
off = [2027-01-01, 2027-01-02, 2027-01-03]

[[holidays]]
name = "春节"
off = [2027-02-05, 2027-02-08]
makeup = [2027-02-20]
"""
READ = Notice(
    reference="国办发明电〔2026〕9号",
    title="国务院办公厅关于2027年部分节假日安排的通知",
    published_on=date(2026, 11, 10),
    year=2027,
    holidays=(
        Holiday("元旦", (date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3))),
        Holiday("春节", (date(2027, 2, 5), date(2027, 2, 8)), (date(2027, 2, 20),)),
    ),
)


def test_a_notice_is_read_from_text_and_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "2027.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert load_notice(GOOD) == READ
    assert load_notice(path) == READ


def test_eleven_notices_are_shipped_in_order_of_publication() -> None:
    shipped = [
        (each.reference, each.published_on.isoformat(), each.year) for each in bundled_notices()
    ]
    assert shipped == [
        ("国办发明电〔2017〕12号", "2017-11-30", 2018),
        ("国办发明电〔2018〕15号", "2018-12-06", 2019),
        ("国办发明电〔2019〕3号", "2019-03-22", 2019),
        ("国办发明电〔2019〕16号", "2019-11-21", 2020),
        ("国办发明电〔2020〕1号", "2020-01-26", 2020),
        ("国办发明电〔2020〕27号", "2020-11-25", 2021),
        ("国办发明电〔2021〕11号", "2021-10-25", 2022),
        ("国办发明电〔2022〕16号", "2022-12-08", 2023),
        ("国办发明电〔2023〕7号", "2023-10-25", 2024),
        ("国办发明电〔2024〕12号", "2024-11-12", 2025),
        ("国办发明电〔2025〕7号", "2025-11-04", 2026),
    ]


def test_the_two_amendments_name_what_they_amend() -> None:
    amended = {each.reference: each.amends for each in bundled_notices() if each.amends}
    assert amended == {
        "国办发明电〔2019〕3号": "国办发明电〔2018〕15号",
        "国办发明电〔2020〕1号": "国办发明电〔2019〕16号",
    }


def test_the_holiday_law_is_shipped_in_its_two_versions() -> None:
    versions = [
        (rule.reference, rule.published_on, rule.in_force_from, len(rule.days))
        for rule in bundled_statutory().rules
    ]
    assert versions == [
        ("国务院令第644号", date(2013, 12, 11), date(2014, 1, 1), 11),
        ("国务院令第795号", date(2024, 11, 10), date(2025, 1, 1), 13),
    ]


def test_the_bundled_calendar_is_built_once_from_all_notices() -> None:
    assert bundled_calendar() is bundled_calendar()
    assert bundled_calendar().notices == bundled_notices()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "year = 2027",
            "year = 2027\nyears = 1",
            "放假通知字段有误：Object contains unknown field `years`",
        ),
        ("year = 2027", "", "放假通知字段有误：Object missing required field `year`"),
        (
            "year = 2027",
            'year = "2027"',
            "放假通知字段有误：Expected `int`, got `str` - at `$.year`",
        ),
        (
            "[2027-02-20]",
            '["2027-02-20"]',
            "放假通知字段有误：Expected `date`, got `str` - at `$.holidays[1].makeup[0]`",
        ),
        (
            "[2027-02-20]",
            "[2027-02-20T00:00:00]",
            "放假通知字段有误：Expected `date`, got `datetime` - at `$.holidays[1].makeup[0]`",
        ),
        (
            'name = "春节"',
            'name = "春节"\ncolour = "red"',
            "放假通知字段有误：Object contains unknown field `colour` - at `$.holidays[1]`",
        ),
        (
            "2027-02-20",
            "2027-02-19, 2027-02-08",
            "放假通知有误：makeup：2027-02-08同时列入 off；"
            "makeup：2027-02-19不是周六或周日，调休上班日必须是周末；"
            "makeup：2027-02-08不是周六或周日，调休上班日必须是周末",
        ),
        (
            "year = 2027",
            "year = 10000",
            "放假通知字段有误：Expected `int` <= 9000 - at `$.year`",
        ),
        ("year = 2027", "year =", "放假通知不是有效的 TOML：Invalid value (at line 5, column 7)"),
    ],
)
def test_a_slip_in_a_file_names_the_field_and_the_rule(old: str, new: str, told: str) -> None:
    with pytest.raises(ValueError, match="放假通知") as raised:
        load_notice(GOOD.replace(old, new))
    assert str(raised.value) == told


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gbk.toml"
    path.write_bytes(GOOD.encode("gbk", errors="replace"))
    with pytest.raises(ValueError, match="放假通知文件不是 UTF-8 文本"):
        load_notice(path)


def test_a_notice_survives_its_stored_form() -> None:
    for notice in bundled_notices():
        assert msgspec.json.decode(msgspec.json.encode(notice), type=Notice) == notice

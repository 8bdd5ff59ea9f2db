"""`gk demo` on small reports: what is loaded, loaded again, interrupted, refused, and how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from msgspec.structs import replace
from rich.console import Console

from gk_workflow.core import commands as c
from gk_workflow.core.bookkeeping import LogOpened
from gk_workflow.core.events import Applicant, CaseOpened, ThirdPartyConsulted
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import ApplicantKind, Channel, Outcome, Role, Stamp, utc
from gk_workflow.demo import live_through, run_demo, simulated_now
from gk_workflow.demo.form import BLOCKS
from gk_workflow.demo.life import NoSuchLife, live
from gk_workflow.demo.loading import RefusedLife, load
from gk_workflow.demo.opening import Codes, begin, issuer, log_opened
from gk_workflow.demo.report import Report
from gk_workflow.demo.running import keys_of
from gk_workflow.demo.schedule import Act
from gk_workflow.demo.script import Scene
from gk_workflow.demo.wishes import Group, Wish
from gk_workflow.notices import bundled_calendar, bundled_notices
from gk_workflow.registry import LogRow, RawRow, Registry
from gk_workflow.registry.rows import AnyEvent
from gk_workflow.settings import Settings
from tests.demo.living import planned
from tests.demo.reports import Raw, every_row, read, write

SEED = 11


class Said:
    """A console whose words a test can read."""

    def __init__(self) -> None:
        self._file = StringIO()
        self.console = Console(file=self._file, width=100)

    @property
    def text(self) -> str:
        return self._file.getvalue()

    @property
    def last_line(self) -> str:
        return self.text.rstrip().splitlines()[-1]


@pytest.fixture
def said() -> Said:
    return Said()


@contextmanager
def registry_in(folder: Path, codes: Codes | None = None) -> Iterator[Registry]:
    folder.mkdir(parents=True, exist_ok=True)
    settings, made = Settings(data_dir=folder), issuer(codes) if codes else None
    with (
        keys_of(settings) as keys,
        Registry(settings.database, Policy(), keys=keys, issuer=made) as registry,
    ):
        yield registry


def rows_in(folder: Path) -> list[RawRow]:
    with registry_in(folder) as registry:
        return list(registry.iter_raw())


def told_in(folder: Path) -> list[LogRow]:
    """All rows opened, without the ids of the keys, which are never the same twice."""
    with registry_in(folder) as registry:
        return [replace(row, event=_keyless(row.event)) for row in registry.iter_all()]


def _keyless(event: AnyEvent) -> AnyEvent:
    return replace(event, key="") if isinstance(event, CaseOpened | ThirdPartyConsulted) else event


def demo(raw: Raw, folder: Path, said: Said, seed: int = SEED) -> int:
    return run_demo(write(raw, folder), folder / "data", seed, said.console)


def half_loaded(report: Report, folder: Path, count: int) -> None:
    """A directory as an interrupted load leaves it."""
    made = planned(report, SEED)
    with registry_in(folder, Codes(f"{SEED}:{report.digest}")) as registry:
        begin(registry, log_opened(report, SEED, made), made, bundled_notices())
        load(registry, made.entries[:count], lambda more: None)


def open_another(registry: Registry, day: date) -> None:
    """A case that no plan knows of."""
    opened = c.OpenCase(
        agency="jia",
        channel=Channel.ORAL,
        applicant=Applicant(ApplicantKind.RESEARCH, "科研机构9999"),
        wanted="另一件",
        submitted_on=day,
    )
    stamp = Stamp(utc(day, 20), "收发02", Role.CLERK, agency="jia")
    registry.handle(UUID(int=7), opened, stamp)


def test_a_consistent_report_comes_out_equal_cell_by_cell(tmp_path: Path, said: Said) -> None:
    assert demo(every_row(), tmp_path, said) == 0
    assert said.last_line == "表三 175/175 相等, 表四 15/15 相等"


def test_the_log_says_first_that_it_is_simulated_by_which_report_and_seed(
    tmp_path: Path, said: Said
) -> None:
    demo(every_row(2024), tmp_path, said)
    with registry_in(tmp_path / "data") as registry:
        opened = registry.log_opened()
        assert registry.read_log(0, 1)[0].event == opened
    assert opened is not None
    assert (opened.deployment, opened.simulated) == ("甲市", True)
    assert "按甲市2024年年度报告（jia-2024）模拟，截至2024-12-31，种子11，" in opened.remark
    assert simulated_now(opened) == utc(date(2024, 12, 31), 18)


def test_a_log_that_is_no_simulation_has_no_simulated_day() -> None:
    assert simulated_now(None) is None
    assert simulated_now(LogOpened("只楚街道", remark="截至2024-12-31")) is None
    assert simulated_now(LogOpened("只楚街道", simulated=True)) is None


def test_the_same_seed_tells_the_same_lives(tmp_path: Path, said: Said) -> None:
    report = read(every_row(), tmp_path)
    for folder in ("one", "two"):
        live_through(report, tmp_path / folder, SEED, said.console)
    assert told_in(tmp_path / "one") == told_in(tmp_path / "two")


def test_a_second_run_adds_nothing_and_compares_again(tmp_path: Path, said: Said) -> None:
    assert demo(every_row(), tmp_path, said) == 0
    before = rows_in(tmp_path / "data")
    again = Said()
    assert demo(every_row(), tmp_path, again) == 0
    assert rows_in(tmp_path / "data") == before
    assert "不再装载" in again.text
    assert again.last_line == said.last_line


def test_a_loaded_year_may_go_on_living(tmp_path: Path, said: Said) -> None:
    assert demo(every_row(), tmp_path, said) == 0
    with registry_in(tmp_path / "data") as registry:
        case_id = registry.case_ids()[0]
        later = Stamp(utc(date(2026, 3, 2)), "负责人01", Role.HEAD)
        registry.seed_notices(bundled_notices(), later)
        assert registry.load(case_id) is not None
    assert demo(every_row(), tmp_path, Said()) == 0


@pytest.mark.parametrize("count", [0, 1, 57, 200])
def test_an_interrupted_load_is_finished_as_if_nothing_had_happened(
    count: int, tmp_path: Path, said: Said
) -> None:
    report = read(every_row(), tmp_path)
    live_through(report, tmp_path / "whole", SEED, said.console)
    half_loaded(report, tmp_path / "half", count)
    finished = live_through(report, tmp_path / "half", SEED, said.console)
    assert finished.exit_code == 0
    assert told_in(tmp_path / "half") == told_in(tmp_path / "whole")


def test_an_interrupted_load_that_others_went_on_with_is_refused(
    tmp_path: Path, said: Said
) -> None:
    report = read(every_row(), tmp_path)
    half_loaded(report, tmp_path / "data", 60)
    with registry_in(tmp_path / "data") as registry:
        open_another(registry, date(2026, 3, 2))
    assert demo(every_row(), tmp_path, said) == 2
    assert "装载尚未完成，其后又有别的操作" in said.text


def test_another_seed_in_the_same_directory_is_refused(tmp_path: Path, said: Said) -> None:
    demo(every_row(), tmp_path, said)
    before = rows_in(tmp_path / "data")
    again = Said()
    assert demo(every_row(), tmp_path, again, seed=12) == 2
    assert "该目录已有另一份演示" in again.text
    assert rows_in(tmp_path / "data") == before


def test_the_same_year_planned_by_another_program_is_refused(tmp_path: Path, said: Said) -> None:
    report = read(every_row(), tmp_path)
    made = planned(report, SEED)
    opened = log_opened(report, SEED, made)
    older = LogOpened(opened.deployment, True, opened.remark[:-16] + "0" * 16)
    with registry_in(tmp_path / "data") as registry:
        registry.open_log(older, Stamp(utc(date(2022, 1, 1)), "演示装载", Role.SYSTEM))
    assert demo(every_row(), tmp_path, said) == 2
    assert "另一版本的程序" in said.text


def test_an_offices_own_log_is_never_written_to(tmp_path: Path, said: Said) -> None:
    with registry_in(tmp_path / "data") as registry:
        stamp = Stamp(utc(date(2026, 3, 2)), "gk", Role.SYSTEM)
        registry.open_log(LogOpened("只楚街道"), stamp)
    assert demo(every_row(), tmp_path, said) == 2
    assert "已有正式的办件日志" in said.text
    assert len(rows_in(tmp_path / "data")) == 1


def test_a_contradictory_report_is_loaded_by_its_parts_named_and_ends_badly(
    tmp_path: Path, said: Said
) -> None:
    raw = every_row()
    raw["table3"]["partial"]["total"] = 9
    raw["table4"]["review"]["total"] = 7
    assert demo(raw, tmp_path, said) == 1
    assert "报告自相矛盾（2处）" in said.text
    partial = "三（二）部分公开（区分处理的，只计这一情形，不计其他情形）"
    assert f"表三 {partial} × 总计：公布9，按分项应为3（I3）" in said.text
    assert "表四 行政复议 × 总计：公布7，按分项应为8（I4）" in said.text
    assert "7≠8" in said.text
    assert said.last_line == "表三 174/175 相等, 表四 14/15 相等"


def test_contradicting_words_alone_end_badly_too(tmp_path: Path, said: Said) -> None:
    raw = every_row()
    raw["narrative"] = {"转下年度": 1}
    assert demo(raw, tmp_path, said) == 1
    assert "正文 转下年度：公布1，按分项应为7（N1）" in said.text
    assert said.last_line == "表三 175/175 相等, 表四 15/15 相等"


def test_a_cell_that_changed_since_is_named(tmp_path: Path, said: Said) -> None:
    assert demo(every_row(), tmp_path, said) == 0
    with registry_in(tmp_path / "data") as registry:
        open_another(registry, date(2023, 12, 31))
    again = Said()
    assert demo(every_row(), tmp_path, again) == 1
    assert "不相等 表三 一、本年新收政府信息公开申请数量 × 总计" in again.text


def test_fees_are_printed_beside_the_published_ones(tmp_path: Path, said: Said) -> None:
    raw = every_row()
    raw["fees"] = {"cases": 2, "amount_yuan": 567, "detail": [["甲局", 1, 420], ["乙局", 1, 147]]}
    assert demo(raw, tmp_path, said) == 0
    assert "信息处理费：公布2件567元，实收2件570元" in said.text
    assert "乙局：公布147元, 按标准最接近者差-3元" in said.text


def test_a_place_that_is_on_no_form_has_no_cell(tmp_path: Path, said: Said) -> None:
    found = live_through(read(every_row(), tmp_path), tmp_path, SEED, said.console)
    with pytest.raises(KeyError):
        found.comparison.cell("表三", "granted", "robots")


def test_a_year_beyond_the_notices_says_so(tmp_path: Path, said: Said) -> None:
    assert demo(every_row(2018), tmp_path, said) == 2
    assert "可模拟2019年至2026年的报告" in said.text
    assert not (tmp_path / "data").exists()


def test_an_unreadable_report_says_why(tmp_path: Path, said: Said) -> None:
    assert run_demo(tmp_path / "none.json", tmp_path / "data", SEED, said.console) == 2
    raw = every_row()
    del raw["table4"]
    assert demo(raw, tmp_path, said) == 2
    assert "缺少“table4”" in said.text


def test_a_refused_command_stops_the_load_and_is_named(tmp_path: Path) -> None:
    made = planned(read(every_row(), tmp_path), SEED)
    first = next(entry for entry in made.entries if isinstance(entry, Act))
    with registry_in(tmp_path / "data") as registry:
        registry.seed_notices(bundled_notices(), first.stamp)
        with pytest.raises(RefusedLife, match="OpenCase") as refused:
            load(registry, [first, first], lambda more: None)
    assert refused.value.act == first
    assert refused.value.refused.article == "条例29、45"


def test_a_wish_no_day_can_meet_is_given_up() -> None:
    scene = Scene("jia", 2023, bundled_calendar())
    new_years_eve = Group("申请人甲1", 364, "甲局")
    wish = Wish(
        index=0,
        kind=ApplicantKind.COMMERCIAL,
        received=0,
        outcome=Outcome.DENIED_THIRD_PARTY,
        group=new_years_eve,
    )
    with pytest.raises(NoSuchLife, match="第1件"):
        live(scene, wish, "1")


def test_every_block_of_table_four_is_printed(tmp_path: Path, said: Said) -> None:
    demo(every_row(), tmp_path, said)
    labels = ("行政复议", "行政诉讼·未经复议直接起诉", "行政诉讼·复议后起诉")
    assert len(BLOCKS) == len(labels)
    assert all(label in said.text for label in labels)

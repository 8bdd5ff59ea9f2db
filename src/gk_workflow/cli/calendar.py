"""`gk calendar`: the State Council's notices on days off; it checks before it publishes."""

from __future__ import annotations

from pathlib import Path

from rich.table import Table

from gk_workflow.app import House
from gk_workflow.cli.console import DataDir, fail, house_of, local, operator, out
from gk_workflow.core.calendar import Notice
from gk_workflow.core.notice_check import conflicts
from gk_workflow.notices import load_notice


def notices(data_dir: DataDir = None) -> None:
    """List the notices that the log knows."""
    with house_of(data_dir) as house:
        table = Table(title="放假安排通知")
        for column in ("文号", "年份", "发布日期", "登记时间"):
            table.add_column(column)
        for notice, stamp in house.registry.notices_with_record_time():
            at = local(stamp.at)
            table.add_row(notice.reference, str(notice.year), notice.published_on.isoformat(), at)
        out.print(table)


def preview(file: Path, data_dir: DataDir = None) -> None:
    """Show which open cases a notice would move, without publishing it."""
    with house_of(data_dir) as house:
        _show_affected(house, _checked(house, load_notice(file)))


def publish(
    file: Path,
    data_dir: DataDir = None,
) -> None:
    """Publish a notice: an event, after which the affected cases are reckoned anew."""
    with house_of(data_dir) as house:
        notice = load_notice(file)
        if any(notice == known for known, _ in house.registry.notices_with_record_time()):
            out.print(f"{notice.reference} 已经发布, 没有变化")
            return
        _show_affected(house, _checked(house, notice))
        house.registry.publish_notice(notice, operator())
        house.projections.catch_up()
        out.print(f"{notice.reference} 已发布")


def _checked(house: House, notice: Notice) -> Notice:
    found = conflicts(notice, house.registry.calendar())
    if found:
        fail("\n".join(found))
    return notice


def _show_affected(house: House, notice: Notice) -> None:
    house.projections.catch_up()
    affected = house.projections.affected_by(notice)
    table = Table(title=f"{notice.reference}: 影响 {len({one.number for one in affected})} 件")
    for column in ("办件编号", "期限", "原届满日", "新届满日"):
        table.add_column(column)
    for one in affected:
        table.add_row(one.number, one.name, str(one.old_due), str(one.new_due))
    out.print(table)

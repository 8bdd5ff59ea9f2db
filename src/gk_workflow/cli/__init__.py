"""The command `gk`: each sub-command opens the house, does one thing, and says what it did."""

from __future__ import annotations

import ipaddress
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, NoReturn
from uuid import UUID

import msgspec
import typer
import uvicorn
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from gk_workflow import diagrams
from gk_workflow.app import House, create_app, open_house, openapi, record_time
from gk_workflow.core.calendar import Notice
from gk_workflow.core.case import Case, evolve
from gk_workflow.core.deadlines import Deadline, deadlines_of, standing
from gk_workflow.core.explain import explain
from gk_workflow.core.notice_check import conflicts
from gk_workflow.core.terms import SHANGHAI, Role, Stamp
from gk_workflow.core.workflow import LABELS
from gk_workflow.demo import DEFAULT_SEED, run_demo, simulated_now
from gk_workflow.notices import load_notice
from gk_workflow.observability import set_up_logs
from gk_workflow.registry import RawRow, RegistryError
from gk_workflow.settings import Settings

PIPED_WIDTH = 160
"""Columns of a table that no terminal bounds."""

out = Console(width=None if sys.stdout.isatty() else PIPED_WIDTH)
err = Console(stderr=True)

gk = typer.Typer(
    name="gk",
    help="依申请公开: cases, deadlines and their log.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
calendar_commands = typer.Typer(help="State Council notices on days off.", no_args_is_help=True)
export_commands = typer.Typer(help="Write the log or the API's description.", no_args_is_help=True)
gk.add_typer(calendar_commands, name="calendar")
gk.add_typer(export_commands, name="export")

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Where log and documents lie (GK_DATA_DIR).")
]
DemoDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir", envvar="GK_DATA_DIR", help="A directory of the simulated year's own."
    ),
]
CaseName = Annotated[str, typer.Argument(help="Case number, as zhichu-2026-0001, or case id.")]
Day = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day asked about.")
]


def main() -> None:
    """Run `gk`; what goes wrong is said in one line, with exit code 1."""
    try:
        gk()
    except (RegistryError, OSError, ValueError, ValidationError) as error:
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    err.print(message, style="red", highlight=False)
    raise SystemExit(1)


def _settings(data_dir: Path | None) -> Settings:
    settings = Settings(data_dir=data_dir) if data_dir else Settings()
    set_up_logs(settings.log_level)
    return settings


def _today() -> date:
    return record_time().astimezone(SHANGHAI).date()


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
    )


@gk.command()
def serve(
    data_dir: DataDir = None,
    host: Annotated[str | None, typer.Option(help="A loopback address.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535)] = None,
) -> None:
    """Serve the HTTP API on a loopback address."""
    settings = _settings(data_dir)
    address = host or settings.host
    if not _loopback(address):
        _fail(f"只能监听本机地址: {address} 不是。身份以请求头为准, 不得离开本机。")
    with open_house(settings) as house:
        chosen = settings.port if port is None else port
        _where_to_look(house, address, chosen)
        uvicorn.run(
            create_app(house),
            host=address,
            port=chosen,
            loop="uvloop",
            http="httptools",
            access_log=False,
            log_level="warning",
            # An open event stream must not hold the service up.
            timeout_graceful_shutdown=5,
        )


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _where_to_look(house: House, host: str, port: int) -> None:
    """Calls to copy: the whole year's end for a simulated log, today for an office's own."""
    opened = house.registry.log_opened()
    ended = simulated_now(opened) if opened is not None else None
    on = f"&on={ended.astimezone(SHANGHAI).date()}" if ended else ""
    if opened is not None and opened.simulated:
        out.print(f"演示数据（非办公记录）: {opened.remark}", style="yellow")
    out.print("先看这里 / look here first:", style="bold")
    for path, what in (
        (f"/api/v1/cases?limit=5{on}", "办件列表 cases"),
        (f"/api/v1/timeliness?{on.removeprefix('&')}", "时效汇总 timeliness by unit and month"),
        ("/api/v1/events?after=0&limit=5", "事件流 the log as a feed"),
        ("/api/v1/openapi.json", "接口说明 the API"),
        ("/readyz", "服务状态 readiness"),
    ):
        call = f"curl -H 'X-Actor: auditor01' -H 'X-Role: AUDITOR' 'http://{host}:{port}{path}'"
        out.print(f"  {call}  # {what}", highlight=False, soft_wrap=True)


@gk.command()
def demo(
    data_dir: DemoDir = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="A published annual report (JSON).")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same log.")] = DEFAULT_SEED,
) -> None:
    """Live a published year case by case and compare its statutory tables cell by cell."""
    raise SystemExit(run_demo(report, data_dir or _demo_dir(report), seed, out))


def _demo_dir(report: Path | None) -> Path:
    """A directory of its own for each report, so that no two simulated years meet."""
    return Path(f"gk-demo-{report.stem}" if report else "gk-demo")


def _case(house: House, name: str) -> tuple[UUID, Case]:
    """The case by number or id; says so and stops where there is none."""
    house.projections.catch_up()
    try:
        case_id: UUID | None = UUID(name)
    except ValueError:
        case_id = house.queries.case_id_of(name)
    case = house.registry.load(case_id) if case_id else None
    if case_id is None or case is None:
        _fail(f"没有这一办件: {name}")
    return case_id, case


@gk.command()
def history(case: CaseName, data_dir: DataDir = None) -> None:
    """Print every event of a case: when it was recorded, by whom, and the status after it."""
    with open_house(_settings(data_dir)) as house:
        case_id, found = _case(house, case)
        table = Table(title=f"{found.number} {LABELS[found.status]}")
        for column in ("版本", "记录时间", "经办", "事件", "内容", "状态"):
            # Folded, never cut: a replay shows every character of an event.
            table.add_column(column, overflow="fold")
        grown: Case | None = None
        for row in house.registry.history(case_id):
            grown = evolve(grown, row.recorded.event, row.stamp)
            at = row.stamp.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
            content = msgspec.json.encode(row.event).decode()
            who = f"{row.stamp.actor} {row.stamp.role.value}"
            table.add_row(str(row.version), at, who, row.topic, content, LABELS[grown.status])
        out.print(table)


@gk.command()
def deadlines(case: CaseName, data_dir: DataDir = None, on: Day = None) -> None:
    """Print every limit of a case, each day counted or skipped with its reason."""
    with open_house(_settings(data_dir)) as house:
        _, found = _case(house, case)
        day = on.date() if on else _today()
        calendar = house.registry.calendar()
        for one in deadlines_of(found.life, found.appeals, calendar, house.policy, day):
            out.print(_explained(house, one, day))


def _explained(house: House, deadline: Deadline, day: date) -> Table:
    calendar = house.registry.calendar()
    stand = standing(deadline, day, calendar)
    left = f"超期{stand.days_late}日" if stand.late else f"剩余{stand.days_left}日"
    due = "待定" if deadline.due is None else deadline.due.isoformat()
    kind = "暂定" if deadline.provisional else "确定"
    table = Table(
        title=f"{deadline.name} {due}（{kind}） {deadline.article} {day}: {left}", show_lines=False
    )
    for column in ("日期", "计数", "原因", "依据"):
        table.add_column(column)
    for line in explain(deadline, calendar):
        counted = "" if line.counted is None else str(line.counted)
        table.add_row(line.day.isoformat(), counted, line.reason, line.article)
    return table


@gk.command()
def rebuild(data_dir: DataDir = None) -> None:
    """Build all projections anew beside the live ones, then swap."""
    with open_house(_settings(data_dir)) as house, _progress() as progress:
        task = progress.add_task("重建投影", total=house.registry.last_position())
        house.projections.rebuild(lambda done: progress.update(task, completed=done))
    out.print("投影已重建")


@gk.command()
def verify(data_dir: DataDir = None) -> None:
    """Prove that rebuilt equals live, row by row; exit code 1 where it does not."""
    with open_house(_settings(data_dir)) as house, _progress() as progress:
        house.projections.catch_up()
        task = progress.add_task("核对投影", total=None)
        report = house.projections.verify(lambda done: progress.update(task, completed=done))
    for difference in report.differences:
        out.print(str(difference), highlight=False)
    out.print(f"核对办件 {report.cases} 件, 差异 {len(report.differences)} 处")
    if report.differences:
        raise SystemExit(1)


@gk.command(name="sweep")
def sweep_command(data_dir: DataDir = None) -> None:
    """Record lapses and deemed abandonments, and remind of what falls due; safe to run twice."""
    with open_house(_settings(data_dir)) as house:
        done = house.sweep()
    out.print(
        f"{done.day}: 巡检{done.cases}件, 征求意见逾期{done.lapses}, "
        f"视为放弃{done.abandonments}, 预警{done.reminders}"
    )


@calendar_commands.command(name="list")
def calendar_list(data_dir: DataDir = None) -> None:
    """List the notices that the log knows."""
    with open_house(_settings(data_dir)) as house:
        table = Table(title="放假安排通知")
        for column in ("文号", "年份", "发布日期", "登记时间"):
            table.add_column(column)
        for notice, stamp in house.registry.notices_with_record_time():
            at = stamp.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
            table.add_row(notice.reference, str(notice.year), notice.published_on.isoformat(), at)
        out.print(table)


@calendar_commands.command(name="preview")
def calendar_preview(file: Path, data_dir: DataDir = None) -> None:
    """Show which open cases a notice would move, without publishing it."""
    with open_house(_settings(data_dir)) as house:
        _show_affected(house, _checked(house, load_notice(file)))


@calendar_commands.command(name="publish")
def calendar_publish(
    file: Path,
    data_dir: DataDir = None,
    actor: Annotated[str, typer.Option(help="Who publishes it.")] = "gk-calendar",
) -> None:
    """Publish a notice: an event, after which the affected cases are reckoned anew."""
    with open_house(_settings(data_dir)) as house:
        notice = load_notice(file)
        if any(notice == known for known, _ in house.registry.notices_with_record_time()):
            out.print(f"{notice.reference} 已经发布, 没有变化")
            return
        _show_affected(house, _checked(house, notice))
        house.registry.publish_notice(notice, Stamp(record_time(), actor, Role.ADMIN))
        house.projections.catch_up()
        out.print(f"{notice.reference} 已发布")


def _checked(house: House, notice: Notice) -> Notice:
    found = conflicts(notice, house.registry.calendar())
    if found:
        _fail("\n".join(found))
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


@export_commands.command(name="log")
def export_log(
    output: Annotated[Path, typer.Option(help="Where to write JSON lines.")],
    data_dir: DataDir = None,
) -> None:
    """Write the whole log as JSON lines, each event as it is stored."""
    with open_house(_settings(data_dir)) as house, _progress() as progress:
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


@export_commands.command(name="openapi")
def export_openapi(
    output: Annotated[Path, typer.Option(help="Where to write the JSON.")],
) -> None:
    """Write the API's OpenAPI description."""

    output.parent.mkdir(parents=True, exist_ok=True)
    text = msgspec.json.format(msgspec.json.encode(openapi()), indent=2)
    output.write_bytes(text + b"\n")
    out.print(f"已写入 {output}")


@gk.command(name="diagrams")
def diagrams_command(
    root: Annotated[Path, typer.Option(help="The project's root.")] = Path(),
) -> None:
    """Redraw diagrams/ and the permission table from the code."""
    diagrams.write_all(root)
    out.print("diagrams/ 已重绘")

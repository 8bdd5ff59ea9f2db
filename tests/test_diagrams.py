"""The drawings say what the code says, are up to date and legible; how pretty they are is for eyes."""

import re
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest
from transitions import Machine

from gk_workflow.core.terms import ROLE_NAMES, Role
from gk_workflow.core.workflow import (
    APPEAL_MACHINE,
    APPEAL_STEPS,
    LABELS,
    MACHINE,
    STEPS,
    AppealStatus,
    AppealStep,
    Phase,
    Status,
    Step,
    permitted,
)
from gk_workflow.diagrams import draw, write_all
from gk_workflow.diagrams.board import (
    START,
    Board,
    Caption,
    Row,
    appeals_board,
    board,
    request_board,
    rows_of,
)
from gk_workflow.diagrams.modules import ModuleGraph, read_modules
from gk_workflow.diagrams.modules_svg import modules_svg
from gk_workflow.diagrams.permissions import permissions_table
from gk_workflow.diagrams.placing import lay_out
from gk_workflow.diagrams.routing import Area, Lattice
from gk_workflow.diagrams.svg import text_width, wrapped

ROOT = Path(__file__).parents[1]
DRAWN = draw(ROOT)
SVGS = sorted(path for path in DRAWN if path.suffix == ".svg")
MERMAIDS = sorted(path for path in DRAWN if path.suffix == ".mmd")
BOARDS = [request_board(), appeals_board()]
STEPS_OF: dict[str, tuple[Step | AppealStep, ...]] = {"request": STEPS, "appeals": APPEAL_STEPS}
MACHINE_OF: dict[str, Machine] = {"request": MACHINE, "appeals": APPEAL_MACHINE}
LATER = date(2100, 1, 1)
"""After all retirements: what `permitted` says then is what is in force."""
SVG = "{http://www.w3.org/2000/svg}"
ARROW = re.compile(r'  (\w+) -->(?:\|"([^"]+)"\|)? (\w+)')
NODE = re.compile(r'    (\w+)(?:\["([^"]+)"\]|\[/"([^"]+)"/\]|\(\( \)\))')


def names(value: object) -> str:
    """How a parametrized case is named."""
    return value.name if isinstance(value, Board | Path) else str(value)


def texts(drawing: str) -> list[ElementTree.Element]:
    """All lines of text in an SVG."""
    return list(ElementTree.fromstring(drawing).iter(f"{SVG}text"))


def svg_of(one: Board) -> str:
    """The drawing of a board."""
    return DRAWN[Path("diagrams") / f"{one.name}.svg"]


def mermaid_of(one: Board) -> str:
    """The Mermaid text of a board."""
    return DRAWN[Path("diagrams") / f"{one.name}.mmd"]


def area_of_text(element: ElementTree.Element) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a line of text, its height a little reduced."""
    size = float(element.attrib["font-size"])
    width = text_width(element.text or "", size)
    left = float(element.attrib["x"]) - width / 2 * (element.attrib["text-anchor"] == "middle")
    base = float(element.attrib["y"])
    return left, base - size * 0.85, left + width, base + size * 0.15


@pytest.mark.parametrize("path", sorted(DRAWN), ids=names)
def test_no_checked_in_drawing_is_stale(path: Path) -> None:
    checked_in = (ROOT / path).read_text(encoding="utf-8")
    assert checked_in == DRAWN[path], "run `make diagrams`"


def test_drawing_twice_gives_the_same() -> None:
    assert draw(ROOT) == DRAWN


def test_every_file_says_that_it_is_generated_and_by_which_command() -> None:
    firsts = {path: content.splitlines()[0] for path, content in DRAWN.items()}
    assert [path for path, line in firsts.items() if "GENERATED" not in line] == []
    assert [path for path, line in firsts.items() if "`gk diagrams`" not in line] == []


def test_all_files_are_written_below_the_root(tmp_path: Path) -> None:
    package = tmp_path / "src" / "gk_workflow"
    package.mkdir(parents=True)
    (package / "app.py").write_text("import core\n", encoding="utf-8")
    write_all(tmp_path)
    written = {path: (tmp_path / path).read_text(encoding="utf-8") for path in DRAWN}
    assert written == draw(tmp_path)


def test_a_folder_that_is_no_checkout_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="is not a checkout"):
        draw(tmp_path)


@pytest.mark.parametrize("one", BOARDS, ids=names)
def test_every_step_and_its_article_are_in_the_mermaid_text(one: Board) -> None:
    shown = mermaid_of(one)
    missing = [
        row.label
        for row in STEPS_OF[one.name]
        if f"{row.label} {row.article.replace(';', '；')}" not in shown
    ]
    assert missing == []


@pytest.mark.parametrize("one", BOARDS, ids=names)
def test_every_step_and_its_article_can_be_read_in_the_svg(one: Board) -> None:
    lines = (element.text or "" for element in texts(svg_of(one)))
    shown = re.sub(r"\s", "", "".join(lines))
    wanted = [re.sub(r"\s", "", row.label + row.article) for row in STEPS_OF[one.name]]
    assert [step for step in wanted if step not in shown] == []


@pytest.mark.parametrize("one", BOARDS, ids=names)
def test_every_status_is_a_box_in_the_lane_of_its_phase(one: Board) -> None:
    statuses = Status if one.name == "request" else AppealStatus
    keys = {node.key for node in one.nodes}
    assert [status for status in statuses if status.value not in keys] == []
    assert [lane.value for lane in one.lanes] == (
        [phase.value for phase in Phase] if one.name == "request" else ["appeal"]
    )


@pytest.mark.parametrize("one", BOARDS, ids=names)
def test_the_arrows_are_those_of_the_machine(one: Board) -> None:
    members = {node.key: node.members for node in one.nodes if node.members}
    keys = {LABELS[status]: status.value for status in (*Status, *AppealStatus)}
    drawn: set[tuple[str, str]] = set()
    for source, _, target in ARROW.findall(mermaid_of(one)):
        sources = [keys[label] for label in members[source]] if source in members else [source]
        drawn |= {(name, target) for name in sources if name != START}
    known = {status.value for status in (Status if one.name == "request" else AppealStatus)}
    moves = {
        (str(arrow.source), str(arrow.dest))
        for arrow in MACHINE_OF[one.name].get_transitions()
        if arrow.source != arrow.dest
    }
    assert {ends for ends in drawn if ends[1] in known} == moves


@pytest.mark.parametrize("path", MERMAIDS, ids=names)
def test_mermaid_declares_each_id_once_and_uses_only_declared_ones(path: Path) -> None:
    lines = DRAWN[path].splitlines()
    nodes = [found[1] for line in lines if (found := NODE.fullmatch(line))]
    ends = {end for line in lines if (found := ARROW.fullmatch(line)) for end in found.group(1, 3)}
    assert sorted(set(nodes)) == sorted(nodes)
    assert sorted(ends - set(nodes)) == []
    assert [node for node in nodes if node.lower() in {"end", "graph", "subgraph"}] == []


@pytest.mark.parametrize("path", MERMAIDS, ids=names)
def test_mermaid_has_only_the_few_forms_of_lines_that_we_write(path: Path) -> None:
    forms = [
        re.compile(form)
        for form in (
            r"%% .*",
            r"flowchart TB",
            r"  accTitle: .+",
            r'  subgraph \w+\["[^"]+"\]',
            r"  end",
            r'  (EVERYWHERE|REMARK)\["[^"]+"\]',
        )
    ]
    forms += [ARROW, NODE]
    lines = DRAWN[path].splitlines()
    assert [line for line in lines if not any(form.fullmatch(line) for form in forms)] == []


@pytest.mark.parametrize("path", SVGS, ids=names)
def test_an_svg_is_well_formed_and_can_be_read_aloud(path: Path) -> None:
    root = ElementTree.fromstring(DRAWN[path])
    labels = [root.find(f"{SVG}*[@id='{name}']") for name in root.attrib["aria-labelledby"].split()]
    assert root.tag == f"{SVG}svg"
    assert root.attrib["role"] == "img"
    assert [label is not None and bool(label.text) for label in labels] == [True, True]
    assert [element.tag for element in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
    assert list(root.iter(f"{SVG}script")) == []
    assert "prefers-color-scheme: dark" in DRAWN[path]


@pytest.mark.parametrize("path", SVGS, ids=names)
def test_no_two_lines_of_text_overlap(path: Path) -> None:
    shown = [(element.text, area_of_text(element)) for element in texts(DRAWN[path])]
    overlapping = [
        (one, other)
        for (one, a), (other, b) in combinations(shown, 2)
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]
    assert overlapping == []


@pytest.mark.parametrize("path", SVGS, ids=names)
def test_all_text_is_on_the_page(path: Path) -> None:
    root = ElementTree.fromstring(DRAWN[path])
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    outside = [
        element.text
        for element in texts(DRAWN[path])
        for left, top, right, bottom in [area_of_text(element)]
        if left < 0 or top < 0 or right > width or bottom > height
    ]
    assert outside == []


@pytest.mark.parametrize("one", BOARDS, ids=names)
def test_lines_never_run_on_each_other_nor_through_boxes_and_captions(one: Board) -> None:
    layout = lay_out(one)
    runs = {ends: {frozenset(pair) for pair in pairwise(way)} for ends, way in layout.ways.items()}
    shared = [(a, b) for a, b in combinations(runs, 2) if runs[a] & runs[b]]
    boxes = {point for area in layout.areas.values() for point in area.points()}
    through = [ends for ends, way in layout.ways.items() if boxes & set(way[1:-1])]
    hidden = [
        (ends, other)
        for ends, way in layout.ways.items()
        for other, label in layout.labels.items()
        if other != ends and set(label.area.points()) & set(way)
    ]
    assert (shared, through, hidden) == ([], [], [])


def test_a_status_without_a_place_of_its_own_is_drawn_below_the_others() -> None:
    rows = [
        Row((), Status.SUBMITTED, Caption("提交", "条例29"), (Role.CLERK,)),
        Row((Status.SUBMITTED,), Status.RECEIVED, Caption("收到", "条例31"), (Role.CLERK,)),
        Row((Status.RECEIVED,), Status.ARCHIVED, Caption("归档", "条例45"), (Role.CLERK,)),
    ]
    lanes = dict.fromkeys(("SUBMITTED", "RECEIVED", "ARCHIVED"), Phase.ACCEPT)
    layout = lay_out(board("new", "新流程", rows, lanes))
    assert sorted(layout.ways) == [
        ("RECEIVED", "ARCHIVED"),
        (START, "SUBMITTED"),
        ("SUBMITTED", "RECEIVED"),
    ]


def test_a_box_that_is_walled_in_has_no_way_out() -> None:
    lattice = Lattice(30, 30)
    inner, outer = Area(10, 10, 14, 14), Area(22, 22, 26, 26)
    for area in (inner, outer, *wall(inner)):
        lattice.place(area)
    assert lattice.route(inner, outer) is None


def wall(area: Area) -> tuple[Area, ...]:
    """Four areas two points away from one."""
    left, top, right, bottom = area.left - 2, area.top - 2, area.right + 2, area.bottom + 2
    return (
        Area(left, top, right, top),
        Area(left, bottom, right, bottom),
        Area(left, top, left, bottom),
        Area(right, top, right, bottom),
    )


def test_a_retired_step_keeps_its_arrow_and_says_since_when() -> None:
    gone = msgspec.structs.replace(STEPS[0], retired_on=date(2030, 5, 1))
    assert [row.caption.label for row in rows_of([gone])] == ["提交登记（2030-05-01起停用）"]
    page = permissions_table((gone, *STEPS[1:]), APPEAL_STEPS)
    assert page.endswith("## Retired\n\n- 提交登记 `OpenCase`（条例29、45）: since 2030-05-01\n")


def test_long_articles_break_after_commas_and_never_inside_brackets() -> None:
    assert wrapped("行政复议法64、行诉法70", 10, 80) == ["行政复议法64、", "行诉法70"]
    assert wrapped("国办公开办函〔2016〕235号", 10, 80) == ["国办公开办函", "〔2016〕235号"]


def cells(page: str) -> dict[tuple[str, str], set[Role]]:
    """The roles by command and column of all tables of the page."""
    marks = {name[0]: role for role, name in ROLE_NAMES.items()}
    found: dict[tuple[str, str], set[Role]] = {}
    columns: list[str] = []
    for line in page.splitlines():
        values = [value.strip() for value in line.strip("|").split(" | ")]
        if line.startswith("| command |"):
            columns = [re.sub(r".*`(\w+)`", r"\1", value) for value in values[2:]]
        elif columns and (command := re.search(r"`(\w+)` \|", line)):
            for column, value in zip(columns, values[2:], strict=True):
                found[command[1], column] = {marks[mark] for mark in value.strip("| ")}
    return found


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("status", [None, *Status])
def test_the_permission_table_says_what_permitted_says(status: Status | None, role: Role) -> None:
    table = cells(DRAWN[Path("docs/permissions.md")])
    on_appeals = {row.command.__name__ for row in APPEAL_STEPS}
    column = status.value if status else "—"
    shown = {name for (name, where), roles in table.items() if where == column and role in roles}
    may = {command.__name__ for command in permitted(role, status, LATER)}
    assert shown - on_appeals == may - on_appeals


def test_the_permission_table_names_every_command() -> None:
    shown = {command for command, _ in cells(DRAWN[Path("docs/permissions.md")])}
    rows: tuple[Step | AppealStep, ...] = (*STEPS, *APPEAL_STEPS)
    assert shown == {row.command.__name__ for row in rows}


def package(root: Path, files: dict[str, str]) -> ModuleGraph:
    """The graph of a small package."""
    for name, code in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, encoding="utf-8")
    return read_modules(root)


def test_all_forms_of_import_are_read(tmp_path: Path) -> None:
    graph = package(
        tmp_path,
        {
            "__init__.py": "",
            "core/__init__.py": "",
            "core/law.py": "import datetime\nimport msgspec",
            "core/case.py": "from gk_workflow.core import law",
            "core/decide/__init__.py": "from gk_workflow.core.decide.reply import served",
            "core/decide/reply.py": "from ..case import Case\nfrom .. import law",
            "store.py": "import sqlalchemy.orm\nfrom .core.case import Case",
            "app.py": "import gk_workflow.store\nfrom . import store\nfrom gk_workflow import core",
        },
    )
    assert graph.imports == {
        "core.law": frozenset(),
        "core.case": {"core.law"},
        "core.decide": {"core.case", "core.law"},
        "store": {"core.case"},
        "app": {"store"},
    }
    assert graph.own_libraries("store") == ("sqlalchemy",)
    assert graph.reduced() == (
        ("app", "store"),
        ("core.case", "core.law"),
        ("core.decide", "core.case"),
        ("store", "core.case"),
    )
    assert graph.layers() == (("app",), ("store",), ("core.decide",), ("core.case",), ("core.law",))


def test_a_circle_of_imports_is_drawn_and_not_dropped(tmp_path: Path) -> None:
    graph = package(tmp_path, {"one.py": "from . import two", "two.py": "from . import one"})
    assert graph.reduced() == (("one", "two"), ("two", "one"))
    assert modules_svg(graph).count('class="head"') == 2


def test_the_shell_stands_above_the_core_and_arrows_point_down() -> None:
    graph = read_modules(ROOT / "src" / "gk_workflow")
    level = {name: place for place, layer in enumerate(graph.layers()) for name in layer}
    upwards = [ends for ends in graph.reduced() if level[ends[0]] >= level[ends[1]]]
    shell = [level[name] for name in graph.names if graph.group(name) == "shell"]
    core = [level[name] for name in graph.names if graph.group(name) == "core"]
    assert upwards == []
    assert max(shell) < min(core)


def test_arrows_left_out_of_the_module_graph_follow_from_those_drawn() -> None:
    graph = read_modules(ROOT / "src" / "gk_workflow")
    drawn = {name: frozenset(b for a, b in graph.reduced() if a == name) for name in graph.names}
    reduced = ModuleGraph(drawn, graph.libraries)
    assert [name for name in graph.names if reduced.reached(name) != graph.reached(name)] == []

"""Boards and the module graph as Mermaid flowcharts; layout is left to whoever shows them."""

from __future__ import annotations

from gk_workflow.core.workflow import PHASE_NAMES
from gk_workflow.diagrams.board import START, Arrow, Board, Caption, Node
from gk_workflow.diagrams.modules import GROUP_NAMES, ModuleGraph


def board_mermaid(board: Board) -> str:
    """The board, one subgraph per phase, the article on every arrow."""
    lines = ["flowchart TB", f"  accTitle: {board.title}"]
    for lane in board.lanes:
        lines.append(f'  subgraph {lane.value}["{PHASE_NAMES[lane]}"]')
        lines += [f"    {_node(node)}" for node in board.nodes if node.lane is lane]
        lines.append("  end")
    lines += [f"  {_arrow(arrow)}" for arrow in board.arrows]
    if board.everywhere:
        rows = [f"{_caption(one.caption)}：{'、'.join(one.statuses)}" for one in board.everywhere]
        lines.append(f'  EVERYWHERE["{_escaped(["不改变状态的步骤：", *rows])}"]')
    lines.append(f'  REMARK["{_escaped([board.remark])}"]')
    return "\n".join(lines) + "\n"


def modules_mermaid(graph: ModuleGraph) -> str:
    """The module graph; an arrow points at what is imported."""
    lines = ["flowchart TB", "  accTitle: gk_workflow 模块图"]
    for group in graph.groups():
        lines.append(f'  subgraph group_{group}["{GROUP_NAMES[group]}"]')
        lines += [
            f'    {_module_id(name)}["{_escaped([graph.label(name), *graph.own_libraries(name)])}"]'
            for name in graph.names
            if graph.group(name) == group
        ]
        lines.append("  end")
    lines += [f"  {_module_id(one)} --> {_module_id(other)}" for one, other in graph.reduced()]
    return "\n".join(lines) + "\n"


def _node(node: Node) -> str:
    if node.key == START:
        return f"{START}(( ))"
    if node.members:
        return f'{node.key}[/"{_escaped([node.name + "：", "、".join(node.members)])}"/]'
    stays = [f"↻ {_caption(one)}" for one in node.stays]
    return f'{node.key}["{_escaped([f"{node.name} {node.key}", *stays])}"]'


def _arrow(arrow: Arrow) -> str:
    text = _escaped([_caption(one) for one in arrow.captions])
    return f'{arrow.source} -->|"{text}"| {arrow.target}'


def _caption(caption: Caption) -> str:
    return f"{caption.label} {caption.article}"


def _module_id(name: str) -> str:
    return f"module_{name.replace('.', '_')}"


_FULL_WIDTH = str.maketrans({";": "；", "&": "＆", '"': "＂", "<": "＜", ">": "＞", "#": "＃"})


def _escaped(lines: list[str]) -> str:
    """Text that may stand in quotes: what Mermaid would read as syntax is written full width."""
    return "<br/>".join(line.translate(_FULL_WIDTH) for line in lines)

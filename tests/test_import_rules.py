"""Keeps the core pure and each module in its place, where import-linter cannot look; runs nothing.

import-linter (pyproject.toml) sees which module imports which. What it cannot see is read from the
syntax trees here: which *names* the core uses, and that its list of allowed libraries is closed.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import gk_workflow

SOURCE = Path(gk_workflow.__file__).parent
ROOT = "gk_workflow"

LIBRARIES_OF_THE_CORE = {"transitions", "msgspec"}
# Each of these would make a replay come out differently tomorrow or on another machine.
CLOSED_TO_THE_CORE = {
    "asyncio",
    "builtins",
    "ctypes",
    "importlib",
    "io",
    "locale",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "platform",
    "random",
    "secrets",
    "shutil",
    "socket",
    "sqlite3",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "urllib",
}
CLOCKS_AND_CHANCE = {"now", "today", "utcnow", "fromtimestamp", "getnode", "uuid1", "uuid4"}
MACHINE = {"open", "print", "input", "exec", "eval", "compile", "__import__", "breakpoint"}

# (module or package, the only ones that may import it)
ONLY_IMPORTED_BY = [
    (f"{ROOT}.api", {f"{ROOT}.app"}),
    (f"{ROOT}.web", {f"{ROOT}.app"}),
    (f"{ROOT}.app", {f"{ROOT}.cli", f"{ROOT}.__main__"}),
    (f"{ROOT}.cli", {f"{ROOT}.__main__"}),
    ("eventsourcing", {f"{ROOT}.registry"}),
    ("cryptography", {f"{ROOT}.keys"}),
    ("pwdlib", {f"{ROOT}.people"}),
]
# (module or package, the only ones of ours it may import)
ONLY_IMPORTS = [
    (f"{ROOT}.core", {f"{ROOT}.core"}),
    (f"{ROOT}.projections", {f"{ROOT}.core", f"{ROOT}.registry", f"{ROOT}.transactions"}),
    (f"{ROOT}.keys", set()),
    (f"{ROOT}.people", {f"{ROOT}.core", f"{ROOT}.transactions"}),
    (f"{ROOT}.transactions", set()),
]


def module_name(path: Path) -> str:
    """The dotted name of the module kept in `path`."""
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST, module: str, *, package: bool = False) -> Iterator[str]:
    """Yield the dotted name of everything `module` imports, relative imports made absolute."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            climbed = node.level - 1 if package else node.level
            parents = module.split(".")[: -climbed or None] if node.level else []
            origin = ".".join([*parents, *([node.module] if node.module else [])])
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def within(name: str, packages: set[str]) -> bool:
    """Whether `name` is one of `packages` or lies in one of them."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def foreign_imports_of_core(tree: ast.AST, module: str, *, package: bool = False) -> list[str]:
    """Imports that the core may not have: no closed list is complete, so this one is open."""
    allowed = (sys.stdlib_module_names - CLOSED_TO_THE_CORE) | LIBRARIES_OF_THE_CORE
    return [
        name
        for name in imports(tree, module, package=package)
        if not within(name, {f"{ROOT}.core"}) and name.partition(".")[0] not in allowed
    ]


def impure_names(tree: ast.AST) -> list[str]:
    """Uses of the clock, of chance and of the machine, as `name:line`.

    A parameter or a field may be called `today`; reading the attribute of that name off `date` or
    `datetime`, or calling it, may not happen.
    """
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Attribute(attr=name) if name in CLOCKS_AND_CHANCE:
                    found.append(f"{name}:{node.lineno}")
                case ast.Name(id=name) if name in CLOCKS_AND_CHANCE | MACHINE:
                    found.append(f"{name}:{node.lineno}")
        elif (
            isinstance(node, ast.Attribute)
            and node.attr in CLOCKS_AND_CHANCE
            and isinstance(node.value, ast.Name | ast.Attribute)
            and ast.unparse(node.value).split(".")[-1] in {"date", "datetime", "uuid"}
        ):
            found.append(f"{node.attr}:{node.lineno}")
        elif isinstance(node, ast.ImportFrom) and node.module == "uuid":
            found += [f"{a.name}:{node.lineno}" for a in node.names if a.name in CLOCKS_AND_CHANCE]
    return sorted(set(found))


def sources(folder: Path = SOURCE) -> list[Path]:
    """All Python files under `folder`, in a fixed order."""
    return sorted(folder.rglob("*.py"))


def ids(path: Path) -> str:
    """How a test names the file it looked at."""
    return module_name(path)


def parsed(path: Path) -> ast.Module:
    """The syntax tree of the file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported_by(path: Path) -> set[str]:
    """Everything the file imports."""
    return set(imports(parsed(path), module_name(path), package=path.stem == "__init__"))


@pytest.mark.parametrize("path", sources(SOURCE / "core"), ids=ids)
def test_the_core_imports_only_the_standard_library_transitions_and_msgspec(path: Path) -> None:
    package = path.stem == "__init__"
    assert foreign_imports_of_core(parsed(path), module_name(path), package=package) == []


@pytest.mark.parametrize("path", sources(SOURCE / "core"), ids=ids)
def test_the_core_never_asks_the_clock_chance_or_the_machine(path: Path) -> None:
    assert impure_names(parsed(path)) == []


@pytest.mark.parametrize(("guarded", "importers"), ONLY_IMPORTED_BY)
def test_a_guarded_module_is_imported_only_by_its_one_user(
    guarded: str, importers: set[str]
) -> None:
    offenders = [
        module_name(path)
        for path in sources()
        if any(within(name, {guarded}) for name in imported_by(path))
        and not within(module_name(path), importers | {guarded})
    ]
    assert offenders == []


@pytest.mark.parametrize(("importer", "allowed"), ONLY_IMPORTS)
def test_a_pure_or_derived_module_imports_nothing_of_ours_beyond_its_sources(
    importer: str, allowed: set[str]
) -> None:
    offenders = [
        f"{module_name(path)} -> {name}"
        for path in sources()
        if within(module_name(path), {importer})
        for name in sorted(imported_by(path))
        if within(name, {ROOT}) and not within(name, allowed | {importer})
    ]
    assert offenders == []


@pytest.mark.parametrize(
    "line",
    [
        "import os",
        "import os.path",
        "from random import choice",
        "import sqlalchemy",
        "from eventsourcing.application import Application",
        "from gk_workflow.registry import Registry",
        "from gk_workflow import registry",
        "from .. import registry",
        "from ..settings import Settings",
    ],
)
def test_a_foreign_import_in_the_core_would_be_seen(line: str) -> None:
    assert foreign_imports_of_core(ast.parse(line), f"{ROOT}.core.clock") != []


@pytest.mark.parametrize(
    "line",
    [
        "import datetime as dt",
        "from typing import assert_never",
        "import msgspec",
        "from transitions import Machine",
        "from gk_workflow.core.law import Limit",
        "from . import law",
        "from .law import Limit",
    ],
)
def test_a_lawful_import_in_the_core_is_left_alone(line: str) -> None:
    assert foreign_imports_of_core(ast.parse(line), f"{ROOT}.core.clock") == []


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now()",
        "dt.datetime.now(tz=UTC)",
        "date.today()",
        "datetime.datetime.utcnow()",
        "field(default_factory=date.today)",
        "msgspec.field(default_factory=uuid.uuid4)",
        "from uuid import uuid4",
        "uuid4()",
        "datetime.fromtimestamp(0)",
        "open('law.toml')",
        "print(case)",
    ],
)
def test_an_impure_name_in_the_core_would_be_seen(line: str) -> None:
    assert impure_names(ast.parse(line)) != []


@pytest.mark.parametrize(
    "line",
    [
        "def due(today: date) -> date: return today",
        "stamp.today",
        "UUID('00000000-0000-0000-0000-000000000000')",
        "uuid5(NAMESPACE, 'case')",
        "date.fromisoformat('2023-01-03')",
    ],
)
def test_days_that_come_in_as_arguments_are_left_alone(line: str) -> None:
    assert impure_names(ast.parse(line)) == []

"""Which of our modules imports which, read off the syntax trees; it never runs what it reads."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import gk_workflow

PACKAGE = gk_workflow.__name__
CORE = "core"
SHELL = "shell"
GROUP_NAMES = {SHELL: "外壳", CORE: "核心"}


@dataclass(frozen=True)
class ModuleGraph:
    """Modules by name (those of the core as ``core.x``), and what each one imports."""

    imports: dict[str, frozenset[str]]
    libraries: dict[str, tuple[str, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """All modules, in a fixed order."""
        return tuple(sorted(self.imports))

    def groups(self) -> tuple[str, ...]:
        """The boxes in which modules stand, the upper one first."""
        found = {self.group(name) for name in self.names}
        return tuple(group for group in (SHELL, CORE) if group in found)

    def group(self, name: str) -> str:
        """The core or the shell around it."""
        return CORE if name.startswith(f"{CORE}.") else SHELL

    def label(self, name: str) -> str:
        """A module's name inside its box."""
        return name.removeprefix(f"{CORE}.")

    @property
    def common_libraries(self) -> frozenset[str]:
        """Libraries that more than half of the modules use: not worth naming in each box."""
        used = [library for libraries in self.libraries.values() for library in libraries]
        return frozenset(one for one in used if 2 * used.count(one) > len(self.names))

    def own_libraries(self, name: str) -> tuple[str, ...]:
        """The libraries that tell a module from the others."""
        return tuple(one for one in self.libraries[name] if one not in self.common_libraries)

    def reached(self, name: str) -> frozenset[str]:
        """All that a module imports, directly or through others."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            new = self.imports[waiting.pop()] - found
            found |= new
            waiting += new
        return frozenset(found)

    def reduced(self) -> tuple[tuple[str, str], ...]:
        """The arrows that do not follow from others; those of a circle all stay."""
        reached = {name: self.reached(name) for name in self.names}
        return tuple(
            (name, other)
            for name in self.names
            for other in sorted(self.imports[name])
            if not any(
                other in reached[between] and name not in reached[between]
                for between in self.imports[name] - {other}
            )
        )

    def layers(self) -> tuple[tuple[str, ...], ...]:
        """Rows from top to bottom: a module stands above all it imports, the shell above the core.

        In a circle of imports the first by name stands highest.
        """
        height: dict[str, int] = {}
        for name in self.names:
            self._measure(name, height, frozenset())
        floor = 1 + max((height[one] for one in self.names if self.group(one) == CORE), default=-1)
        level = {one: height[one] + floor * (self.group(one) == SHELL) for one in self.names}
        self._raise_leaves(level)
        return tuple(
            tuple(name for name in self.names if level[name] == here)
            for here in sorted(set(level.values()), reverse=True)
        )

    def _raise_leaves(self, level: dict[str, int]) -> None:
        """Put what imports none of ours right below its lowest importer, if that is of its group."""
        for name in self.names:
            importers = [level[one] for one in self.names if name in self.imports[one] - {one}]
            if importers and not self.imports[name] and self.group(name) == SHELL:
                level[name] = min(importers) - 1

    def _measure(self, name: str, height: dict[str, int], path: frozenset[str]) -> int:
        """The length of the longest chain of imports below a module, inside its own group."""
        if name not in height:
            below = [
                self._measure(other, height, path | {name})
                for other in sorted(self.imports[name] - path - {name})
                if self.group(other) == self.group(name)
            ]
            height[name] = 1 + max(below, default=-1)
        return height[name]


def read_modules(source: Path) -> ModuleGraph:
    """The graph of the package whose folder is ``source``."""
    files = {path: _parts(path, source) for path in sorted(source.rglob("*.py"))}
    names = {name for parts in files.values() if (name := _name(parts))}
    imports: dict[str, set[str]] = {name: set() for name in names}
    libraries: dict[str, set[str]] = {name: set() for name in names}
    for path, parts in files.items():
        name = _name(parts)
        if not name:
            continue
        package = parts if path.stem == "__init__" else parts[:-1]
        for imported in _imported(path, package):
            root = imported.partition(".")[0]
            other = _name(tuple(imported.split(".")[1:])) if root == PACKAGE else ""
            if other in names and other != name:
                imports[name].add(other)
            elif root != PACKAGE and root not in sys.stdlib_module_names:
                libraries[name].add(root)
    return ModuleGraph(
        {name: frozenset(found) for name, found in imports.items()},
        {name: tuple(sorted(found)) for name, found in libraries.items()},
    )


def _parts(path: Path, source: Path) -> tuple[str, ...]:
    """The dotted name below the package, as parts; a package is named without its __init__."""
    parts = path.relative_to(source).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def _name(parts: tuple[str, ...]) -> str:
    """The node in which a module stands; empty for the two bare packages."""
    if parts[:1] == (CORE,):
        return ".".join(parts[:2]) if len(parts) > 1 else ""
    return parts[0] if parts else ""


def _imported(path: Path, package: tuple[str, ...]) -> Iterator[str]:
    """The absolute dotted name of everything a file imports, names of modules or in modules."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = (PACKAGE, *package)[: len(package) + 2 - node.level] if node.level else ()
            origin = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{origin}.{alias.name}" for alias in node.names)

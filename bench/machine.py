"""What the figures were measured on; it names no host, user or path."""

from __future__ import annotations

import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("eventsourcing", "msgspec", "fastapi", "starlette", "uvicorn", "uvloop", "sqlalchemy")


def described(folder: Path) -> dict[str, str]:
    """Processor, system, versions, the file system of ``folder`` and how busy the machine is."""
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}",
        "python": platform.python_version(),
        "sqlite": f"{sqlite3.sqlite_version}, WAL, synchronous=FULL, {_file_system(folder)}",
        "packages": ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
        "load": ", ".join(f"{one:.1f}" for one in os.getloadavg()) + " (1, 5, 15 minutes)",
    }


def _system() -> str:
    """Kernel and its version, without what its packager added."""
    return f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _file_system(folder: Path) -> str:
    """The kind of the file system a folder lies on: on tmpfs a sync costs nothing."""
    try:
        lines = Path("/proc/self/mounts").read_text().splitlines()
    except OSError:
        return "file system unknown"
    mounts = [line.split()[1:3] for line in lines]
    above = [(place, kind) for place, kind in mounts if folder.resolve().is_relative_to(place)]
    return max(above, default=("", "file system unknown"), key=lambda one: len(one[0]))[1]

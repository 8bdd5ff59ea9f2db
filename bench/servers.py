"""Starts a service in a process of its own on loopback and ends it again; nothing else is touched."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.client import HOST

START_SECONDS = 30.0
STOP_SECONDS = 15.0
UNLIMITED = "1000000/second"


class Server(NamedTuple):
    """A running service."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """CPU time it has used so far; 0.0 where the system does not tell."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ours(folder: Path) -> list[str]:
    """The product as it ships: `gk serve`, its limits on how often one may ask lifted."""
    return ["-m", "gk_workflow", "serve", "--data-dir", str(folder), "--port"]


def stock(folder: Path) -> list[str]:
    """The stock service."""
    folder.mkdir()
    return ["-m", "bench.stock_server", str(folder / "stock.sqlite")]


@contextmanager
def serving(arguments: list[str], log: Path) -> Iterator[Server]:
    """The service while it is needed, its output in ``log``; raises RuntimeError if it never answers."""
    port = _free_port()
    root = Path(__file__).resolve().parent.parent
    # A setting of this shell must not change what is measured.
    env = {name: value for name, value in os.environ.items() if not name.startswith("GK_")}
    # One client stands for a whole office here: it must not be told to slow down.
    env |= {"GK_ACCOUNT_LIMIT": UNLIMITED, "GK_ADDRESS_LIMIT": UNLIMITED}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *arguments, str(port)],
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=root,
            env=env,
        )
        try:
            _wait(process, port, log)
            yield Server(port, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            socket.create_connection((HOST, port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"the service did not start: {log.read_text(errors='replace')[-2000:]}")

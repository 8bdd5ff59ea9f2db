"""A fresh registry for each test; it holds no case of anybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gk_workflow.registry import Registry
from tests.registry.office import registry_in


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with registry_in(tmp_path) as fresh:
        yield fresh

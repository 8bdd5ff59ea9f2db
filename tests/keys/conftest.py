"""A fresh key ring for each test; it holds no key of anybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gk_workflow.keys import KeyRing
from tests.keys.rings import ring_in


@pytest.fixture
def ring(tmp_path: Path) -> Iterator[KeyRing]:
    with ring_in(tmp_path) as fresh:
        yield fresh

"""A fresh town for each test; nobody has an account in it yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.people.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    fresh = Town(tmp_path)
    yield fresh
    fresh.people.close()

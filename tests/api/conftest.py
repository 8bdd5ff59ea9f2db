"""One office for each test of the API; offices of whole modules are opened where they are needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.office import Office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A service over an empty log."""
    with open_office(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A service for tests that leave it as good as they found it."""
    with open_office(tmp_path_factory.mktemp("office")) as opened:
        yield opened

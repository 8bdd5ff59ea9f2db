"""Says how hard generated tests try; never holds fixtures of a single module."""

import os

import pytest
from hypothesis import HealthCheck, settings

# Slowness under coverage is no finding, and timings are never asserted.
_COMMON = settings(
    deadline=None,
    database=None,
    print_blob=True,
    stateful_step_count=30,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("default", _COMMON, max_examples=100, derandomize=True)
settings.register_profile("full", _COMMON, max_examples=1000, derandomize=False)

_PROFILE = os.environ.get("GK_TEST_PROFILE", "default")
settings.load_profile(_PROFILE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what is marked `full` unless the full profile is asked for."""
    if _PROFILE == "full":
        return
    only_in_full = pytest.mark.skip(reason="long; run `make test-full`")
    for item in items:
        if item.get_closest_marker("full"):
            item.add_marker(only_in_full)


@pytest.fixture
def anyio_backend() -> str:
    """Run `pytest.mark.anyio` tests on asyncio, as the service does."""
    return "asyncio"

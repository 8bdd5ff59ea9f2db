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

settings.load_profile(os.environ.get("GK_TEST_PROFILE", "default"))


@pytest.fixture
def anyio_backend() -> str:
    """Run `pytest.mark.anyio` tests on asyncio, as the service does."""
    return "asyncio"

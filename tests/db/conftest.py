"""What is decided and remembered holds on both engines."""

from __future__ import annotations

import pytest

from tests.conftest import POSTGRESQL, SQLITE


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def engine(request: pytest.FixtureRequest) -> str:
    """Every test that takes a database runs on each."""
    return request.param

"""What the tests on the double share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.wire.discord_double import Double


@pytest.fixture
async def discord() -> AsyncIterator[Double]:
    """A small Discord on this computer; anything that it doesn't know, or minds, fails the test."""
    async with Double() as double:
        yield double
    assert double.problems == []

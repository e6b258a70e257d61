"""What the tests of the command line share."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from tests.cli.double import Double, discord_double


@pytest.fixture
async def discord() -> AsyncGenerator[Double]:
    """A small Discord on this computer."""
    async with discord_double() as double:
        yield double

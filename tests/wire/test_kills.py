"""Killed at random moments, the process keeps its promises; ``python -m tests.wire.kills`` goes on longer."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.wire.kills.play import play

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


async def test_killed_again_and_again_it_loses_nothing_doubles_nothing_and_keeps_nothing_withdrawn(
    tmp_path: Path,
) -> None:
    run = await play(tmp_path, times=6, seed=5, people=4)

    assert run.broken == []
    assert run.kills.total() >= 6
    assert len(list(run.ledger.standing())) > 5

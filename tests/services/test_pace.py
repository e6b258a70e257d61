"""All requests but answers to presses go out at a rate that Discord bears."""

from __future__ import annotations

import pytest

from bot.delivery.pace import Pacer


async def test_the_pace_is_kept_also_when_everybody_comes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, passed = [100.0], list[float]()

    async def sleep(seconds: float) -> None:
        waiting.append(clock[0] + seconds)

    waiting: list[float] = []
    monkeypatch.setattr("bot.delivery.pace.asyncio.sleep", sleep)
    pacer = Pacer(45, lambda: clock[0])
    for moment in [100.0] * 450 + [103.0] * 5 + [500.0] * 200:
        clock[0] = moment
        before = len(waiting)
        await pacer.turn()
        passed.append(waiting[-1] if len(waiting) > before else moment)

    assert passed == sorted(passed)
    for index, start in enumerate(passed):
        within = [moment for moment in passed[index:] if moment < start + 1 - 1e-9]
        assert len(within) <= 50
    assert passed[449] - passed[0] == pytest.approx(444 / 45, abs=0.1)

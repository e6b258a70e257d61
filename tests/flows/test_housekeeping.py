"""The bot cleans up after itself, by itself."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Circle, Stage
from tests.flows.people import tell
from tests.flows.traces import files


async def test_a_day_after_it_was_taken_back_a_story_is_in_no_file(circle: Circle, tmp_path: Path) -> None:
    ann = circle.peers[0]
    after = await tell(circle, ann, "The quokka told me off.")
    assert any(b"quokka" in content for _, content in files(tmp_path))
    sure = (await ann.click(after.message, label="Take it back")).response
    await ann.click(sure.message, label="Yes, take it back")

    await circle.stage.later(days=1)

    assert not any(b"quokka" in content for _, content in files(tmp_path))


async def test_what_nobody_waits_for_is_no_reason_to_stop_when_time_is_skipped(stage: Stage) -> None:
    assert await stage.bot.next_due() is None

    await stage.tick()

    assert await stage.bot.services.memos.get("housekeeping") == "2026-01-01"
    assert await stage.bot.next_due() is None

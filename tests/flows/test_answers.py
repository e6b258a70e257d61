"""Every press is answered, also when two answers meet, Discord has forgotten it, or something breaks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Circle, ErrorCollector, seen
from tests.flows.people import SLIP, ask_now, write

CALLBACK = "/interactions/*/callback"


def parts(slip: str = SLIP) -> dict[str, Any]:
    """A filled-in form."""
    return {"slip": slip, "effect": "", "repair": "", "lesson": "", "ask": "listen"}


async def test_an_answer_that_meets_another_comes_beside_it(circle: Circle) -> None:
    stage, ann = circle.stage, circle.peers[0]
    opened = await ann.click(await ask_now(circle), label="Share without my name")

    stage.env.inject_error("POST", CALLBACK, status=400, code=40060)
    done = await ann.submit_modal(opened, parts())

    assert SLIP in "".join(seen(one) for one in done.followups)


async def test_a_press_that_discord_has_forgotten_does_nothing_and_is_no_error(circle: Circle) -> None:
    stage, fay = circle.stage, circle.facilitator
    skipped = (await fay.slash(circle.channel, "prompt skip")).response
    stage.env.inject_error("POST", CALLBACK, status=404, code=10062)

    await fay.click(skipped.message, label="Take it back")

    await stage.pass_time(days=7)
    assert circle.channel.history() == []


@pytest.mark.parametrize("what", ["a button", "a form"])
async def test_a_mistake_of_ours_gives_a_reference_that_stands_in_the_log_without_the_words(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, logged_errors: ErrorCollector, what: str
) -> None:
    services, ann = circle.stage.bot.services, circle.peers[0]

    async def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError("made up")

    if what == "a form":
        opened = await ann.click(await ask_now(circle), label="Share without my name")
        monkeypatch.setattr(services.stories, "keep", fail)
        done = await ann.submit_modal(opened, parts())
    else:
        preview = await write(circle, ann)
        monkeypatch.setattr(services.stories, "post", fail)
        done = await ann.click(preview.message, label="Post")

    told = "\n".join([seen(done.response), *(seen(one) for one in done.followups)])
    (record,) = logged_errors.records
    reference = record.getMessage().split()[1].rstrip(":")
    assert f"`{reference}`" in told
    assert SLIP not in record.getMessage()
    assert SLIP in told or what == "a button"  # then it stands in the preview still
    logged_errors.records.clear()

"""Every press is answered, also when two answers meet, Discord has forgotten it, or something breaks."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest

from bot.cli import held_back
from bot.cli.logging_setup import Discreet
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


@pytest.mark.parametrize("who", ["somebody who tells", "a facilitator"])
async def test_the_operators_log_says_what_broke_and_when_but_not_when_somebody_told(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, logged_errors: ErrorCollector,
    capsys: pytest.CaptureFixture[str], who: str,
) -> None:  # fmt: skip
    bot, ann, fay = circle.stage.bot, circle.peers[0], circle.facilitator

    async def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError("made up")

    preview = await write(circle, ann)
    handler = held_back.HoldingBack()
    handler.setFormatter(Discreet(()))
    logging.root.addHandler(handler)
    try:
        if who == "a facilitator":
            skipped = (await fay.slash(circle.channel, "prompt skip")).response
            monkeypatch.setattr(bot.services.prompts, "unskip", fail)
            await fay.click(skipped.message, label="Take it back")
            assert "made up" in capsys.readouterr().err
        else:
            monkeypatch.setattr(bot.services.stories, "post", fail)
            told = await ann.click(preview.message, label="Post")
            assert capsys.readouterr().err == ""
            handler.close()
            later = capsys.readouterr().err
            assert "RuntimeError: made up" in later
            assert later.split("reference ")[1][:6] in "".join(seen(one) for one in told.followups)
            assert not re.search(r"\d\d:\d\d", later)
    finally:
        logging.root.removeHandler(handler)
    logged_errors.records.clear()

"""A teller, a replier, and whoever keeps a circle press everything that they have, in a browser."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.content.words import load_words
from tests.rehearsal import walk_keeper, walk_replier, walk_teller
from tests.rehearsal.everything import NOT_PRESSED, PRESSED
from tests.rehearsal.visitor import Visitor, installed_browser, visiting

GOLDEN = Path(__file__).parents[1] / "contracts" / "custom_ids.txt"
Walk = Callable[[Visitor], Awaitable[None]]


def patterns() -> set[str]:
    """Every custom_id that was ever posted, without its arguments."""
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()
    return {":".join(line.split(":")[:3]) for line in lines if line and not line.startswith("#")}


def test_every_button_is_pressed_by_somebody_or_has_a_reason_not_to_be() -> None:
    pressed = frozenset[str]().union(*PRESSED.values())

    assert patterns() == pressed | NOT_PRESSED.keys()
    assert not pressed & NOT_PRESSED.keys()


@pytest.mark.parametrize(
    ("role", "walk", "refused"),
    [
        (
            "teller",
            walk_teller.play,
            [
                ("stories:v1:receipt-any", "refusals.receipt_unknown"),
                ("stories:v1:receipt-any", "refusals.not_a_receipt"),
            ],
        ),
        (
            "replier",
            walk_replier.play,
            [
                ("stories:v1:added-code", "refusals.reply_not_yours"),
                ("stories:v1:receipt", "refusals.not_yours"),
            ],
        ),
        (
            "keeper",
            walk_keeper.play,
            [
                ("stories:v1:share", "refusals.muted"),
                ("/moderate remove", "refusals.story_unknown"),
                ("/theme list", "refusals.facilitators_only"),
                ("/prompt post-now", "refusals.already_asked"),
                ("stories:v1:share", "refusals.paused"),
            ],
        ),
    ],
)
async def test_all_that_a_role_has_can_be_pressed_and_only_what_should_be_is_refused(
    role: str, walk: Walk, refused: list[tuple[str, str]]
) -> None:
    browser = installed_browser()
    if browser is None:
        pytest.skip("no Chromium on this computer (on Debian: apt install chromium)")
    async with visiting(load_words(), browser, seed=3, height=1000) as visitor:
        await visitor.settled()
        await walk(visitor)

        assert PRESSED[role] - visitor.presses.finished.keys() == set()
        assert visitor.presses.refused == refused
        assert visitor.stumbles == []

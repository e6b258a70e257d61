"""Walks through the whole rehearsal in a browser, for the proof that every button can be pressed.

``python -m tests.rehearsal.walk [teller|replier|keeper|writer|moderator|all] [--pictures FOLDER]``. Each
takes a minute or several. It ends with 0 when all was pressed that `everything.PRESSED` says, no more and no
less, and only what should be was refused; otherwise with 1, and with 2 when there is no browser.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from bot.content.words import load_words
from tests.rehearsal import walk_keeper, walk_moderator, walk_replier, walk_teller, walk_writer
from tests.rehearsal.everything import NOT_PRESSED, PRESSED
from tests.rehearsal.visitor import Visitor, installed_browser, visiting

NO_BROWSER = 2


@dataclass(frozen=True)
class Walk:
    """What one role does, and what is refused on the way: what was pressed, and the text it got."""

    play: Callable[[Visitor], Awaitable[None]]
    refused: list[tuple[str, str]]


WALKS = {
    "teller": Walk(
        walk_teller.play,
        [
            ("stories:v1:receipt-any", "refusals.receipt_unknown"),
            ("stories:v1:receipt-any", "refusals.not_a_receipt"),
        ],
    ),
    "replier": Walk(
        walk_replier.play,
        [
            ("stories:v1:added-code", "refusals.reply_not_yours"),
            ("stories:v1:receipt", "refusals.not_yours"),
        ],
    ),
    "keeper": Walk(
        walk_keeper.play,
        [
            ("stories:v1:share", "refusals.muted"),
            ("/moderate remove", "refusals.story_unknown"),
            ("/theme list", "refusals.facilitators_only"),
            ("/prompt post-now", "refusals.already_asked"),
            ("stories:v1:share", "refusals.paused"),
        ],
    ),
    "writer": Walk(walk_writer.play, []),
    "moderator": Walk(walk_moderator.play, []),
}


def tell(text: str) -> None:
    """To whoever waits: a walk takes minutes."""
    print(text, flush=True)  # noqa: T201  # a command line's own output


async def walked(role: str, browser: str, pictures: Path | None, width: int) -> list[str]:
    """Walk as ``role``. Returns what isn't as it should be, in sentences: nothing when all is well."""
    walk, started = WALKS[role], time.monotonic()

    def progress(name: str) -> None:
        tell(f"{role}: {name} ({time.monotonic() - started:.0f} s)")

    async with visiting(load_words(), browser, seed=3, width=width, height=1000) as visitor:
        visitor.keeps(pictures / role if pictures else None, progress)
        await visitor.settled()
        try:
            await walk.play(visitor)
        except Exception:
            if pictures:
                await visitor.page.screenshot(path=pictures / role / "stopped.png")
            return [f"stopped:\n{traceback.format_exc()}refused before: {visitor.presses.refused}"]
        return list(_amiss(role, visitor))


def _amiss(role: str, visitor: Visitor) -> list[str]:
    pressed = {key for key in visitor.presses.finished if not key.startswith("/")} - NOT_PRESSED.keys()
    found = {
        "not pressed, though it should be": sorted(PRESSED[role] - pressed),
        "pressed, and not in the list": sorted(pressed - PRESSED[role]),
        "raised by the page's scripts": visitor.stumbles,
    }
    if visitor.presses.refused != WALKS[role].refused:
        found["refused"] = [": ".join(one) for one in visitor.presses.refused]
    return [f"{what}: {', '.join(those)}" for what, those in found.items() if those]


def main() -> int:
    """Walk as those who are named; says how long each took, and what isn't as it should be."""
    parser = argparse.ArgumentParser(prog="python -m tests.rehearsal.walk", description=__doc__)
    parser.add_argument("role", nargs="?", default="all", choices=[*WALKS, "all"])
    parser.add_argument("--pictures", type=Path, help="a folder for pictures of every screen")
    parser.add_argument("--width", type=int, default=1280, help="of the window, in pixels")
    given = parser.parse_args()
    browser = installed_browser()
    if browser is None:
        tell("A Chromium is needed (on Debian: apt install chromium).")
        return NO_BROWSER
    well = True
    for role in WALKS if given.role == "all" else [given.role]:
        started = time.monotonic()
        amiss = asyncio.run(walked(role, browser, given.pictures, given.width))
        for sentence in amiss:
            tell(f"{role}: {sentence}")
        outcome = "not as it should be" if amiss else "as it should be"
        tell(f"{role}: {outcome}, in {time.monotonic() - started:.0f} seconds")
        well = well and not amiss
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())

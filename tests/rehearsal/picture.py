"""Takes the README's picture anew: ``python -m tests.rehearsal.picture [file]``.

A week's question about rupture and repair, a story told without a name, and what came back. All of it
is invented.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.content.words import load_words
from tests.rehearsal.visitor import Visitor, installed_browser, visiting

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "rehearsal.png"
THEME = "Rupture and repair"
SLIP = (
    "I had moved a session and forgot it myself. A client sat in the waiting room for twenty minutes, and I "
    "apologised so fast that there was no room left to be angry with me."
)
EFFECT = "Shame first, and then a great wish to hear that it was fine."
REPAIR = "A week later I asked what the twenty minutes had been like, and this time I waited."
LESSON = "An apology can be one more way of not listening."
REPLIES = (
    ("Tomasz", "What did you notice in yourself while you waited for the answer?"),
    ("Jonas", "“Apologised so fast”: I know that speed. Thank you."),
)


async def take(picture: Path, browser: str) -> None:
    """Play the scene on the page and keep what Ines then sees."""
    async with visiting(load_words(), browser, seed=1, height=900) as visitor:
        await _wait_for_the_theme(visitor)
        await _tell(visitor)
        for name, sign in (("Jonas", "been_there"), ("Tomasz", "been_there"), ("Miriam", "thanks")):
            await visitor.become(name)
            await visitor.resonate(sign)
        for name, text in REPLIES:
            await visitor.become(name)
            await _reply(visitor, text)
        await visitor.become("Ines")
        await visitor.look_at("#harbour-circle")
        await visitor.sees(SLIP)
        await visitor.page.mouse.move(0, 0)
        await visitor.picture(picture)


async def _wait_for_the_theme(visitor: Visitor) -> None:
    """Skip to the week whose question belongs to the theme: each theme's turn comes."""
    wanted = visitor.circle.get_by_text(visitor.words("prompts.heading", title=THEME).lstrip("# "))
    questions = visitor.circle.get_by_role("button", name=visitor.words("prompts.share_unnamed"))
    await questions.first.wait_for()
    while not await wanted.count():
        asked = await questions.count()
        await visitor.skip("next")
        await questions.nth(asked).wait_for()


async def _tell(visitor: Visitor) -> None:
    await visitor.press("prompts.share_unnamed")
    for name, text in (("slip", SLIP), ("effect", EFFECT), ("repair", REPAIR), ("lesson", LESSON)):
        await visitor.fill(f"stories.form.{name}", text)
    await visitor.choose("stories.ask.questions")
    await visitor.submit()
    await visitor.press("stories.preview.post")
    await visitor.sees("Story 1")


async def _reply(visitor: Visitor, text: str) -> None:
    await visitor.look_at("Story 1")
    await visitor.press("stories.post.reply")
    await visitor.fill("additions.form.label_reply", text)
    await visitor.submit()
    await visitor.press("stories.preview.post")
    await visitor.sees(text)


def main() -> None:
    """Take the picture, or say what it needs."""
    browser = installed_browser()
    if browser is None:
        sys.exit("A Chromium is needed (on Debian: apt install chromium).")
    picture = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE
    picture.parent.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(picture, browser))


if __name__ == "__main__":
    main()

"""The rehearsal as a newcomer meets it: in a browser, by presses on the page and nothing else.

Everything else that can be pressed: ``python -m tests.rehearsal.walk``, which also takes pictures.
"""

from __future__ import annotations

import pytest

from bot.content.words import Words, load_words
from tests.rehearsal.visitor import Visitor, installed_browser, visiting

SLIP = "I forgot a session that I had moved myself, and apologised so fast that there was no room for anger."
REPAIR = "The week after, I asked what the waiting had been like, and waited."
REPLY = "What did the waiting do to you?"


@pytest.fixture
def browser() -> str:
    """The Chromium of this computer."""
    found = installed_browser()
    if found is None:
        pytest.skip("no Chromium on this computer (on Debian: apt install chromium)")
    return found


@pytest.fixture
def words() -> Words:
    return load_words()


async def test_a_newcomer_tells_answers_and_watches_time_pass(browser: str, words: Words) -> None:
    async with visiting(words, browser, seed=3) as visitor:
        await visitor.sees(words("prompts.small"))
        await _tell(visitor)
        await _answer(visitor)
        await _be_reminded(visitor)
        await _skip_to_the_next_question(visitor)

        assert visitor.stumbles == []


async def _tell(visitor: Visitor) -> None:
    """Leyla tells a story without her name."""
    await visitor.press("prompts.share_unnamed")
    await visitor.fill("stories.form.slip", SLIP)
    await visitor.fill("stories.form.repair", REPAIR)
    await visitor.choose("stories.ask.questions")
    await visitor.submit()
    await visitor.sees("Nothing is posted yet")
    await visitor.press("stories.preview.post")
    await visitor.sees("Your code")
    await visitor.sees("Story 1")


async def _answer(visitor: Visitor) -> None:
    """Jonas has been there too, and replies without his name; the thread opens by a press on it."""
    await visitor.become("Jonas")
    await visitor.sees(SLIP)
    assert not await visitor.circle.get_by_text("Your code").count()
    await visitor.resonate("been_there")
    await visitor.button(
        "stories.sign.counted", label=visitor.words("stories.sign.been_there"), count=1
    ).wait_for()
    await visitor.circle.locator(".thread-summary").last.click()
    await visitor.sees(visitor.words("stories.thread.named_here"))
    await visitor.press("stories.post.reply")
    await visitor.circle.get_by_role("dialog").get_by_role("textbox").fill(REPLY)
    await visitor.submit()
    await visitor.sees("Nothing is posted yet")
    await visitor.press("stories.preview.post")
    await visitor.sees("Your code")
    await visitor.skip("hour")  # replies wait some minutes
    await visitor.sees(REPLY)


async def _be_reminded(visitor: Visitor) -> None:
    """Jonas asks for a reminder; at its time it is among his private messages."""
    await visitor.look_at("#harbour-circle")
    await visitor.command("remind weekly", day="Wednesday", time="18:30")
    await visitor.sees("Nobody else in the circle is told")
    await visitor.skip("next")
    await visitor.page.locator("#moment", has_text="Wednesday, 6 May 2026, 18:30").wait_for()
    await visitor.look_at("Private messages")
    await visitor.sees("This week's question in #harbour-circle")


async def _skip_to_the_next_question(visitor: Visitor) -> None:
    """The reminder leads back to the circle, and next week's question comes while one looks on."""
    await visitor.circle.get_by_role("link", name=visitor.words("reminders.buttons.open")).click()
    await visitor.sees(SLIP)
    await visitor.skip("next")
    await visitor.page.locator("#moment", has_text="Monday, 11 May 2026, 09:00").wait_for()
    share = visitor.circle.get_by_role("button", name=visitor.words("prompts.share_unnamed"))
    await share.nth(1).wait_for()

"""What telling and adding have in common on Discord: receipts in custom_ids, pages around a preview."""

from __future__ import annotations

from datetime import date, datetime

from discord.ui import LayoutView

from bot import screen
from bot.content.words import Words
from bot.errors import Refusal
from bot.interactions import Press
from bot.rules.promises import Promise
from bot.rules.receipts import read_receipt, shown
from bot.services.batches import DAILY_SPREAD, TOGETHER_AT
from cogs.custom_ids import CODE_TO_DM, KEEP, NUDGE_ASK

LATEST = (datetime.combine(date.min, TOGETHER_AT) + DAILY_SPREAD).strftime("%H:%M")
"""The circle's local time by which also a story has appeared for which too few others were told."""
BY_ACCOUNT = "-"
"""Stands for the receipt where the teller is known by name or recognised inside the window."""


def receipt_of(press: Press, index: int = 0) -> str:
    """The receipt among a custom_id's arguments. Raises NotAReceipt."""
    return read_receipt(press.arguments[index])


def proof_of(press: Press, index: int = 1) -> str | None:
    """The receipt, or None where the teller is known otherwise. Raises NotAReceipt."""
    return None if press.arguments[index] == BY_ACCOUNT else receipt_of(press, index)


def head_of_preview(words: Words, *, older: bool, other_promise: bool) -> screen.Part:
    """The first line of a preview: who sees it, and why nothing was posted if *Post* was pressed."""
    if other_promise:
        return screen.text(words("stories.preview.other_promise"))
    return screen.text(words("stories.preview.older" if older else "stories.preview.private"))


def unfit_line(words: Words, refusal: Refusal | None) -> screen.Part | None:
    """Below it: why the words can't be posted as they are. They are kept, and *Edit* has them."""
    return screen.text(f"**{words.refusal(refusal)}**") if refusal is not None else None


def when_it_appears(words: Words, promise: Promise) -> str:
    """*at once*, *within …* or *shuffled with others …*, in the middle of a sentence."""
    if promise.batch_of is not None:
        return words("stories.when.batch", time=LATEST)
    if promise.minutes == 0:
        return words("stories.when.at_once")
    return words("stories.when.within", time=span(words, promise.minutes))


def what_that_means(words: Words, promise: Promise, *, thin: bool) -> str:
    """Below when it appears: what is thin about it, a line each; often nothing. ``thin`` says it of the
    circle too."""
    lines = [words("stories.preview.small_circle")] if thin else []
    if promise.batch_of is not None:
        lines.insert(0, alone(words, promise))
    elif promise.minutes == 0:
        lines.insert(0, words("review.promise.hour" if promise.reviewed else "stories.preview.hour"))
    return "\n".join(lines)


def alone(words: Words, promise: Promise) -> str:
    """That what waits for others may come without them."""
    return words("review.promise.alone" if promise.reviewed else "stories.preview.alone")


def span(words: Words, minutes: int) -> str:
    """A span of time: minutes up to two hours, then hours."""
    if minutes < 120:
        return words("stories.minutes", count=minutes)
    return words("stories.hours", count=minutes // 60)


def code_shown(words: Words, receipt: str, about: str) -> tuple[screen.Part, screen.Part]:
    """The code and, below it, what it is good for."""
    return screen.text(words("stories.told.receipt", receipt=shown(receipt))), screen.small(about)


def code_button(words: Words, receipt: str) -> screen.Part:
    """*Send the code to my DMs*."""
    return screen.button(words("stories.told.code_to_dm"), CODE_TO_DM(receipt))


def nudge_button(words: Words) -> screen.Part:
    """*Remind me in some weeks*: the same after everything that anybody posts, with or without a name."""
    return screen.button(words("reminders.nudge.offer"), NUDGE_ASK())


def discard_question(words: Words, sure: str, back: str) -> LayoutView:
    """Words are easily lost by a thumb: one question before. ``sure`` and ``back`` are custom_ids."""
    return screen.screen(
        screen.text(words("stories.discard.question")),
        screen.row(
            screen.grave_button(words("stories.discard.yes"), sure),
            screen.button(words("stories.discard.no"), back),
        ),
    )


def withdraw_question(words: Words, question: str, sure: str, *, seen: bool = True) -> LayoutView:
    """What goes, before it goes, and what doesn't if it may have been ``seen``. ``sure`` is a custom_id."""
    return screen.screen(
        screen.text(question),
        screen.small(words("stories.withdraw.copies")) if seen else None,
        screen.row(
            screen.grave_button(words("stories.withdraw.yes"), sure),
            screen.button(words("stories.withdraw.no"), KEEP()),
        ),
    )

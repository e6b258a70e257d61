"""Somebody whose words say too much, and sound like danger once, presses all that is offered about it."""

from __future__ import annotations

from tests.rehearsal.visitor import Visitor

TELLING = (
    "On 3 March 2024 I wrote to anna.berger@example.org, and called 030 1234567, about the session that I "
    "forgot. See https://example.org/berger for it."
)
DANGER = "I want to die. I have the pills ready."


async def is_shown_marks(visitor: Visitor) -> None:
    """One mark is kept, one changed, one looked at and left; the rest is generalised."""
    await visitor.press("prompts.share_unnamed")
    await visitor.fill("stories.form.slip", TELLING)
    await visitor.submit()
    await visitor.look("marks")
    await visitor.pick(visitor.words("checks.marks.choose"), "030 1234567")
    await visitor.look("picked")
    await visitor.press("checks.picked.back")
    await visitor.pick(visitor.words("checks.marks.choose"), "030 1234567")
    await visitor.press("checks.picked.keep_one")
    await visitor.look("kept")
    await visitor.pick(visitor.words("checks.marks.choose"), "anna.berger@example.org")
    await visitor.press("checks.picked.change_one")
    await visitor.look("changed")
    await visitor.press("stories.preview.post")
    await visitor.look("left")
    await visitor.press("checks.left.generalise")
    await visitor.look("generalised")
    await visitor.press("stories.preview.post")
    await visitor.look("told")


async def is_told_where_to_turn(visitor: Visitor) -> None:
    """Twice: kept for later and come back to, then discarded."""
    await visitor.press("prompts.share_unnamed")
    await visitor.fill("stories.form.slip", DANGER)
    await visitor.submit()
    await visitor.look("danger")
    await visitor.press("danger.choices.keep")
    await visitor.look("later")
    await visitor.press("checks.later.back")
    await visitor.look("came-back")
    await visitor.press("stories.preview.discard")
    await visitor.press("stories.discard.yes")


async def play(visitor: Visitor) -> None:
    """In the circle whose stories appear at once."""
    await is_shown_marks(visitor)
    await is_told_where_to_turn(visitor)

"""Somebody whose words say too much, and sound like danger once, presses all that is offered about it."""

from __future__ import annotations

from tests.rehearsal.visitor import Visitor

TELLING = (
    "On 3 March 2024 I wrote to anna.berger@example.org, and called 030 1234567, about the session that I "
    "forgot. See https://example.org/berger for it."
)
DANGER = "I want to die. I have the pills ready."


async def is_shown_marks(visitor: Visitor) -> None:
    """Two are kept, one is changed, one is generalised when the question comes."""
    await visitor.press("prompts.share_unnamed")
    await visitor.fill("stories.form.slip", TELLING)
    await visitor.submit()
    await visitor.look("marks")
    await visitor.pick(visitor.words("checks.marks.choose"), "030 1234567")
    await visitor.look("picked")
    await visitor.press("checks.picked.back")
    await visitor.pick("030 1234567", "anna.berger@example.org")  # what was chosen before still is
    await visitor.look("picked-two")
    await visitor.press("checks.picked.keep")
    await visitor.look("kept")
    # what stands where the kept ones stood is chosen now, until it is taken back
    await visitor.pick("https://example.org", "https://example.org", "3 March 2024")
    await visitor.press("checks.picked.change_one")
    await visitor.look("changed")
    await visitor.press("stories.preview.post")
    await visitor.look("left")
    await visitor.press("checks.left.generalise")
    await visitor.look("generalised")
    await visitor.press("stories.preview.post")
    await visitor.look("told")


async def is_told_where_to_turn(visitor: Visitor) -> None:
    """Kept for later and come back to, then discarded."""
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

"""A replier presses everything that is theirs."""

from __future__ import annotations

from tests.rehearsal.visitor import Visitor

SLIP = "I filled a silence."
REPLY = "What did the silence do to you?"


async def finds_a_story(visitor: Visitor) -> None:
    """Leyla tells one, with a content note; Jonas comes by."""
    await visitor.press("prompts.share_unnamed")
    await visitor.fill("stories.form.slip", SLIP)
    await visitor.submit()
    await visitor.press("stories.preview.post")
    await visitor.become("Jonas")
    await visitor.sees(SLIP)


async def resonates(visitor: Visitor) -> None:
    for sign in ("been_there", "thanks", "learned"):
        await visitor.resonate(sign)
    await visitor.look("resonated")
    for sign in ("been_there", "thanks", "learned"):
        await visitor.resonate(sign, again=True)
    await visitor.look("taken-back")
    await visitor.resonate("thanks")


async def replies(visitor: Visitor) -> None:
    await visitor.press("stories.post.reply")
    await visitor.look("form")
    await visitor.fill("additions.form.label_reply", "What did it do?")
    await visitor.submit()
    await visitor.look("preview")
    await visitor.press("stories.preview.edit")
    await visitor.fill("additions.form.label_reply", REPLY)
    await visitor.submit()
    await visitor.press("stories.preview.discard")
    await visitor.press("stories.discard.no")
    await visitor.press("stories.preview.post")
    await visitor.look("told")


async def changes_what_waits(visitor: Visitor) -> None:
    await visitor.press("editing.button.edit")
    await visitor.look("change-form")
    await visitor.fill("additions.form.label_reply", REPLY + " And to them?")
    await visitor.submit()
    await visitor.look("change")
    await visitor.press("stories.preview.discard")
    await visitor.press("editing.discard.yes")
    await visitor.press("stories.told.code_to_dm")
    await visitor.press("stories.code.yes")


async def in_the_thread(visitor: Visitor) -> None:
    await visitor.skip("hour")
    await visitor.open_thread()
    await visitor.sees(REPLY)
    await visitor.look("thread")
    await visitor.press("additions.post.mine")
    await visitor.look("panel")
    await visitor.press("editing.button.edit")
    await visitor.fill("additions.form.label_reply", REPLY + " Or with you both?")
    await visitor.submit()
    await visitor.look("change-shown")
    await visitor.press("editing.preview.save")
    await visitor.look("change-saved")
    await visitor.say("I know this silence.")
    await visitor.skip("hour")
    await visitor.look("thread-changed")


async def is_not_mine(visitor: Visitor, code: str) -> None:
    """Ines finds neither the reply nor the story to be hers."""
    await visitor.become("Ines")
    await visitor.press("additions.post.mine")
    await visitor.look("code-form")
    await visitor.fill("stories.receipt.label", "0000-0000-0000-0000-0000")
    await visitor.submit()
    await visitor.look("not-hers")
    await visitor.press("additions.post.mine")
    await visitor.fill("stories.receipt.label", code.lower().replace("-", " "))
    await visitor.submit()
    await visitor.look("with-the-code")
    await visitor.look_at("#harbour-circle")
    await visitor.press("stories.post.mine")
    await visitor.fill("stories.receipt.label", code)
    await visitor.submit()
    await visitor.look("not-her-story")


async def takes_back(visitor: Visitor) -> None:
    await visitor.become("Jonas")
    await visitor.press("stories.post.reply")
    await visitor.fill("additions.form.label_reply", "One more thing.")
    await visitor.submit()
    await visitor.press("stories.preview.post")
    await visitor.press("stories.told.take_back")
    await visitor.look("take-back")
    await visitor.press("stories.withdraw.no")
    await visitor.press("stories.told.take_back")
    await visitor.press("stories.withdraw.yes")
    await visitor.look("taken-back-reply")
    await visitor.command("story mine")
    await visitor.look("mine")
    await visitor.press("stories.mine.look")
    await visitor.press("stories.panel.withdraw_reply")
    await visitor.look("withdraw")
    await visitor.press("stories.withdraw.yes")
    await visitor.look("withdrawn")


async def play(visitor: Visitor) -> None:
    await finds_a_story(visitor)
    await resonates(visitor)
    await replies(visitor)
    code = await visitor.code()
    await changes_what_waits(visitor)
    await in_the_thread(visitor)
    await is_not_mine(visitor, code)
    await takes_back(visitor)

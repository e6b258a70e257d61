"""A teller presses everything that is theirs."""

from __future__ import annotations

from bot.rules.stories import Ask, StoryDraft, StoryWords, Voice
from bot.services.stories import Teller
from tests.rehearsal.visitor import Visitor

SLIP = "I forgot a session that I had moved myself, and apologised so fast that there was no room for anger."
REPAIR = "The week after, I asked what the waiting had been like, and waited."
LESSON = "An apology can be one more way of not listening."


async def explained(visitor: Visitor) -> None:
    await visitor.press("prompts.how")
    await visitor.look("how")
    await visitor.press("guide.how.more")
    await visitor.look("facts")


async def told(visitor: Visitor) -> None:
    await visitor.press("prompts.share_unnamed")
    await visitor.look("form")
    await visitor.fill("stories.form.slip", SLIP)
    await visitor.fill("stories.form.lesson", LESSON)
    await visitor.submit()
    await visitor.look("preview")
    await visitor.press("stories.preview.edit")
    await visitor.fill("stories.form.repair", REPAIR)
    await visitor.choose("stories.ask.questions")
    await visitor.submit()
    await visitor.pick("Theme:", visitor.words("stories.preview.no_theme"))
    await visitor.pick(visitor.words("stories.preview.no_note"), "Death and grief")
    await visitor.press("stories.preview.quote_no")
    await visitor.look("preview-chosen")
    await visitor.press("stories.preview.use_name")
    await visitor.look("preview-named")
    await visitor.press("stories.preview.without_name")
    await visitor.press("stories.preview.more")
    await visitor.press("stories.preview.discard")
    await visitor.look("discard")
    await visitor.press("stories.discard.no")
    await visitor.press("stories.preview.post")
    await visitor.look("told")


async def keeps_the_code(visitor: Visitor) -> None:
    await visitor.press("stories.told.code_to_dm")
    await visitor.look("code-question")
    await visitor.press("stories.code.no")
    await visitor.press("stories.told.code_to_dm")
    await visitor.press("stories.code.yes")
    await visitor.look("code-sent")
    await visitor.press("reminders.nudge.offer")
    await visitor.look("nudge-asked")
    await visitor.press("reminders.nudge.stop")
    await visitor.look("nudge-stopped")
    await visitor.press("reminders.nudge.offer")


async def adds(visitor: Visitor) -> None:
    await visitor.press("stories.told.mine")
    await visitor.look("panel")
    await visitor.press("stories.panel.update")
    await visitor.look("update-form")
    await visitor.fill("additions.form.label_update", "They came back, and we spoke of it.")
    await visitor.submit()
    await visitor.look("update-preview")
    await visitor.press("stories.preview.edit")
    await visitor.fill("additions.form.label_update", "They came back, and we spoke of it at last.")
    await visitor.submit()
    await visitor.press("stories.preview.discard")
    await visitor.press("stories.discard.no")
    await visitor.press("stories.preview.post")
    await visitor.look("update-told")


async def changes_what_was_added(visitor: Visitor) -> None:
    """Right after posting: *Edit*, and everything in its preview; then it is taken back from the panel."""
    await visitor.press("editing.button.edit")
    await visitor.fill("additions.form.label_update", "They came back, and we could speak of it.")
    await visitor.submit()
    await visitor.look("update-change")
    await visitor.press("stories.preview.edit")
    await visitor.fill("additions.form.label_update", "They came back, and we spoke.")
    await visitor.submit()
    await visitor.press("stories.preview.discard")
    await visitor.look("update-change-discard")
    await visitor.press("stories.discard.no")
    await visitor.press("editing.preview.save")
    await visitor.look("update-change-saved")


async def answers(visitor: Visitor) -> None:
    """Below one's own story, as its teller; and one answer is discarded before anybody saw it."""
    await visitor.press("stories.post.mine")
    await visitor.press("stories.panel.answer")
    await visitor.look("answer-form")
    await visitor.fill("additions.form.label_answer", "Thank you for asking.")
    await visitor.submit()
    await visitor.look("answer-preview")
    await visitor.press("stories.preview.discard")
    await visitor.press("stories.discard.yes")
    await visitor.look("answer-discarded")
    await visitor.press("stories.post.mine")
    await visitor.press("stories.panel.answer")
    await visitor.fill("additions.form.label_answer", "Thank you for asking. It was long.")
    await visitor.submit()
    await visitor.press("stories.preview.post")
    await visitor.look("answer-told")
    await visitor.skip("hour")
    await visitor.press("stories.post.mine")
    await visitor.look("panel-more")
    await visitor.press("stories.panel.added")
    await visitor.look("added")
    await visitor.press("stories.mine.look")
    await visitor.look("added-panel")
    await visitor.press("stories.panel.withdraw_answer")
    await visitor.sees("Withdraw this answer?")
    await visitor.look("withdraw-answer")
    await visitor.press("stories.withdraw.yes")
    await visitor.look("withdrawn-answer")


async def changes_the_story(visitor: Visitor) -> None:
    await visitor.press("stories.post.mine")
    await visitor.press("editing.button.edit")
    await visitor.look("change-form")
    await visitor.fill("stories.form.repair", "A week later I asked what the waiting had been like.")
    await visitor.submit()
    await visitor.look("change-preview")
    await visitor.press("stories.preview.edit")
    await visitor.fill("stories.form.effect", "Shame first.")
    await visitor.submit()
    await visitor.pick("Death and grief", visitor.words("stories.preview.no_note"))
    await visitor.press("stories.preview.quote_yes")
    await visitor.look("change-preview-2")
    await visitor.press("stories.preview.discard")
    await visitor.press("stories.discard.no")
    await visitor.press("editing.preview.save")
    await visitor.look("change-saved")
    await visitor.press("stories.post.mine")
    await visitor.press("editing.button.edit")
    await visitor.submit()
    await visitor.look("change-nothing")
    await visitor.press("stories.preview.discard")
    await visitor.press("editing.discard.yes")
    await visitor.look("change-discarded")


async def closes(visitor: Visitor) -> None:
    await visitor.press("stories.post.mine")
    await visitor.press("stories.panel.close")
    await visitor.look("closed")
    await visitor.skip("hour")
    await visitor.press("stories.post.mine")
    await visitor.look("closed-panel")
    await visitor.press("stories.panel.reopen")
    await visitor.look("reopened")


async def comes_back(visitor: Visitor, code: str) -> None:
    await visitor.command("story mine")
    await visitor.look("story-mine")
    await visitor.press("stories.mine.look")
    await visitor.press("stories.mine.enter")
    await visitor.look("code-form")
    await visitor.fill("stories.receipt.label", code)
    await visitor.submit()
    await visitor.look("code-panel")
    await visitor.command("story receipt")
    await visitor.fill("stories.receipt.label", "0000-0000-0000-0000-0000")
    await visitor.submit()
    await visitor.look("code-wrong")
    await visitor.command("story receipt")
    await visitor.fill("stories.receipt.label", "hello")
    await visitor.submit()
    await visitor.look("code-none")


async def privately(visitor: Visitor) -> None:
    await visitor.look_at("Private messages")
    await visitor.look("dm")
    await visitor.press("stories.code.use")
    await visitor.look("dm-used")
    await visitor.command("story mine")
    await visitor.look("dm-mine")
    await visitor.press("stories.code.delete")
    await visitor.look("dm-deleted")
    await visitor.look_at("#harbour-circle")


async def claims(visitor: Visitor) -> None:
    await visitor.press("stories.post.mine")
    await visitor.press("editing.button.claim")
    await visitor.look("claim")
    await visitor.press("editing.claim.no")
    await visitor.press("stories.post.mine")
    await visitor.press("editing.button.claim")
    await visitor.press("editing.claim.yes")
    await visitor.look("claimed")
    await visitor.press("stories.post.mine")
    await visitor.look("claimed-panel")
    await visitor.press("stories.panel.withdraw")
    await visitor.look("withdraw")
    await visitor.press("stories.withdraw.no")
    await visitor.press("stories.post.mine")
    await visitor.press("stories.panel.withdraw")
    await visitor.press("stories.withdraw.yes")
    await visitor.look("withdrawn")


async def waits(visitor: Visitor) -> None:
    """Where stories wait, with a name and without it, up to the last moment before they appear."""
    await visitor.look_at("#quiet-circle")
    await visitor.press("prompts.share_named")
    await visitor.look("named-form")
    await visitor.fill("stories.form.slip", SLIP)
    await visitor.submit()
    await visitor.press("stories.preview.without_name")
    await visitor.look("waiting-preview")
    await visitor.press("stories.preview.discard")
    await visitor.press("stories.discard.yes")
    await visitor.look("discarded")
    await visitor.command("share", named="True")
    await visitor.fill("stories.form.slip", "I forgot a birthday.")
    await visitor.submit()
    await visitor.press("stories.preview.post")
    await visitor.look("named-told")
    await visitor.press("stories.told.mine")
    await visitor.look("named-panel")
    await visitor.press("prompts.share_unnamed")
    await visitor.fill("stories.form.slip", SLIP)
    await visitor.submit()
    await visitor.press("stories.preview.post")
    await visitor.look("waiting-told")
    await visitor.press("stories.told.mine")
    await visitor.look("waiting-panel")
    await visitor.press("stories.told.take_back")
    await visitor.look("waiting-withdraw")
    await visitor.press("stories.withdraw.yes")
    await visitor.look("waiting-withdrawn")


async def is_reminded(visitor: Visitor) -> None:
    await visitor.command("remind weekly", day="Wednesday", time="18:30")
    await visitor.look("reminder")
    await visitor.press("reminders.buttons.stop_this")
    await visitor.look("reminder-stopped")
    await visitor.command("remind weekly", day="Wednesday", time="18:30")
    await visitor.look_at("#harbour-circle")
    await visitor.command("remind weekly", day="Thursday", time="08:00")
    await visitor.command("remind list")
    await visitor.look("reminders")
    await visitor.press("reminders.buttons.stop_all")
    await visitor.look("reminders-stopped")
    await visitor.command("remind stop")
    await visitor.look("remind-stop")
    await visitor.command("remind weekly", day="Thursday", time="08:00")
    await visitor.command("remind list")
    await visitor.press("reminders.buttons.stop")
    await visitor.command("remind list")
    await visitor.press("reminders.buttons.stop")


async def looks_back(visitor: Visitor) -> None:
    """The nudge comes, three to five weeks later; it is the only one."""
    await visitor.command("remind look-back")
    await visitor.look("look-back")
    await visitor.look_at("Private messages")
    told = visitor.circle.locator("#channel-message-list").get_by_text("Some weeks ago")
    for _ in range(5 * 2 + 2):  # two circles ask a question a week
        await visitor.skip("next")
        if await told.count():
            break
    await visitor.sees("This was the only one")
    await visitor.look("nudged")


async def has_told_much(visitor: Visitor) -> None:
    """More than fits a page."""
    stage, me = visitor.stage, visitor.stage._world.people[2]
    stories, circle = stage._bot.services.stories, stage._world.circles[0].channel.id
    async with stage.window(acting=True):
        (here,) = [one for one in await stage._bot.services.circles.everywhere() if one.channel_id == circle]
        for number in range(9):
            words = StoryWords(f"{SLIP} ({number})", "", "", "")
            kept = await stories.keep(StoryDraft(here.id, Voice.NAMED, words, Ask.LISTEN, None))
            await stories.post(kept.receipt, kept.draft.revision, Teller(me.actor.id, me.name))


async def turns_pages(visitor: Visitor) -> None:
    await visitor.command("story mine")
    await visitor.look("mine-many")
    await visitor.press("common.page_after")
    await visitor.look("mine-next")
    await visitor.press("common.page_before")
    await visitor.command("privacy show")
    await visitor.look("show")
    await visitor.press("privacy.show.further")
    await visitor.look("show-next")
    await visitor.press("privacy.show.earlier")


async def asks_what_is_kept(visitor: Visitor) -> None:
    await visitor.command("privacy facts")
    await visitor.command("privacy export")
    await visitor.look("export")
    await visitor.command("privacy show")
    await visitor.press("privacy.show.erase")
    await visitor.look("erase")
    await visitor.press("privacy.erase.no")
    await visitor.command("privacy erase")
    await visitor.press("privacy.erase.named")
    await visitor.look("erased-named")
    await visitor.command("privacy erase")
    await visitor.press("privacy.erase.all")
    await visitor.look("erased-all")
    await visitor.command("privacy show")
    await visitor.look("show-nothing")


async def play(visitor: Visitor) -> None:
    """All of it, in two circles and in private messages."""
    await explained(visitor)
    await told(visitor)
    code = await visitor.code()
    await keeps_the_code(visitor)
    await adds(visitor)
    await changes_what_was_added(visitor)
    await answers(visitor)
    await changes_the_story(visitor)
    await closes(visitor)
    await comes_back(visitor, code)
    await privately(visitor)
    await claims(visitor)
    await waits(visitor)
    await is_reminded(visitor)
    await has_told_much(visitor)
    await turns_pages(visitor)
    await asks_what_is_kept(visitor)
    await looks_back(visitor)

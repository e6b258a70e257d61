"""Care, words, review, reports and private notes: facilitator, moderator and peers press all of it."""

from __future__ import annotations

from typing import Any

from tests.conftest import seen
from tests.rehearsal.visitor import Visitor

SLIP = "I yawned, and my client saw it."
REASON = "Could you leave the hour out? It may tell who you are."
MANY = "\n".join(f"Harbour practice {number}" for number in range(30))
JONAS, INES = 3, 4
"""Where they stand among the people."""
CARE, HURTS = "To take care of the circle", "It may hurt somebody"
"""Why moderators act, as it is chosen at first, and another reason."""


async def chooses_care(visitor: Visitor) -> None:
    await visitor.become("Miriam")
    await visitor.command("circle care")
    await visitor.look("care")
    await visitor.press("care.review.turn_on")
    await visitor.pick("No country", "Austria")
    await visitor.press("care.help.write")
    await visitor.fill("care.form.label", "Supervisor on call: 030 123456, until 22:00")
    await visitor.submit()
    await visitor.look("care-chosen")


async def lists_words(visitor: Visitor) -> None:
    await visitor.command("circle words")
    await visitor.press("circles.words.mark")
    await visitor.look("words-form")
    await visitor.fill("circles.words.form.label", MANY)
    await visitor.choose("circles.words.form.organisation")
    await visitor.submit()
    await visitor.press("circles.words.further")
    await visitor.look("words")
    await visitor.pick(visitor.words("circles.words.off"), "Harbour practice 8")
    await visitor.look("words-off")


async def tell(visitor: Visitor, slip: str) -> None:
    """Leyla tells a story, and it waits its time."""
    await visitor.become("Leyla")
    await visitor.press("prompts.share_unnamed")
    await visitor.fill("stories.form.slip", slip)
    await visitor.submit()
    await visitor.press("stories.preview.post")
    await visitor.look("told")
    await visitor.skip("hour")


async def takes(visitor: Visitor) -> None:
    """Tomasz takes the one thing that waits."""
    await visitor.become("Tomasz")
    await visitor.command("moderate queue")
    await visitor.look("queue")
    await visitor.press("review.queue.look")
    await visitor.look("item")
    await visitor.press("review.item.take")
    await visitor.look("taken")


async def looks_first(visitor: Visitor) -> None:
    """Given back, asked about, changed, declined; and another one is published."""
    await tell(visitor, SLIP)
    await takes(visitor)
    await visitor.press("review.item.give_back")
    await visitor.press("review.queue.back")
    await visitor.press("review.queue.look")
    await visitor.press("review.item.take")
    await visitor.press("review.item.ask")
    await visitor.look("reason-form")
    await visitor.fill("review.form.reason", REASON)
    await visitor.submit()
    await visitor.look("asked")
    await visitor.become("Leyla")
    await visitor.command("story mine")
    await visitor.press("stories.mine.look")
    await visitor.look("returned")
    await visitor.press("editing.button.edit")
    await visitor.fill("stories.form.slip", "I yawned.")
    await visitor.submit()
    await visitor.look("change")
    await visitor.press("editing.preview.save")
    await visitor.skip("hour")
    await takes(visitor)
    await visitor.press("review.item.decline")
    await visitor.fill("review.form.reason", "It can't stay without saying who.")
    await visitor.submit()
    await visitor.become("Leyla")
    await visitor.command("story mine")
    await visitor.press("stories.mine.look")
    await visitor.look("declined")
    await visitor.press("review.mine.words")
    await visitor.look("my-words")
    await tell(visitor, "I forgot a name.")
    await takes(visitor)
    await visitor.press("review.item.publish")
    await visitor.look("published")


async def by_menu(visitor: Visitor, who: int, menu: str, holding: str, fields: dict[str, Any]) -> None:
    """Discord's *Apps* menu on a message, which the window doesn't have, and the form that it opens."""
    stage = visitor.stage
    circle, actor = stage._world.circles[0].channel, stage._world.people[who].actor
    async with stage.window(acting=True):
        where, message = next(
            (place, one)
            for place in (circle, *circle.threads)
            for one in place.history()
            if holding in seen(one)
        )
        opened = await actor.context_menu(where, visitor.words(menu), message)
        await actor.submit_modal(opened, fields)


async def report(visitor: Visitor, holding: str) -> None:
    """Ines reports a message, and the moderators hear of it."""
    said = {"reason": "hurts", "words": "It is about me."}
    await by_menu(visitor, INES, "reports.menu", holding, said)
    await visitor.skip("hour")
    await visitor.become("Tomasz")
    await visitor.command("moderate reports")


async def is_reported(visitor: Visitor) -> None:
    """A story, about which nothing has to be done; and a reply that is taken away."""
    await report(visitor, "I forgot a name.")
    await visitor.look("report")
    await visitor.press("moderation.remove_it")
    await visitor.press("moderation.keep_it")
    await visitor.command("moderate reports")
    await visitor.press("reports.page.nothing")
    await visitor.look("report-closed")
    await visitor.press("reports.page.others")
    await visitor.become("Jonas")
    await visitor.press("stories.post.reply")
    await visitor.fill("additions.form.label_reply", "Whose name?")
    await visitor.submit()
    await visitor.press("stories.preview.post")
    await visitor.skip("hour")
    await report(visitor, "Whose name?")
    await visitor.press("moderation.remove_it")
    await visitor.look("remove-reply")
    await visitor.press("moderation.remove_it")
    await visitor.look("reply-removed")


async def writes_privately(visitor: Visitor) -> None:
    """As the moderators: one note is discarded, the other one edited and sent."""
    await visitor.command("moderate write", story="1")
    await visitor.fill("notes.form.label_note", "Hello")
    await visitor.submit()
    await visitor.press("stories.preview.discard")
    await visitor.press("stories.discard.yes")
    await visitor.command("moderate write", story="1")
    await visitor.look("note-form")
    await visitor.fill("notes.form.label_note", "Is there somebody")
    await visitor.submit()
    await visitor.look("note-preview")
    await visitor.press("stories.preview.edit")
    await visitor.fill("notes.form.label_note", "Is there somebody you can talk to?")
    await visitor.submit()
    await visitor.press("stories.preview.discard")
    await visitor.press("stories.discard.no")
    await visitor.press("notes.preview.send")
    await visitor.look("note-sent")
    await visitor.press("notes.sent.notes")
    await visitor.look("moderators-notes")
    await visitor.skip("hour")


async def reads_notes(visitor: Visitor) -> None:
    """Leyla answers, and wants no more of them for a while."""
    await visitor.become("Leyla")
    await visitor.press("stories.post.mine")
    await visitor.press("stories.panel.notes")
    await visitor.look("notes")
    await visitor.press("notes.teller.answer")
    await visitor.fill("notes.form.label_answer", "There is. Thank you.")
    await visitor.submit()
    await visitor.press("notes.preview.send")
    await visitor.look("answer-sent")
    await visitor.press("notes.sent.notes")
    await visitor.press("notes.teller.close")
    await visitor.look("notes-closed")
    await visitor.press("notes.teller.reopen")
    await visitor.skip("hour")
    await visitor.become("Tomasz")
    await visitor.command("moderate notes")
    await visitor.look("moderators-answered")
    await visitor.press("notes.panel.withdraw")
    await visitor.press("stories.withdraw.yes")
    await visitor.look("note-withdrawn")


async def writes_to_the_teller(visitor: Visitor) -> None:
    """Jonas, and once more after an answer."""
    await visitor.become("Jonas")
    await by_menu(visitor, JONAS, "notes.menu", "I forgot a name.", {"text": "I have been there."})
    await visitor.press("notes.preview.send")
    await visitor.look("peer-note-sent")
    await visitor.press("notes.sent.mine")
    await visitor.skip("hour")
    await visitor.become("Leyla")
    await visitor.press("stories.post.mine")
    await visitor.press("stories.panel.notes")
    await visitor.press("notes.teller.answer")
    await visitor.fill("notes.form.label_answer", "Thank you.")
    await visitor.submit()
    await visitor.press("notes.preview.send")
    await visitor.skip("hour")
    await visitor.become("Jonas")
    await visitor.command("story mine")
    await visitor.press("stories.mine.look")
    await visitor.look("peer-note-answered")
    await visitor.press("notes.panel.again")
    await visitor.fill("notes.form.label_note", "More than once.")
    await visitor.submit()
    await visitor.press("notes.preview.send")
    await visitor.press("stories.told.take_back")
    await visitor.look("peer-note-withdraw")
    await visitor.press("stories.withdraw.yes")


async def acts_openly(visitor: Visitor) -> None:
    """With a reason each: a note, and a removal that is brought back, and done again."""
    await visitor.become("Tomasz")
    await visitor.command("moderate note", story="1")
    await visitor.pick(CARE, HURTS)
    await visitor.look("content-note")
    await visitor.pick("No note from the moderators", "Illness")
    await visitor.look("content-note-stands")
    await visitor.command("moderate remove", story="1")
    await visitor.pick(CARE, HURTS)
    await visitor.look("remove-story")
    await visitor.press("moderation.remove_it")
    await visitor.look("story-removed")
    await visitor.press("moderation.bring_it_back")
    await visitor.look("story-back")
    await visitor.command("moderate remove", story="1")
    await visitor.press("moderation.remove_it")
    await visitor.command("circle log")
    await visitor.look("log")


async def nearly_ends(visitor: Visitor) -> None:
    """Tomasz asks for the end of the circle, Miriam agrees, and it is stopped."""
    await visitor.command("circle wipe")
    await visitor.look("wipe-form")
    await visitor.fill("wipe.form.label", "harbour-circle")
    await visitor.submit()
    await visitor.look("wipe-asked")
    await visitor.become("Miriam")
    await visitor.command("circle wipe")
    await visitor.look("wipe-second")
    await visitor.press("wipe.agree")
    await visitor.fill("wipe.form.label", "harbour-circle")
    await visitor.submit()
    await visitor.look("wipe-agreed")
    await visitor.press("wipe.stop")
    await visitor.look("wipe-stopped")


async def play(visitor: Visitor) -> None:
    """In the circle whose stories appear at once, until its facilitator chooses otherwise."""
    await chooses_care(visitor)
    await lists_words(visitor)
    await looks_first(visitor)
    await is_reported(visitor)
    await writes_privately(visitor)
    await reads_notes(visitor)
    await writes_to_the_teller(visitor)
    await acts_openly(visitor)
    await nearly_ends(visitor)

"""No joining: no transaction writes something without a name and something that holds a user id."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

from bot.rules.care import CarePlan
from bot.rules.mutes import MuteFor
from bot.rules.stories import Ask
from bot.services.edited import What
from bot.services.note_drafts import Sender
from bot.services.resonating import Sign
from bot.services.reviewing import Decision
from bot.services.stories import Teller
from db.story_tables import Draft
from db.tables import Reminder
from tests.anonymity.joining import Watch, Written
from tests.anonymity.town import FILE, Town, town
from tests.services.desk import remove_for_good

TECHNICAL = {
    "Outbox.claim": "takes what is due in several places at once, whoever is behind it: the moment is random "
    "for what has no name, and nothing of the lease outlives the delivery",
    "Outbox.start": "lets go of whatever an ended process held",
    "Housekeeping.due": "the daily clean-up: it touches all that is a day or a window old",
    "Housekeeping.clean": "the same",
    "OwnStories.withdraw": "a named story goes with the replies in its thread, whose writers did nothing",
    "OwnStories.erase_named": "the same",
    "Retracting.retracted": "the same, when Discord has confirmed it",
    "Edits.save": "what changes a named story at once was a sealed draft of the same person, for this story",
    "Claiming.claim": "puts a name to one story: that is what its teller wants; no other row without one",
    "Removing.remove": "a named story is covered with the replies in its thread, by a moderator",
    "Removing.bring_back": "the same, the other way round",
    "Removing.due": "the same as withdrawing, ten minutes after a moderator removed it",
}
"""Transactions that may touch both, and why that joins nobody to anything."""
ANN, BEN, CEM = 800_000_000_000_000_011, 800_000_000_000_000_012, 800_000_000_000_000_013


async def test_no_transaction_writes_an_unnamed_row_and_one_with_a_user_id(tmp_path: Path) -> None:
    async with town(tmp_path, Random(1)) as here:
        await here.settle_in(1, delay_minutes=10)
        watch = Watch(tmp_path / FILE, frozenset({ANN, BEN, CEM}))
        with watch.over(here.services, here.database):
            await _a_month(here)

    joined = {one.by: one for one in watch.written if one.joined}
    assert set(joined) <= set(TECHNICAL)
    claims = [one for one in watch.written if one.by == "Claiming.claim"]
    assert len(claims) == 1
    assert claims[0].unnamed <= {"stories", "deliveries"}  # as it stood before, and what shows it anew
    by = {one.by for one in watch.written}
    pressed = {
        "Stories.keep", "Stories.post", "Stories.discard", "Additions.keep", "Additions.post",
        "Resonating.press", "Reports.report", "ReportDesk.close",
        "OwnStories.withdraw", "OwnStories.withdraw_reply", "Moderation.mute",
        "Removing.remove", "Removing.due", "Claiming.claim", "Nudges.due", "Privacy.due",
        "Reminders.remind_weekly", "Reminders.stop_in", "Reminders.due",
        "Notes.keep", "Notes.keep_answer", "Notes.send", "NotePages.close", "NotePages.due",
        "NotePages.withdraw_moderators",
    }  # fmt: skip
    assert pressed <= by  # it saw everything that people do
    assert any(one.with_person for one in watch.written if one.by == "Reminders.remind_weekly")
    assert any(one.unnamed for one in watch.written if one.by == "Stories.post")


async def test_nor_does_one_where_moderators_look_first(tmp_path: Path) -> None:
    async with town(tmp_path, Random(1)) as here:
        await here.settle_in(1, delay_minutes=10)
        await here.services.caring.change(here.circle_id, CarePlan(review=True))
        watch = Watch(tmp_path / FILE, frozenset({ANN, BEN, CEM}))
        with watch.over(here.services, here.database):
            await _looked_at(here)

    assert {one.by for one in watch.written if one.joined} <= set(TECHNICAL)
    by = {one.by for one in watch.written if one.unnamed}
    assert {"Reviewing.take", "Reviewing.decide", "Reviewing.due", "Edits.save", "EditsDue.apply"} <= by


async def _looked_at(here: Town) -> None:
    """Stories with a name and without go through the moderators' hands, each in its own way."""
    services, told = here.services, list[int]()
    for person in (ANN, BEN, CEM):
        await here.remind(person)
        told.append((await here.post(await here.write("I was late."), person)).story_id)
        told.append((await here.post(await here.write("So was I.", named=True), person, "Ann")).story_id)
    await here.until(here.now() + timedelta(minutes=11))
    ways = (Decision.PUBLISH, Decision.PUBLISH, Decision.RETURN, Decision.RETURN, Decision.DECLINE)
    for story, way in zip(told, (*ways, Decision.DECLINE), strict=True):
        await _decide(here, "story", story, way)
    await here.tick()
    for story in told[:4]:
        person = {0: ANN, 1: ANN, 2: BEN, 3: BEN}[told.index(story)]
        changed = await services.edits.keep(What.STORY, story, None, person, ask=Ask.IDEAS)
        await services.edits.save(changed.receipt, changed.revision, person)
    await here.until(here.now() + timedelta(minutes=11))
    for story, kind in zip(told, ("edit", "edit", "story", "story"), strict=False):
        await _decide(here, kind, story, Decision.PUBLISH)
    await here.tick()
    await here.until(here.now() + timedelta(days=32))
    while await services.reviewing.due(here.now()):
        pass
    assert len(await here.rows("SELECT id FROM stories")) == 4


async def _decide(here: Town, kind: str, subject: int, way: Decision) -> None:
    taken = await here.services.reviewing.take(kind, subject, CEM)
    assert taken.token is not None
    await here.services.reviewing.decide(kind, subject, taken.token, way, "Because.")


async def test_a_transaction_that_joins_them_is_noticed(tmp_path: Path) -> None:
    async with town(tmp_path, Random(1)) as here:
        await here.settle_in(1, delay_minutes=10)
        watch = Watch(tmp_path / FILE, frozenset({ANN}))
        with watch.over(here.services, here.database):
            async with here.database.write() as session:
                session.add(Draft(receipt_hash=b"x" * 32, sealed=b"y", keep_until=here.now().date()))
                session.add(
                    Reminder(
                        user_id=ANN, circle_id=here.circle_id, weekday=0, at_minute=0, zone="UTC", state="on"
                    )
                )

    assert watch.written == [Written("nobody", frozenset({"reminders"}), frozenset({"drafts"}))]


async def _a_month(here: Town) -> None:
    """Everything that people do, by name and without, often in the same minute."""
    services = here.services
    for day, person in enumerate((ANN, BEN, CEM)):
        await here.remind(person)
        left = await here.write("Never posted.")
        told = await here.post(await here.write("I was late."), person)
        named = await here.post(await here.write("I was late, says Ann.", named=True), person, "Ann")
        await here.until(here.now() + timedelta(minutes=11))
        for story in (told.story_id, named.story_id):
            added = await here.reply(BEN, story, "I hear you.")
            await here.reply(CEM, story, "So do I.")
            await services.resonating.press(story, Sign.THANKS, CEM)
        writer = CEM if person != CEM else BEN
        note = await here.note(writer, told.story_id, "That took courage.")
        taken = await here.note(ANN, told.story_id, "From us.", Sender.MODERATORS)
        await here.update(person, told.story_id, "It went on.")
        await here.update(person, named.story_id, "It went on.")
        await services.own_stories.withdraw_reply(added.receipt)
        await here.until(here.now() + timedelta(minutes=11))
        await here.answer_note(person, note.id, "Thank you.")
        await services.note_pages.withdraw_moderators(taken.id)
        await services.note_pages.close(told.story_id, None, person, closed=True)
        await services.stories.discard(left)
        other = BEN if person == ANN else ANN
        await here.report(other, told.story_id)
        await services.report_desk.close(await here.report(other, named.story_id))
        if day == 0:
            await services.own_stories.withdraw(told.story_id, told.receipt, person)
            await services.own_stories.withdraw(named.story_id, None, person)
        elif day == 1:
            await remove_for_good(services, told.story_id)
            await remove_for_good(services, named.story_id)
        await here.until(here.now() + timedelta(days=2, hours=1))
        await services.reminders.stop_in(ANN, here.circle_id)
    end = await services.moderation.mute_end(told.story_id, MuteFor.ONE_WEEK)
    await services.moderation.mute(told.story_id, end.until)
    await services.claiming.claim(told.story_id, None, Teller(CEM, "Cem"))
    services.nudges.ask(ANN)
    await here.until(here.now() + timedelta(hours=13))
    while await services.nudges.due(here.now()):
        pass
    await services.own_stories.erase_named(BEN)
    await services.privacy.let_go(CEM)
    for _ in range(3):
        here.now.at += timedelta(hours=9)
        await services.privacy.due(here.now())
    await here.until(here.now() + timedelta(days=30))

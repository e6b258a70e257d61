"""Private notes to an unnamed teller, and back: who may, who reads what, when, and what is kept of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.errors import Gone, NotAllowed, Refusal
from bot.rules.mutes import MuteFor
from bot.rules.receipts import new_receipt
from bot.services import Services
from bot.services.note_drafts import OpenNote, Sender, SentNote
from bot.services.own_stories import OwnNote, OwnStory
from bot.services.stories import Teller
from db.care_tables import Note
from db.database import Database
from db.story_tables import Draft, Story
from tests.conftest import Now
from tests.services.columns import everything_kept
from tests.services.desk import ANN, BEN, CEM, GUILD, Desk, remove_for_good

PAST_THE_WINDOW = 29
MODERATOR = CEM


@pytest.fixture
async def desk(services: Services) -> Desk:
    return await Desk(services).open()


async def arrive(desk: Desk, now: Now, minutes: float = 3) -> None:
    """What is on its way is there."""
    now.forward(minutes=minutes)
    while await desk.services.note_pages.due(now()):
        pass


async def rows(database: Database) -> list[Note]:
    async with database.read() as session:
        return list(await session.scalars(select(Note)))


async def read_by_teller(desk: Desk, story_id: int, person: int = ANN, proof: str | None = None) -> list[str]:
    """All notes that a teller can read, page by page."""
    pages = desk.services.note_pages
    count = (await pages.to_me(story_id, proof, person, 0)).pages
    found = [(await pages.to_me(story_id, proof, person, page)).note for page in range(count)]
    return [note.text for note in found if note is not None]


async def refused(desk: Desk, person: int, story_id: int, sender: Sender = Sender.PEER) -> str:
    """Why somebody can't write: before the form opens, and when they press *Send* all the same."""
    services = desk.services
    with pytest.raises(Refusal) as before:
        await services.notes.begin(story_id, person, sender)
    kept = await services.notes.keep(story_id, sender, "All the same.")
    with pytest.raises(Refusal) as pressed:
        await services.notes.send(kept.receipt, 1, person)
    assert pressed.value.key == before.value.key
    assert (await services.notes.draft(kept.receipt)).draft.text == "All the same."  # not lost
    return before.value.key


# there and back


async def test_a_note_and_its_answer_go_both_ways_each_after_a_random_wait(
    desk: Desk, database: Database, now: Now
) -> None:
    told = await desk.tell(ANN)
    note = await desk.note(BEN, told.story_id, "That took courage.")
    assert await read_by_teller(desk, told.story_id) == []
    (row,) = await rows(database)
    assert row.appears_at is not None
    assert now() <= row.appears_at <= now() + timedelta(minutes=3)

    await arrive(desk, now)
    assert await read_by_teller(desk, told.story_id) == ["That took courage."]
    await desk.answer_note(ANN, note.id, "Thank you.")
    mine = await desk.services.own_stories.find(note.receipt)
    assert isinstance(mine, OwnNote)
    assert mine.answer is None
    await arrive(desk, now)

    mine = await desk.services.own_stories.find(note.receipt)
    assert isinstance(mine, OwnNote)
    assert (mine.text, mine.answer) == ("That took courage.", "Thank you.")
    (row,) = await rows(database)
    assert row.appears_at is None
    with pytest.raises(Refusal) as again:
        await desk.answer_note(ANN, note.id, "And more.")
    assert again.value.key == "refusals.note_answered"


async def test_the_waits_of_notes_are_spread_and_their_order_says_nothing(
    desk: Desk, database: Database, now: Now
) -> None:
    """Who wrote first and who second can't be told from when they arrive."""
    told = [await desk.tell(ANN, f"Story {number}.") for number in range(40)]
    earlier = 0
    for story in told:
        first = await desk.note(BEN, story.story_id, "First.")
        second = await desk.note(CEM, story.story_id, "Second.")
        at = {row.id: row.appears_at for row in await rows(database)}
        one, two = at[first.id], at[second.id]
        assert one is not None
        assert two is not None
        earlier += one < two
        now.forward(minutes=7)

    assert 10 <= earlier <= 30


async def test_send_pressed_twice_is_one_note_and_one_answer(
    desk: Desk, database: Database, now: Now
) -> None:
    told = await desk.tell(ANN)
    services = desk.services
    kept = await services.notes.keep(told.story_id, Sender.PEER, "Once.")
    done = [await services.notes.send(kept.receipt, 1, BEN) for _ in range(2)]
    assert [isinstance(one, SentNote) and one.again for one in done] == [False, True]
    await arrive(desk, now)
    (row,) = await rows(database)

    answer = await services.notes.keep_answer(row.id, None, ANN, "Once too.")
    done = [await services.notes.send(answer.receipt, 1, ANN) for _ in range(2)]
    assert [isinstance(one, SentNote) and one.again for one in done] == [False, True]
    assert [(row.text, row.answer) for row in await rows(database)] == [("Once.", "Once too.")]
    with pytest.raises(Gone):
        await services.notes.draft(answer.receipt)  # what is left of the draft holds no words


async def test_an_older_preview_sends_nothing_and_shows_the_newest(desk: Desk, database: Database) -> None:
    told = await desk.tell(ANN)
    services = desk.services
    kept = await services.notes.keep(told.story_id, Sender.PEER, "Rough.")
    await services.notes.rewrite(kept.receipt, "Kinder.")

    shown = await services.notes.send(kept.receipt, 1, BEN)

    assert isinstance(shown, OpenNote)
    assert (shown.older, shown.draft.text) == (True, "Kinder.")
    assert await rows(database) == []


async def test_a_code_of_something_else_is_no_note(desk: Desk) -> None:
    told = await desk.tell(ANN)
    reply = await desk.services.additions.keep("reply", told.story_id, "A reply's draft.")  # type: ignore[arg-type]

    for receipt in (reply.receipt, new_receipt(), told.receipt):
        with pytest.raises(Gone):
            await desk.services.notes.draft(receipt)
        with pytest.raises(Gone):
            await desk.services.notes.send(receipt, 1, BEN)
        with pytest.raises(Gone):
            await desk.services.notes.discard(receipt)
    assert (await desk.services.additions.draft(reply.receipt)).addition.text == "A reply's draft."


# who may


async def test_one_unanswered_note_each_and_another_once_the_answer_can_be_read(desk: Desk, now: Now) -> None:
    told, other = await desk.tell(ANN), await desk.tell(ANN, "Another.")
    first = await desk.note(BEN, told.story_id, "First.")
    await desk.note(CEM, told.story_id, "From somebody else.")
    await desk.note(BEN, other.story_id, "To another story.")
    assert await refused(desk, BEN, told.story_id) == "refusals.note_unanswered_peer"
    await arrive(desk, now)
    assert await refused(desk, BEN, told.story_id) == "refusals.note_unanswered_peer"

    await desk.answer_note(ANN, first.id, "Thank you.")
    # the refusal doesn't tell that an answer is on its way
    assert await refused(desk, BEN, told.story_id) == "refusals.note_unanswered_peer"
    await arrive(desk, now)
    await desk.note(BEN, told.story_id, "Second.")


async def test_a_note_that_is_taken_back_makes_room_for_another(desk: Desk) -> None:
    told = await desk.tell(ANN)
    first = await desk.note(BEN, told.story_id, "Too sharp.")
    await desk.services.note_pages.withdraw(first.id, None, BEN)

    await desk.note(BEN, told.story_id, "Kinder.")


async def test_the_teller_is_told_kindly_that_it_is_their_own_story_as_long_as_that_is_known(
    desk: Desk, now: Now
) -> None:
    told = await desk.tell(ANN)

    assert await refused(desk, ANN, told.story_id) == "refusals.note_to_yourself"
    now.forward(days=PAST_THE_WINDOW)
    await desk.services.housekeeping.due(now())
    await desk.services.notes.begin(told.story_id, ANN, Sender.PEER)


async def test_a_named_teller_is_written_to_in_discord_and_answers_what_came_before(
    desk: Desk, now: Now
) -> None:
    named, told = await desk.tell(ANN, "With my name.", named=True), await desk.tell(ANN)
    assert await refused(desk, BEN, named.story_id) == "refusals.note_to_named"
    assert await refused(desk, MODERATOR, named.story_id, Sender.MODERATORS) == "refusals.note_to_named"
    assert not await desk.services.notes.welcome(named.story_id)
    note = await desk.note(BEN, told.story_id, "Before the name.")
    await arrive(desk, now)

    await desk.services.claiming.claim(told.story_id, told.receipt, Teller(ANN, "Ann"))
    assert await refused(desk, CEM, told.story_id) == "refusals.note_to_named"
    await desk.answer_note(ANN, note.id, "Thank you.")


async def test_whoever_is_muted_writes_no_notes_and_answers_moderators_alone(desk: Desk, now: Now) -> None:
    muted_for, told = await desk.tell(BEN, "Hurtful."), await desk.tell(ANN)
    services = desk.services
    note = await desk.note(ANN, muted_for.story_id, "That hurt me.")
    care = await desk.note(MODERATOR, muted_for.story_id, "Let us talk.", Sender.MODERATORS)
    await arrive(desk, now)
    end = await services.moderation.mute_end(muted_for.story_id, MuteFor.ONE_WEEK)
    await services.moderation.mute(muted_for.story_id, end.until)

    assert await refused(desk, BEN, told.story_id) == "refusals.muted"
    with pytest.raises(Refusal) as answering:
        await desk.answer_note(BEN, note.id, "So what.")
    assert answering.value.key == "refusals.muted"
    await desk.answer_note(BEN, care.id, "Yes, please.")


async def test_a_paused_circle_takes_no_new_notes_but_those_of_its_moderators(desk: Desk, now: Now) -> None:
    told = await desk.tell(ANN)
    await desk.services.circles.pause(desk.circle_id, None)

    assert await refused(desk, BEN, told.story_id) == "refusals.paused"
    care = await desk.note(MODERATOR, told.story_id, "How are you?", Sender.MODERATORS)
    await arrive(desk, now)
    await desk.answer_note(ANN, care.id, "Better.")


async def test_a_moderator_who_told_the_story_is_treated_as_any_moderator(desk: Desk) -> None:
    """Else they would have to explain to the others why they can't write."""
    told = await desk.tell(MODERATOR)

    await desk.note(MODERATOR, told.story_id, "How are you?", Sender.MODERATORS)


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b\u2060", "x" * 801, "🌱" * 4000])
async def test_nothing_and_too_much_are_refused(desk: Desk, text: str) -> None:
    told = await desk.tell(ANN)

    with pytest.raises(Refusal):
        await desk.services.notes.keep(told.story_id, Sender.PEER, text)


# the teller's choice


async def test_closing_is_known_to_others_a_random_while_later_and_undone_before_never(
    desk: Desk, database: Database, now: Now
) -> None:
    told = await desk.tell(ANN)
    pages, notes = desk.services.note_pages, desk.services.notes
    assert (await pages.close(told.story_id, None, ANN, closed=True)).closed
    await notes.begin(told.story_id, BEN, Sender.PEER)  # nobody else can know yet
    assert not (await pages.close(told.story_id, None, ANN, closed=False)).closed
    await arrive(desk, now, minutes=5)
    await notes.begin(told.story_id, BEN, Sender.PEER)

    await pages.close(told.story_id, None, ANN, closed=True)
    await desk.note(CEM, told.story_id, "Written in between.")
    await arrive(desk, now)
    async with database.read() as session:
        assert (await session.get_one(Story, told.story_id)).notes_turn_at is None

    assert await refused(desk, BEN, told.story_id) == "refusals.notes_closed"
    assert await refused(desk, MODERATOR, told.story_id, Sender.MODERATORS) == "refusals.notes_closed"
    assert not await notes.welcome(told.story_id)
    assert await read_by_teller(desk, told.story_id) == ["Written in between."]
    await pages.close(told.story_id, None, ANN, closed=False)
    assert await refused(desk, BEN, told.story_id) == "refusals.notes_closed"
    await arrive(desk, now)
    await notes.begin(told.story_id, BEN, Sender.PEER)


async def test_nobody_but_the_teller_reads_answers_or_closes(desk: Desk, now: Now) -> None:
    told = await desk.tell(ANN)
    note = await desk.note(BEN, told.story_id, "For you alone.")
    await arrive(desk, now)
    services = desk.services

    for person, proof in ((BEN, None), (CEM, None), (BEN, note.receipt), (CEM, new_receipt())):
        with pytest.raises(NotAllowed):
            await services.note_pages.to_me(told.story_id, proof, person, 0)
        with pytest.raises(NotAllowed):
            await services.note_pages.close(told.story_id, proof, person, closed=True)
        with pytest.raises(NotAllowed):
            await services.notes.keep_answer(note.id, proof, person, "Not mine to give.")
    for person, proof in ((ANN, None), (CEM, None), (CEM, told.receipt)):
        with pytest.raises(NotAllowed):
            await services.note_pages.mine(note.id, proof, person)
        with pytest.raises(NotAllowed):
            await services.note_pages.withdraw(note.id, proof, person)


# finding again


async def test_the_sender_is_recognised_inside_the_window_and_after_it_by_the_code_alone(
    desk: Desk, database: Database, now: Now
) -> None:
    told = await desk.tell(ANN)
    note = await desk.note(BEN, told.story_id, "That took courage.")
    services, circles = desk.services, [desk.circle_id]
    found = await services.own_stories.page(GUILD, circles, BEN, 0)
    assert [thing.id for thing in found.things if isinstance(thing, OwnNote)] == [note.id]
    for other in (ANN, CEM):
        page = await services.own_stories.page(GUILD, circles, other, 0)
        assert not [thing for thing in page.things if isinstance(thing, OwnNote)]

    now.forward(days=PAST_THE_WINDOW)
    await arrive(desk, now)
    await desk.deliver()
    await services.housekeeping.due(now())

    assert [row.tag for row in await rows(database)] == [None]
    assert (await services.own_stories.page(GUILD, circles, BEN, 0)).things == ()
    with pytest.raises(NotAllowed):
        await services.note_pages.mine(note.id, None, BEN)
    await desk.answer_note(CEM, note.id, "By the code of the story.", told.receipt)
    await arrive(desk, now)
    mine = await services.note_pages.mine(note.id, note.receipt, CEM)
    assert mine.answer == "By the code of the story."


async def test_no_two_notes_look_like_one_persons_and_nothing_kept_says_who(
    desk: Desk, database: Database, now: Now
) -> None:
    told = await desk.tell(ANN)
    for text in ("First.", "Second."):
        note = await desk.note(BEN, told.story_id, text)
        await arrive(desk, now)
        await desk.answer_note(ANN, note.id, "Thank you.")
        await arrive(desk, now)
    await desk.note(MODERATOR, told.story_id, "From us.", Sender.MODERATORS)

    tags = [row.tag for row in await rows(database)]
    assert len(set(tags)) == 3
    assert tags.count(None) == 1  # moderators write as one
    kept = await everything_kept(database)
    assert not [value for value in kept for person in (ANN, BEN, CEM) if str(person) in value]


# the moderators


async def test_moderators_write_as_one_read_every_answer_and_learn_no_name(desk: Desk, now: Now) -> None:
    told, second = await desk.tell(ANN), await desk.tell(BEN, "Second.")
    pages = desk.services.note_pages
    assert (await pages.of_moderators(desk.circle_id, 0)).note is None
    note = await desk.note(MODERATOR, told.story_id, "How are you?", Sender.MODERATORS)
    await desk.note(MODERATOR, second.story_id, "Shall we add a content note?", Sender.MODERATORS)
    await desk.note(BEN, told.story_id, "A peer's, which no moderator reads.")
    refusal = await refused(desk, BEN, told.story_id, Sender.MODERATORS)
    assert refusal == "refusals.note_unanswered_moderators"  # whichever of them asks
    await arrive(desk, now)
    await desk.answer_note(ANN, note.id, "Better.")
    await arrive(desk, now)

    shown = [(await pages.of_moderators(desk.circle_id, page)).note for page in range(3)]

    assert [(one.number, one.text, one.answer) for one in shown if one is not None] == [
        (2, "Shall we add a content note?", None), (1, "How are you?", "Better."),
        (1, "How are you?", "Better."),  # beyond the last page stands the last
    ]  # fmt: skip
    page = await pages.to_me(told.story_id, None, ANN, 1)
    assert page.note is not None
    assert page.note.sender is Sender.MODERATORS


async def test_any_moderator_takes_back_what_they_wrote_and_nothing_of_a_peer(desk: Desk, now: Now) -> None:
    told = await desk.tell(ANN)
    note = await desk.note(MODERATOR, told.story_id, "How are you?", Sender.MODERATORS)
    peers = await desk.note(BEN, told.story_id, "A peer's.")
    pages = desk.services.note_pages
    with pytest.raises(Gone):
        await pages.withdraw_moderators(peers.id)
    with pytest.raises(Gone):
        await pages.mine(note.id, note.receipt, MODERATOR)  # it is nobody's own
    with pytest.raises(Gone):
        await desk.services.own_stories.find(note.receipt)

    await pages.withdraw_moderators(note.id)
    with pytest.raises(Gone):
        await pages.withdraw_moderators(note.id)
    await arrive(desk, now)
    assert await read_by_teller(desk, told.story_id) == ["A peer's."]


# going


async def test_a_note_taken_back_is_gone_for_both_and_the_answer_being_written_stays_with_its_writer(
    desk: Desk, database: Database, now: Now
) -> None:
    told = await desk.tell(ANN)
    note = await desk.note(BEN, told.story_id, "Too sharp.")
    await arrive(desk, now)
    services = desk.services
    answer = await services.notes.keep_answer(note.id, None, ANN, "That hurt.")

    await services.note_pages.withdraw(note.id, note.receipt, CEM)

    assert await rows(database) == []
    assert await read_by_teller(desk, told.story_id) == []
    with pytest.raises(Gone):
        await services.own_stories.find(note.receipt)
    with pytest.raises(Gone):
        await services.notes.send(answer.receipt, 1, ANN)
    async with database.read() as session:
        assert len(list(await session.scalars(select(Draft)))) == 1


@pytest.mark.parametrize("how", ["withdrawn", "removed"])
async def test_notes_go_with_their_story_at_once(desk: Desk, database: Database, now: Now, how: str) -> None:
    told = await desk.tell(ANN)
    note = await desk.note(BEN, told.story_id, "That took courage.")
    await arrive(desk, now)
    await desk.answer_note(ANN, note.id, "Thank you.")
    await desk.note(CEM, told.story_id, "On its way.")

    if how == "withdrawn":
        await desk.services.own_stories.withdraw(told.story_id, told.receipt, ANN)
    else:
        await remove_for_good(desk.services, told.story_id)

    assert await rows(database) == []
    with pytest.raises(Gone):
        await desk.services.own_stories.find(note.receipt)
    with pytest.raises(Gone):
        await desk.services.note_pages.to_me(told.story_id, told.receipt, ANN, 0)
    await desk.deliver()


async def test_who_lets_all_of_theirs_go_takes_back_their_notes_too(
    desk: Desk, database: Database, now: Now
) -> None:
    told = await desk.tell(ANN)
    await desk.note(BEN, told.story_id, "Ben's.")
    await desk.note(CEM, told.story_id, "Cem's.")

    await desk.services.privacy.let_go(BEN)
    end = now() + timedelta(days=1)
    while (due := await desk.services.privacy.next_due()) is not None and due <= end:
        now.at = max(due, now())
        await desk.services.privacy.due(now())

    assert [row.text for row in await rows(database)] == ["Cem's."]


async def test_the_panel_counts_what_came_and_what_is_unanswered(desk: Desk, now: Now) -> None:
    told = await desk.tell(ANN)
    first = await desk.note(BEN, told.story_id, "One.")
    await desk.note(CEM, told.story_id, "Two.")
    await arrive(desk, now)
    await desk.answer_note(ANN, first.id, "Thank you.")

    story = await desk.services.own_stories.mine(told.story_id, None, ANN)

    assert isinstance(story, OwnStory)
    assert (story.notes, story.unanswered) == (2, 1)
    assert await read_by_teller(desk, told.story_id) == ["Two.", "One."]


async def test_a_tick_with_nothing_due_writes_nothing(desk: Desk, database: Database, now: Now) -> None:
    told = await desk.tell(ANN)
    await desk.note(BEN, told.story_id, "One.")
    before = database.writes

    assert await desk.services.note_pages.due(now() - timedelta(seconds=1)) == 0

    assert database.writes == before
    due = await desk.services.note_pages.next_due()
    assert due is not None
    assert due > now()

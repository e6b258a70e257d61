"""Private notes: somebody in the circle, or its moderators, and the unnamed teller of a story, both ways."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.rules.limits import NOTES
from cogs import note_screens
from db.care_tables import Note
from tests.conftest import IN_BOTH, Circle, seen, walk
from tests.flows.people import code_in, panel_of, press_at_once, stories_in, tell, told_to
from tests.flows.test_own_panel import labels
from tests.flows.test_story_mine import with_code_in_dms

MENU = "Private note to the teller"
KIND = "That took courage. Thank you for telling it."
PAST_THE_WINDOW = 29
NASTY = {
    "mentions": "@everyone @here <@1> <@&2> <#3>",
    "code": "```py\nprint('x')\n``` and `one`",
    "spoiler": "||hidden|| **bold** # heading\n> quote\n- list",
    "direction": "\u202egnorw \u2066right\u2069 \u200fto left",
    "no width": "wo\u200bund\u2060ed",
    "link": "[press](https://example.org) https://example.org/a_b_c",
    "scripts": "Ünï ñ 漢字 عربي עברית ไทย 🌱",
    "asterisks": "*" * 800,
    "emoji": "🌱" * 800,
}


async def menu(circle: Circle, person: Any, story: Any = None) -> Any:
    """*Apps → Private note to the teller* on a story, also where it is a post of its own."""
    message = story or stories_in(circle)[0]
    places = {place.id: place for place in (circle.channel, *circle.channel.threads)}
    return await person.context_menu(places[message.channel.id], MENU, message)


async def write(circle: Circle, person: Any, text: str = KIND, story: Any = None) -> Any:
    """*Apps → Private note to the teller* → form → submitted; returns the private preview."""
    opened = await menu(circle, person, story)
    return (await person.submit_modal(opened, {"text": text})).response


async def send(circle: Circle, person: Any, text: str = KIND, story: Any = None) -> Any:
    """The same, and *Send*; returns what stands there then."""
    preview = await write(circle, person, text, story)
    return (await person.click(preview.message, label="Send")).response


async def read(circle: Circle, teller: Any) -> Any:
    """*Private notes* in the panel of somebody who is recognised."""
    panel = await panel_of(circle, teller)
    return (await teller.click(panel.message, label="Private notes")).response


async def answer(teller: Any, page: Any, text: str = "It did. Thank you.") -> Any:
    """*Answer* on a page → form → *Send*; returns what stands there then."""
    opened = await teller.click(page.message, label="Answer")
    preview = (await teller.submit_modal(opened, {"text": text})).response
    return (await teller.click(preview.message, label="Send")).response


async def by_code(circle: Circle, person: Any, code: str) -> Any:
    """``/story receipt`` → the code."""
    opened = await person.slash(circle.channel, "story receipt")
    return await person.submit_modal(opened, {"code": code})


def names(circle: Circle) -> list[str]:
    """Whatever would say who somebody is."""
    people = (*circle.peers, circle.moderator, circle.facilitator)
    return [str(one) for person in people for one in (person.id, person.name)]


def nobody_in(circle: Circle, *shown: Any) -> bool:
    """Whether no screen says who anybody is, in its text or below it."""
    said = " ".join(f"{seen(one)} {list(walk(one.components))}" for one in shown)
    return not any(name in said.split() or f"<@{name}" in said for name in names(circle))


async def rows(circle: Circle) -> list[Note]:
    async with circle.stage.database.read() as session:
        return list(await session.scalars(select(Note)))


# there and back


@IN_BOTH
async def test_a_note_reaches_the_teller_and_the_answer_its_sender_and_nobody_learns_a_name(
    circle: Circle,
) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    await tell(circle, ann)
    before = len(stage.env.http_requests)

    preview = await write(circle, ben)
    for text in (KIND, "Nothing is sent yet", "Nobody is notified", "don't ask who it is"):
        assert text in seen(preview)
    sent = (await ben.click(preview.message, label="Send")).response
    assert "Your note arrives" in seen(sent)
    assert "don't ask who it is" in seen(sent)
    assert "There are none" in seen(await read(circle, ann))
    await stage.pass_time(minutes=3)

    panel = await panel_of(circle, ann)
    assert "Private notes: 1. Not answered yet: 1." in seen(panel)
    page = (await ann.click(panel.message, label="Private notes")).response
    for text in (KIND, "from somebody in the circle", "you needn't say"):
        assert text in seen(page)
    opened = await ann.click(page.message, label="Answer")
    answering = (await ann.submit_modal(opened, {"text": "It did. Thank you."})).response
    assert KIND in seen(answering)
    assert "you needn't say" in seen(answering)
    done = (await ann.click(answering.message, label="Send")).response
    assert "Your answer arrives" in seen(done)
    mine = (await ben.click(sent.message, label="My note")).response
    assert "It did." not in seen(mine)
    await stage.pass_time(minutes=3)

    mine = (await ben.click(sent.message, label="My note")).response
    assert "It did. Thank you." in seen(mine)
    assert labels(mine) == ["Write again", "Take the note back"]
    page = (await ann.click(done.message, label="Private notes")).response
    assert "It did. Thank you." in seen(page)
    assert "Answer" not in labels(page)
    assert nobody_in(circle, preview, sent, panel, page, answering, done, mine)
    made = stage.env.http_requests[before:]
    assert all(one.path.startswith(("/interactions", "/webhooks")) for one in made)  # nothing pings


async def test_after_an_answer_the_sender_writes_again(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    sent = await send(circle, ben)
    await circle.stage.pass_time(minutes=3)
    refused = await menu(circle, ben)
    assert "You have written to this teller already" in told_to(refused)
    await answer(ann, await read(circle, ann))
    await circle.stage.pass_time(minutes=3)

    mine = (await ben.click(sent.message, label="My note")).response
    opened = await ben.click(mine.message, label="Write again")
    preview = (await ben.submit_modal(opened, {"text": "One more thing."})).response
    await ben.click(preview.message, label="Send")
    await circle.stage.pass_time(minutes=3)

    page = await read(circle, ann)
    assert "Note 1 of 2" in seen(page)
    assert "One more thing." in seen(page)
    rest = (await ann.click(page.message, label="Next page")).response
    assert KIND in seen(rest)
    back = (await ann.click(rest.message, label="Page before")).response
    assert "One more thing." in seen(back)


async def test_the_list_of_ones_own_shows_the_note_to_its_sender_alone_and_says_how_it_stands(
    circle: Circle,
) -> None:
    ann, ben, cem = circle.peers
    await tell(circle, ann)
    await send(circle, ben)
    listed = (await ben.slash(circle.channel, "story mine")).response
    assert "Your private note" in seen(listed)
    assert "hasn't arrived yet" in seen(listed)
    await circle.stage.pass_time(minutes=3)
    assert "no answer so far" in seen((await ben.slash(circle.channel, "story mine")).response)
    await answer(ann, await read(circle, ann))
    await circle.stage.pass_time(minutes=3)

    listed = (await ben.slash(circle.channel, "story mine")).response
    assert "answered" in seen(listed)
    mine = (await ben.click(listed.message, label="Look")).response
    assert "It did. Thank you." in seen(mine)
    for other in (ann, cem, circle.moderator):
        assert "Your private note" not in seen((await other.slash(circle.channel, "story mine")).response)


async def test_past_the_window_codes_alone_open_a_note_and_its_answer(circle: Circle) -> None:
    stage, (ann, ben, cem) = circle.stage, circle.peers
    told = code_in(await tell(circle, ann))
    code = code_in(await send(circle, ben))
    await stage.later(days=PAST_THE_WINDOW)

    panel = (await by_code(circle, cem, told)).response
    page = (await cem.click(panel.message, label="Private notes")).response
    assert KIND in seen(page)
    await answer(cem, page)
    await stage.pass_time(minutes=3)
    mine = (await by_code(circle, cem, code)).response
    assert "It did. Thank you." in seen(mine)
    wrong = await by_code(circle, ben, "0000-0000-0000-0000-0000")
    assert "I know nothing with this code" in told_to(wrong)
    assert "Your private note" not in seen((await ben.slash(circle.channel, "story mine")).response)


async def test_the_code_of_a_note_works_in_private_messages(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    sent = await send(circle, ben)
    message = await with_code_in_dms(circle, ben, sent)
    await circle.stage.pass_time(minutes=3)
    await answer(ann, await read(circle, ann))
    await circle.stage.pass_time(minutes=3)

    mine = (await ben.user.click(message, label="Use it")).response
    assert "It did. Thank you." in seen(mine)
    again = await ben.user.click(mine.message, label="Write again")
    assert "This works in the channel of your circle" in told_to(again)


async def test_a_quiet_sign_offers_a_note_where_one_is_welcome(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    counted = (await ben.click(stories_in(circle)[0], label="Thank you")).response
    opened = await ben.click(counted.message, label="Write the teller a private note")
    preview = (await ben.submit_modal(opened, {"text": KIND})).response
    assert "Send" in labels(preview)
    await tell(circle, ann, "With my name.", named=True)
    named = (await ben.click(stories_in(circle)[1], label="Thank you")).response
    assert labels(named) == []


# what goes wrong


async def test_a_note_survives_a_restart_between_its_form_and_its_preview_and_on_its_way(
    circle: Circle,
) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    await tell(circle, ann)
    opened = await menu(circle, ben)
    await stage.restart()
    preview = (await ben.submit_modal(opened, {"text": KIND})).response
    await stage.restart()
    sent = (await ben.click(preview.message, label="Send")).response
    await stage.restart()
    await stage.pass_time(minutes=3)

    page = await read(circle, ann)
    opened = await ann.click(page.message, label="Answer")
    await stage.restart()
    answering = (await ann.submit_modal(opened, {"text": "It did."})).response
    await stage.restart()
    await ann.click(answering.message, label="Send")
    await stage.pass_time(minutes=3)
    assert "It did." in seen((await ben.click(sent.message, label="My note")).response)


async def test_two_at_once_each_send_their_own_and_one_pressing_twice_sends_once(circle: Circle) -> None:
    ann, ben, cem = circle.peers
    await tell(circle, ann)
    (story,) = stories_in(circle)
    opened = [await menu(circle, person, story) for person in (ben, cem)]
    first = (await ben.submit_modal(opened[0], {"text": "From the first."})).response
    second = (await cem.submit_modal(opened[1], {"text": "From the second."})).response

    twice = await press_at_once(first.message, (ben, "Send"), (ben, "Send"))
    await cem.click(second.message, label="Send")

    assert code_in(twice[0].response) == code_in(twice[1].response)
    assert sorted(row.text for row in await rows(circle)) == ["From the first.", "From the second."]


async def test_two_notes_of_one_person_sent_at_once_are_one_and_the_other_is_kept(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    first, second = await write(circle, ben, "First."), await write(circle, ben, "Second.")
    await ben.click(first.message, label="Send")

    refused = await ben.click(second.message, label="Send")

    assert "You have written to this teller already" in told_to(refused)
    assert [row.text for row in await rows(circle)] == ["First."]
    back = (await ben.click(second.message, label="Edit")).modal
    assert back is not None
    assert "Second." in str(back)


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
async def test_hostile_text_is_shown_as_it_was_typed_and_pings_nobody(circle: Circle, text: str) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    sent = await send(circle, ben, text)
    await circle.stage.pass_time(minutes=3)
    page = await read(circle, ann)
    await answer(ann, page, text)
    await circle.stage.pass_time(minutes=3)

    page = await read(circle, ann)
    mine = (await ben.click(sent.message, label="My note")).response
    (note,) = await rows(circle)
    for shown in (page, mine):
        assert not any(mark in seen(shown) for mark in ("\u202e", "\u2066", "\u200b", "@everyone\n"))
        for said in ("<@1>", "<@&2>", "```py", "||hidden||", "[press](", "**bold**"):
            assert said not in seen(shown)
    assert note.text
    for one in circle.stage.env.http_requests:
        body: Any = one.json if isinstance(one.json, dict) else {}
        data = body.get("data", body)
        mentions = data.get("allowed_mentions") if isinstance(data, dict) else None
        assert mentions is None or mentions.get("parse") == []


@pytest.mark.parametrize(("text", "why"), [
    ("🌱" * 4000, "longer than the 800 characters"), ("\u200b\u2060 \n", "A sentence is enough"),
])  # fmt: skip
async def test_what_can_not_be_sent_is_explained_and_comes_back(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, text: str, why: str
) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    monkeypatch.setattr(note_screens, "NOTE_LIMIT", 4000)  # a changed client keeps to no limit

    answered = await ben.submit_modal(await menu(circle, ben), {"text": text})

    assert why in told_to(answered)
    if "🌱" in text:
        assert answered.response.attachments or "🌱" in told_to(answered)
    assert await rows(circle) == []


async def test_a_note_changed_and_discarded_leaves_nothing(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    preview = await write(circle, ben, "First.")
    edit = await ben.click(preview.message, label="Edit")
    changed = (await ben.submit_modal(edit, {"text": "Second."})).response
    assert "Second." in seen(changed)
    question = (await ben.click(changed.message, label="Discard")).response
    back = (await ben.click(question.message, label="Back to the preview")).response
    assert "Second." in seen(back)
    question = (await ben.click(back.message, label="Discard")).response
    done = await ben.click(question.message, label="Discard it")
    assert "Nothing of it is kept" in told_to(done)
    assert await rows(circle) == []


async def test_too_many_notes_wait_in_their_preview(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    preview = await write(circle, ben)
    for _ in range(NOTES.most):
        circle.stage.bot.gate.count(NOTES, ben.id)

    refused = await ben.click(preview.message, label="Send")

    assert "many private notes" in told_to(refused)
    assert await rows(circle) == []


# who may


async def test_the_teller_is_told_in_private_and_nobody_else_learns_it(circle: Circle) -> None:
    ann, ben, cem = circle.peers
    await tell(circle, ann)
    own = await menu(circle, ann)
    assert "This is your own story" in told_to(own)
    assert own.response.ephemeral
    for other in (ben, cem, circle.moderator, circle.facilitator):
        assert (await menu(circle, other)).modal is not None


async def test_a_named_tellers_story_says_that_they_can_be_written_to_in_discord(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann, named=True)
    refused = await menu(circle, ben)
    assert "write to them in Discord" in told_to(refused)
    assert "Private notes" not in labels(await panel_of(circle, ann))
    elsewhere = await ben.send(circle.channel, "Good morning.")
    assert "no story here" in told_to(await menu(circle, ben, elsewhere))


async def test_whoever_is_muted_or_in_a_paused_circle_is_refused_as_when_telling(circle: Circle) -> None:
    ann, ben, cem = circle.peers
    await tell(circle, ann)
    await tell(circle, ben, "Hurtful.")
    story = stories_in(circle)[0]
    asked = await circle.moderator.slash(circle.channel, "moderate mute", story=2, until="One week")
    await circle.moderator.click(asked.response.message, label="Mute")
    refused = await menu(circle, ben, story)
    assert "You can't tell or reply in this circle for a while" in told_to(refused)

    draft = await write(circle, cem)
    await circle.facilitator.slash(circle.channel, "circle pause")
    refused = await menu(circle, cem, story)
    assert "The circle is paused" in told_to(refused)
    refused = await cem.click(draft.message, label="Send")
    assert "your words are kept" in told_to(refused)
    await circle.facilitator.slash(circle.channel, "circle resume")
    done = await cem.click(draft.message, label="Send")
    assert "Your note arrives" in told_to(done)


async def test_the_teller_wants_no_more_notes_and_opens_them_again(circle: Circle) -> None:
    stage, (ann, ben, cem) = circle.stage, circle.peers
    await tell(circle, ann)
    page = await read(circle, ann)
    draft = await write(circle, cem)

    closed = (await ann.click(page.message, label="No more notes")).response
    assert "others learn it within a few minutes" in seen(closed)
    (story,) = stories_in(circle)
    assert (await menu(circle, ben, story)).modal is not None
    await stage.pass_time(minutes=3)
    refused = await menu(circle, ben, story)
    assert "would like no private notes" in told_to(refused)
    assert "would like no private notes" in told_to(await cem.click(draft.message, label="Send"))
    said = (await ben.click(story, label="Thank you")).response
    assert labels(said) == []
    assert "You have closed private notes" in seen(await panel_of(circle, ann))

    opened = (await ann.click(closed.message, label="Take notes again")).response
    assert "being opened again" in seen(opened)
    await stage.pass_time(minutes=3)
    assert "Your note arrives" in told_to(await cem.click(draft.message, label="Send"))


# taking back


async def test_a_note_is_taken_back_by_its_sender_and_gone_for_both(circle: Circle) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    await tell(circle, ann)
    sent = await send(circle, ben)
    await stage.pass_time(minutes=3)
    page = await read(circle, ann)
    opened = await ann.click(page.message, label="Answer")
    answering = (await ann.submit_modal(opened, {"text": "It did."})).response

    question = (await ben.click(sent.message, label="Take it back")).response
    done = await ben.click(question.message, label="Yes, take it back")

    assert "nothing of it is kept" in told_to(done)
    late = await ann.click(answering.message, label="Send")
    assert "This note is no longer here" in told_to(late)
    assert "There are none" in seen(await read(circle, ann))
    assert "I know nothing with this code" in told_to(await by_code(circle, ben, code_in(sent)))


async def test_notes_go_with_a_removed_story(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    sent = await send(circle, ben)
    asked = await circle.moderator.slash(circle.channel, "moderate remove", story=1)
    await circle.moderator.click(asked.response.message, label="Remove it")
    assert len(await rows(circle)) == 1  # it may come back, and its notes with it
    await circle.stage.pass_time(minutes=11)

    assert await rows(circle) == []
    mine = await ben.click(sent.message, label="My note")
    assert "no longer here" in told_to(mine)


# the moderators


async def test_moderators_write_as_one_and_each_of_them_reads_the_answer(circle: Circle) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    await tell(circle, ann)
    opened = await circle.moderator.slash(circle.channel, "moderate write", story=1)
    preview = (await circle.moderator.submit_modal(opened, {"text": "How are you?"})).response
    assert "from the moderators" in seen(preview)
    done = (await circle.moderator.click(preview.message, label="Send")).response
    assert "`" in seen(done)
    assert "Your code" not in seen(done)
    await stage.pass_time(minutes=3)

    page = await read(circle, ann)
    assert "from the moderators" in seen(page)
    assert nobody_in(circle, preview, done, page)
    assert "all moderators of the circle" in seen(page)
    await answer(ann, page, "Better, thank you.")
    await stage.pass_time(minutes=3)

    other = circle.guild.add_member(stage.env.create_user("max"), roles=[circle.moderators])
    listed = (await other.slash(circle.channel, "moderate notes")).response
    for text in ("to the teller of story 1", "How are you?", "Better, thank you."):
        assert text in seen(listed)
    assert nobody_in(circle, listed)
    refused = await ben.slash(circle.channel, "moderate notes")
    assert "This is for the circle's moderators" in told_to(refused)
    forged = await ben.slash(circle.channel, "moderate write", story=1)
    assert "This is for the circle's moderators" in told_to(forged)


async def test_somebody_who_moderates_no_more_cannot_send_what_they_had_begun(circle: Circle) -> None:
    await tell(circle, circle.peers[0])
    moderator = circle.moderator
    opened = await moderator.slash(circle.channel, "moderate write", story=1)
    preview = (await moderator.submit_modal(opened, {"text": "How are you?"})).response
    listed = await moderator.slash(circle.channel, "moderate notes")
    assert "written no private note" in told_to(listed)
    circle.stage.env.backend.get_member(circle.guild.id, moderator.id).role_ids.clear()

    refused = await moderator.click(preview.message, label="Send")

    assert "This is for the circle's moderators" in told_to(refused)
    assert await rows(circle) == []


async def test_of_two_moderators_taking_back_one_is_told_that_it_is_gone(circle: Circle) -> None:
    stage, moderator = circle.stage, circle.moderator
    await tell(circle, circle.peers[0])
    await tell(circle, circle.peers[1], "Another.")
    for story in (1, 2):
        opened = await moderator.slash(circle.channel, "moderate write", story=story)
        preview = (await moderator.submit_modal(opened, {"text": f"To {story}."})).response
        await moderator.click(preview.message, label="Send")
    await stage.pass_time(minutes=3)
    listed = (await moderator.slash(circle.channel, "moderate notes")).response
    assert "Note 1 of 2, to the teller of story 2" in seen(listed)
    second = (await moderator.click(listed.message, label="Next page")).response
    assert "Note 2 of 2, to the teller of story 1" in seen(second)
    again = await moderator.slash(circle.channel, "moderate write", story=1)
    assert "The moderators have written to this teller already" in told_to(again)

    questions = [
        (await moderator.click(second.message, label="Take the note back")).response for _ in range(2)
    ]
    done = [await moderator.click(one.message, label="Yes, take it back") for one in questions]

    assert "nothing of it is kept" in told_to(done[0])
    assert "This note is no longer here" in told_to(done[1])
    assert [row.text for row in await rows(circle)] == ["To 2."]


async def test_what_the_circle_does_not_want_is_not_sent_and_can_be_mended(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    preview = await write(circle, ben, "Come to discord.gg/abcdef")

    refused = await ben.click(preview.message, label="Send")
    assert "doesn't want invitations" in told_to(refused)
    assert await rows(circle) == []

    opened = await ben.click(preview.message, label="Edit")
    mended = (await ben.submit_modal(opened, {"text": KIND})).response
    await ben.click(mended.message, label="Send")
    assert [note.text for note in await rows(circle)] == [KIND]

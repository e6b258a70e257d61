"""Where moderators look first: changes and updates come to them too; and whatever breaks in between, nothing
appears that they haven't published, and nothing twice."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.conftest import ON_BOTH, Circle, Stage, seen
from tests.flows.people import (
    SLIP,
    change,
    code_in,
    panel_of,
    reply_unnamed,
    stories_in,
    tell,
    told_to,
)
from tests.flows.reviewing import (
    REASON,
    decline,
    look,
    publish,
    queued,
    reviewed_circle,
    rows,
    send_back,
    set_review,
    take,
)
from tests.flows.test_crashes_around_stories import die_at
from tests.flows.test_restoring import (
    EVERYTHING_GONE,
    copy_of,
    my_story,
    put_back,
    told_to_facilitators,
    withdraw,
)
from tests.flows.traces import columns, files, forms, found_in, requests

NEW = "I came late, and said so."
WENT_WELL = "We talked about it, and it went well."


@pytest.fixture
async def reviewed(stage: Stage) -> Circle:
    """A circle whose moderators look first, and whose stories wait up to half an hour."""
    return await reviewed_circle(stage, delay=30)


async def held(circle: Circle, **more: Any) -> Any:
    """Ann's story waits for a moderator; returns what she saw."""
    after = await tell(circle, circle.peers[0], **more)
    await circle.stage.pass_time(minutes=31)
    return after


async def published(circle: Circle) -> Any:
    """Ann's story can be seen."""
    after = await held(circle)
    await publish(circle)
    await circle.stage.tick()
    return after


async def save(person: Any, preview: Any) -> Any:
    return (await person.click(preview.message, label="Save the change")).response


async def mine(person: Any, after: Any) -> Any:
    return (await person.click(after.message, label="My story")).response


async def changed(circle: Circle, **values: str) -> None:
    """Ann changes her story, and the wait is over."""
    ann = circle.peers[0]
    await save(ann, await change(ann, await panel_of(circle, ann), **values))
    await circle.stage.pass_time(minutes=31)


async def add_update(circle: Circle, after: Any, text: str = WENT_WELL) -> Any:
    """Ann adds how it went, and the wait is over; returns what she saw."""
    ann = circle.peers[0]
    opened = await ann.click((await mine(ann, after)).message, label="Add how it went")
    shown = (await ann.submit_modal(opened, {"text": text})).response
    assert "A moderator looks at it first" in seen(shown)
    added = (await ann.click(shown.message, label="Post")).response
    await circle.stage.pass_time(minutes=31)
    return added


def in_threads(circle: Circle) -> str:
    return "\n".join(seen(message) for thread in circle.channel.threads for message in thread.history())


async def test_a_change_of_what_has_appeared_comes_to_moderators_before_anybody_sees_it(
    reviewed: Circle,
) -> None:
    ann, stage = reviewed.peers[0], reviewed.stage
    await published(reviewed)
    preview = await change(ann, await panel_of(reviewed, ann), slip=NEW)
    assert "A moderator looks at the change first: they get to see it within 30 minutes" in seen(preview)
    assert "Moderators get to see the change within 30 minutes" in seen(await save(ann, preview))
    assert "Nothing waits" in await queued(reviewed)
    await stage.pass_time(minutes=31)

    assert SLIP in seen(stories_in(reviewed)[0])
    assert "A moderator is to look at your change" in seen(await panel_of(reviewed, ann))
    shown = await look(reviewed)
    for said in ("A change of story 1", "What changes: what happened", NEW):
        assert said in seen(shown)
    await publish(reviewed)
    await stage.tick()

    assert NEW in seen(stories_in(reviewed)[0])
    assert await rows(stage, "reviews") == await rows(stage, "edits") == []


async def test_a_change_of_a_removed_story_rests_until_that_is_brought_back(reviewed: Circle) -> None:
    moderator, stage = reviewed.moderator, reviewed.stage
    await published(reviewed)
    await changed(reviewed, slip=NEW)
    shown = await look(reviewed)
    asked = (await moderator.slash(reviewed.channel, "moderate remove", story=1)).response
    gone = (await moderator.click(asked.message, label="Remove it")).response
    await stage.tick()

    assert "Nothing waits" in await queued(reviewed)
    assert "taken back" in told_to(await moderator.click(shown.message, label="Take it"))

    await moderator.click(gone.message, label="Bring it back")
    await publish(reviewed)
    await stage.tick()
    assert NEW in seen(stories_in(reviewed)[0])


async def test_a_declined_change_is_dropped_and_its_teller_learns_why(reviewed: Circle) -> None:
    ann, stage = reviewed.peers[0], reviewed.stage
    await published(reviewed)
    await changed(reviewed, slip=NEW)
    await decline(reviewed)
    await stage.pass_time(hours=1)

    panel = seen(await panel_of(reviewed, ann))
    assert "your change doesn't appear" in panel
    assert REASON in panel
    assert SLIP in seen(stories_in(reviewed)[0])
    assert await rows(stage, "edits") == []
    await changed(reviewed, slip="Another change.")
    assert "Another change." in await queued(reviewed)
    assert REASON not in seen(await panel_of(reviewed, ann))


async def test_a_change_that_is_given_back_opens_with_its_words_and_goes_to_them_again(
    reviewed: Circle,
) -> None:
    ann = reviewed.peers[0]
    await published(reviewed)
    await changed(reviewed, slip=NEW)
    await send_back(reviewed)

    panel = await panel_of(reviewed, ann)
    assert "asks for something else about your change" in seen(panel)
    assert "On its way" not in seen(panel)
    opened = await ann.click(panel.message, label="Edit")
    assert NEW in str(opened.modal)
    await changed(reviewed, slip=f"{NEW} And again.")

    assert "And again." in await queued(reviewed)
    await publish(reviewed)
    await reviewed.stage.tick()
    assert "And again." in seen(stories_in(reviewed)[0])


async def test_a_change_of_what_moderators_have_waits_and_whoever_took_it_looks_again(
    reviewed: Circle,
) -> None:
    ann, stage = reviewed.peers[0], reviewed.stage
    after = await held(reviewed)
    preview = await change(ann, await mine(ann, after), slip=NEW)
    assert "they see the new words within 30 minutes" in seen(preview)
    assert "Moderators see the new words within 30 minutes" in seen(await save(ann, preview))
    assert SLIP in await queued(reviewed)  # the moment of saving can't be seen
    taken = await take(reviewed)
    await stage.pass_time(minutes=31)

    assert NEW in await queued(reviewed)
    refused = await reviewed.moderator.click(taken.message, label="Publish it")
    assert "its teller has changed it" in told_to(refused)
    await publish(reviewed)
    await stage.tick()
    assert NEW in seen(stories_in(reviewed)[0])


async def test_a_change_that_waits_while_the_story_is_published_is_looked_at_by_itself(
    reviewed: Circle,
) -> None:
    ann, stage = reviewed.peers[0], reviewed.stage
    after = await held(reviewed)
    await save(ann, await change(ann, await mine(ann, after), slip=NEW))
    await publish(reviewed)
    await stage.tick()
    assert SLIP in seen(stories_in(reviewed)[0])
    await stage.pass_time(minutes=31)

    assert SLIP in seen(stories_in(reviewed)[0])
    assert "A change of story 1" in await queued(reviewed)


async def test_an_update_is_looked_at_before_it_stands_in_the_thread(reviewed: Circle) -> None:
    after = await published(reviewed)
    added = await add_update(reviewed, after)
    assert "they get to see it within 30 minutes" in seen(added)
    assert WENT_WELL not in in_threads(reviewed)
    assert "An update to story 1" in await queued(reviewed)

    await publish(reviewed)
    await reviewed.stage.tick()

    assert in_threads(reviewed).count(WENT_WELL) == 1
    assert WENT_WELL in seen(stories_in(reviewed)[0])


async def test_an_update_that_is_given_back_or_declined_is_its_tellers_alone(reviewed: Circle) -> None:
    ann, stage = reviewed.peers[0], reviewed.stage
    after = await published(reviewed)
    code = code_in(await add_update(reviewed, after))
    await send_back(reviewed)

    panel = await my_story(reviewed, ann, code)
    assert REASON in seen(panel)
    preview = await change(ann, panel, text="It went so so.")
    await save(ann, preview)
    await stage.pass_time(minutes=31)
    assert "It went so so." in await queued(reviewed)
    await decline(reviewed, "Not here.")

    panel = await my_story(reviewed, ann, code)
    assert "Not here." in seen(panel)
    words = (await ann.click(panel.message, label="My words")).response
    assert "It went so so." in seen(words)
    assert "On its way" not in seen(await mine(ann, after))
    assert "Edit" not in seen(panel).splitlines()
    await stage.pass_time(days=32)
    assert await rows(stage, "updates") == await rows(stage, "reviews") == []
    assert "so so" not in in_threads(reviewed)
    assert len(stories_in(reviewed)) == 1


async def test_replies_are_not_looked_at(reviewed: Circle) -> None:
    await published(reviewed)
    after = await reply_unnamed(reviewed.peers[1], stories_in(reviewed)[0], "I hear you.")
    assert "oderator" not in seen(after)
    await reviewed.stage.pass_time(minutes=4)

    assert "I hear you." in in_threads(reviewed)


async def test_a_named_change_is_looked_at_too(reviewed: Circle) -> None:
    ann, stage = reviewed.peers[0], reviewed.stage
    await tell(reviewed, ann, named=True)
    await stage.tick()
    await publish(reviewed)
    await stage.tick()
    preview = await change(ann, await panel_of(reviewed, ann), slip=NEW)
    assert "they get to see it at once" in seen(preview)
    await save(ann, preview)
    await stage.tick()

    assert SLIP in seen(stories_in(reviewed)[0])
    assert "A change of story 1 · ann" in await queued(reviewed)


async def test_a_preview_of_a_change_that_said_otherwise_comes_again(reviewed: Circle) -> None:
    ann = reviewed.peers[0]
    await published(reviewed)
    await set_review(reviewed, on=False)
    preview = await change(ann, await panel_of(reviewed, ann), slip=NEW)
    await set_review(reviewed, on=True)

    again = await save(ann, preview)

    assert "nothing was changed" in seen(again)
    assert "A moderator looks at the change first" in seen(again)


async def test_a_story_given_back_where_review_ended_meanwhile_appears_when_it_is_sent_again(
    reviewed: Circle,
) -> None:
    ann, stage = reviewed.peers[0], reviewed.stage
    after = await held(reviewed)
    await send_back(reviewed)
    await set_review(reviewed, on=False)
    preview = await change(ann, await mine(ann, after), slip=NEW)
    assert "Nothing is looked at first in this circle any more" in seen(preview)
    await save(ann, preview)
    await stage.pass_time(minutes=31)

    assert NEW in seen(stories_in(reviewed)[0])


async def test_a_name_that_is_put_to_what_moderators_have_is_seen_by_them_and_shown(
    reviewed: Circle,
) -> None:
    ann, stage = reviewed.peers[0], reviewed.stage
    panel = await mine(ann, await held(reviewed))
    sure = (await ann.click(panel.message, label="Put my name to it")).response
    await ann.click(sure.message, label="Yes, with my name")

    assert "A story · ann" in await queued(reviewed)
    await publish(reviewed)
    await stage.tick()
    assert "### Story 1 · ann" in seen(stories_in(reviewed)[0])


@ON_BOTH
@pytest.mark.parametrize("when", ["before it is held", "while it is held", "while it is taken", "published"])
async def test_a_new_process_goes_on_where_the_old_one_was(
    reviewed: Circle, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    stage, mo = reviewed.stage, reviewed.moderator
    if when == "before it is held":
        die_at(stage, "story", sent=False, monkeypatch=monkeypatch)
    await held(reviewed)
    if when == "before it is held":
        await stage.restart()
        await stage.pass_time(minutes=5)
    elif when == "while it is held":
        await stage.restart()
        await stage.pass_time(hours=1)
    taken = await take(reviewed)
    if when == "while it is taken":
        await stage.restart()
    if when == "published":
        die_at(stage, "story", sent=True, monkeypatch=monkeypatch)
    await mo.click(taken.message, label="Publish it")
    if when == "published":
        await stage.restart()
    await stage.pass_time(minutes=20)

    assert [SLIP in seen(story) for story in stories_in(reviewed)] == [True]
    assert len(reviewed.channel.threads) == 1
    assert await rows(stage, "reviews") == []
    assert "Nothing waits" in await queued(reviewed)


@pytest.mark.parametrize("then", ["published", "declined", "withdrawn"])
async def test_a_copy_from_before_a_decision_publishes_nothing_twice_and_nothing_that_was_declined(
    reviewed: Circle, then: str
) -> None:
    stage, ann = reviewed.stage, reviewed.peers[0]
    after = await held(reviewed)
    copy = await asyncio.to_thread(copy_of, stage)
    if then == "published":
        await publish(reviewed)
    elif then == "declined":
        await decline(reviewed)
    else:
        await withdraw(ann, await mine(ann, after))
    await stage.pass_time(minutes=5)

    await put_back(stage, copy)
    await stage.pass_time(hours=2)

    if then == "withdrawn":
        assert stories_in(reviewed) == await rows(stage, "stories") == []
        return
    assert len(stories_in(reviewed)) == (1 if then == "published" else 0)
    shown = await reviewed.facilitator.slash(reviewed.channel, "circle status")
    page = await reviewed.facilitator.click(shown.response.message, label="What waits for you")
    await reviewed.facilitator.click(page.response.message, label="Look again")
    await stage.pass_time(minutes=5)
    if then == "published":
        assert len(stories_in(reviewed)) == 1
        assert await rows(stage, "reviews") == []
        await withdraw(ann, await my_story(reviewed, ann, code_in(after)))
        await stage.tick()
        assert stories_in(reviewed) == []
    else:
        assert stories_in(reviewed) == []
        assert "Nothing waits" in await queued(reviewed)
        panel = seen(await my_story(reviewed, ann, code_in(after)))
        assert "doesn't appear here" in panel
        assert "is lost" in panel


async def test_what_a_copy_still_holds_can_be_published_after_a_look_and_only_once(reviewed: Circle) -> None:
    stage = reviewed.stage
    await held(reviewed)
    copy = await asyncio.to_thread(copy_of, stage)
    await publish(reviewed)
    await stage.tick()
    await put_back(stage, copy, lost=EVERYTHING_GONE)

    assert SLIP in await queued(reviewed)
    await publish(reviewed)
    await stage.pass_time(minutes=5)

    assert len(stories_in(reviewed)) == 1
    assert await rows(stage, "reviews") == []
    assert "don't send them by myself" in await told_to_facilitators(reviewed)


async def test_a_change_that_was_declined_since_a_copy_was_made_stays_dropped(reviewed: Circle) -> None:
    stage = reviewed.stage
    await published(reviewed)
    await changed(reviewed, slip=NEW)
    copy = await asyncio.to_thread(copy_of, stage)
    await decline(reviewed)

    await put_back(stage, copy)
    await stage.pass_time(hours=1)

    assert "Nothing waits" in await queued(reviewed)
    assert await rows(stage, "edits") == []
    assert SLIP in seen(stories_in(reviewed)[0])


async def test_no_row_file_or_request_of_a_reviewed_story_leads_to_its_teller_or_its_moderator(
    reviewed: Circle,
) -> None:
    stage = reviewed.stage
    user = stage.env.create_user("marguerite-quillfeather", global_name="Marguerite Quillfeather")
    ann = reviewed.guild.add_member(user)
    after = await tell(reviewed, ann)
    await stage.pass_time(minutes=31)
    wanted = forms(ann.id, ("marguerite-quillfeather", "Marguerite Quillfeather"))
    moderators = {f"moderator: {name}": form for name, form in forms(reviewed.moderator.id, ()).items()}

    def nothing() -> None:
        for places in (columns(stage.database.path), files(stage.folder)):
            for place, content in places:
                assert found_in(content, wanted | moderators) == set(), place
        for place, content in requests(stage.env):
            assert found_in(content, wanted) == set(), place

    await take(reviewed)
    nothing()
    await stage.pass_time(minutes=31)
    await send_back(reviewed)
    nothing()
    await save(ann, await change(ann, await mine(ann, after), slip=NEW))
    await stage.pass_time(minutes=31)
    await publish(reviewed)
    await stage.tick()
    nothing()
    (row,) = await rows(stage, "stories")
    assert row.author_id is None


async def test_what_was_declined_or_withdrawn_leaves_no_byte_after_the_night(reviewed: Circle) -> None:
    stage, ann = reviewed.stage, reviewed.peers[0]
    after = await held(reviewed, slip="The story of the wombat.")
    await send_back(reviewed, "No capybara here.")
    await withdraw(ann, await mine(ann, after))
    await stage.pass_time(days=1)

    for word in (b"wombat", b"capybara"):
        assert all(word not in path.read_bytes() for path in stage.folder.glob("test.sqlite3*"))

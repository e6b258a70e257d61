"""Where moderators look first: what is told waits for them, they decide, and nobody learns who told it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot import screen
from cogs.custom_ids import REVIEW_QUEUE
from tests.conftest import Circle, Stage, make_circle, seen
from tests.flows.people import SLIP, change, custom_id, press_at_once, stories_in, tell, told_to, write
from tests.flows.reviewing import (
    REASON,
    a_manager,
    decline,
    look,
    publish,
    queue,
    queued,
    reviewed_circle,
    rows,
    second_moderator,
    send_back,
    set_review,
    take,
)


@pytest.fixture
async def reviewed(stage: Stage) -> Circle:
    """A circle whose moderators look first, and whose stories wait up to half an hour."""
    return await reviewed_circle(stage, delay=30)


async def held(circle: Circle, person: Any = None, slip: str = SLIP, **more: Any) -> Any:
    """A story is told, and its wait is over: moderators have it. Returns what its teller saw."""
    after = await tell(circle, person or circle.peers[0], slip, **more)
    await circle.stage.pass_time(minutes=31)
    return after


async def save(person: Any, preview: Any) -> Any:
    return (await person.click(preview.message, label="Save the change")).response


async def mine(person: Any, after: Any) -> Any:
    """*My story* below what a teller saw after *Post*."""
    return (await person.click(after.message, label="My story")).response


async def at_once(*presses: tuple[Any, Any, str]) -> list[Any]:
    """Presses that reach the bot before it has answered the first: (person, message, label) each."""
    clicking = (press_at_once(message, (person, label)) for person, message, label in presses)
    return [one for (one,) in await asyncio.gather(*clicking)]


@pytest.mark.parametrize("tags", [None, ()], ids=["text", "forum"])
async def test_a_story_waits_first_then_for_a_moderator_and_then_appears_at_once(
    stage: Stage, tags: tuple[str, ...] | None
) -> None:
    circle = await reviewed_circle(stage, delay=30, tags=tags)
    (ann, *_) = circle.peers
    preview = await write(circle, ann)
    assert "A moderator looks at it first; who you are they don't learn." in seen(preview)
    assert "They get to see it within 30 minutes" in seen(preview)
    after = (await ann.click(preview.message, label="Post")).response
    assert "They get to see it within 30 minutes" in seen(after)
    assert "Nothing waits" in await queued(circle)
    assert "they don't see it yet" in seen(await mine(ann, after))

    await stage.pass_time(minutes=31)

    assert stories_in(circle) == []
    page = await queue(circle)
    assert SLIP in seen(page)
    assert "since today" in seen(page)
    assert "A moderator is to look at it" in seen(await mine(ann, after))
    shown = await look(circle, page=page)
    for said in ("A story", SLIP, "Just listen, please", "Take it"):
        assert said in seen(shown)
    done = await publish(circle)
    assert "on its way" in seen(done)
    await stage.tick()

    (story,) = stories_in(circle)
    assert "### Story 1" in seen(story)
    assert SLIP in seen(story)
    assert len(circle.channel.threads) == 1
    assert "Nothing waits" in await queued(circle)
    assert await rows(stage, "reviews") == []


async def test_the_form_says_before_writing_that_a_moderator_looks_first(reviewed: Circle) -> None:
    ann = reviewed.peers[0]

    unnamed = await ann.slash(reviewed.channel, "share")
    named = await ann.slash(reviewed.channel, "share", named=True)

    assert "A moderator sees it first, within 30 minutes." in str(unnamed.modal)
    assert "A moderator sees it first, with your name." in str(named.modal)


async def test_a_story_with_a_name_is_looked_at_too_with_its_name(reviewed: Circle) -> None:
    (ann, *_) = reviewed.peers
    preview = await write(reviewed, ann, named=True)
    assert "A moderator looks at it first, with your name" in seen(preview)
    after = (await ann.click(preview.message, label="Post")).response
    assert "A moderator looks at it first" in seen(after)
    await reviewed.stage.tick()
    assert stories_in(reviewed) == []

    assert "A story · ann" in await queued(reviewed)
    await publish(reviewed)
    await reviewed.stage.tick()

    assert "### Story 1 · ann" in seen(stories_in(reviewed)[0])


async def test_a_preview_that_promised_otherwise_comes_again_instead_of_being_posted(stage: Stage) -> None:
    circle = await make_circle(stage)
    ann, ben, _ = circle.peers
    unnamed, named = await write(circle, ann), await write(circle, ben, named=True)
    await set_review(circle, on=True)

    again = [
        (await who.click(what.message, label="Post")).response for who, what in ((ann, unnamed), (ben, named))
    ]

    for shown in again:
        assert "Nothing is posted yet" in seen(shown)
        assert "A moderator looks at it first" in seen(shown)
    await set_review(circle, on=False)
    once_more = (await ann.click(again[0].message, label="Post")).response
    assert "Nothing is posted yet" in seen(once_more)
    assert "A moderator looks" not in seen(once_more)


async def test_only_moderators_see_the_queue_and_anything_in_it(reviewed: Circle) -> None:
    ann, ben, _ = reviewed.peers
    await held(reviewed, ann)
    page = await queue(reviewed)
    shown = await look(reviewed, page=page)
    taken = await take(reviewed, shown=shown)
    facilitator_alone = reviewed.guild.add_member(
        reviewed.stage.env.create_user("flo"), roles=[reviewed.facilitators]
    )

    for person in (ann, ben, facilitator_alone):
        refused = await person.slash(reviewed.channel, "moderate queue")
        assert f"<@&{reviewed.moderators.id}>" in seen(refused.response)
        assert SLIP not in seen(refused.response)
    reviewed.stage.env.backend.get_member(reviewed.guild.id, reviewed.moderator.id).role_ids.clear()
    for action in ("publish:", "return:", "decline:", "give-back:"):
        refused = await reviewed.moderator.click(taken.message, custom_id=custom_id(taken, action))
        assert "for the circle's moderators" in told_to(refused)
    assert "for the circle's moderators" in told_to(
        await reviewed.moderator.click(page.message, label="Look")
    )
    manager = a_manager(reviewed)
    assert SLIP in seen(await queue(reviewed, manager))


async def test_the_button_that_those_on_duty_get_opens_the_list_for_moderators_alone(
    reviewed: Circle,
) -> None:
    await held(reviewed)
    circle, bot = await reviewed.info, reviewed.stage.bot
    below = screen.screen(screen.row(screen.button("Look", REVIEW_QUEUE(circle.id))))
    await bot.get_channel(reviewed.channel.id).send(view=below)
    message = reviewed.channel.last_message

    shown = await reviewed.moderator.click(message, label="Look")
    refused = await reviewed.peers[1].click(message, label="Look")

    assert SLIP in told_to(shown)
    assert shown.ephemeral
    assert "for the circle's moderators" in told_to(refused)
    assert SLIP not in told_to(refused)


async def test_who_takes_it_keeps_others_from_deciding_and_no_id_is_kept(reviewed: Circle) -> None:
    await held(reviewed)
    mia = second_moderator(reviewed)
    waiting = await look(reviewed, mia)
    taken = await take(reviewed)
    assert "yours to decide about until Thursday, 1 January 2026" in seen(taken)

    late = await mia.click(waiting.message, label="Take it")
    assert "Somebody is looking at it just now. It is free again at" in told_to(late)
    assert "Publish it" not in told_to(late)
    assert "somebody is looking at it" in seen(await queue(reviewed, mia))
    review = str(await rows(reviewed.stage, "reviews"))
    assert str(reviewed.moderator.id) not in review
    assert str(reviewed.peers[0].id) not in review

    await reviewed.moderator.click(taken.message, label="Give it back")
    assert "Publish it" in seen(await take(reviewed, mia))


async def test_after_half_an_hour_somebody_else_may_and_the_first_is_told_kindly(reviewed: Circle) -> None:
    await held(reviewed)
    mia = second_moderator(reviewed)
    first = await take(reviewed)
    await reviewed.stage.pass_time(minutes=31)

    assert "Publish it" in seen(await take(reviewed, mia))
    refused = await reviewed.moderator.click(first.message, label="Publish it")

    assert "isn't yours to decide about any more" in told_to(refused)
    assert stories_in(reviewed) == []


async def test_two_moderators_at_the_same_second_take_it_once(reviewed: Circle) -> None:
    await held(reviewed)
    mia = second_moderator(reviewed)
    ours, hers = await look(reviewed), await look(reviewed, mia)

    answers = await at_once((reviewed.moderator, ours.message, "Take it"), (mia, hers.message, "Take it"))

    assert sum("Publish it" in told_to(one) for one in answers) == 1
    assert sum("free again at" in told_to(one) for one in answers) == 1


async def test_a_thumb_that_presses_twice_loses_nothing(reviewed: Circle) -> None:
    await held(reviewed)
    shown, mo = await look(reviewed), reviewed.moderator

    await at_once((mo, shown.message, "Take it"), (mo, shown.message, "Take it"))
    published = await mo.click(shown.message, label="Publish it")

    assert "on its way" in told_to(published)


@pytest.mark.parametrize("label", ["Publish it", "Don't publish it"])
async def test_two_decisions_at_the_same_second_are_one(reviewed: Circle, label: str) -> None:
    mo = reviewed.moderator
    await held(reviewed)
    taken = await take(reviewed)
    if label == "Publish it":
        both = await at_once((mo, taken.message, label), (mo, taken.message, label))
        told = "".join(told_to(one) for one in both)
    else:
        opened = await mo.click(taken.message, label=label)
        await mo.click(taken.message, label="Publish it")
        late = await mo.submit_modal(opened, {"reason": REASON})
        told = told_to(late)
        assert REASON in told  # typed words come back
    await reviewed.stage.tick()

    assert told.count("Somebody has decided about this already") == 1
    assert len(stories_in(reviewed)) == len(await rows(reviewed.stage, "acts")) == 1


async def test_a_story_that_is_given_back_tells_its_teller_why_and_waits_again_when_it_is_sent_again(
    reviewed: Circle,
) -> None:
    stage, ann = reviewed.stage, reviewed.peers[0]
    after = await held(reviewed)
    done = await send_back(reviewed)
    assert "Its teller reads your words" in seen(done)
    assert "Nothing waits" in await queued(reviewed)

    panel = await mine(ann, after)
    assert "A moderator asks for a change" in seen(panel)
    assert REASON in seen(panel)
    assert "Saturday, 31 January 2026" not in seen(panel)  # the day is rounded up
    assert "until Sunday, 1 February 2026" in seen(panel)
    listed = await ann.slash(reviewed.channel, "story mine")
    assert "a moderator asks for a change" in seen(listed.response)
    preview = await change(ann, panel, slip="I forgot a session, and noticed it later.")
    assert "Saved, it goes to the moderators again: they get to see it within 30 minutes." in seen(preview)
    assert "It goes to the moderators again" in seen(await save(ann, preview))
    assert "Nothing waits" in await queued(reviewed)
    assert REASON not in seen(await mine(ann, after))
    await stage.pass_time(minutes=31)

    page = await queued(reviewed)
    assert "noticed it later" in page
    assert "bakery" not in page
    await publish(reviewed)
    await stage.tick()
    assert "noticed it later" in seen(stories_in(reviewed)[0])


async def test_a_declined_story_is_its_tellers_alone_for_a_while_and_then_gone(reviewed: Circle) -> None:
    stage, ann = reviewed.stage, reviewed.peers[0]
    after = await held(reviewed, lesson="Look at the calendar.")
    await decline(reviewed)

    panel = await mine(ann, after)
    assert "A moderator decided that it doesn't appear here" in seen(panel)
    assert REASON in seen(panel)
    assert "Edit" not in seen(panel).splitlines()
    words = (await ann.click(panel.message, label="My words")).response
    assert SLIP in seen(words)
    assert "Look at the calendar" in seen(words)
    assert "Nothing waits" in await queued(reviewed)

    await stage.pass_time(days=32)

    assert stories_in(reviewed) == []
    assert await rows(stage, "stories") == await rows(stage, "reviews") == []
    gone = await ann.click(after.message, label="My story")
    assert "no longer here" in told_to(gone)


async def test_what_was_declined_can_be_taken_back_before(reviewed: Circle) -> None:
    ann = reviewed.peers[0]
    after = await held(reviewed)
    await decline(reviewed)
    panel = await mine(ann, after)

    sure = (await ann.click(panel.message, label="Withdraw the story")).response
    await ann.click(sure.message, label="Yes, take it back")

    for table in ("stories", "reviews"):
        assert await rows(reviewed.stage, table) == []
    assert all(row.state == "sent" for row in await rows(reviewed.stage, "deliveries"))


async def test_a_story_that_is_taken_back_leaves_the_queue_and_nothing_else_behind(reviewed: Circle) -> None:
    ann = reviewed.peers[0]
    after = await held(reviewed)
    taken = await take(reviewed)

    sure = (await ann.click(after.message, label="Take it back")).response
    await ann.click(sure.message, label="Yes, take it back")

    assert "Nothing waits" in await queued(reviewed)
    refused = await reviewed.moderator.click(taken.message, label="Publish it")
    assert "taken back" in told_to(refused)
    await reviewed.stage.tick()
    assert stories_in(reviewed) == []
    for table in ("stories", "reviews", "notices"):
        assert await rows(reviewed.stage, table) == []


async def test_those_on_duty_are_told_once_however_many_wait_and_again_after_the_queue_was_empty(
    reviewed: Circle,
) -> None:
    ann, ben, _ = reviewed.peers

    async def told() -> int:
        shown = await reviewed.facilitator.slash(reviewed.channel, "circle status")
        return seen(shown.response).count("Something waits to be looked at")

    await held(reviewed, ann)
    await held(reviewed, ben, "Another.")
    assert await told() == 1
    assert await told() == 0
    for _ in range(2):
        page = await queue(reviewed)
        first = next(part for part in page.components if part.get("accessory"))
        shown = await reviewed.moderator.click(page.message, custom_id=first["accessory"]["custom_id"])
        taken = await take(reviewed, shown=shown.response)
        await reviewed.moderator.click(taken.message, label="Publish it")
    await held(reviewed, ann, "A third.")

    assert await told() == 1


async def test_what_waits_for_longer_than_the_circle_wants_is_told_once(reviewed: Circle) -> None:
    await held(reviewed)

    async def told() -> bool:
        shown = await reviewed.facilitator.slash(reviewed.channel, "circle status")
        return "more than 2 days" in seen(shown.response)

    await reviewed.stage.pass_time(days=1, hours=12)
    assert not await told()
    await reviewed.stage.pass_time(days=1, hours=12)
    assert "for 3 days" in await queued(reviewed)
    assert await told()
    await reviewed.stage.pass_time(days=3)
    assert not await told()


async def test_the_list_is_turned_page_by_page_and_says_neither_who_nor_in_which_order(
    reviewed: Circle,
) -> None:
    tales = ("ash", "beech", "cedar", "elm", "fir", "holly", "larch")
    more = [reviewed.guild.add_member(reviewed.stage.env.create_user(f"p{n}")) for n in range(4)]
    for person, tale in zip((*reviewed.peers, *more), tales, strict=True):
        await tell(reviewed, person, f"The tale of the {tale}")
    await reviewed.stage.pass_time(minutes=61)

    first = await queue(reviewed)
    on_the_first = seen(first)
    further = await reviewed.moderator.click(first.message, custom_id=custom_id(first, "page:"))
    said = [on_the_first, seen(further.response)]

    assert [one.count("A story") for one in said] == [5, 2]
    by_id = sorted(await rows(reviewed.stage, "stories"), key=lambda row: row.id)
    order = sorted(tales, key="".join(said).index)
    assert [f"The tale of the {tale}" for tale in order] == [row.slip for row in by_id]


async def test_a_moderator_who_told_it_is_told_so_alone_and_may_still_decide(reviewed: Circle) -> None:
    mo, mia = reviewed.moderator, second_moderator(reviewed)
    await held(reviewed, mo)

    own, others = await look(reviewed, mo), await look(reviewed, mia)

    assert "This one is yours" in seen(own)
    assert "This one is yours" not in seen(others)
    assert seen(own).replace(
        "**This one is yours**, which I say to nobody else. Better let somebody else look at it;"
        " if you moderate alone, you may decide.\n", ""
    ) == seen(others)  # fmt: skip
    await publish(reviewed, mo)
    await reviewed.stage.tick()
    assert len(stories_in(reviewed)) == 1


async def test_the_open_log_says_what_was_decided_and_nothing_of_what_or_whose_it_was(
    reviewed: Circle,
) -> None:
    ann, ben, cem = reviewed.peers
    await held(reviewed, ann)
    await publish(reviewed)
    await held(reviewed, ben, "Another.")
    await send_back(reviewed)
    await held(reviewed, cem, "A third.")
    await decline(reviewed)

    acts = await rows(reviewed.stage, "acts")

    assert {row.kind for row in acts} == {"approved", "returned", "declined"}
    assert {row.number for row in acts} == {None}
    assert {row.role for row in acts} == {"moderator"}


async def test_a_pause_holds_back_what_is_to_be_looked_at_and_what_was_approved(reviewed: Circle) -> None:
    stage = reviewed.stage
    ann, ben, _ = reviewed.peers
    await held(reviewed, ann)
    await tell(reviewed, ben, "Another.")
    await reviewed.facilitator.slash(reviewed.channel, "circle pause")
    await stage.pass_time(hours=2)

    assert "Another." not in await queued(reviewed)
    await publish(reviewed)
    await stage.pass_time(hours=1)
    assert stories_in(reviewed) == []
    await reviewed.facilitator.slash(reviewed.channel, "circle resume")
    await stage.pass_time(minutes=30)

    assert len(stories_in(reviewed)) == 1
    assert "Another." in await queued(reviewed)


async def test_review_switched_on_takes_what_waits_and_switched_off_leaves_what_is_held(stage: Stage) -> None:
    circle = await make_circle(stage, delay=30)
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    await set_review(circle, on=True)
    await stage.pass_time(minutes=31)
    assert stories_in(circle) == []
    assert SLIP in await queued(circle)

    await tell(circle, ben, "Another.")
    await set_review(circle, on=False)
    await stage.pass_time(minutes=31)

    assert ["Another." in seen(story) for story in stories_in(circle)] == [True]
    page = await queued(circle)
    assert SLIP in page
    assert "Nothing is looked at first in this circle any more" in page
    await publish(circle)
    await stage.tick()
    assert len(stories_in(circle)) == 2


async def test_nothing_is_added_to_a_story_that_moderators_look_at(reviewed: Circle) -> None:
    ann = reviewed.peers[0]
    after = await tell(reviewed, ann)
    before = await mine(ann, after)
    await reviewed.stage.pass_time(minutes=31)

    assert "Add how it went" not in seen(await mine(ann, after))
    refused = await ann.click(before.message, label="Add how it went")

    assert "change the story itself" in told_to(refused)


async def test_a_batch_counts_only_what_still_waits_for_others(stage: Stage) -> None:
    circle = await reviewed_circle(stage, delay="b3")
    ann, ben, cem = circle.peers
    after = await tell(circle, ann)
    assert "shuffled with others, by the next 19:15 at the latest" in seen(after)
    assert "comes to them alone" in seen(after)
    await stage.pass_time(days=1)
    assert SLIP in await queued(circle)

    await tell(circle, ben, "Another.")
    await tell(circle, cem, "A third.")
    await stage.pass_time(hours=3)

    assert "Another." not in await queued(circle)  # two wait for a third, not for the one that is held
    await stage.pass_time(days=1)
    assert "Another." in await queued(circle)


async def test_a_decision_without_words_is_none(reviewed: Circle) -> None:
    await held(reviewed)
    taken = await take(reviewed)
    opened = await reviewed.moderator.click(taken.message, label="Ask for a change")

    refused = await reviewed.moderator.submit_modal(opened, {"reason": "  \u200b "})

    assert "A sentence is enough" in told_to(refused)
    assert SLIP in await queued(reviewed)


HOSTILE = "||spoiler|| ```code``` @everyone <@1> ‮drowssap‬ z​e​r​o " + "😀" * 400


async def test_hostile_words_are_escaped_for_moderators_and_theirs_for_the_teller(reviewed: Circle) -> None:
    ann = reviewed.peers[0]
    after = await held(reviewed, ann, HOSTILE)

    for shown in (await queue(reviewed), await look(reviewed)):
        assert "||spoiler||" not in seen(shown)
        assert "```code```" not in seen(shown)
    await send_back(reviewed, HOSTILE[:500])
    panel = await mine(ann, after)
    assert "||spoiler||" not in seen(panel)
    assert "```code```" not in seen(panel)

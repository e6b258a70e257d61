"""Somebody asks the moderators to look at a message, and nobody learns who."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from simcord.actors import _component_click

from tests.conftest import IN_BOTH, Circle, seen, walk
from tests.flows.duty import link_in, moderators_channel, told
from tests.flows.people import SLIP, reply_unnamed, stories_in, tell, told_to

MENU = "Report to the moderators"
WORDS = "My colleague is easy to recognise in it."


async def report(person: Any, place: Any, message: Any, reason: str = "hurts", words: str = "") -> Any:
    """The menu and its form; returns what the reporter sees."""
    opened = await person.context_menu(place, MENU, message)
    return (await person.submit_modal(opened, {"reason": reason, "words": words})).response


async def desk(circle: Circle) -> Any:
    """``/moderate reports``: what a moderator sees."""
    done = await circle.moderator.slash(circle.channel, "moderate reports")
    assert done.ephemeral
    return done.response


def home(circle: Circle, message: Any) -> Any:
    """The channel or post in which a story's message stands."""
    if message.channel.id == circle.channel.id:
        return circle.channel
    return next(post for post in circle.channel.posts if post.id == message.channel.id)


@IN_BOTH
async def test_a_reported_story_reaches_the_moderators_with_reason_and_words_and_without_the_reporter(
    circle: Circle,
) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    (story,) = stories_in(circle)

    thanks = await report(ben, home(circle, story), story, "identifies", WORDS)

    assert "never who you are" in seen(thanks)
    await circle.stage.pass_time(minutes=11)
    page = await desk(circle)
    for text in ("Story 1", "By one person", "It may identify somebody", WORDS, SLIP):
        assert text in seen(page)
    assert "ben" not in seen(page)
    assert str(ben.id) not in str(page.components)
    (cover,) = [part for part in page.components if part.get("spoiler")]
    assert SLIP in str(cover)


async def test_those_on_duty_are_told_in_their_channel_without_content_and_only_after_a_random_wait(
    circle: Circle,
) -> None:
    ann, ben, _ = circle.peers
    duty = await moderators_channel(circle)
    await tell(circle, ann)
    (story,) = stories_in(circle)
    await report(ben, circle.channel, story, "hurts", WORDS)
    begun = circle.stage.now()

    await circle.stage.tick()
    assert told(duty) == []
    assert "Nothing is reported" in seen(await desk(circle))
    due = await circle.stage.bot.services.reports.next_due()
    assert due > begun
    await circle.stage.pass_time(minutes=10)

    (word,) = told(duty)
    assert "A message was reported" in word
    assert SLIP not in word
    assert WORDS not in word
    assert link_in(duty.last_message) == (
        f"https://discord.com/channels/{circle.guild.id}/{circle.channel.id}/{story.id}"
    )
    status = await circle.facilitator.slash(circle.channel, "circle status")
    assert "was reported" not in seen(status.response)


async def test_without_a_channel_for_moderators_the_status_says_that_something_was_reported(
    circle: Circle,
) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    await report(ben, circle.channel, stories_in(circle)[0])
    await circle.stage.pass_time(minutes=11)

    status = await circle.facilitator.slash(circle.channel, "circle status")

    assert "A message was reported" in seen(status.response)


async def test_one_person_counts_once_and_can_change_what_they_said(circle: Circle) -> None:
    ann, ben, cem = circle.peers
    await tell(circle, ann)
    (story,) = stories_in(circle)
    await report(ben, circle.channel, story, "hurts", "First words.")
    await report(cem, circle.channel, story, "worries")
    await circle.stage.pass_time(minutes=11)
    await circle.stage.restart()

    opened = await ben.context_menu(circle.channel, MENU, story)
    assert "already" in str(opened.modal)
    assert "First words." in str(opened.modal)
    again = (await ben.submit_modal(opened, {"reason": "other", "words": "Second words."})).response

    assert "still count once" in seen(again)
    page = seen(await desk(circle))
    assert "By 2 people" in page
    assert "First words." in page  # the moment at which it changes would say when Ben was here
    await circle.stage.pass_time(minutes=11)
    page = seen(await desk(circle))
    assert "By 2 people" in page
    assert "Something else: Second words." in page
    assert "It worries me" in page
    assert "First words." not in page


async def test_a_persons_own_message_is_kept_as_it_was_and_removed_in_discord_itself(circle: Circle) -> None:
    ann, ben, cem = circle.peers
    await tell(circle, ann)
    (thread,) = circle.channel.threads
    written = await cem.send(thread, "You should be ashamed.")

    await report(ben, thread, written)
    await circle.stage.pass_time(minutes=11)
    page = await desk(circle)

    assert "You should be ashamed." in seen(page)
    assert "Delete Message" in seen(page)
    assert "Remove it" not in seen(page)
    assert f"/{thread.id}/{written.id}" in str(page.components)
    done = (await circle.moderator.click(page.message, label="Done")).response
    assert "forgotten" in seen(done)
    assert "Nothing is reported" in seen(await desk(circle))


async def test_after_a_restart_between_menu_and_form_it_is_reported_without_its_text(circle: Circle) -> None:
    ann, ben, cem = circle.peers
    await tell(circle, ann)
    (thread,) = circle.channel.threads
    written = await cem.send(thread, "You should be ashamed.")
    opened = await ben.context_menu(thread, MENU, written)
    await circle.stage.restart()

    await ben.submit_modal(opened, {"reason": "hurts", "words": ""})
    await circle.stage.pass_time(minutes=11)

    page = seen(await desk(circle))
    assert "I don't have its text" in page
    assert "It hurts" in page


async def test_removing_a_reported_story_closes_its_report_and_forgets_the_words(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    duty = await moderators_channel(circle)
    await tell(circle, ann)
    await report(ben, circle.channel, stories_in(circle)[0], "hurts", WORDS)
    await circle.stage.pass_time(minutes=11)
    page, other = await desk(circle), await desk(circle)

    asked = (await circle.moderator.click(page.message, label="Remove it")).response
    assert "Remove story 1?" in seen(asked)
    await circle.moderator.click(asked.message, label="Remove it")
    assert "Reported: Story 1" in seen(await desk(circle))  # it may come back
    await circle.stage.pass_time(minutes=11)

    assert stories_in(circle) == []
    assert "Nothing is reported" in seen(await desk(circle))
    late = await circle.moderator.click(other.message, label="Done")
    assert "already" in told_to(late)
    assert len(told(duty)) == 1


@pytest.mark.parametrize("what", ["reply", "update"])
async def test_a_reported_reply_or_update_is_removed_behind_a_question_and_can_come_back(
    circle: Circle, what: str
) -> None:
    ann, ben, cem = circle.peers
    after = await tell(circle, ann)
    (story,) = stories_in(circle)
    if what == "reply":
        await reply_unnamed(cem, story, "That was stupid.")
    else:
        panel = (await ann.click(after.message, label="My story")).response
        opened = await ann.click(panel.message, label="Add how it went")
        shown = (await ann.submit_modal(opened, {"text": "That was stupid."})).response
        await ann.click(shown.message, label="Post")
    await circle.stage.pass_time(minutes=40)
    (thread,) = circle.channel.threads
    message = next(one for one in thread.history() if "That was stupid." in seen(one))
    await report(ben, thread, message)
    await circle.stage.pass_time(minutes=11)

    page = await desk(circle)
    assert f"{what} to Story 1" in seen(page)
    asked = (await circle.moderator.click(page.message, label="Remove it")).response
    assert "That was stupid." in seen(asked)
    done = (await circle.moderator.click(asked.message, label="Remove it")).response
    await circle.stage.tick()

    assert not any("That was stupid." in seen(one) for one in thread.history())
    assert f"{what} to Story 1" in seen(await desk(circle))  # it may come back

    back = await circle.moderator.click(done.message, label="Bring it back")
    assert "back" in told_to(back)
    await circle.stage.tick()
    assert any("That was stupid." in seen(one) for one in thread.history())
    page = await desk(circle)
    asked = (await circle.moderator.click(page.message, label="Remove it")).response
    await circle.moderator.click(asked.message, label="Remove it")
    await circle.stage.pass_time(minutes=11)
    assert not any("That was stupid." in seen(one) for one in thread.history())
    assert "Nothing is reported" in seen(await desk(circle))


async def test_a_teller_who_withdraws_settles_what_was_reported_before_anybody_hears_of_it(
    circle: Circle,
) -> None:
    ann, ben, _ = circle.peers
    duty = await moderators_channel(circle)
    after = await tell(circle, ann)
    await report(ben, circle.channel, stories_in(circle)[0])
    panel = (await ann.click(after.message, label="My story")).response
    sure = (await ann.click(panel.message, label="Withdraw the story")).response
    await ann.click(sure.message, label="Yes, take it back")

    await circle.stage.pass_time(minutes=11)

    assert told(duty) == []
    assert "Nothing is reported" in seen(await desk(circle))


async def test_two_moderators_at_once_close_it_once_and_the_second_is_told_kindly(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    await report(ben, circle.channel, stories_in(circle)[0])
    await circle.stage.pass_time(minutes=11)
    page, other = await desk(circle), await desk(circle)

    first, second = await asyncio.gather(
        _component_click(circle.moderator, page.message, label="Nothing to do", custom_id=None),
        _component_click(circle.moderator, other.message, label="Done", custom_id=None),
    )

    said = [told_to(first), told_to(second)]
    assert sum("forgotten" in one for one in said) == 1
    assert sum("already" in one for one in said) == 1


async def test_what_was_closed_and_is_reported_again_comes_up_again_and_says_so(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    duty = await moderators_channel(circle)
    await tell(circle, ann)
    (story,) = stories_in(circle)
    read: list[str] = []
    for _round in range(2):
        opened = await ben.context_menu(circle.channel, MENU, story)
        assert "already" not in str(opened.modal)
        await ben.submit_modal(opened, {"reason": "hurts", "words": ""})
        await circle.stage.pass_time(minutes=11)
        page = await desk(circle)
        read.append(seen(page))
        await circle.moderator.click(page.message, label="Nothing to do")

    assert ["looked at this message before" in one for one in read] == [False, True]
    assert len(told(duty)) == 2


async def test_several_open_reports_are_pages_those_first_that_wait_for_longest(circle: Circle) -> None:
    ann, ben, cem = circle.peers
    await tell(circle, ann)
    (thread,) = circle.channel.threads
    for text in ("The first.", "The second."):
        written = await cem.send(thread, text)
        await report(ben, thread, written)
        await circle.stage.pass_time(days=3)

    page = await desk(circle)
    assert "The first." in seen(page)
    assert "days ago" in seen(page)
    page = (await circle.moderator.click(page.message, label="Next")).response
    assert "The second." in seen(page)
    page = (await circle.moderator.click(page.message, label="Before")).response
    assert "The first." in seen(page)


async def test_nobody_reports_themselves_and_nothing_outside_of_a_circle(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    (story,) = stories_in(circle)
    await reply_unnamed(ben, story, "I hear you.")
    await circle.stage.pass_time(minutes=5)
    (thread,) = circle.channel.threads
    reply = next(one for one in thread.history() if "I hear you." in seen(one))
    own = await ann.send(thread, "With my name.")
    elsewhere = circle.guild.create_text_channel("elsewhere")
    other = await ben.send(elsewhere, "Hello.")

    for person, place, message in ((ann, circle.channel, story), (ben, thread, reply), (ann, thread, own)):
        refused = await person.context_menu(place, MENU, message)
        assert "your own" in told_to(refused)
    refused = await ann.context_menu(elsewhere, MENU, other)
    assert "in no circle" in told_to(refused)


async def test_only_moderators_see_what_was_reported(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    await report(ben, circle.channel, stories_in(circle)[0])
    await circle.stage.pass_time(minutes=11)
    page = await desk(circle)
    found = {item["custom_id"] for item in walk(page.components) if "custom_id" in item}

    refused = await ann.slash(circle.channel, "moderate reports")

    assert "for the circle's moderators" in told_to(refused)
    assert len(found) == 3


async def test_a_moderator_reports_as_anybody_and_sees_only_that_somebody_did(circle: Circle) -> None:
    await tell(circle, circle.peers[0])
    await report(circle.moderator, circle.channel, stories_in(circle)[0], "worries")
    await circle.stage.pass_time(minutes=11)

    page = await desk(circle)

    assert "By one person" in seen(page)
    assert "mo" not in seen(page).split()


async def test_there_is_an_end_to_reporting_in_one_day(circle: Circle) -> None:
    _, ben, cem = circle.peers
    for number in range(10):
        await report(ben, circle.channel, await cem.send(circle.channel, f"Message {number}."))

    refused = await ben.context_menu(circle.channel, MENU, await cem.send(circle.channel, "One more."))

    assert "room for the next one" in told_to(refused)


HOSTILE = (
    "||spoiler|| @everyone <@&1> **bold** ```code``` [masked](https://example.org) \u202eesrever\u200b",
    "# A heading\n> a quote\n- a list\n" * 30,
    "\N{PARTY POPPER}" * 1900,
    "```" * 300,
)


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_shown_literally_and_pings_nobody(circle: Circle, text: str) -> None:
    _, ben, cem = circle.peers
    written = await cem.send(circle.channel, text)
    await report(ben, circle.channel, written, "off_topic", text[:500])
    await circle.stage.pass_time(minutes=11)

    page = seen(await desk(circle))

    assert "advertising" in page.casefold()
    for active in ("\n# A", "**bold**", "[masked](", "||spoiler||", "\u202e", "<@&1>", "\n> a"):
        assert active not in page
    assert "@everyone" not in page.replace("\\@everyone", "")
    assert "```" not in page.replace("\\`", "")


async def test_many_long_words_in_any_script_fit_on_one_page(circle: Circle) -> None:
    env = circle.stage.env
    written = await circle.peers[0].send(circle.channel, "\N{PARTY POPPER}" * 1990)
    for number in range(12):
        person = circle.guild.add_member(env.create_user(f"peer{number}"))
        await report(person, circle.channel, written, "identifies", "\N{PARTY POPPER}" * 500)
    await circle.stage.pass_time(minutes=11)

    page = await desk(circle)

    assert "By 12 people" in seen(page)
    texts = [part.get("content", "") for part in walk(page.components)]
    assert sum(len(text) for text in texts) <= 4000
    assert sum(len(text.encode()) for text in texts) <= 10_000

"""``/story mine``, and coming back from the bot's private messages, also as somebody who has left."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from tests.conftest import Circle, Stage, make_circle, seen, walk
from tests.flows.people import code_in, reply_unnamed, stories_in, tell, told_to

PAST_THE_WINDOW = 29


async def mine(circle: Circle, person: Any) -> Any:
    """The list, as its owner sees it."""
    done = await person.slash(circle.channel, "story mine")
    assert done.ephemeral
    return done.response


def looks(shown: Any) -> list[str]:
    """The custom_ids of the buttons that lead to panels."""
    return [item["custom_id"] for item in walk(shown.components) if item.get("label") == "Look"]


async def test_it_lists_ones_own_by_account_and_by_tags_with_their_state_and_the_way_to_each(
    circle: Circle,
) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    await tell(circle, ann, "Unnamed by Ann.")
    await tell(circle, ann, "Named by Ann.", named=True)
    await tell(circle, ben, "By Ben.")
    await tell(circle, ann, "Removed later.")
    await reply_unnamed(ann, stories_in(circle)[2], "I know that, Ben.")
    asked = await circle.moderator.slash(circle.channel, "moderate remove", story=4)
    await circle.moderator.click(asked.response.message, label="Remove it")
    await stage.pass_time(minutes=11)

    page = await mine(circle, ann)

    text = seen(page)
    for line in (
        "**Story 1**, without your name", "**Story 2**, with your name", "**Your reply** to story 3",
        "removed by a moderator", "Unnamed by Ann.", "I know that, Ben.", "enter its code",
    ):  # fmt: skip
        assert line in text
    assert "By Ben." not in text
    assert len(looks(page)) == 4
    for look in looks(page):
        panel = (await ann.click(page.message, custom_id=look)).response
        assert any(word in seen(panel) for word in ("Your story", "Your reply"))


async def test_nobody_sees_anothers_and_whoever_has_nothing_is_told_where_a_code_goes(circle: Circle) -> None:
    ann, _, cem = circle.peers
    code = code_in(await tell(circle, ann))

    page = await mine(circle, cem)
    assert "I recognise nothing of yours" in seen(page)
    opened = await cem.click(page.message, label="Enter a code")
    panel = await cem.submit_modal(opened, {"code": code})

    assert "Your story 1" in told_to(panel)


async def test_after_the_window_only_what_bears_the_name_is_listed(circle: Circle) -> None:
    ann = circle.peers[0]
    await tell(circle, ann, "Unnamed.")
    await tell(circle, ann, "Named.", named=True)

    await circle.stage.later(days=PAST_THE_WINDOW)
    text = seen(await mine(circle, ann))

    assert "Named." in text
    assert "Unnamed." not in text
    assert "I can't recognise any more" in text


async def test_what_waits_is_listed_to_its_teller_alone(stage: Stage) -> None:
    circle = await make_circle(stage, delay=30)
    ann, ben, _ = circle.peers
    await tell(circle, ann, "On its way.")

    assert "hasn't appeared yet" in seen(await mine(circle, ann))
    assert "On its way." not in seen(await mine(circle, ben))


async def test_pages_turn_in_place_also_after_a_restart_and_nothing_is_kept_for_it(circle: Circle) -> None:
    ann = circle.peers[0]
    animals = ("ape", "bat", "cat", "dog", "eel", "fox", "gnu", "hen")
    for animal in animals:
        await tell(circle, ann, f"The {animal}.")
        await circle.stage.pass_time(hours=7)  # nobody tells eight in a day

    first = await mine(circle, ann)
    assert len(looks(first)) == 6
    assert "The hen." in seen(first)
    await circle.stage.restart()
    second = (await ann.click(first.message, label="Next page")).response
    assert len(looks(second)) == 2
    assert "The ape." in seen(second)
    again = (await ann.click(second.message, label="Page before")).response
    assert seen(again) == seen(first)


async def test_a_channel_that_was_closed_to_somebody_is_left_out_of_their_list(circle: Circle) -> None:
    ann = circle.peers[0]
    await tell(circle, ann, "Told here.")
    other = circle.guild.create_text_channel("elsewhere")
    hide(circle, ann)

    page = (await ann.slash(other, "story mine")).response

    assert "Told here." not in seen(page)
    assert "nor anything in channels you can't see" in seen(page)


def hide(circle: Circle, person: Any) -> None:
    """The circle's channel is closed to somebody, by the people who manage the server."""
    deny = discord.Permissions(view_channel=True).value
    overwrite = Overwrite(target_id=person.id, type=OverwriteType.MEMBER, allow=0, deny=deny)
    circle.stage.env.backend.set_overwrite(circle.channel.id, overwrite)


async def with_code_in_dms(circle: Circle, person: Any, after: Any) -> Any:
    """*Send the code to my DMs*; returns the private message."""
    warned = (await person.click(after.message, label="Send the code to my DMs")).response
    await person.click(warned.message, label="Send it")
    return person.user.dm_channel.history()[-1]


async def test_who_has_left_still_does_everything_with_the_code_in_their_private_messages(
    circle: Circle,
) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    message = await with_code_in_dms(circle, ann, await tell(circle, ann))
    await reply_unnamed(ben, stories_in(circle)[0], "I hear you.")
    await stage.pass_time(minutes=5)
    circle.guild.remove_member(ann)
    await stage.later(days=PAST_THE_WINDOW)
    await stage.restart()
    ann = ann.user

    for label, text in (("Add how it went", "It went well."), ("Answer in the thread", "Thank you.")):
        panel = (await ann.click(message, label="Use it")).response
        assert "Your story 1" in seen(panel)
        opened = await ann.click(panel.message, label=label)
        preview = (await ann.submit_modal(opened, {"text": text})).response
        edit = await ann.click(preview.message, label="Edit")
        preview = (await ann.submit_modal(edit, {"text": f"{text} Really."})).response
        after = (await ann.click(preview.message, label="Post")).response
        assert "Your code" in seen(after)
    await stage.pass_time(minutes=5)
    (thread,) = circle.channel.threads
    shown = "\n".join(seen(one) for one in thread.history())
    assert "It went well. Really." in shown
    assert "Thank you. Really." in shown

    panel = (await ann.click(message, label="Use it")).response
    closed = (await ann.click(panel.message, label="Close replies")).response
    await stage.pass_time(minutes=5)
    assert thread._channel.thread_metadata.locked
    opened = (await ann.click(closed.message, label="Open replies again")).response
    added = (await ann.click(opened.message, label="What I added")).response
    one = (await ann.click(added.message, custom_id=looks(added)[0])).response
    question = (await ann.click(one.message, label="Withdraw the update")).response
    assert "taken back" in told_to(await ann.click(question.message, label="Yes, take it back"))
    panel = (await ann.click(message, label="Use it")).response
    question = (await ann.click(panel.message, label="Withdraw the story")).response
    await ann.click(question.message, label="Yes, take it back")
    await stage.pass_time(minutes=5)

    assert stories_in(circle) == circle.channel.threads == []
    assert "I know nothing with this code" in told_to(await ann.click(message, label="Use it"))
    await ann.click(message, label="Delete this message")
    assert ann.dm_channel.history() == []


@pytest.mark.parametrize("named", [True, False])
async def test_the_commands_work_in_private_messages_too(circle: Circle, named: bool) -> None:
    ann = circle.peers[0]
    after = await tell(circle, ann, "Told by Ann.", named=named)

    listed = (await ann.user.slash("story mine")).response
    assert ("Told by Ann." in seen(listed)) is named
    assert "enter its code" in seen(listed)
    facts = (await ann.user.slash("privacy facts")).response
    assert "Ada" in seen(facts)
    if not named:
        opened = await ann.user.click(listed.message, label="Enter a code")
        panel = await ann.user.submit_modal(opened, {"code": code_in(after)})
        assert "Your story 1" in told_to(panel)
    opened = await ann.user.slash("story receipt")
    assert opened.modal is not None


async def test_the_code_of_a_reply_works_in_private_messages(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    message = await with_code_in_dms(circle, ben, await reply_unnamed(ben, stories_in(circle)[0], "I know."))
    circle.guild.remove_member(ben)
    ben = ben.user

    panel = (await ben.click(message, label="Use it")).response
    question = (await ben.click(panel.message, label="Withdraw the reply")).response
    await ben.click(question.message, label="Yes, take it back")
    await circle.stage.pass_time(minutes=5)

    (thread,) = circle.channel.threads
    assert not any("I know." in seen(one) for one in thread.history())

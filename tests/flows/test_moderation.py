"""A moderator keeps the circle safe: removes, locks, mutes, and learns nothing about who told."""

from __future__ import annotations

from typing import Any

from tests.conftest import Circle, seen, walk
from tests.flows.people import SLIP, lock, reply_unnamed, stories_in, tell, write


async def moderate(circle: Circle, what: str, **options: Any) -> Any:
    """A moderator's command; returns what they see."""
    done = await circle.moderator.slash(circle.channel, f"moderate {what}", **options)
    assert done.ephemeral
    return done.response


async def mute(circle: Circle, story: int, until: str = "One week") -> Any:
    """The command and its confirmation."""
    asked = await moderate(circle, "mute", story=story, until=until)
    return (await circle.moderator.click(asked.message, label="Mute")).response


async def remove(circle: Circle, story: int) -> Any:
    """The command and its confirmation."""
    asked = await moderate(circle, "remove", story=story)
    return (await circle.moderator.click(asked.message, label="Remove it")).response


async def test_before_a_story_goes_the_moderator_sees_which_one_and_what_goes(circle: Circle) -> None:
    await tell(circle, circle.peers[0])

    asked = await moderate(circle, "remove", story=1)
    for text in ("Remove story 1?", SLIP, "every reply in it", "For ten minutes any moderator can bring"):
        assert text in seen(asked)
    kept = (await circle.moderator.click(asked.message, label="Leave it as it is")).response

    assert "Nothing was changed" in seen(kept)
    assert len(stories_in(circle)) == len(circle.channel.threads) == 1


async def test_a_removed_story_is_gone_with_its_thread_and_its_teller_sees_why(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    after = await tell(circle, ann)
    await reply_unnamed(ben, stories_in(circle)[0], "I hear you.")
    await circle.stage.pass_time(minutes=5)

    done = await remove(circle, 1)

    assert "Story 1 is taken away" in seen(done)
    await circle.stage.pass_time(minutes=11)
    assert stories_in(circle) == circle.channel.threads == []
    panel = (await ann.click(after.message, label="My story")).response
    assert "removed by a moderator" in seen(panel)
    again = await moderate(circle, "remove", story=1)
    assert "removed already" in seen(again)


async def test_two_moderators_pressing_at_once_remove_it_once(circle: Circle) -> None:
    await tell(circle, circle.peers[0])
    first = await moderate(circle, "remove", story=1)
    second = await moderate(circle, "remove", story=1)

    await circle.moderator.click(first.message, label="Remove it")
    late = await circle.moderator.click(second.message, label="Remove it")

    assert "removed already" in seen(late.followups[0])


async def test_a_story_with_a_content_note_shows_its_words_to_the_moderator_behind_a_cover(
    circle: Circle,
) -> None:
    ann = circle.peers[0]
    preview = await write(circle, ann)
    (note,) = [
        item for item in walk(preview.components) if item.get("custom_id", "").startswith("stories:v1:note:")
    ]
    option = note["options"][1]["value"]
    preview = (await ann.select(preview.message, [option], custom_id=note["custom_id"])).response
    await ann.click(preview.message, label="Post")

    asked = await moderate(circle, "remove", story=1)

    (cover,) = [part for part in asked.components if part.get("spoiler")]
    assert SLIP in str(cover)


async def test_a_muted_teller_is_refused_kindly_with_their_words_and_nobody_else_is(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    preview = await write(circle, ann, "A second story, written before.")
    before = len(circle.channel.history())

    done = await mute(circle, 1)
    assert "until Thursday, 8 January 2026" in seen(done)
    assert len(circle.channel.history()) == before
    await circle.stage.restart()
    refused = await ann.click(preview.message, label="Post")
    told = await tell(circle, ben, "Somebody else's story.")

    assert "for a while" in seen(refused.followups[0])
    assert refused.followups[0].ephemeral
    assert "A second story, written before." in seen(refused.response)  # the preview stands there still
    assert "Your code" in seen(told)
    assert [SLIP in seen(story) for story in stories_in(circle)] == [True, False]
    assert str(ann.id) not in seen(done)


async def test_a_muted_teller_can_not_reply_under_a_pen_name_either(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    await tell(circle, ben, "Another.")
    await mute(circle, 1)

    refused = await ann.click(stories_in(circle)[1], label="Reply without my name")

    assert "for a while" in seen(refused.response)


async def test_a_mute_ends_by_itself(circle: Circle) -> None:
    ann = circle.peers[0]
    await tell(circle, ann)
    await mute(circle, 1, until="2026-01-03")

    await circle.stage.pass_time(days=3)

    assert "Your code" in seen(await tell(circle, ann, "Back again."))


async def test_a_mute_can_be_ended_sooner_and_the_answer_is_the_same_if_there_was_none(
    circle: Circle,
) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    await tell(circle, ben, "Another.")
    await mute(circle, 1)

    ended = await moderate(circle, "unmute", story=1)
    never = await moderate(circle, "unmute", story=2)

    assert seen(ended).replace("story 1", "story 2") == seen(never)
    assert "Your code" in seen(await tell(circle, ann, "Back again."))


async def test_muting_somebody_who_is_muted_already_answers_as_for_anybody(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    for person in (ann, ann, ben):
        await tell(circle, person)
    answers = [seen(await mute(circle, number)) for number in (1, 2, 3)]

    assert answers[0] == answers[1].replace("story 2", "story 1") == answers[2].replace("story 3", "story 1")


async def test_how_long_a_mute_can_be_is_said_before_it_is_given(circle: Circle) -> None:
    ann = circle.peers[0]
    await tell(circle, ann)
    await circle.stage.pass_time(days=20)

    asked = await moderate(circle, "mute", story=1, until="Two weeks")
    assert "as long as it can be" in seen(asked)
    assert "until Thursday, 29 January 2026, 01:00" in seen(asked)
    await circle.stage.pass_time(days=8)
    too_late = await circle.moderator.click(asked.message, label="Mute")

    assert "Too much time has passed" in seen(too_late.followups[0])
    asked = await moderate(circle, "mute", story=1, until="One week")
    assert "Too much time has passed" in seen(asked)


async def test_how_long_can_be_chosen_or_typed_and_nonsense_is_explained(circle: Circle) -> None:
    await tell(circle, circle.peers[0])

    offered = await circle.moderator.autocomplete(circle.channel, "moderate mute", "until", "", story=1)
    assert [choice["name"] for choice in offered] == ["One week", "Two weeks", "As long as possible"]
    for until, told in (
        ("as long as possible", "29 January 2026, 01:00"),
        ("2026-01-12", "Monday, 12 January 2026, 00:00"),
        ("2026-01-01", "already here or past"),
        ("for ever", "couldn't read"),
    ):
        assert told in seen(await moderate(circle, "mute", story=1, until=until))


async def test_a_closed_thread_takes_no_replies_until_it_is_opened_again(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    (story,) = stories_in(circle)
    (thread,) = circle.channel.threads

    assert "closed for replies" in seen(await lock(circle, 1, thread))
    assert thread._channel.thread_metadata.locked
    refused = await ben.click(story, label="Reply without my name")
    assert "closed for replies" in seen(refused.response)
    await moderate(circle, "unlock", story=1)

    assert not thread._channel.thread_metadata.locked
    assert "under the name" in seen(await reply_unnamed(ben, story, "I hear you."))


async def test_a_thread_that_opens_late_is_locked_when_it_is_there(circle: Circle) -> None:
    circle.stage.env.inject_error("POST", "/channels/*/messages/*/threads", status=503)
    await tell(circle, circle.peers[0])
    assert circle.channel.threads == []

    await lock(circle, 1)
    await circle.stage.pass_time(minutes=5)

    (thread,) = circle.channel.threads
    assert thread._channel.thread_metadata.locked
    assert len(thread.history()) == 1


async def test_who_may_not_moderate_is_told_who_may(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)

    for what, options in (
        ("remove", {}), ("undo", {}), ("lock", {}), ("unlock", {}), ("note", {}),
        ("mute", {"until": "One week"}), ("unmute", {}),
    ):  # fmt: skip
        refused = await ben.slash(circle.channel, f"moderate {what}", story=1, **options)
        assert refused.ephemeral
        assert f"<@&{circle.moderators.id}>" in seen(refused.response)
    assert len(stories_in(circle)) == 1


async def test_who_lost_the_right_meanwhile_can_not_go_on(circle: Circle) -> None:
    await tell(circle, circle.peers[0])
    asked = await moderate(circle, "remove", story=1)
    circle.stage.env.backend.get_member(circle.guild.id, circle.moderator.id).role_ids.clear()

    refused = await circle.moderator.click(asked.message, label="Remove it")

    assert "for the circle's moderators" in seen(refused.followups[0])
    assert len(stories_in(circle)) == 1


async def test_a_number_that_no_story_has_is_explained(circle: Circle) -> None:
    await tell(circle, circle.peers[0])

    for what, options in (("remove", {}), ("lock", {}), ("mute", {"until": "One week"}), ("unmute", {})):
        assert "no story 7" in seen(await moderate(circle, what, story=7, **options))

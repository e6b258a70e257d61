"""A moderator stops the circle in one step, and lets it go on; nothing is made up, nothing is lost."""

from __future__ import annotations

from tests.conftest import Circle, seen
from tests.flows.people import SLIP, ask_now, stories_in, write


async def test_a_moderator_pauses_and_resumes_and_words_under_way_stay_with_their_preview(
    circle: Circle,
) -> None:
    ann, ben, _ = circle.peers
    preview = await write(circle, ann)

    paused = await circle.moderator.slash(circle.channel, "circle pause")
    refused = await ann.click(preview.message, label="Post")
    closed = await ben.click(circle.channel.history()[0], label="Share without my name")
    resumed = await circle.moderator.slash(circle.channel, "circle resume")
    await ann.click(preview.message, label="Post")

    assert paused.ephemeral
    assert "The circle is paused" in seen(paused.response)
    assert "paused just now" in "\n".join(seen(message) for message in refused.followups)
    assert "paused just now" in seen(closed.response)
    assert closed.modal is None
    assert "The circle goes on" in seen(resumed.response)
    (story,) = stories_in(circle)
    assert SLIP in seen(story)


async def test_a_pause_with_a_day_ends_by_itself_and_what_fell_into_it_is_not_made_up(circle: Circle) -> None:
    stage = circle.stage
    await ask_now(circle)

    await circle.moderator.slash(circle.channel, "circle pause", until="2026-01-13")
    await stage.pass_time(days=13)
    during = len(circle.channel.history())
    await stage.pass_time(days=7)

    assert during == 1
    assert len(circle.channel.history()) == 2


async def test_a_facilitator_pauses_and_resumes_too_also_without_managing_the_server(circle: Circle) -> None:
    fin = circle.guild.add_member(circle.stage.env.create_user("fin"), roles=[circle.facilitators])

    await fin.slash(circle.channel, "circle pause")
    paused = (await circle.info).paused
    await fin.slash(circle.channel, "circle resume")

    assert paused
    assert not (await circle.info).paused


async def test_a_peer_cannot_pause_and_is_told_who_can(circle: Circle) -> None:
    shown = await circle.peers[0].slash(circle.channel, "circle pause")

    assert circle.facilitators.mention in seen(shown.response)
    assert not (await circle.info).paused


async def test_in_a_pause_with_a_day_the_dates_are_those_after_it(circle: Circle) -> None:
    await ask_now(circle)
    await circle.facilitator.slash(circle.channel, "circle pause", until="2026-02-01")

    status = seen((await circle.facilitator.slash(circle.channel, "circle status")).response)
    preview = seen((await circle.facilitator.slash(circle.channel, "prompt preview")).response)
    skipped = seen((await circle.facilitator.slash(circle.channel, "prompt skip")).response)

    assert "Monday, 2 February 2026" in status
    assert "January 2026" not in status
    assert "It will be asked on Monday, 2 February 2026" in preview
    assert "Left out: Monday, 2 February 2026" in skipped
    assert "The next question comes on Monday, 9 February 2026" in skipped


async def test_in_a_pause_without_a_day_no_date_is_promised(circle: Circle) -> None:
    await circle.facilitator.slash(circle.channel, "circle pause")

    status = seen((await circle.facilitator.slash(circle.channel, "circle status")).response)
    preview = seen((await circle.facilitator.slash(circle.channel, "prompt preview")).response)

    assert "The next dates" not in status
    assert "2026" not in status
    assert "this comes next when it goes on" in preview
    assert "2026" not in preview

"""People and servers leave, and come back; circles choose how long they keep what was told."""

from __future__ import annotations

from tests.conftest import Circle, seen
from tests.flows.people import stories_in, tell, told_to

SLIP = "I mixed up two appointments and let somebody wait in the rain."


async def days_pass(circle: Circle, days: int) -> None:
    """Some days, in each of which the clock asks a few times."""
    for _ in range(days):
        await circle.stage.later(days=1)
        for _ in range(3):
            await circle.stage.tick()


def asked_about(circle: Circle) -> list[str]:
    """The members that Discord was asked about, by the path."""
    requests = circle.stage.env.http_requests
    return [one.path for one in requests if one.method == "GET" and "/members/" in one.path]


async def test_a_member_who_left_is_noticed_and_a_month_later_the_named_story_is_gone(
    circle: Circle,
) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann, SLIP, named=True)
    await tell(circle, ben, "Ben stays", named=True)
    await tell(circle, ann, "Ann unnamed")
    await days_pass(circle, 1)
    circle.guild.remove_member(ann)

    await days_pass(circle, 36)
    status = seen((await circle.facilitator.slash(circle.channel, "circle status")).response)
    await days_pass(circle, 2)

    assert "no longer in this server: 1" in status
    assert ann.name not in status
    texts = [seen(story) for story in stories_in(circle)]
    assert not any(SLIP in text for text in texts)
    assert sum("Ben stays" in text or "Ann unnamed" in text for text in texts) == 2
    assert {path.rsplit("/", 1)[1] for path in asked_about(circle)} == {str(ann.id), str(ben.id)}


async def test_nobody_is_asked_about_who_told_without_a_name(circle: Circle) -> None:
    await tell(circle, circle.peers[0], SLIP)
    await days_pass(circle, 15)

    assert asked_about(circle) == []


async def test_while_discord_is_away_nobody_counts_as_gone(circle: Circle) -> None:
    ann, env = circle.peers[0], circle.stage.env
    await tell(circle, ann, SLIP, named=True)
    path = f"/guilds/{circle.guild.id}/members/{ann.id}"
    env.inject_error("GET", path, status=500, times=400)

    await days_pass(circle, 3)

    status = seen((await ann.slash(circle.channel, "privacy show")).response)
    assert "left a server" not in status


async def test_removed_from_the_server_the_circle_goes_after_a_month(circle: Circle) -> None:
    stage, ann = circle.stage, circle.peers[0]
    await tell(circle, ann, SLIP, named=True)
    stage.env.backend.remove_guild(circle.guild.id)
    await stage.env.settle()

    await days_pass(circle, 29)
    assert await stage.bot.services.circles.everywhere() != ()
    await days_pass(circle, 2)

    assert await stage.bot.services.circles.everywhere() == ()
    assert SLIP not in seen((await ann.user.slash("privacy show")).response)


async def test_removed_while_the_bot_was_stopped_it_is_noticed_at_the_start(circle: Circle) -> None:
    stage = circle.stage
    guild = stage.env.backend.guilds.pop(circle.guild.id)
    await stage.restart()
    await days_pass(circle, 3)
    stage.env.backend.guilds[circle.guild.id] = guild
    await stage.restart()
    await days_pass(circle, 40)

    status = seen((await circle.facilitator.slash(circle.channel, "circle status")).response)
    assert "am back" in status
    assert await stage.bot.services.circles.everywhere() != ()


async def test_facilitators_see_how_long_stories_are_kept_and_choose_it(circle: Circle) -> None:
    status = seen((await circle.facilitator.slash(circle.channel, "circle status")).response)
    assert "until they are withdrawn" in status

    chosen = await circle.facilitator.slash(circle.channel, "circle keep", days=180)

    assert "180 days at most" in seen(chosen.response)
    status = seen((await circle.facilitator.slash(circle.channel, "circle status")).response)
    assert "180 days at most" in status


async def test_what_a_shorter_time_destroys_is_said_and_asked_before(circle: Circle) -> None:
    stage, fay = circle.stage, circle.facilitator
    await tell(circle, circle.peers[0], SLIP)
    await stage.later(days=100)
    await tell(circle, circle.peers[1], "a young one", named=True)

    asked = (await fay.slash(circle.channel, "circle keep", days=90)).response
    assert "for good: 1" in seen(asked)
    await stage.tick()
    assert len(stories_in(circle)) == 2
    await fay.click(asked.message, label="Yes, take them away")
    await stage.tick()

    (left,) = stories_in(circle)
    assert "a young one" in seen(left)


async def test_only_facilitators_choose_it_also_when_the_question_stands_already(circle: Circle) -> None:
    fay, backend = circle.facilitator, circle.stage.env.backend
    await tell(circle, circle.peers[0], SLIP)
    await circle.stage.later(days=100)
    refused = await circle.peers[0].slash(circle.channel, "circle keep", days=90)
    assert "facilitators" in seen(refused.response)

    asked = (await fay.slash(circle.channel, "circle keep", days=90)).response
    for role_id in list(backend.get_member(circle.guild.id, fay.id).role_ids):
        backend.remove_member_role(circle.guild.id, fay.id, role_id)
    told = told_to(await fay.click(asked.message, label="Yes, take them away"))
    await circle.stage.tick()

    assert "facilitators" in told
    assert len(stories_in(circle)) == 1


async def test_the_set_up_page_says_what_becomes_of_it_all(circle: Circle) -> None:
    page = seen((await circle.facilitator.slash(circle.channel, "circle settings")).response)

    assert "after 30 days" in page
    assert "/circle keep" in page

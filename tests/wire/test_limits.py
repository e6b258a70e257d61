"""The double limits requests as Discord documents it, and says so in Discord's words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wire.asker import Asker
from tests.wire.conftest import Stopwatch
from tests.wire.discord_double import Double

MESSAGE: dict[str, Any] = {"content": "A word.", "allowed_mentions": {"parse": []}}


async def test_a_token_has_fifty_requests_a_second(
    still: Double, ask_still: Asker, stopwatch: Stopwatch
) -> None:
    channels = [still.world.add_channel(still.world.add_guild()) for _ in range(6)]
    paths = [f"/channels/{channel.id}" for channel in channels]
    for number in range(50):
        assert (await ask_still("GET", paths[number % 6])).status == 200

    refused = await ask_still("GET", paths[0])

    assert refused.status == 429
    assert refused.body["global"] is True
    assert 0 < refused.body["retry_after"] <= 1.01
    assert refused.headers["X-RateLimit-Global"] == "true"
    assert refused.headers["Via"]
    assert refused.headers["Content-Type"] == "application/json"
    assert still.limits.refused == {"GET /channels/{channel_id}": 1}
    assert still.limits.most_in_a_second == 51
    stopwatch.at += 1.01
    assert (await ask_still("GET", paths[0])).status == 200


async def test_answers_to_interactions_do_not_count(still: Double, ask_still: Asker) -> None:
    guild = still.world.add_guild()
    channel, ann = still.world.add_channel(guild), still.world.add_person("ann", guild)
    used = [still.desk.use(3, ann, channel, {"custom_id": "a", "component_type": 2}) for _ in range(60)]

    for one in used:
        path = f"/interactions/{one.id}/{one.token}/callback"
        assert (await ask_still("POST", path, {"type": 5})).status == 204

    assert still.limits.most_in_a_second == 0
    assert (await ask_still("GET", f"/channels/{channel.id}")).status == 200


async def test_a_channel_takes_five_messages_in_five_seconds(
    still: Double, ask_still: Asker, stopwatch: Stopwatch
) -> None:
    guild = still.world.add_guild()
    here, there = (still.world.add_channel(guild) for _ in range(2))
    for left in (4, 3, 2, 1, 0):
        answered = await ask_still("POST", f"/channels/{here.id}/messages", MESSAGE)
        assert answered.headers["X-RateLimit-Remaining"] == str(left)
        assert answered.headers["X-RateLimit-Limit"] == "5"
        assert float(answered.headers["X-RateLimit-Reset-After"]) == 5

    refused = await ask_still("POST", f"/channels/{here.id}/messages", MESSAGE)
    elsewhere = await ask_still("POST", f"/channels/{there.id}/messages", MESSAGE)

    assert refused.status == 429
    assert refused.body["global"] is False
    assert refused.headers["X-RateLimit-Scope"] == "user"
    assert elsewhere.status == 200
    assert elsewhere.headers["X-RateLimit-Bucket"] == answered.headers["X-RateLimit-Bucket"]
    assert len(still.messages(here)) == 5
    stopwatch.at += 5
    assert (await ask_still("POST", f"/channels/{here.id}/messages", MESSAGE)).status == 200


async def test_invalid_requests_are_counted(still: Double, ask_still: Asker) -> None:
    channel = still.world.add_channel(still.world.add_guild(permissions=0, everybody=0))

    assert (await ask_still("GET", f"/channels/{channel.id}")).status == 403
    assert (await ask_still("GET", "/channels/1")).status == 404
    refused = await ask_still("GET", "/users/@me", token="another")

    assert (refused.status, refused.code) == (401, 0)
    assert still.limits.invalid == 2
    assert still.problems == ["401: GET /users/@me"]
    still.problems.clear()


async def test_without_enforcement_all_goes_through_and_is_counted(still: Double, ask_still: Asker) -> None:
    still.limits.enforced = False
    for _ in range(60):
        assert (await ask_still("GET", "/users/@me")).status == 200
    assert still.limits.most_in_a_second == 60
    assert not still.limits.refused


@pytest.mark.parametrize(
    ("method", "path", "body", "problem"),
    [
        ("GET", "/guilds/1/audit-logs", None, "501: GET /guilds/1/audit-logs"),
        ("POST", "/channels/{channel}/messages", {"content": "A word."}, "allowed_mentions is missing"),
        (
            "POST",
            "/channels/{channel}/messages",
            MESSAGE | {"embeds": [{}], "flags": 1 << 15, "components": [{"type": 10, "content": "x" * 4001}]},
            "4001 characters of text are more than 4000",
        ),
    ],
)
async def test_what_discord_would_mind_is_told(
    discord: Double, ask: Asker, method: str, path: str, body: Any, problem: str
) -> None:
    channel = discord.world.add_channel(discord.world.add_guild())
    await ask(method, path.format(channel=channel.id), body)
    assert any(problem in told for told in discord.problems), discord.problems
    discord.problems.clear()

"""The double's gateway: who may start, what each shard hears, and what is told again after a break."""

from __future__ import annotations

import pytest

from tests.wire.asker import INTENTS, Asker
from tests.wire.conftest import Stopwatch
from tests.wire.discord_double import Double
from tests.wire.gateway import ACK, HEARTBEAT, INVALID, RECONNECT


async def test_a_shard_is_told_its_own_servers_and_presses_in_them(discord: Double, ask: Asker) -> None:
    guilds = [discord.world.add_guild(f"Practice {number}") for number in range(4)]
    channels = [discord.world.add_channel(guild) for guild in guilds]
    ann = discord.world.add_person("ann", guilds[1])
    zero, one = await ask.line(), await ask.line()
    assert (await one.ready((1, 2)))["guilds"] == [
        {"id": str(guild.id), "unavailable": True} for guild in (guilds[1], guilds[3])
    ]
    first = await one.event("GUILD_CREATE")
    assert first["channels"][0]["id"] == str(channels[1].id)
    assert [member["user"]["id"] for member in first["members"]] == [str(discord.world.me.id)]
    assert (await one.event("GUILD_CREATE"))["name"] == "Practice 3"
    await zero.ready((0, 2))

    discord.desk.use(3, ann, discord.world.private_channel(ann), {"custom_id": "a", "component_type": 2})
    discord.desk.use(3, ann, channels[1], {"custom_id": "b", "component_type": 2})

    assert (await zero.event("INTERACTION_CREATE"))["data"]["custom_id"] == "a"
    assert (await one.event("INTERACTION_CREATE"))["data"]["custom_id"] == "b"


async def test_a_session_hears_what_its_intents_name(discord: Double, ask: Asker) -> None:
    channel = discord.world.add_channel(discord.world.add_guild())
    ann = discord.world.add_person("ann", channel.guild)
    line = await ask.line()
    await line.ready()
    message = discord.people.write(ann, channel, "Good morning.")
    discord.people.react(ann, message, "🌱")
    assert (await line.event("MESSAGE_REACTION_ADD"))["message_id"] == str(message.id)
    assert "MESSAGE_CREATE" not in [said["t"] for said in line.heard]


async def test_what_was_missed_is_told_again_after_a_break(discord: Double, ask: Asker) -> None:
    guild = discord.world.add_guild()
    line = await ask.line()
    await line.ready()
    await line.event("GUILD_CREATE")
    discord.gateway.drop()
    with pytest.raises(ConnectionError):
        await line.next()
    roles = [discord.world.add_role(guild, name).name for name in ("One", "Two")]

    other = await ask.line()
    await other.resume(line.session, line.number)

    told = [(await other.event("GUILD_ROLE_CREATE"))["role"]["name"] for _ in roles]
    assert told == roles
    await other.event("RESUMED")
    assert [said["s"] for said in other.heard if said["s"]] == [3, 4, 5]
    assert (discord.gateway.resumes, discord.gateway.replayed) == (1, 2)


async def test_a_session_that_is_over_is_not_taken_up(discord: Double, ask: Asker) -> None:
    line = await ask.line()
    await line.ready()
    discord.gateway.reconnect()
    assert await line.operation(RECONNECT) is None
    discord.gateway.invalidate()
    assert await line.operation(INVALID) is False

    other = await ask.line()
    await other.resume(line.session, line.number)
    assert await other.operation(INVALID) is False
    await other.ready()
    discord.gateway.invalidate(resumable=True)
    assert await other.operation(INVALID) is True

    await other.ws.close(code=1000)
    await discord.until(lambda: len(discord.gateway.sockets) == 1)
    third = await ask.line()
    await third.resume(other.session, other.number)
    assert await third.operation(INVALID) is False


async def test_a_session_waits_a_few_minutes_for_its_resume(discord: Double, ask: Asker) -> None:
    line = await ask.line()
    await line.ready()
    discord.gateway.drop()
    await discord.until(lambda: not discord.gateway.sockets)
    discord.clock.forward(minutes=4)
    other = await ask.line()
    await other.resume(line.session, line.number)
    assert await other.operation(INVALID) is False


async def test_starts_of_one_group_keep_their_distance(
    still: Double, ask_still: Asker, stopwatch: Stopwatch
) -> None:
    still.gateway.max_concurrency, still.gateway.identify_seconds = 2, 5
    first, second, third = [await ask_still.line() for _ in range(3)]
    await first.ready((0, 4))
    await second.ready((1, 4))
    await third.identify((2, 4))
    assert await third.operation(INVALID) is False
    assert still.gateway.too_early == 1

    stopwatch.at += 5
    await third.ready((2, 4))
    assert [start.shard for start in still.gateway.starts] == [0, 1, 2]
    told = await ask_still("GET", "/gateway/bot")
    assert told.body["session_start_limit"]["remaining"] == 997
    assert told.body["session_start_limit"]["max_concurrency"] == 2


async def test_heartbeats_are_answered_and_silence_ends_the_connection(discord: Double, ask: Asker) -> None:
    discord.gateway.heartbeat_seconds = 0.1
    line = await ask.line()
    await line.ws.send_json({"op": HEARTBEAT, "d": None})
    await line.operation(ACK)
    with pytest.raises(ConnectionError, match="4000"):
        await line.next()


async def test_a_compressed_connection_is_one_stream(discord: Double, ask: Asker) -> None:
    discord.world.add_guild("Practice")
    line = await ask.line(compress=True)
    await line.ready()
    assert (await line.event("GUILD_CREATE"))["name"] == "Practice"


@pytest.mark.parametrize(
    ("token", "shard", "intents", "code"),
    [
        ("another", (0, 1), INTENTS, 4004),
        (None, (2, 2), INTENTS, 4010),
        (None, (0, 1), INTENTS | 1 << 15, 4014),
    ],
)
async def test_who_may_not_start_is_sent_away(
    discord: Double, ask: Asker, token: str | None, shard: tuple[int, int], intents: int, code: int
) -> None:
    line = await ask.line()
    line.token = token or line.token
    await line.identify(shard, intents)
    with pytest.raises(ConnectionError, match=str(code)):
        await line.next()


async def test_too_many_servers_need_shards(discord: Double, ask: Asker) -> None:
    for _ in range(2501):
        discord.world.add_guild()
    line, other = await ask.line(), await ask.line()
    await line.identify()
    with pytest.raises(ConnectionError, match="4011"):
        await line.next()
    assert len((await other.ready((0, 2)))["guilds"]) == 1251


async def test_changes_are_told_while_connected(discord: Double, ask: Asker) -> None:
    line = await ask.line()
    await line.ready()
    guild = discord.world.add_guild()
    channel = discord.world.add_channel(guild)
    discord.world.change_channel(channel, name="slips")
    discord.world.delete_channel(channel)
    discord.world.leave_guild(guild)
    await line.event("GUILD_CREATE")
    await line.event("CHANNEL_CREATE")
    assert (await line.event("CHANNEL_UPDATE"))["name"] == "slips"
    await line.event("CHANNEL_DELETE")
    assert await line.event("GUILD_DELETE") == {"id": str(guild.id)}

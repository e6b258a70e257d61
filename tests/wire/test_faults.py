"""What goes wrong on demand goes wrong exactly so, and at the exact moment."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
import pytest

from tests.wire.asker import Asker, soon
from tests.wire.discord_double import Double
from tests.wire.faults import Fault
from tests.wire.things import Channel

MESSAGE: dict[str, Any] = {"content": "A word.", "allowed_mentions": {"parse": []}}
MESSAGES = r"/channels/\d+/messages"


@pytest.fixture
def channel(discord: Double) -> Channel:
    return discord.world.add_channel(discord.world.add_guild())


async def test_a_status_is_answered_and_nothing_done(discord: Double, ask: Asker, channel: Channel) -> None:
    fault = discord.faults.add(Fault(kind="status", status=502, method="POST", path=MESSAGES, times=2))
    path = f"/channels/{channel.id}/messages"
    statuses = [(await ask("POST", path, MESSAGE)).status for _ in range(3)]
    assert statuses == [502, 502, 200]
    assert fault.hits == 2
    assert len(discord.messages(channel)) == 1


async def test_a_code_can_be_refused_with(discord: Double, ask: Asker) -> None:
    ann = discord.world.add_person("ann", discord.world.add_guild())
    discord.faults.add(Fault(kind="status", status=403, code=40003, path="/users/@me/channels"))
    refused = await ask("POST", "/users/@me/channels", {"recipient_id": str(ann.id)})
    assert (refused.status, refused.code) == (403, 40003)
    assert discord.limits.invalid == 1


async def test_a_429_says_how_long(discord: Double, ask: Asker, channel: Channel) -> None:
    discord.faults.add(Fault(kind="429", seconds=2.5, path=MESSAGES))
    refused = await ask("POST", f"/channels/{channel.id}/messages", MESSAGE)
    assert (refused.status, refused.body["retry_after"]) == (429, 2.5)
    assert refused.headers["Via"]
    assert discord.messages(channel) == []


async def test_an_answer_can_come_from_somebody_else(discord: Double, ask: Asker) -> None:
    discord.faults.add(Fault(kind="foreign", status=200, text='"no such page"'))
    answered = await ask("GET", "/users/@me")
    assert "Via" not in answered.headers
    assert answered.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(("kind", "there"), [("close-before", 0), ("close-after", 1)])
async def test_a_connection_can_end_before_or_after_the_work(
    discord: Double, ask: Asker, channel: Channel, kind: Any, there: int
) -> None:
    discord.faults.add(Fault(kind=kind, method="POST", path=MESSAGES))
    with pytest.raises(aiohttp.ClientError):
        await ask("POST", f"/channels/{channel.id}/messages", MESSAGE)
    assert len(discord.messages(channel)) == there
    assert discord.requests[-1].status == 0


async def test_a_request_can_hang_until_the_fault_is_removed(
    discord: Double, ask: Asker, channel: Channel
) -> None:
    fault = discord.faults.add(Fault(kind="hang", path=MESSAGES))
    asking = await soon(ask("POST", f"/channels/{channel.id}/messages", MESSAGE))
    await discord.until(lambda: fault.hits)
    await asyncio.sleep(0.05)
    assert not asking.done()
    discord.faults.remove(fault)
    with pytest.raises(aiohttp.ClientError):
        await asking
    assert discord.messages(channel) == []


async def test_a_request_can_take_its_time(discord: Double, ask: Asker, channel: Channel) -> None:
    discord.faults.add(Fault(kind="delay", seconds=0.2, path=MESSAGES))
    before = time.monotonic()
    assert (await ask("POST", f"/channels/{channel.id}/messages", MESSAGE)).status == 200
    assert time.monotonic() - before >= 0.2


async def test_a_request_is_held_before_and_after_its_work(
    discord: Double, ask: Asker, channel: Channel
) -> None:
    before = discord.faults.hold("before", "POST", MESSAGES)
    after = discord.faults.hold("after", "POST", MESSAGES, about=lambda request: "word" in str(request.json))
    asking = await soon(ask("POST", f"/channels/{channel.id}/messages", MESSAGE))
    assert (await before.reached()).json == MESSAGE
    assert discord.messages(channel) == []
    before.let_go()
    await after.reached()
    assert len(discord.messages(channel)) == 1
    assert not asking.done()
    after.let_go()
    assert (await asking).status == 200


async def test_something_is_called_at_the_exact_moment(discord: Double, ask: Asker, channel: Channel) -> None:
    found: list[int] = []
    discord.faults.when("after", "POST", MESSAGES, lambda _r: found.append(len(discord.messages(channel))))
    for _ in range(2):
        await ask("POST", f"/channels/{channel.id}/messages", MESSAGE)
    assert found == [1]


async def test_away_means_refused_connections_and_back_the_same_address(discord: Double, ask: Asker) -> None:
    line = await ask.line()
    await line.ready()
    url = discord.url
    await discord.away()
    with pytest.raises(aiohttp.ClientError):
        await ask("GET", "/users/@me")
    with pytest.raises(ConnectionError):
        await line.next()
    await discord.back()
    assert discord.url == url
    assert (await ask("GET", "/users/@me")).status == 200
    again = await ask.line()
    await again.resume(line.session, line.number)
    await again.event("RESUMED")

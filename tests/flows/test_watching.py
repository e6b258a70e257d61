"""The bot can be watched: how it works, and never what anybody does about a story."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.operating import server
from bot.operating.prometheus import PrometheusMeasures
from bot.operating.server import watched
from db.database import Database
from tests.conftest import Circle, Stage, make_circle
from tests.flows.people import ask_now, custom_id, reply_unnamed, stories_in, tell, write


@pytest.fixture
def measures() -> PrometheusMeasures:
    return PrometheusMeasures("1.2.3")


@pytest.fixture
async def address(stage: Stage, measures: PrometheusMeasures) -> AsyncIterator[str]:
    """Where a bot that is watched answers."""
    stage.measures = measures
    await stage.restart()
    async with watched(stage.bot, measures, "127.0.0.1", 0) as address:
        yield address


async def read(address: str, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"{address}{path}") as answer:
        return answer.status, await answer.text()


async def numbers(address: str) -> dict[str, float]:
    """All numbers by their names and labels; not those that say when they began."""
    _, page = await read(address, "/metrics")
    rows = (line.rsplit(" ", 1) for line in page.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in rows if "_created" not in name}


async def test_what_was_delivered_and_what_is_due_can_be_read(stage: Stage, address: str) -> None:
    circle = await make_circle(stage)
    await ask_now(circle)
    await tell(circle, circle.peers[0])
    await stage.tick()

    found = await numbers(address)

    assert found['good_enough_deliveries_total{kind="prompt",outcome="shown"}'] == 1
    assert found['good_enough_deliveries_total{kind="story",outcome="shown"}'] == 1
    assert found['good_enough_queue{state="due"}'] == 0
    assert found["good_enough_tick_seconds_count"] == 1
    assert found["good_enough_connected"] == 1
    assert found['good_enough_info{version="1.2.3"}'] == 1


async def test_nothing_changes_when_somebody_tells_until_it_is_published(stage: Stage, address: str) -> None:
    circle = await make_circle(stage, delay=30)
    ann, ben, _ = circle.peers
    await ask_now(circle)
    before = await numbers(address)

    preview = await write(circle, ann)
    assert await numbers(address) == before
    after = (await ann.click(preview.message, label="Post")).response
    assert await numbers(address) == before
    question = (await ann.click(after.message, label="Send the code to my DMs")).response
    await ann.click(question.message, label="Send it")
    assert any(entry.path == "/users/@me/channels" for entry in stage.env.http_requests)
    assert await numbers(address) == before

    await stage.pass_time(minutes=35)
    assert (await numbers(address))['good_enough_deliveries_total{kind="story",outcome="shown"}'] == 1
    before = await numbers(address)
    await reply_unnamed(ben, stories_in(circle)[0], "I know that.")
    assert await numbers(address) == before


async def test_presses_that_have_nothing_to_do_with_a_story_are_measured(stage: Stage, address: str) -> None:
    circle = await make_circle(stage)
    before = (await numbers(address))["good_enough_acknowledgement_seconds_count"]
    prompt = await ask_now(circle)
    await circle.peers[0].click(prompt, custom_id=custom_id(prompt, "how"))

    assert (await numbers(address))["good_enough_acknowledgement_seconds_count"] == before + 1


async def test_no_number_is_about_anybody(stage: Stage, address: str) -> None:
    circle = await make_circle(stage)
    await tell(circle, circle.peers[0], named=True)
    await stage.tick()
    _, page = await read(address, "/metrics")

    assert set(re.findall(r"[{,](\w+)=", page)) <= {"kind", "outcome", "status", "state", "le", "version"}
    assert re.findall(r"\d{12,}", re.sub(r".*_created.*", "", page)) == []


async def test_discords_answers_are_counted_without_those_to_people(measures: PrometheusMeasures) -> None:
    asked = {"/channels/1/messages": 429, "/guilds/1": 200, "/interactions/1/token/callback": 429,
             "/webhooks/1/token/messages/@original": 200}  # fmt: skip

    async def answered(request: web.Request) -> web.Response:
        return web.Response(status=asked[request.path])

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answered)
    trace = measures.watch(aiohttp.TraceConfig())
    async with TestServer(application) as discord, aiohttp.ClientSession(trace_configs=[trace]) as session:
        for path in asked:
            async with session.get(discord.make_url(path)):
                pass

    page = measures.page(None, connected=False).decode()
    found = dict(re.findall(r'good_enough_requests_total\{status="(\w+)"\} (\S+)', page))
    assert found == {"2xx": "1.0", "429": "1.0"}


async def test_a_bot_that_is_well_says_so(stage: Stage, address: str) -> None:
    assert await read(address, "/healthz") == (200, '{"discord": true, "database": true, "ticks": true}')


@pytest.mark.parametrize("ill", ["discord", "database", "ticks"])
async def test_a_bot_that_is_not_well_says_which_part(
    stage: Stage, address: str, measures: PrometheusMeasures, monkeypatch: pytest.MonkeyPatch, ill: str
) -> None:
    def broken(*_: Any) -> Any:
        raise OSError("the disk is gone")

    if ill == "discord":
        monkeypatch.setattr(stage.bot, "is_ready", lambda: False)
    elif ill == "database":
        monkeypatch.setattr(Database, "read", broken)
    else:
        monkeypatch.setattr(server, "SILENCE_SECONDS", 0)

    status, body = await read(address, "/healthz")

    assert status == 503
    assert f'"{ill}": false' in body
    assert body.count("false") == 1
    assert (await read(address, "/metrics"))[0] == 200


async def test_a_long_look_that_goes_on_delivering_is_no_silence(
    circle: Circle, measures: PrometheusMeasures, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = [0.0]
    monkeypatch.setattr(measures, "clock", lambda: at[0])
    with measures.looking():
        at[0] = 500
        assert measures.silence() == 500
        measures.delivered("prompt", "shown")
        at[0] = 510
        assert measures.silence() == 10
    assert measures.silence() == 0

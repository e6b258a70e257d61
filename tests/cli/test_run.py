"""The bot starts, says so, and stops properly when it is asked to."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import stat
import sys
from pathlib import Path

import aiohttp
import pytest

from bot.cli.exits import Exit
from tests.cli.commands import GOOD, TOKEN, ended, started
from tests.wire.discord_double import Double

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to ask with")


async def until(stream: asyncio.StreamReader, wanted: str) -> str:
    """What is said until a line holds ``wanted``."""
    said = ""
    while wanted not in said:
        line = (await asyncio.wait_for(stream.readline(), 30)).decode()
        assert line, said
        said += line
    return said


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
async def test_it_connects_where_discord_says_and_stops_when_asked(
    tmp_path: Path, discord: Double, asked: signal.Signals
) -> None:
    values = GOOD | {"DISCORD_API_URL": discord.url, "LOG_LEVEL": "DEBUG"}
    process = await started(tmp_path, values=values)
    assert process.stderr is not None
    said = await until(process.stderr, "ready")
    assert "GET /gateway/bot" in discord.asked
    assert len(discord.gateway.starts) == 1

    process.send_signal(asked)
    out, err = await asyncio.wait_for(process.communicate(), 30)

    assert process.returncode == Exit.FINE
    await discord.until(lambda: not discord.gateway.sockets)
    said += err.decode()
    assert "Traceback" not in said
    assert "ERROR" not in said
    assert TOKEN not in said
    assert out == b""


async def test_what_it_writes_is_readable_by_its_owner_alone(tmp_path: Path, discord: Double) -> None:
    process = await started(tmp_path, values=GOOD | {"DISCORD_API_URL": discord.url})
    assert process.stderr is not None
    await until(process.stderr, "ready")
    process.terminate()
    await asyncio.wait_for(process.communicate(), 30)
    assert modes_below(tmp_path) <= {0o600, 0o700}


def modes_below(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}


async def test_a_token_that_was_changed_while_it_runs_is_told(tmp_path: Path, discord: Double) -> None:
    discord.gateway.closes_with = 4004
    process = await started(tmp_path, values=GOOD | {"DISCORD_API_URL": discord.url})
    _out, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == Exit.TOKEN_REFUSED
    assert "DISCORD_TOKEN" in err.decode().splitlines()[-1]
    assert "Traceback" not in err.decode()


def a_free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


async def test_it_can_be_watched_while_it_runs_and_stops_all_the_same(
    tmp_path: Path, discord: Double
) -> None:
    port = a_free_port()
    values = GOOD | {"DISCORD_API_URL": discord.url, "METRICS_PORT": str(port), "LOG_FORMAT": "json"}
    process = await started(tmp_path, values=values)
    assert process.stderr is not None
    said = await until(process.stderr, "ready")
    async with aiohttp.ClientSession() as session:
        address = f"http://127.0.0.1:{port}"
        async with session.get(f"{address}/healthz") as answer:
            assert answer.status == 200
        async with session.get(f"{address}/metrics") as answer:
            assert "good_enough_connected 1.0" in await answer.text()
        process.terminate()  # while somebody who watches is still connected
        _out, err = await asyncio.wait_for(process.communicate(), 30)

    assert process.returncode == Exit.FINE
    lines = (said + err.decode()).splitlines()
    assert {json.loads(line)["level"] for line in lines} == {"INFO"}


async def test_without_a_port_nothing_listens(tmp_path: Path, discord: Double) -> None:
    process = await started(
        tmp_path, values=GOOD | {"DISCORD_API_URL": discord.url}, flags=("-X", "importtime")
    )
    assert process.stderr is not None
    said = await until(process.stderr, "ready")
    process.terminate()
    await asyncio.wait_for(process.communicate(), 30)
    assert "prometheus_client" not in said


async def test_a_port_that_is_taken_is_told(tmp_path: Path, discord: Double) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        end = await ended(tmp_path, values=GOOD | {"DISCORD_API_URL": discord.url, "METRICS_PORT": port})
    assert end.code == Exit.BAD_SETTING
    assert "METRICS_PORT" in end.sentence
    assert port in end.sentence

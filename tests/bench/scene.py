"""A small Discord with very many circles on it, and a database that knows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot import screen
from cogs.custom_ids import HOW, SHARE
from db.circles import at_channel
from db.database import Database, open_database
from tests.bench import seed
from tests.wire.discord_double import Double
from tests.wire.things import Channel, Message, Person

A_SERVER_HOLDS = 5
"""Circles of one server."""
FILE = "data/good-enough.sqlite3"


@dataclass(frozen=True, slots=True)
class Spot:
    """A circle where somebody presses buttons during the benchmark."""

    circle_id: int
    person: Person
    channel: Channel
    message: Message
    """It carries the buttons of a prompt."""


def servers(discord: Double, channels: int) -> list[Channel]:
    """So many channels, five a server."""
    made: list[Channel] = []
    guild = discord.world.add_guild()
    for number in range(channels):
        if number % A_SERVER_HOLDS == 0 and number:
            guild = discord.world.add_guild()
        made.append(discord.world.add_channel(guild))
    return made


async def circles(
    folder: Path, channels: Sequence[Channel], due_at: datetime, *, spots: int, discord: Double
) -> list[Spot]:
    """A circle in each channel, due at one moment; in some of them, evenly spread, somebody presses."""
    (folder / FILE).parent.mkdir(parents=True, exist_ok=True)
    async with open_database(f"sqlite+aiosqlite:///{folder / FILE}") as database:
        places = [(channel.guild_id or 0, channel.id) for channel in channels]
        await seed.circles(
            database, places, due_at=due_at, weekday=due_at.weekday(),
            at_minute=due_at.hour * 60 + due_at.minute,
        )  # fmt: skip
        step = max(1, len(channels) // spots)
        return [await _spot(discord, database, channel) for channel in channels[::step][:spots]]


async def _spot(discord: Double, database: Database, channel: Channel) -> Spot:
    async with database.read() as session:
        circle = await at_channel(session, channel.id)
        assert circle is not None
    buttons = screen.row(
        screen.button("Share", SHARE(circle.id, "unnamed")), screen.button("How", HOW(circle.id))
    )
    body = {"components": screen.screen(buttons).to_components(), "flags": 1 << 15}
    message = discord.posts.send(channel, discord.world.me, body)
    person = discord.world.add_person("somebody", channel.guild)
    return Spot(circle.id, person, channel, message)

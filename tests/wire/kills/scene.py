"""Circles of both kinds, each asked on another day, with people in them and a place to press."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot import screen
from bot.rules.stories import Voice
from bot.services.circles import CirclePlan, Circles
from cogs.custom_ids import SHARE
from db.database import open_database
from tests.wire.discord_double import Double
from tests.wire.things import Channel, Message, Person

KINDS = ("text", "forum", "text", "text", "forum", "text", "text")
"""One a weekday; at noon, UTC."""
DELAYS = (0, 0, 10, 0, 0, 0, 0)
"""Minutes that unnamed stories wait at most."""
NOON = 12 * 60


@dataclass(frozen=True, slots=True)
class Place:
    """A circle."""

    id: int
    channel: Channel
    weekday: int

    def label(self, *, named: bool) -> str:
        """What stands on the board's button for a story in this circle."""
        return f"{self.weekday} with my name" if named else str(self.weekday)


@dataclass(frozen=True, slots=True)
class Scene:
    """One server with its circles."""

    discord: Double
    places: tuple[Place, ...]
    people: tuple[Person, ...]
    board: Message
    """Carries the buttons by which stories are begun, two for each circle."""


async def make(discord: Double, folder: Path, people: int) -> Scene:
    """Everything is set up before the bot starts."""
    guild = discord.world.add_guild()
    places: list[Place] = []
    (folder / "data").mkdir(exist_ok=True)
    async with open_database(f"sqlite+aiosqlite:///{folder}/data/good-enough.sqlite3") as database:
        circles = Circles(database, discord.clock.now)
        for weekday, (kind, delay) in enumerate(zip(KINDS, DELAYS, strict=True)):
            channel = discord.world.add_channel(guild, f"circle-{weekday}", kind=kind)
            plan = CirclePlan("UTC", weekday, NOON, size=9, delay_minutes=delay)
            saved = await circles.save(guild.id, channel.id, plan, "en")
            places.append(Place(saved.circle.id, channel, weekday))
    rows = [
        screen.row(*(_button(place, named=named) for place in some))
        for named in (False, True)
        for some in (places[:4], places[4:])
    ]
    body = {"components": screen.screen(*rows).to_components(), "flags": 1 << 15}
    board = discord.posts.send(discord.world.add_channel(guild, "board"), discord.world.me, body)
    made = tuple(discord.world.add_person(f"peer-{number}", guild) for number in range(people))
    return Scene(discord, tuple(places), made, board)


def _button(place: Place, *, named: bool) -> screen.Part:
    return screen.button(place.label(named=named), SHARE(place.id, Voice.NAMED if named else Voice.UNNAMED))

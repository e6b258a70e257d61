"""A circle on the double, and what people do in it, in one line each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tests.wire.discord_double import Double
from tests.wire.reply import Reply
from tests.wire.things import Channel, Guild, Message, Person

SLIP = "I forgot a client's session and noticed it an hour later, in the bakery."
AS_UTC = "Atlantic/Reykjavik"
"""Its clocks show UTC, all the year round."""
PROMPT, STORY = "This week", "### Story"
"""What stands in the message of a prompt, and of a story."""


@dataclass
class Circle:
    """A server's channel with its people, not yet set up."""

    discord: Double
    guild: Guild
    channel: Channel
    facilitator: Person

    async def set_up(
        self, *, place: str = "Europe/Berlin", time: str = "09:00", delay: int = 0, weekday: int = 0
    ) -> Reply:
        """The facilitator goes through the page; unnamed stories wait up to ``delay`` minutes. Monday: 0"""
        people, fay = self.discord.people, self.facilitator
        page = await people.slash(fay, self.channel, "circle setup", place=place, time=time)
        page = await people.press(fay, page, page.custom_id("circles:v2:choose:w:"), values=[delay])
        page = await people.press(fay, page, page.custom_id("circles:v2:choose:d:"), values=[weekday])
        return await people.press(fay, page, label="Save")

    async def meet_at(self, moment: datetime) -> None:
        """The same, so that the prompt comes at this minute and then every week; ``moment`` is aware UTC."""
        await self.set_up(place=AS_UTC, time=f"{moment:%H:%M}", weekday=moment.weekday())

    async def ask_now(self) -> Message:
        """The facilitator asks this week's question; its message."""
        before = self.discord.messages(self.channel)
        await self.discord.people.slash(self.facilitator, self.channel, "prompt post-now")
        return await self.discord.message(self.channel, PROMPT, after=before)

    async def write(self, person: Person, prompt: Message, slip: str = SLIP, *, named: bool = False) -> Reply:
        """*Share* below a prompt → the form → sent off; the private preview."""
        label = "Share with my name" if named else "Share without my name"
        form = await self.discord.people.press(person, prompt, label=label)
        return await self.discord.people.submit(person, form, {"slip": slip})

    async def tell(self, person: Person, prompt: Message, slip: str = SLIP, *, named: bool = False) -> Reply:
        """The same, and *Post*; what the teller sees after it."""
        preview = await self.write(person, prompt, slip, named=named)
        return await self.discord.people.press(person, preview, label="Post")

    def stories(self) -> list[Message]:
        """The stories that stand in the channel."""
        return [message for message in self.discord.messages(self.channel) if STORY in message.text()]


def make_circle(
    discord: Double, *, kind: Literal["text", "forum"] = "text", place: Guild | None = None
) -> Circle:
    """A channel in a server, with somebody who manages it."""
    guild = place or discord.world.add_guild()
    channel = discord.world.add_channel(guild, kind=kind)
    return Circle(discord, guild, channel, discord.world.add_person("fay", guild, manages=True))

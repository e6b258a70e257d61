"""Feature: what one feature hands over, all at once, from its ``setup()``.

Delivery, clock, router and help iterate over features and know none of them by name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from discord import app_commands

from bot.delivery.steps import Shown, Step
from bot.interactions import Route
from bot.rules.kept import Kept
from bot.services.outbox import Lease

AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu
"""What discord.py can hang into its command tree."""
ALSO_PRIVATELY = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False)
"""For commands that work in the bot's private messages too: also for who has left the server."""


def command(name: str, description: str, callback_: Callable[..., Awaitable[None]]) -> AnyCommand:
    """A slash command of its own, from a function that takes an interaction and the options."""
    # discord.py reads the types of the options from the signature, at run time
    callback: Any = callback_
    return app_commands.Command(name=name, description=description, callback=callback)


class Renderer(Protocol):
    """How deliveries of one kind are made to show in Discord."""

    async def prepare(self, lease: Lease) -> Step:
        """Look at the state, and say what has to be done in Discord to match it."""
        ...

    async def record(self, lease: Lease, shown: Shown) -> None:
        """Remember the result and settle the delivery, in one transaction.

        Raises LeaseLost when somebody else has taken the delivery over.
        """
        ...


class RefusedAware(Protocol):
    """A renderer that has something to do when a person's private messages are closed."""

    async def refused(self, lease: Lease) -> None:
        """The person can't be written to: settle the delivery and remember it."""
        ...


DueWork = Callable[[datetime], Awaitable[int]]
"""Does some of what is due at a moment (aware UTC), in a small transaction; returns how much it did, and is
asked again until that is nothing."""

NextDue = Callable[[], Awaitable[datetime | None]]
"""The next moment at which the work has something to do, or None."""


@dataclass(frozen=True, slots=True)
class DueSource:
    """A source of due work: what the clock asks at every tick."""

    name: str
    work: DueWork
    next_due: NextDue


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Personal data that a feature keeps: what, how one person's part of it is erased, and what that is."""

    what: str
    """The key of a text that says it in plain words."""
    erase: Callable[[int], Awaitable[int]]
    """Erases what is kept about a user id; returns how many things went."""
    show: Callable[[int], Awaitable[Sequence[Kept]]]
    """What is kept about a user id, for nobody but that person."""


@dataclass(frozen=True, slots=True)
class Feature:
    """All that one feature adds to the bot."""

    name: str
    commands: tuple[AnyCommand, ...] = ()
    below: Mapping[str, AnyCommand] = field(default_factory=dict[str, AnyCommand])
    """Commands that belong below a group of another feature, which is loaded before, by that group's name."""
    routes: tuple[Route, ...] = ()
    renderers: Mapping[str, Renderer] = field(default_factory=dict[str, Renderer])
    due: tuple[DueSource, ...] = ()
    personal_data: tuple[PersonalData, ...] = ()

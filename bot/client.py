"""The Bot: holds the services, loads the features, syncs the commands.

The same class serves production, tests and rehearsal; the database, the time and the randomness are
handed in.
"""

from __future__ import annotations

import asyncio
import contextvars
import importlib
import json
import logging
import secrets
import sys
import time
from collections.abc import Callable, Coroutine
from datetime import datetime
from hashlib import sha256
from random import Random
from typing import Any, cast

import aiohttp
import discord
from discord import app_commands

from bot.checks import CheckedForm, Checks
from bot.clock import Clock
from bot.content.resources import load_resources
from bot.content.words import Words
from bot.delivery.deadline import always, watch_deadlines
from bot.delivery.deliverer import Deliverer
from bot.delivery.discord_side import DiscordSide
from bot.delivery.pace import Pacer, pace_requests
from bot.feature import AnyCommand, DueSource, Feature, Renderer
from bot.gate import Gate
from bot.interactions import Interaction, Router, heard, report
from bot.lately import Lately
from bot.operating.measures import COUNTED, Measures
from bot.operating.recurring import Recurring
from bot.pressing import pressed
from bot.rules.limits import Limits
from bot.services import Services
from bot.services.identifying import SPACING
from bot.settings import Settings
from db.turns import own_work

log = logging.getLogger(__name__)

FEATURES = (
    "cogs.guide",
    "cogs.privacy",
    "cogs.circles",
    "cogs.checks",
    "cogs.prompts",
    "cogs.themes",
    "cogs.reminders",
    "cogs.stories",
    "cogs.additions",
    "cogs.notes",
    "cogs.resonance",
    "cogs.moderation",
    "cogs.reports",
    "cogs.duty",
    "cogs.review",
    "cogs.set_aside",
    "cogs.leaving",
    "cogs.housekeeping",
)
"""Loaded in this order; one that fails stops the start."""


def needed_intents() -> discord.Intents:
    """None of them privileged: the bot sees no member lists and reads no messages of people."""
    intents = discord.Intents.none()
    intents.guilds = True
    intents.guild_reactions = True
    return intents


class CommandTree(app_commands.CommandTree["Bot"]):
    """discord.py's tree, with our error reporter."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Everybody may; from here on what happens is for a person."""
        data = cast("dict[str, Any]", interaction.data or {})
        pressed(open=data.get("name") in interaction.client.open_commands)
        heard(interaction)
        return True

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """Tell the person, kindly, and the log, precisely."""
        await report(
            interaction, error.original if isinstance(error, app_commands.CommandInvokeError) else error
        )


class Bot(discord.AutoShardedClient):
    """Good Enough on Discord. Of several processes each connects the shards of its share."""

    def __init__(
        self,
        settings: Settings,
        services: Services,
        words: Words,
        *,
        now: Callable[[], datetime],
        random: Random,
        ticking: bool = True,
        still_ours: Callable[[], bool] = always,
        features: tuple[str, ...] = FEATURES,
        measures: Measures | None = None,
    ) -> None:
        measures = measures or Measures()
        trace = pace_requests(
            aiohttp.TraceConfig(), Pacer(settings.send_rate, time.monotonic, services.share.part)
        )
        super().__init__(
            shard_count=settings.shard_count or None,
            intents=needed_intents(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            http_trace=watch_deadlines(measures.watch(trace), still_ours),
        )
        self.measures = measures
        if settings.shard_count:
            self.shard_ids = list(services.share.shards)
        self.identify_buckets = 1
        """How many shards may identify themselves at once: Discord's ``max_concurrency``."""
        self.settings = settings
        self.services = services
        self.words = words
        self.now = now
        self.random = random
        self.gate = Gate(Limits(secrets.token_bytes(32)), now)
        self.lately = Lately(now, secrets.randbelow(1_000_000) / 1_000_000)
        self.checks = Checks(services.circle_lists, self.lately)
        self.help = load_resources(settings.help_file)
        """Where somebody in danger can turn to, by country."""
        self.tree = CommandTree(
            self,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=False, private_channel=False
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        self.features: tuple[Feature, ...] = tuple(self._load(name) for name in features)
        for feature in self.features:
            for name, command in feature.more_commands:
                self._into_group(name, command)
        self.open_commands = frozenset(
            command.name
            for feature in self.features
            if feature.name in COUNTED
            for command in feature.commands
        )
        """Those with which nobody tells anything."""
        self.checked_forms: dict[str, CheckedForm] = {}
        """What is looked at before it is posted, by the name that stands in custom_ids."""
        for feature in self.features:
            self.checked_forms.update(feature.checked)
        self.router = Router((route for feature in self.features for route in feature.routes), measures)
        self.side = DiscordSide(self, now)
        self.deliverer = Deliverer(services.outbox, self.side, self._renderers(), random, measures)
        self.inside = contextvars.copy_context()
        """The context of the bot's own work; whoever ticks from outside starts the tick in it."""
        self._clock = Clock(self.look) if ticking else None
        self._one_look = asyncio.Lock()
        self._tried = Recurring(log)
        self._settled = asyncio.Event()
        self._leaving = self._after_a_break = False
        self._background: set[asyncio.Task[None]] = set()

    def _load(self, name: str) -> Feature:
        feature: Feature = importlib.import_module(name).setup(self)
        for command in feature.commands:
            self.tree.add_command(command)
        return feature

    def _into_group(self, name: str, command: AnyCommand) -> None:
        group = self.tree.get_command(name)
        if not isinstance(group, app_commands.Group) or isinstance(command, app_commands.ContextMenu):
            raise TypeError(f"{command.name} fits into no group of commands that is called {name}")
        group.add_command(command)

    def _renderers(self) -> dict[str, Renderer]:
        renderers: dict[str, Renderer] = {}
        for feature in self.features:
            if double := renderers.keys() & feature.renderers.keys():
                raise ValueError(f"two renderers for {double}")
            renderers.update(feature.renderers)
        return renderers

    def due_sources(self) -> tuple[DueSource, ...]:
        """Everything that the clock asks."""
        return tuple(source for feature in self.features for source in feature.due)

    async def setup_hook(self) -> None:
        """Before Discord is connected: pace, destroyed keys, interrupted deliveries, commands."""
        self.inside = contextvars.copy_context()
        await self.checks.load()
        await self.services.keyring.open(self.now())
        await self.services.outbox.start(alone=self.services.alone)
        await self.services.prompts.recompute(self.now())
        await self.services.reminders.recompute(self.now())
        if self.services.share.first:
            await self._sync_commands()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait until this shard may identify itself; of several processes, none is too quick for another."""
        try:
            wait = await self.services.identifying.wait((shard_id or 0) % self.identify_buckets)
        except Exception as error:  # without its database the bot still answers, if only with an apology
            log.warning("the moment for identifying is guessed: %s", type(error).__name__)
            wait = SPACING
        await asyncio.sleep(wait.total_seconds())

    async def _sync_commands(self) -> None:
        """Tell Discord our commands, only when they have changed: it allows few such changes a day."""
        described = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        wanted = sha256(json.dumps([self.application_id, described], sort_keys=True).encode()).hexdigest()
        if await self.services.memos.get("commands") != wanted:
            await self.tree.sync()
            await self.services.memos.set("commands", wanted)

    async def on_ready(self) -> None:
        """Connected: begin to tick, and look at once what is due."""
        log.info("ready: %d servers", len(self.guilds))
        if self._clock is not None and not self._settled.is_set():
            self._settled.set()
            self._clock.start()
        if self._clock is not None:
            await self._look_after_a_break()
        with own_work():
            await self.services.leaving.compare({guild.id for guild in self.guilds})

    async def on_resumed(self) -> None:
        """Connected again after a break."""
        if self._clock is not None:
            await self._look_after_a_break()

    async def _look_after_a_break(self) -> None:
        """Discord may have been away: what it didn't answer is due, too."""
        self._after_a_break = True
        await self.look()

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed from a server, or the server is gone: what is kept of it has a grace."""
        with own_work():
            await self.services.leaving.removed(guild.id)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """In a server, perhaps again: then nothing of it goes."""
        with own_work():
            await self.services.leaving.returned(guild.id)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Buttons, selects and forms; commands go through the tree."""
        if interaction.type in {discord.InteractionType.component, discord.InteractionType.modal_submit}:
            await self.router.dispatch(interaction)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Errors outside of an interaction, for the operator."""
        log.error("error in %s", event_method, exc_info=sys.exc_info())

    async def look(self) -> None:
        """Ask every feature what is due now, and wake the deliverer after each small batch: what is due
        first goes out while the rest is still being decided. Looks never overlap."""
        async with self._one_look:
            if self._leaving:
                return
            with own_work(), self.measures.looking():
                if self._after_a_break:
                    self._after_a_break = False
                    await self.deliverer.answered_again()
                now, busy = self.now(), list(self.due_sources())
                await self._reopen_destinations()
                while busy and not self._leaving:
                    busy = [source for source in busy if await self._some_work(source, now)]
                    self.deliverer.wake()

    async def _some_work(self, source: DueSource, now: datetime) -> bool:
        """Whether it did something, so that it may have more to do."""
        with self._tried.watched(f"due work {source.name}"):
            return await source.work(now) > 0
        return False

    def in_background(self, work: Coroutine[None, None, None]) -> None:
        """Do something that no look waits for, because it asks Discord. It doesn't outlive the bot."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def tick(self) -> None:
        """Look what is due, and come back when it is delivered: for whoever turns the time by hand."""
        await self.look()
        if self._background:
            await asyncio.wait(set(self._background))
        await self.deliverer.drained()

    async def next_due(self) -> datetime | None:
        """The next moment at which anything is due."""
        moments = [await source.next_due() for source in self.due_sources()]
        moments.append(await self.services.outbox.next_due())
        return min((moment for moment in moments if moment is not None), default=None)

    async def _reopen_destinations(self) -> None:
        """Look, without asking Discord, whether channels that were closed to us are open again."""
        with self._tried.watched("looking at closed channels"):
            for destination, words_alone in (await self.services.outbox.closed_places()).items():
                kind, _, number = destination.partition(":")
                if (
                    kind == "channel"
                    and self.side.may_write(int(number), words_alone=words_alone) is None
                    and self.get_channel(int(number))
                ):
                    await self.services.outbox.open_destination(destination)

    async def close(self) -> None:
        """Stop ticking, let what is under way finish, then leave Discord."""
        self._leaving = True
        if self._clock is not None:
            self._clock.stop()
        for task in (left := set(self._background)):
            task.cancel()
        if left:
            await asyncio.wait(left)
        async with self._one_look:  # it ends with the batch that it is at
            await self.deliverer.stop()
        await super().close()

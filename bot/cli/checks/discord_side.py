"""Discord: the token, the application's settings, the clock, and the permissions in each circle's channel."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import aiohttp
import discord

from bot.cli.invite import invite_link
from bot.cli.opening import asking, utc_now
from bot.cli.problems import Problem
from bot.cli.report import Report
from bot.delivery.pace import Pacer, pace_requests
from bot.delivery.places import is_forum, lacks_tag, needed_in
from bot.services.checkup import Place
from bot.settings import DISCORD_RATE, Settings
from bot.wire import point_at

PATIENCE_SECONDS = 20
"""For one question to Discord; longer than a slow answer takes."""
CLOCK_TOLERANCE = timedelta(seconds=30)
FEW_STARTS = 5


async def look_at_discord(report: Report, settings: Settings, places: Iterable[Place]) -> None:
    """Ask Discord, without connecting to its gateway: also while the bot runs."""
    point_at(settings.api_url)
    clock = _Clock()
    # what the running bot may leave of Discord's limit, which holds for both together
    pacer = Pacer(max(1.0, DISCORD_RATE - settings.send_rate), time.monotonic)
    trace = pace_requests(clock.trace(), pacer)
    client = discord.Client(intents=discord.Intents.none(), http_trace=trace)
    async with client:
        try:
            with asking(client, settings):
                await _look_at_application(report, settings, client)
                _look_at_clock(report, clock)
                servers = _Servers(client, client.user.id if client.user else 0)
                for place in places:
                    async with asyncio.timeout(PATIENCE_SECONDS):
                        await _look_at_place(report, servers, place)
        except Problem as problem:
            report.problem(problem)


async def _look_at_application(report: Report, settings: Settings, client: discord.Client) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        await client.login(settings.token)
        _shards, _address, starts = await client.http.get_bot_gateway()
    report.well("token", name=client.user)
    application = client.application
    if application is not None and application.interactions_endpoint_url:
        report.finding("interactions_elsewhere")
    if application is not None and application.bot_require_code_grant:
        report.finding("code_grant")
    if starts["remaining"] < FEW_STARTS:
        hours = max(1, round(starts["reset_after"] / 3_600_000))
        report.finding("few_starts", count=starts["remaining"], hours=hours)


def _look_at_clock(report: Report, clock: _Clock) -> None:
    if clock.ahead is None:
        report.note("no_date")
    elif abs(clock.ahead) > CLOCK_TOLERANCE:
        key = "clock_fast" if clock.ahead > timedelta(0) else "clock_slow"
        report.finding(key, seconds=round(abs(clock.ahead).total_seconds()))
    else:
        report.well("clock")


async def _look_at_place(report: Report, servers: _Servers, place: Place) -> None:
    try:
        guild, me = await servers.get(place.guild_id)
    except (discord.NotFound, discord.Forbidden):
        link = invite_link(servers.application_id)
        report.finding("not_in_server", server=place.guild_id, channel=place.channel_id, link=link)
        return
    try:
        channel = await guild.fetch_channel(place.channel_id)
    except (discord.NotFound, discord.InvalidData):
        report.finding("channel_gone", channel=place.channel_id, server=guild.name)
        return
    except discord.Forbidden:
        report.finding("channel_hidden", channel=place.channel_id, server=guild.name)
        return
    if not isinstance(channel, discord.TextChannel) and not is_forum(channel):
        report.finding("not_text", channel=channel.name, server=guild.name)
        return
    allowed = channel.permissions_for(me)
    lacking = [name for name in needed_in(channel) if not getattr(allowed, name)]
    if lacking:
        key = "missing_in_forum" if is_forum(channel) else "missing_permissions"
        names = report.permissions(lacking)
        report.finding(key, channel=channel.name, server=guild.name, names=names)
    elif lacks_tag(channel):
        report.finding("forum_tag", channel=channel.name, server=guild.name)
    else:
        report.well("permissions", channel=channel.name, server=guild.name)


@dataclass
class _Clock:
    """How far this computer's clock is ahead of Discord's, by the Date of its answers (whole seconds)."""

    ahead: timedelta | None = field(default=None)

    def trace(self) -> aiohttp.TraceConfig:
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._compare)
        return trace

    async def _compare(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, end: aiohttp.TraceRequestEndParams
    ) -> None:
        self.ahead = _since(end.response.headers.get("Date"), utc_now())


def _since(date: str | None, now: datetime) -> timedelta | None:
    try:
        return now - parsedate_to_datetime(date) if date else None
    except (TypeError, ValueError):  # not a date, or one without a zone
        return None


class _Servers:
    """Servers, and ourselves as their member, asked for once each."""

    def __init__(self, client: discord.Client, user_id: int) -> None:
        self._client = client
        self._user_id = user_id
        self._known: dict[int, tuple[discord.Guild, discord.Member]] = {}

    @property
    def application_id(self) -> int:
        """The bot's own id, for the link that invites it."""
        return self._client.application_id or 0

    async def get(self, guild_id: int) -> tuple[discord.Guild, discord.Member]:
        """Raises discord.NotFound or discord.Forbidden for a server that we aren't in."""
        if guild_id not in self._known:
            guild = await self._client.fetch_guild(guild_id, with_counts=False)
            self._known[guild_id] = guild, await guild.fetch_member(self._user_id)
        return self._known[guild_id]

"""Personal reminders: set, listed and stopped in private, and sent to nobody but who asked."""

from __future__ import annotations

from datetime import time as wall_time

from discord import app_commands

from bot.client import Bot
from bot.content.cities import load_cities
from bot.content.words import Words
from bot.delivery.steps import Nothing, SendPrivately, Shown, Step
from bot.errors import Refusal
from bot.feature import DueSource, Feature, PersonalData
from bot.interactions import Ack, Interaction, Press, Route, acknowledge, answer, say
from bot.permissions import this_circle
from bot.rules.calendar import WeeklyTime
from bot.rules.typed import read_time
from bot.rules.zones import suggest_zones
from bot.services.nudges import NUDGE
from bot.services.outbox import Lease
from bot.services.reminders import DELIVERY, Reminders
from cogs.custom_ids import (
    NUDGE_ASK,
    NUDGE_STOP,
    REMINDER_PAGE,
    REMINDER_STOP,
    REMINDER_STOP_ALL,
    REMINDER_STOP_LISTED,
)
from cogs.reminders import nudge, screens


class ReminderRenderer:
    """Sends a reminder to whoever asked for it."""

    def __init__(self, words: Words, reminders: Reminders) -> None:
        self._words = words
        self._reminders = reminders

    async def prepare(self, lease: Lease) -> Step:
        """The message as things stand now, unless it was stopped or has become too late."""
        owed = await self._reminders.to_send(lease)
        return Nothing() if owed is None else SendPrivately(owed.user_id, screens.note(self._words, owed))

    async def record(self, lease: Lease, shown: Shown) -> None:
        """It is there."""
        await self._reminders.sent(lease)

    async def refused(self, lease: Lease) -> None:
        """The person's private messages are closed: the reminder sleeps, and their next answer says so."""
        await self._reminders.refused(lease)


class ReminderCommands:
    """The handlers of ``/remind``. Whatever is read here belongs to the person who pressed."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words
        self.reminders = bot.services.reminders
        self.nudges = bot.services.nudges
        self.cities = load_cities()

    async def weekly(self, interaction: Interaction, day: int, at: str, zone: str | None) -> None:
        """``/remind weekly``: set it, or change it."""
        await acknowledge(interaction)
        circle = await this_circle(interaction)
        when = WeeklyTime(day, wall_time(*divmod(read_time(at), 60)), zone or circle.zone)
        info = await self.reminders.remind_weekly(interaction.user.id, circle.id, when)
        all_of_them = await self.reminders.of(interaction.user.id)
        nudged = await self.nudges.of(interaction.user.id)
        closed = any(other.closed for other in all_of_them) or (nudged is not None and nudged.closed)
        await answer(interaction, screens.saved(self.words, info, others_closed=closed))

    async def show(self, interaction: Interaction) -> None:
        """``/remind list``."""
        await acknowledge(interaction)
        await self._overview(interaction, None)

    async def stop_here(self, interaction: Interaction) -> None:
        """``/remind stop``: the one of this circle; what else reminds stands below, to be stopped there."""
        await acknowledge(interaction)
        try:
            circle = await this_circle(interaction)
        except Refusal:  # no circle, or several: what there is can be stopped from the list
            await self._overview(interaction, None)
            return
        done = await self.reminders.stop_in(interaction.user.id, circle.id)
        await self._overview(interaction, self.words("reminders.stopped" if done else "reminders.none_here"))

    async def stop(self, interaction: Interaction, press: Press) -> None:
        """*Stop* below the answer, or in the private message itself."""
        await self.reminders.stop(interaction.user.id, press.number(0))
        if interaction.guild_id is None:
            await say(interaction, self.words("reminders.stopped"))
        else:
            await self._overview(interaction, self.words("reminders.stopped"))

    async def stop_listed(self, interaction: Interaction, press: Press) -> None:
        """*Stop* in the list, which stays at its page."""
        await self.reminders.stop(interaction.user.id, press.number(0))
        await self._overview(interaction, self.words("reminders.stopped"), press.number(1))

    async def page(self, interaction: Interaction, press: Press) -> None:
        """Another page of the list."""
        await self._overview(interaction, None, press.number(0))

    async def stop_all(self, interaction: Interaction, _press: Press) -> None:
        """*Stop all*."""
        await self.reminders.stop_all(interaction.user.id)
        await say(interaction, self.words("reminders.stopped_all"))

    async def zones(self, _interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Cities and zones for what was typed so far."""
        return [
            app_commands.Choice(name=found.label, value=found.zone)
            for found in suggest_zones(current, self.cities)
        ]

    async def _overview(self, interaction: Interaction, head: str | None, page: int = 0) -> None:
        infos = await self.reminders.of(interaction.user.id)
        nudged = nudge.listed(self.words, await self.nudges.of(interaction.user.id))
        await answer(interaction, screens.overview(self.words, infos, head, page, nudged))


def setup(bot: Bot) -> Feature:
    """What this feature hands over."""
    handlers, words, reminders = ReminderCommands(bot), bot.words, bot.services.reminders
    nudging, nudges = nudge.NudgeHandlers(bot), bot.services.nudges
    group = app_commands.Group(name="remind", description=words("reminders.commands.remind"))
    days = [
        app_commands.Choice(name=name, value=number)
        for number, name in enumerate(words.several("common.weekdays"))
    ]

    @group.command(name="weekly", description=words("reminders.commands.weekly"))
    @app_commands.describe(
        day=words("reminders.commands.day"),
        time=words("reminders.commands.time"),
        zone=words("reminders.commands.zone"),
    )
    @app_commands.choices(day=days)
    @app_commands.autocomplete(zone=handlers.zones)
    async def weekly(interaction: Interaction, day: int, time: str, zone: str | None = None) -> None:
        await handlers.weekly(interaction, day, time, zone)

    @group.command(name="look-back", description=words("reminders.commands.look_back"))
    async def look_back(interaction: Interaction) -> None:
        await nudging.ask_command(interaction)

    @group.command(name="list", description=words("reminders.commands.list"))
    async def show(interaction: Interaction) -> None:
        await handlers.show(interaction)

    @group.command(name="stop", description=words("reminders.commands.stop"))
    async def stop(interaction: Interaction) -> None:
        await handlers.stop_here(interaction)

    return Feature(
        name="reminders",
        commands=(group,),
        routes=(
            Route(REMINDER_STOP, handlers.stop, Ack.UPDATE),
            Route(REMINDER_STOP_LISTED, handlers.stop_listed, Ack.UPDATE),
            Route(REMINDER_PAGE, handlers.page, Ack.UPDATE),
            Route(REMINDER_STOP_ALL, handlers.stop_all, Ack.UPDATE),
            Route(NUDGE_ASK, nudging.ask),
            Route(NUDGE_STOP, nudging.stop, Ack.UPDATE),
        ),
        renderers={
            DELIVERY: ReminderRenderer(words, reminders),
            NUDGE: nudge.NudgeRenderer(words, nudges),
        },
        due=(
            DueSource("reminders", reminders.due, reminders.next_due),
            DueSource("nudges", nudges.due, nudges.next_due),
        ),
        personal_data=(
            PersonalData("reminders.personal_data", reminders.stop_all, reminders.kept),
            PersonalData("reminders.nudge.personal_data", nudges.stop, nudges.kept),
        ),
    )

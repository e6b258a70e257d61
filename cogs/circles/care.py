"""``/circle care``: facilitators choose how their circle is kept safe. Each choice holds at once.

Nothing is collected until a *Save*: on a phone the page is long, and who leaves it has lost nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands, ui

from bot.client import Bot
from bot.content.words import Words
from bot.delivery.places import FOR_WORDS
from bot.errors import Refusal
from bot.interactions import Ack, Interaction, Press, Route, acknowledge, answer, open_form
from bot.permissions import require_facilitator, this_circle
from bot.rules.care import LONGEST_HELP_LINE, MOST_HELP_LINES, CarePlan, read_help_lines
from bot.services.circles import CircleInfo
from cogs.circles import care_page
from cogs.circles.care_page import CHANNELS, DAYS, MORE, NONE, NUMBERS, SWITCHES, CarePage, CareView, Setting
from cogs.circles.home import missing_words, require_seen
from cogs.custom_ids import CARE_CHOOSE, CARE_LINES, CARE_LINES_WRITTEN, CARE_SET

LINES = "lines"
_OLD_BUTTON = "refusals.old_button"


class CareHandlers:
    """The page and its presses. All of them are the facilitators'."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words
        self.caring = bot.services.caring
        self.resources = bot.help
        self.pages = CarePage(bot.words, self.resources)

    def routes(self) -> tuple[Route, ...]:
        """All routes of the page."""
        return (
            Route(CARE_CHOOSE, self.choose, Ack.UPDATE),
            Route(CARE_SET, self.switch, Ack.UPDATE),
            Route(CARE_LINES, self.lines, Ack.SELF),
            Route(CARE_LINES_WRITTEN, self.lines_written, Ack.SELF),
        )

    async def care(self, interaction: Interaction) -> None:
        """``/circle care``."""
        await acknowledge(interaction)
        circle = await this_circle(interaction)
        require_facilitator(interaction, circle)
        await self._show(interaction, circle, await self.caring.plan(circle.id))

    async def choose(self, interaction: Interaction, press: Press) -> None:
        """Something was chosen in a select."""
        circle, setting = await self._pressed(interaction, press)
        value = press.values[0] if press.values else NONE
        if setting is Setting.COUNTRY and (page := value.removeprefix(MORE)) != value:
            if not page.isdecimal() or len(page) > 3:
                raise Refusal(_OLD_BUTTON)
            plan = await self.caring.plan(circle.id)
            await self._show(interaction, circle, plan, countries_page=int(page))
        elif setting in CHANNELS and (problem := self._problem(interaction, value)) is not None:
            await self._show(interaction, circle, await self.caring.plan(circle.id), said=problem)
        else:
            await self._save(interaction, circle, setting, self._read(setting, value))

    async def switch(self, interaction: Interaction, press: Press) -> None:
        """A button that turns something on or off; pressed twice it does so once."""
        circle, setting = await self._pressed(interaction, press)
        if setting not in SWITCHES or press.arguments[2] not in {care_page.YES, care_page.NO}:
            raise Refusal(_OLD_BUTTON)
        on = press.arguments[2] == care_page.YES
        await self._save(interaction, circle, setting, {SWITCHES[setting]: on})

    async def lines(self, interaction: Interaction, press: Press) -> None:
        """*Write our own lines*: the form, with those there are."""
        circle = await self._circle(interaction, press)
        plan = await self.caring.plan(circle.id)
        await open_form(interaction, lines_form(self.words, circle.id, plan))

    async def lines_written(self, interaction: Interaction, press: Press) -> None:
        """The form was submitted; empty, the circle has none."""
        circle = await self._circle(interaction, press)
        lines = read_help_lines(press.fields.get(LINES, ""))
        plan = await self.caring.choose(circle.id, {"help_lines": lines})
        said = self.words("care.page.saved", now=self.pages.own_lines(plan))
        await self._show(interaction, circle, plan, said=said)

    async def _save(
        self, interaction: Interaction, circle: CircleInfo, setting: Setting, changes: Mapping[str, Any]
    ) -> None:
        plan = await self.caring.choose(circle.id, changes)
        said = self.words("care.page.saved", now=self.pages.now(setting, plan))
        await self._show(interaction, circle, plan, said=said)

    async def _show(
        self,
        interaction: Interaction,
        circle: CircleInfo,
        plan: CarePlan,
        *,
        countries_page: int = 0,
        said: str | None = None,
    ) -> None:
        channels = {
            setting: self._state(circle, setting, channel_id)
            for setting, name in CHANNELS.items()
            if (channel_id := getattr(plan, name)) is not None
        }
        await answer(interaction, self.pages.page(CareView(circle, plan, channels, countries_page, said)))

    def _read(self, setting: Setting, value: str) -> Mapping[str, Any]:
        """What a select's value changes. Raises Refusal for what it doesn't offer."""
        number = int(value) if value.isascii() and value.isdecimal() and len(value) < 20 else None
        if setting in CHANNELS:
            return {CHANNELS[setting]: number}
        if setting in NUMBERS and (value == NONE or number in NUMBERS[setting][1]):
            return {NUMBERS[setting][0]: number}
        if setting in DAYS and number in DAYS[setting][1]:
            return {DAYS[setting][0]: number}
        if setting is Setting.COUNTRY and value == NONE:
            return {"country": None}
        if setting is Setting.COUNTRY and (country := self.resources.country(value)) is not None:
            return {"country": country.code}
        raise Refusal(_OLD_BUTTON)

    def _problem(self, interaction: Interaction, value: str) -> str | None:
        """Why a channel can't be chosen, in a sentence; None when it can, or none was."""
        if value == NONE:
            return None
        channel = self.bot.get_channel(int(value)) if value.isdecimal() and len(value) < 20 else None
        try:
            require_seen(interaction, channel.id if channel is not None else 0)
        except Refusal:
            return self.words("care.channel.not_text")
        if not isinstance(channel, discord.TextChannel) or channel.is_news():
            return self.words("care.channel.not_text")
        missing = missing_words(self.words, channel, FOR_WORDS)
        if missing:
            return self.words("care.channel.refused", channel=channel.mention, missing=missing)
        return None

    def _state(self, circle: CircleInfo, setting: Setting, channel_id: int) -> care_page.ChannelState:
        channel = self.bot.get_channel(channel_id)
        if not isinstance(channel, discord.TextChannel) or channel.guild.id != circle.guild_id:
            return care_page.ChannelState(there=False)
        too_open = ""
        if setting is Setting.MODERATORS and channel_id == circle.channel_id:
            too_open = "circle"
        elif setting is Setting.MODERATORS and _everybody_sees(channel):
            too_open = "everybody"
        return care_page.ChannelState(True, missing_words(self.words, channel, FOR_WORDS), too_open)

    async def _pressed(self, interaction: Interaction, press: Press) -> tuple[CircleInfo, Setting]:
        circle = await self._circle(interaction, press)
        try:
            return circle, Setting(press.arguments[1])
        except ValueError as error:
            raise Refusal(_OLD_BUTTON) from error

    async def _circle(self, interaction: Interaction, press: Press) -> CircleInfo:
        circle = await self.bot.services.circles.get(press.number(0))
        require_facilitator(interaction, circle)
        return circle


def _everybody_sees(channel: discord.TextChannel) -> bool:
    return channel.permissions_for(channel.guild.default_role).view_channel


def lines_form(words: Words, circle_id: int, plan: CarePlan) -> ui.Modal:
    """The form for a circle's own lines of help."""
    form = ui.Modal(title=words("care.form.title"), custom_id=CARE_LINES_WRITTEN(circle_id), timeout=None)
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id=LINES,
        style=discord.TextStyle.paragraph,
        max_length=MOST_HELP_LINES * (LONGEST_HELP_LINE + 1),
        required=False,
        default="\n".join(plan.help_lines) or None,
    )
    about = words("care.form.about")
    form.add_item(ui.Label(text=words("care.form.label"), description=about, component=field))
    return form


def add_to(group: app_commands.Group, bot: Bot) -> CareHandlers:
    """Hang ``/circle care`` into the group of circles' commands."""
    handlers = CareHandlers(bot)

    @group.command(name="care", description=bot.words("care.command"))
    async def care(interaction: Interaction) -> None:
        await handlers.care(interaction)

    return handlers

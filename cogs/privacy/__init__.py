"""What people may ask for about themselves: the facts, what is kept, a file of it, and that it goes."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import NoReturn

import discord
from discord import app_commands

from bot.client import Bot
from bot.errors import Refusal
from bot.feature import DueSource, Feature, PersonalData
from bot.interactions import Ack, Interaction, Press, Route, acknowledge, answer, say
from bot.permissions import circle_channel_id
from bot.rules.kept import Kept
from bot.rules.limits import ERASURES
from cogs.custom_ids import FACTS, PRIVACY_ERASE, PRIVACY_ERASE_ASKED, PRIVACY_SHOW
from cogs.privacy import screens

NAMED, ALL = "named", "all"
"""What somebody lets go: only what bears their name, or also what is recognised as theirs."""


class PrivacyHandlers:
    """The handlers of ``/privacy``. Whatever is read here belongs to the person who pressed."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words

    async def facts(self, interaction: Interaction, _press: Press) -> None:
        """*More…*, wherever it stands."""
        settings, days = self.bot.settings, await self._kept_here(interaction)
        await answer(interaction, screens.facts(self.words, settings.contact, settings.window_days, days))

    async def _kept_here(self, interaction: Interaction) -> int | None:
        """How long stories are kept in the circle where somebody is; elsewhere, by the operator's rule."""
        services = self.bot.services
        try:
            circle = await services.circles.at(circle_channel_id(interaction))
        except Refusal:
            circle = None
        if circle is None:
            return await services.retention.everywhere()
        return (await services.retention.of(circle.id)).days

    async def show(self, interaction: Interaction, page: int) -> None:
        """``/privacy show``, and its pages."""
        kept = await self._kept(interaction.user.id)
        await answer(interaction, screens.kept_page(self.words, kept, page))

    async def show_page(self, interaction: Interaction, press: Press) -> None:
        """*Earlier* and *Further*."""
        await self.show(interaction, press.number(0))

    async def export(self, interaction: Interaction) -> None:
        """``/privacy export``: the same with all its words, as a file."""
        kept = await self._kept(interaction.user.id)
        content = {
            "about": self.words("privacy.file.about"),
            "made_on": self.bot.now().date().isoformat(),
            "kept": [dict(one.file) for one in kept],
        }
        name = self.words("privacy.file.name")
        data = json.dumps(content, indent=2, ensure_ascii=False).encode()
        await interaction.edit_original_response(
            view=screens.exported(self.words, name), attachments=[discord.File(io.BytesIO(data), name)]
        )

    async def erase(self, interaction: Interaction) -> None:
        """``/privacy erase`` says first what goes and what can't."""
        await answer(interaction, screens.erase_question(self.words, self.bot.settings.window_days))

    async def erase_asked(self, interaction: Interaction, _press: Press) -> None:
        """The same question from a button."""
        await self.erase(interaction)

    async def erase_sure(self, interaction: Interaction, press: Press) -> None:
        """It goes. The answer is the same whatever there was."""
        what, user_id = press.arguments[0], interaction.user.id
        if what not in {NAMED, ALL}:
            _old_button()
        self.bot.gate.check(ERASURES, user_id)
        self.bot.gate.count(ERASURES, user_id)
        if what == ALL:
            await self.bot.services.privacy.let_go(user_id)
        for data in self._personal_data():
            await data.erase(user_id)
        self.bot.deliverer.wake()
        await say(interaction, self.words(f"privacy.erase.done_{what}"))

    async def _kept(self, user_id: int) -> Sequence[Kept]:
        return [one for data in self._personal_data() for one in await data.show(user_id)]

    def _personal_data(self) -> list[PersonalData]:
        return [data for feature in self.bot.features for data in feature.personal_data]


def _old_button() -> NoReturn:
    raise Refusal("refusals.old_button")


def setup(bot: Bot) -> Feature:
    """What this feature hands over."""
    handlers, words, privacy = PrivacyHandlers(bot), bot.words, bot.services.privacy
    # in the bot's private messages too: who left a server has the same rights
    everywhere = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False)
    group = app_commands.Group(
        name="privacy", description=words("privacy.commands.privacy"), allowed_contexts=everywhere
    )

    @group.command(name="facts", description=words("privacy.commands.facts"))
    async def facts(interaction: Interaction) -> None:
        await acknowledge(interaction)
        await handlers.facts(interaction, Press())

    @group.command(name="show", description=words("privacy.commands.show"))
    async def show(interaction: Interaction) -> None:
        await acknowledge(interaction)
        await handlers.show(interaction, 0)

    @group.command(name="export", description=words("privacy.commands.export"))
    async def export(interaction: Interaction) -> None:
        await acknowledge(interaction)
        await handlers.export(interaction)

    @group.command(name="erase", description=words("privacy.commands.erase"))
    async def erase(interaction: Interaction) -> None:
        await acknowledge(interaction)
        await handlers.erase(interaction)

    return Feature(
        name="privacy",
        commands=(group,),
        routes=(
            Route(FACTS, handlers.facts),
            Route(PRIVACY_SHOW, handlers.show_page, Ack.UPDATE),
            Route(PRIVACY_ERASE_ASKED, handlers.erase_asked),
            Route(PRIVACY_ERASE, handlers.erase_sure, Ack.UPDATE),
        ),
        due=(DueSource("erasing", privacy.due, privacy.next_due),),
        personal_data=(
            PersonalData("privacy.private_messages", privacy.forget_private, privacy.private_messages),
        ),
    )

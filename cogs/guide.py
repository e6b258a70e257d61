"""The guide: how this works, the privacy facts, help. Nothing here keeps or changes anything."""

from __future__ import annotations

from discord import app_commands
from discord.ui import LayoutView

from bot import screen
from bot.client import Bot
from bot.content.words import Words
from bot.feature import ALSO_PRIVATELY, Feature, command
from bot.interactions import Interaction, Press, Route, acknowledge, answer
from bot.permissions import require_here
from bot.rules.promises import Waits
from bot.services.circles import CircleInfo
from cogs.custom_ids import FACTS, HOW


def how_view(words: Words, circle: CircleInfo) -> LayoutView:
    """How telling works in this circle, in one screen."""
    offers = circle.offers(Waits.STORY)
    how = "batched" if offers.batch_of is not None else "delayed" if offers.minutes else "at_once"
    delay = words(f"guide.how.{how}")
    # Parts of their own, because some readers of Markdown take what follows a list into its last point.
    paragraphs = words("guide.how.text", delay=delay).split("\n\n")
    return screen.screen(
        *(screen.text(paragraph) for paragraph in paragraphs),
        screen.row(screen.button(words("guide.how.more"), FACTS())),
    )


def facts_view(words: Words, contact: str, window_days: int) -> LayoutView:
    """The privacy facts: what is promised, and what isn't."""
    return screen.screen(screen.text(words("guide.facts.text", contact=contact, days=window_days)))


class Guide:
    """The handlers."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def how(self, interaction: Interaction, press: Press) -> None:
        """*How this works* below a prompt."""
        circle = await self.bot.services.circles.get(press.number(0))
        require_here(interaction, circle)
        await answer(interaction, how_view(self.bot.words, circle))

    async def facts(self, interaction: Interaction, _press: Press) -> None:
        """*More…*, wherever it stands."""
        await self._facts(interaction)

    async def facts_command(self, interaction: Interaction) -> None:
        """``/privacy facts``."""
        await acknowledge(interaction)
        await self._facts(interaction)

    async def _facts(self, interaction: Interaction) -> None:
        settings = self.bot.settings
        await answer(interaction, facts_view(self.bot.words, settings.contact, settings.window_days))

    async def help(self, interaction: Interaction) -> None:
        """``/help``: the commands, by who they are for."""
        await acknowledge(interaction)
        await answer(interaction, screen.screen(screen.text(self.bot.words("guide.help"))))


def setup(bot: Bot) -> Feature:
    """What this feature hands over."""
    handlers, words = Guide(bot), bot.words
    privacy = app_commands.Group(
        name="privacy", description=words("guide.commands.privacy"), allowed_contexts=ALSO_PRIVATELY
    )

    @privacy.command(name="facts", description=words("guide.commands.facts"))
    async def facts(interaction: Interaction) -> None:
        await handlers.facts_command(interaction)

    async def show_help(interaction: Interaction) -> None:
        await handlers.help(interaction)

    return Feature(
        name="guide",
        commands=(privacy, command("help", words("guide.commands.help"), show_help)),
        routes=(Route(HOW, handlers.how), Route(FACTS, handlers.facts)),
    )

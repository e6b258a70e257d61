"""The guide: how this works, and help. Nothing here keeps or changes anything."""

from __future__ import annotations

from discord.ui import LayoutView

from bot import screen
from bot.client import Bot
from bot.content.words import Words
from bot.feature import Feature, command
from bot.interactions import Interaction, Press, Route, acknowledge, answer
from bot.permissions import require_member
from bot.rules.promises import Waits
from bot.services.circles import CircleInfo
from cogs.custom_ids import FACTS, HOW


def how_view(words: Words, circle: CircleInfo) -> LayoutView:
    """How telling works in this circle, in one screen."""
    offers = circle.offers(Waits.STORY)
    how = "batched" if offers.batch_of is not None else "delayed" if offers.minutes else "at_once"
    delay = words("guide.how.reviewed" if offers.reviewed else f"guide.how.{how}")
    # Parts of their own, because some readers of Markdown take what follows a list into its last point.
    paragraphs = words("guide.how.text", delay=delay).split("\n\n")
    return screen.screen(
        *(screen.text(paragraph) for paragraph in paragraphs),
        screen.row(screen.button(words("guide.how.more"), FACTS())),
    )


class Guide:
    """The handlers."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def how(self, interaction: Interaction, press: Press) -> None:
        """*How this works* below a prompt."""
        circle = await self.bot.services.circles.get(press.number(0))
        require_member(interaction, circle)
        await answer(interaction, how_view(self.bot.words, circle))

    async def help(self, interaction: Interaction) -> None:
        """``/help``: the commands, by who they are for."""
        await acknowledge(interaction)
        await answer(interaction, screen.screen(screen.text(self.bot.words("guide.help"))))


def setup(bot: Bot) -> Feature:
    """What this feature hands over."""
    handlers, words = Guide(bot), bot.words

    async def show_help(interaction: Interaction) -> None:
        await handlers.help(interaction)

    return Feature(
        name="guide",
        commands=(command("help", words("guide.commands.help"), show_help),),
        routes=(Route(HOW, handlers.how),),
    )

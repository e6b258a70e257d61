"""``/circle keep``: how long a circle keeps its stories, and what a shorter time would take away."""

from __future__ import annotations

from discord.ui import LayoutView

from bot import screen
from bot.client import Bot
from bot.content.words import Words
from bot.errors import Refusal
from bot.interactions import Interaction, Press, acknowledge, answer
from bot.permissions import require_facilitator, this_circle
from bot.services.retention import Keeping
from cogs.custom_ids import CIRCLE_KEEP, KEEP


class KeepingHandlers:
    """For facilitators. What takes words away is asked about once, with how many stories those are."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words
        self.retention = bot.services.retention

    async def keep(self, interaction: Interaction, days: int) -> None:
        """``/circle keep``; 0 means as long as whoever runs the bot says."""
        await acknowledge(interaction)
        circle = await this_circle(interaction)
        require_facilitator(interaction, circle)
        count = await self.retention.would_go(circle.id, days or None)
        if count:
            await answer(interaction, _question(self.words, circle.id, days, count))
        else:
            await self._choose(interaction, circle.id, days)

    async def sure(self, interaction: Interaction, press: Press) -> None:
        """*Yes*, after the question."""
        circle = await self.bot.services.circles.get(press.number(0))
        require_facilitator(interaction, circle)
        if not press.arguments[1].isdecimal() or len(press.arguments[1]) > 5:
            raise Refusal("refusals.old_button")
        await self._choose(interaction, circle.id, int(press.arguments[1]))

    async def _choose(self, interaction: Interaction, circle_id: int, days: int) -> None:
        kept = await self.retention.choose(circle_id, days or None)
        await answer(interaction, screen.screen(screen.text(kept_line(self.words, kept))))


def kept_line(words: Words, kept: Keeping) -> str:
    """How long stories are kept here."""
    if kept.days is None:
        return words("circles.keep.for_good")
    return words("circles.keep.for_days", days=kept.days)


def _question(words: Words, circle_id: int, days: int, count: int) -> LayoutView:
    return screen.screen(
        screen.text(words("circles.keep.question", days=days, count=count)),
        screen.row(
            screen.grave_button(words("circles.keep.yes"), CIRCLE_KEEP(circle_id, days)),
            screen.button(words("circles.keep.no"), KEEP()),
        ),
    )

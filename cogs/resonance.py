"""Resonance: a quiet sign at a story, answered privately."""

from __future__ import annotations

from bot.client import Bot
from bot.errors import Refusal
from bot.feature import Feature
from bot.interactions import Interaction, Press, Route, say
from bot.permissions import require_member
from bot.rules.limits import SIGNS
from bot.services.resonating import Sign
from cogs.custom_ids import RESONATE


class Resonance:
    """The handler of the three signs."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def press(self, interaction: Interaction, press: Press) -> None:
        """Count it, or take it back."""
        try:
            sign = Sign(press.arguments[1])
        except ValueError as error:
            raise Refusal("refusals.old_button") from error
        gate, user_id = self.bot.gate, interaction.user.id
        gate.check(SIGNS, user_id)
        await gate.slow(SIGNS, user_id)
        resonating = self.bot.services.resonating
        require_member(interaction, await resonating.circle_of(press.number(0)))
        counted = await resonating.press(press.number(0), sign, user_id)
        gate.count(SIGNS, user_id)
        self.bot.deliverer.wake()
        await say(interaction, self.bot.words("resonance.counted" if counted else "resonance.taken_back"))


def setup(bot: Bot) -> Feature:
    """What this feature hands over."""
    return Feature(name="resonance", routes=(Route(RESONATE, Resonance(bot).press),))

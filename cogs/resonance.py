"""Resonance: a quiet sign at a story, answered privately."""

from __future__ import annotations

from bot import screen
from bot.client import Bot
from bot.errors import Refusal
from bot.feature import Feature
from bot.interactions import Interaction, Press, Route, answer
from bot.permissions import require_member
from bot.rules.limits import SIGNS
from bot.services.resonating import Sign
from cogs.custom_ids import NOTE_WRITE, RESONATE


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
        words = self.bot.words
        offer = screen.button(words("resonance.note"), NOTE_WRITE(press.number(0)))
        welcome = counted and await self.bot.services.notes.welcome(press.number(0))
        await answer(
            interaction,
            screen.screen(
                screen.text(words("resonance.counted" if counted else "resonance.taken_back")),
                screen.row(offer) if welcome else None,
            ),
        )


def setup(bot: Bot) -> Feature:
    """What this feature hands over."""
    return Feature(name="resonance", routes=(Route(RESONATE, Resonance(bot).press),))

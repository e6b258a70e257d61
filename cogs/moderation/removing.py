"""Removing and bringing back: stories by their number, everything else by its message."""

from __future__ import annotations

import discord

from bot.client import Bot
from bot.errors import Gone, Refusal
from bot.interactions import Interaction, Press, acknowledge, answer, say
from bot.permissions import require_moderator, this_circle
from bot.services.acts import Why
from bot.services.circles import CircleInfo
from bot.services.edited import What
from bot.services.removing import Removable
from cogs.moderation.screens import remove_view, removed_view


class RemovingHandlers:
    """The handlers of ``/moderate remove``, ``undo``, of the menu and of their confirmations."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words
        self.removing = bot.services.removing

    async def remove(self, interaction: Interaction, number: int) -> None:
        """``/moderate remove``: ask first."""
        story = await self.removing.numbered((await circle_here(interaction)).id, number)
        if story.removed and story.until is None:
            raise Gone("refusals.removed_already")
        await answer(interaction, remove_view(self.words, story))

    async def menu(self, interaction: Interaction, message: discord.Message) -> None:
        """*Apps → Remove (moderators)* on a message of the bot's."""
        await acknowledge(interaction)
        thing = await self.removing.at_message(message.id, message.channel.id)
        require_moderator(interaction, thing.circle)
        await answer(interaction, remove_view(self.words, thing))

    async def asked(self, interaction: Interaction, press: Press) -> None:
        """*Remove it* on another page, for instance that of a report: ask first."""
        await answer(interaction, remove_view(self.words, await self._pressed(interaction, press)))

    async def why_chosen(self, interaction: Interaction, press: Press) -> None:
        """Another reason: the page again."""
        thing = await self._pressed(interaction, press)
        await answer(interaction, remove_view(self.words, thing, chosen_why(press)))

    async def remove_pressed(self, interaction: Interaction, press: Press) -> None:
        """*Remove it*."""
        thing = await self._pressed(interaction, press)
        await self._remove(interaction, thing, as_why(press.arguments[2]))

    async def remove_pressed_before(self, interaction: Interaction, press: Press) -> None:
        """The same on a page from before reasons were asked for."""
        thing = await self.removing.look(What.STORY, press.number(0))
        require_moderator(interaction, thing.circle)
        await self._remove(interaction, thing, Why.CARE)

    async def _remove(self, interaction: Interaction, thing: Removable, why: Why) -> None:
        gone = await self.removing.remove(thing.what, thing.id, why)
        self.bot.deliverer.wake()
        await answer(interaction, removed_view(self.words, gone, now=True))

    async def undo(self, interaction: Interaction, number: int) -> None:
        """``/moderate undo``."""
        await self._bring_back(
            interaction, await self.removing.numbered((await circle_here(interaction)).id, number)
        )

    async def bring_back(self, interaction: Interaction, press: Press) -> None:
        """*Bring it back*."""
        await self._bring_back(interaction, await self._pressed(interaction, press))

    async def _bring_back(self, interaction: Interaction, thing: Removable) -> None:
        await self.removing.bring_back(thing.what, thing.id)
        self.bot.deliverer.wake()
        what = "story" if thing.what is What.STORY else "below"
        await say(interaction, self.words(f"moderation.back.{what}", number=thing.number))

    async def _pressed(self, interaction: Interaction, press: Press) -> Removable:
        try:
            what = What(press.arguments[0])
        except ValueError as error:
            raise Refusal("refusals.old_button") from error
        thing = await self.removing.look(what, press.number(1))
        require_moderator(interaction, thing.circle)
        return thing


async def circle_here(interaction: Interaction) -> CircleInfo:
    """The circle that a moderator's command is about. Raises NotAllowed, Gone or Refusal."""
    await acknowledge(interaction)
    circle = await this_circle(interaction)
    require_moderator(interaction, circle)
    return circle


def as_why(given: str) -> Why:
    """A reason, as a custom_id or a select has it. Raises Refusal for what isn't offered."""
    try:
        return Why(given)
    except ValueError as error:
        raise Refusal("refusals.old_button") from error


def chosen_why(press: Press) -> Why:
    """The reason that was chosen in a select. Raises Refusal."""
    return as_why(press.values[0] if press.values else "")

"""The end of a circle: two people, a typed name, a day in which it can be stopped."""

from __future__ import annotations

from datetime import datetime

import discord
from discord import ui
from discord.ui import LayoutView

from bot import screen
from bot.client import Bot
from bot.content.words import Words
from bot.delivery.steps import Edit, ForumPost, Nothing, Send, Shown, Step
from bot.errors import Refusal
from bot.feature import DueSource
from bot.interactions import Ack, Interaction, Press, Route, answer, open_form, say
from bot.permissions import acting_as, require_either, this_circle
from bot.screen import mark
from bot.services.circles import CircleInfo
from bot.services.outbox import Lease
from bot.services.telling import known_as
from bot.services.wipes import WIPE, WipeInfo
from cogs.custom_ids import (
    CIRCLE_WIPE_AGREE,
    CIRCLE_WIPE_AGREED,
    CIRCLE_WIPE_STOP,
    CIRCLE_WIPE_TYPED,
)

NAME = "name"


class WipeHandlers:
    """The handlers of ``/circle wipe``, of its form and of its buttons."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words
        self.wipes = bot.services.wipes

    def routes(self) -> tuple[Route, ...]:
        """All of them."""
        return (
            Route(CIRCLE_WIPE_TYPED, self.typed, Ack.SELF),
            Route(CIRCLE_WIPE_AGREE, self.agree, Ack.SELF),
            Route(CIRCLE_WIPE_AGREED, self.agreed, Ack.SELF),
            Route(CIRCLE_WIPE_STOP, self.stop),
        )

    def due(self) -> DueSource:
        """What happens by itself."""
        return DueSource("wipes", self.wipes.due, self.wipes.next_due)

    async def wipe(self, interaction: Interaction) -> None:
        """``/circle wipe``: the form; or, if somebody asked already, how far it has come."""
        circle = await this_circle(interaction)
        require_either(interaction, circle)
        found = await self.wipes.of(circle.id, interaction.user.id)
        if found is not None:
            await answer(interaction, wipe_page(self.words, found))
            return
        await open_form(
            interaction, wipe_form(self.words, self._name_of(circle), CIRCLE_WIPE_TYPED(circle.id))
        )

    async def typed(self, interaction: Interaction, press: Press) -> None:
        """The name was typed: it is asked for."""
        circle = await self.bot.services.circles.get(press.number(0))
        require_either(interaction, circle)
        self._require_name(circle, press)
        asked = await self.wipes.ask(circle.id, interaction.user.id, acting_as(interaction, circle))
        self.bot.deliverer.wake()
        await answer(interaction, wipe_page(self.words, asked))

    async def agree(self, interaction: Interaction, press: Press) -> None:
        """*I agree*: the second person types the name, too."""
        found = await self._found(interaction, press)
        if found.mine:
            raise Refusal("refusals.wipe_needs_another")
        form = wipe_form(self.words, self._name_of(found.circle), CIRCLE_WIPE_AGREED(found.id))
        await open_form(interaction, form)

    async def agreed(self, interaction: Interaction, press: Press) -> None:
        """The second name was typed."""
        found = await self._found(interaction, press)
        self._require_name(found.circle, press)
        role = acting_as(interaction, found.circle)
        done = await self.wipes.agree(found.id, interaction.user.id, role)
        self.bot.deliverer.wake()
        await answer(interaction, wipe_page(self.words, done))

    async def stop(self, interaction: Interaction, press: Press) -> None:
        """*Stop it*, in private or below what the circle was told."""
        found = await self._found(interaction, press)
        await self.wipes.stop(found.id, interaction.user.id, acting_as(interaction, found.circle))
        self.bot.deliverer.wake()
        await say(interaction, self.words("wipe.stopped"))

    async def _found(self, interaction: Interaction, press: Press) -> WipeInfo:
        found = await self.wipes.get(press.number(0), interaction.user.id)
        require_either(interaction, found.circle)
        return found

    def _name_of(self, circle: CircleInfo) -> str:
        channel = self.bot.get_channel(circle.channel_id)
        if not isinstance(channel, discord.abc.GuildChannel):
            raise Refusal("refusals.channel_unseen")
        return channel.name

    def _require_name(self, circle: CircleInfo, press: Press) -> None:
        typed, name = press.fields.get(NAME, ""), self._name_of(circle)
        if _plain(typed) != _plain(name):
            raise Refusal("refusals.wipe_other_name", name=f"<#{circle.channel_id}>")


def _plain(name: str) -> str:
    return " ".join(name.split()).lstrip("#").strip().casefold()


def wipe_form(words: Words, name: str, custom_id: str) -> ui.Modal:
    """What goes and what stays, and the name to type."""
    form = ui.Modal(title=words("wipe.form.title"), custom_id=custom_id)
    form.add_item(ui.TextDisplay(f"{words('wipe.what_goes')}\n\n{words('wipe.form.then')}"))
    form.add_item(
        ui.Label(
            text=words("wipe.form.label"),
            component=ui.TextInput(custom_id=NAME, max_length=110, placeholder=name[:100]),
        )
    )
    return form


def wipe_page(words: Words, wipe: WipeInfo) -> LayoutView:
    """How far it has come, in private."""
    stop = screen.button(words("wipe.stop"), CIRCLE_WIPE_STOP(wipe.id))
    if wipe.going:
        return screen.screen(screen.text(words("wipe.going")))
    if wipe.final_at is not None:
        text = words("wipe.agreed", when=_when(wipe.final_at))
        return screen.screen(screen.text(text), screen.row(stop))
    agree = screen.grave_button(words("wipe.agree"), CIRCLE_WIPE_AGREE(wipe.id))
    return screen.screen(
        screen.text(words("wipe.asked_by_you" if wipe.mine else "wipe.asked")),
        screen.text(words("wipe.what_goes")),
        screen.row(None if wipe.mine else agree, stop),
    )


def _when(moment: datetime) -> str:
    seconds = int(moment.timestamp())
    return f"<t:{seconds}:F> (<t:{seconds}:R>)"


class WipeRenderer:
    """Tells the circle of its end, once, and that it was stopped."""

    def __init__(self, bot: Bot) -> None:
        self._words = bot.words
        self._wipes = bot.services.wipes

    async def prepare(self, lease: Lease) -> Step:
        """Send it, or change it."""
        post = await self._wipes.post(lease)
        if post is None:
            return Nothing()
        words, known = self._words, known_as(post.id, WIPE)
        if post.stopped:
            view = screen.screen(screen.text(words("wipe.announced_stopped")))
        else:
            view = screen.screen(
                screen.text(words("wipe.announced", when=_when(post.final_at))),
                screen.text(words("wipe.what_goes")),
                screen.row(screen.main_button(words("wipe.stop"), CIRCLE_WIPE_STOP(post.id))),
            )
        if post.message_id is not None:
            return Edit(post.channel_id, post.message_id, mark(view, known), post.message_id)
        title = ForumPost(words("wipe.title"))
        return Send(post.channel_id, view, too_late=post.stopped, post=title, known_as=known)

    async def record(self, lease: Lease, shown: Shown) -> None:
        """The channel shows it."""
        await self._wipes.shown(lease, shown.message_id or 0)

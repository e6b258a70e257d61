"""What was set aside, on a private page for facilitators: look again, or send it."""

from __future__ import annotations

from collections.abc import Sequence

from discord.ui import LayoutView

from bot import screen
from bot.client import Bot
from bot.content.dates import local_date
from bot.content.words import Words
from bot.delivery.places import NEEDED, NO_TAG
from bot.errors import Refusal
from bot.feature import Feature
from bot.interactions import Ack, Interaction, Press, Route, answer
from bot.permissions import require_facilitator
from bot.rules.calendar import week_monday
from bot.services.circles import CircleInfo
from bot.services.set_aside import AsideInfo
from cogs.custom_ids import ASIDE_LOOK, ASIDE_SEND, ASIDE_SHOW


class AsideHandlers:
    """The facilitators' decisions."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.aside = bot.services.set_aside

    async def show(self, interaction: Interaction, press: Press) -> None:
        """*What waits for you* below the circle's status."""
        circle = await self.bot.services.circles.get(press.number(0))
        require_facilitator(interaction, circle)
        await self._show(interaction, circle.id)

    async def look(self, interaction: Interaction, press: Press) -> None:
        """*Look again*, or *Try again*."""
        circle = await self._allowed(interaction, press)
        await self.aside.look_again(press.arguments[0])
        await self._go_on(interaction, circle.id)

    async def send(self, interaction: Interaction, press: Press) -> None:
        """*It isn't there: send it*."""
        circle = await self._allowed(interaction, press)
        await self.aside.send(press.arguments[0])
        await self._go_on(interaction, circle.id)

    async def _allowed(self, interaction: Interaction, press: Press) -> CircleInfo:
        """The circle, if the person may decide there, and the bot may do what they decide. Raises Gone,
        NotAllowed, or Refusal naming the permission whose lack made it unsure."""
        circle = await self.aside.circle_of(press.arguments[0])
        require_facilitator(interaction, circle)
        missing = self.bot.side.may_write(circle.channel_id)
        if missing == NO_TAG:
            raise Refusal("refusals.forum_tag")
        if missing is not None:
            known = missing if missing in NEEDED else "view_channel"  # the channel itself may be gone
            name = self.bot.words(f"common.permissions.{known}")
            raise Refusal("refusals.missing_permission", missing=name)
        return circle

    async def _go_on(self, interaction: Interaction, circle_id: int) -> None:
        self.bot.deliverer.wake()
        await self._show(interaction, circle_id, decided=True)

    async def _show(self, interaction: Interaction, circle_id: int, *, decided: bool = False) -> None:
        found = await self.aside.of(circle_id)
        await answer(interaction, aside_page(self.bot.words, found, decided=decided))


def aside_page(words: Words, found: Sequence[AsideInfo], *, decided: bool) -> LayoutView:
    """A few things to decide about, each with its buttons."""
    if not found:
        return screen.screen(screen.text(words("set_aside.thanks" if decided else "set_aside.nothing")))
    return screen.screen(
        screen.text(words("set_aside.title")),
        *(screen.box(*_one(words, one)) for one in found),
        screen.small(words("set_aside.note")),
    )


def _one(words: Words, one: AsideInfo) -> list[screen.Part]:
    what = _name(words, one)
    if not one.unsure:
        why = "broken" if one.ours else "failed"
        return [
            screen.text(words(f"set_aside.{why}", what=what, trouble=one.trouble)),
            screen.row(screen.main_button(words("set_aside.try_again"), ASIDE_LOOK(one.id))),
        ]
    return [
        screen.text(words("set_aside.restored" if one.restored else "set_aside.unsure", what=what)),
        screen.row(
            screen.main_button(words("set_aside.look"), ASIDE_LOOK(one.id)),
            screen.button(words("set_aside.send"), ASIDE_SEND(one.id)),
        ),
    ]


def _name(words: Words, one: AsideInfo) -> str:
    """What it is. A story has its number only once it was about to appear."""
    if one.week is None and one.number is None:
        return words(f"set_aside.unnumbered.{one.kind}")
    week = local_date(words, week_monday(one.week)) if one.week else ""
    return words(f"set_aside.kinds.{one.kind}", number=one.number or "", week=week)


def setup(bot: Bot) -> Feature:
    """What this feature hands over."""
    handlers = AsideHandlers(bot)
    return Feature(
        name="set_aside",
        routes=(
            Route(ASIDE_SHOW, handlers.show),
            Route(ASIDE_LOOK, handlers.look, Ack.UPDATE),
            Route(ASIDE_SEND, handlers.send, Ack.UPDATE),
        ),
    )

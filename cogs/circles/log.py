"""The open log: for everybody in the circle to read, and as lines in a channel where the circle wants it."""

from __future__ import annotations

from itertools import groupby

from discord.ui import LayoutView

from bot import screen
from bot.client import Bot
from bot.content.dates import local_date
from bot.content.words import Words
from bot.delivery.steps import ForumPost, Nothing, Send, Shown, Step
from bot.interactions import Interaction, Press, acknowledge, answer
from bot.permissions import require_member, this_circle
from bot.services.acts import ActInfo, LogPage
from bot.services.circles import CircleInfo
from bot.services.outbox import Lease
from cogs.custom_ids import CIRCLE_LOG


class LogHandlers:
    """The handlers of ``/circle log`` and of its pages."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words

    async def log(self, interaction: Interaction) -> None:
        """``/circle log``."""
        await acknowledge(interaction)
        await self._show(interaction, await this_circle(interaction), 0)

    async def turn(self, interaction: Interaction, press: Press) -> None:
        """Another page."""
        circle = await self.bot.services.circles.get(press.number(0))
        await self._show(interaction, circle, press.number(1))

    async def _show(self, interaction: Interaction, circle: CircleInfo, number: int) -> None:
        require_member(interaction, circle)
        page = await self.bot.services.open_log.page(circle.id, number)
        await answer(interaction, log_page(self.words, circle, page))


class LogLineRenderer:
    """One line of the log in the channel that the circle chose: sent once, never changed."""

    def __init__(self, bot: Bot) -> None:
        self._words = bot.words
        self._services = bot.services

    async def prepare(self, lease: Lease) -> Step:
        """Send it, if the log is still shown there."""
        post = await self._services.open_log.post(lease)
        if post is None:
            return Nothing()
        view = screen.screen(screen.small(log_line(self._words, post.line)))
        return Send(post.channel_id, view, post=ForumPost(self._words("log.post_title")))

    async def record(self, lease: Lease, shown: Shown) -> None:
        """The log itself remembers it already."""
        await self._services.outbox.finish(lease, shown.message_id)


def log_page(words: Words, circle: CircleInfo, page: LogPage) -> LayoutView:
    """One page, day by day."""
    title = words("log.title", channel=f"<#{circle.channel_id}>")
    if not page.lines:
        return screen.screen(screen.text(title), screen.text(words("log.empty")))
    days = [
        screen.text("\n".join([f"**{local_date(words, day)}**", *(log_line(words, one) for one in lines)]))
        for day, lines in groupby(page.lines, key=lambda one: one.day)
    ]
    newer = screen.button(words("log.newer"), CIRCLE_LOG(circle.id, page.number - 1)) if page.number else None
    older = screen.button(words("log.older"), CIRCLE_LOG(circle.id, page.number + 1)) if page.more else None
    return screen.screen(
        screen.text(title),
        *days,
        screen.small(words("log.note")),
        screen.row(newer, older) if newer or older else None,
    )


def log_line(words: Words, act: ActInfo) -> str:
    """A plain sentence: who, as which role, what, and why."""
    what = words(f"log.did.{act.did}", who=words(f"log.role.{act.role}"), number=act.number or "")
    if act.why is None:
        return words("log.line", what=what)
    return words("log.line_why", what=what, why=words(f"log.why.{act.why}"))

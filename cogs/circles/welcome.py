"""What is shown when a circle has just been set up, and its welcome for everybody."""

from __future__ import annotations

from discord.ui import LayoutView

from bot import screen
from bot.client import Bot
from bot.content.words import Words
from bot.delivery.steps import ForumPost, Send, Shown, Step
from bot.services.circles import CircleInfo, Saved
from bot.services.outbox import Lease
from cogs.circles.page import coming_text
from cogs.custom_ids import CIRCLE_WELCOME, HOW, PROMPT_POST_NOW, SHARE


def after_saving(words: Words, saved: Saved) -> LayoutView:
    """Saved: the next dates, and for a new circle the two first steps."""
    circle = saved.circle
    buttons = None
    if saved.new:
        buttons = screen.row(
            screen.main_button(words("circles.welcome.post"), CIRCLE_WELCOME(circle.id)),
            screen.button(words("circles.welcome.first_prompt"), PROMPT_POST_NOW(circle.id)),
        )
    return screen.screen(
        screen.text(words("circles.saved.new" if saved.new else "circles.saved.old")),
        screen.box(screen.text(coming_text(words, saved.coming, circle.zone))),
        screen.small(words("circles.saved.note")) if saved.new else None,
        buttons,
    )


def welcome(words: Words, circle: CircleInfo) -> LayoutView:
    """The standing welcome, with the buttons to tell a story at any time."""
    return screen.screen(
        screen.box(
            screen.text(words("circles.welcome.text")),
            screen.small(words("circles.welcome.small")),
            screen.row(
                screen.main_button(words("prompts.share_unnamed"), SHARE(circle.id, "unnamed")),
                screen.button(words("prompts.share_named"), SHARE(circle.id, "named")),
                screen.button(words("prompts.how"), HOW(circle.id)),
            ),
        )
    )


class WelcomeRenderer:
    """Makes the standing welcome show."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def prepare(self, lease: Lease) -> Step:
        """The welcome of the circle as it is."""
        words = self._bot.words
        circle = await self._bot.services.circles.get(lease.subject)
        post = ForumPost(words("circles.welcome.title"), tags=words.several("circles.welcome.tags"))
        return Send(circle.channel_id, welcome(words, circle), post=post)

    async def record(self, lease: Lease, shown: Shown) -> None:
        """Nothing but the delivery remembers it."""
        await self._bot.services.outbox.finish(lease, shown.message_id)

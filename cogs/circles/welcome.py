"""What is shown when a circle has just been set up, and its welcome for everybody."""

from __future__ import annotations

from discord.ui import LayoutView

from bot import screen
from bot.content.words import Words
from bot.services.circles import CircleInfo, Saved
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

"""The weekly prompt on Discord: how it looks, and the facilitators' commands about it."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ui import LayoutView

from bot import screen
from bot.client import Bot
from bot.content.dates import local_moment
from bot.content.words import Words
from bot.delivery.steps import ForumPost, Nothing, NotYet, Send, Shown, Step
from bot.feature import DueSource, Feature
from bot.interactions import Interaction, Press, Route, acknowledge, answer
from bot.permissions import require_facilitator, this_circle
from bot.rules.text import escape
from bot.services.choosing import WeeklyPrompt
from bot.services.outbox import Lease
from bot.services.prompt_posts import DELIVERY, PromptPost, PromptPosts
from cogs.custom_ids import HOW, PROMPT_POST_NOW, PROMPT_UNSKIP, SHARE


def prompt_view(words: Words, circle_id: int, prompt: WeeklyPrompt, *, live: bool = True) -> LayoutView:
    """The prompt's message. ``live=False`` for a preview, whose buttons can't be pressed."""
    parts: list[screen.Part] = [screen.text(words("prompts.heading", title=escape(prompt.title)))]
    if prompt.introduction:
        parts.append(screen.text(escape(prompt.introduction)))
    parts.append(screen.text(escape(prompt.text)))
    parts.append(screen.small(words("prompts.small")))
    primary = discord.ButtonStyle.primary
    parts.append(
        screen.row(
            screen.button(
                words("prompts.share_unnamed"), SHARE(circle_id, "unnamed"), primary, disabled=not live
            ),
            screen.button(words("prompts.share_named"), SHARE(circle_id, "named"), disabled=not live),
            screen.button(words("prompts.how"), HOW(circle_id), disabled=not live),
        )
    )
    return screen.screen(screen.box(*parts))


class PromptRenderer:
    """Makes a week's prompt show."""

    def __init__(self, words: Words, posts: PromptPosts) -> None:
        self._words = words
        self._posts = posts

    async def prepare(self, lease: Lease) -> Step:
        """Render the prompt from what was fixed for its week."""
        found = await self._posts.to_post(lease)
        if isinstance(found, PromptPost):
            view = prompt_view(self._words, found.circle_id, found.prompt)
            return Send(found.channel_id, view, too_late=found.too_late, post=self._as_post(found.prompt))
        return Nothing() if found is None else NotYet(found)

    async def record(self, lease: Lease, shown: Shown) -> None:
        """Discord shows it."""
        await self._posts.posted(lease, shown.message_id or 0)

    def _as_post(self, prompt: WeeklyPrompt) -> ForumPost:
        title = self._words("prompts.post.title", title=prompt.title)
        return ForumPost(title, prompt.title, self._words.several("prompts.post.tags"))


class PromptCommands:
    """The handlers of ``/prompt``."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words
        self.prompts = bot.services.prompts

    async def preview(self, interaction: Interaction) -> None:
        """``/prompt preview``: what comes next, visible to the facilitator alone."""
        await acknowledge(interaction)
        circle = await this_circle(interaction)
        require_facilitator(interaction, circle)
        coming = await self.prompts.coming(circle.id)
        paused = circle.paused and circle.paused_until is None
        when = local_moment(self.words, coming.occurrence.at, circle.zone)
        view = prompt_view(self.words, circle.id, coming.prompt, live=False)
        head = screen.text(self.words(f"prompts.preview.head{'_paused' if paused else ''}", when=when))
        await answer(interaction, screen.screen(head, *view.children))

    async def post_now(self, interaction: Interaction) -> None:
        """``/prompt post-now``."""
        await acknowledge(interaction)
        await self._post(interaction, (await this_circle(interaction)).id)

    async def post_now_pressed(self, interaction: Interaction, press: Press) -> None:
        """*Post the first question now*, after setting up."""
        await self._post(interaction, press.number(0))

    async def _post(self, interaction: Interaction, circle_id: int) -> None:
        circle = await self.bot.services.circles.get(circle_id)
        require_facilitator(interaction, circle)
        coming = await self.prompts.post_now(circle_id)
        self.bot.deliverer.wake()
        when = local_moment(self.words, coming.at, circle.zone)
        await answer(interaction, screen.screen(screen.text(self.words("prompts.posted", when=when))))

    async def skip(self, interaction: Interaction) -> None:
        """``/prompt skip``: leave the next one out; it can be taken back."""
        await acknowledge(interaction)
        circle = await this_circle(interaction)
        require_facilitator(interaction, circle)
        done = await self.prompts.skip(circle.id)
        text = self.words(
            "prompts.skip.done",
            skipped=local_moment(self.words, done.skipped.at, circle.zone),
            next=local_moment(self.words, done.next.at, circle.zone),
        )
        undo = screen.button(self.words("prompts.skip.undo"), PROMPT_UNSKIP(done.occurrence_id))
        await answer(interaction, screen.screen(screen.text(text), screen.row(undo)))

    async def unskip(self, interaction: Interaction, press: Press) -> None:
        """*Take it back* below a skipped week."""
        circle = await self.prompts.circle_of_skip(press.number(0))
        require_facilitator(interaction, circle)
        coming = await self.prompts.unskip(press.number(0))
        when = local_moment(self.words, coming.at, circle.zone)
        await answer(interaction, screen.screen(screen.text(self.words("prompts.skip.undone", when=when))))


def setup(bot: Bot) -> Feature:
    """What this feature hands over."""
    handlers = PromptCommands(bot)
    words, prompts = bot.words, bot.services.prompts
    group = app_commands.Group(
        name="prompt",
        description=words("prompts.commands.prompt"),
    )

    @group.command(name="preview", description=words("prompts.commands.preview"))
    async def preview(interaction: Interaction) -> None:
        await handlers.preview(interaction)

    @group.command(name="post-now", description=words("prompts.commands.post_now"))
    async def post_now(interaction: Interaction) -> None:
        await handlers.post_now(interaction)

    @group.command(name="skip", description=words("prompts.commands.skip"))
    async def skip(interaction: Interaction) -> None:
        await handlers.skip(interaction)

    return Feature(
        name="prompts",
        commands=(group,),
        routes=(
            Route(PROMPT_POST_NOW, handlers.post_now_pressed),
            Route(PROMPT_UNSKIP, handlers.unskip),
        ),
        renderers={DELIVERY: PromptRenderer(words, bot.services.prompt_posts)},
        due=(DueSource("prompts", prompts.due, prompts.next_due),),
    )

"""How updates and replies come to show in a story's thread, and how they go."""

from __future__ import annotations

from bot.content.words import Words
from bot.delivery.steps import Edit, Nothing, NotYet, Retract, Send, Shown, Step
from bot.feature import Renderer
from bot.screen import mark
from bot.services.additions import Kind
from bot.services.outbox import Lease
from bot.services.retracting import Retracting
from bot.services.telling import REPLY, RETRACT_REPLY, RETRACT_UPDATE, UPDATE, known_as
from bot.services.thread_posts import ThreadPost, ThreadPosts
from cogs.additions import screens


class AdditionRenderer:
    """Shows an update or a reply in the story's thread."""

    def __init__(self, words: Words, posts: ThreadPosts, kind: Kind) -> None:
        self._words = words
        self._posts = posts
        self._kind = kind

    async def prepare(self, lease: Lease) -> Step:
        """Send it, once the thread is there; afterwards make it look like its state."""
        find = self._posts.update if self._kind is Kind.UPDATE else self._posts.reply
        post = await find(lease)
        if not isinstance(post, ThreadPost):
            return Nothing() if post is None else NotYet(post)
        view, known = screens.thread_view(self._words, self._kind, post), known_as(post.id, lease.kind)
        if post.message_id is not None:
            return Edit(post.thread_id, post.message_id, mark(view, known))
        return Send(post.thread_id, view, too_late=post.held, known_as=known)

    async def record(self, lease: Lease, shown: Shown) -> None:
        """It is there."""
        settle = self._posts.update_shown if self._kind is Kind.UPDATE else self._posts.reply_shown
        await settle(lease, shown.message_id or 0)


class AdditionRetractRenderer:
    """A withdrawn update or reply goes."""

    def __init__(self, retracting: Retracting, kind: Kind) -> None:
        updating = kind is Kind.UPDATE
        self._find = retracting.update_retraction if updating else retracting.reply_retraction
        self._settle = retracting.update_retracted if updating else retracting.reply_retracted

    async def prepare(self, lease: Lease) -> Step:
        """Its message, also one whose arrival was never confirmed."""
        gone = await self._find(lease)
        return Nothing() if gone is None else Retract(gone.channel_id, gone.message_ids, None, gone.unsettled)

    async def record(self, lease: Lease, shown: Shown) -> None:
        """Nothing is left."""
        await self._settle(lease)


def renderers(words: Words, posts: ThreadPosts, retracting: Retracting) -> dict[str, Renderer]:
    """One renderer a kind of delivery."""
    return {
        UPDATE: AdditionRenderer(words, posts, Kind.UPDATE),
        REPLY: AdditionRenderer(words, posts, Kind.REPLY),
        RETRACT_REPLY: AdditionRetractRenderer(retracting, Kind.REPLY),
        RETRACT_UPDATE: AdditionRetractRenderer(retracting, Kind.UPDATE),
    }

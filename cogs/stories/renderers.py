"""How stories come to show in Discord: message, thread, its first messages, and their going."""

from __future__ import annotations

from bot.content.words import Words
from bot.delivery.steps import (
    Edit,
    FindFirst,
    ForumPost,
    Nothing,
    NotYet,
    OpenThread,
    Rest,
    Retract,
    Rewrite,
    Send,
    Shown,
    Step,
)
from bot.feature import Renderer
from bot.rules.stories import first_missing
from bot.screen import mark
from bot.services.edits_due import EditsDue
from bot.services.outbox import Lease
from bot.services.publishing import Publishing, StoryPost
from bot.services.retracting import Retracting
from bot.services.reviewed import Resting
from bot.services.telling import EDIT, OPENING, PAGES, RETRACT, STORY, THREAD, known_as
from cogs.custom_ids import REPLY
from cogs.stories.view import first_messages, page_known_as, story_view


class StoryRenderer:
    """The story's message: sent once, and edited to look like its state afterwards."""

    def __init__(self, words: Words, publishing: Publishing) -> None:
        self._words = words
        self._publishing = publishing

    async def prepare(self, lease: Lease) -> Step:
        """Send it, refresh it, or nothing when it was taken back."""
        post = await self._publishing.story(lease)
        if isinstance(post, Resting):
            return Rest()
        if not isinstance(post, StoryPost):
            return Nothing() if post is None else NotYet(post)
        view = story_view(self._words, post)
        if post.message_id is None:
            as_post, known = self._as_post(post), known_as(post.id)
            return Send(post.channel_id, view, too_late=post.held, post=as_post, known_as=known)
        return Edit(post.channel_id, post.message_id, mark(view, known_as(post.id)), post.thread_id)

    async def record(self, lease: Lease, shown: Shown) -> None:
        """Remember the message; its thread comes next."""
        await self._publishing.story_shown(lease, shown.message_id or 0, shown.channel_id or 0)

    def _as_post(self, post: StoryPost) -> ForumPost:
        title = self._words("stories.thread.name", number=post.number)
        return ForumPost(title, post.theme, self._words.several("stories.thread.tags"))


class ThreadRenderer:
    """The story's thread: a step of its own, so that its failing never repeats the story."""

    def __init__(self, words: Words, publishing: Publishing) -> None:
        self._words = words
        self._publishing = publishing

    async def prepare(self, lease: Lease) -> Step:
        """Open it below the story's message."""
        post = await self._publishing.published(lease.subject)
        if post is None or post.message_id is None or post.hidden:
            return Nothing()
        name = self._words("stories.thread.name", number=post.number)
        return OpenThread(post.channel_id, post.message_id, name)

    async def record(self, lease: Lease, shown: Shown) -> None:
        """Remember the thread; its first message comes next."""
        await self._publishing.thread_opened(lease, shown.channel_id or 0)


class OpeningRenderer:
    """The thread's first messages, one after the other."""

    def __init__(self, words: Words, publishing: Publishing) -> None:
        self._words = words
        self._publishing = publishing

    async def prepare(self, lease: Lease) -> Step:
        """The next of them. One that may be there is looked for also when the story needs it no more."""
        post = await self._publishing.published(lease.subject)
        if post is None or post.thread_id is None or not post.words_known:
            return Nothing()
        views = first_messages(self._words, post)
        position = first_missing(len(views), post.pages, post.unlisted)
        if position is None or post.hidden:
            late = Send(post.thread_id, views[position or 0], too_late=True)
            return late if lease.uncertain else Nothing()
        return Send(post.thread_id, views[position], known_as=page_known_as(post.id, position))

    async def record(self, lease: Lease, shown: Shown) -> None:
        """One more is there."""
        post = await self._publishing.published(lease.subject)
        messages = len(first_messages(self._words, post)) if post is not None else 0
        await self._publishing.opening_shown(lease, shown.message_id or 0, messages)


class PagesRenderer:
    """The thread's first messages, when the story's words have changed."""

    def __init__(self, words: Words, publishing: Publishing) -> None:
        self._words = words
        self._publishing = publishing

    async def prepare(self, lease: Lease) -> Step:
        """All that are there, at once; where they are is looked for when nobody noted it."""
        post = await self._publishing.published(lease.subject)
        if post is None or post.thread_id is None or not post.words_known:
            return Nothing()
        if post.unlisted:
            return FindFirst(post.thread_id, REPLY(post.id))
        views = first_messages(self._words, post)
        there = tuple(
            (post.pages[position], view) for position, view in views.items() if position in post.pages
        )
        gone = tuple(message_id for position, message_id in post.pages.items() if position not in views)
        return Rewrite(post.thread_id, there, gone)

    async def record(self, lease: Lease, shown: Shown) -> None:
        """They look like the story, or it is known where they are."""
        if shown.before is not None:
            await self._publishing.pages_found(lease, shown.before, shown.message_id)
            return
        post = await self._publishing.published(lease.subject)
        messages = len(first_messages(self._words, post)) if post is not None else 0
        await self._publishing.pages_shown(lease, messages)


class EditRenderer:
    """New words take the place of the earlier ones, or wait for moderators: that is all; showing them is owed
    by then."""

    def __init__(self, edits_due: EditsDue) -> None:
        self._edits_due = edits_due

    async def prepare(self, lease: Lease) -> Step:
        """Apply them, or let moderators look; in a pause those get nothing to look at."""
        wait = await self._edits_due.apply(lease)
        return Nothing() if wait is None else NotYet(wait)

    async def record(self, lease: Lease, shown: Shown) -> None:
        """Nothing was asked of Discord."""


class RetractRenderer:
    """A withdrawn or removed story goes from Discord, then from the database."""

    def __init__(self, retracting: Retracting) -> None:
        self._retracting = retracting

    async def prepare(self, lease: Lease) -> Step:
        """Message and thread, also those whose arrival was never confirmed."""
        gone = await self._retracting.retraction(lease)
        if gone is None:
            return Nothing()
        return Retract(gone.channel_id, gone.message_ids, gone.thread_id, gone.unsettled)

    async def record(self, lease: Lease, shown: Shown) -> None:
        """Nothing is left."""
        await self._retracting.retracted(lease)


def renderers(
    words: Words, publishing: Publishing, retracting: Retracting, edits_due: EditsDue
) -> dict[str, Renderer]:
    """One renderer a kind of delivery."""
    return {
        STORY: StoryRenderer(words, publishing),
        THREAD: ThreadRenderer(words, publishing),
        OPENING: OpeningRenderer(words, publishing),
        RETRACT: RetractRenderer(retracting),
        EDIT: EditRenderer(edits_due),
        PAGES: PagesRenderer(words, publishing),
    }

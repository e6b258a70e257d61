"""How a story looks, in the preview and in the channel: the same code, so that they are the same."""

from __future__ import annotations

from discord.ui import LayoutView

from bot import screen
from bot.content.words import Words
from bot.rules.stories import StoryDraft
from bot.rules.text import behind_spoiler, escape, shorten
from bot.services.publishing import StoryPost
from bot.services.resonating import Sign
from cogs.custom_ids import REPLY, RESONATE, STORY_MINE
from cogs.story_look import StoryLook, story_pages, story_parts

UPDATE_LINE = 200


def look_of_draft(draft: StoryDraft, author_name: str | None) -> StoryLook:
    """A draft as it will look; ``author_name`` only where it bears a name."""
    return StoryLook(draft.words, draft.ask, draft.theme, draft.content_note, author_name)


def look_of_post(post: StoryPost) -> StoryLook:
    """A published story."""
    return StoryLook(post.words, post.ask, post.theme, post.content_note, post.author_name, post.number)


def story_view(words: Words, post: StoryPost) -> LayoutView:
    """The story's message in the channel; of one that moderators can still bring back, that they took it."""
    if post.hidden:
        return screen.screen(screen.small(words("moderation.taken_away.story", number=post.number)))
    look = look_of_post(post)
    page, *rest = story_pages(words, look)
    parts = story_parts(words, look, page)
    if rest:
        parts.append(screen.small(words("stories.post.continued")))
    if post.latest_update:
        line = escape(shorten(" ".join(post.latest_update.split()), UPDATE_LINE))
        line = behind_spoiler(line) if post.content_note else line
        parts.append(screen.line())
        parts.append(screen.text(words("stories.post.update_line", text=line)))
    parts.append(screen.line())
    parts.append(screen.row(*(_sign(words, post, sign) for sign in Sign)))
    parts.append(
        screen.row(
            screen.main_button(words("stories.post.reply"), REPLY(post.id)),
            screen.button(words("stories.post.mine"), STORY_MINE(post.id)),
        )
    )
    return screen.screen(screen.box(*parts))


def _sign(words: Words, post: StoryPost, sign: Sign) -> screen.Part:
    label, count = words(f"stories.sign.{sign}"), post.resonance.get(sign, 0)
    if count:
        label = words("stories.sign.counted", label=label, count=count)
    return screen.button(label, RESONATE(post.id, sign))


def first_messages(words: Words, post: StoryPost) -> dict[int, LayoutView]:
    """The thread's first messages, by position: from 1 on what had no room, and as 0 the ask and how to stay
    unnamed. What a change adds comes after others have spoken, and says what it is."""
    rest = story_pages(words, look_of_post(post))[1:]
    views = {
        position: screen.screen(_goes_on(words, post, position), screen.box(screen.text(page)))
        for position, page in enumerate(rest, 1)
    }
    if post.hidden:
        away = words("moderation.taken_away.below")
        views = {position: screen.screen(screen.small(away)) for position in (*views, 0)}
        return _known(views, post)
    views[0] = screen.screen(
        screen.text(words(f"stories.thread.{post.ask}")),
        screen.small(words("stories.thread.named_here")),
        screen.row(screen.button(words("stories.post.reply"), REPLY(post.id))),
    )
    return _known(views, post)


def _known(views: dict[int, LayoutView], post: StoryPost) -> dict[int, LayoutView]:
    for position, view in views.items():
        screen.mark(view, page_known_as(post.id, position))
    return views


def page_known_as(story_id: int, position: int) -> str:
    """By what one of the thread's first messages is recognised once it was changed."""
    return f"page {story_id} {position}"


def _goes_on(words: Words, post: StoryPost, position: int) -> screen.Part | None:
    """A line above a page that came after the thread's other first messages."""
    ask = post.pages.get(0)
    late = ask is not None and post.pages.get(position, ask + 1) > ask
    return screen.small(words("stories.post.goes_on")) if late else None

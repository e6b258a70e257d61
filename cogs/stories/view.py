"""How a story looks, in the preview and in the channel: the same code, so that they are the same."""

from __future__ import annotations

from dataclasses import dataclass

from discord.ui import LayoutView

from bot import screen
from bot.content.words import Words
from bot.rules.stories import Ask, StoryDraft, StoryWords
from bot.rules.text import behind_spoiler, escape, pages, shorten, without_blank_lines
from bot.services.publishing import StoryPost
from bot.services.resonating import Sign
from cogs.custom_ids import REPLY, RESONATE, STORY_MINE

FIRST_PAGE = 3000
"""Characters of a story in its own message; heading, notes and the newest update need the rest."""
OTHER_PAGES = 3500
UPDATE_LINE = 200


@dataclass(frozen=True, slots=True, repr=False)
class StoryLook:
    """What of a story is seen: from a draft or from the published story."""

    words: StoryWords
    ask: Ask
    theme: str | None
    content_note: str | None
    author_name: str | None
    number: int | None = None


def look_of_draft(draft: StoryDraft, author_name: str | None) -> StoryLook:
    """A draft as it will look; ``author_name`` only where it bears a name."""
    return StoryLook(draft.words, draft.ask, draft.theme, draft.content_note, author_name)


def look_of_post(post: StoryPost) -> StoryLook:
    """A published story."""
    return StoryLook(post.words, post.ask, post.theme, post.content_note, post.author_name, post.number)


def story_pages(words: Words, look: StoryLook) -> tuple[str, ...]:
    """The story's text, cut so that the first page fits its message; the rest continues in the thread."""
    named = (("effect", look.words.effect), ("repair", look.words.repair), ("lesson", look.words.lesson))
    blocks = [escape(look.words.slip)]
    blocks += [f"{words(f'stories.post.{name}')}\n{escape(text)}" for name, text in named if text]
    if not look.content_note:
        return pages(blocks, FIRST_PAGE, OTHER_PAGES)
    cut = pages([without_blank_lines(block) for block in blocks], FIRST_PAGE, OTHER_PAGES)
    return tuple(behind_spoiler(page) for page in cut)


def story_parts(words: Words, look: StoryLook, page: str) -> list[screen.Part]:
    """Heading, small line, content note and text, for a container."""
    heading = (
        words("stories.post.heading", number=look.number) if look.number else words("stories.post.coming")
    )
    if look.author_name:
        heading = words("stories.post.by", heading=heading, name=escape(shorten(look.author_name, 60)))
    ask = words(f"stories.ask_line.{look.ask}")
    about = words("stories.post.small", ask=ask, theme=escape(look.theme)) if look.theme else ask
    parts: list[screen.Part] = [screen.text(heading), screen.small(about)]
    if look.content_note:
        parts.append(screen.text(words("stories.post.note", note=escape(look.content_note))))
    parts.append(screen.text(page))
    return parts


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

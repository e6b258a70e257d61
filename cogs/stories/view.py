"""How a story looks, in the preview and in the channel: the same code, so that they are the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from discord.ui import LayoutView

from bot import screen
from bot.content.words import Words
from bot.rules.checked import Mark
from bot.rules.marked import with_brackets, with_places
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


def story_pages(
    words: Words, look: StoryLook, marks: Sequence[Mark] = (), room: int = FIRST_PAGE
) -> tuple[str, ...]:
    """The story's text, cut so that the first page fits its message; the rest continues in the thread.

    A preview shows ``marks`` in it, and may have less ``room`` on the first page.
    """
    shown = {
        name: escape(with_places(text, [mark for mark in marks if mark.part == name]) if marks else text)
        for name, text in asdict(look.words).items()
    }
    blocks = [shown.pop("slip")]
    blocks += [f"{words(f'stories.post.{name}')}\n{text}" for name, text in shown.items() if text]
    if look.content_note:
        blocks = [without_blank_lines(block) for block in blocks]
    cut = pages(blocks, room, OTHER_PAGES)
    cut = with_brackets(cut) if marks else cut
    return tuple(behind_spoiler(page) for page in cut) if look.content_note else cut


def previewed(
    words: Words, look: StoryLook, marks: Sequence[Mark], room: int
) -> tuple[list[screen.Part], tuple[LayoutView, ...]]:
    """A story in a preview: what stands in its box, and what continues in further messages."""
    page, *rest = story_pages(words, look, marks, room)
    parts = story_parts(words, look, page)
    as_posted = not marks and room == FIRST_PAGE
    if rest:
        parts.append(screen.small(words("stories.post.continued" if as_posted else "checks.goes_on")))
    head = words("stories.preview.continued" if as_posted else "checks.rest")
    return parts, tuple(screen.screen(screen.small(head), screen.box(screen.text(more))) for more in rest)


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
    """The story's message in the channel."""
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
    views[0] = screen.screen(
        screen.text(words(f"stories.thread.{post.ask}")),
        screen.small(words("stories.thread.named_here")),
        screen.row(screen.button(words("stories.post.reply"), REPLY(post.id))),
    )
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

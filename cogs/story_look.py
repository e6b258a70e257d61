"""How a story looks, whoever is shown it: its teller before it is posted, moderators, and then everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from discord.ui import LayoutView

from bot import screen
from bot.content.words import Words
from bot.rules.checked import Mark
from bot.rules.marked import with_brackets, with_places
from bot.rules.stories import Ask, StoryWords
from bot.rules.text import behind_spoiler, escape, pages, shorten, without_blank_lines

FIRST_PAGE = 3000
"""Characters of a story in its own message; heading, notes and the newest update need the rest."""
OTHER_PAGES = 3500


@dataclass(frozen=True, slots=True, repr=False)
class StoryLook:
    """What of a story is seen: from a draft or from the published story."""

    words: StoryWords
    ask: Ask
    theme: str | None
    content_note: str | None
    author_name: str | None
    number: int | None = None


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

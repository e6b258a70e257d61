"""How a story looks, whoever is shown it: its teller before it is posted, moderators, and then everybody."""

from __future__ import annotations

from dataclasses import dataclass

from bot import screen
from bot.content.words import Words
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

"""Which prompt a week gets."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.content.library import Library
from bot.rules import calendar, rotation, themes
from db import occurrences


@dataclass(frozen=True, slots=True, repr=False)
class WeeklyPrompt:
    """A prompt as it is asked: under its theme's title, introduced when the theme is asked first."""

    title: str
    text: str
    introduction: str | None = None
    key: str | None = None
    theme_id: int | None = None


async def choose_prompt(session: AsyncSession, library: Library, circle_id: int, week: str) -> WeeklyPrompt:
    """The prompt of a local ISO week: its theme's, or else the next of the library, fairly in turn."""
    monday = calendar.week_monday(week)
    theme = await occurrences.theme_of_week(session, circle_id, monday)
    if theme is not None:
        texts = await occurrences.theme_prompts(session, theme.id)
        if texts:
            introduced = await occurrences.theme_was_asked(session, theme.id)
            text = themes.prompt_of_week(texts, theme.first_monday, monday)
            introduction = None if introduced else theme.introduction or None
            return WeeklyPrompt(theme.title, text, introduction, theme_id=theme.id)
    pairs = [(prompt.key, part.key) for part in library.themes for prompt in part.prompts]
    key = rotation.next_prompt(pairs, await occurrences.used_prompts(session, circle_id), circle_id)
    prompt, part = library.prompt(key), library.theme_of(key)
    if prompt is None or part is None:
        raise LookupError(key)
    return WeeklyPrompt(part.title, prompt.text, key=key)

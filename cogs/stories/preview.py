"""The private preview: exactly what will be posted, and everything that can still be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from discord.ui import LayoutView

from bot import screen
from bot.content.library import Library
from bot.content.words import Words
from bot.errors import Refusal
from bot.rules.promises import Waits
from bot.rules.stories import StoryDraft, Voice
from bot.services.stories import OpenDraft
from cogs.check_screens import fitting, left_question, marks_block
from cogs.custom_ids import (
    DRAFT_DISCARD,
    DRAFT_EDIT,
    DRAFT_NOTE,
    DRAFT_POST,
    DRAFT_QUOTE,
    DRAFT_THEME,
    DRAFT_VOICE,
    FACTS,
)
from cogs.own_words import head_of_preview, unfit_line, what_that_means, when_it_appears
from cogs.stories.view import look_of_draft
from cogs.story_look import FIRST_PAGE, previewed

NONE = "none"
FORM = "story"
"""By which the checks know a story's draft."""


def preview(
    words: Words,
    open_draft: OpenDraft,
    themes: Sequence[str],
    name: str,
    window_days: int,
    refusal: Refusal | None = None,
) -> tuple[LayoutView, ...]:
    """The preview's message, and what has no room in it. ``name`` is how the teller would be called, shown
    only where it will be; ``refusal`` says why the words can't be posted as they are."""
    draft = open_draft.draft
    look, marks = look_of_draft(draft, name if draft.voice is Voice.NAMED else None), draft.checked.left
    rest: tuple[LayoutView, ...] = ()

    def build(room: int) -> LayoutView:
        nonlocal rest
        parts, rest = previewed(words, look, marks, room)
        return _message(words, open_draft, parts, themes, window_days, refusal)

    return (fitting(build, FIRST_PAGE), *rest)


def _message(
    words: Words,
    open_draft: OpenDraft,
    parts: list[screen.Part],
    themes: Sequence[str],
    window_days: int,
    refusal: Refusal | None,
) -> LayoutView:
    draft, key = open_draft.draft, (open_draft.receipt, open_draft.draft.revision)
    note, told = draft.content_note, asdict(draft.words)
    return screen.screen(
        head_of_preview(words, older=open_draft.older, other_promise=open_draft.other_promise),
        unfit_line(words, refusal),
        screen.box(*parts),
        *marks_block(words, FORM, *key, told, draft.checked),
        screen.small(promise(words, open_draft, window_days)),
        screen.small(words("checks.together")),
        screen.choice(DRAFT_THEME(*key), _themes(words, themes, draft), chosen=draft.theme or NONE),
        screen.choice(DRAFT_NOTE(*key), note_choices(words, note), chosen=note or NONE),
        screen.row(
            screen.main_button(words("stories.preview.post"), DRAFT_POST(*key)),
            screen.button(words("stories.preview.edit"), DRAFT_EDIT(*key)),
            screen.button(_other_voice(words, draft), DRAFT_VOICE(*key)),
            quote_button(words, draft.quote_lesson, DRAFT_QUOTE(*key)) if draft.words.lesson else None,
            screen.button(words("stories.preview.discard"), DRAFT_DISCARD(open_draft.receipt)),
        ),
        screen.row(screen.button(words("stories.preview.more"), FACTS())),
    )


def post_all_the_same(words: Words, open_draft: OpenDraft) -> LayoutView:
    """*Post* asks once when something is left that surely identifies somebody."""
    draft, key = open_draft.draft, (open_draft.receipt, open_draft.draft.revision)
    as_it_is = words("checks.left.post"), DRAFT_POST(*key)
    return left_question(words, FORM, *key, asdict(draft.words), draft.checked, as_it_is)


def promise(words: Words, open_draft: OpenDraft, window_days: int) -> str:
    """What happens on *Post*, and what being without a name means here: exact, and short."""
    promised = open_draft.draft.promise or open_draft.circle.offers(Waits.STORY)
    if open_draft.draft.voice is Voice.NAMED:
        return words("review.promise.named" if promised.reviewed else "stories.preview.named")
    key = "review.promise.unnamed" if promised.reviewed else "stories.preview.unnamed"
    return "\n".join(
        (
            words(key, when=when_it_appears(words, promised)),
            words("stories.preview.seen", days=window_days),
            what_that_means(words, promised, thin=open_draft.draft.thin),
        )
    )


def themes_for(library: Library, current: str | None) -> tuple[str, ...]:
    """The themes to choose from: this week's first, then the library's; 24 at most, beside "none"."""
    titles = [theme.title for theme in library.themes if theme.title != current]
    return tuple(([current] if current else []) + titles)[:24]


def _themes(words: Words, themes: Sequence[str], draft: StoryDraft) -> list[tuple[str, str]]:
    known = list(themes)
    if draft.theme and draft.theme not in known:
        known = [draft.theme, *known][:24]
    named = [(title, words("stories.preview.theme", title=title)) for title in known]
    return [*named, (NONE, words("stories.preview.no_theme"))]


def note_choices(words: Words, chosen: str | None) -> list[tuple[str, str]]:
    """The content notes to choose from, the one that is chosen among them."""
    notes = list(words.several("stories.notes"))
    if chosen and chosen not in notes:
        notes.append(chosen)
    return [
        (NONE, words("stories.preview.no_note")),
        *((note, words("stories.preview.note", note=note)) for note in notes),
    ]


def _other_voice(words: Words, draft: StoryDraft) -> str:
    to_named = draft.voice is Voice.UNNAMED
    return words("stories.preview.use_name" if to_named else "stories.preview.without_name")


def quote_button(words: Words, quote: bool, custom_id: str) -> screen.Part:
    """*Quote my lesson*, with what is chosen now."""
    label = words("stories.preview.quote_yes" if quote else "stories.preview.quote_no")
    return screen.button(label, custom_id)

"""What moderators see: which story is meant, what an act does, why it is done, and how to undo it."""

from __future__ import annotations

from datetime import datetime

from discord.ui import LayoutView

from bot import screen
from bot.content.dates import local_moment
from bot.content.words import Words
from bot.rules.mutes import MuteEnd
from bot.rules.text import escape, shorten
from bot.services.acts import Why
from bot.services.edited import What
from bot.services.moderation import ModeratedStory
from bot.services.removing import Removable
from cogs.custom_ids import (
    MODERATE_BACK,
    MODERATE_KEEP,
    MODERATE_LOCK,
    MODERATE_LOCK_WHY,
    MODERATE_MUTE_2,
    MODERATE_MUTE_WHY,
    MODERATE_NOTE,
    MODERATE_NOTE_WHY,
    MODERATE_REMOVE_2,
    MODERATE_REMOVE_WHY,
)

FIRST_WORDS = 200
NONE = "none"


def which_story(words: Words, story: ModeratedStory) -> screen.Part:
    """The first words of a story, so that nobody takes the wrong one."""
    if story.removed:
        return screen.box(screen.text(words("moderation.story.removed")))
    if not story.slip:
        return screen.box(screen.text(words("moderation.story.waiting")))
    return _beginning(story.slip, spoiler=story.content_note is not None)


def _beginning(text: str, *, spoiler: bool) -> screen.Part:
    first = shorten(escape(" ".join(text.split())), FIRST_WORDS)
    return screen.box(screen.text(first), spoiler=spoiler)


def why_choice(words: Words, custom_id: str, why: Why) -> screen.Part:
    """Why it is done; one is chosen already."""
    options = [(one.value, _as_a_label(words(f"log.why.{one}"))) for one in Why]
    return screen.choice(custom_id, options, chosen=why, placeholder=words("moderation.why"))


def _as_a_label(text: str) -> str:
    return text[:1].upper() + text[1:]


def remove_view(words: Words, thing: Removable, why: Why = Why.CARE) -> LayoutView:
    """Before something is removed; of what was removed already, whether it can be brought back."""
    if thing.removed:
        return removed_view(words, thing)
    key = "story" if thing.what is What.STORY else "below"
    return screen.screen(
        screen.text(words(f"moderation.remove.ask.{thing.what}", number=thing.number)),
        _beginning(thing.text, spoiler=thing.content_note)
        if thing.text
        else screen.box(screen.text(words("moderation.story.waiting"))),
        screen.text(words(f"moderation.remove.what_goes.{key}")),
        screen.small(words("moderation.why_note")),
        why_choice(words, MODERATE_REMOVE_WHY(thing.what, thing.id), why),
        screen.row(
            screen.grave_button(words("moderation.remove_it"), MODERATE_REMOVE_2(thing.what, thing.id, why)),
            screen.button(words("moderation.keep_it"), MODERATE_KEEP()),
        ),
    )


def removed_view(words: Words, thing: Removable, *, now: bool = False) -> LayoutView:
    """After something was removed, ``now`` or earlier: until when it can be brought back."""
    if thing.until is None:
        key = "at_once" if now else "for_good"
        return screen.screen(screen.text(words(f"moderation.removed.{key}")))
    what = "story" if thing.what is What.STORY else "below"
    head = words(f"moderation.removed.{what}", number=thing.number)
    return screen.screen(
        screen.text(f"{head} {words('moderation.removed.until', when=shown_time(thing.until))}"),
        screen.row(screen.button(words("moderation.bring_it_back"), MODERATE_BACK(thing.what, thing.id))),
    )


def shown_time(moment: datetime) -> str:
    """An aware moment as Discord shows it to each person in their own time, and how long it is until then."""
    seconds = int(moment.timestamp())
    return f"<t:{seconds}:t> (<t:{seconds}:R>)"


def lock_view(words: Words, story: ModeratedStory, why: Why = Why.CARE) -> LayoutView:
    """Before a thread is closed for replies."""
    return screen.screen(
        screen.text(words("moderation.lock.ask", number=story.number)),
        which_story(words, story),
        screen.small(words("moderation.why_note")),
        why_choice(words, MODERATE_LOCK_WHY(story.id), why),
        screen.row(
            screen.main_button(words("moderation.lock_it"), MODERATE_LOCK(story.id, why)),
            screen.button(words("moderation.keep_it"), MODERATE_KEEP()),
        ),
    )


def note_view(
    words: Words, story: ModeratedStory, why: Why = Why.CARE, head: str | None = None
) -> LayoutView:
    """Which content note stands before a story; choosing another one is at once. ``head`` says what has just
    happened."""
    tellers = escape(story.tellers_note) if story.tellers_note else words("moderation.note.none")
    options = [(NONE, words("moderation.note.no_note")), *((n, n) for n in words.several("stories.notes"))]
    return screen.screen(
        screen.text(head) if head else None,
        screen.text(words("moderation.note.ask", number=story.number)),
        which_story(words, story),
        screen.text(words("moderation.note.tellers", note=tellers)),
        screen.small(f"{words('moderation.note.what')}\n{words('moderation.why_note')}"),
        why_choice(words, MODERATE_NOTE_WHY(story.id), why),
        screen.choice(
            MODERATE_NOTE(story.id, why),
            options,
            chosen=story.moderators_note or NONE,
            placeholder=words("moderation.note.choose"),
        ),
        screen.row(screen.button(words("moderation.keep_it"), MODERATE_KEEP())) if head is None else None,
    )


def mute_view(words: Words, story: ModeratedStory, end: MuteEnd, why: Why = Why.CARE) -> LayoutView:
    """Before somebody is muted."""
    when, seconds = local_moment(words, end.until, story.circle.zone), int(end.until.timestamp())
    return screen.screen(
        screen.text(words("moderation.mute.ask", number=story.number)),
        which_story(words, story),
        screen.text(words("moderation.mute.until", when=when)),
        screen.text(words("moderation.mute.shortened")) if end.shortened else None,
        screen.small(words("moderation.mute.limits")),
        why_choice(words, MODERATE_MUTE_WHY(story.id, seconds), why),
        screen.row(
            screen.grave_button(words("moderation.mute_it"), MODERATE_MUTE_2(story.id, seconds, why)),
            screen.button(words("moderation.keep_it"), MODERATE_KEEP()),
        ),
    )

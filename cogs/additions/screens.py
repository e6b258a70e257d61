"""What is seen of an addition: form, private preview, and the message in the thread."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import discord
from discord import ui
from discord.ui import LayoutView

from bot import screen
from bot.content.words import Words
from bot.rules.text import behind_spoiler, escape, without_blank_lines
from bot.services.additions import LIMITS, Added, Kind, OpenAddition, StoryRef
from bot.services.telling import REPLY_WAIT
from bot.services.thread_posts import ThreadPost
from cogs.custom_ids import ADDITION_DISCARD, ADDITION_EDIT, ADDITION_POST, REPLY_WITHDRAW
from cogs.own_words import code_button, code_shown, head_of_preview, nudge_button, when_it_appears

TEXT = "text"
REPLY_WAIT_MINUTES = REPLY_WAIT // timedelta(minutes=1)


def addition_form(words: Words, kind: Kind, story: StoryRef, custom_id: str, text: str = "") -> ui.Modal:
    """The form for a reply or an update. A replier sees what the teller asked for."""
    title = words(f"additions.form.title_{kind}", number=story.number or "")
    form = ui.Modal(title=title[:45], custom_id=custom_id, timeout=None)
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id=TEXT,
        style=discord.TextStyle.paragraph,
        max_length=LIMITS[kind],
        required=True,
        default=text or None,
    )
    about = words(f"additions.asks.{story.ask}" if kind is Kind.REPLY else f"additions.form.about_{kind}")
    form.add_item(ui.Label(text=words(f"additions.form.label_{kind}"), description=about, component=field))
    return form


def addition_view(
    words: Words, kind: Kind, text: str, speaker: str | None, *, content_note: bool
) -> LayoutView:
    """The message in the thread: an update, or a reply under its pen name or the teller's badge.

    An update tells on what the story told, so it stands behind the story's ``content_note`` too.
    """
    shown = escape(text)
    if kind is Kind.UPDATE:
        heading = words("additions.post.update")
        shown = behind_spoiler(without_blank_lines(shown)) if content_note else shown
    elif speaker is None:
        heading = words("additions.post.teller")
    else:
        heading = words("additions.post.reply", name=speaker)
    return screen.screen(screen.box(screen.text(heading), screen.text(shown)))


def thread_view(words: Words, kind: Kind, post: ThreadPost) -> LayoutView:
    """The same, from what is delivered."""
    return addition_view(words, kind, post.text, post.pen_name, content_note=post.content_note)


def preview(words: Words, found: OpenAddition) -> LayoutView:
    """The private preview: *Post*, *Edit*, *Discard*."""
    addition, key = found.addition, (found.receipt, found.addition.revision)
    speaker = words("additions.preview.pen_name") if addition.kind is Kind.REPLY else None
    noted = found.story.content_note
    as_seen = addition_view(words, addition.kind, addition.text, speaker, content_note=noted)
    return screen.screen(
        head_of_preview(words, older=found.older),
        *as_seen.children,
        screen.small(_promise(words, found)),
        screen.row(
            screen.main_button(words("stories.preview.post"), ADDITION_POST(*key)),
            screen.button(words("stories.preview.edit"), ADDITION_EDIT(*key)),
            screen.button(words("stories.preview.discard"), ADDITION_DISCARD(found.receipt)),
        ),
    )


def _promise(words: Words, found: OpenAddition) -> str:
    story, kind = found.story, found.addition.kind
    longest = story.circle.plan.delay_minutes
    if kind is not Kind.UPDATE:
        when = when_it_appears(words, min(longest, REPLY_WAIT_MINUTES))
        return words(f"additions.preview.{kind}", when=when)
    if story.named:
        return words("additions.preview.update_named", when=when_it_appears(words, 0))
    return words("additions.preview.update", when=when_it_appears(words, longest))


def after_posting(words: Words, added: Added) -> LayoutView:
    """In place of the preview; a reply's writer gets a code for it."""
    if added.kind is Kind.UPDATE:
        return screen.screen(screen.text(words("additions.told.update")), screen.row(nudge_button(words)))
    as_whom = (
        words("additions.told.as_teller")
        if added.pen_name is None
        else words("additions.told.as_pen_name", name=added.pen_name)
    )
    return screen.screen(
        screen.text(as_whom),
        *code_shown(words, added.receipt, words("additions.told.copy")),
        screen.row(
            code_button(words, added.receipt),
            screen.button(words("stories.told.take_back"), REPLY_WITHDRAW(added.receipt)),
            nudge_button(words),
        ),
    )

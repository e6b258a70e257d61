"""What is seen of an addition: form, private preview, and the message in the thread."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui
from discord.ui import LayoutView

from bot import screen
from bot.content.words import Words
from bot.rules.promises import Promise
from bot.rules.text import behind_spoiler, escape, shorten, without_blank_lines
from bot.services.additions import LIMITS, WAITS, Added, Kind, OpenAddition, StoryRef
from bot.services.edited import What
from bot.services.thread_posts import ThreadPost
from cogs.custom_ids import (
    ADDED_MINE,
    ADDED_WITHDRAW,
    ADDITION_CHANGE,
    ADDITION_DISCARD,
    ADDITION_EDIT,
    ADDITION_POST,
    REPLY_WITHDRAW,
)
from cogs.own_words import (
    BY_ACCOUNT,
    code_button,
    code_shown,
    head_of_preview,
    nudge_button,
    what_that_means,
    when_it_appears,
)

TEXT = "text"


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
    waits = promised(kind, story)
    when = when_it_appears(words, waits) if waits else words("stories.when.at_once")
    form.add_item(ui.TextDisplay(words("additions.form.then", when=when)))
    return form


def addition_view(
    words: Words,
    kind: Kind,
    text: str,
    speaker: str | None,
    *,
    content_note: bool,
    teller_name: str | None = None,
) -> LayoutView:
    """The message in the thread: an update, or a reply under its pen name or the teller's badge.

    ``teller_name`` is that of a story that bears one.

    An update tells on what the story told, so it stands behind the story's ``content_note`` too.
    """
    shown = escape(text)
    teller = escape(shorten(teller_name, 60)) if teller_name else None
    if kind is Kind.UPDATE:
        by = words("additions.post.update_by", name=teller) if teller else None
        heading = by or words("additions.post.update")
        shown = behind_spoiler(without_blank_lines(shown)) if content_note else shown
    elif speaker is None:
        by = words("additions.post.teller_by", name=teller) if teller else None
        heading = by or words("additions.post.teller")
    else:
        heading = words("additions.post.reply", name=speaker)
    return screen.screen(screen.box(screen.text(heading), screen.text(shown)))


def thread_view(words: Words, kind: Kind, post: ThreadPost) -> LayoutView:
    """The same, from what is delivered, with the way back for whoever wrote it."""
    if post.hidden:
        return screen.screen(screen.small(words("moderation.taken_away.below")))
    noted, teller = post.content_note, post.teller_name
    view = addition_view(words, kind, post.text, post.pen_name, content_note=noted, teller_name=teller)
    what = "update" if kind is Kind.UPDATE else "reply"
    mine = screen.button(words("additions.post.mine"), ADDED_MINE(what, post.id))
    return screen.screen(*view.children, screen.row(mine))


def promised(kind: Kind, story: StoryRef) -> Promise | None:
    """What is offered for it just now; None for an update with the teller's name, which waits for nothing."""
    return None if kind is Kind.UPDATE and story.named else story.circle.offers(WAITS[kind])


def preview(words: Words, found: OpenAddition, window_days: int) -> LayoutView:
    """The private preview: *Post*, *Edit*, *Discard*."""
    addition, key = found.addition, (found.receipt, found.addition.revision)
    speaker = words("additions.preview.pen_name") if addition.kind is Kind.REPLY else None
    noted = found.story.content_note
    teller = found.story.teller_name
    as_seen = addition_view(
        words, addition.kind, addition.text, speaker, content_note=noted, teller_name=teller
    )
    return screen.screen(
        head_of_preview(words, older=found.older, other_promise=found.other_promise),
        *as_seen.children,
        screen.small(_promise(words, found, window_days)),
        screen.row(
            screen.main_button(words("stories.preview.post"), ADDITION_POST(*key)),
            screen.button(words("stories.preview.edit"), ADDITION_EDIT(*key)),
            screen.button(words("stories.preview.discard"), ADDITION_DISCARD(found.receipt)),
        ),
    )


def _promise(words: Words, found: OpenAddition, window_days: int) -> str:
    story, addition = found.story, found.addition
    offers = promised(addition.kind, story)
    if offers is None:
        return words("additions.preview.update_named")
    promise = addition.promise or offers
    seen = (
        words("stories.preview.seen", days=window_days)
        if addition.kind is Kind.REPLY
        else words("additions.preview.seen")
    )
    return "\n".join(
        (
            words(f"additions.preview.{addition.kind}", when=when_it_appears(words, promise)),
            seen,
            what_that_means(words, promise, thin=addition.thin),
        )
    )


def after_posting(words: Words, added: Added) -> LayoutView:
    """In place of the preview; a reply's writer gets a code for it."""
    if added.kind is Kind.UPDATE:
        return _after_update(words, added)
    as_whom = (
        words("additions.told.as_teller")
        if added.pen_name is None
        else words("additions.told.as_pen_name", name=added.pen_name)
    )
    return screen.screen(
        screen.text(as_whom),
        *code_shown(words, added.receipt, words("additions.told.copy")),
        screen.small(words("additions.told.answering")),
        screen.row(
            screen.button(words("editing.button.edit"), ADDITION_CHANGE(What.REPLY, added.id, added.receipt)),
            code_button(words, added.receipt),
            screen.button(words("stories.told.take_back"), REPLY_WITHDRAW(added.receipt)),
            nudge_button(words),
        ),
    )


def _after_update(words: Words, added: Added) -> LayoutView:
    thanks = screen.text(words("additions.told.update"))
    proof = BY_ACCOUNT if added.story.named else added.receipt
    take_back = screen.button(words("stories.told.take_back"), ADDED_WITHDRAW("update", added.id, proof))
    edit = screen.button(words("editing.button.edit"), ADDITION_CHANGE(What.UPDATE, added.id, proof))
    if added.story.named:
        return screen.screen(thanks, screen.row(edit, take_back, nudge_button(words)))
    return screen.screen(
        thanks,
        *code_shown(words, added.receipt, words("additions.told.copy_update")),
        screen.small(words("additions.told.answering")),
        screen.row(edit, code_button(words, added.receipt), take_back, nudge_button(words)),
    )

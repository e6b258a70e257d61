"""What is seen of an addition: form, private preview, and the message in the thread."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui
from discord.ui import LayoutView

from bot import screen
from bot.content.words import Words
from bot.rules.receipts import shown
from bot.rules.text import escape
from bot.services.additions import LIMITS, Added, Kind, OpenAddition, StoryRef
from bot.services.thread_posts import ThreadPost
from cogs.custom_ids import (
    ADDITION_BACK,
    ADDITION_DISCARD,
    ADDITION_DISCARD_SURE,
    ADDITION_EDIT,
    ADDITION_POST,
    CODE_TO_DM,
    KEEP,
    REPLY_WITHDRAW,
    REPLY_WITHDRAW_SURE,
)

TEXT = "text"
REPLY_WAIT_MINUTES = 3


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
    about = (
        words("additions.form.about_update") if kind is Kind.UPDATE else words(f"additions.asks.{story.ask}")
    )
    form.add_item(ui.Label(text=words(f"additions.form.label_{kind}"), description=about, component=field))
    return form


def addition_view(words: Words, kind: Kind, text: str, speaker: str | None) -> LayoutView:
    """The message in the thread: an update, or a reply under its pen name or the teller's badge."""
    if kind is Kind.UPDATE:
        heading = words("additions.post.update")
    elif speaker is None:
        heading = words("additions.post.teller")
    else:
        heading = words("additions.post.reply", name=speaker)
    return screen.screen(screen.box(screen.text(heading), screen.text(escape(text))))


def thread_view(words: Words, kind: Kind, post: ThreadPost) -> LayoutView:
    """The same, from what is delivered."""
    return addition_view(words, kind, post.text, post.pen_name)


def preview(words: Words, found: OpenAddition) -> LayoutView:
    """The private preview: *Post*, *Edit*, *Discard*."""
    addition, key = found.addition, (found.receipt, found.addition.revision)
    head = words("stories.preview.older" if found.older else "stories.preview.private")
    as_seen = addition_view(words, addition.kind, addition.text, words("additions.preview.pen_name"))
    return screen.screen(
        screen.text(head),
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
    if kind is Kind.UPDATE:
        when = wait_text(words, 0 if story.named else story.circle.plan.delay_minutes)
        return words(
            "additions.preview.update_named" if story.named else "additions.preview.update", when=when
        )
    when = wait_text(words, min(story.circle.plan.delay_minutes, REPLY_WAIT_MINUTES))
    return words("additions.preview.reply", when=when)


def wait_text(words: Words, minutes: int) -> str:
    """When something appears: at once, or within some minutes or hours."""
    if minutes == 0:
        return words("stories.preview.at_once")
    if minutes < 120:
        return words("stories.preview.within", time=words("stories.minutes", count=minutes))
    return words("stories.preview.within", time=words("stories.hours", count=minutes // 60))


def after_posting(words: Words, added: Added) -> LayoutView:
    """In place of the preview; a reply's writer gets a code for it."""
    if added.kind is Kind.UPDATE:
        return screen.screen(screen.text(words("additions.told.update")))
    as_whom = (
        words("additions.told.as_teller")
        if added.pen_name is None
        else words("additions.told.as_pen_name", name=added.pen_name)
    )
    return screen.screen(
        screen.text(as_whom),
        screen.text(words("stories.told.receipt", receipt=shown(added.receipt))),
        screen.small(words("additions.told.copy")),
        screen.row(
            screen.button(words("stories.told.code_to_dm"), CODE_TO_DM(added.receipt)),
            screen.button(words("stories.told.take_back"), REPLY_WITHDRAW(added.receipt)),
        ),
    )


def discard_question(words: Words, receipt: str) -> LayoutView:
    """One question before words go."""
    return screen.screen(
        screen.text(words("stories.discard.question")),
        screen.row(
            screen.grave_button(words("stories.discard.yes"), ADDITION_DISCARD_SURE(receipt)),
            screen.button(words("stories.discard.no"), ADDITION_BACK(receipt)),
        ),
    )


def withdraw_question(words: Words, receipt: str) -> LayoutView:
    """One question before a reply goes."""
    return screen.screen(
        screen.text(words("additions.withdraw.question")),
        screen.row(
            screen.grave_button(words("stories.withdraw.yes"), REPLY_WITHDRAW_SURE(receipt)),
            screen.button(words("stories.withdraw.no"), KEEP()),
        ),
    )

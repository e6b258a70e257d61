"""What is seen of private notes in more than one place: the form, and the sender's panel."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui
from discord.ui import LayoutView

from bot import screen
from bot.content.words import Words
from bot.rules.promises import Waits
from bot.rules.stories import NOTE_LIMIT
from bot.rules.text import escape
from bot.services.circles import CircleInfo
from bot.services.note_drafts import NoteDraft, NoteStory
from bot.services.owned import OwnNote
from cogs.custom_ids import NOTE_WITHDRAW, NOTE_WRITE
from cogs.own_words import when_it_appears

TEXT = "text"


def arrives(words: Words, circle: CircleInfo) -> str:
    """When a note or an answer arrives, in the middle of a sentence."""
    return when_it_appears(words, circle.offers(Waits.REPLY))


def note_form(words: Words, draft: NoteDraft, story: NoteStory, custom_id: str) -> ui.Modal:
    """The form for a note or an answer, empty or with what was written before."""
    if draft.answers is None:
        title = words(f"notes.form.title_{draft.sender}", number=story.number or "")
        label, about = words("notes.form.label_note"), words(f"notes.form.about_{draft.sender}")
    else:
        title, label = words("notes.form.title_answer"), words("notes.form.label_answer")
        about = words(f"notes.form.about_answer_{draft.sender}")
    form = ui.Modal(title=title[:45], custom_id=custom_id, timeout=None)
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id=TEXT,
        style=discord.TextStyle.paragraph,
        max_length=NOTE_LIMIT,
        required=True,
        default=draft.text or None,
    )
    form.add_item(ui.Label(text=label, description=about, component=field))
    form.add_item(ui.TextDisplay(words("notes.form.then", when=arrives(words, story.circle))))
    return form


def note_panel(words: Words, note: OwnNote, proof: str) -> LayoutView:
    """A note as its sender sees it: how it stands, the answer, and the way back. ``proof`` is its receipt, or
    what stands for being recognised."""
    if note.answer is not None:
        state = words("notes.panel.answered")
    else:
        state = words("notes.panel.waiting" if note.on_its_way else "notes.panel.open")
    again = screen.main_button(words("notes.panel.again"), NOTE_WRITE(note.story_id))
    return screen.screen(
        screen.text(words("notes.panel.title", number=note.story_number or "")),
        screen.box(screen.text(escape(note.text))),
        screen.text(state),
        screen.box(screen.text(escape(note.answer))) if note.answer is not None else None,
        screen.small(words("notes.to_sender")),
        screen.row(
            again if note.answer is not None else None,
            screen.button(words("notes.panel.withdraw"), NOTE_WITHDRAW(note.id, proof)),
        ),
    )

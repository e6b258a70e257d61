"""What is seen of private notes: the preview, what stands there after sending, and the teller's pages."""

from __future__ import annotations

from discord.ui import LayoutView

from bot import screen
from bot.content.words import Words
from bot.rules.text import escape, shorten
from bot.services.note_drafts import OpenNote, Sender, SentNote
from bot.services.note_pages import ShownNote, TellersPage
from cogs.custom_ids import (
    MODERATE_NOTES,
    NOTE_ANSWER,
    NOTE_DISCARD,
    NOTE_EDIT,
    NOTE_PANEL,
    NOTE_SEND,
    NOTE_WITHDRAW,
    NOTES_CLOSE,
    NOTES_READ,
    NOTES_REOPEN,
    STORY_PANEL,
)
from cogs.note_screens import arrives
from cogs.own_words import BY_ACCOUNT, code_button, code_shown

FIRST_WORDS = 200
"""So much of a note is shown above its answer's preview."""


def preview(words: Words, found: OpenNote, window_days: int) -> LayoutView:
    """The private preview of a note or an answer: *Send*, *Edit*, *Discard*."""
    draft, key = found.draft, (found.receipt, found.draft.revision)
    answering = draft.answers is not None
    first = shorten(escape(" ".join(found.note.split())), FIRST_WORDS)
    return screen.screen(
        screen.text(words("notes.preview.older" if found.older else "notes.preview.private")),
        screen.small(words("notes.preview.answering", note=first)) if answering else None,
        screen.box(screen.text(escape(draft.text))),
        screen.small(_promise(words, found, window_days)),
        screen.small(words("notes.to_teller" if answering else "notes.to_sender")),
        screen.row(
            screen.main_button(words("notes.preview.send"), NOTE_SEND(*key)),
            screen.button(words("stories.preview.edit"), NOTE_EDIT(*key)),
            screen.button(words("stories.preview.discard"), NOTE_DISCARD(found.receipt)),
        ),
    )


def _promise(words: Words, found: OpenNote, window_days: int) -> str:
    """When it arrives, who reads it, and what that means for being without a name."""
    draft, when = found.draft, arrives(words, found.story.circle)
    if draft.answers is not None:
        return words(f"notes.preview.answer_{draft.sender}", when=when)
    lines = [words(f"notes.preview.{draft.sender}", when=when, number=found.story.number or "")]
    if draft.sender is Sender.PEER:
        lines.append(words("stories.preview.seen", days=window_days))
    if draft.thin:
        lines.append(words("stories.preview.small_circle"))
    return "\n".join(lines)


def after_sending(words: Words, sent: SentNote) -> LayoutView:
    """In place of the preview. A peer gets the code of their note; moderators have their list."""
    when = arrives(words, sent.story.circle)
    if sent.draft.answers is not None:
        back = NOTES_READ(sent.story.id, sent.draft.proof or BY_ACCOUNT, 0)
        return screen.screen(
            screen.text(words("notes.sent.answer", when=when)),
            screen.row(screen.button(words("notes.sent.notes"), back)),
        )
    if sent.draft.sender is Sender.MODERATORS:
        notes = MODERATE_NOTES(sent.story.circle.id, 0)
        return screen.screen(
            screen.text(words("notes.sent.moderators", when=when)),
            screen.small(words("notes.to_sender")),
            screen.row(screen.button(words("notes.sent.notes"), notes)),
        )
    return screen.screen(
        screen.text(words("notes.sent.peer", when=when)),
        screen.small(words("notes.to_sender")),
        *code_shown(words, sent.receipt, words("notes.sent.copy")),
        screen.row(
            screen.button(words("notes.sent.mine"), NOTE_PANEL(sent.id, sent.receipt)),
            code_button(words, sent.receipt),
            screen.button(words("stories.told.take_back"), NOTE_WITHDRAW(sent.id, sent.receipt)),
        ),
    )


def tellers_page(words: Words, page: TellersPage, proof: str, head: str | None = None) -> LayoutView:
    """A note to one's own story, and what can be done about it; ``head`` says what has just happened."""
    title = (
        words("notes.teller.title", number=page.number)
        if page.number
        else words("notes.teller.title_unnumbered")
    )
    key = (page.story_id, proof)
    return screen.screen(
        screen.text(head) if head else None,
        screen.text(title),
        *(_note(words, page, page.note) if page.note else (screen.text(words("notes.teller.none")),)),
        screen.small("\n".join(_how_it_stands(words, page))),
        _turn(words, page, proof),
        screen.row(
            screen.button(words("notes.teller.reopen"), NOTES_REOPEN(*key))
            if page.closed
            else screen.button(words("notes.teller.close"), NOTES_CLOSE(*key)),
            screen.button(words("notes.teller.panel"), STORY_PANEL(*key)),
        ),
    )


def _note(words: Words, page: TellersPage, note: ShownNote) -> list[screen.Part]:
    place = words("notes.teller.place", place=page.page + 1, count=page.pages)
    parts: list[screen.Part] = [
        screen.text(words(f"notes.teller.{note.sender}", place=place)),
        screen.box(screen.text(escape(note.text))),
    ]
    if note.answer is not None:
        parts += [screen.text(words("notes.teller.yours")), screen.box(screen.text(escape(note.answer)))]
    return parts


def _how_it_stands(words: Words, page: TellersPage) -> list[str]:
    lines = [words("notes.to_teller")]
    if page.note is not None:
        peer = page.note.sender is Sender.PEER
        lines.append(words("notes.teller.only_you" if peer else "notes.teller.all_moderators"))
    if page.closed:
        lines.append(words("notes.teller.is_closed"))
    if page.named:
        lines.append(words("notes.teller.is_named"))
    return lines


def _turn(words: Words, page: TellersPage, proof: str) -> screen.Part | None:
    """*Answer*, and the ways to the notes around this one."""
    buttons: list[screen.Part] = []
    if page.note is not None and page.note.answer is None:
        buttons.append(screen.main_button(words("notes.teller.answer"), NOTE_ANSWER(page.note.id, proof)))
    if page.page:
        before = NOTES_READ(page.story_id, proof, page.page - 1)
        buttons.append(screen.button(words("common.page_before"), before))
    if page.page + 1 < page.pages:
        after = NOTES_READ(page.story_id, proof, page.page + 1)
        buttons.append(screen.button(words("common.page_after"), after))
    return screen.row(*buttons) if buttons else None

"""Private notes and answers on their way, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.errors import Gone
from bot.services.circles import CircleInfo
from db import notes


class Sender(StrEnum):
    """From whom a note is, as far as its reader learns."""

    PEER = notes.PEER
    MODERATORS = notes.MODERATORS


@dataclass(frozen=True, slots=True, repr=False)
class NoteDraft:
    """A note, or the answer to one, on its way."""

    story_id: int
    sender: Sender
    """Of the note; an answer goes to them."""
    text: str
    answers: int | None = None
    """The note that this answers; None: this is a note."""
    proof: str | None = None
    """Of an answer: the story's receipt; None where its teller is recognised otherwise."""
    thin: bool = False
    """Its preview says that being without a name is thin in a small circle."""
    revision: int = 1
    sent: bool = False
    """It was an answer and is sent: nothing of it is left here, but that pressing again is no mistake."""


@dataclass(frozen=True, slots=True, repr=False)
class NoteStory:
    """The story whose teller is written to, as far as the writer needs to see it."""

    id: int
    number: int | None
    circle: CircleInfo


@dataclass(frozen=True, slots=True, repr=False)
class OpenNote:
    """A note or an answer with its receipt, for its preview."""

    receipt: str
    draft: NoteDraft
    story: NoteStory
    note: str = ""
    """Of an answer: the note that it answers."""
    older: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class SentNote:
    """A note or an answer was accepted."""

    id: int
    """The note's."""
    receipt: str
    draft: NoteDraft
    story: NoteStory
    again: bool = False
    """It had been accepted before."""


def read_draft(payload: Mapping[str, Any]) -> NoteDraft:
    """A note's draft from what was sealed; what was sealed for something else is none. Raises Gone."""
    if "sender" not in payload or "answers" not in payload:
        raise Gone("refusals.draft_gone")
    values = dict(payload)
    values["sender"] = Sender(values["sender"])
    return NoteDraft(**values)

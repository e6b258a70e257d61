"""What a person sees after they pressed something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.wire import shown
from tests.wire.desk import (
    CHOICES,
    DEFERRED,
    DEFERRED_UPDATE,
    MESSAGE,
    MODAL,
    UPDATE,
    Used,
)
from tests.wire.things import Message

KINDS = {
    None: "nothing",
    MESSAGE: "message",
    DEFERRED: "deferred",
    DEFERRED_UPDATE: "deferred-update",
    UPDATE: "update",
    CHOICES: "choices",
    MODAL: "modal",
}


class NoAnswer(Exception):
    """Discord tells that the application did not respond: not within three seconds, or never after it was
    acknowledged. ``reply`` is what there is of it, and shows what comes too late for a person to see."""

    def __init__(self, reply: Reply, about: str) -> None:
        super().__init__(f"{about}: {dict(reply.used.data)}")
        self.reply = reply


class Reply:
    """All that was answered to one interaction; it goes on showing what comes later."""

    def __init__(self, used: Used) -> None:
        self.used = used

    async def acknowledged(self, seconds: float) -> None:
        """Wait for the first answer. Raises NoAnswer."""
        if not await self.used.until(lambda: self.used.answer is not None, seconds):
            raise NoAnswer(self, f"no answer within {seconds:g} s")

    async def settled(self, seconds: float) -> None:
        """Wait until more than an acknowledgement was answered. Raises NoAnswer."""
        if not await self.used.until(lambda: self.used.done, seconds):
            raise NoAnswer(self, f"acknowledged, and nothing for {seconds} s")

    @property
    def kind(self) -> str:
        """The kind of the first answer: message, deferred, deferred-update, update, modal or choices."""
        return KINDS[self.used.answer]

    @property
    def acknowledged_after(self) -> float:
        """Seconds from the press to the first answer."""
        assert self.used.acknowledged_after is not None
        return self.used.acknowledged_after

    @property
    def message(self) -> Message:
        """The message that was answered with, or replaced; the first follow-up where there is none."""
        found = self.used.original or next(iter(self.used.followups), None)
        if found is None:
            raise LookupError(f"there is no message in {self.kind!r}")
        return found

    @property
    def followups(self) -> Sequence[Message]:
        """Further messages."""
        return self.used.followups

    @property
    def form(self) -> Mapping[str, Any]:
        """The form that was opened."""
        if self.used.form is None:
            raise LookupError(f"no form was opened, but {self.kind!r}: {self.text()}")
        return self.used.form

    @property
    def choices(self) -> Sequence[Mapping[str, Any]]:
        """What autocomplete offered."""
        return self.used.choices

    @property
    def components(self) -> Sequence[Mapping[str, Any]]:
        """The components of the message or form."""
        if self.used.form is not None:
            return self.used.form["components"]
        return self.message.components

    @property
    def private(self) -> bool:
        """Whether nobody else sees the message."""
        return self.message.private

    def text(self) -> str:
        """All that is read: the answer and what came beside it, or the form."""
        if self.used.form is not None:
            return "\n".join([self.used.form["title"], shown.text_of(self.used.form["components"])])
        first = [self.used.original] if self.used.original is not None else []
        return "\n".join(message.text() for message in [*first, *self.used.followups])

    def custom_ids(self) -> list[str]:
        """The custom_ids of what is seen."""
        return shown.custom_ids(self.components)

    def custom_id(self, beginning: str) -> str:
        """The only one that begins like this."""
        (only,) = {one for one in self.custom_ids() if one.startswith(beginning)}
        return only

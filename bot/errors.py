"""Refusals: what we explain to a person instead of failing.

A refusal carries the key of a text in ``bot/content`` and the values for it. It never carries
anything that a person typed: their words travel back to them beside the refusal.
"""

from __future__ import annotations


class Refusal(Exception):
    """Something that can't be done as asked, and the text that says what to do instead.

    ``key`` names a text (``"refusals.story_gone"``), ``values`` fill its placeholders.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class NotAllowed(Refusal):
    """The person lacks the right; the text says who has it."""


class Gone(Refusal):
    """What was pressed or named is no longer there."""


class OutOfStep(Refusal):
    """An older screen was used: something newer has taken its place."""

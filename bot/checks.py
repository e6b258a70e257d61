"""Looking at what somebody wrote before they post it: what identifies somebody, what sounds like danger or
like advice. What is noticed is for the writer alone: it goes into their sealed draft and nowhere else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from bot.content.lexicon import load_lexicon
from bot.content.signals import advice_words, danger_words
from bot.interactions import Interaction
from bot.lately import Lately
from bot.rules.advice import gives_advice
from bot.rules.checked import NOTHING, Checked, Mark, as_one, digest, marks_in
from bot.rules.danger import DangerKind, sounds_like_danger
from bot.rules.details import CircleWords, find_identifying_details
from bot.services.circle_words import CircleLists
from bot.services.circles import CircleInfo

_LEAST = 4
"""Words of a reply below which it says too little to be taken for advice."""


@dataclass(frozen=True, slots=True, repr=False)
class Noticed:
    """What goes into the draft, and whether its writer sees first where they can turn to."""

    checked: Checked
    danger: DangerKind | None = None


@dataclass(frozen=True, slots=True, repr=False)
class OpenWords:
    """A draft as far as the checks know it: its words by part, in the order in which they are read."""

    circle: CircleInfo
    parts: Mapping[str, str]
    limits: Mapping[str, int]
    """Characters that each part may have."""
    checked: Checked
    revision: int


class CheckedForm(Protocol):
    """What a form that is checked hands over: how its drafts are opened, changed, shown and discarded."""

    def holds(self, payload: Mapping[str, object]) -> bool:
        """Whether an opened draft is one of this form's."""
        ...

    async def opened(self, receipt: str) -> OpenWords:
        """The draft. Raises Gone."""
        ...

    async def change(
        self,
        interaction: Interaction,
        receipt: str,
        revision: int,
        checked: Checked,
        parts: Mapping[str, str] | None = None,
    ) -> None:
        """Take over what was decided, and words if there are other ones, and show the preview; where the
        draft is newer than ``revision``, only show it. Raises Gone."""
        ...

    async def show(self, interaction: Interaction, receipt: str) -> None:
        """The preview, in place. Raises Gone."""
        ...

    def discard_id(self, receipt: str) -> str:
        """The custom_id of its *Discard*."""
        ...


class Checks:
    """Looks at words. Its lists are made ready once, by ``load``."""

    def __init__(self, lists: CircleLists, lately: Lately) -> None:
        self._lists = lists
        self._lately = lately

    async def load(self) -> None:
        """Read all lists (about a second) before anybody waits for them."""
        for load in (load_lexicon, danger_words, advice_words):
            await asyncio.to_thread(load)

    async def look(
        self,
        circle: CircleInfo,
        parts: Mapping[str, str],
        before: Checked = NOTHING,
        *,
        listens: bool = False,
        ours: bool = False,
    ) -> Noticed:
        """Look at words that were submitted. ``before``: what was decided about the draft's earlier words.

        ``listens``: they go to somebody who asked for listening alone. ``ours``: only general words of ours
        were put in. The same words are never asked about twice.
        """
        words = digest(parts)
        if words == before.words:
            return Noticed(before)
        extra = await self._lists.of(circle.id, self._lately.names(circle.channel_id))
        # In a thread, because long words take 30 ms: there other presses go on in between, in turns of 5 ms.
        reply = listens and not before.advised
        marks, danger, advises = await asyncio.to_thread(_look, parts, extra, typed=not ours, reply=reply)
        warned = before.warned
        if danger is not None and words in warned:
            danger = None
        if danger is not None or (ours and before.words in warned):
            warned = (*warned, words)[-20:]
        checked = replace(
            before,
            marks=marks,
            words=words,
            warned=warned,
            asked=False,
            advises=before.advises if ours else advises,
            advised=before.advised or advises,
        )
        return Noticed(checked, danger)


def _look(
    parts: Mapping[str, str], extra: CircleWords, *, typed: bool, reply: bool
) -> tuple[tuple[Mark, ...], DangerKind | None, bool]:
    """All that is noticed. Only what somebody ``typed`` can sound like something."""
    text = as_one(parts)
    marks = marks_in(parts, find_identifying_details(text, extra=extra))
    danger = sounds_like_danger("\n\n".join(parts.values()), danger_words()) if typed else None
    advises = typed and reply and len(text.split()) >= _LEAST and gives_advice(text, advice_words())
    return marks, danger.kind if danger else None, advises

"""How something of one's own stands with the moderators, for its writer alone."""

from __future__ import annotations

from bot import screen
from bot.content.dates import local_date
from bot.content.words import Words
from bot.rules.text import escape
from bot.services.own_stories import OwnStory, OwnThing, OwnUpdate
from bot.services.reviewed import Verdict


def how_it_stands(words: Words, thing: OwnStory | OwnUpdate) -> list[screen.Part]:
    """Whether a moderator looks at it first, what they decided, and what can be done then."""
    parts = list[screen.Part]()
    if not _appeared(thing):
        if thing.verdict is not None:
            parts += _verdict(words, thing.verdict, "whole")
        elif thing.circle.reviewed:
            parts.append(screen.small(words("review.mine.coming")))
    if thing.of_edit is not None:
        parts += _verdict(words, thing.of_edit, "of_edit")
    return parts


def _verdict(words: Words, verdict: Verdict, of: str) -> list[screen.Part]:
    parts: list[screen.Part] = [screen.text(words(f"review.{of}.{verdict.state}"))]
    if verdict.returned or verdict.declined:
        parts += _reason(words, verdict)
    if verdict.kept_until is not None and not (verdict.declined and of == "of_edit"):
        day = local_date(words, verdict.kept_until)
        parts.append(screen.small(words(f"review.{of}_how.{verdict.state}", day=day)))
    return parts


def _reason(words: Words, verdict: Verdict) -> tuple[screen.Part, ...]:
    if not verdict.reason:
        return (screen.small(words("review.mine.no_reason")),)
    said = screen.box(screen.text(escape(verdict.reason)))
    return screen.small(words("review.mine.reason")), said


def in_short(words: Words, thing: OwnThing) -> str | None:
    """In a list: how it stands with the moderators; None where they have nothing to do with it."""
    if not isinstance(thing, OwnStory | OwnUpdate) or _appeared(thing) or thing.verdict is None:
        return None
    return words(f"review.in_short.{thing.verdict.state}")


def _appeared(thing: OwnStory | OwnUpdate) -> bool:
    return thing.published if isinstance(thing, OwnUpdate) else thing.number is not None

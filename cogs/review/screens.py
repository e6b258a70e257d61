"""What moderators see of what waits for them. Text of others is escaped, and says nowhere whose it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import discord
from discord import ui
from discord.ui import LayoutView

from bot import screen
from bot.content.dates import local_moment
from bot.content.words import Words
from bot.rules.text import behind_spoiler, escape, shorten, without_blank_lines
from bot.services.in_review import InReview
from bot.services.reviewing import A_CLAIM, REASON_LIMIT, Decision, Queue
from cogs.custom_ids import (
    REVIEW_DECLINE,
    REVIEW_GIVE_BACK,
    REVIEW_LOOK,
    REVIEW_PAGE,
    REVIEW_PUBLISH,
    REVIEW_RETURN,
    REVIEW_TAKE,
)
from cogs.story_look import StoryLook, story_pages, story_parts

LINE = 150
"""Characters of each thing's first words in the list."""
REASON = "reason"


def queue_view(words: Words, queue: Queue) -> LayoutView:
    """What waits, page by page."""
    off = None if queue.circle.reviewed else screen.small(words("review.queue.off"))
    if not queue.things:
        return screen.screen(screen.text(words("review.queue.empty")))
    return screen.screen(
        screen.text(words("review.queue.title")),
        *(
            screen.beside(
                _line(words, thing),
                screen.button(words("review.queue.look"), REVIEW_LOOK(thing.kind, thing.subject)),
            )
            for thing in queue.things
        ),
        off,
        _turn(words, queue),
    )


def _turn(words: Words, queue: Queue) -> screen.Part | None:
    """The ways to the pages around this one."""
    circle, number = queue.circle.id, queue.number
    before = screen.button(words("common.page_before"), REVIEW_PAGE(circle, number - 1)) if number else None
    after = screen.button(words("common.page_after"), REVIEW_PAGE(circle, number + 1)) if queue.more else None
    return screen.row(before, after) if before or after else None


def _line(words: Words, thing: InReview) -> str:
    """What it is, since when, whether somebody looks at it, and its first words."""
    facts = [f"**{_what(words, thing)}**", _since(words, thing.days)]
    if thing.taken_until is not None:
        facts.append(words("review.queue.taken"))
    first = escape(shorten(" ".join(thing.first_words.split()), LINE))
    return f"{' · '.join(facts)}\n{behind_spoiler(first) if thing.content_note else first}"


def _what(words: Words, thing: InReview) -> str:
    """What it is; of something that would bear a name, with the name."""
    named = thing.number is not None and thing.kind != "story"
    what = words(f"review.kind.{thing.kind}_of", number=thing.number) if named else words(
        f"review.kind.{thing.kind}"
    )  # fmt: skip
    if not thing.author_name:
        return what
    return words("review.kind.by", what=what, name=escape(shorten(thing.author_name, 60)))


def _since(words: Words, days: int) -> str:
    if days < 2:
        return words("review.since.yesterday" if days else "review.since.today")
    return words("review.since.days", count=days)


def item_view(words: Words, thing: InReview, now: datetime) -> LayoutView:
    """One of them, whole, and what whoever looks can do with it at an aware ``now``."""
    head = words("review.item.head", what=_what(words, thing), since=_since(words, thing.days))
    parts = ", ".join(words(f"editing.parts.{name}") for name in thing.changes)
    return screen.screen(
        screen.text(head),
        screen.text(words("review.item.own")) if thing.own else None,
        screen.small(words("review.item.changes", parts=parts)) if parts else None,
        screen.box(*_look(words, thing)),
        *_choices(words, thing, now),
    )


def rest_of_item(words: Words, thing: InReview) -> tuple[LayoutView, ...]:
    """What has no room in the first message."""
    if (look := _story(thing)) is None:
        return ()
    line = screen.small(words("review.item.continued"))
    return tuple(
        screen.screen(line, screen.box(screen.text(page))) for page in story_pages(words, look)[1:]
    )  # fmt: skip


def _look(words: Words, thing: InReview) -> list[screen.Part]:
    """As it would be seen."""
    look = _story(thing)
    if look is not None:
        page, *rest = story_pages(words, look)
        more = [screen.small(words("stories.post.continued"))] if rest else []
        return [*story_parts(words, look, page), *more]
    text = escape(thing.text)
    return [screen.text(behind_spoiler(without_blank_lines(text)) if thing.content_note else text)]


def _story(thing: InReview) -> StoryLook | None:
    if thing.words is None:
        return None
    return StoryLook(
        thing.words, thing.ask, thing.theme, thing.content_note, thing.author_name, thing.number
    )  # fmt: skip


def _choices(words: Words, thing: InReview, now: datetime) -> list[screen.Part]:
    back = screen.button(words("review.queue.back"), REVIEW_PAGE(thing.circle.id, 0))
    key = (thing.kind, thing.subject)
    if thing.token is not None:
        until = local_moment(words, thing.taken_until or now + A_CLAIM, thing.circle.zone)
        mine = (*key, thing.token)
        return [
            screen.small(words("review.item.yours", when=until)),
            screen.row(
                screen.main_button(words("review.item.publish"), REVIEW_PUBLISH(*mine)),
                screen.button(words("review.item.ask"), REVIEW_RETURN(*mine)),
                screen.grave_button(words("review.item.decline"), REVIEW_DECLINE(*mine)),
                screen.button(words("review.item.give_back"), REVIEW_GIVE_BACK(*mine)),
            ),
        ]
    if thing.taken_until is not None:
        return [_free_again(words, thing.taken_until, thing.circle.zone), screen.row(back)]
    take = screen.main_button(words("review.item.take"), REVIEW_TAKE(*key))
    return [screen.small(words("review.item.take_about")), screen.row(take, back)]


def _free_again(words: Words, until: datetime, zone: str) -> screen.Part:
    return screen.text(words("review.item.free_again", when=local_moment(words, until, zone)))


def taken_view(words: Words, thing: InReview) -> LayoutView:
    """Somebody was sooner."""
    return screen.screen(
        _free_again(words, thing.taken_until, thing.circle.zone) if thing.taken_until is not None else None
    )


def reason_form(words: Words, decision: Decision, custom_id: str) -> ui.Modal:
    """The moderators' words to a teller."""
    what = "ask" if decision is Decision.RETURN else "decline"
    form = ui.Modal(title=words(f"review.form.{what}"), custom_id=custom_id, timeout=None)
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id=REASON, style=discord.TextStyle.paragraph, max_length=REASON_LIMIT, required=True
    )
    about = words(f"review.form.{what}_about")
    form.add_item(ui.Label(text=words("review.form.reason"), description=about, component=field))
    return form


def done_view(words: Words, circle_id: int, what: str) -> LayoutView:
    """What becomes of it now, and the way back to the list."""
    back = screen.button(words("review.queue.back"), REVIEW_PAGE(circle_id, 0))
    return screen.screen(screen.text(words(f"review.done.{what}")), screen.row(back))

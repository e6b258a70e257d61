"""The list of what is somebody's own, page by page. Nothing of it is kept: the page stands in the button."""

from __future__ import annotations

from collections.abc import Callable

from discord.ui import LayoutView

from bot import screen
from bot.content.words import Words
from bot.rules.stories import Voice
from bot.rules.text import escape, shorten
from bot.services.own_stories import OwnNote, OwnPage, OwnReply, OwnStory, OwnThing, OwnUpdate
from cogs.custom_ids import ADDED_PANEL, CODE_ENTER, MINE_PAGE, NOTE_PANEL, STORY_ADDED, STORY_PANEL
from cogs.own_words import BY_ACCOUNT
from cogs.stories.actions import REPLY, UPDATE
from cogs.stories.with_moderators import in_short

LINE = 120
"""Characters of each thing's first words."""


def mine_page(words: Words, page: OwnPage, *, in_server: bool) -> LayoutView:
    """All that is somebody's own here, and in a line what can't be found like that."""
    limits = words("stories.mine.limits" if in_server else "stories.mine.limits_private")
    if not page.things:
        nothing = words("stories.mine.none" if in_server else "stories.mine.none_private")
        return screen.screen(screen.text(nothing), screen.small(limits), screen.row(_code(words)))
    return screen.screen(
        screen.text(words("stories.mine.title")),
        *_lines(words, page, BY_ACCOUNT),
        screen.small(limits),
        screen.row(*_turn(words, page, MINE_PAGE), _code(words)),
    )


def added_page(words: Words, page: OwnPage, story_id: int, proof: str) -> LayoutView:
    """What a teller added to one story."""
    if not page.things:
        return screen.screen(screen.text(words("stories.mine.nothing_added")))
    turn = _turn(words, page, lambda number: STORY_ADDED(story_id, proof, number))
    return screen.screen(
        screen.text(words("stories.mine.added")),
        *_lines(words, page, proof),
        screen.row(*turn) if turn else None,
    )


def _lines(words: Words, page: OwnPage, proof: str) -> list[screen.Part]:
    return [
        screen.beside(_line(words, thing), screen.button(words("stories.mine.look"), _panel_of(thing, proof)))
        for thing in page.things
    ]


def _turn(words: Words, page: OwnPage, to: Callable[[int], str]) -> list[screen.Part]:
    """The ways to the pages around this one."""
    before = screen.button(words("common.page_before"), to(page.number - 1)) if page.number else None
    after = screen.button(words("common.page_after"), to(page.number + 1)) if page.more else None
    return [part for part in (before, after) if part is not None]


def _code(words: Words) -> screen.Part:
    return screen.button(words("stories.mine.enter"), CODE_ENTER())


def _panel_of(thing: OwnThing, proof: str) -> str:
    match thing:
        case OwnStory():
            return STORY_PANEL(thing.id, proof)
        case OwnReply():
            return ADDED_PANEL(REPLY, thing.id, proof)
        case OwnUpdate():
            return ADDED_PANEL(UPDATE, thing.id, proof)
        case OwnNote():
            return NOTE_PANEL(thing.id, proof)


def _line(words: Words, thing: OwnThing) -> str:
    """What it is, where, how it stands, and its first words."""
    channel, first = f"<#{thing.circle.channel_id}>", escape(shorten(" ".join(thing.text.split()), LINE))
    return f"{_name(words, thing)} · {channel} · {_state(words, thing)}\n{first}".rstrip()


def _name(words: Words, thing: OwnThing) -> str:
    match thing:
        case OwnStory(number=None):
            return words("stories.mine.story_unnumbered")
        case OwnStory():
            named = "named" if thing.voice is Voice.NAMED else "unnamed"
            return words(f"stories.mine.story_{named}", number=thing.number)
        case OwnReply(pen_name=None):
            return words("stories.mine.answer", number=thing.story_number or "")
        case OwnReply():
            return words("stories.mine.reply", number=thing.story_number or "")
        case OwnUpdate():
            return words("stories.mine.update", number=thing.story_number or "")
        case OwnNote():
            return words("stories.mine.note", number=thing.story_number or "")


def _state(words: Words, thing: OwnThing) -> str:
    if (short := in_short(words, thing)) is not None:
        return short
    if not isinstance(thing, OwnNote) and thing.removed:
        return words("stories.mine.removed")
    if isinstance(thing, OwnStory):
        return words("stories.mine.waiting" if thing.number is None else "stories.mine.published")
    if isinstance(thing, OwnNote):
        if thing.answer is not None:
            return words("stories.mine.note_answered")
        return words("stories.mine.note_waiting" if thing.on_its_way else "stories.mine.note_open")
    return words("stories.mine.published" if thing.published else "stories.mine.waiting")

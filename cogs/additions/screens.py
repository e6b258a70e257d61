"""What is seen of an addition: form, private preview, and the message in the thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui
from discord.ui import LayoutView

from bot import screen
from bot.content.care import Starter, advice_question, reply_starters
from bot.content.words import Words
from bot.errors import Refusal
from bot.rules.checked import Mark
from bot.rules.marked import with_brackets, with_places
from bot.rules.promises import Promise
from bot.rules.stories import Ask
from bot.rules.text import behind_spoiler, escape, pages, shorten, without_blank_lines
from bot.services.additions import LIMITS, WAITS, Added, Kind, OpenAddition, StoryRef
from bot.services.edited import What
from bot.services.thread_posts import ThreadPost
from cogs.check_screens import fitting, left_question, marks_block
from cogs.custom_ids import (
    ADDED_MINE,
    ADDED_WITHDRAW,
    ADDITION_CHANGE,
    ADDITION_DISCARD,
    ADDITION_EDIT,
    ADDITION_POST,
    REPLY_WITHDRAW,
)
from cogs.own_words import (
    BY_ACCOUNT,
    code_button,
    code_shown,
    head_of_preview,
    nudge_button,
    unfit_line,
    what_that_means,
    when_it_appears,
)

TEXT = "text"
BEGIN, OWN_WORDS = "begin", "own"
FORM = "addition"
"""By which the checks know what is added."""
ROOM = 3000
"""Characters of it in a preview's first message, if there is nothing else to say."""


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
    about = words(f"additions.asks.{story.ask}" if kind is Kind.REPLY else f"additions.form.about_{kind}")
    form.add_item(ui.Label(text=words(f"additions.form.label_{kind}"), description=about, component=field))
    if kind is Kind.REPLY and not text:
        form.add_item(_beginnings(words, story))
    waits = promised(kind, story)
    when = when_it_appears(words, waits) if waits else words("stories.when.at_once")
    reviewed = kind is Kind.UPDATE and story.circle.reviewed
    then = words("review.promise.form_update" if reviewed else "additions.form.then", when=when)
    form.add_item(ui.TextDisplay(then))
    return form


def _beginnings(words: Words, story: StoryRef) -> ui.Label[Any]:
    """Ways to begin, with one's own words as the default: nobody has to choose one."""
    ways = starters(words, story)
    own = discord.RadioGroupOption(label=words("additions.form.own_words"), value=OWN_WORDS, default=True)
    options = [
        discord.RadioGroupOption(label=f"“{way.begin.strip()} …”", value=way.name, description=way.about)
        for way in ways
    ]
    group: ui.RadioGroup[Any] = ui.RadioGroup(custom_id=BEGIN, options=[own, *options], required=False)
    return ui.Label(
        text=words("additions.form.begin"), description=words("additions.form.begin_about"), component=group
    )


def starters(words: Words, story: StoryRef) -> tuple[Starter, ...]:
    """Ways to begin a reply to this story."""
    return reply_starters(words, ideas_welcome=story.ask is Ask.IDEAS)


def addition_view(
    words: Words,
    kind: Kind,
    text: str,
    speaker: str | None,
    *,
    content_note: bool,
    teller_name: str | None = None,
    page: str | None = None,
) -> LayoutView:
    """The message in the thread: an update, or a reply under its pen name or the teller's badge.

    ``teller_name`` is that of a story that bears one; ``page`` is what is shown of the text, if not all.

    An update tells on what the story told, so it stands behind the story's ``content_note`` too.
    """
    shown = escape(text) if page is None else page
    teller = escape(shorten(teller_name, 60)) if teller_name else None
    if kind is Kind.UPDATE:
        by = words("additions.post.update_by", name=teller) if teller else None
        heading = by or words("additions.post.update")
        shown = behind_spoiler(without_blank_lines(shown)) if content_note else shown
    elif speaker is None:
        by = words("additions.post.teller_by", name=teller) if teller else None
        heading = by or words("additions.post.teller")
    else:
        heading = words("additions.post.reply", name=speaker)
    return screen.screen(screen.box(screen.text(heading), screen.text(shown)))


def thread_view(words: Words, kind: Kind, post: ThreadPost) -> LayoutView:
    """The same, from what is delivered, with the way back for whoever wrote it."""
    if post.hidden:
        return screen.screen(screen.small(words("moderation.taken_away.below")))
    noted, teller = post.content_note, post.teller_name
    view = addition_view(words, kind, post.text, post.pen_name, content_note=noted, teller_name=teller)
    what = "update" if kind is Kind.UPDATE else "reply"
    mine = screen.button(words("additions.post.mine"), ADDED_MINE(what, post.id))
    return screen.screen(*view.children, screen.row(mine))


def promised(kind: Kind, story: StoryRef) -> Promise | None:
    """What is offered for it just now; None for an update with the teller's name, which waits for nothing."""
    return None if kind is Kind.UPDATE and story.named else story.circle.offers(WAITS[kind])


def previewed(
    words: Words, text: str, marks: Sequence[Mark], room: int
) -> tuple[str, tuple[LayoutView, ...]]:
    """Escaped words with their marks: what stands in the preview, and what continues in further messages."""
    page, *rest = with_brackets(pages([escape(with_places(text, marks))], room, ROOM))
    head = words("checks.rest")
    return page, tuple(screen.screen(screen.small(head), screen.box(screen.text(more))) for more in rest)


def preview(
    words: Words, found: OpenAddition, window_days: int, refusal: Refusal | None = None
) -> tuple[LayoutView, ...]:
    """The private preview, *Post*, *Edit*, *Discard*; and what continues in further messages. ``refusal``
    says why it can't be posted as it is."""
    rest: tuple[LayoutView, ...] = ()

    def build(room: int) -> LayoutView:
        nonlocal rest
        page, rest = previewed(words, found.addition.text, found.addition.checked.left, room)
        return _message(words, found, page, window_days, refusal, goes_on=bool(rest))

    return (fitting(build, ROOM), *rest)


def _message(
    words: Words,
    found: OpenAddition,
    page: str,
    window_days: int,
    refusal: Refusal | None,
    *,
    goes_on: bool,
) -> LayoutView:
    addition, key = found.addition, (found.receipt, found.addition.revision)
    checked, asks = addition.checked, advice_question(words) if addition.checked.advises else None
    speaker = words("additions.preview.pen_name") if addition.kind is Kind.REPLY else None
    noted = found.story.content_note
    teller = found.story.teller_name
    as_seen = addition_view(
        words, addition.kind, addition.text, speaker, content_note=noted, teller_name=teller, page=page
    )
    post, edit = asks.labels if asks else (words("stories.preview.post"), words("stories.preview.edit"))
    reply = addition.kind is Kind.REPLY
    return screen.screen(
        head_of_preview(words, older=found.older, other_promise=found.other_promise),
        unfit_line(words, refusal),
        screen.small(words(f"additions.asks.{found.story.ask}")) if reply and not asks else None,
        *as_seen.children,
        screen.small(words("checks.goes_on")) if goes_on else None,
        screen.text(asks.text) if asks else None,
        *marks_block(words, FORM, *key, {TEXT: addition.text}, checked),
        screen.small(_promise(words, found, window_days)),
        screen.small(words("checks.together")),
        screen.row(
            screen.main_button(post, ADDITION_POST(*key)),
            screen.button(edit, ADDITION_EDIT(*key)),
            screen.button(words("stories.preview.discard"), ADDITION_DISCARD(found.receipt)),
        ),
    )


def post_all_the_same(words: Words, found: OpenAddition) -> LayoutView:
    """*Post* asks once when something is left that surely identifies somebody."""
    addition, key = found.addition, (found.receipt, found.addition.revision)
    as_it_is = words("checks.left.post"), ADDITION_POST(*key)
    return left_question(words, FORM, *key, {TEXT: addition.text}, addition.checked, as_it_is)


def _promise(words: Words, found: OpenAddition, window_days: int) -> str:
    story, addition = found.story, found.addition
    offers = promised(addition.kind, story)
    reviewed = story.circle.reviewed if addition.promise is None else addition.promise.reviewed
    if offers is None:
        return words("review.promise.update_named" if reviewed else "additions.preview.update_named")
    promise = addition.promise or offers
    seen = (
        words("stories.preview.seen", days=window_days)
        if addition.kind is Kind.REPLY
        else words("additions.preview.seen")
    )
    return "\n".join(
        (
            words(
                "review.promise.update" if promise.reviewed else f"additions.preview.{addition.kind}",
                when=when_it_appears(words, promise),
            ),
            seen,
            what_that_means(words, promise, thin=addition.thin),
        )
    )


def after_posting(words: Words, added: Added) -> LayoutView:
    """In place of the preview; a reply's writer gets a code for it."""
    if added.kind is Kind.UPDATE:
        return _after_update(words, added)
    as_whom = (
        words("additions.told.as_teller")
        if added.pen_name is None
        else words("additions.told.as_pen_name", name=added.pen_name)
    )
    return screen.screen(
        screen.text(as_whom),
        *code_shown(words, added.receipt, words("additions.told.copy")),
        screen.small(words("additions.told.answering")),
        screen.row(
            screen.button(words("editing.button.edit"), ADDITION_CHANGE(What.REPLY, added.id, added.receipt)),
            code_button(words, added.receipt),
            screen.button(words("stories.told.take_back"), REPLY_WITHDRAW(added.receipt)),
            nudge_button(words),
        ),
    )


def _thanks(words: Words, added: Added) -> str:
    offers = promised(added.kind, added.story)
    promise = (added.promise or offers) if offers is not None else None
    if not added.story.circle.reviewed:
        return words("additions.told.update")
    when = words("stories.when.at_once") if promise is None else when_it_appears(words, promise)
    return words("review.told.update", when=when)


def _after_update(words: Words, added: Added) -> LayoutView:
    thanks = screen.text(_thanks(words, added))
    proof = BY_ACCOUNT if added.story.named else added.receipt
    take_back = screen.button(words("stories.told.take_back"), ADDED_WITHDRAW("update", added.id, proof))
    edit = screen.button(words("editing.button.edit"), ADDITION_CHANGE(What.UPDATE, added.id, proof))
    if added.story.named:
        return screen.screen(thanks, screen.row(edit, take_back, nudge_button(words)))
    return screen.screen(
        thanks,
        *code_shown(words, added.receipt, words("additions.told.copy_update")),
        screen.small(words("additions.told.answering")),
        screen.row(edit, code_button(words, added.receipt), take_back, nudge_button(words)),
    )

"""What the teller has in hand: the receipt after posting, and the panels of what is theirs."""

from __future__ import annotations

from random import Random

from discord.ui import LayoutView

from bot import screen
from bot.content.words import Words
from bot.rules.promises import Promise
from bot.rules.receipts import shown
from bot.rules.stories import Voice
from bot.rules.text import escape, shorten
from bot.services.own_stories import OwnNote, OwnReply, OwnStory, OwnThing, OwnUpdate
from bot.services.resonating import Sign
from bot.services.stories import Told
from cogs.custom_ids import (
    ADDED_WITHDRAW,
    ADDED_WITHDRAW_SURE,
    CODE_DELETE,
    CODE_TO_DM_SURE,
    CODE_USE,
    KEEP,
    STORY_PANEL,
    STORY_WITHDRAW,
    STORY_WITHDRAW_SURE,
)
from cogs.note_screens import note_panel
from cogs.own_words import BY_ACCOUNT, alone, code_button, code_shown, nudge_button, when_it_appears
from cogs.own_words import withdraw_question as question_before
from cogs.stories import actions
from cogs.stories.with_moderators import how_it_stands

FIRST_WORDS = 300
"""So much of something is shown in its panel, to be sure that it is the one meant."""


def after_posting(words: Words, told: Told, random: Random) -> LayoutView:
    """In place of the preview: a warm word, when it appears, and the receipt."""
    warm = random.choice(words.several("stories.warm"))
    reviewed = told.promise.reviewed
    if told.voice is Voice.NAMED:
        then = words("review.told.named" if reviewed else "stories.told.named")
        return screen.screen(
            screen.text(f"{warm}\n{then}"),
            screen.small(words("review.told.named_again" if reviewed else "stories.told.named_again")),
            screen.row(
                screen.button(words("stories.told.mine"), STORY_PANEL(told.story_id, BY_ACCOUNT)),
                screen.button(words("stories.told.take_back"), STORY_WITHDRAW(told.story_id, BY_ACCOUNT)),
                nudge_button(words),
            ),
        )
    return screen.screen(
        screen.text(f"{warm}\n{_then(words, told.promise)}"),
        screen.small(alone(words, told.promise)) if told.promise.batch_of is not None else None,
        *code_shown(words, told.receipt, words("stories.told.copy")),
        screen.small(words("stories.told.answering")),
        screen.row(
            screen.button(words("stories.told.mine"), STORY_PANEL(told.story_id, told.receipt)),
            code_button(words, told.receipt),
            screen.button(words("stories.told.take_back"), STORY_WITHDRAW(told.story_id, told.receipt)),
            nudge_button(words),
        ),
    )


def _then(words: Words, promise: Promise) -> str:
    """When an unnamed story appears, or what comes before that."""
    if promise.reviewed:
        return words("review.told.unnamed", when=when_it_appears(words, promise))
    if promise.minutes:
        return words("stories.told.within", when=when_it_appears(words, promise))
    return words("stories.told.at_once")


def panel(words: Words, thing: OwnThing, receipt: str | None) -> LayoutView:
    """The panel of whatever it is."""
    match thing:
        case OwnStory():
            return story_panel(words, thing, receipt)
        case OwnReply():
            return reply_panel(words, thing, receipt)
        case OwnUpdate():
            return update_panel(words, thing, receipt)
        case OwnNote():
            return note_panel(words, thing, receipt or BY_ACCOUNT)


def story_panel(words: Words, story: OwnStory, receipt: str | None, head: str | None = None) -> LayoutView:
    """How one's own story stands, and what can be done with it; ``head`` says what has just happened."""
    if story.hidden:
        return hidden_panel(words, STORY_WITHDRAW(story.id, receipt or BY_ACCOUNT))
    if story.removed:
        return screen.screen(screen.text(words("stories.panel.removed", number=story.number or "")))
    title = words("stories.panel.title", number=story.number) if story.number else None
    declined = story.verdict is not None and story.verdict.declined
    lines = _how_it_stands(words, story)
    return screen.screen(
        screen.text(head) if head else None,
        screen.text(title or words(f"stories.panel.{'declined' if declined else 'waiting'}")),
        _quoted(story.text),
        *how_it_stands(words, story),
        screen.small("\n".join(lines)) if lines else None,
        *actions.rows(words, actions.story_actions(story, receipt or BY_ACCOUNT)),
        screen.small(words("stories.panel.note")) if actions.answerable(story) else None,
    )


def reply_panel(words: Words, reply: OwnReply, receipt: str | None) -> LayoutView:
    """What can be done with one's own unnamed reply, or with an answer below one's own story."""
    if reply.removed:
        return removed_panel(words, reply, receipt)
    what = "reply" if reply.pen_name else "answer"
    return screen.screen(
        screen.text(words(f"stories.panel.{what}_{_state(reply)}", number=reply.story_number or "")),
        _quoted(reply.text),
        screen.small(words("stories.panel.as_pen_name", name=reply.pen_name)) if reply.pen_name else None,
        *actions.rows(words, actions.reply_actions(reply, receipt or BY_ACCOUNT)),
        screen.small(words("additions.told.answering")),
    )


def update_panel(words: Words, update: OwnUpdate, receipt: str | None) -> LayoutView:
    """What can be done with an update of one's own."""
    if update.removed:
        return removed_panel(words, update, receipt)
    return screen.screen(
        screen.text(words(f"stories.panel.update_{_state(update)}", number=update.story_number or "")),
        _quoted(update.text),
        *how_it_stands(words, update),
        *actions.rows(words, actions.update_actions(update, receipt or BY_ACCOUNT)),
    )


def removed_panel(words: Words, thing: OwnReply | OwnUpdate, receipt: str | None) -> LayoutView:
    """What moderators removed of what was added to a story."""
    if not thing.hidden:
        return screen.screen(
            screen.text(words("stories.panel.removed_added", number=thing.story_number or ""))
        )
    kind = actions.REPLY if isinstance(thing, OwnReply) else actions.UPDATE
    return hidden_panel(words, ADDED_WITHDRAW(kind, thing.id, receipt or BY_ACCOUNT))


def hidden_panel(words: Words, withdraw: str) -> LayoutView:
    """What moderators removed a moment ago: they may bring it back, unless whoever wrote it withdraws it.
    ``withdraw`` is a custom_id."""
    return screen.screen(
        screen.text(words("stories.panel.hidden")),
        screen.row(screen.button(words("stories.panel.withdraw_hidden"), withdraw)),
    )


def _state(thing: OwnReply | OwnUpdate) -> str:
    return "shown" if thing.published else "waiting"


def _quoted(text: str) -> screen.Part | None:
    first = escape(shorten(" ".join(text.split()), FIRST_WORDS))
    return screen.box(screen.text(first)) if first else None


def _how_it_stands(words: Words, story: OwnStory) -> list[str]:
    """Open or closed, what it met with, and what is on its way: a line for each."""
    lines: list[str] = []
    if story.number is not None:
        signs = [
            words("stories.sign.counted", label=words(f"stories.sign.{sign}"), count=story.resonance[sign])
            for sign in Sign
            if story.resonance.get(sign)
        ]
        lines.append(
            words("stories.panel.signs", signs=", ".join(signs)) if signs else words("stories.panel.no_signs")
        )
        lines.append(words("stories.panel.replies", count=story.replies))
    if story.notes:
        lines.append(words("stories.panel.has_notes", count=story.notes, unanswered=story.unanswered))
    if story.notes_closed:
        lines.append(words("stories.panel.notes_closed"))
    if story.moderators_note:
        lines.append(words("stories.panel.noted", note=escape(story.moderators_note)))
    if story.locked:
        lines.append(words("stories.panel.locked"))
    if story.closed:
        lines.append(words("stories.panel.closed"))
    on_its_way = _on_its_way(words, story)
    if on_its_way:
        lines.append(words("stories.panel.on_its_way", what=", ".join(on_its_way)))
    return lines


def _on_its_way(words: Words, story: OwnStory) -> list[str]:
    coming, found = story.on_its_way, list[str]()
    if coming.updates:
        found.append(words("stories.coming.updates", count=coming.updates))
    if coming.answers:
        found.append(words("stories.coming.answers", count=coming.answers))
    if coming.words:
        found.append(words("stories.coming.words"))
    if coming.lock:
        found.append(words("stories.coming.close" if story.closed else "stories.coming.reopen"))
    return found


def withdraw_question(words: Words, story: OwnStory, receipt: str | None) -> LayoutView:
    """What goes, before it goes."""
    key = "stories.withdraw.question" if story.number else "stories.withdraw.question_waiting"
    sure = STORY_WITHDRAW_SURE(story.id, receipt or BY_ACCOUNT)
    return question_before(words, words(key, number=story.number or ""), sure, seen=story.number is not None)


def withdraw_added_question(words: Words, thing: OwnReply | OwnUpdate, receipt: str | None) -> LayoutView:
    """The same for what was added to a story."""
    if isinstance(thing, OwnReply):
        kind, of = actions.REPLY, "" if thing.pen_name else "_answer"
    else:
        kind, of = actions.UPDATE, "_update"
    key = f"additions.withdraw.question{of}"
    return question_before(words, words(key), ADDED_WITHDRAW_SURE(kind, thing.id, receipt or BY_ACCOUNT))


def code_question(words: Words, receipt: str) -> LayoutView:
    """What a code in one's private messages means, before it is sent there."""
    return screen.screen(
        screen.text(words("stories.code.question")),
        screen.row(
            screen.button(words("stories.code.yes"), CODE_TO_DM_SURE(receipt)),
            screen.button(words("stories.code.no"), KEEP()),
        ),
    )


def code_message(words: Words, receipt: str) -> LayoutView:
    """The private message with the code. It names no story and no circle, and works without either."""
    return screen.screen(
        screen.text(words("stories.code.message", receipt=shown(receipt))),
        screen.row(
            screen.main_button(words("stories.code.use"), CODE_USE(receipt)),
            screen.button(words("stories.code.delete"), CODE_DELETE()),
        ),
    )

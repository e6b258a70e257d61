"""What the teller has in hand after posting: the receipt, their own panel, the way back."""

from __future__ import annotations

from random import Random

from discord.ui import LayoutView

from bot import screen
from bot.content.words import Words
from bot.rules.receipts import shown
from bot.rules.stories import Voice
from bot.services.own_stories import OwnReply, OwnStory
from bot.services.stories import Told
from cogs.custom_ids import (
    ANSWER,
    CODE_DELETE,
    CODE_TO_DM_SURE,
    KEEP,
    REPLY_WITHDRAW,
    STORY_PANEL,
    STORY_UPDATE,
    STORY_WITHDRAW,
    STORY_WITHDRAW_SURE,
)
from cogs.own_words import BY_ACCOUNT, code_button, code_shown, nudge_button, span
from cogs.own_words import withdraw_question as question_before


def after_posting(words: Words, told: Told, random: Random) -> LayoutView:
    """In place of the preview: a warm word, when it appears, and the receipt."""
    minutes = told.circle.plan.delay_minutes
    warm = random.choice(words.several("stories.warm"))
    if told.voice is Voice.NAMED:
        return screen.screen(
            screen.text(f"{warm}\n{words('stories.told.named')}"),
            screen.small(words("stories.told.named_again")),
            screen.row(
                screen.button(words("stories.told.mine"), STORY_PANEL(told.story_id, BY_ACCOUNT)),
                screen.button(words("stories.told.take_back"), STORY_WITHDRAW(told.story_id, BY_ACCOUNT)),
                nudge_button(words),
            ),
        )
    when = (
        words("stories.told.within", time=span(words, minutes)) if minutes else words("stories.told.at_once")
    )
    return screen.screen(
        screen.text(f"{warm}\n{when}"),
        *code_shown(words, told.receipt, words("stories.told.copy")),
        screen.small(words("stories.told.answering")),
        screen.row(
            screen.button(words("stories.told.mine"), STORY_PANEL(told.story_id, told.receipt)),
            code_button(words, told.receipt),
            screen.button(words("stories.told.take_back"), STORY_WITHDRAW(told.story_id, told.receipt)),
            nudge_button(words),
        ),
    )


def story_panel(words: Words, story: OwnStory, receipt: str | None) -> LayoutView:
    """What can be done with one's own story. Answering without a name is offered where there is none yet."""
    if story.removed:
        return screen.screen(screen.text(words("stories.panel.removed", number=story.number or "")))
    key = (story.id, receipt or BY_ACCOUNT)
    answerable = story.number is not None and story.voice is Voice.UNNAMED and not story.locked
    title = words("stories.panel.title", number=story.number) if story.number else None
    return screen.screen(
        screen.text(title or words("stories.panel.waiting")),
        screen.text(words("stories.panel.locked")) if story.locked else None,
        screen.row(
            screen.main_button(words("stories.panel.update"), STORY_UPDATE(*key)),
            screen.button(words("stories.panel.answer"), ANSWER(*key)) if answerable else None,
            screen.button(words("stories.panel.withdraw"), STORY_WITHDRAW(*key)),
        ),
        screen.small(words("stories.panel.note")) if answerable else None,
    )


def reply_panel(words: Words, reply: OwnReply, receipt: str) -> LayoutView:
    """What can be done with one's own unnamed reply."""
    key = "stories.panel.reply" if reply.published else "stories.panel.reply_waiting"
    return screen.screen(
        screen.text(words(key, number=reply.story_number or "")),
        screen.row(screen.button(words("stories.panel.withdraw_reply"), REPLY_WITHDRAW(receipt))),
    )


def withdraw_question(words: Words, story: OwnStory, receipt: str | None) -> LayoutView:
    """What goes, before it goes."""
    key = "stories.withdraw.question" if story.number else "stories.withdraw.question_waiting"
    sure = STORY_WITHDRAW_SURE(story.id, receipt or BY_ACCOUNT)
    return question_before(words, words(key, number=story.number or ""), sure)


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
    """The private message with the code. It names no story and no circle."""
    return screen.screen(
        screen.text(words("stories.code.message", receipt=shown(receipt))),
        screen.row(screen.button(words("stories.code.delete"), CODE_DELETE())),
    )

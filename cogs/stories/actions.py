"""What can be done with one's own story, reply or update, as a list: each action is a button of the panel.

``proof`` is the receipt, or ``BY_ACCOUNT``; it stands in the custom_ids of private messages alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby

from bot import screen
from bot.content.words import Words
from bot.rules.stories import Voice
from bot.services.edited import What
from bot.services.own_stories import OwnReply, OwnStory, OwnUpdate
from cogs.custom_ids import (
    ADDED_WITHDRAW,
    ADDITION_CHANGE,
    ANSWER,
    NOTES_READ,
    OWN_WORDS,
    STORY_ADDED,
    STORY_CHANGE,
    STORY_CLAIM,
    STORY_CLOSE,
    STORY_REOPEN,
    STORY_UPDATE,
    STORY_WITHDRAW,
)

IN_A_ROW = 5
REPLY, UPDATE = "reply", "update"
"""What was added to a story, as custom_ids name it."""
STORY = "story"
"""The story itself, where one can be meant too."""


class Group(IntEnum):
    """Actions of one group stand in a row; the groups stand in this order."""

    WORDS = 0
    """Writing: adding, answering, changing."""
    CHOICES = 1
    """How the story stands there: open or closed, with which name."""
    END = 2
    """Taking it back."""


@dataclass(frozen=True, slots=True, repr=False)
class Action:
    """One button of a panel."""

    label: str
    """The key of its text."""
    custom_id: str
    group: Group
    main: bool = False
    """The one that most people will want."""


def story_actions(story: OwnStory, proof: str) -> list[Action]:
    """What a teller can do with their story. Answering without a name needs a story without one."""
    key = (story.id, proof)
    if story.with_moderators:
        return _with_moderators(story, proof)
    actions = [Action("stories.panel.update", STORY_UPDATE(*key), Group.WORDS, main=True)]
    actions.append(Action("editing.button.edit", STORY_CHANGE(*key), Group.WORDS))
    if answerable(story):
        actions.append(Action("stories.panel.answer", ANSWER(*key), Group.WORDS))
    if story.closed:
        actions.append(Action("stories.panel.reopen", STORY_REOPEN(*key), Group.CHOICES))
    else:
        actions.append(Action("stories.panel.close", STORY_CLOSE(*key), Group.CHOICES))
    if story.voice is Voice.UNNAMED:
        actions.append(Action("editing.button.claim", STORY_CLAIM(*key), Group.CHOICES))
    if story.added:
        actions.append(Action("stories.panel.added", STORY_ADDED(*key, 0), Group.CHOICES))
    if story.number is not None and (story.voice is Voice.UNNAMED or story.notes):
        actions.append(Action("stories.panel.notes", NOTES_READ(*key, 0), Group.CHOICES))
    actions.append(Action("stories.panel.withdraw", STORY_WITHDRAW(*key), Group.END))
    return actions


def _with_moderators(story: OwnStory, proof: str) -> list[Action]:
    """Of a story that moderators have, or gave back: it is changed, not added to."""
    key = (story.id, proof)
    withdraw = Action("stories.panel.withdraw", STORY_WITHDRAW(*key), Group.END)
    if story.verdict is not None and story.verdict.declined:
        return [Action("review.mine.words", OWN_WORDS(STORY, *key), Group.WORDS, main=True), withdraw]
    actions = [Action("editing.button.edit", STORY_CHANGE(*key), Group.WORDS, main=True), withdraw]
    if story.voice is Voice.UNNAMED:
        actions.append(Action("editing.button.claim", STORY_CLAIM(*key), Group.CHOICES))
    return actions


def reply_actions(reply: OwnReply, proof: str) -> list[Action]:
    """What somebody can do with a reply of theirs."""
    what = "reply" if reply.pen_name else "answer"
    return [
        Action("editing.button.edit", ADDITION_CHANGE(What.REPLY, reply.id, proof), Group.WORDS),
        Action(f"stories.panel.withdraw_{what}", ADDED_WITHDRAW(REPLY, reply.id, proof), Group.END),
    ]


def update_actions(update: OwnUpdate, proof: str) -> list[Action]:
    """What a teller can do with an update of theirs."""
    if update.verdict is not None and update.verdict.declined:
        words = OWN_WORDS(UPDATE, update.id, proof)
        withdraw = ADDED_WITHDRAW(UPDATE, update.id, proof)
        return [
            Action("review.mine.words", words, Group.WORDS, main=True),
            Action("stories.panel.withdraw_update", withdraw, Group.END),
        ]
    return [
        Action("editing.button.edit", ADDITION_CHANGE(What.UPDATE, update.id, proof), Group.WORDS),
        Action("stories.panel.withdraw_update", ADDED_WITHDRAW(UPDATE, update.id, proof), Group.END),
    ]


def answerable(story: OwnStory) -> bool:
    """Whether its teller can answer without a name now."""
    open_ = not story.locked and not story.closed
    return story.number is not None and story.voice is Voice.UNNAMED and open_


def rows(words: Words, actions: list[Action]) -> list[screen.Part]:
    """The buttons, group by group, at most five in a row."""
    ordered = sorted(actions, key=lambda action: action.group)
    return [
        screen.row(*(_button(words, action) for action in some))
        for _, group in groupby(ordered, key=lambda action: action.group)
        for some in _batches(list(group))
    ]


def _button(words: Words, action: Action) -> screen.Part:
    make = screen.main_button if action.main else screen.button
    return make(words(action.label), action.custom_id)


def _batches(actions: list[Action]) -> list[list[Action]]:
    return [actions[start : start + IN_A_ROW] for start in range(0, len(actions), IN_A_ROW)]

"""What is edited, as values: of a story its words and choices, of an update or a reply its text."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TypeAlias

from bot.errors import Refusal
from bot.rules.care import CarePlan
from bot.rules.checked import NOTHING, Checked
from bot.rules.fitting import unfit, unfit_story
from bot.rules.promises import Promise, Waits
from bot.rules.stories import Ask, StoryWords, Voice
from bot.services.circles import CircleInfo
from bot.services.reviewed import Verdict
from db import edits
from db.edits import Columns


class What(StrEnum):
    """What is edited; also the kind of the delivery that shows it."""

    STORY = edits.STORY
    UPDATE = edits.UPDATE
    REPLY = edits.REPLY


@dataclass(frozen=True, slots=True, repr=False)
class StoryContent:
    """All of a story that its teller can change."""

    words: StoryWords
    ask: Ask
    content_note: str | None
    quote_lesson: bool

    def columns(self) -> Columns:
        """As it stands in the story's row."""
        rest: Columns = {"content_note": self.content_note, "quote_lesson": self.quote_lesson}
        return {**asdict(self.words), "ask": self.ask.value, **rest}


@dataclass(frozen=True, slots=True, repr=False)
class TextContent:
    """The words of an update or a reply."""

    text: str

    def columns(self) -> Columns:
        """As it stands in the row."""
        return {"text": self.text}


Content: TypeAlias = StoryContent | TextContent


def parts_of(content: Content) -> dict[str, str]:
    """Its words, by part."""
    return asdict(content.words) if isinstance(content, StoryContent) else {"text": content.text}


@dataclass(frozen=True, slots=True, repr=False)
class Edited:
    """What is being edited, as far as its writer needs to see it."""

    what: What
    id: int
    story_id: int
    story_number: int | None
    """None while the story waits."""
    voice: Voice
    """The story's."""
    author_name: str | None
    theme: str | None
    ask: Ask
    content_note: bool
    """The story stands behind one."""
    moderators_note: str | None
    """A content note that moderators put before the story: it stays, whatever its teller changes."""
    pen_name: str | None
    """Of a reply; None for one by the teller."""
    seen: bool
    """It has appeared, or may have, or moderators see it: a change waits. Otherwise it changes at once."""
    circle: CircleInfo
    verdict: Verdict | None = None
    """How it stands with the moderators, as long as it hasn't appeared."""

    @property
    def returned(self) -> bool:
        """Moderators asked for a change: saving one sends it to them again."""
        return self.verdict is not None and self.verdict.returned

    @property
    def reviewed(self) -> bool:
        """Moderators look at a change first; what they have already they see with it, and decide about."""
        with_them = self.verdict is not None and self.verdict.held
        return with_them or (self.what is not What.REPLY and self.circle.reviewed)

    @property
    def footing(self) -> str:
        """What a preview of a change says about its way, in short; if that has changed, it comes again."""
        way = "returned" if self.returned else "seen" if self.seen else "unseen"
        return f"{way} reviewed" if self.reviewed else way

    @property
    def waits(self) -> Waits | None:
        """How a change of it waits; None: not at all, because its writer's name stands there."""
        if self.what is What.REPLY:
            return Waits.REPLY
        return Waits.CHANGE if self.voice is Voice.UNNAMED else None

    @property
    def to_a_listener(self) -> bool:
        """Whether it answers somebody who asked for listening alone."""
        return self.what is What.REPLY and self.pen_name is not None and self.ask is Ask.LISTEN

    @property
    def offers(self) -> Promise | None:
        """What is promised just now about when a change of it appears."""
        return self.circle.offers(self.waits) if self.waits is not None else None


@dataclass(frozen=True, slots=True, repr=False)
class Editable:
    """Something of one's own, with what is shown of it now and what is to take its place."""

    thing: Edited
    before: Content
    content: Content
    """The newest: what waits to be shown, if something does."""

    @property
    def changes(self) -> tuple[str, ...]:
        """The names of what is different: slip, effect, repair, lesson, ask, content_note, quote_lesson; or
        text."""
        before = self.before.columns()
        return tuple(name for name, value in self.content.columns().items() if value != before[name])

    def unfit(self, care: CarePlan) -> Refusal | None:
        """Why the new words can't be saved in their circle; what stands there already may stay."""
        match self.before, self.content:
            case StoryContent(before), StoryContent(words):
                return unfit_story(words, care, before)
            case TextContent(before), TextContent(text):
                return unfit(text, care, before)
            case _:
                raise TypeError("a story never takes the place of a text")


@dataclass(frozen=True, slots=True, repr=False)
class OpenEdit:
    """An edit that isn't saved yet: only its preview knows the receipt of this draft."""

    receipt: str
    revision: int
    edit: Editable
    promise: Promise | None = None
    """What its preview says about when the change appears: sealed with the words, and kept."""
    footing: str | None = None
    """What its preview says about the way of the change; see ``Edited``."""
    older: bool = False
    """What was pressed belonged to an older revision: this is the newest."""
    checked: Checked = NOTHING
    """What was noticed in the new words, and what their writer decided about it."""
    asks: bool = False
    """Something is left in them that surely identifies somebody: whether to save them all the same."""


@dataclass(frozen=True, slots=True, repr=False)
class Saved:
    """A change was accepted."""

    thing: Edited
    promise: Promise | None
    changed: bool
    """Whether anything is different now, or will be."""

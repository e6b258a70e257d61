"""A circle and its people, and what became of their words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from tests.conftest import Circle, seen, walk
from tests.flows.people import stories_in

LETTERS = "abcdefghijklmnoprstuvw"


@dataclass(eq=False)
class Own:
    """Something of somebody, with its words and its code."""

    word: str
    code: str
    after: Any
    """What was seen after *Post*."""
    since: datetime
    """When it was told; of a reply, when it was told what it answers: so long its writer is recognised."""
    words: set[str] = field(default_factory=set[str])
    """All that it ever said, and what was added to it by its teller."""

    def __post_init__(self) -> None:
        self.words.add(self.word)


@dataclass(eq=False)
class Peer:
    """Somebody who acts; ``openly``: what bears their id may be kept, where it is allowed."""

    actor: Any
    names: tuple[str, ...]
    openly: bool = False
    stories: list[Own] = field(default_factory=list[Own])
    """Those without a name."""
    replies: list[Own] = field(default_factory=list[Own])
    named: list[Own] = field(default_factory=list[Own])
    """Stories with their name, and those that they put it to."""
    beside_name: set[str] = field(default_factory=set[str])
    """All words of those, also when they are gone: their name may stand beside these and no others."""
    reminded: set[str] = field(default_factory=set[str])
    """Tables in which they may stand now, because they asked for it."""
    erased_at: datetime | None = None
    """When they let everything go; what they say under the same pen name while it goes may be left."""


@dataclass(eq=False)
class Going:
    """What somebody has let go, which goes in its own time."""

    peer: Peer
    words: set[str]
    pressed_at: datetime


@dataclass
class Life:
    """A circle, its people, and what became of their words."""

    circle: Circle
    random: Random
    peers: list[Peer]
    deeds: Mapping[str, Deed]
    """All that they do, each as likely as the others."""
    standing: set[str] = field(default_factory=set[str])
    """Words that may be kept and shown."""
    gone: set[str] = field(default_factory=set[str])
    """Words that were taken back, discarded, removed or edited away."""
    sealed: set[str] = field(default_factory=set[str])
    """Words of drafts: nobody may read them, ever."""
    going: list[Going] = field(default_factory=list[Going])
    """What was let go and may still be there."""
    reported: dict[str, int] = field(default_factory=dict[str, int])
    """Words to the moderators that they haven't dealt with, each with the reported message's id."""
    done: dict[str, int] = field(default_factory=dict[str, int])

    def now(self) -> datetime:
        """The simulated Discord's time."""
        return self.circle.stage.now()

    def word(self) -> str:
        """A word that stands nowhere else, with a letter that isn't written alike everywhere."""
        return "".join(self.random.choices(LETTERS, k=12)) + "ö" + "".join(self.random.choices(LETTERS, k=6))

    async def does(self, peer: Peer, name: str) -> bool:
        """One deed, if it is possible now. Returns whether it was."""
        done = await self.deeds[name](self, peer)
        if done:
            self.done[name] = self.done.get(name, 0) + 1
        return done

    def ends(self, words: set[str]) -> None:
        """Words that may be nowhere any more, after the night."""
        self.dealt_with(words)
        self.standing -= words
        self.gone |= words

    async def preview(self, peer: Peer, word: str, *, named: bool = False) -> Any:
        """The form, filled in and sent off."""
        if not (prompts := self._prompts()):
            await self.circle.facilitator.slash(self.circle.channel, "prompt post-now")
            prompts = self._prompts()
        if not prompts:
            return None  # paused before anything was asked
        label = "Share with my name" if named else "Share without my name"
        opened = await peer.actor.click(prompts[-1], label=label)
        if opened.modal is None:
            return None  # paused, or muted
        lesson = f"More of {word}." if self.random.random() < 0.5 else ""
        values = {"slip": f"A slip: {word}.", "effect": "", "repair": "", "lesson": lesson, "ask": "listen"}
        return (await peer.actor.submit_modal(opened, values)).response

    def _prompts(self) -> list[Any]:
        return [message for message in self.circle.channel.history() if "This week" in seen(message)]

    async def panel(self, own: Own, peer: Peer) -> Any:
        """Somebody's own story or reply, by its code."""
        opened = await peer.actor.slash(self.circle.channel, "story receipt")
        return (await peer.actor.submit_modal(opened, {"code": own.code})).response

    def takes_away(self, text: str) -> None:
        """The story in which this stands goes, and all that stands in its thread."""
        self.ends(self.with_thread(text))

    def with_thread(self, text: str) -> set[str]:
        """The words of the story in which this stands, and of its thread."""
        found = set[str]()
        for story in stories_in(self.circle):
            if text not in seen(story):
                continue
            texts = [seen(story)]
            for thread in self.circle.channel.threads:
                if thread.id == story.id:
                    texts += [seen(message) for message in thread.history()]
            found |= {word for word in self.standing if any(word in one for one in texts)}
            found |= {word for word, message_id in self.reported.items() if message_id == story.id}
        return found

    def dealt_with(self, words: Collection[str]) -> None:
        """What was said to the moderators in these words is settled."""
        for word in words:
            self.reported.pop(word, None)

    def shown(self) -> Any | None:
        """Some story that stands there."""
        found = stories_in(self.circle)
        return self.random.choice(found) if found else None


def offers(page: Any, label: str) -> bool:
    """Whether there is such a button."""
    return page is not None and any(item.get("label") == label for item in parts_of(page))


def parts_of(page: Any) -> list[dict[str, Any]]:
    """Every component of a message or answer."""
    return list(walk([part if isinstance(part, dict) else part.to_dict() for part in page.components]))


Deed = Callable[[Life, Peer], Awaitable[bool]]
"""Returns whether it could be done."""

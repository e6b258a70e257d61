"""What people do in months: one line for each thing in ``DEEDS``, which a new feature adds to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.conftest import Circle, seen, walk
from tests.flows.people import code_in, stories_in, told_to

LETTERS = "abcdefghijklmnoprstuvw"


@dataclass(eq=False)
class Own:
    """Something of somebody, with its words and its code."""

    word: str
    code: str
    after: Any
    """What was seen after *Post*."""


@dataclass(eq=False)
class Peer:
    """Somebody who acts; ``openly``: what bears their id may be kept, where it is allowed."""

    actor: Any
    names: tuple[str, ...]
    openly: bool = False
    stories: list[Own] = field(default_factory=list[Own])
    replies: list[Own] = field(default_factory=list[Own])


@dataclass
class Life:
    """A circle, its people, and what became of their words."""

    circle: Circle
    random: Random
    peers: list[Peer]
    standing: set[str] = field(default_factory=set[str])
    """Words that may be kept and shown."""
    gone: set[str] = field(default_factory=set[str])
    """Words that were taken back, discarded, removed or edited away."""
    sealed: set[str] = field(default_factory=set[str])
    """Words of drafts: nobody may read them, ever."""
    done: dict[str, int] = field(default_factory=dict[str, int])

    def word(self) -> str:
        """A word that stands nowhere else, with a letter that isn't written alike everywhere."""
        return "".join(self.random.choices(LETTERS, k=12)) + "ö" + "".join(self.random.choices(LETTERS, k=6))

    async def something(self, peer: Peer) -> None:
        """One deed, if it is possible now."""
        name = self.random.choice(list(DEEDS))
        if await DEEDS[name](self, peer):
            self.done[name] = self.done.get(name, 0) + 1

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
        for story in stories_in(self.circle):
            if text not in seen(story):
                continue
            texts = [seen(story)]
            for thread in self.circle.channel.threads:
                if thread.id == story.id:
                    texts += [seen(message) for message in thread.history()]
            gone = {word for word in self.standing if any(word in one for one in texts)}
            self.standing -= gone
            self.gone |= gone

    def shown(self) -> Any | None:
        """Some story that stands there."""
        found = stories_in(self.circle)
        return self.random.choice(found) if found else None


def offers(page: Any, label: str) -> bool:
    """Whether there is such a button."""
    if page is None:
        return False
    components = page.components
    parts = [part if isinstance(part, dict) else part.to_dict() for part in components]
    return any(item.get("label") == label for item in walk(parts))


Deed = Callable[[Life, Peer], Awaitable[bool]]
"""Returns whether it could be done."""


async def tell(life: Life, peer: Peer) -> bool:
    """A story without a name."""
    word = life.word()
    page = await life.preview(peer, word)
    if page is None or not offers(page, "Post"):
        return False
    after = (await peer.actor.click(page.message, label="Post")).response
    peer.stories.append(Own(word, code_in(after), after))
    life.standing.add(word)
    return True


async def tell_openly(life: Life, peer: Peer) -> bool:
    """A story with a name, by somebody whose name may stand there."""
    if not peer.openly:
        return False
    word = life.word()
    page = await life.preview(peer, word, named=True)
    if page is None or not offers(page, "Post"):
        return False
    await peer.actor.click(page.message, label="Post")
    life.standing.add(word)
    return True


async def edit_draft_and_leave_it(life: Life, peer: Peer) -> bool:
    """A draft, rewritten; the preview is left alone."""
    words = life.word(), life.word()
    page = await life.preview(peer, words[0])
    if page is None or not offers(page, "Edit"):
        return False
    opened = await peer.actor.click(page.message, label="Edit")
    values = {"slip": words[1], "effect": "", "repair": "", "lesson": "", "ask": "listen"}
    await peer.actor.submit_modal(opened, values)
    life.sealed.update(words)
    return True


async def discard(life: Life, peer: Peer) -> bool:
    """A draft that is thrown away."""
    word = life.word()
    page = await life.preview(peer, word)
    if page is None or not offers(page, "Discard"):
        return False
    page = (await peer.actor.click(page.message, label="Discard")).response
    await peer.actor.click(page.message, label="Discard it")
    life.sealed.add(word)
    return True


async def withdraw(life: Life, peer: Peer) -> bool:
    """A story is taken back, seen or unseen."""
    if not peer.stories:
        return False
    own = peer.stories.pop(life.random.randrange(len(peer.stories)))
    page = await life.panel(own, peer)
    if not offers(page, "Withdraw the story"):
        return False  # it was removed
    page = (await peer.actor.click(page.message, label="Withdraw the story")).response
    life.takes_away(own.word)
    await peer.actor.click(page.message, label="Yes, take it back")
    life.standing.discard(own.word)
    life.gone.add(own.word)
    return True


async def withdraw_at_once(life: Life, peer: Peer) -> bool:
    """A story is taken back before anybody has seen it."""
    return await tell(life, peer) and await _withdraw_last(life, peer)


async def _withdraw_last(life: Life, peer: Peer) -> bool:
    own = peer.stories.pop()
    page = (await peer.actor.click(own.after.message, label="Take it back")).response
    await peer.actor.click(page.message, label="Yes, take it back")
    life.standing.discard(own.word)
    life.gone.add(own.word)
    return True


async def reply(life: Life, peer: Peer) -> bool:
    """A reply without a name to some story."""
    story, word = life.shown(), life.word()
    if story is None:
        return False
    opened = await peer.actor.click(story, label="Reply without my name")
    if opened.modal is None:
        return False
    page = (await peer.actor.submit_modal(opened, {"text": f"I hear you: {word}."})).response
    if not offers(page, "Post"):
        return False
    after = (await peer.actor.click(page.message, label="Post")).response
    peer.replies.append(Own(word, code_in(after), after))
    life.standing.add(word)
    return True


async def withdraw_reply(life: Life, peer: Peer) -> bool:
    """A reply is taken back."""
    if not peer.replies:
        return False
    own = peer.replies.pop()
    page = await life.panel(own, peer)
    if not offers(page, "Take it back"):
        return False
    page = (await peer.actor.click(page.message, label="Take it back")).response
    if offers(page, "Yes, take it back"):
        await peer.actor.click(page.message, label="Yes, take it back")
    life.standing.discard(own.word)
    life.gone.add(own.word)
    return True


async def update(life: Life, peer: Peer) -> bool:
    """How it went on, by the story's teller."""
    return await _add(life, peer, "Add how it went")


async def answer(life: Life, peer: Peer) -> bool:
    """A reply by the teller, under the badge."""
    return await _add(life, peer, "Answer in the thread")


async def _add(life: Life, peer: Peer, label: str) -> bool:
    if not peer.stories:
        return False
    page, word = await life.panel(peer.stories[-1], peer), life.word()
    if not offers(page, label):
        return False
    opened = await peer.actor.click(page.message, label=label)
    if opened.modal is None:
        return False
    page = (await peer.actor.submit_modal(opened, {"text": f"It goes on: {word}."})).response
    if not offers(page, "Post"):
        return False
    await peer.actor.click(page.message, label="Post")
    life.standing.add(word)
    return True


async def edit(life: Life, peer: Peer) -> bool:
    """A posted story gets other words. Whatever its button is called, its custom_id says *edit*."""
    if not peer.stories:
        return False
    own = peer.stories[-1]
    page = await life.panel(own, peer)
    if not offers(page, EDIT):
        return False
    word = life.word()
    opened = await peer.actor.click(page.message, label=EDIT)
    if opened.modal is None:
        return False
    values = {"slip": f"In other words: {word}.", "effect": "", "repair": "", "lesson": "", "ask": "listen"}
    page = (await peer.actor.submit_modal(opened, values)).response
    await peer.actor.click(page.message, label="Post")
    life.standing.discard(own.word)
    life.gone.add(own.word)
    own.word = word
    life.standing.add(word)
    return True


EDIT = "Edit the story"


async def sign(life: Life, peer: Peer) -> bool:
    """A quiet sign, or two, or one taken back."""
    story = life.shown()
    if story is None:
        return False
    for label in life.random.sample(("Thank you", "I've been there", "I learned"), 2):
        await peer.actor.click(story, label=label) if offers(story, label) else None
    return True


async def look(life: Life, peer: Peer) -> bool:
    """*This is mine* at any story; a wrong code."""
    story = life.shown()
    if story is None:
        return False
    opened = await peer.actor.click(story, label="This is mine")
    if opened.modal is not None:
        await peer.actor.submit_modal(opened, {"code": "ABCD-EFGH-JKMN-PQRS-TVWX"})
    return True


async def send_code(life: Life, peer: Peer) -> bool:
    """The code goes to one's private messages."""
    if not peer.stories or not await tell(life, peer):
        return False
    page = await peer.actor.click(peer.stories[-1].after.message, label="Send the code to my DMs")
    if offers(page.response, "Send it"):
        await peer.actor.click(page.response.message, label="Send it")
    return True


async def remind(life: Life, peer: Peer) -> bool:
    """A weekly reminder, by somebody whose id may be kept for it; or it is stopped."""
    if not peer.openly:
        return False
    if life.random.random() < 0.3:
        await peer.actor.slash(life.circle.channel, "remind stop")
    else:
        await peer.actor.slash(
            life.circle.channel, "remind weekly", day=life.random.randrange(7), time="18:30"
        )
    return True


async def moderate(life: Life, _peer: Peer) -> bool:
    """A moderator mutes, unmutes, locks, unlocks or removes."""
    numbers = [int(seen(story).split("### Story ")[1].split()[0]) for story in stories_in(life.circle)]
    if not numbers:
        return False
    number, moderator, channel = life.random.choice(numbers), life.circle.moderator, life.circle.channel
    what = life.random.choice(("mute", "unmute", "unmute", "lock", "unlock", "remove"))
    more = {"until": "One week"} if what == "mute" else {}
    page = await moderator.slash(channel, f"moderate {what}", story=number, **more)
    if offers(page.response, "Mute"):
        await moderator.click(page.response.message, label="Mute")
    if offers(page.response, "Remove it"):
        life.takes_away(f"### Story {number} ")
        await moderator.click(page.response.message, label="Remove it")
    return "Nothing" not in told_to(page)


async def pause(life: Life, peer: Peer) -> bool:
    """The circle is paused, a form is refused, and it goes on."""
    await life.circle.facilitator.slash(life.circle.channel, "circle pause")
    await life.preview(peer, life.word())
    await life.circle.facilitator.slash(life.circle.channel, "circle resume")
    return True


DEEDS: dict[str, Deed] = {
    "tell": tell,
    "tell again": tell,
    "tell with a name": tell_openly,
    "leave a draft": edit_draft_and_leave_it,
    "discard": discard,
    "withdraw": withdraw,
    "withdraw unseen": withdraw_at_once,
    "reply": reply,
    "reply again": reply,
    "withdraw a reply": withdraw_reply,
    "update": update,
    "answer": answer,
    "edit": edit,
    "sign": sign,
    "look": look,
    "send the code": send_code,
    "remind": remind,
    "moderate": moderate,
    "pause": pause,
}
"""All that people do, each as likely as the others."""

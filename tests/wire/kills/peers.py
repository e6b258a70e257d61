"""People who tell, edit, post, reply, add and take back, and who press again when nobody answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

from tests.conftest import WORDS
from tests.wire.kills.ledger import Added, Ledger, Told
from tests.wire.kills.scene import Place, Scene
from tests.wire.reply import NoAnswer, Reply
from tests.wire.things import Message, Person

STORY = "### Story"
GONE = tuple(WORDS(f"refusals.{key}") for key in ("story_gone", "draft_gone", "story_removed"))
AGAIN_SECONDS = 0.25
PATIENCE = 240
"""Presses that somebody repeats before it counts as a promise broken."""


class Peer:
    """One person; what they do is decided by their own ``random``."""

    def __init__(self, scene: Scene, person: Person, ledger: Ledger, random: Random) -> None:
        self._scene = scene
        self._people = scene.discord.people
        self._person = person
        self._ledger = ledger
        self._random = random

    async def live(self, over: asyncio.Event) -> None:
        """Do one thing after the other; what was begun is brought to its end."""
        while not over.is_set():
            if self._random.random() < 0.55:
                await self._tell()
            else:
                await self._reply()
            await asyncio.sleep(self._random.uniform(0.05, 0.6))

    async def _insist(self, action: Callable[[], Awaitable[Reply]]) -> Reply:
        """Press until somebody answers, as people do. Raises AssertionError when nobody ever does."""
        for _ in range(PATIENCE):
            try:
                reply = await action()
            except NoAnswer:
                self._ledger.unanswered += 1
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            self._ledger.answered += 1
            return reply
        raise AssertionError("nobody ever answered")

    async def _press(self, on: Reply | Message, label: str) -> Reply:
        async def press() -> Reply:
            try:
                return await self._people.press(self._person, on, label=label)
            except LookupError:
                if isinstance(on, Message) or not self._ledger.unanswered:
                    raise
                return on  # an answer that came too late for us stands there already

        return await self._insist(press)

    async def _submit(self, form: Reply, values: dict[str, str]) -> Reply:
        """Send a form off until a preview is seen. Words that come back are sent off again."""
        while True:
            shown = await self._insist(lambda: self._people.submit(self._person, form, values))
            if any(":post:" in one for one in _ids(shown)):
                return shown
            (word,) = [value for value in values.values() if value]
            assert word in shown.text() or "no longer" in shown.text(), shown.text()
            self._ledger.given_back += 1
            await asyncio.sleep(AGAIN_SECONDS)

    async def _tell(self) -> None:
        place = self._random.choice(self._scene.places)
        form = await self._press(self._scene.board, str(place.weekday))
        story = Told(self._scene.places.index(place), self._ledger.word())
        preview = await self._submit(form, {"slip": story.word})
        self._ledger.stories.append(story)
        if self._random.random() < 0.3:
            preview = await self._edit(story, preview)
        after = await self._post(preview)
        story.posted = True
        if self._random.random() < 0.25:
            await asyncio.sleep(self._random.uniform(0, 1.0))
            await self._withdraw(story, after)
        elif self._random.random() < 0.5:
            await self._update(story, after)

    async def _edit(self, story: Told, preview: Reply) -> Reply:
        form = await self._press(preview, "Edit")
        newer = self._ledger.word()
        edited = await self._submit(form, {"slip": newer})
        story.older.append(story.word)
        story.word = newer
        return edited

    async def _post(self, preview: Reply) -> Reply:
        """*Post*, sometimes twice at once; then look for the receipt."""
        twice = self._random.random() < 0.3
        presses = [self._press(preview, "Post") for _ in range(2 if twice else 1)]
        shown = (await asyncio.gather(*presses))[-1]
        while not any(":panel:" in one for one in _ids(shown)):
            shown = await self._press(preview, "Post")  # an apology: the preview still stands there
        return shown

    async def _withdraw(self, story: Told, after: Reply) -> None:
        question = await self._press(after, "Take it back")
        if _ids(question):
            await self._press(question, "Yes, take it back")
        story.withdrawn = True  # or it was gone already: the first press had arrived

    async def _update(self, story: Told, after: Reply) -> None:
        panel = await self._press(after, "My story")
        if not any("additions:v1:update:" in one for one in _ids(panel)):
            return
        form = await self._press(panel, "Add how it went")
        added = Added(self._ledger.word(), update=True)
        await self._add(story, form, added)

    async def _reply(self) -> None:
        """To any story that stands there with its thread open."""
        found = self._some_story()
        if found is None:
            return
        story, message = found
        form = await self._press(message, "Reply without my name")
        if form.used.form is None:
            return  # it was taken back meanwhile
        await self._add(story, form, Added(self._ledger.word(), update=False))

    async def _add(self, story: Told, form: Reply, added: Added) -> None:
        shown = await self._insist(lambda: self._people.submit(self._person, form, {"text": added.word}))
        while any(":post:" in one for one in _ids(shown)):
            done = await self._press(shown, "Post")
            if _posted(done):
                story.added.append(added)
                return
            if any(refusal in done.text() for refusal in GONE):
                return  # its story was taken back meanwhile, and the words came back

    def _some_story(self) -> tuple[Told, Message] | None:
        ours = {story.word: story for story in self._ledger.stories if story.stands}
        shown = [
            (ours[word], message)
            for place in self._scene.places
            for message in stories_at(self._scene, place)
            for word in ours
            if word in message.text()
        ]
        return self._random.choice(shown) if shown else None


def stories_at(scene: Scene, place: Place) -> list[Message]:
    """The stories' messages of a circle: in its channel, or the first ones in a forum's posts."""
    discord = scene.discord
    found = [
        message
        for channel in (place.channel, *discord.threads(place.channel))
        for message in discord.messages(channel)
    ]
    return [message for message in found if STORY in message.text()]


def _posted(reply: Reply) -> bool:
    """Whether somebody is told that what they added is on its way."""
    replied = any(one.startswith("additions:v1:withdraw:") for one in _ids(reply))
    return replied or WORDS("additions.told.update") in reply.text()


def _ids(reply: Reply) -> list[str]:
    return reply.custom_ids() if reply.used.form is not None or _has_message(reply) else []


def _has_message(reply: Reply) -> bool:
    return reply.used.original is not None or bool(reply.used.followups)

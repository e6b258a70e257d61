"""People who tell, edit, post, reply, add, resonate and take back."""

from __future__ import annotations

import asyncio
from random import Random

from tests.conftest import WORDS
from tests.wire.kills.insistent import (
    Insistent,
    WordsLost,
    ids,
    is_accepted,
    is_added,
    is_discarded,
    is_gone,
    is_taken_back,
    may_post,
)
from tests.wire.kills.ledger import Added, Ledger, Told
from tests.wire.kills.scene import Scene
from tests.wire.reply import Reply
from tests.wire.things import Message, Person

STORY = "### Story"
SIGNS = ("been_there", "thanks", "learned")
LOOKS, LOOK_SECONDS = 20, 0.2
"""How often somebody looks whether their story has appeared, and how long they wait in between."""


class Peer:
    """One person; what they do is decided by their own ``random``."""

    def __init__(self, scene: Scene, person: Person, ledger: Ledger, random: Random) -> None:
        self._scene = scene
        self._person = person
        self._ledger = ledger
        self._random = random
        self._does = Insistent(scene.discord.people, person, ledger)
        self._for_later: list[tuple[Told, Reply]] = []
        """Previews that stand there until everything else is done."""
        self._regretted: list[tuple[Added, Reply]] = []
        """Replies that are taken back at some later moment, when most of them have appeared."""
        self._thanks: dict[Told, Reply] = {}
        """What was seen after *Post*."""

    async def live(self, over: asyncio.Event) -> None:
        """Do one thing after the other; what was begun is brought to its end."""
        while not over.is_set():
            actions = (self._tell, self._reply, self._resonate, self._regret)
            try:
                await self._random.choices(actions, (11, 6, 5, 4))[0]()
            except WordsLost as lost:
                self._ledger.broken.append(f"words were lost behind a preview that was seen: {lost}")
            await asyncio.sleep(self._random.uniform(0.05, 0.6))
        for story, preview in self._for_later:
            await self._post(story, preview)
        while self._regretted:
            await self._regret()

    async def look_back(self) -> list[str]:
        """Find every story again that stands, by its code or by name. Returns those that can't be found."""
        lost: list[str] = []
        for story, after in self._thanks.items():
            if not story.stands:
                continue
            if any("additions:v1:update:" in one for one in ids(await self._find_again(story, after))):
                self._ledger.found_again += 1
            else:
                lost.append(f"{story.word} was accepted, and its teller doesn't find it again")
        return lost

    async def _find_again(self, story: Told, after: Reply) -> Reply:
        if story.named:
            shown = [one for one in stories_at(self._scene, story.circle) if story.word in one.text()]
            return await self._does.press(shown[0], "This is mine") if shown else after
        place = self._scene.places[story.circle]
        form = await self._does.ask(place.channel, "story receipt")
        return await self._does.submit(form, {"code": after.text().split("`")[1]})

    async def _tell(self) -> None:
        place, named = self._random.choice(self._scene.places), self._chance(0.25)
        form = await self._does.press(self._scene.board, place.label(named=named))
        story = Told(self._scene.places.index(place), self._ledger.word(), named)
        preview = await self._does.submit_until_preview(form, {"slip": story.word})
        self._ledger.stories.append(story)
        if self._chance(0.3):
            preview = await self._edit(story, preview)
        if self._chance(0.1):
            await self._discard(preview)
        elif self._chance(0.15):
            self._for_later.append((story, preview))
        else:
            await self._post(story, preview)
            await self._go_on(story, self._thanks[story])

    async def _edit(self, story: Told, preview: Reply) -> Reply:
        form = await self._does.press(preview, "Edit")
        newer = self._ledger.word()
        edited = await self._does.submit_until_preview(form, {"slip": newer})
        story.older.append(story.word)
        story.word = newer
        return edited

    async def _discard(self, preview: Reply) -> None:
        """A story that nobody may ever see."""
        question = await self._does.press(preview, "Discard")
        if ids(question):
            await self._does.press_until(question, "Discard it", is_discarded)

    async def _post(self, story: Told, preview: Reply) -> None:
        """*Post*, sometimes twice at once, until the receipt is seen."""
        if self._chance(0.3):
            await asyncio.gather(*(self._does.press(preview, "Post") for _ in range(2)))
        if not is_accepted(preview):
            preview = await self._does.press_until(preview, "Post", is_accepted)
        story.posted = True
        self._thanks[story] = preview

    async def _go_on(self, story: Told, after: Reply) -> None:
        if self._chance(0.25):
            await self._hesitate(story)
            question = await self._does.press(after, "Take it back")
            story.leaving = True
            if not is_taken_back(question):
                await self._does.press_until(question, "Yes, take it back", is_taken_back)
            story.withdrawn = True
        elif self._chance(0.5):
            await self._update(story, after)

    async def _update(self, story: Told, after: Reply) -> None:
        panel = await self._does.press(after, "My story")
        if not any("additions:v1:update:" in one for one in ids(panel)):
            return
        form = await self._does.press(panel, "Add how it went")
        await self._add_perhaps_to_regret(story, form, Added(self._ledger.word(), update=True))

    async def _reply(self) -> None:
        """To any story that stands there; some replies are regretted."""
        found = self._some_story()
        if found is None:
            return
        story, message = found
        form = await self._does.press(message, "Reply without my name")
        if form.used.form is None:
            return  # it was taken back meanwhile
        await self._add_perhaps_to_regret(story, form, Added(self._ledger.word(), update=False))

    async def _add_perhaps_to_regret(self, story: Told, form: Reply, added: Added) -> None:
        done = await self._add(story, form, added)
        if done is not None and self._chance(0.3):
            self._regretted.append((added, done))

    async def _regret(self) -> None:
        if not self._regretted:
            return
        added, done = self._regretted.pop(0)
        question = await self._does.press(done, "Take it back")
        if not is_taken_back(question):
            await self._does.press_until(question, "Yes, take it back", is_taken_back)
        added.withdrawn = True

    async def _add(self, story: Told, form: Reply, added: Added) -> Reply | None:
        """Write and post it; None when its story was taken back meanwhile, and the words came back."""
        shown = await self._does.submit(form, {"text": added.word})
        if added.word not in shown.text():
            raise WordsLost(f"{added.word}: {shown.text()}")
        if not may_post(shown):
            return None
        done = await self._does.press_until(
            shown, "Post", lambda seen: is_added(seen) or (story.leaving and is_gone(seen))
        )
        if not is_added(done):
            return None
        story.added.append(added)
        return done

    async def _resonate(self) -> None:
        """One quiet sign; a second press takes it back. What was answered last is what holds."""
        found = self._some_story()
        if found is None:
            return
        story, message = found
        sign = self._random.choice(SIGNS)
        (custom_id,) = [one for one in message.custom_ids() if one.endswith(f":{sign}")]
        told = (await self._does.press(message, custom_id=custom_id)).text()
        if WORDS("resonance.counted") in told:
            story.signs.add((self._person.id, sign))
        elif WORDS("resonance.taken_back") in told:
            story.signs.discard((self._person.id, sign))

    async def _hesitate(self, story: Told) -> None:
        """For a moment, or until the story is seen, and then for a moment."""
        if self._chance(0.5):
            for _ in range(LOOKS):
                if any(story.word in message.text() for message in stories_at(self._scene, story.circle)):
                    break
                await asyncio.sleep(LOOK_SECONDS)
        await asyncio.sleep(self._random.uniform(0, 0.7))

    def _some_story(self) -> tuple[Told, Message] | None:
        ours = {story.word: story for story in self._ledger.stories if story.stands}
        shown = [
            (ours[word], message)
            for circle in range(len(self._scene.places))
            for message in stories_at(self._scene, circle)
            for word in ours
            if word in message.text()
        ]
        return self._random.choice(shown) if shown else None

    def _chance(self, probability: float) -> bool:
        return self._random.random() < probability


def everything_at(scene: Scene, circle: int) -> list[Message]:
    """All messages of a circle: in its channel and threads, or in its forum's posts."""
    discord, channel = scene.discord, scene.places[circle].channel
    return [message for one in (channel, *discord.threads(channel)) for message in discord.messages(one)]


def stories_at(scene: Scene, circle: int) -> list[Message]:
    """The stories' messages of a circle: in its channel, or the first ones in a forum's posts."""
    return [message for message in everything_at(scene, circle) if STORY in message.text()]

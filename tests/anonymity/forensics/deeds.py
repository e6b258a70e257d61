"""What people do with their own words: tell, change, add to, take back."""

from __future__ import annotations

from discord.utils import snowflake_time

from tests.anonymity.forensics.life import Life, Own, Peer, offers
from tests.flows.people import code_in


async def tell(life: Life, peer: Peer) -> bool:
    """A story without a name."""
    word = life.word()
    page = await life.preview(peer, word)
    if page is None or not offers(page, "Post"):
        return False
    after = (await peer.actor.click(page.message, label="Post")).response
    peer.stories.append(Own(word, code_in(after), after, life.now()))
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
    after = (await peer.actor.click(page.message, label="Post")).response
    peer.named.append(Own(word, "", after, life.now()))
    peer.beside_name.add(word)
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
    life.ends(own.words)
    return True


async def withdraw_at_once(life: Life, peer: Peer) -> bool:
    """A story is taken back before anybody has seen it."""
    return await tell(life, peer) and await _withdraw_last(life, peer)


async def _withdraw_last(life: Life, peer: Peer) -> bool:
    own = peer.stories.pop()
    page = (await peer.actor.click(own.after.message, label="Take it back")).response
    await peer.actor.click(page.message, label="Yes, take it back")
    life.ends(own.words)
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
    peer.replies.append(Own(word, code_in(after), after, snowflake_time(story.id)))
    life.standing.add(word)
    return True


async def withdraw_reply(life: Life, peer: Peer) -> bool:
    """A reply is taken back."""
    if not peer.replies:
        return False
    own = peer.replies.pop()
    page = await life.panel(own, peer)
    if not offers(page, "Withdraw the reply"):
        return False  # it went with its story
    page = (await peer.actor.click(page.message, label="Withdraw the reply")).response
    await peer.actor.click(page.message, label="Yes, take it back")
    life.ends(own.words)
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
    peer.stories[-1].words.add(word)
    life.standing.add(word)
    return True


SAVE = "Save the change"


async def edit(life: Life, peer: Peer) -> bool:
    """A story gets other words, where its panel offers that."""
    values = {"effect": "", "repair": "", "lesson": "", "ask": "listen"}
    return await _change(life, peer, peer.stories, "slip", values)


async def edit_reply(life: Life, peer: Peer) -> bool:
    """A reply gets other words."""
    return await _change(life, peer, peer.replies, "text", {})


async def _change(life: Life, peer: Peer, owned: list[Own], what: str, values: dict[str, str]) -> bool:
    page = await life.panel(owned[-1], peer) if owned else None
    if not offers(page, "Edit"):
        return False
    own, word = owned[-1], life.word()
    opened = await peer.actor.click(page.message, label="Edit")
    if opened.modal is None:
        return False
    page = (await peer.actor.submit_modal(opened, {what: f"In other words: {word}."} | values)).response
    if not offers(page, SAVE):
        return False
    await peer.actor.click(page.message, label=SAVE)
    life.ends({own.word})
    own.word = word
    own.words.add(word)
    life.standing.add(word)
    return True

"""What people do with what is theirs: look at it, put their name to it, let it go; and the nudge."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.anonymity.forensics import deeds
from tests.anonymity.forensics.life import Going, Life, Own, Peer, offers, parts_of
from tests.conftest import seen
from tests.flows.people import told_to

RECOGNISED = timedelta(days=20)
"""For so long something is surely recognised: a key lives for the window from its epoch's begin on, at most
seven days before what was told."""
FORGOTTEN = timedelta(days=28)
"""And after that surely nothing."""
GONE_AFTER = timedelta(days=2, hours=2)
"""What somebody let go is gone within a day, and unreadable after the night that follows."""
NUDGE_STOP = "reminders:v1:nudge-stop"


async def claim(life: Life, peer: Peer) -> bool:
    """A name is put to one story; another one of the same teller's stays without."""
    if not peer.openly:
        return False
    while len(peer.stories) < 2:
        if not await deeds.tell(life, peer):
            return False
    own = life.random.choice(peer.stories)
    page = await life.panel(own, peer)
    if not offers(page, "Put my name to it"):
        return False  # it was removed
    page = (await peer.actor.click(page.message, label="Put my name to it")).response
    if not offers(page, "Yes, with my name"):
        return False
    done = await peer.actor.click(page.message, label="Yes, with my name")
    assert "with your name" in told_to(done) or "bears your name" in told_to(done)
    peer.stories.remove(own)
    peer.named.append(own)
    peer.beside_name |= own.words
    return True


async def mine(life: Life, peer: Peer) -> bool:
    """``/story mine``, and one of the panels that it leads to."""
    page = await _mine(life, peer)
    looks = _ids(page, "Look")
    if not looks:
        return False
    if offers(page, "Next page"):
        page = (await peer.actor.click(page.message, label="Next page")).response
        looks = _ids(page, "Look")
    await peer.actor.click(page.message, custom_id=life.random.choice(looks))
    return True


async def withdraw_update(life: Life, peer: Peer) -> bool:
    """What was added to a story is taken back, an update or an answer, found by the story's panel."""
    if not await deeds.update(life, peer):
        return False
    own = peer.stories[-1]
    page = await life.panel(own, peer)
    if not offers(page, "What I added"):
        return False
    page = (await peer.actor.click(page.message, label="What I added")).response
    chosen = life.random.choice(_ids(page, "Look"))
    page = (await peer.actor.click(page.message, custom_id=chosen)).response
    label = next((one for one in ("Withdraw the update", "Withdraw the answer") if offers(page, one)), "")
    words = {word for word in own.words if word in seen(page)}
    assert label
    assert words
    page = (await peer.actor.click(page.message, label=label)).response
    await peer.actor.click(page.message, label="Yes, take it back")
    life.ends(words)
    return True


async def ask_for_nudge(life: Life, peer: Peer) -> bool:
    """The word to look back, asked for right after telling, by somebody whose id may be kept for it."""
    if not peer.openly:
        return False
    if life.random.random() < 0.5 and await deeds.tell(life, peer):
        await peer.actor.click(peer.stories[-1].after.message, label="Remind me in some weeks")
    else:
        await peer.actor.slash(life.circle.channel, "remind look-back")
    peer.reminded.add("nudges")
    return True


async def stop_nudge(life: Life, peer: Peer) -> bool:
    """It is stopped, asked for a while ago, or a moment ago and not written down yet."""
    if "nudges" not in peer.reminded and not await ask_for_nudge(life, peer):
        return False
    page = (await peer.actor.slash(life.circle.channel, "remind list")).response
    peer.reminded.discard("nudges")
    if NUDGE_STOP not in {item.get("custom_id") for item in parts_of(page)}:
        return False  # it has come, or a restart forgot it
    await peer.actor.click(page.message, custom_id=NUDGE_STOP)
    return True


async def let_go(life: Life, peer: Peer) -> bool:
    """``/privacy erase``, everything: what bears the name at once, what is recognised within a day."""
    return bool(peer.stories or peer.replies or peer.named) and await _everything_goes(life, peer)


async def _everything_goes(life: Life, peer: Peer) -> bool:
    page = (await peer.actor.slash(life.circle.channel, "privacy erase")).response
    left_over = peer.erased_at is not None and life.now() - peer.erased_at < RECOGNISED
    stories = [own for own in peer.stories if life.now() - own.since < RECOGNISED]
    replies = [own for own in peer.replies if life.now() - own.since < RECOGNISED and not left_over]
    at_once = _words(life, peer.named, with_threads=True)
    later = _words(life, stories, with_threads=True) | _words(life, replies, with_threads=False)
    done = await peer.actor.click(page.message, label="Everything of mine")
    if "Done." not in told_to(done):
        return False  # too often
    life.ends(at_once)
    life.going.append(Going(peer, later - at_once, life.now()))
    # what is neither surely recognised nor surely not: nobody here knows what becomes of it
    peer.stories = [own for own in peer.stories if life.now() - own.since > FORGOTTEN]
    peer.replies = [own for own in peer.replies if life.now() - own.since > FORGOTTEN]
    peer.named.clear()
    peer.reminded.clear()
    peer.erased_at = life.now()
    return True


def _words(life: Life, owned: list[Own], *, with_threads: bool) -> set[str]:
    words = {word for own in owned for word in own.words}
    return words.union(*(life.with_thread(word) for word in words)) if with_threads else words


async def press_again(life: Life) -> None:
    """A restart has forgotten what was on its way out: who was told so asks once more."""
    for going in [one for one in life.going if life.now() - one.pressed_at < timedelta(days=1)]:
        if await _everything_goes(life, going.peer):
            going.pressed_at = life.now()


def settle(life: Life) -> None:
    """What has had its day and its night is looked for from now on."""
    for going in [one for one in life.going if life.now() - one.pressed_at >= GONE_AFTER]:
        life.going.remove(going)
        life.ends(going.words)


async def _mine(life: Life, peer: Peer) -> Any:
    return (await peer.actor.slash(life.circle.channel, "story mine")).response


def _ids(page: Any, label: str) -> list[str]:
    return [str(item["custom_id"]) for item in parts_of(page) if item.get("label") == label]

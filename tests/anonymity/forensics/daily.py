"""All that people do in months: one line for each thing in ``DEEDS``, which a new feature adds to."""

from __future__ import annotations

from tests.anonymity.forensics import deeds, rights
from tests.anonymity.forensics.life import Deed, Life, Peer, offers, parts_of
from tests.conftest import seen
from tests.flows.people import stories_in, told_to
from tests.flows.reviewing import queue, set_review, take


async def press_around(life: Life, peer: Peer) -> bool:
    """Any other button of one's own panel, whatever it is; what opens a form is left at that."""
    page = await life.panel(peer.stories[-1], peer) if peer.stories else None
    if page is None:
        return False
    labels = [
        str(item["label"])
        for item in parts_of(page)
        if item.get("label") and item.get("custom_id") and not item.get("disabled")
    ]
    harmless = [label for label in labels if not any(word in label.lower() for word in ENDS_SOMETHING)]
    if not harmless:
        return False
    await peer.actor.click(page.message, label=life.random.choice(harmless))
    return True


ENDS_SOMETHING = ("withdraw", "take it back", "name")
"""In labels of buttons that take something back, or put a name to it."""


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
    if not peer.stories or not await deeds.tell(life, peer):
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
        peer.reminded.discard("reminders")
    else:
        await peer.actor.slash(
            life.circle.channel, "remind weekly", day=life.random.randrange(7), time="18:30"
        )
        peer.reminded.add("reminders")
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
    if offers(page.response, "Close it"):
        await moderator.click(page.response.message, label="Close it")
    return "Nothing" not in told_to(page)


async def review(life: Life, _peer: Peer) -> bool:
    """A moderator decides about what waits for them; when nothing does, moderators look first from now on, or
    no more."""
    circle, moderator = life.circle, life.circle.moderator
    page = await queue(circle)
    if not offers(page, "Look"):
        await set_review(circle, on=life.random.random() < 0.6)
        return False
    first = next(part["custom_id"] for part in parts_of(page) if part.get("label") == "Look")
    taken = await take(circle, shown=(await moderator.click(page.message, custom_id=first)).response)
    what = life.random.choice(("Publish it", "Publish it", "Ask for a change", "Don't publish it"))
    done = await moderator.click(taken.message, label=what)
    if done.modal is not None:
        await moderator.submit_modal(done, {"reason": "Could it be shorter?"})
    return True


async def report(life: Life, peer: Peer) -> bool:
    """A story is reported to the moderators."""
    story, word = life.shown(), life.word()
    if story is None:
        return False
    opened = await peer.actor.context_menu(life.circle.channel, "Report to the moderators", story)
    if opened.modal is None or "already" in str(opened.modal):
        return False  # their own, or told before
    sent = await peer.actor.submit_modal(opened, {"reason": "hurts", "words": f"Please look: {word}."})
    if "Thank you" not in told_to(sent):
        return False
    life.standing.add(word)
    life.reported[word] = story.id
    return True


async def answer_report(life: Life, _peer: Peer) -> bool:
    """A moderator looks at what was reported, and closes the first."""
    page = (await life.circle.moderator.slash(life.circle.channel, "moderate reports")).response
    if not offers(page, "Nothing to do"):
        return False
    ids = {item["url"].rpartition("/")[2] for item in parts_of(page) if item.get("url")}
    words = {word for word, message_id in life.reported.items() if str(message_id) in ids}
    await life.circle.moderator.click(page.message, label="Nothing to do")
    life.dealt_with(words)
    life.standing -= words
    life.gone |= words
    return True


async def pause(life: Life, peer: Peer) -> bool:
    """The circle is paused, a form is refused, and it goes on."""
    await life.circle.facilitator.slash(life.circle.channel, "circle pause")
    await life.preview(peer, life.word())
    await life.circle.facilitator.slash(life.circle.channel, "circle resume")
    return True


DEEDS: dict[str, Deed] = {
    "tell": deeds.tell,
    "tell again": deeds.tell,
    "tell with a name": deeds.tell_openly,
    "leave a draft": deeds.edit_draft_and_leave_it,
    "discard": deeds.discard,
    "withdraw": deeds.withdraw,
    "withdraw unseen": deeds.withdraw_at_once,
    "reply": deeds.reply,
    "reply again": deeds.reply,
    "withdraw a reply": deeds.withdraw_reply,
    "reply once more": deeds.reply,
    "update": deeds.update,
    "withdraw an update": rights.withdraw_update,
    "answer": deeds.answer,
    "edit": deeds.edit,
    "edit a reply": deeds.edit_reply,
    "press around": press_around,
    "sign": sign,
    "look": look,
    "send the code": send_code,
    "remind": remind,
    "ask for a nudge": rights.ask_for_nudge,
    "stop a nudge": rights.stop_nudge,
    "ask for a nudge again": rights.ask_for_nudge,
    "claim": rights.claim,
    "look at what is mine": rights.mine,
    "let everything go": rights.let_go,
    "moderate": moderate,
    "review": review,
    "review again": review,
    "pause": pause,
    "report": report,
    "answer a report": answer_report,
}
"""All that people do, each as likely as the others."""

"""A peer tells a story: form, private preview, post, and what everybody sees."""

from __future__ import annotations

from tests.conftest import ON_BOTH, Circle, seen, walk
from tests.flows.people import SLIP, ask_now, reply_unnamed, stories_in, tell, write


@ON_BOTH
async def test_a_story_without_a_name_appears_exactly_as_previewed_with_a_thread(circle: Circle) -> None:
    ann = circle.peers[0]

    preview = await write(
        circle, ann, repair="I called and said so.", lesson="I can be forgetful and trusted."
    )
    assert preview.ephemeral
    assert "Nothing is posted yet" in seen(preview)
    assert stories_in(circle) == []
    after = (await ann.click(preview.message, label="Post")).response

    (story,) = stories_in(circle)
    for text in ("### Story 1", SLIP, "I called and said so.", "Just listen, please"):
        assert text in seen(story)
    assert "Your code" in seen(after)
    (thread,) = circle.channel.threads
    assert "no advice unless asked" in seen(thread.history()[0])


@ON_BOTH
async def test_others_resonate_reply_under_a_pen_name_and_the_teller_bears_the_badge(circle: Circle) -> None:
    ann, ben, cem = circle.peers
    await tell(circle, ann)
    (story,) = stories_in(circle)

    counted = await ben.click(story, label="I've been there")
    first = await reply_unnamed(ben, story, "I hear how sudden it was.")
    await reply_unnamed(ben, story, "And how you went back.")
    await reply_unnamed(cem, story, "The bakery!")
    await reply_unnamed(ann, story, "Thank you both.")
    await circle.stage.pass_time(minutes=4)

    assert "Counted" in seen(counted.response)
    assert "I've been there · 1" in seen(stories_in(circle)[0])
    assert "under the name" in seen(first)
    (thread,) = circle.channel.threads
    lines = [seen(message).splitlines() for message in thread.history()[1:]]
    speakers = {said: speaker for speaker, said, *_ in lines}
    assert len(speakers) == 4
    assert (
        speakers["I hear how sudden it was."] == speakers["And how you went back."] != speakers["The bakery!"]
    )
    assert "teller" in speakers["Thank you both."]


@ON_BOTH
async def test_the_receipt_finds_the_story_again_and_withdraws_it_everywhere(circle: Circle) -> None:
    ann = circle.peers[0]
    after = await tell(circle, ann)
    code = seen(after).split("`")[1]
    await circle.stage.restart()

    opened = await ann.slash(circle.channel, "story receipt")
    panel = (await ann.submit_modal(opened, {"code": code.lower().replace("-", " ")})).response
    sure = (await ann.click(panel.message, label="Withdraw the story")).response
    await ann.click(sure.message, label="Yes, take it back")

    assert stories_in(circle) == []
    assert circle.channel.threads == []
    again = await ann.slash(circle.channel, "story receipt")
    assert "I know nothing with this code" in seen((await ann.submit_modal(again, {"code": code})).response)


async def test_an_update_stands_behind_the_storys_content_note_too(circle: Circle) -> None:
    ann = circle.peers[0]
    page = await write(circle, ann)
    note = next(c["custom_id"] for c in walk(page.components) if ":note:" in c.get("custom_id", ""))
    page = (await ann.select(page.message, ["Death and grief"], custom_id=note)).response
    after = (await ann.click(page.message, label="Post")).response
    panel = (await ann.click(after.message, label="My story")).response

    opened = await ann.click(panel.message, label="Add how it went")
    shown = (await ann.submit_modal(opened, {"text": "We spoke.\n\nIt helped."})).response
    assert "||We spoke." in seen(shown)
    await ann.click(shown.message, label="Post")

    (thread,) = circle.channel.threads
    assert "||We spoke." in seen(thread.last_message)


async def test_an_update_weeks_later_stands_in_the_thread_and_on_the_story(circle: Circle) -> None:
    ann = circle.peers[0]
    after = await tell(circle, ann)
    panel = (await ann.click(after.message, label="My story")).response

    opened = await ann.click(panel.message, label="Add how it went")
    shown = (await ann.submit_modal(opened, {"text": "We laughed about it in the end."})).response
    await ann.click(shown.message, label="Post")

    (story,) = stories_in(circle)
    assert "We laughed about it in the end." in seen(story)
    (thread,) = circle.channel.threads
    assert "An update from the teller" in seen(thread.last_message)


async def test_what_has_no_room_in_one_message_continues_in_the_thread(circle: Circle) -> None:
    ann = circle.peers[0]

    await tell(circle, ann, "*" * 1800, repair="*" * 800)

    (story,) = stories_in(circle)
    assert "It continues in the thread" in seen(story)
    (thread,) = circle.channel.threads
    stars = (seen(story) + "".join(seen(message) for message in thread.history())).count("\\*")
    assert stars == 2600


async def test_a_preview_can_be_changed_in_every_way_before_it_is_posted(circle: Circle) -> None:
    ann = circle.peers[0]
    page = await write(circle, ann, lesson="Write it down.")

    opened = await ann.click(page.message, label="Edit")
    page = (
        await ann.submit_modal(
            opened,
            {"slip": "I forgot an hour.", "effect": "", "repair": "", "lesson": "Breathe.", "ask": "ideas"},
        )
    ).response
    note = next(c["custom_id"] for c in walk(page.components) if ":note:" in c.get("custom_id", ""))
    page = (await ann.select(page.message, ["Death and grief"], custom_id=note)).response
    page = (await ann.click(page.message, label="Quote my lesson: no")).response
    page = (await ann.click(page.message, label="Use my name")).response
    await ann.click(page.message, label="Post")

    (story,) = stories_in(circle)
    text = seen(story)
    assert "· ann" in text
    assert "Content note: Death and grief" in text
    assert "||I forgot an hour." in text
    assert "Ideas are welcome" in text


async def test_post_pressed_twice_makes_one_story(circle: Circle) -> None:
    ann = circle.peers[0]
    preview = await write(circle, ann)
    custom_id = next(c["custom_id"] for c in walk(preview.components) if ":post:" in c.get("custom_id", ""))
    first = (await ann.click(preview.message, label="Post")).response
    code = seen(first).split("`")[1].replace("-", "")

    told = await circle.stage.bot.services.stories.post(code, int(custom_id.rsplit(":", 1)[1]), teller(ann))

    assert told.receipt == code
    assert len(stories_in(circle)) == 1


def teller(person):
    from bot.services.stories import Teller

    return Teller(person.id, person.name)


async def test_an_unnamed_story_waits_and_can_be_taken_back_unseen(circle: Circle) -> None:
    stage = circle.stage
    ann = circle.peers[0]
    from tests.conftest import make_circle

    slow = await make_circle(stage, delay=30)
    ann = slow.peers[0]
    await ask_now(slow)
    after = await tell(slow, ann)
    assert stories_in(slow) == []
    assert "within 30 minutes" in seen(after)

    sure = (await ann.click(after.message, label="Take it back")).response
    await ann.click(sure.message, label="Yes, take it back")
    await stage.pass_time(hours=1)

    assert stories_in(slow) == []

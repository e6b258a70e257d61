"""Facilitators say what previews mark here, and what they leave alone; names of who was here count too."""

from __future__ import annotations

from typing import Any

from tests.conftest import Circle, seen
from tests.flows.people import custom_id, labels, write


async def open_page(circle: Circle) -> Any:
    """``/circle words``."""
    return (await circle.facilitator.slash(circle.channel, "circle words")).response


async def add(circle: Circle, page: Any, button: str, words: str, **values: str) -> Any:
    """A button, its form, submitted."""
    opened = await circle.facilitator.click(page.message, label=button)
    return (await circle.facilitator.submit_modal(opened, {"typed": words, **values})).response


async def test_words_are_added_marked_left_alone_and_taken_off_again(circle: Circle) -> None:
    fay, ann = circle.facilitator, circle.peers[0]
    page = await open_page(circle)
    page = await add(circle, page, "Mark words", "The  Wren House\n\nquimby", what="organisation")
    assert "**The Wren House** · marked, a practice" in seen(page)
    page = await add(circle, page, "Leave words alone", "Zorblat")

    preview = await write(circle, ann, "At the wren house Zorblat was the word.")
    assert "\\[the wren house\\]" in seen(preview)
    assert "Zorblat was" in seen(preview)
    general = (await ann.click(preview.message, label="Generalise it")).response
    assert "Wren" not in seen(general)

    page = (
        await fay.select(page.message, ["The Wren House", "Zorblat"], custom_id=custom_id(page, "words-off"))
    ).response
    assert "Wren" not in seen(page)
    assert "quimby" in seen(page)
    preview = await write(circle, ann, "Zorblat was the word.")
    assert "\\[Zorblat?\\]" in seen(preview)


async def test_only_those_who_facilitate_may(circle: Circle) -> None:
    for person in (circle.peers[0], circle.moderator):
        assert "facilitat" in seen((await person.slash(circle.channel, "circle words")).response).lower()


async def test_there_is_room_for_two_hundred_and_pages_of_them(circle: Circle) -> None:
    page = await open_page(circle)
    for block in range(4):
        words = "\n".join(f"w{block}x{number}" for number in range(50))
        page = await add(circle, page, "Mark words", words, what="place")
    refused = await add(circle, page, "Mark words", "one more", what="person")
    assert "room for 200 words" in seen(refused)
    long = await add(circle, page, "Mark words", "x" * 101, what="person")
    assert "longer than 100" in seen(long)

    page = (await circle.facilitator.click(page.message, label="Further")).response
    assert labels(page) == ["Mark words", "Leave words alone", "Earlier", "Further"]


async def test_a_hostile_word_is_shown_literally(circle: Circle) -> None:
    page = await add(circle, await open_page(circle), "Mark words", "@everyone **x**", what="person")

    assert "\\@everyone \\*\\*x\\*\\*" in seen(page)


async def test_names_of_who_pressed_anything_lately_are_marked_from_the_next_turn_on(circle: Circle) -> None:
    ann = circle.peers[0]
    circle.stage.bot.lately.heard(circle.channel.id, "Quillonia (she/her)")

    before = await write(circle, ann, "It was the quillonia part of it.")
    assert "\\[quillonia" not in seen(before)
    await circle.stage.later(days=3)
    after = await write(circle, ann, "It was the quillonia part.")
    assert "\\[quillonia\\]" in seen(after)
    await circle.stage.restart()
    forgotten = await write(circle, ann, "It was the quillonia part of it.")
    assert "\\[quillonia" not in seen(forgotten)

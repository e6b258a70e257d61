"""What identifies somebody is shown before posting, made general with one press, or kept on purpose."""

from __future__ import annotations

from typing import Any

import pytest

from bot.rules.stories import LIMITS
from tests.conftest import Circle, Stage, make_circle, seen, walk
from tests.flows.people import (
    ask_now,
    change,
    custom_id,
    labels,
    panel_of,
    press_at_once,
    stories_in,
    tell,
    told_to,
    write,
)
from tests.services.columns import everything_kept

ANNA = "I forgot Anna Miller's session at Hillside Clinic, and noticed it in the bakery."
GENERAL = "I forgot a client's session at a clinic, and noticed it in the bakery."
HIDDEN = {
    "letters without width": "I forgot An\u200bna Mil\u200bler's hour.",
    "turned direction": "I forgot \u202eAnna Miller\u202c's hour.",
    "look-alike letters": "I forgot \u0410nna Mill\u0435r's hour.",
    "spoilers": "I forgot ||Anna Miller||'s hour.",
    "a code block": "I wrote:\n```\nAnna Miller, 07700 900123\n```",
    "bold inside": "I forgot **An**na **Mil**ler's hour.",
}


def options(shown: Any) -> list[dict[str, Any]]:
    """What the select of marks offers."""
    return [
        option
        for item in walk(shown.components)
        if ":pick:" in item.get("custom_id", "")
        for option in item["options"]
    ]


async def pick(person: Any, shown: Any, *values: str) -> Any:
    """Choose marks; returns the page about them."""
    return (await person.select(shown.message, list(values), custom_id=custom_id(shown, "pick"))).response


async def test_one_press_makes_general_all_that_surely_identifies_somebody(circle: Circle) -> None:
    ann = circle.peers[0]
    preview = await write(circle, ann, ANNA, lesson="Anna was kind about it. Zorblat too.")

    text = seen(preview)
    assert "**\\[Anna Miller\\]**" in text
    assert "**\\[Hillside Clinic\\]**" in text
    assert "**\\[Zorblat?\\]**" in text
    assert "**3 details here surely identify somebody.**" in text
    assert "1 is worth a look" in text
    assert "without your name. You can take it back" in text  # the promise stays where it was
    assert "a rare job, a place and an unusual day" in text

    preview = (await ann.click(preview.message, label="Generalise all 3")).response
    assert GENERAL in seen(preview)
    assert "The client was kind about it. **\\[Zorblat?\\]** too." in seen(preview)
    assert "Generalise" not in " ".join(labels(preview))
    await ann.click(preview.message, label="Post")

    (story,) = stories_in(circle)
    assert GENERAL in seen(story)
    assert "\\[" not in seen(story)


async def test_a_mark_is_kept_or_changed_singly_and_isnt_asked_about_again(circle: Circle) -> None:
    ann = circle.peers[0]
    preview = await write(circle, ann, ANNA)
    assert [(one["label"], one["description"]) for one in options(preview)] == [
        ("Anna Miller → a client", "a name"),
        ("Hillside Clinic → a clinic", "a practice, a school or the like"),
    ]

    page = await pick(ann, preview, "1")
    assert "a practice, a school or the like, and surely identifying" in seen(page)
    assert "session at **Hillside Clinic**, and noticed" in seen(page)
    assert "there stands: a clinic" in seen(page)
    preview = (await ann.click(page.message, label="Keep it")).response
    assert "at Hillside Clinic, and" in seen(preview)
    assert "**1 detail here surely identifies somebody.**" in seen(preview)

    opened = await ann.click(preview.message, label="Edit")
    typed = {"slip": ANNA + " I told Ben Carter.", "effect": "", "repair": "", "lesson": "", "ask": "listen"}
    preview = (await ann.submit_modal(opened, typed)).response
    assert "at Hillside Clinic, and" in seen(preview)  # kept also when the words around it change
    assert "\\[Ben Carter\\]" in seen(preview)

    page = await pick(ann, preview, "0", "1")
    preview = (await ann.click(page.message, label="Change them")).response
    assert "I forgot a client's session at Hillside Clinic" in seen(preview)
    assert "Miller" not in seen(preview)
    assert "surely" not in seen(preview)
    await ann.click(preview.message, label="Post")
    assert "Hillside Clinic" in seen(stories_in(circle)[0])


async def test_with_marks_left_post_asks_once_and_the_teller_decides(circle: Circle) -> None:
    ann = circle.peers[0]
    preview = await write(circle, ann, ANNA)

    question = (await ann.click(preview.message, label="Post")).response
    assert "“Anna Miller”, “Hillside Clinic”" in seen(question)
    assert stories_in(circle) == []
    preview = (await ann.click(question.message, label="Back to the preview")).response
    await ann.click(preview.message, label="Post")

    assert ANNA in seen(stories_in(circle)[0])


async def test_what_is_only_worth_a_look_is_never_asked_about(circle: Circle) -> None:
    await circle.peers[0].click(
        (await write(circle, circle.peers[0], "It was about Zorblat again.")).message, label="Post"
    )

    assert "Zorblat" in seen(stories_in(circle)[0])


async def test_generalise_first_leads_from_the_question_to_the_new_preview(circle: Circle) -> None:
    ann = circle.peers[0]
    preview = await write(circle, ann, ANNA, named=True)
    question = (await ann.click(preview.message, label="Post")).response

    preview = (await ann.click(question.message, label="Generalise first")).response

    assert GENERAL in seen(preview)
    assert "· ann" in seen(preview)
    assert stories_in(circle) == []


async def test_a_crash_between_any_two_presses_loses_no_decision(circle: Circle) -> None:
    ann, stage = circle.peers[0], circle.stage
    preview = await write(circle, ann, ANNA)
    await stage.restart()
    page = await pick(ann, preview, "0")
    await stage.restart()
    preview = (await ann.click(page.message, label="Keep it")).response
    await stage.restart()

    question = (await ann.click(preview.message, label="Post")).response
    assert "“Hillside Clinic”" in seen(question)
    assert "Anna" not in seen(question)
    await stage.restart()
    await ann.click(question.message, label="Post it as it is")

    assert ANNA in seen(stories_in(circle)[0])


async def test_two_at_once_and_older_previews_change_nothing_of_anybody_elses_words(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    of_ann, of_ben = await write(circle, ann, ANNA), await write(circle, ben, "I was late for Ben Carter.")

    await press_at_once(of_ann.message, (ann, "Generalise all 2"), (ann, "Generalise all 2"))
    await ben.click(of_ben.message, label="Generalise it")
    await ann.click(of_ann.message, label="Post")
    await ben.click(of_ben.message, label="Post")

    assert [GENERAL in seen(story) for story in stories_in(circle)] == [True, False]
    assert "I was late for a client." in seen(stories_in(circle)[1])


async def test_replies_updates_and_answers_are_looked_at_too_and_edits_of_all(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    after = await tell(circle, ann)
    (story,) = stories_in(circle)
    opened = await ben.click(story, label="Reply without my name")
    reply = (
        await ben.submit_modal(opened, {"text": "I hear you; my colleague Peter Novak knows it too."})
    ).response
    assert "\\[Peter Novak\\]" in seen(reply)
    reply = (await ben.click(reply.message, label="Generalise it")).response
    assert "my colleague knows it too" in seen(reply)
    after_reply = (await ben.click(reply.message, label="Post")).response

    edited = await change(ben, after_reply, text="I hear you; Peter Novak knows it too.")
    assert "\\[Peter Novak\\]" in seen(edited)
    question = (await ben.click(edited.message, label="Save the change")).response
    assert "surely identifying somebody: “Peter Novak”" in seen(question)
    edited = (await ben.click(question.message, label="Generalise first")).response
    assert "A client knows it too" in seen(edited) or "a client knows it too" in seen(edited)

    panel = (await ann.click(after.message, label="My story")).response
    edited = await change(ann, panel, slip=ANNA)
    edited = (await ann.click(edited.message, label="Generalise all 2")).response
    await ann.click(edited.message, label="Save the change")
    await circle.stage.pass_time(minutes=4)
    assert GENERAL in seen(stories_in(circle)[0])

    for button in ("Add how it went", "Answer in the thread"):
        panel = await panel_of(circle, ann)
        opened = await ann.click(panel.message, label=button)
        shown = (await ann.submit_modal(opened, {"text": "I called Anna Miller."})).response
        assert "\\[Anna Miller\\]" in seen(shown)
        assert "a rare job" in seen(shown)


@pytest.mark.parametrize("text", HIDDEN.values(), ids=HIDDEN.keys())
async def test_nothing_hides_a_name(circle: Circle, text: str) -> None:
    ann = circle.peers[0]
    preview = await write(circle, ann, text)
    assert "surely identif" in seen(preview)

    general = next(label for label in labels(preview) if label.startswith("Generalise"))
    preview = (await ann.click(preview.message, label=general)).response

    for name in ("nna", "ill", "07700"):
        assert name not in told_to_story(preview)


def told_to_story(preview: Any) -> str:
    """The words of the story in a preview, without the bot's own below."""
    return seen(preview).split("What no program sees")[0].split("### A story")[1].split("listen, please")[1]


async def test_sixty_marks_in_the_longest_story_fit_with_every_control(stage: Stage) -> None:
    small = await make_circle(stage, delay=30, size=6)
    ann = small.peers[0]
    names = [f"Anna {chr(65 + number // 26)}{chr(97 + number % 26)}ovak" for number in range(60)]
    slip = ("*" * 600 + " " + " and ".join(names[:40])).ljust(LIMITS["slip"], "*")[: LIMITS["slip"]]
    full = {"slip": slip, "effect": "*" * 500, "repair": " and ".join(names[40:]).ljust(800, "*"),
            "lesson": "*" * 400, "ask": "questions"}  # fmt: skip
    opened = await ann.click(await ask_now(small), label="Share without my name")
    answered = await ann.submit_modal(opened, full)
    page = answered.response

    assert told_to(answered).count("\\*") == sum(text.count("*") for text in full.values())
    assert told_to(answered).count("**\\[Anna") == 60
    assert "a rare job" in seen(page)
    assert "small circle" in seen(page)
    assert len(options(page)) == 25
    further = await pick(ann, page, "more")
    last = await pick(ann, further, "more")
    assert len(options(last)) == 12
    page = (await ann.click((await pick(ann, last, "11")).message, label="Keep it")).response
    preview = (await ann.click(page.message, label="Generalise all 59")).response
    assert "Generalise" not in " ".join(labels(preview))
    opened = await ann.click(preview.message, label="Edit")
    assert all(len(item["component"].get("value", "")) <= 1800 for item in opened.modal["components"])


@pytest.mark.parametrize("text", ["\U0001f600" * 1800, "*" * 1800, "Anna " * 360, "|" * 1800, "슬" * 1800])
async def test_no_words_are_too_strange_to_be_previewed(circle: Circle, text: str) -> None:
    preview = await write(circle, circle.peers[0], text)

    assert "Nothing is posted yet" in seen(preview)


async def test_nothing_of_it_is_kept_after_posting_or_logged(
    circle: Circle, caplog: pytest.LogCaptureFixture
) -> None:
    ann = circle.peers[0]
    caplog.set_level("DEBUG", "bot")
    preview = await write(circle, ann, ANNA)
    draft = await _columns(circle.stage)
    assert "Anna" not in draft  # sealed
    preview = (await ann.click(preview.message, label="Generalise all 2")).response
    await ann.click(preview.message, label="Post")

    kept = await _columns(circle.stage)
    for trace in ("Anna", "Hillside", "PERSON", "identifies"):
        assert trace not in kept
        assert trace not in caplog.text


async def _columns(stage: Stage) -> str:
    return str(await everything_kept(stage.database))

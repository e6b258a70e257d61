"""The rehearsal's stage: the real bot in it, time that stops at everything due, people who look around."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from bot.content.words import Words, load_words
from bot.rehearsal.opening import made_up_settings, open_stage
from bot.rehearsal.scene import Happening, Scene, Skip
from bot.rehearsal.stage import PRIVATE, SimcordStage
from tests.conftest import ErrorCollector

FIRST_MONDAY = "Monday, 4 May 2026, 09:00"


@pytest.fixture
def words() -> Words:
    return load_words()


def rehearsal(words: Words) -> AbstractAsyncContextManager[SimcordStage]:
    """The rehearsal as it opens; not a fixture, because simcord begins and ends in one task."""
    return open_stage(words, Random(3))


def place(stage: SimcordStage, name: str) -> str:
    return next(place.key for place in stage.scene().places if name in place.name)


def person(stage: SimcordStage, name: str) -> str:
    return next(person.key for person in stage.scene().people if person.name == name)


def asked(stage: SimcordStage, where: str) -> list[Happening]:
    """The questions that came in one channel, newest first."""
    return [one for one in stage.scene().happenings if "question" in one.text and where in one.text]


async def test_a_visitor_comes_as_a_peer_to_a_circle_that_was_just_asked(words: Words) -> None:
    async with rehearsal(words) as stage:
        scene = stage.scene()

        assert scene.moment == FIRST_MONDAY
        assert [one.name for one in scene.people if one.key == scene.person] == ["Leyla"]
        assert [one.name for one in scene.places if one.key == scene.place] == ["#harbour-circle"]
        assert {happening.moment for happening in scene.happenings} == {FIRST_MONDAY}
        assert {happening.text for happening in scene.happenings} == {
            words("rehearsal.happened.prompt", place=name) for name in ("#harbour-circle", "#quiet-circle")
        }


async def test_two_weeks_bring_two_questions_each_at_its_own_moment(words: Words) -> None:
    async with rehearsal(words) as stage:
        for _ in range(15):
            await stage.skip(Skip.DAY)

        assert stage.scene().moment == "Tuesday, 19 May 2026, 09:00"
        assert [one.moment for one in asked(stage, "harbour")] == [
            "Monday, 18 May 2026, 09:00",
            "Monday, 11 May 2026, 09:00",
            FIRST_MONDAY,
        ]


async def test_to_the_next_thing_due_stops_exactly_there(words: Words) -> None:
    async with rehearsal(words) as stage:
        coming = stage.scene().next_due

        await stage.skip(Skip.NEXT)

        assert coming == stage.scene().moment == "Monday, 11 May 2026, 09:00"
        assert len(asked(stage, "harbour")) == 2


async def test_an_hour_is_an_hour_when_nothing_is_due(words: Words) -> None:
    async with rehearsal(words) as stage:
        before = stage.scene().happenings

        await stage.skip(Skip.HOUR)

        assert stage.scene().moment == "Monday, 4 May 2026, 10:00"
        assert stage.scene().happenings == before


class Latest(Random):
    """Waits are as long as they may be."""

    def randint(self, _low: int, high: int) -> int:
        return high


async def tell(stage: SimcordStage, circle: int) -> None:
    """A peer tells a story without a name, in the first (0) or second (1) circle."""
    peer, channel = stage._world.people[2].actor, stage._world.circles[circle].channel
    async with stage.window(acting=True):
        form = await peer.click(channel.last_message, label="Share without my name")
        shown = await peer.submit_modal(form, {"slip": "I filled a silence.", "ask": "listen"})
        await peer.click(shown.response.message, label="Post")


async def test_a_story_in_the_first_circle_appears_at_once_with_its_thread(words: Words) -> None:
    async with rehearsal(words) as stage:
        await tell(stage, 0)

        scene = stage.scene()
        (thread,) = [place for place in scene.places if place.opened_from]
        assert thread.note == "thread in #harbour-circle"
        assert words("rehearsal.happened.story", place="#harbour-circle") in texts(scene)
        assert scene.moment == FIRST_MONDAY


async def test_a_story_in_the_second_circle_waits_and_nobody_is_named(words: Words) -> None:
    appeared = words("rehearsal.happened.story", place="#quiet-circle")
    async with open_stage(words, Latest(3)) as stage:
        await tell(stage, 1)
        before = stage.scene()
        await stage.skip(Skip.NEXT)
        after = stage.scene()

    assert appeared not in texts(before)
    assert before.next_due == after.moment
    assert after.moment.startswith("Monday, 4 May 2026, 09:")
    assert appeared in texts(after)
    assert not any(one.name in told for one in after.people for told in texts(after))


async def test_from_a_thread_that_is_gone_one_is_led_back_to_the_circle(words: Words) -> None:
    async with rehearsal(words) as stage:
        await tell(stage, 0)
        (thread,) = [place for place in stage.scene().places if place.opened_from]
        await stage.show(person(stage, "Leyla"), thread.key)

        async with stage.window(acting=True):
            channel = stage._world.circles[0].channel
            peer = stage._world.people[2].actor
            story = next(one for one in channel.history() if one.components and one.thread)
            asked = await peer.click(story, label="This is mine")
            sure = await peer.click(asked.response.message, label=words("stories.panel.withdraw"))
            await peer.click(sure.response.message, label=words("stories.withdraw.yes"))

        assert stage.scene().place == place(stage, "harbour")
        assert words("rehearsal.happened.retract", place="#harbour-circle") in texts(stage.scene())


async def test_a_refused_command_is_answered_and_counts_as_no_failure(words: Words) -> None:
    async with rehearsal(words) as stage:
        channel, peer = stage._world.circles[0].channel, stage._world.people[2].actor
        async with stage.window(acting=True):
            answered = await peer.slash(channel, "circle pause")

        assert answered.ephemeral
        assert stage._env.errors == []


def texts(scene: Scene) -> list[str]:
    return [happening.text for happening in scene.happenings]


async def test_each_change_of_person_or_place_opens_the_window_anew(words: Words) -> None:
    async with rehearsal(words) as stage:
        before = stage.scene()

        await stage.show(person(stage, "Miriam"), place(stage, "quiet"))
        await stage.show(person(stage, "Miriam"), PRIVATE)

        after = stage.scene()
        assert after.view == before.view + 2
        assert after.capability != before.capability
        assert (after.person, after.place) == (person(stage, "Miriam"), PRIVATE)


async def test_somewhere_that_isnt_there_leaves_everything_as_it_is(words: Words) -> None:
    async with rehearsal(words) as stage:
        before = stage.scene()

        for unknown in ((person(stage, "Ines"), "1"), ("1", PRIVATE)):
            with pytest.raises(LookupError):
                await stage.show(*unknown)

        assert stage.scene() == before


async def test_a_failure_after_a_press_is_logged_and_the_press_keeps_its_answer(
    words: Words, monkeypatch: pytest.MonkeyPatch, logged_errors: ErrorCollector
) -> None:
    async with rehearsal(words) as stage:

        async def fails() -> None:
            raise RuntimeError("the disk is full")

        monkeypatch.setattr(stage._bot, "next_due", fails)

        async with stage.window(acting=True) as origin:
            assert origin.startswith("http://127.0.0.1:")

        assert [str(record.exc_info[1]) for record in logged_errors.records if record.exc_info] == [
            "the disk is full"
        ]
        logged_errors.records.clear()


def test_nothing_real_stands_in_the_settings(words: Words, tmp_path: Path) -> None:
    settings = made_up_settings(tmp_path, words)

    assert settings.token == "made.up.token"
    assert str(tmp_path) in settings.database_url
    assert settings.key_file.parent == tmp_path
    assert settings.grace == timedelta(hours=12)

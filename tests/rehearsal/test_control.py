"""The rehearsal's page: what it tells, what it can be asked, and who may ask."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from importlib.resources import files

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.content.words import Words, load_words
from bot.rehearsal.control import control_application, open_control
from bot.rehearsal.scene import Busy, Happening, Person, Place, Scene, Skip
from tests.conftest import ErrorCollector

Browser = TestClient[web.Request, web.Application]
TOKEN = "a-long-secret"
CAPABILITY = "the-windows-own-secret"
QUESTION = Happening("Mon 4 May, 09:00", "The weekly question was posted in # monday")
SCENE = Scene(
    moment="Mon 4 May, 08:55 in Berlin",
    next_due="Mon 4 May, 09:00",
    people=(Person("1", "Ada", "facilitator"), Person("2", "Ben", "peer")),
    places=(Place("10", "# monday"), Place("11", "Story 1", "a thread", opened_from="11")),
    person="1",
    place="10",
    happenings=(),
    view=1,
    capability=CAPABILITY,
)


@dataclass
class FakeStage:
    """A stage without a world: it keeps what it was asked."""

    origin: str = "http://127.0.0.1:9"  # nobody listens there
    told: Scene = SCENE
    trouble: Exception | None = None
    asked: list[str] = field(default_factory=list[str])

    def scene(self) -> Scene:
        return self.told

    async def skip(self, by: Skip) -> None:
        self.asked.append(f"skip {by}")
        if self.trouble:
            raise self.trouble
        self.told = replace(self.told, happenings=(QUESTION,))

    async def show(self, person: str, place: str) -> None:
        self.asked.append(f"show {place} to {person}")
        if place not in {known.key for known in self.told.places}:
            raise LookupError(place)
        self.told = replace(self.told, person=person, place=place, view=self.told.view + 1)

    @asynccontextmanager
    async def window(self, *, acting: bool) -> AsyncGenerator[str]:
        self.asked.append("press" if acting else "look")
        yield self.origin


@dataclass
class FakePreview:
    """Stands where simcord's preview serves: keeps the requests, and knows one revision."""

    revision: int = 7
    seen: list[web.Request] = field(default_factory=list[web.Request])
    pressed: list[dict[str, object]] = field(default_factory=list[dict[str, object]])

    async def answer(self, request: web.Request) -> web.Response:
        self.seen.append(request)
        if request.path == "/api/action":
            press = await request.json()
            self.pressed.append(press)
            stale = press.get("published_revision") != self.revision
            diagnostics = [{"code": "stale-revision"}] if stale else []
            return web.json_response(
                {"rejected": stale, "revision": self.revision, "diagnostics": diagnostics}
            )
        headers = {
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
            "X-Frame-Options": "DENY",
        }
        text = "<html><head></head><body>messages</body></html>"
        return web.Response(text=text, content_type="text/html", headers=headers)


@pytest.fixture
def words() -> Words:
    return load_words()


@pytest.fixture
def stage() -> FakeStage:
    return FakeStage()


@pytest.fixture
async def browser(stage: FakeStage, words: Words) -> AsyncGenerator[Browser]:
    async with TestClient(TestServer(control_application(stage, words, TOKEN))) as client:
        yield client


@pytest.fixture
async def preview(stage: FakeStage) -> AsyncGenerator[FakePreview]:
    fake = FakePreview()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", fake.answer)
    async with TestServer(application) as server:
        stage.origin = f"http://127.0.0.1:{server.port}"
        yield fake


async def test_the_page_explains_itself_to_a_newcomer(browser: Browser, words: Words) -> None:
    page = await (await browser.get(f"/{TOKEN}/")).text()

    assert "{{" not in page
    assert words("rehearsal.about.what") in page
    for button in ("hour", "day", "next"):
        assert words(f"rehearsal.time.{button}") in page
    assert page.count("<li>") == len(words.several("rehearsal.try.steps"))


async def test_the_page_can_be_read_by_a_screen_reader(browser: Browser) -> None:
    page = await (await browser.get(f"/{TOKEN}/")).text()

    assert '<html lang="en">' in page
    assert re.search(r'<iframe[^>]* title="[^"]+"', page)
    assert 'role="status"' in page
    assert page.count("<legend>") == 2
    assert all(label.strip() for label in re.findall(r"<button[^>]*>(.*?)</button>", page))


async def test_nothing_of_the_page_comes_from_elsewhere(browser: Browser) -> None:
    answer = await browser.get(f"/{TOKEN}/")
    written = [await answer.text()]
    for name in ("control.css", "control.js", "window.css"):
        part = await browser.get(f"/{TOKEN}/{name}")
        assert part.status == 200
        written.append(await part.text())

    assert not re.search(r"https?:|//[a-z]+\.|@import", "\n".join(written))
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"


async def test_the_page_uses_no_text_that_is_not_written_and_leaves_none_out(words: Words) -> None:
    html = files("bot.rehearsal").joinpath("page", "index.html").read_text(encoding="utf-8")
    asked = {f"rehearsal.{name}" for name in re.findall(r"\{\{([a-z_.]+)\}\}", html)}

    assert asked <= words.keys()


async def test_the_scene_is_told_to_who_knows_the_address(browser: Browser) -> None:
    told = await (await browser.get(f"/{TOKEN}/scene")).json()

    assert told["moment"] == "Mon 4 May, 08:55 in Berlin"
    assert [person["name"] for person in told["people"]] == ["Ada", "Ben"]
    assert told["places"][1]["opened_from"] == "11"
    assert told["busy"] is False


async def test_who_does_not_know_the_address_learns_and_changes_nothing(
    browser: Browser, stage: FakeStage, preview: FakePreview
) -> None:
    for path in ("/", "/another-secret/", "/another-secret/scene"):
        assert CAPABILITY not in await (await browser.get(path)).text()
    await browser.post("/another-secret/skip", json={"by": "day"})

    assert "skip day" not in stage.asked


@pytest.mark.parametrize("path", ["/", "/?view=1", f"/{TOKEN}/", f"/{TOKEN}/scene", "/api/state"])
async def test_another_name_for_this_computer_is_refused(browser: Browser, path: str) -> None:
    answer = await browser.get(path, headers={"Host": "rebound.example"})

    assert answer.status == 403


async def test_a_press_from_another_page_is_refused(browser: Browser, stage: FakeStage) -> None:
    answer = await browser.post(
        f"/{TOKEN}/skip", json={"by": "day"}, headers={"Origin": "http://elsewhere.example"}
    )

    assert answer.status == 403
    assert stage.asked == []


@pytest.mark.parametrize("by", ["hour", "day", "next"])
async def test_skipping_time_tells_what_happened_meanwhile(
    browser: Browser, stage: FakeStage, by: str
) -> None:
    answer = await browser.post(f"/{TOKEN}/skip", json={"by": by})

    assert stage.asked == [f"skip {by}"]
    assert (await answer.json())["happenings"] == [{"moment": QUESTION.moment, "text": QUESTION.text}]


@pytest.mark.parametrize("question", [{"by": "year"}, {}, {"by": 1}, ["hour"]])
async def test_a_question_that_means_nothing_moves_no_time(
    browser: Browser, stage: FakeStage, question: object
) -> None:
    answer = await browser.post(f"/{TOKEN}/skip", json=question)

    assert answer.status == 400
    assert stage.asked == []


async def test_a_bot_that_does_not_come_to_rest_is_a_sentence_not_a_crash(
    browser: Browser, stage: FakeStage, words: Words
) -> None:
    stage.trouble = Busy()

    answer = await browser.post(f"/{TOKEN}/skip", json={"by": "hour"})

    assert (answer.status, await answer.json()) == (503, {"sorry": words("rehearsal.sorry.busy")})


async def test_a_mistake_of_ours_is_a_sentence_too_and_stands_in_the_log(
    browser: Browser, stage: FakeStage, words: Words, logged_errors: ErrorCollector
) -> None:
    stage.trouble = RuntimeError("a step that isn't there")

    answer = await browser.post(f"/{TOKEN}/skip", json={"by": "hour"})

    assert (answer.status, await answer.json()) == (500, {"sorry": words("rehearsal.sorry.failed")})
    assert [str(record.exc_info[1]) for record in logged_errors.records if record.exc_info] == [
        "a step that isn't there"
    ]
    logged_errors.records.clear()


async def test_one_becomes_somebody_else_and_looks_somewhere_else(browser: Browser) -> None:
    told = await (await browser.post(f"/{TOKEN}/show", json={"person": "2", "place": "11"})).json()

    assert (told["person"], told["place"]) == ("2", "11")
    assert told["view"] == SCENE.view + 1


async def test_a_place_that_is_gone_is_said(browser: Browser, words: Words) -> None:
    answer = await browser.post(f"/{TOKEN}/show", json={"person": "2", "place": "12"})

    assert (answer.status, await answer.json()) == (404, {"sorry": words("rehearsal.sorry.gone")})


async def test_the_window_is_framed_by_this_page_alone_and_without_its_tool_bars(
    browser: Browser, preview: FakePreview
) -> None:
    answer = await browser.get("/?view=1")

    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["Content-Security-Policy"] == "default-src 'self'; frame-ancestors 'self'"
    assert f'<link rel="stylesheet" href="/{TOKEN}/window.css"></head>' in await answer.text()


async def test_the_window_hears_its_own_secret_and_not_where_the_page_stands(
    browser: Browser, preview: FakePreview, stage: FakeStage
) -> None:
    headers = {"X-Simcord-Capability": CAPABILITY, "Cookie": "mine=1", "Referer": "http://here.example"}

    await browser.get("/api/state", headers=headers)

    (seen,) = preview.seen
    assert seen.headers["X-Simcord-Capability"] == CAPABILITY
    assert stage.origin == f"http://{seen.headers['Host']}"
    assert not {"Cookie", "Referer", "Origin"} & set(seen.headers)


async def test_letters_are_loaded_once(browser: Browser, preview: FakePreview) -> None:
    font = await browser.get("/fonts/noto.ttf")
    state = await browser.get("/api/state")

    assert "max-age" in font.headers["Cache-Control"]
    assert state.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("kind", "what"), [("click", "press"), ("modal_submit", "press"), ("autocomplete_command", "look")]
)
async def test_only_what_may_make_something_due_counts_as_a_press(
    browser: Browser, preview: FakePreview, stage: FakeStage, kind: str, what: str
) -> None:
    await browser.post("/api/action", json={"kind": kind, "published_revision": 7})

    assert stage.asked == [what]


async def test_a_press_from_before_the_last_change_still_counts(
    browser: Browser, preview: FakePreview
) -> None:
    answer = await browser.post("/api/action", json={"kind": "click", "published_revision": 6})

    assert (await answer.json())["rejected"] is False
    assert preview.pressed == [
        {"kind": "click", "published_revision": 6},
        {"kind": "click", "published_revision": 7},
    ]


async def test_a_window_that_is_just_closed_is_no_crash(browser: Browser) -> None:
    assert (await browser.get("/api/state")).status == 502


async def test_the_address_is_this_computer_alone_and_cannot_be_guessed(
    stage: FakeStage, words: Words
) -> None:
    async with open_control(stage, words) as one, open_control(stage, words) as other:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{32}/", one)
        assert one.rsplit("/", 2)[1] != other.rsplit("/", 2)[1]

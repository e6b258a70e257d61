"""A visitor of the rehearsal: looks at its page in a browser, and presses what is there."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

from playwright.async_api import Locator, Page, async_playwright

from bot.content.words import Words
from bot.rehearsal.control import open_control
from bot.rehearsal.opening import open_stage
from bot.rehearsal.stage import SimcordStage
from tests.rehearsal.presses import Presses

PATIENCE = 60_000  # milliseconds; a loaded computer is slow, a broken page never comes
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){4}\b")
"""How a code is written."""

_LOOKED_UP = ".preview-select.is-open [role=listbox][aria-busy=false]"

_AT_REST = """() => {
  const page = document.getElementById("circle").contentDocument;
  const status = page?.getElementById("action-status")?.textContent ?? "…";
  return page?.getElementById("preview-app")?.getAttribute("aria-busy") === "false" && !status.endsWith("…");
}"""
"""The preview says what it still does in a line that ends so."""

_IN_SIGHT = """() => {
  const page = document.getElementById("circle").contentDocument;
  const newest = [...page.querySelectorAll("#channel-message-list [data-message-id]")].at(-1);
  const edge = page.getElementById("channel-timeline").getBoundingClientRect().bottom;
  return newest.getBoundingClientRect().bottom <= edge + 1;
}"""

_OPENED_ANEW = """before => {
  const frame = document.getElementById("circle");
  if (frame.getAttribute("src") === before || frame.contentWindow.location.href !== frame.src) return false;
  return frame.contentDocument.getElementById("preview-app")?.getAttribute("aria-busy") === "false";
}"""


def installed_browser() -> str | None:
    """Where this computer's own Chromium is, if it has one."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@asynccontextmanager
async def visiting(
    words: Words, browser: str, *, seed: int, width: int = 1280, height: int = 900, scale: float = 1
) -> AsyncIterator[Visitor]:
    """A rehearsal in this process, and a visitor who has just opened its page."""
    async with (
        open_stage(words, Random(seed)) as stage,
        open_control(stage, words) as address,
        async_playwright() as playwright,
    ):
        # Without a sandbox it also starts for root, as in most containers; it only sees our own page.
        opened = await playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        try:
            page = await opened.new_page(
                viewport={"width": width, "height": height}, device_scale_factor=scale
            )
            page.set_default_timeout(PATIENCE)
            visitor = Visitor(page, words, stage)
            page.on("pageerror", lambda error: visitor.stumbles.append(str(error)))
            await page.goto(address)
            yield visitor
        finally:
            await opened.close()


class Visitor:
    """Knows where things are on the page. Every method waits until it sees what it asked for."""

    def __init__(self, page: Page, words: Words, stage: SimcordStage) -> None:
        self.page = page
        self.words = words
        self.stage = stage
        self.presses = Presses(stage._bot)
        self.stumbles: list[str] = []
        """What the page's own scripts raised."""
        self._folder: Path | None = None
        self._progress: Callable[[str], None] = lambda name: None

    def keeps(self, pictures: Path | None, progress: Callable[[str], None]) -> None:
        """Keep a picture of every `look` in the folder ``pictures``, if any, and tell ``progress``."""
        if pictures:
            pictures.mkdir(parents=True, exist_ok=True)
        self._folder, self._progress = pictures, progress

    @property
    def circle(self) -> Locator:
        """The window: a channel, a thread or private messages, with its forms."""
        return self.page.frame_locator("#circle").locator("#preview-app")

    def button(self, key: str, **values: object) -> Locator:
        """The newest button below the window's messages with the text at ``key``."""
        messages = self.circle.locator("#channel-message-list")
        return messages.get_by_role("button", name=self.words(key, **values), exact=True).last

    async def sees(self, text: str) -> None:
        """Wait until ``text`` stands in the window's messages."""
        await self.circle.locator("#channel-message-list").get_by_text(text).last.wait_for()

    async def press(self, key: str, **values: object) -> None:
        """Press the newest button with the text at ``key``, and wait until the bot has answered."""
        async with self.answered():
            await self.button(key, **values).click()

    @asynccontextmanager
    async def answered(self) -> AsyncIterator[None]:
        """What is done inside reaches the bot, which answers, and the page has shown it."""
        await self.settled()
        before = self.presses.count
        yield
        await self.presses.more_than(before, PATIENCE / 1000)
        await self.settled()

    async def pick(self, shown: str, *chosen: str) -> None:
        """In the newest select that shows ``shown``, press on what is called ``chosen``."""
        async with self.answered():
            select = self.circle.get_by_role("combobox").filter(has_text=shown).last
            await select.click()
            # Roles and channels are looked up a moment after the list has opened, which draws it anew; a
            # choice made until then is refused, or falls on what is no longer there.
            await self.circle.locator(_LOOKED_UP).wait_for()
            for name in chosen:
                await self.circle.get_by_role("option", name=name).last.click()
            apply = self.circle.locator(".preview-select.is-open .select-apply")
            if await apply.count():  # several could be chosen
                await apply.click()

    async def code(self) -> str:
        """The newest code on the page."""
        found = CODE.findall(await self.circle.locator("#channel-message-list").inner_text())
        return found[-1]

    async def open_thread(self) -> None:
        """Press on the newest thread below a message."""
        await self._opened_anew(self.circle.locator(".thread-summary").last.click())

    async def resonate(self, sign: str, *, again: bool = False) -> None:
        """Give the newest story a sign, whether or not others have; or take it back by pressing ``again``."""
        label = self.words(f"stories.sign.{sign}")
        async with self.answered():
            await self.circle.get_by_role("button", name=label).last.click()
        await self.sees(self.words("resonance.taken_back" if again else "resonance.counted"))

    async def fill(self, key: str, text: str) -> None:
        """Write into the field of the open form that has the label at ``key``."""
        await self.circle.get_by_role("dialog").get_by_label(self.words(key)).fill(text)

    async def choose(self, key: str) -> None:
        """Choose what has the text at ``key`` in the open form."""
        await self.circle.get_by_role("dialog").get_by_role("radio", name=self.words(key)).check()

    async def submit(self) -> None:
        """Send the open form, and wait until the bot has answered."""
        async with self.answered():
            await self.circle.get_by_role("dialog").get_by_role("button", name="Submit").click()

    async def become(self, name: str) -> None:
        """Act as somebody else."""
        await self._choose(self.page.locator("#people"), name)

    async def look_at(self, place: str) -> None:
        """Look somewhere else."""
        await self._choose(self.page.locator("#places"), place)

    async def _choose(self, choices: Locator, name: str) -> None:
        choice = choices.locator("label", has_text=name).first
        if not await choice.locator("input").is_checked():
            await self._opened_anew(choice.click())

    async def _opened_anew(self, pressing: Awaitable[None]) -> None:
        before = await self.page.locator("#circle").get_attribute("src")
        await pressing
        await self.page.wait_for_function(_OPENED_ANEW, arg=before)
        await self.page.locator("body[aria-busy=false]").wait_for()

    async def skip(self, key: str) -> None:
        """Let time pass; comes back when it has."""
        moment = self.page.locator("#moment")
        before = await moment.inner_text()
        await self.page.get_by_role("button", name=self.words(f"rehearsal.time.{key}")).click()
        await self.page.wait_for_function(
            "before => document.getElementById('moment').textContent !== before", arg=before
        )
        await self.page.locator("body[aria-busy=false]").wait_for()

    async def command(self, typed: str, **options: str) -> None:
        """Type a command into the message box, choose it from the list, fill its options in, and run it.

        An option that offers a choice with the given name takes that one.
        """
        box = self.circle.get_by_label("Message", exact=True)
        await box.press_sequentially(f"/{typed}")
        await self.circle.get_by_role("option", name=typed).first.wait_for()
        await box.press("Enter")
        for name, value in options.items():
            field = self.circle.get_by_label(re.compile(rf"^{name}\b"))
            if not await field.count():  # one that may be left out
                await self.circle.get_by_text(re.compile(r"^\+\d+ (more|options)$")).click()
                await self.circle.get_by_role("option", name=name).first.click()
            await field.click()
            await field.press_sequentially(value)
            if await field.get_attribute("aria-autocomplete"):
                await self.circle.get_by_role("option", name=value).first.click()
        async with self.answered():
            await self.circle.locator("#send-message").click()

    async def say(self, text: str) -> None:
        """Write in the channel or thread, with one's own name."""
        box = self.circle.get_by_label("Message", exact=True)
        await box.fill(text)
        await box.press("Enter")
        await self.sees(text)

    async def look(self, name: str) -> None:
        """Say how far this visitor is, and keep a picture if somebody wants them: each takes its time."""
        self._progress(name)
        if self._folder:
            await self.picture(self._folder / f"{name}.png")

    async def newest_is_in_sight(self) -> None:
        """Wait until the end of the newest message can be seen."""
        await self.page.wait_for_function(_IN_SIGHT)

    async def settled(self) -> None:
        """Wait until the window shows the newest and takes presses again."""
        await self.page.wait_for_function(_AT_REST)

    async def picture(self, file: Path) -> None:
        """Keep how the page looks when it has come to rest."""
        await self.settled()
        await self.page.evaluate("document.fonts.ready")
        await self.page.screenshot(path=file)

"""A visitor of the rehearsal: looks at its page in a browser, and presses what is there."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

from playwright.async_api import Locator, Page, async_playwright

from bot.content.words import Words
from bot.rehearsal.control import open_control
from bot.rehearsal.opening import open_stage

PATIENCE = 60_000  # milliseconds; a loaded computer is slow, a broken page never comes
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

_OPENED_ANEW = """before => {
  const frame = document.getElementById("circle");
  if (frame.getAttribute("src") === before || frame.contentWindow.location.href !== frame.src) return false;
  return frame.contentDocument.getElementById("preview-app")?.getAttribute("aria-busy") === "false";
}"""


def installed_browser() -> str | None:
    """Where this computer's own Chromium is, if it has one."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def artefacts() -> Path:
    """The folder for pictures: ``REHEARSAL_ARTIFACTS``, or ``artifacts`` in the project."""
    given = os.environ.get("REHEARSAL_ARTIFACTS")
    folder = Path(given) if given else Path(__file__).parents[2] / "artifacts"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


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
            visitor = Visitor(page, words)
            page.on("pageerror", lambda error: visitor.stumbles.append(str(error)))
            await page.goto(address)
            yield visitor
        finally:
            await opened.close()


class Visitor:
    """Knows where things are on the page. Every method waits until it sees what it asked for."""

    def __init__(self, page: Page, words: Words) -> None:
        self.page = page
        self.words = words
        self.stumbles: list[str] = []
        """What the page's own scripts raised."""

    @property
    def circle(self) -> Locator:
        """The window: a channel, a thread or private messages, with its forms."""
        return self.page.frame_locator("#circle").locator("#preview-app")

    def button(self, key: str, **values: object) -> Locator:
        """The newest button in the window with the text at ``key``."""
        return self.circle.get_by_role("button", name=self.words(key, **values), exact=True).last

    async def sees(self, text: str) -> None:
        """Wait until ``text`` stands in the window's messages."""
        await self.circle.locator("#channel-message-list").get_by_text(text).last.wait_for()

    async def press(self, key: str, **values: object) -> None:
        """Press the button with the text at ``key``."""
        await self.button(key, **values).click()

    async def resonate(self, sign: str) -> None:
        """Give the newest story a sign, whether or not others have."""
        label = self.words(f"stories.sign.{sign}")
        await self.circle.get_by_role("button", name=label).last.click()
        await self.sees(self.words("resonance.counted"))

    async def fill(self, key: str, text: str) -> None:
        """Write into the field of the open form that has the label at ``key``."""
        await self.circle.get_by_role("dialog").get_by_label(self.words(key)).fill(text)

    async def choose(self, key: str) -> None:
        """Choose what has the text at ``key`` in the open form."""
        await self.circle.get_by_role("dialog").get_by_role("radio", name=self.words(key)).check()

    async def submit(self) -> None:
        """Send the open form."""
        await self.circle.get_by_role("dialog").get_by_role("button", name="Submit").click()

    async def become(self, name: str) -> None:
        """Act as somebody else."""
        await self._choose(self.page.locator("#people"), name)

    async def look_at(self, place: str) -> None:
        """Look somewhere else."""
        await self._choose(self.page.locator("#places"), place)

    async def _choose(self, choices: Locator, name: str) -> None:
        frame = self.page.locator("#circle")
        before = await frame.get_attribute("src")
        choice = choices.locator("label", has_text=name).first
        if await choice.locator("input").is_checked():
            return
        await choice.click()
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
            await field.click()
            await field.press_sequentially(value)
            if await field.get_attribute("aria-autocomplete"):
                await self.circle.get_by_role("option", name=value).first.click()
        await self.circle.locator("#send-message").click()

    async def say(self, text: str) -> None:
        """Write in the channel or thread, with one's own name."""
        box = self.circle.get_by_label("Message", exact=True)
        await box.fill(text)
        await box.press("Enter")
        await self.sees(text)

    async def settled(self) -> None:
        """Wait until the window shows the newest and takes presses again."""
        await self.page.frame_locator("#circle").locator("#preview-app[aria-busy=false]").wait_for()
        await self.page.evaluate("document.fonts.ready")

    async def picture(self, where: str | Path, *, whole: bool = False) -> None:
        """Keep how the page looks when it has come to rest: a name among the artefacts, or a file."""
        await self.settled()
        file = where if isinstance(where, Path) else artefacts() / f"{where}.png"
        await self.page.screenshot(path=file, full_page=whole)

"""A facilitator and a moderator press everything that is theirs."""

from __future__ import annotations

from typing import Any

import discord
from simcord.backend.models.channel import Overwrite
from simcord.enums import OverwriteType

from bot.delivery.steps import Shown
from tests.rehearsal.visitor import Visitor

SLIP = "I interrupted a client three times in one hour."
CARE, HURTS = "To take care of the circle", "It may hurt somebody"
"""Why moderators act, as it is chosen at first, and another reason."""


async def sets_up(visitor: Visitor) -> None:
    """In a channel of its own, named from elsewhere, because the rehearsal's circles are there already."""
    guild = visitor.stage._world.circles[0].channel.guild
    guild.create_text_channel("evening-circle")
    await visitor.become("Miriam")
    await visitor.command("circle setup", place="Lisbon", channel="evening-circle")
    await visitor.look("setup")
    await visitor.pick("The question comes on", "Wednesday")
    await visitor.pick("at 09:00", "18:00")
    await visitor.pick("Who facilitates?", "Facilitators")
    await visitor.pick("Who moderates?", "Moderators")
    await visitor.pick("up to 9 people", "up to 6 people")
    await visitor.pick("up to 30 minutes", "3 together")
    await visitor.look("setup-chosen")
    await visitor.press("circles.page.save")
    await visitor.look("saved")
    await visitor.press("circles.welcome.post")
    await visitor.look("welcomed")
    await visitor.press("circles.welcome.first_prompt")
    await visitor.look("asked")


async def changes_the_circle(visitor: Visitor) -> None:
    await visitor.command("circle settings")
    await visitor.look("settings")
    await visitor.pick("Unnamed stories: at once", "5 together")
    await visitor.press("circles.page.save")
    await visitor.look("settings-saved")
    await visitor.command("circle status")
    await visitor.look("status")
    await visitor.command("circle keep", days="180 days")
    await visitor.look("keep")


async def asks(visitor: Visitor) -> None:
    await visitor.command("prompt preview")
    await visitor.look("prompt-preview")
    await visitor.command("prompt skip")
    await visitor.newest_is_in_sight()
    await visitor.look("skip")
    await visitor.press("prompts.skip.undo")
    await visitor.look("unskipped")
    await visitor.command("prompt post-now")
    await visitor.look("post-now")


async def plans_themes(visitor: Visitor) -> None:
    await visitor.command("theme list")
    await visitor.look("themes-none")
    await visitor.command("theme schedule", **{"from": "2026-05-11", "weeks": "2"})
    await visitor.look("theme-form")
    await visitor.fill("themes.form.title", "Endings")
    await visitor.fill("themes.form.introduction", "How we part, and how we would like to.")
    await visitor.fill("themes.form.prompts", "An ending that came too early?")
    await visitor.submit()
    await visitor.newest_is_in_sight()
    await visitor.look("theme-preview")
    await visitor.press("themes.preview.edit")
    await visitor.look("theme-edit")
    await visitor.fill("themes.form.prompts", "An ending that came too early?\nOne that came too late?")
    await visitor.submit()
    await visitor.press("themes.preview.discard")
    await visitor.look("theme-discard")
    await visitor.press("themes.discard.no")
    await visitor.press("themes.preview.save")
    await visitor.look("theme-saved")
    await visitor.press("themes.list.back")
    await visitor.look("themes")
    await visitor.pick("Look at one", "Endings")
    await visitor.look("theme")
    await visitor.press("themes.cancel.button")
    await visitor.look("theme-cancel")
    await visitor.press("themes.cancel.no")
    await visitor.command("theme cancel", theme="Endings")
    await visitor.press("themes.cancel.yes")
    await visitor.look("theme-cancelled")
    await visitor.command("theme schedule", **{"from": "2026-05-11"})
    await visitor.fill("themes.form.title", "Endings")
    await visitor.fill("themes.form.prompts", "?")
    await visitor.submit()
    await visitor.press("themes.preview.discard")
    await visitor.press("themes.discard.yes")
    await visitor.look("theme-discarded")


async def pauses(visitor: Visitor) -> None:
    await visitor.command("circle pause", until="2026-06-01")
    await visitor.look("paused")
    await visitor.become("Leyla")
    await visitor.press("prompts.share_unnamed")
    await visitor.look("paused-peer")
    await visitor.become("Miriam")
    await visitor.command("circle status")
    await visitor.look("paused-status")
    await visitor.command("circle resume")
    await visitor.look("resumed")


async def tell(visitor: Visitor, slip: str) -> None:
    await visitor.press("prompts.share_unnamed")
    await visitor.fill("stories.form.slip", slip)
    await visitor.submit()
    await visitor.press("stories.preview.post")


async def keeps_safe(visitor: Visitor) -> None:
    await visitor.look_at("#harbour-circle")
    await visitor.become("Leyla")
    await tell(visitor, SLIP)
    await visitor.become("Tomasz")
    await visitor.command("moderate lock", story="1")
    await visitor.pick(CARE, HURTS)
    await visitor.look("lock")
    await visitor.press("moderation.lock_it")
    await visitor.look("locked")
    await visitor.command("moderate unlock", story="1")
    await visitor.look("unlocked")
    await visitor.command("moderate mute", story="1", until="One week")
    await visitor.look("mute")
    await visitor.press("moderation.keep_it")
    await visitor.look("mute-kept")
    await visitor.command("moderate mute", story="1", until="One week")
    await visitor.pick(CARE, HURTS)
    await visitor.press("moderation.mute_it")
    await visitor.look("muted")
    await visitor.become("Leyla")
    await visitor.press("prompts.share_unnamed")
    await visitor.look("muted-peer")
    await visitor.become("Tomasz")
    await visitor.command("moderate unmute", story="1")
    await visitor.look("unmuted")
    await visitor.command("moderate remove", story="1")
    await visitor.look("remove")
    await visitor.press("moderation.keep_it")
    await visitor.command("moderate remove", story="1")
    await visitor.press("moderation.remove_it")
    await visitor.look("removed")
    await visitor.command("moderate remove", story="7")
    await visitor.look("remove-unknown")
    await visitor.command("help")
    await visitor.look("help")
    await visitor.command("theme list")
    await visitor.look("not-a-facilitator")


async def decides(visitor: Visitor) -> None:
    """One story may or may not have arrived; Discord refused another."""
    await visitor.become("Leyla")
    stage = visitor.stage
    channel = stage._world.circles[0].channel
    side = stage._bot.side
    make = side.make

    async def lost(*_: Any) -> Shown:
        raise ConnectionResetError

    side.make = lost
    await tell(visitor, "I was late.")
    side.make = make
    _history(visitor, readable=False)
    await visitor.skip("hour")
    _history(visitor, readable=True)
    stage._env.inject_error("POST", f"/channels/{channel.id}/messages", status=400, code=50035)
    await tell(visitor, "I was late again.")
    await visitor.become("Miriam")
    await visitor.command("circle status")
    await visitor.look("status-waits")
    await visitor.press("set_aside.open")
    await visitor.look("aside")
    await visitor.press("set_aside.send")
    await visitor.look("aside-sent")
    await visitor.press("set_aside.try_again")
    await visitor.look("aside-done")


def _history(visitor: Visitor, *, readable: bool) -> None:
    backend = visitor.stage._env.backend
    denied = discord.Permissions(read_message_history=not readable).value
    overwrite = Overwrite(backend.bot_user.id, OverwriteType.MEMBER, deny=denied)
    backend.set_overwrite(visitor.stage._world.circles[0].channel.id, overwrite)


async def keeps_for_a_time(visitor: Visitor) -> None:
    """A hundred days pass at once; what was told before then would go."""
    stage = visitor.stage
    async with stage.window(acting=True):
        await stage._env.advance_time(100 * 86400)
    await visitor.command("circle status")
    await visitor.look("status-late")
    await visitor.command("circle keep", days="90 days")
    await visitor.look("keep-question")
    await visitor.press("circles.keep.no")
    await visitor.command("circle keep", days="90 days")
    await visitor.press("circles.keep.yes")
    await visitor.look("kept")


async def play(visitor: Visitor) -> None:
    """Moderator first, then facilitator; a hundred days at the end."""
    await keeps_safe(visitor)
    await visitor.become("Miriam")
    await asks(visitor)
    await plans_themes(visitor)
    await pauses(visitor)
    await decides(visitor)
    await sets_up(visitor)
    await changes_the_circle(visitor)
    await keeps_for_a_time(visitor)

"""The nudge: offered to all alike after anything they post; one private word, weeks later."""

from __future__ import annotations

from discord.ui import LayoutView

from bot import screen
from bot.client import Bot
from bot.content.dates import local_date
from bot.content.words import Words
from bot.delivery.steps import SendPrivately, Shown, Step
from bot.interactions import Interaction, Press, acknowledge, answer, say
from bot.services.nudges import NudgeInfo, Nudges, recipient
from bot.services.outbox import Lease
from cogs.custom_ids import NUDGE_STOP


class NudgeRenderer:
    """Sends it to whoever asked for it. It names no story and no circle: nobody has written any down."""

    def __init__(self, words: Words, nudges: Nudges) -> None:
        self._words = words
        self._nudges = nudges

    async def prepare(self, lease: Lease) -> Step:
        """The private message."""
        text = screen.text(self._words("reminders.nudge.note"))
        return SendPrivately(
            recipient(lease), screen.screen(text, screen.small(self._words("reminders.nudge.small")))
        )

    async def record(self, lease: Lease, shown: Shown) -> None:
        """It is there, and was the only one."""
        await self._nudges.sent(lease)

    async def refused(self, lease: Lease) -> None:
        """The person's private messages are closed: it sleeps, and their next answer says so."""
        await self._nudges.refused(lease)


class NudgeHandlers:
    """Asking for it, and stopping it. The press that asks writes nothing anywhere."""

    def __init__(self, bot: Bot) -> None:
        self.words = bot.words
        self.nudges = bot.services.nudges

    async def ask(self, interaction: Interaction, _press: Press) -> None:
        """*Remind me in some weeks*, after posting."""
        self.nudges.ask(interaction.user.id)
        await answer(interaction, asked(self.words))

    async def ask_command(self, interaction: Interaction) -> None:
        """``/remind look-back``."""
        await acknowledge(interaction)
        await self.ask(interaction, Press())

    async def stop(self, interaction: Interaction, _press: Press) -> None:
        """*Stop*, below the answer or in the list."""
        await self.nudges.stop(interaction.user.id)
        await say(interaction, self.words("reminders.nudge.stopped"))


def asked(words: Words) -> LayoutView:
    """What will come, and what isn't written down."""
    return screen.screen(
        screen.text(words("reminders.nudge.asked")),
        screen.small(words("reminders.nudge.asked_note")),
        screen.row(stop_button(words)),
    )


def stop_button(words: Words) -> screen.Part:
    """One press stops it."""
    return screen.button(words("reminders.nudge.stop"), NUDGE_STOP())


def listed(words: Words, info: NudgeInfo | None) -> tuple[screen.Part, ...]:
    """Its line in the list of what reminds somebody."""
    if info is None:
        return ()
    if info.on is not None:
        text = words("reminders.nudge.line", day=local_date(words, info.on))
    else:
        text = words("reminders.nudge.line_closed" if info.closed else "reminders.nudge.line_soon")
    return (screen.beside(text, screen.button(words("reminders.buttons.stop"), NUDGE_STOP())),)

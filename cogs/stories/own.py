"""The teller's own: panel, receipt, taking back."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import discord
from discord import ui

from bot.client import Bot
from bot.content.words import Words
from bot.errors import Gone, NotAllowed, Refusal
from bot.interactions import Interaction, Press, answer, open_form, say
from bot.rules.limits import CODES_TO_DM, WRONG_CODES
from bot.rules.receipts import read_receipt
from bot.services.own_stories import OwnReply
from cogs.custom_ids import RECEIPT_ANY, RECEIPT_GIVEN
from cogs.own_words import proof_of, receipt_of
from cogs.stories.panel import (
    code_message,
    code_question,
    reply_panel,
    story_panel,
    withdraw_question,
)

CODE = "code"
CLOSED_DMS = {50007, 50278}


class OwnHandlers:
    """What a teller does with what is theirs."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words
        self.own = bot.services.own_stories

    async def this_is_mine(self, interaction: Interaction, press: Press) -> None:
        """*This is mine* on a story: the panel for who is recognised, else the form for the code."""
        story_id = press.number(0)
        try:
            story = await self.own.mine(story_id, None, interaction.user.id)
        except NotAllowed:
            await open_form(interaction, receipt_form(self.words, RECEIPT_GIVEN(story_id)))
            return
        await _new_private(interaction, story_panel(self.words, story, None))

    async def receipt_command(self, interaction: Interaction) -> None:
        """``/story receipt``: the form for the code. Never an option: what is mistyped would be posted."""
        await open_form(interaction, receipt_form(self.words, RECEIPT_ANY()))

    async def receipt_given(self, interaction: Interaction, press: Press) -> None:
        """The code for one story."""
        receipt = await self._code(interaction, press)
        with self._wrong_ones_count(interaction):
            story = await self.own.mine(press.number(0), receipt, interaction.user.id)
        await answer(interaction, story_panel(self.words, story, receipt))

    async def receipt_any(self, interaction: Interaction, press: Press) -> None:
        """A code for whatever it belongs to."""
        receipt = await self._code(interaction, press)
        with self._wrong_ones_count(interaction):
            found = await self.own.find(receipt)
        if isinstance(found, OwnReply):
            await answer(interaction, reply_panel(self.words, found, receipt))
        else:
            await answer(interaction, story_panel(self.words, found, receipt))

    async def _code(self, interaction: Interaction, press: Press) -> str:
        """The typed code, unless too many wrong ones were typed of late. Raises NotAReceipt or Often.

        Buttons bear their code themselves and aren't asked: nobody guesses with them.
        """
        self.bot.gate.check(WRONG_CODES, interaction.user.id)
        receipt = read_receipt(press.fields.get(CODE, ""))
        await self.bot.gate.slow(WRONG_CODES, interaction.user.id)
        return receipt

    @contextmanager
    def _wrong_ones_count(self, interaction: Interaction) -> Generator[None]:
        try:
            yield
        except (Gone, NotAllowed):
            self.bot.gate.count(WRONG_CODES, interaction.user.id)
            raise

    async def panel(self, interaction: Interaction, press: Press) -> None:
        """*My story* after posting."""
        receipt = proof_of(press)
        story = await self.own.mine(press.number(0), receipt, interaction.user.id)
        await answer(interaction, story_panel(self.words, story, receipt))

    async def withdraw(self, interaction: Interaction, press: Press) -> None:
        """*Take it back* or *Withdraw* asks once."""
        receipt = proof_of(press)
        story = await self.own.mine(press.number(0), receipt, interaction.user.id)
        await answer(interaction, withdraw_question(self.words, story, receipt))

    async def withdraw_sure(self, interaction: Interaction, press: Press) -> None:
        """The story goes."""
        seen = await self.own.withdraw(press.number(0), proof_of(press), interaction.user.id)
        self.bot.deliverer.wake()
        await say(
            interaction, self.words("stories.withdraw.done" if seen else "stories.withdraw.done_waiting")
        )

    async def keep(self, interaction: Interaction, _press: Press) -> None:
        """The other answer to a question: all stays as it is."""
        await say(interaction, self.words("stories.withdraw.kept"))

    async def code_to_dm(self, interaction: Interaction, press: Press) -> None:
        """*Send the code to my DMs* says first what that means."""
        await answer(interaction, code_question(self.words, receipt_of(press)))

    async def code_to_dm_sure(self, interaction: Interaction, press: Press) -> None:
        """Sent directly: no row remembers it."""
        self.bot.gate.check(CODES_TO_DM, interaction.user.id)
        self.bot.gate.count(CODES_TO_DM, interaction.user.id)
        try:
            await interaction.user.send(view=code_message(self.words, receipt_of(press)))
        except discord.HTTPException as error:
            if error.code in CLOSED_DMS:
                raise Refusal("refusals.closed_dms") from error
            raise
        await say(interaction, self.words("stories.code.sent"))

    async def code_delete(self, interaction: Interaction, _press: Press) -> None:
        """*Delete* below a code in the private messages."""
        await interaction.delete_original_response()


def receipt_form(words: Words, custom_id: str) -> ui.Modal:
    """The form for a code."""
    form = ui.Modal(title=words("stories.receipt.title"), custom_id=custom_id, timeout=None)
    field: ui.TextInput[ui.LayoutView] = ui.TextInput(custom_id=CODE, max_length=200, required=True)
    form.add_item(
        ui.Label(
            text=words("stories.receipt.label"), description=words("stories.receipt.about"), component=field
        )
    )
    return form


async def _new_private(interaction: Interaction, view: ui.LayoutView) -> None:
    """A first answer of its own, whatever was pressed."""
    await interaction.response.send_message(view=view, ephemeral=True)

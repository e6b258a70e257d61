"""What was added to a story, for whoever wrote it: unnamed replies, the teller's answers and updates."""

from __future__ import annotations

from bot.client import Bot
from bot.errors import NotAllowed, Refusal
from bot.interactions import Interaction, Press, answer, answer_beside, open_form, say
from bot.rules.receipts import read_receipt
from bot.services.own_stories import OwnReply, OwnUpdate
from cogs.custom_ids import ADDED_CODE
from cogs.own_words import proof_of
from cogs.stories.actions import REPLY, UPDATE
from cogs.stories.form import CODE, receipt_form
from cogs.stories.panel import panel, withdraw_added_question


class AddedHandlers:
    """Recognising what somebody added, and taking it back."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words
        self.own = bot.services.own_stories

    async def this_is_mine(self, interaction: Interaction, press: Press) -> None:
        """*This is mine* on a reply or an update: as on a story."""
        try:
            mine = await self._mine(press, None, interaction.user.id)
        except NotAllowed:
            kind, addition = press.arguments
            await open_form(interaction, receipt_form(self.words, ADDED_CODE(kind, addition)))
            return
        await answer_beside(interaction, panel(self.words, mine, None))

    async def code_given(self, interaction: Interaction, press: Press) -> None:
        """The code for one reply or update."""
        receipt = read_receipt(press.fields.get(CODE, ""))
        mine = await self._mine(press, receipt, interaction.user.id)
        await answer_beside(interaction, panel(self.words, mine, receipt))

    async def panel(self, interaction: Interaction, press: Press) -> None:
        """*Look* in the list."""
        receipt = proof_of(press, 2)
        await answer(
            interaction, panel(self.words, await self._mine(press, receipt, interaction.user.id), receipt)
        )

    async def withdraw(self, interaction: Interaction, press: Press) -> None:
        """*Withdraw* asks once."""
        receipt = proof_of(press, 2)
        mine = await self._mine(press, receipt, interaction.user.id)
        await answer(interaction, withdraw_added_question(self.words, mine, receipt))

    async def withdraw_sure(self, interaction: Interaction, press: Press) -> None:
        """It goes."""
        receipt, user_id, addition = proof_of(press, 2), interaction.user.id, press.number(1)
        if _kind(press) == REPLY:
            seen = await self.own.withdraw_my_reply(addition, receipt, user_id)
        else:
            seen = await self.own.withdraw_update(addition, receipt, user_id)
        self.bot.deliverer.wake()
        await say(
            interaction, self.words("additions.withdraw.done" if seen else "additions.withdraw.done_waiting")
        )

    async def _mine(self, press: Press, receipt: str | None, user_id: int) -> OwnReply | OwnUpdate:
        if _kind(press) == REPLY:
            return await self.own.my_reply(press.number(1), receipt, user_id)
        return await self.own.my_update(press.number(1), receipt, user_id)


def _kind(press: Press) -> str:
    """What was added. Raises Refusal for what nothing of ours is called."""
    if press.arguments[0] not in {REPLY, UPDATE}:
        raise Refusal("refusals.old_button")
    return press.arguments[0]

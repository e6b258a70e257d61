"""The teller's own: panel, receipt, taking back."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import discord

from bot.client import Bot
from bot.errors import Gone, NotAllowed, Refusal
from bot.interactions import Interaction, Press, acknowledge, answer, answer_beside, open_form, say
from bot.permissions import sees
from bot.rules.limits import CODES_TO_DM, WRONG_CODES
from bot.rules.receipts import read_receipt
from bot.words_back import words_back
from cogs.custom_ids import RECEIPT_ANY, RECEIPT_GIVEN
from cogs.own_words import BY_ACCOUNT, proof_of, receipt_of
from cogs.stories.actions import STORY
from cogs.stories.form import CODE, receipt_form
from cogs.stories.mine import added_page, mine_page
from cogs.stories.panel import code_message, code_question, panel, story_panel, withdraw_question

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
        await answer_beside(interaction, story_panel(self.words, story, None))

    async def receipt_command(self, interaction: Interaction) -> None:
        """``/story receipt``: the form for the code. Never an option: what is mistyped would be posted."""
        await open_form(interaction, receipt_form(self.words, RECEIPT_ANY()))

    async def code_enter(self, interaction: Interaction, _press: Press) -> None:
        """*Enter a code* below the list."""
        await self.receipt_command(interaction)

    async def receipt_given(self, interaction: Interaction, press: Press) -> None:
        """The code for one story."""
        receipt = await self._code(interaction, press)
        with self._wrong_ones_count(interaction):
            story = await self.own.mine(press.number(0), receipt, interaction.user.id)
        await answer_beside(interaction, story_panel(self.words, story, receipt))

    async def receipt_any(self, interaction: Interaction, press: Press) -> None:
        """A code for whatever it belongs to."""
        receipt = await self._code(interaction, press)
        with self._wrong_ones_count(interaction):
            await self._open(interaction, receipt)

    async def _open(self, interaction: Interaction, receipt: str) -> None:
        """What a code belongs to; if that isn't posted yet, its preview. Raises Gone."""
        try:
            view = panel(self.words, await self.own.find(receipt), receipt)
        except Gone as unknown:
            try:
                payload = await self.bot.services.drafts.read(receipt)
            except Gone:
                raise unknown from None
            forms = self.bot.checked_forms.values()
            form = next((form for form in forms if form.holds(payload)), None)
            if form is None:
                raise
            await form.show(interaction, receipt)
        else:
            await answer(interaction, view)

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

    async def mine_command(self, interaction: Interaction) -> None:
        """``/story mine``: the first page of what is one's own."""
        await acknowledge(interaction)
        await self._mine_page(interaction, 0)

    async def mine_page(self, interaction: Interaction, press: Press) -> None:
        """Another page."""
        await self._mine_page(interaction, press.number(0))

    async def _mine_page(self, interaction: Interaction, number: int) -> None:
        """Unnamed things are looked for in circles that the person sees; in private messages that is none."""
        guild_id, seen = interaction.guild_id, list[int]()
        if guild_id is not None:
            here = await self.bot.services.circles.of_guild(guild_id)
            seen = [circle.id for circle in here if sees(interaction, circle)]
        page = await self.own.page(guild_id, seen, interaction.user.id, number)
        await answer(interaction, mine_page(self.words, page, in_server=guild_id is not None))

    async def added(self, interaction: Interaction, press: Press) -> None:
        """*What I added* in a story's panel."""
        story_id, receipt = press.number(0), proof_of(press)
        page = await self.own.added(story_id, receipt, interaction.user.id, press.number(2))
        await answer(interaction, added_page(self.words, page, story_id, receipt or BY_ACCOUNT))

    async def words_to_copy(self, interaction: Interaction, press: Press) -> None:
        """*My words*: all of what doesn't appear, for its writer alone."""
        kind, receipt = press.arguments[0], proof_of(press, 2)
        found = await self.own.my_words(kind == STORY, press.number(1), receipt, interaction.user.id)
        await words_back(interaction, self.words("review.mine.your_words"), found)

    async def close(self, interaction: Interaction, press: Press) -> None:
        """*Close replies*."""
        await self._close(interaction, press, closed=True)

    async def reopen(self, interaction: Interaction, press: Press) -> None:
        """*Open replies again*."""
        await self._close(interaction, press, closed=False)

    async def _close(self, interaction: Interaction, press: Press, *, closed: bool) -> None:
        receipt = proof_of(press)
        story = await self.own.close(press.number(0), receipt, interaction.user.id, closed=closed)
        self.bot.deliverer.wake()
        head = self.words(f"stories.close.{'closed' if closed else 'opened'}")
        await answer(interaction, story_panel(self.words, story, receipt, head))

    async def panel(self, interaction: Interaction, press: Press) -> None:
        """*My story* after posting."""
        receipt = proof_of(press)
        story = await self.own.mine(press.number(0), receipt, interaction.user.id)
        await answer(interaction, story_panel(self.words, story, receipt))

    async def withdraw(self, interaction: Interaction, press: Press) -> None:
        """*Take it back* or *Withdraw* asks once."""
        receipt = proof_of(press)
        story = await self.own.mine(press.number(0), receipt, interaction.user.id)
        gone = story.removed and not story.hidden
        ask = story_panel if gone else withdraw_question  # the panel says what became of it
        await answer(interaction, ask(self.words, story, receipt))

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

    async def code_use(self, interaction: Interaction, press: Press) -> None:
        """*Use it* below a code in the private messages: also for who is no longer in the server."""
        await self._open(interaction, receipt_of(press))

    async def code_delete(self, interaction: Interaction, _press: Press) -> None:
        """*Delete* below a code in the private messages."""
        await interaction.delete_original_response()

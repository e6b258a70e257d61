"""The teller's side of private notes: reading, answering, wanting no more."""

from __future__ import annotations

from bot.client import Bot
from bot.interactions import Ack, Interaction, Press, Route, answer, open_form
from bot.rules.limits import DRAFTS, NOTES
from cogs import custom_ids as ids
from cogs.note_screens import TEXT, note_form
from cogs.notes import screens
from cogs.own_words import BY_ACCOUNT, proof_of


class TellerHandlers:
    """What a teller does with the notes to their story, with its code or by being recognised."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words
        self.pages = bot.services.note_pages

    async def read(self, interaction: Interaction, press: Press) -> None:
        """*Private notes* in a story's panel, and the pages."""
        proof = proof_of(press)
        page = await self.pages.to_me(press.number(0), proof, interaction.user.id, press.number(2))
        await answer(interaction, screens.tellers_page(self.words, page, proof or BY_ACCOUNT))

    async def close(self, interaction: Interaction, press: Press) -> None:
        """*No more notes*."""
        await self._close(interaction, press, closed=True)

    async def reopen(self, interaction: Interaction, press: Press) -> None:
        """*Take notes again*."""
        await self._close(interaction, press, closed=False)

    async def _close(self, interaction: Interaction, press: Press, *, closed: bool) -> None:
        proof = proof_of(press)
        page = await self.pages.close(press.number(0), proof, interaction.user.id, closed=closed)
        head = self.words("notes.teller.closing" if closed else "notes.teller.opening")
        await answer(interaction, screens.tellers_page(self.words, page, proof or BY_ACCOUNT, head))

    async def answer(self, interaction: Interaction, press: Press) -> None:
        """*Answer* opens the form."""
        proof, user_id = proof_of(press), interaction.user.id
        found = await self.bot.services.notes.begin_answer(press.number(0), proof, user_id)
        self.bot.gate.check(NOTES, user_id)
        self.bot.gate.check(DRAFTS, user_id)
        custom_id = ids.NOTE_ANSWER_WRITTEN(press.number(0), proof or BY_ACCOUNT)
        await open_form(interaction, note_form(self.words, found.draft, found.story, custom_id))

    async def answered(self, interaction: Interaction, press: Press) -> None:
        """An answer was submitted: whose it is is proven again, then it is kept and shown."""
        user_id = interaction.user.id
        self.bot.gate.check(DRAFTS, user_id)
        text = press.fields.get(TEXT, "")
        found = await self.bot.services.notes.keep_answer(press.number(0), proof_of(press), user_id, text)
        self.bot.gate.count(DRAFTS, user_id)
        await answer(interaction, screens.preview(self.words, found, self.bot.settings.window_days))

    def routes(self) -> tuple[Route, ...]:
        """All of them."""
        return (
            Route(ids.NOTES_READ, self.read, Ack.UPDATE),
            Route(ids.NOTES_CLOSE, self.close, Ack.UPDATE),
            Route(ids.NOTES_REOPEN, self.reopen, Ack.UPDATE),
            Route(ids.NOTE_ANSWER, self.answer, Ack.SELF),
            Route(ids.NOTE_ANSWER_WRITTEN, self.answered, Ack.SELF),
        )

"""Private notes between somebody in the circle, or its moderators, and the unnamed teller of a story."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.client import Bot
from bot.errors import Refusal
from bot.feature import DueSource, Feature
from bot.interactions import Ack, Interaction, Press, Route, answer, open_form, say
from bot.permissions import require_member, require_moderator
from bot.rules.limits import DRAFTS, NOTES, SMALL_CIRCLE_IN_A_THREAD
from bot.services.note_drafts import NoteDraft, NoteStory, OpenNote, Sender, SentNote
from cogs import custom_ids as ids
from cogs.note_screens import TEXT, note_form, note_panel
from cogs.notes import screens
from cogs.notes.teller import TellerHandlers
from cogs.own_words import BY_ACCOUNT, discard_question, proof_of, receipt_of, withdraw_question


class NoteHandlers:
    """Writing a note, its preview, and what its sender does with it afterwards."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words
        self.notes = bot.services.notes
        self.pages = bot.services.note_pages

    async def write(self, interaction: Interaction, press: Press) -> None:
        """*Write the teller a private note*, in a private answer."""
        await self._open_form(interaction, press.number(0))

    async def write_menu(self, interaction: Interaction, message: discord.Message) -> None:
        """*Apps → Private note to the teller* on a story, or on any message of its thread."""
        at_place = self.bot.services.additions.at_place
        story_id = await at_place(message.id) or await at_place(message.channel.id)
        if story_id is None:
            raise Refusal("refusals.no_story_here")
        await self._open_form(interaction, story_id)

    async def _open_form(self, interaction: Interaction, story_id: int) -> None:
        if interaction.guild_id is None:
            raise Refusal("refusals.only_in_server")
        user_id = interaction.user.id
        story = await self.notes.begin(story_id, user_id, Sender.PEER)
        require_member(interaction, story.circle)
        self.bot.gate.check(NOTES, user_id)
        self.bot.gate.check(DRAFTS, user_id)
        custom_id = ids.NOTE_WRITTEN(Sender.PEER, story_id)
        await open_form(
            interaction, note_form(self.words, NoteDraft(story_id, Sender.PEER, ""), story, custom_id)
        )

    async def written(self, interaction: Interaction, press: Press) -> None:
        """A note was submitted: kept, then shown."""
        gate, user_id, sender = self.bot.gate, interaction.user.id, _sender(press)
        gate.check(DRAFTS, user_id)
        story = await self.notes.of(press.number(1))
        _require(interaction, story, sender)
        thin = story.circle.small and sender is Sender.PEER
        thin = thin and gate.first_time(SMALL_CIRCLE_IN_A_THREAD, user_id, story.circle.id)
        found = await self.notes.keep(story.id, sender, press.fields.get(TEXT, ""), thin=thin)
        gate.count(DRAFTS, user_id)
        await self._show(interaction, found)

    async def edit(self, interaction: Interaction, press: Press) -> None:
        """*Edit*: the form again, with what was written."""
        found = await self.notes.draft(receipt_of(press))
        custom_id = ids.NOTE_EDITED(found.receipt, found.draft.revision)
        await open_form(interaction, note_form(self.words, found.draft, found.story, custom_id))

    async def edited(self, interaction: Interaction, press: Press) -> None:
        """Submitted again: the preview is replaced in place."""
        self.bot.gate.check(DRAFTS, interaction.user.id)
        found = await self.notes.rewrite(receipt_of(press), press.fields.get(TEXT, ""))
        self.bot.gate.count(DRAFTS, interaction.user.id)
        await self._show(interaction, found)

    async def send(self, interaction: Interaction, press: Press) -> None:
        """*Send*."""
        gate, user_id = self.bot.gate, interaction.user.id

        def admit(story: NoteStory, draft: NoteDraft) -> None:
            if draft.answers is None:
                _require(interaction, story, draft.sender)
            gate.check(NOTES, user_id)

        done = await self.notes.send(receipt_of(press), press.number(1), user_id, admit)
        if not isinstance(done, SentNote):
            await self._show(interaction, done)
            return
        if not done.again:
            await gate.slow(NOTES, user_id)
            gate.count(NOTES, user_id)
        await answer(interaction, screens.after_sending(self.words, done))

    async def discard(self, interaction: Interaction, press: Press) -> None:
        """*Discard* asks once."""
        receipt = receipt_of(press)
        sure, back = ids.NOTE_DISCARD_SURE(receipt), ids.NOTE_BACK(receipt)
        await answer(interaction, discard_question(self.words, sure, back))

    async def discard_sure(self, interaction: Interaction, press: Press) -> None:
        """The draft goes."""
        await self.notes.discard(receipt_of(press))
        await say(interaction, self.words("stories.discard.done"))

    async def back(self, interaction: Interaction, press: Press) -> None:
        """Back to the preview."""
        await self._show(interaction, await self.notes.draft(receipt_of(press)))

    async def _show(self, interaction: Interaction, found: OpenNote) -> None:
        await answer(interaction, screens.preview(self.words, found, self.bot.settings.window_days))

    async def panel(self, interaction: Interaction, press: Press) -> None:
        """*My note*, and *Look* in the list."""
        proof = proof_of(press)
        note = await self.pages.mine(press.number(0), proof, interaction.user.id)
        await answer(interaction, note_panel(self.words, note, proof or BY_ACCOUNT))

    async def withdraw(self, interaction: Interaction, press: Press) -> None:
        """*Take it back* asks once."""
        proof = proof_of(press)
        note = await self.pages.mine(press.number(0), proof, interaction.user.id)
        sure = ids.NOTE_WITHDRAW_SURE(note.id, proof or BY_ACCOUNT)
        question = self.words("notes.withdraw.question")
        await answer(interaction, withdraw_question(self.words, question, sure, seen=False))

    async def withdraw_sure(self, interaction: Interaction, press: Press) -> None:
        """The note goes, for both."""
        await self.pages.withdraw(press.number(0), proof_of(press), interaction.user.id)
        await say(interaction, self.words("notes.withdraw.done"))


def _sender(press: Press) -> Sender:
    """As whom somebody writes. Raises Refusal for what nobody of ours is called."""
    try:
        return Sender(press.arguments[0])
    except ValueError as error:
        raise Refusal("refusals.old_button") from error


def _require(interaction: Interaction, story: NoteStory, sender: Sender) -> None:
    """Whoever writes sees where the circle meets, and moderates if the note is to be the moderators'.

    Raises Gone or NotAllowed.
    """
    if sender is Sender.MODERATORS:
        require_moderator(interaction, story.circle)
    else:
        require_member(interaction, story.circle)


def setup(bot: Bot) -> Feature:
    """What this feature hands over."""
    handlers, words, pages = NoteHandlers(bot), bot.words, bot.services.note_pages

    async def write_menu(interaction: Interaction, message: discord.Message) -> None:
        await handlers.write_menu(interaction, message)

    menu = app_commands.ContextMenu(name=words("notes.menu"), callback=write_menu)
    return Feature(
        name="notes",
        commands=(menu,),
        routes=(
            Route(ids.NOTE_WRITE, handlers.write, Ack.SELF),
            Route(ids.NOTE_WRITTEN, handlers.written, Ack.SELF),
            Route(ids.NOTE_EDIT, handlers.edit, Ack.SELF),
            Route(ids.NOTE_EDITED, handlers.edited, Ack.SELF),
            Route(ids.NOTE_SEND, handlers.send, Ack.UPDATE),
            Route(ids.NOTE_DISCARD, handlers.discard, Ack.UPDATE),
            Route(ids.NOTE_DISCARD_SURE, handlers.discard_sure, Ack.UPDATE),
            Route(ids.NOTE_BACK, handlers.back, Ack.UPDATE),
            Route(ids.NOTE_PANEL, handlers.panel),
            Route(ids.NOTE_WITHDRAW, handlers.withdraw),
            Route(ids.NOTE_WITHDRAW_SURE, handlers.withdraw_sure, Ack.UPDATE),
            *TellerHandlers(bot).routes(),
        ),
        due=(DueSource("notes", pages.due, pages.next_due),),
    )

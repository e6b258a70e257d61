"""The moderators' side of private notes: writing to a story's teller as one, and reading the answers."""

from __future__ import annotations

from discord.ui import LayoutView

from bot import screen
from bot.client import Bot
from bot.content.words import Words
from bot.interactions import Ack, Interaction, Press, Route, acknowledge, answer, open_form, say
from bot.permissions import require_moderator, this_circle
from bot.rules.limits import DRAFTS, NOTES
from bot.rules.text import escape
from bot.services.note_drafts import NoteDraft, Sender
from bot.services.note_pages import ModeratorsPage, ShownNote
from cogs import custom_ids as ids
from cogs.note_screens import note_form
from cogs.own_words import withdraw_question


class ModeratorsNotes:
    """The handlers of ``/moderate write`` and ``/moderate notes``."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words
        self.pages = bot.services.note_pages

    async def write(self, interaction: Interaction, number: int) -> None:
        """``/moderate write``: the form. Its words are never an option: what is mistyped would be posted."""
        circle, services, user_id = await this_circle(interaction), self.bot.services, interaction.user.id
        require_moderator(interaction, circle)
        moderated = await services.moderation.numbered(circle.id, number)
        story = await services.notes.begin(moderated.id, user_id, Sender.MODERATORS)
        self.bot.gate.check(NOTES, user_id)
        self.bot.gate.check(DRAFTS, user_id)
        draft = NoteDraft(story.id, Sender.MODERATORS, "")
        custom_id = ids.NOTE_WRITTEN(Sender.MODERATORS, story.id)
        await open_form(interaction, note_form(self.words, draft, story, custom_id))

    async def notes(self, interaction: Interaction) -> None:
        """``/moderate notes``: what the moderators of this circle wrote, and the answers."""
        await acknowledge(interaction)
        circle = await this_circle(interaction)
        require_moderator(interaction, circle)
        await answer(interaction, moderators_page(self.words, await self.pages.of_moderators(circle.id, 0)))

    async def page(self, interaction: Interaction, press: Press) -> None:
        """Another page."""
        page = await self.pages.of_moderators(press.number(0), press.number(1))
        require_moderator(interaction, page.circle)
        await answer(interaction, moderators_page(self.words, page))

    async def withdraw(self, interaction: Interaction, press: Press) -> None:
        """*Take the note back* asks once."""
        require_moderator(interaction, await self.pages.circle_of(press.number(0)))
        sure = ids.MODERATE_NOTE_WITHDRAW_SURE(press.number(0))
        question = self.words("notes.withdraw.question_moderators")
        await answer(interaction, withdraw_question(self.words, question, sure, seen=False))

    async def withdraw_sure(self, interaction: Interaction, press: Press) -> None:
        """It goes; of two moderators at once the second is told that it is gone."""
        require_moderator(interaction, await self.pages.circle_of(press.number(0)))
        await self.pages.withdraw_moderators(press.number(0))
        await say(interaction, self.words("notes.withdraw.done"))

    def routes(self) -> tuple[Route, ...]:
        """All of them."""
        return (
            Route(ids.MODERATE_NOTES, self.page, Ack.UPDATE),
            Route(ids.MODERATE_NOTE_WITHDRAW, self.withdraw),
            Route(ids.MODERATE_NOTE_WITHDRAW_SURE, self.withdraw_sure, Ack.UPDATE),
        )


def moderators_page(words: Words, page: ModeratorsPage) -> LayoutView:
    """One note of the moderators with its answer."""
    if page.note is None:
        return screen.screen(screen.text(words("notes.moderators.none")))
    note, place = page.note, page.page + 1
    return screen.screen(
        screen.text(words("notes.moderators.title", place=place, count=page.pages, number=note.number or "")),
        screen.box(screen.text(escape(note.text))),
        *_answer(words, note),
        screen.small(words("notes.moderators.all")),
        screen.row(
            screen.button(words("notes.panel.withdraw"), ids.MODERATE_NOTE_WITHDRAW(note.id)),
            _turn(words, page, -1) if page.page else None,
            _turn(words, page, 1) if place < page.pages else None,
        ),
    )


def _answer(words: Words, note: ShownNote) -> list[screen.Part]:
    if note.answer is None:
        return [screen.text(words("notes.panel.waiting" if note.on_its_way else "notes.panel.open"))]
    return [screen.text(words("notes.panel.answered")), screen.box(screen.text(escape(note.answer)))]


def _turn(words: Words, page: ModeratorsPage, step: int) -> screen.Part:
    label = words("common.page_before" if step < 0 else "common.page_after")
    return screen.button(label, ids.MODERATE_NOTES(page.circle.id, page.page + step))

"""``/circle words``: what a circle always marks in a preview, and what it never marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui
from discord.ui import LayoutView

from bot import screen
from bot.client import Bot
from bot.content.words import Words
from bot.errors import Refusal
from bot.interactions import Ack, Interaction, Press, Route, acknowledge, answer, open_form
from bot.permissions import require_facilitator, this_circle
from bot.rules.text import escape
from bot.services.circle_words import LONGEST, ListedWord, Use
from bot.services.circles import CircleInfo
from cogs import custom_ids as ids

AT_ONCE = 25
"""Words on a page: as many as a select can offer."""
MARK, ALLOW = "mark", "allow"
TYPED, WHAT = "typed", "what"
FORM_ROOM = 2_000
MARKED = (Use.PERSON, Use.ORGANISATION, Use.PLACE)


class WordsHandlers:
    """For facilitators."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words
        self.lists = bot.services.circle_lists

    def routes(self) -> tuple[Route, ...]:
        """Of the page and its forms."""
        return (
            Route(ids.CIRCLE_WORDS_PAGE, self.page, Ack.UPDATE),
            Route(ids.CIRCLE_WORDS_ADD, self.add, Ack.SELF),
            Route(ids.CIRCLE_WORDS_TYPED, self.typed, Ack.SELF),
            Route(ids.CIRCLE_WORDS_OFF, self.take_off, Ack.UPDATE),
        )

    async def command(self, interaction: Interaction) -> None:
        """``/circle words``."""
        await acknowledge(interaction)
        circle = await this_circle(interaction)
        require_facilitator(interaction, circle)
        await self._show(interaction, circle, 0)

    async def page(self, interaction: Interaction, press: Press) -> None:
        """Another page."""
        await self._show(interaction, await self._circle(interaction, press), press.number(1))

    async def add(self, interaction: Interaction, press: Press) -> None:
        """*Mark words* or *Leave words alone*: the form."""
        circle = await self._circle(interaction, press)
        await open_form(interaction, form(self.words, circle.id, _list(press)))

    async def typed(self, interaction: Interaction, press: Press) -> None:
        """Words were submitted, one a line."""
        circle, use = await self._circle(interaction, press), Use.ALLOW
        if _list(press) == MARK:
            chosen = press.fields.get(WHAT, "")
            use = Use(chosen) if chosen in MARKED else Use.PERSON
        await self.lists.add(circle.id, press.fields.get(TYPED, "").splitlines(), use)
        await self._show(interaction, circle, 0)

    async def take_off(self, interaction: Interaction, press: Press) -> None:
        """Words were chosen on a page: they go from the list."""
        circle, number = await self._circle(interaction, press), press.number(1)
        page = (await self.lists.listed(circle.id))[number * AT_ONCE : (number + 1) * AT_ONCE]
        shown = {one.word for one in page}
        await self.lists.take_off(circle.id, shown.intersection(press.values))
        await self._show(interaction, circle, number)

    async def _circle(self, interaction: Interaction, press: Press) -> CircleInfo:
        """Raises Gone or NotAllowed."""
        circle = await self.bot.services.circles.get(press.number(0))
        require_facilitator(interaction, circle)
        return circle

    async def _show(self, interaction: Interaction, circle: CircleInfo, number: int) -> None:
        listed = await self.lists.listed(circle.id)
        await answer(interaction, words_page(self.words, circle.id, listed, number))


def words_page(words: Words, circle_id: int, listed: Sequence[ListedWord], number: int) -> LayoutView:
    """The list, with what can be done about it."""
    last = max(0, (len(listed) - 1) // AT_ONCE)
    number = min(number, last)
    page = listed[number * AT_ONCE : (number + 1) * AT_ONCE]
    earlier, further = (
        ids.CIRCLE_WORDS_PAGE(circle_id, number - 1),
        ids.CIRCLE_WORDS_PAGE(circle_id, number + 1),
    )
    return screen.screen(
        screen.text(words("circles.words.title")),
        screen.text("\n".join(_line(words, one) for one in page) or words("circles.words.none")),
        _off(words, circle_id, page, number) if page else None,
        screen.row(
            screen.button(words("circles.words.mark"), ids.CIRCLE_WORDS_ADD(circle_id, MARK)),
            screen.button(words("circles.words.allow"), ids.CIRCLE_WORDS_ADD(circle_id, ALLOW)),
            screen.button(words("circles.words.earlier"), earlier) if number > 0 else None,
            screen.button(words("circles.words.further"), further) if number < last else None,
        ),
        screen.small(words("circles.words.note")),
    )


def _line(words: Words, one: ListedWord) -> str:
    return words("circles.words.line", word=escape(one.word), use=words(f"circles.words.use.{one.use}"))


def _off(words: Words, circle_id: int, page: Sequence[ListedWord], number: int) -> screen.Part:
    options = [
        discord.SelectOption(
            label=one.word, value=one.word, description=words(f"circles.words.use.{one.use}")
        )
        for one in page
    ]
    return ui.ActionRow(
        ui.Select(
            custom_id=ids.CIRCLE_WORDS_OFF(circle_id, number),
            placeholder=words("circles.words.off"),
            options=options,
            max_values=len(options),
        )
    )


def form(words: Words, circle_id: int, which: str) -> ui.Modal:
    """The form for new words, one a line."""
    form = ui.Modal(
        title=words(f"circles.words.form.title_{which}"),
        custom_id=ids.CIRCLE_WORDS_TYPED(circle_id, which),
        timeout=None,
    )
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id=TYPED, style=discord.TextStyle.paragraph, max_length=FORM_ROOM, required=True
    )
    about = words("circles.words.form.about", limit=LONGEST)
    form.add_item(ui.Label(text=words("circles.words.form.label"), description=about, component=field))
    if which == MARK:
        options = [
            discord.RadioGroupOption(
                label=words(f"circles.words.form.{use}"), value=use, default=use is Use.PERSON
            )
            for use in MARKED
        ]
        group: ui.RadioGroup[Any] = ui.RadioGroup(custom_id=WHAT, options=options)
        form.add_item(ui.Label(text=words("circles.words.form.what"), component=group))
    return form


def _list(press: Press) -> str:
    which = press.arguments[1]
    if which not in {MARK, ALLOW}:
        raise Refusal("refusals.old_button")
    return which

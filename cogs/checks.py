"""Checks: what their writer does with what was noticed in their words, whatever form they were typed into."""

from __future__ import annotations

from collections.abc import Sequence

from bot.checks import CheckedForm, OpenWords
from bot.client import Bot
from bot.errors import Refusal
from bot.feature import Feature
from bot.interactions import Ack, Interaction, Press, Route, answer
from bot.rules.checked import Group, general, groups
from cogs import custom_ids as ids
from cogs.check_screens import AT_ONCE, MORE, further_page, kept_page, picked_page
from cogs.own_words import receipt_of


class CheckHandlers:
    """Generalising, keeping and changing marks, and keeping words for later."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words

    async def general(self, interaction: Interaction, press: Press) -> None:
        """*Generalise*: all that surely identifies somebody."""
        form, receipt = self._form(press), receipt_of(press, 1)
        await self._change(interaction, press, form, receipt, await form.opened(receipt), None)

    async def pick(self, interaction: Interaction, press: Press) -> None:
        """Marks were chosen in the select, or more were asked for."""
        form, receipt, page = self._form(press), receipt_of(press, 1), press.number(3)
        found = await form.opened(receipt)
        if found.revision != press.number(2):
            await form.change(interaction, receipt, press.number(2), found.checked)
            return
        chosen = sorted({int(value) for value in press.values if value.isascii() and value.isdecimal()})
        key = (press.arguments[0], receipt, found.revision)
        shown = _shown(found, page)
        if any(number >= len(shown) for number in chosen) or not (chosen or MORE in press.values):
            raise Refusal("refusals.old_button")
        if chosen:
            view = picked_page(self.words, *key, page, chosen, found.parts, found.checked)
        else:
            view = further_page(self.words, *key, page + 1, found.parts, found.checked)
        await answer(interaction, view)

    async def keep(self, interaction: Interaction, press: Press) -> None:
        """*Keep it*: it isn't asked about again."""
        form, receipt = self._form(press), receipt_of(press, 1)
        found = await form.opened(receipt)
        said = _picked(press, found)
        await form.change(interaction, receipt, press.number(2), found.checked.keeping(said))

    async def change(self, interaction: Interaction, press: Press) -> None:
        """*Change it*: general words in its place."""
        form, receipt = self._form(press), receipt_of(press, 1)
        found = await form.opened(receipt)
        await self._change(interaction, press, form, receipt, found, _picked(press, found))

    async def _change(
        self,
        interaction: Interaction,
        press: Press,
        form: CheckedForm,
        receipt: str,
        found: OpenWords,
        said: frozenset[str] | None,
    ) -> None:
        """The new words are looked at too: what is kept stands elsewhere in them now."""
        parts = general(found.parts, found.checked, found.limits, said)
        noticed = await self.bot.checks.look(found.circle, parts, found.checked, ours=True)
        # the revision that was pressed, and not the one that was found: an older preview changes nothing
        await form.change(interaction, receipt, press.number(2), noticed.checked, parts)

    async def back(self, interaction: Interaction, press: Press) -> None:
        """Back to the preview; *Post it* on the page about danger leads there too."""
        await self._form(press).show(interaction, receipt_of(press, 1))

    async def later(self, interaction: Interaction, press: Press) -> None:
        """*Keep it for later*: the words stay for as long as any draft, counted from now."""
        form, receipt = self._form(press), receipt_of(press, 1)
        await form.opened(receipt)
        until = await self.bot.services.drafts.keep_longer(receipt)
        await answer(interaction, kept_page(self.words, press.arguments[0], receipt, until))

    def _form(self, press: Press) -> CheckedForm:
        """Raises Refusal for a form that isn't there any more."""
        form = self.bot.checked_forms.get(press.arguments[0])
        if form is None:
            raise Refusal("refusals.old_button")
        return form


def _shown(found: OpenWords, page: int) -> Sequence[Group]:
    return groups(found.parts, found.checked)[page * AT_ONCE : (page + 1) * AT_ONCE]


def _picked(press: Press, found: OpenWords) -> frozenset[str]:
    """What was picked, as ``Mark.said``; nothing from an older preview, whose marks were others."""
    if press.number(2) != found.revision:
        return frozenset()
    try:
        picked = int(press.arguments[4], 16)
    except ValueError as error:
        raise Refusal("refusals.old_button") from error
    shown = _shown(found, press.number(3))
    if picked <= 0 or picked >> len(shown):
        raise Refusal("refusals.old_button")
    return frozenset(one.said for number, one in enumerate(shown) if picked >> number & 1)


def setup(bot: Bot) -> Feature:
    """What this feature hands over."""
    handlers = CheckHandlers(bot)
    return Feature(
        name="checks",
        routes=(
            Route(ids.CHECK_GENERAL, handlers.general, Ack.UPDATE),
            Route(ids.CHECK_PICK, handlers.pick, Ack.UPDATE),
            Route(ids.CHECK_KEEP, handlers.keep, Ack.UPDATE),
            Route(ids.CHECK_CHANGE, handlers.change, Ack.UPDATE),
            Route(ids.CHECK_BACK, handlers.back, Ack.UPDATE),
            Route(ids.CHECK_LATER, handlers.later, Ack.UPDATE),
        ),
    )

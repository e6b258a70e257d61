"""Themed weeks: written in a form, looked at before they are saved, listed and cancelled."""

from __future__ import annotations

from discord import app_commands

from bot.client import Bot
from bot.errors import Refusal
from bot.feature import Feature
from bot.interactions import Ack, Interaction, Press, Route, acknowledge, answer, open_form, say
from bot.permissions import require_facilitator, this_circle
from bot.rules.receipts import read_receipt
from bot.rules.themes import MOST_WEEKS
from bot.rules.typed import read_date
from bot.services.circles import CircleInfo
from bot.services.theme_drafts import Proposal
from bot.services.themes import ThemeDetail
from cogs import custom_ids as ids
from cogs.themes import screens
from cogs.themes.form import edit_form, new_form, read_form


class ThemeCommands:
    """The handlers of ``/theme`` and of its screens. All of them are the facilitators'."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words
        self.themes = bot.services.themes
        self.drafts = bot.services.theme_drafts

    async def schedule(self, interaction: Interaction, start: str, weeks: int) -> None:
        """``/theme schedule``: open the form, unless it is clear already that it can't be."""
        circle = await self._circle(interaction)
        await self.drafts.may_begin(circle, start)
        custom_id = ids.THEME_TYPED(circle.id, read_date(start).isoformat(), weeks)
        await open_form(interaction, new_form(self.words, custom_id))

    async def typed(self, interaction: Interaction, press: Press) -> None:
        """The form was submitted: its first answer is the preview."""
        require_facilitator(interaction, await self.bot.services.circles.get(press.number(0)))
        typed = read_form(press, press.arguments[1], press.number(2))
        await self._preview(interaction, await self.drafts.draft(press.number(0), typed))

    async def edit(self, interaction: Interaction, press: Press) -> None:
        """*Edit*: the form again, with all that was typed."""
        proposal = await self._proposal(interaction, press)
        custom_id = ids.THEME_EDITED(proposal.receipt)
        await open_form(interaction, edit_form(self.words, custom_id, proposal.typed))

    async def edited(self, interaction: Interaction, press: Press) -> None:
        """The form was submitted again: the preview is replaced."""
        before = await self._proposal(interaction, press)
        typed = read_form(press, before.typed.start, before.typed.weeks)
        await self._preview(interaction, await self.drafts.redraft(before.receipt, typed))

    async def save(self, interaction: Interaction, press: Press) -> None:
        """*Save*: scheduled, or the preview as it stands now, with the reason."""
        receipt = read_receipt(press.arguments[0])
        require_facilitator(interaction, await self.drafts.circle_of(receipt))
        done = await self.drafts.save(receipt, press.number(1))
        if isinstance(done, Proposal):
            await self._preview(interaction, done)
        else:
            await answer(interaction, screens.saved(self.words, done))

    async def discard(self, interaction: Interaction, press: Press) -> None:
        """*Discard*: ask once."""
        proposal = await self._proposal(interaction, press)
        await answer(interaction, screens.discard_question(self.words, proposal.receipt))

    async def discard_sure(self, interaction: Interaction, press: Press) -> None:
        """Discard, really."""
        proposal = await self._proposal(interaction, press)
        await self.drafts.discard(proposal.receipt)
        await say(interaction, self.words("themes.discarded"))

    async def back(self, interaction: Interaction, press: Press) -> None:
        """Back to the preview."""
        await self._preview(interaction, await self._proposal(interaction, press))

    async def show_list(self, interaction: Interaction) -> None:
        """``/theme list``."""
        await acknowledge(interaction)
        circle = await self._circle(interaction)
        await answer(interaction, screens.theme_list(self.words, await self.themes.coming(circle.id)))

    async def turn_page(self, interaction: Interaction, press: Press) -> None:
        """*Earlier*, *Later*, *All themes*."""
        page = await self.themes.coming(press.number(0), press.number(1))
        require_facilitator(interaction, page.circle)
        await answer(interaction, screens.theme_list(self.words, page))

    async def look(self, interaction: Interaction, press: Press) -> None:
        """One of the list was chosen."""
        if not press.values or not press.values[0].isdecimal():
            raise Refusal("refusals.old_button")
        detail = await self._detail(interaction, int(press.values[0]))
        await answer(interaction, screens.one_theme(self.words, detail))

    async def cancel(self, interaction: Interaction, given: str) -> None:
        """``/theme cancel``: ask once, with what would change."""
        await acknowledge(interaction)
        detail = await self.themes.find(await self._circle(interaction), given)
        await answer(interaction, screens.cancel_question(self.words, detail))

    async def cancel_pressed(self, interaction: Interaction, press: Press) -> None:
        """*Cancel this theme*: ask once."""
        detail = await self._detail(interaction, press.number(0))
        await answer(interaction, screens.cancel_question(self.words, detail))

    async def cancel_sure(self, interaction: Interaction, press: Press) -> None:
        """Cancel, really."""
        await self._detail(interaction, press.number(0))
        done = await self.themes.cancel(press.number(0))
        await answer(interaction, screens.cancelled(self.words, done))

    async def keep(self, interaction: Interaction, _press: Press) -> None:
        """*Keep it*."""
        await say(interaction, self.words("themes.kept"))

    async def titles(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """The themes that can be cancelled, for those who may."""
        try:
            circle = await self._circle(interaction)
        except Refusal:  # nobody can be told anything here; the command itself says it
            return []
        return [
            app_commands.Choice(name=screens.choice_label(self.words, theme), value=str(theme.id))
            for theme in await self.themes.suggest(circle, current)
        ]

    async def _circle(self, interaction: Interaction) -> CircleInfo:
        circle = await this_circle(interaction)
        require_facilitator(interaction, circle)
        return circle

    async def _proposal(self, interaction: Interaction, press: Press) -> Proposal:
        proposal = await self.drafts.proposal(read_receipt(press.arguments[0]))
        require_facilitator(interaction, proposal.circle)
        return proposal

    async def _detail(self, interaction: Interaction, theme_id: int) -> ThemeDetail:
        detail = await self.themes.look(theme_id)
        require_facilitator(interaction, detail.circle)
        return detail

    async def _preview(self, interaction: Interaction, proposal: Proposal) -> None:
        await answer(interaction, screens.preview(self.words, proposal))


def setup(bot: Bot) -> Feature:
    """What this feature hands over."""
    handlers, words = ThemeCommands(bot), bot.words
    group = app_commands.Group(name="theme", description=words("themes.commands.theme"))

    @group.command(name="schedule", description=words("themes.commands.schedule"))
    @app_commands.rename(start="from")
    @app_commands.describe(start=words("themes.commands.from"), weeks=words("themes.commands.weeks"))
    async def schedule(
        interaction: Interaction, start: str, weeks: app_commands.Range[int, 1, MOST_WEEKS] = 1
    ) -> None:
        await handlers.schedule(interaction, start, weeks)

    @group.command(name="list", description=words("themes.commands.list"))
    async def show_list(interaction: Interaction) -> None:
        await handlers.show_list(interaction)

    @group.command(name="cancel", description=words("themes.commands.cancel"))
    @app_commands.describe(theme=words("themes.commands.which"))
    @app_commands.autocomplete(theme=handlers.titles)
    async def cancel(interaction: Interaction, theme: str) -> None:
        await handlers.cancel(interaction, theme)

    return Feature(
        name="themes",
        commands=(group,),
        routes=(
            Route(ids.THEME_TYPED, handlers.typed, Ack.SELF),
            Route(ids.THEME_EDIT, handlers.edit, Ack.SELF),
            Route(ids.THEME_EDITED, handlers.edited, Ack.SELF),
            Route(ids.THEME_SAVE, handlers.save, Ack.UPDATE),
            Route(ids.THEME_DISCARD, handlers.discard, Ack.UPDATE),
            Route(ids.THEME_DISCARD_SURE, handlers.discard_sure, Ack.UPDATE),
            Route(ids.THEME_BACK, handlers.back, Ack.UPDATE),
            Route(ids.THEME_LIST, handlers.turn_page, Ack.UPDATE),
            Route(ids.THEME_LOOK, handlers.look, Ack.UPDATE),
            Route(ids.THEME_CANCEL, handlers.cancel_pressed, Ack.UPDATE),
            Route(ids.THEME_CANCEL_SURE, handlers.cancel_sure, Ack.UPDATE),
            Route(ids.THEME_KEEP, handlers.keep, Ack.UPDATE),
        ),
    )

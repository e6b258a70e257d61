"""Reports: anybody in a circle can ask its moderators to look at a message, without being seen doing so."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.client import Bot
from bot.errors import Refusal
from bot.feature import DueSource, Feature, command
from bot.interactions import Ack, Interaction, Press, Route, acknowledge, answer, open_form, say
from bot.permissions import circle_channel_id, require_moderator, sees, this_circle
from bot.rules.limits import REPORTS
from bot.rules.reports import read_reason
from bot.services.circles import CircleInfo
from bot.services.report_desk import OpenReport
from bot.services.reports import Place
from cogs import custom_ids as ids
from cogs.reports import screens


class ReportHandlers:
    """The menu and its form."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words
        self.reports = bot.services.reports

    async def menu(self, interaction: Interaction, message: discord.Message) -> None:
        """*Apps → Report to the moderators* on a message of a circle: the form opens."""
        self.bot.gate.check(REPORTS, interaction.user.id)
        place = await self._place(interaction, message.id)
        if message.author.id == interaction.user.id:
            raise Refusal("refusals.report_own")
        begun = await self.reports.begin(place, message.content, interaction.user.id)
        await open_form(interaction, screens.report_form(self.words, message.id, begun))

    async def written(self, interaction: Interaction, press: Press) -> None:
        """The form was sent off."""
        gate, user_id = self.bot.gate, interaction.user.id
        if screens.REASON not in press.fields:
            raise Refusal("refusals.old_button")  # no form of ours was sent off
        gate.check(REPORTS, user_id)
        place = await self._place(interaction, press.number(0))
        reason = read_reason(press.fields.get(screens.REASON, ""))
        again = await self.reports.report(place, user_id, reason, press.fields.get(screens.MORE, ""))
        gate.count(REPORTS, user_id)
        await say(interaction, self.words("reports.thanks_again" if again else "reports.thanks"))

    async def _place(self, interaction: Interaction, message_id: int) -> Place:
        """Where a message of a circle stands that the person can see. Raises Refusal."""
        circle = await self.bot.services.circles.at(circle_channel_id(interaction))
        if circle is None or not sees(interaction, circle):
            raise Refusal("refusals.report_elsewhere")
        return Place(circle.id, interaction.channel_id or circle.channel_id, message_id)


class ReportPages:
    """The moderators' pages."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words
        self.desk = bot.services.report_desk

    async def command(self, interaction: Interaction) -> None:
        """``/moderate reports``: the one that has been open for longest."""
        await acknowledge(interaction)
        await self._show(interaction, await this_circle(interaction), 0)

    async def page(self, interaction: Interaction, press: Press) -> None:
        """Another one."""
        await self._show(interaction, await self.bot.services.circles.get(press.number(0)), press.number(1))

    async def close(self, interaction: Interaction, press: Press) -> None:
        """*Done*, or *Nothing to do*: what was said about it is forgotten."""
        report = await self._open(interaction, press)
        await self.desk.close(report.id)
        how = screens.DONE if press.arguments[1] == screens.DONE else screens.NOTHING
        sentence = self.words(f"reports.closed.{how}")
        await answer(interaction, screens.closed_view(self.words, report.circle.id, sentence))

    async def _open(self, interaction: Interaction, press: Press) -> OpenReport:
        report = await self.desk.report(press.number(0))
        require_moderator(interaction, report.circle)
        return report

    async def _show(self, interaction: Interaction, circle: CircleInfo, page: int) -> None:
        require_moderator(interaction, circle)
        report = await self.desk.page(circle.id, page)
        if report is None:
            await say(interaction, self.words("reports.none"))
        else:
            await answer(interaction, screens.report_page(self.words, report))


def setup(bot: Bot) -> Feature:
    """What this feature hands over."""
    handlers, pages, words = ReportHandlers(bot), ReportPages(bot), bot.words
    reports = bot.services.reports

    async def report_menu(interaction: Interaction, message: discord.Message) -> None:
        await handlers.menu(interaction, message)

    async def show_reports(interaction: Interaction) -> None:
        await pages.command(interaction)

    menu = app_commands.ContextMenu(name=words("reports.menu"), callback=report_menu)
    shown = command("reports", words("reports.command"), show_reports)
    return Feature(
        name="reports",
        commands=(menu,),
        more_commands=(("moderate", shown),),
        routes=(
            Route(ids.REPORT_WRITTEN, handlers.written, Ack.SELF),
            Route(ids.REPORT_PAGE, pages.page, Ack.UPDATE),
            Route(ids.REPORT_CLOSE, pages.close, Ack.UPDATE),
        ),
        due=(DueSource("reports", reports.due, reports.next_due),),
    )

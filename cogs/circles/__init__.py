"""Circles: set up, changed, paused, resumed, and how they are doing."""

from __future__ import annotations

from dataclasses import replace

from discord import app_commands

from bot.client import Bot
from bot.content.cities import load_cities
from bot.content.dates import local_date
from bot.delivery.places import lacks_tag
from bot.feature import Feature, PersonalData
from bot.interactions import Ack, Interaction, Press, Route, acknowledge, answer, answer_beside, say
from bot.permissions import (
    acting_as,
    circle_channel_id,
    facilitates,
    require_either,
    require_facilitator,
    require_manager,
    this_circle,
)
from bot.rules.calendar import load_zone
from bot.rules.retention import CHOICES
from bot.rules.typed import read_date, read_time
from bot.rules.zones import suggest_zones
from bot.services.acts import LOG_LINE
from bot.services.circles import WELCOME, CircleInfo, CirclePlan
from bot.services.wipes import WIPE
from cogs.circles import home, page, status
from cogs.circles.care import add_to
from cogs.circles.home import HomeOption
from cogs.circles.keeping import KeepingHandlers, kept_line
from cogs.circles.log import LogHandlers, LogLineRenderer
from cogs.circles.welcome import WelcomeRenderer, after_saving
from cogs.circles.wipe import WipeHandlers, WipeRenderer
from cogs.circles.words import WordsHandlers
from cogs.custom_ids import (
    CIRCLE_CHOOSE,
    CIRCLE_CHOOSE_2,
    CIRCLE_CHOOSE_THERE,
    CIRCLE_KEEP,
    CIRCLE_LOG,
    CIRCLE_SAVE,
    CIRCLE_SAVE_3,
    CIRCLE_SAVE_THERE,
    CIRCLE_WELCOME,
)


class CircleCommands:
    """The handlers of ``/circle`` and of its page."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words
        self.circles = bot.services.circles
        self.cities = load_cities()

    async def set_up(
        self, interaction: Interaction, place: str, at: str | None, named: int | None = None
    ) -> None:
        """``/circle setup``: show the page with good defaults, or as an existing circle has it.

        ``named`` is the id of the channel where the circle is to meet, if not here.
        """
        await acknowledge(interaction)
        channel_id = home.meant(interaction, named)
        circle = await self._require_right(interaction, channel_id)
        home.require_home(interaction, channel_id)
        load_zone(place)
        if circle is None:
            plan = page.default_plan(place, read_time(at) if at else 9 * 60)
        else:
            plan = replace(circle.plan, zone=place)
            plan = replace(plan, at_minute=read_time(at)) if at else plan
        await self._show_page(interaction, plan, channel_id, new=circle is None)

    async def settings(self, interaction: Interaction, place: str | None, at: str | None) -> None:
        """``/circle settings``: the same page, as things stand."""
        await acknowledge(interaction)
        circle = await this_circle(interaction)
        require_facilitator(interaction, circle)
        plan = circle.plan
        if place is not None:
            load_zone(place)
            plan = replace(plan, zone=place)
        if at is not None:
            plan = replace(plan, at_minute=read_time(at))
        await self._show_page(interaction, plan, circle.channel_id, new=False)

    async def choose(self, interaction: Interaction, press: Press) -> None:
        """A select of the page was used: show the page as it is now."""
        what, *arguments = press.arguments
        plan, named = page.read(arguments)
        channel_id = home.meant(interaction, named)
        circle = await self._require_right(interaction, channel_id)
        await self._show_page(
            interaction, page.changed(plan, what, press.values), channel_id, new=circle is None
        )

    async def save(self, interaction: Interaction, press: Press) -> None:
        """*Save*: the circle is there, or changed."""
        plan, named = page.read(press.arguments)
        channel_id = home.meant(interaction, named)
        if await self._require_right(interaction, channel_id) is None:
            home.require_home(interaction, channel_id)
        saved = await self.circles.save(interaction.guild_id or 0, channel_id, plan, self.words.language)
        await answer(interaction, after_saving(self.words, saved))

    async def welcome(self, interaction: Interaction, press: Press) -> None:
        """*Post a welcome*: a standing message that says what this is, with the share buttons."""
        circle = await self.circles.get(press.number(0))
        require_facilitator(interaction, circle)
        await self.circles.owe_welcome(circle.id)
        self.bot.deliverer.wake()
        await say(interaction, self.words("circles.welcome.posted"))

    async def pause(self, interaction: Interaction, until: str | None) -> None:
        """``/circle pause``."""
        await acknowledge(interaction)
        circle = await this_circle(interaction)
        require_either(interaction, circle)
        day = read_date(until) if until else None
        await self.circles.pause(circle.id, day, acting_as(interaction, circle))
        self.bot.deliverer.wake()
        if day is None:
            await say(interaction, self.words("circles.pause.open"))
        else:
            await say(interaction, self.words("circles.pause.until", day=local_date(self.words, day)))

    async def resume(self, interaction: Interaction) -> None:
        """``/circle resume``."""
        await acknowledge(interaction)
        circle = await this_circle(interaction)
        require_either(interaction, circle)
        if not circle.paused:
            await say(interaction, self.words("circles.pause.not_paused"))
            return
        await self.circles.resume(circle.id, acting_as(interaction, circle))
        self.bot.deliverer.wake()
        coming = await self.circles.coming(circle.channel_id, circle.plan)
        text = page.coming_text(self.words, coming, circle.zone)
        await say(interaction, self.words("circles.pause.resumed", coming=text))

    async def status(self, interaction: Interaction) -> None:
        """``/circle status``: how the circle is doing, and what its facilitators need to know."""
        await acknowledge(interaction)
        circle = await this_circle(interaction)
        require_facilitator(interaction, circle)
        services = self.bot.services
        paused = circle.paused and circle.paused_until is None  # nobody knows what comes, then
        coming = () if paused else await self.circles.coming(circle.channel_id, circle.plan)
        counts = await services.outbox.counts(circle.id)
        notices = await self.circles.notices(circle.id)
        channel = self.bot.get_channel(circle.channel_id)
        lacking = status.Lacking(home.missing_words(self.words, channel), tag=lacks_tag(channel))
        kept = kept_line(self.words, await services.retention.of(circle.id))
        await answer(interaction, status.status(self.words, circle, coming, counts, notices, lacking, kept))

    async def tell_notices(self, interaction: Interaction, circle: CircleInfo) -> None:
        """Beside any facilitator's command: what they haven't been told yet."""
        if facilitates(interaction, circle):
            notices = await self.circles.notices(circle.id)
            if notices:
                await answer_beside(interaction, status.notices(self.words, notices))

    async def zones(self, _interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Cities and zones for what was typed so far."""
        return [
            app_commands.Choice(name=found.label, value=found.zone)
            for found in suggest_zones(current, self.cities)
        ]

    async def _require_right(self, interaction: Interaction, channel_id: int) -> CircleInfo | None:
        """The circle of a channel, which its facilitators may change; None where there is none yet, and a
        server's manager may start one. Raises NotAllowed, or Gone."""
        circle = await self.circles.at(channel_id)
        if circle is not None:
            require_facilitator(interaction, circle)
        else:
            require_manager(interaction)
        return circle

    async def _show_page(
        self, interaction: Interaction, plan: CirclePlan, channel_id: int, *, new: bool
    ) -> None:
        coming = await self.circles.coming(channel_id, plan)
        here = circle_channel_id(interaction) == channel_id
        await answer(
            interaction, page.page(self.words, plan, coming, new=new, channel_id=channel_id, here=here)
        )


def setup(bot: Bot) -> Feature:
    """What this feature hands over."""
    handlers, keeping, own_words = CircleCommands(bot), KeepingHandlers(bot), WordsHandlers(bot)
    log, wipe = LogHandlers(bot), WipeHandlers(bot)
    words = bot.words
    group = app_commands.Group(
        name="circle",
        description=words("circles.commands.circle"),
    )

    @group.command(name="setup", description=words("circles.commands.setup"))
    @app_commands.describe(
        place=words("circles.commands.place"),
        time=words("circles.commands.time"),
        channel=words("circles.commands.channel"),
    )
    @app_commands.autocomplete(place=handlers.zones)
    async def set_up(
        interaction: Interaction,
        place: str,
        time: str | None = None,
        channel: app_commands.Transform[int, HomeOption] | None = None,
    ) -> None:
        await handlers.set_up(interaction, place, time, channel)

    @group.command(name="settings", description=words("circles.commands.settings"))
    @app_commands.describe(place=words("circles.commands.place"), time=words("circles.commands.time"))
    @app_commands.autocomplete(place=handlers.zones)
    async def settings(interaction: Interaction, place: str | None = None, time: str | None = None) -> None:
        await handlers.settings(interaction, place, time)

    @group.command(name="pause", description=words("circles.commands.pause"))
    @app_commands.describe(until=words("circles.commands.until"))
    async def pause(interaction: Interaction, until: str | None = None) -> None:
        await handlers.pause(interaction, until)

    @group.command(name="resume", description=words("circles.commands.resume"))
    async def resume(interaction: Interaction) -> None:
        await handlers.resume(interaction)

    @group.command(name="keep", description=words("circles.commands.keep"))
    @app_commands.describe(days=words("circles.commands.days"))
    @app_commands.choices(
        days=[
            app_commands.Choice(name=name, value=value)
            for name, value in zip(words.several("circles.keep.choices"), (0, *CHOICES), strict=True)
        ]
    )
    async def keep(interaction: Interaction, days: int) -> None:
        await keeping.keep(interaction, days)

    @group.command(name="words", description=words("circles.commands.words"))
    async def listed(interaction: Interaction) -> None:
        await own_words.command(interaction)

    @group.command(name="status", description=words("circles.commands.status"))
    async def show_status(interaction: Interaction) -> None:
        await handlers.status(interaction)

    care = add_to(group, bot)

    @group.command(name="log", description=words("circles.commands.log"))
    async def show_log(interaction: Interaction) -> None:
        await log.log(interaction)

    @group.command(name="wipe", description=words("circles.commands.wipe"))
    async def wipe_circle(interaction: Interaction) -> None:
        await wipe.wipe(interaction)

    return Feature(
        name="circles",
        commands=(group,),
        routes=(
            Route(CIRCLE_CHOOSE, handlers.choose, Ack.UPDATE),
            Route(CIRCLE_SAVE, handlers.save, Ack.UPDATE),
            Route(CIRCLE_CHOOSE_2, handlers.choose, Ack.UPDATE),
            Route(CIRCLE_SAVE_3, handlers.save, Ack.UPDATE),
            Route(CIRCLE_CHOOSE_THERE, handlers.choose, Ack.UPDATE),
            Route(CIRCLE_SAVE_THERE, handlers.save, Ack.UPDATE),
            Route(CIRCLE_WELCOME, handlers.welcome),
            Route(CIRCLE_KEEP, keeping.sure, Ack.UPDATE),
            *care.routes(),
            *own_words.routes(),
            Route(CIRCLE_LOG, log.turn, Ack.UPDATE),
            *wipe.routes(),
        ),
        renderers={WELCOME: WelcomeRenderer(bot), LOG_LINE: LogLineRenderer(bot), WIPE: WipeRenderer(bot)},
        due=(wipe.due(),),
        personal_data=(
            PersonalData("circles.personal_data", bot.services.wipes.erase, bot.services.wipes.kept),
        ),
    )

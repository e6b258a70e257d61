"""The page of ``/circle care``: every choice with its present value, and what it means, in a few words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from discord.ui import LayoutView

from bot import screen
from bot.content.resources import Resources
from bot.content.words import Words
from bot.rules import care
from bot.rules.care import CarePlan
from bot.rules.text import escape
from bot.services.circles import CircleInfo
from cogs.custom_ids import CARE_CHOOSE, CARE_LINES, CARE_SET

NONE = "-"
YES, NO = "yes", "no"
MORE = "page"
"""Before the number of another part of the list of countries."""
COUNTRIES_A_PAGE = 20
"""Beside *No country*, the one that is chosen, and the ways to other parts: 25 options at most."""


class Setting(StrEnum):
    """What is chosen on the page; stands in custom_ids, and as the key of its texts below ``care.``."""

    REVIEW = "review"
    MODERATORS = "moderators"
    LOG = "log"
    COUNTRY = "help"
    CHARACTERS = "characters"
    STORIES = "stories"
    REPLIES = "replies"
    LINKS = "links"
    INVITES = "invites"
    FIRST_REPLY = "first_reply"
    DECISION = "decision"


SWITCHES = {Setting.REVIEW: "review", Setting.LINKS: "links", Setting.INVITES: "invites"}
CHANNELS = {Setting.MODERATORS: "moderators_channel_id", Setting.LOG: "log_channel_id"}
NUMBERS = {
    Setting.CHARACTERS: ("most_characters", care.CHARACTERS),
    Setting.STORIES: ("most_stories", care.STORIES_A_DAY),
    Setting.REPLIES: ("most_replies", care.REPLIES_A_DAY),
}
DAYS = {
    Setting.FIRST_REPLY: ("first_reply_days", care.DAYS),
    Setting.DECISION: ("review_days", care.DAYS),
}
"""The names of the choices in ``CarePlan``, and what there is to choose between."""


@dataclass(frozen=True, slots=True, repr=False)
class ChannelState:
    """A chosen channel as Discord has it now."""

    there: bool
    missing: str = ""
    """The permissions that the bot lacks there, in words."""
    too_open: str = ""
    """Who else can see it, as the end of a text's key; empty when that is all right."""


@dataclass(frozen=True, slots=True, repr=False)
class CareView:
    """All that the page shows."""

    circle: CircleInfo
    plan: CarePlan
    channels: dict[Setting, ChannelState]
    """Of those that are chosen."""
    countries_page: int = 0
    said: str | None = None
    """What came of the last press."""


class CarePage:
    """Builds the page."""

    def __init__(self, words: Words, resources: Resources) -> None:
        self._words = words
        self._resources = resources

    def page(self, view: CareView) -> LayoutView:
        """The whole page: 40 components at most, so texts that belong together are one."""
        words = self._words
        return screen.screen(
            screen.text(words("care.page.title", channel=f"<#{view.circle.channel_id}>")),
            self._switch(view, Setting.REVIEW),
            *self._channel(view, Setting.MODERATORS),
            *self._channel(view, Setting.LOG),
            *self._help(view),
            screen.text(words("care.characters.about")),
            self._number(view, Setting.CHARACTERS),
            self._number(view, Setting.STORIES),
            self._number(view, Setting.REPLIES),
            self._switch(view, Setting.LINKS),
            self._switch(view, Setting.INVITES),
            screen.text(words("care.first_reply.about")),
            self._days(view, Setting.FIRST_REPLY),
            self._days(view, Setting.DECISION),
            screen.small(words("care.page.log")),
            screen.text(view.said) if view.said else None,
        )

    def now(self, setting: Setting, plan: CarePlan) -> str:
        """What holds now, in a sentence or two: for after it was chosen."""
        words = self._words
        if setting in SWITCHES:
            return words(f"care.{setting}.{'on' if getattr(plan, SWITCHES[setting]) else 'off'}")
        if setting in CHANNELS:
            channel_id = getattr(plan, CHANNELS[setting])
            if channel_id is None:
                return words(f"care.{setting}.none")
            return words(f"care.{setting}.some", channel=f"<#{channel_id}>")
        if setting in NUMBERS:
            return self._number_label(setting, getattr(plan, NUMBERS[setting][0])) + "."
        if setting in DAYS:
            return self._days_label(setting, getattr(plan, DAYS[setting][0])) + "."
        return self._country(plan)

    def own_lines(self, plan: CarePlan) -> str:
        """The circle's own lines of help, shown literally."""
        if not plan.help_lines:
            return self._words("care.help.no_lines")
        lines = "\n".join(f"· {escape(line)}" for line in plan.help_lines)
        return self._words("care.help.lines", lines=lines)

    def _switch(self, view: CareView, setting: Setting) -> screen.Part:
        on = bool(getattr(view.plan, SWITCHES[setting]))
        label = self._words(f"care.{setting}.{'turn_off' if on else 'turn_on'}")
        to = CARE_SET(view.circle.id, setting, NO if on else YES)
        return screen.beside(self.now(setting, view.plan), screen.button(label, to))

    def _channel(self, view: CareView, setting: Setting) -> tuple[screen.Part, screen.Part]:
        words, chosen = self._words, getattr(view.plan, CHANNELS[setting])
        lines, state = [words(f"care.{setting}.about")], view.channels.get(setting)
        there = chosen if state is not None and state.there else None
        if chosen is not None and there is None:
            lines.append(words("care.channel.gone"))
        elif state is not None and state.missing:
            lines.append(words("care.channel.missing", channel=f"<#{chosen}>", missing=state.missing))
        if state is not None and state.too_open:
            lines.append(words(f"care.not_private.{state.too_open}", channel=f"<#{chosen}>"))
        return (
            screen.text("\n".join(lines)),
            screen.channel_choice(
                CARE_CHOOSE(view.circle.id, setting),
                chosen=there,
                placeholder=words(f"care.{setting}.choose"),
            ),
        )

    def _help(self, view: CareView) -> tuple[screen.Part, ...]:
        words, plan = self._words, view.plan
        about = f"{words('care.help.about')}\n{self._country(plan)}"
        write = screen.button(words("care.help.write"), CARE_LINES(view.circle.id))
        return (
            screen.text(about),
            screen.choice(
                CARE_CHOOSE(view.circle.id, Setting.COUNTRY),
                self._countries(plan, view.countries_page),
                chosen=plan.country or NONE,
            ),
            screen.beside(self.own_lines(plan), write),
        )

    def _country(self, plan: CarePlan) -> str:
        if plan.country is None:
            return self._words("care.help.none")
        country = self._resources.country(plan.country)
        if country is None:
            return self._words("care.help.unknown")
        lines = ", ".join(f"{line.name} ({line.reach})" for line in country.lines)
        return self._words("care.help.some", country=country.name, emergency=country.emergency, lines=lines)

    def _countries(self, plan: CarePlan, page: int) -> list[tuple[str, str]]:
        """One part of the list by name, with the one that is chosen and the ways to the other parts."""
        words = self._words
        known = sorted((country.name, country.code) for country in self._resources.countries)
        pages = max(1, -(-len(known) // COUNTRIES_A_PAGE))
        page = min(page, pages - 1)
        here = known[page * COUNTRIES_A_PAGE : (page + 1) * COUNTRIES_A_PAGE]
        chosen = [one for one in known if one[1] == plan.country and one not in here]
        options = [(NONE, words("care.help.choose"))]
        options += [(code, name) for name, code in (*chosen, *here)]
        if page > 0:
            options.append((f"{MORE}{page - 1}", words("care.help.before")))
        if page + 1 < pages:
            options.append((f"{MORE}{page + 1}", words("care.help.after")))
        return options

    def _number(self, view: CareView, setting: Setting) -> screen.Part:
        name, offered = NUMBERS[setting]
        chosen: int | None = getattr(view.plan, name)
        numbers: list[int] = sorted({*offered, *([chosen] if chosen is not None else [])})
        options = [(NONE, self._number_label(setting, None))]
        options += [(str(number), self._number_label(setting, number)) for number in numbers]
        where = CARE_CHOOSE(view.circle.id, setting)
        return screen.choice(where, options, chosen=NONE if chosen is None else str(chosen))

    def _number_label(self, setting: Setting, number: int | None) -> str:
        if number is None:
            return self._words(f"care.{setting}.none")
        return self._words(f"care.{setting}.some", count=number)

    def _days(self, view: CareView, setting: Setting) -> screen.Part:
        name, offered = DAYS[setting]
        chosen: int = getattr(view.plan, name)
        options = [(str(days), self._days_label(setting, days)) for days in sorted({*offered, chosen})]
        return screen.choice(CARE_CHOOSE(view.circle.id, setting), options, chosen=str(chosen))

    def _days_label(self, setting: Setting, days: int) -> str:
        if days == 1:
            return self._words(f"care.{setting}.one")
        return self._words(f"care.{setting}.some", count=days)

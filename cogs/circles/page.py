"""The page of ``/circle setup`` and ``/circle settings``: a few selects, the next dates, *Save*.

What was chosen so far travels in the page's own custom_ids, so nothing is stored before *Save*, and the
page outlives a restart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from discord.ui import LayoutView

from bot import screen
from bot.content.dates import local_moment, place_of
from bot.content.words import Words
from bot.errors import Refusal
from bot.rules.calendar import Occurrence
from bot.services.circles import CirclePlan
from cogs.custom_ids import CIRCLE_CHOOSE_2, CIRCLE_CHOOSE_THERE, CIRCLE_SAVE_3, CIRCLE_SAVE_THERE

DAY, HOUR, FACILITATORS, MODERATORS, SIZE, DELAY = "d", "h", "f", "m", "s", "w"
SIZES = (6, 9, 12, 20)
BATCHED_MINUTES = 120
"""Where stories wait for others, updates and edits can't: they wait by themselves, up to this."""
HOURS = (*range(7 * 60, 21 * 60 + 1, 60), 390, 510, 570, 690, 750, 810, 990, 1050, 1110)
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
NOBODY = "-"


@dataclass(frozen=True, slots=True, repr=False)
class Wait:
    """One choice of how unnamed stories wait."""

    delay_minutes: int
    batch_of: int | None = None

    @property
    def value(self) -> str:
        """What stands for it in the select."""
        return str(self.delay_minutes) if self.batch_of is None else f"b{self.batch_of}"


WAITS = (
    Wait(0), Wait(10), Wait(30), Wait(120), Wait(720),
    Wait(BATCHED_MINUTES, 3), Wait(BATCHED_MINUTES, 5),
)  # fmt: skip
"""In this order they stand in custom_ids: add new ones at the end."""


def default_plan(zone: str, at_minute: int = 9 * 60) -> CirclePlan:
    """What a new circle begins with: Mondays at nine, up to nine people, up to half an hour's wait."""
    return CirclePlan(zone=zone, weekday=0, at_minute=at_minute, size=9, delay_minutes=30)


def written(plan: CirclePlan) -> tuple[str, str, str, str]:
    """A plan as arguments of a custom_id, short enough for Discord's 100 characters: size and wait by their
    place in the choice."""
    choices = f"{plan.weekday}{_place_of(plan.size, SIZES)}{WAITS.index(_wait(plan))}{_short(plan.at_minute)}"
    return plan.zone, choices, _short(plan.facilitator_role_id), _short(plan.moderator_role_id)


def written_there(plan: CirclePlan, channel_id: int) -> tuple[str, str, str, str, str]:
    """The same with the channel."""
    return *written(plan), _short(channel_id)


def read(arguments: Sequence[str]) -> tuple[CirclePlan, int | None]:
    """The plan in the arguments of a custom_id, and the channel's id where it stands in them.

    Also in those of pages from before stories could wait for others. Raises Refusal when they make no sense.
    """
    zone, choices, facilitators, moderators, *channel = arguments
    try:
        weekday, at_minute, size, wait = _of_old(choices) if "." in choices else _of_new(choices)
        plan = CirclePlan(
            zone, weekday, at_minute, size, wait.delay_minutes, _long(facilitators), _long(moderators),
            wait.batch_of,
        )  # fmt: skip
        _ = plan.when
        channel_id = _long(channel[0]) if channel else None
    except (ValueError, IndexError) as error:
        raise Refusal("refusals.old_button") from error
    if size not in SIZES or wait not in WAITS:
        raise Refusal("refusals.old_button")
    return plan, channel_id


def _of_old(numbers: str) -> tuple[int, int, int, Wait]:
    weekday, at_minute, size, delay = (int(part) for part in numbers.split("."))
    return weekday, at_minute, size, Wait(delay)


def _of_new(choices: str) -> tuple[int, int, int, Wait]:
    weekday, size, wait = (int(digit) for digit in choices[:3])
    return weekday, int(choices[3:], 36), SIZES[size], WAITS[wait]


def _wait(plan: CirclePlan) -> Wait:
    """The choice that comes nearest to a plan's."""
    if plan.batch_of is not None:
        return next((wait for wait in WAITS if (wait.batch_of or 0) >= plan.batch_of), WAITS[-1])
    delays = [wait.delay_minutes for wait in WAITS if wait.batch_of is None]
    return WAITS[_place_of(plan.delay_minutes, delays)]


def _place_of(number: int, among: Sequence[int]) -> int:
    """The place of a number, or of the next greater one, or of the last."""
    return next((place for place, one in enumerate(among) if one >= number), len(among) - 1)


def changed(plan: CirclePlan, what: str, values: Sequence[str]) -> CirclePlan:
    """The plan after one select was used. Raises Refusal for what the select doesn't offer."""
    if what == DELAY:
        for wait in WAITS:
            if [wait.value] == list(values):
                return replace(plan, delay_minutes=wait.delay_minutes, batch_of=wait.batch_of)
    number = int(values[0]) if values and values[0].isdecimal() and len(values[0]) < 20 else None
    if what in {FACILITATORS, MODERATORS}:
        if what == FACILITATORS:
            return replace(plan, facilitator_role_id=number)
        return replace(plan, moderator_role_id=number)
    if number is None:
        raise Refusal("refusals.old_button")
    if what == DAY and number < 7:
        return replace(plan, weekday=number)
    if what == HOUR and number < 24 * 60:
        return replace(plan, at_minute=number)
    if what == SIZE and number in SIZES:
        return replace(plan, size=number)
    raise Refusal("refusals.old_button")


def page(
    words: Words,
    plan: CirclePlan,
    coming: Sequence[Occurrence],
    *,
    new: bool,
    channel_id: int,
    here: bool = True,
) -> LayoutView:
    """The whole page; ``here`` where it stands in the circle's own channel, or in one of its posts."""
    written_plan = written(plan) if here else written_there(plan, channel_id)
    choose, save = (CIRCLE_CHOOSE_2, CIRCLE_SAVE_3) if here else (CIRCLE_CHOOSE_THERE, CIRCLE_SAVE_THERE)

    def id_of(what: str) -> str:
        return choose(what, *written_plan)

    title = words("circles.page.new" if new else "circles.page.old", channel=f"<#{channel_id}>")
    return screen.screen(
        screen.text(title),
        screen.choice(id_of(DAY), _days(words), chosen=str(plan.weekday)),
        screen.choice(id_of(HOUR), _hours(words, plan), chosen=str(plan.at_minute)),
        screen.role_choice(
            id_of(FACILITATORS),
            chosen=plan.facilitator_role_id,
            placeholder=words("circles.page.facilitators"),
        ),
        screen.role_choice(
            id_of(MODERATORS),
            chosen=plan.moderator_role_id,
            placeholder=words("circles.page.moderators"),
        ),
        screen.small(words("circles.page.roles_note")),
        screen.choice(id_of(SIZE), _sizes(words), chosen=str(plan.size)),
        screen.choice(id_of(DELAY), _waits(words), chosen=_wait(plan).value),
        screen.small(how_stories_wait(words, plan)),
        screen.box(screen.text(coming_text(words, coming, plan.zone))),
        screen.small(words("circles.page.kept_note")),
        screen.row(screen.main_button(words("circles.page.save"), save(*written_plan))),
    )


def coming_text(words: Words, coming: Sequence[Occurrence], zone: str) -> str:
    """The next dates, with a word where the clocks change."""
    lines = [words("circles.coming.title", place=place_of(zone))]
    for occurrence in coming:
        line = words("circles.coming.line", moment=local_moment(words, occurrence.at, zone))
        if occurrence.moved:
            line = words("circles.coming.moved", line=line)
        elif occurrence.clock_change:
            line = words("circles.coming.clock_change", line=line)
        lines.append(line)
    return "\n".join(lines)


def _days(words: Words) -> list[tuple[str, str]]:
    days = words.several("common.weekdays")
    return [(str(number), words("circles.page.day", day=day)) for number, day in enumerate(days)]


def _hours(words: Words, plan: CirclePlan) -> list[tuple[str, str]]:
    minutes = sorted({*HOURS, plan.at_minute})
    place = place_of(plan.zone)
    return [
        (str(minute), words("circles.page.hour", time=f"{minute // 60:02}:{minute % 60:02}", place=place))
        for minute in minutes
    ]


def _sizes(words: Words) -> list[tuple[str, str]]:
    return [(str(size), text) for size, text in zip(SIZES, words.several("circles.page.sizes"), strict=True)]


def _waits(words: Words) -> list[tuple[str, str]]:
    return [(wait.value, text) for wait, text in zip(WAITS, words.several("circles.page.waits"), strict=True)]


def how_stories_wait(words: Words, plan: CirclePlan) -> str:
    """How a circle's unnamed stories wait, as the page says it."""
    return words.several("circles.page.waits_note")[WAITS.index(_wait(plan))]


def _short(number: int | None) -> str:
    if number is None:
        return NOBODY
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = DIGITS[rest] + digits
    return digits or "0"


def _long(text: str) -> int | None:
    """Raises ValueError for what is no id of Discord."""
    number = None if text == NOBODY else int(text, 36)
    if number is not None and not 0 < number < 2**63:
        raise ValueError(text)
    return number

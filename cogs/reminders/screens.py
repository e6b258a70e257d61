"""What somebody sees of their own reminders: the private answers, and the private message itself."""

from __future__ import annotations

from collections.abc import Sequence

from discord.ui import LayoutView

from bot import screen
from bot.content.dates import local_moment, place_of
from bot.content.words import Words
from bot.rules.text import escape
from bot.services.reminders import ReminderInfo, ReminderNote
from cogs.custom_ids import REMINDER_PAGE, REMINDER_STOP, REMINDER_STOP_ALL, REMINDER_STOP_LISTED

SHOWN = 7
"""Reminders on one page: each takes three of Discord's forty components."""


def saved(words: Words, info: ReminderInfo, *, others_closed: bool) -> LayoutView:
    """Set: when it comes first, and how it is stopped."""
    lines = [words("reminders.saved", **_parts(words, info))]
    if info.coming.moved:
        lines.append(words("reminders.moved"))
    elif info.coming.clock_change:
        lines.append(words("reminders.clock_change"))
    if info.paused:
        lines.append(words("reminders.paused"))
    return screen.screen(
        screen.text("\n".join(lines)),
        screen.small(words("reminders.how_to_stop")),
        screen.small(words("reminders.closed")) if others_closed else None,
        screen.row(screen.button(words("reminders.buttons.stop_this"), REMINDER_STOP(info.id))),
    )


def overview(
    words: Words,
    infos: Sequence[ReminderInfo],
    head: str | None = None,
    page: int = 0,
    nudge: Sequence[screen.Part] = (),
) -> LayoutView:
    """A page of a person's reminders, each with its own *Stop*; ``head`` says what has just happened."""
    above = screen.text(head) if head else None
    if not infos and not nudge:
        return screen.screen(above or screen.text(words("reminders.none")))
    page = min(page, (len(infos) - 1) // SHOWN)  # the last of a page may have been stopped
    parts: list[screen.Part] = [screen.text(words("reminders.title"))]
    for info in infos[page * SHOWN : (page + 1) * SHOWN]:
        stop = screen.button(words("reminders.buttons.stop"), REMINDER_STOP_LISTED(info.id, page))
        parts.append(screen.beside(_line(words, info), stop))
    parts.extend(nudge)
    if any(info.closed for info in infos):
        parts.append(screen.small(words("reminders.closed")))
    buttons: list[screen.Part] = []
    if page:
        buttons.append(screen.button(words("common.page_before"), REMINDER_PAGE(page - 1)))
    if len(infos) > (page + 1) * SHOWN:
        buttons.append(screen.button(words("common.page_after"), REMINDER_PAGE(page + 1)))
    if len(infos) > 1:
        buttons.append(screen.button(words("reminders.buttons.stop_all"), REMINDER_STOP_ALL()))
    return screen.screen(above, *parts, screen.row(*buttons) if buttons else None)


def note(words: Words, owed: ReminderNote) -> LayoutView:
    """The private message."""
    channel = f"<#{owed.channel_id}>"
    stop = screen.button(words("reminders.buttons.stop_this"), REMINDER_STOP(owed.reminder_id))
    place = f"https://discord.com/channels/{owed.guild_id}/{owed.channel_id}"
    if owed.message_id is None:
        return screen.screen(
            screen.text(words("reminders.note.not_asked", channel=channel)),
            screen.small(words("reminders.note.small_not_asked")),
            screen.row(screen.link_button(words("reminders.buttons.open_channel"), place), stop),
        )
    return screen.screen(
        screen.text(words("reminders.note.asked", channel=channel, title=escape(owed.title))),
        screen.box(screen.text(escape(owed.text))),
        screen.small(words("reminders.note.small")),
        screen.row(
            screen.link_button(words("reminders.buttons.open"), f"{place}/{owed.message_id}"),
            stop,
        ),
    )


def _line(words: Words, info: ReminderInfo) -> str:
    key = "line_closed" if info.closed else "line_paused" if info.paused else "line"
    return words(f"reminders.{key}", channel=f"<#{info.channel_id}>", **_parts(words, info))


def _parts(words: Words, info: ReminderInfo) -> dict[str, str]:
    return {
        "weekday": words.several("common.weekdays")[info.when.weekday],
        "time": f"{info.when.at:%H:%M}",
        "place": place_of(info.when.zone),
        "when": local_moment(words, info.coming.at, info.when.zone),
    }

"""How a circle is doing, for its facilitators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from discord.ui import LayoutView

from bot import screen
from bot.content.dates import local_date
from bot.content.words import Words
from bot.rules.calendar import Occurrence, week_monday
from bot.services.circles import CircleInfo, NoticeInfo
from bot.services.outbox import Counts
from cogs.circles.page import coming_text, how_stories_wait
from cogs.custom_ids import ASIDE_SHOW


@dataclass(frozen=True, slots=True)
class Lacking:
    """What the bot lacks in the circle's channel."""

    permissions: str
    """In words; empty when it has all of them."""
    tag: bool
    """It is a forum that requires a tag on every post, and has none."""


def status(
    words: Words,
    circle: CircleInfo,
    coming: Sequence[Occurrence],
    counts: Counts,
    news: Sequence[NoticeInfo],
    lacking: Lacking,
    kept: str,
) -> LayoutView:
    """One private page: paused or not, what comes, what waits, what went wrong."""
    lines = [words("circles.status.title", channel=f"<#{circle.channel_id}>")]
    if circle.paused and circle.paused_until is not None:
        lines.append(words("circles.status.paused_until", day=local_date(words, circle.paused_until)))
    elif circle.paused:
        lines.append(words("circles.status.paused"))
    lines.append(words("circles.status.stories", count=circle.stories_told))
    lines.append(how_stories_wait(words, circle.plan))
    lines.append(kept)
    said = set[str]()  # notices that would say the same once more
    if counts.unsure:
        lines.append(words("circles.status.unsure", count=counts.unsure))
        said.add("delivery_unsure")
    if counts.failed:
        lines.append(words("circles.status.failed", count=counts.failed))
        said.add("delivery_failed")
    if lacking.permissions:
        lines.append(words("circles.status.missing", missing=lacking.permissions))
    if lacking.tag:
        lines.append(words("circles.status.forum_tag"))
    lines.extend(notice_lines(words, [one for one in news if one.kind not in said]))
    return screen.screen(
        screen.text("\n".join(lines)),
        screen.box(screen.text(coming_text(words, coming, circle.zone))) if coming else None,
        screen.row(screen.main_button(words("set_aside.open"), ASIDE_SHOW(circle.id)))
        if counts.unsure or counts.failed
        else None,
    )


def notices(words: Words, news: Sequence[NoticeInfo]) -> LayoutView:
    """What the facilitators haven't been told yet, as a message of its own."""
    return screen.screen(screen.text("\n".join(notice_lines(words, news))))


def notice_lines(words: Words, news: Sequence[NoticeInfo]) -> list[str]:
    """One line a notice."""
    return [words(f"notices.{one.kind}", **_as_people_read(words, one.values)) for one in news]


def _as_people_read(words: Words, values: Mapping[str, str]) -> dict[str, str]:
    """Days and weeks are noted as 2026-05-04 and 2026-W19."""
    shown = dict(values)
    if "day" in shown:
        shown["day"] = local_date(words, date.fromisoformat(shown["day"]))
    if "week" in shown:
        shown["week"] = local_date(words, week_monday(shown["week"]))
    return shown

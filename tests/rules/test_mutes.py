"""How long a mute may last: as asked, and never longer than anybody can be recognised."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refusal
from bot.rules.mutes import MuteEnd, MuteFor, mute_end

NOW = datetime(2026, 5, 6, 12, tzinfo=UTC)
LIMIT = NOW + timedelta(days=20)
ZONES = ("Europe/Berlin", "America/Santiago", "Africa/Cairo", "Pacific/Kiritimati", "Asia/Kathmandu")
moments = st.timedeltas(timedelta(days=-800), timedelta(days=1300)).map(lambda passed: NOW + passed)


@pytest.mark.parametrize(
    ("asked", "days", "shortened"),
    [(MuteFor.ONE_WEEK, 7, False), (MuteFor.TWO_WEEKS, 14, False), (MuteFor.LONGEST, 20, False)],
)
def test_a_mute_lasts_as_long_as_asked(asked: MuteFor, days: int, shortened: bool) -> None:
    end = mute_end(asked, NOW, "Europe/Berlin", LIMIT)

    assert end.until == NOW + timedelta(days=days)
    assert end.shortened is shortened


def test_a_date_means_the_beginning_of_that_day_where_the_circle_is() -> None:
    end = mute_end(date(2026, 5, 8), NOW, "Europe/Berlin", LIMIT)

    assert end.until == datetime(2026, 5, 7, 22, tzinfo=UTC)


@pytest.mark.parametrize("day", [date(2026, 5, 7), date(2026, 5, 6), date(1, 1, 1)])
def test_a_day_that_has_begun_is_refused_by_the_circles_own_calendar(day: date) -> None:
    with pytest.raises(Refusal, match=r"refusals\.date_past"):
        mute_end(day, NOW, "Pacific/Kiritimati", LIMIT)  # there it is 7 May already


@given(
    asked=st.one_of(st.sampled_from(MuteFor), st.dates()),
    now=moments,
    zone=st.sampled_from(ZONES),
    left=st.timedeltas(timedelta(days=-2), timedelta(days=28)),
)
def test_no_mute_is_in_the_past_or_outlives_its_limit(
    asked: MuteFor | date, now: datetime, zone: str, left: timedelta
) -> None:
    end = end_or_reason(asked, now, zone, now + left)

    if isinstance(end, MuteEnd):
        assert now - timedelta(seconds=1) < end.until <= now + left
        assert end.until.microsecond == 0
        assert not end.shortened or now + left - end.until < timedelta(seconds=1)
    elif end == "refusals.mute_too_late":
        assert left <= timedelta()
    else:
        assert end == "refusals.date_past"
        assert isinstance(asked, date)
        assert asked <= now.astimezone(ZoneInfo(zone)).date()


def end_or_reason(asked: MuteFor | date, now: datetime, zone: str, limit: datetime) -> MuteEnd | str:
    try:
        return mute_end(asked, now, zone, limit)
    except Refusal as refusal:
        return refusal.key

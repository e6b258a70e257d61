"""Tags recognise one person at one subject for one window, and nothing else."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.rules.anonymity import (
    Phase,
    Purpose,
    WrongPepper,
    epoch_length,
    epoch_of,
    epoch_start,
    mute_limit,
    phases,
    publication_delay,
    publication_moment,
    rewrap,
    rounded_up_day,
    slot,
    tag,
    unwrap,
    wrap,
)

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
windows = st.integers(1, 28)
secrets_of_32 = st.binary(min_size=32, max_size=32)
subjects = st.integers(0, 2**63) | st.text(max_size=20)
users = st.integers(1, 2**64)
KEY, PEPPER = bytes(range(32)), bytes(range(32, 64))


@given(moments, windows)
def test_every_moment_lies_in_its_epoch(moment: datetime, window: int) -> None:
    start = epoch_start(epoch_of(moment, window))
    assert start <= moment < start + epoch_length(window)
    assert epoch_of(start, window) == epoch_of(moment, window)


@given(windows)
def test_an_epoch_lasts_a_quarter_of_the_window_and_a_week_at_most(window: int) -> None:
    assert epoch_length(window) == min(timedelta(days=7), timedelta(days=window) / 4)


@given(moments, windows, windows)
def test_an_epochs_number_tells_its_start_whatever_the_window_is_now(
    moment: datetime, then: int, now: int
) -> None:
    number = epoch_of(moment, then)
    assert mute_limit(epoch_start(number), now) == epoch_start(number) + timedelta(days=now)


@given(moments, windows)
def test_the_key_outlives_its_epoch_but_never_the_window(moment: datetime, window: int) -> None:
    start = epoch_start(epoch_of(moment, window))
    assert start + epoch_length(window) < mute_limit(start, window) <= moment + timedelta(days=window)


def test_an_epochs_number_doesnt_depend_on_the_zone_it_is_asked_in() -> None:
    moment = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert epoch_of(moment.astimezone(ZoneInfo("Asia/Seoul")), 28) == epoch_of(moment, 28)


@pytest.mark.parametrize("window", [-1, 0, 29, 365])
def test_a_window_that_was_never_promised_is_refused(window: int) -> None:
    with pytest.raises(ValueError, match="1 to 28 days"):
        epoch_of(datetime(2026, 1, 1, tzinfo=UTC), window)


def test_times_without_a_zone_are_refused() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="zone"):
        epoch_of(naive, 28)
    with pytest.raises(ValueError, match="zone"):
        rounded_up_day(naive)


tag_inputs = st.tuples(secrets_of_32, st.sampled_from(Purpose), subjects, users)


@given(tag_inputs, tag_inputs)
def test_tags_agree_only_when_key_purpose_subject_and_person_do(
    one: tuple[bytes, Purpose, int | str, int], other: tuple[bytes, Purpose, int | str, int]
) -> None:
    assert (tag(*one) == tag(*other)) == (one == other)


@given(secrets_of_32, subjects, subjects, users)
def test_the_same_person_is_not_recognised_from_one_story_to_the_next(
    key: bytes, story: int | str, another: int | str, person: int
) -> None:
    if story != another:
        assert tag(key, Purpose.TELLER, story, person) != tag(key, Purpose.TELLER, another, person)


@given(subjects, users)
def test_each_purpose_has_its_own_tags(subject: int | str, person: int) -> None:
    assert len({tag(KEY, purpose, subject, person) for purpose in Purpose}) == len(Purpose)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((1, 23), (12, 3)),
        (("1", 23), ("12", 3)),
        (("a", 1), ("a1", 1)),
        ((1, 1), ("1", 1)),
        (("", 11), ("1", 1)),
    ],
)
def test_no_two_inputs_are_written_alike(one: tuple[int | str, int], other: tuple[int | str, int]) -> None:
    assert tag(KEY, Purpose.TELLER, *one) != tag(KEY, Purpose.TELLER, *other)


def test_the_purposes_are_a_closed_list() -> None:
    assert [purpose.value for purpose in Purpose] == [
        "teller",
        "pen name",
        "resonance",
        "vote",
        "report",
        "note",
    ]


def test_a_tag_shows_nothing_of_the_person() -> None:
    person = 812345678901234567
    made = tag(KEY, Purpose.TELLER, 1, person)
    assert len(made) == 32
    assert person.to_bytes(8) not in made
    assert str(person).encode() not in made


@pytest.mark.parametrize("key", [b"", b"short", bytes(33)])
def test_a_key_of_the_wrong_length_makes_no_tag(key: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        tag(key, Purpose.TELLER, 1, 1)


@given(secrets_of_32, st.integers(0, 2**31), secrets_of_32)
def test_a_wrapped_key_opens_with_its_pepper_and_hides_the_key(pepper: bytes, epoch: int, key: bytes) -> None:
    wrapped = wrap(pepper, epoch, key)
    assert unwrap(pepper, epoch, wrapped) == key
    assert key not in wrapped


@given(secrets_of_32, secrets_of_32)
def test_another_pepper_opens_nothing(pepper: bytes, other: bytes) -> None:
    if pepper != other:
        with pytest.raises(WrongPepper):
            unwrap(other, 1, wrap(pepper, 1, KEY))


@given(st.integers(0, 2**31), st.integers(0, 2**31))
def test_keys_cant_be_swapped_between_epochs(epoch: int, other: int) -> None:
    if epoch != other:
        with pytest.raises(WrongPepper):
            unwrap(PEPPER, other, wrap(PEPPER, epoch, KEY))


@given(st.data())
def test_one_flipped_bit_or_a_missing_byte_is_noticed(data: st.DataObject) -> None:
    wrapped = wrap(PEPPER, 7, KEY)
    position = data.draw(st.integers(0, len(wrapped) * 8 - 1))
    flipped = bytearray(wrapped)
    flipped[position // 8] ^= 1 << position % 8
    for broken in (bytes(flipped), wrapped[: position // 8]):
        with pytest.raises(WrongPepper) as refused:
            unwrap(PEPPER, 7, broken)
        assert refused.value.__suppress_context__
        for secret in (PEPPER, KEY):
            assert secret.hex() not in repr(refused.value)
            assert repr(secret) not in repr(refused.value)


def test_the_same_key_is_wrapped_differently_each_time() -> None:
    assert wrap(PEPPER, 1, KEY) != wrap(PEPPER, 1, KEY)


def test_a_pepper_of_the_wrong_length_is_refused_without_showing_it() -> None:
    with pytest.raises(ValueError, match="32 bytes") as refused:
        wrap(b"peppercorn", 1, KEY)
    assert "peppercorn" not in str(refused.value)


limits = st.timedeltas(timedelta(minutes=3), timedelta(days=1)) | st.sampled_from(
    [timedelta(minutes=minutes) for minutes in (3, 10, 30, 120, 720)]
)
hidden_phases = st.binary(min_size=32, max_size=32).map(lambda secret: phases(secret, "a circle"))


@given(moments, limits, hidden_phases, st.randoms(use_true_random=False))
def test_nothing_unnamed_appears_before_it_was_told_or_later_than_promised(
    now: datetime, limit: timedelta, phase: Phase, chance: random.Random
) -> None:
    appears = publication_moment(now, limit, phase, chance)
    assert now < appears <= now + limit


@pytest.mark.parametrize("late", [0, 1])
@given(moments, limits, st.randoms(use_true_random=False))
def test_a_promise_holds_also_where_one_days_slots_begin_late_and_the_next_days_early(
    late: int, now: datetime, limit: timedelta, chance: random.Random
) -> None:
    def phase(day: date) -> float:
        return 0.999999 if day.toordinal() % 2 == late else 0.0

    assert now < publication_moment(now, limit, phase, chance) <= now + limit


@given(moments, limits, hidden_phases, st.floats(0, 1, exclude_max=True), st.integers())
def test_within_a_slot_the_moment_of_appearing_does_not_depend_on_the_moment_of_telling(
    now: datetime, limit: timedelta, phase: Phase, share: float, seed: int
) -> None:
    start, end = slot(now, limit, phase)
    other = min(start + (end - start) * share, end - timedelta(microseconds=1))

    one = publication_moment(now, limit, phase, random.Random(seed))
    same = publication_moment(other, limit, phase, random.Random(seed))

    assert start <= now < end
    assert one == same
    assert end <= one < slot(end, limit, phase)[1]


@given(moments, limits, hidden_phases)
def test_slots_follow_each_other_without_a_gap_and_none_is_short(
    now: datetime, limit: timedelta, phase: Phase
) -> None:
    for _ in range(6):
        start, end = slot(now, limit, phase)
        assert slot(start, limit, phase) == (start, end)
        assert slot(end - timedelta(microseconds=1), limit, phase) == (start, end)
        assert limit / 4 <= end - start <= limit / 2
        now = end


def test_the_order_of_appearing_within_a_slot_says_nothing_about_the_order_of_telling() -> None:
    chance, orders = random.Random(11), Counter[tuple[int, ...]]()
    for run in range(6_000):
        phase = phases(chance.randbytes(32), "a circle")
        start, end = slot(NOON + timedelta(hours=run), HALF_AN_HOUR, phase)
        told = [start + (end - start) * part for part in (0.01, 0.5, 0.99)]
        shown = [publication_moment(moment, HALF_AN_HOUR, phase, chance) for moment in told]
        orders[tuple(sorted(range(3), key=shown.__getitem__))] += 1
    assert len(orders) == 6
    assert all(900 < count < 1_100 for count in orders.values())


def test_who_sees_something_appear_learns_no_more_than_a_stretch_of_half_the_limit() -> None:
    chance, waits = random.Random(12), list[timedelta]()
    for _ in range(20_000):
        phase = phases(chance.randbytes(32), "a circle")
        waits.append(publication_moment(NOON, HALF_AN_HOUR, phase, chance) - NOON)
    waits.sort()
    # without the secret: any moment of the whole limit is possible, and the likelier half of all is wide
    assert waits[0] < timedelta(minutes=1)
    assert waits[-1] > timedelta(minutes=29)
    assert waits[15_000] - waits[5_000] > timedelta(minutes=8)
    # with it: the whole slot before
    phase = phases(bytes(32), "a circle")
    _, end = slot(NOON, HALF_AN_HOUR, phase)
    start, _ = slot(end - timedelta(microseconds=1), HALF_AN_HOUR, phase)
    assert end - start > timedelta(minutes=14)


def test_slots_begin_elsewhere_each_day_in_each_circle_and_in_each_process() -> None:
    days = [date(2026, 5, day) for day in range(1, 31)]
    found = [
        phases(secret, circle)(day)
        for secret in (bytes(32), bytes(31) + b"1")
        for circle in "ab"
        for day in days
    ]
    assert len(set(found)) == len(found)
    assert all(0 <= phase < 1 for phase in found)
    assert min(found) < 0.1
    assert max(found) > 0.9


@given(st.timedeltas(timedelta(0), timedelta(days=1)), st.randoms(use_true_random=False))
def test_a_wait_lies_between_nothing_and_its_limit(limit: timedelta, chance: random.Random) -> None:
    assert timedelta(0) <= publication_delay(limit, chance) <= limit


def test_no_limit_is_no_delay_and_a_negative_one_a_mistake() -> None:
    phase = phases(bytes(32), "a circle")
    assert publication_delay(timedelta(0), random.Random(1)) == timedelta(0)
    assert publication_moment(NOON, timedelta(0), phase, random.Random(1)) == NOON
    with pytest.raises(ValueError, match="negative"):
        publication_delay(timedelta(seconds=-1), random.Random(1))
    with pytest.raises(ValueError, match="negative"):
        publication_moment(NOON, timedelta(seconds=-1), phase, random.Random(1))


def test_delays_are_spread_evenly() -> None:
    chance = random.Random(5)
    tenths = [0] * 10
    for _ in range(10_000):
        tenths[min(9, int(publication_delay(HALF_AN_HOUR, chance) / HALF_AN_HOUR * 10))] += 1
    assert all(850 < count < 1_150 for count in tenths)


@given(moments)
def test_a_day_on_an_unnamed_row_is_never_before_the_moment_and_less_than_a_day_after(
    moment: datetime,
) -> None:
    day = rounded_up_day(moment)
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert timedelta(0) <= start - moment < timedelta(days=1)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 5, 1, 0, 0, tzinfo=UTC), date(2026, 5, 1)),
        (datetime(2026, 5, 1, 0, 0, 0, 1, tzinfo=UTC), date(2026, 5, 2)),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 5, 1, 8, 0, tzinfo=ZoneInfo("Asia/Seoul")), date(2026, 5, 1)),
    ],
)
def test_days_are_those_of_utc(moment: datetime, day: date) -> None:
    assert rounded_up_day(moment) == day


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), st.integers(0, 10**6))
def test_a_key_that_is_wrapped_anew_is_the_same_and_opens_with_the_new_pepper_alone(
    before: bytes, pepper: bytes, epoch: int
) -> None:
    assume(before != pepper)
    key = bytes(range(32))
    made = rewrap(before, pepper, epoch, wrap(before, epoch, key))

    assert unwrap(pepper, epoch, made) == key
    with pytest.raises(WrongPepper):
        unwrap(before, epoch, made)
    assert rewrap(before, pepper, epoch, made) == made  # once more changes nothing
    with pytest.raises(WrongPepper):
        rewrap(before, pepper, epoch + 1, made)

"""Without a name: epochs, tags, wrapped keys, and the times that may be told.

An **epoch** is a stretch of time with a random key of its own. A **tag** recognises one person at one
subject as long as the key of the subject's epoch exists. The **window** is how long that is at most; a
key is destroyed at its epoch's start plus the window, so that nothing can be tested for longer.

An epoch's number is its start in whole hours since 1970-01-01 UTC. It says by itself when it began,
also after the window's setting was changed; how long a key lives is stored beside the key.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from random import Random

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAX_WINDOW_DAYS = 28
SECRET_BYTES = 32
"""The length of a pepper and of an epoch's key."""

_MAX_EPOCH_HOURS = 7 * 24
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_INSTANT = timedelta(microseconds=1)
_UNIX = datetime(1970, 1, 1, tzinfo=UTC)
_NONCE = 12
_TAG_DOMAIN = b"good-enough/tag/v1"
_WRAP_INFO = b"good-enough/epoch-key-wrap/v1"


class Purpose(StrEnum):
    """All that a tag may be made for. The list is closed: each adds something that can be tested."""

    TELLER = "teller"
    PEN_NAME = "pen name"
    RESONANCE = "resonance"
    VOTE = "vote"
    REPORT = "report"
    NOTE = "note"


class WrongPepper(Exception):
    """A wrapped key doesn't open: another pepper, another epoch, or changed bytes."""

    def __init__(self) -> None:
        super().__init__("the pepper doesn't open the epoch keys")


def epoch_length(window_days: int) -> timedelta:
    """How long an epoch lasts: min(7 days, window / 4), always whole hours.

    Raises ValueError for a window outside 1 to 28 days.
    """
    if not 1 <= window_days <= MAX_WINDOW_DAYS:
        raise ValueError(f"the anonymity window is 1 to {MAX_WINDOW_DAYS} days")
    return timedelta(hours=min(_MAX_EPOCH_HOURS, window_days * 24 // 4))


def epoch_of(moment: datetime, window_days: int) -> int:
    """The number of the epoch in which an aware ``moment`` lies: the hour of its start since 1970 UTC."""
    length = epoch_length(window_days)
    return (_utc(moment) - _UNIX) // length * (length // _HOUR)


def epoch_start(epoch: int) -> datetime:
    """When the epoch with this number began (UTC)."""
    return _UNIX + epoch * _HOUR


def mute_limit(epoch_start: datetime, window_days: int) -> datetime:
    """When the key of an epoch that began then is destroyed: no mute at its subjects can last longer."""
    return _utc(epoch_start) + timedelta(days=window_days)


def tag(epoch_key: bytes, purpose: Purpose, subject: int | str, user_id: int) -> bytes:
    """32 bytes that recognise ``user_id`` at one ``subject`` for one purpose, to who holds the key.

    HMAC-SHA-256 over length-prefixed parts, so that no two different inputs are written alike; the
    subject 12 and the subject "12" are different ones.
    """
    kind = b"text" if isinstance(subject, str) else b"number"
    parts = (_TAG_DOMAIN, purpose.value.encode(), kind, str(subject).encode(), str(user_id).encode())
    message = b"".join(len(part).to_bytes(4) + part for part in parts)
    return hmac.digest(_checked(epoch_key, "an epoch's key"), message, hashlib.sha256)


def sign_subjects(story_id: int, sign: str) -> tuple[int | str, ...]:
    """To what a person's sign at a story may be bound: to that sign alone, so that no two signs look like one
    person's; or, from an earlier version, to the story."""
    return f"{story_id}/{sign}", story_id


def wrap(
    pepper: bytes, epoch: int, key: bytes, random_bytes: Callable[[int], bytes] = secrets.token_bytes
) -> bytes:
    """An epoch's key as it may be stored: encrypted with the pepper (AES-256-GCM), bound to its epoch."""
    nonce = random_bytes(_NONCE)
    return nonce + AESGCM(_wrapping_key(pepper)).encrypt(nonce, key, _epoch_bytes(epoch))


def unwrap(pepper: bytes, epoch: int, wrapped: bytes) -> bytes:
    """The key of an epoch again. Raises WrongPepper when pepper, epoch and bytes don't belong together."""
    opener = AESGCM(_wrapping_key(pepper))
    try:
        return opener.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _epoch_bytes(epoch))
    except (InvalidTag, ValueError):
        raise WrongPepper from None


def rewrap(before: bytes, pepper: bytes, epoch: int, wrapped: bytes) -> bytes:
    """A key that was wrapped with the pepper of before, wrapped with the new one; one that is stays as it is.

    Raises WrongPepper when neither opens it.
    """
    try:
        unwrap(pepper, epoch, wrapped)
    except WrongPepper:
        return wrap(pepper, epoch, unwrap(before, epoch, wrapped))
    return wrapped


Phase = Callable[[date], float]
"""For a day of UTC a number from 0 up to 1 that nobody outside can know: where that day's slots begin."""


def publication_delay(limit: timedelta, random: Random) -> timedelta:
    """How long something waits whose order tells nothing: uniform from nothing to ``limit``.

    Hand in a ``secrets.SystemRandom``: who could foresee the delay could see through it.
    """
    if limit < timedelta(0):
        raise ValueError("a delay can't be negative")
    return timedelta(microseconds=random.randint(0, limit // _INSTANT))


def publication_moment(now: datetime, limit: timedelta, phase: Phase, random: Random) -> datetime:
    """When something unnamed appears (UTC) that was told at an aware ``now``: later, by ``now + limit``.

    A random wait for each would keep the order of telling more often than not. So time is cut into slots,
    and what was told in one appears at a uniformly random moment of the next: among what was told in one
    slot the order of appearing has nothing to do with the order of telling. Who doesn't know the slots
    learns no more than that something was told within ``limit`` before it appeared; who did, within half.
    A limit of less than a second is none.
    """
    if limit < timedelta(0):
        raise ValueError("a delay can't be negative")
    now = _utc(now)
    if limit < _SECOND:
        return now
    _, end = slot(now, limit, phase)
    start, end = slot(end, limit, phase)
    return start + publication_delay(end - start - _INSTANT, random)


def slot(moment: datetime, limit: timedelta, phase: Phase) -> tuple[datetime, datetime]:
    """The slot in which an aware ``moment`` lies: from its start up to its end, where the next one starts.

    The slots of a day begin at a secret moment after its midnight (UTC) and last until those of the next
    day begin. In between they are of one length: at most half of ``limit``, and rarely much less.
    """
    moment, longest = _utc(moment), limit // 2 - _INSTANT
    day = moment.date()
    if _first_slot(day, longest, phase) > moment:
        day -= _DAY
    start = _first_slot(day, longest, phase)
    length = _first_slot(day + _DAY, longest, phase) - start
    count = -(-length // longest)
    number = (moment - start) * count // length
    if start + length * (number + 1) / count <= moment:  # borders are rounded, to whole microseconds
        number += 1
    elif start + length * number / count > moment:
        number -= 1
    return start + length * number / count, start + length * (number + 1) / count


def phases(secret: bytes, of: str) -> Phase:
    """Phases from a secret that lives in memory alone, for whatever has slots of its own: ``of`` names it."""

    def phase(day: date) -> float:
        message = b"".join(len(part).to_bytes(4) + part for part in (of.encode(), day.isoformat().encode()))
        return int.from_bytes(hmac.digest(secret, message, hashlib.sha256)[:6]) / 2**48

    return phase


def _first_slot(day: date, longest: timedelta, phase: Phase) -> datetime:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return midnight + min(longest, _DAY) * phase(day)


def rounded_up_day(moment: datetime) -> date:
    """The only time an unnamed row may carry: an aware ``moment`` rounded up to a day of UTC."""
    moment = _utc(moment)
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.date() if moment == midnight else midnight.date() + timedelta(days=1)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return moment.astimezone(UTC)


def _epoch_bytes(epoch: int) -> bytes:
    return epoch.to_bytes(8, signed=True)


def _checked(secret: bytes, what: str) -> bytes:
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"{what} is {SECRET_BYTES} bytes long")
    return secret


def _wrapping_key(pepper: bytes) -> bytes:
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=_WRAP_INFO)
    return hkdf.derive(_checked(pepper, "the pepper"))

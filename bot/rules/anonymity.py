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


def publication_delay(limit: timedelta, random: Random) -> timedelta:
    """How long something unnamed waits: uniform from nothing to ``limit``, to the microsecond.

    Hand in a ``secrets.SystemRandom``: who could foresee the delay could see through it.
    """
    if limit < timedelta(0):
        raise ValueError("a delay can't be negative")
    return timedelta(microseconds=random.randint(0, limit // timedelta(microseconds=1)))


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

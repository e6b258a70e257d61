"""Receipts: the secret by which its writer controls something unnamed, and what it locks.

A receipt is 100 random bits, written as twenty characters of Crockford's base32 (no I, L, O, U). From it
come two values that don't reveal each other: a hash, by which the database finds what belongs to it, and
a key, with which the words themselves are sealed until they are published.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import Refusal

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: https://www.crockford.com/base32.html"""

LENGTH = 20
_BITS = LENGTH * 5
_NONCE = 12
_HASH_DOMAIN = b"good-enough/receipt-hash/v1\x00"
_SEAL_INFO = b"good-enough/receipt-seal/v1"

_CANONICAL = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
# What people type for a character that isn't in the alphabet, and all that can stand for a dash.
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_DASHES = re.compile("[\u2212_]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SYMBOL = f"[{ALPHABET}OIL]"
_GROUP = f"{_SYMBOL}{{4}}"
_ALONE = (r"(?<!\w)(?<!\w-)", r"(?!-*\w)")
_DASHED = re.compile(rf"{_ALONE[0]}{_GROUP}(?:\s*-+\s*{_GROUP}){{4}}{_ALONE[1]}")
_WHOLE = re.compile(rf"{_ALONE[0]}{_SYMBOL}{{{LENGTH}}}{_ALONE[1]}")
# A lookahead, so that overlapping readings are all seen.
_SPACED = re.compile(rf"{_ALONE[0]}(?=({_GROUP}(?:\s+{_GROUP}){{4}}){_ALONE[1]})")


class NotAReceipt(Refusal):
    """What was typed can't be read as one receipt. Carries nothing of what was typed."""

    def __init__(self) -> None:
        super().__init__("refusals.not_a_receipt")


class SealBroken(Exception):
    """Sealed words can't be opened: another receipt, or changed since."""

    def __init__(self) -> None:
        super().__init__("the sealed words can't be opened with this receipt")


def new_receipt(random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """A new receipt: 100 bits from ``random_bytes`` in canonical form, upper case and without dashes."""
    spare = -_BITS % 8
    number = int.from_bytes(random_bytes((_BITS + spare) // 8)) >> spare
    return "".join(ALPHABET[number >> shift & 31] for shift in range(_BITS - 5, -5, -5))


def shown(receipt: str) -> str:
    """A canonical receipt as people see it: five groups of four with dashes."""
    _check(receipt)
    return "-".join(receipt[start : start + 4] for start in range(0, LENGTH, 4))


def read_receipt(text: str) -> str:
    """The canonical receipt in what somebody typed or pasted.

    Case, spaces, dashes of every kind, backticks and words around it don't matter; O is read as 0, I and L
    as 1. Raises NotAReceipt when there is none, or when it isn't clear which characters are meant.
    """
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).upper()
    plain = "".join("-" if unicodedata.category(char) == "Pd" else char for char in plain)
    plain = _DASHES.sub("-", plain)
    after_label = plain.rpartition(":")[2]
    for part in (plain, after_label):
        found = _readings(part)
        if len(found) == 1:
            return found.pop()
    return _typed_loosely(after_label)


def receipt_hash(receipt: str) -> bytes:
    """What is stored instead of a receipt: 32 bytes of SHA-256, in a domain of its own.

    A plain hash is enough, because 100 random bits can't be guessed.
    """
    _check(receipt)
    return hashlib.sha256(_HASH_DOMAIN + receipt.encode("ascii")).digest()


def seal(receipt: str, plaintext: bytes, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> bytes:
    """Encrypt words with a receipt (AES-256-GCM), bound to the row that its hash names."""
    nonce = random_bytes(_NONCE)
    return nonce + AESGCM(_seal_key(receipt)).encrypt(nonce, plaintext, receipt_hash(receipt))


def unseal(receipt: str, sealed: bytes) -> bytes:
    """The words again. Raises SealBroken for another receipt or for changed bytes."""
    nonce, body = sealed[:_NONCE], sealed[_NONCE:]
    try:
        return AESGCM(_seal_key(receipt)).decrypt(nonce, body, receipt_hash(receipt))
    except (InvalidTag, ValueError):
        raise SealBroken from None


def _readings(text: str) -> set[str]:
    """Every receipt that may be meant in upper-case ``text``, the surest form that occurs first."""
    for pattern in (_DASHED, _WHOLE):
        found = {_canonical(match.group()) for match in pattern.finditer(text)}
        if found:
            return found
    return {_canonical(match.group(1)) for match in _SPACED.finditer(text)}


def _typed_loosely(text: str) -> str:
    """The last resort: groups of any size, when nothing but the receipt was typed."""
    bare = _canonical(text.strip(" \t\r\n`'\"*.,"))
    if not _CANONICAL.fullmatch(bare):
        raise NotAReceipt
    return bare


def _canonical(text: str) -> str:
    return re.sub(r"[\s-]+", "", text).translate(_LOOKALIKES)


def _check(receipt: str) -> None:
    if not _CANONICAL.fullmatch(receipt):
        raise ValueError("a receipt is expected in canonical form")


def _seal_key(receipt: str) -> bytes:
    _check(receipt)
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_SEAL_INFO).derive(receipt.encode("ascii"))

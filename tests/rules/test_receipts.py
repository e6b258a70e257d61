"""Receipts: who has one keeps control; who hasn't, learns nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refusal
from bot.rules.receipts import (
    ALPHABET,
    NotAReceipt,
    SealBroken,
    new_receipt,
    read_receipt,
    receipt_hash,
    seal,
    shown,
    unseal,
)

receipts = st.text(ALPHABET, min_size=20, max_size=20)
RECEIPT = "0123456789ABCDEFGHJK"


@given(st.binary(min_size=13, max_size=13))
def test_a_receipt_is_exactly_the_first_hundred_random_bits(bits: bytes) -> None:
    receipt = new_receipt(lambda count: bits[:count])
    number = 0
    for char in receipt:
        number = number * 32 + ALPHABET.index(char)
    assert len(receipt) == 20
    assert number == int.from_bytes(bits) >> 4


def test_new_receipts_differ() -> None:
    assert len({new_receipt() for _ in range(1_000)}) == 1_000


@given(receipts)
def test_what_is_shown_is_five_groups_of_four_and_reads_back(receipt: str) -> None:
    assert re.fullmatch(r"([0-9A-Z]{4}-){4}[0-9A-Z]{4}", shown(receipt))
    assert read_receipt(shown(receipt)) == receipt


@given(
    receipts,
    st.sampled_from(
        ["-", " ", "", " - ", "\u2013", "\u2014", "\u2011", "\u2212", "\uff0d", "\n", "\u00a0", "_"]
    ),
    st.sampled_from(
        ["{}", "Receipt: {}", "`{}`", "Receipt: `{}`\n", "  {}. ", "**{}**", "receipt:{}", "\u201c{}\u201d"]
    ),
    st.booleans(),
)
def test_any_way_to_copy_or_type_a_receipt_is_read(receipt: str, dash: str, around: str, lower: bool) -> None:
    typed = around.format(dash.join(re.findall("....", receipt)))
    assert read_receipt(typed.lower() if lower else typed) == receipt


@given(receipts, st.lists(st.sampled_from("OoIiLl"), min_size=6, max_size=6))
def test_letters_that_look_like_digits_are_read_as_digits(receipt: str, letters: list[str]) -> None:
    zeros, ones = [x for x in letters if x in "Oo"] or ["0"], [x for x in letters if x not in "Oo"] or ["1"]
    typed = shown(receipt).replace("0", zeros[0]).replace("1", ones[0])
    assert read_receipt(typed) == receipt


@pytest.mark.parametrize(
    "typed",
    [
        "This is my code 0123-4567-89ab-cdef-ghjk, thank you so much",
        "0123 4567 89AB CDEF GHJK thanks",
        "my receipt:0123 4567 89AB CDEF GHJK",
        "code: 0123 4567 89AB CDEF GHJK",
        "0123-4567-89AB-CDEF-GHJK\n0123-4567-89AB-CDEF-GHJK",
        "01234 56789 ABCDE FGHJK",
        "0123\u200b-4567-\u200e89AB-CDEF-GHJK",
        "\uff10\uff11\uff12\uff13-4567-89AB-CDEF-GHJK",
    ],
)
def test_a_receipt_is_found_among_words(typed: str) -> None:
    assert read_receipt(typed) == RECEIPT


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "hello",
        "0123-4567-89AB-CDEF-GHJ",
        "0123-4567-89AB-CDEF-GHJKM",
        "0123-4567-89AB-CDEF-GHJK-MNPQ",
        "U123-4567-89AB-CDEF-GHJK",
        "0123-4567-89AB-CDEF-GHJK or 1123-4567-89AB-CDEF-GHJK",
        "code 0123 4567 89AB CDEF GHJK",  # five groups of four can be read in two ways
        "-" * 4_000,
        "A" * 4_000,
        "AAAA BBBB " * 400,
    ],
)
def test_what_is_no_clear_receipt_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(NotAReceipt) as refused:
        read_receipt(typed)
    assert isinstance(refused.value, Refusal)
    assert refused.value.values == {}
    assert str(refused.value) == "refusals.not_a_receipt"


@given(st.text())
def test_reading_returns_a_canonical_receipt_or_refuses(typed: str) -> None:
    try:
        receipt = read_receipt(typed)
    except NotAReceipt:
        return
    assert shown(receipt)


@given(receipts, receipts)
def test_hashes_are_32_bytes_and_differ_with_the_receipt(one: str, other: str) -> None:
    assert len(receipt_hash(one)) == 32
    assert (receipt_hash(one) == receipt_hash(other)) == (one == other)


@pytest.mark.parametrize("wrong", ["", RECEIPT.lower(), "0123-4567-89AB-CDEF-GHJK", RECEIPT + "\n"])
def test_only_the_canonical_form_is_hashed_and_a_mistake_doesnt_show_it(wrong: str) -> None:
    with pytest.raises(ValueError, match="canonical form") as mistake:
        receipt_hash(wrong)
    assert not wrong or wrong not in str(mistake.value)


@given(receipts, st.binary(max_size=200))
def test_sealed_words_come_back_with_the_receipt(receipt: str, words: bytes) -> None:
    sealed = seal(receipt, words)
    assert unseal(receipt, sealed) == words
    assert len(words) < 4 or words not in sealed


@given(receipts, receipts, st.binary(max_size=50))
def test_another_receipt_opens_nothing(receipt: str, other: str, words: bytes) -> None:
    if receipt == other:
        return
    with pytest.raises(SealBroken):
        unseal(other, seal(receipt, words))


@given(st.binary(max_size=50), st.data())
def test_one_flipped_bit_breaks_the_seal(words: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal(RECEIPT, words))
    position = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[position // 8] ^= 1 << position % 8
    with pytest.raises(SealBroken):
        unseal(RECEIPT, bytes(sealed))


@given(st.integers(0, 40))
def test_cut_off_words_break_the_seal_without_a_trace_of_the_receipt(length: int) -> None:
    with pytest.raises(SealBroken) as broken:
        unseal(RECEIPT, seal(RECEIPT, b"x" * 40)[:length])
    assert RECEIPT not in repr(broken.value)
    assert broken.value.__suppress_context__


def test_the_same_words_are_sealed_differently_each_time() -> None:
    assert seal(RECEIPT, b"words") != seal(RECEIPT, b"words")


def test_the_hash_in_the_database_isnt_the_key() -> None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    sealed, known = seal(RECEIPT, b"words"), receipt_hash(RECEIPT)
    with pytest.raises(InvalidTag):
        AESGCM(known).decrypt(sealed[:12], sealed[12:], known)


def test_hash_and_seal_stay_the_same_for_years() -> None:
    """People keep receipts: a change here would lock them out of their stories."""
    assert receipt_hash(RECEIPT).hex() == "f16c2a7043f3a15c164157d7b6b27d59b41bca0bd503bc24e347b6957790dd32"
    assert (
        seal(RECEIPT, b"words", lambda count: bytes(count)).hex()
        == "000000000000000000000000c6cdefc695f9b6bd4b5ea4c410b762690575902bdc"
    )

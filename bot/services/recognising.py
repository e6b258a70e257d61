"""What somebody told without a name, as far as it can still be recognised. Read, and given out to nobody."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

from bot.rules.anonymity import Purpose, sign_subjects
from bot.rules.stories import Voice
from bot.services.telling import Telling
from db import notes, recognising, reports
from db.recognising import Tagged

PAGE = 200


@dataclass(frozen=True, slots=True)
class Recognised:
    """One thing that is somebody's own. It says whose it is not even in its repr."""

    kind: str = field(repr=False)
    """*story*, *reply*, *pen_name*, *note*, *sign* or *report*."""
    subject: int = field(repr=False)
    """The id of the story, the reply, the note or the report."""
    name: str = field(default="", repr=False)
    """The pen name, or which sign it is."""
    tag: bytes = field(default=b"", repr=False)
    """Of a sign, and of what was said in a report: the key of its row."""


class Recognising:
    """Goes through what keys can still be tested for one person. Nothing is written."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self._database = telling.database

    async def everywhere(self, user_id: int) -> frozenset[Recognised]:
        """All that this person told, replied, signed or reported without a name and inside the window."""
        async with self._database.read() as session:
            there = await recognising.epochs_there(session)
        living = {epoch for epoch in there if self._telling.keyring.key(epoch) is not None}
        found = await self._reported(user_id)
        last = 0
        while living:
            async with self._database.read() as session:
                page = await recognising.tagged_after(session, last, living, PAGE)
                if not page:
                    break
                last = page[-1].id
                ids = [story.id for story in page]
                names = await recognising.pen_names_of(session, ids)
                signs = await recognising.signs_of(session, ids)
                sent = await notes.tagged_at(session, ids)
                by_id = {story.id: story for story in page}
                found |= {Recognised("story", story.id) for story in page if self._told(story, user_id)}
                for story_id, name, tag in names:
                    if self._is(by_id[story_id], Purpose.PEN_NAME, (story_id,), user_id, tag):
                        found.add(Recognised("pen_name", story_id, name))
                        under = await recognising.replies_under(session, story_id, name)
                        found |= {Recognised("reply", reply_id) for reply_id in under}
                for story_id, sign, tag in signs:
                    subjects = sign_subjects(story_id, sign)
                    if self._is(by_id[story_id], Purpose.RESONANCE, subjects, user_id, tag):
                        found.add(Recognised("sign", story_id, sign, tag))
                for note_id, story_id, tag in sent:
                    if self._is(by_id[story_id], Purpose.NOTE, (note_id,), user_id, tag):
                        found.add(Recognised("note", note_id))
        return frozenset(found)

    async def _reported(self, user_id: int) -> set[Recognised]:
        async with self._database.read() as session:
            there = await reports.epochs(session)
            living = {epoch for epoch in there if self._telling.keyring.key(epoch) is not None}
            tagged = await reports.tagged_in(session, living) if living else ()
        keyring = self._telling.keyring
        return {
            Recognised("report", report_id, tag=tag)
            for report_id, epoch, tag in tagged
            if (made := keyring.tag(epoch, Purpose.REPORT, report_id, user_id)) is not None
            and hmac.compare_digest(made, tag)
        }

    def _told(self, story: Tagged, user_id: int) -> bool:
        """Named stories are found by their name."""
        if story.voice != Voice.UNNAMED or story.teller_tag is None:
            return False
        return self._is(story, Purpose.TELLER, (story.id,), user_id, story.teller_tag)

    def _is(
        self, story: Tagged, purpose: Purpose, subjects: tuple[int | str, ...], user_id: int, tag: bytes
    ) -> bool:
        made = (self._telling.keyring.tag(story.epoch, purpose, subject, user_id) for subject in subjects)
        return any(one is not None and hmac.compare_digest(one, tag) for one in made)

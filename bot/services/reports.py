"""Reports: somebody asks the moderators to look at a message, and nobody learns who.

Who reported stands nowhere. A tag that is bound to this one report lets everybody count once, and change what
they said. Moderators see a report, and what is added to it, at a random moment within ten minutes.
"""

from __future__ import annotations

import hmac
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone, Refusal
from bot.rules.anonymity import Purpose, phases, publication_moment, rounded_up_day
from bot.rules.places import message_link
from bot.rules.reports import MOST_TEXT, MOST_WORDS, WAIT, Reason
from bot.rules.text import clean
from bot.services.duty import tell_on_duty
from bot.services.reported import REPORTED
from bot.services.telling import Telling
from db import reports, stories
from db.care_tables import Report, ReportVoice
from db.story_tables import Reply, Story, Update
from db.tables import Circle
from db.types import random_id

AT_ONCE = 50
"""So many appear in one transaction at most."""
TEXTS = 300
TEXTS_FOR = timedelta(hours=1)
"""How many messages' texts are remembered between the menu and its form, and for how long."""


@dataclass(frozen=True, slots=True, repr=False)
class Place:
    """A message: where it stands, and the circle to which that belongs."""

    circle_id: int
    channel_id: int
    """Its channel or thread."""
    message_id: int


@dataclass(frozen=True, slots=True, repr=False)
class BegunReport:
    """What somebody said about a message before, if anything."""

    again: bool
    reason: Reason | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class _What:
    """What is reported."""

    kind: str
    subject: int | None
    text: str | None = None
    """Of what a person wrote by name. Of ours there is no copy: what its writer changes isn't kept."""


class Reports:
    """The side of those who report."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self._database = telling.database
        self._secret = telling.random.randbytes(32)
        """Where the slots of this process begin, in which reports appear."""
        self._texts: OrderedDict[tuple[int, int], tuple[datetime, str]] = OrderedDict()
        """What messages said when the menu was used on them: the form doesn't bring it again."""

    async def begin(self, place: Place, text: str, user_id: int) -> BegunReport:
        """Somebody used the menu on a message that says ``text``. Only read; the text stays in memory until
        the form comes back.

        Raises Gone, or Refusal for one's own.
        """
        async with self._database.read() as session:
            await self._reportable(session, place, user_id)
            report = await reports.at_message(session, place.circle_id, place.message_id)
            voice = await self._voice(session, report, user_id)
        self._remember(place, text)
        if voice is None:
            return BegunReport(again=False)
        said = voice.change or {"reason": voice.reason, "words": voice.words}
        return BegunReport(again=True, reason=Reason(said["reason"] or ""), words=said["words"] or "")

    async def report(self, place: Place, user_id: int, reason: Reason, words: str) -> bool:
        """Count somebody among those who reported a message, or take over what they say now. Returns whether
        they had reported it before.

        Raises Gone, or Refusal.
        """
        now = self._telling.now()
        epoch = await self._telling.keyring.current(now)
        said = clean(words)[:MOST_WORDS] or None
        async with self._database.write() as session:
            what = await self._reportable(session, place, user_id)
            report = await self._open(session, place, what, epoch)
            voice = await self._voice(session, report, user_id)
            if voice is not None:
                self._change(voice, reason, said, self._appears(place, now))
                return True
            tag = self._tag(report, user_id)
            if tag is None:  # its key is destroyed: from here on those of today's count
                await reports.unlink_one(session, report)
                report.epoch = epoch
                tag = self._telling.keyring.tag(epoch, Purpose.REPORT, report.id, user_id) or b""
            session.add(
                ReportVoice(
                    report_id=report.id, tag=tag, reason=reason, words=said, shown=False,
                    appears_at=self._appears(place, now),
                )
            )  # fmt: skip
            return False

    async def due(self, now: datetime) -> int:
        """What may be seen from now on (aware UTC) can be seen; those on duty are told of a new report.
        Returns how many that were."""
        async with self._database.read() as session:
            if not await reports.due_voices(session, now, 1):
                return 0
        async with self._database.write() as session:
            found = await reports.due_voices(session, now, AT_ONCE)
            for voice in found:
                await _appear(session, voice, now)
            return len(found)

    async def next_due(self) -> datetime | None:
        """When the next one may be seen."""
        async with self._database.read() as session:
            return await reports.next_voice(session)

    async def _reportable(self, session: AsyncSession, place: Place, user_id: int) -> _What:
        """What a message is. Raises Gone, or Refusal for one's own, as far as that can be known."""
        circle = await session.get(Circle, place.circle_id)
        if circle is None:
            raise Gone("refusals.circle_gone")
        found = await stories.at_place(session, place.message_id)
        around = await stories.at_place(session, place.channel_id)
        if (
            found is None
            and around is not None
            and await reports.page_of(session, around.id, place.message_id)
        ):
            found = around
        if found is not None:
            return self._story(found, place, user_id)
        added = await reports.added_at(session, around.id, place.message_id) if around is not None else None
        if around is not None and added is not None:
            return await self._added(session, around, added, user_id)
        said = self._texts.get((place.channel_id, place.message_id))
        return _What(reports.MESSAGE, None, said[1] if said else None)

    def _story(self, story: Story, place: Place, user_id: int) -> _What:
        if story.circle_id != place.circle_id or story.state != stories.PUBLISHED:
            raise Gone("refusals.story_gone")
        if self._telling.is_teller(story, user_id):
            raise Refusal("refusals.report_own")
        return _What(reports.STORY, story.id)

    async def _added(self, session: AsyncSession, story: Story, row: Update | Reply, user_id: int) -> _What:
        if row.state != stories.PUBLISHED:
            raise Gone("refusals.addition_gone")
        if isinstance(row, Update):
            own, kind = self._telling.is_teller(story, user_id), reports.UPDATE
        elif row.pen_name is None:
            own, kind = self._telling.is_teller(story, user_id), reports.REPLY
        else:
            own, kind = await self._bears(session, story, row.pen_name, user_id), reports.REPLY
        if own:
            raise Refusal("refusals.report_own")
        return _What(kind, row.id)

    async def _bears(self, session: AsyncSession, story: Story, name: str, user_id: int) -> bool:
        known = await stories.tag_of(session, story.id, name)
        if known is None or story.epoch is None:
            return False
        tag = self._telling.keyring.tag(story.epoch, Purpose.PEN_NAME, story.id, user_id)
        return tag is not None and hmac.compare_digest(tag, known)

    async def _open(self, session: AsyncSession, place: Place, what: _What, epoch: int) -> Report:
        """The report of a message; a new one where there is none, or moderators have closed it."""
        report = await reports.at_message(session, place.circle_id, place.message_id)
        if report is not None and report.state != reports.CLOSED:
            return report
        again = report is not None
        if report is not None:
            await session.delete(report)
            await session.flush()
        new = Report(
            id=random_id(), circle_id=place.circle_id, kind=what.kind, subject=what.subject,
            channel_id=place.channel_id, message_id=place.message_id, state=reports.COMING, epoch=epoch,
            text=(clean(what.text)[:MOST_TEXT] or None) if what.text else None, again=again,
        )  # fmt: skip
        session.add(new)
        await session.flush()
        return new

    async def _voice(self, session: AsyncSession, report: Report | None, user_id: int) -> ReportVoice | None:
        tag = self._tag(report, user_id)
        if report is None or tag is None or report.state == reports.CLOSED:
            return None
        return await session.get(ReportVoice, (report.id, tag))

    def _tag(self, report: Report | None, user_id: int) -> bytes | None:
        if report is None or report.epoch is None:
            return None
        return self._telling.keyring.tag(report.epoch, Purpose.REPORT, report.id, user_id)

    def _change(self, voice: ReportVoice, reason: Reason, words: str | None, at: datetime) -> None:
        """What moderators see already changes as late as it came: else the moment would say who was here."""
        if voice.shown:
            voice.change = {"reason": reason.value, "words": words}
            voice.appears_at = voice.appears_at or at
        else:
            voice.reason, voice.words = reason, words

    def _appears(self, place: Place, now: datetime) -> datetime:
        """In slots of its own for each circle, so that no order tells anything either."""
        phase = phases(self._secret, f"{place.circle_id} reports")
        return publication_moment(now, WAIT, phase, self._telling.random)

    def _remember(self, place: Place, text: str) -> None:
        now, key = self._telling.now(), (place.channel_id, place.message_id)
        self._texts.pop(key, None)
        self._texts[key] = now, text[:MOST_TEXT]
        while self._texts:
            oldest = next(iter(self._texts))
            if len(self._texts) <= TEXTS and now - self._texts[oldest][0] < TEXTS_FOR:
                break
            del self._texts[oldest]


async def _appear(session: AsyncSession, voice: ReportVoice, now: datetime) -> None:
    if voice.change is not None:
        voice.reason, voice.words = voice.change["reason"] or "", voice.change["words"]
        voice.change = None
    voice.shown, voice.appears_at = True, None
    report = await session.get_one(Report, voice.report_id)
    if report.state != reports.COMING:
        return
    report.state, report.day = reports.OPEN, rounded_up_day(now)
    circle = await session.get_one(Circle, report.circle_id)
    link = message_link(circle.guild_id, report.channel_id, report.message_id)
    await tell_on_duty(session, circle, REPORTED, str(report.id), {"link": link}, now)

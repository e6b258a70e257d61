"""Editing: a writer changes what they told, before it appears or afterwards.

What nobody can have seen yet changes at once. What has appeared changes after a wait of its own, as long as
it would have waited to appear; until then the new words stand beside it, and afterwards no earlier word is
kept. A change is control over one's own words, as withdrawing is: a pause or a lock doesn't hold it up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone, Refusal
from bot.rules.checked import NOTHING, Checked
from bot.rules.promises import Promise
from bot.rules.receipts import new_receipt, receipt_hash
from bot.rules.stories import REPLY_LIMIT, UPDATE_LIMIT, Ask, StoryWords, Voice, written
from bot.services.caring import care_of
from bot.services.circles import told_in
from bot.services.drafts import Drafts, opened, store
from bot.services.edited import Content, Editable, Edited, OpenEdit, Saved, StoryContent, TextContent, What
from bot.services.own_additions import proven_addition
from bot.services.own_stories import OwnStories
from bot.services.retracting import may_have_arrived
from bot.services.reviewed import Verdict, forgotten, send_again, verdict
from bot.services.stories import note_of, words_of
from bot.services.telling import EDIT, Telling, owe_for_circle
from db import deliveries, drafts, edits, reviews, stories
from db.story_tables import Reply, Story, Update
from db.tables import Circle

Row: TypeAlias = Story | Update | Reply


LIMITS = {What.UPDATE: UPDATE_LIMIT, What.REPLY: REPLY_LIMIT}


class Edits:
    """Takes changes of what was told."""

    def __init__(self, telling: Telling, drafts_: Drafts, own: OwnStories) -> None:
        self._telling = telling
        self._drafts = drafts_
        self._own = own

    async def begin(self, what: What, subject: int, receipt: str | None, user_id: int) -> Editable:
        """Before the form opens: what stands there, if it is this person's. One read.

        Raises Gone, NotAllowed, or Refusal when the person is muted.
        """
        async with self._telling.database.read() as session:
            return await self._editable(session, what, subject, receipt, user_id)

    async def keep(
        self,
        what: What,
        subject: int,
        receipt: str | None,
        user_id: int,
        checked: Checked = NOTHING,
        **changes: Any,
    ) -> OpenEdit:
        """Keep what was submitted: ``words`` and ``ask`` of a story, ``text`` of the others.

        Raises as ``begin``, and Refusal for an empty or too long text.
        """
        draft = new_receipt()
        async with self._telling.database.write() as session:
            found = await self._editable(session, what, subject, receipt, user_id)
            found = replace(found, content=_changed(what, found.content, changes))
            return await self._store(session, draft, found, 1, checked)

    async def draft(self, receipt: str) -> OpenEdit:
        """An edit as it stands. Raises Gone."""
        async with self._telling.database.read() as session:
            return (await self._opened(session, receipt))[0]

    async def revise(
        self,
        receipt: str,
        revision: int,
        checked: Checked | None = None,
        *,
        typed: bool = False,
        **changes: Any,
    ) -> OpenEdit:
        """Change it once more. From an older revision only what was ``typed`` is taken over.

        Raises Gone or Refusal.
        """
        async with self._telling.database.write() as session:
            draft, _ = await self._opened(session, receipt)
            if draft.revision != revision and not typed:
                return replace(draft, older=True)
            content = _changed(draft.edit.thing.what, draft.edit.content, changes) if changes else None
            edit = replace(draft.edit, content=content or draft.edit.content)
            noted = draft.checked if checked is None else checked
            return await self._store(session, receipt, edit, draft.revision + 1, noted)

    async def discard(self, receipt: str) -> None:
        """Forget an edit that isn't saved. Raises Gone."""
        if not await self._drafts.discard(receipt):
            raise Gone("refusals.edit_gone")

    async def save(self, receipt: str, revision: int, user_id: int) -> Saved | OpenEdit:
        """Accept a change: from now on it isn't lost. The newest one wins.

        From an older preview nothing is changed, and the newest comes back; so it does when the circle
        lets things wait less long by now than was promised. The same as what is shown calls back a change
        that still waits. Raises Gone, or Refusal when the person is muted or the words don't fit the circle
        (the draft stays).
        """
        async with self._telling.database.write() as session:
            draft, row = await self._opened(session, receipt)
            thing = draft.edit.thing
            await self._telling.refuse_muted(session, thing.circle.id, user_id)
            if draft.revision != revision:
                return replace(draft, older=True)
            offers = thing.offers
            kept = offers is None or (draft.promise is not None and draft.promise.kept_by(offers))
            if not kept or draft.footing != thing.footing:
                newer = await self._store(session, receipt, draft.edit, revision + 1, draft.checked)
                return replace(newer, older=True)
            if (refusal := draft.edit.unfit(await care_of(session, thing.circle.id))) is not None:
                raise refusal
            if draft.checked.asks and draft.edit.changes:
                asked = replace(draft.checked, asked=True)
                return replace(
                    await self._store(session, receipt, draft.edit, revision + 1, asked), asks=True
                )
            await drafts.discard(session, receipt_hash(receipt))
            columns, changes = draft.edit.content.columns(), draft.edit.changes
            await self._forget_earlier(session, thing)
            if thing.returned:
                for name in changes:
                    setattr(row, name, columns[name])
                await self._send_again(session, thing, draft.promise)
            elif changes and thing.seen:
                words = {name: columns[name] for name in changes}
                await edits.put(session, thing.what, row.id, words)
                await self._owe(session, thing, draft.promise)
            else:
                for name in changes:
                    setattr(row, name, columns[name])
            return Saved(thing, draft.promise, bool(changes))

    async def _forget_earlier(self, session: AsyncSession, thing: Edited) -> None:
        """What was changed before and hasn't been shown, also if moderators had it already."""
        await edits.forget(session, thing.what, (thing.id,))
        await forgotten(session, await session.get_one(Circle, thing.circle.id), self._telling.now())

    async def _send_again(self, session: AsyncSession, thing: Edited, promise: Promise | None) -> None:
        due = await self._due(session, thing, promise)
        kind = reviews.STORY if thing.what is What.STORY else reviews.UPDATE
        await send_again(session, kind, thing.id, due)

    async def _owe(self, session: AsyncSession, thing: Edited, promise: Promise | None) -> None:
        """Whoever changes something twice waits twice: the moment of the first would tell of the second."""
        due = await self._due(session, thing, promise)
        await owe_for_circle(session, await session.get_one(Circle, thing.circle.id), EDIT, thing.id, due)

    async def _due(self, session: AsyncSession, thing: Edited, promise: Promise | None) -> datetime:
        circle, telling = await session.get_one(Circle, thing.circle.id), self._telling
        return telling.not_before(circle, thing.waits, promise) if thing.waits is not None else telling.now()

    async def _editable(
        self, session: AsyncSession, what: What, subject: int, receipt: str | None, user_id: int
    ) -> Editable:
        if what is What.STORY:
            row: Row = await self._own.proven(session, subject, receipt, user_id)
            if row.state == stories.REMOVED:
                raise Gone("refusals.story_removed")
        else:
            row = await proven_addition(session, self._telling, what, subject, receipt, user_id)
        found = await self._found(session, what, row)
        _refuse_declined(found.thing)
        await self._telling.refuse_muted(session, found.thing.circle.id, user_id)
        return found

    async def _found(self, session: AsyncSession, what: What, row: Row) -> Editable:
        before = _content(row)
        waiting = await edits.pending(session, what, row.id)
        return Editable(await _thing(session, what, row), before, _with_columns(before, waiting))

    async def _store(
        self, session: AsyncSession, receipt: str, edit: Editable, revision: int, checked: Checked
    ) -> OpenEdit:
        payload = {
            "edits": edit.thing.what,
            "subject": edit.thing.id,
            "revision": revision,
            "columns": edit.content.columns(),
            "checked": checked.as_payload(),
            "promise": offers.as_payload() if (offers := edit.thing.offers) is not None else None,
            "footing": edit.thing.footing,
        }
        await store(session, receipt, payload, self._drafts.keep_until())
        return OpenEdit(receipt, revision, edit, edit.thing.offers, edit.thing.footing, checked=checked)

    async def _opened(self, session: AsyncSession, receipt: str) -> tuple[OpenEdit, Row]:
        try:
            payload = await opened(session, receipt)
        except Gone as error:
            raise Gone("refusals.edit_gone") from error
        what = What(payload["edits"])
        row = await session.get(edits.TABLES[what], payload["subject"])
        if row is not None and row.state == stories.REMOVED and what is What.STORY:
            raise Gone("refusals.story_removed")
        if row is None or row.state not in edits.PRESENT:
            raise Gone("refusals.story_gone" if what is What.STORY else "refusals.addition_gone")
        found = await self._found(session, what, row)
        _refuse_declined(found.thing)
        found = replace(found, content=_with_columns(found.before, payload["columns"]))
        promise = Promise.from_payload(payload["promise"])
        checked = Checked.from_payload(payload.get("checked"))
        footing = payload.get("footing")
        return OpenEdit(receipt, payload["revision"], found, promise, footing, checked=checked), row


def _refuse_declined(thing: Edited) -> None:
    """What moderators don't let appear isn't changed any more. Raises Refusal."""
    if thing.verdict is not None and thing.verdict.declined:
        raise Refusal("refusals.declined")


def _content(row: Row) -> Content:
    """Raises Refusal when a copy was put back that doesn't know the words (see ``replaying``)."""
    if not (row.slip if isinstance(row, Story) else row.text):
        raise Refusal("refusals.words_unknown")
    if isinstance(row, Story):
        return StoryContent(words_of(row), Ask(row.ask), row.content_note, row.quote_lesson)
    return TextContent(row.text)


def _with_columns(content: Content, columns: Mapping[str, Any]) -> Content:
    if isinstance(content, TextContent):
        return TextContent(str(columns.get("text", content.text)))
    parts: dict[str, Any] = {**content.columns(), **columns}
    words = StoryWords(parts["slip"], parts["effect"], parts["repair"], parts["lesson"])
    return StoryContent(words, Ask(parts["ask"]), parts["content_note"], parts["quote_lesson"])


def _changed(what: What, content: Content, changes: Mapping[str, Any]) -> Content:
    if isinstance(content, TextContent):
        return TextContent(written(changes["text"], LIMITS[what]))
    return replace(content, **changes)


async def _thing(session: AsyncSession, what: What, row: Row) -> Edited:
    story = row if isinstance(row, Story) else await session.get_one(Story, row.story_id)
    circle = await session.get_one(Circle, story.circle_id)
    owed = await deliveries.about(session, (what.value,), row.id) if row.message_id is None else ()
    how = None if what is What.REPLY or row.message_id else await verdict(session, what.value, row.id)
    return Edited(
        what=what,
        id=row.id,
        story_id=story.id,
        story_number=story.number if story.message_id is not None else None,
        voice=Voice(story.voice),
        author_name=story.author_name,
        theme=story.theme,
        ask=Ask(story.ask),
        content_note=note_of(story) is not None,
        moderators_note=story.moderators_note,
        pen_name=row.pen_name if isinstance(row, Reply) else None,
        seen=row.message_id is not None
        or any(may_have_arrived(one) for one in owed)
        or _with_moderators(how),
        circle=await told_in(session, circle),
        verdict=how,
    )


def _with_moderators(how: Verdict | None) -> bool:
    """They see it, or it is about to appear."""
    return how is not None and how.state in {reviews.HELD, reviews.APPROVED}

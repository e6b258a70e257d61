"""Queries about people apart from circles: nudges, who has left, and what is kept of one person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.deliveries import DUTY
from db.destinations import forget_unused
from db.people_tables import Leaver, LeftServer, Nudge
from db.story_tables import Edit, Reply, Story, Update
from db.tables import Circle, ClosedDestination, Delivery, Reminder


async def due_nudges(session: AsyncSession, today: date, limit: int) -> Sequence[Nudge]:
    """Some of the nudges whose day has come."""
    rows = await session.scalars(select(Nudge).where(Nudge.due_on <= today).limit(limit))
    return rows.all()


async def next_nudge(session: AsyncSession) -> date | None:
    """The day of the next nudge of anybody."""
    return await session.scalar(select(func.min(Nudge.due_on)))


async def stuck(session: AsyncSession, kind: str, states: Iterable[str]) -> None:
    """Forget deliveries of a kind that are in these states."""
    await session.execute(delete(Delivery).where(Delivery.kind == kind, Delivery.state.in_(tuple(states))))


async def drop_owed(session: AsyncSession, kind: str, destination: str) -> int:
    """Forget what is owed to a person, also what is being sent. Returns how much that was."""
    gone = await session.execute(
        delete(Delivery)
        .where(Delivery.kind == kind, Delivery.destination == destination)
        .returning(Delivery.id)
    )
    return len(gone.all())


async def drop_destination(session: AsyncSession, destination: str) -> int:
    """Forget that a person, or a channel, can't be written to, and all that is owed there."""
    closed = await session.execute(
        delete(ClosedDestination)
        .where(ClosedDestination.destination == destination)
        .returning(ClosedDestination.destination)
    )
    owed = await session.execute(
        delete(Delivery).where(Delivery.destination == destination).returning(Delivery.id)
    )
    return len(closed.all()) + len(owed.all())


async def leavers_of(session: AsyncSession, user_id: int) -> Sequence[Leaver]:
    """Where somebody was noticed to have left."""
    rows = await session.scalars(select(Leaver).where(Leaver.user_id == user_id).order_by(Leaver.guild_id))
    return rows.all()


async def leavers_since(session: AsyncSession, day: date) -> Sequence[Leaver]:
    """Who was noticed on a day or earlier."""
    rows = await session.scalars(select(Leaver).where(Leaver.since <= day))
    return rows.all()


async def next_server(session: AsyncSession, after: int) -> int | None:
    """The next server that has a circle, by the number of its id."""
    return await session.scalar(select(func.min(Circle.guild_id)).where(Circle.guild_id > after))


async def servers(session: AsyncSession) -> set[int]:
    """All servers that have a circle."""
    return set(await session.scalars(select(Circle.guild_id).distinct()))


async def kept_in(session: AsyncSession, guild_id: int) -> set[int]:
    """The people of whom something is kept in a server: named stories, and reminders."""
    authors = await session.scalars(
        select(Story.author_id)
        .join(Circle, Circle.id == Story.circle_id)
        .where(Circle.guild_id == guild_id, Story.author_id.is_not(None))
    )
    reminded = await session.scalars(
        select(Reminder.user_id)
        .join(Circle, Circle.id == Reminder.circle_id)
        .where(Circle.guild_id == guild_id)
    )
    return {user_id for user_id in (*authors, *reminded) if user_id is not None}


async def named_in(session: AsyncSession, guild_id: int, user_id: int) -> Sequence[Story]:
    """The stories that somebody told with their name in a server."""
    rows = await session.scalars(
        select(Story)
        .join(Circle, Circle.id == Story.circle_id)
        .where(Circle.guild_id == guild_id, Story.author_id == user_id)
    )
    return rows.all()


async def named_everywhere(session: AsyncSession, user_id: int) -> Sequence[tuple[Story, Circle]]:
    """The same in all servers, with their circles."""
    rows = await session.execute(
        select(Story, Circle)
        .join(Circle, Circle.id == Story.circle_id)
        .where(Story.author_id == user_id)
        .order_by(Story.circle_id, Story.number)
    )
    return [(story, circle) for story, circle in rows.all()]


async def updates_of(session: AsyncSession, story_id: int) -> Sequence[Update]:
    """A story's updates, in their order."""
    rows = await session.scalars(
        select(Update).where(Update.story_id == story_id, Update.text != "").order_by(Update.position)
    )
    return rows.all()


async def reminders_in(session: AsyncSession, guild_id: int, user_id: int) -> Sequence[Reminder]:
    """Somebody's reminders of a server's circles."""
    rows = await session.scalars(
        select(Reminder)
        .join(Circle, Circle.id == Reminder.circle_id)
        .where(Circle.guild_id == guild_id, Reminder.user_id == user_id)
    )
    return rows.all()


async def left_servers(session: AsyncSession) -> Sequence[LeftServer]:
    """The servers that the bot was removed from, and not yet forgotten."""
    return (await session.scalars(select(LeftServer).order_by(LeftServer.guild_id))).all()


async def forget_leavers(session: AsyncSession, guild_id: int) -> None:
    """Nothing is kept of anybody in a server any more."""
    await session.execute(delete(Leaver).where(Leaver.guild_id == guild_id))


async def wipe(session: AsyncSession, circle: Circle, destination: str) -> None:
    """A circle goes with all that belongs to it. What has no foreign key to follow goes by hand."""
    ids = select(Story.id).where(Story.circle_id == circle.id)
    for kind, subjects in (
        ("story", ids),
        ("update", select(Update.id).where(Update.story_id.in_(ids))),
        ("reply", select(Reply.id).where(Reply.story_id.in_(ids))),
    ):
        await session.execute(delete(Edit).where(Edit.kind == kind, Edit.subject.in_(subjects)))
    words = select(Delivery.destination).where(Delivery.circle_id == circle.id, Delivery.kind == DUTY)
    on_duty = set(await session.scalars(words))
    await drop_destination(session, destination)
    await session.delete(circle)
    await session.flush()
    for place in on_duty:
        await forget_unused(session, place)


async def of_destination(session: AsyncSession, destination: str) -> tuple[bool, int]:
    """Whether a destination is closed, and how much is owed there."""
    closed = await session.get(ClosedDestination, destination) is not None
    owed = await session.scalar(
        select(func.count()).select_from(Delivery).where(Delivery.destination == destination)
    )
    return closed, owed or 0

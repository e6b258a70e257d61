"""The ledger held against what stands in Discord and in the database."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from tests.conftest import WORDS
from tests.wire.bot_process import BotProcess
from tests.wire.kills.ledger import Ledger, Told
from tests.wire.kills.peers import SIGNS, STORY, everything_at
from tests.wire.kills.scene import NOON, Place, Scene
from tests.wire.shown import control
from tests.wire.things import FORUM, Channel, Message

PROMPT = "### This week"
OPENING = "no advice unless asked"
"""Stands in the first message of every thread here."""
GONE = "taken back, discarded or edited away"
SETTLING = (0, 1, 15, 25, 25, 65, 65, 0, 0, 0)
"""Minutes that pass between two looks whether anything is still owed."""
FILE = "data/good-enough.sqlite3"


async def settle(bot: BotProcess) -> list[str]:
    """Let everything that is owed be delivered. Returns what still isn't."""
    for minutes in SETTLING:
        bot.move_clock(minutes=minutes)
        for _ in range(60):
            await asyncio.sleep(0.25)
            if not (left := owed(bot.folder)):
                return []
    return left


def owed(folder: Path) -> list[str]:
    """Deliveries that are neither sent nor dropped."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        rows = connection.execute(
            "SELECT kind, state, trouble FROM deliveries WHERE state <> 'sent' ORDER BY kind"
        ).fetchall()
    return [f"{kind} is {state} ({trouble})" for kind, state, trouble in rows]


async def after_a_day(bot: BotProcess, scene: Scene, ledger: Ledger) -> list[str]:
    """The daily clean-up has come: no file holds what nobody may read any more, and the log no words and
    nobody's id. Returns what there is."""
    words = {word for story in ledger.stories for word in _unseen(story)}
    left: list[tuple[str, str]] = []
    for minutes in (24 * 60, 20, 20):  # one that somebody's reading disturbed comes again after a quarter
        bot.move_clock(minutes=minutes)
        for _ in range(40):
            await asyncio.sleep(0.25)
            if not (left := files_with(bot.folder, words)):
                break
        if not left:
            break
    said = {story.word for story in ledger.stories} | {str(person.id) for person in scene.people} | words
    told = [f"the log holds {one}" for one in sorted(said) if one in bot.log]
    return [f"{name} holds {word}, which nobody may read any more" for name, word in left] + told


def files_with(folder: Path, words: Collection[str]) -> list[tuple[str, str]]:
    """The files in which one of these words can be read, and which."""
    return [
        (path.name, word)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and (content := path.read_bytes())
        for word in words
        if word.encode() in content
    ]


def judge(scene: Scene, ledger: Ledger, folder: Path, begun: datetime, ended: datetime) -> list[str]:
    """Every promise that was broken, in words. Questions that fell due between these two moments, both
    aware UTC, must stand there."""
    shown = _everything(scene)
    kept = "\n".join(kept_texts(folder))
    found: list[str] = []
    for story in ledger.stories:
        found += _of_story(scene, story, shown)
        found += _of_what_is_gone(story, shown, kept)
    for place in scene.places:
        found += _of_prompts(scene, place, (begun, ended), _left_out(folder, place))
        found += _of_threads(scene, place, ledger)
    return found


def tally(scene: Scene, ledger: Ledger) -> dict[str, Counter[str]]:
    """How often what was promised stands there: *once*, *lost* or *doubled*; or *gone* or *still there*."""
    shown = [message.text() for message in _everything(scene)]
    heads, rest = [text for text in shown if STORY in text], [text for text in shown if STORY not in text]
    stands = {0: "lost", 1: "once"}
    found = {what: Counter[str]() for what in ("a story", "a reply", "an update", GONE)}
    for story in ledger.standing():
        found["a story"][stands.get(_times(story.word, heads), "doubled")] += 1
        for added in story.added:
            if not added.withdrawn:
                found[added.what][stands.get(_times(added.word, rest), "doubled")] += 1
    for word in (word for story in ledger.stories for word in _unseen(story)):
        found[GONE]["still there" if _times(word, shown) else "gone"] += 1
    return found


def _times(word: str, texts: list[str]) -> int:
    return sum(word in text for text in texts)


def _of_what_is_gone(story: Told, shown: list[Message], kept: str) -> Iterator[str]:
    """What was taken back or written anew: nobody sees it, and what was taken back isn't kept either."""
    for word in _unseen(story):
        if word in kept:
            yield f"the database still holds {word}, which was {GONE}"
        if any(word in message.text() for message in shown):
            yield f"{word} was {GONE}, and stands there"


def _unseen(story: Told) -> list[str]:
    """The words of a story, and around it, that nobody may read any more."""
    gone = [added.word for added in story.added if added.withdrawn or story.withdrawn]
    return gone + story.older + ([] if story.stands else [story.word])


def _of_threads(scene: Scene, place: Place, ledger: Ledger) -> Iterator[str]:
    """Each belongs to a story that stands, or is a forum's post of another kind."""
    threads = scene.discord.threads(place.channel)
    told = [thread for thread in threads if place.channel.type != FORUM or _tells(scene, thread)]
    standing = sum(scene.places[story.circle] is place for story in ledger.standing())
    if len(told) != standing:
        yield f"circle {place.weekday} has {len(told)} threads of stories, and {standing} stories"


def _tells(scene: Scene, post: Channel) -> bool:
    return any(
        STORY in message.text() or OPENING in message.text() for message in scene.discord.messages(post)
    )


def _of_story(scene: Scene, story: Told, shown: list[Message]) -> Iterator[str]:
    place = scene.places[story.circle]
    here = [message for message in shown if story.word in message.text()]
    if not story.stands:
        return
    posts = [message for message in here if STORY in message.text()]
    if len(posts) != 1:
        yield f"{story.word} was accepted, and stands there {len(posts)} times"
        return
    thread = _thread(scene, place, posts[0])
    if thread is None:
        yield f"{story.word} has no thread"
        return
    inside = scene.discord.messages(thread)
    if (openings := sum(OPENING in message.text() for message in inside)) != 1:
        yield f"the thread of {story.word} has {openings} first messages"
    for added in story.added:
        times = sum(added.word in message.text() for message in inside if STORY not in message.text())
        if times != (0 if added.withdrawn else 1):
            yield f"{added.word}, {added.what} to {story.word}, stands there {times} times"
    if (counted := _counted(posts[0])) != dict(Counter(sign for _person, sign in story.signs)):
        yield f"{story.word} counts {counted}, and its signs are {sorted(sign for _, sign in story.signs)}"


def _counted(post: Message) -> dict[str, int]:
    """What stands on the buttons below a story."""
    found: dict[str, int] = {}
    for sign in SIGNS:
        (custom_id,) = [one for one in post.custom_ids() if one.endswith(f":{sign}")]
        label = str(control(post.components, custom_id, None)["label"])
        if label != WORDS(f"stories.sign.{sign}"):
            found[sign] = int(label.rpartition(" ")[2])
    return found


def _left_out(folder: Path, place: Place) -> set[str]:
    """The weeks in which the process was dead until the grace was over: facilitators are told."""
    query = "SELECT week FROM occurrences WHERE circle_id = ? AND state = 'missed'"
    with closing(sqlite3.connect(folder / FILE)) as connection:
        return {week for (week,) in connection.execute(query, (place.id,))}


def _of_prompts(
    scene: Scene, place: Place, between: tuple[datetime, datetime], left_out: set[str]
) -> Iterator[str]:
    """Once a week, and in every week whose moment came and wasn't slept through."""
    prompts = [
        message for message in everything_at(scene, scene.places.index(place)) if PROMPT in message.text()
    ]
    weeks = [_week(message.at) for message in prompts]
    if len(set(weeks)) != len(weeks):
        yield f"circle {place.weekday} was asked twice in a week: {weeks}"
    begun, ended = between
    day = begun.replace(hour=NOON // 60, minute=0, second=0, microsecond=0)
    day += timedelta(days=(place.weekday - day.weekday()) % 7)
    while day < ended - timedelta(hours=1):
        if day > begun and _week(day) not in {*weeks, *left_out}:
            yield f"circle {place.weekday} was not asked on {day:%Y-%m-%d}"
        day += timedelta(days=7)


def _week(moment: datetime) -> str:
    year, week, _day = moment.isocalendar()
    return f"{year}-W{week:02}"


def _thread(scene: Scene, place: Place, post: Message) -> Channel | None:
    """A forum's post is its own thread; elsewhere the thread has its message's id."""
    if post.channel.id != place.channel.id:
        return post.channel
    return next((one for one in scene.discord.threads(place.channel) if one.id == post.id), None)


def _everything(scene: Scene) -> list[Message]:
    return [message for circle in range(len(scene.places)) for message in everything_at(scene, circle)]


def kept_texts(folder: Path) -> Iterator[str]:
    """Every text in every table."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608  # the name is SQLite's
                yield from (value for value in row if isinstance(value, str))

"""No file's time says when somebody told or took something back: then the database alone is written."""

from __future__ import annotations

from pathlib import Path

from bot.rules.anonymity import epoch_of, epoch_start
from tests.conftest import Circle, Stage, make_circle
from tests.flows.people import ask_now, reply_unnamed, stories_in, write

DATABASE = {"test.sqlite3", "test.sqlite3-wal", "test.sqlite3-shm"}


def stamps(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Which file stands behind each name, and when it was changed last; the database's own left out."""
    found = {path.name: path.stat() for path in folder.iterdir() if path.name not in DATABASE}
    found["."] = folder.stat()  # changes with every name that is given or taken in it
    return {name: (stat.st_ino, stat.st_mtime_ns, stat.st_ctime_ns) for name, stat in found.items()}


async def at_an_epochs_begin(stage: Stage) -> Circle:
    """A circle in the first moments of an epoch, before any tick has seen it."""
    circle = await make_circle(stage, delay=30)
    await ask_now(circle)
    await stage.tick()
    began = epoch_start(epoch_of(stage.now(), stage.settings.window_days))
    while began <= stage.now():
        began = epoch_start(epoch_of(began, stage.settings.window_days) + 7 * 24)
    await stage.pass_time(seconds=(began - stage.now()).total_seconds() - 60)
    await stage.env.advance_time(61)
    return circle


async def test_no_file_but_the_database_changes_between_form_and_publication(
    stage: Stage, tmp_path: Path
) -> None:
    circle = await at_an_epochs_begin(stage)
    ann = circle.peers[0]
    before = stamps(tmp_path)
    assert "keys.json" in before

    preview = await write(circle, ann)
    assert stamps(tmp_path) == before
    posted = (await ann.click(preview.message, label="Post")).response
    assert stamps(tmp_path) == before

    await stage.tick()  # the epoch has begun: now it has a key, whoever told
    after = stamps(tmp_path)
    assert after["keys.json"] != before["keys.json"]
    await stage.pass_time(minutes=31)
    (story,) = stories_in(circle)
    await reply_unnamed(circle.peers[1], story, "I hear you.")
    assert stamps(tmp_path) == after

    question = (await ann.click(posted.message, label="Take it back")).response
    await ann.click(question.message, label="Yes, take it back")
    await stage.pass_time(minutes=59)
    assert stories_in(circle) == []
    assert stamps(tmp_path) == after
    await stage.pass_time(hours=6)
    assert stamps(tmp_path)["test.sqlite3.erasures"] != after["test.sqlite3.erasures"]


async def test_an_epoch_gets_its_key_also_when_nobody_tells(stage: Stage, tmp_path: Path) -> None:
    await at_an_epochs_begin(stage)
    before = stamps(tmp_path)

    await stage.tick()
    assert stamps(tmp_path)["keys.json"] != before["keys.json"]
    assert stage.bot.services.keyring.key(epoch_of(stage.now(), 28)) is not None

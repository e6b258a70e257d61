"""``check`` looks at everything, tells each finding on a line with its cure, and changes nothing."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.cli.exits import Exit
from bot.client import Bot
from bot.services import Services
from bot.services.keyring import Keyring
from bot.services.memos import Memos
from bot.settings import read_settings
from db.database import open_database
from db.keys import FileKeyStore
from db.tables import Circle, ClosedDestination, Delivery, Memo, Reminder, Schedule
from tests.cli.commands import GOOD, NOBODY_LISTENS, Ended, ended
from tests.cli.conftest import CHANNEL, SERVER, Quickly
from tests.conftest import WORDS, make_settings
from tests.wire.discord_double import Double
from tests.wire.permissions import Allow
from tests.wire.things import FORUM, MEDIA, REQUIRE_TAG, VOICE

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=1)
PERSON = 900_000_000_000_000_001
Checked = Callable[..., Awaitable[Ended]]


def findings(end: Ended) -> list[str]:
    """The findings, after the marks; the last line tells their number."""
    found = [line.removeprefix("FINDING").strip() for line in end.out.splitlines() if "FINDING" in line]
    assert "Traceback" not in end.err
    assert end.err == ""
    assert end.code == (Exit.FINDINGS if found else Exit.FINE)
    last = end.out.splitlines()[-1]
    assert last == {0: "All is well.", 1: "1 finding."}.get(len(found), f"{len(found)} findings.")
    return found


def the_finding(end: Ended) -> str:
    found = findings(end)
    assert len(found) == 1, found
    return found[0]


async def ran_once(folder: Path, *rows: object, pepper: bytes | None = None, at: datetime = NOW) -> None:
    """What a run leaves in ``folder``, with these rows in the database."""
    previous = os.umask(0o077)
    try:
        async with (
            open_database(f"sqlite+aiosqlite:///{folder}/data/good-enough.sqlite3") as database,
            database.write() as session,
        ):
            session.add_all(rows)
        store = FileKeyStore(folder / "data" / "epoch-keys.json")
        await Keyring(store, pepper or read_settings(GOOD).pepper, 28).epoch(at)
    finally:
        os.umask(previous)


def circle(**changes: Any) -> Circle:
    usual: dict[str, Any] = {
        "guild_id": SERVER,
        "channel_id": CHANNEL,
        "zone": "Europe/Berlin",
        "language": "en",
        "size": 8,
        "delay_minutes": 30,
    }
    return Circle(**usual | changes)


def delivery(state: str, **changes: Any) -> Delivery:
    usual: dict[str, Any] = {
        "id": f"{state}-{len(changes)}",
        "kind": "prompt",
        "subject": 1,
        "destination": f"channel:{CHANNEL}",
        "priority": 2,
        "state": state,
        "not_before": LONG_AGO,
    }
    return Delivery(**usual | changes)


def weekly(due: datetime) -> Schedule:
    return Schedule(circle_id=5, kind="prompt", weekday=0, at_minute=540, next_due_at=due)


def reminder(due: datetime) -> Reminder:
    return Reminder(
        user_id=PERSON, circle_id=5, weekday=0, at_minute=540, zone="UTC", state="on", next_due_at=due
    )


@pytest.fixture
def checked(quickly: Quickly, discord: Double) -> Checked:
    """``check`` with well-formed settings, but for ``changes``, and a Discord on this computer."""

    async def check(**changes: str) -> Ended:
        return await quickly("check", GOOD | {"DISCORD_API_URL": discord.url} | changes)

    return check


async def test_before_the_first_start_all_is_well_and_nothing_is_made(
    tmp_path: Path, checked: Checked
) -> None:
    end = await checked()
    assert findings(end) == []
    assert "Good Enough" in end.out
    assert things_below(tmp_path) == []


def things_below(folder: Path) -> list[Path]:
    return list(folder.rglob("*"))


async def test_as_a_process_of_its_own_it_tells_every_missing_setting_and_looks_at_the_rest(
    tmp_path: Path,
) -> None:
    end = await ended(tmp_path, "check")
    found = findings(end)
    assert [line.split()[0] for line in found] == ["DISCORD_TOKEN", "OPERATOR_CONTACT", "PEPPER"]
    assert "database" in end.out


async def test_several_wrong_settings_are_told_at_once(tmp_path: Path, checked: Checked) -> None:
    (tmp_path / ".env").write_text("OPERATER_CONTACT=Ann\n")
    (tmp_path / ".env").chmod(0o600)
    end = await checked(SEND_RATE="many", LOG_LEVEL="LOUD", DATABASE_URL="here")
    told = "\n".join(findings(end))
    for name in ("SEND_RATE", "LOG_LEVEL", "DATABASE_URL", "OPERATER_CONTACT"):
        assert name in told


async def test_a_settings_file_that_cannot_be_understood_is_a_finding(
    tmp_path: Path, checked: Checked
) -> None:
    (tmp_path / ".env").write_text("OPERATOR_CONTACT='Ann\n")
    assert "Line 1" in the_finding(await checked())


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
async def test_files_that_others_may_read_are_told(tmp_path: Path, checked: Checked) -> None:
    await ran_once(tmp_path)
    (tmp_path / ".env").write_text("# nothing\n")
    paths = [
        tmp_path / ".env",
        *(tmp_path / "data" / name for name in ("good-enough.sqlite3", "epoch-keys.json")),
    ]
    for path in paths:
        path.chmod(0o644)
    found = findings(await checked())
    assert len(found) == len(paths)
    assert all("chmod 600" in line for line in found)


async def test_a_circle_with_all_permissions_is_well_also_beside_the_running_bot(
    tmp_path: Path, checked: Checked
) -> None:
    await ran_once(tmp_path, circle(), delivery("waiting", not_before=NOW + timedelta(days=1)))
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/data/good-enough.sqlite3"):
        end = await checked()
    assert findings(end) == []
    assert "#slips in The practice" in end.out


async def test_a_forum_needs_no_permission_to_open_threads(
    tmp_path: Path, checked: Checked, discord: Double
) -> None:
    await ran_once(tmp_path, circle())
    channel = discord.world.channels[CHANNEL]
    discord.world.change_channel(channel, type=FORUM, deny=Allow.CREATE_PUBLIC_THREADS)
    assert findings(await checked()) == []


async def test_permissions_that_a_channel_denies_are_named_as_in_discord(
    tmp_path: Path, checked: Checked, discord: Double
) -> None:
    await ran_once(tmp_path, circle())
    channel, role = discord.world.channels[CHANNEL], discord.world.our_role(discord.world.guilds[SERVER])
    denied = Allow.READ_MESSAGE_HISTORY | Allow.CREATE_PUBLIC_THREADS
    discord.world.change_channel(channel, role=role, deny=denied)
    line = the_finding(await checked())
    assert "#slips" in line
    assert "Read Message History, Create Public Threads." in line


def thrown_out(discord: Double) -> None:
    discord.world.leave_guild(discord.world.guilds[SERVER])


def channel_deleted(discord: Double) -> None:
    discord.world.delete_channel(discord.world.channels[CHANNEL])


def channel_for_talking(discord: Double) -> None:
    discord.world.change_channel(discord.world.channels[CHANNEL], type=VOICE)


def channel_for_media(discord: Double) -> None:
    discord.world.change_channel(discord.world.channels[CHANNEL], type=MEDIA)


def forum_without_tags(discord: Double) -> None:
    discord.world.change_channel(discord.world.channels[CHANNEL], type=FORUM, flags=REQUIRE_TAG)


def forum_to_look_at(discord: Double) -> None:
    channel = discord.world.channels[CHANNEL]
    discord.world.change_channel(channel, type=FORUM, deny=Allow.SEND_MESSAGES)


def channel_hidden(discord: Double) -> None:
    discord.world.change_channel(discord.world.channels[CHANNEL], deny=Allow.VIEW_CHANNEL)


def role_allows_to_look(discord: Double) -> None:
    guild = discord.world.guilds[SERVER]
    discord.world.change_role(guild, discord.world.our_role(guild), Allow.VIEW_CHANNEL)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (thrown_out, "https://discord.com/oauth2/authorize"),
        (channel_deleted, "is gone"),
        (channel_for_talking, "neither a text nor a forum channel"),
        (channel_for_media, "neither a text nor a forum channel"),
        (forum_without_tags, "requires a tag on every post and has none"),
        (forum_to_look_at, "Send Messages is called Create Posts"),
        (channel_hidden, "allow View Channel"),
        (role_allows_to_look, "Send Messages, Read Message History"),
    ],
)
async def test_a_circle_that_the_bot_cannot_serve_is_told_with_its_cure(
    tmp_path: Path, checked: Checked, discord: Double, change: Callable[[Double], None], told: str
) -> None:
    await ran_once(tmp_path, circle())
    change(discord)
    assert told in the_finding(await checked())


async def test_each_server_is_asked_about_once(tmp_path: Path, checked: Checked, discord: Double) -> None:
    other = discord.world.add_channel(discord.world.guilds[SERVER])
    await ran_once(tmp_path, circle(), circle(channel_id=other.id))
    assert findings(await checked()) == []
    assert discord.asked.count(f"GET /guilds/{SERVER}") == 1
    assert not [asked for asked in discord.asked if not asked.startswith("GET ")]


async def test_what_is_stuck_on_its_way_is_told_with_its_reason(tmp_path: Path, checked: Checked) -> None:
    await ran_once(
        tmp_path,
        circle(),
        delivery("waiting", destination="channel:77"),
        delivery("unsure"),
        delivery("failed", kind="story", trouble="code 50035"),
        delivery("sent", not_before=None),
        ClosedDestination(destination="channel:88", reason="send_messages"),
        ClosedDestination(destination=f"dm:{PERSON}", reason="code 50007"),
    )
    end = await checked()
    late, unsure, failed, closed = findings(end)
    assert "more than a quarter of an hour ago: 1" in late
    assert f"due for {(datetime.now(UTC) - LONG_AGO) // timedelta(minutes=1)} min" in late
    assert "(weekly questions; unknown): 1" in unsure
    assert "/circle status" in unsure
    assert "(stories; code 50035): 1" in failed
    assert "/circle status" in failed
    assert "channel 88" in closed
    assert str(PERSON) not in end.out


async def test_every_kind_of_delivery_can_be_told_with_a_cure(
    tmp_path: Path, checked: Checked, services: Services
) -> None:
    bot = Bot(make_settings(tmp_path), services, WORDS, now=lambda: NOW, random=Random(1), ticking=False)
    kinds = sorted({kind for feature in bot.features for kind in feature.renderers})
    await ran_once(
        tmp_path, circle(), *(delivery("unsure", id=kind, kind=kind, trouble="restored") for kind in kinds)
    )
    assert len(findings(await checked())) == len(kinds)


async def test_what_comes_by_itself_is_told_and_nobody_by_whom(tmp_path: Path, checked: Checked) -> None:
    soon = NOW + timedelta(days=2)
    await ran_once(tmp_path, circle(id=5, paused=True), weekly(soon), reminder(soon))
    end = await checked()
    assert findings(end) == []
    assert (
        f"question: 1; the next one is due on {soon:%Y-%m-%d %H:%M} UTC. Paused circles: 1. Reminders: 1."
        in end.out
    )
    assert str(PERSON) not in end.out


async def test_a_time_that_passed_without_a_decision_is_told(tmp_path: Path, checked: Checked) -> None:
    await ran_once(tmp_path, circle(id=5), weekly(NOW - timedelta(minutes=6)), reminder(LONG_AGO))
    assert "five minutes ago: 2" in the_finding(await checked())


async def test_a_copy_that_was_put_back_by_hand_is_told(tmp_path: Path, checked: Checked) -> None:
    await ran_once(tmp_path, circle(), Memo(name="copied_at", value=NOW.isoformat()))
    assert "restore --in-place" in the_finding(await checked())


async def test_tables_of_an_older_version_are_told_and_left(tmp_path: Path, checked: Checked) -> None:
    (tmp_path / "old.sqlite3").touch(mode=0o600)
    url = "sqlite+aiosqlite:///old.sqlite3"
    for _ in range(2):
        assert "older version" in the_finding(await checked(DATABASE_URL=url))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("sqlite+aiosqlite:///letter.sqlite3", "letter.sqlite3"),
        ("sqlite+aiosqlite:///letter.sqlite3/here.sqlite3", "can't be made"),
        ("postgresql+asyncpg://bot:secret@127.0.0.1:1/bot", "postgresql+asyncpg://bot:***@127.0.0.1:1/bot"),
        ("postgresql+asyncpg://bot:secret@127.0.0.1:port/bot", "DATABASE_URL"),
    ],
)
async def test_a_database_that_cannot_be_used_is_a_finding(
    tmp_path: Path, checked: Checked, url: str, told: str
) -> None:
    (tmp_path / "letter.sqlite3").write_text("Dear colleague, " * 100)
    end = await checked(DATABASE_URL=url)
    assert told in the_finding(end)
    assert "secret" not in end.out


async def test_a_pepper_that_does_not_fit_the_keys_is_told(tmp_path: Path, checked: Checked) -> None:
    await ran_once(tmp_path, pepper=bytes(32))
    assert "PEPPER" in the_finding(await checked())


async def test_keys_that_were_to_be_gone_are_told(tmp_path: Path, checked: Checked) -> None:
    await ran_once(tmp_path, at=NOW - timedelta(days=40))
    assert "time is over" in the_finding(await checked())


async def test_deleted_words_that_wait_for_days_are_told(tmp_path: Path, checked: Checked) -> None:
    days = {day: (NOW - timedelta(days=day)).date().isoformat() for day in (1, 3)}
    await ran_once(tmp_path, circle(), Memo(name="housekeeping", value=days[3]))
    assert "waited for 3 days" in the_finding(await checked())

    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/data/good-enough.sqlite3") as database:
        await Memos(database).set("housekeeping", days[1])
    assert findings(await checked()) == []


async def test_a_key_file_that_went_astray_is_told(tmp_path: Path, checked: Checked) -> None:
    await ran_once(tmp_path)
    (tmp_path / "data" / "epoch-keys.json").unlink()
    assert "is gone" in the_finding(await checked())


async def test_a_broken_key_file_is_told(tmp_path: Path, checked: Checked) -> None:
    await ran_once(tmp_path)
    (tmp_path / "data" / "epoch-keys.json").write_text("{")
    assert "epoch-keys.json" in the_finding(await checked())


@pytest.mark.parametrize(("by", "told"), [(-90, "90 s ahead"), (90, "s behind")])
async def test_a_clock_that_is_wrong_is_told(checked: Checked, discord: Double, by: int, told: str) -> None:
    discord.clock.offset = timedelta(seconds=by)
    line = the_finding(await checked())
    assert told in line.replace("91 s", "90 s")


async def test_settings_in_the_portal_that_keep_the_bot_from_working_are_told(
    checked: Checked, discord: Double
) -> None:
    discord.state.application = {
        "interactions_endpoint_url": "https://example.org",
        "bot_require_code_grant": True,
    }
    discord.gateway.starts_left = 2
    elsewhere, grant, starts = findings(await checked())
    assert "Interactions Endpoint URL" in elsewhere
    assert "OAuth2 Code Grant" in grant
    assert "2 more starts in the next 2 h" in starts


async def test_a_refused_token_is_a_finding(checked: Checked, discord: Double) -> None:
    discord.token = "another"
    assert "DISCORD_TOKEN" in the_finding(await checked())


async def test_a_discord_that_cannot_be_reached_is_a_finding(checked: Checked) -> None:
    assert NOBODY_LISTENS in the_finding(await checked(DISCORD_API_URL=NOBODY_LISTENS))

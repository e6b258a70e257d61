"""The order of telling against all orders, as a table."""

from __future__ import annotations

from pathlib import Path
from random import Random
from secrets import token_hex
from tempfile import gettempdir

from tests.anonymity import order
from tests.anonymity.chance import permutation_p
from tests.bench.report import Row, progress
from tests.postgresql import start as postgresql_server

FEW = 13
"""Tables and indexes that can be told by name."""


def rows(title: str, found: order.Found, random: Random, *, strict: bool) -> list[Row]:
    """For the report: how many orders were looked at, and the three that agree most."""
    by_size = sorted(order.correlations(found).items(), key=lambda item: -abs(item[1].deviations))
    leaking = order.leaks(found)
    tables = sorted({what.partition(":")[0] for what in leaking})
    where = f": {', '.join(tables)}" if tables and len(tables) < FEW else ""
    head = f"{len(by_size)} orders looked at, {len(leaking)} correlated{where}"
    reach = ("none", not leaking) if strict else ("", None)
    said = [Row(title, head, *reach)]
    for what, one in by_size[:3]:
        p = permutation_p(found[what], random)
        said.append(Row(f"{title}, {what}", f"ρ = {one.mean:+.3f} in {one.groups} windows, p = {p:.3f}"))
    return said


async def measure(folder: Path, seed: int, *, short: bool) -> list[Row]:
    """The order of telling against all orders, on either engine."""
    random, windows = Random(seed), 4 if short else 8
    progress(f"order: {windows} windows on SQLite")
    found = _engine("SQLite", await order.play(folder, random, windows=windows, people=12), random)
    progress(f"order: {windows} windows on PostgreSQL")
    # not below a folder of ours alone: the server runs as another user
    server = postgresql_server(Path(gettempdir()) / f"good-enough-{token_hex(4)}")
    async with server.database() as url:
        orders = await order.play(folder, random, windows=windows, people=12, url=url)
    return found + _engine("PostgreSQL", orders, random)


def _engine(name: str, orders: order.Orders, random: Random) -> list[Row]:
    found = rows(f"{name}, all waiting, after the daily erasure", orders.waiting, random, strict=True)
    found += rows(f"{name}, all shown, after the daily erasure", orders.shown, random, strict=True)
    return found + rows(
        f"{name}, before the daily erasure (not promised)", orders.unclean, random, strict=False
    )

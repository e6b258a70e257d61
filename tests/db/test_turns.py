"""One writer at a time, and nobody who waits for an answer stands behind the bot's own work."""

from __future__ import annotations

import asyncio

from db.turns import Turns, own_work


class Desk:
    """Notes in which order writers had their turn; each holds it until it is let go."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.order: list[str] = []
        self.inside = 0

    async def write(self, name: str, *, own: bool = False) -> None:
        """One writer."""
        if own:
            with own_work():
                return await self._write(name)
        return await self._write(name)

    async def _write(self, name: str) -> None:
        async with self.turns.one():
            self.inside += 1
            assert self.inside == 1
            self.order.append(name)
            await asyncio.sleep(0)
            self.inside -= 1


async def test_a_person_who_comes_last_goes_before_own_work_that_waits() -> None:
    desk = Desk()
    async with desk.turns.one():
        own = [asyncio.create_task(desk.write(f"own {number}", own=True)) for number in range(20)]
        await asyncio.sleep(0)
        people = [asyncio.create_task(desk.write(f"person {number}")) for number in range(3)]
        await asyncio.sleep(0)

    await asyncio.gather(*own, *people)

    assert desk.order[:3] == [f"person {number}" for number in range(3)]
    assert desk.order[3:] == [f"own {number}" for number in range(20)]


async def test_who_gives_up_waiting_keeps_nobody_from_their_turn() -> None:
    desk = Desk()
    tasks = [asyncio.create_task(desk.write(str(number))) for number in range(6)]
    await asyncio.sleep(0)
    for number in (1, 3):
        tasks[number].cancel()

    await asyncio.gather(*tasks, return_exceptions=True)
    await desk.write("later")

    assert desk.order == ["0", "2", "4", "5", "later"]


async def test_who_gives_up_in_the_moment_of_getting_the_turn_passes_it_on() -> None:
    turns, order = Turns(), list[str]()

    async def write(name: str) -> None:
        async with turns.one():
            order.append(name)

    async with turns.one():
        first, second = asyncio.create_task(write("first")), asyncio.create_task(write("second"))
        await asyncio.sleep(0)
    first.cancel()  # it was handed the turn and hasn't run yet
    await asyncio.gather(first, second, return_exceptions=True)

    assert order == ["second"]
    async with asyncio.timeout(1):
        await write("third")


async def test_a_writer_that_fails_passes_its_turn_on() -> None:
    turns = Turns()

    async def fail() -> None:
        async with turns.one():
            raise OSError("database or disk is full")

    await asyncio.gather(fail(), fail(), return_exceptions=True)

    async with asyncio.timeout(1), turns.one():
        pass

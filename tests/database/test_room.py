"""Large answers take turns: never more at once than fit, each in the order of coming, and no one waits for ever."""

import asyncio

import pytest

from app.database.room import Room

MB = 1_000_000


async def read(room: Room, size: int, reading: list[int], most: list[int]) -> None:
    async with room.taken(size, 5.0):
        reading.append(size)
        most.append(sum(reading))
        await asyncio.sleep(0.001)
        reading.remove(size)


def test_never_more_than_fits() -> None:
    async def ask() -> list[int]:
        room, reading, most = Room(32 * MB), [], []
        await asyncio.gather(*(read(room, size * MB, reading, most) for size in (13, 13, 13, 4, 4, 30, 2)))
        return most

    most = asyncio.run(ask())
    assert len(most) == 7
    assert 26 * MB <= max(most) <= 32 * MB


def test_one_that_is_larger_than_the_room_goes_alone() -> None:
    async def ask() -> list[int]:
        room, reading, most = Room(32 * MB), [], []
        await asyncio.gather(*(read(room, 50 * MB, reading, most) for _ in range(3)))
        return most

    assert asyncio.run(ask()) == [50 * MB] * 3


def test_the_first_to_come_is_not_overtaken_by_smaller_ones() -> None:
    async def ask() -> list[int]:
        room, entered = Room(10), []

        async def enter(size: int) -> None:
            async with room.taken(size, 5.0):
                entered.append(size)
                await asyncio.sleep(0.001)

        await asyncio.gather(*(enter(size) for size in (6, 9, 1, 2)))
        return entered

    assert asyncio.run(ask()) == [6, 9, 1, 2]


def test_who_waits_too_long_hears_so_and_leaves_no_trace() -> None:
    async def ask() -> None:
        room = Room(10)
        async with room.taken(10, 1.0):
            with pytest.raises(TimeoutError):
                async with room.taken(1, 0.01):
                    raise AssertionError
        async with room.taken(10, 0.01):
            pass

    asyncio.run(ask())

"""Read for the web: a bounded set of read-only connections, faults of the database as problems, a new try when a connection had died."""

import asyncio
import contextlib
from collections import deque

import psycopg
from psycopg import errors

from app.database.connections import Role, conninfo
from app.database.room import Room
from app.database.wire import Parameters, Row, Wire
from app.problems import Unavailable
from app.settings import Settings

WAITING_PER_CONNECTION = 64
# What PostgreSQL's own deadline takes to arrive.
GRACE_S = 2.0

LARGE = 1_000_000
ROOM = 32_000_000
BUSY = "Het is nu te druk. Probeer het zo weer."

NO_PARAMETERS: Parameters = {}


class Reader:
    """Read-only connections, opened when first needed and replaced when they die."""

    def __init__(self, settings: Settings) -> None:
        self._conninfo = conninfo(settings, Role.READ)
        self._patience = settings.statement_timeout_s
        self._size = settings.pool_size
        self._room = Room(ROOM)
        self._open = 0
        self._idle: list[Wire] = []
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def close(self) -> None:
        """Give all connections back."""
        while self._idle:
            await self._idle.pop().close()

    async def row(self, statement: str, parameters: Parameters = NO_PARAMETERS, size: int = 0) -> Row | None:
        """Return the first row (text as str, bytea as bytes), or None. Raises Unavailable when the database cannot answer.

        `size` is how many bytes it may well have: large answers wait for each other.
        """
        if size <= LARGE:
            rows = await self.rows(statement, parameters)
        else:
            rows = await self._in_turn(statement, parameters, size)
        return rows[0] if rows else None

    async def _in_turn(self, statement: str, parameters: Parameters, size: int) -> list[Row]:
        try:
            async with self._room.taken(size, self._patience):
                return await self.rows(statement, parameters)
        except TimeoutError:
            raise Unavailable(BUSY) from None

    async def rows(self, statement: str, parameters: Parameters = NO_PARAMETERS) -> list[Row]:
        """Return all rows. A read may always be asked again, so a connection that died is replaced, at most once per connection."""
        for attempt in range(self._size + 1):
            try:
                return await self._rows(statement, parameters)
            except errors.QueryCanceled:
                raise Unavailable("Het antwoord duurde te lang. Vraag een kleiner gebied of minder objecten.") from None
            except TimeoutError:
                raise Unavailable("De database antwoordt niet. Probeer het zo weer.") from None
            except (psycopg.OperationalError, psycopg.InterfaceError) as fault:
                if attempt == self._size:
                    raise Unavailable("De database is niet bereikbaar. Probeer het zo weer.") from fault
        raise AssertionError

    async def _rows(self, statement: str, parameters: Parameters) -> list[Row]:
        wire = self._idle.pop() if self._idle else await self._take()
        try:
            return await wire.rows(statement, parameters)
        finally:
            self._give_back(wire)

    async def _take(self) -> Wire:
        """Return an idle connection, a new one while there is room, or the next that comes free."""
        while not self._idle:
            if self._open < self._size:
                return await self._connect()
            await self._wait()
        return self._idle.pop()

    async def _connect(self) -> Wire:
        self._open += 1
        try:
            return await Wire.open(self._conninfo, self._patience + GRACE_S)
        except BaseException:
            self._open -= 1
            self._wake_one()
            raise

    async def _wait(self) -> None:
        if len(self._waiting) >= self._size * WAITING_PER_CONNECTION:
            raise Unavailable(BUSY)
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(self._patience):
                await turn
        except TimeoutError:
            raise Unavailable(BUSY) from None
        finally:
            with contextlib.suppress(ValueError):
                self._waiting.remove(turn)

    def _give_back(self, wire: Wire) -> None:
        if wire.broken or wire.swollen:
            self._open -= 1
            task = asyncio.get_running_loop().create_task(wire.close())
            task.add_done_callback(lambda done: done.exception() if not done.cancelled() else None)
        else:
            self._idle.append(wire)
        self._wake_one()

    def _wake_one(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return

"""Read for the web: one pooled connection per statement, faults of the database as problems, one retry when a connection had died."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import AsyncConnection, errors
from psycopg.adapt import Dumper
from psycopg.pq import Format
from psycopg.types import TypeInfo
from psycopg_pool import AsyncConnectionPool, PoolTimeout, TooManyRequests

from app.database.connections import Role, conninfo
from app.problems import Unavailable
from app.settings import Settings

type Parameters = Sequence[object] | Mapping[str, object]
type Row = tuple[Any, ...]

RECTANGLE = struct.Struct("<BIIII10d")
POLYGON_WITH_SRID = 0x20000003
GONE = (errors.AdminShutdown, errors.CrashShutdown, psycopg.OperationalError, psycopg.InterfaceError)


class Reader:
    """A bounded pool of read-only connections; open it for as long as the process serves."""

    def __init__(self, settings: Settings) -> None:
        self._size = settings.pool_size
        self._pool: AsyncConnectionPool[AsyncConnection[Row]] = AsyncConnectionPool(
            conninfo(settings, Role.READ),
            min_size=settings.pool_size,
            max_size=settings.pool_size,
            max_waiting=settings.pool_size * 64,
            timeout=settings.statement_timeout_s,
            reconnect_timeout=5.0,
            kwargs={"autocommit": True, "prepare_threshold": 1, "connect_timeout": 3},
            configure=_know_geometry,
            open=False,
        )

    async def open(self) -> None:
        """Start connecting, without waiting for it: the service also starts while the database is away."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Give all connections back."""
        await self._pool.close()

    async def row(self, statement: str, parameters: Parameters = ()) -> Row | None:
        """Return the first row (text columns as str, bytea as bytes), or None. Raises Unavailable when the database cannot answer."""
        rows = await self.rows(statement, parameters)
        return rows[0] if rows else None

    async def rows(self, statement: str, parameters: Parameters = ()) -> list[Row]:
        """Return all rows. A read may always be asked again, so a connection that died is replaced, at most once per connection."""
        for attempt in range(self._size + 1):
            try:
                return await self._rows(statement, parameters)
            except errors.QueryCanceled:
                raise Unavailable("Het antwoord duurde te lang. Vraag een kleiner gebied of minder objecten.") from None
            except (PoolTimeout, TooManyRequests):
                raise Unavailable("De database is niet bereikbaar of het is te druk. Probeer het zo weer.") from None
            except GONE as fault:
                if attempt == self._size:
                    raise Unavailable("De database is niet bereikbaar. Probeer het zo weer.") from fault
        raise AssertionError

    async def _rows(self, statement: str, parameters: Parameters) -> list[Row]:
        # Not `pool.connection()`: its transaction costs as much as a small query, and every statement here is one by itself.
        connection = await self._pool.getconn()
        try:
            cursor = connection.cursor(binary=True)
            await cursor.execute(statement, parameters)
            return await cursor.fetchall()
        finally:
            await self._pool.putconn(connection)


@dataclass(frozen=True)
class Envelope:
    """A box as a parameter: PostgreSQL receives it as geometry, so the planner sees its value and no row makes it again."""

    srid: int
    box: tuple[float, float, float, float]

    def ewkb(self) -> bytes:
        """Return a closed rectangle in EWKB, little-endian."""
        west, south, east, north = self.box
        return RECTANGLE.pack(1, POLYGON_WITH_SRID, self.srid, 1, 5, west, south, west, north, east, north, east, south, west, south)


async def _know_geometry(connection: AsyncConnection[Row]) -> None:
    info = await TypeInfo.fetch(connection, "geometry")
    if info is not None:
        dumper = type("EnvelopeDumper", (_EnvelopeDumper,), {"oid": info.oid})
        connection.adapters.register_dumper(Envelope, dumper)


class _EnvelopeDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Envelope) -> bytes:
        return obj.ewkb()

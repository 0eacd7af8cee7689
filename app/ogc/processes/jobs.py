"""Jobs in PostgreSQL: what was asked, how far it is and what came of it; every worker sees the same ones, and any may do them."""

import asyncio
import datetime as dt
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import psycopg
from psycopg import AsyncConnection, errors
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from app.database.connections import Role, conninfo
from app.ogc.processes.process import EXCEPTIONS
from app.problems import NotFound, Problem, Unavailable
from app.settings import Settings

# So many may wait or run at a time; a finished one is kept for so long.
MOST_WAITING = 50
KEPT = dt.timedelta(days=7)
# A worker that has not been heard of for so long is gone.
DEAD = dt.timedelta(seconds=15)
LOST = "Het proces dat deze taak deed, is gestopt voordat zij klaar was. Start de taak opnieuw."
BUSY = "Er wachten al veel taken. Probeer het later, of vraag het zonder 'Prefer: respond-async'."
CANNOT = "Taken kunnen nu niet worden aangenomen. Vraag het zonder 'Prefer: respond-async'."

CANNOT_KEEP = (errors.ReadOnlySqlTransaction, errors.UndefinedTable, errors.InsufficientPrivilege)

type Values = Sequence[object] | Mapping[str, object]

COLUMNS = "id, proces, invoer, antwoordvorm as response, adres, status, voortgang as progress, bericht as message, uitkomst,"
MOMENTS = "aangemaakt as created, gestart as started, bijgewerkt as updated, beeindigd as finished"
ROOM = "(select count(*) from taken.taak where status in ('accepted', 'running')) < %(most)s"
INSERT = f"""
insert into taken.taak (id, proces, invoer, antwoordvorm, adres)
select %(id)s, %(proces)s, %(invoer)s, %(response)s, %(adres)s
where {ROOM}
returning {COLUMNS} {MOMENTS}
"""
FIND = f"select {COLUMNS} {MOMENTS} from taken.taak where id = %s"  # noqa: S608
TAKE = f"""
update taken.taak set status = 'running', werker = %s, gestart = now(), bijgewerkt = now(), hartslag = now(), bericht = null
where id = (select id from taken.taak where status = 'accepted' order by aangemaakt limit 1 for update skip locked)
returning {COLUMNS} {MOMENTS}
"""  # noqa: S608
BEAT = """
update taken.taak set hartslag = now(), bijgewerkt = now(), voortgang = %s where id = %s and werker = %s and status = 'running' returning id
"""
FINISH = """
update taken.taak set status = %s, uitkomst = %s, bericht = %s, voortgang = %s, bijgewerkt = now(), beeindigd = now()
where id = %s and werker = %s and status = 'running'
"""
DISMISS = f"""
update taken.taak set status = 'dismissed', uitkomst = null, bijgewerkt = now(), beeindigd = coalesce(beeindigd, now())
where id = %s returning {COLUMNS} {MOMENTS}
"""  # noqa: S608
RESTART = f"""
update taken.taak
set status = 'accepted', werker = null, bericht = null, voortgang = 0, gestart = null, beeindigd = null, bijgewerkt = now()
where id = %(id)s and status = 'failed' and {ROOM}
returning {COLUMNS} {MOMENTS}
"""  # noqa: S608
HAND_BACK = """
update taken.taak set status = 'accepted', werker = null, gestart = null, voortgang = 0, bijgewerkt = now()
where id = %s and werker = %s and status = 'running'
"""
GIVE_UP = """
update taken.taak set status = 'failed', bericht = %s, bijgewerkt = now(), beeindigd = now()
where status = 'running' and hartslag < now() - %s
"""
FORGET = "delete from taken.taak where beeindigd < now() - %s"


class Status(StrEnum):
    """How a job stands (OGC API - Processes, table 14)."""

    ACCEPTED = "accepted"
    RUNNING = "running"
    SUCCESSFUL = "successful"
    FAILED = "failed"
    DISMISSED = "dismissed"


class NoSuchJob(NotFound):
    """No job has this id, or it is no longer kept."""

    type = f"{EXCEPTIONS}/no-such-job"


class NotFailed(Problem):
    """Only a job that failed can be started again."""

    status = 409
    title = "Deze taak kan niet opnieuw starten"


@dataclass(frozen=True)
class Job:
    """One job; times are of the database."""

    id: uuid.UUID
    proces: str
    invoer: Mapping[str, Any]
    response: str
    adres: str
    status: Status
    progress: int
    message: str | None
    uitkomst: Any
    created: dt.datetime
    started: dt.datetime | None
    updated: dt.datetime
    finished: dt.datetime | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "status", Status(self.status))


@dataclass(frozen=True)
class Asked:
    """What a job is to do: the process, its inputs, how the answer is wanted, and the base URL that its links start with."""

    proces: str
    inputs: Mapping[str, Any]
    response: str
    base_url: str


class Jobs:
    """The jobs of this deployment, over one connection: steps are few and take a millisecond."""

    def __init__(self, settings: Settings) -> None:
        self._conninfo = conninfo(settings, Role.TAKEN)
        self._connection: AsyncConnection | None = None
        self._turn = asyncio.Lock()

    async def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            await self._connection.close()

    async def add(self, asked: Asked) -> Job:
        """Accept a job, or raise Unavailable when too many wait or nothing can be written."""
        values = {"id": uuid.uuid4(), "proces": asked.proces, "invoer": Jsonb(dict(asked.inputs)), "response": asked.response}
        found = await self._one(INSERT, values | {"adres": asked.base_url, "most": MOST_WAITING})
        if found is None:
            raise Unavailable(BUSY)
        return found

    async def find(self, job_id: str) -> Job:
        """Return the job with this id, or raise NoSuchJob."""
        return self._there(await self._one(FIND, [_id(job_id)]), job_id)

    async def dismiss(self, job_id: str) -> Job:
        """Cancel a job, or throw away what came of it."""
        return self._there(await self._one(DISMISS, [_id(job_id)]), job_id)

    async def restart(self, job_id: str) -> Job:
        """Let a failed job start again, or raise NoSuchJob, NotFailed, or Unavailable when too many wait."""
        again = await self._one(RESTART, {"id": _id(job_id), "most": MOST_WAITING})
        if again is not None:
            return again
        job = await self.find(job_id)
        if job.status is not Status.FAILED:
            raise NotFailed(f"Alleen een mislukte taak kan opnieuw starten; deze is {job.status.value}.")
        raise Unavailable(BUSY)

    async def take(self, worker: uuid.UUID) -> Job | None:
        """Return the next job to do, now of this worker."""
        return await self._one(TAKE, [worker])

    async def tidy(self) -> None:
        """Give up jobs whose worker is gone, and forget old ones."""
        await self._none(GIVE_UP, [LOST, DEAD])
        await self._none(FORGET, [KEPT])

    async def is_wanted(self, job: Job, worker: uuid.UUID, progress: float) -> bool:
        """Tell that the job is being done; False when it was dismissed or given up."""
        async with self._connected() as connection:
            cursor = await connection.execute(BEAT.encode(), [round(100 * progress), job.id, worker])
            return await cursor.fetchone() is not None

    async def succeed(self, job: Job, worker: uuid.UUID, outcome: object) -> None:
        """Keep what came of a job."""
        await self._none(FINISH, [Status.SUCCESSFUL, Jsonb(outcome), None, 100, job.id, worker])

    async def hand_back(self, job: Job, worker: uuid.UUID) -> None:
        """Let another worker do a job that this one cannot end."""
        await self._none(HAND_BACK, [job.id, worker])

    async def fail(self, job: Job, worker: uuid.UUID, reason: str) -> None:
        """Keep why nothing came of a job."""
        await self._none(FINISH, [Status.FAILED, None, reason, 0, job.id, worker])

    def _there(self, job: Job | None, job_id: str) -> Job:
        if job is None:
            raise NoSuchJob(f"Er is geen taak {job_id[:40]!r}; een taak wordt {KEPT.days} dagen bewaard.")
        return job

    async def _one(self, statement: str, values: Values) -> Job | None:
        async with self._connected() as connection, connection.cursor(row_factory=class_row(Job)) as cursor:
            await cursor.execute(statement.encode(), values)
            job: Job | None = await cursor.fetchone()
            return job

    async def _none(self, statement: str, values: Values) -> None:
        async with self._connected() as connection:
            await connection.execute(statement.encode(), values)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        """Give the connection to one at a time, a new one where it died; raises Unavailable when nothing can be kept."""
        async with self._turn:
            try:
                if self._connection is None or self._connection.closed:
                    self._connection = await AsyncConnection.connect(self._conninfo, autocommit=True, connect_timeout=3)
                yield self._connection
            except (*CANNOT_KEEP, psycopg.OperationalError, psycopg.InterfaceError) as fault:
                # A session may only read, if it began so, for as long as it lasts: the next one asks anew.
                if self._connection is not None:
                    await self._connection.close()
                raise Unavailable(CANNOT) from fault


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NoSuchJob(f"Er is geen taak {text[:40]!r}.") from None

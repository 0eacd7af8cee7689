"""Do jobs, one at a time in each worker, beside the answers that it gives."""

import asyncio
import logging
import time
import uuid
from contextlib import suppress

import psycopg

from app.ogc.processes.jobs import Job, Jobs
from app.ogc.processes.process import Processes
from app.problems import Problem, Unavailable
from app.web.addresses import Addresses

LOOK_EVERY_S = 0.5
TIDY_EVERY_S = 5.0
BEAT_EVERY_S = 1.0
UNFORESEEN = "De taak mislukte door een fout in de service. De beheerder vindt de oorzaak in het logboek."

log = logging.getLogger(__name__)


class Runner:
    """One worker's hand at the jobs."""

    def __init__(self, jobs: Jobs, processes: Processes) -> None:
        self._jobs = jobs
        self._processes = processes
        self._worker = uuid.uuid4()

    async def work(self) -> None:
        """Do what there is to do, for as long as the process serves."""
        tidied = -TIDY_EVERY_S
        while True:
            try:
                if time.monotonic() - tidied > TIDY_EVERY_S:
                    await self._jobs.tidy()
                    tidied = time.monotonic()
                job = await self._jobs.take(self._worker)
                if job is not None:
                    await self._do(job)
                    continue
            except Unavailable:
                # A replica, or a database that is away: there is nothing to do, and everything else goes on.
                log.debug("No jobs can be done now")
            except Exception:
                # A worker that no longer looks would leave jobs waiting without a word.
                log.exception("Looking for jobs failed")
            await asyncio.sleep(LOOK_EVERY_S)

    async def _do(self, job: Job) -> None:
        done = [0.0]
        running = asyncio.create_task(self._run(job, done))
        try:
            while not running.done():
                await asyncio.wait({running}, timeout=BEAT_EVERY_S)
                if not running.done() and not await self._is_wanted(job, done[0]):
                    return
            await self._end(job, running)
        except asyncio.CancelledError:
            # The service stops: another worker may do it, and this one is no failure.
            with suppress(Unavailable):
                await self._jobs.hand_back(job, self._worker)
            raise
        finally:
            running.cancel()
            # What reckons in a thread ends its step; the next job waits for that.
            await asyncio.wait({running})

    async def _is_wanted(self, job: Job, share: float) -> bool:
        try:
            return await self._jobs.is_wanted(job, self._worker, share)
        except Unavailable:
            # Nobody says that it is not; after a silence that is too long, others give it up.
            return True

    async def _end(self, job: Job, ended: asyncio.Task[object]) -> None:
        """Keep what came of a job, as soon as anything can be kept."""
        fault = ended.exception()
        while True:
            try:
                fault = fault or await self._succeed(job, ended.result())
                if fault is not None:
                    await self._jobs.fail(job, self._worker, str(fault) if isinstance(fault, Problem) else UNFORESEEN)
            except Unavailable:
                await asyncio.sleep(BEAT_EVERY_S)
            else:
                break
        if fault is not None and not isinstance(fault, Problem):
            log.error("Job %s failed", job.id, exc_info=fault)

    async def _succeed(self, job: Job, outcome: object) -> Exception | None:
        """Keep an outcome, or return why it never can be."""
        try:
            await self._jobs.succeed(job, self._worker, outcome)
        except (psycopg.Error, TypeError, ValueError) as fault:
            return fault
        return None

    async def _run(self, job: Job, done: list[float]) -> object:
        process = self._processes[job.proces]

        def progress(share: float) -> None:
            done[0] = share

        return await process.run(process.check(dict(job.invoer)), Addresses(job.adres), progress)

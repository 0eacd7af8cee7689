"""Do jobs, one at a time in each worker, beside the answers that it gives."""

import asyncio
import logging
import time
import uuid

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
                if not running.done() and not await self._jobs.is_wanted(job, self._worker, done[0]):
                    return
            await self._jobs.succeed(job, self._worker, running.result())
        except Problem as fault:
            await self._jobs.fail(job, self._worker, str(fault))
        except asyncio.CancelledError:
            # The service stops: another worker may do it, and this one is no failure.
            await self._jobs.hand_back(job, self._worker)
            raise
        except Exception:
            log.exception("Job %s failed", job.id)
            await self._jobs.fail(job, self._worker, UNFORESEEN)
        finally:
            running.cancel()
            # What reckons in a thread ends its step; the next job waits for that.
            await asyncio.wait({running})

    async def _run(self, job: Job, done: list[float]) -> object:
        process = self._processes[job.proces]

        def progress(share: float) -> None:
            done[0] = share

        return await process.run(process.check(dict(job.invoer)), Addresses(job.adres), progress)

"""A running database for as long as a block lasts: the embedded PostGIS, kept alive, or the one that `DATABASE_URL` names."""

import fcntl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from app.database.housing import house
from app.database.postmaster import LONGEST_START_S, Postmaster, answers, start_postmaster
from app.database.prepare import ensure_prepared
from app.problems import Problem, Unavailable
from app.settings import Settings

type Report = Callable[[str], None]

LOOK_EVERY_S = 0.25
LONGEST_PAUSE_S = 10.0


def _silent(_: str) -> None:
    pass


@contextmanager
def running_database(settings: Settings, report: Report = _silent, *, service: bool = False) -> Iterator[None]:
    """Have a prepared database for as long as the block runs; `report` hears in Dutch what is done.

    Whoever comes first starts the embedded server and stops it in the end; another takes over when that one is gone. A command that
    started the server waits with stopping for other commands; a `service` stops at once and lets nobody wait for it.
    """
    if settings.database_url is not None:
        ensure_prepared(settings, report)
        yield
        return
    keeper = _Keeper(settings, report)
    with _using(settings.home.resolve() / "users.lock", keeper, wait=not service):
        ensure_prepared(settings, report)
        yield


@contextmanager
def _using(lock: Path, keeper: "_Keeper", *, wait: bool) -> Iterator[None]:
    with lock.open("ab") as users:
        if wait:
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            keeper.open()
            yield
            if wait and keeper.owns_server:
                keeper.wait_for_others(users)
        finally:
            keeper.close()


class _Keeper:
    """Keeps the embedded server running. The process that holds the lock owns the server; the others watch for that lock to come free."""

    def __init__(self, settings: Settings, report: Report) -> None:
        self._settings = settings
        self._report = report
        self._housing = house(settings)
        self._lock: IO[bytes] | None = None
        self._postmaster: Postmaster | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="postgresql", daemon=True)

    @property
    def owns_server(self) -> bool:
        """Whether it is up to this process to stop the server."""
        return self._lock is not None

    def open(self) -> None:
        """Return when the server answers, started by us or by another process."""
        self._tend()
        waited_s = 0.0
        while not self.owns_server and not answers(self._settings):
            if self._closing.wait(LOOK_EVERY_S) or (waited_s := waited_s + LOOK_EVERY_S) > LONGEST_START_S:
                raise Unavailable("Een ander proces heeft de database in beheer, maar die antwoordt niet.")
            self._tend()
        self._thread.start()

    def close(self) -> None:
        """Stop the server if it is ours."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._postmaster is not None:
            self._postmaster.stop()
        if self._lock is not None:
            self._lock.close()

    def wait_for_others(self, users: IO[bytes]) -> None:
        """Return when no other command uses the database."""
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._report("Wachten tot een andere opdracht klaar is met de database")
            fcntl.flock(users, fcntl.LOCK_EX)

    def _keep(self) -> None:
        pause_s = LOOK_EVERY_S
        while not self._closing.wait(pause_s):
            try:
                self._tend()
            except (Problem, OSError) as problem:
                self._report(f"PostgreSQL komt niet terug: {problem}")
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
            else:
                pause_s = LOOK_EVERY_S

    def _tend(self) -> None:
        """Own the server if nobody else does, and see to it that it runs."""
        if self._lock is None:
            self._lock = self._take_lock()
        if self._lock is None or (self._postmaster is not None and self._postmaster.is_alive()):
            return
        if self._postmaster is not None:
            self._report("PostgreSQL is weggevallen en wordt opnieuw gestart")
        self._postmaster = start_postmaster(self._settings, self._housing)

    def _take_lock(self) -> IO[bytes] | None:
        lock = (self._housing.home / "cluster.lock").open("ab")
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        lock.close()
        return None

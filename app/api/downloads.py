"""Send a large file as it is being made: a few at a time, and no longer than the client stays."""

import logging
from collections.abc import AsyncIterator, Callable, Generator, Mapping

import anyio
import psycopg
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.problems import Unavailable

# Per web worker; each has a connection to the database and a thread of its own.
AT_ONCE = 2

type Parts = Generator[bytes]

log = logging.getLogger(__name__)


class Downloads:
    """The downloads that are under way in this process."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._free = at_once

    async def start(self, parts: Parts, media_type: str, headers: Mapping[str, str]) -> "Download":
        """Make the first part, so that a fault is still answered as such; Unavailable when there are too many or the database is away."""
        if self._free == 0:
            raise Unavailable("Er worden nu te veel bestanden tegelijk opgehaald. Probeer het zo weer.")
        self._free -= 1
        try:
            first = await _next(parts)
        except BaseException as fault:
            await _close(parts)
            self._release()
            if isinstance(fault, psycopg.Error):
                raise Unavailable("De database is niet bereikbaar. Probeer het zo weer.") from fault
            raise
        return Download(first, parts, self._release, media_type, headers)

    def _release(self) -> None:
        self._free += 1


class Download(StreamingResponse):
    """An answer that is made while it is sent; whatever happens, its thread and its connection come free at the end."""

    def __init__(self, first: bytes | None, parts: Parts, release: Callable[[], None], media_type: str, headers: Mapping[str, str]) -> None:
        super().__init__(_following(first, parts), media_type=media_type, headers=headers)
        self._parts = parts
        self._release = release

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await _close(self._parts)
            self._release()


async def _following(first: bytes | None, parts: Parts) -> AsyncIterator[bytes]:
    part = first
    while part is not None:
        if part:
            yield part
        part = await _next(parts)


async def _next(parts: Parts) -> bytes | None:
    return await run_in_threadpool(next, parts, None)


async def _close(parts: Parts) -> None:
    with anyio.CancelScope(shield=True):
        try:
            await run_in_threadpool(parts.close)
        except psycopg.Error:
            log.warning("A download ended with a fault of the database", exc_info=True)

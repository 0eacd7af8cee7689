"""One web worker: serves on a socket that it shares with its sisters, and ends with the process that started it."""

import asyncio
import os
import resource
import signal
import socket
import sys

import uvicorn

from app.database.lifeline import die_with_parent
from app.problems import Problem

GRACE_S = 5
BACKLOG = 2048
MOST_FILES = 65_536
TAKEN_AT_ONCE = 2
UNBURDENED = 4
LONGEST_PAUSE_MS = 3
PAUSE_WITHOUT_FILES_S = 0.5


class Worker(uvicorn.Server):
    """Takes connections a few at a time, and pauses longer in between the more it has.

    A server of uvloop empties the whole queue at once: a client that opens sixteen connections and keeps them then has one worker for
    all of them, while the others rest. This way the worker that has least to do takes most (measured: 1.7 times the throughput on two
    processors).
    """

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application, then take connections."""
        await super().startup(sockets=[])
        self._arriving: set[asyncio.Task[object]] = set()
        self._closing = False
        for listener in sockets or []:
            listener.setblocking(False)
            self._watch(listener)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections, then finish what is being answered."""
        self._closing = True
        for listener in sockets or []:
            asyncio.get_running_loop().remove_reader(listener)
        await super().shutdown(sockets)

    def _watch(self, listener: socket.socket) -> None:
        if not self._closing:
            asyncio.get_running_loop().add_reader(listener, self._take_some, listener)

    def _take_some(self, listener: socket.socket) -> None:
        for _ in range(TAKEN_AT_ONCE if self._burden >= UNBURDENED else 1):
            try:
                self._take(listener)
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError:
                # No file descriptors left: others may have some, and ours come back.
                self._pause(listener, PAUSE_WITHOUT_FILES_S)
                return
        if self._burden >= UNBURDENED:
            self._pause(listener, min(self._burden // UNBURDENED, LONGEST_PAUSE_MS) / 1000)

    def _take(self, listener: socket.socket) -> None:
        connection, _ = listener.accept()
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        loop = asyncio.get_running_loop()
        task = loop.create_task(loop.connect_accepted_socket(self._protocol, connection))
        self._arriving.add(task)
        task.add_done_callback(self._arriving.discard)

    @property
    def _burden(self) -> int:
        return len(self.server_state.connections) + len(self._arriving)

    def _pause(self, listener: socket.socket, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(listener)
        loop.call_later(seconds, self._watch, listener)

    def _protocol(self) -> asyncio.Protocol:
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made


def main(descriptor: int, parent: int) -> None:
    """Serve until SIGTERM. Faults in the configuration are told in Dutch and end the process with status 1."""
    die_with_parent(parent, signal.SIGKILL)
    _allow_many_connections()
    config = uvicorn.Config(
        "app.main:create_app",
        factory=True,
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    try:
        Worker(config).run(sockets=[socket.socket(fileno=descriptor)])
    except Problem as problem:
        sys.exit(str(problem))


def _allow_many_connections() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else os.getppid())

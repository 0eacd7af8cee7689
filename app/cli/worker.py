"""One web worker: serves on a socket that it inherits, and ends with the process that started it."""

import os
import signal
import socket
import sys

import uvicorn

from app.database.lifeline import die_with_parent
from app.problems import Problem

GRACE_S = 5
BACKLOG = 2048


def main(descriptor: int, parent: int) -> None:
    """Serve until SIGTERM. Faults in the configuration are told in Dutch and end the process with status 1."""
    die_with_parent(parent, signal.SIGKILL)
    listener = socket.socket(fileno=descriptor)
    config = uvicorn.Config(
        "app.main:create_app",
        factory=True,
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=GRACE_S,
    )
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except Problem as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else os.getppid())

"""The web workers: several processes on one socket, each replaced as soon as it dies."""

import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable

from app.cli.worker import BACKLOG, GRACE_S
from app.problems import ConfigurationFault, Unavailable

LOOK_EVERY_S = 0.1
LONGEST_START_S = 60.0
# A worker that dies sooner than this is not simply restarted at once, again and again.
SHORT_LIFE_S = 5.0
LONGEST_PAUSE_S = 5.0


def listen(host: str, port: int) -> socket.socket:
    """Claim the address before anything else is done; raise ConfigurationFault when it is taken or not ours."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as fault:
        raise _unavailable(fault, host, port) from fault
    return listener


def _unavailable(fault: OSError, host: str, port: int) -> ConfigurationFault:
    if fault.errno == errno.EADDRINUSE:
        return ConfigurationFault(f"Poort {port} is al in gebruik. Draait de service al? Kies anders een andere met --port.")
    return ConfigurationFault(f"Luisteren op {host}, poort {port} lukt niet: {fault.strerror}.")


class _Worker:
    """A place in the row of workers, with the process that fills it now."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._pause_s = 0.0
        self._died_at: float | None = None
        self._start()

    def _start(self) -> None:
        self._started_at = time.monotonic()
        self._died_at = None
        descriptor = self._listener.fileno()
        # A session of its own: Ctrl-C reaches only the supervisor, which stops things in order.
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli.worker", str(descriptor), str(os.getpid())],
            pass_fds=(descriptor,),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def tend(self) -> bool:
        """Replace the process if it died, after a pause if it keeps dying; tell whether one was found dead."""
        if self.process.poll() is None:
            return False
        now = time.monotonic()
        newly_dead = self._died_at is None
        if newly_dead:
            self._died_at = now
            short = now - self._started_at < SHORT_LIFE_S
            self._pause_s = min(max(0.5, 2 * self._pause_s), LONGEST_PAUSE_S) if short else 0.0
        if self._died_at is not None and now - self._died_at >= self._pause_s:
            self._start()
        return newly_dead


class Web:
    """The supervisor of the workers."""

    def __init__(self, listener: socket.socket, workers: int, report: Callable[[str], None]) -> None:
        self._listener = listener
        self._report = report
        try:
            listener.listen(BACKLOG)
        except OSError as fault:
            # Linux lets two claim an address; the first to listen gets it.
            raise _unavailable(fault, *listener.getsockname()[:2]) from fault
        self._workers = [_Worker(listener) for _ in range(workers)]

    def wait_until_ready(self) -> None:
        """Return when the service answers; raise Unavailable when a worker gives up (it has told why) or nothing answers in time."""
        deadline = time.monotonic() + LONGEST_START_S
        while not self._answers():
            if any(worker.process.poll() is not None for worker in self._workers):
                raise Unavailable("De webserver start niet; de reden staat hierboven.")
            if time.monotonic() > deadline:
                raise Unavailable(f"De webserver antwoordt niet binnen {LONGEST_START_S:.0f} seconden.")
            time.sleep(LOOK_EVERY_S)

    def keep(self) -> None:
        """Replace workers that die, until interrupted."""
        while True:
            for worker in self._workers:
                if worker.tend():
                    self._report("Een webproces is weggevallen en wordt vervangen")
            time.sleep(LOOK_EVERY_S)

    def stop(self) -> None:
        """Let the workers finish what they are answering, but not for longer than they promise."""
        self._listener.close()
        processes = [worker.process for worker in self._workers]
        for process in processes:
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_S + 2
        for process in processes:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _answers(self) -> bool:
        host, port = self._listener.getsockname()[:2]
        connection = http.client.HTTPConnection({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port, timeout=2)  # noqa: S104
        try:
            connection.request("GET", "/health/live")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

"""The real service as a child process, and how much memory all of its processes take together."""

import http.client
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from app.bench.ground import environment_of
from app.problems import Unavailable
from app.settings import ROOT, Settings

LOOK_EVERY_S = 0.25
LONGEST_START_S = 60.0
PATIENCE_S = 60.0
PSS = re.compile(r"^Pss: +(\d+) kB", re.MULTILINE)
RSS = re.compile(r"^VmRSS:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class Service:
    """A running service."""

    process: int
    port: int

    def get(self, path: str) -> bytes:
        """Return the body of an answer, or raise Unavailable."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        if response.status not in {200, 204}:
            raise Unavailable(f"De service antwoordt {response.status} op {path}: {body[:500].decode(errors='replace')}")
        return body


@contextmanager
def running_service(settings: Settings) -> Iterator[Service]:
    """Start the service and yield it once it serves the publication; the children end with the block."""
    command = [sys.executable, "-m", "app.bench.supervisor", str(os.getpid())]
    with subprocess.Popen(command, cwd=ROOT, env=environment_of(settings), stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise Unavailable("De service start niet; de reden staat hierboven.")
            service = Service(process.pid, int(line))
            _wait_until_ready(service)
            yield service
        finally:
            process.terminate()


def _wait_until_ready(service: Service) -> None:
    deadline = time.monotonic() + LONGEST_START_S
    while True:
        try:
            service.get("/health/ready")
        except (Unavailable, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(LOOK_EVERY_S)
        else:
            return


@dataclass
class Peak:
    """The most memory seen, in MB; None where the machine does not tell."""

    mb: float | None = None

    def see(self, mb: float | None) -> None:
        """Keep the highest."""
        if mb is not None:
            self.mb = max(mb, self.mb or 0.0)


@contextmanager
def watching_memory(service: Service, peak: Peak) -> Iterator[None]:
    """Look at the memory of the service a few times per second for as long as the block lasts."""
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(LOOK_EVERY_S):
            peak.see(memory_mb(service.process))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join()


def memory_mb(process: int) -> float | None:
    """Return the memory of a process and all its descendants: pages that several share count once (PSS), else RSS; None off Linux."""
    sizes = [_size_kb(each) for each in _family(process)]
    known = [size for size in sizes if size is not None]
    return sum(known) / 1000 if known else None


def _family(process: int) -> Iterator[int]:
    yield process
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            for child in children.read_text(encoding="ascii").split():
                yield from _family(int(child))


def _size_kb(process: int) -> int | None:
    for name, pattern in (("smaps_rollup", PSS), ("status", RSS)):
        with suppress(OSError):
            found = pattern.search(Path(f"/proc/{process}/{name}").read_text(encoding="utf-8"))
            if found:
                return int(found[1])
    return None

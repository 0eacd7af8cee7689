"""`start` from a copy of the repository: served from nothing, back after every kill, gone after Ctrl-C."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.portal.build import output_folder
from app.settings import ROOT, Settings

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(sys.platform != "linux", reason="leest /proc"),
    pytest.mark.skipif("DATABASE_URL" in os.environ, reason="DATABASE_URL vervangt het ingebouwde cluster"),
]
NOT_COPIED = shutil.ignore_patterns(".git", ".energiebeeld", "node_modules", ".*_cache", "tests")
WORKERS = 2
READY = "Het Energiebeeld staat klaar"


@dataclass
class Service:
    """A copy of the repository with a home of its own, and the process that serves it."""

    root: Path
    home: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "app.cli", "start", "--port", str(self.port), "--workers", str(WORKERS)]
        environment = {**os.environ, "ENERGIEBEELD_HOME": str(self.home), "PYTHONPATH": str(self.root), "PYTHONSAFEPATH": "1"}
        before = self.told().count(READY)
        with (self.home / "start.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self.root, env=environment, stdout=log, stderr=log)
        assert eventually(lambda: self.told().count(READY) > before or self.has_ended(), 300), self.told()
        assert not self.has_ended(), self.told()

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def told(self) -> str:
        log = self.home / "start.log"
        return log.read_text() if log.exists() else ""

    def get(self, path: str) -> object:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            return json.load(answer)

    def is_served(self, path: str = "/v1/collections/gemeenten/items?limit=1") -> bool:
        try:
            self.get(path)
        except (OSError, urllib.error.HTTPError):
            return False
        return True

    def children(self, part: str) -> list[int]:
        return [pid for pid in processes(part) if parent_of(pid) == self.pid]

    def remains(self) -> list[int]:
        return processes(str(self.home)) + processes(f"app.cli.worker 3 {self.pid}")


def processes(part: str) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and part in (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def open_sockets(pid: int) -> int:
    return sum(str(entry.readlink()).startswith("socket:") for entry in Path(f"/proc/{pid}/fd").iterdir())


def parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def eventually(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def service(open_home: Path) -> Iterator[Service]:
    root = open_home / "een kopie"
    shutil.copytree(ROOT, root, ignore=NOT_COPIED)
    found = Service(root, open_home / "service", free_port())
    found.home.mkdir()
    # The web map takes long to build and has tests of its own; the one of this checkout will do when there is one.
    if (built := output_folder(Settings())).is_dir():
        shutil.copytree(built, output_folder(Settings(home=found.home)))
    found.start()
    yield found
    if not found.has_ended():
        os.kill(found.pid, signal.SIGKILL)
    eventually(lambda: not found.remains(), 30)


def test_an_empty_home_ends_with_a_served_demo(service: Service) -> None:
    assert READY in service.told()
    assert f"http://127.0.0.1:{service.port}/v1" in service.told()
    collections = service.get("/v1/collections")
    assert isinstance(collections, dict)
    assert {"gemeenten", "provincies", "natura-2000"} <= {each["id"] for each in collections["collections"]}


def test_connections_that_stay_open_are_shared_by_the_workers(service: Service) -> None:
    workers = service.children("app.cli.worker")

    def shared() -> bool:
        before = {pid: open_sockets(pid) for pid in workers}
        with ExitStack() as kept:
            for _ in range(48):
                connection = kept.enter_context(closing(http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)))
                connection.request("GET", "/health/live")
                connection.getresponse().read()
            return all(open_sockets(pid) - before[pid] >= 8 for pid in workers)

    # The service is ready with its first worker; the other follows.
    assert eventually(shared, 30)


def test_a_killed_worker_is_replaced_while_the_other_answers(service: Service) -> None:
    workers = service.children("app.cli.worker")
    assert len(workers) == WORKERS
    os.kill(workers[0], signal.SIGKILL)
    assert all(service.is_served() for _ in range(20))
    assert eventually(lambda: len(service.children("app.cli.worker")) == WORKERS, 2)
    assert workers[0] not in service.children("app.cli.worker")


def test_a_killed_postgresql_comes_back_and_the_service_with_it(service: Service) -> None:
    [postmaster] = service.children("bin/postgres")
    os.kill(postmaster, signal.SIGKILL)
    assert eventually(lambda: service.children("bin/postgres") not in ([], [postmaster]), 30)
    # Each worker finds out for itself that the database is back.
    assert eventually(lambda: all(service.is_served() for _ in range(20)), 30)
    assert service.is_served("/health/ready")


def test_a_killed_supervisor_leaves_nothing_and_a_second_start_serves_the_same(service: Service) -> None:
    before = service.get("/v1/collections/gemeenten/items?limit=3")
    os.kill(service.pid, signal.SIGKILL)
    service.start()
    after = service.get("/v1/collections/gemeenten/items?limit=3")
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert after["features"] == before["features"]


def test_a_second_start_on_the_same_port_is_refused_and_harms_nothing(service: Service) -> None:
    command = [sys.executable, "-m", "app.cli", "start", "--port", str(service.port)]
    environment = {**os.environ, "ENERGIEBEELD_HOME": str(service.home), "PYTHONPATH": str(service.root)}
    outcome = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert outcome.returncode == 1
    assert "is al in gebruik" in outcome.stderr
    assert service.is_served()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_service_leaves_nothing_behind(service: Service, number: signal.Signals) -> None:
    if service.has_ended():
        service.start()
    os.kill(service.pid, number)
    assert service.process is not None
    assert service.process.wait(timeout=30) == 0
    assert service.remains() == []
    assert not (service.home / "cluster" / "postmaster.pid").exists()

"""The product as its users run it: commands and the service in processes of their own."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from app.database import Role, connect
from app.layers import read_layers
from app.register.publication import CURRENT, LAYERS, Publication, build_publication
from app.settings import ROOT, Settings

REQUEST = re.compile(r'"[A-Z]+ (\S+) HTTP/[\d.]+" (\d{3})')


def environment_of(settings: Settings) -> dict[str, str]:
    """The variables that give a process these settings."""
    given = {
        "ENERGIEBEELD_HOME": settings.home,
        "DATABASE_URL": settings.database_url,
        "ENERGIEBEELD_DATABASE_URL_IMPORT": settings.database_url_import,
        "ENERGIEBEELD_DATABASE_URL_READ": settings.database_url_read,
        "ENERGIEBEELD_PROJ": settings.proj,
        **{f"ENERGIEBEELD_{name.upper()}": os.pathsep.join(map(str, getattr(settings, name))) for name in ("layers", "sld", "seed")},
    }
    return {name: str(value) for name, value in given.items() if value}


def run_command(settings: Settings, *arguments: object, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run `./energiebeeld` with these arguments, wide enough that nothing it prints is broken off."""
    environment = {**os.environ, **environment_of(settings), "PYTHONPATH": str(ROOT), "COLUMNS": "1000"}
    command = [sys.executable, "-m", "app.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@dataclass(frozen=True)
class Request:
    """One request as the service logged it: path with query, and the status of the answer."""

    target: str
    status: int


@dataclass(frozen=True)
class Service:
    """The service at an address, on the database of its settings, and the process that it is."""

    address: str
    settings: Settings
    log: Path
    pid: int

    @property
    def api(self) -> str:
        """The landing page of the API."""
        return f"{self.address}/v1"

    def requests(self) -> list[Request]:
        """Everything the service was asked until now, in order."""
        return [Request(target, int(status)) for target, status in REQUEST.findall(self.log.read_text(encoding="utf-8"))]

    @contextmanager
    def watched(self) -> Iterator[list[Request]]:
        """Give a list that holds, after the block, what the service was asked during it."""
        before = len(self.requests())
        asked: list[Request] = []
        yield asked
        asked.extend(self.requests()[before:])

    def publication(self) -> Publication:
        """What the service serves."""
        layers = read_layers(self.settings.layer_folders)
        with connect(self.settings, Role.READ) as connection:
            current = connection.execute(CURRENT).fetchone()
            assert current is not None
            return build_publication(current, connection.execute(LAYERS, {"publication": current[0]}).fetchall(), layers)

    def rows(self, collection: str, columns: str, condition: str = "true") -> list[tuple[Any, ...]]:
        """Ask the published table itself, in the order of the pages."""
        table = self.publication()[collection].table_name
        ordered = f"(select * from publication.{table} where {condition} order by rid) as ordered"
        with psycopg.connect(self.settings.database_url or "") as connection:
            return connection.execute(f"select {columns} from {ordered}").fetchall()


@contextmanager
def served(settings: Settings) -> Iterator[Service]:
    """Run the service on a free port for as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "--factory", "app.main:create_app", "--port", str(port), "--no-use-colors"]
    with tempfile.NamedTemporaryFile(prefix="toegang-") as log:
        environment = {**os.environ, **environment_of(settings)}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            service = Service(f"http://127.0.0.1:{port}", settings, Path(log.name), process.pid)
            _wait_for(f"{service.address}/health/ready", process)
            yield service
        finally:
            process.terminate()
            process.wait(30)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} gives no answer")

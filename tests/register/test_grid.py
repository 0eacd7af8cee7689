"""The RDNAPTRANS grid: fetched whole and right, or not at all. Each case runs in a process of its own, because PROJ remembers."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.register.grid import GRIDS
from app.settings import ROOT

REAL = ROOT.parent / "shared" / "data" / "proj"
READY = """
import sys
from app.register.grid import ready_grid
from app.settings import Settings
print(ready_grid(Settings(), print, sys.argv[1]))
"""


@pytest.fixture
def offered(tmp_path: Path) -> Iterator[Path]:
    """A folder that a local server offers."""
    folder = tmp_path / "offered"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (tmp_path / "address").write_text(f"http://127.0.0.1:{server.server_port}/")
    yield folder
    server.shutdown()
    server.server_close()


def ready(tmp_path: Path) -> list[str]:
    """Return what is told and, last, whether the grid is used."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ENERGIEBEELD_HOME": str(tmp_path), "PROJ_USER_WRITABLE_DIRECTORY": str(tmp_path)}
    environment.pop("ENERGIEBEELD_PROJ", None)
    command = [sys.executable, "-c", READY, (tmp_path / "address").read_text()]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.splitlines()


def test_without_a_grid_the_accuracy_is_told(tmp_path: Path, offered: Path) -> None:
    assert not list(offered.iterdir())
    told = ready(tmp_path)
    assert told[-1] == "False"
    assert "0,25 m" in told[-2]


def test_a_wrong_file_does_not_get_the_name_of_the_grid(tmp_path: Path, offered: Path) -> None:
    for name in GRIDS:
        (offered / name).write_bytes(b"II*\0 maar niet het grid")
    told = ready(tmp_path)
    assert told[-1] == "False"
    assert any("niet het verwachte bestand" in line for line in told)
    assert not list((tmp_path / "proj").iterdir())


@pytest.mark.skipif(not REAL.exists(), reason="../shared/data/proj ontbreekt")
def test_the_grid_is_fetched_once_and_then_used(tmp_path: Path, offered: Path) -> None:
    for name in GRIDS:
        (offered / name).write_bytes((REAL / name).read_bytes())
    assert ready(tmp_path) == ["RDNAPTRANS-grid ophalen", "True"]
    assert ready(tmp_path) == ["True"]

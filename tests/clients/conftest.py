"""Programs that read the service as their users let them: in processes of their own, with nothing of this environment."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.register.crs import use_grid

from ..conftest import DATA
from ..running import Service

HERE = Path(__file__).parent
QGIS_PYTHON = "/usr/bin/python3"


def clean_environment(home: Path) -> dict[str, str]:
    """Our own variables keep GDAL off the network, which is what these programs are asked to read."""
    home.chmod(0o700)
    language = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    return {"PATH": os.defpath, "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "QT_QPA_PLATFORM": "offscreen", **language}


def run(command: list[str], home: Path) -> str:
    """Run a program and return what it prints."""
    outcome = subprocess.run(command, env=clean_environment(home), cwd=home, capture_output=True, text=True, timeout=600, check=False)
    assert outcome.returncode == 0, outcome.stderr or outcome.stdout
    return outcome.stdout


def run_script(name: str, task: Mapping[str, object], home: Path, python: str = sys.executable) -> dict:
    """Run a script beside this file with a task as JSON; return the JSON that it writes."""
    (home / "taak.json").write_text(json.dumps({**task, "uitvoer": str(home / "uitvoer.json")}), encoding="utf-8")
    run([python, str(HERE / name), str(home / "taak.json")], home)
    return json.loads((home / "uitvoer.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def has_qgis(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Skip where QGIS is not installed."""
    home = tmp_path_factory.mktemp("qgis")
    known = subprocess.run([QGIS_PYTHON, "-c", "import qgis.core"], env=clean_environment(home), capture_output=True, check=False)
    if known.returncode != 0:
        pytest.skip("python3-qgis is niet geïnstalleerd")


@pytest.fixture(scope="session", params=["doggerland", pytest.param("netherlands", marks=[pytest.mark.slow, pytest.mark.timeout(900)])])
def service(request: pytest.FixtureRequest) -> Service:
    """The service with the demo, and then with the real data."""
    use_grid(DATA / "proj")
    found = request.getfixturevalue(request.param)
    return found if request.param == "doggerland" else found.service

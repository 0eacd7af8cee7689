"""The shell script: sound shell, from any folder, and quick when all is there."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.settings import ROOT

SCRIPT = ROOT / "energiebeeld"


@pytest.fixture
def synced_home(open_home: Path) -> Path:
    """A home that borrows the environment of this test run, if the script itself made that for the tests."""
    stamp = Path(sys.prefix) / "synced"
    lock = (ROOT / "requirements-test.lock").read_bytes()
    wanted = subprocess.run(["cksum"], input=lock, capture_output=True, check=True).stdout
    if not stamp.exists() or stamp.read_bytes() != wanted:
        pytest.skip("deze omgeving is niet door ./energiebeeld test gemaakt")
    home = open_home / "een map met spaties"
    home.mkdir(exist_ok=True)
    if not (home / "venv").is_symlink():
        (home / "venv").symlink_to(sys.prefix)
    return home


def script(*arguments: str, home: Path, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "ENERGIEBEELD_HOME": str(home), "PYTHONHOME": "/nergens", "PYTHONPATH": "/nergens"}
    return subprocess.run([str(SCRIPT), *arguments], env=environment, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck ontbreekt")
def test_shellcheck_has_no_remarks() -> None:
    outcome = subprocess.run(["shellcheck", "--shell=sh", str(SCRIPT)], capture_output=True, text=True, check=False)
    assert outcome.stdout == ""


def test_any_folder_will_do_and_a_foreign_python_environment_does_not_matter(synced_home: Path, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("raise SystemExit('een andere app')")
    outcome = script("--help", home=synced_home, folder=tmp_path)
    assert outcome.returncode == 0
    assert "./energiebeeld" in outcome.stdout


def test_a_link_to_the_script_will_do(synced_home: Path, tmp_path: Path) -> None:
    (tmp_path / "koppeling").symlink_to(SCRIPT)
    environment = {**os.environ, "ENERGIEBEELD_HOME": str(synced_home)}
    outcome = subprocess.run([str(tmp_path / "koppeling"), "--help"], env=environment, cwd=tmp_path, capture_output=True, check=False)
    assert outcome.returncode == 0


def test_a_second_run_goes_straight_to_python(synced_home: Path) -> None:
    started = time.monotonic()
    assert script("--help", home=synced_home).returncode == 0
    assert time.monotonic() - started < 10


def test_a_home_that_cannot_be_made_is_told_in_dutch(tmp_path: Path) -> None:
    (tmp_path / "bestand").write_text("")
    outcome = script("status", home=tmp_path / "bestand" / "home")
    assert outcome.returncode == 1
    assert "kan niet worden gemaakt" in outcome.stderr

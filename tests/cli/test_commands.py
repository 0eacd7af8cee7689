"""The command line through its door: Dutch, with exit statuses that scripts can rely on."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.cli import commands
from app.settings import ROOT, Settings

ZUID = "POLYGON((3.0 55.0, 3.1 55.0, 3.1 55.1, 3.0 55.1, 3.0 55.0))"
SOURCE = """
title: Proefgebieden
description: Eén vlak op zee.
publisher: De test
license: https://creativecommons.org/publicdomain/zero/1.0/
homepage: https://example.org/
peildatum: 2025-01-01
files:
  vlakken: {pattern: vlakken.csv, format: csv}
datasets:
  - file: vlakken
    collection: natura-2000
    key: [code]
    geometry: polygon
    csv_geometry: {wkt: wkt}
    crs: EPSG:4326
    columns: {naam: {source: naam}}
"""


def run(*arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    given = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
    return subprocess.run([sys.executable, "-m", "app.cli", *arguments], env=given, capture_output=True, text=True, check=False)


@dataclass(frozen=True)
class Outcome:
    status: int
    told: str


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Run a command in this process, for what needs neither database nor time."""

    def run_here(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["energiebeeld", *arguments])
        with pytest.raises(SystemExit) as ended:
            commands.run()
        captured = capsys.readouterr()
        return Outcome(int(ended.value.code or 0), captured.out + captured.err)

    return run_here


@pytest.fixture
def environment(database_settings: Settings, tmp_path: Path) -> dict[str, str]:
    """The variables that bring a command to the test database, with a source of its own."""
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "proef.yaml").write_text(SOURCE, encoding="utf-8")
    return {
        "ENERGIEBEELD_HOME": str(database_settings.home),
        "ENERGIEBEELD_SEED": str(tmp_path),
        "DATABASE_URL": database_settings.database_url or "",
        "ENERGIEBEELD_DATABASE_URL_IMPORT": database_settings.database_url_import or "",
        "ENERGIEBEELD_DATABASE_URL_READ": database_settings.database_url_read or "",
    }


def delivery(folder: Path, wkt: str = ZUID) -> str:
    path = folder / "vlakken.csv"
    path.write_text(f'code,naam,wkt\nA,Zuid,"{wkt}"\n', encoding="utf-8")
    return str(path)


def test_help_is_dutch_and_names_every_command(here: Callable[..., Outcome]) -> None:
    outcome = here("--help")
    assert outcome.status == 0
    assert "Opdrachten" in outcome.told
    for command in ("start", "import", "withdraw", "sources", "publish", "status", "test", "bench"):
        assert f" {command} " in outcome.told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["stratr"], "De opdracht 'stratr' bestaat niet."),
        (["start", "--snel"], "De optie --snel bestaat niet."),
        (["start", "--port"], "Achter --port hoort een waarde."),
    ],
)
def test_a_wrong_command_line_is_told_in_dutch_with_status_2(here: Callable[..., Outcome], arguments: list[str], told: str) -> None:
    outcome = here(*arguments)
    assert outcome.status == 2
    assert told in outcome.told


@pytest.mark.parametrize("arguments", [["import"], ["import", "--all"], ["import", "proef", "--all", "--from", "."]])
def test_import_wants_a_source_or_a_folder(here: Callable[..., Outcome], arguments: list[str]) -> None:
    assert here(*arguments) == Outcome(1, "Noem een bron, of geef --all met --from MAP.\n")


def test_a_setting_that_cannot_be_is_named(here: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENERGIEBEELD_POOL_SIZE", "veel")
    outcome = here("status")
    assert outcome.status == 1
    assert "ENERGIEBEELD_POOL_SIZE" in outcome.told


def test_a_database_that_is_not_there_is_told_without_the_password() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"postgresql://iemand:geheim@127.0.0.1:{free.getsockname()[1]}/niets"
        outcome = run("status", environment={"DATABASE_URL": url})
    assert outcome.returncode == 1
    assert "De database antwoordt niet" in outcome.stderr
    assert "geheim" not in outcome.stderr + outcome.stdout


def test_a_port_in_use_is_told_before_anything_is_started(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        outcome = run("start", "--port", str(port), environment={"ENERGIEBEELD_HOME": str(tmp_path / "home")})
    assert outcome.returncode == 1
    assert f"Poort {port} is al in gebruik" in outcome.stderr
    assert not (tmp_path / "home").exists()


def test_an_import_is_published_and_shows_in_the_status(environment: dict[str, str], tmp_path: Path) -> None:
    assert "Er is nog niets gepubliceerd." in run("status", environment=environment).stdout

    imported = run("import", "proef", "--file", delivery(tmp_path), environment=environment)
    assert imported.returncode == 0, imported.stderr
    assert "opgeslagen" in imported.stdout
    waiting = run("status", environment=environment).stdout
    assert "wacht op publicatie" in waiting
    assert "Nog te publiceren: opgaven, natura-2000, " in waiting

    published = run("publish", environment=environment)
    assert published.returncode == 0, published.stderr
    assert "1 lagen gemaakt" in published.stdout
    after = run("status", environment=environment).stdout
    assert "Gepubliceerd: versie" in after
    assert "natura-2000" in after
    assert "1-1-2025" in after
    assert "wacht op publicatie" not in after
    assert "Nog te publiceren" not in after
    assert "Er is niets veranderd" in run("publish", environment=environment).stdout


def test_a_refused_levering_names_the_row_and_leaves_status_1(environment: dict[str, str], tmp_path: Path) -> None:
    bow_tie = "POLYGON((3.0 55.0, 3.1 55.1, 3.1 55.0, 3.0 55.1, 3.0 55.0))"
    outcome = run("import", "proef", "--file", delivery(tmp_path, bow_tie), environment=environment)
    assert outcome.returncode == 1
    assert "geweigerd" in outcome.stdout
    assert "vlakken.csv" in outcome.stdout
    assert "Traceback" not in outcome.stderr


def test_an_unknown_source_is_told_with_what_was_meant(environment: dict[str, str]) -> None:
    outcome = run("import", "proeff", "--file", "x.csv", environment=environment)
    assert outcome.returncode == 1
    assert "Bedoelt u proef?" in outcome.stderr


def test_a_source_is_withdrawn_and_leaves_the_next_publication(environment: dict[str, str], tmp_path: Path) -> None:
    for arguments in (("import", "proef", "--file", delivery(tmp_path)), ("publish",)):
        assert run(*arguments, environment=environment).returncode == 0
    refused = run("withdraw", "proef", "proff", environment=environment)
    assert refused.returncode == 1
    assert "Er is niets ingetrokken" in refused.stderr
    assert "Bedoelt u proef?" in refused.stderr

    withdrawn = run("withdraw", "proef", environment=environment)
    assert withdrawn.returncode == 0, withdrawn.stderr
    assert "Ingetrokken: proef" in withdrawn.stdout
    assert run("publish", environment=environment).returncode == 0
    assert "natura-2000" not in run("status", environment=environment).stdout
    # The same file is then a levering again.
    assert "opgeslagen" in run("import", "proef", "--file", delivery(tmp_path), environment=environment).stdout


@pytest.mark.parametrize("arguments", [["withdraw"], ["withdraw", "proef", "--demo"]])
def test_withdraw_wants_a_source_or_the_demo(here: Callable[..., Outcome], arguments: list[str]) -> None:
    assert here(*arguments) == Outcome(1, "Noem een bron, of geef --demo.\n")

"""`test`: every check that CI runs, one after the other, all of them even when one fails."""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from app.cli.terminal import Terminal
from app.settings import ROOT

PROGRAMS = Path(sys.executable).parent
SCRIPTS = ("energiebeeld", ".ci/run")


@dataclass(frozen=True)
class Check:
    """A program whose exit status says whether all is well; a `live` one shows its output while it runs."""

    title: str
    command: tuple[str, ...]
    live: bool = False


def checks(*, quick: bool, pytest_arguments: tuple[str, ...]) -> list[Check]:
    """Return what is checked; `quick` leaves out the slow tests."""
    python = sys.executable
    selection = ("-m", "not slow") if quick else ()
    return [
        Check("Stijl (ruff check)", (python, "-m", "ruff", "check")),
        Check("Opmaak (ruff format)", (python, "-m", "ruff", "format", "--check")),
        Check("Typen (mypy)", (python, "-m", "mypy")),
        Check("Verdiepingen (import-linter)", (str(PROGRAMS / "lint-imports"),)),
        Check("Scripts (shellcheck)", ("shellcheck", *SCRIPTS)),
        Check("Webkaart (Vite, TypeScript)", (python, "-m", "app.cli", "build", "--check")),
        Check("Tests (pytest)", (python, "-m", "pytest", *selection, *pytest_arguments), live=True),
    ]


def run_checks(todo: list[Check], terminal: Terminal) -> bool:
    """Run every check and print a summary; tell whether all went well."""
    rows = []
    for check in todo:
        started = time.monotonic()
        well = _run(check, terminal)
        rows.append((check.title, "goed" if well else "FOUT", f"{time.monotonic() - started:.1f} s".replace(".", ",")))
        terminal.say(" · ".join(rows[-1]))
    terminal.table("Samenvatting", ("stap", "uitkomst", "duur"), rows)
    return all(outcome == "goed" for _, outcome, _ in rows)


def _run(check: Check, terminal: Terminal) -> bool:
    if shutil.which(check.command[0]) is None:
        terminal.say(f"{check.command[0]} ontbreekt op deze machine.")
        return False
    environment = {**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    if check.live:
        return subprocess.run(check.command, cwd=ROOT, env=environment, check=False).returncode == 0
    outcome = subprocess.run(
        check.command, cwd=ROOT, env=environment, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if outcome.returncode != 0:
        terminal.say(outcome.stdout)
    return outcome.returncode == 0

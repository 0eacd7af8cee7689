"""On what was measured: a ratio travels between machines, a number of requests per second does not."""

import datetime as dt
import os
import platform
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg

from app import __version__
from app.cli.start import available_processors
from app.database.connections import administrator_conninfo
from app.database.tuning import machine_memory
from app.settings import ROOT, Settings


@dataclass(frozen=True)
class Machine:
    """The machine and the versions of what ran on it; `load` is its load average before the measurement began."""

    moment: str
    processor: str
    processors: int
    memory_mb: int
    system: str
    python: str
    postgresql: str
    postgis: str
    version: str
    commit: str
    load: float


def this_machine(settings: Settings) -> Machine:
    """Describe this machine, and the database server that `settings` name."""
    with psycopg.connect(administrator_conninfo(settings)) as connection:
        row = connection.execute("select current_setting('server_version'), postgis_lib_version()").fetchone()
    postgresql, postgis = row or ("", "")
    return Machine(
        moment=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        processor=_processor(),
        processors=available_processors(),
        memory_mb=machine_memory(),
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        postgresql=postgresql,
        postgis=postgis,
        version=__version__,
        commit=_commit(),
        load=round(os.getloadavg()[0], 2),
    )


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*:\s*(.+)$", known.read_text(encoding="utf-8"), re.MULTILINE) if known.exists() else None
    return found[1] if found else platform.processor() or platform.machine()


def _commit() -> str:
    """Return the commit that is checked out, with a plus when files differ from it; nothing outside a clone."""
    try:
        outcome = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--exclude=*"],  # noqa: S607
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return outcome.stdout.strip()

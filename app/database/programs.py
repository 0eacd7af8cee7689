"""Find the PostgreSQL programs of this machine that come with PostGIS."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.problems import ConfigurationFault

OLDEST_MAJOR = 15
# The version folders of Debian and of the PostgreSQL project's RPMs, before whatever the search path happens to hold.
VERSION_FOLDERS = (("/usr/lib/postgresql", "*/bin"), ("/usr", "pgsql-*/bin"))


@dataclass(frozen=True)
class Programs:
    """A folder with `postgres` and `initdb` of one major version, with PostGIS beside them."""

    folder: Path
    major: int

    @property
    def postgres(self) -> str:
        """The server."""
        return str(self.folder / "postgres")

    @property
    def initdb(self) -> str:
        """The program that makes a cluster."""
        return str(self.folder / "initdb")


def find_programs(major: int | None = None) -> Programs:
    """Return the newest PostgreSQL (or the one of this major version) that has PostGIS, or raise ConfigurationFault."""
    found = [programs for programs in _installed() if major in (None, programs.major)]
    if not found:
        wanted = f"PostgreSQL {major}" if major else f"PostgreSQL {OLDEST_MAJOR} of nieuwer"
        raise ConfigurationFault(
            f"{wanted} met PostGIS is op deze machine niet gevonden. Installeer het"
            f" (Debian en Ubuntu: postgresql-{major or OLDEST_MAJOR}-postgis-3), of laat DATABASE_URL naar een PostGIS wijzen."
        )
    return max(found, key=lambda programs: programs.major)


def _installed() -> Iterator[Programs]:
    for folder in _folders():
        major = _major(folder)
        if major is not None and major >= OLDEST_MAJOR and _has_postgis(folder, major):
            yield Programs(folder, major)


def _folders() -> Iterator[Path]:
    for parent, pattern in VERSION_FOLDERS:
        yield from Path(parent).glob(pattern)
    if pg_config := shutil.which("pg_config"):
        yield Path(_answer(pg_config, "--bindir"))
    if postgres := shutil.which("postgres"):
        yield Path(postgres).resolve().parent


def _major(folder: Path) -> int | None:
    if not (folder / "initdb").is_file():
        return None
    version = re.search(r"\(PostgreSQL\) (\d+)", _answer(str(folder / "postgres"), "--version"))
    return int(version[1]) if version else None


def _has_postgis(folder: Path, major: int) -> bool:
    share = _answer(str(folder / "pg_config"), "--sharedir") or f"/usr/share/postgresql/{major}"
    return (Path(share) / "extension" / "postgis.control").is_file()


def _answer(program: str, option: str) -> str:
    """Return what a program prints, or nothing when it does not run."""
    try:
        return subprocess.run([program, option], capture_output=True, text=True, check=True, timeout=10).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""

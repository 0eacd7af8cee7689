"""What tests share: an embedded PostGIS of their own, a fresh migrated database per module, and two published areas to read from."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

import app.ingest  # noqa: F401  (restricts GDAL before any test starts it)
from app.database.cluster import running_database
from app.database.connections import Role, administrator_conninfo
from app.database.schema import prepare_database
from app.ingest.demo import import_demo
from app.ingest.report import Report
from app.settings import ROOT, Settings

from .running import Service, run_command, served

TEMPLATE = "energiebeeld_template"
DATA = ROOT.parent / "shared" / "data"


@dataclass(frozen=True)
class PostGIS:
    """A server where tests may create databases; `url` says how to reach one, as the administrator or as a role."""

    administrator: str
    template: str

    def url(self, database: str, user: str | None = None) -> str:
        parts = {**conninfo_to_dict(self.administrator), "dbname": database}
        parts |= {} if user is None else {"user": user}
        return "postgresql:///?" + "&".join(f"{name}={_quoted(str(value))}" for name, value in parts.items())

    def execute(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _quoted(value: str) -> str:
    return value.replace("%", "%25").replace("&", "%26").replace(" ", "%20").replace("/", "%2F")


@pytest.fixture(scope="session")
def open_home() -> Iterator[Path]:
    """A short path (a socket address is at most 100 bytes) that an unprivileged server may enter, unlike pytest's own folders."""
    folder = Path(tempfile.mkdtemp(prefix="eb-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgis(open_home: Path) -> Iterator[PostGIS]:
    """The server of `DATABASE_URL`, or else an embedded cluster for this run, with a migrated template database."""
    given = os.environ.get("DATABASE_URL")
    own = Settings(home=open_home / "home", DATABASE_URL=given)
    with nullcontext() if given else running_database(own, service=True):
        server = PostGIS(administrator_conninfo(own, "postgres"), f"{TEMPLATE}_{secrets.token_hex(4)}")
        server.execute("create database {}", server.template)
        url = server.url(server.template)
        prepare_database(Settings(home=open_home, DATABASE_URL=url), url)
        yield server
        server.execute("drop database if exists {} with (force)", server.template)


@pytest.fixture(scope="module")
def database_settings(postgis: PostGIS, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings on a fresh, empty, migrated database."""
    with fresh_database(postgis, tmp_path_factory.mktemp("home")) as settings:
        yield settings


@contextmanager
def fresh_database(postgis: PostGIS, home: Path, template: str | None = None) -> Iterator[Settings]:
    """Give settings on an empty, migrated database or a copy of another; each role is a login of its own where the server allows that."""
    name = f"test_{secrets.token_hex(6)}"
    postgis.execute("create database {} template {}", name, template or postgis.template)
    own_logins = "DATABASE_URL" not in os.environ
    try:
        yield Settings(
            home=home,
            DATABASE_URL=postgis.url(name),
            database_url_import=postgis.url(name, Role.IMPORT) if own_logins else None,
            database_url_read=postgis.url(name, Role.READ) if own_logins else None,
        )
    finally:
        postgis.execute("drop database if exists {} with (force)", name)


@dataclass(frozen=True)
class Demo:
    """The demo area, imported and published once: who wants to change it, or to serve it, takes a copy."""

    postgis: PostGIS
    original: Settings

    @contextmanager
    def copied(self, home: Path) -> Iterator[Settings]:
        """Give settings on a copy of the database, with `home` a copy of what importing and publishing left there."""
        shutil.copytree(self.original.home, home, dirs_exist_ok=True)
        database = conninfo_to_dict(self.original.database_url or "")["dbname"]
        with fresh_database(self.postgis, home, str(database)) as settings:
            yield settings.model_copy(update={"proj": self.original.proj})


@pytest.fixture(scope="session")
def published_demo(postgis: PostGIS, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo as the commands bring it there. Nobody stays connected to it: a database that is in use cannot be copied."""
    with fresh_database(postgis, tmp_path_factory.mktemp("demo")) as fresh:
        # Even where the grid is not there, naming its folder keeps the command from fetching it.
        settings = fresh.model_copy(update={"proj": DATA / "proj"})
        import_demo(settings)
        told = run_command(settings, "publish")
        assert told.returncode == 0, told.stderr
        yield Demo(postgis, settings)


@pytest.fixture(scope="session")
def doggerland(published_demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service with the demo area. For reading only: all tests share it."""
    with published_demo.copied(tmp_path_factory.mktemp("doggerland")) as settings, served(settings) as service:
        yield service


@dataclass(frozen=True)
class Netherlands:
    """The service with the real data, and what the commands told that brought it there, over a published demo."""

    service: Service
    imported: str
    published: str
    reports: Mapping[str, Report]


@pytest.fixture(scope="session")
def netherlands(published_demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Netherlands]:
    """All real data of the shared folder, imported and published once by the commands. For reading only: all tests share it."""
    if not DATA.is_dir():
        pytest.skip("de echte gegevens (../shared/data) staan niet op deze machine")
    with published_demo.copied(tmp_path_factory.mktemp("nederland")) as settings:
        told = [run_command(settings, *command.split()) for command in (f"import --all --from {DATA}", "publish")]
        assert [each.returncode for each in told] == [0, 0], "\n".join(each.stderr for each in told)
        reports = [Report.model_validate_json(path.read_text(encoding="utf-8")) for path in (settings.home / "verslagen").glob("*.json")]
        with served(settings) as service:
            yield Netherlands(service, told[0].stdout, told[1].stdout, {report.bron: report for report in reports})

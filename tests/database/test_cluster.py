"""The embedded cluster: closed, unprivileged, and back by itself."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from app.database import Role, connect
from app.database.cluster import running_database
from app.database.connections import administrator_conninfo, socket_folder
from app.database.housing import ELSEWHERE
from app.settings import ROOT, Settings

pytestmark = pytest.mark.skipif("DATABASE_URL" in os.environ, reason="DATABASE_URL vervangt het ingebouwde cluster")

HOLD = """
import sys
from app.database.cluster import running_database
from app.settings import Settings
with running_database(Settings(), service=True):
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="eb-"))
    folder.chmod(0o755)
    yield folder / "home"
    shutil.rmtree(folder)


@pytest.fixture
def settings(home: Path) -> Settings:
    return Settings(home=home, DATABASE_URL=None)


def postmaster_pid(home: Path) -> int:
    return int((home / "cluster" / "postmaster.pid").read_text().splitlines()[0])


def eventually(condition: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def reads(settings: Settings) -> bool:
    try:
        with connect(settings, Role.READ) as connection:
            return connection.execute("select 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def is_running(pid: int) -> bool:
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def hold(home: Path) -> subprocess.Popen[str]:
    """Another process that keeps the database running until its standard input closes."""
    environment = {**os.environ, "ENERGIEBEELD_HOME": str(home), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", HOLD], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def release(process: subprocess.Popen[str]) -> None:
    process.communicate()


def test_an_empty_home_gets_a_durable_utf8_cluster_with_postgis(settings: Settings, home: Path) -> None:
    with running_database(settings), connect(settings, Role.OWNER) as connection:
        shown = {
            name: connection.execute(f"show {name}").fetchone()[0]
            for name in ("server_encoding", "fsync", "data_checksums", "listen_addresses", "full_page_writes")
        }
        version = connection.execute("select postgis_lib_version()").fetchone()[0]
        pid = postmaster_pid(home)
    assert shown == {"server_encoding": "UTF8", "fsync": "on", "data_checksums": "on", "listen_addresses": "", "full_page_writes": "on"}
    assert tuple(map(int, version.split(".")[:2])) >= (3, 3)
    assert not is_running(pid)


def test_roles_stay_within_their_rights(settings: Settings) -> None:
    forbidden = {
        Role.READ: ["create table publication.mine (a int)", "delete from publication.publication", "select * from facts.object"],
        Role.IMPORT: ["drop table facts.object", "create table facts.mine (a int)", "create role mine"],
        Role.OWNER: ["create role mine", "copy facts.levering to program 'true'"],
    }
    with running_database(settings):
        for role, statements in forbidden.items():
            for statement in statements:
                with connect(settings, role) as connection:
                    connection.execute("set default_transaction_read_only = off; commit")
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        connection.execute(statement)


def test_nothing_listens_on_the_network_and_strangers_cannot_reach_the_socket(settings: Settings) -> None:
    with running_database(settings), connect(settings, Role.READ) as connection:
        port = int(connection.execute("show port").fetchone()[0])
        files = {path.name for path in socket_folder(settings).iterdir()}
        assert f".s.PGSQL.{port}" in files
        assert socket_folder(settings).stat().st_mode & 0o777 == 0o700
        with socket.socket() as tcp:
            assert tcp.connect_ex(("127.0.0.1", port)) != 0 or not _is_ours(settings, port)


def _is_ours(settings: Settings, port: int) -> bool:
    """Another server of the machine may listen on that port; ours would know our database and its administrator."""
    try:
        psycopg.connect(administrator_conninfo(settings), host="127.0.0.1", port=port, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.mark.skipif(os.geteuid() != 0, reason="alleen root geeft rechten op")
def test_root_leaves_the_server_to_an_unprivileged_user_that_owns_only_its_folders(settings: Settings, home: Path) -> None:
    with running_database(settings):
        status = Path(f"/proc/{postmaster_pid(home)}/status").read_text()
    assert "\nUid:\t0\t" not in status
    owners = {path.name: path.stat().st_uid for path in [home, *home.iterdir()]}
    assert {name for name, owner in owners.items() if owner != 0} == {"cluster", "run"}
    assert (home / "cluster").stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="alleen root heeft zo'n map")
@pytest.mark.slow
def test_a_home_that_the_server_cannot_enter_has_its_cluster_elsewhere(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    settings = Settings(home=closed / "home", DATABASE_URL=None)
    try:
        for _ in range(2):
            with running_database(settings):
                assert reads(settings)
        assert (closed / "home" / "cluster").resolve().parent.parent == ELSEWHERE
    finally:
        shutil.rmtree((closed / "home" / "cluster").resolve().parent)


def test_a_home_deep_in_the_tree_and_with_spaces_works(home: Path) -> None:
    deep = home / ("een map met spaties " * 3).strip() / ("diep-" * 12)
    settings = Settings(home=deep, DATABASE_URL=None)
    try:
        with running_database(settings):
            assert reads(settings)
    finally:
        shutil.rmtree(socket_folder(settings))


def test_the_second_start_is_quick(settings: Settings) -> None:
    with running_database(settings):
        pass
    started = time.monotonic()
    with running_database(settings):
        assert reads(settings)
        assert time.monotonic() - started < 5


def test_a_killed_server_comes_back_by_itself(settings: Settings, home: Path) -> None:
    told: list[str] = []
    with running_database(settings, told.append):
        with connect(settings, Role.IMPORT) as connection:
            connection.execute("create table publication.kept (a int); insert into publication.kept values (1)")
        first = postmaster_pid(home)
        os.kill(first, signal.SIGKILL)
        assert eventually(lambda: reads(settings) and postmaster_pid(home) != first)
        with connect(settings, Role.READ) as connection:
            assert connection.execute("select a from publication.kept").fetchone() == (1,)
    assert "PostgreSQL is weggevallen en wordt opnieuw gestart" in told


@pytest.mark.slow
def test_a_backend_that_works_on_after_its_server_was_killed_does_not_keep_it_down(settings: Settings, home: Path) -> None:
    with running_database(settings):
        busy = connect(settings, Role.IMPORT)
        busy.pgconn.send_query(b"select count(*) from generate_series(1, 1e11)")
        first = postmaster_pid(home)
        os.kill(first, signal.SIGKILL)
        assert eventually(lambda: reads(settings) and postmaster_pid(home) != first, seconds=30)
        busy.close()


@pytest.mark.slow
def test_a_killed_supervisor_leaves_nothing_that_blocks_the_next_start(settings: Settings, home: Path) -> None:
    supervisor = hold(home)
    pid = postmaster_pid(home)
    supervisor.kill()
    supervisor.communicate()
    with running_database(settings):
        assert reads(settings)
        assert postmaster_pid(home) != pid
    assert not is_running(pid)


@pytest.mark.slow
def test_a_server_that_outlived_its_supervisor_is_adopted_and_stopped_in_the_end(settings: Settings, home: Path) -> None:
    supervisor = hold(home)
    pid = postmaster_pid(home)
    (home / "cluster.lock").unlink()
    with running_database(settings, service=True):
        assert postmaster_pid(home) == pid
        assert reads(settings)
    assert eventually(lambda: not is_running(pid) or postmaster_pid(home) != pid)
    release(supervisor)


def test_a_stale_pid_file_with_a_number_that_is_now_someone_elses_does_not_block(settings: Settings, home: Path) -> None:
    with running_database(settings):
        pid_file = (home / "cluster" / "postmaster.pid").read_text()
    owner = (home / "cluster").stat()
    stranger = subprocess.Popen(["sleep", "60"], user=owner.st_uid)
    try:
        (home / "cluster" / "postmaster.pid").write_text(pid_file.replace(pid_file.splitlines()[0], str(stranger.pid), 1))
        with running_database(settings):
            assert reads(settings)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_command_uses_the_server_of_a_running_service_and_leaves_it_running(settings: Settings, home: Path) -> None:
    service = hold(home)
    pid = postmaster_pid(home)
    with running_database(settings):
        assert postmaster_pid(home) == pid
    assert reads(settings)
    release(service)
    assert not is_running(pid)


@pytest.mark.slow
def test_when_the_owner_stops_another_that_still_needs_the_server_takes_over(settings: Settings, home: Path) -> None:
    service = hold(home)
    pid = postmaster_pid(home)
    with running_database(settings):
        release(service)
        assert eventually(lambda: reads(settings) and postmaster_pid(home) != pid)
    assert not reads(settings)


@pytest.mark.slow
def test_a_half_made_cluster_is_made_again(settings: Settings, home: Path) -> None:
    half = home / "cluster.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("15\n")
    with running_database(settings):
        assert reads(settings)
    assert not half.exists()


@pytest.mark.slow
def test_every_acknowledged_commit_survives_a_series_of_kills(settings: Settings, home: Path) -> None:
    with running_database(settings):
        with connect(settings, Role.IMPORT) as connection:
            connection.execute("create table publication.counted (n int)")
        acknowledged = 0
        for _ in range(8):
            first = postmaster_pid(home)
            connection = connect(settings, Role.IMPORT, autocommit=True)
            for _ in range(50):
                acknowledged += 1
                connection.execute("insert into publication.counted values (%s)", [acknowledged])
            os.kill(first, signal.SIGKILL)
            assert eventually(lambda first=first: reads(settings) and postmaster_pid(home) != first)
            connection.close()
        with connect(settings, Role.READ) as connection:
            assert connection.execute("select count(distinct n) from publication.counted").fetchone() == (acknowledged,)

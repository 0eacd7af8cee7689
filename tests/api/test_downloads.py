"""Large downloads: a bounded number at once, freed when the client leaves, and never cut short in silence."""

import io
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import psycopg
import pyarrow.parquet
import pytest

from app.api.downloads import AT_ONCE
from app.database import Role, connect
from app.publish.gebieden import build_gebieden
from app.settings import Settings
from tests.api.conftest import FIGURES_TABLE, GEBIEDEN_TABLE, create_figures, deliver_gebieden, figure, publish_tables
from tests.conftest import fresh_database
from tests.running import served

# Some 60 MB of CSV: more than the sockets between service and client hold.
MANY = 200_000


@pytest.fixture(scope="module")
def large(postgis, tmp_path_factory) -> Iterator[Settings]:
    with fresh_database(postgis, tmp_path_factory.mktemp("veel")) as settings:
        with connect(settings, Role.IMPORT) as connection:
            deliver_gebieden(connection)
            count = build_gebieden(connection, GEBIEDEN_TABLE)
            create_figures(connection, [figure("GM0001", number, methode="x" * 100) for number in range(MANY)])
            publish_tables(connection, "veel-1", {"gebieden": (GEBIEDEN_TABLE, count), "cijfers": (FIGURES_TABLE, MANY)})
        yield settings


@pytest.fixture(scope="module")
def client(large) -> Iterator[httpx.Client]:
    with served(large) as running, httpx.Client(base_url=f"{running.address}/v1", timeout=60) as client:
        yield client


def soon(asked: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if asked():
            return True
        time.sleep(0.1)
    return False


def test_too_many_at_once_are_told_to_come_back_and_leaving_makes_room(client):
    with ExitStack() as under_way:
        for _ in range(AT_ONCE):
            answer = under_way.enter_context(client.stream("GET", "/cijfers?f=csv"))
            assert answer.status_code == 200
        refused = client.get("/cijfers?f=csv")
        assert refused.status_code == 503
        assert refused.headers["retry-after"].isdigit()
        assert client.get("/cijfers?limit=1").status_code == 200
    assert soon(lambda: client.head("/cijfers?f=csv").status_code == 200 and _rows(client) == MANY)


def _rows(client: httpx.Client) -> int:
    with client.stream("GET", "/cijfers?f=csv", headers={"Accept-Encoding": "identity"}) as answer:
        if answer.status_code != 200:
            return -1
        return sum(part.count(b"\n") for part in answer.iter_bytes()) - 1


def test_who_leaves_stops_the_query(client, large):
    with client.stream("GET", "/cijfers?f=csv") as answer:
        assert answer.status_code == 200
        assert soon(lambda: _under_way(large) == 1)
    assert soon(lambda: _under_way(large) == 0)


def test_a_download_that_breaks_is_not_taken_for_whole(client, large):
    with client.stream("GET", "/cijfers?f=csv") as answer:
        assert soon(lambda: _under_way(large) == 1)
        with psycopg.connect(large.database_url) as connection:
            connection.execute(f"select pg_terminate_backend(pid) from pg_stat_activity where {UNDER_WAY}")
        with pytest.raises(httpx.RemoteProtocolError):
            answer.read()
    assert soon(lambda: _rows(client) == MANY)


UNDER_WAY = "datname = current_database() and state = 'active' and starts_with(query, 'copy (') and pid <> pg_backend_pid()"


def _under_way(settings: Settings) -> int:
    with psycopg.connect(settings.database_url) as connection:
        return connection.execute(f"select count(*) from pg_stat_activity where {UNDER_WAY}").fetchone()[0]


def test_csv_is_compressed_on_its_way(client):
    with client.stream("GET", "/cijfers?f=csv", headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert sum(part.count(b"\n") for part in answer.iter_bytes()) == MANY + 1


def test_parquet_of_many_blocks_is_whole(client):
    table = pyarrow.parquet.read_table(io.BytesIO(client.get("/cijfers?f=parquet").content), columns=["waarde"])
    assert table.column("waarde").to_pylist() == list(range(MANY))

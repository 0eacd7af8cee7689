"""The SQL limit: each answer made by one prepared statement from an RD table that was made for it, over bare connections.

The tables hold id, properties and RD geometry, with a primary key and a spatial index, as one would make them without thinking of
publications. The statements are the quickest of the spellings that were tried.
"""

import itertools
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.pq import ExecStatus

from app.bench.questions import Question
from app.bench.sample import Sample
from app.database.connections import administrator_conninfo
from app.layers import Layer
from app.settings import Settings

SCHEMA = "bench"
STATEMENT = b"answer"
# What the service's own sessions have too, but no time limit: a slow answer is an answer.
OPTIONS = "-c jit=off -c max_parallel_workers_per_gather=0"
FEW, MANY = 2, 16

TABLE = """
create table {table} as
select object_id collate "C" as id, {columns}, geometrie as geom from facts.current_object where collection = {collection}
"""
# A transformed parameter stands in a sub-select of its own, or a generic plan transforms it again for every row.
WINDOW = """
ST_Intersects(geom, (
    select ST_Transform(ST_Segmentize(envelope, (ST_XMax(envelope) - ST_XMin(envelope)) / 16), 28992)
    from ST_MakeEnvelope($1::float8, $2::float8, $3::float8, $4::float8, 4326) as envelope
))
"""
FEATURE = """
'{{"type":"Feature","id":' || to_json(id)
    || ',"geometry":' || ST_AsGeoJSON(ST_Transform(geom, 4326), 9, 0)
    || ',"properties":' || (select row_to_json(properties) from (select {columns}) as properties)::text || '}}'
"""
# Rows are chosen first: a feature is not written for rows that are skipped or sorted away.
PAGE = """
select string_agg({feature}, ',')
from (select * from {table} where {window} order by id limit $5::integer) as chosen
"""
SKIP = """
select string_agg({feature}, ',')
from (select * from {table} order by id limit $1::integer offset $2::integer) as chosen
"""
ITEM = "select {feature} from {table} where id = $1::text"
TILE = """
select ST_AsMVT(tile, {collection}, 4096, 'geom')
from (
    select id, {columns}, ST_AsMVTGeom(
        ST_Transform(geom, 3857), (select ST_TileEnvelope($1::integer, $2::integer, $3::integer))::box2d, 4096, 64, true
    ) as geom
    from {table}
    where geom && (
        select ST_Transform(ST_Segmentize(envelope, (ST_XMax(envelope) - ST_XMin(envelope)) / 16), 28992)
        from ST_TileEnvelope($1::integer, $2::integer, $3::integer, margin => 64.0 / 4096) as envelope
    )
) as tile
"""


@dataclass(frozen=True)
class Statements:
    """The statements that answer for one layer."""

    page: bytes
    skip: bytes
    item: bytes
    tile: bytes


def make_table(settings: Settings, layer: Layer) -> None:
    """Make the table of a layer from the facts."""
    columns = [
        sql.SQL("(eigenschappen->>{})::{} as {}").format(sql.Literal(name), sql.SQL(each.type.postgres), sql.Identifier(name))
        for name, each in layer.properties.items()
    ]
    table = _table(layer)
    with psycopg.connect(administrator_conninfo(settings), autocommit=True) as connection:
        connection.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(SCHEMA)))
        connection.execute(
            sql.SQL(TABLE).format(table=table, columns=sql.SQL(", ").join(columns), collection=sql.Literal(layer.id)),
        )
        connection.execute(sql.SQL("alter table {} add primary key (id)").format(table))
        connection.execute(sql.SQL("create index on {} using gist (geom)").format(table))
        connection.execute(sql.SQL("vacuum (analyze) {}").format(table))


def statements_of(layer: Layer) -> Statements:
    """Return the statements for a layer; parameters are west, south, east, north, limit · limit, offset · id · level, column, row."""
    columns = sql.SQL(", ").join(map(sql.Identifier, layer.properties))
    feature = sql.SQL(FEATURE).format(columns=columns)
    parts = {"feature": feature, "table": _table(layer), "columns": columns, "collection": sql.Literal(layer.id), "window": sql.SQL(WINDOW)}
    page, skip, item, tile = (sql.SQL(each).format(**parts).as_string().encode() for each in (PAGE, SKIP, ITEM, TILE))
    return Statements(page, skip, item, tile)


def _table(layer: Layer) -> sql.Identifier:
    return sql.Identifier(SCHEMA, layer.table_name)


@dataclass(frozen=True)
class SqlSide:
    """A statement prepared on bare connections, with one thread each: libpq waits outside Python's lock."""

    connections: Sequence[psycopg.Connection]
    questions: Sequence[Question]
    turn: Iterator[int] = field(default_factory=itertools.count)

    def measure(self, seconds: float) -> Sample:
        """Ask for as long as that; what is under way then is waited for and counts."""
        started = time.perf_counter()
        asked: list[Sample] = []
        threads = [threading.Thread(target=lambda each=each: asked.append(self._ask(each, started + seconds))) for each in self.connections]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return Sample(sum(each.answers for each in asked), sum(each.faults for each in asked), time.perf_counter() - started)

    def _ask(self, connection: psycopg.Connection, deadline: float) -> Sample:
        answers, faults = 0, 0
        while time.perf_counter() < deadline:
            well = self.answer(connection, next(self.turn)) is not None
            answers, faults = answers + well, faults + (not well)
        return Sample(answers, faults, 0.0)

    def answer(self, connection: psycopg.Connection, turn: int) -> bytes | None:
        """Return one answer; None when the statement failed."""
        question = self.questions[turn % len(self.questions)]
        result = connection.pgconn.exec_prepared(STATEMENT, question.parameters, None, 1)
        return (result.get_value(0, 0) or b"") if result.status == ExecStatus.TUPLES_OK and result.ntuples else None


@contextmanager
def bare_connections(settings: Settings, statement: bytes, count: int = MANY) -> Iterator[list[psycopg.Connection]]:
    """Open bare connections on which the statement is prepared."""
    with ExitStack() as stack:
        opened = []
        address = make_conninfo(administrator_conninfo(settings), options=OPTIONS)
        for _ in range(count):
            connection = stack.enter_context(psycopg.connect(address, autocommit=True))
            result = connection.pgconn.prepare(STATEMENT, statement)
            if result.status != ExecStatus.COMMAND_OK:
                raise AssertionError(result.error_message)
            opened.append(connection)
        yield opened


def quickest(sides: Sequence[SqlSide], seconds: float) -> SqlSide:
    """Return the side that answers most in a short try."""
    tried = [(side.measure(seconds).rate, place) for place, side in enumerate(sides)]
    return sides[max(tried)[1]]

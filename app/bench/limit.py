"""The SQL limit: each answer made by one prepared statement from an RD table that was made for it, over bare psycopg connections.

The tables hold id, properties and RD geometry, with a primary key and a spatial index, as one would make them without thinking of
publications. The statements are the quickest of the spellings that were tried.
"""

import itertools
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection as PipeConnection
from typing import Any

import psycopg
from psycopg import RawCursor, sql
from psycopg.pq import Format

from app.bench.questions import Question
from app.bench.sample import Sample
from app.cli.start import available_processors
from app.database.connections import administrator_conninfo
from app.layers import Layer
from app.settings import Settings

SCHEMA = "bench"
# What the service's own sessions have too, but no time limit: a slow answer is an answer.
OPTIONS = "-c jit=off -c max_parallel_workers_per_gather=0"
FEWEST = 2
# Every asker is split off from one process that has imported what they need: each on its own would take seconds for that.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])

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
    """A statement asked over bare connections, each in a process of its own: Python lets one thread at a time read its answer."""

    askers: Sequence[PipeConnection]

    def measure(self, seconds: float) -> Sample:
        """Ask for as long as that; what is under way then is waited for and counts."""
        for asker in self.askers:
            asker.send(seconds)
        samples: list[Sample] = [asker.recv() for asker in self.askers]
        return Sample(sum(each.answers for each in samples), sum(each.faults for each in samples), max(each.seconds for each in samples))


@contextmanager
def sql_side(settings: Settings, statement: bytes, questions: Sequence[Question]) -> Iterator[SqlSide]:
    """Start as many askers as there are processors: more wait for each other, fewer leave a processor idle."""
    count = max(FEWEST, available_processors())
    address = administrator_conninfo(settings)
    with ExitStack() as stack:
        askers = []
        for place in range(count):
            ours, theirs = PROCESSES.Pipe()
            arguments = (address, statement, [*questions[place:], *questions[:place]][::count], theirs)
            PROCESSES.Process(target=_ask_on_demand, args=arguments, daemon=True).start()
            stack.callback(ours.send, None)
            askers.append(ours)
        yield SqlSide(askers)


def _ask_on_demand(address: str, statement: bytes, questions: Sequence[Question], orders: PipeConnection) -> None:
    with bare_cursor(address) as cursor:
        while (seconds := orders.recv()) is not None:
            orders.send(_ask(cursor, statement, questions, seconds))


def _ask(cursor: RawCursor[Any], statement: bytes, questions: Sequence[Question], seconds: float) -> Sample:
    answers, faults, started = 0, 0, time.perf_counter()
    for question in itertools.cycle(questions):
        if time.perf_counter() >= started + seconds:
            break
        try:
            answers += answer(cursor, statement, question) is not None
        except psycopg.Error:
            faults += 1
    return Sample(answers, faults, time.perf_counter() - started)


@contextmanager
def bare_cursor(address: str) -> Iterator[RawCursor[Any]]:
    """Open a connection with nothing around it."""
    with psycopg.connect(address, autocommit=True, options=OPTIONS) as connection, RawCursor(connection) as cursor:
        cursor.format = Format.BINARY
        yield cursor


def answer(cursor: RawCursor[Any], statement: bytes, question: Question) -> str | bytes | None:
    """Return one answer: text of features, or a tile."""
    row = cursor.execute(statement, question.parameters, prepare=True).fetchone()
    return row[0] if row else None

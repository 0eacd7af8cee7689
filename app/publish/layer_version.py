"""Build one layer version: the facts of a layer in Hilbert order, in every coordinate system, with the text of the answers."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import shapely
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from app.layers import Layer
from app.publish.inputs import CIJFER, Inputs
from app.publish.overviews import Generalised, generalise
from app.publish.projecting import project
from app.register.crs import RD, WEB_MERCATOR, from_rd
from app.register.publication import FIGURES, Box, Description, Overview
from app.register.tables import COLUMN_TYPES, FEATURES, SCHEMA, as_written, layer_indexes, layer_table, overview_indexes, overview_table

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
RAW = "raw"
PROJECTED = "projected"


@dataclass(frozen=True)
class Task:
    """One layer to build: what it is made of, the properties its style draws, the snapshot of the facts to read, and the figures."""

    layer: Layer
    inputs: Inputs
    drawn: frozenset[str]
    snapshot: str
    figures: str

    @property
    def table_name(self) -> str:
        """The name of the table, unique for these inputs."""
        return f"{self.layer.table_name[:40]}_{self.inputs.hash[:12]}"


def build(connection: psycopg.Connection, task: Task) -> Description:
    """Build the tables of a layer version on an autocommit connection and return what serving needs to know; empty layers have no table."""
    layer, name = task.layer, task.table_name
    drop_tables(connection, name)
    if CIJFER in layer.derived_from:
        _show_figures(connection, task.figures)
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read")
        connection.execute(sql.SQL("set transaction snapshot {}").format(sql.Literal(task.snapshot)))
        _collect(connection, layer)
    with connection.transaction():
        rids, geometries = project(connection, RAW, PROJECTED)
    if len(rids) == 0:
        _forget(connection)
        return Description(count=0, extent_crs84=None, extent_rd=None)
    table = layer_table(layer, name)
    _fill(connection, layer, table)
    _finish(connection, table, [CreateIndex(index) for index in layer_indexes(table, layer, len(rids))])
    overviews = tuple(_build_overview(connection, task, each) for each in generalise(layer, rids, geometries))
    _forget(connection)
    return _describe(connection, task, overviews)


def drop_tables(connection: psycopg.Connection, name: str) -> None:
    """Remove what an earlier, interrupted build left of the tables of this version."""
    found = connection.execute(
        "select tablename from pg_tables where schemaname = %s and (tablename = %s or starts_with(tablename, %s))",
        [SCHEMA, name, f"{name}_z"],
    ).fetchall()
    for (table,) in found:
        connection.execute(sql.SQL("drop table {}").format(sql.Identifier(SCHEMA, table)))


def _show_figures(connection: psycopg.Connection, table_name: str) -> None:
    """Let the SQL of a layer read, as `cijfers`, the figures that are published together with it."""
    connection.execute(
        sql.SQL("create or replace temp view {} as select * from {}").format(sql.Identifier(FIGURES), sql.Identifier(SCHEMA, table_name))
    )


def _collect(connection: psycopg.Connection, layer: Layer) -> None:
    """Number the facts in Hilbert order: PostGIS sorts geometry so, and neighbours then lie together on disk."""
    connection.execute(sql.SQL("drop table if exists {}, {}").format(sql.Identifier(RAW), sql.Identifier(PROJECTED)))
    columns = [sql.Identifier(name) for name in layer.properties]
    numbered = sql.SQL(
        "create temp table {} as select row_number() over (order by geometrie, id)::integer as rid, {} from ({}) as facts"
    ).format(sql.Identifier(RAW), sql.SQL(", ").join([sql.Identifier("id"), *columns, sql.Identifier("geometrie")]), _facts(layer))
    connection.execute(numbered)
    connection.execute(sql.SQL("analyze {}").format(sql.Identifier(RAW)))


def _facts(layer: Layer) -> sql.Composable:
    if layer.sql is not None:
        return sql.SQL(layer.sql)
    columns = [
        sql.SQL("(eigenschappen->>{})::{} as {}").format(sql.Literal(name), sql.SQL(each.type.postgres), sql.Identifier(name))
        for name, each in layer.properties.items()
    ]
    return sql.SQL("select {} from facts.current_object where collection = {}").format(
        sql.SQL(", ").join([sql.SQL("object_id as id"), *columns, sql.SQL("geometrie")]), sql.Literal(layer.id)
    )


def _fill(connection: psycopg.Connection, layer: Layer, table: Table) -> None:
    connection.execute(_ddl(CreateTable(table)))
    properties = [sql.Identifier(name) for name in layer.properties]
    for column in FEATURES.values():
        # Kept as it is sent: compressing would cost every reader.
        connection.execute(
            sql.SQL("alter table {} alter {} set storage external").format(sql.Identifier(SCHEMA, table.name), sql.Identifier(column))
        )
    connection.execute(
        sql.SQL(
            """
            insert into {table}
            select rid, id, {properties}, geom_rd, geom_3857, geom_crs84,
                convert_to(head || ST_AsGeoJSON(geom_crs84, 9, 0) || '}}', 'UTF8'),
                convert_to(head || ST_AsGeoJSON(geom_rd, 3, 0) || '}}', 'UTF8')
            from (
                select {raw}.*, geometrie as geom_rd, ST_SetSRID(web_mercator::geometry, 3857) as geom_3857,
                    ST_SetSRID(crs84::geometry, 4326) as geom_crs84,
                    '{{"type":"Feature","id":' || to_json(id) || ',"properties":'
                        || (select row_to_json(properties) from (select {written}) as properties)::text || ',"geometry":' as head
                from {raw} join {projected} using (rid)
            ) as prepared
            order by rid
            """
        ).format(
            table=sql.Identifier(SCHEMA, table.name),
            properties=sql.SQL(", ").join(properties),
            written=sql.SQL(", ").join(_written(layer)),
            raw=sql.Identifier(RAW),
            projected=sql.Identifier(PROJECTED),
        )
    )


def _written(layer: Layer) -> Iterator[sql.Composable]:
    for name, declared in layer.properties.items():
        value = as_written(Column(name, COLUMN_TYPES[declared.type]))
        yield sql.SQL("{} as {}").format(sql.SQL(str(value.compile(dialect=DIALECT))), sql.Identifier(name))


def _build_overview(connection: psycopg.Connection, task: Task, generalised: Generalised) -> Overview:
    name = f"{task.table_name}_z{generalised.max_zoom}"
    table = overview_table(task.layer, name, task.drawn)
    connection.execute(_ddl(CreateTable(table)))
    _copy_generalised(connection, generalised)
    properties = [sql.Identifier(each) for each in task.layer.properties if each in task.drawn]
    connection.execute(
        sql.SQL(
            """
            insert into {table}
            select rid, {columns}, ST_SetSRID(rd::geometry, 28992), ST_SetSRID(web_mercator::geometry, 3857), aantal
            from generalised join {raw} using (rid) order by rid
            """
        ).format(
            table=sql.Identifier(SCHEMA, name),
            columns=sql.SQL(", ").join([sql.Identifier("id"), *properties]),
            raw=sql.Identifier(RAW),
        )
    )
    _finish(connection, table, [CreateIndex(index) for index in overview_indexes(table)])
    return Overview(
        table_name=name,
        max_zoom=generalised.max_zoom,
        resolution=generalised.resolution,
        count=len(generalised.rids),
        properties=tuple(each for each in task.layer.properties if each in task.drawn),
    )


def _copy_generalised(connection: psycopg.Connection, generalised: Generalised) -> None:
    connection.execute("drop table if exists generalised")
    connection.execute("create temp table generalised (rid integer, rd bytea, web_mercator bytea, aantal integer)")
    rd = from_rd(generalised.geometries, RD)
    columns = (
        generalised.rids.tolist(),
        shapely.to_wkb(rd),
        shapely.to_wkb(from_rd(rd, WEB_MERCATOR)),
        generalised.counts.tolist(),
    )
    with connection.cursor() as cursor, cursor.copy("copy generalised from stdin (format binary)") as copy:
        copy.set_types(["int4", "bytea", "bytea", "int4"])
        for row in zip(*columns, strict=True):
            copy.write_row(row)


def _finish(connection: psycopg.Connection, table: Table, indexes: list[CreateIndex]) -> None:
    for index in indexes:
        connection.execute(_ddl(index))
    # Index-only pages need the visibility map.
    connection.execute(sql.SQL("vacuum (analyze) {}").format(sql.Identifier(SCHEMA, table.name)))


def _describe(connection: psycopg.Connection, task: Task, overviews: tuple[Overview, ...]) -> Description:
    table = sql.Identifier(SCHEMA, task.table_name)
    row = connection.execute(
        sql.SQL(
            "select count(*), ST_Extent(geom_crs84)::geometry, ST_Extent(geom_rd)::geometry, ST_Extent(geom_3857)::geometry,"
            " avg(octet_length(feature_crs84))::integer from {}"
        ).format(table)
    ).fetchone()
    if row is None:
        raise AssertionError(task.table_name)
    return Description(
        count=row[0],
        extent_crs84=_box(row[1]),
        extent_rd=_box(row[2]),
        extent_3857=_box(row[3]),
        feature_bytes=row[4],
        period=_period(connection, task),
        overviews=overviews,
        origins=task.inputs.origins,
    )


def _box(wkb: str) -> Box:
    west, south, east, north = shapely.from_wkb(wkb).bounds
    return west, south, east, north


def _period(connection: psycopg.Connection, task: Task) -> tuple[dt.date | None, dt.date | None] | None:
    period = task.layer.period
    if period is None:
        return None
    end = sql.SQL("null::date")
    if period.end is not None:
        end = sql.SQL("case when bool_or({0} is null) then null else max({0}) end").format(sql.Identifier(period.end))  # type: ignore[assignment]
    row = connection.execute(
        sql.SQL("select min({}), {} from {}").format(sql.Identifier(period.start), end, sql.Identifier(SCHEMA, task.table_name))
    ).fetchone()
    return (row[0], row[1]) if row else None


def _forget(connection: psycopg.Connection) -> None:
    connection.execute("drop table if exists raw, projected, generalised")


def _ddl(element: CreateTable | CreateIndex) -> bytes:
    return str(element.compile(dialect=DIALECT)).encode()


def store(connection: psycopg.Connection, task: Task, description: Description) -> int:
    """Register a built layer version and return its id; from here on it exists."""
    row = connection.execute(
        "insert into publication.layer_version (layer_id, table_name, input_hash, description) values (%s, %s, %s, %s) returning id",
        [task.layer.id, task.table_name, task.inputs.hash, Jsonb(description.model_dump(mode="json"))],
    ).fetchone()
    if row is None:
        raise AssertionError(task.table_name)
    return int(row[0])

"""The tables of a layer version, whatever it is made from: every coordinate system, the text of the answers, and copies for low zooms."""

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
from app.publish.inputs import Inputs
from app.register.publication import Box, Description, Overview
from app.register.tables import COLUMN_TYPES, FEATURES, SCHEMA, as_written, layer_indexes, layer_table, overview_indexes, overview_table

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class LayerTask:
    """One layer to build: what it is made of, and the properties that its style draws."""

    layer: Layer
    inputs: Inputs
    drawn: frozenset[str]

    @property
    def key(self) -> tuple[str, str]:
        """What tells this version from every other."""
        return self.layer.id, self.inputs.hash

    @property
    def table_name(self) -> str:
        """The name of the table, unique for these inputs."""
        return f"{self.layer.table_name[:40]}_{self.inputs.hash[:12]}"

    @property
    def drawn_columns(self) -> tuple[str, ...]:
        """The drawn properties in the order of the layer."""
        return tuple(name for name in self.layer.properties if name in self.drawn)


@dataclass(frozen=True)
class Copy:
    """A generalised copy to make: `source` yields rid, id, the drawn columns, geometry in RD and 3857, and what a feature stands for."""

    max_zoom: int
    resolution: float
    source: sql.Composable


def create_table(connection: psycopg.Connection, task: LayerTask, source: sql.Composable, kept: sql.Composable | None = None) -> int:
    """Create and fill the table of a layer version and return its count.

    `source` yields rid, id, the properties, geom_rd, geom_3857 and geom_crs84; `kept` rows of an earlier version, features and all.
    """
    table = layer_table(task.layer, task.table_name)
    connection.execute(_ddl(CreateTable(table)))
    for column in FEATURES.values():
        # Kept as it is sent: compressing would cost every reader.
        connection.execute(
            sql.SQL("alter table {} alter {} set storage external").format(sql.Identifier(SCHEMA, table.name), sql.Identifier(column))
        )
    count = connection.execute(_insert(task, source, kept)).rowcount
    _finish(connection, table, [CreateIndex(index) for index in layer_indexes(table, task.layer, count)])
    return count


def _insert(task: LayerTask, source: sql.Composable, kept: sql.Composable | None) -> sql.Composed:
    return sql.SQL(
        """
        insert into {table}
        select rid, id, {properties}, geom_rd, geom_3857, geom_crs84,
            convert_to(head || ST_AsGeoJSON(geom_crs84, 9, 0) || '}}', 'UTF8'),
            convert_to(head || ST_AsGeoJSON(geom_rd, 3, 0) || '}}', 'UTF8')
        from (
            select source.*,
                '{{"type":"Feature","id":' || to_json(id) || ',"properties":'
                    || (select row_to_json(properties) from (select {written}) as properties)::text || ',"geometry":' as head
            from ({source}) as source
        ) as prepared
        {kept}
        order by 1
        """
    ).format(
        table=sql.Identifier(SCHEMA, task.table_name),
        properties=sql.SQL(", ").join(map(sql.Identifier, task.layer.properties)),
        written=sql.SQL(", ").join(_written(task.layer)),
        source=source,
        kept=sql.SQL("") if kept is None else sql.SQL("union all {}").format(kept),
    )


def _written(layer: Layer) -> Iterator[sql.Composable]:
    for name, declared in layer.properties.items():
        value = as_written(Column(name, COLUMN_TYPES[declared.type]))
        yield sql.SQL("{} as {}").format(sql.SQL(str(value.compile(dialect=DIALECT))), sql.Identifier(name))


def create_overview(connection: psycopg.Connection, task: LayerTask, copy: Copy) -> Overview:
    """Create and fill the table of a generalised copy and return how it is to be used."""
    table = overview_table(task.layer, f"{task.table_name}_z{copy.max_zoom}", task.drawn)
    connection.execute(_ddl(CreateTable(table)))
    count = connection.execute(sql.SQL("insert into {} {}").format(sql.Identifier(SCHEMA, table.name), copy.source)).rowcount
    _finish(connection, table, [CreateIndex(index) for index in overview_indexes(table)])
    return Overview(table_name=table.name, max_zoom=copy.max_zoom, resolution=copy.resolution, count=count, properties=task.drawn_columns)


def drop_tables(connection: psycopg.Connection, name: str) -> None:
    """Remove what an earlier, interrupted build left of the tables of this version."""
    found = connection.execute(
        "select tablename from pg_tables where schemaname = %s and (tablename = %s or starts_with(tablename, %s))",
        [SCHEMA, name, f"{name}_z"],
    ).fetchall()
    for (table,) in found:
        connection.execute(sql.SQL("drop table {}").format(sql.Identifier(SCHEMA, table)))


def _finish(connection: psycopg.Connection, table: Table, indexes: list[CreateIndex]) -> None:
    for index in indexes:
        connection.execute(_ddl(index))
    # Index-only pages need the visibility map.
    connection.execute(sql.SQL("vacuum (analyze) {}").format(sql.Identifier(SCHEMA, table.name)))


def describe(connection: psycopg.Connection, task: LayerTask, overviews: tuple[Overview, ...]) -> Description:
    """Return what serving needs to know of a version whose tables are made."""
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


def _period(connection: psycopg.Connection, task: LayerTask) -> tuple[dt.date | None, dt.date | None] | None:
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


def _ddl(element: CreateTable | CreateIndex) -> bytes:
    return str(element.compile(dialect=DIALECT)).encode()


def store(connection: psycopg.Connection, task: LayerTask, description: Description) -> int:
    """Register a built layer version and return its id; from here on it exists."""
    row = connection.execute(
        "insert into publication.layer_version (layer_id, table_name, input_hash, description) values (%s, %s, %s, %s) returning id",
        [task.layer.id, task.table_name, task.inputs.hash, Jsonb(description.model_dump(mode="json"))],
    ).fetchone()
    if row is None:
        raise AssertionError(task.table_name)
    return int(row[0])

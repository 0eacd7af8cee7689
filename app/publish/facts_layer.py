"""Build a layer version from facts: in Hilbert order, in every coordinate system."""

from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
import shapely
from psycopg import sql

from app.layers import Layer
from app.publish.layer_table import Copy, LayerTask, create_overview, create_table, describe, drop_tables
from app.publish.overviews import Generalised, generalise
from app.publish.projecting import project
from app.register.crs import RD, WEB_MERCATOR, from_rd
from app.register.publication import Description, Overview
from app.register.tables import SCHEMA

RAW = "raw"
PROJECTED = "projected"


@dataclass(frozen=True)
class FactsTask(LayerTask):
    """One layer to build from the snapshot of the facts to read; its SQL may also read these tables, each under the name of a view."""

    snapshot: str
    views: Mapping[str, str]


def build_facts_layer(connection: psycopg.Connection, task: FactsTask) -> Description:
    """Build the tables of a layer version on an autocommit connection and return what serving needs to know; empty layers have no table."""
    layer = task.layer
    drop_tables(connection, task.table_name)
    _show(connection, task.views)
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read")
        connection.execute(sql.SQL("set transaction snapshot {}").format(sql.Literal(task.snapshot)))
        _collect(connection, layer)
    with connection.transaction():
        rids, geometries = project(connection, RAW, PROJECTED)
    if len(rids) == 0:
        _forget(connection)
        return Description(count=0, extent_crs84=None, extent_rd=None)
    create_table(connection, task, _placed())
    overviews = tuple(_build_overview(connection, task, each) for each in generalise(layer, rids, geometries))
    _forget(connection)
    return describe(connection, task, overviews)


def _show(connection: psycopg.Connection, views: Mapping[str, str]) -> None:
    """Let the SQL of a layer read what is published together with it."""
    for view, table_name in views.items():
        connection.execute(
            sql.SQL("create or replace temp view {} as select * from {}").format(sql.Identifier(view), sql.Identifier(SCHEMA, table_name))
        )


def _collect(connection: psycopg.Connection, layer: Layer) -> None:
    """Number the facts in Hilbert order: PostGIS sorts geometry so, and neighbours then lie together on disk."""
    connection.execute(sql.SQL("drop table if exists {}, {}").format(sql.Identifier(RAW), sql.Identifier(PROJECTED)))
    columns = [sql.Identifier(name) for name in layer.properties]
    numbered = sql.SQL(
        "create temp table {} as select row_number() over (order by geometrie, id)::integer as rid, {} from ({}) as facts"
    ).format(sql.Identifier(RAW), sql.SQL(", ").join([sql.Identifier("id"), *columns, sql.Identifier("geometrie")]), facts_of(layer))
    connection.execute(numbered)
    connection.execute(sql.SQL("analyze {}").format(sql.Identifier(RAW)))


def facts_of(layer: Layer) -> sql.Composable:
    """Return the statement that yields what a layer is made of: id, its properties, and geometrie in RD."""
    if layer.sql is not None and not layer.packed:
        return sql.SQL(layer.sql)
    columns = [
        sql.SQL("(eigenschappen->>{})::{} as {}").format(sql.Literal(name), sql.SQL(each.type.postgres), sql.Identifier(name))
        for name, each in layer.properties.items()
    ]
    if layer.sql is not None:
        unpacked = sql.SQL(", ").join([sql.SQL("id"), *columns, sql.SQL("geometrie")])
        return sql.SQL("select {} from ({}) as gepakt").format(unpacked, sql.SQL(layer.sql))
    return sql.SQL("select {} from facts.current_object where collection = {}").format(
        sql.SQL(", ").join([sql.SQL("object_id as id"), *columns, sql.SQL("geometrie")]), sql.Literal(layer.id)
    )


def _placed() -> sql.Composable:
    return sql.SQL(
        "select {raw}.*, geometrie as geom_rd, ST_SetSRID(web_mercator::geometry, 3857) as geom_3857,"
        " ST_SetSRID(crs84::geometry, 4326) as geom_crs84 from {raw} join {projected} using (rid)"
    ).format(raw=sql.Identifier(RAW), projected=sql.Identifier(PROJECTED))


def _build_overview(connection: psycopg.Connection, task: FactsTask, generalised: Generalised) -> Overview:
    _copy_generalised(connection, generalised)
    source = sql.SQL(
        "select rid, {columns}, ST_SetSRID(rd::geometry, 28992), ST_SetSRID(web_mercator::geometry, 3857), aantal"
        " from generalised join {raw} using (rid) order by rid"
    ).format(columns=sql.SQL(", ").join(map(sql.Identifier, ("id", *task.drawn_columns))), raw=sql.Identifier(RAW))
    return create_overview(connection, task, Copy(generalised.max_zoom, generalised.resolution, source))


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


def _forget(connection: psycopg.Connection) -> None:
    connection.execute("drop table if exists raw, projected, generalised")

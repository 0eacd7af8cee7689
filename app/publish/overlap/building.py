"""Build what the overlaptoets says of everything that is known: signals of energy objects, and ground of gebieden under opgaven.

What the current publication has of an object and an opgave that are both as they were, by the same rules, is taken over: a change costs
what it touches.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from app.overlap.cells import Cells
from app.publish.configured import Configured
from app.publish.overlap.gebieden import Grounds
from app.publish.overlap.objecten import Registry, collect_objects, weighable
from app.publish.overlap.rasters import rasters_of
from app.publish.overlap.signalen import Rules, Signaller
from app.register.publication import OVERLAP
from app.register.tables import SCHEMA, kaart_name, opgaven_names, overlap_names

OBJECTEN_SQL = (Path(__file__).parent / "objecten.sql").read_text(encoding="utf-8")
PREVIOUS = """
select table_name, description->>'opgaven' from publication.layer_version
join publication.publication_layer on layer_version_id = layer_version.id
join publication.current_publication using (publication_id)
where layer_id = %s and description->>'basis' = %s
"""


@dataclass(frozen=True)
class Basis:
    """What signals are made of besides objects and opgaven (as a hash), what the gebieden are made of, and the table of opgaven."""

    hash: str
    gebieden: str
    opgaven: str


def build_overlap(connection: psycopg.Connection, table_name: str, configured: Configured, basis: Basis) -> int:
    """Build the tables of overlap (`register.tables.overlap_names`) from the current facts and return how many rows there are in all."""
    tables = dict(zip(("signalen", "objecten", "gebieden", "lagen"), map(_table, overlap_names(table_name)), strict=True))
    kaart = _table(kaart_name(table_name))
    connection.execute(sql.SQL("drop table if exists {}").format(sql.SQL(", ").join((*tables.values(), kaart))))
    connection.execute(sql.SQL(OBJECTEN_SQL).format(**tables))
    layers = tuple(configured.layers.values())
    collect_objects(connection, layers, weighable(configured.begrippen))
    before = connection.execute(PREVIOUS, [OVERLAP, basis.hash]).fetchone()
    _take_over(connection, table_name, basis, before)
    rasters = rasters_of(connection, basis.opgaven, configured.layers, configured.raster_folder)
    _signal(connection, table_name, configured, (basis, rasters))
    grounds = Grounds(connection, basis.opgaven, table_name, rasters)
    grounds.measure(layers, basis.gebieden, before[0] if before else None)
    connection.execute(sql.SQL("create index on {} using gist (geometrie)").format(tables["signalen"]))
    grounds.count()
    grounds.gather()
    for table in (*tables.values(), kaart):
        connection.execute(sql.SQL("grant select on {} to energiebeeld_read").format(table))
        connection.execute(sql.SQL("analyze {}").format(table))
    row = connection.execute(
        sql.SQL("select (select count(*) from {signalen}) + (select count(*) from {gebieden})").format(**tables)
    ).fetchone()
    return int(row[0]) if row else 0


def _take_over(connection: psycopg.Connection, table_name: str, basis: Basis, before: tuple[str, str] | None) -> None:
    """Copy what is still so, and fill the temporary table nieuwe_opgave with the opgaven that nothing was held against yet."""
    signalen, objecten, _, _ = map(_table, overlap_names(table_name))
    opgaven = _table(basis.opgaven)
    connection.execute("drop table if exists nieuwe_opgave")
    if before is None:
        connection.execute(sql.SQL("create temp table nieuwe_opgave as select nr, vingerafdruk from {}").format(opgaven))
        return
    then, objects_then, _, _ = map(_table, overlap_names(before[0]))
    connection.execute(sql.SQL("insert into {} select sleutel from {} join energieobject using (sleutel)").format(objecten, objects_then))
    connection.execute(
        sql.SQL(
            "insert into {} select toen.* from {} toen where object_sleutel in (select sleutel from {})"
            " and opgave_sleutel in (select vingerafdruk from {})"
        ).format(signalen, then, objecten, opgaven)
    )
    connection.execute(
        sql.SQL(
            "create temp table nieuwe_opgave as select nr, vingerafdruk from {} where vingerafdruk not in (select vingerafdruk from {})"
        ).format(opgaven, _table(before[1]))
    )


def _signal(connection: psycopg.Connection, table_name: str, configured: Configured, against: tuple[Basis, tuple[Cells, ...]]) -> None:
    """Hold new objects against all opgaven, and the other objects against new opgaven."""
    basis, rasters = against
    signalen, objecten, _, _ = overlap_names(table_name)
    _, _, _, provincies = opgaven_names(basis.opgaven)
    registry = Registry.of(connection, configured.ground, provincies)
    rules = Rules(configured.regelset, configured.begrippen["beperking"], dt.datetime.now(dt.UTC).date())
    signaller = Signaller(connection, basis.opgaven, rules, signalen, rasters)
    tested = sql.SQL("(select sleutel from {})").format(_table(objecten))
    row = connection.execute("select exists (select from nieuwe_opgave)").fetchone()
    if row is not None and row[0]:
        signaller.signal(registry.read(connection, sql.SQL("sleutel in {}").format(tested)), only_new=True)
    signaller.signal(registry.read(connection, sql.SQL("sleutel not in {}").format(tested)), only_new=False)
    connection.execute(sql.SQL("insert into {} select sleutel from energieobject on conflict do nothing").format(_table(objecten)))
    connection.execute("drop table if exists zoekvak")


def _table(name: str) -> sql.Identifier:
    return sql.Identifier(SCHEMA, name)

"""Build what the overlaptoets says of everything that is known: signals of energy objects, and ground of gebieden under opgaven."""

from dataclasses import dataclass

import psycopg
from psycopg import sql

from app.overlap.cells import Cells
from app.publish.configured import Configured
from app.publish.overlap.following import TABELLEN, Before, find_changes, stand_on
from app.publish.overlap.gebieden import Grounds
from app.publish.overlap.objecten import Registry, collect_objects, fingerprint_objects, weighable
from app.publish.overlap.rasters import rasters_of
from app.publish.overlap.signalen import Rules, Signaller
from app.register.tables import identifiers, opgaven_names, overlap_names


@dataclass(frozen=True)
class Basis:
    """What signals are made of besides objects and opgaven (as a hash), what the gebieden are made of, and the table of opgaven."""

    hash: str
    gebieden: str
    opgaven: str


def build_overlap(
    connection: psycopg.Connection, table_name: str, configured: Configured, basis: Basis, before: Before | None = None
) -> int:
    """Build the tables of overlap (`register.tables.OverlapNames`) from the current facts and return how many rows there are in all."""
    tables = identifiers(overlap_names(table_name))
    connection.execute(sql.SQL(TABELLEN).format(**tables))
    layers = tuple(configured.layers.values())
    fingerprint_objects(connection, layers, weighable(configured.begrippen), tables["objecten"])
    find_changes(connection, table_name, basis.opgaven, before)
    stand_on(connection, table_name, before)
    rasters = rasters_of(connection, basis.opgaven, configured.layers, configured.raster_folder)
    _signal(connection, table_name, configured, (basis, rasters))
    connection.execute(sql.SQL("create index on {eigen} using gist (geometrie)").format(**tables))
    connection.execute(sql.SQL("analyze {eigen}").format(**tables))
    Grounds(connection, basis.opgaven, table_name, rasters).fill(layers, basis.gebieden, before.table_name if before else None)
    for each in tables.values():
        connection.execute(sql.SQL("grant select on {} to energiebeeld_read").format(each))
    connection.execute(sql.SQL("analyze {objecten}, {gebieden}, {kaart}").format(**tables))
    counts = "select (select count(*) from {signalen}) + (select count(*) from {gebieden})"
    row = connection.execute(sql.SQL(counts).format(**tables)).fetchone()
    return int(row[0]) if row else 0


def _signal(connection: psycopg.Connection, table_name: str, configured: Configured, against: tuple[Basis, tuple[Cells, ...]]) -> None:
    """Hold new objects against all opgaven, and the other objects against new opgaven."""
    basis, rasters = against
    rules = Rules(configured.regelset, configured.begrippen["beperking"], configured.day)
    signaller = Signaller(connection, basis.opgaven, rules, table_name, rasters)
    row = connection.execute("select exists (select from nieuwe_opgave)").fetchone()
    opgaven_are_new = row is not None and bool(row[0])
    collect_objects(connection, configured.layers.values(), weighable(configured.begrippen), everything=opgaven_are_new)
    registry = Registry.of(connection, configured.ground, opgaven_names(basis.opgaven).provincies)
    if opgaven_are_new:
        signaller.signal(registry.read(connection, new=False), only_new=True)
    signaller.signal(registry.read(connection, new=True), only_new=False)

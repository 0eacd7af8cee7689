"""The energy objects of the facts, with the ground they take and whose rules hold there."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import psycopg
import shapely
from psycopg import sql

from app.layers import Layer
from app.overlap.footprint import Ground
from app.overlap.measuring import Geometries, Numbers, Parts
from app.overlap.objects import has_objects
from app.overlap.opgaven import Energieobject
from app.publish.facts_layer import facts_of
from app.publish.faults import naming
from app.register.begrippen import Begrippen
from app.register.tables import SCHEMA

OBJECT = """
create temp table energieobject (
    laag text, id text, naam text, objecttype text, status text, kenmerken jsonb, geometrie geometry, nieuw boolean
)
"""
# What was never made and never will be meets nothing.
GONE = "VERVALLEN"
READ = """
select laag, id, naam, objecttype, status, kenmerken, ST_AsBinary(geometrie) from energieobject
where nieuw = %s order by geometrie
"""


@dataclass(frozen=True)
class Known:
    """An energy object as it is known: its status, and what the overlaptoets asks."""

    status: str | None
    subject: Energieobject


def weighable(begrippen: Begrippen) -> dict[str, str]:
    """Return the objecttypes that there are rules for, each with its objectgroep."""
    told = {code: each.kenmerken.get("objectgroep") for code, each in begrippen["objecttype"].items()}
    return {code: groep for code, groep in told.items() if groep}


def fingerprint_objects(
    connection: psycopg.Connection, layers: Iterable[Layer], objecttypes: Collection[str], table: sql.Composable
) -> None:
    """Fill a table (laag, id, sleutel) with the objects of the current facts, each with a hash of all that matters of it."""
    for layer in filter(has_objects, layers):
        told = sql.SQL("{}::text").format(sql.Literal(f"{layer.label} {' '.join(layer.properties)}"))
        matters = sql.SQL(", ").join([told, *map(sql.Identifier, layer.properties), sql.SQL("geometrie::bytea")])
        with naming(f"De laag {layer.id!r}"):
            connection.execute(
                sql.SQL("insert into {} select {}, id, hash_record_extended(row({}), 0) from ({}) as object").format(
                    table, sql.Literal(layer.id), matters, _energy_objects(layer, objecttypes)
                )
            )


def collect_objects(connection: psycopg.Connection, layers: Iterable[Layer], objecttypes: Collection[str], *, everything: bool) -> None:
    """Fill the temporary table energieobject (RD) with the objects of the temporary table te_toetsen, and with `everything` all others."""
    connection.execute(OBJECT)
    new = {laag for (laag,) in connection.execute("select distinct laag from te_toetsen")}
    for layer in filter(has_objects, layers):
        if everything or layer.id in new:
            with naming(f"De laag {layer.id!r}"):
                connection.execute(
                    sql.SQL("insert into energieobject select {} from ({}) as object {} join ({}) as nieuw using (id)").format(
                        _columns(layer),
                        _energy_objects(layer, objecttypes),
                        sql.SQL("left" if everything else "inner"),
                        sql.SQL("select id, true as is_nieuw from te_toetsen where laag = {}").format(sql.Literal(layer.id)),
                    )
                )


def _energy_objects(layer: Layer, objecttypes: Collection[str]) -> sql.Composed:
    """Return the statement that yields the features of a layer that there are rules for."""
    status = sql.SQL(" and status is distinct from {}").format(sql.Literal(GONE)) if "status" in layer.properties else sql.SQL("")
    return sql.SQL("select * from ({}) as feit where objecttype = any({}){}").format(
        facts_of(layer), sql.Literal(sorted(objecttypes)), status
    )


def _columns(layer: Layer) -> sql.Composed:
    """Return the columns of energieobject as they are selected from the features of a layer."""
    properties = sql.SQL(", ").join([part for name in layer.properties for part in (sql.Literal(name), sql.Identifier(name))])
    return sql.SQL("{}, id, {}::text, objecttype, {}, jsonb_strip_nulls(jsonb_build_object({})), geometrie, is_nieuw is not null").format(
        sql.Literal(layer.id),
        sql.Identifier(layer.label) if layer.label else sql.SQL("null"),
        sql.Identifier("status") if "status" in layer.properties else sql.SQL("null::text"),
        properties,
    )


@dataclass(frozen=True)
class Registry:
    """What turns rows into energy objects: their groups, their ground, and the provincies (RD) that they can lie in."""

    groepen: dict[str, str]
    ground: Ground
    codes: tuple[str, ...]
    provincies: shapely.STRtree

    @classmethod
    def of(cls, connection: psycopg.Connection, ground: Ground, table_name: str) -> "Registry":
        """Read the provincies of a publication from this table."""
        rows = connection.execute(sql.SQL("select code, ST_AsBinary(deel) from {}").format(sql.Identifier(SCHEMA, table_name))).fetchall()
        parts = shapely.from_wkb(np.array([row[1] for row in rows], dtype=object))
        return cls(weighable(ground.begrippen), ground, tuple(row[0] for row in rows), shapely.STRtree(parts))

    def read(self, connection: psycopg.Connection, *, new: bool) -> list[Known]:
        """Return the objects of the temporary table energieobject that are to be tested against everything, or the others."""
        rows = connection.execute(READ, [new]).fetchall()
        shapes: Geometries = shapely.from_wkb(np.array([row[6] for row in rows], dtype=object))
        places = self._places(shapes)
        return [self._known(row[:6], shape, place) for row, shape, place in zip(rows, shapes, places, strict=True)]

    def _places(self, shapes: Geometries) -> list[tuple[str, ...]]:
        """Return the provincies that each shape lies in."""
        found: list[set[str]] = [set() for _ in shapes]
        for at, part in zip(*self.provincies.query(shapes, predicate="intersects"), strict=True):
            found[at].add(self.codes[part])
        return [tuple(sorted(each)) for each in found]

    def _known(self, row: Sequence[object], shape: shapely.Geometry, provincies: tuple[str, ...]) -> Known:
        laag, id_, naam, objecttype, status, kenmerken = row
        if not isinstance(objecttype, str) or not isinstance(kenmerken, dict):
            raise TypeError(row)
        subject = Energieobject(
            objecttype=objecttype,
            objectgroep=self.groepen[objecttype],
            attributes=kenmerken,
            footprint=self.ground.footprint(shape, objecttype, kenmerken, provincies),
            provincies=provincies,
            id=str(id_),
            laag=str(laag),
            naam=str(naam) if naam is not None else None,
        )
        return Known(str(status) if status is not None else None, subject)


def footprints_of(objects: Sequence[Known]) -> Parts:
    """Return the ground of these objects, each owned by its place in the list."""
    shapes: Geometries = np.array([*(each.subject.footprint.geometry for each in objects), None], dtype=object)[:-1]
    parts, owners = shapely.get_parts(shapes, return_index=True)
    owned: Numbers = owners.astype(np.int64)
    return Parts(parts, owned)

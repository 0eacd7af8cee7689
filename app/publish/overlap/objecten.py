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
    sleutel uuid, laag text, id text, naam text, objecttype text, status text, kenmerken jsonb, geometrie geometry
)
"""
# What was never made and never will be meets nothing.
GONE = "VERVALLEN"
READ = """
select sleutel::text, laag, id, naam, objecttype, status, kenmerken, ST_AsBinary(geometrie) from energieobject
where {condition} order by geometrie
"""


@dataclass(frozen=True)
class Known:
    """An energy object as it is known: the key of all that matters of it, its status, and what the overlaptoets asks."""

    sleutel: str
    status: str | None
    subject: Energieobject


def weighable(begrippen: Begrippen) -> dict[str, str]:
    """Return the objecttypes that there are rules for, each with its objectgroep."""
    told = {code: each.kenmerken.get("objectgroep") for code, each in begrippen["objecttype"].items()}
    return {code: groep for code, groep in told.items() if groep}


def collect_objects(connection: psycopg.Connection, layers: Iterable[Layer], objecttypes: Collection[str]) -> None:
    """Fill the temporary table energieobject from the current facts (RD)."""
    connection.execute("drop table if exists energieobject")
    connection.execute(OBJECT)
    for layer in filter(has_objects, layers):
        with naming(f"De laag {layer.id!r}"):
            connection.execute(_objects_of(layer), {"types": sorted(objecttypes), "gone": GONE})
    connection.execute("create unique index on energieobject (sleutel)")
    connection.execute("analyze energieobject")


def _objects_of(layer: Layer) -> sql.Composed:
    properties = sql.SQL(", ").join([part for name in layer.properties for part in (sql.Literal(name), sql.Identifier(name))])
    status = sql.Identifier("status") if "status" in layer.properties else sql.SQL("null::text")
    return sql.SQL(
        """
        insert into energieobject
        select md5(concat_ws('|', laag, id, naam, kenmerken::text, md5(ST_AsBinary(geometrie))))::uuid, *
        from (
            select {laag}::text as laag, id, {naam}::text as naam, objecttype, {status} as status,
                jsonb_strip_nulls(jsonb_build_object({properties})) as kenmerken, geometrie
            from ({facts}) as feit
        ) as object
        where objecttype = any(%(types)s) and status is distinct from %(gone)s
        """
    ).format(
        laag=sql.Literal(layer.id),
        naam=sql.Identifier(layer.label) if layer.label else sql.SQL("null"),
        status=status,
        properties=properties,
        facts=facts_of(layer),
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

    def read(self, connection: psycopg.Connection, condition: sql.Composable) -> list[Known]:
        """Return the objects of the temporary table energieobject for which this holds."""
        rows = connection.execute(sql.SQL(READ).format(condition=condition)).fetchall()
        shapes: Geometries = shapely.from_wkb(np.array([row[7] for row in rows], dtype=object))
        places = self._places(shapes)
        return [self._known(row[:7], shape, place) for row, shape, place in zip(rows, shapes, places, strict=True)]

    def _places(self, shapes: Geometries) -> list[tuple[str, ...]]:
        """Return the provincies that each shape lies in."""
        found: list[set[str]] = [set() for _ in shapes]
        for at, part in zip(*self.provincies.query(shapes, predicate="intersects"), strict=True):
            found[at].add(self.codes[part])
        return [tuple(sorted(each)) for each in found]

    def _known(self, row: Sequence[object], shape: shapely.Geometry, provincies: tuple[str, ...]) -> Known:
        sleutel, laag, id_, naam, objecttype, status, kenmerken = row
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
        return Known(str(sleutel), str(status) if status is not None else None, subject)


def footprints_of(objects: Sequence[Known]) -> Parts:
    """Return the ground of these objects, each owned by its place in the list."""
    shapes: Geometries = np.array([*(each.subject.footprint.geometry for each in objects), None], dtype=object)[:-1]
    parts, owners = shapely.get_parts(shapes, return_index=True)
    owned: Numbers = owners.astype(np.int64)
    return Parts(parts, owned)

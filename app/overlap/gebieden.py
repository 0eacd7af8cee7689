"""Read from a publication how much of a gebied lies under each layer of gebiedsopgaven, and how many energy objects are hit there."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from psycopg import sql

from app.database import Reader
from app.database.wire import Row
from app.register.publication import Box
from app.register.tables import identifiers, overlap_names

PLACE = """
select ST_Area(geometrie), ST_XMin(geometrie), ST_YMin(geometrie), ST_XMax(geometrie), ST_YMax(geometrie)
from {kaart} where code = %(code)s
"""
GROUND = """
select laag, beperking, m2, gedekt, uitsluiting, zwaarwegend, aandachtspunt, koppelkans
from {gebieden} where code = %(code)s order by beperking, laag
"""
ERNST = ("UITSLUITING", "ZWAARWEGEND", "AANDACHTSPUNT", "KOPPELKANS")
# A share is kept in millionths.
WHOLE = 1 - 1e-6


@dataclass(frozen=True)
class Ondergrond:
    """What one layer says of a gebied under one beperking: m² (by union), share (0-1) where it is complete, energy objects per ernst."""

    laag: str
    beperking: str
    m2: float
    gedekt: float
    objecten: tuple[int, int, int, int]

    @property
    def is_judged(self) -> bool:
        """Whether anything is known: there is such ground, or it is known that there is none on some of it."""
        return self.m2 > 0 or self.gedekt > 0

    @property
    def is_complete(self) -> bool:
        """Whether the layer is complete in all of the gebied."""
        return self.gedekt >= WHOLE


@dataclass(frozen=True)
class Gebiedsoverlap:
    """A gebied of today: its area (m²), its box (RD), and what the layers say that say anything."""

    m2: float
    box: Box
    grounds: Sequence[Ondergrond]


async def read_gebiedsoverlap(reader: Reader, table_name: str, code: str) -> Gebiedsoverlap | None:
    """Return the overlap of a gebied from the tables of this name; None when there is none of this code today."""
    place = await reader.row(_statement(PLACE, table_name), {"code": code})
    if place is None:
        return None
    rows = await reader.rows(_statement(GROUND, table_name), {"code": code})
    m2, west, south, east, north = place
    return Gebiedsoverlap(m2, (west, south, east, north), [_ground_of(row) for row in rows])


def _ground_of(row: Row) -> Ondergrond:
    laag, beperking, m2, gedekt, uitsluiting, zwaarwegend, aandachtspunt, koppelkans = row
    return Ondergrond(laag, beperking, m2, gedekt, (uitsluiting, zwaarwegend, aandachtspunt, koppelkans))


@lru_cache(maxsize=64)
def _statement(text: str, table_name: str) -> str:
    return sql.SQL(text).format(**identifiers(overlap_names(table_name))).as_string()

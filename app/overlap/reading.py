"""Read from a publication what a shape may meet: parts of opgaven, who they are, where layers are complete, and whose rules hold."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import orjson
import shapely
from psycopg import sql

from app.database import Reader
from app.database.wire import Row
from app.overlap.measuring import Geometries, Numbers, Parts
from app.overlap.opgaven import Opgave
from app.problems import BadRequest
from app.register.crs import as_ewkb
from app.register.tables import identifiers, opgaven_names

# Beperkingen that reach further than this (m) are looked for by their code, so that a radar at 75 km does not bring in everything between.
NEAR_M = 1_000.0
MOST_PARTS = 100_000
TOO_MUCH = (
    "Dit vlak raakt meer dan {most} delen van gebiedsopgaven; dat is te veel voor één vraag. Teken een kleiner vlak, of vraag een heel"
    " gebied: /v1/gebieden/{{code}}/overlap."
)
STATEMENTS = ("of_layers", "candidates", "opgave", "around", "coverage", "of_beperking", "provincies")


@dataclass(frozen=True)
class Reach:
    """How far rules look (m): everything within `near`, the beperkingen `far` to `furthest`."""

    near: float = 0.0
    far: frozenset[str] = frozenset()
    furthest: float = 0.0

    @classmethod
    def of(cls, reaches: Mapping[str, float]) -> "Reach":
        """Return what covers these distances per beperking."""
        near = max((reach for reach in reaches.values() if reach <= NEAR_M), default=0.0)
        far = frozenset(code for code, reach in reaches.items() if reach > NEAR_M)
        return cls(near, far, max(reaches.values(), default=0.0))


@dataclass(frozen=True)
class Opgaven:
    """The gebiedsopgaven of one publication, in the tables of this name."""

    reader: Reader
    table_name: str

    async def parts_near(self, shape: shapely.Geometry, reach: Reach) -> Parts:
        """Return the parts (RD) that a shape may meet, or raise BadRequest when they are too many to measure while someone waits."""
        values = {"near": reach.near, "far": _array(sorted(reach.far)), "reach": reach.furthest, "most": MOST_PARTS + 1}
        rows = await self._rows("candidates", {"shape": written(shape), **values})
        if len(rows) > MOST_PARTS:
            raise BadRequest(TOO_MUCH.format(most=MOST_PARTS))
        return Parts.of(rows)

    async def named(self, numbers: Numbers) -> dict[int, Opgave]:
        """Return the opgaven with these numbers."""
        if len(numbers) == 0:
            return {}
        rows = await self._rows("opgave", {"numbers": _array(map(str, numbers.tolist()))})
        return {row[0]: Opgave(*(*row[:11], orjson.loads(row[11]), row[12])) for row in rows}

    async def numbers_of(self, layers: Iterable[str]) -> dict[str, dict[str, int]]:
        """Return per layer which opgave each id is."""
        found: dict[str, dict[str, int]] = {}
        for laag, id_, nr in await self._rows("of_layers", {"layers": _array(layers)}):
            found.setdefault(laag, {})[id_] = nr
        return found

    async def coverage_at(self, shape: shapely.Geometry) -> dict[str, float]:
        """Return per layer which share of a shape (RD) lies where that layer is known to be complete; one that is nowhere is left out."""
        return await asyncio.to_thread(_shares, shape, await self.coverage_parts(shape))

    async def coverage_parts(self, shape: shapely.Geometry) -> dict[str, Geometries]:
        """Return per layer the ground (RD, in parts) around a shape on which it is known to be complete."""
        return _by_name(await self._rows("coverage", {"shape": written(shape)}))

    async def parts_of(self, shape: shapely.Geometry, beperkingen: Iterable[str]) -> Parts:
        """Return the parts (RD) of opgaven of these beperkingen that the box of a shape meets."""
        rows = await self._rows("of_beperking", {"shape": written(shape), "codes": _array(sorted(beperkingen)), "most": MOST_PARTS + 1})
        if len(rows) > MOST_PARTS:
            raise BadRequest(TOO_MUCH.format(most=MOST_PARTS))
        return Parts.of(rows)

    async def provincies_of(self, shape: shapely.Geometry) -> tuple[str, ...]:
        """Return the codes of the provincies that a shape (RD) lies in."""
        return tuple(row[0] for row in await self._rows("around", {"shape": written(shape)}))

    async def provincie_parts(self, shape: shapely.Geometry) -> dict[str, Geometries]:
        """Return the ground (RD, in parts) of the provincies that the box of a shape meets, by their code."""
        return _by_name(await self._rows("provincies", {"shape": written(shape)}))

    async def _rows(self, name: str, values: Mapping[str, object]) -> Sequence[Row]:
        return await self.reader.rows(_statement(name, self.table_name), values)


def _by_name(rows: Iterable[Row]) -> dict[str, Geometries]:
    found: dict[str, list[bytes]] = {}
    for name, wkb in rows:
        found.setdefault(name, []).append(wkb)
    return {name: geometries_of(parts) for name, parts in found.items()}


def _shares(shape: shapely.Geometry, covering: Mapping[str, Geometries]) -> dict[str, float]:
    return {laag: _share(shape, parts) for laag, parts in covering.items()}


def _share(shape: shapely.Geometry, parts: Geometries) -> float:
    # What is small mostly lies within one part.
    if shapely.covers(parts, shape).any():
        return 1.0
    covered = float(shapely.area(shapely.union_all(shapely.intersection(parts, shape))))
    # What is complete up to the last square millimetre is complete.
    return 1.0 if covered > shape.area * (1 - 1e-6) else covered / shape.area


@lru_cache(maxsize=64)
def _statement(name: str, table_name: str) -> str:
    return sql.SQL(_TEXTS[name]).format(**identifiers(opgaven_names(table_name))).as_string()


_TEXTS = {name: (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8") for name in STATEMENTS}


def written(shape: shapely.Geometry) -> str:
    """Write a shape (RD) as a value for PostGIS."""
    return as_ewkb(np.array([shape], dtype=object))[0]


def geometries_of(wkb: Iterable[bytes]) -> Geometries:
    """Return the shapes that PostGIS wrote."""
    geometries: Geometries = shapely.from_wkb(np.array(list(wkb), dtype=object))
    return geometries


def _array(values: Iterable[str]) -> str:
    """Write a PostgreSQL array of codes or numbers, which need no quotes."""
    return "{" + ",".join(values) + "}"

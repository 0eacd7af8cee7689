"""The rasters whose classes are opgaven of a publication, held against many shapes at once."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import psycopg
import shapely
from psycopg import sql

from app.layers import Layers
from app.overlap.cells import Cells
from app.overlap.measuring import Geometries, Numbers, Parts
from app.register.rasters import raster_path
from app.register.tables import SCHEMA

# Shapes whose pieces are in memory at a time.
SHAPES_AT_ONCE = 500


def rasters_of(connection: psycopg.Connection, opgaven: str, layers: Layers, folder: Path) -> tuple[Cells, ...]:
    """Return the rasters whose classes stand in the table of opgaven."""
    rows = connection.execute(
        sql.SQL("select laag, kenmerken->>'sha256', id::integer, nr from {} where laag = any(%s) order by nr").format(
            sql.Identifier(SCHEMA, opgaven)
        ),
        [list(layers.rasters)],
    ).fetchall()
    found: dict[tuple[str, str], dict[int, int]] = {}
    for laag, sha256, number, nr in rows:
        found.setdefault((laag, sha256), {})[number] = nr
    return tuple(Cells(layers.rasters[laag], raster_path(folder, sha256), numbers) for (laag, sha256), numbers in found.items())


def in_batches(shapes: Sequence[object] | Geometries) -> Iterator[slice]:
    """Cut a sequence in pieces that fit in memory."""
    for start in range(0, len(shapes), SHAPES_AT_ONCE):
        yield slice(start, start + SHAPES_AT_ONCE)


def ground_on(cells: Cells, gebieden: Parts) -> Iterator[tuple[int, str, float, float]]:
    """Yield (number of the gebied, beperking, m² of its cells that count as it, share of the gebied with data), where there is data."""
    count = int(gebieden.owners.max()) + 1 if len(gebieden) else 0
    areas = shapely.area(gebieden.geometries)
    codes = {nr: str(cells.layer.raster.classes[number].beperking) for number, nr in cells.opgaven.items()}
    under = {beperking: np.zeros(count) for beperking in sorted(set(codes.values()))}
    known = np.zeros(count)
    for some in in_batches(gebieden.geometries):
        owners: Numbers = gebieden.owners[some]
        measured, shares = cells.measure(gebieden.geometries[some])
        np.add.at(known, owners, np.array(shares) * areas[some])
        for place, nr, m2 in zip(measured.footprints.tolist(), measured.opgaven.tolist(), measured.m2.tolist(), strict=True):
            under[codes[nr]][owners[place]] += m2
    whole = np.bincount(gebieden.owners, weights=areas, minlength=count)
    for number in np.flatnonzero(known).tolist():
        for beperking, m2 in under.items():
            yield number, beperking, float(m2[number]), min(1.0, float(known[number] / whole[number]))

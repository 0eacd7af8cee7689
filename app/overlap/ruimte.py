"""The geometry of looking for room (RD): what is left of an area once ground is taken away, and that cut into pieces of a size.

Taken is taken away tile by tile, so that no step takes long however large the area.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from app.overlap.measuring import Geometries, Metres

# Coordinates are kept to the millimetre, as everywhere.
GRID_M = 0.001
TILE_M = 5_000.0
MOST_TILES = 400
# A circle of 256 corners, drawn around the true one where ground is taken and inside it where it is asked.
QUARTER = 64
OUTSIDE = 1 / math.cos(math.pi / (4 * QUARTER))
# What lies at exactly the distance of a rule is still within it; so far beyond is not.
BEYOND_M = 0.01


@dataclass(frozen=True)
class Taken:
    """Taken that must be kept free: shapes (RD), each with the distance to stay away from it (m; 0 is only the ground itself)."""

    shapes: Geometries
    metres: Metres

    def __len__(self) -> int:
        return len(self.shapes)


class Room:
    """What is left of an area (RD) once ground is taken away, asked for tile by tile so that no step takes long."""

    def __init__(self, area: shapely.Geometry, ground: Taken) -> None:
        self._area = area
        self.tiles = list(_tiles(area))
        # A line or a point has no ground, and still may not lie in what is called free.
        only_itself = (shapely.get_dimensions(ground.shapes) == 2) & (ground.metres == 0)
        metres = np.where(only_itself, 0.0, ground.metres * OUTSIDE + BEYOND_M)
        # What a radar keeps away at 75 km must not have all else looked for that far.
        self._groups = [(float(each), shapely.STRtree(ground.shapes[metres == each])) for each in np.unique(metres)]

    def left(self, tile: shapely.Geometry) -> list[shapely.Geometry]:
        """Return what is left in one tile."""
        here = shapely.intersection(self._area, tile)
        return polygons_of(shapely.difference(here, self._taken(here)))

    def together(self, left: Sequence[shapely.Geometry]) -> list[shapely.Geometry]:
        """Return what is left in all tiles, as one polygon where it hangs together."""
        # Where tiles meet, rounding may not leave a gap.
        whole = shapely.union_all(np.array(left, dtype=object), grid_size=GRID_M if len(self.tiles) > 1 else None)
        return in_order(polygons_of(whole))

    def _taken(self, here: shapely.Geometry) -> shapely.Geometry:
        """Return the ground around `here` with the distance to stay away from it."""
        parts = []
        for metres, tree in self._groups:
            found = np.sort(tree.query(here, predicate="dwithin", distance=metres))
            if len(found):
                together = shapely.union_all(tree.geometries[found])
                parts.append(shapely.buffer(together, metres, quad_segs=QUARTER) if metres else together)
        return shapely.union_all(parts)


def _tiles(area: shapely.Geometry) -> Iterator[shapely.Geometry]:
    west, south, east, north = area.bounds
    # A wide area gets larger tiles rather than more of them.
    side = max(TILE_M, math.sqrt((east - west) * (north - south) / MOST_TILES))
    for at_x in range(max(1, math.ceil((east - west) / side))):
        for at_y in range(max(1, math.ceil((north - south) / side))):
            tile = shapely.box(west + at_x * side, south + at_y * side, west + (at_x + 1) * side, south + (at_y + 1) * side)
            if shapely.intersects(area, tile):
                yield tile


def around(shapes: Geometries, metres: float) -> shapely.Geometry:
    """Return the ground within so many metres of shapes (RD); nothing in it lies farther."""
    return shapely.union_all(shapely.buffer(shapes, metres, quad_segs=QUARTER))


def widened(polygons: Iterable[shapely.Geometry], width: float) -> list[shapely.Geometry]:
    """Return the polygons without what is narrower than `width` metres; what was joined by a narrow strip comes apart."""
    kept = []
    for polygon in polygons:
        inner = shapely.buffer(polygon, -width / 2, join_style="mitre", mitre_limit=2)
        outer = shapely.buffer(inner, width / 2, join_style="mitre", mitre_limit=2)
        # Rounding must not add ground that is not free.
        kept += [polygon] if shapely.equals(outer, polygon) else polygons_of(shapely.intersection(outer, polygon))
    return kept


def pieces_of(polygon: shapely.Geometry, least: float, most: float) -> list[shapely.Geometry]:
    """Cut a polygon into pieces of at least `least` m², halving what is larger than `most`; together they are the whole polygon.

    What a cut would leave too small stays with the piece beside it that it shares the longest border with.
    """
    if polygon.area <= most:
        return [polygon]
    halves = _joined(_halved(polygon), least)
    if len(halves) < 2:
        return [polygon]
    return [piece for half in halves for piece in pieces_of(half, least, most)]


def _halved(polygon: shapely.Geometry) -> list[shapely.Geometry]:
    west, south, east, north = polygon.bounds
    if east - west >= north - south:
        middle = (west + east) / 2
        sides = (shapely.box(west, south, middle, north), shapely.box(middle, south, east, north))
    else:
        middle = (south + north) / 2
        sides = (shapely.box(west, south, east, middle), shapely.box(west, middle, east, north))
    return [piece for side in sides for piece in polygons_of(shapely.intersection(polygon, side))]


def _joined(pieces: list[shapely.Geometry], least: float) -> list[shapely.Geometry]:
    pieces = sorted(pieces, key=_place)
    while len(pieces) > 1:
        smallest = min(range(len(pieces)), key=lambda at: pieces[at].area)
        if pieces[smallest].area >= least:
            break
        small = pieces.pop(smallest)
        shared = [shapely.intersection(small, other).length for other in pieces]
        beside = int(np.argmax(shared))
        if shared[beside] == 0:
            # Nothing to join it to: rounding took the border away. What is too small is no piece of its own.
            continue
        together = polygons_of(shapely.union(small, pieces[beside]))
        pieces[beside] = max(together, key=lambda each: each.area)
    return pieces


def _place(polygon: shapely.Geometry) -> tuple[float, float]:
    west, south, _, _ = polygon.bounds
    return west, south


def polygons_of(shape: shapely.Geometry) -> list[shapely.Geometry]:
    """Return the polygons in a shape that have an area."""
    return [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon" and part.area > 0]


def in_order(polygons: Sequence[shapely.Geometry]) -> list[shapely.Geometry]:
    """Return polygons from west to east and south to north, so that the same question has the same answer."""
    return sorted(polygons, key=lambda each: (*_place(each), each.area))

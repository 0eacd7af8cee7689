"""Questions that both sides answer: where the service finds each one, and the parameters of the SQL statement that says the same."""

import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from app.bench.data import LAND
from app.register.crs import CRS84, RD, WEB_MERCATOR, from_rd
from app.register.publication import Box
from app.tiles.matrix import WEB_MERCATOR_QUAD

SEED = 4258
METRES_PER_DEGREE = 111_320.0
MOST_TILES = 4_000

type Parameters = tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A path of the service, and the parameters (as text) of the statement of the same cell."""

    path: str
    parameters: Parameters = ()


def ask_boxes(collection: str, count: int, density: float, limit: int) -> list[Question]:
    """Return pages of `limit` features in random boxes (CRS84) that hold about twice as many; `density` is features per m²."""
    return [
        Question(f"/v1/collections/{collection}/items?limit={limit}&bbox={','.join(corners)}", (*corners, str(limit)))
        for corners in (list(map("{:.6f}".format, box)) for box in random_boxes(count, math.sqrt(2 * limit / density)))
    ]


def ask_all(collection: str, count: int) -> Question:
    """Return all features of a collection at once."""
    return Question(f"/v1/collections/{collection}/items?limit={count}", (str(count), "0"))


def ask_features(collection: str, ids: list[str]) -> list[Question]:
    """Return single features."""
    return [Question(f"/v1/collections/{collection}/items/{feature_id}", (feature_id,)) for feature_id in ids]


def ask_tiles(collection: str, level: int) -> list[Question]:
    """Return different tiles of WebMercatorQuad that hold land, at most MOST_TILES, in random order."""
    return [
        Question(f"/v1/collections/{collection}/tiles/WebMercatorQuad/{level}/{row}/{column}", (str(level), str(column), str(row)))
        for column, row in _tiles_on_land(level)
    ]


def random_boxes(count: int, side_m: float) -> list[Box]:
    """Return boxes in degrees (lon/lat) of about `side_m` metres, random but always the same."""
    west, south, east, north = LAND
    side_m = min(side_m, 0.9 * (east - west), 0.9 * (north - south))
    half = side_m / 2
    places = np.random.default_rng(SEED).uniform((west + half, south + half), (east - half, north - half), (count, 2))
    centres = shapely.get_coordinates(from_rd(shapely.points(places), CRS84))
    return [_box_around(x, y, half) for x, y in centres.tolist()]


def _box_around(longitude: float, latitude: float, half_m: float) -> Box:
    height = half_m / METRES_PER_DEGREE
    width = height / math.cos(math.radians(latitude))
    return longitude - width, latitude - height, longitude + width, latitude + height


def _tiles_on_land(level: int) -> list[tuple[int, int]]:
    places = np.random.default_rng(SEED + level).uniform(LAND[:2], LAND[2:], (4 * MOST_TILES, 2))
    coordinates: NDArray[np.float64] = shapely.get_coordinates(from_rd(shapely.points(np.round(places, RD.decimals)), WEB_MERCATOR))
    (west, north), side = WEB_MERCATOR_QUAD.origin, WEB_MERCATOR_QUAD.width / float(2**level)
    columns = np.floor((coordinates[:, 0] - west) / side).astype(int).tolist()
    rows = np.floor((north - coordinates[:, 1]) / side).astype(int).tolist()
    return list(dict.fromkeys(zip(columns, rows, strict=True)))[:MOST_TILES]

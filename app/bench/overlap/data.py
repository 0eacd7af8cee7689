"""Invented energy footprints and irregular gebiedsopgaven, the same in every run (RD, metres)."""

from dataclasses import dataclass

import numpy as np
import orjson
import psycopg
import shapely
from numpy.typing import NDArray
from psycopg.types.json import Jsonb

from app.bench.data import COPY, LEVERING, SEED
from app.database import Role, connect
from app.register.crs import Geometries, as_ewkb
from app.settings import Settings

OBJECTEN = "bench-objecten"
OPGAVEN = "bench-opgaven"
# So dense that a footprint meets about six opgaven: 283 000 pairs with 50 000 of them, as in a country with many layers.
SIDE_M = 150_000.0
CORNER = (60_000.0, 380_000.0)
OPGAVE_CORNERS, DRAWN_CORNERS = 60, 50
RADIUS_M, SPREAD = 400.0, 0.6
TURBINE_M, FIELD_M = (15.0, 60.0), (30.0, 150.0)
DRAWN_M = (300.0, 1_500.0)

type Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Ground:
    """Footprints and opgaven, and polygons that someone could draw; `side` is how wide the land is (m)."""

    footprints: Geometries
    opgaven: Geometries
    drawn: Geometries


def make_ground(footprints: int, opgaven: int, drawn: int) -> Ground:
    """Return as many of each as asked, as dense as the full amount would be."""
    random = np.random.default_rng(SEED)
    side = SIDE_M * (opgaven / 100_000) ** 0.5
    turbines = footprints // 2
    return Ground(
        footprints=np.concatenate((_turbines(random, turbines, side), _fields(random, footprints - turbines, side))),
        opgaven=_irregular(random, _places(random, opgaven, side), random.lognormal(np.log(RADIUS_M), SPREAD, opgaven), OPGAVE_CORNERS),
        drawn=_irregular(random, _places(random, drawn, side), random.uniform(*DRAWN_M, drawn), DRAWN_CORNERS),
    )


def _places(random: np.random.Generator, count: int, side: float) -> Numbers:
    places: Numbers = random.uniform(0, side, (count, 2)) + np.array(CORNER)
    return places


def _turbines(random: np.random.Generator, count: int, side: float) -> Geometries:
    circles: Geometries = shapely.buffer(shapely.points(_places(random, count, side)), random.uniform(*TURBINE_M, count), quad_segs=8)
    return circles


def _fields(random: np.random.Generator, count: int, side: float) -> Geometries:
    places, half = _places(random, count, side), random.uniform(*FIELD_M, (count, 2))
    fields: Geometries = shapely.box(*(places - half).T, *(places + half).T)
    return fields


def _irregular(random: np.random.Generator, places: Numbers, radii: Numbers, corners: int) -> Geometries:
    """Return shapes whose border wanders in and out; those that cross themselves are mended to polygons."""
    count = len(places)
    angles = np.tile(np.linspace(0, 2 * np.pi, corners, endpoint=False), (count, 1))
    reach = np.tile(radii[:, None], (1, corners))
    for wave in range(2, 7):
        reach *= 1 + random.uniform(0, 0.6 / wave, (count, 1)) * np.sin(wave * angles + random.uniform(0, 2 * np.pi, (count, 1)))
    x, y = places[:, :1] + reach * np.cos(angles), places[:, 1:] + reach * np.sin(angles)
    rings = np.stack((np.column_stack((x, x[:, 0])), np.column_stack((y, y[:, 0]))), axis=2)
    numbers = np.repeat(np.arange(count), corners + 1)
    shapes: Geometries = shapely.polygons(shapely.linearrings(rings.reshape(-1, 2), indices=numbers))
    return shapes


def store_ground(settings: Settings, ground: Ground) -> None:
    """Store the footprints as solar parks and the opgaven as Natura 2000."""
    with connect(settings, Role.IMPORT) as connection:
        _deliver(connection, OPGAVEN, ground.opgaven, [{"naam": f"Gebied {number}"} for number in range(len(ground.opgaven))])
    store_footprints(settings, ground)


def store_footprints(settings: Settings, ground: Ground, hectares: float = 1.0) -> None:
    """Store the footprints as solar parks, anew if they were there; `hectares` is what the first says of itself."""
    park = {"objecttype": "ZONNEPARK_LAND", "oppervlakte_ha": 1.0}
    told: list[dict[str, object]] = [{**park, "naam": f"Park {number}"} for number in range(len(ground.footprints))]
    with connect(settings, Role.IMPORT) as connection:
        _deliver(connection, OBJECTEN, ground.footprints, [{**told[0], "oppervlakte_ha": hectares}, *told[1:]])


def _deliver(connection: psycopg.Connection, collection: str, shapes: Geometries, told: list[dict[str, object]]) -> None:
    connection.execute("update facts.levering set status = 'SUPERSEDED' where bron = %s", [collection])
    row = connection.execute(LEVERING, [collection, Jsonb([]), Jsonb({})]).fetchone()
    if row is None:
        raise AssertionError
    written = as_ewkb(shapes)
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for number, (properties, geometry) in enumerate(zip(told, written, strict=True)):
            copy.write_row((row[0], collection, f"{number:06}", orjson.dumps(properties).decode(), geometry))
    connection.execute("insert into facts.levering_facts values (%s, %s, %s)", [row[0], f"object/{collection}", len(told)])

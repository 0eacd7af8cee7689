"""Invented facts, the same in every run: points and small polygons spread evenly over the land, and a mosaic like that of gemeenten.

Evenly spread data are the hard case: nothing falls on one spot, so generalising for low zooms has little to leave out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import orjson
import psycopg
import shapely
from numpy.typing import NDArray
from psycopg.types.json import Jsonb

from app.database import Role, connect
from app.register.crs import RD, Geometries, as_ewkb
from app.register.publication import Box
from app.settings import Settings

POINTS = "bench-punten"
SMALL = "bench-vlakken"
MOSAIC = "bench-mozaiek"
# Metres in RD: about where the Netherlands lie.
LAND: Box = (20_000.0, 310_000.0, 270_000.0, 610_000.0)
SEED = 28992
KINDS = ("wind", "zon", "opslag", "station", "warmte")

type Numbers = NDArray[np.float64]

LEVERING = """
insert into facts.levering (bron, title, publisher, license, homepage, peildatum, files, report)
values (%s, 'Meetgegevens', 'Energiebeeld', 'https://creativecommons.org/publicdomain/zero/1.0/', 'https://example.org/', '2026-01-01',
    %s, %s)
returning id
"""
COPY = "copy facts.object (levering_id, collection, object_id, eigenschappen, geometrie) from stdin"


@dataclass(frozen=True)
class Amount:
    """How much there is: points, small polygons, and a mosaic of `columns` × `rows` areas with `edge` vertices on each of four sides.

    `figures` are those of the streamed file; `footprints` are held against so many `opgaven`, and so are `drawn` polygons one by one.
    """

    points: int = 200_000
    small: int = 50_000
    columns: int = 18
    rows: int = 19
    edge: int = 366
    figures: int = 1_000_000
    footprints: int = 50_000
    opgaven: int = 100_000
    drawn: int = 300

    @property
    def mosaic(self) -> int:
        """The number of areas in the mosaic."""
        return self.columns * self.rows


def store_facts(settings: Settings, amount: Amount) -> None:
    """Store all of it as one levering."""
    with connect(settings, Role.IMPORT) as connection:
        row = connection.execute(LEVERING, ["bench", Jsonb([]), Jsonb({})]).fetchone()
        if row is None:
            raise AssertionError
        for collection, geometries in _geometries(amount).items():
            _copy(connection, row[0], collection, geometries)
        connection.execute(
            "insert into facts.levering_facts select levering_id, 'object/' || collection, count(*) from facts.object group by 1, 2"
        )


def _copy(connection: psycopg.Connection, levering_id: int, collection: str, geometries: Geometries) -> None:
    wkb = as_ewkb(geometries)
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for number, (properties, geometry) in enumerate(zip(_properties(collection, geometries), wkb, strict=True)):
            copy.write_row((levering_id, collection, f"{number:06d}", properties, geometry))


def _geometries(amount: Amount) -> dict[str, Geometries]:
    return {
        POINTS: shapely.points(np.round(_spread(amount.points, 1), RD.decimals)),
        SMALL: _small_polygons(amount.small),
        MOSAIC: draw_mosaic(amount),
    }


def _spread(count: int, seed: int) -> Numbers:
    west, south, east, north = LAND
    return np.random.default_rng(SEED + seed).uniform((west, south), (east, north), (count, 2))


def _small_polygons(count: int) -> Geometries:
    """Draw plots of 0.1 to 4 ha with eight uneven corners around a centre."""
    random = np.random.default_rng(SEED + 2)
    angle = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    reach = random.uniform(20, 120, (count, 1)) * random.uniform(0.7, 1.0, (count, 8))
    corners = _spread(count, 3)[:, None, :] + np.stack((reach * np.cos(angle), reach * np.sin(angle)), axis=2)
    drawn: Geometries = shapely.polygons(np.round(corners, RD.decimals))
    return drawn


def draw_mosaic(amount: Amount) -> Geometries:
    """Draw areas that share every vertex of a border with their neighbour."""
    nodes = _nodes(amount)
    across = _edges(nodes[:-1], nodes[1:], amount.edge, 5)
    upward = _edges(nodes[:, :-1], nodes[:, 1:], amount.edge, 6)
    end = nodes[1:, 1:, None]
    rings = np.concatenate(
        (
            across[:, :-1],
            upward[1:],
            np.concatenate((end, across[:, 1:, :0:-1]), axis=2),
            np.concatenate((nodes[:-1, 1:, None], upward[:-1, :, :0:-1]), axis=2),
        ),
        axis=2,
    )
    drawn: Geometries = shapely.polygons(rings.reshape(amount.mosaic, -1, 2))
    return drawn


def _nodes(amount: Amount) -> Numbers:
    """Return where borders meet: (columns + 1) × (rows + 1) places on a shaken grid."""
    west, south, east, north = LAND
    x, y = np.meshgrid(np.linspace(west, east, amount.columns + 1), np.linspace(south, north, amount.rows + 1), indexing="ij")
    cell = min((east - west) / amount.columns, (north - south) / amount.rows)
    shaken = np.stack((x, y), axis=2) + np.random.default_rng(SEED + 4).uniform(-0.15, 0.15, (*x.shape, 2)) * cell
    return np.round(shaken, RD.decimals)


def _edges(start: Numbers, end: Numbers, count: int, seed: int) -> Numbers:
    """Return `count` vertices per border, the first on its start; a border winds, but only across its own straight line."""
    random = np.random.default_rng(SEED + seed)
    along = np.arange(count) / count
    waves = np.arange(1, 40)
    phase = random.uniform(0, 2 * np.pi, (*start.shape[:2], 1, waves.size))
    wind = (np.sin(2 * np.pi * along[:, None] * waves + phase) / waves).sum(axis=3) * np.sin(np.pi * along) * 0.05
    step = (end - start)[:, :, None]
    normal = np.stack((-step[..., 1], step[..., 0]), axis=3)
    return np.round(start[:, :, None] + step * along[:, None] + normal * wind[..., None], RD.decimals)


def _properties(collection: str, geometries: Geometries) -> Iterator[str]:
    random = np.random.default_rng(SEED + 7)
    draws = random.integers(0, 1_000_000, (len(geometries), 4)).tolist()
    describe = {POINTS: _point, SMALL: _plot, MOSAIC: _area}[collection]
    for number, draw in enumerate(draws):
        yield orjson.dumps(describe(number, *draw)).decode()


def _point(number: int, a: int, b: int, c: int, d: int) -> dict[str, object]:
    return {
        "naam": f"Installatie {number:06d}",
        "eigenaar": f"Energiebedrijf {a % 250}",
        "plaats": f"Plaats {b % 2400}",
        "gemeente_code": f"GM{c % 342:04d}",
        "soort": KINDS[a % len(KINDS)],
        "status": ("bestaand", "vergund", "gepland")[b % 3],
        "vermogen_kw": d / 10,
        "spanning_kv": (0.4, 10.0, 20.0, 50.0, 110.0, 150.0, 380.0)[c % 7],
        "bouwjaar": 1950 + d % 76,
        "stuks": 1 + a % 12,
        "in_bedrijf": d % 4 > 0,
        "ingebruikname": f"{1950 + d % 76}-{1 + b % 12:02d}-{1 + c % 28:02d}",
    }


def _plot(number: int, a: int, b: int, c: int, d: int) -> dict[str, object]:
    return {
        "naam": f"Perceel {number:06d}",
        "soort": KINDS[a % len(KINDS)],
        "gemeente_code": f"GM{b % 342:04d}",
        "ruimtebeslag_ha": c / 250_000,
        "bouwjaar": 1950 + d % 76,
    }


def _area(number: int, a: int, b: int, c: int, d: int) -> dict[str, object]:
    return {"naam": f"Gebied {number}", "code": f"GM{number:04d}", "inwoners": 1_000 + (a + b + c + d) % 250_000}

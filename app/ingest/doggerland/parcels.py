"""The farmland of Doggerland: parcels in rows along an axis, without the towns, waters and the odd one that is no farmland."""

from collections.abc import Iterator

import numpy as np
import shapely

from app.ingest.doggerland.areas import Scenery, whereabouts
from app.ingest.doggerland.drawing import blob, snapped
from app.ingest.doggerland.places import TOWN_RADIUS_M
from app.ingest.doggerland.plan import Farmland
from app.ingest.doggerland.sheets import Row, Sheet

DITCH_M = 6.0
LEAST_HA = 4.0
CROPS = ("grasland", "aardappelen", "tarwe", "suikerbieten", "uien", "mais")
CROP_ODDS = (0.42, 0.16, 0.18, 0.1, 0.06, 0.08)
FARMED = 0.94


def draw_farmland(scenery: Scenery, random: np.random.Generator) -> tuple[Sheet, ...]:
    """Return the parcels, and the area within which every parcel is among them."""
    known = {farmland.naam: _known(scenery, farmland) for farmland in scenery.plan.farmland}
    parcels = [row for farmland in scenery.plan.farmland for row in _parcels(scenery, farmland, known[farmland.naam], random)]
    numbered = tuple(Row({"id": f"{number:04d}", **row.cells}, row.geometry) for number, row in enumerate(parcels, 1))
    cover = tuple(Row({"id": f"{number:02d}", "naam": naam}, area) for number, (naam, area) in enumerate(known.items(), 1))
    return Sheet("landbouwgrond", numbered), Sheet("dekking_landbouwgrond", cover)


def _known(scenery: Scenery, farmland: Farmland) -> shapely.Polygon:
    east, north = farmland.radii
    return blob(tuple(scenery.plan.rd((farmland.at,))[0]), (east * 1000, north * 1000), scenery.warp)


def _parcels(scenery: Scenery, farmland: Farmland, known: shapely.Polygon, random: np.random.Generator) -> Iterator[Row]:
    """Yield what is left of each cell of the grid; the crop is drawn for every cell, so that one more town changes no other parcel."""
    cells = _grid(farmland, known)
    provincie = whereabouts(scenery, known, scenery.land.provincies())["provincie"]
    decided = {"regeling": f"Omgevingsverordening {provincie}", "bevoegd_gezag": f"Provincie {provincie}"}
    farmed, crops = random.uniform(size=len(cells)) < FARMED, random.choice(CROPS, size=len(cells), p=CROP_ODDS)
    left = shapely.intersection(cells, _open(scenery, known))
    for index in np.flatnonzero(farmed & (shapely.area(left) >= LEAST_HA * 1e4)):
        parcel = max(shapely.get_parts(snapped(left[index])), key=shapely.area)
        if isinstance(parcel, shapely.Polygon) and parcel.area >= LEAST_HA * 1e4:
            told = {"naam": farmland.naam, "gewas": str(crops[index]), "oppervlakte_ha": round(parcel.area / 1e4, 2)}
            yield Row({**told, **decided}, shapely.normalize(parcel))


def _open(scenery: Scenery, known: shapely.Polygon) -> shapely.Geometry:
    """Return where there is neither water nor a town."""
    towns = shapely.buffer(shapely.multipoints(scenery.plan.rd(tuple(each.centre for each in scenery.plan.gemeenten))), TOWN_RADIUS_M)
    waters = [shapely.buffer(each, DITCH_M) for each in scenery.waters.rivers.values()]
    return shapely.difference(shapely.intersection(known, scenery.whole), shapely.union_all([towns, *waters]))


def _grid(farmland: Farmland, known: shapely.Polygon) -> np.ndarray:
    """Return the rectangles, a ditch apart, that cover the land; their long side runs along the axis."""
    along = np.array(farmland.axis) / np.hypot(*farmland.axis)
    across = np.array((-along[1], along[0]))
    length, width = farmland.size
    reach = int(np.hypot(*(np.array(known.bounds[2:]) - known.bounds[:2])) / 2 // width) + 1
    steps = np.arange(-reach, reach + 1)
    middle = np.array(known.centroid.coords[0])
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * (length - DITCH_M, width - DITCH_M)
    starts = np.stack(np.meshgrid(steps * length, steps * width), axis=-1).reshape(-1, 1, 2)
    rectangles = shapely.polygons(middle + (starts + corners) @ np.vstack((along, across)))
    near: np.ndarray = rectangles[shapely.intersects(rectangles, known)]
    return near

"""How deep the low land of Doggerland lies under water when a dyke breaks, in cells of 50 m."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.transform import Affine, from_origin

from app.ingest.doggerland.areas import Scenery
from app.register.crs import RD

CELL_M = 50.0
NODATA = -9999.0
DEEPEST_M = 4.5
# The water stands highest along the lake and is gone at this distance from it; hills of this width stay dry.
REACH_M = 5_000.0
HILLS_M = 1_600.0
MOST_HILLS = 60

type Cells = NDArray[np.float32]


@dataclass(frozen=True)
class Flood:
    """Depths (m) with the place of the first cell in RD; NODATA outside the land that was computed."""

    depths: Cells
    transform: Affine


def draw_flood(scenery: Scenery, random: np.random.Generator) -> Flood:
    """Return the depth in each cell of the land within reach of the lake, in whole centimetres; 0 where it stays dry."""
    lake = shapely.simplify(scenery.land.lake, CELL_M)
    computed = shapely.intersection(shapely.buffer(lake, REACH_M), scenery.whole)
    west, south, east, north = (float(np.floor(bound / CELL_M) * CELL_M) for bound in shapely.bounds(computed))
    width, height = round((east - west) / CELL_M) + 1, round((north - south) / CELL_M) + 1
    transform = from_origin(west, north + CELL_M, CELL_M, CELL_M)
    x, y = np.meshgrid(west + (np.arange(width) + 0.5) * CELL_M, north + CELL_M - (np.arange(height) + 0.5) * CELL_M)
    inside = rasterize([computed], out_shape=(height, width), transform=transform, dtype="uint8").astype(bool)
    depths = np.full((height, width), NODATA, dtype=np.float32)
    near = 1 - shapely.distance(lake, shapely.points(x[inside], y[inside])) / REACH_M
    depth = DEEPEST_M * near - _hills(random, (x[inside], y[inside]), (west, south, east, north))
    depths[inside] = np.clip(np.rint(depth * 100) / 100, 0.0, None)
    return Flood(depths, transform)


def write_raster(path: Path, flood: Flood) -> None:
    """Write the depths as a GeoTIFF, the same bytes each time."""
    height, width = flood.depths.shape
    kind = {"driver": "GTiff", "dtype": "float32", "count": 1, "nodata": NODATA, "compress": "deflate", "tiled": True}
    with rasterio.open(path, "w", width=width, height=height, crs=f"EPSG:{RD.epsg}", transform=flood.transform, **kind) as raster:
        raster.write(flood.depths, 1)


def _hills(
    random: np.random.Generator, places: tuple[NDArray[np.float64], NDArray[np.float64]], bounds: tuple[float, float, float, float]
) -> NDArray[np.float64]:
    """Return how high the land lies (m): rounded hills here and there."""
    west, south, east, north = bounds
    heights = np.zeros(len(places[0]))
    for _ in range(MOST_HILLS):
        middle, height = (random.uniform(west, east), random.uniform(south, north)), random.uniform(0.5, 2.5)
        squared = (places[0] - middle[0]) ** 2 + (places[1] - middle[1]) ** 2
        heights += height * np.clip(1 - squared / HILLS_M**2, 0, None) ** 2
    return heights

"""Zonal measuring on cells of round numbers: every area can be checked on paper."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import app.ingest  # noqa: F401  (restricts what GDAL may read)

# isort: split
import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from app.layers import RasterClass
from app.overlap.raster import Zone, zones

X, Y = 155_000, 463_000
NODATA = -9999.0
CLASSES = (
    RasterClass.model_validate({"from": 0.5, "to": 2, "label": "ondiep", "colour": "#6baed6", "beperking": "WB-OVS"}),
    RasterClass.model_validate({"from": 2, "label": "diep", "colour": "#08519c", "beperking": "WB-OVS"}),
)


@pytest.fixture
def cells(tmp_path: Path) -> Path:
    """A square kilometre in cells of 25 m around the corner: 3 m deep in the west, 0.25 m in the east, nothing known in the south."""
    values = np.full((40, 40), 0.25, dtype=np.float32)
    values[:, :20] = 3.0
    values[20:, :] = NODATA
    return written(tmp_path / "diepte.tif", values, 25.0)


def written(path: Path, values: np.ndarray, cell: float) -> Path:
    height, width = values.shape
    transform = from_origin(X - width / 2 * cell, Y + height / 2 * cell, cell, cell)
    kind = {"driver": "GTiff", "count": 1, "dtype": "float32", "nodata": NODATA, "crs": "EPSG:28992"}
    with rasterio.open(path, "w", width=width, height=height, transform=transform, **kind) as raster:
        raster.write(values.astype(np.float32), 1)
    return path


def one(path: Path, footprint: shapely.Geometry, *, keep: bool = False, classes: Sequence[RasterClass] = CLASSES) -> Zone:
    (zone,) = zones(path, classes, [footprint], keep=keep)
    return zone


def square(west: float, south: float, side: float) -> shapely.Polygon:
    return shapely.box(X + west, Y + south, X + west + side, Y + south + side)


def test_a_square_half_on_deep_cells_is_half_a_hectare_deep(cells: Path) -> None:
    zone = one(cells, square(-50, 100, 100))
    assert zone.m2 == pytest.approx((0, 5_000))
    assert zone.rest_m2 == pytest.approx(5_000)
    assert (zone.minimum, zone.mean, zone.maximum) == pytest.approx((0.25, 1.625, 3.0))
    assert zone.without_m2 == 0


def test_a_footprint_smaller_than_a_cell_counts_for_its_own_area(cells: Path) -> None:
    zone = one(cells, square(-12, 105, 4))
    assert zone.m2 == pytest.approx((0, 16))
    assert zone.mean == 3.0


def test_a_cell_on_the_border_counts_for_the_part_inside(cells: Path) -> None:
    # 10 m into the cells of 3 m and 7 m into those of 0.25 m, over a height that ends halfway a cell.
    zone = one(cells, shapely.box(X - 10, Y + 30, X + 7, Y + 87.5))
    assert zone.m2 == pytest.approx((0, 10 * 57.5))
    assert zone.rest_m2 == pytest.approx(7 * 57.5)
    assert zone.mean == pytest.approx((10 * 3 + 7 * 0.25) / 17)


def test_where_nothing_is_known_nothing_is_judged(cells: Path) -> None:
    half = one(cells, square(-100, -50, 100))
    assert half.m2 == pytest.approx((0, 5_000))
    assert half.without_m2 == pytest.approx(5_000)
    assert half.share_without == pytest.approx(0.5)
    beyond = one(cells, square(480, 100, 100))
    assert beyond.rest_m2 == pytest.approx(20 * 100)
    assert beyond.without_m2 == pytest.approx(80 * 100)
    nowhere = one(cells, square(5_000, 5_000, 100))
    assert (nowhere.m2, nowhere.without_m2, nowhere.mean) == ((0, 0), pytest.approx(10_000), None)


def test_a_class_holds_its_lower_bound_and_not_its_upper(tmp_path: Path) -> None:
    zone = one(written(tmp_path / "grens.tif", np.array([[0.5, 2.0]]), 10.0), shapely.box(X - 10, Y - 5, X + 10, Y + 5))
    assert zone.m2 == pytest.approx((100, 100))


def test_the_geometry_is_the_part_on_the_cells_of_a_class(cells: Path) -> None:
    footprint = shapely.Point(X, Y + 200).buffer(130)
    zone = one(cells, footprint, keep=True)
    west = shapely.intersection(footprint, shapely.box(X - 500, Y, X, Y + 500))
    assert shapely.area(zone.pieces[0]) == 0
    assert shapely.area(shapely.symmetric_difference(zone.pieces[1], west)) == pytest.approx(0, abs=1e-3)
    assert zone.m2[1] == pytest.approx(shapely.area(west), rel=1e-9)


def test_any_shape_measures_what_overlaying_every_cell_measures(tmp_path: Path) -> None:
    random = np.random.default_rng(20261128)
    values = random.uniform(0, 4, (700, 600)).astype(np.float32).astype(float)
    values[random.uniform(size=values.shape) < 0.1] = NODATA
    path = written(tmp_path / "ruis.tif", values, 10.0)
    shapes = [_star(random, points, reach) for points, reach in ((5, 30), (40, 300), (200, 2_500), (9, 4_000))]
    shapes.append(shapely.difference(square(-505, -505, 1_000), square(-300, -300, 405)))
    shapes.append(shapely.MultiPolygon([square(-3_000, 0, 15), square(2_995, 3_000, 15)]))
    for footprint, zone in zip(shapes, zones(path, CLASSES, shapes), strict=True):
        expected, mean, known = _by_overlay(footprint, values)
        assert zone.m2 == pytest.approx(expected, rel=1e-9, abs=1e-5)
        assert sum(zone.m2) + zone.rest_m2 == pytest.approx(known, rel=1e-9)
        assert zone.mean == pytest.approx(mean, rel=1e-9)
        assert sum(zone.m2) + zone.rest_m2 + zone.without_m2 == pytest.approx(shapely.area(footprint), rel=1e-9)


def test_threads_measure_the_same_beside_each_other(cells: Path) -> None:
    footprints = [square(west, 100, 90) for west in range(-400, 300, 10)]
    alone = list(zones(cells, CLASSES, footprints))
    with ThreadPoolExecutor(8) as threads:
        beside = threads.map(lambda _: list(zones(cells, CLASSES, footprints)), range(16))
        assert all(each == alone for each in beside)


def _star(random: np.random.Generator, points: int, reach: float) -> shapely.Polygon:
    angles = np.sort(random.uniform(0, 2 * np.pi, points))
    radii = random.uniform(0.3, 1, points) * reach
    return shapely.make_valid(shapely.Polygon(np.column_stack((X + radii * np.cos(angles), Y + radii * np.sin(angles)))))


def _by_overlay(footprint: shapely.Geometry, values: np.ndarray) -> tuple[list[float], float, float]:
    """Overlay the footprint with every cell in its reach: slow, and plain."""
    height, width = values.shape
    columns, rows = np.meshgrid(np.arange(width), np.arange(height))
    west, north = X - width * 5 + columns * 10, Y + height * 5 - rows * 10
    boxes = shapely.box(west, north - 10, west + 10, north).ravel()
    near = shapely.STRtree(boxes).query(footprint)
    areas, there = shapely.area(shapely.intersection(boxes[near], footprint)), values.ravel()[near]
    known = there != NODATA
    shallow, deep = known & (there >= 0.5) & (there < 2), known & (there >= 2)
    return [areas[shallow].sum(), areas[deep].sum()], (areas @ (there * known)) / areas[known].sum(), areas[known].sum()

"""Zonal measuring: how much of a footprint lies on cells of each class of a raster, and what the values there are, in RD (EPSG:28992).

Areas are exact: a cell that the border of a footprint crosses counts for the part inside, every other cell wholly or not at all. Cells
are read and weighed in squares of one block at a time, so memory does not depend on how large footprint or raster is; each call opens
the file itself, so calls may run in threads beside each other.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize, shapes
from rasterio.io import DatasetReader
from rasterio.transform import Affine
from rasterio.windows import Window

from app.layers import RasterClass

# The side of what is weighed at a time, in cells: a block of the files that the import writes.
SQUARE = 256
# A cell that shares less than this part of itself with a footprint does not speak for it: two borders that touch.
TOUCH = 1e-9
NO_CLASS = -1

type Numbers = NDArray[np.int64]
type Metres = NDArray[np.float64]
type Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Zone:
    """What a raster says of one footprint: the area (m²) per class, that of values in no class, and that without data.

    `minimum`, `mean` (by area) and `maximum` are of the values in it; None where it has no data at all. `pieces` are the parts of the
    footprint per class, when asked.
    """

    m2: tuple[float, ...]
    rest_m2: float
    without_m2: float
    minimum: float | None
    mean: float | None
    maximum: float | None
    pieces: tuple[shapely.Geometry, ...] = ()

    @property
    def share_without(self) -> float:
        """The part (0 to 1) of the footprint that the raster says nothing of."""
        whole = sum(self.m2) + self.rest_m2 + self.without_m2
        return self.without_m2 / whole if whole else 1.0


def zones(path: Path, classes: Sequence[RasterClass], footprints: Iterable[shapely.Geometry], *, keep: bool = False) -> Iterator[Zone]:
    """Yield the Zone of each footprint (polygons, RD) on a GeoTIFF in RD with one band; `keep` keeps the geometry per class."""
    with rasterio.open(path, driver="GTiff") as raster:
        grid = _Grid.of(raster)
        for footprint in footprints:
            tally = _Tally(len(classes))
            for square in _squares(footprint, grid):
                _weigh(square, _values(raster, square), classes, tally)
                if keep:
                    _cut(square, tally)
            yield tally.zone(float(shapely.area(footprint)), keep=keep)


def classify(values: Metres, classes: Sequence[RasterClass]) -> Numbers:
    """Return of each value the number of its class, NO_CLASS where it is in none; a class holds `from` and not `to`."""
    found = np.full(values.shape, NO_CLASS, dtype=np.int64)
    for number, each in enumerate(classes):
        inside: Mask = values >= each.low
        found[inside & (values < each.to) if each.to is not None else inside] = number
    return found


def count_cells(path: Path, classes: Sequence[RasterClass]) -> list[tuple[int, float]]:
    """Return of each class how many cells of a whole GeoTIFF are in it, and their area (m²)."""
    found = np.zeros(len(classes) + 1, dtype=np.int64)
    with rasterio.open(path, driver="GTiff") as raster:
        for _, window in raster.block_windows(1):
            values = raster.read(1, window=window, masked=True).compressed().astype(np.float64)
            found += np.bincount(classify(values, classes) + 1, minlength=len(classes) + 1)
        cell_m2 = _Grid.of(raster).cell_m2
    return [(int(cells), int(cells) * cell_m2) for cells in found[1:]]


@dataclass(frozen=True)
class _Grid:
    """Where the cells of a raster lie: rows go south, columns east."""

    transform: Affine
    width: int
    height: int

    @classmethod
    def of(cls, raster: DatasetReader) -> "_Grid":
        return cls(raster.transform, raster.width, raster.height)

    @property
    def cell_m2(self) -> float:
        return float(abs(self.transform.a * self.transform.e))

    def to_cells(self, coordinates: Metres) -> Metres:
        """Return coordinates (x, y) as (column, row), with fractions."""
        origin, size = (self.transform.c, self.transform.f), (self.transform.a, self.transform.e)
        cells: Metres = (coordinates - origin) / size
        return cells

    def boxes(self, rows: Numbers, columns: Numbers) -> NDArray[np.object_]:
        """Return cells as polygons."""
        west, north = self.transform.c + columns * self.transform.a, self.transform.f + rows * self.transform.e
        boxes: NDArray[np.object_] = shapely.box(west, north + self.transform.e, west + self.transform.a, north)
        return boxes


@dataclass(frozen=True)
class _Square:
    """A part of a footprint within a square of cells: the cells from (`row`, `column`), and how much (m²) of each lies inside."""

    grid: _Grid
    row: int
    column: int
    part: shapely.Geometry
    inside: Metres

    @property
    def window(self) -> Window:
        return Window(self.column, self.row, self.inside.shape[1], self.inside.shape[0])

    @property
    def transform(self) -> Affine:
        return self.grid.transform @ Affine.translation(self.column, self.row)


@dataclass
class _Tally:
    """Adds up the squares of one footprint."""

    classes: int
    m2: Metres = field(init=False)
    rest_m2: float = 0.0
    weighted: float = 0.0
    minimum: float = np.inf
    maximum: float = -np.inf
    found: list[tuple[int, shapely.Geometry]] = field(default_factory=list)
    last: Numbers = field(init=False)

    def __post_init__(self) -> None:
        self.m2 = np.zeros(self.classes)

    def zone(self, footprint_m2: float, *, keep: bool) -> Zone:
        known = float(self.m2.sum()) + self.rest_m2
        return Zone(
            m2=tuple(self.m2.tolist()),
            rest_m2=self.rest_m2,
            without_m2=max(footprint_m2 - known, 0.0) if footprint_m2 - known > TOUCH * footprint_m2 else 0.0,
            minimum=float(self.minimum) if known else None,
            mean=self.weighted / known if known else None,
            maximum=float(self.maximum) if known else None,
            pieces=tuple(map(self._piece, range(self.classes))) if keep else (),
        )

    def _piece(self, number: int) -> shapely.Geometry:
        return shapely.union_all([piece for which, piece in self.found if which == number])


def _squares(footprint: shapely.Geometry, grid: _Grid) -> Iterator[_Square]:
    """Yield the squares of cells that the footprint reaches, without those that it leaves empty."""
    if shapely.is_empty(footprint):
        return
    crossed = _crossed(footprint, grid)
    west, south, east, north = shapely.bounds(footprint)
    (left, top), (right, bottom) = grid.to_cells(np.array([[west, north], [east, south]]))
    rows = range(max(int(np.floor(top)), 0) // SQUARE * SQUARE, min(int(np.ceil(bottom)), grid.height), SQUARE)
    for row in rows:
        for column in range(max(int(np.floor(left)), 0) // SQUARE * SQUARE, min(int(np.ceil(right)), grid.width), SQUARE):
            first, last = (max(row, int(np.floor(top))), max(column, int(np.floor(left)))), (int(np.ceil(bottom)), int(np.ceil(right)))
            shape = (min(row + SQUARE, grid.height, last[0]) - first[0], min(column + SQUARE, grid.width, last[1]) - first[1])
            square = _square(footprint, grid, first, (shape, crossed))
            if square is not None:
                yield square


def _square(footprint: shapely.Geometry, grid: _Grid, first: tuple[int, int], extent: tuple[tuple[int, int], Numbers]) -> _Square | None:
    (height, width), crossed = extent
    row, column = first
    if height <= 0 or width <= 0:
        return None
    here = crossed[(crossed[:, 0] >= row) & (crossed[:, 0] < row + height) & (crossed[:, 1] >= column) & (crossed[:, 1] < column + width)]
    corners = grid.transform @ (column, row), grid.transform @ (column + width, row + height)
    box = shapely.box(corners[0][0], corners[1][1], corners[1][0], corners[0][1])
    part = footprint if shapely.covers(box, shapely.envelope(footprint)) else shapely.intersection(footprint, box)
    if shapely.area(part) == 0:
        return None
    inside = np.zeros((height, width))
    if len(here) < height * width:
        transform = grid.transform @ Affine.translation(column, row)
        inside[:] = rasterize([part], out_shape=(height, width), transform=transform, dtype="uint8") * grid.cell_m2
    inside[here[:, 0] - row, here[:, 1] - column] = shapely.area(shapely.intersection(grid.boxes(here[:, 0], here[:, 1]), part))
    return _Square(grid, row, column, part, inside)


def _crossed(footprint: shapely.Geometry, grid: _Grid) -> Numbers:
    """Return the cells (row, column) that the border of a footprint crosses, found from where it passes from cell to cell."""
    rings, owners = shapely.get_coordinates(shapely.get_parts(shapely.get_rings(shapely.get_parts(footprint))), return_index=True)
    cells = grid.to_cells(rings)
    whole = owners[1:] == owners[:-1]
    start, step = cells[:-1][whole], np.diff(cells, axis=0)[whole]
    segments = np.arange(len(start))
    passes = [_passes(start[:, axis], step[:, axis]) for axis in (0, 1)]
    which = np.concatenate([segments, segments, *(segment for segment, _ in passes)])
    when = np.concatenate([np.zeros(len(start)), np.ones(len(start)), *(moment for _, moment in passes)])
    order = np.lexsort((when, which))
    which, when = which[order], when[order]
    between = which[1:] == which[:-1]
    middle, segment = ((when[1:] + when[:-1]) / 2)[between], which[:-1][between]
    found = np.floor(start[segment] + middle[:, None] * step[segment]).astype(np.int64)
    unique: Numbers = np.unique(found[:, ::-1], axis=0)
    return unique


def _passes(start: Metres, step: Metres) -> tuple[Numbers, Metres]:
    """Return for each whole number that a segment passes the number of the segment, and where on it (0 to 1) that is."""
    end = start + step
    low, high = np.floor(np.minimum(start, end)), np.floor(np.maximum(start, end))
    counts = (high - low).astype(np.int64)
    segment = np.repeat(np.arange(len(start)), counts)
    nth = np.arange(len(segment)) - np.repeat(np.cumsum(counts) - counts, counts)
    return segment, np.clip((low[segment] + 1 + nth - start[segment]) / step[segment], 0.0, 1.0)


def _values(raster: DatasetReader, square: _Square) -> np.ma.MaskedArray[tuple[int, ...], np.dtype[np.float64]]:
    read = raster.read(1, window=square.window, masked=True)
    return np.ma.masked_invalid(read.astype(np.float64))


def _weigh(
    square: _Square, values: np.ma.MaskedArray[tuple[int, ...], np.dtype[np.float64]], classes: Sequence[RasterClass], tally: _Tally
) -> None:
    """Add a square to the tally, and remember which class each of its cells is."""
    known = ~np.ma.getmaskarray(values) & (square.inside > TOUCH * square.grid.cell_m2)
    numbers = classify(np.ma.getdata(values), classes)
    tally.last = np.where(known, numbers, NO_CLASS)
    if not known.any():
        return
    weights, there = square.inside[known], np.ma.getdata(values)[known]
    sums = np.bincount(numbers[known] + 1, weights=weights, minlength=len(classes) + 1)
    tally.rest_m2 += float(sums[0])
    tally.m2 += sums[1:]
    tally.weighted += float(weights @ there)
    tally.minimum, tally.maximum = min(tally.minimum, float(there.min())), max(tally.maximum, float(there.max()))


def _cut(square: _Square, tally: _Tally) -> None:
    """Keep what of the footprint lies on the cells of each class in a square."""
    drawn = shapes(tally.last.astype(np.int16), mask=tally.last != NO_CLASS, transform=square.transform)
    tally.found.extend((int(number), shapely.intersection(shapely.geometry.shape(outline), square.part)) for outline, number in drawn)

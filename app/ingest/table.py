"""A layer as it was read: attributes, geometry, and which row of the file each came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

type Mask = NDArray[np.bool_]
type Geometries = NDArray[np.object_]


@dataclass(frozen=True)
class Geometry:
    """The geometry of a table in `crs` (as the file states it, or None), with what reading it would hide.

    `shapes` holds None where there is none; `curved`, `measured` and `unclosed` tell which rows had arcs, measures or open rings, and
    `unreadable` which had bytes that are no geometry.
    """

    shapes: Geometries
    crs: str | None
    curved: Mask
    measured: Mask
    unclosed: Mask
    unreadable: Mask

    def at(self, chosen: NDArray[np.int64] | Mask) -> "Geometry":
        """Return the geometry of these rows."""
        masks = (self.curved, self.measured, self.unclosed, self.unreadable)
        return Geometry(self.shapes[chosen], self.crs, *(mask[chosen] for mask in masks))

    def with_shapes(self, shapes: Geometries) -> "Geometry":
        """Return the same with other shapes."""
        return replace(self, shapes=shapes)


@dataclass(frozen=True)
class Table:
    """Rows of one layer; `rows` are the numbers a user knows them by: feature 1, 2, 3 or the line of a CSV.

    `headings` is what stands above each column of a cross table that holds figures, by the name of the row it stands in.
    """

    attributes: pd.DataFrame
    rows: NDArray[np.int64]
    geometry: Geometry | None = None
    headings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def at(self, chosen: NDArray[np.int64] | Mask) -> "Table":
        """Return these rows only."""
        geometry = None if self.geometry is None else self.geometry.at(chosen)
        return Table(self.attributes.iloc[np.flatnonzero(chosen) if chosen.dtype == bool else chosen], self.rows[chosen], geometry)

    def with_shapes(self, shapes: Geometries) -> "Table":
        """Return the same rows with other shapes."""
        if self.geometry is None:
            return self
        return replace(self, geometry=self.geometry.with_shapes(shapes))


def is_finite(shapes: Geometries) -> Mask:
    """Tell which shapes have only finite coordinates; a missing one has."""
    coordinates, rows = shapely.get_coordinates(shapes, return_index=True)
    finite = np.ones(len(shapes), dtype=bool)
    finite[rows[~np.isfinite(coordinates).all(axis=1)]] = False
    return finite


def plain_geometry(shapes: Geometries, crs: str | None) -> Geometry:
    """Return geometry about which nothing was hidden."""
    nothing = np.zeros(len(shapes), dtype=bool)
    return Geometry(shapes, crs, nothing, nothing, nothing, nothing)


def geometry_of_wkb(wkb: Geometries, crs: str | None) -> Geometry:
    """Read WKB without losing rows: rings that do not close are closed and marked, what is no geometry at all is marked."""
    shapes = shapely.from_wkb(wkb, on_invalid="ignore")
    given = np.array([each is not None for each in wkb], dtype=bool)
    return _marked(shapes, given, shapely.from_wkb(_only_where(_lost(shapes, given), wkb), on_invalid="fix"), crs)


def geometry_of_wkt(wkt: Geometries, crs: str | None) -> Geometry:
    """Read WKT (None without geometry) in the same way."""
    shapes = shapely.from_wkt(wkt, on_invalid="ignore")
    given = np.array([each is not None for each in wkt], dtype=bool)
    return _marked(shapes, given, shapely.from_wkt(_only_where(_lost(shapes, given), wkt), on_invalid="fix"), crs)


def _only_where(chosen: Mask, values: Geometries) -> Geometries:
    kept = np.full(len(values), None, dtype=object)
    kept[chosen] = values[chosen]
    return kept


def _lost(shapes: Geometries, given: Mask) -> Mask:
    lost: Mask = given & shapely.is_missing(shapes)
    return lost


def _marked(shapes: Geometries, given: Mask, fixed: Geometries, crs: str | None) -> Geometry:
    lost = _lost(shapes, given)
    unclosed = lost & ~shapely.is_missing(fixed)
    nothing = np.zeros(len(shapes), dtype=bool)
    return Geometry(np.where(unclosed, fixed, shapes), crs, nothing, nothing, unclosed, lost & ~unclosed)

"""Generalise a layer for low zooms: what a tile cannot show is not in it, and what it does show stays where it was."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from app.layers import Geometry, Layer
from app.publish.projecting import Numbers
from app.register.crs import Geometries

# WebMercatorQuad levels up to which an overview serves, coarsest last.
MAX_ZOOMS = (11, 9, 7, 5, 3)
PIXELS_PER_TILE = 512
# The world's circumference in 3857 is this much too long at 52 degrees north.
STRETCH = 1.62
WORLD = 40_075_016.68
MARKER_PIXELS = 4
SPECK_PIXELS = 2
SMALLEST_WORTH_IT = 4_000
WORTH_IT = 0.7


@dataclass(frozen=True)
class Generalised:
    """Geometry for tiles up to `max_zoom`: per kept feature its rid, its RD geometry and how many features it stands for."""

    max_zoom: int
    resolution: float
    rids: Numbers
    geometries: Geometries
    counts: Numbers


def generalise(layer: Layer, rids: Numbers, geometries: Geometries) -> Iterator[Generalised]:
    """Yield the overviews that are worth their room, finest first; `geometries` are in RD metres."""
    current = _Features(rids, geometries, np.ones(len(rids), dtype=np.int64))
    vertices = int(shapely.get_num_coordinates(geometries).sum())
    for max_zoom in MAX_ZOOMS:
        if vertices < SMALLEST_WORTH_IT:
            return
        resolution = pixel_size(max_zoom)
        coarser = _simplified(layer, _thinned(layer, current, resolution), resolution)
        left = int(shapely.get_num_coordinates(coarser.geometries).sum())
        if left < vertices * WORTH_IT:
            yield Generalised(max_zoom, resolution, coarser.rids, coarser.geometries, coarser.counts)
            current, vertices = coarser, left


def pixel_size(zoom: int) -> float:
    """Return the RD metres in one of the 512 pixels of a WebMercatorQuad tile, at Dutch latitudes."""
    return WORLD / float(2**zoom) / PIXELS_PER_TILE / STRETCH


@dataclass(frozen=True)
class _Features:
    rids: Numbers
    geometries: Geometries
    counts: Numbers

    def __getitem__(self, keep: NDArray[np.int64] | NDArray[np.bool_]) -> "_Features":
        return _Features(self.rids[keep], self.geometries[keep], self.counts[keep])


def _thinned(layer: Layer, features: _Features, resolution: float) -> _Features:
    """Let one of the features that fall on one spot stand for all of them; features larger than the spot stay themselves."""
    spot = resolution * (MARKER_PIXELS if layer.geometry is Geometry.POINT else SPECK_PIXELS)
    bounds = shapely.bounds(features.geometries)
    small = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]) < spot
    if layer.mosaic or not small.any():
        return features
    centre = np.floor(np.column_stack((bounds[:, 0] + bounds[:, 2], bounds[:, 1] + bounds[:, 3])) / 2 / spot).astype(np.int64)
    cells = np.where(small[:, None], centre, np.column_stack((np.full(len(small), np.iinfo(np.int64).min), features.rids)))
    _, first, inverse = np.unique(cells, axis=0, return_index=True, return_inverse=True)
    counts = np.bincount(inverse.ravel(), weights=features.counts).astype(np.int64)
    geometries = features.geometries.copy()
    if layer.geometry is Geometry.POLYGON:
        geometries[small] = _pixels(centre[small], spot)
    kept = _Features(features.rids[first], geometries[first], counts)
    return kept[np.argsort(kept.rids)]


def _pixels(cells: Numbers, size: float) -> Geometries:
    """Draw an area smaller than a pixel as that pixel, because a tile drops what collapses."""
    corner = cells * size
    boxes: Geometries = shapely.box(corner[:, 0], corner[:, 1], corner[:, 0] + size, corner[:, 1] + size)
    return boxes


def _simplified(layer: Layer, features: _Features, resolution: float) -> _Features:
    """Drop vertices that no pixel shows; neighbours in a mosaic keep their shared border (GEOS coverage simplification)."""
    if layer.geometry is Geometry.POINT:
        return features
    # Visvalingam-Whyatt as GEOS does it: the tolerance is the root of the smallest triangle's area.
    simplified = (
        shapely.coverage_simplify(features.geometries, tolerance=resolution)
        if layer.mosaic
        else shapely.simplify(features.geometries, resolution / 2, preserve_topology=True)
    )
    return _Features(features.rids, np.asarray(simplified, dtype=object), features.counts)

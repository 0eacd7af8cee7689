"""Rasters in the overlap: the classes of their cells are opgaven like any other, and cells without data are what nobody knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from app.layers import RasterLayer
from app.overlap.measuring import Geometries, Measured

if TYPE_CHECKING:
    from app.overlap.raster import Zone


@dataclass(frozen=True)
class Cells:
    """One raster: its layer, the file with its cells, and which opgave (a number) each class is that counts."""

    layer: RasterLayer
    path: Path
    opgaven: Mapping[int, int]

    def measure(self, footprints: Sequence[shapely.Geometry] | Geometries) -> tuple[Measured, list[float]]:
        """Return the pairs of footprints (RD, by their place) and classes, and of each footprint which share has data."""
        # Imported when first measured: a worker that has no rasters need not have the libraries for them in memory.
        from app.overlap.raster import zones  # noqa: PLC0415

        found = list(zones(self.path, self.layer.raster.classes, footprints, keep=True))
        pairs = [
            (place, nr, zone.m2[number], zone.pieces[number])
            for place, zone in enumerate(found)
            for number, nr in self.opgaven.items()
            if zone.m2[number] > 0
        ]
        return _as_measured(pairs), [_share_with(zone) for zone in found]


def _share_with(zone: "Zone") -> float:
    # What has data up to the last square millimetre has it.
    return 1.0 if zone.share_without < 1e-6 else 1.0 - zone.share_without


def _as_measured(pairs: Sequence[tuple[int, int, float, shapely.Geometry]]) -> Measured:
    if not pairs:
        return Measured.nothing()
    places, numbers, areas, pieces = zip(*pairs, strict=True)
    return Measured(
        footprints=np.array(places, dtype=np.int64),
        opgaven=np.array(numbers, dtype=np.int64),
        m2=np.array(areas),
        afstand_m=np.zeros(len(pairs)),
        meets=np.ones(len(pairs), dtype=bool),
        pieces=np.array([*pieces, None], dtype=object)[:-1],
        piece_pairs=np.arange(len(pairs)),
    )

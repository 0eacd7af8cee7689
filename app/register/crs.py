"""The coordinate systems a client may ask for, and the one way coordinates are transformed.

RD (EPSG:28992) goes to ETRS89 (EPSG:4258) with the RDNAPTRANS2018 grid. CRS84, EPSG:4326 and EPSG:9067 take the numbers of
ETRS89 unchanged: the null transformation that the Dutch geospatial module allows (Logius API Design Rules, `/geo/ensemble-member-crs`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.datadir import append_data_dir

from app.problems import BadRequest

GRID_FILES = ("nl_nsgi_rdtrans2018.tif", "nl_nsgi_rdcorr2018.tif")
ETRS89_FAMILY = frozenset({4258, 4326, 9067})

type Geometries = NDArray[np.object_]


@dataclass(frozen=True)
class Crs:
    """A coordinate system of the service: its URI, the stored geometry that answers it, and how coordinates are written."""

    uri: str
    name: str
    epsg: int
    column: str
    decimals: int
    latitude_first: bool = False

    @property
    def srid(self) -> int:
        """The SRID of the stored geometry that answers it."""
        return 4326 if self.column == "geom_crs84" else self.epsg


CRS84 = Crs("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "WGS 84 (lengte, breedte)", 4326, "geom_crs84", 9)
RD = Crs("http://www.opengis.net/def/crs/EPSG/0/28992", "RD New", 28992, "geom_rd", 3)
ETRS89 = Crs("http://www.opengis.net/def/crs/EPSG/0/4258", "ETRS89 (breedte, lengte)", 4258, "geom_crs84", 9, latitude_first=True)
ETRF2000 = Crs("http://www.opengis.net/def/crs/EPSG/0/9067", "ETRF2000 (breedte, lengte)", 9067, "geom_crs84", 9, latitude_first=True)
WEB_MERCATOR = Crs("http://www.opengis.net/def/crs/EPSG/0/3857", "Web Mercator, alleen voor beeld", 3857, "geom_3857", 3)

SUPPORTED = (CRS84, RD, ETRS89, ETRF2000, WEB_MERCATOR)
BY_URI = {crs.uri: crs for crs in SUPPORTED}


def crs_of(uri: str, parameter: str = "crs") -> Crs:
    """Return the supported coordinate system with this URI, or raise BadRequest naming the parameter and the choices."""
    try:
        return BY_URI[uri]
    except KeyError:
        choices = ", ".join(BY_URI)
        raise BadRequest(f"De waarde {uri!r} van {parameter!r} is geen coördinatenstelsel van deze service. Kies uit: {choices}.") from None


def use_grid(folder: Path) -> bool:
    """Let PROJ find the RDNAPTRANS grid in `folder`; tell whether RD is now transformed with it (otherwise to about 0.25 m)."""
    if folder.is_dir():
        append_data_dir(folder)
    _transformer.cache_clear()
    return grid_is_used()


def grid_is_used() -> bool:
    """Tell whether the control point (155000, 463000) lands where RDNAPTRANS2018 says, to 0.1 mm."""
    longitude, latitude = _transformer(RD.epsg, ETRS89.epsg).transform(155_000.0, 463_000.0)
    return bool(abs(longitude - 5.387203650020) < 1e-9 and abs(latitude - 52.155172887408) < 1e-9)


def to_rd(geometries: Geometries, epsg: int) -> Geometries:
    """Transform x/y (lon/lat) coordinates of `epsg` to RD in metres, rounded to the millimetre."""
    return _transform(geometries, epsg, RD.epsg, RD.decimals)


def from_rd(geometries: Geometries, crs: Crs) -> Geometries:
    """Transform RD to `crs`, always x/y (lon/lat), rounded to the decimals in which the service writes it."""
    return _transform(geometries, RD.epsg, crs.epsg, crs.decimals)


def _transform(geometries: Geometries, source: int, target: int, decimals: int) -> Geometries:
    steps = list(_steps(source, target))

    def moved(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = coordinates[:, 0], coordinates[:, 1]
        for step in steps:
            x, y = step.transform(x, y)
        return np.round(np.column_stack((x, y)), decimals)

    transformed: Geometries = shapely.transform(geometries, moved)
    return transformed


def _steps(source: int, target: int) -> Iterable[pyproj.Transformer]:
    """Go between RD and anything else by way of ETRS89, because a direct path may choose an operation of one metre."""
    if source == target:
        return
    if RD.epsg in (source, target):
        if source == RD.epsg:
            yield _transformer(RD.epsg, ETRS89.epsg)
            yield from _steps(4326, target)
        else:
            yield from _steps(source, 4326)
            yield _transformer(ETRS89.epsg, RD.epsg)
    elif not {source, target} <= ETRS89_FAMILY:
        yield _transformer(source, target)


@cache
def _transformer(source: int, target: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)

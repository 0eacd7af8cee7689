"""The coordinate systems a client may ask for, and the one way coordinates are transformed.

RD (EPSG:28992) goes to ETRS89 (EPSG:4258) with the RDNAPTRANS2018 grid. CRS84, EPSG:4326 and EPSG:9067 take the numbers of
ETRS89 unchanged: the null transformation that the Dutch geospatial module allows (Logius API Design Rules, `/geo/ensemble-member-crs`).
"""

import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.datadir import append_data_dir
from pyproj.transformer import TransformerGroup

from app.problems import BadRequest

ETRS89_FAMILY = frozenset({4258, 4326, 9067})

type Geometries = NDArray[np.object_]
type Numbers = NDArray[np.float64]
type Step = Callable[[Numbers, Numbers], tuple[Numbers, Numbers]]


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
    _step.cache_clear()
    return grid_is_used()


def grid_is_used() -> bool:
    """Tell whether the control point (155000, 463000) lands where RDNAPTRANS2018 says, to 0.1 mm."""
    longitude, latitude = _step(RD.epsg, ETRS89.epsg)(np.array([155_000.0]), np.array([463_000.0]))
    return bool(abs(longitude[0] - 5.387203650020) < 1e-9 and abs(latitude[0] - 52.155172887408) < 1e-9)


def as_ewkb(geometries: Geometries) -> list[str]:
    """Return RD geometries as PostGIS reads them from text: EWKB in hexadecimals, with the SRID."""
    written: list[str] = shapely.to_wkb(shapely.set_srid(geometries, RD.epsg), hex=True, include_srid=True).tolist()
    return written


def to_rd(geometries: Geometries, epsg: int) -> Geometries:
    """Transform x/y (lon/lat) coordinates of `epsg` to RD in metres, rounded to the millimetre."""
    return _transform(geometries, epsg, RD.epsg, RD.decimals)


def from_rd(geometries: Geometries, crs: Crs) -> Geometries:
    """Transform RD to `crs`, always x/y (lon/lat), rounded to the decimals in which the service writes it."""
    return _transform(geometries, RD.epsg, crs.epsg, crs.decimals)


def _transform(geometries: Geometries, source: int, target: int, decimals: int) -> Geometries:
    steps = list(_steps(source, target))

    def moved(coordinates: Numbers) -> Numbers:
        x, y = coordinates[:, 0], coordinates[:, 1]
        for step in steps:
            x, y = step(x, y)
        return np.round(np.column_stack((x, y)), decimals)

    transformed: Geometries = shapely.transform(geometries, moved)
    return transformed


def _steps(source: int, target: int) -> Iterable[Step]:
    """Go between RD and anything else by way of ETRS89, because a direct path may choose an operation of one metre."""
    if source == target:
        return
    if RD.epsg in (source, target):
        if source == RD.epsg:
            yield _step(RD.epsg, ETRS89.epsg)
            yield from _steps(4326, target)
        else:
            yield from _steps(source, 4326)
            yield _step(ETRS89.epsg, RD.epsg)
    elif not {source, target} <= ETRS89_FAMILY:
        yield _step(source, target)


@cache
def _step(source: int, target: int) -> Step:
    if {source, target} == {RD.epsg, ETRS89.epsg}:
        return _by_grid(source, target)
    step: Step = pyproj.Transformer.from_crs(source, target, always_xy=True).transform
    return step


def _by_grid(source: int, target: int) -> Step:
    """Use the grid wherever it reaches, and the operation without it beyond.

    Left alone, PROJ leaves the grid outside 3.20-7.22 E, 50.75-53.70 N (EPSG's area of use): a jump of 0.22 m in the east of Groningen,
    and other coordinates back than went in. The grid covers the whole Dutch part of the North Sea and fades to zero around it.
    """
    with warnings.catch_warnings():
        # That the grid is missing is told elsewhere.
        warnings.simplefilter("ignore")
        operations = TransformerGroup(source, target, always_xy=True).transformers
    # Transformers of a group may not be shared between threads; those made from their definition may.
    best, last = (pyproj.Transformer.from_pipeline(operations[at].definition) for at in (0, -1))

    def step(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
        there, beyond = best.transform(x, y), last.transform(x, y)
        reached = np.isfinite(there[0])
        return np.where(reached, there[0], beyond[0]), np.where(reached, there[1], beyond[1])

    return step

"""The waters of Doggerland: rivers that widen and wind towards their mouth, and the large waters around and within the land."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from app.ingest.doggerland.drawing import Octave, Points, Warp, between, curve, dense, fading, largest, meander, ribbon, snapped
from app.ingest.doggerland.land import SPACING, Land
from app.ingest.doggerland.plan import Plan, River, Stretch

WANDER = (Octave(7_000, 1_400), Octave(2_600, 420), Octave(900, 110))


@dataclass(frozen=True)
class Waters:
    """The centre line of each river and the surface of each river and each large water, by name."""

    lines: Mapping[str, shapely.LineString]
    rivers: Mapping[str, shapely.Polygon]
    large: Mapping[str, shapely.Polygon]


def draw_waters(plan: Plan, land: Land, random: np.random.Generator) -> Waters:
    """Draw the rivers over the land, and the large waters in what the land leaves free."""
    warp = Warp.of(random, *WANDER)
    lines = {river.naam: shapely.LineString(_course(plan, land, river, warp)) for river in plan.rivers}
    whole = land.whole
    rivers = {river.naam: _surface(river, lines[river.naam], whole) for river in plan.rivers}
    return Waters(lines, rivers, _large(plan, whole))


def _large(plan: Plan, whole: shapely.Geometry) -> dict[str, shapely.Polygon]:
    """Fill each ring with water up to the land and up to the waters before it."""
    large: dict[str, shapely.Polygon] = {}
    for water in plan.waters:
        dry = shapely.union_all([whole, *large.values()])
        ring = shapely.Polygon(curve(plan.rd(water.ring), 2 * SPACING, closed=True))
        large[water.naam] = largest(snapped(shapely.difference(ring, dry)))
    return large


def stretch_of(plan: Plan, land: Land, stretch: Stretch) -> shapely.LineString:
    """Return the stretch of shore or border that the plan names."""
    line = _line(land, stretch.along)
    if stretch.start is None or stretch.end is None:
        return line
    return between(line, *(shapely.Point(place) for place in plan.rd((stretch.start, stretch.end))))


def _line(land: Land, name: str) -> shapely.LineString:
    lines = {"mainland": land.mainland, "lake": land.lake, "border": land.border, **land.islands}
    geometry = lines[name]
    return shapely.LineString(geometry.exterior if isinstance(geometry, shapely.Polygon) else geometry)


def _course(plan: Plan, land: Land, river: River, warp: Warp) -> Points:
    if river.stretch is not None:
        return dense(stretch_of(plan, land, river.stretch), SPACING)
    wavelength, amplitude = river.bend
    if not amplitude:
        return dense(shapely.LineString(plan.rd(river.course)), SPACING)
    course = curve(plan.rd(river.course), SPACING / 2)
    return meander(warp.moved(course, fading(course, wavelength)), wavelength, amplitude)


def _surface(river: River, line: shapely.LineString, whole: shapely.Geometry) -> shapely.Polygon:
    course = shapely.get_coordinates(line)
    surface = ribbon(course, np.linspace(*river.width, num=len(course)))
    return largest(snapped(shapely.intersection(surface, whole)))

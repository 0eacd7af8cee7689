"""The gebiedsopgaven of Doggerland: protected and reserved areas, zones around flood defences, and the large waters."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from app.ingest.doggerland.drawing import Octave, Warp, blob, curve, snapped
from app.ingest.doggerland.land import Land
from app.ingest.doggerland.plan import Area, Dykes, Part, Plan, Regime
from app.ingest.doggerland.sheets import Cell, Row, Sheet
from app.ingest.doggerland.water import Waters, stretch_of

EDGE = (Octave(4_000, 900), Octave(1_800, 420), Octave(800, 160))
SPECK_M2 = 20_000.0
DYKE_TOLERANCE_M = 25.0
STATUSES = {"M3": "kunstmatig", "M21": "sterk veranderd"}
CATEGORIES = {"M": "meer", "R": "rivier", "K": "kustwater", "O": "overgangswater"}


@dataclass(frozen=True)
class Scenery:
    """Everything drawn so far that an area may follow or be cut to."""

    plan: Plan
    land: Land
    waters: Waters
    whole: shapely.Geometry
    warp: Warp

    @classmethod
    def of(cls, plan: Plan, land: Land, waters: Waters, random: np.random.Generator) -> "Scenery":
        """Gather what is drawn, with a warp for natural edges."""
        return cls(plan, land, waters, land.whole, Warp.of(random, *EDGE))


def draw_areas(scenery: Scenery) -> tuple[Sheet, ...]:
    """Return a sheet per collection of the plan, the zones around dykes and the large waters."""
    provincies = scenery.land.provincies()
    regimes = [Sheet(collection.replace("-", "_"), tuple(_rows(scenery, collection, provincies))) for collection in scenery.plan.areas]
    return (*regimes, Sheet("waterkeringszones", tuple(_zones(scenery, provincies))), Sheet("grote_wateren", tuple(_large_waters(scenery))))


def _rows(scenery: Scenery, collection: str, provincies: Mapping[str, shapely.MultiPolygon]) -> Iterator[Row]:
    regime = scenery.plan.areas[collection]
    for number, (area, geometry) in enumerate(zip(regime.areas, _shapes(scenery, regime), strict=True), 1):
        cells: dict[str, Cell] = {"id": f"{number:02d}", "naam": area.naam, "soort": area.kind or None, "nummer": 9000 + number}
        decided = _decision(regime, area, whereabouts(scenery, geometry, provincies))
        yield Row({**cells, **decided, **area.values, "oppervlakte_ha": round(geometry.area / 1e4, 2)}, geometry)


def _shapes(scenery: Scenery, regime: Regime) -> Iterator[shapely.Geometry]:
    taken: shapely.Geometry = shapely.Polygon()
    for area in regime.areas:
        geometry = _area(scenery, area)
        yield _tidy(shapely.difference(geometry, taken)) if regime.nested else geometry
        taken = shapely.union(taken, geometry) if regime.nested else taken


def _decision(regime: Regime | Dykes, area: Area, places: Mapping[str, str]) -> dict[str, Cell]:
    """Return which decision designates an area, and who took it, as far as that differs between areas."""
    fields = {**places, "naam": area.naam}
    told = {"regeling": regime.regeling, "bevoegd_gezag": regime.authority}
    return {column: text.format(**fields) for column, text in told.items() if text is not None}


def whereabouts(scenery: Scenery, geometry: shapely.Geometry, provincies: Mapping[str, shapely.MultiPolygon]) -> dict[str, str]:
    """Return the names of the provincie and the gemeente (of the second division) in or nearest to which the middle lies."""
    plan, middle = scenery.plan, geometry.centroid
    gemeente = min(plan.gemeenten, key=lambda each: scenery.land.gemeenten[each.code].distance(middle))
    return {
        "provincie": min(plan.provincies, key=lambda each: provincies[each.code].distance(middle)).naam,
        "gemeente": plan.merger.naam if gemeente.code in plan.merger.predecessors else gemeente.naam,
    }


def _area(scenery: Scenery, area: Area) -> shapely.Geometry:
    return _tidy(shapely.union_all([_cut(scenery, part, _shape(scenery, part)) for part in area.parts]))


def _tidy(geometry: shapely.Geometry) -> shapely.Geometry:
    """Return the polygons of a geometry that are larger than a speck, on whole millimetres."""
    parts = [part for part in shapely.get_parts(snapped(geometry)) if isinstance(part, shapely.Polygon) and part.area > SPECK_M2]
    return shapely.normalize(parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts))


def _shape(scenery: Scenery, part: Part) -> shapely.Geometry:
    if part.at is not None:
        east, north = part.radii
        return blob(tuple(scenery.plan.rd((part.at,))[0]), (east * 1000, north * 1000), scenery.warp)
    if part.corners:
        return shapely.Polygon(scenery.plan.rd(part.corners))
    if part.gemeenten:
        return shapely.coverage_union_all([scenery.land.gemeenten[code] for code in part.gemeenten])
    if part.water is not None:
        return shapely.buffer(scenery.waters.large[part.water], -part.shrink_m)
    if part.island is not None:
        return shapely.buffer(scenery.land.islands[part.island], -part.shrink_m)
    return shapely.buffer(_strip(scenery, part), part.width_m / 2 if part.river or part.course else part.width_m)


def _strip(scenery: Scenery, part: Part) -> shapely.LineString:
    if part.stretch is not None:
        return stretch_of(scenery.plan, scenery.land, part.stretch)
    if part.river is not None:
        return scenery.waters.lines[part.river]
    return shapely.LineString(curve(scenery.plan.rd(part.course), 200.0))


def _cut(scenery: Scenery, part: Part, shape: shapely.Geometry) -> shapely.Geometry:
    if part.within == "all" or part.water is not None or part.gemeenten:
        return shape
    return (shapely.intersection if part.within == "land" else shapely.difference)(shape, scenery.whole)


def _zones(scenery: Scenery, provincies: Mapping[str, shapely.MultiPolygon]) -> Iterator[Row]:
    """Each zone is the ring between its own reach and that of the zone within, so zones do not overlap."""
    dykes = scenery.plan.dykes
    for number, dyke in enumerate(dykes.lines, 1):
        line = shapely.simplify(shapely.union_all([_crest(scenery, part) for part in dyke.parts]), DYKE_TOLERANCE_M)
        decided = _decision(dykes, dyke, whereabouts(scenery, line, provincies))
        within: shapely.Geometry = shapely.Polygon()
        for zone, reach in dykes.zones.items():
            area = shapely.buffer(line, reach, quad_segs=4)
            cells: dict[str, Cell] = {"id": f"{number:02d}-{zone}", "naam": dyke.naam, "zone": zone, **decided}
            yield Row(cells, _tidy(shapely.difference(area, within)))
            within = area


def _crest(scenery: Scenery, part: Part) -> shapely.LineString:
    """Return the line of a dyke along a shore, or of a dam: where it crosses the water."""
    line = _strip(scenery, part)
    return shapely.difference(line, scenery.whole) if part.course else line


def _large_waters(scenery: Scenery) -> Iterator[Row]:
    plan, waters = scenery.plan, scenery.waters
    levels = {water.naam: water.peil_m_nap for water in plan.waters}
    for number, (naam, kind, surface) in enumerate(_surfaces(plan, waters), 1):
        category = "kanaal" if kind == "M3" else CATEGORIES[kind[0]]
        cells = {
            "code": f"DG_{number:02d}",
            "naam": naam,
            "categorie": category,
            "type": kind,
            "status": STATUSES.get(kind, "natuurlijk"),
            "peil": levels.get(naam),
        }
        yield Row({**cells, "oppervlakte_km2": round(surface.area / 1e6, 2)}, shapely.normalize(surface))


def _surfaces(plan: Plan, waters: Waters) -> Iterable[tuple[str, str, shapely.Polygon]]:
    yield from ((water.naam, water.type, waters.large[water.naam]) for water in plan.waters)
    yield from ((river.naam, river.type, waters.rivers[river.naam]) for river in plan.rivers)

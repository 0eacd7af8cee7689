"""The land of Doggerland: coast, islands, lake, and the gemeenten that fill it without gap or overlap.

Every border is drawn once. Coast, provincial border and the wiggled edges of the Voronoi cells are noded together on a grid of
one millimetre and the faces between them handed out, so neighbours share each vertex of their border.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from app.ingest.doggerland.drawing import MILLIMETRE, Octave, Points, Warp, dense, largest, meander, rough_ring, snapped
from app.ingest.doggerland.plan import Gemeente, Plan

SPACING = 120.0
BORDER_SPACING = 250.0
CRUMB_M2 = 2_000_000.0
COAST = (Octave(17_000, 3_600), Octave(8_000, 2_500), Octave(3_800, 1_500), Octave(1_900, 850), Octave(950, 370), Octave(450, 130))
BORDER = (Octave(9_000, 2_400), Octave(4_200, 1_300), Octave(2_000, 620), Octave(900, 240))
GENTLE = (Octave(9_000, 500), Octave(3_500, 150))


@dataclass(frozen=True)
class Land:
    """What lies above the sea: the land as one geometry, its parts, and the gemeenten of the first division by code."""

    plan: Plan
    mainland: shapely.Polygon
    lake: shapely.Polygon
    border: shapely.LineString
    islands: Mapping[str, shapely.Polygon]
    gemeenten: Mapping[str, shapely.MultiPolygon]

    @property
    def whole(self) -> shapely.Geometry:
        """All land as one geometry."""
        return shapely.coverage_union_all(list(self.gemeenten.values()))

    def second_division(self) -> Mapping[str, shapely.MultiPolygon]:
        """The gemeenten after the merger."""
        merger = self.plan.merger
        kept = {code: geometry for code, geometry in self.gemeenten.items() if code not in merger.predecessors}
        return {**kept, merger.code: _together(self.gemeenten[code] for code in merger.predecessors)}

    def provincies(self) -> Mapping[str, shapely.MultiPolygon]:
        """The provincies by code."""
        members = {each.code: [gem.code for gem in self.plan.gemeenten if gem.provincie == each.code] for each in self.plan.provincies}
        return {code: _together(self.gemeenten[member] for member in codes) for code, codes in members.items()}


def draw_land(plan: Plan, random: np.random.Generator) -> Land:
    """Draw the land after the plan."""
    coast, wander, gentle = (Warp.of(random, *octaves) for octaves in (COAST, BORDER, GENTLE))
    lake = rough_ring(plan.rd(plan.coast.lake), coast, SPACING)
    mainland = largest(snapped(shapely.difference(rough_ring(plan.rd(plan.coast.mainland), coast, SPACING), lake)))
    border = shapely.LineString(gentle.moved(meander(dense(shapely.LineString(plan.rd(plan.border)), SPACING), 5_500, 650)))
    islands = {island.naam: _island(plan, index, coast) for index, island in enumerate(plan.islands)}
    faces = _share_out(_halves(plan, mainland, border), plan, wander)
    for island in plan.islands:
        faces.setdefault(island.gemeente, []).append(islands[island.naam])
    gemeenten = {gemeente.code: _together(faces[gemeente.code]) for gemeente in plan.gemeenten}
    return Land(plan, mainland, lake, border, islands, gemeenten)


def _island(plan: Plan, index: int, coast: Warp) -> shapely.Polygon:
    island = plan.islands[index]
    if island.polder:
        return largest(snapped(shapely.Polygon(plan.rd(island.ring)[:, :2])))
    return rough_ring(plan.rd(island.ring), coast, SPACING)


def _halves(plan: Plan, mainland: shapely.Polygon, border: shapely.LineString) -> Mapping[str, shapely.Geometry]:
    """Return the part of the mainland that each provincie has: the first lies left of the border as it runs, north to south, so west."""
    west = shapely.Polygon(
        [*border.coords, (border.coords[-1][0] - 2e5, border.coords[-1][1] - 2e5), (border.coords[0][0] - 2e5, border.coords[0][1])]
    )
    first, second = (each.code for each in plan.provincies)
    half = shapely.buffer(west, 0)
    return {first: shapely.intersection(mainland, half), second: shapely.difference(mainland, half)}


def _share_out(halves: Mapping[str, shapely.Geometry], plan: Plan, wander: Warp) -> dict[str, list[shapely.Polygon]]:
    """Cut each half along the wiggled cells of its gemeenten; every face goes to the gemeente of the cell it lies in."""
    cells: dict[str, shapely.Geometry] = {}
    for provincie in halves:
        cells |= _cells(plan, [gem for gem in plan.gemeenten if gem.mainland and gem.provincie == provincie], wander)
    borders = [shapely.intersection(cells[gem.code].boundary, halves[gem.provincie]) for gem in plan.gemeenten if gem.code in cells]
    edges = [half.boundary for half in halves.values()]
    noded = shapely.union_all([*edges, *borders], grid_size=MILLIMETRE)
    land = shapely.union_all(list(halves.values())).buffer(-1)
    faces = [face for face in shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))) if face.intersects(land)]
    owners = {code: shapely.intersection(cell, halves[_provincie_of(plan, code)]) for code, cell in cells.items()}
    return _without_crumbs([(max(owners, key=lambda code: owners[code].intersection(face).area), face) for face in faces])


def _provincie_of(plan: Plan, code: str) -> str:
    return next(gemeente.provincie for gemeente in plan.gemeenten if gemeente.code == code)


def _cells(plan: Plan, gemeenten: list[Gemeente], wander: Warp) -> dict[str, shapely.Geometry]:
    """Return the wiggled Voronoi cell of each gemeente."""
    centres = plan.rd(tuple(gemeente.centre for gemeente in gemeenten))
    diagram = shapely.voronoi_polygons(
        shapely.MultiPoint(centres), extend_to=shapely.box(*(centres.min(axis=0) - 8e4), *(centres.max(axis=0) + 8e4))
    )
    wiggled = [shapely.Polygon(wander.moved(dense(cell.exterior, BORDER_SPACING))).buffer(0) for cell in _cell_of_each(diagram, centres)]
    return {gemeente.code: cell for gemeente, cell in zip(gemeenten, wiggled, strict=True)}


def _cell_of_each(diagram: shapely.Geometry, centres: Points) -> list[shapely.Polygon]:
    cells = shapely.get_parts(diagram)
    return [next(cell for cell in cells if cell.contains(shapely.Point(centre))) for centre in centres]


def _without_crumbs(owned: list[tuple[str, shapely.Polygon]]) -> dict[str, list[shapely.Polygon]]:
    """Give faces too small to be an exclave to the neighbour with the longest shared border."""
    shared: dict[str, list[shapely.Polygon]] = {}
    for code, face in sorted(owned, key=lambda each: -each[1].area):
        owner = code
        if face.area < CRUMB_M2 and shared:
            owner = max(shared, key=lambda other: sum(face.boundary.intersection(part.boundary).length for part in shared[other]))
        shared.setdefault(owner, []).append(face)
    return shared


def _together(parts: Iterable[shapely.Geometry]) -> shapely.MultiPolygon:
    """Join adjoining polygons that share their vertices."""
    union = shapely.coverage_union_all(list(parts))
    return shapely.normalize(shapely.MultiPolygon(list(shapely.get_parts(union))))

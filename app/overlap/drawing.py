"""Read the geometry that someone drew: GeoJSON in CRS84 or RD, refused with every fault at once, and before it costs anything.

Limits are held in the order of their price: coordinates are counted before a geometry is made of them, and GEOS judges only what is small.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import orjson
import shapely

from app.problems import BadRequest
from app.register.crs import CRS84, RD, Crs, to_rd
from app.register.validity import explain_invalid

MOST_VERTICES = 2_000
MOST_KM2 = 2_500.0
MOST_KM = 500.0
MOST_FAULTS = 20
# The Netherlands with its part of the North Sea (RD metres).
EXTENT = (-100_000.0, 280_000.0, 300_000.0, 900_000.0)
# How deep the coordinates of each type lie, and of how many positions the innermost list must be.
DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
CRS_NAMES = {crs.uri: crs for crs in (CRS84, RD)}
WHERE = "coördinaat {x:g} {y:g}"


class InvalidDrawing(BadRequest):
    """The geometry cannot be tested; `errors` says what is wrong with it and where."""


@dataclass
class _Walk:
    """What a walk over coordinates found: how many positions, and what is wrong with them."""

    count: int = 0
    faults: list[str] = field(default_factory=list)

    def wrong(self, place: str, reason: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(f"{place}: {reason}")


def read_drawing(geometry: object, crs: Crs = CRS84) -> shapely.Geometry:
    """Return a GeoJSON geometry (x, y in `crs`: CRS84 or RD) as a valid geometry in RD, or raise InvalidDrawing."""
    kind, coordinates = _parts_of(geometry)
    walk = _Walk()
    _walk(coordinates, DEPTHS[kind], "coordinates", walk)
    if walk.count > MOST_VERTICES:
        raise InvalidDrawing(f"De geometrie heeft meer dan {MOST_VERTICES} punten. Vereenvoudig haar, of knip haar in delen.")
    _check_rings(kind, coordinates, walk)
    if walk.faults:
        raise InvalidDrawing("De geometrie is niet te lezen.", walk.faults)
    shape = shapely.from_geojson(_geojson(kind, coordinates))
    placed = to_rd(np.array([shape], dtype=object), crs.epsg)[0]
    _check_place(placed, coordinates, crs)
    _check_shape(shape, placed)
    return placed


def _parts_of(geometry: object) -> tuple[str, object]:
    if not isinstance(geometry, dict) or not isinstance(kind := geometry.get("type"), str):
        raise InvalidDrawing("De geometrie is geen GeoJSON-geometrie: een object met 'type' en 'coordinates'.")
    if kind == "Feature":
        raise InvalidDrawing("Dit is een GeoJSON-Feature. Stuur alleen de geometrie die erin staat (het veld 'geometry').")
    if kind not in DEPTHS:
        raise InvalidDrawing(f"Het type {kind!r} kan niet getoetst worden. Kies uit: {', '.join(DEPTHS)}.")
    if unknown := sorted(geometry.keys() - {"type", "coordinates", "bbox"}):
        raise InvalidDrawing(f"De geometrie heeft velden die er niet in horen: {', '.join(unknown)}.")
    return kind, geometry.get("coordinates")


def _walk(value: object, depth: int, place: str, walk: _Walk) -> None:
    """Count the positions and note what is wrong; stop counting beyond what may be."""
    if depth == 0:
        walk.count += 1
        for reason in _faults_of_position(value):
            walk.wrong(place, reason)
        return
    if not isinstance(value, list) or not value:
        walk.wrong(place, "hier hoort een lijst met coördinaten" if not isinstance(value, list) else "de lijst is leeg")
        return
    for at, each in enumerate(value):
        if walk.count > MOST_VERTICES:
            return
        _walk(each, depth - 1, f"{place}[{at}]", walk)


def _faults_of_position(value: object) -> Iterator[str]:
    if not isinstance(value, list) or len(value) < 2:
        yield "een punt bestaat uit twee getallen"
    elif len(value) > 2:
        yield "een punt bestaat uit twee getallen; laat de hoogte weg"
    elif not all(isinstance(each, int | float) and not isinstance(each, bool) for each in value):
        yield "een coördinaat is geen getal"
    elif not all(math.isfinite(each) for each in value):
        yield "een coördinaat is geen eindig getal"


def _check_rings(kind: str, coordinates: object, walk: _Walk) -> None:
    """GEOS closes open rings without a word, so they are checked here; a line needs two points."""
    if walk.faults or not isinstance(coordinates, list):
        return
    polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(kind, [])
    for number, polygon in enumerate(polygons):
        for at, ring in enumerate(polygon):
            place = f"coordinates[{number}][{at}]" if kind == "MultiPolygon" else f"coordinates[{at}]"
            if len(ring) < 4:
                walk.wrong(place, "een ring heeft minstens vier punten, waarvan het laatste gelijk is aan het eerste")
            elif ring[0] != ring[-1]:
                walk.wrong(place, "de ring is niet gesloten: herhaal het eerste punt aan het eind")
    lines = {"LineString": [coordinates], "MultiLineString": coordinates}.get(kind, [])
    for at, line in enumerate(lines):
        if len(line) < 2:
            walk.wrong(f"coordinates[{at}]" if kind == "MultiLineString" else "coordinates", "een lijn heeft minstens twee punten")


def _geojson(kind: str, coordinates: object) -> bytes:
    return orjson.dumps({"type": kind, "coordinates": coordinates})


def _check_place(placed: shapely.Geometry, coordinates: object, crs: Crs) -> None:
    west, south, east, north = placed.bounds
    if EXTENT[0] <= west and EXTENT[1] <= south and east <= EXTENT[2] and north <= EXTENT[3]:
        return
    x, y = _first(coordinates)
    raise InvalidDrawing(f"De geometrie ligt buiten Nederland en zijn deel van de Noordzee.{_cause(x, y, crs)}", [WHERE.format(x=x, y=y)])


def _first(coordinates: object) -> tuple[float, float]:
    while isinstance(coordinates, list) and isinstance(coordinates[0], list):
        coordinates = coordinates[0]
    if not isinstance(coordinates, list):
        raise TypeError(coordinates)
    return float(coordinates[0]), float(coordinates[1])


def _cause(x: float, y: float, crs: Crs) -> str:
    """Say what is probably the matter with a place outside the Netherlands."""
    in_rd = EXTENT[0] <= x <= EXTENT[2] and EXTENT[1] <= y <= EXTENT[3] and (abs(x) > 180 or abs(y) > 90)
    if crs is CRS84 and in_rd:
        return f' Dit lijken RD-coördinaten: geef dan "crs": "{RD.uri}".'
    if crs is CRS84 and 2 <= y <= 8 and 50 <= x <= 56:
        return " Dit lijkt breedte vóór lengte: zet de lengte (ongeveer 3 tot 7) vooraan."
    if crs is RD and 2 <= x <= 8 and 50 <= y <= 56:
        return " Dit lijken graden: laat 'crs' dan weg."
    if crs is RD and EXTENT[0] <= y <= EXTENT[2] and EXTENT[1] <= x <= EXTENT[3]:
        return " Dit lijken RD-coördinaten met x en y verwisseld."
    return ""


def _check_shape(drawn: shapely.Geometry, placed: shapely.Geometry) -> None:
    # A fault is shown where it was drawn; rounding to millimetres can bring another.
    for shape in (drawn, placed):
        if not shapely.is_valid(shape):
            reason, where = explain_invalid(shapely.is_valid_reason(shape))
            raise InvalidDrawing("De geometrie is ongeldig.", [f"{reason}, bij {where}" if where else reason])
    if placed.area > MOST_KM2 * 1e6:
        raise InvalidDrawing(
            f"Het vlak is {placed.area / 1e6:.0f} km²; meer dan {MOST_KM2:.0f} km² kan niet. Vraag een heel gebied anders."
        )
    if shapely.get_dimensions(placed) == 1 and placed.length > MOST_KM * 1000:
        raise InvalidDrawing(f"De lijn is {placed.length / 1000:.0f} km lang; meer dan {MOST_KM:.0f} km kan niet.")
    if shapely.get_dimensions(placed) == 2 and placed.area == 0:
        raise InvalidDrawing("Het vlak heeft geen oppervlakte.")

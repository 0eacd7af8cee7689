"""Before anything is timed: both sides must give the same answer to the same question."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from app.bench.cells import Scene, density_of
from app.bench.data import MOSAIC, POINTS, SMALL
from app.bench.limit import answer, bare_cursor, statements_of
from app.bench.questions import Question, ask_all, ask_boxes, ask_features, ask_tiles
from app.bench.service import Service
from app.database.connections import administrator_conninfo
from app.layers import Value
from app.problems import Problem
from app.settings import Settings

# Degrees. Without the RDNAPTRANS grid on both sides coordinates differ by a quarter of a metre.
NEAR = 1e-5
PAGE = 1_000
EXACT_LEVEL = 13


@dataclass(frozen=True)
class _Feature:
    """A feature as a client reads it."""

    properties: Mapping[str, Value]
    geometry: BaseGeometry


type Features = Mapping[str, _Feature]


def check_equality(settings: Settings, service: Service, scene: Scene) -> None:
    """Raise Problem naming each question that the service and the SQL limit answer differently.

    Pages are compared where everything in the box fits on one page, because the service pages in Hilbert order and SQL by id.
    """
    different = []
    with bare_cursor(administrator_conninfo(settings)) as cursor:
        for statement, questions in _pages(scene):
            different += [each.path for each in questions if not _same_features(service, each, answer(cursor, statement, each))]
        for collection in (POINTS, SMALL):
            tile = statements_of(scene.layers[collection]).tile
            questions = ask_tiles(collection, EXACT_LEVEL)[:5]
            different += [each.path for each in questions if not _same_tile(service, each, answer(cursor, tile, each))]
    if different:
        raise Problem("De service en de SQL-grens geven niet hetzelfde antwoord.", different)


def _pages(scene: Scene) -> list[tuple[bytes, list[Question]]]:
    points, small, mosaic = (statements_of(scene.layers[each]) for each in (POINTS, SMALL, MOSAIC))
    sparse = 4.0 * density_of(scene.amount.points), 4.0 * density_of(scene.amount.small)
    return [
        (points.page, ask_boxes(POINTS, 5, sparse[0], PAGE)),
        (small.page, ask_boxes(SMALL, 5, sparse[1], PAGE)),
        (mosaic.skip, [ask_all(MOSAIC, scene.amount.mosaic)]),
        (points.item, ask_features(POINTS, ["000000", f"{scene.amount.points // 2:06d}"])),
    ]


def _same_features(service: Service, question: Question, answered: str | bytes | None) -> bool:
    ours = _features(service.get(question.path))
    theirs = _features(f'{{"features":[{answered if isinstance(answered, str) else ""}]}}')
    if any(not _alike(ours[each], theirs[each]) for each in ours.keys() & theirs.keys()):
        return False
    only_one = {**ours, **theirs}
    return bool(ours.keys() & theirs.keys()) and all(_on_border(question, only_one[each].geometry) for each in ours.keys() ^ theirs.keys())


def _features(body: str | bytes) -> Features:
    document = orjson.loads(body)
    return {each["id"]: _Feature(each["properties"], shape(each["geometry"])) for each in document.get("features", [document])}


def _alike(one: _Feature, other: _Feature) -> bool:
    return one.properties == other.properties and bool(shapely.equals_exact(one.geometry, other.geometry, NEAR))


def _on_border(question: Question, geometry: BaseGeometry) -> bool:
    """Tell whether a feature only just touches the box, so that a quarter of a metre decides."""
    if "bbox" not in question.path:
        return False
    border = shapely.box(*map(float, question.parameters[:4])).exterior
    return bool(shapely.distance(border, geometry) < NEAR)


def _same_tile(service: Service, question: Question, answered: str | bytes | None) -> bool:
    """Compare the values of all attributes, except of features that only just touch the margin."""
    ours = attribute_values(service.get(question.path))
    theirs = attribute_values(answered if isinstance(answered, bytes) else b"")
    return len(ours ^ theirs) <= 0.01 * len(ours | theirs)


def attribute_values(tile: bytes) -> frozenset[bytes]:
    """Return the values in a Mapbox Vector Tile with one layer, still encoded (field 3 of a tile is a layer, field 4 of that a value)."""
    layers = [content for number, content in _fields(tile) if number == 3]
    return frozenset(content for layer in layers for number, content in _fields(layer) if number == 4)


def _fields(message: bytes) -> list[tuple[int, bytes]]:
    """Return number and content of the fields of a protobuf message that are messages or texts; vector tiles have besides only numbers."""
    found, at = [], 0
    while at < len(message):
        key, at = _varint(message, at)
        value, at = _varint(message, at)
        if key & 7 == 2:
            found.append((key >> 3, message[at : at + value]))
            at += value
    return found


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value, shift = 0, 0
    while True:
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
